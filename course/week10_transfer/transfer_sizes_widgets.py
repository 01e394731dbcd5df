"""Let students ask stored runs when weights from another task help: over the rows that the target has."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from transfer_runs import CAMERA_SIZES, DIGIT_SIZES, stored
from widget_parts import LOOK, Score, one_legend, put_above_picture, signed, two_panels
from widgets import Goal, Interactive, live, menu

DIGITS = "0–4 → 5–9"
TARGETS = {"same camera": "same", "one pixel aside": "shifted", "aside, negative": "inverted",
           "pixels shuffled": "permuted", DIGITS: ""}  # fmt: skip
SCRATCH, WAYS = "from scratch", ("fine-tune all", "head only")
ALL, EARLY = "all steps", "20 steps"
SIZES = tuple(sorted({*CAMERA_SIZES, *DIGIT_SIZES}))
HELPS, HURTS, CANNOT = "helps", "hurts", "cannot tell"
ENOUGH = 3  # different targets among the right answers
Said = dict[tuple[str, str], str]  # by answer and target: the cell, in words


def sizes_of(target: str) -> tuple[int, ...]:
    """Return the numbers of rows that a target was trained with."""
    return DIGIT_SIZES if target == DIGITS else CAMERA_SIZES


def nearest_size(target: str, rows: int) -> int:
    """Return a number of rows, or the nearest that this target has."""
    return max(rows, min(sizes_of(target)))


@lru_cache
def runs_of(target: str, way: str, after: str) -> np.ndarray:
    """Return the accuracies of all runs of a way, (20 seeds, sizes)."""
    table = stored("digits") if target == DIGITS else stored("cameras")[TARGETS[target]]
    name = "accuracy" if after == ALL else "early"
    return np.stack([table[n][way][name] for n in sizes_of(target)], axis=1)


@lru_cache
def pairs_of(target: str, way: str, after: str) -> tuple[np.ndarray, np.ndarray]:
    """Return by size how much a way is ahead of training from scratch, and the doubt, (sizes,) each."""
    differences = runs_of(target, way, after) - runs_of(target, SCRATCH, after)
    return differences.mean(axis=0), differences.std(axis=0, ddof=1) / len(differences) ** 0.5


def truth(target: str, way: str, after: str, n: int) -> str:
    """Return what twenty pairs say of a cell: 2 doubts or more count as a difference."""
    mean, doubt = (part[sizes_of(target).index(n)] for part in pairs_of(target, way, after))
    if abs(mean) < 2 * doubt:
        return CANNOT
    return HELPS if mean > 0 else HURTS


def target_sizes() -> Interactive:
    """Return accuracy over the rows of a target, with weights of a source and without, and the pairs."""
    figure, (left, right) = two_panels(4.1)
    show_curves, show_pairs = _curves_panel(left), _pairs_panel(right)
    one_legend(figure)
    controls = {
        "rows": menu("Rows of the target", SIZES),
        "target": menu("Target", TARGETS),
        "way": menu("Way", WAYS),
        "after": menu("After", (ALL, EARLY)),
    }
    controls["rows"].value = CAMERA_SIZES[0]
    answer = menu("The source's weights, compared with from scratch", (LOOK, HELPS, HURTS, CANNOT))
    for control in controls.values():
        control.observe(lambda _change: answer.set_trait("value", LOOK), names="value")
    found: Said = {}
    score = Score(told_found(found, ""))

    def draw(rows: int, target: str, way: str, after: str, answer: str) -> Figure:
        show_curves(target, way, after, nearest_size(target, rows))
        show_pairs(target, way, after, nearest_size(target, rows))
        return figure

    def describe(rows: int, target: str, way: str, after: str, answer: str) -> list[str]:
        n = nearest_size(target, rows)
        instead = "" if n == rows else f"No run of this target has {rows} rows: you see {n}. "
        return [instead + tell_curves(target, way, after, n), tell_pairs(target, way, after, n)]

    def all_found(rows: int, target: str, way: str, after: str, answer: str) -> bool:
        reply, n = "", nearest_size(target, rows)
        if answer != LOOK:
            reply = judge(target, way, after, n, answer)
            cell = f"{target}, {way}, {n} rows, {after}"
            found.update({(answer, target): cell} if answer == truth(target, way, after, n) else {})
        score.tell(told_found(found, reply))
        return is_enough(found)

    goal = Goal(
        "Look at a cell (target, rows, way, steps) and say by its twenty pairs whether the source helps, "
        f"hurts or they cannot tell. Give each answer rightly at least once, with {ENOUGH} targets.",
        all_found,
    )
    widget = live(draw, describe, goal, **controls, answer=answer)
    put_above_picture(widget, score)
    return widget


def is_enough(found: Said) -> bool:
    """Return whether each answer was given rightly, and for enough targets."""
    answers, targets = ({cell[i] for cell in found} for i in (0, 1))
    return answers == {HELPS, HURTS, CANNOT} and len(targets) >= ENOUGH


def judge(target: str, way: str, after: str, n: int, answer: str) -> str:
    """Return a reply to what somebody says of a cell."""
    mean, doubt = (part[sizes_of(target).index(n)] for part in pairs_of(target, way, after))
    ratio = f"{abs(mean) / doubt:.1f} doubts" if doubt > 0 else "no doubt"
    if answer == truth(target, way, after, n):
        return f"Yes: {signed(mean)} is {ratio}."
    if answer == CANNOT:
        return f"No: {signed(mean)} is {ratio} away from 0; from 2 on it is real."
    if abs(mean) < 2 * doubt:
        return f"No: {signed(mean)} is only {ratio} away from 0; that needs 2."
    return f"No: the difference has the other sign, {signed(mean)}."


def told_found(found: Said, reply: str) -> str:
    """Return a reply, and the cells that were judged rightly."""
    parts = [f"{answer}: {cell}" for (answer, _), cell in found.items()]
    return f"{reply} {'Right so far: ' + '; '.join(parts) + '.' if parts else 'Right so far: none.'}".strip()


# ---------------------------------------------------------------- the panels


def _curves_panel(ax: Axes) -> Callable[[str, str, str, int], None]:
    """Draw two empty curves with bands; return a function that shows a target, a way, steps and a size."""
    drawn = []
    for i, name in enumerate((SCRATCH, "with the source")):
        look: dict[str, Any] = {"color": PALETTE[i], "marker": MARKERS[i], "ls": ("--", "-")[i]}
        (line,) = ax.plot([10, 400], [0, 0], label=name, **look)
        band = ax.fill_between([10, 400], 0, 0, color=PALETTE[i], alpha=0.2, lw=0)
        drawn.append((line, band))
    here = ax.axvline(20, color="black", ls=":", lw=2, label="your rows")
    _log_axis(ax)
    ax.set_ylim(0, 1.02)
    label(ax, "Accuracy on test rows, mean and spread", "rows of the target", "accuracy")
    moving(here, *(artist for pair in drawn for artist in pair))

    def show(target: str, way: str, after: str, n: int) -> None:
        for (line, band), name in zip(drawn, (SCRATCH, way), strict=True):
            runs = runs_of(target, name, after)
            mean, spread = runs.mean(axis=0), runs.std(axis=0, ddof=1)
            line.set_data(sizes_of(target), mean)
            band.set_data(sizes_of(target), mean - spread, mean + spread)
        here.set_xdata([n, n])

    return show


def _pairs_panel(ax: Axes) -> Callable[[str, str, str, int], None]:
    """Draw empty pairs; return a function that shows all differences, with a bar of two doubts each."""
    ax.axhline(0, color="black", lw=1)
    (mean_line,) = ax.plot(
        [10, 400], [0, 0], "D", color=PALETTE[2], mec="black", ms=6, label="mean of 20 pairs"
    )
    bars = [ax.plot([n, n], [0, 0], "_-", color=PALETTE[2], lw=2.5, ms=12)[0] for n in SIZES]
    (dots,) = ax.plot([], [], ".", color="gray", ms=5, alpha=0.7, label="one pair")
    here = ax.axvline(20, color="black", ls=":", lw=2)
    _log_axis(ax)
    label(ax, "Ahead of scratch (bar: 2 doubts)", "rows of the target", "difference in accuracy")
    ax.set_yscale("symlog", linthresh=0.1, linscale=1)  # small differences and large ones are both seen
    ax.set_ylim(-0.9, 0.5)
    ticks = (-0.5, -0.2, -0.1, -0.05, 0, 0.05, 0.1, 0.2)
    ax.set_yticks(ticks, [signed(tick, 2) for tick in ticks])
    ax.set_yticks([], minor=True)
    moving(mean_line, *bars, dots, here)

    def show(target: str, way: str, after: str, n: int) -> None:
        sizes = sizes_of(target)
        means, doubts = pairs_of(target, way, after)
        pairs = runs_of(target, way, after) - runs_of(target, SCRATCH, after)
        mean_line.set_data(sizes, means)
        dots.set_data(np.tile(sizes, len(pairs)) * 1.09, pairs.ravel())
        for size, bar in zip(SIZES, bars, strict=True):
            bar.set_visible(size in sizes)
            if size in sizes:
                i = sizes.index(size)
                bar.set_ydata([means[i] - 2 * doubts[i], means[i] + 2 * doubts[i]])
        here.set_xdata([n, n])

    return show


def _log_axis(ax: Axes) -> None:
    ax.set_xscale("log")
    ax.set_xlim(8.5, 500)
    ax.set_xticks(SIZES, [str(n) for n in SIZES])
    ax.set_xticks([], minor=True)


# ---------------------------------------------------------------- the words


def tell_curves(target: str, way: str, after: str, n: int) -> str:
    """Say in words how good a way and training from scratch are with n rows, and with other sizes."""
    sizes, parts = sizes_of(target), []
    for name in (SCRATCH, way):
        runs = runs_of(target, name, after)
        mean, spread = runs.mean(axis=0), runs.std(axis=0, ddof=1)
        i = sizes.index(n)
        others = ", ".join(f"{mean[j]:.3f} with {sizes[j]}" for j in range(len(sizes)) if j != i)
        parts.append(f"{name} {mean[i]:.3f} ± {spread[i]:.3f} ({others})")
    return f"{target[0].upper()}{target[1:]}, {n} rows, {after}. Accuracy: {'; '.join(parts)}."


def tell_pairs(target: str, way: str, after: str, n: int) -> str:
    """Say in words how far a way is ahead of training from scratch, with how much doubt, in twenty pairs."""
    sizes = sizes_of(target)
    means, doubts = pairs_of(target, way, after)
    i = sizes.index(n)
    pairs = (runs_of(target, way, after) - runs_of(target, SCRATCH, after))[:, i]
    others = ", ".join(f"{signed(means[j])} with {sizes[j]}" for j in range(len(sizes)) if j != i)
    return (
        f"{way[0].upper()}{way[1:]} minus from scratch with {n} rows: mean {signed(means[i])}, doubt "
        f"{doubts[i]:.3f}; above 0 in {(pairs > 0).sum()} of {len(pairs)} pairs, which run from "
        f"{signed(pairs.min())} to {signed(pairs.max())}. Other sizes: {others}."
    )
