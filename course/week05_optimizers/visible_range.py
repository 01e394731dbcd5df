"""The visible check of lr_range_test: both lists, and what is left of model and optimizer afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from checking import Mismatch, all_good, as_array, expect, first_of, show
from torch import nn, tensor
from torch.optim import Optimizer
from tutor import visible
from visible_range_cases import (
    CASES,
    FOUR,
    GIVEN,
    MSE,
    ROWS,
    STEPS,
    Case,
    doubled,
    line,
    normalised,
    one_group,
)

RangeTest = Callable[..., Any]

REMEMBERED = (4.0, 3.7636, 7.7551, 6.8811)  # losses where the optimizer has a velocity from before


@visible
def check_lr_range_test(lr_range_test: RangeTest) -> None:
    """Test rates on hand-made batches, and look at both lists and at what is left afterwards."""
    problems: dict[str, Callable[[], None]] = {
        name: partial(_lists, lr_range_test, case) for name, case in CASES.items()
    }
    problems["the weights afterwards"] = partial(_weights, lr_range_test)
    problems["the buffers afterwards"] = partial(_buffers, lr_range_test)
    problems["the mode afterwards"] = partial(_mode, lr_range_test)
    problems["the rates afterwards"] = partial(_rates, lr_range_test)
    problems["the momentum afterwards"] = partial(_memory, lr_range_test)
    problems["the kinds"] = partial(_kinds, lr_range_test)
    first_of(problems, named=4)
    all_good("lr_range_test")


def after(test: RangeTest, case: Case) -> tuple[Any, nn.Module, Optimizer]:
    """Return what comes back for a case, with the model and the optimizer as they are left."""
    model = case.model()
    optimizer = case.optimizer(model)
    batches = [(x.clone(), y.clone()) for x, y in case.batches]
    came = test(model, case.loader(batches), case.criterion, optimizer, *case.range)
    return came, model, optimizer


def two_lists(came: Any, call: str) -> tuple[Sequence[Any], Sequence[Any]]:
    """Return both lists of numbers. Raises Mismatch unless they are there."""
    pair = isinstance(came, list | tuple) and len(came) == 2
    hint = "make two empty lists before the loop, and end with: return lrs, losses"
    expect(pair, call=call, got=came, expected="two lists, lrs and losses", hint=hint)
    for name, values in zip(("lrs", "losses"), came, strict=True):
        numbers = as_array(values)
        listed = numbers is not None and numbers.ndim == 1
        expect(listed, call=f"{name} of {call}", got=values, expected="a list of numbers", hint=hint)
    return came


def _lists(test: RangeTest, case: Case) -> None:
    call = f"lr_range_test({case.words})"
    lrs, losses = two_lists(after(test, case)[0], call)
    if not (near(lrs, case.lrs) and near(losses, case.losses)):
        raise Mismatch(call, in_words(lrs, losses), in_words(case.lrs, case.losses), case.hint)


def near(values: Sequence[Any], wanted: Sequence[float]) -> bool:
    """Return whether as many numbers agree, within a thousandth; nan agrees with nan."""
    return len(values) == len(wanted) and np.allclose(
        as_array(values), wanted, rtol=1e-3, atol=1e-4, equal_nan=True
    )


def in_words(lrs: Sequence[Any], losses: Sequence[Any]) -> str:
    """Return both lists on one line: `rates 0.1, 1; losses 1, 0.64`."""
    words = [", ".join(f"{float(value):.4g}" for value in _numbers(values)[:8]) for values in (lrs, losses)]
    return f"rates {words[0]}; losses {words[1]}" if len(lrs) else f"losses {words[1]}"


def _numbers(values: Sequence[Any]) -> Any:
    """Return what a list holds, of tensors that need gradients their plain numbers."""
    found = as_array(values)
    return list(values) if found is None else found


def _weights(test: RangeTest) -> None:
    for name in ("four batches", "the worked example", "a nan"):
        model = after(test, CASES[name])[1]
        got = round(next(model.parameters()).item(), 4)
        call = f"w after lr_range_test({CASES[name].words})"
        hint = "load the saved state_dict at the end. Saved without a copy, it has followed the training"
        expect(got == 0.0, call=call, got=got, expected="0, as before", hint=hint)


def _buffers(test: RangeTest) -> None:
    model = after(test, Case("", ROWS, STEPS, (), (), model=normalised))[1]
    got = [round(value, 4) for buffer in model.buffers() for value in buffer.flatten().tolist()]
    call = "mean, variance and counter of a batch norm after lr_range_test(…)"
    hint = "a state_dict holds the buffers, too: parameters() does not"
    expect(got == [0, 1, 0], call=call, got=got, expected="[0, 1, 0], as before", hint=hint)


def _mode(test: RangeTest) -> None:
    for training in (True, False):
        case = Case("", FOUR, STEPS, (), (), model=partial(doubled, training))
        got, call = (
            after(test, case)[1].training,
            f"model.training, {training} before, after lr_range_test(…)",
        )
        hint = "note model.training before the test, and set it with model.train(…) afterwards"
        expect(got is training, call=call, got=got, expected=str(training), hint=hint)


def _rates(test: RangeTest) -> None:
    case = CASES["two param groups"]
    got = [group["lr"] for group in after(test, case)[2].param_groups]
    hint = "save a copy of optimizer.state_dict() before the test, and load it afterwards"
    call = "the rates of two param groups after lr_range_test(…)"
    expect(got == [0.5, 0.25], call=call, got=got, expected="[0.5, 0.25], as before", hint=hint)


def _memory(test: RangeTest) -> None:
    for start in (None, 2.0):
        model = line()
        optimizer = one_group(model, momentum=0.5)
        weight = next(model.parameters())
        if start is not None:
            optimizer.state[weight]["momentum_buffer"] = tensor([[start]])
        batches = [(x.clone(), y.clone()) for x, y in FOUR]
        came = test(model, batches, MSE, optimizer, *STEPS)
        call = f"lr_range_test(the four batches; SGD with momentum 0.5 and a velocity of {start} before)"
        losses = two_lists(came, call)[1]
        if start is not None and not near(losses, REMEMBERED):
            raise Mismatch(call, in_words((), losses), in_words((), REMEMBERED), GIVEN)
        weight = next(model.parameters())
        kept = optimizer.state[weight].get("momentum_buffer") if weight in optimizer.state else None
        got = None if kept is None else round(kept.item(), 4)
        call = f"the velocity of SGD with momentum, {start} before, after lr_range_test(…)"
        hint = "save a deep copy of optimizer.state_dict() before the test, and load it afterwards"
        fresh = got in (None, 0.0) if start is None else got == start
        expect(fresh, call=call, got=show(got), expected=f"{start}, as before", hint=hint)


def _kinds(test: RangeTest) -> None:
    (lrs, losses), call = after(test, CASES["the worked example"])[0], "the kinds in lr_range_test(…)"
    kinds = sorted({type(value).__name__ for value in (lrs, losses, *lrs, *losses)})
    plain = all(isinstance(values, list) for values in (lrs, losses))
    plain = plain and all(isinstance(value, float) for value in (*lrs, *losses))
    hint = "append lr and loss.item() to two lists"
    expect(plain, call=call, got=kinds, expected="lists of floats", hint=hint)
