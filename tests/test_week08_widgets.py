"""Week 8: the goals of its figures can be reached, their numbers are right, and their words fit them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html import unescape
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

from autograder.build.figure_texts import figure_faults

sys.path.insert(0, str(ROOT / "course" / "week08_early_stopping"))

import stopping_widgets
from controls import Button
from stopping_label_widgets import (
    ACCURACY,
    BEST,
    FITTED,
    LOSS,
    THROUGH,
    curve,
    is_best,
    tell_labels,
    told_found,
)
from stopping_noise_widgets import SMALLEST, is_smallest, tell_curve, tell_stops, thousand, too_early
from stopping_patience_widgets import AS_STOPPED, RESTORED, RUNS, curves, is_good, outcome, tell_patience
from stopping_rule import noisy_curves, stop_and_best
from stopping_runs import stored
from widget_parts import LOOK, listed

WIDGETS: dict[str, Callable[[], Any]] = {
    name: getattr(stopping_widgets, name) for name in stopping_widgets.__all__
}


def score(widget: Any) -> str:
    """Return what a figure says above its picture."""
    return unescape(widget.children[list(widget.children).index(widget.picture) - 1].value)


def move(widget: Any, **values: Any) -> None:
    for control, value in values.items():
        widget.controls[control].value = value


def first_best(name: str) -> int:
    return next(epoch for epoch in range(1, 121) if is_best(name, epoch))


# ---------------------------------------------------------------- goals


def smallest(noise: float) -> int:
    return next(patience for patience in range(1, 16) if is_smallest(noise, patience))


LOOKING = [
    {"curve": FITTED, "epoch": first_best(FITTED), "answer": BEST},  # true, and of no use
    {"curve": LOSS, "epoch": first_best(LOSS), "answer": BEST},
    {"curve": THROUGH, "epoch": first_best(LOSS), "answer": BEST},  # not there
    {"epoch": first_best(THROUGH), "answer": BEST},
    {"curve": ACCURACY, "epoch": first_best(ACCURACY), "answer": BEST},
]
GOALS: list[tuple[str, list[dict[str, Any]]]] = [
    ("patience_view", [{"patience": 12}, {"restore": RESTORED}, {"min_delta": 0.005}]),
    (
        "noise_seeds",
        [
            {"patience": smallest(0.03) - 1, "answer": SMALLEST},  # too short
            {"patience": smallest(0.03) + 1, "answer": SMALLEST},  # longer than need be
            {"patience": smallest(0.03), "answer": SMALLEST},
            {"noise": 0.05, "patience": smallest(0.05)},
            {"answer": SMALLEST},  # right, but the lesson has said so
            {"noise": 0.01, "patience": smallest(0.01)},
            {"answer": SMALLEST},
        ],
    ),
    ("wrong_labels", LOOKING),
]


@pytest.mark.parametrize(("name", "moves"), GOALS)
def test_each_goal_is_reached_by_the_last_move_and_not_before(name: str, moves: list[dict[str, Any]]) -> None:
    widget = WIDGETS[name]()
    for values in moves:
        assert widget.goal.reached_in is None
        move(widget, **values)
    assert widget.goal.reached_in is not None


@pytest.mark.parametrize("name", ["noise_seeds", "wrong_labels"])
def test_going_through_all_places_without_an_answer_reaches_nothing(name: str) -> None:
    widget = WIDGETS[name]()
    control = widget.slider
    for place in range(control.min, control.max + 1, control.max // 8):
        control.value = place
    assert widget.goal.reached_in is None


# ---------------------------------------------------------------- patience


def test_only_restored_weights_with_both_controls_well_chosen_are_good_enough() -> None:
    deltas = [round(0.002 * step, 3) for step in range(26)]
    good = [
        (patience, delta)
        for patience in range(1, 21)
        for delta in deltas
        if is_good(patience, delta, "", RESTORED)
    ]
    assert {patience for patience, _ in good} == {12, 13}
    assert min(delta for _, delta in good) > 0
    assert len(good) >= 5
    assert not any(is_good(patience, delta, "", AS_STOPPED) for patience in range(1, 21) for delta in deltas)
    regret = outcome(1, 0.0, RESTORED)[2]
    assert (regret > 0.01).all()  # patience 1 fails


def test_longer_patience_costs_epochs_and_no_loss() -> None:
    found = [outcome(patience, 0.0, RESTORED) for patience in range(1, 21)]
    assert (np.diff([(stop + 1).sum() for stop, _, _ in found]) >= 0).all()
    assert (np.diff([regret for *_, regret in found], axis=0) <= 0).all()


def test_the_words_of_patience_hold_the_stored_numbers() -> None:
    rate, seed = list(RUNS.values())[4]
    run = stored("curves")[rate]
    stop, kept, regret = (part[4] for part in outcome(5, 0.0, RESTORED))
    one, six = tell_patience(5, 0.0, list(RUNS)[4], RESTORED)
    assert f"stops after epoch {stop + 1} and keeps the best weights, those of epoch {kept + 1}" in one
    assert f"validation loss {run['val_loss'][seed, kept]:.3f}" in one
    assert f"test loss {run['test_loss'][seed, kept]:.3f}" in one
    assert f"regret {run['val_loss'][seed, kept] - run['val_loss'][seed].min():.3f}" in one
    assert f"Not trained: {99 - stop} of 100" in one
    assert f"{regret:.3f} after {stop + 1}" in six
    assert f"those of epoch {stop + 1}:" in tell_patience(5, 0.0, list(RUNS)[4], AS_STOPPED)[0]
    assert "trained to the end" in tell_patience(100, 0.0, list(RUNS)[4], RESTORED)[0]


def test_the_picture_of_a_run_shows_what_the_words_say() -> None:
    widget = WIDGETS["patience_view"]()
    move(widget, patience=3, run=list(RUNS)[5], restore=RESTORED)
    left, right = widget.render(**widget.values())[0].axes
    stop, kept, regret = (part[5] for part in outcome(3, 0.0, RESTORED))
    lines = {line.get_label(): line for line in left.get_lines()}
    assert lines["kept"].get_xdata() == [kept + 1]
    assert lines["kept"].get_ydata() == [curves("val_loss")[5, kept]]
    assert lines["test loss"].get_ydata().tolist() == curves("test_loss")[5].tolist()
    assert left.patches[0].get_x() == lines["stop"].get_xdata()[0] == stop + 1.5
    ring = next(line for line in right.get_lines() if "left" in str(line.get_label()))
    assert (ring.get_xdata(), ring.get_ydata()) == ([stop + 1], [regret])


# ---------------------------------------------------------------- noise


def test_more_noise_needs_more_patience() -> None:
    needed = [smallest(noise) for noise in (0.005, 0.01, 0.02, 0.05)]
    assert needed == sorted(set(needed))
    assert too_early(0.02, smallest(0.02)) <= 0.05 < too_early(0.02, smallest(0.02) - 1)


def dots(widget: Any) -> Any:
    """Return the stop epochs that are drawn as single runs."""
    return widget.render(**widget.values())[0].axes[1].get_lines()[-1].get_xdata()


def test_a_new_noise_is_another_row_of_the_thousand_and_is_added() -> None:
    widget = WIDGETS["noise_seeds"]()
    button = next(child for child in widget.children if isinstance(child, Button))
    move(widget, noise=0.02)
    move(widget, answer=SMALLEST)
    assert "No: with patience 3, 597 of 1000 curves stop before epoch 31; 50 may." in score(widget)
    for _ in range(3):
        button.clicks += 1
    assert widget.controls["seed"].value == 3
    assert "Noise seeds 0 to 3 stop after epoch" in widget.twin.value
    assert len(dots(widget)) == 4
    move(widget, patience=4)
    assert widget.controls["answer"].value == LOOK
    assert "Noise seeds 0 to 3 stop after epoch" in widget.twin.value
    move(widget, patience=smallest(0.02), answer=SMALLEST)
    assert re.search(r"Yes: .* but noise 0\.02 stands in the table.* none of 2\.", score(widget))
    move(widget, patience=3, seed=99)
    assert len(dots(widget)) == 100
    button.clicks += 1
    assert widget.controls["seed"].value == 0
    assert "Noise seed 0 stops after epoch" in widget.twin.value
    assert len(dots(widget)) == 1
    assert np.array_equal(thousand(0.02)[7], noisy_curves(1000, 0.02, seed=0)[7])


def test_the_words_of_noise_hold_its_numbers() -> None:
    curve, stops = tell_curve(0.02, 5, 12), tell_stops(0.02, 5, 13)
    assert re.search(
        r"stops after epoch \d+ and keeps epoch \d+\..*lowest true loss is 0\.294, in epoch 30", curve
    )
    assert (
        "Of 1000 curves 69 stop before epoch 31 (6.9%); one of 20 has stopped by epoch 29, half by 35"
        in stops
    )
    first = stop_and_best(thousand(0.02)[:14], 5)[0] + 1
    assert f"Noise seeds 0 to 13 stop after epoch {min(first)}, " in stops
    assert f"too early: {(first <= 30).sum()} of 14." in stops


# ---------------------------------------------------------------- wrong labels


def test_the_net_sees_most_through_early_and_accuracy_leads_nearer_than_loss() -> None:
    through = curve(THROUGH)
    there = {name: through[first_best(name) - 1] for name in (THROUGH, ACCURACY, LOSS, FITTED)}
    assert there[THROUGH] == through.max() > there[ACCURACY] > there[LOSS] > there[FITTED]
    told = told_found({name: first_best(name) for name in there}, "Yes.")
    for name, rows in there.items():
        assert f"{name} in epoch {first_best(name)} ({rows})" in told
    assert "the validation accuracy leads nearer" in told
    assert "leads nearer" not in told_found({LOSS: first_best(LOSS)}, "")


def test_an_answer_is_judged_and_taken_back_by_a_move() -> None:
    widget = WIDGETS["wrong_labels"]()
    move(widget, curve=LOSS, epoch=20, answer=BEST)
    assert f"No: another epoch has a lower value than {curve(LOSS)[19]:.3f}." in score(widget)
    move(widget, epoch=21)
    assert widget.controls["answer"].value == LOOK
    assert "Found: nothing yet." in score(widget)


def test_twelve_pictures_are_told_with_label_truth_and_answer() -> None:
    found = stored("answers")[0]
    twelve, drawn = tell_labels(20, THROUGH, LOOK)
    net = found["answers"][:, 19]
    for i in range(12):
        assert f"label {found['given'][i]}, true {found['true'][i]}, net {net[i]} (" in twelve
    assert twelve.count("; ") == 11
    through = (net == found["true"]).sum()
    assert f"of 54 rows with a wrong label the net says the true digit for {through}," in twelve
    assert f"Seen through after epoch 20: {through} of 54." in drawn
    widget = WIDGETS["wrong_labels"]()
    move(widget, epoch=20)
    ax = widget.render(**widget.values())[0].axes[0]
    shown = [text.get_text() for text in ax.texts if text.get_text().startswith("net")]
    marks = ["✓" if says == true else "✗" if says == given else "?"
             for says, true, given in zip(net[:12], found["true"], found["given"], strict=False)]  # fmt: skip
    assert shown == [f"net {says} {mark}" for says, mark in zip(net, marks, strict=False)]
    assert len({patch.get_linestyle() for patch in ax.patches}) == len(set(marks))  # not colour alone


# ---------------------------------------------------------------- all of them


def test_parts_of_a_sentence_are_listed() -> None:
    assert (listed(["a"]), listed(["a", "b", "c"])) == ("a", "a, b and c")


@pytest.mark.parametrize("name", WIDGETS)
def test_the_words_change_with_the_main_control_and_hold_a_sentence_for_each_panel(name: str) -> None:
    widget = WIDGETS[name]()
    told = set()
    for place in (2, 5, 9, 14):
        widget.slider.value = place
        told.add(re.sub(r"<[^>]+>", " ", widget.twin.value))
        assert widget.twin.value.count("<p>") == 2
        alt = unescape(re.search(r'alt="([^"]+)"', widget.picture.value)[1])
        assert alt == " ".join(unescape(part) for part in re.findall(r"<p>(.*?)</p>", widget.twin.value))
    assert len(told) == 4
    assert "<img" in widget.static
    assert re.search(r'alt="[^"]{60,}', widget.static)
    assert widget.goal.goal.text.split(".")[0] in unescape(widget.static)


@pytest.mark.parametrize("name", WIDGETS)
def test_every_text_of_a_figure_can_be_read_wherever_the_controls_stand(name: str) -> None:
    widget = WIDGETS[name]()
    for control in widget.controls.values():
        before = control.value
        for place in (
            (control.options[0], control.options[-1])
            if hasattr(control, "options")
            else (control.min, control.max)
        ):
            control.value = place
            figure = widget.render(**widget.values())[0]
            assert list(figure_faults(figure)) == [], (name, widget.values())
        control.value = before
