"""The controls and goals of the interactive figures, moved as a browser moves them: by their state."""

from __future__ import annotations

from typing import Any

import pytest
from controls import Button, Choice, Control, NumberField, Pad, Slider, Words
from goals import Goal, GoalLine
from matplotlib.figure import Figure
from pages_samples import text_of
from traitlets import TraitError
from widgets import Interactive, live, menu, slider, stage


def whole() -> Slider:
    return Slider("Units", 1, 64, 1, 32)


def decimal() -> Slider:
    return Slider("Beta", 0.0, 0.95, 0.05, 0.6)


def rate() -> Slider:
    return Slider("Learning rate", -5, 0, 0.25, 0.01, powers_of_ten=True)


def cause() -> Choice:
    return Choice("Cause", ["too few rows", 5, 0.5])


BROWSER = [  # control, what the browser sends, the value then and its type
    (whole, {"at": 40.0}, 40, int),
    (decimal, {"at": 0.35}, 0.35, float),
    (rate, {"at": -1.5}, 10**-1.5, float),
    (cause, {"index": 1}, 5, int),
    (cause, {"index": 0}, "too few rows", str),
    (cause, {"index": None}, None, type(None)),
    (lambda: NumberField("Guess"), {"value": 3}, 3.0, float),
    (lambda: NumberField("Guess", 2.0), {"value": None}, None, type(None)),
]


@pytest.mark.parametrize(("make", "state", "value", "kind"), BROWSER)
def test_the_browser_changes_the_value(make: Any, state: dict[str, Any], value: Any, kind: type) -> None:
    control, seen = make(), []
    control.observe(lambda change: seen.append((change["new"], control.by_user)), names="value")
    control.set_state(state)
    assert control.value == value
    assert type(control.value) is kind
    assert seen in ([], [(value, True)])
    assert control.by_user is False


PYTHON = [  # control, value given, value then, what the browser is told
    (whole, 100, 64, {"at": 64.0}),
    (whole, -3, 1, {"at": 1.0}),
    (decimal, 0.3, 0.3, {"at": 0.3}),
    (rate, 0.1, 0.1, {"at": -1.0}),
    (rate, 5, 1.0, {"at": 0.0}),
    (cause, 0.5, 0.5, {"index": 2}),
    (cause, 5.0, 5, {"index": 1}),
]


@pytest.mark.parametrize(("make", "given", "value", "state"), PYTHON)
def test_python_changes_what_the_browser_shows(
    make: Any, given: Any, value: Any, state: dict[str, Any]
) -> None:
    control = make()
    control.value = given
    assert control.value == value
    assert {name: control.get_state()[name] for name in state} == pytest.approx(state)


REFUSED = [
    lambda: Slider("Units", 5, 5, 1, 5),
    lambda: Slider("Units", 1, 5, 0, 5),
    lambda: Slider("Units", 1, 5, 1, "many"),
    lambda: Slider("Units", 1, 5, 1, float("nan")),
    lambda: Choice("Loss", ["MSE", "MAE"], "Huber"),
    lambda: Choice("Loss", ["MSE", "MAE"]).set_trait("value", 0),
    lambda: NumberField("Guess", "three"),
    lambda: NumberField("Guess", float("inf")),
]


@pytest.mark.parametrize("make", REFUSED)
def test_what_a_control_cannot_hold_is_refused(make: Any) -> None:
    with pytest.raises(TraitError):
        make()


def test_a_choice_of_other_options_forgets_the_old_one() -> None:
    made = Choice("Loss", ["MSE", "MAE"], "MAE")
    made.options = ("MAE", "Huber")
    assert (made.value, made.index, made.labels) == ("MAE", 0, ["MAE", "Huber"])
    made.options = ("MSE",)
    assert (made.value, made.index) == (None, None)


@pytest.mark.parametrize(
    ("numbers", "decimals"), [((0, 5, 1), 0), ((0.0, 1.0, 0.05), 2), ((0.005, 1, 0.1), 3)]
)
def test_a_slider_shows_as_many_decimals_as_its_steps_have(numbers: Any, decimals: int) -> None:
    assert Slider("Beta", *numbers, 1).decimals == decimals


def pad() -> Pad:
    return Pad("Click into the picture.")


@pytest.mark.parametrize(
    "make", [whole, cause, lambda: NumberField("Guess"), lambda: Button("Again"), pad, Words]
)
def test_a_control_brings_its_page_along(make: Any) -> None:
    state = make().get_state()
    assert f"function {state['kind']}(" in state["_esm"]
    assert "://" not in state["_esm"] + state["_css"]


CLICKS = [((0.5, 0.5), (0.0, 0.0)), ((0.75, 0.375), (10.0, 2.5)), ((0.25, 0.75), (-10.0, -5.0))]
CLICKS += [((0.2, 0.5), None), ((0.5, 0.8), None)]


