"""Let students look for the patience that noise asks for: one curve a thousand times, with other noise."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from controls import Button, Slider
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from stopping_experiments import NOISES
from stopping_rule import MINIMUM, noisy_curves, stop_and_best, true_curve
from widget_parts import Score, answer_menu, listed, one_legend, put_above_picture, two_panels
from widgets import Goal, Interactive, live, slider

CURVES, EPOCHS, SHOWN = 1000, 200, 80  # the pictures end at epoch 80: nearly all have stopped by then
LAST_SEED = 99
FEW = 0.05  # one curve of twenty
SMALLEST = "this is the smallest patience"
LEVELS = 2  # of noise, for which the smallest patience is to be found


@lru_cache(maxsize=4)
def thousand(noise: float) -> np.ndarray:
    """Return the true curve with 1000 different noises of a size, (1000, 200): the seed is the row."""
    return noisy_curves(CURVES, noise, seed=0, epochs=EPOCHS)


@lru_cache
def stops(noise: float, patience: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the last epoch of the 1000 curves, and the one that they keep, counted from 1, each (1000,)."""
    stop, best = stop_and_best(thousand(noise), patience)
    return stop + 1, best + 1


def too_early(noise: float, patience: int) -> float:
    """Return the share of the 1000 curves that have stopped by the epoch of the lowest true loss."""
    return float((stops(noise, patience)[0] <= MINIMUM).mean())


def is_smallest(noise: float, patience: int) -> bool:
    """Return whether a patience lets few curves stop too early, and one less does not."""
    return too_early(noise, patience) <= FEW and (patience == 1 or too_early(noise, patience - 1) > FEW)


def is_told(noise: float) -> bool:
    """Return whether the lesson's table has this size of noise, and so gives much of the answer."""
    return any(math.isclose(noise, told) for told, *_ in NOISES)


def noise_seeds() -> Interactive:
    """Return sliders for noise and patience, and a button that gives the same curve another noise."""
    figure, (left, right) = two_panels(4.3)
    show_curve, show_stops = _curve_panel(left), _stops_panel(right)
    one_legend(figure)
    patience = slider("Patience", 1, 15, 1, 3)
    noise = slider("Noise (standard deviation)", 0.005, 0.05, 0.005, 0.03)
    seed = slider("Noise seed", 0, LAST_SEED, 1, 0)
    answer = answer_menu(SMALLEST, patience, noise)
    found: dict[float, int] = {}
    score = Score(_told_found(found, ""))

    def draw(patience: int, noise: float, seed: int, answer: str) -> Figure:
        show_curve(noise, patience, seed)
        show_stops(noise, patience, seed)
        return figure

    def describe(patience: int, noise: float, seed: int, answer: str) -> list[str]:
        return [tell_curve(noise, patience, seed), tell_stops(noise, patience, seed)]

    def all_found(patience: int, noise: float, seed: int, answer: str) -> bool:
        reply = ""
        if answer == SMALLEST:
            reply = judge(noise, patience)
            right = is_smallest(noise, patience) and not is_told(noise)
            found.update({noise: patience} if right else {})
        score.tell(_told_found(found, reply))
        return len(found) >= LEVELS

    goal = Goal(
        f"For {LEVELS} sizes of noise that the table above does not have, find the smallest patience with "
        f"which at most 1 of 20 curves stops before epoch {MINIMUM + 1}, too early to have passed the lowest "
        "point. Then choose your answer.",
        all_found,
    )
    widget = live(draw, describe, goal, patience=patience, noise=noise, seed=seed, answer=answer)
    put_above_picture(widget, _next_noise(seed), score)
    return widget


def _next_noise(seed: Slider) -> Button:
    """Return a button that moves on to the next noise seed, and from the last one to the first."""
    button = Button("New noise")

    def move_on(_change: object) -> None:
        seed.value = (seed.value + 1) % (LAST_SEED + 1)

    button.observe(move_on, names="clicks")
    return button


def judge(noise: float, patience: int) -> str:
    """Return a reply to the claim that a patience is the smallest that will do."""
    early = f"{CURVES * too_early(noise, patience):.0f} of {CURVES} curves stop before epoch {MINIMUM + 1}"
    if too_early(noise, patience) > FEW:
        return f"No: with patience {patience}, {early}; {CURVES * FEW:.0f} may."
    if not is_smallest(noise, patience):
        return f"No: {early} with patience {patience}, and a smaller one is still good enough."
    other = f", but noise {noise:g} stands in the table: take another" if is_told(noise) else ""
    return f"Yes: {early} with patience {patience}{other}."


