"""Draw the still pictures of week 6. Each function returns a figure and alt text from the same data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from decay_experiments import loss_curves
from decay_runs import HEADLINE, PUBLISHED_AGAIN, stored
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, stage, tell_curve

NAMES = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}


def look(i: int, every: int = 1) -> dict[str, Any]:
    """Return colour, marker and dashes of the i-th curve of a picture."""
    dashes = ("-", "--", ":", "-.")[i % 4]
    return {"color": PALETTE[i % 7], "marker": MARKERS[i % 7], "ls": dashes, "markevery": every}


def spring_picture(lambdas: Sequence[float] = (0, 2, 18)) -> tuple[Figure, str]:
    """Draw (w − 3)² with springs of several strengths, and mark the lowest place of each curve."""
    figure, (ax,) = stage()
    w, told = np.linspace(-1, 4, 101), []
    for i, lam in enumerate(lambdas):
        height = (w - 3) ** 2 + 0.5 * lam * w**2
        best = 6 / (2 + lam)  # where 2(w − 3) + λw = 0
        low = (best - 3) ** 2 + 0.5 * lam * best**2
        ax.plot(w, height, label=f"λ = {lam}", **look(i, every=20))
        ax.plot(best, low, "*", color=PALETTE[i], ms=16, mec="black")
        told.append(f"λ {lam}: lowest at w = {best:.3g}, where it is {low:.3g}")
    ax.set_ylim(-1, 26)
    label(ax, "Loss (w − 3)² plus spring ½λw² (star: lowest)", "w", "loss + spring")
    return figure, f"Three curves over w from −1 to 4. {'; '.join(told)}."


def overfit_picture() -> tuple[Figure, str]:
    """Draw the losses of Adam over 100 epochs, without decay and with λ = 0.01; mean and spread."""
    figure, axes = stage(2, height=3.6)
    told = []
    for ax, (lam, losses) in zip(axes, loss_curves().items(), strict=True):
        for i, (name, runs) in enumerate(losses.items()):
            words = "training" if name == "train_loss" else "validation"
            epochs, mean, spread = np.arange(1, runs.shape[1] + 1), runs.mean(0), runs.std(0, ddof=1)
            ax.fill_between(epochs, mean - spread, mean + spread, color=PALETTE[i], alpha=0.2, lw=0)
            ax.plot(epochs, mean, label=words, **look(i, every=15))
            told.append(f"λ {lam:g}: {tell_curve(mean.tolist(), f'{words} loss')}")
        ax.set_ylim(0, 2.4)
        label(ax, f"λ = {lam:g}, {len(runs)} seeds", "epoch", "loss (cross-entropy)")
    return figure, f"Mean of {len(runs)} seeds, {len(mean)} epochs. {' '.join(told)}"


def strength_axis(ax: Axes, lambdas: Sequence[float]) -> None:
    """Make x a symlog axis: λ = 0 has a place on it, and equal factors have equal widths."""
    smallest = min(lam for lam in lambdas if lam > 0)
    ax.set_xscale("symlog", linthresh=smallest, linscale=0.6)
    ax.set_xticks(list(lambdas), [f"{lam:g}" for lam in lambdas])
    ax.minorticks_off()


def draw_ends(ax: Axes, ends: Mapping[float, Any], quantity: str, name: str, i: int) -> str:
    """Draw mean, spread (pale) and doubt (bars) over λ; return what the mean is at each λ, in words."""
    lambdas = np.array(list(ends))
    runs = np.array([ends[lam][quantity] for lam in ends])  # (λs, seeds)
    mean, spread = runs.mean(1), runs.std(1, ddof=1)
    ax.fill_between(lambdas, mean - spread, mean + spread, color=PALETTE[i], alpha=0.2, lw=0)
    ax.errorbar(lambdas, mean, spread / math.sqrt(runs.shape[1]), capsize=3, label=name, **look(i))
    return f"{name}: " + ", ".join(
        f"{m:.3f} ± {s:.3f} at λ {lam:g}" for lam, m, s in zip(ends, mean, spread, strict=True)
    )


def strength_picture() -> tuple[Figure, str]:
    """Draw Adam's last accuracies and losses over λ, 20 stored seeds."""
    figure, axes = stage(2, height=3.8)
    ends, told = stored("adam ends"), []
    shown = {"accuracy": (0.72, 0.92, 0.95), "loss": (0.4, 1.2, 0.2)}  # λ = 0.1 lies far outside: it is named
    for ax, (quantity, (low, high, place)) in zip(axes, shown.items(), strict=True):
        outside = [ends[0.1][f"{part}_{quantity}"].mean() for part in ("train", "val")]
        for i, (part, words) in enumerate((("train", "training"), ("val", "validation"))):
            told.append(draw_ends(ax, ends, f"{part}_{quantity}", f"{words} {quantity}", i))
        strength_axis(ax, list(ends))
        ax.set_ylim(low, high)
        far = "λ = 0.1:\n" + "\n".join(f"{value:.2f}" for value in outside)
        ax.text(0.98, place, far, transform=ax.transAxes, ha="right", va="top", fontsize="small")
        label(ax, f"{quantity.capitalize()} in the last epoch", "λ (symlog axis)", quantity)
        ax.legend(fontsize="small", loc="lower left" if quantity == "accuracy" else "upper left")
    return figure, f"Adam, 20 seeds, mean ± spread over λ. {'; '.join(told)}."


