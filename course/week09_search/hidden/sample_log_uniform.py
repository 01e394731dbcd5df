"""Hidden checks of sample_log_uniform: whatever draws are log-uniform are right, so shares are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from checking import Mismatch, as_array, expect, show
from hidden.draw_scenarios import AGAIN, DRAWS, KINDS, READY, REFUSED

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_decimal, drawn_from, drawn_seed

NAME = "sample_log_uniform"
PARTS = 8  # of the range, of equal ratio
ROOM = 5.5  # standard deviations of a share
EXACT = 1e-6  # of low and high: what exp or single precision may add to them
SHARES = (
    "draw the logarithms uniformly, between the logarithms of low and high, and go back with the inverse of "
    "this very logarithm"
)
INSIDE = "draw between the logarithms of both bounds: what is drawn elsewhere leaves the range"
OWN = "size=n belongs into the draw, and the exponents are no whole numbers: each value is a draw of its own"
GIVEN = "draw from the rng that you are given, from nothing else, and make no generator of your own"
FLOATS = "numbers of the right shape, but another dtype: np.array(values, dtype=float)"
ARRAY = "return a NumPy array of floats of shape (n,), also for n = 0 and n = 1: give size=n to one draw"
LAGS = range(1, 13)  # within these, draws of their own have correlations of 0.03
REFUSE = "raise ValueError(…) unless 0 < low < high, and else nothing"
BY_HAND = "this exercise is about writing the draw yourself: scipy's costs half of the marks"
Range = tuple[float, float]


def call_of(bounds: Range, n: int, seed: int) -> str:
    """Return a call as one would type it."""
    return f"sample_log_uniform(np.random.default_rng({seed}), {bounds[0]:g}, {bounds[1]:g}, {n})"


def draws(student: Student, bounds: Range, n: int, seed: int) -> np.ndarray:
    """Return n draws, shape (n,). Raises Mismatch unless so many finite numbers came back."""
    getattr(student, NAME)  # a name that is missing is told as such
    got = student.run(DRAWS, _low=bounds[0], _high=bounds[1], _n=n, _seed=seed)
    numbers = as_array(got)
    good = numbers is not None and numbers.shape == (n,) and bool(np.isfinite(numbers).all())
    student.note(shape_of(got, numbers, n) if not good else [])
    expect(good, call=call_of(bounds, n, seed), got=got, expected=f"{n} finite numbers", hint=ARRAY)
    return np.zeros(0) if numbers is None else numbers


def shape_of(got: Any, numbers: np.ndarray | None, n: int) -> list[Any]:
    """Return what tells one wrong kind of answer from another, whatever was drawn."""
    if numbers is None:
        return [type(got).__name__]
    return [type(got).__name__, numbers.ndim, numbers.shape == (n,), bool(np.isfinite(numbers).all())]


def small_rates(student: Student) -> Range:
    """Return a range of about four decades below 1."""
    low = drawn_decimal(student, 1.1, 8.9, 1) * 1e-6
    return float(f"{low:.2g}"), float(f"{low * drawn(student, 70, 130) * 1000:.3g}")


def large_values(student: Student) -> Range:
    """Return a range that lies above 1."""
    low = float(drawn(student, 2, 9))
    return low, low * drawn(student, 200, 900)


def narrow_range(student: Student) -> Range:
    """Return a range in which high is three to five times low."""
    low = drawn_decimal(student, 0.2, 0.7)
    return low, round(low * drawn(student, 3, 5), 2)


def shares_of(numbers: np.ndarray, bounds: Range) -> np.ndarray:
    """Return which share lies in each part, those beside the range left out of the count, shape (8,)."""
    inside = numbers[(numbers > bounds[0] * (1 - EXACT)) & (numbers < bounds[1] * (1 + EXACT))]
    places = np.searchsorted(np.geomspace(*bounds, PARTS + 1)[1:-1], inside)
    return np.bincount(places, minlength=PARTS) / max(1, len(numbers))


def beside(numbers: np.ndarray, bounds: Range) -> list[float]:
    """Return which shares lie below low and above high."""
    low, high = bounds
    return [float((numbers < low * (1 - EXACT)).mean()), float((numbers > high * (1 + EXACT)).mean())]


def related(places: np.ndarray, lags: Sequence[int]) -> float:
    """Return the largest correlation of values with those that come so many places later; without sign."""
    if places.std() == 0:
        return 1.0
    pairs = [(places[:-lag], places[lag:]) for lag in lags]
    return max(abs(float(np.corrcoef(*pair)[0, 1])) if min(map(np.std, pair)) > 0 else 1.0 for pair in pairs)


def kinds_of_shares(shares: list[float]) -> list[int]:
    """Return for each share whether it is none, too small, about right, too large or far too large.

    That names a mistake whatever random numbers it has drawn.
    """
    return [int(np.searchsorted([1e-9, 0.03, 0.1, 0.15, 0.4], share)) for share in shares]


def by_hand(student: Student, bounds: Range, seed: int) -> None:
    """Raise Mismatch if scipy draws. Half of the marks lie in checks that end with this."""
    used = student.run(READY, _low=bounds[0], _high=bounds[1], _seed=seed)
    student.note(bool(used))
    if used:
        raise Mismatch(call_of(bounds, 3, seed), "draws of scipy.stats", "draws of your own", BY_HAND)


@check(NAME, gate=True)
def n_numbers_come_back(student: Student) -> None:
    bounds, n, seed = small_rates(student), drawn(student, 60, 90), drawn_seed(student)
    numbers = draws(student, bounds, n, seed)
    positive = bool((numbers != 0).all())
    expect(positive, call=call_of(bounds, n, seed), got=numbers, expected="numbers, none 0", hint=SHARES)


@check(NAME, marks=0.25)
def all_values_lie_from_low_to_high(student: Student) -> None:
    cases = [make(student) for make in (small_rates, large_values, narrow_range)]
    found = []
    for bounds in cases:
        n, seed = 2000, drawn_seed(student)
        numbers = draws(student, bounds, n, seed)
        found.append((bounds, n, seed, numbers, beside(numbers, bounds)))
        student.note(kinds_of_shares(found[-1][-1]))
    for bounds, n, seed, numbers, outside in found:
        got = f"values from {numbers.min():.4g} to {numbers.max():.4g}"
        if max(outside) > 0:
            call, expected = call_of(bounds, n, seed), f"values from {bounds[0]:g} to {bounds[1]:g}"
            raise Mismatch(call, got, expected, INSIDE)
    different = len({float(value) for value in found[0][3]})
    call = call_of(*found[0][:3])
    expect(different > 1, call=call, got="one value again and again", expected="draws", hint=OWN)


@check(NAME, marks=0.75)
def equal_ratios_get_equal_shares(student: Student) -> None:
    cases = [(small_rates(student), 20_000), (large_values(student), 10_000), (narrow_range(student), 10_000)]
    found = []
    for bounds, n in cases:
        seed = drawn_seed(student)
        numbers = draws(student, bounds, n, seed)
        shares = shares_of(numbers, bounds)
        student.note(kinds_of_shares([*beside(numbers, bounds), *shares]))
        found.append((bounds, n, seed, shares))
    for bounds, n, seed, shares in found:
        room = ROOM * (1 / PARTS * (1 - 1 / PARTS) / n) ** 0.5
        if np.abs(shares - 1 / PARTS).max() > room:
            call = f"shares of {PARTS} parts of equal ratio, from low to high: {call_of(bounds, n, seed)}"
            shown = ", ".join(f"{share:.3f}" for share in shares)
            raise Mismatch(call, shown, f"{1 / PARTS:g} ± {room:.3f} each", SHARES)
    by_hand(student, cases[0][0], drawn_seed(student))


@check(NAME, marks=0.25)
def each_value_is_a_draw_of_its_own(student: Student) -> None:
    bounds, n, seed = small_rates(student), drawn(student, 12_000, 12_400), drawn_seed(student)
    numbers = draws(student, bounds, n, seed)
    different = len({float(value) for value in numbers})
    again = draws(student, bounds, n, seed + 1)
    common = len({float(value) for value in numbers} & {float(value) for value in again})
    inside = np.clip(numbers, *bounds)
    parts = np.floor(n * np.log(inside / bounds[0]) / np.log(bounds[1] / bounds[0]) * (1 - EXACT))
    hit = len(set(parts.tolist()))  # about 0.63 n, if each value is drawn from the whole range
    linked, next_one = related(parts, (*LAGS, n // 2)), related(parts, (1,))
    alike = bool((numbers == again).all())
    student.note(
        [
            different == 1,
            different < n // 2,
            different < n,
            common > n // 2,
            linked > 0.95,
            linked > 0.1,
            next_one > 0.35,
            alike,
            hit > 0.8 * n,
        ]
    )
    call = f"different numbers in {call_of(bounds, n, seed)}"
    expect(different > 0.97 * n, call=call, got=different, expected=f"{n}", hint=OWN)
    call = f"values that come again in {call_of(bounds, n, seed)} with default_rng({seed + 1})"
    hint = "that is a grid, in whatever order: rng draws the values themselves"
    expect(common < 0.03 * n, call=call, got=common, expected="0", hint=hint)
    call = f"how many of {n} equal parts of the range have a value in {call_of(bounds, n, seed)}"
    hint = "each value is drawn from the whole range, and not from a part of its own"
    expect(hit < 0.8 * n, call=call, got=hit, expected=f"about {0.63 * n:.0f}", hint=hint)
    call = f"how much a value tells about another one (correlation) in {call_of(bounds, n, seed)}"
    hint = "not sorted, not in pairs, not from decades in turn: each value is drawn for itself"
    expect(linked < 0.1, call=call, got=f"{linked:.2f}", expected="about 0", hint=hint)
    by_hand(student, bounds, seed)


@check(NAME, marks=0.25)
def rng_alone_decides_and_moves_on(student: Student) -> None:
    getattr(student, NAME)  # a name that is missing is told as such
    (low, high), n, seed = small_rates(student), drawn(student, 4, 8), drawn_seed(student)
    came = student.run(AGAIN, _low=low, _high=high, _n=n, _seed=seed)
    good = isinstance(came, list) and len(came) == 6
    call = call_of((low, high), n, seed)
    expect(good, call=call, got=came, expected="draws", hint=GIVEN)
    clauses = (
        ("twice", "other values", "the same values"),
        (call, "global random numbers are used", "rng alone is used"),
        (f"and with default_rng({seed + 1})", "the same values", "other values"),
        ("twice with one and the same rng", "the same values", "other values"),
        ("the first of two with one rng", "other values", "the same as with a new rng of this seed"),
        ("rng afterwards", "no further than after fewer values", "further on with every value"),
    )
    for held, (told, got, expected) in zip(came, clauses, strict=True):
        if held is not True and held != [True] * 3:
            raise Mismatch(call if told == call else f"{call}, {told}", got, expected, GIVEN)


@check(NAME, marks=0.25)
def arrays_of_floats_come_back_also_for_none_and_one(student: Student) -> None:
    getattr(student, NAME)  # a name that is missing is told as such
    sizes = [*drawn_from(student, [1, 0], 2), drawn(student, 2, 6)]
    low, seed = drawn(student, 2, 4), drawn_seed(student)
    bounds = (low, low * drawn(student, 10, 40))  # whole numbers, and floats come back all the same
    came = student.run(KINDS, _low=bounds[0], _high=bounds[1], _sizes=sizes, _seed=seed)
    good = isinstance(came, list) and len(came) == len(sizes)
    expect(good, call=call_of(bounds, 1, seed), got=came, expected="an array", hint=ARRAY)
    for n, one in zip(sizes, came, strict=True):
        if one != ["a NumPy array of f", [n]]:
            call = call_of(bounds, n, seed)
            kind, shape = one if isinstance(one, list) and len(one) == 2 else (show(one), [])
            words = {"f": "floats", "i": "whole numbers", "O": "objects"}
            for letter, word in words.items():
                kind = str(kind).replace(f"array of {letter}", f"array of {word}")
            got = f"{kind}, shape {tuple(shape)}" if "array" in kind else kind
            whole = "array" in kind and shape == [n]
            raise Mismatch(call, got, f"a NumPy array of floats, shape ({n},)", FLOATS if whole else ARRAY)


@check(NAME, marks=0.25)
def bounds_that_make_no_sense_are_a_ValueError(student: Student) -> None:
    getattr(student, NAME)  # a name that is missing is told as such
    high, seed = drawn_decimal(student, 0.5, 3.0, 1), drawn_seed(student)
    bad = [[0.0, high], [-drawn_decimal(student, 0.5, 3.0, 1), high], [high, high], [2 * high, high]]
    fine = [drawn_decimal(student, 0.1, 0.3), high]
    found = student.run(REFUSED, _bounds=[*bad, fine], _seed=seed)
    good = isinstance(found, list) and len(found) == 5
    expect(good, call=NAME, got=found, expected="ValueError four times", hint=REFUSE)
    for (low, top), got, want in zip([*bad, fine], found, ["ValueError"] * 4 + ["no error"], strict=True):
        call, expected = call_of((low, top), 3, seed), "a ValueError" if want != "no error" else want
        expect(str(got).startswith(want), call=call, got=got, expected=expected, hint=REFUSE)
