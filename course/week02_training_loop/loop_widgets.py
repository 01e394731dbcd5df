"""Build the interactive figures of week 2: a batch in slow motion, a switchboard of mistakes, two replays."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
from loop_runs import BATCH_SIZE, one_thread
from loop_step_widgets import batch_stepper
from loop_switch_widgets import switchboard
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import nn
from widgets import (
    MARKERS,
    PALETTE,
    Goal,
    Interactive,
    curve_panel,
    label,
    live,
    menu,
    moving,
    replay,
    slider,
    stage,
)

import utils

__all__ = ["batch_stepper", "last_batch_explorer", "sine_replay", "switchboard"]

# ---------------------------------------------------------------- the generic model, epoch by epoch

SINE_EPOCHS = 150  # 30 are not enough for the two outermost bends
SINE_X = np.linspace(-3, 3, 121)
BENDS = 4  # of sin 2x between −3 and 3
LEAST = 0.1  # how far a curve must go back to have turned


@lru_cache
@one_thread()
def sine_run(seed: int = 0) -> tuple[dict[str, list[float]], np.ndarray]:
    """Return the history of the generic model, and what it says at SINE_X after each epoch, (epochs, 121)."""
    model, train_loader, val_loader, _, criterion, optimizer = utils.get_generic_model(seed)
    frames = []

    @torch.no_grad()
    def look(model: nn.Module, epoch: int, stats: dict[str, float]) -> None:
        frames.append(model(torch.tensor(SINE_X, dtype=torch.float32)[:, None])[:, 0].numpy())

    history = utils.train_model(
        model, train_loader, val_loader, criterion, optimizer,
        num_epochs=SINE_EPOCHS, seed=seed, after_epoch=look, verbose=False,
    )  # fmt: skip
    return history, np.array(frames)


def bends(curve: np.ndarray, least: float = LEAST) -> list[int]:
    """Return the places at which a curve turns from up to down or back, by at least so much, in order."""
    found, way, extreme = [], 0, 0
    for place in range(1, len(curve)):
        step = curve[place] - curve[extreme]
        if way == 0 and abs(step) >= least:
            way, extreme = int(np.sign(step)), place
        elif way * step > 0:
            extreme = place
        elif way * step <= -least:
            found.append(extreme)
            way, extreme = -way, place
    return found


def sine_replay() -> Interactive:
    """Return an epoch slider over one run of the generic model: its losses, its curve and its bends."""
    history, frames = sine_run()
    counts = [len(bends(curve)) for curve in frames]
    most = min(BENDS, max(counts))  # all of them, unless another machine rounds its way to another curve
    found = [epoch for epoch, count in enumerate(counts, start=1) if count >= most]
    missed = [epoch for epoch, count in enumerate(counts, start=1) if count < most]
    arrival = range(found[0], max(missed) + 2)  # the last bend may come and go before it stays
    x, y = (part.flatten() for part in utils.get_generic_model()[1].dataset.tensors)
    panel = curve_panel(SINE_X, frames, (x, y), title="What the model says")

    def bends_panel(ax: Axes) -> Callable[[int], str]:
        move = panel(ax)
        (marks,) = ax.plot([], [], "D", color="black", ms=7, label="bends")
        ax.plot(SINE_X, np.sin(2 * SINE_X), color="grey", ls=":", lw=1.5, label="sin 2x")
        ax.legend(fontsize="small", loc="upper center", ncols=4, columnspacing=0.8, handlelength=1.2)
        ax.set_ylim(ax.get_ylim()[0], ax.get_ylim()[1] + 0.5)  # room for the legend
        moving(marks)

        def show(epoch: int) -> str:
            places = bends(frames[epoch - 1])
            marks.set_data(SINE_X[places], frames[epoch - 1][places])
            where = f", at x = {', '.join(f'{SINE_X[at]:.2f}' for at in places)}" if places else ""
            return f"{move(epoch)} It has {len(places)} of {BENDS} bends{where}.".replace("-", "−")

        return show

    goal = Goal(
        f"Go to where the model's curve gets {most} of the {BENDS} bends of sin 2x: to the first such epoch, "
        f"or to where they stay. A bend counts when the curve goes back by {LEAST} behind it.",
        lambda epoch: epoch in arrival,
    )
    return replay(history, bends_panel, title="Loss of the generic model", goal=goal)


# ---------------------------------------------------------------- who is in the last batch

DRAWN = {"first": 0, "second": 2, "third": 3}  # the seeds of three random selections of rows
MOST = 2 * BATCH_SIZE
ROWS = range(BATCH_SIZE + 1, MOST + 1)
TOO_HIGH = 0.2


@lru_cache
@one_thread()
def row_losses() -> dict[str, np.ndarray]:
    """Return, for each selection, what a half-trained net loses on its MOST validation rows, one by one."""
    train, validation, _ = utils.digits_noisy(noise=0.0)
    with utils.seeded(0):
        net = utils.build_net((64, 32, 10))
    criterion, optimizer = nn.CrossEntropyLoss(), torch.optim.Adam(net.parameters(), lr=0.003)
    loaders = utils.make_loader(train, BATCH_SIZE, shuffle=True), utils.make_loader(validation, BATCH_SIZE)
    utils.train_model(net, *loaders, criterion, optimizer, num_epochs=8, seed=0, verbose=False)
    inputs, labels = validation.tensors
    with torch.no_grad():
        losses = nn.functional.cross_entropy(net(inputs), labels, reduction="none")
    sources = {name: torch.Generator().manual_seed(seed) for name, seed in DRAWN.items()}
    return {
        name: losses[torch.randperm(len(losses), generator=source)[:MOST]].double().numpy()
        for name, source in sources.items()
    }


def both_means(rows: int, drawn: str) -> tuple[float, float, float, float]:
    """Return the means of the first and of the last batch, the mean over samples, and that over batches."""
    losses = row_losses()[drawn][:rows]
    first, last = (float(batch.mean()) for batch in (losses[:BATCH_SIZE], losses[BATCH_SIZE:]))
    return first, last, float(losses.mean()), (first + last) / 2


def last_batch_explorer() -> Interactive:
    """Return a slider for the number of rows in two batches: each row's loss, and two ways to a mean."""
    figure, (left, right) = stage(2, 3.6)
    show_rows, show_means = _rows_panel(left), _means_panel(right)

    def draw(rows: int, drawn: str) -> Figure:
        show_rows(rows, drawn)
        show_means(rows, drawn)
        return figure

    goal = Goal(
        f"Find a number of rows and a selection with a mean over batches that is over {TOO_HIGH} too high.",
        reached=lambda rows, drawn: both_means(rows, drawn)[3] - both_means(rows, drawn)[2] > TOO_HIGH,
    )
    rows = slider("Rows, in batches of 32", ROWS[0], MOST, 1, MOST)
    return live(draw, tell_last_batch, goal, rows=rows, drawn=menu("Random selection of rows", DRAWN))


