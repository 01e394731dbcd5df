"""The interactive figures, driven as the browser drives them: controls move, pictures and words follow."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import torch
from conftest import ROOT
from matplotlib import pyplot as plt
from pages_samples import text_of
from PIL import Image
from widgets import (
    MAX_WIDTH,
    Interactive,
    choice,
    curve_panel,
    flashcards,
    live,
    menu,
    outcome,
    picture_html,
    predict,
    replay,
    slider,
    stage,
    with_alt,
)

sys.path.insert(0, str(ROOT / "course" / "week03_losses"))
import loss_pictures
import loss_widgets

X = np.linspace(0, 1, 20)
FRAMES = np.array([np.sin(6 * X) * epoch / 30 for epoch in range(1, 31)])
HISTORY = {"train_loss": [1 / epoch for epoch in range(1, 31)], "val_accuracy": [0.5] * 30}
OPTIONS = {"A": "the first", "B": "the second", "C": "the third", "D": "the fourth"}


def replayed() -> Interactive:
    return replay(HISTORY, curve_panel(X, FRAMES, (X, np.sin(6 * X))))


WIDGETS: list[Callable[[], Interactive]] = [
    replayed,
    loss_widgets.outlier_explorer,
    loss_widgets.bce_explorer,
    loss_widgets.surface_explorer,
    loss_widgets.descent_replay,
]
PICTURES = [loss_pictures.bullseye_picture, loss_pictures.error_cost_picture, loss_pictures.margin_picture]


def alt_of(html: str) -> str:
    (alt,) = re.findall(r'<img [^>]*alt="([^"]*)"', html)
    return str(alt)


def image_in(html: str) -> Image.Image:
    (data,) = re.findall(r"base64,([^\"]*)", html)
    return Image.open(BytesIO(base64.b64decode(data)))


@pytest.mark.parametrize("make", WIDGETS)
def test_moving_a_control_changes_the_picture_and_its_words(make: Callable[[], Interactive]) -> None:
    widget = make()
    before = widget.picture.value, widget.twin.value
    widget.slider.value = widget.slider.max
    assert widget.picture.value != before[0]
    assert widget.twin.value != before[1]


@pytest.mark.parametrize("make", WIDGETS)
def test_every_control_is_labelled_and_waits_until_it_is_let_go(make: Callable[[], Interactive]) -> None:
    for control in make().controls.values():
        assert len(control.description) >= 4
        assert control.tabbable is not False
        assert getattr(control, "continuous_update", False) is False


@pytest.mark.parametrize("make", WIDGETS)
def test_words_are_announced_and_are_also_the_alt_text(make: Callable[[], Interactive]) -> None:
    widget = make()
    assert widget.twin.value.startswith('<p role="status" aria-live="polite">')
    assert alt_of(widget.picture.value) in widget.twin.value
    assert re.search(r"\d", text_of(widget.twin.value))


@pytest.mark.parametrize("make", WIDGETS)
def test_a_static_page_stands_in_and_only_the_living_widget_hides_it(make: Callable[[], Interactive]) -> None:
    widget = make()
    (name,) = re.findall(r'<div id="(static-\w+)">', widget.static)
    assert f"#{name} {{display: none}}" in widget.children[-1].value
    assert len(alt_of(widget.static)) > 20
    assert 'role="status"' in widget.static


def test_a_replay_changes_line_data_and_keeps_its_figure() -> None:
    widget = replayed()
    figure, _ = widget.render(epoch=3)
    strong, model = figure.axes[0].lines[1], figure.axes[1].lines[0]
    again, told = widget.render(epoch=7)
    assert again is figure
    assert figure.axes[0].lines[1] is strong
    assert list(strong.get_xdata()) == [1, 2, 3, 4, 5, 6, 7]
    assert np.allclose(model.get_ydata(), FRAMES[6])
    assert told.startswith("Epoch 7 of 30. training loss 0.1429, validation accuracy 0.5.")


@pytest.mark.parametrize("make", WIDGETS)
def test_painting_only_what_moves_gives_the_same_picture_as_painting_all(
    make: Callable[[], Interactive],
) -> None:
    moved, fresh = make(), make()
    for value in (moved.slider.max, moved.slider.min + 3 * moved.slider.step):
        moved.slider.value = value
    fresh.slider.value = moved.slider.value
    figure, alt = fresh.render(**fresh.values())
    figure.canvas.still = None
    assert moved.picture.value == picture_html(figure, alt)


def test_another_loss_draws_another_map() -> None:
    widget = loss_widgets.surface_explorer()
    mse = np.asarray(image_in(widget.picture.value).convert("RGB"))
    widget.controls["loss"].value = "MAE"
    mae = np.asarray(image_in(widget.picture.value).convert("RGB"))
    assert (mse != mae).any(axis=2).mean() > 0.01  # other height lines, all over the map


def test_a_replay_starts_at_the_first_epoch_but_its_static_page_shows_the_last() -> None:
    widget = replayed()
    assert widget.slider.value == 1
    assert "Epoch 30 of 30" in widget.static


@pytest.mark.parametrize("history", [{}, {"train_loss": []}, {"train_loss": [1.0], "val_loss": [1.0, 2.0]}])
def test_a_replay_refuses_histories_of_no_or_uneven_epochs(history: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match="as many numbers"):
        replay(history)


def test_a_live_figure_hands_all_values_to_both_functions() -> None:
    figure, (ax,) = stage()
    (line,) = ax.plot([0, 1], [0, 0])

    def draw(slope: float, sign: str) -> Any:
        line.set_ydata([0, slope if sign == "+" else -slope])
        return figure

    widget = live(
        draw,
        lambda slope, sign: f"The line climbs by {sign}{slope}.",
        slope=slider("Slope", 0, 5, 1, 2),
        sign=menu("Sign", ["+", "-"]),
    )
    widget.controls["sign"].value = "-"
    assert list(line.get_ydata()) == [0, -2]
    assert text_of(widget.twin.value) == "The line climbs by -2."


SLIDERS = [
    ((0, 10, 1, 5), {}, "IntSlider"),
    ((0, 1, 0.1, 0.5), {}, "FloatSlider"),
    ((-4, 0, 0.5, 0.01), {"powers_of_ten": True}, "FloatLogSlider"),
]


@pytest.mark.parametrize(("numbers", "settings", "kind"), SLIDERS)
def test_a_slider_has_the_kind_of_its_numbers(numbers: Any, settings: dict[str, bool], kind: str) -> None:
    made = slider("Learning rate", *numbers, **settings)
    assert type(made).__name__ == kind
    assert made.continuous_update is False
    assert made.value == numbers[3]


def test_a_choice_says_what_is_chosen_and_to_type_but_treats_all_letters_alike() -> None:
    widget, told = choice("gq5", "Which one?", OPTIONS), set()
    assert widget.slider.value is None
    for letter in OPTIONS:
        widget.slider.value = letter
        assert f'answer_gq5 = "{letter}"' in text_of(widget.twin.value)
        told.add(text_of(widget.twin.value).replace(f" {letter}.", " *.").replace(f'"{letter}"', "*"))
    assert len(told) == 1
    assert all(text in widget.static for text in OPTIONS.values())


def test_a_prediction_is_asked_for_by_the_name_of_its_variable() -> None:
    widget = predict("prediction_shapes", "What comes out?", ["0", "1.3333"])
    widget.slider.value = "1.3333"
    assert 'prediction_shapes = "1.3333"' in text_of(widget.twin.value)


@pytest.mark.parametrize(
    ("guess", "shown"),
    [("MSE", "MSE"), (1350, "1350"), ("", "nothing yet"), ("  ", "nothing yet"), ("<b>", "&lt;b&gt;")],
)
def test_an_outcome_stands_next_to_the_prediction(
    guess: Any, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome(guess, "the MSE")
    page = capsys.readouterr().out
    assert shown in page
    assert "It came out" in page


def test_a_figure_is_shown_once_with_its_alt_text(capsys: pytest.CaptureFixture[str]) -> None:
    figure, ax = plt.subplots()
    ax.plot([1, 2])
    with_alt(figure, 'a line called "a" < b')
    page = capsys.readouterr().out
    assert 'alt="a line called &quot;a&quot; &lt; b"' in page
    assert not plt.get_fignums()


@pytest.mark.parametrize("width", [3, 8.8, 30])
def test_a_picture_is_never_wider_than_the_page(width: float) -> None:
    figure, _ = stage()
    figure.set_figwidth(width)
    html = picture_html(figure, "an empty figure with a grid")
    assert image_in(html).width <= MAX_WIDTH
    assert len(html) < 100_000


def test_flashcards_open_by_keyboard_and_hide_their_answers(capsys: pytest.CaptureFixture[str]) -> None:
    flashcards(loss_widgets.RETRIEVAL)
    page = capsys.readouterr().out
    assert page.count("<details") == page.count("<summary>") == 3


@pytest.mark.parametrize("draw", PICTURES)
def test_a_still_picture_tells_its_numbers(draw: Callable[[], tuple[Any, str]]) -> None:
    figure, alt = draw()
    assert len(re.findall(r"\d", alt)) > 5
    assert alt_of(picture_html(figure, alt))


@pytest.mark.parametrize("name", loss_widgets.LOSS_NAMES)
def test_no_line_nearby_is_better_than_the_best_line(name: str) -> None:
    x, y = loss_widgets.OUTLIER_X, loss_widgets.OUTLIER_Y.copy()
    y[loss_widgets.MOVED] = 30
    slope, intercept = loss_widgets.best_line(name, x, y)
    best = loss_widgets.cost(name, y - slope * x - intercept).mean()
    for step in ((0.01, 0), (-0.01, 0), (0, 0.05), (0, -0.05)):
        other = loss_widgets.cost(name, y - (slope + step[0]) * x - intercept - step[1]).mean()
        assert best <= other + 1e-9


@pytest.mark.parametrize(
    ("name", "criterion"),
    [("MSE", torch.nn.MSELoss()), ("MAE", torch.nn.L1Loss()), ("Huber", torch.nn.HuberLoss())],
)
def test_costs_are_those_of_pytorch(name: str, criterion: torch.nn.Module) -> None:
    errors = torch.linspace(-3, 3, 13, dtype=torch.float64)
    want = criterion(errors, torch.zeros_like(errors)).item()
    assert loss_widgets.cost(name, errors.numpy()).mean() == pytest.approx(want)
