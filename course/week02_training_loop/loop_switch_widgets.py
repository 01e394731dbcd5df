"""Let students switch the lines of a training loop right and wrong, and see five stored runs of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from controls import Words
from loop_runs import CLEAR, DROPOUT, EPOCHS, ORDER, RATES, SEEDS, Loop, stored_runs
from loop_step_widgets import put_above_picture, status
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import tell_curve
from widgets import MARKERS, PALETTE, Goal, Interactive, label, live, menu, moving, stage

RIGHT = {"clear": CLEAR[0], "order": ORDER[0], "evals": "yes", "mean": "samples"}
TASKS = ("looks better", "nobody sees it", "destroys everything")
CHANCE = 0.1
APART = {  # from so many doubts on, of 5 pairs: luck alone reaches 2.8 one time in twenty (t with 4 degrees)
    2.8: "these five runs tell the two apart",
    2.0: "at least 2 doubts, but with five pairs luck alone gives that one time in nine",
    0.0: "these five runs cannot tell the two apart",
}


def measured(
    clear: str, order: str, evals: str, mean: str, optimizer: str, net: str, **_: Any
) -> dict[str, np.ndarray]:
    """Return loss and accuracy of a setting's runs, each (seeds, epochs), as this setting measures them."""
    runs = stored_runs()[Loop(clear, order, optimizer, net)]
    way = (evals == "yes", mean == "samples")
    return {"loss": runs.loss[way], "accuracy": runs.accuracy[way]}


def wrong_switches(**values: Any) -> list[str]:
    """Return the names of the switches that stand otherwise than in the right loop and matter to the net."""
    wrong = [name for name, right in RIGHT.items() if values[name] != right]
    return [name for name in wrong if name != "evals" or DROPOUT[values["net"]]]


def solves(task: str, **values: Any) -> bool:
    """Return whether a setting solves a task: its last accuracies against those of the right loop."""
    wrong = wrong_switches(**values)
    last, right = (measured(**each)["accuracy"][:, -1] for each in (values, values | RIGHT))
    gained = last - right
    doubt = gained.std(ddof=1) / np.sqrt(len(gained))
    found = {
        TASKS[0]: len(wrong) >= 1 and gained.mean() >= max(0.02, 2 * doubt),
        TASKS[1]: len(wrong) >= 2 and abs(gained.mean()) < 0.005,
        TASKS[2]: len(wrong) == 1 and last.mean() < CHANCE + 0.05,
    }
    return bool(found[task])


def switchboard() -> Interactive:
    """Return four switches of a loop, its optimizer and net: its stored runs, and those of the right loop."""
    figure, (left, right) = stage(2, 3.7)
    show_curves, show_ends = _curves_panel(left), _ends_panel(right)
    solved, score = set(), Words(status("Solved so far: none of the three tasks."))

    def draw(**values: Any) -> Figure:
        yours, reference = (measured(**each)["accuracy"] for each in (values, values | RIGHT))
        show_curves(reference, yours)
        show_ends(reference[:, -1], yours[:, -1])
        return figure

    def all_solved(**values: Any) -> bool:
        if solves(**values):
            solved.add(values["task"])
            score.value = status(f"Solved so far: {', '.join(task for task in TASKS if task in solved)}.")
        return len(solved) == len(TASKS)

    goal = Goal(
        "Solve the three tasks: a mistake that looks better than the right loop (by at least 0.02), two "
        "mistakes at once that nobody sees (the mean at the end moves by less than 0.005), and a single "
        "mistake that destroys everything (below 0.15). Each counts while it is chosen in the last menu.",
        all_solved,
    )
    widget = live(
        draw, tell_switches, goal,
        clear=menu("Clear the gradients", CLEAR),
        order=menu("Order of the rows", ORDER),
        evals=menu("eval() before validating", ("yes", "no")),
        mean=menu("Mean of the validation by", ("samples", "batches")),
        optimizer=menu("Optimizer", RATES),
        net=menu("Net", DROPOUT),
        task=menu("Task", TASKS),
    )  # fmt: skip
    put_above_picture(widget, score)
    return widget


def _curves_panel(ax: Axes) -> Callable[[np.ndarray, np.ndarray], None]:
    """Draw empty curves; return a function that shows the accuracies (seeds, epochs) of both loops."""
    epochs = np.arange(1, EPOCHS + 1)
    curves = []
    for i, name in enumerate(("right loop", "your loop")):
        look = {"color": PALETTE[i], "marker": MARKERS[i], "ls": ("-", "--")[i], "markevery": (i, 3)}
        (line,) = ax.plot(epochs, 0 * epochs, label=name, **look)
        curves.append((ax.fill_between(epochs, 0, 0, color=PALETTE[i], alpha=0.2, lw=0), line))
    ax.axhline(CHANCE, color="black", ls=":", lw=1, label="chance")
    ax.set_ylim(0, 1)
    label(ax, "Validation accuracy, mean and spread", "epoch", "accuracy")
    ax.get_legend().remove()
    moving(*(artist for curve in curves for artist in curve))

    def show(*accuracies: np.ndarray) -> None:
        for (band, line), values in zip(curves, accuracies, strict=True):
            mean, spread = values.mean(0), values.std(0, ddof=1)
            line.set_ydata(mean)
            band.set_data(epochs, mean - spread, mean + spread)

    return show


