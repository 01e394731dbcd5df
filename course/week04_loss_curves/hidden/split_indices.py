"""Hidden checks of split_indices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from checking import as_array, expect, expect_close, expect_equal, expect_raises

from autograder.checks.framework import Student, check
from autograder.checks.inputs import ask

# labels, fractions, and for each part the number of rows of each class
Case = tuple[Any, Sequence[float], Sequence[dict[int, int]]]
NAMES = ("train", "val", "test")
PARTS = "three arrays of positions: return train, val, test"
SIXTY = [0, 1, 2] * 20
MOST = 100_000  # positions to look through: no check asks for a thousandth of it
GLOBAL_RANDOMNESS = """
import numpy as np
np.random.seed(7)
_first = split_indices(labels, fractions, seed)
_next_number = np.random.random()
np.random.seed(8)
_second = split_indices(labels, fractions, seed)
[_next_number, list(_first), list(_second)]
"""


def positions(got: Any, call: str) -> list[list[int]]:
    """Return the three parts as sorted lists. Raises Mismatch unless they are three times whole numbers."""
    expect(
        isinstance(got, (list, tuple)) and len(got) == 3,
        call=call,
        got=got,
        expected="three arrays",
        hint=PARTS,
    )
    return [_whole_numbers(part, f"the {name} part of {call}") for name, part in zip(NAMES, got, strict=True)]


def _whole_numbers(part: Any, call: str) -> list[int]:
    numbers = np.zeros(0) if isinstance(part, (list, tuple)) and len(part) == 0 else as_array(part)
    whole = (
        numbers is not None
        and numbers.ndim == 1
        and numbers.size <= MOST
        and bool(np.isfinite(numbers).all() and (numbers % 1 == 0).all())
    )
    expect(whole, call=call, got=part, expected="whole numbers, the positions of rows", hint=PARTS)
    return sorted(map(int, numbers)) if numbers is not None else []


def split(
    student: Student, labels: Any, fractions: Sequence[float], seed: int
) -> tuple[list[list[int]], str]:
    """Return the three parts of a split as sorted lists, and the call as one would type it."""
    given = labels.copy() if isinstance(labels, np.ndarray) else list(labels)
    got = student.split_indices(given, tuple(fractions), seed)
    shown = f"{list(map(int, labels[:12]))}" if len(labels) <= 12 else f"{len(labels)} labels"
    call = f"split_indices({shown}, {tuple(fractions)}, {seed})"
    parts = positions(got, call)
    student.note(summary(parts, len(labels)))
    return parts, call


def summary(parts: list[list[int]], rows: int) -> list[Any]:
    """Return what does not depend on chance: the sizes of the parts, and whether each row is used once."""
    together = sorted(i for part in parts for i in part)
    return [len(part) for part in parts] + [
        "each row once" if together == list(range(rows)) else "not each row once"
    ]


def class_counts(part: list[int], labels: Any) -> dict[str, int]:
    """Return how many rows of each class a part holds; positions outside the labels are counted as such."""
    inside = Counter(f"class {labels[i]}" if 0 <= i < len(labels) else "no such row" for i in part)
    return dict(sorted(inside.items()))


def expect_counts(student: Student, cases: Sequence[Case], hint: str) -> None:
    """Ask for every split first; then raise Mismatch unless each part holds the wanted rows of each class."""
    answers = []
    for labels, fractions, want in cases:
        parts, call = split(student, labels, fractions, 3)
        counts = [class_counts(part, labels) for part in parts]
        wanted = [{f"class {key}": n for key, n in sorted(part.items())} for part in want]
        student.note([*summary(parts, len(labels)), "shares right" if counts == wanted else "shares wrong"])
        answers.append((counts, wanted, call))
    for counts, wanted, call in answers:
        for name, got, right in zip(NAMES, counts, wanted, strict=True):
            rows = f"the rows of each class in the {name} part of {call}"
            expect_close(got, right, call=rows, hint=hint)


@check("split_indices", gate=True)
def ten_rows_of_one_class_are_split_6_2_2(student: Student) -> None:
    parts, call = split(student, [0] * 10, (0.6, 0.2, 0.2), 0)
    expect_equal([len(part) for part in parts], [6, 2, 2], call=f"the sizes of {call}", hint=PARTS)
    together = [i for part in parts for i in part]
    expect_equal(
        sorted(together), list(range(10)), call=f"all positions in {call}", hint="use each row exactly once"
    )


@check("split_indices", marks=0.25)
def each_row_is_used_exactly_once(student: Student) -> None:
    labels = torch.randint(0, 3, (40,), generator=student.rng).tolist()
    answers = [split(student, labels, fractions, 5) for fractions in ((0.7, 0.2, 0.1), (0.4, 0.4, 0.2))]
    for parts, call in answers:
        together = sorted(i for part in parts for i in part)
        expect_equal(
            together,
            list(range(40)),
            call=f"all positions in {call}",
            hint="cut each class at two places, so that what is left over goes to the third part",
        )


@check("split_indices", marks=0.25)
def each_part_has_its_share_of_each_class(student: Student) -> None:
    labels = [0] * 10 + [1] * 20 + [2] * 5
    want = [{0: 6, 1: 12, 2: 3}, {0: 2, 1: 4, 2: 1}, {0: 2, 1: 4, 2: 1}]
    hint = "split class by class, then put the pieces together"
    expect_counts(student, [(labels, (0.6, 0.2, 0.2), want)], hint)


@check("split_indices", marks=0.25)
def any_numbers_can_name_the_classes_in_any_order(student: Student) -> None:
    labels = [7, -1, 3, 7, 7, -1, 3, 7, 7, -1, -1, 3, -1, 3, 3]
    want = [{-1: 3, 3: 3, 7: 3}, {-1: 1, 3: 1, 7: 1}, {-1: 1, 3: 1, 7: 1}]
    hint = "take the classes from the labels, with np.unique, and find the rows of each with np.flatnonzero"
    expect_counts(student, [(given, (0.6, 0.2, 0.2), want) for given in (labels, np.array(labels))], hint)


@check("split_indices", marks=0.25)
def both_cuts_are_rounded(student: Student) -> None:
    hint = "for m rows cut at round(f_train * m) and at round((f_train + f_val) * m)"
    two_classes = [{0: 2, 1: 4}, {0: 1, 1: 3}, {0: 1, 1: 2}]
    cases: list[Case] = [
        ([4] * 7, (0.6, 0.2, 0.2), [{4: 4}, {4: 2}, {4: 1}]),
        ([0] * 4 + [1] * 9, (0.4, 0.4, 0.2), two_classes),
    ]
    expect_counts(student, cases, hint)


@check("split_indices", marks=0.25)
def the_seed_decides_which_rows(student: Student) -> None:
    (one, call), (again, _), (third, _), (other, other_call) = (
        split(student, SIXTY, (0.5, 0.3, 0.2), seed) for seed in (1, 1, 3, 2)
    )
    in_order = "as stored" if one[0] == list(range(30)) else "mixed"
    student.note([in_order, again == one, one in (other, third)])
    hint = "make the generator inside the function from the seed"
    expect_equal(again, one, call=f"{call}, a second time", hint=hint)
    hint = "shuffle the rows of each class with np.random.default_rng(seed) before you cut"
    expect(
        one not in (other, third), call=other_call, got="the rows of seed 1", expected="other rows", hint=hint
    )


@check("split_indices", marks=0.25)
def the_global_randomness_of_numpy_is_left_alone(student: Student) -> None:
    other, _ = split(student, SIXTY, (0.5, 0.3, 0.2), 5)
    got = student.run(GLOBAL_RANDOMNESS, labels=list(SIXTY), fractions=(0.5, 0.3, 0.2), seed=4)
    call = "np.random.random() after np.random.seed(7) and split_indices(…, seed=4)"
    three = isinstance(got, (list, tuple)) and len(got) == 3
    expect(three, call=call, got=got, expected="three results", hint=PARTS)
    first, second = (positions(parts, "split_indices(…, seed=4)") for parts in got[1:])
    student.note([got[0], second == first, first == other])
    hint = "use a generator of your own, np.random.default_rng(seed), instead of np.random.seed"
    expect_close(got[0], np.random.RandomState(7).random_sample(), call=call, hint=hint)
    expect_equal(second, first, call="split_indices(…, seed=4) after np.random.seed(8)", hint=hint)
    call = "split_indices(…, seed=5)"
    expect(first != other, call=call, got="the rows of seed 4", expected="other rows", hint=hint)


@check("split_indices", marks=0.25)
def fractions_that_make_no_split_raise_ValueError(student: Student) -> None:
    def ask_for(fractions: tuple[float, ...]) -> Any:
        got = student.split_indices([0] * 10, fractions, 0)
        student.note("no error")
        return got

    split(student, [0] * 10, (0.7, 0.2, 0.1), 0)
    hint = "raise ValueError unless there are three, none is negative, and math.isclose(sum(fractions), 1)"
    for fractions in ((0.5, 0.5), (0.8, 0.4, -0.2), (0.5, 0.2, 0.2), (0.6, 0.3, 0.2), (0.4, 0.3, 0.2, 0.1)):
        call = f"split_indices([0] * 10, {fractions}, 0)"
        expect_raises(ValueError, partial(ask_for, fractions), call=call, hint=hint)


@check("split_indices", marks=0.25)
def three_arrays_of_integers_even_when_one_is_empty(student: Student) -> None:
    got, call = ask(student, "split_indices", [0, 0, 0, 0, 1, 1], (0.5, 0.5, 0.0), 0)
    sizes = [len(part) for part in positions(got, call)]
    kinds = [part.dtype.kind if isinstance(part, np.ndarray) else "no array" for part in got]
    student.note([sizes, kinds])
    labels = student.run("split_indices(labels, (0.5, 0.5, 0.0), 0)\nlabels", labels=[2, 0, 1, 1, 2, 0])
    expect_equal(sizes, [3, 3, 0], call=f"the sizes of {call}", hint="a fraction of 0 gives an empty array")
    for name, part, kind in zip(NAMES, got, kinds, strict=True):
        expect(
            kind in tuple("iu"),
            call=f"the {name} part of {call}",
            got=part,
            expected="a NumPy array of integers",
            hint="np.array([]) holds floats: write np.array(rows, dtype=int)",
        )
    hint = "do not sort or change the labels in place"
    expect_close(labels, [2, 0, 1, 1, 2, 0], call="the labels after the call", hint=hint)
