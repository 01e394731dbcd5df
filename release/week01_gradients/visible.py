"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import visible_backward
import visible_descent
import visible_trying
from checking import all_good, expect, expect_close
from tutor import visible

Function = Callable[..., Any]

# ---------------------------------------------------------------- not graded


@visible
def check_q1(slope: Function) -> None:
    """Ask for the slope of x² + 3x at four places."""
    for x, want in ((-5, -7), (-1.5, 0), (2, 7), (0, 3)):
        hint = "x² changes by 2x per unit of x, and 3x by 3, wherever you are"
        got = slope(x)
        tried = (x + 0.01) ** 2 + 3 * (x + 0.01) - x**2 - 3 * x  # by how much f changes over 0.01
        if isinstance(got, (int, float)) and abs(got - tried) < 1e-6:
            hint = "that is how much f changes over 0.01: per unit of x it is that, divided by 0.01"
        elif isinstance(got, (int, float)) and abs(got - tried / 0.01) < 1e-6:
            hint = "trying with 0.01 is a little off, because the slope changes on the way. Use the formula"
        expect_close(got, want, call=f"slope({x})", hint=hint, tolerance=1e-6)
    print("✓ slope: −7 at −5, 0 at −1.5, 3 at 0, 7 at 2. Down is against its sign.")


@visible
def check_q2(factor: Function) -> None:
    """Ask for the number and the word on each side of each border."""
    cases = [
        (0.1, 2, 0.8, "creeps"),
        (0.9, 2, -0.8, "zigzags"),
        (1.0, 2, -1.0, "never settles"),
        (0.11, 20, -1.2, "diverges"),
        (0.5, 2, 0.0, "creeps"),
        (0.1, 20, -1.0, "never settles"),
        (0.04, 20, 0.2, "creeps"),
    ]
    for rate, curvature, number, word in cases:
        call, got = f"factor({rate}, {curvature})", factor(rate, curvature)
        pair = isinstance(got, (tuple, list)) and len(got) == 2
        expected = f'{number:g} and "{word}"'
        expect(pair, call=call, got=got, expected=expected, hint="return number, word: two things, a comma")
        expect_close(got[0], number, call=f"the number of {call}", hint="1 − rate · curvature")
        said = got[1].strip().lower() if isinstance(got[1], str) else got[1]
        fine = said == word or (number == 0 and said == "arrives")
        hint = "compare the number with 0 and with −1, and spell the word as in the table"
        expect(
            fine, call=f"the word of {call}, number {number:g}", got=got[1], expected=f'"{word}"', hint=hint
        )
    print(
        "✓ factor: 0.1 and 0.9 on a curvature of 2 are equally fast, +0.8 and −0.8. The border: 2/curvature."
    )


INNOCENT = {
    1: "line 1 is an ordinary net: two numbers in, two logits out",
    2: "300 steps would be plenty: look at the gradient, it is far from 0 all the time",
    3: "cross_entropy takes logits and labels, just these",
    4: "clearing before backward is right, whether it stands above the loss or below it",
    5: "backward computes the gradients, and they are there: their norm in the picture is not 0",
    6: "the update is no part of the loss, so it belongs under no_grad",
    7: "parameters() hands out the net's real tensors, one after the other; what happens to them then?",
}


@visible
def check_q3(broken_line: Any) -> None:
    """Say whether this is the line that changes nothing, or why that line is innocent."""
    number = isinstance(broken_line, int) and not isinstance(broken_line, bool)
    hint = INNOCENT.get(broken_line, "") if number else ""
    expect(
        number and broken_line == 8,
        call="broken_line",
        got=broken_line,
        expected="the number of the line that keeps the net from changing",
        hint=hint or "write a number from 1 to 8, without quotes",
    )
    print(
        "✓ 8: `weight - …` makes a new tensor, and the name `weight` moves to it. The net keeps the old\n"
        "  one, so nothing changes. `weight -= …` writes into the net's own tensor, as an optimizer does."
    )


# ---------------------------------------------------------------- graded


@visible
def check_gradient_descent(gradient_descent: Function) -> None:
    """Try descents in one and two dimensions, all kinds of starts, odd paths, and what must stay."""
    visible_descent.first_steps(gradient_descent)
    visible_descent.starts(gradient_descent)
    visible_descent.odd_paths(gradient_descent)
    visible_descent.kept(gradient_descent)
    all_good("gradient_descent")


@visible
def check_numerical_gradient(numerical_gradient: Function) -> None:
    """Try slopes of one and several coordinates, other eps, shapes and kinds, and what must stay."""
    visible_trying.own_differences(numerical_gradient)
    visible_trying.slopes(numerical_gradient)
    visible_trying.shapes(numerical_gradient)
    visible_trying.kinds(numerical_gradient)
    visible_trying.kept(numerical_gradient)
    all_good("numerical_gradient")


@visible
def check_mlp_backward(mlp_backward: Function) -> None:
    """Try both worked cases, other sizes, the borders, what must stay, and whether it is written out."""
    visible_backward.written_out(mlp_backward)
    visible_backward.worked_cases(mlp_backward)
    visible_backward.borders(mlp_backward)
    visible_backward.kept(mlp_backward)
    all_good("mlp_backward")
