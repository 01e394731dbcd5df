"""Let students compare batch sizes in three ways, and judge their sentences by the stored runs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from optimizer_parts import Found, look, put_above_picture
from optimizer_runs import BATCH_SIZES, stored
from widgets import Goal, Interactive, label, live, menu, moving, stage

EPOCHS, STEPS, ROWS, RATE = 20, 200, 300, 0.1
SAME_EPOCHS, SAME_STEPS = f"{EPOCHS} epochs, rate {RATE:g}", f"{STEPS} steps, rate {RATE:g}"
OWN_EPOCHS, OWN_STEPS = f"{EPOCHS} epochs, best rate for each", f"{STEPS} steps, best rate for each"
WAYS = (SAME_EPOCHS, SAME_STEPS, OWN_EPOCHS, OWN_STEPS)
WHEN = ("Accuracy at the end", "Accuracy in the best epoch")
IN_STEPS, OWN = (SAME_STEPS, OWN_STEPS), (OWN_EPOCHS, OWN_STEPS)


def runs_of(size: int, way: str) -> dict[str, Any]:
    """Return the stored runs of a batch size with every rate, by the keys of the rates."""
    runs: dict[str, Any] = stored(
        f"batch {size} {f'steps {STEPS}' if way in IN_STEPS else f'epochs {EPOCHS}'}"
    )
    return runs


def best_rate(size: int, way: str) -> str:
    """Return the key of the rate whose runs have the highest mean accuracy in their best epochs."""
    runs = runs_of(size, way)
    return max(runs, key=lambda key: float(runs[key]["best_accuracy"].mean()))


def ends(size: int, way: str) -> np.ndarray:
    """Return the validation accuracies of a batch size in one of the WAYS to compare, (20 seeds,).

    At the rate RATE they are those at the end. With the best rate for each they are those of the best epoch:
    rate and epoch are chosen on the validation rows, so a little optimistic for all sizes alike.
    """
    runs = runs_of(size, way)
    values: np.ndarray = (
        runs[best_rate(size, way)]["best_accuracy"] if way in OWN else runs[f"sgd {RATE:g}"]["val_accuracy"]
    )
    return values


def updates(size: int, way: str) -> int:
    """Return how many updates a run makes."""
    return STEPS if way in IN_STEPS else EPOCHS * math.ceil(ROWS / size)


def is_true(way: str, better: int, other: int) -> bool:
    """Return whether a batch size does better than another, by at least 2 doubts of the pairs."""
    gained = ends(better, way) - ends(other, way)
    return better != other and bool(gained.mean() >= 2 * gained.std(ddof=1) / math.sqrt(len(gained)))


def batch_view() -> Interactive:
    """Return menus for a sentence about two batch sizes: the stored runs, and whether it is true."""
    figure, (left, right) = stage(2, 3.7)
    show_ends, show_updates = _ends_panel(left), _updates_panel(right)

    def draw(better: int, other: int, way: str) -> Figure:
        show_ends(way, better, other)
        show_updates(way)
        return figure

    found = Found("True sentences so far: none.")
    widget = live(
        draw, _describe, _opposite_winners(found),
        better=menu("Batches of", BATCH_SIZES),
        other=menu("do better than batches of", BATCH_SIZES),
        way=menu("in", WAYS),
    )  # fmt: skip
    return put_above_picture(widget, found)


def _opposite_winners(found: Found) -> Goal:
    """Return the goal of two true sentences in which the winner and the loser change places."""
    true: list[tuple[str, int, int]] = []

    def reached(better: int, other: int, way: str) -> bool:
        sentence = (way, better, other)
        if is_true(*sentence) and sentence not in true:
            true.append(sentence)
            told = "; ".join(f"{a} ahead of {b} in {place}" for place, a, b in true[-4:])
            found.tell(f"True sentences so far, newest last: {told}.")
        return any((place, other, better) in true for place in WAYS) and is_true(*sentence)

    return Goal(
        "Make two true sentences with opposite winners: one batch size ahead of another, and then behind it.",
        reached,
    )


def _ends_panel(ax: Axes) -> Callable[[str, int, int], None]:
    """Draw empty bars of accuracies; return a function that shows those of a way and marks two sizes."""
    places = np.arange(len(BATCH_SIZES))
    points = [
        ax.plot(place + np.linspace(-0.25, 0.25, 20), np.zeros(20), MARKERS_PLAIN, color="grey", ms=4)[0]
        for place in places
    ]
    means = [ax.plot([place - 0.35, place + 0.35], [0, 0], color="black", lw=2)[0] for place in places]
    for i, name in enumerate(("first menu", "second menu")):
        ax.plot([], [], **(look(i) | {"linestyle": ""}), label=name)
    ax.set_xticks(places, [str(size) for size in BATCH_SIZES])
    ax.set(ylim=(0, 1), xlim=(-0.5, len(BATCH_SIZES) - 0.5))
    label(ax, "20 runs each; bar: mean", "batch size", "validation accuracy")
    ax.legend(fontsize="small", loc="lower left")
    moving(*points, *means)

    def show(way: str, better: int, other: int) -> None:
        for size, point, mean in zip(BATCH_SIZES, points, means, strict=True):
            values = ends(size, way)
            point.set_ydata(values)
            mean.set_ydata([values.mean()] * 2)
            chosen = look(0) if size == better else look(1) if size == other else NEITHER
            point.set(color=chosen["color"], marker=chosen["marker"], linestyle="")

    return show


MARKERS_PLAIN = "."
NEITHER = {"color": "grey", "marker": MARKERS_PLAIN}


def _updates_panel(ax: Axes) -> Callable[[str], None]:
    """Draw bars of updates and of rows seen; return a function that shows those of a way."""
    places = np.arange(len(BATCH_SIZES))
    bars = ax.bar(places, np.ones(len(places)), color="0.75", edgecolor="black", hatch="//")
    numbers = [ax.text(place, 1, "", ha="center", va="bottom") for place in places]
    ax.set_xticks(places, [str(size) for size in BATCH_SIZES])
    ax.set(yscale="log", ylim=(5, 5000))
    label(ax, "Updates of a run", "batch size", "updates (powers of ten)")
    moving(*bars, *numbers)

    def show(way: str) -> None:
        for size, bar, number in zip(BATCH_SIZES, bars, numbers, strict=True):
            bar.set_height(updates(size, way))
            number.set_y(1.1 * updates(size, way))
            number.set_text(str(updates(size, way)))

    return show


def _describe(better: int, other: int, way: str) -> list[str]:
    told = ", ".join(_told(size, way) for size in BATCH_SIZES)
    made = ", ".join(f"{size}: {updates(size, way)}" for size in BATCH_SIZES)
    return [
        f"{WHEN[way in OWN]}, mean ± spread, in {way}: {told}. {_verdict(way, better, other)}",
        f"Updates of a run by batch size: {made}.",
    ]


def _told(size: int, way: str) -> str:
    values = ends(size, way)
    rate = f" (rate {best_rate(size, way).split()[1]})" if way in OWN else ""
    return f"batches of {size}{rate} {values.mean():.3f} ± {values.std(ddof=1):.3f}"


def _verdict(way: str, better: int, other: int) -> str:
    """Say whether the sentence of the menus is true."""
    if better == other:
        return "Choose two different batch sizes."
    gained = ends(better, way) - ends(other, way)
    doubt = gained.std(ddof=1) / math.sqrt(len(gained))
    difference = f"{gained.mean():+.3f} ± {doubt:.3f}".replace("-", "−")
    sentence = f"“Batches of {better} do better than batches of {other}”"
    pairs = f"pair by pair {difference} (the doubt about it), higher in {(gained > 0).sum()} of {len(gained)}"
    if is_true(way, better, other):
        return f"{sentence} is true here: {pairs}."
    if is_true(way, other, better):
        return f"{sentence} is false here, the other way round is true: {pairs}."
    return f"{sentence} cannot be told here: {pairs}."
