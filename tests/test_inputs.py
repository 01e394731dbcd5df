"""What is drawn for hidden checks: as many kinds as said, exact to print; nothing given can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from checking import Mismatch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import inputs
from autograder.checks.framework import Student
from autograder.checks.inputs import (
    ask,
    cheaper,
    compare,
    drawn,
    drawn_decimal,
    drawn_from,
    drawn_labels,
    drawn_magnitude,
    drawn_seed,
    drawn_sign,
    drawn_size,
    expect_gradient,
    half_steps,
    jittered,
    random_tenths,
    shuffled,
    tenths,
    unchanged,
    written,
    zeros_and_ones,
)
from autograder.checks.kernel import LocalBackend


def student(seed: int = 0, **names: Any) -> Student:
    return Student(LocalBackend(names), seed, "a check")


# what is drawn, and what holds of it
DRAWN: list[tuple[str, Callable[[Student], Any], Callable[[Any], bool]]] = [
    ("drawn", lambda s: drawn(s, 2, 4), lambda n: n in (2, 3, 4)),
    ("drawn_size", drawn_size, lambda n: 3 <= n <= 7),
    ("drawn_sign", drawn_sign, lambda n: n in (-1, 1)),
    ("drawn_decimal", lambda s: drawn_decimal(s, 0.5, 0.9), lambda x: 0.5 <= x <= 0.9 and x == round(x, 2)),
    ("drawn_magnitude", drawn_magnitude, lambda n: 110 < n < 290 and n % 10 != 0),
    ("drawn_seed", drawn_seed, lambda n: 1 <= n <= 99_999),
    ("tenths", lambda s: tenths(s, 4), lambda x: len(x) == 4 and all(v == round(v, 2) != 0 for v in x)),
    ("random_tenths", lambda s: random_tenths(s, 2, 3), lambda x: x.shape == (2, 3)),
    ("half_steps", lambda s: half_steps(s, 5), lambda x: bool(((x * 4 % 1 == 0) & (x.abs() <= 4)).all())),
    ("jittered", lambda s: jittered(s, 1.0, -2.0), lambda x: abs(x[0] - 1) < 0.21 and abs(x[1] + 2) < 0.21),
    ("shuffled", lambda s: shuffled(s, "abcd"), lambda x: sorted(x) == ["a", "b", "c", "d"]),
    ("drawn_from", lambda s: drawn_from(s, range(9), 4), lambda x: len(set(x)) == 4),
    ("drawn_labels", lambda s: drawn_labels(s, 7, 3), lambda x: sorted(x.bincount().tolist()) == [2, 2, 3]),
    ("zeros_and_ones", lambda s: zeros_and_ones(s, 2, 3), lambda x: x.shape == (2, 3) and x.sum() == 3),
]  # fmt: skip


@pytest.mark.parametrize(("draw", "holds"), [case[1:] for case in DRAWN], ids=[case[0] for case in DRAWN])
@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_what_is_drawn_is_of_its_kind(draw: Any, holds: Any, seed: int) -> None:
    value = draw(student(seed))
    assert holds(value)
    assert repr(draw(student(seed))) == repr(value)


@pytest.mark.parametrize("draw", [case[1] for case in DRAWN], ids=[case[0] for case in DRAWN])
def test_what_is_drawn_differs_from_grading_to_grading(draw: Any) -> None:
    assert len({repr(draw(student(seed))) for seed in range(12)}) > 1


WRITTEN = [
    (0.1 + 0.2, "0.3"),
    (torch.tensor([[1.0, -0.25]]), "[[1, -0.25]]"),
    (np.array([1, 2]), "[1, 2]"),
    (np.float32(0.5), "0.5"),
    ({"loss": [1.0, 2.0]}, "{'loss': [1, 2]}"),
    (("a", None, True), "['a', None, True]"),
    (list(range(30)), f"[{', '.join(map(str, range(24)))}, … (30 values)]"),
]


@pytest.mark.parametrize(("value", "text"), WRITTEN)
def test_arguments_are_written_as_a_student_would_type_them(value: Any, text: str) -> None:
    assert written(value) == text


def spoil(value: Any) -> Any:
    """Change everything inside a value that can be changed in place."""
    if isinstance(value, torch.Tensor | np.ndarray):
        value[...] = 9
    elif isinstance(value, list | tuple):
        list(map(spoil, value))
        if isinstance(value, list):
            value.append(9)
    elif isinstance(value, dict):
        list(map(spoil, value.values()))
        value["more"] = 9
    return 1.0


GIVEN: list[Any] = [
    torch.ones(2), np.ones(2), [1, 2], ([1], [2]), {"a": [1]}, [torch.ones(2), {"b": (np.ones(1),)}],
]  # fmt: skip


@pytest.mark.parametrize("value", GIVEN, ids=str)
def test_what_a_student_changes_in_place_is_never_the_judges_own(value: Any) -> None:
    one, before = student(spoil=spoil), repr(value)
    ask(one, "spoil", value)
    compare(one, "spoil", [((value,), 1.0), ((value, value), 1.0)][:1], hint="h")
    one.run("spoil(value)", value=value)
    inputs.afterwards(one, "spoil(value)", value=value)
    with pytest.raises(Mismatch, match="as it was"):
        unchanged(one, "spoil", value, want=1.0)
    assert repr(value) == before


@pytest.mark.parametrize("value", GIVEN, ids=str)
def test_an_argument_that_stays_as_it_was_passes_with_a_right_answer_alone(value: Any) -> None:
    unchanged(student(f=lambda *_, **__: 1.0), "f", value, 2, want=1.0, more=value)
    with pytest.raises(Mismatch, match="together with a right answer"):
        unchanged(student(f=lambda *_, **__: 2.0), "f", value, want=1.0)


def test_a_kind_of_number_is_a_change_and_the_right_answer_may_be_told_by_a_function() -> None:
    def retype(values: Any) -> float:
        values[0] = float(values[0])
        return 1.0

    with pytest.raises(Mismatch, match="an argument after f"):
        unchanged(student(f=retype), "f", [1, 2], want=lambda answer, call: None)

    def refuse(answer: Any, call: str) -> None:
        raise Mismatch(call, "1", "2", "no")

    with pytest.raises(Mismatch, match=r"f\(\[1\]\)"):
        unchanged(student(f=lambda values: 1.0), "f", [1], want=refuse)


def test_a_gradient_is_asked_for_as_a_student_would_type_it() -> None:
    right, cut = lambda x, k: (x * x * k).sum(), lambda x, k: (x * x * k).sum().item()
    x = torch.tensor([1.0, -2.0])
    expect_gradient(student(f=right), "f(x, k)", "x", 6 * x, x=x, k=3)
    with pytest.raises(Mismatch, match=r"the gradient of f\(\[1, -2\], 3\) with respect to x"):
        expect_gradient(student(f=cut), "f(x, k)", "x", 6 * x, x=x, k=3)


def test_cheaper_wants_two_finite_numbers_in_order() -> None:
    cheaper(student(f=abs), "f", (1,), (-2,), hint="h")
    for answer in (lambda x: -abs(x), lambda x: float("nan"), lambda x: [x]):
        with pytest.raises(Mismatch):
            cheaper(student(f=answer), "f", (1,), (-2,), hint="h")


def test_answers_stand_beside_what_was_expected() -> None:
    one = student(f=lambda x: 2 * x)
    with pytest.raises(Mismatch):
        compare(one, "f", [((1.0,), 1.0), ((3.0,), 3.0)], hint="h")
    assert [(pair.call, pair.got, pair.want, pair.args) for pair in one._pairs] == [
        ("f(1)", 2.0, 1.0, (1.0,)),
        ("f(3)", 6.0, 3.0, (3.0,)),
    ]
