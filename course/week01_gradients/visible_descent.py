"""What the visible check of gradient_descent asks, call by call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from checking import Mismatch, expect, expect_close, expect_unchanged, kind_of

Function = Callable[..., Any]

LINE = "lambda t: 2 * t + 3"
RAVINE = "lambda t: np.array([2, 20]) * t"
SHARED = "lambda t: np.array([t[0] + t[1], t[0] + 3 * t[1]])"


def line(place: Any) -> Any:
    """Return the slope of x² + 3x."""
    return 2 * place + 3


def ravine(place: Any) -> Any:
    """Return the gradient of x² + 10y²."""
    return np.array([2, 20]) * place


def shared(place: Any) -> Any:
    """Return a gradient in which each entry depends on both coordinates."""
    return np.array([place[0] + place[1], place[0] + 3 * place[1]])


def expect_path(got: Any, want: Sequence[Any], call: str, hint: str) -> None:
    """Raise Mismatch unless these are the places of a descent: first how many there are, then where."""
    wanted = np.shape(want)
    shape = got.shape if isinstance(got, np.ndarray) else wanted
    one_axis = len(shape) == 1
    rows = f"{wanted[0]} rows: the start and {wanted[0] - 1} steps" if wanted[0] > 1 else "1 row, the start"
    expect(
        not one_axis,
        call=call,
        got=got,
        expected=f"an array of shape {wanted}: a row for each place",
        hint="a row holds the d coordinates of a place, also if d is 1",
    )
    fits = len(shape) != 2 or shape[0] == wanted[0]
    expect(fits, call=call, got=got, expected=rows, hint="row 0 is the start, and each step adds one row")
    expect_close(got, want, call=call, hint=hint)


def first_steps(gradient_descent: Function) -> None:
    """Try two steps on a parabola, in a ravine, and where the coordinates depend on each other."""
    hint = "the slope at −1.25 is 0.5, so the next place is −1.25 − 0.1 · 0.5 = −1.3; there the slope is 0.4"
    call = f"gradient_descent({LINE}, np.array([-1.25]), 0.1, 2)"
    path = gradient_descent(line, np.array([-1.25]), 0.1, 2)
    expect_path(path, [[-1.25], [-1.3], [-1.34]], call, hint)
    hint = "the slope at 2 is 7, so the next place is 2 − 0.1 · 7 = 1.3; there the slope is 5.6"
    call = f"gradient_descent({LINE}, np.array([2.0]), 0.1, 2)"
    expect_path(gradient_descent(line, np.array([2.0]), 0.1, 2), [[2], [1.3], [0.74]], call, hint)
    hint = "each coordinate moves by the rate times its own entry of the gradient"
    call = f"gradient_descent({RAVINE}, np.array([5.0, 2.0]), 0.04, 2)"
    path = gradient_descent(ravine, np.array([5.0, 2.0]), 0.04, 2)
    expect_path(path, [[5, 2], [4.6, 0.4], [4.232, 0.08]], call, hint)
    hint = "ask grad for the place where you are, then move all coordinates at once"
    call = f"gradient_descent({SHARED}, np.array([1.0, 0.5]), 0.25, 2)"
    path = gradient_descent(shared, np.array([1.0, 0.5]), 0.25, 2)
    expect_path(path, [[1, 0.5], [0.625, -0.125], [0.5, -0.1875]], call, hint)


def starts(gradient_descent: Function) -> None:
    """Try whole numbers, a list, a number alone, and no step at all."""
    hint, want = "whole numbers may come in: make a float array of them first", [[5, 2], [4.6, 0.4]]
    for start, shown in ((np.array([5, 2]), "np.array([5, 2])"), ([5, 2], "[5, 2]")):
        call, asked = f"gradient_descent({RAVINE}, {shown}, 0.04, 1)", list[Any]()
        path = gradient_descent(lambda t, asked=asked: asked.append(t) or ravine(t), start, 0.04, 1)
        expect_path(path, want, call, hint)
        expect_place(asked[0] if asked else None, call)
    for number in (2.0, 2):
        hint = "a number is a place with one coordinate, so the shape is (3, 1)"
        call = f"gradient_descent({LINE}, {number}, 0.1, 2)"
        expect_path(gradient_descent(line, number, 0.1, 2), [[2], [1.3], [0.74]], call, hint)
    hint = "no step: the start alone, in a table with one row"
    call = f"gradient_descent({RAVINE}, np.array([5.0, 2.0]), 0.04, 0)"
    expect_path(gradient_descent(ravine, np.array([5.0, 2.0]), 0.04, 0), [[5, 2]], call, hint)
    call, path = call.replace("5.0, 2.0", "5, 2"), gradient_descent(ravine, np.array([5, 2]), 0.04, 0)
    expect_path(path, [[5, 2]], call, hint)
    kind, hint = np.asarray(path).dtype, "whole numbers become floats, also where no step is taken"
    if kind.kind != "f":
        raise Mismatch(call, f"a table of {kind}", "a table of floats", hint)


def expect_place(place: Any, call: str) -> None:
    """Raise Mismatch unless grad was given the whole place, in an array of floats."""
    kind = f"an array of {place.dtype}" if isinstance(place, np.ndarray) else kind_of(place)
    floats = isinstance(place, np.ndarray) and place.dtype.kind == "f" and place.shape == (2,)
    if isinstance(place, np.ndarray) and place.shape != (2,):
        kind = f"an array of shape {place.shape}"
    if not floats:
        asked, expected = f"what grad was given in {call}", "a float array of shape (2,)"
        hint = "make one float array of theta0 at the beginning, and give grad the whole of it"
        raise Mismatch(asked, kind, expected, hint)


def odd_paths(gradient_descent: Function) -> None:
    """Try a path that stands still, one that begins very gently, and one that explodes."""
    call = f"gradient_descent({LINE}, np.array([-1.5]), 0.1, 3)"
    path = gradient_descent(line, np.array([-1.5]), 0.1, 3)
    expect_path(path, [[-1.5]] * 4, call, "all steps are taken, also where the slope is 0")
    call = "gradient_descent(lambda t: -2 * t, np.array([1e-7]), 1, 16)"
    path, want = (
        gradient_descent(lambda t: -2 * t, np.array([1e-7]), 1, 16),
        [[3.0**k / 1e7] for k in range(17)],
    )
    expect_path(
        path, want, call, "all steps are taken, also tiny ones: this path leaves its hilltop in the end"
    )
    call = f"gradient_descent({LINE}, np.array([2.0]), 10, 16)"
    want = [[3.5 * (-19.0) ** step - 1.5] for step in range(17)]
    hint = "a path that explodes is returned as it is: 19 times farther away after each step"
    expect_path(gradient_descent(line, np.array([2.0]), 10, 16), want, call, hint)


def kept(gradient_descent: Function) -> None:
    """See that the start and the gradient stay as they were, and that rows are copies."""
    call = f"gradient_descent({RAVINE}, theta0, 0.04, 2)"
    theta0 = np.array([5.0, 2.0])
    expect_unchanged(lambda start: gradient_descent(ravine, start, 0.04, 2), theta0, call=call)
    slope, want = np.array([1.0, -2.0]), [[0, 0], [-0.5, 1], [-1, 2]]
    call = "gradient_descent(lambda t: slope, np.zeros(2), 0.5, 2)"
    hint = "grad may hand out one and the same array: compute with it, and neither change nor keep it"
    expect_path(gradient_descent(lambda _: slope, np.zeros(2), 0.5, 2), want, call, hint)
    expect_close(slope, [1.0, -2.0], call=f"slope = np.array([1.0, -2.0]) after {call}", hint=hint)
    for steps in (0, 1):
        path = gradient_descent(ravine, theta0, 0.04, steps)
        path[0][0] = 9.0
        call = f"theta0 after path = gradient_descent({RAVINE}, theta0, 0.04, {steps}) and path[0, 0] = 9"
        expect_close(theta0, [5.0, 2.0], call=call, hint="row 0 is a copy of theta0")
    call = call.replace("theta0 after", "path[1] after", 1)
    expect_close(path[1], [4.6, 0.4], call=call, hint="each row is an array of its own")
