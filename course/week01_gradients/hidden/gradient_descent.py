"""Hidden checks of gradient_descent."""

from __future__ import annotations

from typing import Any

import numpy as np
from checking import Mismatch, as_array, expect, expect_close, show

from autograder.checks.framework import Student, check
from autograder.checks.inputs import FIRST_RIGHT, drawn, drawn_decimal, drawn_from, shuffled, written

Case = tuple[str, Any, float, int]  # the gradient as a formula of the place t, the start, the rate, the steps

SETTING = """
import numpy as np
{before}
_kinds = set()
def _grad(t):
    _kinds.add(str(getattr(t, "dtype", type(t).__name__)))
    return {slope}
"""
DESCENT = SETTING + "gradient_descent(_grad, _theta0, _lr, _n_steps)"
KIND = SETTING + "str(np.asarray(gradient_descent(_grad, _theta0, _lr, _n_steps)).dtype)"
BESIDE = SETTING + "[gradient_descent(_grad, _theta0, _lr, _n_steps), {beside}]"
TOUCHED = (
    SETTING
    + """
_path = gradient_descent(_grad, _theta0, _lr, _n_steps)
_before = [np.array(_path), np.array(_theta0)]
_path[0][0] = _path[0][0] + 5
[_before, np.array(_path[1:]), _theta0]
"""
)


def descend(student: Student, case: Case, source: str = DESCENT, before: str = "", beside: str = "") -> Any:
    """Return what comes back for a case, from a scenario beside the student's code."""
    student.gradient_descent  # noqa: B018  a name that is missing is told as such
    slope, start, rate, steps = case
    scenario = source.format(slope=slope, before=before, beside=beside)
    return student.run(scenario, _theta0=start, _lr=rate, _n_steps=steps)


def path_of(case: Case) -> np.ndarray:
    """Return the places of a descent, shape (steps + 1, d)."""
    slope, start, rate, steps = case
    places = [np.array(start, dtype=float).reshape(-1)]
    for _ in range(steps):
        places.append(places[-1] - rate * eval(slope, {"np": np, "t": places[-1]}))
    return np.array(places)


def shown(case: Case) -> str:
    """Return a case as one would type it."""
    slope, start, rate, steps = case
    place = f"np.array({written(start)})" if isinstance(start, np.ndarray) else written(start)
    return f"gradient_descent(lambda t: {slope}, {place}, {rate:g}, {steps})"


def compare(student: Student, cases: list[Case], hint: str) -> None:
    """Ask for all paths first, then compare them in order."""
    answers = [descend(student, case) for case in cases]
    for case, got in zip(cases, answers, strict=True):
        student.expects(shown(case), got, path_of(case))
    for case, got in zip(cases, answers, strict=True):
        expect_close(got, path_of(case), call=shown(case), hint=hint)


def parabola(student: Student) -> str:
    """Return the slope of a parabola with a curvature between 1.5 and 2.5."""
    return f"{drawn_decimal(student, 1.5, 2.5)} * t + {drawn_decimal(student, 0.4, 1.4)}"


def place(student: Student, size: int, sign: int = 0) -> np.ndarray:
    """Return a place whose coordinates lie between 1.5 and 4 in size, on both sides of 0."""
    sizes = drawn_from(student, [1.55, 1.95, 2.35, 2.75, 3.15, 3.55, 3.95], size)
    signs = [sign] * size if sign else shuffled(student, ([1, -1] * size)[:size])
    return np.array([sign * value for sign, value in zip(signs, sizes, strict=True)])


def rate(student: Student) -> float:
    """Return a learning rate from 0.12 to 0.24."""
    return drawn_decimal(student, 0.12, 0.24)


@check("gradient_descent", gate=True)
def a_path_begins_at_the_start_and_leaves_it(student: Student) -> None:
    case = (parabola(student), place(student, 1, 1), rate(student), 3)
    got = descend(student, case)
    path = as_array(got)
    start = float(case[1][0])
    left = path is not None and path.size > 1 and path.flat[0] == start and path.flat[-1] != start
    expected = f"places from {start:g} on, shape (4, 1)"
    hint = "row 0 is the start, and each step adds a row with the next place"
    expect(bool(left), call=shown(case), got=got, expected=expected, hint=hint)


