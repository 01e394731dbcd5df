"""Let students choose patience and min_delta for six stored runs, and count what each choice costs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from stopping_rule import stop_and_best
from stopping_runs import EPOCHS, stored
from widget_parts import one_legend, two_panels
from widgets import Goal, Interactive, live, menu, slider

RUNS = {f"rate {rate:g}, seed {seed}": (rate, seed) for rate in (0.01, 0.001) for seed in range(3)}
RESTORED, AS_STOPPED = "yes", "no"
GOOD, AT_MOST = 0.01, 250  # regret of each run; epochs of all six together

Choice = tuple[np.ndarray, np.ndarray, np.ndarray]  # of the six runs: stop, kept epoch (from 0), regret


def curves(name: str) -> np.ndarray:
    """Return a curve of all six runs, (6, epochs)."""
    return np.array([stored("curves")[rate][name][seed] for rate, seed in RUNS.values()])


@lru_cache
def outcome(patience: int, min_delta: float, restore: str) -> Choice:
    """Return of the six runs the last epoch, the epoch whose weights are kept, and the regret, each (6,)."""
    losses = curves("val_loss")
    stop, best = stop_and_best(losses, patience, min_delta)
    kept = best if restore == RESTORED else stop
    return stop, kept, losses[np.arange(len(losses)), kept] - losses.min(axis=1)


def is_good(patience: int, min_delta: float, run: str, restore: str) -> bool:
    """Return whether all six runs lose less than GOOD, with at most AT_MOST epochs in total."""
    stop, _, regret = outcome(patience, min_delta, restore)
    return bool((regret < GOOD).all() and (stop + 1).sum() <= AT_MOST)


def patience_view() -> Interactive:
    """Return sliders for patience and min_delta over six stored runs: what is kept, and what it costs."""
    figure, (left, right) = two_panels(4.3)
    show_run, show_all = _run_panel(left), _all_panel(right)
    one_legend(figure)

    def draw(patience: int, min_delta: float, run: str, restore: str) -> Figure:
        found = outcome(patience, min_delta, restore)
        show_run(list(RUNS).index(run), found)
        show_all(list(RUNS).index(run), found)
        return figure

    goal = Goal(
        f"Lose little and train little: bring the regret below {GOOD:g} on all six runs, with at most "
        f"{AT_MOST} of the {EPOCHS * len(RUNS)} epochs in total.",
        is_good,
    )
    return live(
        draw, tell_patience, goal,
        patience=slider("Patience", 1, 20, 1, 1),
        min_delta=slider("min_delta", 0.0, 0.05, 0.001, 0.0),
        run=menu("Run", RUNS),
        restore=menu("Restore the best weights", (AS_STOPPED, RESTORED)),
    )  # fmt: skip


# ---------------------------------------------------------------- the panels


def _run_panel(ax: Axes) -> Callable[[int, Choice], None]:
    """Draw empty curves of one run; return a function that shows a run, its stop and the kept epoch."""
    epochs = np.arange(1, EPOCHS + 1)
    lines = []
    for i, name in enumerate(("validation loss", "test loss")):
        look = {"color": PALETTE[i], "marker": MARKERS[i], "linestyle": ("-", "--")[i]}
        lines += ax.plot(epochs, 0 * epochs, label=name, markevery=(6 * i, 12), **look)
    untrained = ax.axvspan(0, 1, fc="none", ec="gray", hatch="//", alpha=0.5, lw=0, label="not trained")
    stop_line = ax.axvline(1, color="black", ls=":", lw=2, label="stop")
    (kept,) = ax.plot([1], [1], "D", color=PALETTE[2], mec="black", ms=12, ls="", label="kept")
    ax.set(xlim=(0, EPOCHS + 1), ylim=(0.3, 2.0))
    label(ax, "One run", "epoch", "loss")
    moving(*lines, untrained, stop_line, kept)

    def show(run: int, found: Choice) -> None:
        stop, best, _ = (part[run] for part in found)
        for line, name in zip(lines, ("val_loss", "test_loss"), strict=True):
            line.set_ydata(curves(name)[run])
        untrained.set_bounds(stop + 1.5, 0, EPOCHS - stop, 1)
        stop_line.set_xdata([stop + 1.5] * 2)
        kept.set_data([best + 1], [curves("val_loss")[run, best]])

    return show


def _all_panel(ax: Axes) -> Callable[[int, Choice], None]:
    """Draw the six runs by their cost; return a function that moves them, with a ring around one."""
    points = [
        ax.plot([0] * 3, [0] * 3, MARKERS[i], color=PALETTE[i], ms=10, mec="black", label=f"rate {rate:g}")[0]
        for i, rate in enumerate((0.01, 0.001))
    ]
    (ring,) = ax.plot([0], [0], "o", color="none", mec="black", mew=2, ms=19, label="the run at the left")
    ax.axhline(GOOD, color="black", ls="--", lw=1.5, label=f"regret {GOOD:g}")
    ax.set_yscale("symlog", linthresh=GOOD)
    ax.set(xlim=(0, EPOCHS + 2), ylim=(-0.003, 3))
    ax.set_yticks([0, 0.01, 0.1, 1], ["0", "0.01", "0.1", "1"])
    label(ax, "All six runs", "epochs trained", "regret of the kept epoch")
    moving(*points, ring)

    def show(run: int, found: Choice) -> None:
        trained, regret = found[0] + 1, found[2]
        for i, three in enumerate(points):
            three.set_data(trained[3 * i : 3 * i + 3], regret[3 * i : 3 * i + 3])
        ring.set_data([trained[run]], [regret[run]])

    return show


# ---------------------------------------------------------------- the words


def tell_patience(patience: int, min_delta: float, run: str, restore: str) -> list[str]:
    """Say in words what is kept of one run, and what these settings cost on all six."""
    stop, kept, regret = outcome(patience, min_delta, restore)
    at = list(RUNS).index(run)
    validation, test = (curves(name)[at] for name in ("val_loss", "test_loss"))
    ends = "is trained to the end" if stop[at] == EPOCHS - 1 else f"stops after epoch {stop[at] + 1}"
    whose = "best" if restore == RESTORED else "last"
    here = kept[at]
    one = (
        f"{run[0].upper()}{run[1:]}: patience {patience} with min_delta {min_delta:g} {ends} and keeps the "
        f"{whose} weights, those of epoch {here + 1}: validation loss {validation[here]:.3f}, test loss "
        f"{test[here]:.3f}. The lowest validation loss of the whole run is {validation.min():.3f}, in "
        f"epoch {validation.argmin() + 1}: regret {regret[at]:.3f}. Not trained: {EPOCHS - 1 - stop[at]} of "
        f"{EPOCHS} epochs."
    )
    each = ", ".join(f"{loss:.3f} after {end + 1}" for loss, end in zip(regret, stop, strict=True))
    return [
        one,
        f"Regret below {GOOD:g} on {(regret < GOOD).sum()} of 6 runs, with {(stop + 1).sum()} of "
        f"{EPOCHS * len(RUNS)} epochs in total. Run by run, regret after epochs trained: {each}.",
    ]
