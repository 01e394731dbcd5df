"""Draw the still pictures of week 2. Each function returns a figure and alt text from the same data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from loop_experiments import LOOPS, broken_runs, called, forty_seeds, swing, three_losses
from loop_runs import ORDER, Loop
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, bands_picture, label, stage, tell_curve


def look(i: int, every: int = 1) -> dict[str, Any]:
    """Return colour, marker and dashes of the i-th curve of a picture."""
    dashes = ("-", "--", ":", "-.")[i % 4]
    return {"color": PALETTE[i % 7], "marker": MARKERS[i % 7], "ls": dashes, "markevery": every}


def swing_picture(steps: int = 60) -> tuple[Figure, str]:
    """Draw descent on x² with cleared and with uncleared gradients, and with momentum 1."""
    runs = {
        "cleared": swing(steps),
        "never cleared": swing(steps, clear=False),
        "cleared, momentum 1": swing(steps, momentum=1.0),
    }
    figure, (ax,) = stage()
    for i, (name, places) in enumerate(runs.items()):
        ax.plot(places, label=name, **look(i, every=4))
    ax.set_ylim(-1.4, 1.9)
    label(ax, "Descent on x², rate 0.1", "step", "x")
    ax.legend(fontsize="small", loc="upper center", ncols=3)
    told = "; ".join(f"{name}: {', '.join(f'{x:.2f}' for x in places[:8])}" for name, places in runs.items())
    late = [abs(x) for x in runs["never cleared"][-15:]]
    apart = max(abs(a - b) for a, b in zip(runs["never cleared"], runs["cleared, momentum 1"], strict=True))
    return figure, (
        f"x over {steps} steps, at first {told}. Cleared, it ends at {runs['cleared'][-1]:.2g}; "
        f"never cleared, it still swings up to {max(late):.2f}, and differs from momentum 1 by {apart:.3g}."
    )


def mistakes_picture() -> tuple[Figure, str]:
    """Draw the validation accuracy of the right loop and of four wrong ones, SGD 0.1, 40 seeds each."""
    runs = {called(loop): forty_seeds("SGD 0.1")[Loop(loop)] for loop in LOOPS}
    title = "When the gradients are cleared (SGD 0.1, 40 seeds)"
    figure, alt = bands_picture(np.arange(1, 21), runs, title, "epoch", "validation accuracy")
    figure.set_size_inches(6.0, 4.6)
    figure.axes[0].get_legend().remove()
    figure.legend(loc="outside lower center", fontsize="small", ncols=2)
    tops = {loop: values.mean(0) for loop, values in runs.items()}
    told = "; ".join(f"{loop} {mean.max():.2f} in epoch {mean.argmax() + 1}" for loop, mean in tops.items())
    return figure, f"{alt} The means are highest: {told}."


def orders_picture() -> tuple[Figure, str]:
    """Draw the validation accuracy with three orders of the rows, SGD 0.1, 40 seeds each."""
    runs = {order: forty_seeds("SGD 0.1")[Loop(order=order)] for order in ORDER}
    title = "The order of the rows (SGD 0.1, 40 seeds)"
    return bands_picture(np.arange(1, 21), runs, title, "epoch", "validation accuracy")


def pairs_picture(a: np.ndarray, b: np.ndarray, names: tuple[str, str], few: int = 5) -> tuple[Figure, str]:
    """Draw runs of two settings, joined in pairs, with their spread; and the differences with their doubt.

    a, b: one number per seed.
    """
    figure, (left, right) = stage(2, height=3.8)
    jitter = np.random.default_rng(0).uniform(-0.25, 0.25, len(a))
    told = []
    left.plot(np.array([jitter, 1 + jitter]), np.array([a, b]), color="grey", lw=0.7, alpha=0.5)  # the pairs
    for i, (name, runs) in enumerate(zip(names, (a, b), strict=True)):
        mean, spread = runs.mean(), runs.std(ddof=1)
        left.fill_between([i - 0.38, i + 0.38], mean - spread, mean + spread, color=PALETTE[i], alpha=0.25)
        left.plot(i + jitter, runs, MARKERS[i], color=PALETTE[i], ms=4, alpha=0.7)
        told.append(f"{name}: mean {mean:.3f}, spread {spread:.3f}")
    left.set(xticks=(0, 1), xticklabels=names, xlim=(-0.6, 1.6))
    label(left, "Single runs, pairs joined, and spread", "", "validation accuracy")
    differences = b - a
    for i, n in enumerate((few, len(a))):
        part = differences[:n]
        doubt = part.std(ddof=1) / math.sqrt(n)
        beside = i + np.linspace(-0.3, 0.3, n)
        right.plot(beside, part, MARKERS[2], color=PALETTE[2], ms=4, alpha=0.6)
        right.errorbar(i, part.mean(), doubt, fmt="_", color="black", ms=30, capsize=9, lw=2.5, zorder=3)
        told.append(f"differences of {n} pairs: mean {part.mean():.4f}, doubt {doubt:.4f}")
    right.axhline(0, color="black", ls="--", lw=1)
    right.set(xticks=(0, 1), xticklabels=(f"{few} pairs", f"{len(a)} pairs"), xlim=(-0.6, 1.6))
    label(right, "Differences, mean and doubt", "", f"{names[1]} − {names[0]}")
    ways = f"A line joins each pair: it falls in {(b < a).sum()}, rises in {(b > a).sum()}."
    overlap = "overlap" if a.mean() - a.std(ddof=1) < b.mean() + b.std(ddof=1) else "do not overlap"
    return (
        figure,
        f"Validation accuracy of {len(a)} seeds. {'; '.join(told)}. The two spreads {overlap}. {ways}",
    )


def losses_picture() -> tuple[Figure, str]:
    """Draw the mean of three losses that are measured at different times or on different rows."""
    figure, (ax,) = stage(height=3.6)
    epochs, told = np.arange(1, 9), []
    runs = three_losses()
    for i, (name, losses) in enumerate(runs.items()):
        ax.plot(epochs, losses.mean(0), label=name, **look(i))
        told.append(tell_curve(losses.mean(0).tolist(), f"loss on {name}"))
    label(ax, "One training, three losses (20 seeds)", "epoch", "loss (cross-entropy)")
    during, validation, after = runs.values()
    below = [int((low < high).sum()) for low, high in ((validation, during), (after, validation))]
    return figure, (
        f"{' '.join(told)} In {below[0]} of {during.numel()} epochs of single runs validation is below the "
        f"loss while it learns; the loss on training rows after the epoch is below validation in {below[1]}."
    )


def broken_picture() -> tuple[Figure, str]:
    """Draw what the loop of *find the broken line* prints, and what the mended one prints."""
    figure, axes = stage(2, height=3.8)
    told = []
    shown = {
        "these lines": broken_runs(),
        "as they were meant": broken_runs(mended=True),
        "as they were meant, a net without dropout": broken_runs(mended=True, dropout=0.0),
    }
    for i, (name, printed) in enumerate(shown.items()):
        runs = printed.numpy()  # (seeds, 2, epochs)
        for ax, values, what in zip(axes, runs.transpose(1, 0, 2), ("loss", "accuracy"), strict=True):
            mean, spread = values.mean(0), values.std(0, ddof=1)
            epochs = np.arange(1, len(mean) + 1)
            ax.plot(epochs, mean, label=name if what == "loss" else None, **look(i, every=3))
            ax.fill_between(epochs, mean - spread, mean + spread, color=PALETTE[i], alpha=0.2, lw=0)
            ends = (
                f"{mean[0]:.2f}, {mean[1]:.2f}, {mean[2]:.2f} in the epochs 1 to 3, {mean[-1]:.2f} at the end"
            )
            told.append(f"{name}, {what}: {ends}")
    for ax, title in zip(axes, ("Training loss, as printed", "Validation accuracy, as printed"), strict=True):
        ax.set(title=title, xlabel="epoch")
    axes[0].set(ylabel="loss (cross-entropy)")
    axes[1].set(ylabel="accuracy")
    figure.legend(loc="outside lower center", fontsize="small", ncols=2)
    return figure, f"Mean and spread of 5 seeds. {'; '.join(told)}."
