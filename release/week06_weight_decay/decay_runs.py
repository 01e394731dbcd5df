"""Train the nets of week 6 with many strengths of weight decay, and keep what came out in a file.

`python decay_runs.py` trains them all (about four minutes) and writes `decay_runs.json`; the lesson only
reads it, with `stored("adam")`. Data: `digits_noisy()`, 300 training rows of which 20 % have a random label,
and 500 clean validation rows, in batches of 32. Net: 64-128-64-10 with ReLU. A seed decides the first weights
and the order of the batches, so settings that share their seeds are pairs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from course_data import one_thread
from sweep_settings import as_setting, make_updates
from sweeps import shuffled_batches, stack_nets, train_one_pass, validate
from torch import Tensor, nn

from utils import build_net, digits_noisy, sweep

STORED = Path(__file__).with_name("decay_runs.json")
RATE, EPOCHS, BATCH_SIZE = 1e-3, 60, 32
STRENGTHS = {"adam": (0.0, 1e-4, 1e-3, 1e-2, 3e-2, 1e-1), "adamw": (0.0, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0)}
SEEDS, CURVE_SEEDS = range(20), range(10)  # of all are kept the ends, of the first ten the curves, too
RATES, MAP_SEEDS = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), range(3)
SLOW = (
    *(("adam", 3e-4, 0.0), ("adamw", 3e-4, 1.0)),
    *(("adam", 1e-4, 0.0), ("adam", 1e-4, 1e-4), ("adamw", 1e-4, 0.1)),
)
DRAWS = range(20)
DRAWN = (("adam", 0.0), ("adam", 0.01), ("adamw", 1.0))
BLIND_SEEDS, BLIND_EPOCHS = range(5), 30
BLIND = (
    *(("adam", RATE, strength) for strength in (0.0, 1e-7, 1e-6, 1e-4, 1e-2)),
    *(("adamw", RATE, strength) for strength in (1e-6, 1e-2, 1.0)),
    ("sgd", 0.1, 0.01),
)
CURVES = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
BINS = np.linspace(-0.455, 0.455, 92)  # edges; one bin has 0 in its middle
TABLES = (
    *("adam", "adamw", "adam ends", "adamw ends", "draws", "adam map", "adamw map", "blind", "weights"),
    "slow ends",
)

# Fashion-MNIST, 1000 rows to train and 500 to validate; net 784-128-64-10, Adam with a rate of 0.0001,
# batches of 32, 150 epochs, 5 seeds, each with its own data. Copied from the course's repository,
# experiments/RESULTS.md ("make experiments" trains them again): (mean, spread of single runs) in the last
# epoch, the epoch of the lowest validation loss, and what was published elsewhere of one run each.
HEADLINE: dict[float, dict[str, Any]] = {
    0.0: {"train_accuracy": (0.958, 0.008), "val_accuracy": (0.809, 0.014),
          "mean_abs_weight": (0.0339, 0.0001), "best_epoch": (100, 23), "published": 0.824},
    1e-4: {"train_accuracy": (0.958, 0.007), "val_accuracy": (0.809, 0.012),
           "mean_abs_weight": (0.0310, 0.0003), "best_epoch": (100, 23), "published": 0.818},
    1e-3: {"train_accuracy": (0.951, 0.006), "val_accuracy": (0.808, 0.013),
           "mean_abs_weight": (0.0242, 0.0002), "best_epoch": (108, 27), "published": 0.821},
    1e-2: {"train_accuracy": (0.905, 0.010), "val_accuracy": (0.798, 0.013),
           "mean_abs_weight": (0.0117, 0.0002), "best_epoch": (139, 6), "published": 0.832},
    1e-1: {"train_accuracy": (0.669, 0.014), "val_accuracy": (0.653, 0.014),
           "mean_abs_weight": (0.0046, 0.0001), "best_epoch": (148, 2), "published": 0.650},
}  # fmt: skip
PUBLISHED_AGAIN = (0.824, 0.841, 0.828)  # λ = 0: this one setting stands three times in the same source

Table = dict[Any, dict[str, np.ndarray]]  # of each setting, by its key: numbers by their names

# ---------------------------------------------------------------- what is stored


@lru_cache
def stored(table: str) -> Table:
    """Return a table: {key of a setting: {name: numbers}}. The first dimension of all numbers is the run.

    "adam", "adamw": by strength, curves (10 seeds, 60 epochs) of CURVES. "adam ends", "adamw ends": by
    strength, what the last epoch says (20 seeds), with lowest_val_loss, best_epoch, mean_abs_weight.
    "adam map", "adamw map": by (rate, strength), the same ends (3 seeds). "slow ends": by (optimizer, rate,
    strength), the same ends of smaller rates (20 seeds). "draws": by (optimizer, strength),
    the same ends (20 draws of the data, each with its own seed). "blind": by (optimizer, rate, strength),
    mean |w| of the weights behind black pixels ("blind") and of the others ("seeing"), (5 seeds, 31: start
    and 30 epochs), and val_accuracy (5, 30). "weights": by (optimizer, strength), of seed 0 at the end, how
    many first-layer weights lie in each of BINS ("counts"), and of their sizes the median ("half_within")
    and the greatest ("greatest").
    """
    if table not in TABLES:
        raise KeyError(f"There is no table {table!r}. There are: {', '.join(TABLES)}.")
    parts = _file()[table]
    return {
        _key(key): {name: np.array(values) for name, values in numbers.items()}
        for key, numbers in parts.items()
    }


@lru_cache
def _file() -> dict[str, Any]:
    return dict(json.loads(STORED.read_text("utf-8")))


def _key(text: str) -> Any:
    """Return the key of a setting: a strength, or a tuple of an optimizer's name and numbers."""
    parts = [part if part in STRENGTHS or part == "sgd" else float(part) for part in text.split(" | ")]
    return tuple(parts) if len(parts) > 1 else parts[0]


