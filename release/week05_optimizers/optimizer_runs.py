"""Train what week 5 compares, and keep how the runs ended in a file.

`python optimizer_runs.py` trains all tables (about six minutes of one processor core) and writes
`optimizer_runs.json`; `python optimizer_runs.py rates deep` renews two. The lesson only reads the file.
Data: `digits_noisy`, 300 training and 500 validation rows. Net: 64-32-10 with a ReLU, in the table "deep"
64-64-64-64-64-64-10. A setting has 20 runs, which differ in their seed 0…19 alone: in the initial weights and
the order of the batches. So runs with the same seed of two settings make a pair.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from course_data import one_thread
from sweep_settings import make_updates
from sweeps import Setting, shuffled_batches, stack_nets, train_one_pass
from torch import Tensor, nn
from torch.optim.lr_scheduler import ExponentialLR

from utils import build_net, digits_noisy, sweep

STORED = Path(__file__).with_name("optimizer_runs.json")
SEEDS = range(20)
ENDS = ("val_loss", "val_accuracy")  # after the last update


@dataclass(frozen=True)
class Table:
    """Hold settings by their keys, and what they have in common."""

    settings: Mapping[str, Setting]
    noise: float = 0.0  # the share of training labels that are drawn at random; validation labels are right
    dims: tuple[int, ...] = (64, 32, 10)
    batch_size: int = 32
    epochs: int = 20
    max_steps: int | None = None  # updates; None: all of the epochs
    factor: float = 1.0  # by which the training loss is multiplied
    kept: tuple[str, ...] = ENDS  # what is stored of a run, see `ends_of`


# ---------------------------------------------------------------- the settings


def key_of(setting: Setting) -> str:
    """Return the key of a setting, such as "adam 0.01" or "sgd 0.3 cosine warmup 38 min 0.03 clip 1"."""
    parts = [setting.optimizer, f"{setting.lr:.4g}"]
    parts += [setting.schedule] if setting.schedule != "constant" else []
    parts += ["warmup", f"{setting.warmup_steps}"] if setting.warmup_steps else []
    parts += ["min", f"{setting.min_lr:.4g}"] if setting.min_lr else []
    parts += ["clip", f"{setting.clip_norm:g}"] if setting.clip_norm else []
    return " ".join(parts)


def keyed(*settings: Setting) -> dict[str, Setting]:
    """Return settings by their keys."""
    return {key_of(setting): setting for setting in settings}


def constant(**rates: Sequence[float]) -> dict[str, Setting]:
    """Return settings with these constant rates, given by the names of the optimizers."""
    return keyed(*(Setting(lr=lr, optimizer=name) for name, several in rates.items() for lr in several))


SGD_RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
WIDE_RATES = (0.001, *SGD_RATES)
BATCH_SIZES = (4, 16, 64, 300)
BATCH_RATES = (0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.6, 1.0, 2.0)
BASES, SHARES = (0.05, 0.1, 0.2, 0.3, 0.6, 1.0), (0.0, 0.1)  # base rates; smallest rates, as shares of them
KINDS = ("constant", "step", "exponential", "cosine")
EDITED_STEPS = 380  # updates of a run of 20 epochs in batches of 16
RANGES = {"sgd": (1e-4, 100.0), "momentum": (1e-5, 10.0), "adam": (1e-6, 10.0)}  # of the range test
RANGE_STEPS = 100
MARKED = {"sgd": (-2.0, 1.0), "momentum": (-3.0, 0.5), "adam": (-4.0, 0.0)}  # exponents of the rates, by 1/4


def schedule_of(
    kind: str, base: float, warmup: int = 0, share: float = 0.0, optimizer: str = "sgd"
) -> Setting:
    """Return a setting with a schedule; share: the smallest rate divided by the base, if the kind has one.

    An exponential cannot reach 0: its smallest share is 1 %.
    """
    smallest = {"cosine": share, "exponential": max(share, 0.01)}.get(kind, 0.0)
    return Setting(base, optimizer=optimizer, schedule=kind, warmup_steps=warmup, min_lr=smallest * base)


def schedule_settings() -> dict[str, Setting]:
    """Return every kind with every base rate, with and without warm-up over a tenth, and both shares."""
    choices = product(KINDS, BASES, (0, EDITED_STEPS // 10), SHARES)
    return keyed(*(schedule_of(*choice) for choice in choices))


def deep_settings() -> dict[str, Setting]:
    """Return the settings of the deep net: warm-up over 0, 20 or 60 of its 200 updates, and clipping at 1."""
    rates = {"adam": (0.003, 0.01, 0.02, 0.03), "momentum": (0.05, 0.1, 0.2), "sgd": (0.3,)}
    made = []
    for optimizer, several in rates.items():
        made += [Setting(r, optimizer=optimizer, warmup_steps=n) for r in several for n in (0, 20, 60)]
        made += [Setting(r, optimizer=optimizer, clip_norm=1.0) for r in several]
    return keyed(*made)


def batch_tables() -> dict[str, Table]:
    """Return the tables of the batch sizes: equal epochs, and equal numbers of updates."""
    kept = (*ENDS, "best_accuracy", "train_loss")
    made = {}
    for size in BATCH_SIZES:
        settings = constant(sgd=(*BATCH_RATES, 0.1 * size / 32))
        made[f"batch {size} epochs 20"] = Table(settings, 0.2, batch_size=size, kept=kept)
        made[f"batch {size} steps 200"] = Table(
            settings, 0.2, batch_size=size, epochs=200, max_steps=200, kept=kept
        )
    return made


def tables() -> dict[str, Table]:
    """Return all tables by their names."""
    five = constant(
        sgd=SGD_RATES, momentum=WIDE_RATES, adagrad=WIDE_RATES, rmsprop=WIDE_RATES[:-1], adam=WIDE_RATES[:-1]
    )
    marked = {
        name: (10 ** (np.arange(4 * low, 4 * high + 1) / 4)).tolist() for name, (low, high) in MARKED.items()
    }
    scaled = constant(sgd=(0.3,), momentum=(0.1,), adam=(0.01,))
    adam = (schedule_of(*choice, optimizer="adam") for choice in product(KINDS, (0.001, 0.003, 0.01, 0.03)))
    made = {
        "rates": Table(five, kept=(*ENDS, "train_loss", "epochs_to_90")),
        "rates noisy": Table(constant(adam=(0.001, 0.003, 0.01, 0.03)), 0.2, kept=(*ENDS, "train_loss")),
        **{f"loss times {factor:g}": Table(scaled, factor=factor) for factor in (0.001, 1.0, 1000.0)},
        "schedules": Table(schedule_settings(), 0.2, batch_size=16),
        "schedules adam": Table(keyed(*adam), 0.2, batch_size=16),
        "deep": Table(deep_settings(), dims=(64,) * 6 + (10,)),
        "marked": Table(constant(**marked)),
    }
    return made | batch_tables()


# ---------------------------------------------------------------- what is stored


@lru_cache
def _file() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(STORED.read_text("utf-8"))
    return content


def stored(table: str, key: str | None = None) -> dict[str, Any]:
    """Return how the runs of a setting ended: under each name such as "val_accuracy" an array, (20 seeds,).

    What is not finite, or was never reached, is nan there. Without a key: all settings of the table by their
    keys. Raises KeyError with the names that there are.
    """
    if table not in _file():
        raise KeyError(f"There is no table {table!r}. There are: {', '.join(_file())}.")
    cells = _file()[table]
    if key is None:
        return {name: stored(table, name) for name in cells}
    if key not in cells:
        raise KeyError(f"The table {table!r} has no {key!r}. It has: {', '.join(cells)}.")
    return {name: np.array(values, dtype=float) for name, values in cells[key].items()}


def write_runs(names: Sequence[str] = (), path: Path = STORED) -> None:
    """Train the named tables, or all, and write them; others stay as they are in the file."""
    content = json.loads(path.read_text("utf-8")) if names and path.exists() else {}
    for name in names or (*tables(), "range test"):
        content[name] = range_tests() if name == "range test" else trained(tables()[name])
        print(name)
    content = {name: content[name] for name in (*tables(), "range test") if name in content}
    lines = [f"{json.dumps(name)}: {{\n{_lines(cells)}\n}}" for name, cells in content.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def _lines(cells: Mapping[str, Any]) -> str:
    """Return a line of JSON for each setting."""
    compact = (f"{json.dumps(key)}: {json.dumps(cell, separators=(',', ':'))}" for key, cell in cells.items())
    return ",\n".join(compact)


def rounded(values: Sequence[float], digits: int = 4) -> list[float | None]:
    """Return numbers with so many digits, and None where one is not finite."""
    return [float(f"{value:.{digits}g}") if math.isfinite(value) else None for value in values]


# ---------------------------------------------------------------- how they are trained


@one_thread()
def trained(table: Table, seeds: Sequence[int] = SEEDS) -> dict[str, Any]:
    """Train every setting of a table with every seed; return how its runs ended."""

    def criterion(outputs: Tensor, targets: Tensor) -> Tensor:
        return table.factor * nn.functional.cross_entropy(outputs, targets)

    data = digits_noisy(noise=table.noise)[:2]
    histories = sweep(
        lambda: build_net(table.dims),
        data,
        list(table.settings.values()),
        table.epochs,
        seeds,
        batch_size=table.batch_size,
        criterion=nn.CrossEntropyLoss() if table.factor == 1 else criterion,
        max_steps=table.max_steps,
    )
    return {
        key: {name: rounded([ends_of(history)[name] for history in runs]) for name in table.kept}
        for key, runs in zip(table.settings, histories, strict=True)
    }


def ends_of(history: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return what is told of a run: its last values, its best accuracy, its epochs to an accuracy of 0.9."""
    accuracies = history["val_accuracy"]
    reached = [epoch for epoch, accuracy in enumerate(accuracies, start=1) if accuracy >= 0.9]
    last = {name: values[-1] for name, values in history.items()}
    return last | {"best_accuracy": max(accuracies), "epochs_to_90": reached[0] if reached else math.nan}


