"""Hidden checks of smooth: values and betas are drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from checking import as_array, expect, expect_close, expect_raises

from autograder.checks.framework import Student, check
from autograder.checks.inputs import (
    as_typed,
    ask,
    compare,
    drawn,
    drawn_decimal,
    drawn_magnitude,
    shuffled,
    tenths,
    unchanged,
)  # fmt: skip


def weighted_means(values: Sequence[float], beta: float) -> list[float]:
    """Return for each position the mean of the values so far, weighted by beta to the power of their age."""
    means = []
    for end in range(1, len(values) + 1):
        weights = [beta ** (end - 1 - k) for k in range(end)]
        means.append(math.fsum(w * v for w, v in zip(weights, values, strict=False)) / math.fsum(weights))
    return means


def cases_of(*asked: tuple[list[float], float]) -> list[tuple[tuple[list[float], float], list[float]]]:
    """Return each question (values, beta) with its answer."""
    return [(question, weighted_means(*question)) for question in asked]


@check("smooth", gate=True)
def each_value_gives_one_number(student: Student) -> None:
    values = tenths(student, drawn(student, 4, 7))
    got, call = ask(student, "smooth", values, drawn_decimal(student, 0.3, 0.9))
    numbers = as_array(got)
    fits = numbers is not None and numbers.shape == (len(values),) and bool((abs(numbers) < math.inf).all())
    expected = f"a list of {len(values)} finite numbers"
    expect(fits, call=call, got=got, expected=expected, hint="append one number for each value")


@check("smooth", gate=True)
def a_jump_is_softened(student: Student) -> None:
    high = drawn(student, 6, 40)
    got, call = ask(student, "smooth", [0.0, float(high)], 0.5)
    numbers = as_array(got)
    softened = numbers is not None and numbers.shape == (2,) and bool(0.05 * high < numbers[1] < 0.95 * high)
    expected = f"a second number between 0 and {high}"
    expect(softened, call=call, got=got, expected=expected, hint="mix each value with the one before it")


@check("smooth", marks=0.25)
def each_number_is_a_weighted_mean_of_the_values_so_far(student: Student) -> None:
    level, beta = drawn(student, 3, 60) / 4, drawn_decimal(student, 0.55, 0.9)
    cases = cases_of(
        (tenths(student, 2), beta),
        (tenths(student, 1, low=1.0), 0.9),
        ([level] * drawn(student, 3, 5), drawn_decimal(student, 0.6, 0.95)),
        (tenths(student, drawn(student, 5, 8)), drawn_decimal(student, 0.1, 0.3)),
        (tenths(student, drawn(student, 5, 8)), 0.5),
        ([float(drawn_magnitude(student)), 0.0, 0.0, -3.5], beta),
    )
    hint = (
        "start with s = 0, mix in each value, and divide what you return by 1 - beta**t with t = 1, 2, 3, …"
    )
    compare(student, "smooth", cases, hint)


@check("smooth", marks=0.25)
def long_runs_and_large_losses_follow_the_same_formula(student: Student) -> None:
    long = tenths(student, drawn(student, 120, 300), low=0.5, high=9.0)
    large = [float(drawn_magnitude(student, 10**4, 10**6)) for _ in range(drawn(student, 12, 20))]
    cases = cases_of(
        (long, drawn_decimal(student, 0.97, 0.99)),
        (large, drawn_decimal(student, 0.8, 0.95)),
        (tenths(student, drawn(student, 30, 50)), drawn_decimal(student, 0.2, 0.5)),
    )
    hint = "keep s itself uncorrected from step to step; the value k steps back weighs beta**k"
    compare(student, "smooth", cases, hint)


@check("smooth", marks=0.25)
def a_new_list_of_floats_that_knows_only_the_past(student: Student) -> None:
    values, beta = tenths(student, drawn(student, 6, 9)), drawn_decimal(student, 0.5, 0.9)
    whole = shuffled(student, range(1, drawn(student, 6, 9)))
    asked = (([], beta), (values[:3], beta), (whole, beta), (values, beta), (whole, 0.0))
    answers = []
    for question in asked:
        got, call = ask(student, "smooth", *question)
        kinds = sorted({kind(item) for item in got}) if type(got) is list else [type(got).__name__]
        student.note([got, kinds])
        answers.append((got, kinds, call, question))
    for got, kinds, call, question in answers:
        expected, hint = "a list of Python floats", "use float(…) on each number, and return a list, no array"
        plain = type(got) is list and kinds in ([], ["float"])
        expect(plain, call=call, got=got, expected=expected, hint=hint)
        want = weighted_means(*question)
        hint = "use no value that comes later; an empty list gives an empty list"
        expect(len(got) == len(want), call=call, got=got, expected=f"{len(want)} numbers", hint=hint)
        if want:
            expect_close(got, want, call=call, hint=hint)
    hint = "build a new list for the results"
    unchanged(student, "smooth", values, beta, want=weighted_means(values, beta), hint=hint)


def kind(value: Any) -> str:
    """Return what kind of number this is."""
    return "a number of NumPy" if isinstance(value, np.generic) else type(value).__name__


@check("smooth", marks=0.25)
def beta_is_at_least_0_and_below_1(student: Student) -> None:
    values, above = tenths(student, drawn(student, 3, 6)), drawn(student, 2, 9)
    plain = [ask(student, "smooth", values, beta) for beta in (0.0, 0)]
    refused = [
        (as_typed("smooth", values, beta), refusal(student, values, beta))
        for beta in (-above / 100, -float(above), 1.0, 1, 1 + above / 100, 10.0 * above)
    ]
    for got, call in plain:
        expect_close(got, values, call=call, hint="with beta = 0 nothing of the past remains; 0 is allowed")
    for call, outcome in refused:
        hint = "allow 0 <= beta < 1 only: with beta = 1 no value would ever count"
        expect_raises(ValueError, partial(_again, *outcome), call=call, hint=hint)


def refusal(student: Student, values: list[float], beta: float) -> tuple[Any, Exception | None]:
    """Return what came back for a beta that is not allowed: a value, or the error that was raised."""
    try:
        return student.smooth(values, beta), None
    except Exception as error:
        return None, error


def _again(value: Any, error: Exception | None) -> Any:
    if error is not None:
        raise error
    return value
