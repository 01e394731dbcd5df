"""Hidden checks of soft_threshold."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch
from checking import Mismatch, as_array, expect, expect_close, expect_raises, kind_of
from torch import Tensor

from autograder.checks.framework import Student, check
from autograder.checks.inputs import (
    as_typed,
    ask,
    compare,
    drawn,
    drawn_decimal,
    drawn_from,
    drawn_magnitude,
    half_steps,
    unchanged,
)

WATCHED = """
from torch.overrides import TorchFunctionMode

class _Watch(TorchFunctionMode):
    def __init__(self):
        super().__init__()
        self.seen = set()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        self.seen.add(getattr(function, "__name__", ""))
        return function(*args, **(kwargs or {}))

with _Watch() as _watch:
    for _given in (_w, torch.as_tensor(_w)):
        try:
            soft_threshold(_given, _t)
        except Exception:
            pass  # a kind that it cannot deal with costs its marks in the checks of that kind
sorted(_watch.seen)
"""
READY = ("softshrink", "softshrink_")
WRITE_IT = "this exercise is about writing it yourself: torch's softshrink costs half of the marks"
LARGE = "what is larger than t moves towards 0 by t, from both sides: sign(w) · (|w| − t)"
SMALL = "what has a size of at most t becomes 0, whatever its sign"
KIND = "an array comes back for an array, and a tensor for a tensor"
FLOATS = "integers have no halves: compute with w * 1.0, or with float(t)"


def soft(w: Any, t: float) -> np.ndarray:
    """Return what is right, as an array."""
    numbers = np.asarray(as_array(w))
    answer: np.ndarray = np.sign(numbers) * np.maximum(np.abs(numbers) - t, 0.0)
    return answer


def far(student: Student, t: float, *signs: int, margin: float = 0.6) -> np.ndarray:
    """Return numbers with two decimals whose sizes are above t by at least a margin, with these signs."""
    return np.array([sign * round(t + margin + drawn_decimal(student, 0, 3), 2) for sign in signs])


def near(student: Student, t: float, *signs: int) -> np.ndarray:
    """Return numbers with two decimals whose sizes are below t, with these signs: from 0.3·t to 0.9·t."""
    return np.array([sign * round(t * drawn_decimal(student, 0.3, 0.9), 2) for sign in signs])


def threshold(student: Student) -> float:
    """Return a threshold with two decimals, 0.35 to 0.85 or 1.25 to 1.9: not near 0 or 1."""
    low, high = ((0.35, 0.85), (1.25, 1.9))[drawn(student, 0, 1)]
    return drawn_decimal(student, low, high)


def thresholds(student: Student) -> tuple[float, float]:
    """Return one threshold below 1 and one above."""
    return drawn_decimal(student, 0.35, 0.85), drawn_decimal(student, 1.25, 1.9)


def same(student: Student, cases: list[tuple[Any, float]], hint: str) -> None:
    """Raise Mismatch unless the numbers are right in all cases (w, t)."""
    compare(student, "soft_threshold", [((w, t), soft(w, t)) for w, t in cases], hint=hint)


def written_out(student: Student, w: Any, t: float) -> None:
    """Raise Mismatch if torch's own soft threshold is called. Half of the marks end with this."""
    seen = student.run(WATCHED, _w=w, _t=t)
    ready = [name for name in seen if name in READY] if isinstance(seen, list) else []
    student.note(bool(ready))  # which other functions a formula uses tells no mistake from another
    if ready:
        call = as_typed("soft_threshold", w, t)
        raise Mismatch(call, f"an answer from torch's {ready[0]}", "a formula of your own", WRITE_IT)


@check("soft_threshold", gate=True)
def large_numbers_become_smaller(student: Student) -> None:
    w = far(student, 1.5, 1, 1)
    hint = "return one number for each number of w: sign(w) · max(|w| − t, 0)"
    for given in (w, torch.tensor(w)):  # whoever is right for one of the two kinds goes on
        try:
            got, call = ask(student, "soft_threshold", given, 1.5)
        except Exception:
            if isinstance(given, Tensor):
                raise
            continue
        array = as_array(got)
        fine = array is not None and array.size == w.size and bool((array.ravel() < w).all())
        if fine or isinstance(given, Tensor):
            expect(fine, call=call, got=got, expected="two smaller numbers", hint=hint)
            return


@check("soft_threshold", marks=0.25)
def large_numbers_of_both_signs_move_towards_zero_by_t(student: Student) -> None:
    low, high = thresholds(student)
    cases = [(far(student, t, 1, -1, 1, -1), t) for t in (low, high)]
    same(student, cases, LARGE)
    written_out(student, *cases[0])


@check("soft_threshold", marks=0.25)
def small_numbers_of_both_signs_become_zero(student: Student) -> None:
    low, high = thresholds(student)
    cases = [(np.append(near(student, t, 1, -1, -1), 0.0), t) for t in (low, high)]
    same(student, cases, SMALL)


