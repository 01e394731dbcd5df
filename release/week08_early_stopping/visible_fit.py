"""The visible check of fit_with_early_stopping: y = w·x with one training row, so that w is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from types import CodeType
from typing import Any

from checking import Mismatch, all_good, as_array, expect, expect_equal, first_of, show
from torch import nn
from tutor import visible
from visible_fit_runs import NAN, Doubled, Fit, Run, line, near, rows, tilted

Curve = Sequence[float]
# With rate 0.75, w jumps: 1.5, 0.75, 1.125, 0.9375, 1.0312, 0.9844. For a target of 0.9 the fourth is best.
JUMPS = (0.36, 0.0225, 0.0506, 0.0014, 0.0172, 0.0071)
FALLS = (1.0, 0.25, 0.0625, 0.0156, 0.0039, 0.001)
STOP = "after each validation: better than the best so far? Then count from 0 again; else one more bad epoch"
RESTORE = "keep a copy of model.state_dict() at each improvement; after the loop load it into `model`"
MEAN = "weight each batch's loss by its rows, len(targets), and divide by all rows"
MODES = "model.train() before each epoch's training, model.eval() before each validation"
ALONE = "train on train_loader alone, with the optimizer as it is: nothing of it is reset or restored"
NO_NAN = "nan < best is False: say what is an improvement, val_loss < best, and begin with infinity"


@visible
def check_fit_with_early_stopping(fit_with_early_stopping: Fit) -> None:
    """Train y = w·x on one row in several ways, and look at the history, the weights and the modes."""
    fit = fit_with_early_stopping
    expect_right_stopper(fit)
    example = Run("the worked example", rate=0.25, validation=rows((1.0, 0.7)))
    problems: dict[str, Callable[[], None]] = {
        "the worked example": partial(
            expect_run, fit, example, (1, 0.25, 0.0625, 0.0156), (0.04, 0.0025, 0.0306, 0.0564), 0.75
        ),
        "a curve that jumps": partial(expect_run, fit, Run(), FALLS, JUMPS, 0.9375),
        "max_epochs before the stop": partial(
            expect_run, fit, Run(epochs=5, patience=5), FALLS[:5], JUMPS[:5], 0.9375
        ),
        "one epoch": partial(expect_run, fit, Run(epochs=1, patience=1), FALLS[:1], JUMPS[:1], 1.5),
        "a flat curve": partial(_flat, fit),
        "tiny losses": partial(_tiny, fit),
        "uneven batches": partial(_uneven, fit),
        "the modes": partial(_modes, fit),
        "batch norm": partial(_norm, fit),
        "momentum": partial(_momentum, fit),
        "the optimizer's memory": partial(_memory, fit),
        "nan first": partial(_nan_first, fit),
        "nothing but nan": partial(_only_nan, fit),
        "kinds and mode at the end": partial(_end, fit),
    }
    first_of(problems)
    all_good("fit_with_early_stopping")


def expect_right_stopper(fit: Fit) -> None:
    """Raise Mismatch if the function uses the student's EarlyStopping and that is not right yet."""
    code, known = getattr(fit, "__code__", None), getattr(fit, "__globals__", {})
    stopper = known.get("EarlyStopping")
    if code is None or "EarlyStopping" not in _names_in(code) or not callable(stopper):
        return
    hint = (
        "mend your EarlyStopping first, for this check runs it. When graded, a right one stands in its place"
    )
    call, want = "EarlyStopping(2), then step(loss, net) with 1.0, 0.5, nan, 0.6", [False, False, False, True]
    try:
        made, net = stopper(2), nn.Linear(1, 1)
        got = []
        for loss in (1.0, 0.5, NAN, 0.6):
            nn.init.constant_(net.weight, loss)
            got.append(made.step(loss, net))
        kept = made.best_state["weight"].item()
    except NotImplementedError as error:
        hint = "write EarlyStopping first, for your function uses it; or write a loop of your own"
        raise Mismatch(call, "not written yet", show(want), hint) from error
    except Exception as error:
        raise Mismatch(call, f"{type(error).__name__}: {error}", show(want), hint) from error
    expect(got == want, call=call, got=got, expected=show(want), hint=hint)
    expect(kept == 0.5, call=f"the weight in best_state after {call}", got=kept, expected="0.5", hint=hint)


