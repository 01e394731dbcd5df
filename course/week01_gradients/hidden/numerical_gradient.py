"""Hidden checks of numerical_gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
from checking import Mismatch, as_array, expect, expect_close, show

from autograder.checks.framework import Student, check
from autograder.checks.inputs import (
    FIRST_RIGHT,
    drawn,
    drawn_decimal,
    drawn_from,
    drawn_sign,
    shuffled,
    written,
)

SETTING = """
import sys
import numpy as np
_libraries = set()
def _f(p):
    _frame = sys._getframe(1)
    while _frame:
        _libraries.add(str(_frame.f_globals.get("__name__", "")).partition(".")[0])
        _frame = _frame.f_back
    return {f}
"""
SLOPES = SETTING + "numerical_gradient(_f, _x{eps})"
AFTERWARDS = SETTING + "[numerical_gradient(_f, _x{eps}), _x]"
CALLERS = SETTING + "numerical_gradient(_f, _x{eps})\nsorted(_libraries)"
READY_MADE = ("scipy", "torch", "jax", "autograd", "numdifftools", "statsmodels", "sklearn")

Case = tuple[str, Any, Any, str]  # f as a formula of the place p, x, the slopes, eps as it is typed


def ask(student: Student, case: Case, source: str = SLOPES) -> Any:
    """Return what comes back for a case, from a scenario beside the student's code."""
    student.numerical_gradient  # noqa: B018  a name that is missing is told as such
    f, x, _, eps = case
    return student.run(source.format(f=f, eps=eps), _x=x)


def shown(case: Case) -> str:
    """Return a case as one would type it."""
    f, x, _, eps = case
    kind = "" if np.asarray(x).dtype in (np.int64, np.float64) else f", dtype=np.{np.asarray(x).dtype}"
    place = f"np.array({written(x)}{kind})" if isinstance(x, np.ndarray) else written(x)
    return f"numerical_gradient(lambda p: {f}, {place}{eps})"


def compare(student: Student, cases: list[Case], hint: str) -> None:
    """Ask for the slopes of all cases first, then compare them in order."""
    answers = [ask(student, case) for case in cases]
    for case, got in zip(cases, answers, strict=True):
        student.expects(shown(case), got, case[2])
    for case, got in zip(cases, answers, strict=True):
        expect_close(got, case[2], call=shown(case), hint=hint)


def by_hand(student: Student, case: Case) -> None:
    """Raise Mismatch if ready-made code asks f. Half of the marks lie in checks that end with this."""
    seen = ask(student, case, CALLERS)
    ready = [name for name in READY_MADE if isinstance(seen, list) and name in seen]
    student.note(bool(ready))  # from where f is called tells no mistake from another
    if ready:
        hint = "this exercise is about writing the differences: a ready-made one costs half of the marks"
        raise Mismatch(shown(case), f"slopes from {ready[0]}", "differences of your own", hint)


def coordinates(student: Student, size: int, shape: tuple[int, ...] = (-1,)) -> np.ndarray:
    """Return coordinates between 1 and 4 in size, no two alike, of both signs."""
    values = np.arange(1, 4, 0.15).round(2).tolist()
    signs = shuffled(student, [1, -1] * size)[:size]
    pairs = zip(drawn_from(student, values, size), signs, strict=True)
    return np.array([value * sign for value, sign in pairs]).reshape(shape)


def weights(student: Student, size: int) -> list[float]:
    """Return factors from 0.5 to 3 that differ by 0.2 at least."""
    return drawn_from(student, [0.5, 0.8, 1.1, 1.3, 1.6, 1.9, 2.2, 2.4, 2.7, 3.0], size)


def squares(student: Student, x: np.ndarray) -> Case:
    """Return a case in which each coordinate has a parabola of its own."""
    factors = np.array(weights(student, x.size)).reshape(x.shape)
    return f"(np.array({factors.tolist()}) * p**2).sum()", x, 2 * factors * x, ""


def cubes(student: Student, x: np.ndarray, eps: float, typed: str) -> Case:
    """Return a case in which each coordinate has a cubic of its own, whose error is eps² exactly."""
    factors = np.array(weights(student, x.size)).reshape(x.shape)
    want = factors * (3 * x.astype(float) ** 2 + eps**2)
    return f"(np.array({factors.tolist()}) * p**3).sum()", x, want, typed


def mixed(student: Student, eps: float) -> Case:
    """Return a case in which the slope of each coordinate depends on another one."""
    x, (one, two) = coordinates(student, 3), weights(student, 2)
    want = np.array([one * x[1] ** 2, 2 * one * x[0] * x[1] + two * x[2] ** 2, 2 * two * x[1] * x[2]])
    return f"{one} * p[0] * p[1]**2 + {two} * p[1] * p[2]**2", x, want, f", eps={eps}"


@check("numerical_gradient", gate=True)
def uphill_is_positive_and_downhill_negative(student: Student) -> None:
    up, down = drawn_decimal(student, 0.6, 1.4), drawn_decimal(student, 1.6, 2.9)
    x = np.array([-drawn_decimal(student, 1, 2), drawn_decimal(student, 1, 2)])
    case: Case = (f"{up} * p[0] - {down} * p[1]", x, np.array([up, -down]), "")
    got = ask(student, case)
    slopes = as_array(got)
    fine = slopes is not None and slopes.size == 2 and np.isfinite(slopes).all()
    told = fine and slopes.flat[0] > 0 > slopes.flat[1]
    expected = "two slopes, the first above 0 and the second below"
    hint = "for each coordinate: (f above - f below) / (2 * eps)"
    expect(bool(told), call=shown(case), got=got, expected=expected, hint=hint)


