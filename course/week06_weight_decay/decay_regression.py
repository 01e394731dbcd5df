"""Fit lines with 20 inputs, of which 5 matter, with three penalties; choose the strength on validation rows.

All minimize half the mean squared error plus strength · penalty. Inputs are standardized by training rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from sklearn.linear_model import enet_path

from utils import regression_data

STRENGTHS = np.geomspace(1e-3, 100, 26)
VALIDATION = 60  # rows
PENALTIES = ("L1", "L2", "ElasticNet")


@dataclass(frozen=True)
class Task:
    """Hold rows of one data set: inputs standardized, targets less their training mean."""

    train: tuple[np.ndarray, np.ndarray]
    validation: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray]
    useful: np.ndarray  # (20,) bools


@dataclass(frozen=True)
class Choice:
    """Hold what the strength with the lowest validation error gives on one data set."""

    strength: float
    ratio: float  # its test error, divided by that of no penalty
    useless_zeros: int  # coefficients that are exactly 0, of 15
    useful_zeros: int  # of 5


def task_of(seed: int, rows: int = 30, noise: float = 10.0) -> Task:
    """Return a data set of 400 rows, of which the first `rows` are for training."""
    x, y, coefficients = (part.double().numpy() for part in regression_data(400, noise, seed))
    x = (x - x[:rows].mean(0)) / x[:rows].std(0)
    y = y - y[:rows].mean()
    ends = (rows, rows + VALIDATION)
    parts = tuple(zip(np.split(x, ends), np.split(y, ends), strict=True))
    return Task(*parts, coefficients != 0)


def coefficients_of(penalty: str, task: Task, strengths: np.ndarray = STRENGTHS) -> np.ndarray:
    """Return the coefficients for each strength, (20, strengths). The L2 penalty is ½Σw²."""
    x, y = task.train
    if penalty == "L2":
        u, sizes, directions = np.linalg.svd(x, full_matrices=False)
        scaled = [sizes / (sizes**2 + len(x) * strength) * (u.T @ y) for strength in strengths]
        return directions.T @ np.array(scaled).T
    share = 1.0 if penalty == "L1" else 0.5
    path = enet_path(x, y, l1_ratio=share, alphas=strengths[::-1], max_iter=20000, tol=1e-7)[1]
    return path[:, ::-1]


def errors_of(coefficients: np.ndarray, rows: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return the mean squared error of each column of coefficients."""
    x, y = rows
    return ((x @ coefficients - y[:, None]) ** 2).mean(axis=0)


def choose(penalty: str, task: Task) -> Choice:
    """Return what the strength gives that is best on the validation rows."""
    found = coefficients_of(penalty, task)
    best = errors_of(found, task.validation).argmin()
    free = np.linalg.lstsq(*task.train, rcond=None)[0][:, None]
    ratio = errors_of(found[:, [best]], task.test) / errors_of(free, task.test)
    zero = found[:, best] == 0
    return Choice(
        float(STRENGTHS[best]), ratio.item(), int(zero[~task.useful].sum()), int(zero[task.useful].sum())
    )


@lru_cache(maxsize=8)
def choices(penalty: str, rows: int = 30, seeds: Sequence[int] = range(20)) -> list[Choice]:
    """Return the choice for each of several data sets."""
    return [choose(penalty, task_of(seed, rows)) for seed in seeds]


def zeros_by_strength(penalty: str, rows: int = 30, seeds: Sequence[int] = range(20)) -> np.ndarray:
    """Return the numbers of exact zeros, (seeds, 2, strengths): among the useless and the useful inputs."""
    tasks = [task_of(seed, rows) for seed in seeds]
    zero = [coefficients_of(penalty, task) == 0 for task in tasks]
    return np.array(
        [
            [part[~task.useful].sum(0), part[task.useful].sum(0)]
            for part, task in zip(zero, tasks, strict=True)
        ]
    )


def show_choices() -> None:
    """Print, for 30 and for 60 training rows, what each penalty gains, and how many zeros it leaves."""
    print("rows  penalty     test error / without penalty   zeros of 15 useless   zeros of 5 useful")
    for rows in (30, 60):
        for penalty in PENALTIES:
            found = choices(penalty, rows)
            ratios = np.array([choice.ratio for choice in found])
            doubt = ratios.std(ddof=1) / len(ratios) ** 0.5
            zeros = [
                np.mean([getattr(choice, name) for choice in found])
                for name in ("useless_zeros", "useful_zeros")
            ]
            told = f"{ratios.mean():.2f} ± {doubt:.2f} (doubt)"
            print(f"{rows:4}  {penalty:10}  {told:29}  {zeros[0]:20.1f}  {zeros[1]:18.1f}")


def lasso_gap(
    threshold: Callable[[np.ndarray, float], np.ndarray], strength: float = 1.0, steps: int = 3000
) -> float:
    """Return how far descent with a threshold after every step ends from scikit-learn's L1, at most."""
    task = task_of(seed=0)
    x, y = task.train
    rate = len(x) / np.linalg.norm(x, 2) ** 2  # one over the largest curvature
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        gradient = x.T @ (x @ w - y) / len(x)
        w = threshold(w - rate * gradient, rate * strength)
    return float(np.abs(w - coefficients_of("L1", task, np.array([strength]))[:, 0]).max())