def _names_in(code: CodeType) -> set[str]:
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*map(_names_in, inner))


def lists_of(got: Any, call: str) -> dict[str, list[Any]]:
    """Return the two lists of a history. Raises Mismatch unless they are there."""
    keys = ("train_loss", "val_loss")
    has = isinstance(got, dict) and all(isinstance(got.get(key), list | tuple) for key in keys)
    hint = "make the dictionary with two empty lists before the loop, and return it after the loop"
    arrays = isinstance(got, dict) and all(hasattr(got.get(key), "tolist") for key in keys)
    hint = "lists are asked for: .tolist() makes one of an array" if arrays else hint
    expect(has, call=call, got=got, expected="a dictionary with the lists train_loss and val_loss", hint=hint)
    return {key: list(got[key]) for key in keys}


def expect_run(
    fit: Fit, run: Run, train: Curve, val: Curve, *weights: float, hint: str = "", back: str = RESTORE
) -> None:
    """Raise Mismatch unless a training gives these losses (within 0.002) and leaves these weights."""
    lists = lists_of(run.history(fit), run.call)
    for key, want, told in (("val_loss", val, hint or STOP), ("train_loss", train, hint or MEAN)):
        numbers = as_array(lists[key]) if lists[key] else None
        right = (
            numbers is not None
            and numbers.shape == (len(want),)
            and all(
                math.isclose(a, b, abs_tol=2e-3) or (a != a and b != b)
                for a, b in zip(numbers, want, strict=True)
            )
        )
        shown = lists[key] if numbers is None else [float(f"{n:.4g}") for n in numbers.ravel()]
        expected = f"{show([float(f'{n:.4g}') for n in want])} ({len(want)} epochs)"
        if not right:
            told = hint or _what_is_off(key, numbers, want, run.epochs) or told
        expect(bool(right), call=f"{key} of {run.call}", got=shown, expected=expected, hint=told)
    if weights:
        expect_weights(run, weights, back)


def _what_is_off(key: str, numbers: Any, want: Curve, epochs: int) -> str:
    """Return a hint by where a list begins to differ from the right one; "" if that tells nothing."""
    got = [] if numbers is None else numbers.ravel().tolist()
    equal = [math.isclose(a, b, abs_tol=2e-3) for a, b in zip(got, want, strict=False)]
    if len(got) > epochs:
        return "train at most max_epochs epochs"
    if all(equal) and len(got) != len(want):
        return STOP if got else "append one number in each epoch, and return the lists after the loop"
    if key == "train_loss" and len(got) > 1 and math.isclose(got[0], want[1], abs_tol=2e-3):
        return "the training loss is the mean of the losses on the way, not measured again after the epoch"
    if not equal[0]:
        return "the first epoch is off already: which loader, which optimizer, in which order?"
    first = equal.index(False) + 1
    return f"epoch {first} is the first that is off: zero_grad, step, modes? Is anything loaded in the loop?"


def expect_weights(run: Run, want: Sequence[float], hint: str) -> None:
    """Raise Mismatch unless a model holds these weights and buffers."""
    got = run.weights()
    right = len(got) == len(want) and all(
        math.isclose(a, b, abs_tol=2e-3) for a, b in zip(got, want, strict=True)
    )
    names = "w" if len(want) == 1 else ", ".join(run.model.state_dict())
    shown = f"{got} (what was loaded are the model's own tensors)" if run.model.loaded_its_own else str(got)
    if not right:
        raise Mismatch(f"{names} after {run.call}", shown, show(list(want)), hint)


def _uneven(fit: Fit) -> None:
    run = Run(
        "batches of two rows and one",
        epochs=3,
        rate=0.1,
        train=rows((1.0, 1.0), (1.0, 1.0), (2.0, 1.0)),
        validation=rows((1.0, 0.5), (1.0, 0.5), (1.0, 1.0)),
        criterion=tilted,
    )
    expect_run(fit, run, (1.36, 0.3324, 0.3429), (0.1315, 0.1382, 0.139), 0.56, hint=MEAN)