@check("numerical_gradient", marks=0.25)
def one_coordinate_has_the_slope_of_its_curve(student: Student) -> None:
    cases = [squares(student, coordinates(student, 1)) for _ in range(2)]
    x, factor = drawn_decimal(student, -1, 1), drawn_decimal(student, 1, 2)
    want = np.array([factor * np.exp(factor * x)])
    cases.append((f"np.exp({factor} * p[0])", np.array([x]), want, ""))
    compare(student, cases, hint="(f(x + eps) - f(x - eps)) / (2 * eps): both in brackets")


@check("numerical_gradient", marks=0.5)
def each_coordinate_has_a_slope_of_its_own(student: Student) -> None:
    cases = [squares(student, coordinates(student, size)) for size in (2, 5)]
    compare(student, cases, hint="wiggle one coordinate alone for its slope, then the next")


@check("numerical_gradient", marks=0.5)
def the_other_coordinates_stay_where_they_were(student: Student) -> None:
    cases = [mixed(student, drawn(student, 2, 3) / 8) for _ in range(2)]
    hint = "take a fresh copy for each coordinate, or put the one before back where it was"
    compare(student, cases, hint=hint)
    by_hand(student, cases[0])


@check("numerical_gradient", marks=0.5)
def f_is_asked_exactly_eps_away_on_both_sides(student: Student) -> None:
    narrow, wide = drawn(student, 2, 3) / 8, drawn(student, 5, 7) / 8
    zero = np.array([0.0, drawn_sign(student) * drawn_decimal(student, 1.5, 3.0)])
    cases = [
        cubes(student, coordinates(student, 1), wide, f", {wide}"),
        cubes(student, coordinates(student, 2), narrow, f", eps={narrow}"),
        cubes(student, zero, wide, f", eps={wide}"),
    ]
    hint = "above is x + eps, below is x - eps, for every coordinate and every eps; divide by 2 * eps"
    compare(student, cases, hint=hint)


@check("numerical_gradient", marks=0.25)
def the_slopes_have_the_shape_of_x(student: Student) -> None:
    shapes = ((2, 2), (2, 3), (2, 1, 2), (1, 1))
    cases = [
        cubes(student, coordinates(student, int(np.prod(shape)), shape), 0.25, ", 0.25") for shape in shapes
    ]
    x, (one, two) = coordinates(student, 4, (2, 2)), weights(student, 2)
    want = np.array([[one * x[0, 1], one * x[0, 0]], [two * x[1, 1], two * x[1, 0]]])
    cases.append((f"{one} * p[0, 0] * p[0, 1] + {two} * p[1, 0] * p[1, 1]", x, want, ""))
    number = drawn_decimal(student, 1.1, 2.9)
    slope = np.array(2 * one * number)
    cases += [(f"{one} * p.sum()**2", x, slope, "") for x in (np.array(number), number)]
    hint = "visit all coordinates, whatever the shape, a number's too: np.ndindex(x.shape). f takes arrays"
    compare(student, cases, hint=hint)
    by_hand(student, cases[0])


@check("numerical_gradient", marks=0.25)
def whole_numbers_are_converted_first(student: Student) -> None:
    whole = np.array(drawn_from(student, [-6, -5, -4, -3, -2, 2, 3, 4, 5, 6], 4))
    table = np.array(drawn_from(student, [-6, -5, -4, -3, -2, 2, 3, 4, 5, 6], 4)).reshape(2, 2)
    cases = [squares(student, whole), cubes(student, table, 0.25, ", eps=0.25")]
    hint = "x + 1e-5 cannot be a whole number: convert x, and the slopes, with dtype=np.float64"
    compare(student, cases, hint=hint)
    by_hand(student, cases[0])


@check("numerical_gradient", marks=0.25)
def float32_is_converted_first(student: Student) -> None:
    cases = [squares(student, coordinates(student, size).astype(np.float32)) for size in (6, 8)]
    hint = "float32 holds seven digits, too few for x + 1e-5: convert x with dtype=np.float64 first"
    compare(student, cases, hint=hint)
    by_hand(student, cases[0])


@check("numerical_gradient", marks=0.25)
def eps_is_a_hundred_thousandth_unless_one_says_otherwise(student: Student) -> None:
    near = np.array([drawn(student, 2, 4) * 1e-6, -drawn(student, 6, 8) * 1e-6])
    compare(
        student,
        [("np.abs(p).sum()", near, near / 1e-5, "")],
        hint="keep the default eps=1e-5, and move by it whatever the size of x",
    )


@check("numerical_gradient", marks=0.25)
def x_stays_as_it_was_to_the_last_bit(student: Student) -> None:
    case = squares(student, coordinates(student, 10))
    came = ask(student, case, AFTERWARDS)
    slopes, after = came if isinstance(came, list) and len(came) == 2 else (came, case[1])
    student.expects(shown(case), slopes, case[2])
    expect_close(slopes, case[2], call=shown(case), hint=FIRST_RIGHT)
    now = as_array(after)
    if now is None or not np.array_equal(now, case[1]):
        far = f", up to {np.abs(now - case[1]).max():.1g} away" if np.shape(now) == case[1].shape else ""
        hint = "x + eps - 2 * eps + eps is not quite x: wiggle a copy"
        raise Mismatch(f"x after {shown(case)}", f"{show(after)}{far}", f"{show(case[1])}, as it was", hint)
    by_hand(student, case)
