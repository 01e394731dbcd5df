"""Name the typical mistake behind a wrong answer: the one that fails the same checks in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from checking import as_array, clean_choice

from autograder.checks.framework import Answer, Check
from autograder.checks.known import judge_source
from autograder.judge.errors import Missing
from autograder.model import Mistake

Trace = Sequence[Answer]
TOLERANCE = 1e-4


def find_mistake(trace: Trace, known: Sequence[tuple[Mistake, Trace]]) -> Mistake | None:
    """Return the first known mistake whose trace equals `trace`, or None (always None for an empty trace).

    Checks of a second function that the student has not written tell nothing about the first, and are left
    out if no mistake is found with them.
    """
    unasked = {answer.check for answer in trace if answer.error == Missing.__name__}
    asked = [answer for answer in trace if answer.check not in unasked]
    return _find(trace, known) or _find(asked, known)


def _find(trace: Trace, known: Sequence[tuple[Mistake, Trace]]) -> Mistake | None:
    """Return the mistake with an equal trace.

    How a formula is typed decides whether it overflows to nan or to inf. So if no trace is equal, but that of
    one mistake alone has the same finite numbers and the same gaps between them, it is that mistake.
    """
    exact = [mistake for mistake, answers in known if trace and same_trace(trace, answers)]
    if exact:
        return exact[0]
    alike = [mistake for mistake, answers in known if trace and same_trace(trace, answers, gaps=True)]
    return alike[0] if len(alike) == 1 else None


def mistake_traces(
    mistakes: Iterable[Mistake], checks: tuple[Check, ...], setup_namespace: Mapping[str, Any], seed: int
) -> tuple[tuple[Mistake, Trace], ...]:
    """Return each typical mistake of an exercise with its trace for this seed.

    The mistakes' source is ours and runs in this process, each in its own copy of `setup_namespace`.
    A mistake that passes all checks has nothing to be known by and is left out.
    """
    found = [
        (item, judge_source(item.source, item.exercise, checks, setup_namespace, seed).trace)
        for item in mistakes
    ]
    return tuple((item, trace) for item, trace in found if trace)


def same_trace(one: Trace, other: Trace, gaps: bool = False) -> bool:
    """Return whether two traces hold the same answers to the same questions."""
    return len(one) == len(other) and all(
        _same_answer(mine, yours, gaps) for mine, yours in zip(one, other, strict=True)
    )


def _same_answer(one: Answer, other: Answer, gaps: bool) -> bool:
    asked_alike = (one.check, one.name, one.error) == (other.check, other.name, other.error)
    return asked_alike and same_value(one.value, other.value, gaps)


def same_value(one: Any, other: Any, gaps: bool = False) -> bool:
    """Return whether two answers are equal: numbers within a tolerance, nan equals nan, ` b) ` equals B.

    A tensor, an array and a list of the same numbers are equal, and so are a tuple and a list. nan, inf and
    -inf must stand in the same places: an overflow and a log of 0 are two mistakes. With `gaps` it is enough
    that numbers which are not finite stand in the same places.
    """
    a, b = _numbers(one), _numbers(other)
    if a is not None and b is not None:
        return a.shape == b.shape and _close(*((_with_gaps(a), _with_gaps(b)) if gaps else (a, b)))
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(
            same_value(mine, yours, gaps) for mine, yours in zip(one, other, strict=True)
        )
    if isinstance(one, dict) and isinstance(other, dict):
        return set(one) == set(other) and all(same_value(one[key], other[key], gaps) for key in one)
    if isinstance(one, str) and isinstance(other, str):
        return one == other or (len(clean_choice(one)) == 1 and clean_choice(one) == clean_choice(other))
    return a is b is None and type(one) is type(other) and _equal(one, other)


def _numbers(value: Any) -> np.ndarray | None:
    return np.zeros(0) if isinstance(value, (list, tuple)) and len(value) == 0 else as_array(value)


def _with_gaps(numbers: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _close(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True))


def _equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:
        return False