def _told_found(found: dict[float, int], reply: str) -> str:
    parts = [f"patience {patience} for noise {noise:g}" for noise, patience in found.items()]
    told = f"Found: {listed(parts)}." if parts else f"Found so far: none of {LEVELS}."
    return f"{reply} {told}".strip()


# ---------------------------------------------------------------- the panels


def _curve_panel(ax: Axes) -> Callable[[float, int, int], None]:
    """Draw the true curve; return a function that shows a noisy one, its stop and the epoch it keeps."""
    epochs = np.arange(1, SHOWN + 1)
    (noisy,) = ax.plot(epochs, 0 * epochs, color=PALETTE[0], marker=".", lw=1, label="what is measured")
    ax.plot(epochs, true_curve(SHOWN), color="black", ls="--", lw=2, label="true loss")
    untrained = ax.axvspan(0, 1, fc="none", ec="gray", hatch="//", alpha=0.5, lw=0, label="not trained")
    stop_line = ax.axvline(1, color="black", ls=":", lw=2, label="stop")
    (kept,) = ax.plot([1], [1], "D", color=PALETTE[2], mec="black", ms=12, ls="", label="kept")
    ax.set(xlim=(0, SHOWN + 1), ylim=(0.1, 1.1))
    label(ax, "One curve", "epoch", "validation loss")
    moving(noisy, untrained, stop_line, kept)

    def show(noise: float, patience: int, seed: int) -> None:
        stop, best = (part[seed] for part in stops(noise, patience))
        noisy.set_ydata(thousand(noise)[seed, :SHOWN])
        untrained.set_bounds(stop + 0.5, 0, SHOWN, 1)
        stop_line.set_xdata([stop + 0.5] * 2)
        kept.set_data([best], [thousand(noise)[seed, best - 1]])

    return show


def _stops_panel(ax: Axes) -> Callable[[float, int, int], None]:
    """Draw empty axes; return a function that shows where 1000 curves stop, and those up to a noise seed."""
    epochs = np.arange(SHOWN + 1)
    ax.axvspan(0, MINIMUM + 0.5, color="gray", alpha=0.2, lw=0, label="too early")
    (line,) = ax.plot(
        epochs, 0 * epochs, color=PALETTE[1], lw=2.5, drawstyle="steps-post", label="of 1000 curves"
    )
    ax.axhline(FEW, color="black", ls="--", lw=1.5, label="1 of 20")
    (dots,) = ax.plot([], [], MARKERS[2], color=PALETTE[0], mec="black", ms=8, ls="", label="up to your seed")
    ax.set(xlim=(0, SHOWN + 1), ylim=(-0.24, 1.02), yticks=[0, 0.25, 0.5, 0.75, 1])
    label(ax, "Share that has stopped", "epoch", "share")
    moving(line, dots)

    def show(noise: float, patience: int, seed: int) -> None:
        stop = stops(noise, patience)[0]
        line.set_ydata([(stop <= epoch).mean() for epoch in epochs])
        dots.set_data(stop[: seed + 1], [-0.05 - 0.045 * (i % 4) for i in range(seed + 1)])

    return show


# ---------------------------------------------------------------- the words


def tell_curve(noise: float, patience: int, seed: int) -> str:
    """Say in words where one noisy curve stops, and what the epoch that it keeps is worth."""
    stop, best = (part[seed] for part in stops(noise, patience))
    true, measured = true_curve(EPOCHS), thousand(noise)[seed]
    return (
        f"Noise {noise:g}, noise seed {seed}: with patience {patience} the run stops after epoch {stop} and "
        f"keeps epoch {best}. The loss measured there is {measured[best - 1]:.3f}, the true loss "
        f"{true[best - 1]:.3f}; the lowest true loss is {true.min():.3f}, in epoch {MINIMUM}: regret "
        f"{true[best - 1] - true.min():.3f}."
    )


def tell_stops(noise: float, patience: int, seed: int) -> str:
    """Say in words where 1000 curves stop, and where those up to a noise seed do."""
    stop = stops(noise, patience)[0]
    low, half, high = np.quantile(stop, (0.05, 0.5, 0.95), method="inverted_cdf")
    early, first = too_early(noise, patience), stop[: seed + 1]
    where = listed([str(epoch) for epoch in sorted(first)[:12]]) + (" …" if len(first) > 12 else "")
    seeds = f"Noise seeds 0 to {seed} stop" if seed else "Noise seed 0 stops"
    return (
        f"Of {CURVES} curves {CURVES * early:.0f} stop before epoch {MINIMUM + 1} ({early:.1%}); one of 20 "
        f"has stopped by epoch {low}, half by {half}, all but one of 20 by {high}. {seeds} "
        f"after epoch {where}; too early: {(first <= MINIMUM).sum()} of {len(first)}."
    )
