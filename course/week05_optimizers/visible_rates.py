"""The visible checks of warmup_cosine_lr and clip_by_global_norm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from types import CodeType
from typing import Any

import numpy as np
from checking import Mismatch, all_good, as_array, expect, expect_close, expect_raises, expect_unchanged, show
from tutor import visible
from visible_steps import NO_ROUND, rounded

Rate = Callable[..., Any]
Clip = Callable[..., Any]

# What is called, with which arguments, the steps, and the rates that belong to them.
SCHEDULES: tuple[tuple[tuple[Any, ...], Sequence[int], Sequence[float], str], ...] = (
    (
        (25, 0.1, 4, 0.01),
        (0, 3, 4, 9, 14, 24, 30),
        (0.025, 0.1, 0.1, 0.0868198, 0.055, 0.01, 0.01),
        "steps 0 to 3 are the warm-up; q is 0 at step 4 and 1 at step 24; later steps have min_lr",
    ),
    (
        (11, 0.8),
        (0, 1, 5, 9, 10, 11),
        (0.8, 0.7804226, 0.4, 0.0195774, 0.0, 0.0),
        "without a warm-up q = step / (total_steps - 1); warmup_steps and min_lr are 0 unless given",
    ),
    (
        (6, 0.6, 5, 0.2),
        (0, 4, 5, 6),
        (0.12, 0.6, 0.6, 0.2),
        "only step 5 is left for the cosine: it has base_lr, and later steps have min_lr",
    ),
    (
        (1, 0.5),
        (0, 1),
        (0.5, 0.0),
        "the only step of a training has base_lr: take care not to divide by 0",
    ),
)
BY_HAND = "a ready-made {} earns half of the marks at most: writing it is the exercise"


def names_in(code: CodeType) -> set[str]:
    """Return all names that a function's code uses, also inside the functions that it defines."""
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*map(names_in, inner))


def expect_own(function: Callable[..., Any], ready_made: Iterable[str], what: str) -> None:
    """Raise Mismatch if a function's code names something ready-made."""
    code = getattr(function, "__code__", None)
    names = getattr(function, "__globals__", {})
    used = sorted(
        name
        for name in (names_in(code) if code else set()) & set(ready_made)
        if getattr(names.get(name), "__module__", "torch").startswith("torch")  # a helper may be called so
    )
    name = getattr(function, "__name__", "your function")
    expected, hint = f"a {what} written by you", BY_HAND.format(what)
    expect(not used, call=f"the code of {name}", got=", ".join(used), expected=expected, hint=hint)


# ---------------------------------------------------------------- warmup_cosine_lr


@visible
def check_warmup_cosine_lr(warmup_cosine_lr: Rate) -> None:
    """Ask for rates in the warm-up, along the cosine, behind its end, and of very short trainings."""
    ready = ("CosineAnnealingLR", "LambdaLR", "LinearLR", "SequentialLR", "lr_scheduler")
    expect_own(warmup_cosine_lr, ready, "schedule")
    for arguments, steps, wanted, hint in SCHEDULES:
        _rates(warmup_cosine_lr, arguments, steps, wanted, hint)
    _refusals(warmup_cosine_lr)
    by_name = warmup_cosine_lr(step=9, total_steps=25, base_lr=0.1, warmup_steps=4, min_lr=0.01)
    call = "warmup_cosine_lr(step=9, total_steps=25, base_lr=0.1, warmup_steps=4, min_lr=0.01)"
    expect_close(by_name, 0.0868, call=call, hint="keep the names of the arguments")
    all_good("warmup_cosine_lr")


def _rates(
    rate: Rate, arguments: tuple[Any, ...], steps: Sequence[int], wanted: Sequence[float], hint: str
) -> None:
    """Raise Mismatch unless the rates of these steps are right; all of them are shown."""
    words = ", ".join(map(str, arguments))
    came = []
    for step, want in zip(steps, wanted, strict=True):
        answer = rate(step, *arguments)
        number = as_array(answer)
        if number is None or number.ndim:
            expect_close(answer, want, call=f"warmup_cosine_lr({step}, {words})", hint=hint)
        came.append(float(answer))
    call = f"warmup_cosine_lr(step, {words}) at the steps {', '.join(map(str, steps))}"
    if not np.allclose(came, wanted, rtol=0, atol=1e-6, equal_nan=False):
        alike = rounded(came, wanted)
        shown = [show([round(value, 7 if alike else 4) for value in values]) for values in (came, wanted)]
        raise Mismatch(call, *shown, NO_ROUND if alike else hint)


def _refusals(rate: Rate) -> None:
    hint = "raise ValueError(…) where the warm-up is as long as the training, or longer"
    for step, total, warmup in ((0, 4, 4), (3, 4, 9)):
        call = f"warmup_cosine_lr({step}, {total}, 0.1, {warmup})"
        expect_raises(ValueError, partial(rate, step, total, 0.1, warmup), call=call, hint=hint)