@pytest.mark.parametrize(("at", "place"), CLICKS)
def test_a_pad_says_where_in_the_axes_it_was_clicked(at: tuple, place: tuple | None) -> None:
    ax = Figure().add_axes((0.25, 0.25, 0.5, 0.5), xlim=(-10, 10), ylim=(-5, 5))
    clicked, seen = pad(), []
    clicked.observe(lambda change: seen.append(clicked.place_in(ax)), names="clicks")
    clicked.set_state({"at": list(at), "clicks": 1})
    assert seen == [None if place is None else pytest.approx(place)]


# ---------------------------------------------------------------- goals


def figure(goal: Goal | None) -> Interactive:
    drawn, (ax,) = stage()
    (line,) = ax.plot([0, 1], [0, 0])

    def draw(slope: int, sign: str) -> Any:
        line.set_ydata([0, slope if sign == "+" else -slope])
        return drawn

    controls: dict[str, Control] = {"slope": slider("Slope", 0, 5, 1, 2), "sign": menu("Sign", ["+", "-"])}
    return live(draw, lambda slope, sign: f"It climbs by {sign}{slope}.", goal, **controls)


def goal(moves: int | None) -> Goal:
    return Goal("Let the line fall by 5.", lambda slope, sign: (slope, sign) == (5, "-"), moves)


SLOPE, SIGN = ("slope", {"at": 5.0}), ("sign", {"index": 1})
WASTED = [("slope", {"at": float(at)}) for at in (1, 3, 4)]
GAMES = [  # moves allowed, moves made, what is said
    (None, [], "Goal: not yet (0 moves)"),
    (None, [SLOPE], "Goal: not yet (1 move)"),
    (None, [SLOPE, SIGN], "✓ Goal reached in 2 moves"),
    (None, [SLOPE, SIGN, ("slope", {"at": 1.0})], "✓ Goal reached in 2 moves"),
    (3, WASTED, "Goal: not yet (3 moves of 3)"),
    (3, [*WASTED, SLOPE, SIGN], "Goal: not yet (4 moves of 3). Too many: start again"),
    (None, [("slope", {"at": 3.0}), ("slope", {"at": 4.0})], "Goal: not yet (1 move)"),
    (None, [("slope", {"at": 3.0}), ("slope", {"at": 2.0})], "Goal: not yet (2 moves)"),
    (
        None,
        [("slope", {"at": 3.0}), ("sign", {"index": 1}), ("slope", {"at": 4.0})],
        "Goal: not yet (3 moves)",
    ),
    (3, [WASTED[0], SLOPE, SIGN], "✓ Goal reached in 3 moves"),
]


@pytest.mark.parametrize(("moves", "made", "said"), GAMES)
def test_a_goal_counts_moves_and_says_when_it_is_reached(moves: int | None, made: list, said: str) -> None:
    widget = figure(goal(moves))
    for name, state in made:
        widget.controls[name].set_state(state)
    assert text_of(widget.goal.status.value) == said
    assert (widget.goal.again in widget.goal.children) is (moves is not None)


def test_starting_again_puts_the_controls_back_and_does_not_count() -> None:
    widget = figure(goal(3))
    widget.controls["slope"].set_state(SLOPE[1])
    widget.goal.again.set_state({"clicks": 1})
    assert widget.values() == {"slope": 2, "sign": "+"}
    assert text_of(widget.goal.status.value) == "Goal: not yet (0 moves of 3)"
    assert "climbs by +2" in widget.twin.value


def test_what_the_program_changes_is_no_move() -> None:
    widget = figure(goal(None))
    case = widget.controls["slope"]
    case.observe(lambda _change: widget.controls["sign"].set_trait("value", "-"), names="value")
    case.set_state(SLOPE[1])
    assert text_of(widget.goal.status.value) == "✓ Goal reached in 1 move"


def test_what_is_passed_on_by_a_person_is_a_move_and_by_the_program_none() -> None:
    widget, clicked = figure(goal(None)), pad()
    clicked.observe(lambda change: clicked.pass_on(widget.controls["slope"], change["new"]), names="clicks")
    clicked.clicks = 5
    assert text_of(widget.goal.status.value) == "Goal: not yet (0 moves)"
    clicked.set_state({"clicks": 1})
    assert text_of(widget.goal.status.value) == "Goal: not yet (1 move)"
    assert widget.controls["slope"].by_user is False


def test_a_goal_stands_above_the_controls_and_in_the_static_page() -> None:
    widget = figure(goal(None))
    assert widget.children[0] is widget.goal
    assert "Let the line fall by 5." in widget.static
    assert "It climbs by +2." in widget.static


def test_a_goal_that_is_reached_at_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="reached at the start"):
        GoalLine(Goal("Stay.", lambda slope: slope == 2), {"slope": slider("Slope", 0, 5, 1, 2)})
