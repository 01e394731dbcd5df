"""The visible check of smooth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from checking import Mismatch, all_good, expect, expect_close, expect_equal, expect_raises, show
from tutor import visible
from visible_parts import first_of


@visible
def check_smooth(smooth: Callable[..., Any]) -> None:
    """Try smooth on a rising, a level and an empty list, look for look-ahead, and for a beta out of range."""
    first_of(
        {
            "[3.0, 0.0, 3.0], 0.75": partial(_smoothed, smooth, [3.0, 0.0, 3.0], 0.75, [3.0, 9 / 7, 75 / 37]),
            "[1, 2, 3], 0.5": partial(_smoothed, smooth, [1, 2, 3], 0.5, [1.0, 5 / 3, 17 / 7]),
            "[4, 4, 4], 0.9": partial(_smoothed, smooth, [4, 4, 4], 0.9, [4.0] * 3),
            "beta 0": partial(_smoothed, smooth, [3, 1, 2], 0, [3.0, 1.0, 2.0]),
            **{f"{n} values": partial(_nearly_a_mean, smooth, n) for n in (4, 6, 11)},
            "the kind": partial(_floats, smooth),
            "an empty list": partial(_nothing, smooth),
            "the values": partial(_values_stay, smooth),
            **{f"beta {beta}": partial(_bad_beta, smooth, beta) for beta in (1, -0.5, 1.5)},
        }
    )
    all_good("smooth")


def _smoothed(smooth: Callable[..., Any], values: list[float], beta: float, want: list[float]) -> None:
    call, hint = f"smooth({values}, {beta})", "keep s as it is, and divide what you append by 1 - beta**t"
    try:
        got = smooth(list(values), beta)
    except (ZeroDivisionError, ValueError) as error:
        raise Mismatch(call, f"{type(error).__name__}: {error}", show(want), hint) from error
    expect_close(got, want, call=call, hint=hint)


def _nearly_a_mean(smooth: Callable[..., Any], count: int) -> None:
    """With a beta of nearly 1 all values count nearly alike, however many there are."""
    values = [float(number % 3) for number in range(count)]
    want = [sum(values[:n]) / n for n in range(1, count + 1)]
    call, hint = f"smooth({show(values)}, 0.99999)", "all values so far count, not only the last few"
    expect_close(smooth(list(values), 0.99999), want, call=call, hint=hint, tolerance=1e-3)


def _floats(smooth: Callable[..., Any]) -> None:
    got, call = smooth([1, 2, 3], 0.5), "the kind of what smooth([1, 2, 3], 0.5) returns"
    inside = sorted({type(value).__name__ for value in got}) if isinstance(got, list) else []
    kinds = [type(got).__name__, *(f"of {name}" for name in inside)]
    hint = "collect the numbers in a list, each wrapped in float(…)"
    expect(inside == ["float"], call=call, got=" ".join(kinds), expected="a list of floats", hint=hint)


def _nothing(smooth: Callable[..., Any]) -> None:
    try:
        got = smooth([], 0.5)
    except ZeroDivisionError as error:
        raise Mismatch(
            "smooth([], 0.5)", f"ZeroDivisionError: {error}", "[]", "divide inside the loop"
        ) from error
    hint = "start from an empty list and return it"
    expect(got == [] and isinstance(got, list), call="smooth([], 0.5)", got=got, expected="[]", hint=hint)


def _values_stay(smooth: Callable[..., Any]) -> None:
    values = [1, 2, 3]
    smooth(values, 0.5)
    expect_equal(
        values, [1, 2, 3], call="the values after the call", hint="collect the results in a new list"
    )


def _bad_beta(smooth: Callable[..., Any], beta: float) -> None:
    call, hint = f"smooth([1, 2], {beta})", "raise ValueError unless 0 <= beta < 1"
    expect_raises(ValueError, partial(smooth, [1, 2], beta), call=call, hint=hint)
