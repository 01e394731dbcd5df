"""Week 7: the goals of its figures can be reached, their numbers are right, and their words fit them."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
import torch
from conftest import ROOT

from autograder.build.figure_texts import figure_faults

sys.path.insert(0, str(ROOT / "course" / "week07_dropout"))

import dropout_norm_widgets as norms
import dropout_parts
import dropout_runs
import dropout_slider_widgets as sliders
import dropout_training
import dropout_unit_widgets as units
import dropout_widgets
import widget_parts
from dropout_runs import ALL_PS, stored
from dropout_slider_widgets import ANSWERS, CLEAN, LOOK
from dropout_unit_widgets import UNITS, WITH, WITHOUT

WIDGETS: dict[str, Callable[[], Any]] = {
    name: getattr(dropout_widgets, name) for name in dropout_widgets.__all__
}
NOISY = "one in five random"


def score(widget: Any) -> str:
    """Return what a figure says above its picture."""
    (found,) = (part for part in widget.children if isinstance(part, widget_parts.Score))
    return re.sub(r"<[^>]+>", "", found.value).replace("&#x27;", "'")


def twin(widget: Any) -> str:
    return re.sub(r"<[^>]+>", " ", widget.twin.value).replace("&#x27;", "'")


def move(widget: Any, **values: Any) -> None:
    for control, value in values.items():
        widget.controls[control].value = value


# ---------------------------------------------------------------- goals

GOALS: list[tuple[str, list[dict[str, Any]]]] = [
    (
        "unit_switches",
        [
            {"b2": False},
            {"b3": False},  # two are off: not a single one
            {"b2": True},
            {"b3": True},
            {"net": WITH},
            {"a2": False},
            {"a4": False},
        ],
    ),
    (
        "dropout_slider",
        [
            {"answer": ANSWERS[0]},  # of runs with random labels: does not count
            {"labels": CLEAN},
            {"answer": ANSWERS[0]},  # at 0.5: the curves have just crossed
            {"mode": "eval mode"},
            {"answer": ANSWERS[0]},  # they do not
            {"answer": ANSWERS[1]},
            {"answer": ANSWERS[2]},  # 0.5 is not the largest
            {"p": 0.7},
            {"answer": ANSWERS[2]},
        ],
    ),
    (
        "norm_batches",
        [
            {"value": 8.0},
            {"batch": "rows 3 and 6"},
            {"value": 3.0},
            {"value": 8.0},
            {"batch": "all eight"},
            {"value": 11.0},
            {"batch": "rows 1 to 4"},  # row 6 is not in it
            {"mode": "eval mode"},
            {"value": 9.0},
            {"value": 10.0},
            {"batch": "rows 3 to 6"},
            {"value": 1.0},
            {"value": 12.0},
        ],
    ),
]


@pytest.mark.parametrize(("name", "moves"), GOALS)
def test_each_goal_is_reached_by_the_last_move_and_not_before(name: str, moves: list[dict[str, Any]]) -> None:
    widget = WIDGETS[name]()
    for values in moves:
        assert widget.goal.reached_in is None, values
        move(widget, **values)
    assert widget.goal.reached_in is not None


# ---------------------------------------------------------------- units


def test_one_unit_decides_without_dropout_and_none_with_it() -> None:
    assert units.SPECIES[int(dropout_training.flowers()[1][units.FLOWER])] == "virginica"
    assert {units.winner(net) for net in units.NETS} == {"virginica"}
    deciding = {
        net: [unit for unit in UNITS if units.winner(net, [unit]) != units.winner(net)] for net in units.NETS
    }
    assert deciding == {WITHOUT: ["b3"], WITH: []}


def test_a_unit_that_is_off_sends_nothing_and_the_scale_makes_up_for_it() -> None:
    (first, second, last), x = _linear(WITHOUT), dropout_training.flowers()[0]
    with torch.no_grad():
        hidden = torch.relu(first(x))
        hidden[:, 1] = 0.0
        for scale, factor in zip(units.SCALES, (1.0, 5 / 4), strict=True):
            wanted = last(torch.relu(second(hidden * factor))).softmax(dim=1)
            torch.testing.assert_close(units.probabilities(WITHOUT, ["a2"], scale), wanted)
        everything = units.probabilities(WITHOUT, UNITS, units.SCALES[1])
        torch.testing.assert_close(everything, last.bias.softmax(dim=0).expand(150, 3))


def _linear(net: str) -> list[Any]:
    return [layer for layer in units.trained_net(net).modules() if isinstance(layer, torch.nn.Linear)]


def test_a_switch_turns_with_every_press_and_says_how_it_stands() -> None:
    widget = WIDGETS["unit_switches"]()
    rows = [part for part in widget.children if type(part).__name__ == "HBox"]
    assert [[switch.name for switch in row.children] for row in rows] == [UNITS[:5], UNITS[5:]]
    assert not {widget.controls[unit] for unit in UNITS} & set(widget.children)  # each stands there once
    switch = widget.controls["b3"]
    assert switch.description == "b3 on"
    switch.set_state({"clicks": 1})  # as the browser sends it
    assert (switch.value, switch.description) == (False, "b3 off")
    assert "1 move" in widget.goal.words
    assert "1 of 9 hidden units is off: b3." in twin(widget)
    assert "it now takes it for a versicolor" in twin(widget)
    assert "without b3 (1 off)" in score(widget)
    switch.set_state({"clicks": 2})
    assert (switch.value, switch.description) == (True, "b3 on")
    assert "0 of 9 hidden units are off." in twin(widget)
    assert len({units.tell_units(net, units.SCALES[0])[0].split("weights")[1] for net in units.NETS}) == 2
    assert "0 answers change" in twin(widget)


def test_the_score_keeps_the_fewest_units_of_each_net() -> None:
    widget = WIDGETS["unit_switches"]()
    move(widget, net=WITH, a1=False, a2=False, a4=False)
    assert "without a1, a2, a4 (3 off)" in score(widget)
    move(widget, a1=True)
    assert "without a2, a4 (2 off)" in score(widget)
    move(widget, a1=False)
    assert "(2 off)" in score(widget)
    assert widget.goal.reached_in is None


def test_after_the_goal_the_score_goes_on() -> None:
    widget = WIDGETS["unit_switches"]()
    move(widget, b3=False, net=WITH, a1=False, a2=False, a4=False)
    assert widget.goal.reached_in is not None
    before = score(widget)
    move(widget, a1=True, b3=True)
    assert before != score(widget)
    assert "dropout 0.2: without a2, a4 (2 off)" in score(widget)
    widget = WIDGETS["dropout_slider"]()
    move(widget, labels=CLEAN, answer=ANSWERS[0])
    move(widget, p=0.7, answer=ANSWERS[2])
    move(widget, mode="eval mode", answer=ANSWERS[1])
    assert widget.goal.reached_in is not None
    assert "Yes" in score(widget)
    move(widget, mode="train mode")
    assert "Yes" not in score(widget)
    move(widget, answer=ANSWERS[1])
    assert "No, in train mode" in score(widget)


def test_the_words_say_which_units_the_largest_weights_join() -> None:
    for net in units.NETS:
        joined = re.findall(
            r"([−\d.]+) from ([a-z ]+\d?) to (\w+)", units.tell_units(net, units.SCALES[0])[0]
        )
        names = [units.LENGTHS, UNITS[:5], UNITS[5:], units.SPECIES]
        for i, (weight, before, after) in enumerate(joined):
            row = _linear(net)[i].weight[names[i + 1].index(after)]
            value = row[names[i].index(before)].item()
            assert units.signed(value, 2) == weight
            assert abs(value) == _linear(net)[i].weight.abs().max().item()
        assert len(joined) == 3


# ---------------------------------------------------------------- p


def test_the_crossing_moves_with_the_mode_and_the_labels() -> None:
    assert sliders.crossing(CLEAN, "train mode", "accuracy") == 0.5
    assert sliders.crossing(CLEAN, "eval mode", "accuracy") is None
    assert sliders.crossing(CLEAN, "eval mode", "loss") is None
    assert sliders.crossing(NOISY, "train mode", "accuracy") == 0.0
    assert sliders.crossing(NOISY, "eval mode", "accuracy") == 0.0


def test_only_with_right_labels_one_training_loss_is_twice_the_other() -> None:
    twice = {labels: [p for p in ALL_PS if sliders.loss_ratio(labels, p) >= 2] for labels in sliders.LABELS}
    assert twice == {NOISY: [], CLEAN: [0.2, 0.3, 0.4, 0.5, 0.6, 0.7]}


def test_moving_a_control_takes_an_answer_back() -> None:
    widget = WIDGETS["dropout_slider"]()
    move(widget, labels=CLEAN, p=0.2, answer=ANSWERS[0])
    assert "No, in train mode, p 0.2" in score(widget)
    move(widget, p=0.4)
    assert widget.controls["answer"].value == LOOK
    assert score(widget) == "Found so far: none of three."
    move(widget, answer=ANSWERS[0])
    assert "Yes, in train mode, p 0.4" in score(widget)
    move(widget, answer=ANSWERS[1])
    assert "No, in train mode: there is a p" in score(widget)


@pytest.mark.parametrize(("labels", "table"), [(NOISY, "ends"), (CLEAN, "clean ends")])
def test_the_words_of_the_slider_hold_the_stored_numbers(labels: str, table: str) -> None:
    for p in ALL_PS:
        for mode, part in sliders.MODES.items():
            told = sliders.tell_dropout(p, mode, labels, "accuracy", LOOK)[0]
            ends = stored(table)[p]
            numbers = [float(number) for number in re.findall(r"\d\.\d{3}", told)]
            wanted = [ends[f"train_accuracy{part}"], ends["val_accuracy"], ends["train_loss"],
                      ends["train_loss_eval"], ends["val_loss"]]  # fmt: skip
            means = [values.mean() for values in wanted]
            assert [*numbers[0:3:2], *numbers[4:]] == pytest.approx(means, abs=6e-3)
            assert numbers[1:4:2] == pytest.approx([values.std(ddof=1) for values in wanted[:2]], abs=6e-4)


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize("name", WIDGETS)
def test_words_change_with_the_main_control_and_every_text_can_be_read(name: str) -> None:
    widget = WIDGETS[name]()
    control = widget.slider
    places = control.options if hasattr(control, "options") else (0.1, 0.5, 0.8)
    told = set()
    for place in places:
        control.value = place
        told.add(twin(widget))
        assert widget.twin.value.count("<p>") == 2
        assert re.findall(r'alt="([^"]+)"', widget.picture.value)[0].split(".")[0] in widget.twin.value
    assert len(told) == len(places)
    assert "<img" in widget.static
    assert re.search(r'alt="[^"]{60,}', widget.static)
    assert widget.goal.goal.text.split(".")[0] in widget.static
    assert_readable(widget)


def assert_readable(widget: Any) -> None:
    """Assert that every text of the figure can be read wherever the controls stand."""
    for key, control in widget.controls.items():
        if key in UNITS and key not in ("a1", "b4"):
            continue  # the switches of a layer are alike
        before = control.value
        places = (
            (control.options[0], control.options[-1]) if hasattr(control, "options") else (0.0, 0.9, 12.0)
        )
        for place in (False,) if hasattr(control, "clicks") else places:
            control.value = place
            figure = widget.render(**widget.values())[0]
            assert list(figure_faults(figure)) == [], widget.values()
        control.value = before


def test_the_code_of_the_exercises_does_not_stand_beside_the_lesson() -> None:
    modules = (dropout_runs, dropout_training, dropout_parts, units, sliders, norms)
    code = "".join(inspect.getsource(module) for module in modules)
    assert not re.search(r"bernoulli|rand_like|torch\.rand\(|register_buffer|lerp_|def forward", code)
    assert not re.search(r"nn\.Linear\([^)]*\), *nn\.Dropout", code)
