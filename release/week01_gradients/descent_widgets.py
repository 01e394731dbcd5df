"""Build the widgets of week 1: a learning rate with step replay, descent on surfaces, six cards."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from controls import Pad
from descent_cards import CARDS, HIDDEN, SHOWN, UNDECIDED, VERDICTS, describe_card, set_table
from descent_maps import (
    EARLIER,
    HERE,
    PATH,
    draw_distance_axis,
    draw_parabola,
    name_lines,
    set_stage,
    show_path,
    two_panels,
)
from descent_paths import SURFACES, describe_descent, found_start, heights_of, walk
from descent_rates import LOWEST, REPLAYED, describe_rate, find, parabola, parabola_path
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import PALETTE, label, moving
from widgets import Goal, Interactive, live, menu, slider

# ---------------------------------------------------------------- one direction: the learning rate


def rate_explorer() -> Interactive:
    """Return sliders for learning rate, start and step on x² + 3x: the path, and its distances."""
    figure, (left, right) = two_panels()
    draw_parabola(left)
    (before,) = left.plot([], [], **PATH, label="steps so far")
    (tangent,) = left.plot([], [], "--", color=PALETTE[0], lw=2, label="slope")
    (here,) = left.plot([], [], **HERE, label="here")
    label(left, "Where the steps lead", "x", "f = x² + 3x")
    (all_steps,) = right.plot([], [], **EARLIER)
    (so_far,) = right.plot([], [], **PATH, markevery=2)
    (now,) = right.plot([], [], **HERE)
    draw_distance_axis(right, (1e-5, 1e5))
    name_lines(figure)
    moving(before, tangent, here, all_steps, so_far, now)

    def draw(rate: float, start: int, step: int) -> Figure:
        path = parabola_path(rate, start, REPLAYED)
        away, x = np.abs(path - LOWEST), path[step]
        before.set_data(path[: step + 1], parabola(path[: step + 1]))
        here.set_data([x], [parabola(x)])
        along = np.array([x - 1, x + 1])
        tangent.set_data(along, parabola(x) + (2 * x + 3) * (along - x))
        all_steps.set_data(range(REPLAYED + 1), away)
        so_far.set_data(range(step + 1), away[: step + 1])
        now.set_data([step], [away[step]])
        return figure

    return live(
        draw, describe_rate, three_rates(),
        rate=slider("Learning rate", 0.01, 1.1, 0.01, 0.1), start=slider("Start x", -5, 2, 1, 2),
        step=slider("Step", 0, REPLAYED, 1, 6),
    )  # fmt: skip


def three_rates() -> Goal:
    """Return the goal of finding three rates, in any order."""
    found: set[str] = set()

    def reached(rate: float, start: int, step: int) -> bool:
        found.add(find(rate)[:3])
        return found >= {"(a)", "(b)", "(c)"}

    return Goal(
        "Find three rates: (a) one above 0.50 that needs exactly as many steps as 0.20, from every start; "
        "(b) one that needs a single step; (c) one that never arrives and never explodes.",
        reached,
    )


# ---------------------------------------------------------------- two directions: descent on a surface


def descent_explorer() -> Interactive:
    """Return descent on three surfaces: the start is chosen by sliders, or by a click into the map."""
    stage_of = cache(set_stage)

    def draw(surface: str, x: float, y: float, shrink: float, rate: float) -> Figure:
        shown, path = stage_of(surface), walk(surface, (x, y * shrink), rate)
        show_path(shown.way, path)
        show_path(shown.start, path[:1])
        show_path(shown.ends, path[-1:])
        heights = heights_of(surface, path)
        shown.curve.set_data(range(len(heights)), heights)
        return shown.figure

    first = SURFACES["ravine"]
    controls = {
        "surface": menu("Surface", SURFACES),
        "x": slider("Start x", -first.reach[0], first.reach[0], 0.1, first.start[0]),
        "y": slider("Start y", -first.reach[1], first.reach[1], 0.1, first.start[1]),
        "shrink": slider("Multiply start y by", -12, 0, 1, 1.0, powers_of_ten=True),
        "rate": slider("Learning rate", 0.01, 0.15, 0.01, first.rate),
    }
    controls["surface"].observe(lambda _change: go_to(controls), names="value")  # before anybody draws
    go_to(controls)
    explorer = live(draw, describe_descent, two_starts(), **controls)
    for name in reversed(SURFACES):  # all are drawn now, so that nobody waits for them later
        controls["surface"].value = name
    make_clickable(explorer, lambda: stage_of(controls["surface"].value).map)
    return explorer


def go_to(controls: dict[str, Any]) -> None:
    """Set all other controls for the surface that is chosen: their ranges, the start and the rate."""
    name = controls["surface"].value
    surface = SURFACES[name]
    for axis, reach, start in zip("xy", surface.reach, surface.start, strict=True):
        controls[axis].min, controls[axis].max = -reach, reach
        controls[axis].value = start
    controls["shrink"].value, controls["rate"].value = 1.0, surface.rate
    controls["shrink"].layout.display = None if name == "saddle" else "none"


def make_clickable(explorer: Interactive, ax: Callable[[], Axes]) -> None:
    """Put a pad in place of the picture: a click into `ax()` sets the sliders of the start."""
    pad, plain = (
        Pad("Click into the map to start there, or set the start with the sliders."),
        explorer.picture,
    )
    pad.value = plain.value
    explorer.picture = pad
    explorer.children = tuple(pad if child is plain else child for child in explorer.children)

    def start_there(_change: Any) -> None:
        place = pad.place_in(ax())
        if place:
            pad.pass_on(explorer.controls["shrink"], 1.0)
            for axis, at in zip("xy", place, strict=True):
                pad.pass_on(explorer.controls[axis], round(at, 1))

    pad.observe(start_there, names="clicks")


def two_starts() -> Goal:
    """Return the goal of finding two starts, in any order."""
    found: set[str] = set()

    def reached(surface: str, x: float, y: float, shrink: float, rate: float) -> bool:
        found.add(found_start(surface, (x, y * shrink), rate)[:3])
        return found >= {"(a)", "(b)"}

    return Goal(
        "Find two starts: (a) on the saddle, one that needs more than 200 steps to a minimum with a rate of "
        "0.10 or more; (b) in the double valley, one to the left of the hill that ends to the right of it: "
        "begin where it is steepest, with a large rate.",
        reached,
    )


# ---------------------------------------------------------------- six cards: diverges or not?


def border_cards() -> Interactive:
    """Return six cards, each a function and a rate: guess what becomes of the steps, then show the answer."""
    table_of = cache(set_table)
    solved: set[int] = set()

    def draw(card: int, guess: str, answer: str) -> Figure:
        shown = CARDS[card - 1]
        return table_of(shown.function).show(shown, answer == SHOWN and guess != UNDECIDED)

    def all_solved(card: int, guess: str, answer: str) -> bool:
        if answer == SHOWN and guess == CARDS[card - 1].verdict:
            solved.add(card)
        return len(solved) == len(CARDS)

    card = slider("Card", 1, len(CARDS), 1, 1)
    guess, answer = menu("Your guess", (UNDECIDED, *VERDICTS)), menu("Answer", (HIDDEN, SHOWN))

    def hide(change: Any) -> None:
        answer.value = HIDDEN
        if change["owner"] is card:
            guess.value = UNDECIDED

    for control in (card, guess):
        control.observe(hide, names="value")  # each guess is made before its answer is seen
    goal = Goal("Guess right on all six cards, each before you show its answer.", all_solved)
    cards = live(draw, describe_card, goal, card=card, guess=guess, answer=answer)
    for number in (len(CARDS), 1):  # both functions are drawn now, so that nobody waits for them later
        card.value = number
    return cards
