"""Hidden checks of smooth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from checking import as_array, expect, expect_close, expect_raises

from autograder.checks.framework import Student, check
from autograder.checks.inputs import ask, compare, random_tenths


@check("smooth", gate=True)
def each_value_gives_one_number(student: Student) -> None:
    got, call = ask(student, "smooth", [3.0, 5.0, 4.0, 6.0], 0.5)
    numbers = as_array(got)
    fits = numbers is not None and numbers.shape == (4,) and bool((abs(numbers) < math.inf).all())
    expect(
        fits,
        call=call,
        got=got,
        expected="a list of four finite numbers",
        hint="append one number for each value",
    )


@check("smooth", gate=True)
def a_jump_is_softened(student: Student) -> None:
    got, call = ask(student, "smooth", [0.0, 10.0], 0.5)
    numbers = as_array(got)
    softened = numbers is not None and numbers.shape == (2,) and bool(0.5 < numbers[1] < 9.5)
    expect(
        softened,
        call=call,
        got=got,
        expected="a second number between 0 and 10",
        hint="mix each value with the smoothed one before it",
    )


@check("smooth", marks=0.25)
def three_values_by_hand(student: Student) -> None:
    cases = [
        (([1, 2, 3], 0.5), [1.0, 5 / 3, 17 / 7]),
        (([8.0], 0.9), [8.0]),
        (([4, 4, 4], 0.9), [4.0, 4.0, 4.0]),
    ]
    hint = (
        "start with s = 0, mix in each value, and divide what you return by 1 - beta**t with t = 1, 2, 3, …"
    )
    compare(student, "smooth", cases, hint)


@check("smooth", marks=0.25)
def each_number_is_a_weighted_mean_of_the_values_so_far(student: Student) -> None:
    values = [round(v, 2) for v in random_tenths(student, 6).tolist()]
    beta = round(0.5 + 0.4 * float(torch.rand((), generator=student.rng)), 2)
    cases = [
        ((values, beta), _weighted_means(values, beta)),
        (([5, 0, 0, 9], 0.8), _weighted_means([5, 0, 0, 9], 0.8)),
    ]
    hint = "the value k steps back weighs beta**k; keep s itself uncorrected from step to step"
    compare(student, "smooth", cases, hint)


def _weighted_means(values: Sequence[float], beta: float) -> list[float]:
    """Return for each position the mean of the values so far, weighted by beta to the power of their age."""
    means = []
    for end in range(1, len(values) + 1):
        weights = [beta ** (end - 1 - k) for k in range(end)]
        means.append(math.fsum(w * v for w, v in zip(weights, values, strict=False)) / math.fsum(weights))
    return means


@check("smooth", marks=0.25)
def only_the_past_counts_and_the_values_stay_as_they_were(student: Student) -> None:
    values = [round(v, 2) for v in random_tenths(student, 5).tolist()]
    shorter, call = ask(student, "smooth", values[:3], 0.7)
    longer: Any = student.run("[smooth(values, 0.7), values]", values=list(values))
    plain, plain_call = ask(student, "smooth", values, 0.0)
    expect(
        isinstance(longer, (list, tuple)) and len(longer) == 2,
        call=call,
        got=longer,
        expected="a list of numbers",
        hint="return a list",
    )
    expect_close(
        longer[1],
        values,
        call="the values after smooth(values, 0.7)",
        hint="build a new list for the results",
    )
    same = as_array(longer[0])
    expect(
        same is not None and same.shape == (5,),
        call="smooth of five values",
        got=longer[0],
        expected="five numbers",
        hint="append one number for each value",
    )
    expect_close(
        shorter, same[:3] if same is not None else None, call=call, hint="use no value that comes later"
    )
    expect_close(plain, values, call=plain_call, hint="with beta = 0 nothing of the past remains")


@check("smooth", marks=0.25)
def beta_outside_0_to_1_raises_ValueError_and_nothing_stays_nothing(student: Student) -> None:
    nothing, call = ask(student, "smooth", [], 0.5)
    for beta in (-0.1, 1.5, 1.0):
        expect_raises(
            ValueError,
            partial(student.smooth, [1.0, 2.0], beta),
            call=f"smooth([1, 2], {beta:g})",
            hint="allow 0 <= beta < 1 only: with beta = 1 no value would ever count",
        )
    empty = as_array(nothing)
    no_values = (isinstance(nothing, (list, tuple)) and len(nothing) == 0) or (
        empty is not None and empty.size == 0
    )
    expect(
        no_values,
        call=call,
        got=nothing,
        expected="an empty list",
        hint="start from an empty list and return it",
    )
