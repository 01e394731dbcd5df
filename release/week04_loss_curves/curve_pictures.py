"""Draw the loss curves of week 4: each shows runs with several seeds and has its numbers as alt text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from curve_runs import BASELINE, N_CLASSES, Runs, Setting, grid_points, spiral_with_wrong_labels, train_runs
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from pictures import MARKERS, PALETTE, label, moving, tell_curve, tell_pair, with_alt
from visible_runs import STORIES

TOP = 1.6  # the upper end of the loss axis: half as high again as guessing
PICTURES = {
    "A": Setting(rows=40, width=64, rate=0.02),
    "B": Setting(rows=240, width=2),
    "C": Setting(rows=400, rate=0.005),
}
ANOTHER = Setting(rows=60, width=64)
JUMPING = Setting(rate=0.3)  # one run of it is shown: a mean of five would hide the jumps
QUESTIONS = {
    "Q": Setting(rows=240, rate=0.002, epochs=12),
    "R": Setting(rows=480, wrong=0.03, rate=0.005, epochs=30),
}
Show = Callable[[Runs, str], None]


def losses_panel(ax: Axes) -> Show:
    """Draw the baseline, and return a function that shows the losses of some runs under a title.

    Its curves are means over the runs, with a band of one standard deviation. All that it changes is marked
    as moving. The figure's legend comes from `name_lines`.
    """
    curves = []
    for i, name in enumerate(("training", "validation")):
        (line,) = ax.plot([], [], color=PALETTE[i], marker=MARKERS[i], label=name)
        curves.append((line, ax.fill_between([], [], [], color=PALETTE[i], alpha=0.2)))
    ax.axhline(BASELINE, color="black", ls="--", lw=1, label="guessing")
    ax.set_ylim(0, TOP)
    ax.set(xlabel="epoch", ylabel="loss (cross-entropy)")
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    moving(*(artist for curve in curves for artist in curve), ax.xaxis, ax.title)

    def show(runs: Runs, title: str) -> None:
        epochs = np.arange(1, runs.setting.epochs + 1)
        for (line, band), losses in zip(curves, (runs.train_loss, runs.val_loss), strict=True):
            mean = losses.mean(1)
            spread = losses.std(1, ddof=1) if losses.shape[1] > 1 else 0 * mean
            line.set_data(epochs, mean)
            line.set_markevery(max(1, len(epochs) // 8))
            band.set_data(epochs, mean - spread, mean + spread)
        ax.set_xlim(1 - 0.03 * len(epochs), 1.03 * len(epochs))
        ax.title.set_text(title)  # ax.set_title would have all of the figure painted anew

    return show


def name_lines(figure: Figure, ax: Axes) -> None:
    """Give a figure one legend, above its panels, with the names of the lines of one of them."""
    lines, names = ax.get_legend_handles_labels()
    figure.legend(lines, names, loc="outside upper center", ncols=len(names), fontsize="small", frameon=False)


def panels(count: int, height: float = 3.0) -> tuple[Figure, list[Axes]]:
    """Return a figure and its panels, side by side, with one loss axis for all of them."""
    figure = Figure(figsize=(8.8 if count > 1 else 6.0, height), layout="constrained")
    axes = list(figure.subplots(1, count, sharey=True, squeeze=False)[0])
    for ax in axes:
        ax.grid(alpha=0.3)
    return figure, axes


def tell_losses(runs: Runs) -> str:
    """Return in words what the curves of some runs show: each curve, both together, jumps and spread."""
    means = runs.train_loss.mean(1), runs.val_loss.mean(1)
    told = [
        tell_curve(means[0], "training loss"),
        tell_curve(means[1], "validation loss"),
        tell_pair(*means),
    ]
    jumps = (max(0.0, float(np.diff(losses, axis=0).max())) for losses in (runs.train_loss, runs.val_loss))
    told.append("From one epoch to the next a single run rises by up to {:.2f} and {:.2f}.".format(*jumps))
    if runs.val_loss.shape[1] > 1:
        spreads = (losses[-1].std(ddof=1) for losses in (runs.train_loss, runs.val_loss))
        told.append("The spread of the runs at the end is {:.2f} and {:.2f}.".format(*spreads))
    return " ".join(told)


def mean_and_spread(values: np.ndarray) -> str:
    """Return mean ± standard deviation (n − 1) in words, such as 0.66 ± 0.07; of one run, its value."""
    mean = round(float(values.mean()), 2) + 0.0  # + 0.0 turns −0.00 into 0.00
    return f"{mean:.2f} ± {values.std(ddof=1):.2f}" if values.size > 1 else f"{mean:.2f}"


def side_by_side(settings: Mapping[str, Setting], with_maps: bool = False) -> list[Runs]:
    """Show the loss curves of some settings next to each other, five runs each, and return these runs."""
    trained = {title: train_runs(setting, with_maps=with_maps) for title, setting in settings.items()}
    draw_runs(trained, "Loss over epochs, mean of 5 runs and their spread")
    return list(trained.values())


def draw_runs(trained: Mapping[str, Runs], what: str) -> None:
    """Show the curves of some runs next to each other, each under its title, and tell them."""
    figure, axes = panels(len(trained))
    told = []
    for ax, (title, runs) in zip(axes, trained.items(), strict=True):
        losses_panel(ax)(runs, title)
        told.append(f"{title}: {tell_losses(runs)}")
    for ax in axes[1:]:
        ax.set_ylabel("")
    name_lines(figure, axes[0])
    with_alt(figure, f"{what}; guessing costs {BASELINE:.2f}. {' '.join(told)}")


def same_gap_different_level() -> None:
    """Show two settings whose curves lie equally close together, and say how close and how high."""
    settings = {"First setting": Setting(rate=1e-5), "Second setting": Setting(rows=240, width=64, wrong=0.0)}
    for name, runs in zip(settings, side_by_side(settings), strict=True):
        gap = mean_and_spread(runs.val_loss[-1] - runs.train_loss[-1])
        print(f"{name}: gap {gap}, level of the validation loss {mean_and_spread(runs.val_loss[-1])}")


def three_pictures() -> None:
    """Show the loss curves of three networks, named only A, B and C."""
    side_by_side({f"Picture {name}": setting for name, setting in PICTURES.items()}, with_maps=True)


def another_setting() -> None:
    """Show the curves that question 2 asks about."""
    side_by_side({"Another setting": ANOTHER})


def three_questions() -> None:
    """Show the curves that questions 4 to 6 ask about: one run, and the means of five."""
    jumping = train_runs(JUMPING)
    one = replace(jumping, train_loss=jumping.train_loss[:, 1:2], val_loss=jumping.val_loss[:, 1:2])
    shown = {"Run P": one} | {f"Setting {name}": train_runs(setting) for name, setting in QUESTIONS.items()}
    draw_runs(shown, "Loss over epochs, P one run, Q and R the means of 5 runs and their spread")


# ---------------------------------------------------------------- maps


def three_maps(words: Mapping[str, str]) -> None:
    """Show what the networks behind the three pictures say in every place, once each has a word."""
    if not (isinstance(words, Mapping) and all(str(words.get(name, "")).strip() for name in PICTURES)):
        print("Not yet: the maps show what is behind the pictures. First write a word behind each letter.")
        return
    figure, axes = panels(3, 3.9)
    told = []
    for ax, (name, setting) in zip(axes, PICTURES.items(), strict=True):
        runs = train_runs(setting, with_maps=True)
        draw_map(ax, runs.maps[-1], setting, f"{name}: {STORIES[name]}")
        ax.get_legend().remove()
        size = f"{setting.rows} rows, {setting.width} units a layer"
        told.append(f"{name}, {STORIES[name]}, {size}: {tell_map(runs)}.")
    for ax in axes[1:]:
        ax.set_ylabel("")
    name_lines(figure, axes[0])
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
