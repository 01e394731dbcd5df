"""The visible check of soft_threshold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import CodeType
from typing import Any

import numpy as np
import torch
from checking import Mismatch, all_good, expect, expect_close, expect_raises, expect_unchanged, kind_of
from tutor import visible

Threshold = Callable[..., Any]
READY = ("softshrink", "Softshrink", "prox_l1")
HINT = "the size falls by t and stops at 0; the sign stays: sign(w) · max(|w| − t, 0)"
CASES: tuple[tuple[list[float], float, list[float]], ...] = (
    ([3, -1.5, 0.5, -0.2, 0], 1, [2, -0.5, 0, 0, 0]),
    ([2, -0.75, 0.25], 0.5, [1.5, -0.25, 0]),
    ([1.5, -4, 0], 0, [1.5, -4, 0]),
    ([1.5, -1.5], 1.5, [0, 0]),
)


@visible
def check_soft_threshold(soft_threshold: Threshold) -> None:
    """Try soft_threshold on arrays and tensors, on borders, on a table, on integers, nan and a negative t."""
    _own_formula(soft_threshold)
    for make in (partial(np.array, dtype=float), partial(torch.tensor, dtype=torch.float32)):
        _numbers(soft_threshold, make)
    table = np.array([[3.0, -0.25], [-2.0, 0.75]])
    want = np.array([[2.0, 0.0], [-1.0, 0.0]])
    for given in (table, torch.tensor(table)):
        call = f"soft_threshold(a {kind_of(given)} [[3, -0.25], [-2, 0.75]], 1)"
        expect_close(soft_threshold(given, 1), want, call=call, hint="work on the whole array at once")
    _kinds(soft_threshold)
    for given in (np.array([np.nan, 2.0]), torch.tensor([torch.nan, 2.0])):
        call = f"soft_threshold(a {kind_of(given)} [nan, 2], 1)"
        hint = (
            "nan is not above t and not below: compute sign · max(size − t, 0), and nan comes out by itself"
        )
        expect_close(soft_threshold(given, 1), [np.nan, 1.0], call=call, hint=hint)
    for t in (-1, -0.25):
        action, call = partial(soft_threshold, np.array([1.0]), t), f"soft_threshold([1.0], {t})"
        expect_raises(ValueError, action, call=call, hint="if t < 0: raise ValueError(…)")
    expect_unchanged(soft_threshold, np.array([3.0, -0.5]), 1)
    expect_unchanged(soft_threshold, torch.tensor([3.0, -0.5]), 1)
    all_good("soft_threshold")


def _numbers(soft_threshold: Threshold, make: Callable[[Sequence[float]], Any]) -> None:
    """Raise Mismatch unless the answers to all cases are right. They are shown side by side."""
    kind = kind_of(make([0.0]))
    calls, answers = [], []
    for given, t, want in CASES:
        calls.append(f"soft_threshold({given}, {t})")
        answer = _answer(soft_threshold, make(given), t, calls[-1], want)
        if kind_of(answer) != kind or tuple(answer.shape) != (len(given),):
            hint = f"a {kind} came in, so a {kind} of the same shape goes out"
            if not isinstance(answer, list | np.ndarray | torch.Tensor):
                expect_close(answer, make(want), call=f"{calls[-1]} on a {kind}", hint=hint)
            got = f"a {kind_of(answer)} {answer}"
            expect(False, call=f"{calls[-1]} on a {kind}", got=got, expected=f"a {kind} {want}", hint=hint)
        answers += [round(value, 4) + 0.0 for value in answer.tolist()]
    wanted = [float(value) for *_, want in CASES for value in want]
    expect_close(answers, wanted, call=f"{', '.join(calls)} on a {kind}", hint=HINT)


def _answer(soft_threshold: Threshold, w: Any, t: float, call: str, want: list[float]) -> Any:
    """Return what comes back. Raises Mismatch if t = 0 is refused."""
    try:
        return soft_threshold(w, t)
    except ValueError as error:
        if t:
            raise
        hint = "t = 0 is allowed and changes nothing: only t < 0 is an error"
        raise Mismatch(call, "a ValueError", str(want), hint) from error


def _kinds(soft_threshold: Threshold) -> None:
    """Raise Mismatch unless integers come out as floats, and shrink by a t that is none."""
    for given in (np.array([3, -2, 0]), torch.tensor([3, -2, 0])):
        answers = [soft_threshold(given, t) for t in (1, 0.5)]
        call = f"soft_threshold(a {kind_of(given)} of integers [3, -2, 0], t) with t 1 and 0.5"
        hint = "make floats of them first, w * 1.0, or of t, float(t)"
        for answer, want in zip(answers, ([2.0, -1.0, 0.0], [2.5, -1.5, 0.0]), strict=True):
            expect_close(answer, want, call=call, hint=hint)
        kinds = [str(answer.dtype).removeprefix("torch.") for answer in answers]
        expected, floats = "floats of 32 bits or more", all(kind in ("float32", "float64") for kind in kinds)
        expect(floats, call=f"the dtypes of {call}", got=kinds, expected=expected, hint=hint)


def _own_formula(soft_threshold: Threshold) -> None:
    """Raise Mismatch if the function calls torch's own soft threshold."""
    code = getattr(soft_threshold, "__code__", None)
    used = sorted(_names_in(code).intersection(READY)) if code else []
    hint = "torch's own costs half of the marks here: sign, abs and a maximum are enough"
    call = "the code of soft_threshold"
    expect(not used, call=call, got=", ".join(used), expected="a formula, written by you", hint=hint)


def _names_in(code: CodeType) -> set[str]:
    """Return all names that a function's code uses, also inside the functions that it defines."""
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*map(_names_in, inner))
