"""`compare` computes what can be computed by hand, and never says more than the numbers do."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from utils import Comparison, compare

A = [1.0, 2.0, 3.0, 6.0]  # mean 3, squared deviations 4 + 1 + 0 + 9 = 14
B = [0.0, 2.0, 1.0, 3.0]  # mean 1.5, squared deviations 2.25 + 0.25 + 0.25 + 2.25 = 5
# Differences B − A: −1, 0, −2, −3, mean −1.5, squared deviations 0.25 + 2.25 + 0.25 + 2.25 = 5


def test_paired_runs_are_judged_by_their_differences() -> None:
    found = compare(A, B)
    assert (found.mean_a, found.mean_b, found.difference) == (3.0, 1.5, -1.5)
    assert found.spread_a == pytest.approx(math.sqrt(14 / 3))
    assert found.spread_b == pytest.approx(math.sqrt(5 / 3))
    assert found.standard_error == pytest.approx(math.sqrt(5 / 3) / 2)
    assert (found.pairs, found.wins) == (4, 3)


def test_unpaired_runs_are_judged_by_the_spreads_of_both() -> None:
    found = compare(A, B[:3], paired=False)  # 0, 2, 1: mean 1, variance 1
    assert (found.mean_b, found.difference) == (1.0, -2.0)
    assert found.standard_error == pytest.approx(math.sqrt(14 / 3 / 4 + 1 / 3))
    assert (found.runs_a, found.runs_b, found.pairs, found.wins) == (4, 3, None, None)


SENTENCES = [  # mean difference, its standard error, pairs, wins, the sentence
    (-0.018, 0.006, 60, 42, "B is lower by 0.018 ± 0.006 (60 pairs), lower in 42 of 60."),
    (0.25, 0.03, 9, 1, "B is higher by 0.25 ± 0.03 (9 pairs), lower in 1 of 9."),
    (-0.5, 0.25, 4, 3, "B is lower by 0.5 ± 0.2 (4 pairs), lower in 3 of 4."),
    (-120.0, 15.0, 4, 4, "B is lower by 120 ± 15 (4 pairs), lower in 4 of 4."),
    (-0.5, 0.0, 3, 3, "B is lower by 0.500 ± 0.000 (3 pairs), lower in 3 of 3."),
    (-0.026, 0.018, 8, 5, "B minus A is -0.026 ± 0.018 (8 pairs), lower in 5 of 8: that is less than 2"),
    (0.0, 0.0, 5, 0, "B minus A is 0 ± 0 (5 pairs), lower in 0 of 5: that is less than 2 standard errors"),
    (-0.018, 0.006, None, None, "B is lower by 0.018 ± 0.006 (70 and 60 runs)."),
    (0.01, 0.01, None, None, "B minus A is 0.010 ± 0.010 (70 and 60 runs): that is less than 2 standard"),
]


@pytest.mark.parametrize(("difference", "error", "pairs", "wins", "sentence"), SENTENCES)
def test_a_comparison_says_itself_in_a_sentence(difference, error, pairs, wins, sentence: str) -> None:
    told = str(Comparison(1.0, 1.0 + difference, difference, error, 0.1, 0.1, 70, 60, pairs, wins))
    assert told.startswith(sentence)
    assert ("cannot tell them apart" in told) is (sentence[-1] != ".")
    assert "no difference" not in told


def test_more_pairs_of_the_same_kind_can_tell_what_few_cannot() -> None:
    noise = [0.05, -0.04, 0.03, -0.06, 0.02]
    few, many = (compare([1.0] * n, [0.98 + noise[i % 5] for i in range(n)]) for n in (5, 60))
    assert not few.is_clear
    assert many.is_clear


@pytest.mark.parametrize("kind", [list, tuple, np.array, torch.tensor])
def test_runs_may_come_in_any_sequence_of_numbers(kind) -> None:
    assert compare(kind(A), kind(B)) == compare(A, B)


@given(st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 2), min_size=2, max_size=20), st.booleans())
def test_changing_sides_changes_the_sign_and_nothing_else(runs, paired: bool) -> None:
    a, b = zip(*runs, strict=True)
    there, back = compare(a, b, paired), compare(b, a, paired)
    assert back.difference == -there.difference
    assert back.standard_error == pytest.approx(there.standard_error)
    assert (back.spread_a, back.spread_b) == (there.spread_b, there.spread_a)
    assert back.is_clear == there.is_clear
    assert re.search(r" ± [\d.]+ \(", str(there))


WRONG_CALLS = [  # a, b, paired, words of the message
    ([1.0, 2.0], [1.0, 2.0, 3.0], True, "a has 2 runs and b has 3: .* same seeds .* or pass paired=False"),
    ([1.0], [2.0], True, "a has the shape \\[1\\].* train with more seeds"),
    ([1.0, 2.0], [2.0], False, "b has the shape \\[1\\]"),
    ([], [], True, "a has the shape \\[0\\]"),
    ([[1.0, 2.0], [1.0, 2.0]], [1.0, 2.0], True, "a has the shape \\[2, 2\\]: give one number per run"),
    ([1.0, 2.0, 3.0], [1.0, math.nan, 2.0], True, "b\\[1\\] is nan: .* leave out both"),
    ([1.0, math.inf], [1.0, 2.0], False, "a\\[1\\] is inf"),
    (["low", "high"], [1.0, 2.0], True, "a must be a list of numbers"),
    ({"val_loss": [1.0]}, [1.0, 2.0], True, "a must be a list of numbers"),
    ([[1.0], [1.0, 2.0]], [1.0, 2.0], True, "a must be a list of numbers"),
]


@pytest.mark.parametrize(("a", "b", "paired", "words"), WRONG_CALLS)
def test_a_wrong_call_says_what_to_change(a, b, paired: bool, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        compare(a, b, paired)
