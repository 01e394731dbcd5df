"""Hold the six cards of "diverges or not?": their pictures, their answers, and both in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from descent_maps import (
    PATH,
    START,
    draw_distance_axis,
    draw_parabola,
    draw_surface,
    name_lines,
    two_panels,
)
from descent_paths import SURFACES
from descent_rates import LOWEST, REPLAYED, parabola, say
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving

UNDECIDED = "no guess yet"
VERDICTS = ("settles", "never settles", "diverges")
HIDDEN, SHOWN = "hidden", "shown"
FIRST_STEPS = 8  # of a path, as many as can be told apart in a picture


@dataclass(frozen=True)
class Card:
    """Hold a function by its curvature in each direction, a rate and a start."""

    function: str
    rate: float
    curvatures: tuple[int, ...]
    start: tuple[float, ...]  # as distances from the minimum

    @property
    def factors(self) -> tuple[float, ...]:
        """Return by what each step multiplies the distance, in each direction."""
        return tuple(round(1 - self.rate * curvature, 6) for curvature in self.curvatures)

    @property
    def verdict(self) -> str:
        """Return what becomes of the steps."""
        largest = max(map(abs, self.factors))
        return VERDICTS[(largest >= 1) + (largest > 1)]

    def distances(self) -> np.ndarray:
        """Return the distance to the minimum in each direction at each step, shape (REPLAYED + 1, d)."""
        return np.array(self.start) * np.array(self.factors) ** np.arange(REPLAYED + 1)[:, None]


PARABOLA, RAVINE = "parabola", "ravine"
CARDS = (
    *(Card(PARABOLA, rate, (2,), (3.5,)) for rate in (0.9, 1.01, 1.0)),
    *(Card(RAVINE, rate, (2, 20), (5.0, 2.0)) for rate in (0.11, 0.0909, 0.1)),
)
FORMULAS = {PARABOLA: "x² + 3x", RAVINE: SURFACES[RAVINE].formula}


@dataclass(frozen=True)
class Table:
    """Hold the picture of one function and the lines that move in it."""

    figure: Figure
    way: Any
    curves: tuple[Any, ...]  # of the distances, one for each direction

    def show(self, card: Card, is_open: bool) -> Figure:
        """Draw a card: the start alone, or with its steps."""
        away = card.distances() if is_open else card.distances()[:1]
        places = away[: FIRST_STEPS + 1]
        across = places[:, 0] + (LOWEST if card.function == PARABOLA else 0)
        self.way.set_data(across, parabola(across) if card.function == PARABOLA else places[:, 1])
        for curve, one in zip(self.curves, np.abs(away).T, strict=True):
            curve.set_data(range(len(one)), one)
        return self.figure


def set_table(function: str) -> Table:
    """Draw a function with the start of its cards, and the axes for the distances."""
    figure, (left, right) = two_panels()
    if function == PARABOLA:
        draw_parabola(left)
        left.plot([2], [parabola(2)], **START, label="start")
        label(left, "f = x² + 3x", "x", "f")
    else:
        draw_surface(left, RAVINE)
        left.plot([5], [2], **START, label="start")
        label(left, f"Ravine: f = {FORMULAS[RAVINE]}", "x", "y")
    (way,) = left.plot([], [], **PATH)
    looks = (PATH, {**PATH, "color": PALETTE[0], "marker": MARKERS[1], "ls": "--"})
    directions = "x" if function == PARABOLA else "xy"
    curves = tuple(
        right.plot([], [], **look, markevery=4, label=f"{axis} direction")[0]
        for axis, look in zip(directions, looks, strict=False)
    )
    draw_distance_axis(right, (1e-7, 1e7))
    name_lines(figure)
    moving(way, *curves)
    return Table(figure, way, curves)


def describe_card(card: int, guess: str, answer: str) -> list[str]:
    """Say in words what a card shows, a sentence for each panel."""
    shown = CARDS[card - 1]
    is_open = answer == SHOWN and guess != UNDECIDED
    curved = " and ".join(
        f"{curvature} in {axis}" for curvature, axis in zip(shown.curvatures, "xy", strict=False)
    )
    asked = (
        f"Card {card} of {len(CARDS)}: f = {FORMULAS[shown.function]}, rate {shown.rate:g}. "
        f"Its slope changes by {curved} per unit."
    )
    if not is_open:
        todo = "Make a guess first." if answer == SHOWN else "Guess, then show the answer."
        return [f"{asked} {todo}", "The distances are hidden until the answer is shown."]
    return [f"{asked} {_judged(shown, guess)}", _told(shown)]


def _judged(card: Card, guess: str) -> str:
    right = (
        f"Right: it {card.verdict}"
        if guess == card.verdict
        else f"You guessed that it {guess}; it {card.verdict}"
    )
    return f"{right}."


def _told(card: Card) -> str:
    last = np.abs(card.distances())[-1]
    parts = [
        f"in {axis} by 1 − {card.rate:g} · {curvature} = {say(factor)}: {say(end)} after {REPLAYED} steps"
        for axis, curvature, factor, end in zip("xy", card.curvatures, card.factors, last, strict=False)
    ]
    return f"Each step multiplies the distance {', and '.join(parts)}."
