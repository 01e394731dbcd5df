"""Build the interactive figures of week 4: a simulator, a guessing game, an epoch slider, two curves."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import numpy as np
from cause_pictures import CAUSES
from curve_pictures import (
    PICTURES,
    TOP,
    draw_map,
    losses_panel,
    mean_and_spread,
    name_lines,
    tell_losses,
    tell_map,
)
from curve_runs import BASELINE, BATCH_SIZE, Runs, Setting, train_runs
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving, stage, tell_curve
from widgets import Goal, Interactive, live, menu, replay, slider

LOOK = "look first"
SEVERAL = "several causes"
CASES = (
    (PICTURES["A"], "too few rows",
     "40 rows, 64 units a layer: the net learns its rows by heart, wrong labels included."),
    (Setting(rate=0.3), "rate too high",
     "The rate was 0.3: the steps overshoot, so the loss jumps and never settles. With 0.01 it falls."),
    (CAUSES["decay far too strong"], SEVERAL,
     "Here the decay was far too strong. Three other causes in the table above give this picture, too."),
    (Setting(epochs=8, rows=240, rate=0.003), "stopped too early",
     "Both curves still fall in the last epoch: 8 epochs were not enough."),
    (PICTURES["C"], "nothing: healthy",
     "Both fall far below guessing and settle close together. 10 % wrong labels keep them from going lower."),
)  # fmt: skip
GUESSES = (LOOK, *sorted({cause for _, cause, _ in CASES}))
ROWS = (30, 60, 120, 240, 480, 960)
STEPS = 480  # every network of the learning curve takes about as many steps


def simulator() -> Interactive:
    """Return sliders for what is chosen before a run; five networks are trained anew whenever one moves."""
    figure, (ax,) = stage()
    show = losses_panel(ax)
    name_lines(figure, ax)

    def draw(**values: Any) -> Figure:
        show(_simulated(**values), "Five runs of your setting")
        return figure

    def describe(**values: Any) -> str:
        runs = _simulated(**values)
        highest = float(np.nanmax(runs.train_loss.mean(1)))
        above = f" The training loss leaves the picture at the top: it reaches {highest:.3g}."
        return f"{tell_losses(runs)} Guessing costs {BASELINE:.2f}.{above if highest > TOP else ''}"

    def overfits(**values: Any) -> bool:
        losses = _simulated(**values).val_loss.mean(1)
        return bool(losses[-1] >= 1.2 * losses.min())

    return live(
        draw, describe,
        Goal("Make a run that overfits: its validation loss ends at least 1.2 times as high as its lowest.",
             overfits),
        rate=slider("Learning rate", -5, 0, 0.25, 0.01, powers_of_ten=True),
        width=slider("Units in each of two layers", 1, 64, 1, 32),
        rows=slider("Training rows (data)", 20, 160, 20, 120),
        wrong=slider("Wrong labels, in % (noise)", 0, 50, 10, 10),
        epochs=slider("Epochs", 5, 40, 5, 30),
    )  # fmt: skip


def _simulated(wrong: int, **values: Any) -> Runs:
    return train_runs(Setting(wrong=wrong / 100, **values))


def guess_the_cause() -> Interactive:
    """Return five cases, each a set of curves whose cause is to be guessed; a guess is answered at once."""
    cases = [train_runs(setting, with_maps=setting in PICTURES.values()) for setting, _, _ in CASES]
    figure, (ax,) = stage()
    show = losses_panel(ax)
    name_lines(figure, ax)
    solved: set[int] = set()

    def draw(case: int, guess: str) -> Figure:
        show(cases[case - 1], f"Case {case}")
        return figure

    def describe(case: int, guess: str) -> str:
        return f"Case {case}. {tell_losses(cases[case - 1])} {_answer(guess, *CASES[case - 1][1:])}"

    def all_solved(case: int, guess: str) -> bool:
        if guess == CASES[case - 1][1]:
            solved.add(case)
        return len(solved) == len(CASES)

    case, guess = slider("Case", 1, len(CASES), 1, 1), menu("Your guess", GUESSES)
    game = live(draw, describe, Goal("Name the cause of all five cases.", all_solved), case=case, guess=guess)
    case.observe(lambda _change: guess.set_trait("value", LOOK), names="value")  # each is looked at first
    return game


def _answer(guess: str, cause: str, reason: str) -> str:
    if guess == LOOK:
        return "What is the cause? Choose a guess."
    if guess == cause:
        return f"Yes: {cause}. {reason}"
    return f"You guessed: {guess}. Not yet: look again at how the curves end, and at their level."


def epoch_slider() -> Interactive:
    """Return an epoch slider over a stored run of picture A: its curves, and what it says in every place."""
    runs = train_runs(PICTURES["A"], with_maps=True)
    history = runs.history(0)
    best = int(np.argmin(history["val_loss"])) + 1

    def map_panel(ax: Axes) -> Callable[[int], str]:
        image = draw_map(ax, runs.maps[0], runs.setting, "What the model says in every place")

        def move(epoch: int) -> str:
            image.set_data(runs.maps[epoch - 1])
            return f"In the map, {tell_map(runs, epoch - 1)}."

        return move

    goal = Goal("Go to the epoch with the lowest validation loss.", lambda epoch: epoch == best)
    return replay(history, map_panel, title="One run of picture A", goal=goal)


def rows_against_epochs() -> None:
    """Show the loss curves of 30 rows, of twice the epochs and of twice the rows, each to the end."""
    once = Setting(rows=30, rate=0.005, epochs=_epochs(30))
    settings = {
        "30 rows": once,
        "Twice the epochs": replace(once, epochs=2 * once.epochs),
        "Twice the rows": replace(once, rows=60),
    }
    for name, setting in settings.items():
        print(f"{name}: validation loss at the end {mean_and_spread(train_runs(setting).val_loss[-1])}")


def more_rows_or_more_epochs() -> Interactive:
    """Return buttons for the number of training rows: its loss curve, and the learning curve next to it."""
    runs = {rows: train_runs(Setting(rows=rows, rate=0.005, epochs=_epochs(rows))) for rows in ROWS}
    ends = {rows: (run.train_loss[-1].mean(), run.val_loss[-1].mean()) for rows, run in runs.items()}
    enough = min(rows for rows in ROWS if ends[rows][1] - ends[rows][0] < 0.1)
    told = " ".join(
        tell_curve([end[i] for end in ends.values()], f"{name} loss at the end", "step")
        for i, name in enumerate(("training", "validation"))
    )
    figure, (left, right) = stage(2, 3.6)
    show, point = losses_panel(left), _draw_learning_curve(right, runs)
    name_lines(figure, left)

    def draw(rows: int) -> Figure:
        show(runs[rows], f"Loss curve of {rows} rows")
        point.set_xdata([rows, rows])
        return figure

    def describe(rows: int) -> list[str]:
        train, validation = ends[rows]
        here = f"At {rows} rows {train:.2f} and {validation:.2f}, a gap of {validation - train:.2f}."
        return [
            f"{rows} rows, {_epochs(rows)} epochs. {tell_losses(runs[rows])}",
            f"Learning curve, in steps from {ROWS[0]} to {ROWS[-1]} rows, each twice the last: {told} {here}",
        ]

    goal = Goal("Find the smallest number of rows with a gap below 0.10.", lambda rows: rows == enough)
    return live(draw, describe, goal, rows=menu("Training rows", ROWS))


def _epochs(rows: int) -> int:
    return round(STEPS / math.ceil(rows / BATCH_SIZE))


def _draw_learning_curve(ax: Axes, runs: dict[int, Runs]) -> Any:
    """Draw the losses at the end for every number of rows; return the line that marks one of them."""
    for i, losses in enumerate(("train_loss", "val_loss")):
        ends = np.array([getattr(run, losses)[-1] for run in runs.values()])
        look = {"color": PALETTE[i], "marker": MARKERS[i], "capsize": 4}
        ax.errorbar(list(runs), ends.mean(1), ends.std(1, ddof=1), **look)
    chosen = ax.axvline(ROWS[0], color="grey", lw=6, alpha=0.3)
    ax.axhline(BASELINE, color="black", ls="--", lw=1)
    ax.set_xscale("log")
    ax.set_xticks(list(runs), [str(rows) for rows in runs], minor=False)
    ax.minorticks_off()
    ax.set_ylim(0, 2.2)
    label(ax, "Learning curve", "training rows", "loss at the end")
    moving(chosen)
    return chosen


def smoothing(smooth: Callable[[Sequence[float], float], Any]) -> Interactive:
    """Return a slider for beta over one jagged validation curve, smoothed by the given function."""
    losses = np.array(train_runs(Setting(rate=0.1), n_seeds=1).history(0)["val_loss"])
    figure, (ax,) = stage()
    epochs = np.arange(1, len(losses) + 1)
    ax.plot(epochs, losses, color=PALETTE[0], alpha=0.5, marker=MARKERS[0], ms=3, label="measured")
    look = {"color": PALETTE[1], "lw": 2.5, "marker": MARKERS[1], "markevery": 5}
    (line,) = ax.plot(epochs, losses, label="smoothed", **look)
    label(ax, "Validation loss of one run, rate 0.1", "epoch", "loss")
    moving(line)

    def smoothed(beta: float) -> np.ndarray:
        return np.asarray(smooth(losses.tolist(), beta), dtype=float)

    def jump(beta: float) -> float:
        return float(np.abs(np.diff(smoothed(beta))).mean())

    def draw(beta: float) -> Figure:
        line.set_ydata(smoothed(beta))
        return figure

    def describe(beta: float) -> str:
        values = smoothed(beta)
        return (
            f"Beta {beta:.2f}: the curve changes by {jump(beta):.3f} an epoch on average, the measured one "
            f"by {jump(0.0):.3f}. It is lowest in epoch {np.argmin(values) + 1}, the measured one in epoch "
            f"{np.argmin(losses) + 1}. In the last epoch it says {values[-1]:.2f}, measured {losses[-1]:.2f}."
        )

    def just_enough(beta: float) -> bool:
        quiet = jump(0.0) / 5
        return jump(beta) <= quiet < jump(max(0.0, beta - 0.05))

    goal = Goal(
        "Find the smallest beta whose curve changes a fifth as much an epoch as the measured one.",
        just_enough,
    )
    return live(draw, describe, goal, beta=slider("Beta", 0.0, 0.95, 0.05, 0.3))


def verdicts(diagnose: Callable[[dict[str, list[float]], float], str]) -> None:
    """Show a table of the verdicts that a function gives on nine settings, five runs each."""
    settings = {f"case {i}": case[0] for i, case in enumerate(CASES, 1)} | CAUSES
    rows = []
    for name, setting in settings.items():
        runs = train_runs(setting, with_maps=setting in PICTURES.values())
        votes = Counter(str(diagnose(runs.history(run), BASELINE)) for run in range(5))
        rows.append((name, ", ".join(f"{verdict} {count} of 5" for verdict, count in votes.most_common())))
    _show_table(("Setting", "Your verdicts on five runs"), rows)


def _show_table(head: tuple[str, str], rows: Sequence[tuple[str, str]]) -> None:
    """Display two columns of text as a table that is also readable as plain text."""
    left = 'style="text-align:left"'
    top = "".join(f'<th scope="col" {left}>{escape(name)}</th>' for name in head)
    body = [f'<tr><th scope="row" {left}>{escape(a)}</th><td {left}>{escape(b)}</td></tr>' for a, b in rows]
    plain = "\n".join(f"{a}: {b}" for a, b in rows)
    display({"text/html": f"<table><tr>{top}</tr>{''.join(body)}</table>", "text/plain": plain}, raw=True)
