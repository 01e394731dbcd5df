"""The visible check of EarlyStopping: five short runs, a model that trains on, and what is refused."""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from checking import Mismatch, all_good, expect, expect_raises, show
from tutor import visible
from visible_states import TRAINED_ON, hint_for_state, norm_net, set_weights, what_is_kept

NAN = math.nan


@dataclass(frozen=True)
class Run:
    """Hold what an object is made with, the losses, and what should come of them: True from `stop` on."""

    made: str
    losses: Sequence[float]
    stop: int | None
    best: tuple[float, int | None]
    hint: str

    def call(self) -> str:
        """Return in words what is done."""
        return f"EarlyStopping({self.made}), step with {', '.join(f'{loss:g}' for loss in self.losses)}"


RUNS = (
    Run("patience=3", (1.0, 0.8, 0.9, 0.85, 0.79, 0.8, 0.8, 0.8, 0.8), 7, (0.79, 4),
        "0.79 is the best so far and starts the count anew; the third bad epoch after it stops, and so does "
        "the fourth"),
    Run("patience=2, min_delta=0.06", (1.0, 0.95, 0.92, 0.90, 0.89), 4, (0.92, 2),
        "0.95 is no improvement, since 1.0 − 0.06 is 0.94; 0.92 is. Compare with best_loss − min_delta"),
    Run("patience=3", (0.5, 0.75, 0.7, 0.65), 3, (0.5, 0),
        "each loss is below the one before, but none is below the best: that is three bad epochs"),
    Run("patience=3, min_delta=0.25", (1.0, 0.75, 0.875, 0.5, 2.0), None, (0.5, 3),
        "0.75 is exactly best_loss − min_delta, and not below it: no improvement. 2.0 is far off, but worse"),
    Run("patience=3, min_delta=0.1", (5.0, 4.8, 4.85), None, (4.8, 1),
        "min_delta is a loss: 4.8 is below 5.0 − 0.1, and 4.85 is not below 4.8 − 0.1"),
    Run("patience=2", (0.5, 0.5, 0.5), 2, (0.5, 0), "equal is not better: < and not <="),
    Run("patience=2", (NAN, 0.9, NAN, 0.8), None, (0.8, 3),
        "nan is no improvement, and counts as a bad epoch: every comparison with nan is False"),
    Run("patience=3", (NAN, NAN, NAN), 2, (math.inf, None), "three epochs without improvement are three"),
    Run("patience=2", (math.inf, 3.0, math.inf, math.inf), 3, (3.0, 1),
        "infinity is no improvement, and counts as a bad epoch"),
    Run("", (1.0, 2.0, 2.0, 2.0, 2.0, 2.0), 5, (1.0, 0), "patience is 5 if nothing is said"),
    Run("patience=1", (1.0, 0.99999), None, (0.99999, 1), "min_delta is 0 if nothing is said"),
    Run("2, 0.5", (2.0, 1.75, 1.0), None, (1.0, 2), "the arguments come in this order: patience, min_delta"),
    Run("patience=1", (2.0, 3.0, 1.0), 1, (1.0, 2),
        "a lower loss is an improvement also after the first True. What step answers then is free"),
)  # fmt: skip


@visible
def check_early_stopping(EarlyStopping: Any) -> None:
    """Try short runs, kinds of numbers, a model that trains on, two objects, and what is refused."""
    _names(EarlyStopping)
    for run in RUNS:
        _expect_run(EarlyStopping, run)
    _number_kinds(EarlyStopping)
    _fresh(EarlyStopping)
    _states(EarlyStopping)
    _refused(EarlyStopping)
    all_good("early_stopping")


def _called(EarlyStopping: Any, made: str) -> Any:
    return eval(f"EarlyStopping({made})", {"EarlyStopping": EarlyStopping})


def _make(EarlyStopping: Any, made: str) -> Any:
    """Return an object made with allowed arguments, told as they are written."""
    try:
        return _called(EarlyStopping, made)
    except ValueError as error:
        hint = "patience 1 and min_delta 0 make sense: refuse only what is below"
        raise Mismatch(f"EarlyStopping({made})", f"ValueError: {error}", "an object", hint) from error


def _names(EarlyStopping: Any) -> None:
    """Raise Mismatch unless an object has the names of the task, and step takes a loss and a model."""
    stopping = _make(EarlyStopping, "patience=3")
    for name in ("step", "best_loss", "best_epoch", "best_state"):
        hint = "the names are fixed by the task: a method step, and self.best_loss, self.best_epoch and "
        hint += "self.best_state in __init__"
        call = f"EarlyStopping(patience=3).{name}"
        expect(hasattr(stopping, name), call=call, got="no such name", expected=f"a {name}", hint=hint)
    try:
        takes = inspect.signature(stopping.step)
    except (TypeError, ValueError):
        return
    for told, given in (("step(1.0)", (1.0,)), ("step(1.0, net)", (1.0, None))):
        try:
            takes.bind(*given)
        except TypeError as error:
            hint = "self first, then the loss, then the model, which may be missing: "
            hint += "def step(self, loss, model=None):"
            raise Mismatch(f"stopping.{told}", f"TypeError: {error}", "True or False", hint) from error


