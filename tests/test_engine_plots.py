"""The engine's pictures have labels, grid, legend, markers, colours for all eyes, and words that match."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import pytest
import torch
from matplotlib.colors import to_hex, to_rgb

import utils
from utils import HistoryPlotter, describe_history, plot_curves, plot_loss, plot_pseudo_data

TRAINED = {
    "train_loss": [0.9, 0.5, 0.3, 0.2],
    "val_loss": [1.0, 0.6, 0.5, 0.7],
    "val_accuracy": [0.4, 0.8, 0.7, 0.6],
}
FITTED = {
    "epochs": [0, 1, 2],
    "train_loss": [3.0, 2.0, 1.0],
    "val_loss": [3.5, 2.5, float("nan")],
    "train_accuracy": [0.1, 0.2, 0.3],
    "val_accuracy": [0.15, 0.25, 0.2],
    "output_std": [{"0": 1.0, "2": 2.0}, {"0": 1.5, "2": 2.5}, {"0": 1.25, "2": 3.0}],
}


def drawn(ax: plt.Axes) -> dict[str, list[float]]:
    """Return the heights of all lines in a picture by their names in the legend."""
    return {line.get_label(): list(line.get_ydata()) for line in ax.get_lines()}


def test_plot_loss_draws_both_losses_over_epochs_counted_from_1() -> None:
    ax = plot_loss(TRAINED)
    assert drawn(ax) == {"training loss": TRAINED["train_loss"], "validation loss": TRAINED["val_loss"]}
    assert list(ax.get_lines()[0].get_xdata()) == [1, 2, 3, 4]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")


def test_plot_loss_draws_into_the_axes_it_is_given() -> None:
    ax = plt.subplots()[1]
    assert plot_loss(TRAINED, ax) is ax
    assert len(plt.get_fignums()) == 1


PICTURES = [
    lambda: plot_loss(TRAINED),
    lambda: plot_curves(FITTED, "accuracy"),
    lambda: plot_curves(FITTED, "output_std"),
    lambda: plot_pseudo_data(utils.get_pseudo_predictions(), utils.get_pseudo_targets(), 0.03),
]


@pytest.mark.parametrize("draw", PICTURES)
def test_every_picture_has_labels_a_grid_a_legend_and_different_markers(draw) -> None:
    ax = draw()
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    assert ax.get_legend().get_texts()
    assert any(line.get_visible() for line in ax.get_xgridlines())
    markers = [line.get_marker() for line in ax.get_lines()]
    colours = [to_hex(line.get_color()) for line in ax.get_lines()]
    assert "None" not in markers
    assert len(set(markers)) == len(set(colours)) == len(markers)


def test_plot_pseudo_data_joins_dots_and_squares_by_dashed_lines() -> None:
    predictions = utils.get_pseudo_predictions().requires_grad_()
    ax = plot_pseudo_data(predictions, utils.get_pseudo_targets(), torch.tensor(0.03))
    assert drawn(ax)["prediction"] == pytest.approx([0.2, 0.8, 0.5])
    assert drawn(ax)["target"] == pytest.approx([0.0, 1.0, 0.6])
    (errors,) = ax.collections
    ends = [segment[:, 1].tolist() for segment in errors.get_segments()]
    assert ends == [pytest.approx(pair) for pair in ([0.2, 0.0], [0.8, 1.0], [0.5, 0.6])]
    assert errors.get_linestyle()[0][1] is not None  # a pattern of dashes
    assert ax.get_title() == "loss 0.03"


# The matrices of Machado, Oliveira and Fernandes (2009) turn linear RGB into what others see.
PROTAN = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
DEUTAN = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]


@pytest.mark.parametrize("matrix", [PROTAN, DEUTAN])
def test_neighbouring_colours_differ_for_people_with_colour_vision_deficiency(matrix) -> None:
    colours = torch.tensor([to_rgb(colour) for colour in utils.PALETTE]) ** 2.2 @ torch.tensor(matrix).T
    distances = (colours[1:] - colours[:-1]).norm(dim=1)
    assert distances.min() > 0.15
    assert len(utils.MARKERS) == len(set(utils.MARKERS)) == len(utils.PALETTE)


def test_a_value_per_layer_makes_a_curve_per_layer() -> None:
    assert drawn(plot_curves(FITTED, "output_std")) == {
        "output std, layer 0": [1.0, 1.5, 1.25],
        "output std, layer 2": [2.0, 2.5, 3.0],
    }


def test_a_quantity_that_was_not_measured_is_named_with_those_that_were() -> None:
    with pytest.raises(ValueError, match=r"no precision. It has: train_loss, val_loss, val_accuracy"):
        plot_curves(TRAINED, "precision")
    with pytest.raises(ValueError, match="nothing yet"):
        plot_loss({})


DESCRIPTIONS = [  # history, quantity, words that must be there
    (TRAINED, "loss", "training loss from 0.9 to 0.2, lowest 0.2 in epoch 4"),
    (TRAINED, "loss", "validation loss from 1 to 0.7, lowest 0.5 in epoch 3"),
    (TRAINED, "accuracy", "validation accuracy from 0.4 to 0.6, highest 0.8 in epoch 2"),
    (FITTED, "loss", "validation loss from 3.5 to nan, lowest 2.5 in epoch 2"),
    ({"val_loss": [float("nan")] * 2}, "loss", "validation loss from nan to nan"),
]


@pytest.mark.parametrize(("history", "quantity", "words"), DESCRIPTIONS)
def test_describe_history_says_in_one_sentence_what_the_picture_shows(history, quantity, words) -> None:
    text = describe_history(history, quantity)
    assert words in text
    assert re.fullmatch(r"Over \d+ epochs: [^\n]+\.", text)


# ---------------------------------------------------------------- HistoryPlotter


def plotter() -> HistoryPlotter:
    """Return a plotter with one of four places filled."""
    made = HistoryPlotter(("loss", "accuracy"), ("train_accuracy", "val_loss"), 2, 2, ("λ", "p"))
    made.add("plain", FITTED, row=1, col=0, epoch=1, param=(0.1, 0.5))
    return made


def test_history_plotter_draws_its_quantities_below_one_another_and_marks_the_epoch() -> None:
    axes = plotter().axes
    assert axes.shape == (4, 2)
    assert [ax.get_title() for ax in axes.flat] == ["", "", "", "", "plain", "", "plain", ""]
    assert drawn(axes[2, 0])["training loss"] == FITTED["train_loss"]
    assert drawn(axes[3, 0])["training accuracy"] == FITTED["train_accuracy"]
    marks = [line for line in axes[2, 0].get_lines() if line.get_label() == "epoch 2"]
    assert list(marks[0].get_xdata()) == [2, 2]


def test_history_plotter_tabulates_settings_and_the_values_at_the_marked_epoch() -> None:
    made = plotter()
    made.add("last", FITTED, row=0, col=1, param=(0, 0.25))
    assert made.table().data.splitlines() == [
        "| title | λ | p | epoch | training accuracy | validation loss |",
        "| --- | --- | --- | --- | --- | --- |",
        "| last | 0 | 0.25 | 3 | 0.3 | nan |",
        "| plain | 0.1 | 0.5 | 2 | 0.2 | 2.5 |",
    ]


def test_history_plotter_replaces_what_was_at_a_place_when_a_cell_runs_again() -> None:
    made = plotter()
    made.add("again", FITTED, row=1, col=0, param=(0.1, 0.5))
    assert len(made.table().data.splitlines()) == 3
    assert list(drawn(made.axes[2, 0])) == ["epoch 3", "training loss", "validation loss"]


def test_history_plotter_shows_one_picture_with_words_and_hides_empty_places(capsys) -> None:
    made = plotter()
    made.show()
    shown = capsys.readouterr().out
    assert shown.count("<img") == 1
    assert "plain. Over 3 epochs: training loss from 3 to 1" in shown
    assert [ax.get_visible() for ax in made.axes.flat] == [False] * 4 + [True, False, True, False]


@pytest.mark.parametrize("epoch", [3, -4])
def test_history_plotter_names_an_epoch_that_is_not_there(epoch: int) -> None:
    with pytest.raises(ValueError, match=f"has 3 epochs .* but not epoch {epoch}"):
        plotter().add("late", FITTED, 0, 0, epoch=epoch, param=(0, 0))


def test_history_plotter_names_a_column_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="but not train_accuracy, val_loss"):
        plotter().add("other", {"val_accuracy": TRAINED["val_accuracy"]}, 0, 0)


def test_nothing_but_pictures_opens_a_figure() -> None:
    plotter().table()
    describe_history(TRAINED)
    assert plt.get_fignums() == []