@check("gradient_descent", marks=0.25)
def one_step_is_the_rate_times_the_slope_against_its_sign(student: Student) -> None:
    cases: list[Case] = [(parabola(student), place(student, 1, sign), rate(student), 1) for sign in (1, -1)]
    cases.append((f"{drawn_decimal(student, 0.4, 0.6)} * t**2", place(student, 1, 1), rate(student), 1))
    cases.append((f"{drawn_decimal(student, 0.1, 0.2)} * t", place(student, 1), rate(student), 1))
    compare(student, cases, hint="the next place is theta - lr * grad(theta)")


@check("gradient_descent", marks=0.5)
def each_step_asks_for_the_slope_where_it_stands(student: Student) -> None:
    cases: list[Case] = [(parabola(student), place(student, 1, sign), rate(student), 3) for sign in (1, -1)]
    cases.append((f"{drawn_decimal(student, 0.3, 0.6)} * t**2", place(student, 1, 1), rate(student), 5))
    compare(student, cases, hint="the slope changes as you move: call grad inside the loop, at the new place")


@check("gradient_descent", marks=0.5)
def each_coordinate_follows_its_own_slope(student: Student) -> None:
    two = f"np.array({[drawn_decimal(student, 0.6, 1.2), drawn_decimal(student, 2.4, 3.9)]}) * t"
    five = f"np.array({drawn_from(student, [0.5, 0.9, 1.3, 1.7, 2.1, 2.5], 5)}) * t"
    mixed = f"np.array([t[0] + t[1], t[0] + {drawn_decimal(student, 2.2, 3.2)} * t[1]])"
    sizes = ((two, 2, 2), (five, 5, 2), (two, 2, 4), (mixed, 2, 3))
    cases: list[Case] = [(slope, place(student, size), rate(student), steps) for slope, size, steps in sizes]
    compare(student, cases, hint="grad returns one slope for each coordinate: move all of them in one step")


@check("gradient_descent", marks=0.25)
def whole_numbers_become_floats(student: Student) -> None:
    start = drawn_from(student, [2, 3, 4, 5, 6], 2)
    slope = f"{drawn_decimal(student, 0.9, 1.4)} * t"
    cases: list[Case] = [(slope, np.array(start), rate(student), 3), (slope, start, rate(student), 2)]
    hint = "a start of whole numbers makes a path of floats: np.array(theta0, dtype=float)"
    compare(student, cases, hint=hint)
    came = descend(student, cases[0], BESIDE, beside="sorted(_kinds)")
    kinds = came[1] if isinstance(came, list) and len(came) == 2 and isinstance(came[1], list) else []
    floats = bool(kinds) and all(str(kind).startswith("float") for kind in kinds)
    asked = f"what grad was given in {shown(cases[0])}"
    expect(floats, call=asked, got=kinds, expected="arrays of floats alone", hint=hint)
    none: Case = (slope, np.array(start), rate(student), 0)
    kind = descend(student, none, KIND)
    fine = isinstance(kind, str) and kind.startswith("float")
    expect(fine, call=shown(none), got=f"a table of {kind}", expected="a table of floats", hint=hint)


@check("gradient_descent", marks=0.25)
def a_number_is_a_place_with_one_coordinate(student: Student) -> None:
    number, whole = drawn_decimal(student, 1.5, 4.0), drawn(student, 2, 6)
    cases: list[Case] = [(parabola(student), start, rate(student), 2) for start in (number, whole)]
    hint = "np.array(theta0, dtype=float).reshape(-1) makes a place with one coordinate of a number"
    compare(student, cases, hint=hint)


@check("gradient_descent", marks=0.25)
def no_step_leaves_the_start_alone(student: Student) -> None:
    slope, start = parabola(student), place(student, 3)
    cases: list[Case] = [(slope, start, rate(student), 0), (slope, place(student, 1), rate(student), 0)]
    compare(student, cases, hint="0 steps: a table with one row, the start")


