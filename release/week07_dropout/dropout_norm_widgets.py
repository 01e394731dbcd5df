"""Let students drag one of eight rows, and see whose outputs batch norm changes, in both modes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, moving
from widget_parts import Score, put_above_picture, signed, two_panels
from widgets import Goal, Interactive, live, menu, slider

ROWS = {1: 4.0, 2: 7.5, 3: 6.0, 4: 2.5, 5: 8.0, 6: 9.0, 7: 3.0, 8: 5.5}  # one feature of eight rows
WATCHED, DRAGGED = 3, 6
BATCHES = {
    "rows 3 to 6": (3, 4, 5, 6),
    "rows 3 and 6": (3, 6),
    "rows 1 to 4": (1, 2, 3, 4),
    "all eight": (1, 2, 3, 4, 5, 6, 7, 8),
}
MODES = ("train mode", "eval mode")
RUNNING_MEAN, RUNNING_VAR = 5.0, 4.0  # what former batches have left; this figure lets them stand
LOW, HIGH = 0.0, 12.0
TRIES = 3  # places of the moved row at which eval mode must be tried


def inputs(value: float, batch: str) -> dict[int, float]:
    """Return the feature of the rows in the batch, by row: the moved one has this value."""
    return {row: value if row == DRAGGED else ROWS[row] for row in BATCHES[batch]}


def statistics(value: float, batch: str, mode: str) -> tuple[float, float]:
    """Return the mean that is subtracted, and the standard deviation that is divided by."""
    numbers = np.array(list(inputs(value, batch).values()))
    if mode == MODES[1]:
        return RUNNING_MEAN, RUNNING_VAR**0.5
    return float(numbers.mean()), float(numbers.std())


def outputs(value: float, batch: str, mode: str) -> dict[int, float]:
    """Return what batch norm (weight 1, bias 0) makes of the rows in the batch, by row."""
    given = inputs(value, batch)
    x = torch.tensor(list(given.values()), dtype=torch.float64).unsqueeze(1)
    mean, var = (torch.tensor([number], dtype=torch.float64) for number in (RUNNING_MEAN, RUNNING_VAR))
    sent = F.batch_norm(x, mean, var, training=mode == MODES[0])
    return dict(zip(given, sent.squeeze(1).tolist(), strict=True))


def norm_batches() -> Interactive:
    """Return eight rows of which one can be moved, what batch norm makes of them, and three tasks."""
    figure, (left, right) = two_panels(3.7)
    show_statistics = _statistics(left)
    show_inputs = _rows_panel(left, "What comes in", "input", (LOW - 1, HIGH + 1))
    show_outputs = _rows_panel(right, "What batch norm sends on", "output", (-4.2, 4.2))
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=5, fontsize="small")
    seen: dict[tuple[str, str], dict[float, float]] = {}  # by batch and mode: row 3's output by row 6's input
    score = Score(told_score(seen))

    def draw(value: float, batch: str, mode: str) -> Figure:
        show_statistics(*statistics(value, batch, mode))
        show_inputs(inputs(value, batch))
        show_outputs(outputs(value, batch, mode))
        return figure

    def all_found(value: float, batch: str, mode: str) -> bool:
        seen.setdefault((batch, mode), {})[value] = outputs(value, batch, mode)[WATCHED]
        score.tell(told_score(seen))
        return all(found(seen))

    goal = Goal(
        "Nobody touches row 3. (1) In train mode, move row 6 so that row 3's output changes. (2) With rows "
        "3 and 6 alone, make it −1 and then +1. (3) Make it impossible: in eval mode, with row 6 in the "
        f"batch, move row 6 to {TRIES} places and watch row 3.",
        all_found,
    )
    widget = live(
        draw, tell_norm, goal,
        value=slider("Input of row 6", LOW, HIGH, 0.5, ROWS[DRAGGED]),
        batch=menu("In the batch", BATCHES),
        mode=menu("Mode", MODES),
    )  # fmt: skip
    put_above_picture(widget, score)
    return widget


def found(seen: dict[tuple[str, str], dict[float, float]]) -> tuple[bool, bool, bool]:
    """Return which of the three discoveries are made."""
    in_train = [list(sent.values()) for (_, mode), sent in seen.items() if mode == MODES[0]]
    pair = np.round(list(seen.get(("rows 3 and 6", MODES[0]), {}).values()), 2)
    still = [
        len(sent) >= TRIES
        for (batch, mode), sent in seen.items()
        if mode == MODES[1] and DRAGGED in BATCHES[batch]
    ]
    return any(np.ptp(sent) > 0.1 for sent in in_train), {-1.0, 1.0} <= set(pair), any(still)


def told_score(seen: dict[tuple[str, str], dict[float, float]]) -> str:
    """Return in words which discoveries are made."""
    changed, signs, still = found(seen)
    places = max(
        (len(sent) for (batch, mode), sent in seen.items() if mode == MODES[1] and DRAGGED in BATCHES[batch]),
        default=0,
    )
    return " ".join(
        (
            f"(1) Row 6 changed row 3's output in train mode: {'yes' if changed else 'not yet'}.",
            f"(2) −1 and +1 in a batch of two: {'yes' if signs else 'not yet'}.",
            f"(3) Eval mode: {min(places, TRIES)} of {TRIES} places tried"
            f"{', and row 3 stayed where it was.' if still else '.'}",
        )
    )


def _statistics(ax: Axes) -> Callable[[float, float], None]:
    """Draw a line and a band for a mean and an sd; return a function that shows them."""
    (line,) = ax.plot([0.4, 8.6], [0, 0], color=PALETTE[2], ls="--", lw=1.5, label="mean in use")
    band = ax.fill_between([0.4, 8.6], 0, 0, color=PALETTE[2], alpha=0.2, lw=0, label="± sd in use")
    moving(line, band)

    def show(mean: float, sd: float) -> None:
        line.set_ydata([mean, mean])
        band.set_data([0.4, 8.6], [mean - sd] * 2, [mean + sd] * 2)

    return show


def _rows_panel(
    ax: Axes, title: str, ylabel: str, limits: tuple[float, float]
) -> Callable[[dict[int, float]], None]:
    """Draw empty places for eight rows; return a function that shows the numbers of some of them."""
    rows = np.array(list(ROWS))
    stems = [ax.plot([row, row], [0, 0], color="0.6", lw=2)[0] for row in rows]
    looks: dict[Any, Any] = {
        WATCHED: (PALETTE[1], MARKERS[1], "row 3: watched"),
        DRAGGED: (PALETTE[0], MARKERS[3], "row 6: moved"),
    }
    points = []
    for row in rows:
        colour, marker, name = looks.get(row, (PALETTE[6], MARKERS[0], "other rows" if row == 1 else None))
        points.append(ax.plot([row], [0], marker, color=colour, ms=10, label=name)[0])
    ax.set_xticks(rows)
    ax.set(xlim=(0.4, 8.6), ylim=limits)
    ax.axhline(0, color="0.3", lw=1)
    ax.set(title=title, xlabel="row (empty: not in the batch)", ylabel=ylabel)
    moving(*stems, *points)

    def show(numbers: dict[int, float]) -> None:
        for row, stem, point in zip(rows, stems, points, strict=True):
            height = numbers.get(int(row), np.nan)
            stem.set_ydata([0, height])
            point.set_ydata([height])

    return show


def tell_norm(value: float, batch: str, mode: str) -> list[str]:
    """Say in words what comes in and what is sent on, row by row, and by which mean and sd."""
    given, sent = inputs(value, batch), outputs(value, batch, mode)
    own_mean, own_sd = statistics(value, batch, MODES[0])
    told = ", ".join(f"row {row} {signed(number, 1)}" for row, number in given.items())
    answers = ", ".join(f"row {row} {signed(number)}" for row, number in sent.items())
    of_batch = f"mean {own_mean:.2f} and sd {own_sd:.2f}"
    used = f"the batch's own {of_batch} (its variance divides by n)"
    if mode == MODES[1]:
        used = f"the running mean {RUNNING_MEAN:.2f} and sd {RUNNING_VAR**0.5:.2f}, whoever is in the batch"
    return [
        f"In the batch: {told}. They have {of_batch}.",
        f"{mode.capitalize()} uses {used}. Out come {answers}.",
    ]
