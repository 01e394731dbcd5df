"""What relates wrong answers to the right ones is named, and unrelated answers get no name."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from checking import expect_close
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from weeks import exercises

from autograder.checks.framework import Pair, Student, Tried, check
from autograder.checks.inputs import compare, drawn
from autograder.checks.kernel import LocalBackend
from autograder.checks.relations import find_relation
from autograder.tasks import Judge
from autograder.verify.exercise import Exercise

VALUES = st.floats(0.1, 50.0).map(lambda value: round(value, 2))
SIGNED = st.one_of(VALUES, VALUES.map(lambda value: -value))
NUMBERS = st.lists(SIGNED, min_size=4, max_size=7, unique=True)
ANSWERS = st.lists(SIGNED, min_size=3, max_size=6, unique=True)
TOLERANT = settings(max_examples=60, deadline=None, derandomize=True)


def tried(*pairs: tuple[Any, Any], args: tuple[Any, ...] = (), passed: bool = False) -> list[Tried]:
    """Return a check for each pair of an answer and the right one."""
    return [
        Tried(f"check {n}", False, passed, (Pair(f"f({n})", got, want, args),))
        for n, (got, want) in enumerate(pairs)
    ]


def name_of(checks: list[Tried]) -> str:
    found = find_relation(checks)
    return found.name.removeprefix("relation: ") if found else ""


WANTS = ([1.0, 2.0, 4.0], [3.0, -1.0, 5.0, 7.0])
TABLE = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]

# what is done to the right answers, the right answers, the name
RELATED: list[tuple[Callable[[Any], Any], tuple[Any, ...], str]] = [
    (lambda want: -want, (0.5, 2.0), "sign"),
    (lambda want: 2 * want, (0.5, 3.0), "factor 2"),
    (lambda want: want / 2, (0.5, 3.0), "factor 0.5"),
    (lambda want: want / math.log(2), (0.5, 3.0), "factor 1.44"),
    (lambda want: want / math.log(10), (0.5, 3.0), "factor 0.434"),
    (lambda want: want * math.log(2), (0.5, 3.0), "factor 0.693"),
    (lambda want: 1.7 * want, (0.5, 3.0), "a constant factor"),
    (lambda want: want + 0.5, (0.5, 3.0), "constant added"),
    (lambda want: [value + 1 for value in want], WANTS, "constant added"),
    (lambda want: want + 1, (0.5, 443.0), "constant added"),
    (math.sqrt, (0.5, 3.0), "square root"),
    (lambda want: want**2, (0.5, 3.0), "square"),
    (math.exp, (0.5, 3.0), "exponential"),
    (lambda want: math.exp(-want), (0.5, 3.0), "exponential of minus"),
    (lambda want: 1 - want, (0.3, 0.9), "one minus"),
    (lambda want: want[::-1], WANTS, "reversed"),
    (lambda want: [0.0, *want[:-1]], WANTS, "one place too late"),
    (lambda want: [*want[1:], 9.0], WANTS, "one place too early"),
    (lambda want: torch.tensor(want).T, (TABLE,), "transposed"),
    (lambda want: torch.tensor([want]), (0.5, 3.0), "shape"),
    (lambda want: torch.tensor(want).flatten(), (TABLE,), "shape"),
    (lambda want: [[value] for value in want], WANTS, "shape"),
]


@pytest.mark.parametrize(("change", "wants", "name"), RELATED)
def test_what_relates_all_answers_is_named(change: Callable[[Any], Any], wants: Any, name: str) -> None:
    assert name_of(tried(*((change(want), want) for want in wants))) == name


def test_answers_that_are_sums_are_known_by_the_sizes_of_the_inputs() -> None:
    three, five = (tried((n * want, want), args=(torch.zeros(n),)) for n, want in ((3, 0.4), (5, 0.7)))
    assert name_of([*three, *five]) == "summed"
    assert name_of([*three, *tried((3 * 0.7, 0.7), args=(torch.zeros(3),))]) == "summed"
    assert name_of([*three, *tried((0.9, 0.9), args=(torch.zeros(1),), passed=True)[:1]]) == ""
    ranked = [tried((6 * want, want), args=(torch.zeros(4),))[0] for want in (0.5, 0.8)]
    assert name_of(ranked) == "summed"
    means = [tried((want / n, want), args=(torch.zeros(n),))[0] for n, want in ((3, 0.4), (5, 0.7))]
    assert name_of(means) == "divided once too often"


def test_a_right_answer_to_a_batch_speaks_against_a_sum() -> None:
    wrong = [tried((n * 0.5 * n, 0.5 * n), args=(torch.zeros(n),))[0] for n in (2, 3)]
    right = tried((0.7, 0.7), args=(torch.zeros(4),), passed=True)
    assert name_of([*wrong, *right]) == ""


CUT = "a tensor that is not connected to pred"


def test_answers_without_a_gradient_are_detached_only_if_their_numbers_are_right() -> None:
    cut = tried((CUT, torch.ones(2)))
    assert name_of([*cut, *tried((0.5, 0.5), passed=True)]) == "detached"
    assert name_of([*cut, *tried((0.5, 0.6))]) == ""
    assert name_of(cut) == ""


def test_right_numbers_of_another_kind_are_told_from_wrong_ones() -> None:
    assert name_of(tried((np.array([1.0, 2.0]), [1.0, 2.0]))) == "kind"
    assert name_of(tried(((1.0, 2.0), [1.0, 2.0]), ([3], (3,)))) == "kind"
    assert name_of(tried(([1.0, 2.0], [1.0, 2.0]))) == ""


def sized(right: tuple[int, ...], wrong: tuple[int, ...], *more: Any) -> list[Tried]:
    """Return answers to inputs of these sizes, of which those in `wrong` are wrong without a pattern."""
    good = [tried((n + 0.5, n + 0.5), args=(torch.zeros(n),), passed=True)[0] for n in right]
    bad = [tried((n * n + 0.3, n + 0.5), args=(torch.zeros(n), *more))[0] for n in wrong]
    return [*good, *bad]


def test_what_the_right_answers_have_in_common_is_named() -> None:
    assert name_of(sized((1, 1, 1), (3, 4, 5))) == "right for one value"
    assert name_of(sized((3, 3, 3), (2, 4, 5))) == "right for one size"
    assert name_of(sized((3, 4, 5), (3, 4, 5), 2.0)) == "right for the default"
    assert name_of(sized((3, 4, 5), (3, 4, 5))) == ""
    assert name_of(sized((3, 3), (4, 5))) == ""


NOTHING: list[tuple[str, list[Tried]]] = [
    ("nothing failed", tried((1.0, 1.0), (2.0, 2.0), passed=True)),
    ("nothing was compared", [Tried("c", False, False, ())]),
    ("one answer alone", tried((2.0, 1.0))),
    ("the same answer twice", tried((2.0, 1.0), (2.0, 1.0))),
    ("zeros alone", tried((0.0, 0.0), (0.0, 0.0))),
    ("a check of another kind failed, too", [*tried((2.0, 1.0), (6.0, 3.0)), Tried("e", False, False, ())]),
    ("one answer does not fit", tried((2.0, 1.0), (6.0, 3.0), (5.0, 4.0))),
    ("a right answer does not fit", [*tried((2.0, 1.0), (6.0, 3.0)), *tried((4.0, 4.0), passed=True)]),
    ("nothing but zeros came back", tried((0.0, 1.0), (0.0, 3.0))),
    ("a check that cannot decide", [*tried((2.0, 1.0), (6.0, 3.0)), Tried("e", False, None, ())]),
    ("nan", tried((math.nan, 1.0), (math.nan, 3.0))),
    ("None", tried((None, 1.0), (None, 3.0))),
    ("text", tried(("1", 1.0), ("3", 3.0))),
    ("rows that are all alike", tried(([1.0, 1.0, 2.0], [1.0, 1.0, 1.0]), ([3.0, 2.0], [2.0, 2.0]))),
]


@pytest.mark.parametrize("checks", [case[1] for case in NOTHING], ids=[case[0] for case in NOTHING])
def test_what_explains_too_little_is_not_named(checks: list[Tried]) -> None:
    assert name_of(checks) == ""


def test_a_gate_that_only_asks_for_a_usable_answer_speaks_against_nothing() -> None:
    gate = Tried("gate", True, False, ())
    assert name_of([gate, *tried((-1.0, 1.0), (-3.0, 3.0))]) == "sign"


@TOLERANT
@given(wants=ANSWERS, factor=SIGNED)
def test_a_factor_is_found_whatever_the_answers_are(wants: list[float], factor: float) -> None:
    assume(abs(factor - 1) > 0.01)
    found = name_of(tried(*((torch.tensor(factor * want), want) for want in wants)))
    known = {2.0: "factor 2", 0.5: "factor 0.5", -1.0: "sign"}
    assert found in {known.get(factor, "a constant factor"), "factor 1.44", "factor 0.434", "factor 0.693"}


@TOLERANT
@given(wants=st.lists(VALUES, min_size=2, max_size=5, unique=True), data=st.data())
def test_sums_are_found_whatever_the_sizes_are(wants: list[float], data: st.DataObject) -> None:
    sizes = [data.draw(st.integers(3, 9)) for _ in wants]
    checks = [
        tried((n * want, want), args=(torch.zeros(n),))[0] for n, want in zip(sizes, wants, strict=True)
    ]
    assert name_of(checks) == "summed"


@TOLERANT
@given(rows=st.lists(NUMBERS, min_size=1, max_size=3))
def test_rows_in_another_order_are_found_whatever_they_hold(rows: list[list[float]]) -> None:
    assert name_of(tried(*((row[::-1], row) for row in rows))) == "reversed"
    assert name_of(tried(*(([0.0, *row[:-1]], row) for row in rows))) == "one place too late"


@TOLERANT
@given(pairs=st.lists(st.tuples(SIGNED, SIGNED), min_size=3, max_size=6, unique=True))
def test_unrelated_numbers_are_not_named(pairs: list[tuple[float, float]]) -> None:
    ratios, amounts = ({round(f(got, want), 2) for got, want in pairs} for f in (np.divide, np.subtract))
    assume(len(ratios) > 1 and len(amounts) > 1 and not all(ratio % 1 == 0 for ratio in ratios))
    assume(all(abs(got - want) > 0.05 and abs(got - (1 - want)) > 0.05 for got, want in pairs))
    assume(not all((1 / ratio) % 1 < 0.01 or (1 / ratio) % 1 > 0.99 for ratio in ratios if ratio))
    assert name_of(tried(*pairs)) == ""


@TOLERANT
@given(rows=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=3))
def test_unrelated_rows_are_not_named(rows: list[tuple[list[float], list[float]]]) -> None:
    rows = [(got[: len(want)], want[: len(got)]) for got, want in rows]
    got, want = (np.array(row) for row in rows[0])
    for related in (want[::-1], np.roll(want, 1), np.roll(want, -1)):
        assume(np.sum(np.abs(got - related) > 0.1) >= 2)
    assume(np.ptp(got / want) > 0.1 and np.ptp(got - want) > 0.1)
    assert name_of(tried(*rows)) == ""


def test_0_that_stays_0_speaks_against_nothing() -> None:
    assert name_of([*tried((-1.0, 1.0), (-3.0, 3.0)), *tried((0.0, 0.0), passed=True)]) == "sign"


@check("f", marks=1)
def it_adds_one(student: Student) -> None:
    values = [drawn(student, 1, 9), 20, 30]
    compare(student, "f", [((value,), value + 1) for value in values], hint="add one")


@check("f", marks=1)
def it_adds_one_to_a_half(student: Student) -> None:
    expect_close(student.f(0.5), 1.5, call="f(0.5)", hint="add one")


JUDGED: list[tuple[Callable[[Any], Any], str | None, str]] = [
    (lambda x: 3 * (x + 1), "relation: a constant factor", "All your answers are 3 times the right ones"),
    (lambda x: -x - 1, "relation: sign", "the wrong sign"),
    (lambda x: x * x, None, ""),
    (lambda x: x + 1, None, "It is right because one is added."),
]


@pytest.mark.parametrize(("function", "mistake", "words"), JUDGED)
def test_a_judge_names_a_relation_where_no_mistake_is_known(
    function: Callable[[Any], Any], mistake: str | None, words: str
) -> None:
    replies = {"f": "It is right because one is added."}
    judge = Judge({"f": (it_adds_one, it_adds_one_to_a_half)}, {}, replies=replies)
    result = judge("f", LocalBackend({"f": function}), 0)
    assert result.mistake == mistake
    assert words in result.sentence
    assert bool(words) is bool(result.sentence)


FUNCTIONS = [exercise for exercise in exercises() if not exercise.is_question]
SAID = {"sum_instead_of_mean": "summed", "minus_forgotten": "sign", "plain_float": "detached"}


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=[e.name for e in FUNCTIONS])
def test_known_mistakes_of_the_course_are_related_as_they_say(exercise: Exercise) -> None:
    for mistake in exercise.mistakes:
        if mistake.name in SAID:
            found = find_relation(exercise.judge(mistake.source, 3).tried)
            assert found is None or found.name == f"relation: {SAID[mistake.name]}"