@check("gradient_descent", marks=0.25)
def all_steps_are_taken_also_by_paths_that_stand_still_or_explode(student: Student) -> None:
    curvature, home = drawn_decimal(student, 1.5, 2.5), drawn(student, 5, 15) / 4
    wild = f"{curvature} * (t - {home})"
    steps, gentle = drawn(student, 20, 24), f"-{drawn_decimal(student, 1.6, 2.4)} * t"
    cases: list[Case] = [
        (wild, np.array([home]), rate(student), 4),
        (parabola(student), place(student, 2), 0.0, 3),
        (gentle, np.array([drawn(student, 1, 3) * 1e-7]), 1.0, steps),
        (wild, place(student, 1, -1), float(drawn(student, 6, 9)), steps),
    ]
    hint = "take every step, whatever the slope and however far away: no early end, no limit, no error"
    compare(student, cases, hint=hint)


def right_first(student: Student, case: Case, got: Any) -> None:
    """Raise Mismatch unless this is the path, of which something else is then asked."""
    student.expects(shown(case), got, path_of(case))
    expect_close(got, path_of(case), call=shown(case), hint=FIRST_RIGHT)


@check("gradient_descent", marks=0.25)
def the_start_stays_as_it_was(student: Student) -> None:
    slope = f"np.array([1.0, {drawn_decimal(student, 1.5, 2.5)}]) * t"
    case: Case = (slope, place(student, 2), rate(student), 3)
    came = descend(student, case, BESIDE, beside="_theta0")
    path, start = came if isinstance(came, list) and len(came) == 2 else (came, case[1])
    right_first(student, case, path)
    if as_array(start) is None or not np.array_equal(np.asarray(start), case[1]):
        hint = "theta -= … changes the caller's array: begin with a copy, np.array(theta0, dtype=float)"
        raise Mismatch(f"theta0 after {shown(case)}", show(start), f"{show(case[1])}, as it was", hint)


@check("gradient_descent", marks=0.25)
def rows_are_copies(student: Student) -> None:
    slope = f"{drawn_decimal(student, 0.9, 1.4)} * t"
    for steps in (0, 2):
        case: Case = (slope, place(student, 2), rate(student), steps)
        came = descend(student, case, TOUCHED)
        whole = isinstance(came, list) and len(came) == 3 and isinstance(came[0], list) and len(came[0]) == 2
        expect(whole, call=shown(case), got=came, expected="a path", hint=FIRST_RIGHT)
        (path, _), rest, start = came
        right_first(student, case, path)
        hint = "every row is a copy: np.array(path) makes one of all of them"
        call = f"after path = {shown(case)} and path[0, 0] += 5"
        expect_close(start, case[1], call=f"theta0 {call}", hint=hint, tolerance=0.0)
        if steps:
            expect_close(rest, path_of(case)[1:], call=f"path[1:] {call}", hint=hint)


@check("gradient_descent", marks=0.25)
def gradients_belong_to_grad(student: Student) -> None:
    constant: Case = ("_slope", place(student, 2), rate(student), 3)
    slope = place(student, 2, 1)
    reused: Case = ("np.multiply(_slope, t, out=_store)", place(student, 2), rate(student) / 4, 3)
    for case in (constant, reused):
        before = f"_slope = np.array({slope.tolist()}); _store = np.zeros(2)"
        came = descend(student, case, BESIDE, before, "_slope")
        path, after = came if isinstance(came, list) and len(came) == 2 else (came, slope)
        typed = case[0].replace("_", "")
        call = shown((typed, *case[1:])) + f" with slope = np.array({written(slope)})"
        call += ", store = np.zeros(2)" if "store" in typed else ""
        want = _path_with(case, slope)
        student.expects(call, path, want)
        hint = "grad may hand out the same array each time: do not change it, and store no row in it"
        expect_close(path, want, call=call, hint=hint)
        expect_close(after, slope, call=f"slope after {call}", hint=hint, tolerance=0.0)


def _path_with(case: Case, slope: np.ndarray) -> np.ndarray:
    """Return the places of a descent whose gradient is `slope`, or `slope` times the place."""
    factor = 1 - case[2] * slope
    steps = np.arange(case[3] + 1)[:, None]
    return case[1] - steps * case[2] * slope if case[0] == "_slope" else case[1] * factor**steps
