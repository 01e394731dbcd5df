"""The visible check of sample_log_uniform: bounds, shares, draws of one's own, kinds, and what is refused."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

import numpy as np
import torch
from checking import Mismatch, all_good, as_array, expect, expect_raises, first_of, show
from tutor import visible

PARTS = 8  # half decades
ENOUGH = 4000  # draws
ROOM = 0.03  # six times what luck moves a share of an eighth of so many draws
SHARES = (
    "draw the logarithm uniformly, between the logarithms of both bounds, and go back with the inverse of "
    "that logarithm: exp for log, 10 ** … for log10"
)
INSIDE = "nothing lies below low or above high: take the logarithm of both *bounds*, and draw between these"
OWN = "size=n belongs into the draw: each value is one of its own, and an exponent is no whole number"
SIZES = "an array of n floats, also for n = 0 and n = 1: give size=n to the draw"
GIVEN = "draw from the rng that you are given, and from nothing else: rng.uniform(…) or rng.random(…)"
REFUSED = "raise ValueError(…) at the start unless 0 < low < high"


@visible
def check_sample_log_uniform(sample_log_uniform: Any) -> None:
    """Look at draws from two ranges, at their kinds, at the generators they come from, and at bad bounds."""
    wide = _drawn(sample_log_uniform, 0, 1e-4, 1.0, ENOUGH)
    far = _drawn(sample_log_uniform, 1, 2.0, 2048.0, ENOUGH)
    first_of({
        "the bounds": partial(_bounds, wide, far),
        "the shares": partial(_shares, wide, far),
        "draws of their own": partial(_distinct, wide),
        "the generator": partial(_generator, sample_log_uniform),
        "kinds and sizes": partial(_kinds, sample_log_uniform),
        "bad bounds": partial(_refused, sample_log_uniform),
        "written by hand": partial(_by_hand, sample_log_uniform),
    })  # fmt: skip
    all_good("sample_log_uniform")


def _call(seed: int, low: float, high: float, n: int) -> str:
    return f"sample_log_uniform(np.random.default_rng({seed}), {low:g}, {high:g}, {n})"


def _drawn(function: Any, seed: int, low: float, high: float, n: int) -> np.ndarray:
    """Return n draws as an array. Raises Mismatch unless they are numbers, n of them in a row."""
    call = _call(seed, low, high, n)
    try:
        got = function(np.random.default_rng(seed), low, high, n)
    except ValueError as error:
        hint = "these bounds are good: refuse only others, and give low to the draw first, then high"
        raise Mismatch(call, f"ValueError: {error}", f"{n} numbers", hint) from error
    numbers = as_array(got)
    if numbers is not None and numbers.shape == (n,):
        return numbers
    hint = SIZES
    if isinstance(got, list | tuple) and len(got) == n:
        hint = "n arrays of one number? Give size=n to one draw, or take [0] of each"
    expect(False, call=call, got=got, expected=f"an array of shape ({n},)", hint=hint)
    return np.zeros(0)


def _bounds(wide: np.ndarray, far: np.ndarray) -> None:
    """Raise Mismatch unless all draws are numbers from low to high."""
    for numbers, seed, low, high in ((wide, 0, 1e-4, 1.0), (far, 1, 2.0, 2048.0)):
        inside = bool(((numbers >= low * (1 - 1e-6)) & (numbers <= high * (1 + 1e-6))).all())
        got = f"numbers from {numbers.min():.3g} to {numbers.max():.3g}"
        if not inside:
            expected = f"numbers from {low:g} to {high:g}"
            raise Mismatch(_call(seed, low, high, ENOUGH), got, expected, INSIDE)


def _shares(wide: np.ndarray, far: np.ndarray) -> None:
    """Raise Mismatch unless each half decade, or each eighth of the other range, has about an eighth."""
    cases = ((wide, 0, 1e-4, 1.0, "half decades"), (far, 1, 2.0, 2048.0, "eighths (factors of 2.4)"))
    for numbers, seed, low, high, parts in cases:
        edges = np.geomspace(low, high, PARTS + 1)
        places = np.digitize(numbers, edges[1:-1])
        shares = np.bincount(places, minlength=PARTS) / len(numbers)
        call = f"shares of the {parts} of {_call(seed, low, high, ENOUGH)}"
        if np.abs(shares - 1 / PARTS).max() > ROOM:
            shown = ", ".join(f"{share:.3f}" for share in shares)
            expected = "about 0.125 in each, 0.25 in a decade" if seed == 0 else "about 0.125 in each"
            raise Mismatch(call, shown, expected, _why(shares))


def _why(shares: np.ndarray) -> str:
    """Return what to try where the draws are shared out like this."""
    if shares[-1] > 0.6 and (shares[:4] < 0.05).all():
        return "that is a uniform draw: nine of ten lie in the largest decade. " + SHARES
    if (shares[:3] == 0).all():
        return "the smallest values are never reached: is one logarithm to base 10, and the way back to e?"
    return SHARES


def _distinct(wide: np.ndarray) -> None:
    """Raise Mismatch if draws are repeated, or lie on a grid."""
    call, different = _call(0, 1e-4, 1.0, ENOUGH), len(set(wide.tolist()))
    few = different < 0.9 * len(wide)
    expect(not few, call=call, got=f"{different} different numbers", expected=f"{ENOUGH}", hint=OWN)
    places = np.log10(wide.clip(1e-4, 1.0)) + 4
    hit = len({int(part) for part in ENOUGH * places / 4.0001})
    call = f"how many of {ENOUGH} equal parts of the range have a value in {call}"
    hint = "draw each value from the whole range, and not from a part of its own"
    expect(hit < 0.8 * ENOUGH, call=call, got=hit, expected=f"about {0.63 * ENOUGH:.0f}", hint=hint)
    lags = (*range(1, 9), ENOUGH // 2)
    linked = max(abs(float(np.corrcoef(places[:-lag], places[lag:])[0, 1])) for lag in lags)
    call = f"how much a value tells about a later one (correlation) in {_call(0, 1e-4, 1.0, ENOUGH)}"
    hint = "not sorted, not in pairs, not from one decade after the other: each value is drawn for itself"
    expect(linked < 0.15, call=call, got=f"{linked:.2f}", expected="about 0", hint=hint)


def _generator(function: Callable[..., Any]) -> None:
    """Raise Mismatch unless rng, and no other random number, decides about the draws."""
    with _kept_random_state():
        _set_seeds(1)
        first = _drawn(function, 5, 1e-4, 1.0, 6)
        _set_seeds(2)
        before = _states()
        again = _drawn(function, 5, 1e-4, 1.0, 6)
        used = [name for name, state in _states().items() if state != before[name]]
    call = f"{_call(5, 1e-4, 1.0, 6)}, twice"
    got = f"global random numbers of {' and '.join(used)} are used"
    expect(not used, call=call, got=got, expected="rng alone is used", hint=GIVEN)
    same = bool((first == again).all())
    expect(same, call=call, got="different numbers", expected="the same", hint=GIVEN)
    other = _drawn(function, 6, 1e-4, 1.0, 6)
    call = f"{_call(5, 1e-4, 1.0, 6)}, and then with default_rng(6)"
    hint = "another generator gives other numbers: " + GIVEN
    expect(
        not (first == other).any(),
        call=call,
        got="the same numbers",
        expected="other numbers",
        hint=hint,
    )
    rng = np.random.default_rng(5)
    two = [as_array(function(rng, 1e-4, 1.0, 6)) for _ in range(2)]
    call = "two calls with the same rng, one after the other"
    hint = "each call goes on where rng stands: no new generator in the function, no copy, no seed"
    moves = two[0] is not None and two[1] is not None and not (two[0] == two[1]).any()
    expect(moves, call=call, got="the same numbers twice", expected="other numbers", hint=hint)
    ends = []
    for n in (6, 24):
        rng = np.random.default_rng(5)
        function(rng, 1e-4, 1.0, n)
        ends.append(repr(rng.bit_generator.state))
    call, expected = "where rng stands after 6 and after 24 values", "further on with every value"
    hint = "every value comes from rng itself: no second generator, not even one whose seed rng draws"
    expect(ends[0] != ends[1], call=call, got="at the same place", expected=expected, hint=hint)


@contextmanager
def _kept_random_state() -> Iterator[None]:
    """Give global random numbers back as they were, at the end of a `with` block."""
    states = np.random.get_state(), random.getstate(), torch.default_generator.get_state()
    try:
        yield
    finally:
        np.random.set_state(states[0])
        random.setstate(states[1])
        torch.default_generator.set_state(states[2])


def _set_seeds(seed: int) -> None:
    np.random.seed(seed)
    random.seed(seed)
    torch.default_generator.manual_seed(seed)


def _states() -> dict[str, str]:
    """Return the states of all global random numbers, as text that can be compared."""
    torchs = torch.default_generator.get_state().tolist()
    return {"NumPy": repr(np.random.get_state()), "Python": repr(random.getstate()), "torch": str(torchs)}


def _by_hand(function: Callable[..., Any]) -> None:
    """Raise Mismatch if scipy draws."""
    used: set[str] = set()
    before = sys.getprofile()

    def watch(frame: FrameType, event: str, _arg: Any) -> None:
        if event == "call" and str(frame.f_globals.get("__name__", "")).startswith("scipy.stats"):
            used.add("scipy.stats")

    try:
        sys.setprofile(watch)
        function(np.random.default_rng(0), 1e-4, 1.0, 3)
    finally:
        sys.setprofile(before)
    hint = "draw yourself: here a ready-made draw costs half of the marks"
    call, expected = _call(0, 1e-4, 1.0, 3), "draws of your own"
    if used:
        raise Mismatch(call, "draws of scipy.stats", expected, hint)


def _kinds(function: Any) -> None:
    """Raise Mismatch unless arrays of floats come back, for no draw and for one as well."""
    for n in (3, 1, 0):
        got, call = function(np.random.default_rng(0), 2, 8, n), _call(0, 2, 8, n)
        good = isinstance(got, np.ndarray) and got.shape == (n,) and got.dtype.kind == "f"
        shown = f"array of {got.dtype}, shape {got.shape}" if isinstance(got, np.ndarray) else show(got)
        hint = "np.array(…) makes an array of a list" if isinstance(got, list | tuple) else SIZES
        if isinstance(got, np.ndarray) and got.shape == (n,):
            hint = "the shape is right, the kind is not: np.array(values, dtype=float)"
        if not good:
            raise Mismatch(call, shown, f"a NumPy array of floats, shape ({n},)", hint)


def _refused(function: Any) -> None:
    """Raise Mismatch unless bounds that make no sense are a ValueError."""
    for low, high in ((0.0, 1.0), (-1.0, 1.0), (1.0, 0.1), (0.5, 0.5)):
        call = _call(0, low, high, 3)
        with np.errstate(all="ignore"):
            action = partial(function, np.random.default_rng(0), low, high, 3)
            expect_raises(ValueError, action, call=call, hint=REFUSED)
