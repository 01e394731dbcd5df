"""Let students edit a schedule of rates, and see how the nearest setting that was trained ended."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from optimizer_parts import look, tell_pairs
from optimizer_runs import BASES, EDITED_STEPS, KINDS, SHARES, key_of, schedule_of, stored
from sweep_settings import Setting
from widgets import Goal, Interactive, label, live, menu, moving, slider, stage

from utils import rates_of

STEPS = 100  # that are drawn; the trained runs have EDITED_STEPS
TOLD = (1, 25, 50, 75, 100)  # steps whose rates are told
WANTED = 0.1  # the mean rate of the goal
SAME = 0.003  # from here on, two mean rates are told apart
EDGE = 0.75  # lower accuracies are drawn here
PLAIN = schedule_of("constant", WANTED)  # the setting that all others are compared with


def edited_rates(kind: str, base: float, warmup: int, smallest: int) -> np.ndarray:
    """Return the rates of STEPS steps; smallest: the lowest rate, in % of the base."""
    return np.array(rates_of(schedule_of(kind, base, warmup, smallest / 100), STEPS))


def nearest(kind: str, base: float, warmup: int, smallest: int) -> Setting:
    """Return the trained setting that lies nearest: in the base by ratio, in the others by distance."""
    trained = min(BASES, key=lambda other: abs(np.log(other / base)))
    share = min(SHARES, key=lambda other: abs(other - smallest / 100))
    return schedule_of(kind, trained, EDITED_STEPS // 10 if warmup >= 5 else 0, share)


def accuracies(setting: Setting) -> np.ndarray:
    """Return the last validation accuracies of a trained setting, (20 seeds,)."""
    values: np.ndarray = stored("schedules", key_of(setting))["val_accuracy"]
    return values


def schedule_editor() -> Interactive:
    """Return sliders for a schedule over 100 steps: its rates, and how the nearest trained setting ended."""
    figure, (left, right) = stage(2, 3.7)
    steps = np.arange(1, STEPS + 1)
    (rates,) = left.plot(steps, 0 * steps, markevery=(4, 10), label="your rates", **look(1))
    (mean,) = left.plot(steps, 0 * steps, color="black", ls=":", lw=1.5, label="their mean")
    left.set(ylim=(-0.02, 1.08))
    label(left, f"Rates of {STEPS} steps", "step", "rate")
    show = _ends_panel(right)
    moving(rates, mean, left.get_legend())

    def draw(kind: str, base: float, warmup: int, smallest: int) -> Figure:
        values = edited_rates(kind, base, warmup, smallest)
        rates.set_ydata(values)
        mean.set_ydata(np.full(STEPS, values.mean()))
        show(accuracies(PLAIN), accuracies(nearest(kind, base, warmup, smallest)))
        return figure

    return live(
        draw, _describe, _same_mean(),
        kind=menu("Kind", KINDS),
        base=slider("Base rate", 0.02, 1.0, 0.02, 0.1),
        warmup=slider("Warm-up, in steps", 0, 30, 5, 0),
        smallest=slider("Smallest rate, in % of the base", 0, 50, 5, 0),
    )  # fmt: skip


def _ends_panel(ax: Axes) -> Any:
    """Draw a row of points for two settings; return a function that shows their accuracies, (seeds,) each."""
    names = (f"constant {WANTED:g}", "nearest to yours")
    places = (np.linspace(-0.2, 0.2, 20), 1 + np.linspace(-0.2, 0.2, 20))
    points = []
    for i, (place, name) in enumerate(zip(places, names, strict=True)):
        points += ax.plot(place, 0 * place, **(look(i) | {"linestyle": ""}), ms=6, label=name)
    means = [ax.plot([i - 0.3, i + 0.3], [0, 0], color="black", lw=2)[0] for i in (0, 1)]
    ax.set_xticks((0, 1), names)
    ax.set(xlim=(-0.6, 1.6), ylim=(EDGE - 0.005, 0.95))
    label(ax, "20 trained runs each; bar: mean", "setting", f"validation accuracy (from {EDGE:g})")
    ax.get_legend().remove()
    moving(*points, *means)

    def show(*ends: np.ndarray) -> None:
        for point, mean, values in zip(points, means, ends, strict=True):
            point.set_ydata(np.maximum(values, EDGE))
            mean.set_ydata([max(values.mean(), EDGE)] * 2)

    return show


def _same_mean() -> Goal:
    return Goal(
        f"Make a cosine whose mean rate is that of a constant {WANTED:g} (within {SAME:g}).",
        lambda **values: values["kind"] == "cosine" and abs(edited_rates(**values).mean() - WANTED) <= SAME,
    )


def _describe(kind: str, base: float, warmup: int, smallest: int) -> list[str]:
    rates = edited_rates(kind, base, warmup, smallest)
    told = ", ".join(f"{rates[step - 1]:.3g}" for step in TOLD)
    trained = nearest(kind, base, warmup, smallest)
    ended = tell_pairs(accuracies(PLAIN), accuracies(trained), f"constant {WANTED:g}")
    return [
        f"{kind.capitalize()}, base {base:g}. At steps {', '.join(map(str, TOLD))} the rate is {told}; the "
        f"mean rate is {rates.mean():.3g}.{_note(kind, smallest)}",
        f"Nearest trained setting: {_in_words(trained)}. {ended}",
    ]


def _note(kind: str, smallest: int) -> str:
    """Say where the smallest rate does nothing."""
    if kind in ("constant", "step") and smallest > 0:
        return " This kind has no smallest rate."
    return (
        " An exponential cannot reach 0: it ends at 1 %." if kind == "exponential" and smallest == 0 else ""
    )


def _in_words(setting: Setting) -> str:
    """Return a trained setting in words; warm-up and smallest rate as shares."""
    parts = [f"{setting.schedule} {setting.lr:g}"]
    parts += ["warm-up over a tenth of the steps"] if setting.warmup_steps else []
    parts += [f"down to {100 * setting.min_lr / setting.lr:.0f} %"] if setting.min_lr else []
    return ", ".join(parts)
