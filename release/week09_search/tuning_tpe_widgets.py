"""Let students follow stored TPE studies trial by trial: where good trials are dense, and what it brings."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from scipy.stats import norm
from tuning_runs import stored
from tuning_runs_pool import RATES
from tuning_runs_tpe import chosen
from widget_parts import LOOK, Score, listed, one_legend, put_above_picture, signed, two_panels
from widgets import Goal, Interactive, live, menu, slider

SEEDS, SHOWN, RANDOM_TRIALS = range(6), 40, 10
LOW, HIGH = np.log10(RATES)
EXPONENTS = np.linspace(LOW, HIGH, 201)
FROM_HERE, NEVER = "from this trial on TPE stays ahead", "TPE never stays ahead"
ASKED = 2  # studies with such a trial; and one without


def study(seed: int, sampler: str = "TPE") -> dict[str, np.ndarray]:
    """Return the first trials of a stored study, each (40,)."""
    return {name: values[seed, :SHOWN] for name, values in stored("studies")[sampler].items()}


@lru_cache
def picks(sampler: str, seed: int) -> np.ndarray:
    """Return what the trial that looks best is truly worth, after each trial, (40,)."""
    found = study(seed, sampler)
    return chosen(found["seen"], found["true"])


@lru_cache
def lead_begins(seed: int) -> int | None:
    """Return the trial, from 1, from which on TPE's pick is truly better up to the end; None if never."""
    behind = np.flatnonzero(picks("TPE", seed) <= picks("random", seed))
    return None if behind[-1] == SHOWN - 1 else int(behind[-1]) + 2


# ---------------------------------------------------------------- densities as Optuna makes them


