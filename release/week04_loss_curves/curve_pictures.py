"""Draw the pictures of week 4: each shows runs with several seeds and has its numbers as alt text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from curve_runs import BASELINE, N_CLASSES, Runs, Setting, grid_points, spiral_with_wrong_labels, train_runs
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from widgets import label, moving, stage, with_alt

from utils import MARKERS, PALETTE

TOP = 1.6  # the upper end of the loss axis: half as high again as guessing
CAUSES = {
    "rate far too low": Setting(rate=1e-5),
    "rate far too high": Setting(rate=0.4),
    "decay too strong": Setting(decay=0.1),
    "net too small": Setting(width=1),
}
CHANGES: dict[str, Callable[[Setting], Setting]] = {
    "no change": lambda setting: setting,
    "rate × 1000": lambda setting: replace(setting, rate=setting.rate * 1000),
    "rate ÷ 100": lambda setting: replace(setting, rate=setting.rate / 100),
    "no decay": lambda setting: replace(setting, decay=0.0),
    "32 units": lambda setting: replace(setting, width=32),
}
PICTURES = {
    "A": Setting(rows=40, width=64, rate=0.02),
    "B": Setting(rows=240, width=2),
    "C": Setting(rows=400, rate=0.005),
}
STORIES = {"A": "overfitting", "B": "underfitting", "C": "well fitted"}
Show = Callable[[Runs, str], None]
CLUES = {
    "A": "the training loss ends far down: where does the validation loss go after epoch 15?",
    "B": "the curves are close together: how far do they get below guessing?",
    "C": "both fall and settle: how do their level and their gap compare with guessing and with the band?",
}


def losses_panel(ax: Axes) -> Show:
    """Draw the baseline, and return a function that shows the losses of some runs under a title.

    Its curves are means over the runs, with a band of one standard deviation. All that it changes is marked
    as moving, with the legend, which stays above the curves.
    """
    curves = []
    for i, name in enumerate(("training", "validation")):
        (line,) = ax.plot([], [], color=PALETTE[i], marker=MARKERS[i], label=name)
        curves.append((line, ax.fill_between([], [], [], color=PALETTE[i], alpha=0.2)))
    ax.axhline(BASELINE, color="black", ls="--", lw=1, label="guessing")
    ax.set_ylim(0, TOP)
    label(ax, "", "epoch", "loss (cross-entropy)")
    ax.legend(loc="upper right", ncols=3, fontsize="small")
    moving(*(artist for curve in curves for artist in curve), ax.xaxis, ax.title, ax.get_legend())

    def show(runs: Runs, title: str) -> None:
        epochs = np.arange(1, runs.setting.epochs + 1)
        for (line, band), losses in zip(curves, (runs.train_loss, runs.val_loss), strict=True):
            mean, spread = losses.mean(1), losses.std(1)
            line.set_data(epochs, mean)
            line.set_markevery(max(1, len(epochs) // 8))
            band.set_data(epochs, mean - spread, mean + spread)
        ax.set_xlim(1 - 0.03 * len(epochs), 1.03 * len(epochs))
        ax.title.set_text(title)  # ax.set_title would have all of the figure painted anew

    return show


def tell_losses(runs: Runs) -> str:
    """Return in words what the curves of some runs show."""
    train, validation = runs.train_loss, runs.val_loss
    lowest = int(np.argmin(validation.mean(1)))
    return (
        f"Training loss: from {train[0].mean():.2f} to {mean_and_spread(train[-1])}. "
        f"Validation loss: from {validation[0].mean():.2f} to {mean_and_spread(validation[-1])}, "
        f"lowest in epoch {lowest + 1}, at {validation[lowest].mean():.2f}. "
    )


def mean_and_spread(values: np.ndarray) -> str:
    """Return mean ± standard deviation in words, such as 0.66 ± 0.07."""
    return f"{round(float(values.mean()), 2) + 0.0:.2f} ± {values.std():.2f}"  # + 0.0 turns −0.00 into 0.00


def panels(count: int, height: float = 3.0) -> tuple[Figure, list[Axes]]:
    """Return a figure and its panels, two or three in a row, so that the writing stays readable."""
    columns = 3 if count == 3 else 2
    rows = math.ceil(count / columns)
    figure = Figure(figsize=(8.8, height * rows), layout="constrained")
    axes = [figure.add_subplot(rows, columns, i + 1) for i in range(count)]
    for ax in axes:
        ax.grid(alpha=0.3)
    return figure, axes


def side_by_side(settings: dict[str, Setting]) -> list[Runs]:
    """Show the loss curves of some settings next to each other, five runs each, and return these runs."""
    figure, axes = panels(len(settings))
    trained = [train_runs(setting) for setting in settings.values()]
    told = []
    for ax, title, runs in zip(axes, settings, trained, strict=True):
        losses_panel(ax)(runs, title)
        told.append(f"{title}: {tell_losses(runs)}")
    start = f"Loss over epochs, mean of 5 runs and band; guessing costs {BASELINE:.2f}. "
    with_alt(figure, start + "".join(told))
    return trained


def same_gap_different_level() -> str:
    """Show two settings whose curves lie equally close together; return the gap and the level of both."""
    settings = {"First setting": Setting(rate=1e-5), "Second setting": Setting(rows=240, width=64, wrong=0.0)}
    facts = []
    for name, runs in zip(settings, side_by_side(settings), strict=True):
        gap = runs.val_loss[-1] - runs.train_loss[-1]
        level = mean_and_spread(runs.val_loss[-1])
        facts.append(f"{name} ends with a gap of {mean_and_spread(gap)} at a level of {level}")
    return "; ".join(facts) + " (mean ± spread of 5 runs)."


def three_pictures() -> None:
    """Show the loss curves of three networks, named only A, B and C."""
    side_by_side({f"Picture {name}": setting for name, setting in PICTURES.items()})


def three_maps() -> None:
    """Show what the networks behind the three pictures say in every place, and what they were trained on."""
    figure, axes = panels(3)
    told = []
    for ax, (name, setting) in zip(axes, PICTURES.items(), strict=True):
        runs = train_runs(setting, with_maps=True)
        draw_map(ax, runs.maps[-1], setting, f"{name}: {STORIES[name]}")
        size = f"{setting.rows} rows, {setting.width} units a layer"
        told.append(f"{name}, {STORIES[name]}, {size}: {tell_map(runs)}.")
    with_alt(figure, "The class each network gives to every place, with its rows. " + " ".join(told))


def draw_map(ax: Axes, classes: np.ndarray, setting: Setting, title: str) -> Any:
    """Draw the class of every place as a colour and the training rows as markers; return the image.

    It is marked as moving, and so is all that lies above it.
    """
    colours = ListedColormap(PALETTE[:N_CLASSES])
    extent = (-1.2, 1.2, -1.2, 1.2)
    image = ax.imshow(classes, cmap=colours, vmin=0, vmax=2, alpha=0.35, extent=extent, origin="lower")
    points, labels = spiral_with_wrong_labels(setting.rows, setting.wrong, seed=0)
    for k in range(N_CLASSES):
        x, y = points[labels == k].T
        look = {"color": PALETTE[k], "marker": MARKERS[k], "edgecolor": "white", "lw": 0.4}
        ax.scatter(x, y, s=16, label=f"class {k}", **look)
    label(ax, title, "input 1", "input 2")
    ax.legend(fontsize="x-small", loc="upper right", handletextpad=0.1)
    ax.grid(False)
    moving(image, *ax.collections, *ax.spines.values(), ax.get_legend())
    return image


def tell_map(runs: Runs, epoch: int = -1) -> str:
    """Return in words how well the first run's map at an epoch fits its own rows and fresh ones."""
    points, labels = spiral_with_wrong_labels(runs.setting.rows, runs.setting.wrong, seed=0)
    fresh, arms = spiral_with_wrong_labels(600, 0.0, seed=500)
    on_rows, on_fresh = (_share_right(runs.maps[epoch], *data) for data in ((points, labels), (fresh, arms)))
    shares = f"{on_rows:.0%} of the training rows and {on_fresh:.0%} of 600 fresh, clean rows"
    return f"{shares} lie in their own colour"