def scales_picture() -> tuple[Figure, str]:
    """Draw the last validation accuracy over λ, of Adam and of AdamW, 20 stored seeds."""
    figure, (ax,) = stage(height=3.8)
    told = [
        draw_ends(ax, stored(f"{optimizer} ends"), "val_accuracy", NAMES[optimizer], i)
        for i, optimizer in enumerate(("adam", "adamw"))
    ]
    strength_axis(ax, (0, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10))
    ax.set_ylim(0.78, 0.92)  # both fall far below: the words say where to
    label(ax, "Two scales of λ, 20 seeds", "λ (symlog axis)", "validation accuracy")
    ax.legend(fontsize="small", loc="lower left")
    return figure, f"Last validation accuracy, 20 seeds, mean ± spread over λ. {'; '.join(told)}."


def fashion_picture() -> tuple[Figure, str]:
    """Draw the published single runs on Fashion-MNIST over mean and spread of five seeds."""
    figure, (ax,) = stage(height=3.8)
    lambdas = np.array(list(HEADLINE))
    mean, spread = np.array([row["val_accuracy"] for row in HEADLINE.values()]).T
    published = [row["published"] for row in HEADLINE.values()]
    ax.fill_between(lambdas, mean - spread, mean + spread, color=PALETTE[0], alpha=0.2, lw=0)
    ax.plot(lambdas, mean, label="five seeds: mean and spread", **look(0))
    ax.plot(lambdas, published, MARKERS[1], color=PALETTE[1], ms=8, label="published: one run each")
    again = PUBLISHED_AGAIN[1:]
    ax.plot([0] * len(again), again, MARKERS[4], color=PALETTE[3], label="λ = 0, published twice more")
    strength_axis(ax, lambdas.tolist())
    ax.set_ylim(0.62, 0.89)
    label(ax, "Fashion-MNIST, 1000 rows, 150 epochs", "λ (symlog axis)", "validation accuracy")
    ax.legend(fontsize="small", loc="lower left")
    rows = [
        f"λ {lam:g}: {m:.3f} ± {s:.3f}, published {one:.3f}"
        for lam, m, s, one in zip(lambdas, mean, spread, published, strict=True)
    ]
    more = " and ".join(f"{value:.3f}" for value in again)
    return (
        figure,
        f"Last validation accuracy, mean ± spread. {'; '.join(rows)}. λ 0 was published again: {more}.",
    )


def blind_picture(runs: Mapping[tuple[str, float, float], Mapping[str, np.ndarray]]) -> tuple[Figure, str]:
    """Draw how weights shrink that get no gradient. runs: as from `watch_blind`."""
    figure, (ax,) = stage(height=3.8)
    told = []
    for i, ((optimizer, _, lam), values) in enumerate(runs.items()):
        sizes = values["blind"].mean(0)
        name = f"{NAMES[optimizer]}, λ = {lam:g}"
        ax.plot(sizes, label=name, lw=3 if i == 0 else 1.5, **look(i, every=3))
        told.append(
            f"{name}: {sizes[0]:.4f} at the start, {sizes[5]:.4f} after 5 epochs, {sizes[-1]:.4f} at the end"
        )
    ax.set_ylim(0, 0.085)
    label(ax, "First-layer weights of pixels that are always black", "epoch", "mean |w|")
    ax.legend(fontsize="small", ncols=2, loc="upper right")
    return figure, f"Mean size of weights without gradient. {'; '.join(told)}."