def split_trials(seed: int, trial: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the good trials (the best tenth) and of the others, before a trial, from 1."""
    order = np.argsort(-study(seed)["seen"][: trial - 1], kind="stable")
    good = math.ceil(0.1 * (trial - 1))
    return np.sort(order[:good]), np.sort(order[good:])


def density(exponents: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the density at x of log10 rates that were tried: a bell for each, and a wide one for none.

    A bell is as wide as the larger gap to its neighbours, and no narrower than the range over the number of
    bells + 1. From the 26th trial on older ones count less. All of it is as in Optuna 5.
    """
    n, order = len(exponents), np.argsort(exponents)
    ends = np.concatenate([[LOW], exponents[order], [HIGH]])
    gaps = np.diff(ends)
    widths = np.maximum(gaps[:-1], gaps[1:])
    if n >= 2:
        widths[0], widths[-1] = gaps[1], gaps[-2]
    widths = np.clip(widths, (HIGH - LOW) / min(100, n + 2), HIGH - LOW)[np.argsort(order)]
    weights = np.concatenate([np.linspace(1 / n, 1, n - 25), np.ones(25)]) if n > 25 else np.ones(n)
    centres, scales = np.append(exponents, (LOW + HIGH) / 2), np.append(widths, HIGH - LOW)
    weights = np.append(weights, 1.0) / (weights.sum() + 1)
    inside = norm.cdf(HIGH, centres, scales) - norm.cdf(LOW, centres, scales)
    return np.asarray((weights / inside * norm.pdf(np.asarray(x)[..., None], centres, scales)).sum(axis=-1))


@lru_cache(maxsize=512)
def densities(seed: int, trial: int) -> np.ndarray:
    """Return the densities of good and of other trials over the exponents, (2, 201)."""
    exponents = np.log10(study(seed)["lr"])
    return np.array([density(exponents[part], EXPONENTS) for part in split_trials(seed, trial)])


def times_denser(seed: int, trial: int) -> float:
    """Return how many times denser good trials are than others at the rate that a trial proposes."""
    exponents = np.log10(study(seed)["lr"])
    good, others = (density(exponents[part], exponents[trial - 1]) for part in split_trials(seed, trial))
    return float(good / others)


# ---------------------------------------------------------------- the figure


def tpe_steps() -> Interactive:
    """Return a slider over the trials of a study, a menu of studies, and a menu to say when TPE leads."""
    figure, (left, right) = two_panels(4.3)
    show_densities, show_picks = _densities_panel(left), _picks_panel(right)
    one_legend(figure)
    trial, seed = slider("Trial", 1, SHOWN, 1, RANDOM_TRIALS + 4), menu("Seed of the study", SEEDS)
    seed.value = 1  # a study in which TPE comes to lead
    answer = menu("Your answer", (LOOK, FROM_HERE, NEVER))
    for control in (trial, seed):
        control.observe(lambda _change: answer.set_trait("value", LOOK), names="value")
    found: dict[int, int | None] = {}
    score = Score(told_found(found, ""))

    def draw(trial: int, seed: int, answer: str) -> Figure:
        show_densities(seed, trial)
        show_picks(seed, trial)
        return figure

    def all_found(trial: int, seed: int, answer: str) -> bool:
        reply = ""
        if answer != LOOK:
            reply = judge(trial, seed, answer)
            found.update({seed: lead_begins(seed)} if reply.startswith("Yes") else {})
        score.tell(told_found(found, reply))
        leads = sum(begins is not None for begins in found.values())
        return leads >= ASKED and leads < len(found)

    goal = Goal(
        f"Find {ASKED} studies in which TPE's pick is truly better than that of random search from some "
        f"trial on, up to trial {SHOWN}, and say which. Find also one in which there is no such trial.",
        all_found,
    )
    widget = live(draw, tell_tpe, goal, trial=trial, seed=seed, answer=answer)
    put_above_picture(widget, score)
    return widget


def judge(trial: int, seed: int, answer: str) -> str:
    """Return a reply to what somebody says of a study."""
    begins, last = lead_begins(seed), picks("TPE", seed)[-1] - picks("random", seed)[-1]
    if answer == NEVER:
        if begins is None:
            return f"Yes: after trial {SHOWN} the difference is {signed(last, 4)}."
        return f"No: after trial {SHOWN} TPE is ahead by {signed(last, 4)}."
    if begins is None:
        return f"No: after trial {SHOWN} TPE is not ahead, the difference is {signed(last, 4)}."
    if trial == begins:
        return f"Yes: from trial {trial} on."
    return f"No: {'it is ahead for some time by then' if trial > begins else 'it is not, or not for good'}."


def told_found(found: dict[int, int | None], reply: str) -> str:
    """Return the reply and what was found so far."""
    parts = [
        f"seed {seed} {'never' if begins is None else f'from trial {begins}'}"
        for seed, begins in sorted(found.items())
    ]
    return f"{reply} Found: {listed(parts) if parts else 'nothing yet'}.".strip()


# ---------------------------------------------------------------- the panels


def _densities_panel(ax: Axes) -> Callable[[int, int], None]:
    """Draw empty axes; return a function that shows two densities, their trials, and the next proposal."""
    (good,) = ax.plot(EXPONENTS, 0 * EXPONENTS, color=PALETTE[2], lw=2.5, label="good trials")
    (others,) = ax.plot(EXPONENTS, 0 * EXPONENTS, color=PALETTE[1], ls="--", lw=2, label="other trials")
    (good_rug,) = ax.plot([], [], MARKERS[2], color=PALETTE[2], mec="black", ms=9, ls="")
    (others_rug,) = ax.plot([], [], "x", color=PALETTE[1], ms=6, ls="")
    (proposal,) = ax.plot([0, 0], [0, 9], color="black", ls=":", lw=2, label="this trial")
    ax.set(xlim=(LOW, HIGH), ylim=(-0.13, 0.85))
    ax.set_xticks([-5, -4, -3, -2, -1], ["0.00001", "0.0001", "0.001", "0.01", "0.1"])
    label(ax, "Where trials were dense", "rate", "density")
    moving(good, others, good_rug, others_rug, proposal)

    def show(seed: int, trial: int) -> None:
        exponents = np.log10(study(seed)["lr"])
        proposal.set_xdata([exponents[trial - 1]] * 2)
        first, second = split_trials(seed, trial)
        good_rug.set_data(exponents[first], [-0.045] * len(first))
        others_rug.set_data(exponents[second], [-0.09] * len(second))
        both = densities(seed, trial) if trial > RANDOM_TRIALS else np.full((2, len(EXPONENTS)), np.nan)
        good.set_ydata(both[0])
        others.set_ydata(both[1])

    return show


def _picks_panel(ax: Axes) -> Callable[[int, int], None]:
    """Draw empty axes; return a function that shows what both picks are worth, up to a trial."""
    drawn = [
        ax.plot([], [], color=PALETTE[i], marker=MARKERS[i], ls=ls, ms=size, lw=1.5, label=name)[0]
        for i, (name, ls, size) in enumerate((("TPE", "-", 9), ("random search", "--", 4)))
    ]
    ax.axvspan(0.5, RANDOM_TRIALS + 0.5, color="gray", alpha=0.15, lw=0, label="drawn at random")
    ax.set(xlim=(0.5, SHOWN + 0.5), ylim=(0.868, 0.918))
    label(ax, "What the pick is truly worth", "trial", "accuracy")
    moving(*drawn)

    def show(seed: int, trial: int) -> None:
        for line, sampler in zip(drawn, ("TPE", "random"), strict=True):
            line.set_data(np.arange(1, trial + 1), np.maximum(picks(sampler, seed)[:trial], 0.8685))

    return show


# ---------------------------------------------------------------- the words


def tell_tpe(trial: int, seed: int, answer: str) -> list[str]:
    """Say in words where a trial is proposed and why, and what both picks are worth after it."""
    rate = study(seed)["lr"][trial - 1]
    good, others = split_trials(seed, trial)
    if trial <= RANDOM_TRIALS:
        why = f"Trial {trial} tries rate {rate:.2g}, drawn at random as are the first {RANDOM_TRIALS}"
    else:
        peak = 10 ** EXPONENTS[densities(seed, trial)[0].argmax()]
        rates = listed([f"{each:.2g}" for each in sorted(study(seed)["lr"][good])])
        why = (
            f"Trial {trial} proposes rate {rate:.2g}. There, as to the rate alone, good trials are "
            f"{times_denser(seed, trial):.1f} times as dense as the {len(others)} others. Good so far: "
            f"{rates}; densest at {peak:.2g}"
        )
    tpe, random = picks("TPE", seed)[trial - 1], picks("random", seed)[trial - 1]
    lead = "both are the same" if tpe == random else f"TPE less random {signed(tpe - random, 4)}"
    return [
        f"{why}.",
        f"After trial {trial} the pick of TPE is truly worth {tpe:.4f}, that of random search {random:.4f}: "
        f"{lead}.",
    ]