# ---------------------------------------------------------------- clip_by_global_norm

PAIR = ([3.0, 4.0], [5.0, 12.0])
TABLES = ([[6.0, -2.0], [0.0, 3.0]], -1.0, [[-7.0, 1.0, 0.0]])
CLIPPED: tuple[tuple[Sequence[Any], float, Sequence[Any], float, str], ...] = (
    (
        PAIR,
        5.0,
        ([1.0769373, 1.4359164], [1.7948955, 4.3077493]),
        13.9283883,
        "one norm over all numbers, √(9 + 16 + 25 + 144), and one factor, 5/norm, for both arrays",
    ),
    (PAIR, 20.0, PAIR, 13.9284, "the norm is below the limit: the values stay as they are"),
    (([3.0, 4.0],), 5.0, ([3.0, 4.0],), 5.0, "exactly at the limit the values stay"),
    (([0.0, 0.0], [0.0]), 2.0, ([0.0, 0.0], [0.0]), 0.0, "zeros stay zeros: do not divide by a norm of 0"),
    (
        TABLES,
        2.5,
        ([[1.5, -0.5], [0.0, 0.75]], -0.25, [[-1.75, 0.25, 0.0]]),
        10.0,
        "sum the squares of all numbers, whatever the shape: np.sum(grad**2); the norm here is 10",
    ),
    (([0.3, -0.4],), 0.1, ([0.06, -0.08],), 0.5, "the limit may be below 1: scale by max_norm/norm"),
)


@visible
def check_clip_by_global_norm(clip_by_global_norm: Clip) -> None:
    """Clip arrays above, below and at the limit, zeros, and arrays of many shapes."""
    expect_own(
        clip_by_global_norm, ("clip_grad_norm_", "clip_grad_norm", "clip_grads_with_norm_"), "clipping"
    )
    for grads, limit, wanted, norm, hint in CLIPPED:
        _clipped(clip_by_global_norm, grads, limit, wanted, norm, hint)
    arrays = [np.array(grad) for grad in PAIR]
    for limit in (5.0, 20.0):
        call = f"clip_by_global_norm([[3, 4], [5, 12]], {limit:g})"
        expect_unchanged(clip_by_global_norm, arrays, limit, call=call)
    all_good("clip_by_global_norm")


def _clipped(
    clip: Clip, grads: Sequence[Any], limit: float, wanted: Sequence[Any], norm: float, hint: str
) -> None:
    """Raise Mismatch unless the arrays and the norm are right; both are shown."""
    call = f"clip_by_global_norm({_plain(list(grads))}, {limit:g})"
    came = clip([np.array(grad) for grad in grads], limit)
    a_pair = isinstance(came, list | tuple) and len(came) == 2
    expected = "a pair: the list of clipped arrays, and the norm"
    expect(a_pair, call=call, got=came, expected=expected, hint="end with: return clipped, norm")
    arrays, number = came
    listed = isinstance(arrays, list | tuple) and len(arrays) == len(grads)
    words = f"a list of {len(grads)} arrays"
    hint_list = "collect one array for each that came in; the list comes first, then the norm"
    expect(listed, call=f"the first part of {call}", got=arrays, expected=words, hint=hint_list)
    value = as_array(number)
    if value is None or value.ndim:
        expect_close(number, norm, call=f"the norm of {call}", hint="the norm is one number")
    for place, (array, want) in enumerate(zip(arrays, wanted, strict=True)):
        kept = as_array(array) is not None and np.shape(array) == np.shape(want)
        shape = f"an array of shape {np.shape(want)}"
        hint_shape = "each array keeps its shape: array * factor"
        expect(kept, call=f"array {place} of {call}", got=array, expected=shape, hint=hint_shape)
    pairs = [*zip(arrays, wanted, strict=True), (number, norm)]
    if not all(np.allclose(as_array(got), want, rtol=1e-6, atol=1e-6) for got, want in pairs):
        alike = all(np.allclose(as_array(got), want, rtol=1e-6) or rounded(got, want) for got, want in pairs)
        told = NO_ROUND if alike else hint
        raise Mismatch(call, _in_words(arrays, float(number)), _in_words(wanted, norm), told)
    kinds = all(isinstance(array, np.ndarray | np.generic) for array in arrays)
    kind = type(arrays[0]).__name__
    expect(kinds, call=f"the kind of {call}", got=kind, expected="NumPy arrays", hint="array * factor is one")


def _in_words(arrays: Sequence[Any], norm: float) -> str:
    """Return arrays and a norm on one line."""
    return f"{_plain([np.round(np.asarray(a, dtype=float), 4).tolist() for a in arrays])}, norm {norm:.5g}"


def _plain(value: Any) -> str:
    """Return nested lists of numbers as one would type them, without `.0`."""
    return f"[{', '.join(map(_plain, value))}]" if isinstance(value, list | tuple) else f"{value:g}"