def _expect_run(EarlyStopping: Any, run: Run) -> None:
    """Raise Mismatch unless the answers, best_loss and best_epoch of a run are right."""
    stopping = _make(EarlyStopping, run.made)
    answers = [stopping.step(loss) for loss in run.losses]
    plain = all(isinstance(answer, bool) for answer in answers)
    nothing = all(answer is None for answer in answers)
    call = f"step(1.0) of {run.call()}" if nothing else f"the answers of {run.call()}"
    hint = "return a comparison of two whole numbers: that is True or False itself"
    shown = "None each time" if nothing else answers
    hint = "step ends without `return`: write it before the comparison" if nothing else hint
    expect(plain, call=call, got=shown, expected="a plain True or False each time", hint=hint)
    until = len(answers) if run.stop is None else run.stop + 1
    late = [] if run.stop is None or run.losses[-1] == 1.0 else answers[until:]
    wanted = [n == run.stop for n in range(until)]
    got = [_plain(stopping.best_loss), _plain(stopping.best_epoch)]
    if answers[:until] != wanted or not all(late) or not _same(got, run.best):
        raise Mismatch(
            run.call(), _words(answers, got), _words(wanted + [True] * len(late), run.best), run.hint
        )


def _same(got: Sequence[Any], want: tuple[float, int | None]) -> bool:
    """Return whether best_loss (in single precision at least) and best_epoch are right."""
    loss, epoch = got
    return isinstance(loss, float) and math.isclose(loss, want[0], rel_tol=1e-6) and epoch == want[1]


def _words(answers: Sequence[bool], best: Sequence[Any]) -> str:
    at = [str(n) for n, answer in enumerate(answers) if answer]
    stops = f"True at position {', '.join(at)}" if at else "True never"
    loss, epoch = (f"{value:.7g}" if isinstance(value, float) else show(value) for value in best)
    return f"{stops}; best_loss {loss}, best_epoch {epoch}"


def _plain(value: Any) -> Any:
    """Return a number as a float, and anything else as it is."""
    try:
        return value if value is None else float(value)
    except (TypeError, ValueError, RuntimeError):
        return value


def _number_kinds(EarlyStopping: Any) -> None:
    """Raise Mismatch unless tensors of one element will do as losses."""
    stopping = EarlyStopping(patience=2)
    losses = (torch.tensor(0.5), torch.tensor([0.75]), torch.tensor(0.5))
    answers = [stopping.step(loss) for loss in losses]
    call = "EarlyStopping(patience=2), step with tensors of 0.5, 0.75, 0.5"
    hint = "make a number of the loss first, float(loss), and count with whole numbers"
    plain = all(isinstance(answer, bool) for answer in answers) and answers == [False, False, True]
    expect(plain, call=call, got=answers, expected="[False, False, True]", hint=hint)


def _fresh(EarlyStopping: Any) -> None:
    """Raise Mismatch unless a second object starts anew, and the first keeps what is its own."""
    one = EarlyStopping(patience=2)
    one.step(0.5, norm_net())
    two = EarlyStopping(patience=2)
    hint = "self.… = … in __init__ for all that an object remembers: a name of the class is one for all"
    got = [_plain(two.best_loss), two.best_epoch, what_is_kept(two.best_state)]
    call = "best_loss, best_epoch, best_state of a new object"
    fresh = got == [math.inf, None, "no state (None)"]
    expect(fresh, call=call, got=got, expected="inf, None, None", hint=hint)
    answers = [two.step(3.0), two.step(4.0), one.step(0.25), one.step(1.0)]
    got = [*answers, _plain(two.best_epoch), _plain(one.best_epoch)]
    call = "two objects in turn: four answers, and the best epochs"
    right = [False, False, False, False, 0, 1]
    expect(got == right, call=call, got=got, expected=str(right), hint=hint)


def _states(EarlyStopping: Any) -> None:
    """Raise Mismatch unless best_state is a copy of the best epoch's weights, buffers included."""
    steps = "step(loss, net) with 1.0, 0.5, 0.75, then the net trains on"
    _expect_state(EarlyStopping, (1.0, 0.5, 0.75), (0, 1, 2), "the weights of epoch 1", steps)
    steps = "step(nan, net), step(nan, net)"
    _expect_state(EarlyStopping, (NAN, NAN), (0, 1), "no state (None)", steps)
    steps = "step(0.5), step(0.75, net): no model at the improvement"
    _expect_state(EarlyStopping, (0.5, 0.75), (1,), "no state (None)", steps)
    steps = "step(0.5, net), step(0.75): no model in a bad epoch"
    _expect_state(EarlyStopping, (0.5, 0.75), (0,), "the weights of epoch 0", steps)
    steps = "step(1.0, net), step(0.5): no model at the second improvement"
    _expect_state(EarlyStopping, (1.0, 0.5), (0,), "the weights of epoch 0", steps)


def _expect_state(
    EarlyStopping: Any,
    losses: Sequence[float],
    given: Sequence[int],
    want: str,
    steps: str,
) -> None:
    """Raise Mismatch unless best_state holds what is wanted, if the epochs `given` have a model."""
    stopping, net = EarlyStopping(patience=1), norm_net()
    for epoch, loss in enumerate(losses):
        set_weights(net, epoch)
        stopping.step(loss, net) if epoch in given else stopping.step(loss)
        read = what_is_kept(net.state_dict()) == f"the weights of epoch {epoch}"
        hint = "step only reads the model: load best_state into it after the run"
        expect(read, call=f"the net after {steps}", got="changed", expected="as it was", hint=hint)
    set_weights(net, TRAINED_ON)
    got = what_is_kept(stopping.best_state)
    hint = hint_for_state(got, "at an improvement, and only then, keep a copy of model.state_dict()")
    if got != want:
        raise Mismatch(f"best_state after {steps}", got, want, hint)


def _refused(EarlyStopping: Any) -> None:
    """Raise Mismatch unless senseless settings are refused."""
    hint = "ask for both in __init__, and raise ValueError(…) where one of them makes no sense"
    for made in ("patience=0", "patience=-1", "min_delta=-0.1", "patience=0, min_delta=-0.1"):
        call = f"EarlyStopping({made})"
        expect_raises(ValueError, partial(_called, EarlyStopping, made), call=call, hint=hint)
