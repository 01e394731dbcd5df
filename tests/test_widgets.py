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
from conftest import ROOT
from matplotlib import pyplot as plt
from pages_samples import text_of
from pictures import tell_curve, tell_pair
from PIL import Image
from widgets import (
    MAX_WIDTH,
    Interactive,
    curve_panel,
    live,
    menu,
    picture_html,
    replay,
    sentences,
    slider,
    stage,
    twin_html,
    with_alt,
)

sys.path.insert(0, str(ROOT / "course" / "week03_losses"))
import loss_widgets

X = np.linspace(0, 1, 20)
FRAMES = np.array([np.sin(6 * X) * epoch / 30 for epoch in range(1, 31)])
HISTORY = {"train_loss": [1 / epoch for epoch in range(1, 31)], "val_accuracy": [0.5] * 30}


def replayed() -> Interactive:
    return replay(HISTORY, curve_panel(X, FRAMES, (X, np.sin(6 * X))))


WIDGETS: list[Callable[[], Interactive]] = [
    replayed,
    loss_widgets.outlier_explorer,
    loss_widgets.bce_explorer,
]


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
def test_every_control_is_labelled(make: Callable[[], Interactive]) -> None:
    for control in make().controls.values():
        assert len(control.description) >= 4
        assert control.tabbable is not False


@pytest.mark.parametrize("make", WIDGETS)
def test_words_are_announced_and_are_also_the_alt_text(make: Callable[[], Interactive]) -> None:
    widget = make()
    assert re.match(r'<(p|div) role="status" aria-live="polite">', widget.twin.value)
    assert alt_of(widget.picture.value) in " ".join(re.findall(r"<p[^>]*>(.*?)</p>", widget.twin.value))
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
    assert told[0] == "Epoch 7 of 30. training loss 0.1429, validation accuracy 0.5."
    assert told[1].startswith("The model's curve runs from")


@pytest.mark.parametrize("make", WIDGETS)
def test_painting_only_what_moves_gives_the_same_picture_as_painting_all(
    make: Callable[[], Interactive],
) -> None:
    moved, fresh = make(), make()
    for value in (moved.slider.max, moved.slider.min + 3 * moved.slider.step):
        moved.slider.value = value
    fresh.slider.value = moved.slider.value
    figure, told = fresh.render(**fresh.values())
    figure.canvas.still = None
    assert moved.picture.value == picture_html(figure, " ".join(sentences(figure, told)))


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


def two_panels() -> Any:
    figure, axes = stage(2)
    figure.colorbar(axes[0].imshow([[0, 1]]), ax=axes[0])
    axes[1].twinx()
    return figure


TOLD = [  # words for a figure of two panels, with a colour bar and a second axis
    (["left", "right"], True),
    ("both", False),
    (["both"], False),
    (["left", "right", "colour bar"], False),
]


@pytest.mark.parametrize(("told", "fits"), TOLD)
def test_a_figure_is_told_by_a_sentence_for_each_panel(told: str | list[str], fits: bool) -> None:
    if fits:
        assert sentences(two_panels(), told) == told
        assert text_of(twin_html(told)).split() == told
    else:
        with pytest.raises(ValueError, match="one sentence for each panel"):
            sentences(two_panels(), told)


NAN, INF = float("nan"), float("inf")
EPOCHS = np.arange(1, 41)
CURVES = [  # values, name, what must be said, what must not be said
    (
        2 - EPOCHS / 40,
        "training loss",
        r"Training loss from 1.98 to 1, lowest 1 in epoch 40, still falling by 0.025",
        "",
    ),
    (EPOCHS / 50, "accuracy", r"highest 0.8 in epoch 40, still rising by 0.02 an epoch", "lowest"),
    ([1.0] * 9, "loss", r"lowest 1 in epoch 1, level at the end\.$", "ing by"),
    (np.exp(-EPOCHS / 2), "loss", r"level at the end\.$", "jumps"),
    (np.abs(EPOCHS - 10) / 9, "loss", r"lowest 0 in epoch 10, still rising by 0.11", "jumps"),
    (
        [*np.exp(-EPOCHS / 4), *[0.3, 0.6] * 20],
        "loss",
        r"level at the end, and it jumps by 0.16 an epoch",
        "",
    ),
    ([3, 2, 2.5, NAN, NAN], "loss", r"from 3 to nan, lowest 2 in epoch 2, nan from epoch 4 on", "ing by"),
    ([3, INF, 2, 1, NAN, 1], "loss", r"not finite 2 times, first inf in epoch 2", "level"),
    ([NAN, NAN], "loss", r"from nan to nan, nan from epoch 1 on", "lowest"),
    ([2.0], "loss", r"from 2 to 2, lowest 2 in epoch 1\.$", ""),
]


@pytest.mark.parametrize(("values", "name", "said", "not_said"), CURVES)
def test_a_curve_is_told_as_the_eye_sees_it(values: Any, name: str, said: str, not_said: str) -> None:
    told = tell_curve(values, name)
    assert re.search(said, told)
    assert not not_said or not_said not in told


def test_the_steps_of_a_curve_can_have_another_name() -> None:
    assert "lowest 0.1 in step 40, still falling by 0.1 a step" in tell_curve(4.1 - EPOCHS / 10, what="step")


PAIRS = [  # training, validation, what is said of both
    (1 / EPOCHS, 1 / EPOCHS + 0.001, r"^At the end they lie close together\.$"),
    (1 / EPOCHS, 1 / EPOCHS + 0.5, r"^At the end validation is 0.5 above training\.$"),
    (40 - EPOCHS, 40 - EPOCHS - 3.0, r"^At the end validation is 3 below training\.$"),
    (EPOCHS, EPOCHS * 2 - 10.5, r"29.5 above training; they cross in epoch 11; they part after epoch 25"),
    (EPOCHS, EPOCHS + (-1.0) ** EPOCHS * 5, r"they cross 39 times, last in epoch 40"),
    ([1, NAN], [1, 2], r"^$"),
]


@pytest.mark.parametrize(("train", "val", "said"), PAIRS)
def test_two_curves_are_told_by_their_gap_and_where_they_cross(train: Any, val: Any, said: str) -> None:
    assert re.search(said, tell_pair(train, val))


SLIDERS = [
    ((0, 10, 1, 5), {}, int),
    ((0, 1, 0.1, 0.5), {}, float),
    ((-4, 0, 0.5, 0.01), {"powers_of_ten": True}, float),
]


@pytest.mark.parametrize(("numbers", "settings", "kind"), SLIDERS)
def test_a_slider_has_the_kind_of_its_numbers(numbers: Any, settings: dict[str, bool], kind: type) -> None:
    made = slider("Learning rate", *numbers, **settings)
    assert type(made.value) is kind
    assert made.value == numbers[3]


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