def _norm(fit: Fit) -> None:
    norm = nn.BatchNorm1d(1, affine=False, momentum=0.5)
    train = rows((1.0, 1.0), (3.0, -1.0))
    run = Run("a net with batch norm", model=line(norm), train=train, validation=rows((1.0, 0.55)))
    hint = "load all of model.state_dict(): batch norm's running mean and variance belong to the best epoch"
    losses = (0.3025, 0.071, 0.0044, 0.0015, 0.0193, 0.0161)
    expect_run(fit, run, FALLS, losses, 1.875, 1.9375, 4.0, -0.9375, back=hint)


def _modes(fit: Fit) -> None:
    run = Run("a net that doubles x in train mode", rate=0.1875, model=line(Doubled()).eval())
    expect_run(fit, run, FALLS[:3], (0.0225, 0.2756, 0.1139), 0.75, hint=MODES)


def _with_momentum() -> Run:
    return Run("SGD with momentum", momentum=0.5, rate=0.5, validation=rows((1.0, 1.2)))


def _tiny(fit: Fit) -> None:
    run = Run(
        "losses a millionth as large", rate=7.5e5, criterion=lambda out, y: ((out - y) ** 2).mean() / 1e6
    )
    hint = "any lower loss is an improvement, however little it is: no margin, no rounding"
    expect_run(fit, run, [x / 1e6 for x in FALLS], [x / 1e6 for x in JUMPS], 0.9375, hint=hint, back=hint)


def _flat(fit: Fit) -> None:
    run = Run("w jumps to and fro, 2, 0, 2, 0", patience=3, rate=1.0, validation=rows((1.0, 1.0)))
    hint = "an equal loss is no improvement: compare with <, and keep the first weights"
    expect_run(fit, run, (1.0,) * 4, (1.0,) * 4, 2.0, hint=hint, back=hint)


def _momentum(fit: Fit) -> None:
    train = (1.0, 0.0, *FALLS[1:4])
    expect_run(fit, _with_momentum(), train, (0.04, 0.09, 0.0025, 0.1056, 0.1502), 1.25, hint=ALONE)


def _memory(fit: Fit) -> None:
    run = _with_momentum()
    run.history(fit)
    kept = run.optimizer.state[next(run.model.parameters())].get("momentum_buffer")
    got = None if kept is None else round(kept.item(), 4)
    right = got is not None and math.isclose(got, 0.125, abs_tol=2e-3)
    hint = "the optimizer stays as training left it: only the model goes back to its best epoch"
    expect(right, call=f"the optimizer's momentum after {run.call}", got=got, expected="0.125", hint=hint)


def _nan_first(fit: Fit) -> None:
    run = Run("a first loss of nan", validation=rows((2.0, 1.8)), criterion=near)
    want = (NAN, *(round(4 * loss, 4) for loss in JUMPS[1:]))
    expect_run(fit, run, FALLS, want, 0.9375, hint=NO_NAN, back=NO_NAN)


def _only_nan(fit: Fit) -> None:
    run = Run("validation losses of nan alone", validation=rows((1.0, NAN)))
    hint = "where no epoch improved, there is nothing to put back: the last weights stay"
    expect_run(fit, run, FALLS[:2], (NAN, NAN), 0.75, hint=NO_NAN, back=hint)


def _end(fit: Fit) -> None:
    run = Run()
    lists = lists_of(run.history(fit), run.call)
    kinds = sorted({type(value).__name__ for values in lists.values() for value in values})
    floats = all(isinstance(value, float) for values in lists.values() for value in values)
    hint = ".item() makes a plain number of a tensor"
    expect(floats, call="the kinds in the lists", got=kinds, expected="['float']", hint=hint)
    mode = "train" if any(module.training for module in run.model.modules()) else "eval"
    expect_equal(mode, "eval", call=f"the mode after {run.call}", hint="end with model.eval()")
