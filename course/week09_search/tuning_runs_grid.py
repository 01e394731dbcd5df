"""Train the grid of weeks 6 to 8, and the same values one at a time.

Net and data as in those weeks: `digits_noisy()`, 64-128-64-10 with ReLU and dropout, Adam, batches of 32, 20
seeds. 30 epochs, where weeks 6 to 8 take 60 and more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from course_data import one_thread
from tuning_runs_pool import AT_ONCE, VALIDATION, answers, train_along

RATES = (0.1, 0.01, 0.001, 0.0001)
DECAYS = (0.0, 0.0001, 0.001, 0.01, 0.1)
DROPOUTS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
EPOCHS, LONG = 30, 60  # of the grid; of weeks 6 and 7
FEW, MANY, FRESH = range(5), range(20), range(100, 120)  # seeds: of the grid, of weeks 6 to 8, of no week

Cell = tuple[float, float, float]  # rate, decay, p
Runs = dict[str, np.ndarray]
CELLS: tuple[Cell, ...] = tuple((rate, decay, p) for rate in RATES for decay in DECAYS for p in DROPOUTS)
FIXED = {"lr": 0.001, "weight_decay": 0.0, "dropout": 0.0}  # the others, while one of them is swept
CHECKED: tuple[Cell, ...] = (  # with fresh seeds: a picture of the interaction, and some of the better ones
    *((rate, 0.0, p) for rate in RATES[1:] for p in DROPOUTS[:4]),
    *((0.001, 0.01, 0.5), (0.01, 0.001, 0.5), (0.01, 0.01, 0.3), (0.01, 0.01, 0.5)),
)
PICKED: tuple[Cell, ...] = (  # what weeks 6 to 8 pick, alone and together, and neighbours
    *((0.001, 0.0, 0.0), (0.001, 0.01, 0.0), (0.001, 0.0, 0.5), (0.001, 0.01, 0.5)),
    *((0.001, 0.001, 0.5), (0.001, 0.01, 0.3), (0.01, 0.001, 0.5), (0.01, 0.01, 0.5)),
)
SWEPT = {"lr": RATES, "weight_decay": DECAYS, "dropout": DROPOUTS}


@one_thread()
def train_cells(cells: Sequence[Cell], seeds: Sequence[int], epochs: int = EPOCHS) -> dict[Cell, Runs]:
    """Return by setting its accuracies, each (seeds,), under "val_accuracy" and "test_accuracy"."""
    settings = [
        {"optimizer": "adam", "lr": rate, "weight_decay": decay, "dropout": p}
        for rate, decay, p in cells
        for _ in seeds
    ]
    *_, (stack, _) = train_along(settings, [*seeds] * len(cells), epochs)
    return {
        cell: {
            "val_accuracy": right[:, :VALIDATION].mean(axis=1),
            "test_accuracy": right[:, VALIDATION:].mean(axis=1),
        }
        for cell, right in zip(cells, np.split(answers(stack), len(cells)), strict=True)
    }


def in_groups(cells: Sequence[Cell], seeds: Sequence[int], epochs: int = EPOCHS) -> dict[Cell, Runs]:
    """Return what `train_cells` does, with about as many nets at once as the processor's cache holds."""
    found, size = {}, max(1, AT_ONCE // len(seeds))
    for at in range(0, len(cells), size):
        found |= train_cells(cells[at : at + size], seeds, epochs)
        print(f"grid: {at + size} settings, {len(seeds)} seeds", flush=True)
    return found


def swept_cells() -> dict[tuple[str, float], Cell]:
    """Return the settings in which one thing is swept and the others stay, by (name, value)."""
    found = {}
    for name, values in SWEPT.items():
        for value in values:
            rate, decay, p = (FIXED | {name: value}).values()
            found[name, value] = (rate, decay, p)
    return found


def picks_of(grid: dict[Cell, Runs]) -> dict[str, Cell]:
    """Return the settings of the highest mean validation accuracy: of all, and of those tried one at a time.

    "together": of all 120. "one at a time": the best rate without decay and dropout, then each of those
    alone, at that rate. "at a slow rate": the same, but decay and dropout are swept at the slowest rate.
    """

    def best(cells: Iterable[Cell]) -> Cell:
        return max(cells, key=lambda cell: grid[cell]["val_accuracy"].mean())

    rate = best((rate, 0.0, 0.0) for rate in RATES)[0]
    found = {"together": best(grid)}
    for name, base in (("one at a time", rate), ("at a slow rate", RATES[-1])):
        decay, p = best((base, decay, 0.0) for decay in DECAYS)[1], best((base, 0.0, p) for p in DROPOUTS)[2]
        found[name] = (rate, decay, p)
    return found
