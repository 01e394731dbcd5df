"""What a wrong answer itself shows: each hint is said where the value proves it, and nowhere else."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from checking import Mismatch, difference, expect, expect_close, expect_equal


def column(rows: int) -> torch.Tensor:
    return torch.zeros(rows, 1)


GENERAL: list[tuple[Any, Any, str]] = [  # what came back, what was expected, words of the hint
    (None, 0.5, "`return`"),
    (None, torch.ones(2), "`return`"),
    (torch.tensor([0.125]), 0.125, "of shape (1,)"),
    (torch.tensor([0.1, 0.2]), 0.3, ".mean()"),
    (np.zeros((2, 3)), 0.3, ".mean()"),
    (torch.tensor([]), 0.3, "empty"),
    ([0.1, 0.2], 0.3, "a list came back"),
    (column(3), torch.zeros(3), "axis of length 1"),
    (torch.zeros(3, 3), torch.zeros(3), "3 × 3 numbers"),
    (torch.zeros(2, 3), torch.zeros(3, 2), "the shape should be (3, 2), not (2, 3)"),
    ([torch.zeros(2), torch.zeros(2)], torch.zeros(2, 2), "torch.stack"),
    ([[1, 2], [3]], torch.zeros(2, 2), "same length"),
    ((0.5, [1, 2])[:1], 0.5, "comma"),
    (({"a": 1},), {"a": 1}, "comma"),
    ("0.5", 0.5, "quotes"),
    ("half", 0.5, "text"),
    (True, 1.0, "comparison"),
    (math.nan, 0.5, "nan came out: look for the log of 0"),
    (torch.tensor([1.0, math.inf]), [1.0, 2.0], "inf came out"),
    ([math.nan], [1.0], "Here: think again"),
    (column, 0.5, "()"),
    ([].append, 0.5, "()"),
    (..., 0.5, "three dots"),
    ((x for x in [1]), [1.0], "list(…)"),
    (torch.tensor(True), True, ".item()"),
]
EXACT: list[tuple[Any, Any, str]] = [
    ([torch.tensor(1.0), 2.0], [1.0, 2.0], ".item()"),
    ({"a": torch.tensor(1)}, {"a": 1}, ".item()"),
    (torch.tensor(3), 3, ".item()"),
    (np.float64(1.0), 1.0, ".item()"),
    (2.0, 2, "of the kind float, and int is asked for"),
    (torch.tensor([1, 2]), [1, 2], "a tensor came back where a list"),
    ((1, 2), [1, 2], "a tuple came back where a list"),
]
UNKNOWN: list[tuple[Any, Any]] = [  # answers that do not show what is wrong with them
    (0.6, 0.5),
    ([1.0, 2.0, 3.0], [1.0, 2.0]),
    ([torch.tensor(1.0), 5.0], [1.0, 2.0]),
    ((1.0,), [2.0]),
    (torch.tensor([1.0]), torch.tensor([2.0])),
    (math.nan, math.inf),
    ({"loss": 1.0}, {"other": 1.0}),
    ("a", "b"),
    (np.bool_(True), False),
    ([], [1.0]),
]


@pytest.mark.parametrize(("got", "want", "words"), GENERAL)
def test_an_answer_that_shows_its_fault_gets_a_hint_about_it(got: Any, want: Any, words: str) -> None:
    with pytest.raises(Mismatch) as caught:
        expect_close(got, want, call="f(1)", hint="think again")
    assert words in caught.value.hint
    assert caught.value.general


@pytest.mark.parametrize(("got", "want", "words"), EXACT)
def test_the_kind_counts_where_values_must_be_equal(got: Any, want: Any, words: str) -> None:
    with pytest.raises(Mismatch) as caught:
        expect_equal(got, want, call="f(1)", hint="think again")
    assert words in caught.value.hint
    assert caught.value.general
    assert not isinstance(want, int | list) or difference(got, want) is None


@pytest.mark.parametrize(("got", "want"), UNKNOWN)
def test_an_answer_that_shows_nothing_keeps_the_hint_of_the_check(got: Any, want: Any) -> None:
    with pytest.raises(Mismatch) as caught:
        expect_close(got, want, call="f(1)", hint="think again")
    assert (caught.value.hint, caught.value.general) == ("think again", False)


CONDITIONS = [  # what came back, what was called, what was expected, whether the hint is a general one
    (None, "f(1)", "a list", True),
    (None, "model.f([1], [2])", "a list", True),
    (None, "the legend", "a legend", False),
    (None, "the gradient of f(1)", "a gradient", False),
    (None, "f(1) before the first epoch", "a list", False),
    (None, "f(1)", "None after the first epoch only", False),
    ([1.0, math.nan], "f(1)", "two finite numbers", True),
    ([1.0, math.nan], "f(1)", "two numbers", False),
    (math.inf, "f(1)", "an infinite number", False),
    (column, "f(1)", "axes", True),
    (column, "f(1)", "a function of one number", False),
    (5, "f(1)", "6", False),
]


@pytest.mark.parametrize(("got", "call", "expected", "general"), CONDITIONS)
def test_a_condition_that_fails_says_only_what_the_answer_proves(
    got: Any, call: str, expected: str, general: bool
) -> None:
    with pytest.raises(Mismatch) as caught:
        expect(False, call=call, got=got, expected=expected, hint="think again")
    assert caught.value.general is general
    assert general or caught.value.hint == "think again"