def _share_right(classes: np.ndarray, points: Any, labels: Any) -> float:
    """Return the share of points that lie in a cell of the map with their own class."""
    line = grid_points().numpy()[:, 0].reshape(classes.shape)[0]
    column, row = (np.abs(line[:, None] - points.numpy()[:, axis]).argmin(0) for axis in (0, 1))
    return float((classes[row, column] == labels.numpy()).mean())


def four_causes() -> None:
    """Show four settings that were spoilt in four ways, without saying which is which."""
    causes = list(CAUSES.values())
    side_by_side({f"Setting {i + 1}": causes[order] for i, order in enumerate((2, 0, 3, 1))})


def which_change_helps() -> None:
    """Show the final validation loss of every cause under every change, mean and spread of 5 runs."""
    table = [[change(cause) for change in CHANGES.values()] for cause in CAUSES.values()]
    end = {setting: train_runs(setting).val_loss[-1] for setting in {s for row in table for s in row}}
    ends = [[end[setting] for setting in row] for row in table]  # some changes lead to the same setting
    mean, spread = np.mean(ends, axis=-1), np.std(ends, axis=-1)
    figure, (ax,) = stage(1, 3.6)
    ax.imshow(np.minimum(mean, TOP), cmap="cividis", vmin=0.4, vmax=TOP, aspect="auto")
    for i, j in np.ndindex(mean.shape):
        text = f"{mean[i, j]:.2f}\n± {spread[i, j]:.2f}" if mean[i, j] < 10 else "over 10"
        colour = "white" if mean[i, j] < 1.0 else "black"
        ax.text(j, i, text, ha="center", va="center", fontsize=9, color=colour)
    ax.set_xticks(range(len(CHANGES)), list(CHANGES))
    ax.set_yticks(range(len(CAUSES)), list(CAUSES))
    ax.grid(False)
    label(ax, "Validation loss after one change (guessing: 1.10)", "the one change", "what was wrong")
    told = []
    for cause, means, spreads in zip(CAUSES, mean, spread, strict=True):
        cells = (f"{c} {m:.2f} ± {s:.2f}" for c, m, s in zip(CHANGES, means, spreads, strict=True))
        told.append(f"{cause}: {', '.join(cells)}.")
    with_alt(figure, "Final validation loss, mean ± spread of 5 runs. " + " ".join(told))


