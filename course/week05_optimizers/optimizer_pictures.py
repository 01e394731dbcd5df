"""Draw the still pictures of week 5. Each function returns a figure and alt text from the same data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from optimizer_experiments import KINDS, NAMES, broken_runs
from optimizer_experiments_toys import KAPPAS, TRIED, fewest_steps, noisy_descent, off_the_cliff, swing
from optimizer_runs import stored
from pictures import MARKERS, PALETTE, label, stage

from utils import rates_of

RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
LOSSES = (0.1, 0.2, 0.5, 1.0, 2.0)  # named on an axis
SCHEDULED = {  # by their names: what a setting's key says behind the base rate
    "constant": "",
    "step": " step",
    "exponential": " exponential min {}",
    "cosine": " cosine",
}
DEEP_RATES = {"adam": (0.003, 0.01, 0.02, 0.03), "momentum": (0.05, 0.1, 0.2)}
WAYS = {"plain": "", "warm-up, 20 steps": " warmup 20", "clipped at 1": " clip 1"}


def look(i: int, every: int = 1) -> dict[str, Any]:
    """Return colour, marker and dashes of the i-th curve of a picture."""
    dashes = ("-", "--", ":", "-.")[i % 4]
    return {"color": PALETTE[i % 7], "marker": MARKERS[i % 7], "ls": dashes, "markevery": every}


def draw_bands(ax: Axes, x: Sequence[float], runs: Mapping[str, np.ndarray]) -> str:
    """Draw the mean and the spread of runs (settings' names: (runs, len(x))); return them in words."""
    told = []
    for i, (name, values) in enumerate(runs.items()):
        mean, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0, ddof=1)
        ax.plot(x, mean, label=name, **look(i))
        ax.fill_between(x, mean - spread, mean + spread, color=PALETTE[i % 7], alpha=0.15, lw=0)
        points = ", ".join(f"{m:.3f} ± {s:.3f} at {at:g}" for at, m, s in zip(x, mean, spread, strict=True))
        told.append(f"{name}: {points}")
    return "; ".join(told)


# ---------------------------------------------------------------- momentum


def momentum_picture() -> tuple[Figure, str]:
    """Draw momentum on x², and the steps that three valleys need with the best rate for each momentum."""
    figure, (left, right) = stage(2, height=3.8)
    told = []
    for i, momentum in enumerate(TRIED):
        places = swing(momentum, steps=60)
        left.plot(places, label=f"momentum {momentum:g}", **look(i, every=6))
        told.append(f"momentum {momentum:g} goes down to {min(places):.1g}")
    label(left, "x², rate 0.05, start 1", "step", "x")
    told.append("steps until the loss stays below 0.001 with the best of 30 rates")
    for i, (momentum, tried) in enumerate(TRIED.items()):
        steps = fewest_steps(momentum, tried)
        right.loglog(KAPPAS, steps, **look(i))
        points = (f"{n:,} at κ = {kappa:g}" for kappa, n in zip(KAPPAS, steps, strict=True))
        told.append(f"momentum {momentum:g}: {', '.join(points)}")
    label(right, "x² + κ·y²: steps with the best rate", "κ, how much steeper across", "steps")
    return figure, f"On x², rate 0.05, {'; '.join(told)}."


# ---------------------------------------------------------------- optimizers and rates


def rates_picture() -> tuple[Figure, str]:
    """Draw the validation loss of five optimizers over their rates, 20 seeds each."""
    figure, (ax,) = stage(height=4.4)
    told = []
    for i, kind in enumerate(KINDS):
        rates = [rate for rate in RATES if f"{kind} {rate:g}" in stored("rates")]
        losses = np.array([stored("rates", f"{kind} {rate:g}")["val_loss"] for rate in rates]).T
        mean, spread = losses.mean(0), losses.std(0, ddof=1)
        ax.errorbar(rates, mean, spread, label=NAMES[kind], capsize=3, **look(i))
        points = ", ".join(f"{m:.2f} ± {s:.2f} at {r:g}" for r, m, s in zip(rates, mean, spread, strict=True))
        told.append(f"{NAMES[kind]}: {points}")
    ax.set(xscale="log", yscale="log", ylim=(0.1, 5), xticks=RATES, yticks=LOSSES)
    ax.set(xticklabels=[f"{rate:g}" for rate in RATES], yticklabels=[f"{loss:g}" for loss in LOSSES])
    ax.minorticks_off()
    label(ax, "20 epochs, mean and spread of 20 seeds", "learning rate", "validation loss")
    ax.legend(fontsize="small", loc="upper center", ncols=3)
    return figure, f"Validation loss after 20 epochs, mean ± spread of 20 seeds. {'; '.join(told)}."


# ---------------------------------------------------------------- schedules


def noise_picture(steps: int = 1000) -> tuple[Figure, str]:
    """Draw how near descent on a noisy x² comes to the minimum with constant rates and with a cosine."""
    settings: dict[str, dict[str, Any]] = {f"constant {rate:g}": {"lr": rate} for rate in (0.3, 0.1, 0.01)}
    settings["cosine from 0.3"] = {"lr": 0.3, "schedule": "cosine"}
    figure, (ax,) = stage(height=3.8)
    told = []
    for i, (name, setting) in enumerate(settings.items()):
        distances = noisy_descent(rates_of(setting, steps))
        shown = np.unique(np.geomspace(1, steps, 60).astype(int)) - 1
        ax.loglog(shown + 1, np.array(distances)[shown], label=name, **look(i, every=8))
        told.append(f"{name}: {distances[19]:.2f}, {distances[99]:.2f}, {distances[-1]:.2f}")
    label(ax, "Noisy gradients on x² (root mean square of 500 runs)", "step", "distance to the minimum")
    return figure, (
        f"Distance to the minimum, root mean square of 500 runs, after 20, 100 and {steps} steps. "
        f"{'; '.join(told)}."
    )


