"""Let students race SGD, momentum and Adam, each with a rate of its own, down valleys of six kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from optimizer_parts import Found, look, put_above_picture
from optimizer_race import (
    ALONG,
    KAPPAS,
    RACERS,
    STEPS,
    TURNED,
    heights,
    losses_of,
    path_of,
    tell_race,
    winner,
)
from widgets import Goal, Interactive, label, live, menu, moving, slider, stage

REACH = 6.0  # how far the map reaches, both ways
LOWEST, HIGHEST = 1e-12, 1e6  # the ends of the axis of losses
OPEN = "no answer yet"
ANSWERS = (OPEN, "SGD alone", "momentum alone", "Adam alone", "SGD and momentum", "all three")
RIGHT = "Adam alone"


def draw_valleys(ax: Axes) -> dict[tuple[int, str], Any]:
    """Draw the height lines of every valley into one map; return them by curvature and way."""
    side = np.linspace(-REACH, REACH, 161)
    places = np.stack(np.meshgrid(side, side), axis=-1)
    lines = {}
    for kappa in KAPPAS:
        for way in (ALONG, TURNED):
            ground = heights(places, kappa, way)
            levels = kappa * np.array([0.01, 0.1, 0.4, 1.6, 6.4, 25.6])
            lines[kappa, way] = ax.contour(
                side, side, ground, levels=levels, colors="grey", linewidths=0.8, alpha=0.6
            )
    return lines


def optimizer_race() -> Interactive:
    """Return a race of three optimizers with a rate slider each: their paths, and their losses."""
    figure, (left, right) = stage(2, 4.0)
    valleys = draw_valleys(left)
    left.plot(0, 0, "*", color="black", ms=12, label="lowest place")
    paths = {name: left.plot([], [], ms=5, markevery=(i, 3), **look(i))[0] for i, name in enumerate(RACERS)}
    left.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal")
    label(left, f"Paths of {STEPS} steps", "first weight", "second weight")
    left.legend(loc="lower right", fontsize="small")
    curves = {
        name: right.plot([], [], markevery=(3 * i, 10), label=name, **look(i))[0]
        for i, name in enumerate(RACERS)
    }
    right.set(yscale="log", xlim=(0, STEPS), ylim=(LOWEST, HIGHEST))
    label(right, "Loss", "step", "loss (powers of ten)")
    right.legend(loc="upper right", fontsize="small", ncols=3)
    moving(*paths.values(), *curves.values(), *valleys.values())

    def draw(sgd: float, momentum: float, adam: float, kappa: int, way: str, answer: str) -> Figure:
        rates = _rates(sgd, momentum, adam)
        for place, lines in valleys.items():
            lines.set_visible(place == (kappa, way))
        for name, losses in losses_of(rates, kappa, way).items():
            paths[name].set_data(*np.clip(path_of(name, rates[name], kappa, way), -1e3, 1e3).T)
            curves[name].set_data(range(STEPS + 1), np.clip(losses, LOWEST / 10, HIGHEST * 10))
        return figure

    found = Found("In front so far: nobody.")
    widget = live(
        draw, _describe, _each_wins_once(found),
        sgd=slider("Rate of SGD", -4.0, 1.0, 0.05, 0.01, powers_of_ten=True),
        momentum=slider("Rate of momentum 0.9", -4.0, 1.0, 0.05, 0.01, powers_of_ten=True),
        adam=slider("Rate of Adam", -4.0, 1.0, 0.05, 0.01, powers_of_ten=True),
        kappa=menu("So many times more curved across", KAPPAS),
        way=menu("Valley", (ALONG, TURNED)),
        answer=menu("Turning the valley changes the result of", ANSWERS),
    )  # fmt: skip
    return put_above_picture(widget, found)


def _rates(sgd: float, momentum: float, adam: float) -> dict[str, float]:
    return {"SGD": sgd, "momentum": momentum, "Adam": adam}


def _each_wins_once(found: Found) -> Goal:
    """Return the goal of three winners and one answer; `found` tells what is already there."""
    winners: set[str] = set()
    ways: set[str] = set()

    def reached(sgd: float, momentum: float, adam: float, kappa: int, way: str, answer: str) -> bool:
        first = winner(_rates(sgd, momentum, adam), kappa, way)
        winners.update([first] if first else [])
        ways.add(way)
        told = ", ".join(name for name in RACERS if name in winners) or "nobody"
        found.tell(f"In front so far: {told}.{_reply(answer, len(ways) == 2)}")
        return len(winners) == len(RACERS) and len(ways) == 2 and answer == RIGHT

    return Goal(
        "(a) Make each of the three win once, with all three ending lower than they start. (b) Turn the "
        "valley: whose result changes? Answer in the last menu.",
        reached,
    )


def _reply(answer: str, has_turned: bool) -> str:
    if answer == OPEN:
        return ""
    if not has_turned:
        return " Turn the valley before you answer."
    return f" {answer}: yes." if answer == RIGHT else f" {answer}: compare the losses of both ways again."


def _describe(sgd: float, momentum: float, adam: float, kappa: int, way: str, answer: str) -> list[str]:
    return tell_race(_rates(sgd, momentum, adam), kappa, way)
