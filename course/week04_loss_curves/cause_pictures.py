"""Show four settings that were spoilt in four ways, and what one change does to each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from curve_pictures import TOP, losses_panel, mean_and_spread, name_lines, tell_losses
from curve_runs import BASELINE, Setting, train_runs
from matplotlib.figure import Figure
from pictures import label, stage, with_alt

SOUND = Setting(rate=0.003, width=16, rows=480, epochs=20)
CAUSES = {
    "rate far too low": replace(SOUND, rate=3e-5),
    "decay far too strong": replace(SOUND, decay=0.1),
    "inputs nearly zero": replace(SOUND, scale=1 / 255),
    "labels shuffled": replace(SOUND, shuffled=True),
}
ORDER = ("inputs nearly zero", "rate far too low", "labels shuffled", "decay far too strong")
CHANGES: dict[str, Callable[[Setting], Setting]] = {
    "no change": lambda setting: setting,
    "128 units": lambda setting: replace(setting, width=128),
    "rate × 100": lambda setting: replace(setting, rate=100 * setting.rate),
    "decay off": lambda setting: replace(setting, decay=0.0),
    "inputs × 255": lambda setting: replace(setting, scale=1.0),
    "labels back": lambda setting: replace(setting, shuffled=False),
}


def four_causes() -> None:
    """Show four settings that were spoilt in four ways, without saying which is which."""
    figure = Figure(figsize=(8.8, 5.0), layout="constrained")
    axes = figure.subplots(2, 2, sharex=True, sharey=True).flat
    told = []
    for i, (ax, cause) in enumerate(zip(axes, ORDER, strict=True), start=1):
        runs = train_runs(CAUSES[cause])
        ax.grid(alpha=0.3)
        losses_panel(ax)(runs, f"Setting {i}")
        ax.label_outer()
        told.append(f"Setting {i}: {tell_losses(runs)}")
    name_lines(figure, figure.axes[0])
    start = f"Loss over epochs, mean of 5 runs and their spread; guessing costs {BASELINE:.2f}. "
    with_alt(figure, start + " ".join(told))


def last_losses(cause: str, change: str) -> np.ndarray | None:
    """Return the last validation losses of the five runs of a cause after one change, None if it has no use.

    A decay that is off cannot be switched off: only "no change" may leave a setting as it is.
    """
    setting = CHANGES[change](CAUSES[cause])
    if setting == CAUSES[cause] and change != "no change":
        return None
    return train_runs(setting).val_loss[-1]


def which_change_helps() -> None:
    """Show the last validation loss of every cause after every change, mean and spread of 5 runs."""
    figure, (ax,) = stage(1, 3.4)
    figure.set_figwidth(8.8)
    level = np.full((len(CAUSES), len(CHANGES)), np.nan)
    told = []
    for i, cause in enumerate(CAUSES):
        cells = []
        for j, change in enumerate(CHANGES):
            losses = last_losses(cause, change)
            if losses is None:
                ax.text(j, i, "–\nwas not there", ha="center", va="center", fontsize=8, color="dimgrey")
                continue
            level[i, j], text = losses.mean(), mean_and_spread(losses)
            colour = "white" if level[i, j] < 1.0 else "black"
            ax.text(j, i, text.replace(" ±", "\n±"), ha="center", va="center", fontsize=9, color=colour)
            cells.append(f"{change} {text}")
        told.append(f"{cause}: {', '.join(cells)}.")
    ax.imshow(level, cmap="cividis", vmin=0.4, vmax=TOP, aspect="auto")
    ax.set_facecolor("lightgrey")
    ax.set_xticks(range(len(CHANGES)), list(CHANGES))
    ax.set_yticks(range(len(CAUSES)), list(CAUSES))
    ax.grid(False)
    label(ax, "Validation loss after one change (guessing: 1.10)", "the one change", "what was wrong")
    start = "Last validation loss, mean ± spread of 5 runs; changes that had nothing to change are left out. "
    with_alt(figure, start + " ".join(told))
