"""Let students give random search, TPE and halving the same epochs, and move halving's first cut."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from controls import Choice
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from tuning_runs import stored
from tuning_runs_pool import EPOCHS, pool
from tuning_runs_race import (
    BUDGETS,
    FACTORS,
    FIRST_CUTS,
    REPETITIONS,
    TPE_STUDIES,
    entrants,
    halving_picks,
    random_picks,
    rungs,
    survivors,
)
from widget_parts import LOOK, Score, listed, one_legend, put_above_picture, signed, two_panels
from widgets import Goal, Interactive, live, menu, slider

LOSES, WINS, OPEN = "halving loses to random search", "halving beats random search", "no pairs can tell"
NEEDED = 2  # doubts
Found = dict[int, set[str]]  # by budget: what was rightly said of halving there


@lru_cache(maxsize=256)
def halving_gain(budget: int, first_cut: int, factor: int) -> tuple[float, float]:
    """Return by how much halving's picks beat those of random search on the test set, and the doubt.

    Each of the 200 pairs draws its settings from the same order.
    """
    gain = pool().test[halving_picks(budget, first_cut, factor)] - pool().test[random_picks(budget)]
    return float(gain.mean()), float(gain.std(ddof=1) / len(gain) ** 0.5)


def verdict(budget: int, first_cut: int, factor: int) -> str:
    """Return what 200 pairs say of halving against random search."""
    gain, doubt = halving_gain(budget, first_cut, factor)
    return OPEN if abs(gain) < NEEDED * doubt else WINS if gain > 0 else LOSES


@lru_cache(maxsize=512)
def worths(budget: int, first_cut: int, factor: int) -> dict[str, tuple[float, float]]:
    """Return by search the mean and the spread of its picks' test accuracy."""
    picks = {
        "random": random_picks(budget),
        "TPE": stored("race")["TPE"]["picks"][:, budget // EPOCHS - 1],
        "halving": halving_picks(budget, first_cut, factor),
    }
    found = {name: pool().test[each] for name, each in picks.items()}
    return {name: (float(test.mean()), float(test.std(ddof=1))) for name, test in found.items()}


def lines(name: str, first_cut: int, factor: int) -> np.ndarray:
    """Return mean and spread of a search by the budget, (2, budgets)."""
    return np.array([worths(budget, first_cut, factor)[name] for budget in BUDGETS]).T


def budget_race() -> Interactive:
    """Return controls for the epochs, for halving's factor and first cut, and a menu to say who is ahead."""
    figure, (left, right) = two_panels(4.3)
    show_lines, show_rungs = _lines_panel(left), _rungs_panel(right)
    one_legend(figure)
    budget = slider("Epochs in total", BUDGETS[0], BUDGETS[-1], 100, 300)
    first_cut, factor = menu("First cut after epoch", FIRST_CUTS), menu("Halving by", FACTORS)
    factor.value = 3
    answer = _answer_menu(budget, first_cut, factor)
    found: Found = {}
    score = Score(told_found(found, ""))

    def draw(budget: int, first_cut: int, factor: int, answer: str) -> Figure:
        show_lines(budget, first_cut, factor)
        show_rungs(budget, first_cut, factor)
        return figure

    def both_found(budget: int, first_cut: int, factor: int, answer: str) -> bool:
        reply = ""
        if answer != LOOK:
            reply = judge(budget, first_cut, factor, answer)
            if answer == verdict(budget, first_cut, factor) != OPEN:
                found.setdefault(budget, set()).add(answer)
        score.tell(told_found(found, reply))
        return any(len(said) == 2 for said in found.values())

    goal = Goal(
        f"At one and the same number of epochs, find a halving that loses to random search and one that "
        f"beats it, each by {NEEDED} doubts or more. Say so in the menu.",
        both_found,
    )
    controls = {"budget": budget, "first_cut": first_cut, "factor": factor, "answer": answer}
    widget = live(draw, tell_race, goal, **controls)
    put_above_picture(widget, score)
    return widget


def _answer_menu(*moved: object) -> Choice:
    choice = menu("Your answer", (LOOK, LOSES, WINS))
    for control in moved:
        control.observe(lambda _change: choice.set_trait("value", LOOK), names="value")  # type: ignore[attr-defined]
    return choice


def judge(budget: int, first_cut: int, factor: int, answer: str) -> str:
    """Return a reply to what somebody says of halving."""
    gain, doubt = halving_gain(budget, first_cut, factor)
    pairs = f"{signed(gain, 4)} ± {doubt:.4f} over {REPETITIONS} pairs"
    told = verdict(budget, first_cut, factor)
    if told == answer:
        return f"Yes: {pairs}."
    return f"No: {pairs}, {'less than 2 doubts' if told == OPEN else 'the other way round'}."


def told_found(found: Found, reply: str) -> str:
    """Return the reply and what was found so far."""
    parts = [
        f"at {budget} epochs one that {listed(sorted('loses' if each == LOSES else 'wins' for each in said))}"
        for budget, said in sorted(found.items())
    ]
    parts = [part.replace("loses and wins", "loses and one that wins") for part in parts]
    return f"{reply} Found: {listed(parts) if parts else 'nothing yet'}.".strip()


# ---------------------------------------------------------------- the panels


def _lines_panel(ax: Axes) -> Callable[[int, int, int], None]:
    """Draw random search and TPE; return a function that shows halving's line and the budget."""
    for i, name in enumerate(("random", "TPE")):
        mean, spread = lines(name, 1, 3)
        ax.plot(BUDGETS, mean, color=PALETTE[i], marker=MARKERS[i], ls=("-", "--")[i], label=name)
        ax.fill_between(BUDGETS, mean - spread, mean + spread, color=PALETTE[i], alpha=0.15, lw=0)
    (halving,) = ax.plot(BUDGETS, [0] * len(BUDGETS), color=PALETTE[2], marker=MARKERS[2], ls=":", lw=2.5,
                         label="halving")  # fmt: skip
    (here,) = ax.plot([0, 0], [0, 1], color="black", lw=1, label="your epochs")
    ax.set(xlim=(60, 1040), ylim=(0.82, 0.9))
    label(ax, "What the picked setting has", "epochs in total", "test accuracy")
    moving(halving, here)

    def show(budget: int, first_cut: int, factor: int) -> None:
        halving.set_ydata(np.maximum(lines("halving", first_cut, factor)[0], 0.8215))
        here.set_xdata([budget] * 2)

    return show


def _rungs_panel(ax: Axes) -> Callable[[int, int, int], None]:
    """Draw empty axes; return a function that shows how many settings halving trains how far."""
    (steps,) = ax.plot([], [], color=PALETTE[2], marker=MARKERS[2], lw=2, label="left in halving")
    ax.axhline(1, color="gray", lw=0.8)
    (random,) = ax.plot([], [], color=PALETTE[0], marker=MARKERS[0], ls="-", label="in random search")
    ax.set_yscale("log")
    ax.set_yticks([1, 10, 100], ["1", "10", "100"])
    ax.set(xlim=(-0.5, EPOCHS + 1), ylim=(0.7, 520))
    label(ax, "Settings that are trained", "epoch", "settings")
    moving(steps, random)

    def show(budget: int, first_cut: int, factor: int) -> None:
        counts = survivors(entrants(budget, first_cut, factor), first_cut, factor)
        marks = [0, *rungs(first_cut, factor)]
        x = np.repeat(marks, 2)[1:-1]
        steps.set_data(x, np.repeat(counts, 2))
        random.set_data([0, EPOCHS], [budget // EPOCHS] * 2)

    return show


# ---------------------------------------------------------------- the words


def tell_race(budget: int, first_cut: int, factor: int, answer: str) -> list[str]:
    """Say in words what each search's pick is worth, and how halving spends its epochs."""
    found = worths(budget, first_cut, factor)
    each = [f"{name} {mean:.4f} ± {spread:.4f}" for name, (mean, spread) in found.items()]
    gain, doubt = halving_gain(budget, first_cut, factor)
    counts = survivors(entrants(budget, first_cut, factor), first_cut, factor)
    plan = [f"{count} to epoch {end}" for count, end in zip(counts, rungs(first_cut, factor), strict=True)]
    return [
        f"{budget} epochs, test accuracy of the pick, mean ± spread: {listed(each)} ({REPETITIONS} searches; "
        f"TPE {len(TPE_STUDIES)}). Halving less random: {signed(gain, 4)}, doubt {doubt:.4f}.",
        f"Random search trains {budget // EPOCHS} settings for {EPOCHS} epochs. Halving by {factor} trains "
        f"{listed(plan)}.",
    ]
