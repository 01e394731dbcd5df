"""Hidden checks of the borders of split_indices: fractions that make no split, and parts without rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from checking import as_array, difference, expect, expect_equal, expect_raises

from autograder.checks.framework import Student, check
from autograder.checks.inputs import as_typed, drawn, drawn_labels, drawn_seed, shuffled

# The sums of these are not all exactly 1.
GOOD = ((0.7, 0.2, 0.1), (0.1, 0.2, 0.7), (0.8, 0.1, 0.1), (0.2, 0.7, 0.1))
KINDS = {"an array": np.array, "a list": list, "a tuple": tuple}


def sizes(got: Any) -> Any:
    """Return the sizes of three parts, or in a few words what came instead."""
    if not isinstance(got, (list, tuple)) or len(got) != 3:
        return "not three parts"
    arrays = [np.zeros(0) if isinstance(part, (list, tuple)) and not part else as_array(part) for part in got]
    return [array.size if array is not None else "no numbers" for array in arrays]


def total(got: Any) -> Any:
    """Return how many positions three parts hold together, or in a few words what came instead."""
    each = sizes(got)
    return sum(each) if all(isinstance(size, int) for size in each) else each


@check("split_indices", marks=0.25)
def fractions_that_make_no_split_raise_ValueError(student: Student) -> None:
    rows, seed = 20 * drawn(student, 2, 6), drawn_seed(student)
    labels = drawn_labels(student, rows, 2).tolist()
    tenth = drawn(student, 1, 4) / 10
    bad = (
        (0.5, 0.5),
        (1.0,),
        (1 + tenth, -tenth, 0.0),
        (-tenth, 0.5 + tenth, 0.5),
        (0.5 - tenth / 2, 0.5 + tenth, -tenth / 2),
        (0.5, 0.3 - tenth / 10, 0.2),
        (0.6, 0.3 + tenth / 10, 0.1),
        (0.6, 0.2, 0.22),
        (0.4, 0.3, 0.2, 0.1),
        (0.0, 0.0, 0.0),
    )
    good, refused = [], []
    for fractions in GOOD:
        got = student.split_indices(labels, fractions, seed)
        used = total(got)
        student.note(used)
        good.append((as_typed("split_indices", labels, fractions, seed), used))
    for fractions in bad:
        refused.append(
            (as_typed("split_indices", labels, fractions, seed), refusal(student, labels, fractions, seed))
        )
    for call, got in good:
        hint = "this split is right: compare the sum with 1 by math.isclose, for floats are not exact"
        expect_equal(got, rows, call=f"the number of positions in {call}", hint=hint)
    for call, outcome in refused:
        hint = "raise ValueError unless there are three, none negative, and math.isclose(sum(fractions), 1)"
        expect_raises(ValueError, partial(_again, *outcome), call=call, hint=hint)


def refusal(
    student: Student, labels: list[int], fractions: Sequence[float], seed: int
) -> tuple[Any, Exception | None]:
    """Return what came back for fractions that make no split: a value, or the error that was raised."""
    try:
        got = student.split_indices(labels, fractions, seed)
    except Exception as error:
        return None, error
    student.note("no error")
    return got, None


def _again(value: Any, error: Exception | None) -> Any:
    if error is not None:
        raise error
    return value


@check("split_indices", marks=0.25)
def three_arrays_of_integers_even_when_one_is_empty(student: Student) -> None:
    each = 4 * drawn(student, 1, 5)
    labels = drawn_labels(student, 2 * each, 2).tolist()
    cases = zip(
        ((0.5, 0.5, 0.0), (0.5, 0.0, 0.5), (0.0, 0.75, 0.25), (0, 0, 1), (0.5, 0.25, 0.25)),
        ("an array", "a list", "a list", "a tuple", "an array"),
        strict=True,
    )
    answers = []
    for fractions, kind in shuffled(student, cases):
        given = [
            np.array(labels) if kind == "a list" else labels,
            KINDS[kind](fractions),
            drawn_seed(student),
        ]
        call = as_typed("split_indices", *given)
        came = student.run(SPLIT, given=given)
        got, after = came if isinstance(came, (list, tuple)) and len(came) == 2 else (came, given)
        parts = got if isinstance(got, (list, tuple)) else []
        types = [part.dtype.kind if isinstance(part, np.ndarray) else "no array" for part in parts]
        kept = all(
            type(a) is type(b) and difference(b, a, 0.0) is None for a, b in zip(given, after, strict=False)
        )
        student.note([sizes(got), types, kept])
        answers.append((call, fractions, sizes(got), types, kept, got))
    for call, fractions, size, types, kept, got in answers:
        hint = "a fraction of 0 gives an empty array; fractions may come in a list, a tuple or an array"
        want = [round(2 * each * fraction) for fraction in fractions]
        expect_equal(size, want, call=f"the sizes of {call}", hint=hint)
        hint = "np.array([]) holds floats: write np.array(rows, dtype=int)"
        whole = all(kind in ("i", "u") for kind in types)
        expect(whole, call=call, got=got, expected="three NumPy arrays of integers", hint=hint)
        hint = "do not sort or change labels and fractions in place"
        expect(
            kept, call=call, got="labels or fractions that were changed", expected="as they were", hint=hint
        )


SPLIT = """
_answer = split_indices(*given)
[_answer, given]
"""