@one_thread()
def range_tests() -> dict[str, Any]:
    """Return of each optimizer the rates of 100 updates, and the losses of their batches, (20 seeds, 100)."""
    x, y = digits_noisy(noise=0.0)[0].tensors
    found = {}
    for optimizer, (low, high) in RANGES.items():
        setting = Setting(low, optimizer=optimizer)
        stack = stack_nets(lambda: build_net((64, 32, 10)), [(setting, seed) for seed in SEEDS], x[:2])
        views = list(zip(*stack.views, strict=True))
        updates = make_updates([setting] * len(SEEDS), views, RANGE_STEPS)
        (shared,) = updates.optimizers
        updates.schedulers.append(ExponentialLR(shared, (high / low) ** (1 / (RANGE_STEPS - 1))))
        rates: list[float] = []
        losses: list[list[float]] = []
        while len(rates) < RANGE_STEPS:
            for rows in shuffled_batches(stack, len(x), 32, "cpu")[: RANGE_STEPS - len(rates)]:
                rates.append(shared.param_groups[0]["lr"])
                passed = train_one_pass(stack, updates, x, y, [rows], nn.CrossEntropyLoss())
                losses.append(passed["train_loss"])
        by_seed = torch.tensor(losses, dtype=torch.float64).T.tolist()
        found[optimizer] = {"rates": rounded(rates), "losses": [rounded(run, digits=3) for run in by_seed]}
    return found


if __name__ == "__main__":
    write_runs(sys.argv[1:])
