"""Draw the still pictures of week 10. Each function returns a figure and alt text from the same data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, stage
from transfer_experiments import STARTS
from transfer_runs import stored
from transfer_training import CAMERA_WAYS

SEEN = {"same": "Same camera", "shifted": "One pixel further right"}


def draw_sizes(ax: Axes, table: Mapping[int, Any], ways: Mapping[str, str]) -> list[str]:
    """Draw the test accuracy over the number of target rows, a band and bars a way; return it in words.

    ways: under the name of each way in the table, its name for readers.
    """
    sizes, told = list(table), []
    for i, (way, name) in enumerate(ways.items()):
        runs = np.array([table[n][way]["accuracy"] for n in sizes]).T  # (runs, sizes)
        mean, spread = runs.mean(axis=0), runs.std(axis=0, ddof=1)
        doubt = spread / len(runs) ** 0.5
        look: dict[str, Any] = {
            "color": PALETTE[i],
            "marker": MARKERS[i],
            "ls": ("-", "--", ":", "-.")[i % 4],
        }
        ax.fill_between(sizes, mean - spread, mean + spread, color=PALETTE[i], alpha=0.18, lw=0)
        ax.errorbar(sizes, mean, doubt, capsize=3, label=name, **look)
        cells = zip(mean, spread, sizes, strict=True)
        told.append(f"{name} " + ", ".join(f"{m:.2f} ± {s:.2f} with {n}" for m, s, n in cells))
    ax.set_xscale("log")
    ax.set_xticks(sizes, [str(n) for n in sizes])
    ax.minorticks_off()
    return told


def cameras_picture() -> tuple[Figure, str]:
    """Draw what n rows of two cameras bring, from scratch and with learned weights."""
    figure, axes = stage(2, height=3.6)
    told, ways = [], {way: way for way in CAMERA_WAYS}
    for ax, (camera, words) in zip(axes, SEEN.items(), strict=True):
        told.append(f"{words}: {'; '.join(draw_sizes(ax, stored('cameras')[camera], ways))}.")
        label(ax, words, "target rows (log axis)", "test accuracy")
        ax.set_ylim(0.45, 1.0)
    if legend := axes[1].get_legend():
        legend.remove()  # the same as in the first panel
    return figure, f"Test accuracy over target rows, mean ± spread of 20 runs. {' '.join(told)}"


def digits_picture() -> tuple[Figure, str]:
    """Draw what n rows of the digits 5–9 bring, with weights from 0–4 or from a source of nonsense."""
    figure, (ax,) = stage(height=3.9)
    ways = ("from scratch", "fine-tune all", "permuted source, fine-tune all", "head only")
    told = draw_sizes(ax, stored("digits"), {way: STARTS[way] for way in ways})
    ax.set_ylim(0.0, 1.02)
    label(ax, "Digits 5–9, after digits 0–4", "target rows (log axis)", "test accuracy")
    return figure, f"Test accuracy over target rows, mean ± spread of 20 runs: {'; '.join(told)}."


def leak_picture() -> tuple[Figure, str]:
    """Draw for each of 20 data sets what the validation rows promise and what new students get."""
    figure, axes = stage(2, height=3.3)
    told = []
    for i, (ax, split) in enumerate(zip(axes, ("student", "row"), strict=True)):
        table = stored("leak")[split]
        both = np.array([table["validation"], table["new"]])  # (2, data sets)
        ax.plot([0, 1], both, color=PALETTE[i], alpha=0.35, lw=1)
        ax.plot([0, 1], both.mean(axis=1), color="black", marker=MARKERS[i], lw=2.5, label="mean of 20")
        ax.set_xticks([0, 1], ["validation rows", "new students"])
        ax.set_xlim(-0.3, 1.3)
        ax.set_ylim(0.4, 0.8)
        label(ax, f"Split by {split}", "scored on", "accuracy")
        down = int((both[1] < both[0]).sum())
        told.append(f"split by {split}: mean {both[0].mean():.3f} on validation rows and "
                    f"{both[1].mean():.3f} on new students, lower in {down} of {both.shape[1]}")  # fmt: skip
    return figure, f"Accuracy of the chosen net, a line for each of 20 data sets. {'; '.join(told)}."
