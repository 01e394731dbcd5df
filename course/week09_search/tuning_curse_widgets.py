"""Let students pick the best of many copies of one setting, and see what its lead is worth."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from tuning_runs_curse import REPETITIONS, curse, drawn, runs_of, scores
from widget_parts import one_legend, signed, two_panels
from widgets import Goal, Interactive, live, menu, slider

COPIES, SETTINGS = "500 copies of one setting", "500 different settings"
SOURCES = {COPIES: "copies", SETTINGS: "pool"}
WORTH, AT_MOST = 0.006, 50  # the real gain that is asked for, and the copies that may be used
LIMITS = {"copies": ((0.69, 1.01), (0.84, 0.91)), "pool": ((-0.05, 1.05), (0, 1))}  # of the left panel
NUMBERS = (1, 2, 4, 10, 20, 50, 100, 200, 300, 500)  # of the right panel


def means(source: str, number: int, rows: int) -> tuple[float, float, float]:
    """Return the gain that is seen, the real one, and the doubt about its mean, over all draws."""
    found = curse(source, number, rows)
    real = found["real_gain"]
    return float(found["seen_gain"].mean()), float(real.mean()), float(real.std(ddof=1) / len(real) ** 0.5)


@lru_cache
def gains(source: str, rows: int) -> np.ndarray:
    """Return the seen and the real gain by the number of runs, (2, numbers)."""
    return np.array([means(source, number, rows)[:2] for number in NUMBERS]).T


def is_worth_it(number: int, rows: int, seed: int, source: str) -> bool:
    """Return whether a few copies are chosen with so many rows that the winner is truly better."""
    return source == COPIES and number <= AT_MOST and means("copies", number, rows)[1] >= WORTH


def winners_curse() -> Interactive:
    """Return sliders for the number of copies, the validation rows that choose, and the draw of both."""
    figure, (left, right) = two_panels(4.3)
    show_draw, show_means = _draw_panel(left), _means_panel(right)
    one_legend(figure)

    def draw_all(number: int, rows: int, seed: int, source: str) -> Figure:
        show_draw(SOURCES[source], number, rows, seed)
        show_means(SOURCES[source], number, rows)
        return figure

    goal = Goal(
        f"Copies of one setting differ by luck alone. With at most {AT_MOST} of them, make the winner truly "
        f"better: a mean gain of {WORTH:g} or more on the test set.",
        is_worth_it,
    )
    return live(
        draw_all, tell_curse, goal,
        number=slider("How many are tried", 1, 500, 1, AT_MOST),
        rows=slider("Validation rows that choose", 30, 500, 10, 30),
        seed=slider("Draw", 0, 39, 1, 2),
        source=menu("What is tried", SOURCES),
    )  # fmt: skip


# ---------------------------------------------------------------- the panels


def _draw_panel(ax: Axes) -> Callable[[str, int, int, int], None]:
    """Draw empty axes; return a function that shows one draw: all that is tried, and the winner."""
    (dots,) = ax.plot([], [], MARKERS[0], color=PALETTE[0], ms=5, alpha=0.6, ls="", label="tried")
    (winner,) = ax.plot([], [], "o", color="none", mec="black", mew=2, ms=15, ls="", label="the winner")
    (across,) = ax.plot([0, 2], [0, 0], color="black", ls="--", lw=1.5, label="mean of all 500")
    (up,) = ax.plot([0, 0], [0, 2], color="black", ls="--", lw=1.5)
    label(ax, "One draw", "accuracy on the rows that choose", "accuracy on the test set")
    moving(dots, winner, across, up, ax.xaxis, ax.yaxis)

    def show(source: str, number: int, rows: int, draw: int) -> None:
        found = drawn(source, number, rows, draw)
        best = found["show"].argmax()
        dots.set_data(found["show"], found["test"])
        winner.set_data([found["show"][best]], [found["test"][best]])
        across.set_ydata([runs_of(source).test.mean()] * 2)
        up.set_xdata([scores(source, rows)[draw].mean()] * 2)
        ax.set_xlim(LIMITS[source][0])  # not ax.set, which would have the still part painted anew
        ax.set_ylim(LIMITS[source][1])

    return show


def _means_panel(ax: Axes) -> Callable[[str, int, int], None]:
    """Draw empty axes; return a function that shows seen and real gains by how many are tried."""
    (seen,) = ax.plot(
        NUMBERS, [0] * len(NUMBERS), marker=MARKERS[1], color=PALETTE[1], label="gain that is seen"
    )
    (real,) = ax.plot(NUMBERS, [0] * len(NUMBERS), marker=MARKERS[2], color=PALETTE[2], ls="--",
                      label="real gain")  # fmt: skip
    (here,) = ax.plot([1, 1], [-1, 1], color="black", ls=":", lw=1.5, label="your number")
    ax.set_xscale("log")
    ax.set_xticks([1, 10, 100, 500], ["1", "10", "100", "500"])
    ax.set(xlim=(0.9, 560), ylim=(-0.01, 0.08))
    label(ax, f"Mean of {REPETITIONS} draws", "how many are tried", "gain over the mean of all")
    moving(seen, real, here, ax.yaxis)

    def show(source: str, number: int, rows: int) -> None:
        for line, values in zip((seen, real), gains(source, rows), strict=True):
            line.set_ydata(values)
        here.set_xdata([number] * 2)
        ax.set_ylim((-0.01, 0.08) if source == "copies" else (-0.05, 0.4))

    return show


# ---------------------------------------------------------------- the words


def tell_curse(number: int, rows: int, seed: int, source: str) -> list[str]:
    """Say in words what the winner of one draw shows and is worth, and what many draws come to."""
    name, all_runs = SOURCES[source], runs_of(SOURCES[source])
    found = drawn(name, number, rows, seed)
    best, ties = found["show"].argmax(), int((found["show"] == found["show"].max()).sum())
    what = "copies" if source == COPIES else "settings"
    tied = f" ({ties} share this first place)" if ties > 1 else ""
    seen, real, doubt = means(name, number, rows)
    share = f": {real / seen:.0%} of what is seen" if number > 1 and 0 < real < seen else ""
    return [
        f"Draw {seed}: of {number} {what} the best on {rows} rows shows {found['show'][best]:.3f}{tied}; on "
        f"these rows all 500 have {scores(name, rows)[seed].mean():.3f} on average. On the test set the "
        f"winner has {found['test'][best]:.3f}, all 500 have {all_runs.test.mean():.3f}.",
        f"Mean of {REPETITIONS} draws: the winner of {number} looks better than the mean of all by "
        f"{signed(seen)}, and is better by {signed(real, 4)} (doubt {doubt:.4f}){share}.",
    ]