def schedules_picture() -> tuple[Figure, str]:
    """Draw four schedules, and the validation accuracy that they lead to, over their base rates."""
    figure, (left, right) = stage(2, height=4.0)
    bases, runs, told = (0.1, 0.2, 0.3, 0.6, 1.0), {}, []
    for i, (name, ending) in enumerate(SCHEDULED.items()):
        setting = {"lr": 1.0, "schedule": name, "min_lr": 0.01 if name == "exponential" else 0.0}
        rates = rates_of(setting, 380)
        left.plot(rates, **look(i, every=40))
        told.append(f"{name} {rates[95]:.2f}, {rates[190]:.2f}, {rates[-1]:.2f}")
        keys = [f"sgd {base:g}" + ending.format(f"{base / 100:g}") for base in bases]
        runs[name] = np.array([stored("schedules", key)["val_accuracy"] for key in keys]).T
    words = draw_bands(right, bases, runs)
    right.set(xscale="log", xticks=bases, xticklabels=[f"{base:g}" for base in bases])
    right.minorticks_off()
    label(left, "Rate, in base rates", "update", "rate / base")
    right.set(title="SGD after 20 epochs, 20 seeds", xlabel="base rate", ylabel="validation accuracy")
    figure.legend(loc="outside lower center", ncols=4, fontsize="small")
    return figure, (
        f"Rates in base rates at the updates 96, 191 and 380: {'; '.join(told)}. "
        f"Validation accuracy, mean ± spread of 20 seeds, over the base rate. {words}."
    )


# ---------------------------------------------------------------- six layers, and a cliff


def six_layers_picture() -> tuple[Figure, str]:
    """Draw the accuracy of the deep net over the rate, for Adam and momentum: plain, warmed up, clipped."""
    figure, axes = stage(2, height=4.0)
    told = []
    for ax, (kind, rates) in zip(axes, DEEP_RATES.items(), strict=True):
        runs = {
            name: np.array([stored("deep", f"{kind} {rate:g}{way}")["val_accuracy"] for rate in rates]).T
            for name, way in WAYS.items()
        }
        told.append(f"{NAMES[kind]}: {draw_bands(ax, rates, runs)}")
        ax.set(xscale="log", ylim=(0, 1), xticks=rates, xticklabels=[f"{rate:g}" for rate in rates])
        ax.minorticks_off()
        ax.set(title=f"{NAMES[kind]}, six layers", xlabel="learning rate", ylabel="validation accuracy")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize="small")
    return figure, f"Validation accuracy after 200 steps, mean ± spread of 20 seeds. {'. '.join(told)}."


def cliff_picture() -> tuple[Figure, str]:
    """Draw the loss (w¹⁰ − 1)², and where one step at the rate 0.002 leads, unclipped and clipped."""
    figure, (ax,) = stage()
    w = np.linspace(-0.2, 1.21, 300)
    ax.plot(w, (w**10 - 1) ** 2, color="black", label="loss")
    told = []
    for i, (name, limit) in enumerate((("not clipped", None), ("clipped at 1", 1.0))):
        places = np.array(off_the_cliff(0.002, limit))
        shown = places[:: 1 if limit is None else 10]
        ax.plot(shown, (shown**10 - 1) ** 2, color=PALETTE[i], marker=MARKERS[i], ls="", ms=6, label=name)
        told.append(
            f"{name}, w goes from {places[0]:g} to {places[1]:.4f}; it is {places[-1]:.4f} at the end"
        )
    label(ax, "500 steps at a cliff, rate 0.002 (every tenth if clipped)", "w", "loss")
    return figure, f"The loss is 1 for w from −0.5 to 0.5, 0 at w = 1, and 27 at 1.2. {'; '.join(told)}."


# ---------------------------------------------------------------- find the broken line


def broken_picture() -> tuple[Figure, str]:
    """Draw the validation accuracy of the script in *find the broken line*, and of what was meant."""
    figure, (ax,) = stage()
    told = []
    for i, (name, (run,)) in enumerate(broken_runs().items()):
        ax.plot(range(1, len(run) + 1), run, label=name, **look(i))
        told.append(tell_end(name, run))
    label(ax, "One run each, 18 % wrong labels", "epoch", "validation accuracy")
    return figure, " ".join(told)


def tell_end(name: str, run: np.ndarray) -> str:
    """Say where a curve of accuracies begins and ends, and how it moves in the last six epochs."""
    late = run[-6:]
    moves = "rises and falls to the last epoch" if np.ptp(late) > 0.05 else "hardly moves any more"
    return (
        f"{name[0].upper()}{name[1:]}: the validation accuracy goes from {run[0]:.3f} to {run[-1]:.3f}; in "
        f"the last six epochs it {moves}, between {late.min():.3f} and {late.max():.3f}."
    )
