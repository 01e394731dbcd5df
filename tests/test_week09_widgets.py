"""Week 9: the goals of its figures can be reached, their numbers are right, and their words fit them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from conftest import ROOT

from autograder.build.figure_texts import figure_faults

sys.path.insert(0, str(ROOT / "course" / "week09_search"))

import tuning_curse_widgets as curse_widgets
import tuning_designs_widgets as designs
import tuning_race_widgets as race
import tuning_tpe_widgets as tpe
import tuning_widgets

WIDGETS: dict[str, Callable[[], Any]] = {
    name: getattr(tuning_widgets, name) for name in tuning_widgets.__all__
}


def score(widget: Any) -> str:
    """Return what a figure says above its picture."""
    return unescape(widget.children[list(widget.children).index(widget.picture) - 1].value)


def move(widget: Any, **values: Any) -> None:
    for control, value in values.items():
        widget.controls[control].value = value


def words(widget: Any) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", widget.twin.value))


# ---------------------------------------------------------------- goals

GOALS: list[tuple[str, list[dict[str, Any]]]] = [
    (
        "grid_against_random",
        [
            {"guess": designs.TIE},  # as measured: right, but not asked for
            {"world": designs.TURNED, "guess": "random"},  # no
            {"guess": designs.TIE},
            {"world": designs.NARROW, "guess": "the grid"},  # no
            {"guess": "random"},
        ],
    ),
    (
        "tpe_steps",
        [
            {"trial": 12, "answer": tpe.FROM_HERE},
            {"seed": 2, "trial": 12, "answer": tpe.FROM_HERE},  # a trial too early
            {"trial": 13, "answer": tpe.FROM_HERE},
            {"seed": 5, "answer": tpe.NEVER},  # no
            {"seed": 0, "answer": tpe.NEVER},
        ],
    ),
    (
        "budget_race",
        [
            {"budget": 300, "factor": 3, "first_cut": 1, "answer": race.LOSES},
            {"budget": 400, "factor": 2, "first_cut": 5, "answer": race.WINS},  # elsewhere
            {"budget": 300, "factor": 2, "first_cut": 2, "answer": race.WINS},  # nobody can tell
            {"budget": 300, "factor": 2, "first_cut": 5, "answer": race.WINS},
        ],
    ),
    (
        "winners_curse",
        [{"number": 500}, {"rows": 100}, {"source": curse_widgets.SETTINGS}, {"source": curse_widgets.COPIES},
         {"number": 50}, {"rows": 200}],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "moves"), GOALS)
def test_each_goal_is_reached_by_the_last_move_and_not_before(name: str, moves: list[dict[str, Any]]) -> None:
    widget = WIDGETS[name]()
    for values in moves:
        assert widget.goal.reached_in is None
        move(widget, **values)
    assert widget.goal.reached_in is not None


@pytest.mark.parametrize("name", ["grid_against_random", "tpe_steps", "budget_race"])
def test_going_through_all_places_without_an_answer_reaches_nothing(name: str) -> None:
    widget = WIDGETS[name]()
    control = widget.slider
    for place in range(control.min, control.max + 1, control.step * 5 if control.step == 1 else control.step):
        control.value = place
    assert widget.goal.reached_in is None


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("grid_against_random", {"world": designs.TURNED, "guess": "the grid"}),
        ("tpe_steps", {"seed": 1, "trial": 20, "answer": tpe.FROM_HERE}),
        ("budget_race", {"budget": 300, "factor": 3, "first_cut": 1, "answer": race.WINS}),
    ],
)
def test_a_wrong_answer_after_the_goal_is_still_answered_no(name: str, wrong: dict[str, Any]) -> None:
    widget = WIDGETS[name]()
    for values in dict(GOALS)[name]:
        move(widget, **values)
    reached = widget.goal.reached_in
    assert reached is not None
    move(widget, **wrong)
    assert ">No: " in score(widget)
    assert widget.goal.reached_in == reached


# ---------------------------------------------------------------- all of them

PLACES = {
    "tpe_steps": (2, 12, 25, 40),
    "budget_race": (100, 300, 600, 1000),
    "winners_curse": (1, 20, 200, 500),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_the_words_change_with_the_main_control_and_hold_a_sentence_for_each_panel(name: str) -> None:
    widget = WIDGETS[name]()
    told = set()
    for place in PLACES.get(name, (0, 3, 7, 39)):
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
        ends = (
            (control.options[0], control.options[-1])
            if hasattr(control, "options")
            else (control.min, control.max)
        )
        for place in ends:
            control.value = place
            figure = widget.render(**widget.values())[0]
            assert list(figure_faults(figure)) == [], (name, widget.values())
        control.value = before
