"""Show what the stored runs of week 9 say: scales, designs, winners, ranks, pruners, samplers, importances.

The pool is 500 settings drawn at random and trained for 20 epochs each, the copies one good setting 500 times
(`tuning_runs_pool.py`). All that is shown here is looked up or replayed; nothing is trained.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import spearmanr
from tuning_runs import copies, pool, stored
from tuning_runs_curse import curse
from tuning_runs_designs import COUNTS, KINDS, hit_shares
from tuning_runs_importances import importances, noise_study
from tuning_runs_tpe import chosen
from tuning_studies import told

from utils import compare

DECADES = ((1e-5, 1e-4), (1e-4, 1e-3), (1e-3, 1e-2), (1e-2, 1e-1))
WIDTHS = (1 / 3, 1 / 4, 1 / 12)
EARLY = (1, 3, 5, 10, 15)
NOISE_SEEDS = (0, 1)


def mean_and_spread(values: np.ndarray, digits: int = 3) -> str:
    """Return the mean of runs and the spread of single runs, in words."""
    return f"{np.mean(values):.{digits}f} ± {np.std(values, ddof=1):.{digits}f}"


# ---------------------------------------------------------------- scales


def in_decade(low: float, high: float) -> np.ndarray:
    """Return the validation accuracies of the pool's settings whose rate lies in a decade."""
    return pool().validation[(pool().lr >= low) & (pool().lr < high)]


def show_decades() -> None:
    """Print what the settings of the pool are worth, decade by decade of the rate."""
    print("rate             settings   mean ± spread    best")
    for low, high in DECADES:
        found = in_decade(low, high)
        print(f"{low:g} … {high:<8g}{len(found):9}   {mean_and_spread(found):>13}{found.max():8.3f}")


# ---------------------------------------------------------------- grid, random, quasi-random


def show_designs() -> None:
    """Print the best validation accuracy that 9, 16 and 25 points find, and how often they hit a region."""
    print("best of so many points on the pool, 400 repetitions: mean ± spread (one in twenty is below)")
    print(f"{'':14}" + "".join(f"{f'{n} points':>26}" for n in COUNTS))
    for kind in KINDS:
        cells = [stored("designs")[kind, n]["best"] for n in COUNTS]
        words = [f"{mean_and_spread(cell)} ({np.quantile(cell, 0.05):.3f})" for cell in cells]
        print(f"{kind:14}" + "".join(f"{word:>26}" for word in words))
    print("\nby counting alone: 9 points try a good region that is so wide a part of the rate's axis")
    for width in WIDTHS:
        grid, random = (hit_shares(kind, 9, width) for kind in ("grid", "random"))
        print(f"1/{1 / width:<3.0f} grid {grid:4.0%}   random {random:4.0%}")


# ---------------------------------------------------------------- the winner's curse


def show_curse(numbers: Sequence[int] = (4, 50), rows: Sequence[int] = (30, 100, 500)) -> None:
    """Print what the best of some copies gains on the rows that chose it, and on the test rows."""
    means = copies().validation.mean(), copies().test.mean()
    print("all copies: {:.3f} on validation rows, {:.3f} on test rows".format(*means))
    print("copies  rows   the winner shows   gain there   gain on test rows   tied for first")
    for number in numbers:
        for n in rows:
            found = curse("copies", number, n)
            shown, seen, real, tied = (
                found[key].mean() for key in ("shown", "seen_gain", "real_gain", "tied")
            )
            print(f"{number:6}{n:6}{shown:19.3f}{seen:+13.3f}{real:+20.3f}{tied:17.1f}")
    print(f"\n500 different settings: {pool().test.mean():.3f} on test rows. The best, on test rows, of")
    for number, n in ((50, 30), (500, 30), (50, 500)):
        found = curse("pool", number, n)
        shown, test = found["shown"].mean(), found["test"].mean()
        print(f"{number:4} by {n:3} rows: it shows {shown:.3f} and has {test:.3f}")


def iris_winners() -> dict[str, np.ndarray]:
    """Return of the winners of 20 studies on iris: their accuracies, and how many tied, each (20,)."""
    found: dict[str, list[float]] = {"validation": [], "test": [], "tied": []}
    for study in told("iris"):
        best = max(study["validation"])
        found["validation"].append(best)
        found["test"].append(study["test"][study["validation"].index(best)])
        found["tied"].append(study["validation"].count(best))
    return {name: np.array(values) for name, values in found.items()}


# ---------------------------------------------------------------- ranks and pruners


def ranked(epoch: int) -> np.ndarray:
    """Return the numbers of the pool's settings after an epoch, counted from 1, the best first."""
    return np.argsort(-pool().curves[:, epoch - 1], kind="stable")


