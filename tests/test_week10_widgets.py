"""Week 10: the goals of its figures can be reached, their numbers are right, and their words fit them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html import unescape
from typing import Any

import numpy as np
import pytest
import torch
from conftest import ROOT

from autograder.build.figure_texts import figure_faults

sys.path.insert(0, str(ROOT / "course" / "week10_transfer"))

import transfer_widgets
from transfer_runs import stored
from transfer_sizes_widgets import (
    ALL,
    CANNOT,
    DIGITS,
    EARLY,
    HELPS,
    HURTS,
    SIZES,
    TARGETS,
    WAYS,
    nearest_size,
    sizes_of,
    tell_curves,
    tell_pairs,
    truth,
)
from transfer_temperature_widgets import BEST, NEEDED, SHOWN, is_best, lowest_loss, numbers
from widget_parts import LOOK

from utils import compare

pytestmark = pytest.mark.trains

WIDGETS: dict[str, Callable[[], Any]] = {
    name: getattr(transfer_widgets, name) for name in transfer_widgets.__all__
}


def score(widget: Any) -> str:
    """Return what a figure says above its picture."""
    return unescape(widget.children[list(widget.children).index(widget.picture) - 1].value)


def move(widget: Any, **values: Any) -> None:
    for control, value in values.items():
        widget.controls[control].value = value


def reached(widget: Any) -> bool:
    return widget.goal.words.startswith("✓")


# ---------------------------------------------------------------- target sizes


def test_the_verdict_on_a_cell_is_that_of_compare() -> None:
    for target, n, way in (("same camera", 20, "head only"), ("one pixel aside", 50, "fine-tune all"),
                           ("one pixel aside", 400, "fine-tune all"), (DIGITS, 10, "head only")):  # fmt: skip
        table = stored("digits") if target == DIGITS else stored("cameras")[TARGETS[target]]
        found = compare(*(table[n][each]["accuracy"] for each in ("from scratch", way)))
        word = CANNOT if not found.is_clear else HELPS if found.difference > 0 else HURTS
        assert truth(target, way, ALL, n) == word
        told = tell_pairs(target, way, ALL, n)
        assert f"mean {found.difference:.3f}".replace("-", "−") in told
        above = (table[n][way]["accuracy"] > table[n]["from scratch"]["accuracy"]).sum()
        assert f"doubt {found.standard_error:.3f}; above 0 in {above} of 20" in told


def test_each_answer_is_right_somewhere_and_a_wrong_one_is_replied_to() -> None:
    widget = WIDGETS["target_sizes"]()
    for target, way, answer in (
        (DIGITS, "fine-tune all", HURTS),
        ("one pixel aside", "fine-tune all", CANNOT),
    ):
        move(widget, target=target, way=way, rows=50)
        move(widget, answer=HELPS)
        assert "No: " in score(widget)
        move(widget, answer=answer)
        assert re.search(rf"Yes: .* doubts?.*{answer}: {target}, {way}, 50 rows, all steps", score(widget))
    assert not reached(widget)
    move(widget, target="same camera")
    assert widget.controls["answer"].value == LOOK
    move(widget, answer=CANNOT)
    assert "from 2 on it is real" in score(widget)
    move(widget, answer=HELPS)
    assert reached(widget)


def test_three_answers_for_two_targets_are_not_enough() -> None:
    widget = WIDGETS["target_sizes"]()
    move(widget, target="same camera", answer=HELPS)
    move(widget, target="one pixel aside", rows=50, answer=CANNOT)
    move(widget, way="head only", answer=HURTS)
    assert score(widget).count("one pixel aside") == 2
    assert not reached(widget)


def test_answers_are_judged_after_the_goal_as_well() -> None:
    widget = WIDGETS["target_sizes"]()
    move(widget, target="same camera", answer=HELPS)
    move(widget, target="one pixel aside", rows=50, answer=CANNOT)
    move(widget, target=DIGITS, answer=HURTS)
    assert reached(widget)
    assert "Yes: " in score(widget)
    move(widget, rows=400)
    assert "Yes: " not in score(widget)
    move(widget, answer=HELPS)
    assert "No: " in score(widget)
    move(widget, answer=HURTS)
    assert f"{HURTS}: {DIGITS}, fine-tune all, 400 rows, all steps" in score(widget)


def test_a_size_that_a_target_lacks_is_its_nearest() -> None:
    assert (nearest_size("same camera", 10), nearest_size(DIGITS, 10)) == (20, 10)
    for target in TARGETS:
        assert [nearest_size(target, size) for size in SIZES[1:]] == list(SIZES[1:])
        for way in WAYS:
            for after in (ALL, EARLY):
                told = tell_curves(target, way, after, sizes_of(target)[-1])
                assert told.count(" with ") == 2 * (len(sizes_of(target)) - 1)
                assert after in told
    widget = WIDGETS["target_sizes"]()
    move(widget, target="same camera", rows=10)
    assert "No run of this target has 10 rows: you see 20." in widget.twin.value
    move(widget, target=DIGITS)
    assert "you see" not in widget.twin.value


# ---------------------------------------------------------------- temperature


def best_place(net: str) -> float:
    return next(t for t in (round(0.2 + 0.02 * i, 2) for i in range(141)) if is_best(net, t))


def test_the_best_temperatures_are_found_and_the_accuracy_stays() -> None:
    widget = WIDGETS["temperature_dial"]()
    for net in NEEDED:
        move(widget, net=net, temperature=1.0)
        move(widget, answer=BEST)
        assert "No: another T has a loss below" in score(widget)
        move(widget, temperature=best_place(net))
        assert widget.controls["answer"].value == LOOK
        move(widget, answer=BEST)
        before, after = numbers(net, 1.0)[1], numbers(net, best_place(net))[1]
        assert after["accuracy"] == before["accuracy"]
        assert after["loss"] < before["loss"] - 0.1
        assert after["error"] < before["error"]
        assert f"test loss {before['loss']:.3f} → {after['loss']:.3f}" in score(widget)
    assert reached(widget)
    move(widget, temperature=1.0)
    assert "Yes" not in score(widget)
    move(widget, answer=BEST)  # after the goal as well
    assert "No: another T has a loss below" in score(widget)
    assert best_place(NEEDED[0]) < 0.5
    assert best_place(NEEDED[1]) > 2


def test_the_loss_of_a_temperature_is_that_of_torch_and_near_the_stored_ones() -> None:
    from transfer_temperature_widgets import logits_of

    for net, name in SHOWN.items():
        found = logits_of(net)
        loss = torch.nn.functional.cross_entropy(found.validation[0] / 0.5, found.y_validation).item()
        assert numbers(net, 0.5)[0]["loss"] == pytest.approx(loss, rel=1e-5)
        assert lowest_loss(net) <= loss
        kept = stored("seeds")[name]
        assert numbers(net, 1.0)[1]["loss"] == pytest.approx(kept["one_loss"][0], rel=0.02)
        assert best_place(net) == pytest.approx(kept["temperature"][0], rel=0.1)


def test_some_temperatures_are_always_told() -> None:
    widget = WIDGETS["temperature_dial"]()
    move(widget, temperature=0.7)
    for t in (0.25, 3.0):
        assert f"{numbers('no regularization', t)[0]['loss']:.3f} at {t:g}" in widget.twin.value
    marks, here = widget.render(**widget.values())[0].axes[0].get_lines()[:2]
    assert list(here.get_xdata()) == [0.7]
    assert marks.get_ydata()[1] == pytest.approx(numbers("no regularization", 0.5)[0]["loss"])


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize("name", WIDGETS)
def test_the_words_change_with_the_main_control_and_hold_a_sentence_for_each_panel(name: str) -> None:
    widget = WIDGETS[name]()
    told = set()
    main = widget.controls["headline"] if name == "card_builder" else widget.slider
    for place in main.options if hasattr(main, "options") else np.linspace(main.min, main.max, 4):
        main.value = place
        told.add(re.sub(r"<[^>]+>", " ", widget.twin.value))
        assert widget.twin.value.count("<p>") == 2
        alt = unescape(re.search(r'alt="([^"]+)"', widget.picture.value)[1])
        assert alt == " ".join(unescape(part) for part in re.findall(r"<p>(.*?)</p>", widget.twin.value))
    assert len(told) >= 3
    assert re.search(r'alt="[^"]{60,}', widget.static)
    assert widget.goal.goal.text.split(".")[0] in unescape(widget.static)


@pytest.mark.parametrize("name", WIDGETS)
def test_every_text_of_a_figure_can_be_read_wherever_the_controls_stand(name: str) -> None:
    widget = WIDGETS[name]()
    for control in widget.controls.values():
        before = control.value
        for place in control.options if hasattr(control, "options") else (control.min, control.max):
            control.value = place
            figure = widget.render(**widget.values())[0]
            assert list(figure_faults(figure)) == [], (name, widget.values())
        control.value = before