def write_runs(path: Path = STORED, tables: Mapping[str, Table] | None = None) -> None:
    """Train all that is stored and write it, a line for each setting."""
    parts = []
    for table, rows in (train_tables() if tables is None else tables).items():
        lines = [f"{json.dumps(_text(key))}: {_numbers(numbers)}" for key, numbers in rows.items()]
        parts.append(f"{json.dumps(table)}: {{\n" + ",\n".join(lines) + "\n}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def _text(key: Any) -> str:
    return " | ".join(str(part) for part in (key if isinstance(key, tuple) else (key,)))


def _numbers(numbers: Mapping[str, np.ndarray]) -> str:
    rounded = {name: _rounded(values.tolist()) for name, values in numbers.items()}
    return json.dumps(rounded, separators=(",", ":"))


def _rounded(values: Any) -> Any:
    """Return nested lists of numbers with four digits; whole numbers stay as they are."""
    if isinstance(values, list):
        return [_rounded(value) for value in values]
    return values if isinstance(values, int) else float(f"{values:.4g}")


# ---------------------------------------------------------------- how they are trained


def decay_net() -> nn.Module:
    """Return a fresh net of this week, 64-128-64-10."""
    return build_net((64, 128, 64, 10))


def train_tables() -> dict[str, Table]:
    """Return all tables, trained anew."""
    tables: dict[str, Table] = {}
    for optimizer, strengths in STRENGTHS.items():
        found = {strength: train_once((optimizer, RATE, strength), SEEDS) for strength in strengths}
        tables[optimizer] = {
            strength: {name: runs[name][: len(CURVE_SEEDS)] for name in CURVES}
            for strength, runs in found.items()
        }
        tables[f"{optimizer} ends"] = {strength: ends(runs) for strength, runs in found.items()}
        tables[f"{optimizer} map"] = {
            (rate, strength): ends(train_once((optimizer, rate, strength), MAP_SEEDS))
            for rate, strength in product(RATES, strengths)
        }
    slow = {setting: ends(train_once(setting, SEEDS)) for setting in SLOW}
    return tables | {
        "draws": train_draws(), "blind": watch_blind(), "weights": count_weights(), "slow ends": slow
    }  # fmt: skip


@cache
def train_once(setting: tuple[str, float, float], seeds: range) -> dict[str, np.ndarray]:
    """Return the curves of one setting, (seeds, epochs), by their names; no setting is trained twice.

    Without decay AdamW is Adam, and the map's seeds are the first of all seeds.
    """
    if setting[2] == 0 and setting[0] == "adamw":
        return train_once(("adam", *setting[1:]), seeds)
    if setting[1] == RATE and seeds != SEEDS:
        return {name: values[: len(seeds)] for name, values in train_once(setting, SEEDS).items()}
    return train([setting], seeds)[setting]


@one_thread()
def train(
    settings: Sequence[tuple[str, float, float]], seeds: Sequence[int], epochs: int = EPOCHS, draw: int = 0
) -> Table:
    """Return the curves, (seeds, epochs), of settings (optimizer, rate, strength), by these."""
    histories = sweep(
        decay_net, digits_noisy(seed=draw), [_setting(*each) for each in settings], epochs, seeds, BATCH_SIZE,
        weights=True,
    )  # fmt: skip
    names = (*CURVES, "train_mean_abs_weight")
    return {
        key: {name: np.array([history[name] for history in of_seeds]) for name in names}
        for key, of_seeds in zip(settings, histories, strict=True)
    }


def _setting(optimizer: str, rate: float, strength: float) -> dict[str, Any]:
    return {"optimizer": optimizer, "lr": rate, "weight_decay": strength}


def ends(runs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return what the last epoch says, and where the validation loss was lowest, each (seeds,)."""
    losses = runs["val_loss"]
    return {name: runs[name][:, -1] for name in CURVES} | {
        "lowest_val_loss": losses.min(axis=1),
        "best_epoch": losses.argmin(axis=1) + 1,
        "mean_abs_weight": runs["train_mean_abs_weight"][:, -1],
    }


def train_draws() -> Table:
    """Return the ends of three settings for twenty draws of the rows and labels, each with its own seed."""
    settings = [(optimizer, RATE, strength) for optimizer, strength in DRAWN]
    found = [train(settings, [draw], draw=draw) for draw in DRAWS]
    joined = {key: {name: np.concatenate([one[key][name] for one in found]) for name in found[0][key]}
              for key in settings}  # fmt: skip
    return {(optimizer, strength): ends(joined[optimizer, RATE, strength]) for optimizer, strength in DRAWN}


# ---------------------------------------------------------------- single weights


def watch(
    settings: Sequence[tuple[str, float, float]], seeds: Sequence[int], epochs: int
) -> Iterator[tuple[Tensor, list[float]]]:
    """Yield, first of the start and then after every epoch, first-layer weights and validation accuracies.

    The weights are (runs, 64 inputs, 128 units), the runs numbered setting by setting. They are the very nets
    that `sweep` trains: all of this is taken from it.
    """
    (x, y), (x_validation, y_validation) = (part.tensors for part in digits_noisy()[:2])
    runs = [(as_setting(_setting(*each)), seed) for each in settings for seed in seeds]
    stack = stack_nets(decay_net, runs, x[:2])
    parameters = list(zip(*stack.views, strict=True))
    updates = make_updates([setting for setting, _ in runs], parameters, epochs * -(-len(x) // BATCH_SIZE))
    criterion = nn.CrossEntropyLoss()
    yield stack.weights[0].detach().clone(), [float("nan")] * len(runs)
    for _ in range(epochs):
        train_one_pass(stack, updates, x, y, shuffled_batches(stack, len(x), BATCH_SIZE, "cpu"), criterion)
        accuracies = validate(stack, x_validation, y_validation, criterion)["val_accuracy"]
        yield stack.weights[0].detach().clone(), accuracies


def black_pixels() -> Tensor:
    """Return which of the 64 pixels are black in all 300 training rows: no weight behind them learns."""
    return (digits_noisy()[0].tensors[0] == 0).all(dim=0)


@one_thread()
def watch_blind(
    settings: Sequence[tuple[str, float, float]] = BLIND,
    seeds: Sequence[int] = BLIND_SEEDS,
    epochs: int = BLIND_EPOCHS,
) -> Table:
    """Return mean |w| of the weights behind black pixels and of the others, and the validation accuracy."""
    black, rows = black_pixels(), []
    for weights, accuracies in watch(settings, seeds, epochs):
        sizes = weights.abs()
        rows.append([sizes[:, black].mean(dim=(1, 2)).tolist(), sizes[:, ~black].mean(dim=(1, 2)).tolist(),
                     accuracies])  # fmt: skip
    blind, seeing, accuracy = np.array(rows).transpose(1, 2, 0).reshape(3, len(settings), len(seeds), -1)
    return {
        key: {"blind": blind[i], "seeing": seeing[i], "val_accuracy": accuracy[i, :, 1:]}
        for i, key in enumerate(settings)
    }


@one_thread()
def count_weights(seed: int = 0, epochs: int = EPOCHS) -> Table:
    """Return for every strength how the first-layer weights of one net are spread after the last epoch."""
    settings = [(name, RATE, strength) for name, strengths in STRENGTHS.items() for strength in strengths]
    *_, (weights, _) = watch(settings, [seed], epochs)
    return {
        (name, strength): {
            "counts": np.histogram(np.clip(each.double().numpy(), BINS[0], BINS[-1]), BINS)[0],
            "half_within": np.array(each.abs().median().item()),
            "greatest": np.array(each.abs().max().item()),
        }
        for (name, _, strength), each in zip(settings, weights, strict=True)
    }


if __name__ == "__main__":
    write_runs()