def _ends_panel(ax: Axes) -> Callable[[np.ndarray, np.ndarray], None]:
    """Draw empty pairs; return a function that shows the last accuracies (seeds,) of both loops."""
    seeds = np.array(SEEDS)
    sides = seeds - 0.1, seeds + 0.1  # side by side, so that equal ones do not hide each other
    pairs = [ax.plot(both, [0, 0], color="grey", lw=1, ls="--")[0] for both in zip(*sides, strict=True)]
    points = [
        ax.plot(sides[i], 0 * seeds, MARKERS[i], color=PALETTE[i], ms=8, label=name)[0]
        for i, name in enumerate(("right loop", "your loop"))
    ]
    ax.axhline(CHANCE, color="black", ls=":", lw=1, label="chance")
    ax.set_xticks(SEEDS)
    ax.set(xlim=(-0.5, 4.5), ylim=(0, 1))
    label(ax, f"After epoch {EPOCHS}, seed by seed", "seed", "accuracy")
    legend = ax.legend(fontsize="small", loc="center right")
    moving(*pairs, *points, legend)

    def show(*ends: np.ndarray) -> None:
        for point, values in zip(points, ends, strict=True):
            point.set_ydata(values)
        for pair, heights in zip(pairs, zip(*ends, strict=True), strict=True):
            pair.set_ydata(heights)

    return show


def tell_switches(**values: Any) -> list[str]:
    """Say in words how a setting does beside the right loop: its curves, and its ends seed by seed."""
    yours, reference = (measured(**each) for each in (values, values | RIGHT))
    return [
        f"{_setting(**values)}: {_tell_curves(yours, reference)}",
        f"{_tell_ends(yours['accuracy'][:, -1], reference['accuracy'][:, -1])} {_verdict(**values)}",
    ]


def _setting(clear: str, order: str, evals: str, mean: str, optimizer: str, net: str, **_: Any) -> str:
    mode = "eval mode" if evals == "yes" else "train mode"
    cleared = "Never cleared" if clear == "never" else f"Cleared {clear}"
    return f"{cleared}, shuffled {order}, measured in {mode} by {mean}, {optimizer}, {net} net".replace(
        "shuffled sorted", "sorted"
    )


def _tell_curves(yours: dict[str, np.ndarray], reference: dict[str, np.ndarray]) -> str:
    """Return level, spread and way of the mean curve, and how it lies to that of the right loop."""
    ends = (each["accuracy"][:, -1] for each in (yours, reference))
    level = "; right loop ".join(f"{end.mean():.2f} ± {end.std(ddof=1):.2f}" for end in ends)
    curve = tell_curve(yours["accuracy"].mean(0), "your mean accuracy")
    above = int((yours["accuracy"].mean(0) > reference["accuracy"].mean(0)).sum())
    loss, right_loss = (each["loss"][:, -1].mean() for each in (yours, reference))
    return (
        f"validation accuracy {level}. {curve} It lies above the right loop's in {above} of {EPOCHS} epochs. "
        f"The validation loss ends at {loss:.3g}, in the right loop at {right_loss:.3g}."
    )


def _tell_ends(last: np.ndarray, right: np.ndarray) -> str:
    """Return the last accuracies seed by seed, and whether their difference can be told from chance."""
    gained = last - right
    if not gained.any():
        return f"Seeds 0 to 4: both loops end at {', '.join(f'{a:.3f}' for a in right)}."
    ends = ", ".join(f"{a:.3f} → {b:.3f}" for a, b in zip(right, last, strict=True))
    mean, doubt = gained.mean(), gained.std(ddof=1) / np.sqrt(len(gained))
    apart = next(words for least, words in APART.items() if abs(mean) >= least * doubt)
    told = (
        f"Seeds 0 to 4, right loop → yours: {ends}. The difference is {mean:+.4f} ± {doubt:.4f} (the "
        f"doubt about it), higher in {(gained > 0).sum()} of 5: {apart}."
    )
    return told.replace("-", "−")


def _verdict(**values: Any) -> str:
    """Return whether a setting solves the task, and what there is to say of a switch that does nothing."""
    wrong, task = wrong_switches(**values), values["task"]
    told = f"Task “{task}”: {'solved' if solves(**values) else 'not by this setting'}."
    if not wrong:
        told = f"This is the right loop. Task “{task}”: open."
    if values["evals"] == "no" and "evals" not in wrong:
        told += " This net has no layer that eval() changes: that switch counts with dropout alone."
    return told
