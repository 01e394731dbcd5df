"""What the visible check of numerical_gradient asks, call by call."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from checking import Mismatch, expect, expect_close, expect_unchanged, kind_of, show

Function = Callable[..., Any]
READY_MADE = ("scipy", "torch", "jax", "autograd", "numdifftools", "statsmodels", "sklearn")


class Watched:
    """Call a function, and note where it was asked and by which ready-made library, if any."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.places: list[Any] = []
        self.library = ""

    def __call__(self, place: Any) -> Any:
        """Return the function's value at a place."""
        self.places.append(place)
        self.library = self.library or _library_on_the_way()
        return self.function(place)


def _library_on_the_way() -> str:
    """Return which library of ready-made derivatives is at work now, or ""."""
    frame = sys._getframe(2)
    while frame:
        name = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if name in READY_MADE:
            return name
        frame = frame.f_back  # type: ignore[assignment]
    return ""


def own_differences(numerical_gradient: Function) -> None:
    """See that no ready-made differentiation is used."""
    watched = Watched(lambda p: float(np.sum(np.asarray(p) ** 2)))
    numerical_gradient(watched, np.array([1.0, 2.0]))
    expect(
        not watched.library,
        call="numerical_gradient(f, np.array([1.0, 2.0]))",
        got=f"calls of f from {watched.library}",
        expected="calls of f from lines of your own",
        hint="ready-made differentiation earns half of the marks: the differences are the exercise",
    )


def slopes(numerical_gradient: Function) -> None:
    """Try one and two coordinates, with small eps and large."""
    for f, text, x, eps, want, hint in (
        (
            lambda p: p[0] ** 3,
            "lambda p: p[0]**3",
            [2.0],
            {"eps": 0.5},
            [12.25],
            "(2.5³ − 1.5³) / (2 · 0.5): from both sides, each exactly eps away",
        ),
        (
            lambda p: p[0] ** 3,
            "lambda p: p[0]**3",
            [2.0],
            {"eps": 0.25},
            [12.0625],
            "(2.25³ − 1.75³) / (2 · 0.25): from both sides, each exactly eps away",
        ),
        (
            lambda p: p[0] ** 2 + 10 * p[1] ** 2,
            "lambda p: p[0]**2 + 10 * p[1]**2",
            [5.0, 2.0],
            {},
            [10, 40],
            "for each coordinate: (f above − f below) / (2 · eps)",
        ),
        (
            lambda p: p[0] * p[1] ** 2,
            "lambda p: p[0] * p[1]**2",
            [5.0, 2.0],
            {"eps": 0.5},
            [4, 20],
            "both slopes belong to the place (5, 2): one coordinate moves at a time, the other stays",
        ),
        (
            lambda p: p[0] ** 3 + p[1] ** 3,
            "lambda p: p[0]**3 + p[1]**3",
            [0.0, -2.0],
            {"eps": 0.5},
            [0.25, 12.25],
            "each coordinate moves by eps itself, also a 0 and a negative one",
        ),
    ):
        words = "".join(f", {name}={value}" for name, value in eps.items())
        call = f"numerical_gradient({text}, np.array({x}){words})"
        expect_slopes(numerical_gradient(f, np.array(x), **eps), want, call, hint)


def expect_slopes(got: Any, want: Any, call: str, hint: str) -> None:
    """Raise Mismatch unless these are the slopes, in the shape of x."""
    shape, wanted = (
        np.shape(got) if isinstance(got, (np.ndarray, np.generic, float)) else np.shape(want),
        np.shape(want),
    )
    if shape == ():
        advice = "one slope for each coordinate: move one at a time, and keep its slope in a table"
    elif len(shape) == 1 and len(wanted) > 1 and shape[0] == np.size(want):
        advice = "the slopes are all there: .reshape(x.shape) gives them the shape of x"
    elif wanted == ():
        advice = "a number has the shape (), and one slope: .reshape(x.shape) makes it so"
    else:
        advice = "one slope for each coordinate, whatever the shape: np.ndindex(x.shape) visits them all"
    expect(shape == wanted, call=call, got=got, expected=f"slopes in the shape {wanted} of x", hint=advice)
    expect_close(got, want, call=call, hint=hint)


