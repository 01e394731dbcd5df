"""Week 0: what its widgets claim is measured again, their goals can be reached, and their words fit."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from html import unescape
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

LESSON = Path(__file__).parents[1] / "course" / "week00_start"
sys.path.insert(0, str(LESSON))

import start_cells  # noqa: E402 - the lesson's folder must be on the path first
import start_widgets  # noqa: E402
from start_cells import CELLS, RESTART, moments, works_from_start, works_with_left_overs  # noqa: E402
from start_widgets import NEARLY, best_line, learned_line, line_error  # noqa: E402

SLOPES, INTERCEPTS = np.linspace(-1, 5, 61), np.linspace(-5, 5, 21)  # the places on the sliders
MACHINE = (  # where gradient descent ends, and after how many steps
    (0.01, 398),
    (0.02, 199),
    (0.025, 159),
    (0.03, 132),
)


def told(widget: Any) -> str:
    """Return the words of a widget as they are heard."""
    return unescape(re.sub(r"<[^>]+>", " ", widget.twin.value))


def press(widget: Any, *buttons: str) -> None:
    """Press buttons as the browser does."""
    for name in buttons:
        button = widget.controls[name]
        button.set_state({"clicks": button.clicks + 1})


def errors() -> np.ndarray:
    """Return the error of every place on the sliders, shape (slopes, intercepts)."""
    return np.array([[line_error((slope, start)) for start in INTERCEPTS] for slope in SLOPES])


# ---------------------------------------------------------------- a line by hand


def test_the_sliders_reach_these_errors_and_no_lower_ones() -> None:
    found = errors()
    slope, intercept = np.unravel_index(found.argmin(), found.shape)
    assert (SLOPES[slope], INTERCEPTS[intercept]) == (pytest.approx(1.9), 1.5)
    assert found.min() == pytest.approx(0.787, abs=0.0005)
    assert ((found < 1.2).sum(), (found < 1.0).sum(), found.size) == (12, 6, 1281)
    assert line_error((0, 0)) == pytest.approx(114.5, abs=0.05)
    assert found.max() < 2000  # the upper end of the axis of errors


def test_no_line_is_better_than_the_best_line() -> None:
    slope, intercept = best_line()
    assert (slope, intercept) == (pytest.approx(1.872, abs=0.0005), pytest.approx(1.568, abs=0.0005))
    assert line_error((slope, intercept)) == pytest.approx(0.780, abs=0.0005)
    for other in ((slope + 0.01, intercept), (slope, intercept - 0.01), (slope - 0.01, intercept + 0.01)):
        assert line_error(other) > line_error((slope, intercept))


def test_slope_and_intercept_must_be_changed_together() -> None:
    assert line_error((2, 1)) == pytest.approx(0.879, abs=0.0005)
    assert min(line_error((slope, 1.0)) for slope in SLOPES) > errors().min() + 0.05


@pytest.mark.parametrize(("rate", "steps"), MACHINE)
def test_the_machine_takes_as_many_steps_as_are_told(rate: float, steps: int) -> None:
    line, taken = learned_line(rate)
    assert taken == steps
    assert line_error(best_line()) < line_error(line) <= NEARLY * line_error(best_line())


def test_the_line_counts_moves_and_remembers_the_lowest_error() -> None:
    widget = start_widgets.fit_by_hand()
    for name, place in (("slope", 1.9), ("intercept", 1.5)):
        assert widget.goal.reached_in is None
        widget.controls[name].set_state({"at": place})
    assert widget.goal.reached_in == 2
    assert "Slope 1.9, intercept 1.5: mean squared error 0.787. Lowest so far 0.787 in 2 moves." in told(
        widget
    )
    widget.controls["slope"].set_state({"at": -1.0})
    assert "Lowest so far 0.787 in 3 moves." in told(widget)


def test_the_machine_is_told_only_after_its_button_was_pressed() -> None:
    widget = start_widgets.fit_by_hand()
    assert "machine" not in told(widget)
    widget.learn.set_state({"clicks": 1})
    assert "after 159 steps it stands at slope 1.90, intercept 1.39: mean squared error 0.788" in told(widget)
    assert widget.goal.reached_in is None  # the machine's line is not the student's


def test_the_points_on_both_sides_of_a_line_are_counted() -> None:
    widget = start_widgets.fit_by_hand()
    for slope, intercept in ((-1.0, 1.5), (1.9, 1.5), (5.0, -5.0)):
        widget.controls["slope"].value, widget.controls["intercept"].value = slope, intercept
        above = int((slope * start_widgets.X + intercept < start_widgets.Y).sum())
        assert f"with {above} of the 20 points above it and {20 - above} below" in told(widget)


# ---------------------------------------------------------------- three cells


def test_of_six_orders_only_one_works_from_the_start() -> None:
    orders = ["".join(order) for order in permutations(CELLS)]
    assert [order for order in orders if works_from_start(order)] == ["BAC"]


TOP_TO_BOTTOM = [
    ("ABC", False),
    ("BACABC", True),
    ("ABCABC", True),
    ("BABC", True),
    ((*"BAC", RESTART, *"ABC"), False),
    ((*"BA", RESTART, *"CABC"), False),
]


@pytest.mark.parametrize(("past", "works"), TOP_TO_BOTTOM)
def test_top_to_bottom_works_only_with_what_was_left_over(past: Sequence[str], works: bool) -> None:
    assert works_with_left_overs(past) is works


MEMORIES: list[tuple[Sequence[str], str]] = [
    ("", "Memory: x missing, y missing, z missing."),
    ("ABC", "Memory: x = 3, y missing (NameError in A), z missing (NameError in C)."),
    ("BAC", "Memory: x = 3, y = 6, z = 9."),
    ("ABA", "Memory: x = 3, y = 6, z missing."),
    (("B", "A", RESTART, "C"), "Memory: x missing, y missing, z missing (NameError in C)."),
]


@pytest.mark.parametrize(("past", "memory"), MEMORIES)
def test_memory_is_that_of_cells_that_really_ran(past: Sequence[str], memory: str) -> None:
    assert moments(past)[-1].told_memory == memory


def test_a_cell_has_the_number_of_its_last_run() -> None:
    moment = moments(["A", RESTART, "B", "A", "B"])[-1]
    assert [moment.number_of(cell) for cell in CELLS] == [2, 3, None]


def test_the_goal_of_the_cells_needs_both_ways() -> None:
    player = start_widgets.order_player()
    assert "A, B, C. C stopped with a NameError, because y is missing" in told(player)
    press(player, "A", "B", "C")
    assert player.goal.reached_in is None
    press(player, RESTART, "B", "A")
    assert player.goal.reached_in is None
    press(player, "C")
    assert player.goal.reached_in == 7
    assert "Memory: x = 3, y = 6, z = 9." in told(player)


def test_looking_back_changes_the_words_and_not_the_kernel() -> None:
    player = start_widgets.order_player()
    player.slider.set_state({"at": 1})
    assert "Step 1 of 3" in told(player)
    assert "x missing" in told(player)
    press(player, "A")
    assert player.slider.value == player.slider.max == 4
    assert "y = 6" in told(player)


def test_the_code_that_runs_is_the_code_that_is_drawn() -> None:
    player = start_widgets.order_player()
    drawn = {text.get_text() for ax in player.figure.axes for text in ax.texts}
    assert set(start_cells.CELLS.values()) <= drawn
    assert {"[1]", "[2]", "[3]", "NameError: 'x' is not defined"} <= drawn


# ---------------------------------------------------------------- the square


def test_each_square_is_told_and_49_is_the_goal() -> None:
    widget = start_widgets.square_slider()
    for number in range(11):
        widget.slider.set_state({"at": number})
        assert f"{number} squared is {number**2}. The marker stands" in told(widget)
        assert (widget.goal.reached_in is not None) is (number >= 7)
