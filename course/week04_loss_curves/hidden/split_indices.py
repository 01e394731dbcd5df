"""Hidden checks of split_indices: labels, sizes, fractions and seeds are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from checking import as_array, expect, expect_close, expect_equal

from autograder.checks.framework import Student, check
from autograder.checks.inputs import (
    as_typed,
    drawn,
    drawn_from,
    drawn_seed,
    drawn_sign,
    shuffled,
)  # fmt: skip

Fractions = Sequence[float]
Parts = list[list[int]]
NAMES = ("train", "val", "test")
PARTS = "three arrays of positions: return train, val, test"
EXACT = (0.5, 0.25, 0.25)  # floats hold these, and so the cuts: nothing hangs on the last digit
FRACTIONS = (EXACT, (0.25, 0.5, 0.25), (0.25, 0.25, 0.5), (0.75, 0.125, 0.125), (0.5, 0.375, 0.125))
FIFTHS = (0.6, 0.2, 0.2)
MOST = 100_000  # positions to look through: no check asks for a hundredth of it
RANDOMNESS = """
import random
import numpy as np
import torch
def _seeded(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
def _next():
    return [random.random(), np.random.random(), torch.rand(()).item()]
_seeded(one)
_wanted = _next()
_seeded(one)
_first = split_indices(labels, fractions, seed)
_came = _next()
_seeded(other)
_second = split_indices(labels, fractions, seed)
[_wanted, _came, _first, _second]
"""


def readable(got: Any) -> str:
    """Return "" for three sequences of whole numbers, or in a few words what else came back."""
    if not isinstance(got, (list, tuple)) or len(got) != 3:
        return "not three parts"
    for part in got:
        numbers = np.zeros(0) if isinstance(part, (list, tuple)) and len(part) == 0 else as_array(part)
        if numbers is None or numbers.ndim != 1 or numbers.size > MOST:
            return "parts that are no rows of numbers"
        if not bool(np.isfinite(numbers).all() and (numbers % 1 == 0).all()):
            return "numbers that are not whole"
    return ""


def read(student: Student, got: Any, call: str, rows: int) -> Parts:
    """Return the three parts as sorted lists, and note what does not depend on chance about them."""
    problem = readable(got)
    if problem:
        student.note(problem)
    expect(not problem, call=call, got=got, expected="three arrays of whole numbers", hint=PARTS)
    parts = [sorted(int(i) for i in np.asarray(part, dtype=float).ravel()) for part in got]
    student.note(summary(parts, rows))
    return parts


def summary(parts: Parts, rows: int) -> list[Any]:
    """Return the sizes of the parts, and how often rows are used."""
    together = Counter(i for part in parts for i in part)
    used = {i: together.pop(i, 0) for i in range(rows)}
    words = ["other rows"] * bool(together) + ["a row left out"] * (0 in used.values())
    return [*map(len, parts), *words, "a row twice" if max(used.values(), default=0) > 1 else "no row twice"]


def split(student: Student, labels: Any, fractions: Any, seed: int) -> tuple[Parts, str]:
    """Return the three parts of a split, and the call as typed."""
    call = as_typed("split_indices", labels, fractions, seed)
    return read(student, student.split_indices(labels, fractions, seed), call, len(labels)), call


def cut(rows: int, fractions: Fractions) -> tuple[int, int, int]:
    """Return how many of the rows of a class belong to each part."""
    first, second = round(fractions[0] * rows), round((fractions[0] + fractions[1]) * rows)
    return first, second - first, rows - second


def counts(parts: Parts, labels: Sequence[int]) -> list[dict[str, int]]:
    """Return for each part how many rows of each class it holds; positions of no row are counted as such."""
    named = [
        Counter(f"class {labels[i]}" if 0 <= i < len(labels) else "no row" for i in part) for part in parts
    ]
    return [dict(sorted(part.items())) for part in named]


def wanted(labels: Sequence[int], fractions: Fractions) -> list[dict[str, int]]:
    """Return what counts gives for a right split."""
    sizes = {f"class {label}": cut(rows, fractions) for label, rows in sorted(Counter(labels).items())}
    return [{name: size[part] for name, size in sorted(sizes.items()) if size[part]} for part in range(3)]


def expect_shares(student: Student, cases: Sequence[tuple[list[int], Any, bool]], hint: str) -> None:
    """Ask for a split of each (labels, fractions, as an array); then compare the rows of each class."""
    answers = []
    for labels, fractions, as_an_array in cases:
        given = np.array(labels) if as_an_array else labels
        parts, call = split(student, given, fractions, drawn_seed(student))
        want, got = wanted(labels, fractions), counts(parts, labels)
        student.note([*summary(parts, len(labels)), "shares right" if got == want else "shares wrong"])
        answers.append((got, want, call))
    for got, want, call in answers:
        for name, mine, right in zip(NAMES, got, want, strict=True):
            rows = f"the rows of each class in the {name} part of {call}"
            expect_close(mine, right, call=rows, hint=hint)


def labels_of(student: Student, sizes: dict[int, int]) -> list[int]:
    """Return labels in a random order: so many rows of each class."""
    return shuffled(student, [label for label, rows in sizes.items() for _ in range(rows)])


@check("split_indices", gate=True)
def a_class_is_cut_into_three_parts(student: Student) -> None:
    rows, fractions = 8 * drawn(student, 2, 9), drawn_from(student, FRACTIONS, 1)[0]
    parts, call = split(student, [0] * rows, fractions, drawn_seed(student))
    usable = all(parts) and len(parts[0]) < rows
    shown = [f"{len(part)} rows" for part in parts]
    expect(usable, call=call, got=shown, expected="some rows in each part", hint=PARTS)


@check("split_indices", marks=0.25)
def each_row_is_used_exactly_once(student: Student) -> None:
    answers = []
    for fractions in (EXACT, *drawn_from(student, FRACTIONS[1:], 2)):
        sizes = {label: 8 * drawn(student, 1, 4) + 5 for label in drawn_from(student, range(9), 3)}
        labels = labels_of(student, sizes)
        answers.append((*split(student, labels, fractions, drawn_seed(student)), len(labels)))
    for parts, call, rows in answers:
        hint = "cut each class at two places, so that what is left over goes to the third part"
        together = sorted(i for part in parts for i in part)
        expect_equal(together, list(range(rows)), call=f"all positions in {call}", hint=hint)


@check("split_indices", marks=0.25)
def each_part_has_its_share_of_each_class(student: Student) -> None:
    cases = []
    for fractions in drawn_from(student, FRACTIONS, 2):
        sizes = {label: 8 * drawn(student, 2, 4) for label in range(drawn(student, 3, 5))}
        cases.append((labels_of(student, {**sizes, 0: 8}), fractions, False))
    many = labels_of(student, dict.fromkeys(range(drawn(student, 20, 30)), 8))
    cases.append((many, FRACTIONS[1], True))
    cases.append((sorted(many), FRACTIONS[2], False))
    expect_shares(student, cases, "split class by class, then put the pieces together")


@check("split_indices", marks=0.25)
def any_whole_numbers_can_name_the_classes_in_any_order(student: Student) -> None:
    huge = 30_000 + drawn(student, 0, 99)
    gaps = [drawn(student, -99, -2), -1, drawn(student, 1, 5), drawn(student, 7, 99), huge]
    one = drawn(student, 5, 99) * drawn_sign(student)
    rare = labels_of(student, {0: 24, 1: 8, drawn(student, 2, 5): 1, drawn(student, 6, 9): 2})
    cases = [
        (labels_of(student, dict.fromkeys(gaps, 8)), FRACTIONS[0], False),
        (labels_of(student, dict.fromkeys(gaps, 16)), FRACTIONS[1], True),
        (sorted(labels_of(student, dict.fromkeys(gaps, 8)), reverse=True), FRACTIONS[2], False),
        ([one] * 8 * drawn(student, 2, 5), FRACTIONS[3], False),
        (rare, FRACTIONS[3], True),
        (rare, FRACTIONS[2], False),
    ]
    hint = "take the classes from the labels, with np.unique, and find the rows of each with np.flatnonzero"
    expect_shares(student, cases, hint)


@check("split_indices", marks=0.25)
def both_cuts_are_rounded(student: Student) -> None:
    tens, fours = (drawn(student, 1, 5) for _ in range(2))
    kinds = [
        (FIFTHS, 5 * tens + 1),  # both cuts are rounded up
        (FIFTHS, 5 * tens + 4),  # both are rounded down
        (FIFTHS, 5 * tens + 2),  # three rounded sizes do not add up to the cuts
        (EXACT, 4 * fours + 1),  # the first cut ends in .5, after an even number
        (EXACT, 4 * fours + 3),  # after an odd one
        ((0.25, 0.25, 0.5), 4 * fours + 1),  # the second cut
    ]
    cases = []
    for number, (fractions, rows) in enumerate(kinds):
        one, other = drawn_from(student, range(9), 2)
        labels = labels_of(student, {one: rows, other: rows + 20})
        cases.append((labels, fractions, bool(number % 2)))
    hint = "for m rows cut at round(f_train * m) and at round((f_train + f_val) * m), with Python's own round"
    expect_shares(student, cases, hint)


@check("split_indices", marks=0.25)
def the_seed_decides_which_rows_of_each_class(student: Student) -> None:
    classes = drawn_from(student, range(9), 3)
    labels, fractions = [label for label in sorted(classes) for _ in range(24)], EXACT
    seed = drawn_seed(student)
    seeds = (seed, 0, seed + drawn(student, 1, 9), 0, seed)
    answers = [split(student, labels, fractions, number) for number in seeds]
    (one, call), (zero, zero_call), (other, other_call), (zero_again, _), (again, _) = answers
    pieces = [
        [{i for i in part if 24 * k <= i < 24 * (k + 1)} for part in parts for k in range(3)]
        for parts in (one, other)
    ]
    moved = all(mine != yours for mine, yours in zip(*pieces, strict=True))
    as_stored = all(i % 24 < 12 for i in one[0])
    turned = all(len(borders(piece)) <= 2 for piece in pieces[0][:3])
    student.note([again == one, zero_again == zero, moved, other != zero, as_stored, turned])
    hint = "make the generator inside the function from the seed, and from nothing else"
    expect_equal(again, one, call=f"{call}, a second time", hint=hint)
    expect_equal(zero_again, zero, call=f"{zero_call}, a second time", hint=hint)
    hint = "shuffle the rows of each class with np.random.default_rng(seed) before you cut"
    came = f"rows that seed {seed} gives as well"
    expect(moved and other != zero, call=other_call, got=came, expected="other rows of each class", hint=hint)
    expect(not turned, call=call, got="neighbours in each class", expected="rows in no order", hint=hint)


def borders(piece: set[int]) -> list[int]:
    """Return the rows of a class of 24 after which a piece of it ends or begins; its end meets its start."""
    inside = {i % 24 for i in piece}
    return [i for i in range(24) if (i in inside) != ((i + 1) % 24 in inside)]


@check("split_indices", marks=0.25)
def the_randomness_of_everybody_else_is_left_alone(student: Student) -> None:
    labels = labels_of(student, {0: 24, 1: 32})
    seed, one = drawn_seed(student), drawn(student, 1, 10**6)
    given = {"labels": labels, "fractions": FRACTIONS[2], "seed": seed, "one": one, "other": one + 1}
    got = student.run(RANDOMNESS, **given)
    call = "a random number after split_indices(…), with all generators seeded before"
    four = isinstance(got, (list, tuple)) and len(got) == 4
    student.note(four and [readable(got[2]), readable(got[3]), got[1] == got[0]])
    expect(four, call=call, got=got, expected="three arrays", hint=PARTS)
    hint = "use a generator of your own, np.random.default_rng(seed), instead of np.random.seed"
    name = f"split_indices(…, seed={seed})"
    first, second = (read_again(part, name) for part in got[2:])
    student.note([first == second, got[1] == got[0], summary(first, 56)])
    expect_close(got[1], got[0], call=call, hint=hint)
    expect_equal(second, first, call=f"{name} when np.random has another seed", hint=hint)
    expect_equal([len(part) for part in first], [14, 14, 28], call=f"the sizes of {name}", hint=PARTS)


def read_again(got: Any, call: str) -> Parts:
    """Return the three parts that a scenario brought, as sorted lists."""
    expect(not readable(got), call=call, got=got, expected="three arrays of whole numbers", hint=PARTS)
    return [sorted(int(i) for i in np.asarray(part, dtype=float).ravel()) for part in got]
