"""Week 2: the goals of its figures can be reached, their numbers are right, and their words fit them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

LESSON = Path(__file__).parents[1] / "course" / "week02_training_loop"
sys.path.insert(0, str(LESSON))

import loop_step_widgets  # noqa: E402 - the lesson's folder must be on the path first
import loop_switch_widgets  # noqa: E402
import loop_widgets  # noqa: E402
from loop_runs import CLEAR, ORDER  # noqa: E402

WIDGETS: dict[str, Callable[[], Any]] = {name: getattr(loop_widgets, name) for name in loop_widgets.__all__}


def score(widget: Any) -> str:
    """Return what a figure says above its picture."""
    return widget.children[list(widget.children).index(widget.picture) - 1].value


# ---------------------------------------------------------------- goals

GOALS: list[tuple[str, list[dict[str, Any]]]] = [
    (
        "switchboard",
        [
            {"clear": CLEAR[1]},
            {"task": loop_switch_widgets.TASKS[1], "clear": CLEAR[0]},
            {"evals": "no", "mean": "batches"},  # in the plain net, only one of them is a mistake
            {"order": ORDER[1], "optimizer": "SGD 0.5"},
            {"task": loop_switch_widgets.TASKS[2], "order": ORDER[0]},
            {"mean": "samples"},
            {"clear": CLEAR[2]},
        ],
    ),
    ("last_batch_explorer", [{"rows": 40}, {"drawn": "second"}, {"rows": 33}]),
]


@pytest.mark.parametrize(("name", "moves"), GOALS)
def test_each_goal_is_reached_by_the_last_move_and_not_before(name: str, moves: list[dict[str, Any]]) -> None:
    widget = WIDGETS[name]()
    for move in moves:
        assert widget.goal.reached_in is None
        for control, value in move.items():
            widget.controls[control].value = value
    assert widget.goal.reached_in is not None


def test_the_switchboard_keeps_which_tasks_are_solved() -> None:
    board = loop_widgets.switchboard()
    assert "none of the three" in score(board)
    board.controls["clear"].value = CLEAR[1]
    board.controls["clear"].value = CLEAR[0]
    assert "Solved so far: looks better." in score(board)


SOLUTIONS = [
    ("looks better", {"clear": CLEAR[1]}, True),
    ("looks better", {"clear": CLEAR[1], "optimizer": "SGD 0.5"}, False),
    ("looks better", {"mean": "batches"}, False),  # by 0.0013 in each of five runs: nobody sees that
    ("looks better", {}, False),
    ("nobody sees it", {"evals": "no", "mean": "batches"}, False),  # eval() changes nothing in the plain net
    ("nobody sees it", {"order": ORDER[1], "mean": "batches", "optimizer": "SGD 0.5"}, True),
    ("nobody sees it", {"evals": "no", "mean": "batches", "net": "dropout 0.5"}, False),
    ("nobody sees it", {"mean": "batches"}, False),
    ("destroys everything", {"clear": CLEAR[2], "optimizer": "SGD 0.5"}, True),
    ("destroys everything", {"clear": CLEAR[2], "optimizer": "SGD 0.5", "mean": "batches"}, False),
    ("destroys everything", {"clear": CLEAR[2]}, False),
]


@pytest.mark.parametrize(("task", "switched", "solved"), SOLUTIONS)
def test_a_task_of_the_switchboard_knows_its_solutions(
    task: str, switched: dict[str, str], solved: bool
) -> None:
    start = loop_switch_widgets.RIGHT | {"optimizer": "SGD 0.1", "net": "plain"}
    assert loop_switch_widgets.solves(**{"task": task} | start | switched) is solved


TOLD = [
    ({}, "This is the right loop"),
    ({}, "Seeds 0 to 4: both loops end at 0.892, 0.884, 0.890, 0.910, 0.902."),
    ({"clear": CLEAR[2]}, "Never cleared, shuffled anew each epoch"),
    ({"clear": CLEAR[2]}, "validation accuracy 0.65 ± 0.19; right loop 0.90 ± 0.01."),
    ({"mean": "batches"}, "higher in 5 of 5: these five runs tell the two apart."),
    ({"order": ORDER[1]}, "at least 2 doubts, but with five pairs luck alone gives that one time in nine."),
    ({"optimizer": "Adam 0.003", "clear": CLEAR[1]}, "these five runs cannot tell the two apart."),
    ({"evals": "no"}, "This is the right loop. Task “looks better”: open. This net has no layer that eval()"),
    ({"evals": "no", "net": "dropout 0.5"}, "Task “looks better”: not by this setting."),
]


@pytest.mark.parametrize(("switched", "told"), TOLD)
def test_the_words_of_the_switchboard_say_what_its_numbers_show(switched: dict[str, str], told: str) -> None:
    start = loop_switch_widgets.RIGHT | {"optimizer": "SGD 0.1", "net": "plain", "task": "looks better"}
    assert told in " ".join(loop_switch_widgets.tell_switches(**(start | switched)))


# ---------------------------------------------------------------- the batch, line by line

NUMBERS = {
    0: ("0.5", "0", "None", "None", "not there", "not there"),
    4: ("0.5", "0", "−7.5", "−4.5", "0.5, 1", "5.625"),
    5: ("1.25", "0.45", "−7.5", "−4.5", "0.5, 1", "5.625"),
    6: ("1.25", "0.45", "None", "None", "0.5, 1", "5.625"),
    9: ("1.25", "0.45", "−2.4", "−1.35", "1.7, 2.95", "0.596"),
    10: ("1.49", "0.585", "−2.4", "−1.35", "1.7, 2.95", "0.596"),
}


@pytest.mark.parametrize(("line", "numbers"), NUMBERS.items())
def test_the_six_numbers_are_those_that_the_lesson_works_out(line: int, numbers: tuple[str, ...]) -> None:
    assert tuple(loop_step_widgets.states()[line].values()) == numbers


def test_what_a_line_changes() -> None:
    said = [loop_step_widgets.right_guess(line) for line in range(1, 11)]
    first = [loop_step_widgets.NOTHING, "outputs", "loss", "gradients", "weights"]
    assert said == [*first, "gradients", *first[1:]]


def step(widget: Any, guess: str | None) -> None:
    widget.controls["guess"].value = guess
    button = next(part for part in widget.children if getattr(part, "kind", "") == "button")
    button.clicks += 1


def test_the_goal_of_the_stepper_needs_eight_foreseen_lines() -> None:
    widget = loop_widgets.batch_stepper()
    for line in range(1, 11):
        assert widget.goal.reached_in is None or line > 8 + 1
        step(widget, "loss" if line == 1 else loop_step_widgets.right_guess(line))
    assert widget.goal.reached_in is not None
    assert "9 of 10 foreseen" in score(widget)
    assert widget.controls["line"].value == 10


def test_a_guess_counts_only_before_its_line_has_run() -> None:
    widget = loop_widgets.batch_stepper()
    step(widget, "loss")
    assert "you said loss. It was: none of the six. 0 of 1 foreseen" in score(widget)
    assert widget.controls["guess"].value is None  # the next line wants a guess of its own
    widget.controls["line"].value = 3
    assert "Line 3 ran without a guess. 0 of 3 foreseen." in score(widget)
    widget.controls["line"].value = 2
    widget.controls["guess"].value = "loss"
    widget.controls["line"].value = 3
    assert "0 of 3 foreseen" in score(widget)
    widget.controls["line"].value = 0
    step(widget, loop_step_widgets.NOTHING)
    assert "1 of 1 foreseen" in score(widget)


def test_the_words_of_a_line_say_what_changed_and_that_nothing_else_did() -> None:
    told = loop_step_widgets.tell_line(4)
    assert "loss.backward() ran: w.grad None → −7.5, b.grad None → −4.5; nothing else changed." in told
    assert "gradients" not in loop_step_widgets.tell_line(5)  # what comes next is for the student to say
    assert "ran: nothing changed" in loop_step_widgets.tell_line(1)
    assert "those of before the step: 0.5 and 1" in loop_step_widgets.tell_model(5)


# ---------------------------------------------------------------- more epochs, and the last batch


def test_bends_are_counted_where_a_curve_really_turns() -> None:
    x = loop_widgets.SINE_X
    turns = x[loop_widgets.bends(np.sin(2 * x))]
    np.testing.assert_allclose(turns, np.array([-3, -1, 1, 3]) * np.pi / 4, atol=0.03)
    ripple = 0.04 * np.sign(np.sin(40 * x))
    assert len(loop_widgets.bends(np.sin(2 * x) + ripple)) == 4
    assert loop_widgets.bends(x) == loop_widgets.bends(0 * x) == []
    assert loop_widgets.bends(np.array([0.0, 1, 0.95, 1.2, 0.5, 0.55, 0.2, 0.4])) == [3, 6]


@pytest.mark.trains
def test_thirty_epochs_find_two_of_four_bends_and_a_hundred_and_fifty_all() -> None:
    history, frames = loop_widgets.sine_run()
    counts = [len(loop_widgets.bends(curve)) for curve in frames]
    assert max(counts[:30]) == counts[29] == 2
    first = counts.index(4) + 1
    stays = len(counts) - counts[::-1].index(3) + 1
    assert (counts[49], 120 < first <= stays < 140) == (3, True)  # as the lesson says
    widget = loop_widgets.sine_replay()
    for epoch in (30, first - 1, stays + 1):
        widget.slider.value = epoch
        assert widget.goal.reached_in is None
    widget.slider.value = first
    assert widget.goal.reached_in is not None
    assert "4 of 4 bends" in widget.twin.value
    widget = loop_widgets.sine_replay()
    widget.slider.value = stays
    assert widget.goal.reached_in is not None
    train_loss = np.array(history["train_loss"])
    assert np.round(train_loss[[0, 49]], 2).tolist() == [0.48, 0.06]
    assert abs(train_loss[49:119].mean() - train_loss[49]) < 0.005  # it looks finished


@pytest.mark.parametrize("drawn", loop_widgets.DRAWN)
def test_both_means_agree_for_full_batches_alone(drawn: str) -> None:
    losses = loop_widgets.row_losses()[drawn]
    for rows in loop_widgets.ROWS:
        _, _, samples, over_batches = loop_widgets.both_means(rows, drawn)
        assert samples == pytest.approx(losses[:rows].mean())
        assert over_batches == pytest.approx((losses[:32].mean() + losses[32:rows].mean()) / 2)
    assert samples == pytest.approx(over_batches)


# ---------------------------------------------------------------- all of them


@pytest.mark.trains
@pytest.mark.parametrize("name", WIDGETS)
def test_the_words_change_with_the_main_control_and_hold_a_sentence_for_each_panel(name: str) -> None:
    widget = WIDGETS[name]()
    control = widget.slider
    places = (
        control.options if hasattr(control, "options") else (control.min, (control.min + control.max) // 2)
    )
    told = set()
    for place in places:
        control.value = place
        told.add(re.sub(r"<[^>]+>", " ", widget.twin.value))
        assert widget.twin.value.count("<p>") == 2
    assert len(told) == len(places)
    assert "<img" in widget.static
    assert "alt=" in widget.static
