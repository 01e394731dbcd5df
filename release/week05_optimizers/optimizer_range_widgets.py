"""Let students place a marker on a range test, and see how training at that rate ended."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from optimizer_parts import Found, look, put_above_picture
from optimizer_runs import MARKED, stored
from widgets import Goal, Interactive, label, live, menu, moving, slider, stage

NAMES = {"SGD": "sgd", "momentum 0.9": "momentum", "Adam": "adam"}
HIDDEN, SHOWN = "not yet", "20 epochs"
WANTED = 0.92
LOW, HIGH = -4.0, 1.0  # exponents of the marker's rates


@lru_cache
def curve(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the rates and losses of an optimizer's range test: geometric mean of the runs, (steps,) each.

    From the first step on in which a run is no longer finite, the losses are nan.
    """
    test = stored("range test", NAMES[name])
    losses = np.exp(np.log(test["losses"]).mean(axis=0))
    bad = np.flatnonzero(~np.isfinite(losses))
    if len(bad):
        losses[bad[0] :] = np.nan
    return test["rates"], losses


def lowest(name: str) -> tuple[float, float]:
    """Return rate and loss of the lowest place of a range test."""
    rates, losses = curve(name)
    at = int(np.nanargmin(losses))
    return float(rates[at]), float(losses[at])


def accuracies(name: str, rate: float) -> np.ndarray:
    """Return the accuracies after 20 epochs at the nearest rate that was trained, (20 seeds,)."""
    low, high = MARKED[NAMES[name]]
    exponent = min(max(round(4 * np.log10(rate)) / 4, low), high)
    values: np.ndarray = stored("marked", f"{NAMES[name]} {10**exponent:.4g}")["val_accuracy"]
    return values


def trained_rate(name: str, rate: float) -> float:
    """Return the rate that `accuracies` answers for."""
    low, high = MARKED[NAMES[name]]
    return float(10 ** min(max(round(4 * np.log10(rate)) / 4, low), high))


def range_test_view() -> Interactive:
    """Return a marker on the range tests of three optimizers: the loss there, and how training ended."""
    figure, (left, right) = stage(2, 3.7)
    (losses,) = left.plot([], [], markevery=8, ms=5, label="loss of a batch", **look(0))
    marker = left.axvline(1.0, color="black", ls="--", lw=2, label="your rate")
    left.set(xscale="log", xlim=(1e-6, 100.0), ylim=(0, 4))
    label(left, "Range test: the rate grows at each step", "rate (powers of ten)", "loss of a batch")
    show_answers = _answers_panel(right)
    moving(losses, marker, left.get_legend())

    def draw(rate: float, optimizer: str, train: str) -> Figure:
        losses.set_data(*curve(optimizer))
        marker.set_xdata([rate, rate])
        show_answers(optimizer, rate, train == SHOWN)
        return figure

    found = Found("Found so far: none. Looks so far: 0.")
    rate = slider("Your rate", LOW, HIGH, 0.25, 0.01, powers_of_ten=True)
    optimizer, train = menu("Optimizer", NAMES), menu("Train at this rate", (HIDDEN, SHOWN))
    goal = _all_three(found)
    for control in (rate, optimizer):  # each look is asked for: a moved marker hides the answer
        control.observe(lambda _change: train.set_trait("value", HIDDEN), names="value")
    widget = live(draw, _describe, goal, rate=rate, optimizer=optimizer, train=train)
    return put_above_picture(widget, found)


def _all_three(found: Found) -> Goal:
    """Return the goal of a good rate for every optimizer; `found` counts the looks."""
    good: set[str] = set()
    looks: list[tuple[str, float]] = []

    def reached(rate: float, optimizer: str, train: str) -> bool:
        if train == SHOWN:
            looks.append((optimizer, rate))
            good.update([optimizer] if accuracies(optimizer, rate).mean() >= WANTED else [])
            names = ", ".join(name for name in NAMES if name in good) or "none"
            found.tell(f"Found so far: {names}. Looks so far: {len(looks)}.")
        return len(good) == len(NAMES)

    return Goal(
        f"Find a rate with a mean accuracy of {WANTED:g} or more for all three optimizers. Place the marker "
        "by the curve, then train: three looks can be enough.",
        reached,
    )


def _answers_panel(ax: Axes) -> Any:
    """Draw an empty row of points; return a function that shows the accuracies of a rate, or nothing."""
    places = np.linspace(-0.3, 0.3, 20)
    (points,) = ax.plot(places, 0 * places, **(look(1) | {"linestyle": ""}), ms=6, label="one run")
    (mean,) = ax.plot([-0.4, 0.4], [0, 0], color="black", lw=2, label="mean")
    ax.axhline(WANTED, color="black", ls=":", lw=1, label=f"goal: {WANTED:g}")
    ax.axhline(0.1, color="grey", ls="-.", lw=1, label="chance")
    ax.set_xticks([])
    ax.set(xlim=(-0.6, 0.6), ylim=(0, 1))
    label(ax, "After 20 epochs at your rate", "20 runs", "validation accuracy")
    ax.legend(fontsize="small", loc="center right")
    moving(points, mean)

    def show(name: str, rate: float, is_shown: bool) -> None:
        values = accuracies(name, rate)
        points.set_ydata(values)
        mean.set_ydata([values.mean()] * 2)
        points.set_visible(is_shown)
        mean.set_visible(is_shown)

    return show


def _describe(rate: float, optimizer: str, train: str) -> list[str]:
    rates, losses = curve(optimizer)
    here, (low_rate, low_loss) = float(np.interp(np.log(rate), np.log(rates), losses)), lowest(optimizer)
    loss = f"{here:.3g}" if np.isfinite(here) else "no longer a number"
    place = f"{low_rate / rate:.3g} times below" if rate < low_rate else f"{rate / low_rate:.3g} times above"
    return [
        f"{optimizer[0].upper()}{optimizer[1:]}: the loss starts at {losses[0]:.3g} and is lowest, "
        f"{low_loss:.3g}, at the rate {low_rate:.3g}. Your rate {rate:.3g} is "
        f"{place} that one; the loss there is {loss}.",
        _answer(rate, optimizer) if train == SHOWN else "Not trained yet at this rate.",
    ]


def _answer(rate: float, optimizer: str) -> str:
    values = accuracies(optimizer, rate)
    good = "the goal is reached" if values.mean() >= WANTED else f"the goal is {WANTED:g}"
    return (
        f"After 20 epochs at the rate {trained_rate(optimizer, rate):.3g}, 20 runs: mean accuracy "
        f"{values.mean():.3f} ± {values.std(ddof=1):.3f}, lowest {values.min():.3f}: {good}."
    )
