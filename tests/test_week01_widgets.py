"""Week 1: its widgets count steps as descent does, their goals can be reached, clicks set sliders."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages_samples import text_of
from widgets import Interactive

LESSON = Path(__file__).parents[1] / "course" / "week01_gradients"
sys.path.insert(0, str(LESSON))

import descent_cards  # noqa: E402 - the lesson's folder must be on the path first
import descent_paths  # noqa: E402
import descent_rates  # noqa: E402
import descent_widgets  # noqa: E402
from descent_paths import SURFACES  # noqa: E402

WIDGETS = (descent_widgets.rate_explorer, descent_widgets.descent_explorer, descent_widgets.border_cards)


def steps_counted(rate: float, start: float = 2.0, most: int = 1000) -> int | None:
    """Return after how many steps on x² + 3x, taken one by one, the distance is below 0.01."""
    x = start
    for step in range(1, most + 1):
        x -= rate * (2 * x + 3)
        if abs(x + 1.5) < 0.01:
            return step
    return None


# ---------------------------------------------------------------- one direction

NEEDED = [
    (0.01, 290), (0.05, 56), (0.1, 27), (0.2, 12), (0.3, 7), (0.4, 4), (0.5, 1), (0.6, 4), (0.7, 7),
    (0.8, 12), (0.9, 27), (0.95, 56), (0.99, 290), (1.0, None), (1.01, None), (1.1, None),
]  # fmt: skip


@pytest.mark.parametrize(("rate", "steps"), NEEDED)
def test_the_steps_that_a_rate_needs_are_those_of_a_descent_step_by_step(rate: float, steps: int) -> None:
    assert descent_rates.steps_needed(rate, 2) == steps_counted(rate) == steps


@pytest.mark.parametrize("start", range(-5, 3))
@pytest.mark.parametrize("rate", [0.01, 0.37, 0.5, 0.83, 1.0, 1.1])
def test_a_path_is_that_of_a_descent_step_by_step(rate: float, start: int) -> None:
    x, places = float(start), [float(start)]
    for _ in range(60):
        x -= rate * (2 * x + 3)
        places.append(x)
    assert descent_rates.parabola_path(rate, start, 60) == pytest.approx(np.array(places), rel=1e-9, abs=1e-9)


RATES = [rate / 100 for rate in range(1, 111)]
STARTS = range(-5, 3)


def test_each_of_the_three_rates_is_one_alone_and_does_from_every_start_what_the_goal_says() -> None:
    as_many, single, never = (
        {rate for rate in RATES if all(does(rate, start) for start in STARTS)}
        for does in (
            lambda rate, start: rate > 0.5 and steps_counted(rate, start) == steps_counted(0.2, start),
            lambda rate, start: steps_counted(rate, start) == 1,
            lambda rate, start: steps_counted(rate, start) is None and rate <= 1,
        )
    )
    assert (as_many, single, never) == ({0.8}, {0.5}, {1.0})
    found = {rate: descent_rates.find(rate)[:3] for rate in RATES if descent_rates.find(rate)}
    assert found == {0.8: "(a)", 0.5: "(b)", 1.0: "(c)"}


def test_the_words_of_the_rate_tell_its_path() -> None:
    path, distance = descent_rates.describe_rate(0.9, 2, 10)
    assert path.startswith("Rate 0.90 from 2: 2, −4.3, 0.74, −3.29, ")
    assert "multiplies the distance by −0.8: it jumps from side to side, and comes nearer" in distance
    assert "below 0.01 from step 27 on" in distance
    assert "outside the picture" in descent_rates.describe_rate(1.1, 2, 30)[0]
    assert "slope is 0: the next step changes x by 0." in descent_rates.describe_rate(0.5, 2, 3)[0]


SAID = [
    (-0.0, "0"),
    (2.0, "2"),
    (-4.3, "−4.3"),
    (829.4, "829"),
    (-1662.4, "−1662"),
    (1e-9, "1e−9"),
    (2e8, "2e8"),
]


@pytest.mark.parametrize(("value", "words"), SAID)
def test_numbers_are_said_in_few_digits(value: float, words: str) -> None:
    assert descent_rates.say(value) == words


# ---------------------------------------------------------------- cards

CARDS = [(0.9, "settles"), (1.01, "diverges"), (1.0, "never settles")]
CARDS += [(0.11, "diverges"), (0.0909, "settles"), (0.1, "never settles")]


@pytest.mark.parametrize(("card", "rate", "verdict"), [(i, *card) for i, card in enumerate(CARDS)])
def test_the_answer_of_a_card_is_what_its_steps_do(card: int, rate: float, verdict: str) -> None:
    shown = descent_cards.CARDS[card]
    distances = np.array(shown.start)
    for _ in range(60):
        distances = distances - rate * np.array(shown.curvatures) * distances
    assert shown.distances()[-1] == pytest.approx(distances, rel=1e-6)
    assert (shown.rate, shown.verdict) == (rate, verdict)


def test_a_card_keeps_its_answer_until_a_guess_was_made_and_it_is_shown() -> None:
    closed = descent_cards.describe_card(4, descent_cards.UNDECIDED, descent_cards.SHOWN)
    assert "Make a guess first." in closed[0]
    assert "hidden" in closed[1]
    wrong = descent_cards.describe_card(4, "settles", descent_cards.SHOWN)
    assert "You guessed that it settles; it diverges." in wrong[0]
    assert "in y by 1 − 0.11 · 20 = −1.2: " in wrong[1]


def test_another_guess_or_card_hides_the_answer_again() -> None:
    widget = descent_widgets.border_cards()
    answer = widget.controls["answer"]
    widget.controls["guess"].value = "settles"
    answer.value = "shown"
    assert "Right: it settles." in text_of(widget.twin.value)
    widget.controls["guess"].value = "diverges"
    assert answer.value == "hidden"
    answer.value = "shown"
    widget.controls["card"].value = 2
    assert (widget.controls["guess"].value, answer.value) == ("no guess yet", "hidden")


# ---------------------------------------------------------------- goals

SOLVED: list[tuple[Callable[[], Interactive], Sequence[dict[str, Any]]]] = [
    (
        descent_widgets.rate_explorer,
        [{"rate": 0.5}, {"rate": 1.0}, {"start": -4}, {"rate": 0.79}, {"rate": 0.8}],
    ),
    (
        descent_widgets.descent_explorer,
        [{"surface": "double valley"}, {"x": -2.0}, {"rate": 0.12}, {"surface": "saddle"}, {"shrink": 1e-7}],
    ),
    (
        descent_widgets.border_cards,
        [{"card": i, "guess": verdict, "answer": "shown"} for i, (_, verdict) in enumerate(CARDS, 1)],
    ),
]


@pytest.mark.parametrize(("make", "moves"), SOLVED)
def test_each_goal_is_reached_by_the_last_move_and_not_before(
    make: Callable[[], Interactive], moves: Sequence[dict[str, Any]]
) -> None:
    widget = make()
    for move in moves:
        assert widget.goal.reached_in is None
        for name, value in move.items():
            widget.controls[name].value = value
    assert widget.goal.reached_in is not None


def test_a_small_rate_on_the_saddle_does_not_reach_the_goal() -> None:
    assert descent_paths.found_start("saddle", (1.5, 0.01), 0.01) == ""


def test_the_goal_is_not_reached_by_wrong_guesses() -> None:
    widget = descent_widgets.border_cards()
    for card in range(1, 7):
        for name, value in {"card": card, "guess": "settles", "answer": "shown"}.items():
            widget.controls[name].value = value
    assert widget.goal.reached_in is None


# ---------------------------------------------------------------- the controls


@pytest.mark.parametrize("make", WIDGETS)
def test_a_moved_main_control_is_told_and_the_static_page_has_it_all(make: Callable[[], Interactive]) -> None:
    widget = make()
    assert text_of(widget.goal.text.value) in text_of(widget.static)
    before = widget.twin.value, widget.picture.value
    options = getattr(widget.slider, "options", None)
    widget.slider.value = options[1] if options else widget.slider.max
    assert widget.twin.value != before[0]
    assert widget.picture.value != before[1]
    assert widget.twin.value.count("<p>") == 2


@pytest.mark.parametrize("name", SURFACES)
def test_another_surface_brings_its_own_start_ranges_and_rate(name: str) -> None:
    widget = descent_widgets.descent_explorer()
    widget.controls["x"].value, widget.controls["rate"].value = -1.0, 0.15
    for other in (*SURFACES, name):
        widget.controls["surface"].value = other
    surface, controls = SURFACES[name], widget.controls
    assert (controls["x"].value, controls["y"].value, controls["rate"].value) == (
        *surface.start,
        surface.rate,
    )
    assert (controls["x"].max, controls["y"].max) == surface.reach
    assert (controls["shrink"].layout.display == "none") is (name != "saddle")


def clicked(widget: Interactive, x: float, y: float) -> None:
    """Click into the map of a widget at x and y, as the browser tells it."""
    pad, figure = widget.picture, widget.render(**widget.values())[0]
    across, up = figure.axes[0].transData.transform((x, y)) / figure.bbox.size
    pad.set_state({"at": [float(across), float(1 - up)], "clicks": pad.clicks + 1})


CLICKS = [("ravine", (-3.14, 1.26), (-3.1, 1.3)), ("double valley", (-1.98, -0.52), (-2.0, -0.5))]
CLICKS += [("saddle", (1.0, 0.71), (1.0, 0.7)), ("saddle", (2.15, -1.6), (2.0, -1.5))]


@pytest.mark.parametrize(("surface", "place", "start"), CLICKS)
def test_a_click_into_the_map_sets_the_sliders(surface: str, place: Any, start: Any) -> None:
    widget = descent_widgets.descent_explorer()
    widget.controls["surface"].value = surface
    widget.controls["shrink"].value = 1e-3
    clicked(widget, *place)
    values = widget.values()
    assert (values["x"], values["y"], values["shrink"]) == (*start, 1.0)
    assert descent_paths.say_place(start) in text_of(widget.twin.value)
    assert "0 moves" not in widget.goal.words


def test_a_click_beside_the_map_changes_nothing() -> None:
    widget = descent_widgets.descent_explorer()
    before = widget.values(), widget.twin.value
    for at in ([0.8, 0.5], [0.02, 0.98]):
        widget.picture.set_state({"at": at, "clicks": widget.picture.clicks + 1})
    assert (widget.values(), widget.twin.value) == before
