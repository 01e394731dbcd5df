"""Build the interactive figures of week 4: a simulator, a guessing game, an epoch slider, two curves."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np
from curve_pictures import (
    CAUSES,
    PICTURES,
    TOP,
    draw_map,
    losses_panel,
    mean_and_spread,
    tell_losses,
    tell_map,
)
from curve_runs import BASELINE, BATCH_SIZE, Setting, train_runs
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from widgets import Interactive, label, live, menu, moving, replay, slider, stage

from utils import MARKERS, PALETTE

RETRIEVAL = {
    "A model gives each of ten classes the probability 0.1. What is its cross-entropy?": (
        "Each row costs −ln of the probability of its right class: −ln 0.1 = ln 10 = 2.30. "
        "You will need this number today."
    ),
    "Five targets are about 3, one is 100. Which of MSE, MAE and Huber does the outlier change most?": (
        "MSE: the error of about 97 is squared to about 9400 before it is averaged. "
        "MAE and Huber let it grow in proportion only."
    ),
    "A classifier is right on every row. Is its cross-entropy zero?": (
        "No. It is zero only if every right class has the probability 1. "
        "With 0.6 for the right class each time, every answer is right and the loss is −ln 0.6 = 0.51."
    ),
}
LOOK = "look first"
SEVERAL = "several causes"
CASES = (
    (PICTURES["A"], "too few rows",
     "40 rows, 64 units a layer: the net learns its rows by heart, wrong labels included."),
    (Setting(rate=0.3), "rate too high",
     "The rate was 0.3: the steps overshoot, so the loss jumps and never settles. With 0.01 it falls."),
    (Setting(decay=0.1), SEVERAL,
     "Here a decay of 0.1 held the weights at zero. A rate of 0.00001 gives the same picture."),
    (Setting(epochs=8, rows=240, rate=0.003), "stopped too early",
     "Both curves still fall in the last epoch: 8 epochs were not enough."),
    (Setting(width=2, rows=240), SEVERAL,
     "Here the net had 2 units a layer. 32 units and a decay of 0.05 end at the same height."),
    (Setting(rows=400, rate=0.005), "nothing: healthy",
     "Both fall far below guessing and settle close together. 10 % wrong labels keep them from going lower."),
)  # fmt: skip
GUESSES = (LOOK, *sorted({cause for _, cause, _ in CASES}))
ROWS = (30, 60, 120, 240, 480, 960)
STEPS = 480  # every network of the learning curve takes about as many steps


def simulator() -> Interactive:
    """Return sliders for what is chosen before a run; five networks are trained anew whenever one moves."""
    train = lru_cache(maxsize=32)(train_runs)  # the picture and its words come from one training
    figure, (ax,) = stage()
    show = losses_panel(ax)

    def draw(**values: Any) -> Figure:
        show(train(_setting(**values)), "Five runs of your setting")
        return figure

    def describe(**values: Any) -> str:
        runs = train(_setting(**values))
        highest = float(np.nanmax(runs.train_loss.mean(1)))
        above = f" The training loss leaves the picture at the top: it reaches {highest:.3g}."
        return f"{tell_losses(runs)}Guessing costs {BASELINE:.2f}.{above if highest > TOP else ''}"

    return live(
        draw, describe,
        rate=slider("Learning rate", -5, 0, 0.25, 0.01, powers_of_ten=True),
        width=slider("Units in each of two layers", 1, 64, 1, 32),
        rows=slider("Training rows (data)", 20, 160, 20, 120),
        wrong=slider("Wrong labels, in % (noise)", 0, 50, 10, 10),
        epochs=slider("Epochs", 5, 40, 5, 30),
    )  # fmt: skip


def _setting(wrong: int, **values: Any) -> Setting:
    return Setting(wrong=wrong / 100, **values)


def guess_the_cause() -> Interactive:
    """Return six cases, each a set of curves whose cause is to be guessed; a guess is answered at once."""
    cases = [train_runs(setting) for setting, _, _ in CASES]
    figure, (ax,) = stage()
    show = losses_panel(ax)

    def render(case: int, guess: str) -> tuple[Figure, str]:
        _, cause, reason = CASES[case - 1]
        show(cases[case - 1], f"Case {case}")
        return figure, f"Case {case}. {tell_losses(cases[case - 1])}{_answer(guess, cause, reason)}"

    case, guess = slider("Case", 1, len(CASES), 1, 1), menu("Your guess", GUESSES)
    case.observe(
        lambda _change: guess.set_trait("value", LOOK), names="value"
    )  # each case is looked at first
    return Interactive(render, {"case": case, "guess": guess})


def _answer(guess: str, cause: str, reason: str) -> str:
    if guess == LOOK:
        return "What is the cause? Choose a guess."
    if guess == cause:
        return f"Yes: {cause}. {reason}"
    return f"You guessed: {guess}. Not yet: look again at how the curves end, and at their level."


def epoch_slider() -> Interactive:
    """Return an epoch slider over a stored run of picture A: its curves, and what it says in every place."""
    runs = train_runs(PICTURES["A"], with_maps=True)

    def map_panel(ax: Axes) -> Callable[[int], str]:
        image = draw_map(ax, runs.maps[0], runs.setting, "What the model says in every place")

        def move(epoch: int) -> str:
            image.set_data(runs.maps[epoch - 1])
            return f"In the map, {tell_map(runs, epoch - 1)}."

        return move

    return replay(runs.history(0), map_panel, title="One run of picture A")


def best_epoch() -> str:
    """Return in words where the validation loss of the run behind the epoch slider is lowest."""
    losses = train_runs(PICTURES["A"]).history(0)["val_loss"]
    best = int(np.argmin(losses))
    return f"Epoch {best + 1}: validation loss {losses[best]:.2f}. At the end it is {losses[-1]:.2f}."


def rows_against_epochs() -> str:
    """Return in words what twice the epochs and what twice the rows do to a network with 30 rows."""
    once = Setting(rows=30, rate=0.005, epochs=_epochs(30))
    ends = [
        train_runs(setting).val_loss[-1]
        for setting in (once, replace(once, epochs=2 * once.epochs), replace(once, rows=60))
    ]
    first, longer, more = map(mean_and_spread, ends)
    return f"30 rows: {first}. Twice the epochs: {longer}. Twice the rows: {more} (mean ± spread of 5 runs)."


def more_rows_or_more_epochs() -> Interactive:
    """Return buttons for the number of training rows: its loss curve, and the learning curve next to it."""
    runs = {rows: train_runs(Setting(rows=rows, rate=0.005, epochs=_epochs(rows))) for rows in ROWS}

    figure, (left, right) = stage(2)
    show, point = losses_panel(left), _draw_learning_curve(right, runs)

    def render(rows: int) -> tuple[Figure, str]:
        show(runs[rows], f"Loss curve: more epochs, {rows} rows")
        point.set_xdata([rows, rows])
        return figure, f"{rows} rows, {_epochs(rows)} epochs. {tell_losses(runs[rows])}"

    return Interactive(render, {"rows": menu("Training rows", ROWS)}, rows=240)


def _epochs(rows: int) -> int:
    return round(STEPS / math.ceil(rows / BATCH_SIZE))


def _draw_learning_curve(ax: Axes, runs: dict[int, Any]) -> Any:
    """Draw the losses at the end for every number of rows; return the line that marks one of them."""
    for i, (name, losses) in enumerate([("training", "train_loss"), ("validation", "val_loss")]):
        ends = np.array([getattr(run, losses)[-1] for run in runs.values()])
        look = {"color": PALETTE[i], "marker": MARKERS[i], "capsize": 4}
        ax.errorbar(list(runs), ends.mean(1), ends.std(1), label=name, **look)
    look = {"color": "grey", "lw": 6, "alpha": 0.3, "label": "the runs on the left"}
    chosen = ax.axvline(ROWS[0], ymax=0.5, **look)  # it ends below the legend
    ax.axhline(BASELINE, color="black", ls="--", lw=1, label="guessing")
    ax.set_xscale("log")
    ax.set_xticks(list(runs), [str(rows) for rows in runs], minor=False)
    ax.minorticks_off()
    ax.set_ylim(0, 2.2)
    label(ax, "Learning curve: more rows", "training rows", "loss at the end")
    moving(chosen)
    return chosen


def smoothing(smooth: Callable[[Sequence[float], float], Any]) -> Interactive:
    """Return a slider for beta over one jagged validation curve, smoothed by the given function."""
    history = train_runs(Setting(rate=0.1, rows=120), n_seeds=1).history(0)
    losses = history["val_loss"]
    figure, (ax,) = stage()
    epochs = np.arange(1, len(losses) + 1)
    ax.plot(epochs, losses, color=PALETTE[0], alpha=0.5, marker=MARKERS[0], ms=3, label="measured")
    look = {"color": PALETTE[1], "lw": 2.5, "marker": MARKERS[1], "markevery": 5}
    (line,) = ax.plot(epochs, losses, label="smoothed", **look)
    label(ax, "Validation loss of one run, rate 0.1", "epoch", "loss")
    moving(line)

    def render(beta: float) -> tuple[Figure, str]:
        smoothed = np.asarray(smooth(losses, beta), dtype=float)
        line.set_ydata(smoothed)
        jumps = [float(np.abs(np.diff(values)).mean()) for values in (np.asarray(losses), smoothed)]
        return figure, (
            f"Beta {beta:.2f}: the curve changes by {jumps[1]:.3f} an epoch on average, the measured one by "
            f"{jumps[0]:.3f}. In the last epoch it says {smoothed[-1]:.2f}, measured {losses[-1]:.2f}."
        )

    return Interactive(render, {"beta": slider("Beta", 0.0, 0.95, 0.05, 0.6)})


def verdicts(diagnose: Callable[[dict[str, list[float]], float], str]) -> None:
    """Show a table of the verdicts that a function gives on ten settings, five runs each."""
    settings = {f"case {i}": case[0] for i, case in enumerate(CASES, 1)} | CAUSES
    rows = []
    for name, setting in settings.items():
        runs = train_runs(setting)
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
