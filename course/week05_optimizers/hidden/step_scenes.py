"""What the checks of the two optimizer steps share: drawn arrays, and whether the rule is written out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from checking import Mismatch, as_array, show

from autograder.checks.framework import Student
from autograder.checks.inputs import drawn_from, shuffled

WATCHED = """
import sys as _sys

_used = set()

def _watch(frame, event, _):
    module = str(frame.f_globals.get("__name__", ""))
    ready = ("torch.optim", "sklearn.neural_network", "sweep", "optimizer_")
    if event == "call" and module.startswith(ready):
        _used.add(module)

_before = _sys.getprofile()
_sys.setprofile(_watch)
try:
    {call}
finally:
    _sys.setprofile(_before)
sorted(_used)
"""
SIZES = tuple(round(0.35 + 0.15 * step, 2) for step in range(20))  # 0.35, 0.5, … 3.2
NO_ROUND = "leave round out: return all digits"
WRITE_IT = "this exercise is about the rule itself: a library's optimizer costs half of the marks"


def array(student: Student, *shape: int) -> np.ndarray:
    """Return numbers from 0.35 to 3.2 in size, no two alike, of both signs where there are several."""
    count = math.prod(shape)
    signs = shuffled(student, ([1, -1] * count)[:count])
    sizes = drawn_from(student, SIZES, count)
    return np.array([sign * size for sign, size in zip(signs, sizes, strict=True)]).reshape(shape)


def as_numbers(value: Any) -> np.ndarray | None:
    """Return numbers as an array: lists of lists may stand for one, however deep. None for what is none."""
    found = as_array(value)
    if found is None and isinstance(value, list):
        try:
            return np.array(value, dtype=float)
        except (TypeError, ValueError, OverflowError):
            return None
    return found


def is_cut(got: Any, want: Any) -> bool:
    """Return whether the right numbers came back with a few decimals alone."""
    return any(np.allclose(got, np.round(want, places), rtol=0, atol=1e-9) for places in range(1, 7))


def mismatch(call: str, got: np.ndarray, want: np.ndarray, hint: str) -> Mismatch:
    """Return that one came back instead of the other, with so many digits that they differ."""
    words = (show(got), show(want))
    if words[0] == words[1]:
        words = (f"array {got.tolist()}", f"array {want.tolist()}")
    return Mismatch(call, *words, NO_ROUND if is_cut(got, want) else hint, values=(got, want))


def by_hand(student: Student, call: str, shown: str, **inputs: Any) -> None:
    """Raise Mismatch if a library's optimizer makes the step. Half of the marks lie in checks that end so."""
    used = student.run(WATCHED.format(call=call), **inputs)
    ready = [name for name in used if type(name) is str] if isinstance(used, list) else []
    student.note(bool(ready))  # which modules are at work tells no mistake from another
    if ready:
        raise Mismatch(shown, f"a step made by {ready[0]}", "a step by lines of your own", WRITE_IT)