def plateau_or_end() -> str:
    """Show 40 epochs of slow runs, then 400 of the same; return how the validation loss goes on."""
    slow = Setting(rate=1e-4)
    settings = {"The first 40 epochs": slow, "The same runs, 400 epochs": replace(slow, epochs=400)}
    losses = side_by_side(settings)[1].val_loss
    before, after = mean_and_spread(losses[39]), mean_and_spread(losses[-1])
    return f"From {before} in epoch 40 to {after} in epoch 400 (mean ± spread of 5 runs)."


def rare_rows_in_validation(n_seeds: int = 1000) -> str:
    """Show how many of 10 rare rows out of 50 land in a validation set of 10; return how often none does."""
    orders = [np.random.default_rng(seed).permutation(50) for seed in range(n_seeds)]
    counts = np.array([np.sum(order[:10] < 10) for order in orders])  # the rows 0 to 9 are the rare ones
    shares = np.bincount(counts, minlength=7) / n_seeds
    figure, (ax,) = stage()
    stratified = (np.arange(len(shares)) == 2).astype(float)
    left = np.arange(len(shares)) - 0.2
    ax.bar(left, shares, 0.4, color=PALETTE[0], hatch="//", label="plain random split")
    ax.bar(left + 0.4, stratified, 0.4, color=PALETTE[1], label="stratified split")
    label(ax, f"{n_seeds} random splits", "rare rows among the 10 validation rows", "share of the splits")
    told = ", ".join(f"{count} in {share:.1%}" for count, share in enumerate(shares) if share)
    with_alt(
        figure, f"Rare rows in the validation set, {n_seeds} random splits: {told}. Stratified: always 2."
    )
    return f"In {np.sum(counts == 0)} of {n_seeds} splits."


def noise_of_a_score(right: np.ndarray, sizes: Sequence[int] = (20, 50, 100, 200, 500)) -> str:
    """Show how much the accuracy of one fixed model varies with the rows it is measured on.

    `right` says for every row of a large set whether the model was right. For each size, 2000 sets of that
    many rows are drawn; the bars hold 95 % of their accuracies. Returns how far two sets of 50 rows differ.
    """
    generator = np.random.default_rng(0)
    scores = [generator.permuted(np.tile(right, (2000, 1)), axis=1)[:, :size].mean(1) for size in sizes]
    low, middle, high = (np.array([np.quantile(score, q) for score in scores]) for q in (0.025, 0.5, 0.975))
    figure, (ax,) = stage()
    look = {"fmt": MARKERS[0], "capsize": 6, "color": PALETTE[0], "label": "95 % of the validation sets"}
    ax.errorbar(range(len(sizes)), middle, [middle - low, high - middle], **look)
    name = f"on all {len(right)} rows: {right.mean():.3f}"
    ax.axhline(right.mean(), color="black", ls="--", lw=1, label=name)
    ax.set_xticks(range(len(sizes)), [str(size) for size in sizes])
    label(ax, "One model, many validation sets", "rows in the validation set", "accuracy measured")
    told = "; ".join(f"{n} rows: {a:.2f} to {b:.2f}" for n, a, b in zip(sizes, low, high, strict=True))
    with_alt(figure, f"Accuracy of one model, {name}. 95 % of the validation sets give, with {told}.")
    pair = scores[1].reshape(-1, 2)
    typical, large = np.quantile(np.abs(pair[:, 0] - pair[:, 1]), (0.5, 0.95))
    return f"Half of the pairs differ by more than {typical:.0%}, one in twenty by more than {large:.0%}."