@check("soft_threshold", marks=0.25)
def tensors_go_in_and_come_out_as_arrays_do(student: Student) -> None:
    t = threshold(student)
    w = np.concatenate([far(student, t, -1, 1), near(student, t, 1, -1)])
    for given in (w, torch.tensor(w), torch.tensor(w, dtype=torch.float32)):
        got, call = ask(student, "soft_threshold", given, t)
        want = soft(given, t)
        student.expects(call, got, want)
        expect_close(got, want, call=f"{call}, w a {kind_of(given)}", hint=LARGE)
        kind = kind_of(given)
        expect(kind_of(got) == kind, call=call, got=f"a {kind_of(got)}", expected=f"a {kind}", hint=KIND)
    written_out(student, w, t)


@check("soft_threshold", marks=0.25)
def a_size_of_exactly_t_becomes_zero_and_t_0_changes_nothing(student: Student) -> None:
    t = drawn_from(student, (2, 3, 5, 6, 7, 9), 1)[0] / 4  # which floats hold exactly, and not 1
    w = torch.tensor([t, -t, t + 0.5, -t - 0.25, 0.0], dtype=torch.float32)
    still = half_steps(student, 4, low=0.25, high=3.0) * torch.tensor([1.0, -1.0, 1.0, -1.0])
    still = torch.cat([still, torch.zeros(1)])
    hint = "at |w| = t nothing is left, and t = 0 takes nothing away"
    same(student, [(w, t), (still, 0)], hint)


@check("soft_threshold", marks=0.25)
def each_number_is_judged_by_itself_whatever_the_shape(student: Student) -> None:
    t = threshold(student)
    rows = drawn(student, 2, 3)
    size = rows * 4
    mixed = np.concatenate([far(student, t, *[1, -1] * rows), near(student, t, *[-1, 1] * rows)])
    order = torch.randperm(size, generator=student.rng).numpy()
    table = mixed[order].reshape(rows, 4)
    extreme = np.array([float(drawn_magnitude(student)), -float(drawn_magnitude(student)), 0.25])
    cases = [
        (torch.tensor(table), t),
        (torch.tensor(mixed[:4]).reshape(2, 1, 2), t),
        (torch.tensor(extreme), t),
    ]
    same(student, cases, "work on the whole array at once, element by element")
    written_out(student, table, t)


@check("soft_threshold", marks=0.25)
def integers_come_out_as_floats(student: Student) -> None:
    whole = np.array([drawn(student, 5, 9), -drawn(student, 5, 9), 0, 1])
    cases = [(whole, 1.5 + drawn(student, 0, 2)), (whole, drawn(student, 2, 4))]
    answers = [ask(student, "soft_threshold", w, t) for w, t in cases]
    for (got, call), (w, t) in zip(answers, cases, strict=True):
        student.expects(call, got, soft(w, t))
    for (got, call), (w, t) in zip(answers, cases, strict=True):
        expect_close(got, soft(w, t), call=f"{call}, w of integers", hint=FLOATS)
        dtype = str(getattr(got, "dtype", "no dtype")).removeprefix("torch.")
        floats = dtype.startswith(("float", "no dtype"))
        expect(floats, call=f"the dtype of {call}, w of integers", got=dtype, expected="floats", hint=FLOATS)


@check("soft_threshold", marks=0.25)
def a_negative_t_is_a_ValueError_and_nan_stays(student: Student) -> None:
    w = np.array([np.nan, 3.5 + drawn(student, 0, 9) / 4])
    got, call = ask(student, "soft_threshold", w, 1.5)
    expect_close(got, [np.nan, w[1] - 1.5], call=call, hint="nan stays nan: neither 0 nor an error")
    for t in (-drawn_decimal(student, 0.2, 0.9), -drawn(student, 1, 4)):
        call, outcome = as_typed("soft_threshold", w, t), refusal(student, w, t)
        expect_raises(ValueError, partial(again, *outcome), call=call, hint="if t < 0: raise ValueError(…)")


def refusal(student: Student, w: np.ndarray, t: float) -> tuple[Any, Exception | None]:
    """Return what came back for a negative t: a value, or the error that was raised."""
    try:
        return student.soft_threshold(w, t), None
    except Exception as error:
        return None, error


def again(value: Any, error: Exception | None) -> Any:
    """Return the value, or raise the error."""
    if error is not None:
        raise error
    return value


@check("soft_threshold", marks=0.25)
def w_stays_as_it_was(student: Student) -> None:
    t = threshold(student)
    w = np.concatenate([far(student, t, 1, -1), near(student, t, 1, -1)])
    unchanged(student, "soft_threshold", w, t, want=soft(w, t))
    unchanged(student, "soft_threshold", torch.tensor(w), t, want=soft(w, t))
    written_out(student, w, t)