def shapes(numerical_gradient: Function) -> None:
    """Try a table, an array with three axes, and a number alone."""
    text, table = "lambda p: p[0, 0] * p[0, 1] + p[1, 0] * p[1, 1]**2", np.array([[1.0, 2.0], [3.0, 4.0]])
    call = f"numerical_gradient({text}, np.array({table.tolist()}))"
    watched = Watched(lambda p: p[0, 0] * p[0, 1] + p[1, 0] * p[1, 1] ** 2 if np.ndim(p) == 2 else 0.0)
    got = numerical_gradient(watched, table.copy())
    expect_whole(watched, (2, 2), call)
    hint = "one slope for each coordinate, whatever the shape: np.ndindex(x.shape) visits them all"
    expect_slopes(got, [[2, 1], [16, 24]], call, hint)
    call = f"numerical_gradient(lambda p: (p**2).sum(), np.array({[table.tolist()]}))"
    expect_slopes(numerical_gradient(lambda p: (p**2).sum(), table[None].copy()), 2 * table[None], call, hint)
    for x, shown in ((np.array(2.0), "np.array(2.0)"), (2.0, "2.0"), (2, "2")):
        watched = Watched(lambda p: p**2 + 3 * p)
        call = f"numerical_gradient(lambda p: p**2 + 3 * p, {shown})"
        expect_slopes(numerical_gradient(watched, x), 7.0, call, "a number has one slope")
        expect_whole(watched, (), call)


def kinds(numerical_gradient: Function) -> None:
    """Try whole numbers and float32, which have to become float64 first."""
    text = "lambda p: (p[0]**2 + 10 * p[1]**2) / 4"
    for kind in (np.int64, np.float32):
        call = f"numerical_gradient({text}, np.array([5, 2], dtype=np.{kind.__name__}))"
        watched = Watched(lambda p: (p[0] ** 2 + 10 * p[1] ** 2) / 4)
        got = numerical_gradient(watched, np.array([5, 2], dtype=kind))
        hint = "neither can hold 5.00001 well: convert first, with np.array(x, dtype=np.float64)"
        expect_slopes(got, [2.5, 10], call, hint)
        expect_whole(watched, (2,), call)


def expect_whole(watched: Watched, shape: tuple[int, ...], call: str) -> None:
    """Raise Mismatch unless a function was asked with arrays of float64 in this shape."""
    place = watched.places[0] if watched.places else None
    asked = f"what f was given in {call}"
    expect(place is not None, call=asked, got="no call", expected="calls of f", hint="ask f on both sides")
    expected, hint = f"an array of shape {shape}, as x", "give f the whole of x each time, in its own shape"
    expect(np.shape(place) == shape, call=asked, got=place, expected=expected, hint=hint)
    kind, hint = getattr(place, "dtype", kind_of(place)), "convert x first: np.array(x, dtype=np.float64)"
    if kind != np.float64:
        raise Mismatch(asked, f"{show(place)}, {kind}", "a float64 array", hint)


def kept(numerical_gradient: Function) -> None:
    """See that eps has its default, and that x stays as it was, to the last bit."""
    call = "numerical_gradient(lambda p: abs(p[0]), np.array([3e-6]))"
    hint = "keep the default, eps=1e-5: (13e-6 − 7e-6) / 20e-6"
    expect_close(numerical_gradient(lambda p: abs(p[0]), np.array([3e-6])), [0.3], call=call, hint=hint)
    tenths, call = np.arange(1, 13) / 10, "numerical_gradient(lambda p: (p**2).sum(), x)"
    expect_unchanged(lambda x: numerical_gradient(lambda p: (p**2).sum(), x), tenths, call=call)