def show_ranks(best: int = 10, few: int = 50) -> None:
    """Print how the order of the 500 settings after some epochs fits the final one."""
    final, last = ranked(20)[:best], pool().curves[:, -1]
    print(f"of the best {best} after 20 epochs:")
    print(
        f"after   among the best {few}   in the better half   rank correlation   rate of the {best} leaders"
    )
    for epoch in (*EARLY, 20):
        order = ranked(epoch)
        inside, half = (np.isin(final, order[:n]).sum() for n in (few, 250))
        alike = spearmanr(pool().curves[:, epoch - 1], last).statistic
        print(f"{epoch:5}{inside:20}{half:21}{alike:19.2f}{np.median(pool().lr[order[:best]]):25.4f}")


def show_pruners() -> None:
    """Print what Optuna's pruners do to 50 settings of the pool, in 20 orders."""
    print("pruner               epochs used   the best survives   accuracy lost   pruned, of the five best")
    for name, found in stored("pruners").items():
        used, lost, pruned = (found[key].mean() for key in ("used", "lost", "pruned"))
        survives = f"{found['survives'].sum():.0f} of {len(found['survives'])}"
        print(f"{name:21}{used:11.0%}{survives:>20}{lost:16.4f}{pruned:20.1f}")


# ---------------------------------------------------------------- samplers and importances


def true_so_far(sampler: str) -> np.ndarray:
    """Return the true value of the setting that looks best after each trial, (20 studies, 60 trials)."""
    return chosen(*(stored("studies")[sampler][name] for name in ("seen", "true")))


def show_samplers(trials: Sequence[int] = (5, 10, 20, 60)) -> None:
    """Print the true value of what each sampler would choose, and what it reports at the end."""
    print(f"{'trials':14}" + "".join(f"{n:>16}" for n in trials) + "   reported at the end")
    for sampler, found in stored("studies").items():
        cells = "".join(f"{mean_and_spread(true_so_far(sampler)[:, n - 1]):>16}" for n in trials)
        print(f"{sampler:14}{cells}{found['seen'].max(axis=1).mean():20.3f}")


def show_importances() -> None:
    """Print the stored importances, and those of two studies of pure noise that are made here."""
    for kind, evaluator in stored("importances"):
        found = stored("importances")[kind, evaluator]
        cells = "  ".join(f"{name} {mean_and_spread(values, 2)}" for name, values in found.items())
        largest = np.max(list(found.values()), axis=0)
        name = evaluator if evaluator == "PED-ANOVA" else f"{evaluator} (older)"
        print(f"{kind}, {name}: the largest is {mean_and_spread(largest, 2)}\n  {cells}")
    for seed in NOISE_SEEDS:
        names = ("lr", "weight_decay", "dropout", "layers")
        shares = importances(noise_study(seed), "PED-ANOVA", names)
        words = ", ".join(f"{name} {share:.2f}" for name, share in zip(names, shares, strict=True))
        print(f"noise, made now with seed {seed}: {words}")


# ---------------------------------------------------------------- one at a time, or together


PICKS = {  # rate, decay and dropout
    "neither": (0.001, 0.0, 0.0),
    "decay alone": (0.001, 0.01, 0.0),
    "dropout alone": (0.001, 0.0, 0.5),
    "both": (0.001, 0.01, 0.5),
    "both, rate 0.01": (0.01, 0.01, 0.5),
}
Cell = tuple[float, float, float]


def picked(name: str, what: str = "val_accuracy") -> np.ndarray:
    """Return the accuracies of one of PICKS after 60 epochs of Adam, with 20 seeds that chose nothing."""
    return stored("picks")[PICKS[name]][what]


def best_of_grid() -> Cell:
    """Return rate, decay and dropout of the best of the 120 settings, by its five seeds."""
    best: Cell = max(stored("grid"), key=lambda cell: stored("grid")[cell]["val_accuracy"].mean())
    return best


def show_together() -> None:
    """Print the picks of weeks 6 to 8 alone and together, and what the grid of 120 says."""
    print(f"{'Adam, 60 epochs, fresh seeds':30}{'validation':>10}{'test':>20}")
    for name in PICKS:
        print(
            f"{name:20}",
            *(f"{mean_and_spread(picked(name, what)):>19}" for what in ("val_accuracy", "test_accuracy")),
        )
    print("Validation, A: dropout alone, B: both.", compare(picked("dropout alone"), picked("both")))
    means = np.array([found["val_accuracy"].mean() for found in stored("grid").values()])
    best, near = best_of_grid(), (means >= means.max() - 0.01).sum() - 1
    print(
        "\nThe grid of 120, Adam, 30 epochs, five seeds. Best: rate {:g}, decay {:g}, dropout {:g},".format(
            *best
        ),
        end=" ",
    )
    print(f"{means.max():.4f}; with 20 fresh seeds {stored('checked')[best]['val_accuracy'].mean():.4f}")
    print(f"{near} others lie within 0.01 of it, and {(means < 0.2).sum()} stay below 0.2")
