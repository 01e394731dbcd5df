"""Train all that week 7 compares, and keep what came out in a file.

`python dropout_runs.py` trains all tables (about seven minutes of one processor core) and writes
`dropout_runs.json`; `python dropout_runs.py cut "norm rates"` renews some. The lesson only reads the file,
with `stored("ends")`. Data: `digits_noisy()`, 300 training rows of which 20 % have a random label (or none,
where the noise is said to be 0), and 500 clean validation rows. Net: 64-128-64-10 with ReLU and dropout in
both hidden layers; Adam with a rate of 0.001, batches of 32, 60 epochs, unless another thing is said. Runs of
two settings with the same seed are pairs: they start from the same weights.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import dropout_training as training
import numpy as np
from dropout_training import RATE, Runs, dropout_net, last_layer_net, norm_net, small_net
from sweeps import Stack

__all__ = ["HEADLINE", "dropout_net", "last_layer_net", "norm_net", "stored"]

STORED = Path(__file__).with_name("dropout_runs.json")
SEEDS, CURVE_SEEDS = range(20), range(10)  # of all are kept the ends, of the first ten the curves, too
EPOCHS, LONG = 60, 240
PS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
ALL_PS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)  # of the slider
LONG_PS, LONG_MARKS = (0.0, 0.5, 0.7, 0.9), (60, 120, 180, 240)
LONG_EVERY = 10
LAST_PS, SMALL_PS = (0.0, 0.1, 0.5), (0.0, 0.1, 0.3, 0.5)
COUNTS = (1, 2, 5, 20, 200)
SHARES = (0.0, 0.1, 0.3, 0.5, 0.7)
FLOWER_PS = (0.0, 0.2)
NORM_RATES = (0.01, 0.1, 1.0)
NORM_BATCHES = {2: 4, 32: 20}  # epochs by batch size
SIZES = (2, 4, 8, 32, 100, 500)

# Fashion-MNIST, 1000 rows to train and 500 to validate; net 784-128-64-10, Adam with a rate of 0.0001,
# batches of 32, 150 epochs, 5 seeds, each with its own data. Copied from the course's repository,
# experiments/RESULTS.md ("make experiments" trains them again): (mean, spread of single runs) in the last
# epoch, the epoch of the lowest validation loss, and what was published elsewhere of one run each.
HEADLINE: dict[float, dict[str, Any]] = {
    0.0: {"train_accuracy": (0.958, 0.008), "val_accuracy": (0.809, 0.014),
          "best_epoch": (100, 23), "published": 0.841},
    0.1: {"train_accuracy": (0.932, 0.009), "val_accuracy": (0.817, 0.015),
          "best_epoch": (117, 26), "published": 0.824},
    0.3: {"train_accuracy": (0.889, 0.007), "val_accuracy": (0.813, 0.019),
          "best_epoch": (138, 11), "published": 0.834},
    0.5: {"train_accuracy": (0.828, 0.010), "val_accuracy": (0.804, 0.018),
          "best_epoch": (148, 3), "published": 0.822},
    0.7: {"train_accuracy": (0.688, 0.010), "val_accuracy": (0.745, 0.018),
          "best_epoch": (150, 0), "published": 0.775},
    0.9: {"train_accuracy": (0.320, 0.017), "val_accuracy": (0.537, 0.065),
          "best_epoch": (150, 0), "published": 0.536},
}  # fmt: skip

Table = dict[Any, Runs]  # of each setting, by its key: numbers by their names

# ---------------------------------------------------------------- what is stored


@lru_cache
def stored(table: str) -> Table:
    """Return a table: {key of a setting: {name: numbers}}. The first dimension of all numbers is the run.

    Losses and accuracies have the names CURVES: of training rows while training (train_loss) and in eval mode
    after the epoch (train_loss_eval), of validation rows (val_loss). 20 seeds unless said otherwise.
    "ends" and "clean ends" (no random labels), by p: what the last epoch says, with lowest_val_loss,
    best_epoch, epochs_to_80 (first epoch with a validation accuracy of 0.8; 61: never). "curves", by p: (10,
    60). "bands", by (noise, p): mean and spread over 20 seeds, (2, 60). "long", by p: after 60, 120, 180 and
    240 epochs, (20, 4). "long curves", by p: after every tenth epoch, (10, 24). "wrong labels", by p:
    shares of the wrong and of the right training labels that the net answers in eval mode. "last layer", by
    p: dropout after the last layer alone, with largest_logit. "small", by p: ends of a net 64-32-16-10.
    "averages" and "clean averages", by "eval", "1", …, "200" thinned nets averaged, "none" (trained without
    dropout): accuracy, loss, calibration (error), sure (see `judged`). "cut" and "clean cut", by (p, share of
    the first hidden layer's units at 0): val_accuracy. "one unit", by p: share of 500 answers that one lost
    unit changes. "flowers", by p: the same for nets 4-5-4-3 and 150 iris flowers. "flower
    nets", by p: "weights", (64,), of one seed. "norm rates", by (rate, 0 or 1 for batch norm), SGD with
    momentum 0.9: (20, 15). "norm batches", by (batch size, 0 or 1): ends. "forgotten", by (batch size, how):
    val_accuracy of nets with batch norm.
    """
    if table not in TABLES:
        raise KeyError(f"There is no table {table!r}. There are: {', '.join(TABLES)}.")
    return {
        _key(key): {name: np.array(values) for name, values in numbers.items()}
        for key, numbers in _file()[table].items()
    }


@lru_cache
def _file() -> dict[str, Any]:
    return dict(json.loads(STORED.read_text("utf-8")))


def _key(text: str) -> Any:
    """Return the key of a setting: a number, a name, or a tuple of them."""
    key = json.loads(text)
    return tuple(key) if isinstance(key, list) else key


def write_runs(path: Path = STORED, names: Sequence[str] = ()) -> None:
    """Train the named tables, or all, and write them; others stay as they are in the file."""
    content = json.loads(path.read_text("utf-8")) if names and path.exists() else {}
    for name in names or TABLES:
        started = time.perf_counter()
        content[name] = as_lists(TABLES[name]())
        print(f"{name}: {len(content[name])} settings, {time.perf_counter() - started:.0f} s", flush=True)
        parts = []
        for table in (each for each in TABLES if each in content):
            rows = (f"{json.dumps(key)}: {_compact(numbers)}" for key, numbers in content[table].items())
            parts.append(f"{json.dumps(table)}: {{\n" + ",\n".join(rows) + "\n}")
        path.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def as_lists(table: Table) -> dict[str, dict[str, Any]]:
    """Return a table as the file holds it: keys as text, numbers with four digits (curves with three)."""
    return {
        json.dumps(list(key) if isinstance(key, tuple) else key): {
            name: _rounded(values.tolist(), 3 if values.ndim > 1 else 4) for name, values in runs.items()
        }
        for key, runs in table.items()
    }


def _compact(numbers: Mapping[str, Any]) -> str:
    return json.dumps(numbers, separators=(",", ":"))


def _rounded(values: Any, digits: int) -> Any:
    """Return nested lists of numbers with so many digits; whole numbers stay as they are."""
    if isinstance(values, list):
        return [_rounded(value, digits) for value in values]
    return values if isinstance(values, int) else float(f"{values:.{digits}g}")


# ---------------------------------------------------------------- the tables


@cache
def swept(p: float, noise: float) -> tuple[Runs, Stack]:
    """Return curves, (20, 60), and nets of a rate; several tables ask for it, but it is trained once."""
    return training.train(lambda: dropout_net(p), p, SEEDS, EPOCHS, noise)


@cache
def run_long(p: float) -> Runs:
    """Return the curves, (20, 240), of a rate."""
    return training.train(lambda: dropout_net(p), p, SEEDS, LONG)[0]


@cache
def flower_nets(p: float) -> tuple[Runs, np.ndarray]:
    """Return what one lost unit does to 20 nets, and their weights, (20, 64)."""
    return training.train_flower_nets(p, SEEDS)


@cache
def norm_nets(batch_size: int, norm: int) -> tuple[Runs, list[Any]]:
    """Return curves and nets, trained by Adam in batches of one size, with or without batch norm."""
    return training.train_norm_nets(bool(norm), "adam", RATE, batch_size, NORM_BATCHES[batch_size], SEEDS)


def curves() -> Table:
    """Return the curves of the first ten seeds, by p."""
    return {p: {name: values[: len(CURVE_SEEDS)] for name, values in swept(p, 0.2)[0].items()} for p in PS}


def bands() -> Table:
    """Return mean and spread of single runs over 20 seeds, by (noise, p)."""
    return {
        (noise, p): {
            name: np.stack([values.mean(axis=0), values.std(axis=0, ddof=1)])
            for name, values in swept(p, noise)[0].items()
        }
        for noise in (0.2, 0.0)
        for p in ALL_PS
    }


def long() -> Table:
    """Return where long runs stood after some of their epochs, by p."""
    marks = np.array(LONG_MARKS) - 1
    return {p: {name: values[:, marks] for name, values in run_long(p).items()} for p in LONG_PS}


def long_curves() -> Table:
    """Return the curves of long runs, every tenth epoch, of the first ten seeds, by p."""
    every = slice(LONG_EVERY - 1, None, LONG_EVERY)
    return {
        p: {name: values[: len(CURVE_SEEDS), every] for name, values in run_long(p).items()} for p in LONG_PS
    }


def last_layer() -> Table:
    """Return the ends of nets with dropout after their last layer alone, by p."""
    found: Table = {}
    for p in LAST_PS:
        runs, stack = training.train(lambda p=p: last_layer_net(p), p, SEEDS, EPOCHS)
        found[p] = training.ends(runs) | {"largest_logit": training.largest_logits(stack)}
    return found


def small() -> Table:
    """Return the ends of a smaller net, by p."""
    found = {p: training.train(lambda p=p: small_net(p), p, SEEDS, EPOCHS)[0] for p in SMALL_PS}
    return {p: training.ends(runs) for p, runs in found.items()}


def averages(noise: float, counts: Sequence[int]) -> Table:
    """Return how averages of thinned nets do, by how many; and eval mode, with and without dropout before."""
    without = training.average_thinned(swept(0.0, noise)[1], counts[:1])["eval"]
    return {**training.average_thinned(swept(0.5, noise)[1], counts), "none": without}


def cut(noise: float, shares: Sequence[float]) -> Table:
    """Return accuracies with a share of the first hidden layer cut away, by (p, share)."""
    return {
        (p, share): {"val_accuracy": training.cut_units(swept(p, noise)[1], share)}
        for p in (0.0, 0.5)
        for share in shares
    }


def flower_weights() -> Table:
    """Return the weights of one net, by p: of the seed whose two nets are nearest to the mean of all."""
    changes = np.array([flower_nets(p)[0]["mean_change"] for p in FLOWER_PS])
    seed = int(np.abs(changes - changes.mean(axis=1, keepdims=True)).max(axis=0).argmin())
    return {p: {"weights": flower_nets(p)[1][seed], "seed": np.array(seed)} for p in FLOWER_PS}


def norm_rates() -> Table:
    """Return curves of SGD with momentum at three rates, by (rate, 0 or 1 for batch norm)."""
    found: Table = {}
    for rate in NORM_RATES:
        for norm in (0, 1):
            runs, _ = training.train_norm_nets(bool(norm), "momentum", rate, 32, 15, SEEDS)
            found[rate, norm] = {name: runs[name] for name in ("train_loss", "val_accuracy")}
    return found


def norm_batches() -> Table:
    """Return the ends of nets trained in batches of two and of 32, by (batch size, 0 or 1)."""
    names = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
    return {
        (size, norm): {name: norm_nets(size, norm)[0][name][:, -1] for name in names}
        for size in NORM_BATCHES
        for norm in (0, 1)
    }


def forgotten() -> Table:
    """Return accuracies of nets with batch norm if eval() is forgotten, by (batch size, how)."""
    nets = norm_nets(32, 1)[1]
    return {
        (size, how): {"val_accuracy": values}
        for size in SIZES
        for how, values in training.forget_eval(nets, SEEDS, size).items()
    }


TABLES: dict[str, Callable[[], Table]] = {
    "ends": lambda: {p: training.ends(swept(p, 0.2)[0]) for p in ALL_PS},
    "curves": curves,
    "long": long,
    "long curves": long_curves,
    "clean ends": lambda: {p: training.ends(swept(p, 0.0)[0]) for p in ALL_PS},
    "bands": bands,
    "wrong labels": lambda: {p: training.learned_labels(swept(p, 0.2)[1]) for p in PS},
    "last layer": last_layer,
    "small": small,
    "averages": lambda: averages(0.2, COUNTS),
    "clean averages": lambda: averages(0.0, COUNTS[::4]),
    "cut": lambda: cut(0.2, SHARES),
    "clean cut": lambda: cut(0.0, SHARES[::3]),
    "one unit": lambda: {p: training.lose_one_unit(swept(p, 0.2)[1]) for p in (0.0, 0.5)},
    "flowers": lambda: {p: flower_nets(p)[0] for p in FLOWER_PS},
    "flower nets": flower_weights,
    "norm rates": norm_rates,
    "norm batches": norm_batches,
    "forgotten": forgotten,
}

if __name__ == "__main__":
    write_runs(names=sys.argv[1:])
