"""How answers are compared: what counts as equal, and that no value, however odd, ends in a traceback."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from checking import Mismatch, as_array, difference, expect, expect_close, expect_equal, expect_raises, show

ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


class Unfriendly:
    """An object whose every question ends in an error."""

    def __repr__(self) -> str:
        raise RuntimeError("no")

    def __array__(self, *args: object, **kwargs: object) -> np.ndarray:
        raise RuntimeError("no")


ODD = (
    None, "text", "0.5", b"1", math.nan, math.inf, True, 10**5000, 1j, object(), Unfriendly(), int, ENDLESS,
    [], {}, {1, 2}, [[1, 2], [3]], ["a"], [None], np.array(["1"]), np.array([None, {}]), np.array([1j]),
    np.zeros(2, dtype=[("a", int)]), np.datetime64("2020"), torch.tensor([1j]), torch.eye(2).to_sparse(),
    torch.empty(2, device="meta"), [torch.tensor(1.0, requires_grad=True)], torch.tensor([]),
)  # fmt: skip
WANTED = (0.5, [1.0, 2.0], [], torch.ones(2, 2), {"a": 1}, "x", True, None, [[1, 2], [3]])

EQUAL = [
    (0.5, 0.5),
    (torch.tensor(0.5, requires_grad=True), 0.5),
    (np.float32(0.5), 0.5),
    (0.50004, 0.5),
    (1000.05, 1000.0),
    ([1, 2.0], torch.tensor([1.0, 2.0])),
    ([torch.tensor(1.0, requires_grad=True), 2], [1.0, 2.0]),
    (np.array([1, 2]), [1.0, 2.0]),
    ([[1.0], [2.0, 3.0]], [[1.0], [2.0, 3.0]]),
    ({"loss": 1}, {"loss": 1.0}),
    (math.inf, math.inf),
    (math.nan, math.nan),
    ([[1, 2], [3, 4]], torch.tensor([[1.0, 2.0], [3.0, 4.0]])),
    ("a", "a"),
    (None, None),
    ([], []),
]
DIFFERENT = [
    (0.6, 0.5),
    (0.5002, 0.5),
    (torch.tensor([1.0]), 1.0),
    (math.nan, 0.0),
    (math.inf, 1.0),
    (True, 1.0),
    ("0.5", 0.5),
    (np.array(["1"]), [1.0]),
    ([1.0, 2.0, 3.0], [1.0, 2.0]),
    ([[1.0], [2.0, 4.0]], [[1.0], [2.0, 3.0]]),
    ({"loss": 2}, {"loss": 1.0}),
    ({"other": 1}, {"loss": 1.0}),
    (1, True),
    (None, "a"),
    ([1.0], []),
]


@pytest.mark.parametrize(("got", "want"), EQUAL)
def test_equal_answers_pass(got: Any, want: Any) -> None:
    expect_close(got, want, call="f()", hint="think")


@pytest.mark.parametrize(("got", "want"), DIFFERENT)
def test_different_answers_are_a_mismatch_that_says_what_came_back(got: Any, want: Any) -> None:
    with pytest.raises(Mismatch) as caught:
        expect_close(got, want, call="f()", hint="think again")
    assert caught.value.call == "f()"
    assert "think again" in str(caught.value)
    assert caught.value.got


@pytest.mark.parametrize("got", ODD, ids=lambda value: type(value).__name__)
def test_no_value_is_too_odd_to_be_compared_and_shown(got: Any, recwarn: pytest.WarningsRecorder) -> None:
    for want in WANTED:
        problem = difference(got, want)
        assert problem is None or isinstance(problem, str)
    assert 0 < len(show(got)) <= 120
    assert as_array(got) is None or as_array(got).dtype == np.float64
    assert not recwarn.list, "a warning on stderr costs the marks of a cell in plain nbgrader"


def test_only_true_is_true() -> None:
    expect(np.bool_(True), call="f()", got=1, expected="1", hint="think")
    for condition in (False, None, 1, "yes", np.False_, torch.tensor(True)):
        with pytest.raises(Mismatch):
            expect(condition, call="f()", got=1, expected="2", hint="think")


def test_equal_plain_values_have_the_same_kind() -> None:
    expect_equal("healthy", "healthy", call="f()", hint="think")
    for got, want in ((1, True), (1.0, 1), ("a", "b"), (None, "a")):
        with pytest.raises(Mismatch):
            expect_equal(got, want, call="f()", hint="think")


def test_expected_errors_are_told_from_answers_and_other_errors() -> None:
    expect_raises(ValueError, lambda: int("x"), call="f()", hint="think")
    for action, got in ((lambda: 5, "5"), (lambda: [][0], "IndexError: list index out of range")):
        with pytest.raises(Mismatch) as caught:
            expect_raises(ValueError, action, call="f()", hint="think")
        assert caught.value.got == got
