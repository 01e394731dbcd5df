"""Build the widgets of week 0: a line fitted by hand, three cells run in any order, a slider for the keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets
import numpy as np
from controls import Button
from matplotlib.figure import Figure
from start_cells import CELLS, RESTART, cells_figure, moments, works_from_start, works_with_left_overs
from traitlets import Int, observe
from widgets import MARKERS, PALETTE, Goal, Interactive, label, live, moving, slider, stage

from utils import line_with_outliers

# ---------------------------------------------------------------- a line by hand

X, Y = (values.flatten().double().numpy() for values in line_with_outliers(20, 0, noise=1.0, seed=0))
RATE = 0.025  # of the machine's steps
NEARLY = 1.01  # the machine stops when its error is this many times the lowest
GOOD = 1.2  # the student's goal
LOWEST_SHOWN = 0.3  # the lower end of the axis of errors
BARS = ("your line", "your lowest", "the machine")

Line = tuple[float, float]  # slope and intercept


def line_error(line: Line) -> float:
    """Return the mean squared error of a line over the 20 points."""
    return float(np.mean((line[0] * X + line[1] - Y) ** 2))


def best_line() -> Line:
    """Return the line with the lowest mean squared error, by least squares."""
    slope, intercept = np.polyfit(X, Y, 1)
    return float(slope), float(intercept)


def learned_line(rate: float = RATE) -> tuple[Line, int]:
    """Return where gradient descent from (0, 0) comes near the lowest error, and after how many steps."""
    slope, intercept, steps = 0.0, 0.0, 0
    while line_error((slope, intercept)) > NEARLY * line_error(best_line()):
        errors = slope * X + intercept - Y
        slope, intercept = slope - rate * 2 * np.mean(errors * X), intercept - rate * 2 * np.mean(errors)
        steps += 1
    return (float(slope), float(intercept)), steps


class FitByHand(Interactive):
    """Hold two sliders for a line over 20 points, and a button that lets gradient descent find one.

    `.machine` is None until the button is pressed; then it is the machine's line and its number of steps.
    """

    def __init__(self) -> None:
        self.lowest, self.machine = line_error((0, 0)), None
        self.figure, self.move = _fit_figure()
        self.learn = Button("Let it learn")
        goal = Goal(
            f"Move both sliders until the mean squared error is below {GOOD}.",
            reached=lambda slope, intercept: line_error((slope, intercept)) < GOOD,
        )
        sliders = {
            "slope": slider("Slope", -1.0, 5.0, 0.1, 0.0),
            "intercept": slider("Intercept", -5.0, 5.0, 0.5, 0.0),
        }
        super().__init__(self._show, sliders, goal)
        *shown, living_page_only = self.children
        self.children = (*shown, self.learn, living_page_only)
        self.learn.observe(self._learn, names="clicks")

    def _learn(self, _change: Any) -> None:
        self.machine = learned_line()
        self.refresh()

    def _show(self, slope: float, intercept: float) -> tuple[Figure, list[str]]:
        line, moves = (slope, intercept), self.goal.count
        self.lowest = min(self.lowest, line_error(line))
        self.move(line, self.lowest, self.machine)
        where = f"The line runs from {intercept:.1f} at x = 0 to {10 * slope + intercept:.1f} at x = 10"
        error = f"Slope {slope:.1f}, intercept {intercept:.1f}: mean squared error {line_error(line):.3f}."
        lowest = f"Lowest so far {self.lowest:.3f} in {moves} move{'' if moves == 1 else 's'}."
        left, right = _tell_machine(self.machine) if self.machine else ("", "")
        return self.figure, [f"{where}, {_sides(line)}.{left}", f"{error} {lowest}{right}"]


def fit_by_hand() -> Interactive:
    """Return the widget that fits a line to 20 points, first by hand and then by gradient descent."""
    return FitByHand()


def _fit_figure() -> tuple[Figure, Callable[..., None]]:
    """Return the figure of the fit, and the function that shows a line, the lowest error and the machine."""
    figure, (left, right) = stage(2, 3.6)
    left.scatter(X, Y, color="black", s=22, label="20 points")
    (by_hand,) = left.plot([0, 10], [0, 0], color=PALETTE[0], lw=2, label="your line")
    (learned,) = left.plot([], [], color=PALETTE[1], lw=2, ls="--", label="the machine's line")
    left.set_ylim(-10, 32)
    label(left, "Your line over the points", "x", "y")
    left.legend(loc="upper left", fontsize="small")
    colors = [PALETTE[0], PALETTE[2], PALETTE[1]]  # those of the lines at the left; your lowest has its own
    bars = right.bar(BARS, [1, 1, 1], color=colors, hatch=["", "//", ".."], edgecolor="white")
    numbers = [right.text(i, 1, "", ha="center", va="bottom") for i in range(3)]
    right.axhline(GOOD, color="black", ls="--", lw=1, label=f"the goal, {GOOD}")
    right.set_yscale("log")
    right.set_ylim(LOWEST_SHOWN, 2000)
    label(right, "Its mean squared error", "", "error (powers of ten)")
    right.legend(loc="upper right", fontsize="small")
    moving(by_hand, learned, *bars, *numbers)

    def move(line: Line, lowest: float, machine: tuple[Line, int] | None) -> None:
        by_hand.set_ydata(_ends(line))
        if machine:
            learned.set_data([0, 10], _ends(machine[0]))
        heights = [line_error(line), lowest, line_error(machine[0]) if machine else None]
        for bar, number, height in zip(bars, numbers, heights, strict=True):
            bar.set_height(height or LOWEST_SHOWN)
            number.set_text(f"{height:.3g}" if height else "not yet")
            number.set_y(1.1 * max(height, GOOD) if height else 1.1 * LOWEST_SHOWN)  # not on the goal's line

    return figure, move


def _ends(line: Line) -> list[float]:
    return [line[1], 10 * line[0] + line[1]]


def _sides(line: Line) -> str:
    """Say on how many points a line looks down, and at how many up."""
    above = int((line[0] * X + line[1] < Y).sum())
    return f"with {above} of the 20 points above it and {20 - above} below"


def _tell_machine(machine: tuple[Line, int]) -> tuple[str, str]:
    """Return what the machine found, a sentence for each panel."""
    line, steps = machine
    start, end = _ends(line)
    return (
        f" The machine's line runs from {start:.2f} to {end:.2f}.",
        f" The machine began at slope 0, intercept 0, and after {steps} steps it stands at slope "
        f"{line[0]:.2f}, intercept {line[1]:.2f}: mean squared error {line_error(line):.3f}.",
    )


# ---------------------------------------------------------------- three cells in any order


class Action(Button):
    """Be a button that does something when it is pressed, and whose value says how often it was."""

    value = Int()

    def __init__(self, description: str, do: Callable[[], None]) -> None:
        super().__init__(description)
        self.do = do

    @observe("clicks")
    def _press(self, change: dict[str, Any]) -> None:
        self.do()
        self.value = change["new"]


class OrderPlayer(Interactive):
    """Hold three cells that can be run in any order, beside the memory of the kernel that runs them.

    `.past` are the names of the cells run so far, and of restarts. The slider looks back at each of them.
    """

    def __init__(self) -> None:
        self.past = list(CELLS)  # somebody has run the notebook once, from top to bottom
        self.figure, self.move = cells_figure()
        names = {cell: f"Run {cell}" for cell in CELLS} | {RESTART: "Restart kernel"}
        self.buttons = {
            step: Action(name, lambda step=step: self.past.append(step)) for step, name in names.items()
        }
        goal = Goal(
            "Find two ways in which all three cells run without an error: one right after a restart, and "
            "A, B, C in this order, which works only with memory that is left over.",
            reached=lambda **_: works_from_start(self.past) and works_with_left_overs(self.past),
        )
        look = slider("Look back at step", 0, len(self.past), 1, len(self.past))
        super().__init__(self._show, {"step": look, **self.buttons}, goal)
        goal_line, *_, picture, twin, living_page_only = self.children
        row = ipywidgets.HBox(list(self.buttons.values()))
        row.layout.flex_flow = "row wrap"
        self.children = (goal_line, row, look, picture, twin, living_page_only)
        for button in self.buttons.values():
            button.observe(self._look_at_newest, names="value")

    def refresh(self, _change: Any = None) -> None:
        """Draw anew, but not while the slider has still to follow a button: that would be told twice."""
        if self.slider.max == len(self.past):
            super().refresh()

    def _look_at_newest(self, _change: Any) -> None:
        self.slider.max = len(self.past)
        self.slider.value = len(self.past)

    def _show(self, step: int, **_pressed: int) -> tuple[Figure, list[str]]:
        moment = moments(self.past)[step]
        self.move(moment)
        ways = (works_from_start(self.past[:step]), works_with_left_overs(self.past[:step]))
        first, second = ("found" if way else "not yet" for way in ways)
        progress = f"Right after a restart: {first}. A, B, C with memory left over: {second}."
        return self.figure, [
            f"Step {step} of {len(self.past)}. {moment.told_runs}",
            f"{moment.told_memory} {progress}",
        ]


def order_player() -> Interactive:
    """Return the widget in which three cells are run in any order, beside the memory that they change."""
    return OrderPlayer()


# ---------------------------------------------------------------- the slider to try keys on


def square_slider() -> Interactive:
    """Return a slider from 0 to 10 that shows the square of its number as a place on a curve."""
    figure, (ax,) = stage()
    numbers = np.arange(11)
    ax.plot(numbers, numbers**2, color=PALETTE[0], marker=MARKERS[0], label="squares of 0 to 10")
    (here,) = ax.plot([], [], MARKERS[1], color=PALETTE[1], ms=13, label="your number")
    label(ax, "A number and its square", "number", "square")
    moving(here)

    def draw(number: int) -> Figure:
        here.set_data([number], [number**2])
        return figure

    def describe(number: int) -> str:
        place = f"{number} to the right and {number**2} up"
        return f"{number} squared is {number**2}. The marker stands {place}, on a curve that grows steeper."

    goal = Goal(
        "Reach 49 with the keyboard alone: Tab to the slider, then the arrow keys or Page Up.",
        reached=lambda number: number**2 == 49,
    )
    return live(draw, describe, goal, number=slider("Number", 0, 10, 1, 2))
