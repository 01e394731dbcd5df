"""Let students move λ over stored runs: their curves, their weights, and bets on what one run shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from controls import Choice
from decay_parts import OPTIMIZERS, strength_menus
from decay_runs import BINS, EPOCHS, stored
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from widget_parts import Score, put_above_picture, two_panels
from widgets import Goal, Interactive, live, menu

from utils import compare

ALL_RUNS, ONE_RUN = "all seeds", "one seed"
QUANTITIES = ("accuracy", "loss")
LIMITS = {"accuracy": (0.5, 1.0), "loss": (0.0, 2.5)}
NO_BET = "no bet"
BETS = ("better than λ = 0", "worse than λ = 0", "too close to call")
ROUNDS = 5  # as many strengths above 0 as there are for Adam

Bets = dict[tuple[str, float], str]  # by optimizer and strength


def seed_on_show(optimizer: str, strength: float) -> int:
    """Return the one seed that is shown for a strength: every strength has another one."""
    return (3 * list(stored(OPTIMIZERS[optimizer])).index(strength)) % 10


def curves(optimizer: str, strength: float, runs: str, beside: float | None = None) -> dict[str, np.ndarray]:
    """Return the curves of a strength, (seeds, epochs), by their names: of all seeds, or of the one on show.

    With another strength `beside` it, these are that one's curves for the same seeds.
    """
    shown = stored(OPTIMIZERS[optimizer])[strength if beside is None else beside]
    seed = seed_on_show(optimizer, strength)
    return {name: values if runs == ALL_RUNS else values[seed : seed + 1] for name, values in shown.items()}


def outcome(optimizer: str, strength: float) -> tuple[str, str]:
    """Return which bet on a strength is won, and why: validation accuracies of twenty pairs of runs."""
    ends = stored(f"{OPTIMIZERS[optimizer]} ends")
    found = compare(*(ends[each]["val_accuracy"].tolist() for each in (0.0, strength)))
    side = BETS[0] if found.difference > 0 else BETS[1]
    numbers = f"{found.difference:+.3f} ± {found.standard_error:.3f}".replace("-", "−")
    return side if found.is_clear else BETS[2], numbers


def decay_slider() -> Interactive:
    """Return a slider for λ over stored runs, with bets: is this λ better than none, judged by one seed?"""
    picture_of = cache(_draw_picture)
    strength, optimizer = strength_menus()
    bet = menu("Your bet on this λ", (NO_BET, *BETS))
    bets: Bets = {}
    first: Bets = {}
    score = Score(_told_score(bets, first, ONE_RUN))

    def draw(strength: float, optimizer: str, quantity: str, runs: str, bet: str) -> Figure:
        picture = picture_of(quantity)
        picture.show_curves(optimizer, strength, runs)
        picture.show_weights(optimizer, strength)
        return picture.figure

    def all_won(strength: float, optimizer: str, quantity: str, runs: str, bet: str) -> bool:
        place = optimizer, strength
        if bet != NO_BET and strength > 0:
            bets[place] = bet
            if runs == ONE_RUN:
                first.setdefault(place, bet)
        score.tell(_told_score(bets, first, runs))
        return runs == ALL_RUNS and len(bets) >= ROUNDS and len(_won(bets)) >= ROUNDS

    goal = Goal(
        "Bet on five strengths above 0 while one seed is shown: is the validation accuracy better than with "
        f"λ = 0, worse, or too close to call? Then choose “{ALL_RUNS}”: twenty pairs of runs settle the "
        "bets (drawn are the first ten). Have five bets right at last; the first ones are counted for you.",
        all_won,
    )
    _keep_bets(strength, optimizer, bet, bets)
    widget = live(
        draw, tell_decay, goal,
        strength=strength, optimizer=optimizer, quantity=menu("Curves", QUANTITIES),
        runs=menu("Runs", (ONE_RUN, ALL_RUNS)), bet=bet,
    )  # fmt: skip
    put_above_picture(widget, score)
    return widget


def _keep_bets(strength: Choice, optimizer: Choice, bet: Choice, bets: Bets) -> None:
    """Show the bet that was made on a strength whenever the student comes back to it."""

    def recall(_change: Any) -> None:
        bet.value = bets.get((optimizer.value, strength.value), NO_BET)

    strength.observe(recall, names="value")


def _won(bets: Mapping[tuple[str, float], str]) -> list[tuple[str, float]]:
    return [place for place, bet in bets.items() if bet == outcome(*place)[0]]


def _told_score(bets: Bets, first: Bets, runs: str) -> str:
    """Return in words which bets were made and, once all seeds are shown, which of them are won."""
    if not bets:
        return "No bet yet."
    if runs == ONE_RUN:
        return f"Bets made: {len(bets)} of {ROUNDS}. All seeds will settle them."
    told = (
        f"{name} λ {strength:g}: {outcome(name, strength)[0]} by {outcome(name, strength)[1]}, "
        f"{'won' if bet == outcome(name, strength)[0] else 'lost'}"
        for (name, strength), bet in bets.items()
    )
    return f"First bets won: {len(_won(first))} of {len(first)}. Twenty pairs say: {'; '.join(told)}."


# ---------------------------------------------------------------- the panels


@dataclass(frozen=True)
class Picture:
    """Hold a figure, and functions that show the curves and the weights of a strength in it."""

    figure: Figure
    show_curves: Callable[[str, float, str], None]
    show_weights: Callable[[str, float], None]


def _draw_picture(quantity: str) -> Picture:
    """Draw both panels for accuracies or losses, with one legend below them."""
    figure, (left, right) = two_panels(4.2)
    picture = Picture(figure, _curves_panel(left, quantity), _weights_panel(right))
    names = [named for ax in (left, right) for named in zip(*ax.get_legend_handles_labels(), strict=True)]
    for ax in (left, right):
        ax.get_legend().remove()
    figure.legend(*zip(*names, strict=True), loc="outside lower center", fontsize=9.5, ncols=3)
    return picture


def _curves_panel(ax: Axes, quantity: str) -> Callable[[str, float, str], None]:
    """Draw empty curves; return a function that shows those of a strength, and validation without decay."""
    epochs = np.arange(1, EPOCHS + 1)
    drawn = []
    for i, name in enumerate(("training", "validation")):
        look: dict[str, Any] = {"color": PALETTE[i], "marker": MARKERS[i], "ls": ("-", "--")[i]}
        (line,) = ax.plot(epochs, 0 * epochs, label=name, markevery=(4 * i, 12), **look)
        drawn.append((ax.fill_between(epochs, 0, 0, color=PALETTE[i], alpha=0.2, lw=0), line))
    (without,) = ax.plot(epochs, 0 * epochs, color="black", ls=":", lw=2, label="validation, λ = 0")
    note = ax.text(0.5, 0.04, "", transform=ax.transAxes, ha="center", va="bottom", fontsize="small")
    low, high = LIMITS[quantity]
    ax.set(xlim=(0, EPOCHS + 1), ylim=(low, high))
    label(ax, "Curves over the epochs", "epoch", quantity)
    moving(*(artist for pair in drawn for artist in pair), without, note)

    def show(optimizer: str, strength: float, runs: str) -> None:
        shown = curves(optimizer, strength, runs)
        for (band, line), part in zip(drawn, ("train", "val"), strict=True):
            values = shown[f"{part}_{quantity}"]
            mean, spread = values.mean(0), values.std(0, ddof=1) if len(values) > 1 else 0 * values[0]
            line.set_ydata(mean)
            band.set_data(epochs, mean - spread, mean + spread)
        without.set_ydata(curves(optimizer, strength, runs, beside=0.0)[f"val_{quantity}"].mean(0))
        note.set_text(_outside(shown[f"val_{quantity}"][:, -1].mean(), low, high))

    return show


def _outside(end: float, low: float, high: float) -> str:
    """Return what to write into the picture if the validation curve ends above or below it."""
    return "" if low <= end <= high else f"validation ends at {end:.2f}, outside the picture"


def _weights_panel(ax: Axes) -> Callable[[str, float], None]:
    """Draw an empty histogram; return a function that shows how the weights of a strength are spread."""
    none = stored("weights")["adam", 0.0]["counts"]
    bars = ax.stairs(
        none, BINS, color=PALETTE[4], fill=True, alpha=0.8, label="weights, this λ", baseline=0.5
    )
    ax.stairs(none, BINS, color="black", ls=":", lw=2, label="weights, λ = 0", baseline=0.5)
    edges = [ax.axvline(0, color=PALETTE[0], ls="--", lw=1.5) for _ in range(2)]
    edges[0].set_label("half of them inside")
    ax.set(yscale="log", ylim=(0.5, 2e4), xlim=(BINS[0], BINS[-1]))
    label(ax, "First-layer weights, seed 0", "weight after the last epoch", "how many (powers of ten)")
    moving(bars, *edges)

    def show(optimizer: str, strength: float) -> None:
        found = stored("weights")[OPTIMIZERS[optimizer], strength]
        bars.set_data(np.maximum(found["counts"], 0.5))
        for edge, side in zip(edges, (-1, 1), strict=True):
            edge.set_xdata([side * float(found["half_within"])] * 2)

    return show


# ---------------------------------------------------------------- the words


def tell_decay(strength: float, optimizer: str, quantity: str, runs: str, bet: str) -> list[str]:
    """Say in words what the runs of a strength show, beside those without decay, and how its weights lie."""
    shown, without = curves(optimizer, strength, runs), curves(optimizer, strength, runs, beside=0.0)
    who = (
        "the first ten of 20 seeds" if runs == ALL_RUNS else f"seed {seed_on_show(optimizer, strength)} alone"
    )
    ends = ", ".join(
        f"{name} {_level(shown[f'{part}_{quantity}'][:, -1])}"
        for name, part in (("training", "train"), ("validation", "val"))
    )
    losses = shown["val_loss"]
    epoch, lowest, last = (losses.argmin(1) + 1).mean(), losses.min(1).mean(), losses[:, -1].mean()
    return [
        f"{optimizer}, λ {strength:g}, {who}: {quantity} in the last epoch {ends}; validation without decay "
        f"{_level(without[f'val_{quantity}'][:, -1])}. The validation loss is lowest in epoch "
        f"{epoch:.0f} ({lowest:.3f}) and ends at {last:.3f}.",
        _tell_weights(optimizer, strength),
    ]


def _level(ends: np.ndarray) -> str:
    """Return the mean of the last epoch, with the spread of single runs if there are several."""
    return f"{ends.mean():.3f}" + (f" ± {ends.std(ddof=1):.3f}" if len(ends) > 1 else "")


def _tell_weights(optimizer: str, strength: float) -> str:
    found, none = stored("weights")[OPTIMIZERS[optimizer], strength], stored("weights")["adam", 0.0]
    return (
        f"Half of the 8192 first-layer weights of seed 0 lie within ±{found['half_within']:.4f}, without "
        f"decay within ±{none['half_within']:.4f}. The bar at 0 holds "
        f"{found['counts'][len(BINS) // 2 - 1]} of them, and the greatest has size {found['greatest']:.2g}."
    )
