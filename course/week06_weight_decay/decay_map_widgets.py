"""Let students read a map of learning rate and λ, cell by cell, for Adam and for AdamW."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from decay_parts import OPTIMIZERS, strength_menus
from decay_runs import BATCH_SIZE, RATES, STRENGTHS, stored
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from pictures import PALETTE, label, moving
from widget_parts import Score, put_above_picture, two_panels
from widgets import Goal, Interactive, live, menu

ROWS = 300  # to train
STEADY_FROM = 3e-4  # the lowest rate from which on mean |w| can have come to rest
NEAR = 0.01  # of the best cell
LOOK = "just looking"
ANSWERS = ("same mean |w| in this column", "good without decay")
PANELS = {"val_accuracy": "validation accuracy", "mean_abs_weight": "mean |w|, first layer"}
DARKEST = 0.6  # accuracies below it are equally dark: what is above differs less, and matters more


def cells(optimizer: str, name: str) -> np.ndarray:
    """Return the mean over seeds of a number in every cell of the map, (rates, strengths)."""
    table = stored(f"{OPTIMIZERS[optimizer]} map")
    strengths = STRENGTHS[OPTIMIZERS[optimizer]]
    return np.array([[table[rate, strength][name].mean() for strength in strengths] for rate in RATES])


def is_steady(optimizer: str, strength: float) -> bool:
    """Return whether all mean |w| from rate STEADY_FROM on lie within a tenth of their mean, none at 0."""
    column = STRENGTHS[OPTIMIZERS[optimizer]].index(strength)
    sizes = cells(optimizer, "mean_abs_weight")[RATES.index(STEADY_FROM) :, column]
    return bool(sizes.min() > 1e-3 and np.abs(sizes / sizes.mean() - 1).max() <= 0.1)


def is_good_without(optimizer: str, strength: float, rate: float) -> bool:
    """Return whether a cell has no decay and lies within NEAR of the best cell of its map."""
    accuracies = cells(optimizer, "val_accuracy")
    place = RATES.index(rate), STRENGTHS[OPTIMIZERS[optimizer]].index(strength)
    return strength == 0 and bool(accuracies[place] >= accuracies.max() - NEAR)


def decay_map() -> Interactive:
    """Return maps of rate and λ for Adam and AdamW with a cursor: accuracy, and mean size of the weights."""
    map_of = cache(_draw_map)
    strength, optimizer = strength_menus()
    rate = menu("Learning rate", RATES)
    rate.value = 1e-3
    answer = menu("Your answer", (LOOK, *ANSWERS))
    solved: set[str] = set()
    score = Score(_told_score(solved, ""))

    def draw(optimizer: str, rate: float, strength: float, answer: str) -> Figure:
        shown = map_of(optimizer)
        shown.point(RATES.index(rate), STRENGTHS[OPTIMIZERS[optimizer]].index(strength))
        return shown.figure

    def all_found(optimizer: str, rate: float, strength: float, answer: str) -> bool:
        reply = ""
        if answer != LOOK:
            task, right, reply = judge(optimizer, rate, strength, answer)
            solved.update({task} if right else ())
        score.tell(_told_score(solved, reply))
        return len(solved) == 3

    goal = Goal(
        "(1) For each optimizer, find the λ whose column has nearly one mean |w|: from rate 3e-4 on all of "
        "them within a tenth of their mean. (2) Find a cell without decay whose accuracy is within 0.01 of "
        "the best of its map. Go to the cell, then choose your answer.",
        all_found,
    )
    for control in (optimizer, rate, strength):
        control.observe(lambda _change: answer.set_trait("value", LOOK), names="value")
    widget = live(draw, tell_cell, goal, strength=strength, rate=rate, optimizer=optimizer, answer=answer)
    put_above_picture(widget, score)
    return widget


def judge(optimizer: str, rate: float, strength: float, answer: str) -> tuple[str, bool, str]:
    """Return which task an answer belongs to, whether the cell solves it, and a reply in words."""
    if answer == ANSWERS[0]:
        right = is_steady(optimizer, strength)
        column = STRENGTHS[OPTIMIZERS[optimizer]].index(strength)
        sizes = cells(optimizer, "mean_abs_weight")[RATES.index(STEADY_FROM) :, column]
        told = f"from rate 3e-4 on mean |w| lies between {sizes.min():.3f} and {sizes.max():.3f}"
        return f"column of {optimizer}", right, f"{'Yes' if right else 'No'}, λ {strength:g}: {told}."
    right = is_good_without(optimizer, strength, rate)
    accuracies = cells(optimizer, "val_accuracy")
    here = accuracies[RATES.index(rate), STRENGTHS[OPTIMIZERS[optimizer]].index(strength)]
    told = f"{here:.3f} here, {accuracies.max():.3f} in the best cell"
    if strength > 0:
        told = "this cell has decay"
    return "cell without decay", right, f"{'Yes' if right else 'No'}: {told}."


def _told_score(solved: set[str], reply: str) -> str:
    found = f"Found: {', '.join(sorted(solved))}." if solved else "Found so far: none of three."
    return f"{reply} {found}".strip()


# ---------------------------------------------------------------- the picture


@dataclass(frozen=True)
class Map:
    """Hold the picture of one optimizer, and a function that puts its cursor onto a row and a column."""

    figure: Figure
    point: Callable[[int, int], None]


def _draw_map(optimizer: str) -> Map:
    figure, axes = two_panels(3.6)
    cursors = [
        _draw_cells(ax, optimizer, name, title)
        for ax, (name, title) in zip(axes, PANELS.items(), strict=True)
    ]

    def point(row: int, column: int) -> None:
        for cursor in cursors:
            cursor.set_xy((column - 0.5, row - 0.5))

    return Map(figure, point)


def _draw_cells(ax: Axes, optimizer: str, name: str, title: str) -> Any:
    """Draw a map with the number of every cell in it; return its cursor."""
    values, strengths = cells(optimizer, name), STRENGTHS[OPTIMIZERS[optimizer]]
    ax.grid(False)
    darkest = DARKEST if name == "val_accuracy" else 0.0
    ax.imshow(values, cmap="cividis", aspect="auto", origin="lower", vmin=darkest)
    for (row, column), value in np.ndenumerate(values):
        dark = value < (darkest + values.max()) / 2
        ax.text(column, row, f"{value:.3f}"[1:], ha="center", va="center", color="white" if dark else "black")
    ax.set_xticks(range(len(strengths)), [f"{strength:g}" for strength in strengths])
    ax.set_yticks(range(len(RATES)), [f"{rate:g}" for rate in RATES])
    cursor = Rectangle((0, 0), 1, 1, fill=False, ec=PALETTE[1], lw=4, zorder=4)
    ax.add_patch(cursor)
    label(ax, f"{optimizer}: {title}", "strength λ", "learning rate")
    moving(cursor)
    return cursor


# ---------------------------------------------------------------- the words


def tell_cell(optimizer: str, rate: float, strength: float, answer: str) -> list[str]:
    """Say in words what one cell of the map says, and how it lies in its row and column."""
    found = stored(f"{OPTIMIZERS[optimizer]} map")[rate, strength]
    accuracies, sizes = found["val_accuracy"], found["mean_abs_weight"]
    strengths, row = STRENGTHS[OPTIMIZERS[optimizer]], RATES.index(rate)
    in_row = cells(optimizer, "val_accuracy")[row]
    in_column = cells(optimizer, "mean_abs_weight")[:, strengths.index(strength)]
    best = strengths[int(in_row.argmax())]
    column = ", ".join(f"{size:.3f} at {each:g}" for each, size in zip(RATES, in_column, strict=True))
    return [
        f"{optimizer}, rate {rate:g}, λ {strength:g}: validation accuracy {accuracies.mean():.3f} ± "
        f"{accuracies.std(ddof=1):.3f} (3 seeds). In the row of this rate λ {best:g} is best, with "
        f"{in_row.max():.3f}; λ 0 has {in_row[0]:.3f}.",
        f"Mean |w| is {sizes.mean():.3f} here. In the column of this λ it is, by rate: {column}."
        f"{_halving(optimizer, rate, strength)}",
    ]


def _halving(optimizer: str, rate: float, strength: float) -> str:
    """Return how fast decay alone shrinks a weight under AdamW; for Adam no single number says that."""
    if optimizer != "AdamW" or strength == 0:
        return ""
    epochs = -1 / np.log2(1 - rate * strength) / -(-ROWS // BATCH_SIZE)
    return f" Without a gradient a weight halves in {epochs:,.1f} epochs."