def _rows_panel(ax: Axes) -> Callable[[int, str], None]:
    """Draw no rows yet; return a function that shows the loss of each, and the means of both batches."""
    (first,) = ax.plot([], [], MARKERS[0], color=PALETTE[0], ms=4, label="first batch")
    (last,) = ax.plot([], [], MARKERS[1], color=PALETTE[1], ms=5, label="last batch")
    means = [ax.plot([], [], color=PALETTE[i], lw=2, ls=("-", "--")[i])[0] for i in range(2)]
    ax.set(xlim=(0, MOST + 1), ylim=(0, 1.25 * max(losses.max() for losses in row_losses().values())))
    label(ax, "The loss of each row, and each batch's mean", "row", "loss")
    ax.legend(fontsize="small", loc="upper left", ncols=2)
    moving(first, last, *means)
    places = np.arange(1, MOST + 1)

    def show(rows: int, drawn: str) -> None:
        losses = row_losses()[drawn]
        first.set_data(places[:BATCH_SIZE], losses[:BATCH_SIZE])
        last.set_data(places[BATCH_SIZE:rows], losses[BATCH_SIZE:rows])
        ends = ((1, BATCH_SIZE), (BATCH_SIZE + 0.5, rows + 0.5))
        for line, end, height in zip(means, ends, both_means(rows, drawn)[:2], strict=True):
            line.set_data(end, [height, height])

    return show


def _means_panel(ax: Axes) -> Callable[[int, str], None]:
    """Draw no curves yet; return a function that shows both means over the number of rows, and marks one."""
    lines, marks = [], []
    for i, name in enumerate(("over samples", "over batches"), start=2):
        lines += ax.plot([], [], color=PALETTE[i], ls=("-", "--")[i - 2], lw=2, label=name)
        marks += ax.plot([], [], MARKERS[i], color=PALETTE[i], ms=9)
    every = np.array([both_means(rows, drawn)[2:] for drawn in DRAWN for rows in ROWS])
    ax.set(xlim=(ROWS[0] - 1, MOST + 1), ylim=(every.min() - 0.05, every.max() + 0.25))
    label(ax, "Two ways to a mean loss", "rows", "mean loss")
    ax.legend(fontsize="small", loc="upper right", ncols=2)
    moving(*lines, *marks)

    def show(rows: int, drawn: str) -> None:
        curves = np.array([both_means(count, drawn)[2:] for count in ROWS]).T
        for line, mark, curve in zip(lines, marks, curves, strict=True):
            line.set_data(ROWS, curve)
            mark.set_data([rows], [curve[rows - ROWS[0]]])

    return show


def tell_last_batch(rows: int, drawn: str) -> list[str]:
    """Say in words what the two batches hold, and how far both means lie apart here and elsewhere."""
    first, last, samples, over_batches = both_means(rows, drawn)
    size = rows - BATCH_SIZE
    errors = np.array([both_means(count, drawn)[3] - both_means(count, drawn)[2] for count in ROWS])
    worst = int(np.abs(errors).argmax())
    means = (
        f"Mean over samples {samples:.3f}; mean over batches {over_batches:.3f}: off by "
        f"{over_batches - samples:+.3f}. In it a row of the last batch counts {BATCH_SIZE / size:.3g} times "
        f"as much as one of the first. It is off most at {ROWS[worst]} rows, by {errors[worst]:+.3f}."
    )
    return [
        f"{rows} rows, {drawn} selection: the first batch has 32 rows and a mean loss of {first:.3f}, the "
        f"last one {size} row{'s' if size > 1 else ''} and {last:.3f}.",
        means.replace("-", "−"),
    ]
