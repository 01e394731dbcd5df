"""Measure what week 8 says about choosing one of the nets of a run: which epoch, when to stop, which score.

Data: `digits_noisy()`, 300 training rows of which one in five has a random label, 500 clean validation rows,
997 clean test rows. Net: 64-128-64-10, Adam, batches of 32, no regularization. Code counts epochs from 0, as
positions; what is printed counts them from 1. Stored curves have the shape (seeds, epochs).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from stopping_rule import MINIMUM, noisy_curves, stop_and_best, true_curve
from stopping_runs import RATES, stored

Runs = Mapping[str, np.ndarray]  # val_loss, val_accuracy, test_loss, test_accuracy: each (seeds, epochs)
MEASURES = ("val_loss", "test_loss", "val_accuracy", "test_accuracy")
WAYS = ("last", "lowest val_loss", "highest val_accuracy")
NOISES = ((0.02, 1, 0), (0.02, 2, 0), (0.02, 5, 0), (0.02, 10, 0), (0.02, 20, 0), (0.02, 5, 0.02),
          (0.02, 5, 0.05), (0.005, 2, 0), (0.05, 5, 0), (0.05, 10, 0))  # fmt: skip


def mean_and_spread(values: np.ndarray, digits: int = 3) -> str:
    """Return the mean of runs and the spread of single runs, in words."""
    return f"{values.mean():.{digits}f} ± {values.std(ddof=1):.{digits}f}"


# ---------------------------------------------------------------- keep one epoch of a fixed run


def chosen_epochs(runs: Runs, way: str) -> np.ndarray:
    """Return which epoch each run keeps by one of WAYS, (seeds,): of equally good ones the first."""
    losses = np.where(np.isnan(runs["val_loss"]), np.inf, runs["val_loss"])
    if way == "last":
        return np.full(len(losses), losses.shape[1] - 1)
    return losses.argmin(axis=1) if way == "lowest val_loss" else runs["val_accuracy"].argmax(axis=1)


def values_at(runs: Runs, epochs: np.ndarray, what: str) -> np.ndarray:
    """Return one value per run, (seeds,): what it measured after its own epoch."""
    return runs[what][np.arange(len(epochs)), epochs]


def kept(rate: float, way: str, what: str) -> np.ndarray:
    """Return what the kept nets of the 20 stored runs at a rate measure, (seeds,)."""
    runs = stored("curves")[rate]
    return values_at(runs, chosen_epochs(runs, way), what)


def show_kept(rates: Sequence[float] = RATES) -> None:
    """Print which epoch each way keeps, and what those nets score: mean ± spread of 20 runs."""
    print(f"{'rate':>6}  {'kept epoch':<21}{'epoch':>9}{'test loss':>16}{'test accuracy':>16}")
    for rate in rates:
        for way in WAYS:
            epochs = chosen_epochs(stored("curves")[rate], way) + 1.0
            loss, accuracy = (
                mean_and_spread(kept(rate, way, f"test_{name}")) for name in ("loss", "accuracy")
            )
            print(f"{rate:6g}  {way:<21}{mean_and_spread(epochs, 0):>9}{loss:>16}{accuracy:>16}")


# ---------------------------------------------------------------- stop after n epochs without improvement


def stopped(rate: float, patience: int, what: str, restored: bool = True) -> np.ndarray:
    """Return what the nets measure that are held after an early stop, (seeds,)."""
    runs = stored("curves")[rate]
    stop, best = stop_and_best(runs["val_loss"], patience)
    return values_at(runs, best if restored else stop, what)


def epochs_trained(rate: float, patience: int) -> np.ndarray:
    """Return how many epochs the 20 stored runs at a rate train until they stop, (seeds,)."""
    return stop_and_best(stored("curves")[rate]["val_loss"], patience)[0] + 1


def show_stopped(rates: Sequence[float] = RATES, patiences: Sequence[int] = (1, 5, 20, 100)) -> None:
    """Print what stopping costs and gives, with the last weights and with the best ones: means of 20 runs."""
    print(f"{'':15}{'':9}{'test accuracy':>21}{'test loss':>21}")
    print(f"{'rate':>6}{'patience':>9}{'epochs':>9}{'last':>10}{'restored':>11}{'last':>10}{'restored':>11}")
    for rate in rates:
        for patience in patiences:
            name = "none" if patience >= 100 else patience
            values = [
                stopped(rate, patience, what, restored).mean()
                for what in ("test_accuracy", "test_loss")
                for restored in (False, True)
            ]
            cells = "".join(
                f"{value:{width}.3f}" for value, width in zip(values, (10, 11, 10, 11), strict=True)
            )
            print(f"{rate:6g}{name:>9}{epochs_trained(rate, patience).mean():9.0f}{cells}")


# ---------------------------------------------------------------- the same rule over 1000 noisy curves


def noise_costs(noise: float, patience: int, min_delta: float, n: int = 1000) -> dict[str, float]:
    """Return what a rule does on noisy copies of one true curve: when it stops, how often too early, regret.

    The regret is how much higher the true loss is in the epoch kept than at its MINIMUM.
    """
    curve = true_curve()
    stop, best = stop_and_best(noisy_curves(n, noise, seed=0), patience, min_delta)
    early, middle, late = np.percentile(stop + 1, (5, 50, 95))
    return {
        "5 %": early, "median": middle, "95 %": late,
        "too early": float((stop + 1 <= MINIMUM).mean()),
        "regret": float((curve[best] - curve.min()).mean()), "epochs": float((stop + 1).mean()),
    }  # fmt: skip


def show_noise_costs(rules: Sequence[tuple[float, int, float]] = NOISES) -> None:
    """Print for each rule (noise, patience, min_delta) what it does on 1000 curves."""
    print(f"noise  patience  min_delta   ends after (5 % / half / 95 %)   before {MINIMUM + 1}   regret")
    for noise, patience, min_delta in rules:
        costs = noise_costs(noise, patience, min_delta)
        stops = " / ".join(f"{costs[name]:3.0f}" for name in ("5 %", "median", "95 %"))
        rule = f"{noise:5g}{patience:10}{min_delta:11g}"
        print(f"{rule}{stops:>28}{costs['too early']:13.1%}{costs['regret']:9.3f}")


# ---------------------------------------------------------------- how optimistic the kept score is


def show_optimism(rows: Sequence[int] = (20, 50, 100, 500)) -> None:
    """Print the score by which an epoch was kept beside that of the same net on rows that chose nothing."""
    print("rows that choose   their score    all other rows    optimism (doubt)   best epoch, other rows")
    for n in rows:
        table = stored("optimism")[n]
        gap = table["kept_score"] - table["honest_score"]
        doubt = gap.std(ddof=1) / math.sqrt(len(gap))
        print(
            f"{n:16}{table['kept_score'].mean():14.3f}{table['honest_score'].mean():18.3f}"
            f"{gap.mean():12.3f} ± {doubt:.3f}{table['best_possible'].mean():21.3f}"
        )
