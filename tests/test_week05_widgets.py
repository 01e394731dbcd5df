"""Week 5: its widgets say what they show, their goals can be reached, and their numbers are torch's."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "course" / "week05_optimizers"))

import optimizer_adam_widgets
import optimizer_batch_widgets as batches
import optimizer_race as race
import optimizer_range_widgets as ranges
import optimizer_schedule_widgets as schedules
from optimizer_runs import Setting
from optimizer_widgets import adam_calculator, batch_view, optimizer_race, range_test_view, schedule_editor

RACE = [{"momentum": 0.05}, {"sgd": 0.09}, {"adam": 0.3}, {"sgd": 1e-3}, {"momentum": 1e-4}]
RACE += [{"answer": "Adam alone"}, {"way": race.TURNED}]
GOALS: list[tuple[Callable[[], Any], list[dict[str, Any]]]] = [
    (optimizer_race, RACE),
    (schedule_editor, [{"kind": "cosine"}, {"base": 0.2}]),
    (batch_view, [{"better": 16}, {"other": 64}, {"way": batches.SAME_STEPS}, {"better": 64}, {"other": 16}]),
    (
        range_test_view,
        [{"rate": 10**-0.5}, {"train": ranges.SHOWN}, {"optimizer": "momentum 0.9"}, {"rate": 0.1}]
        + [{"train": ranges.SHOWN}, {"optimizer": "Adam"}, {"rate": 0.01}, {"train": ranges.SHOWN}],
    ),
    (adam_calculator, [{"third": -1.0}, {"scale": 1e-9}]),
]
WIDGETS = [make for make, _ in GOALS]


@pytest.mark.parametrize(("make", "moves"), GOALS)
def test_each_goal_is_reached_by_the_last_move_and_not_before(
    make: Callable[[], Any], moves: list[dict[str, Any]]
) -> None:
    widget = make()
    for move in moves:
        assert widget.goal.reached_in is None
        for name, value in move.items():
            widget.controls[name].value = value
    assert widget.goal.reached_in is not None


@pytest.mark.parametrize("make", WIDGETS)
def test_every_control_changes_the_words_and_the_static_page_has_them(make: Callable[[], Any]) -> None:
    widget = make()
    assert 'alt="' in widget.static
    assert widget.goal.goal.text.split("(")[0] in widget.static.replace("&#x27;", "'")
    silent = {"answer"}  # its reply stands above the picture
    for name, control in widget.controls.items():
        before = widget.twin.value
        options = getattr(control, "options", None)
        control.value = options[-1] if options else 10**control.max if control.powers_of_ten else control.max
        assert (widget.twin.value != before) is (name not in silent), name


# ---------------------------------------------------------------- the race


@pytest.mark.parametrize("kappa", race.KAPPAS)
def test_turning_the_valley_changes_adam_alone(kappa: int) -> None:
    rates = {"SGD": 0.5 / kappa, "momentum": 0.5 / kappa, "Adam": 0.3}
    along, turned = (race.losses_of(rates, kappa, way) for way in (race.ALONG, race.TURNED))
    for name in ("SGD", "momentum"):
        np.testing.assert_allclose(along[name], turned[name], rtol=1e-6, atol=1e-12)
    assert abs(np.log10(along["Adam"][-1] / turned["Adam"][-1])) > 0.3


def test_the_race_has_its_known_results() -> None:
    tuned = race.losses_of({"SGD": 0.086, "momentum": 0.05, "Adam": 0.2}, 10, race.ALONG)
    assert tuned["SGD"][-1] == pytest.approx(1.7e-7, rel=0.2)
    assert tuned["momentum"][-1] == pytest.approx(0.210, rel=0.01)
    assert tuned["Adam"][-1] == pytest.approx(0.148, rel=0.01)


def test_nobody_wins_a_race_in_which_somebody_explodes() -> None:
    rates = {"SGD": 10.0, "momentum": 1e-4, "Adam": 0.1}
    assert race.winner(rates, 1000, race.TURNED) is None
    assert race.winner(rates | {"SGD": 1e-4}, 1000, race.TURNED) is not None
    words = race.tell_race(rates, 1000, race.TURNED)
    assert "SGD far outside" in words[0]
    assert "No race: SGD ended no lower than at the start" in words[1]


def test_an_answer_before_the_valley_was_turned_is_sent_back() -> None:
    widget = optimizer_race()
    found = next(child for child in widget.children if type(child).__name__ == "Found")
    widget.controls["answer"].value = "Adam alone"
    assert "Turn the valley before you answer" in found.value
    widget.controls["way"].value = race.TURNED
    assert "Adam alone: yes" in found.value
    widget.controls["answer"].value = "all three"
    assert "compare the losses" in found.value


# ---------------------------------------------------------------- schedules


def test_the_editor_tells_the_rates_that_it_draws() -> None:
    widget = schedule_editor()
    widget.controls["kind"].value, widget.controls["base"].value = "cosine", 0.2
    assert "At steps 1, 25, 50, 75, 100 the rate is 0.2, 0.172, 0.102, 0.0299, 0; the mean rate is 0.1." in (
        widget.twin.value
    )
    widget.controls["warmup"].value = 20
    assert "At steps 1, 25, 50, 75, 100 the rate is 0.01," in widget.twin.value


NEAREST = [
    (("constant", 0.1, 0, 50), Setting(0.1, optimizer="sgd")),
    (("cosine", 0.44, 0, 0), Setting(0.6, optimizer="sgd", schedule="cosine")),
    (("cosine", 0.4, 30, 10), Setting(0.3, optimizer="sgd", schedule="cosine", warmup_steps=38, min_lr=0.03)),
    (("exponential", 1.0, 0, 0), Setting(1.0, optimizer="sgd", schedule="exponential", min_lr=0.01)),
]


@pytest.mark.parametrize(("edited", "trained"), NEAREST)
def test_an_edited_schedule_is_answered_by_the_nearest_trained_one(edited: tuple, trained: Setting) -> None:
    assert schedules.nearest(*edited) == trained
    assert schedules.accuracies(trained).shape == (20,)


def test_a_cosine_of_the_same_mean_rate_ends_ahead() -> None:
    gained = schedules.accuracies(schedules.nearest("cosine", 0.2, 0, 0)) - schedules.accuracies(
        schedules.PLAIN
    )
    assert gained.mean() > 0.01
    assert (gained > 0).sum() >= 15


# ---------------------------------------------------------------- batches


def test_small_batches_win_in_equal_epochs_and_large_ones_in_equal_steps() -> None:
    assert batches.is_true(batches.SAME_EPOCHS, 16, 300)
    assert batches.is_true(batches.SAME_STEPS, 300, 16)
    assert not batches.is_true(batches.SAME_EPOCHS, 300, 16)
    assert not batches.is_true(batches.OWN_EPOCHS, 16, 16)
    assert [batches.updates(size, batches.SAME_EPOCHS) for size in batches.BATCH_SIZES] == [
        1500,
        380,
        100,
        20,
    ]


def test_sentences_are_judged_in_words() -> None:
    assert "is true here" in batches._describe(16, 300, batches.SAME_EPOCHS)[0]
    assert "the other way round is true" in batches._describe(300, 16, batches.SAME_EPOCHS)[0]
    assert "cannot be told" in batches._describe(4, 16, batches.OWN_EPOCHS)[0]
    assert "two different" in batches._describe(4, 4, batches.OWN_EPOCHS)[0]


# ---------------------------------------------------------------- the range test


def test_a_moved_marker_hides_the_answer() -> None:
    widget = range_test_view()
    widget.controls["train"].value = ranges.SHOWN
    assert "mean accuracy" in widget.twin.value
    widget.controls["rate"].value = 1.0
    assert widget.controls["train"].value == ranges.HIDDEN
    assert "mean accuracy" not in widget.twin.value


@pytest.mark.parametrize("name", ranges.NAMES)
def test_a_fifth_of_the_lowest_place_is_a_good_rate_and_the_lowest_place_is_not(name: str) -> None:
    rate, _ = ranges.lowest(name)
    assert ranges.accuracies(name, rate / 5).mean() >= ranges.WANTED
    assert ranges.accuracies(name, rate).mean() < ranges.WANTED


def test_every_place_of_the_marker_has_an_answer() -> None:
    for name in ranges.NAMES:
        for exponent in np.arange(ranges.LOW, ranges.HIGH + 0.01, 0.25):
            assert ranges.accuracies(name, 10**exponent).shape == (20,)


# ---------------------------------------------------------------- Adam


def test_the_calculator_shows_what_adam_does_to_a_weight() -> None:
    found = optimizer_adam_widgets.adam_steps((3.0, -1.0, 2.0))
    np.testing.assert_allclose(found["step"], [-1.0, -0.400, -0.603], atol=1e-3)
    np.testing.assert_allclose(found["m"], [0.3, 0.17, 0.353], rtol=1e-6)
    scaled = optimizer_adam_widgets.adam_steps((3e-3, -1e-3, 2e-3))
    np.testing.assert_allclose(scaled["step"], found["step"], atol=1e-4)
    weight = torch.nn.Parameter(torch.tensor([1.0]))
    optimizer = torch.optim.Adam([weight], lr=0.01)
    weight.grad = torch.tensor([1e-8])
    optimizer.step()
    (tiny,) = optimizer_adam_widgets.adam_steps((1e-8,))["step"]
    assert tiny == pytest.approx(-0.5, abs=1e-6)
    assert weight.item() == pytest.approx(1 + 0.01 * tiny, abs=1e-6)


@pytest.mark.parametrize("make", WIDGETS)
def test_words_have_numbers_and_no_scientific_noise(make: Callable[[], Any]) -> None:
    words = re.sub("<[^>]+>", " ", make().twin.value)
    assert len(re.findall(r"\d", words)) > 8
    assert not re.search(r"\bnan\b|\binf\b|-\d", words)
