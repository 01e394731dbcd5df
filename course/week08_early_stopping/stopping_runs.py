"""Train the nets of week 8, look at them after every epoch, and keep what came out in a file.

`python stopping_runs.py` trains them all (about two minutes) and writes `stopping_runs.json`; the lesson
only reads it, with `stored("curves")`. Data: `digits_noisy()`, 300 training rows of which 20 % have a random
label, 500 clean validation rows and 997 clean test rows, in batches of 32. Net: 64-128-64-10 with ReLU,
trained by Adam without regularization. A seed decides the first weights and the order of the batches; in the
table of labels it decides the data as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from course_data import one_thread
from sweep_settings import as_setting, make_updates
from sweeps import Stack, batch_values, forward, shuffled_batches, stack_nets, train_one_pass, validate
from torch import Tensor, nn

from utils import build_net, digits_noisy

STORED = Path(__file__).with_name("stopping_runs.json")
BATCH_SIZE = 32
RATES, EPOCHS, SEEDS = (0.1, 0.01, 0.001, 0.0001), 100, range(20)
LABELS_RATE, LABELS_EPOCHS = 0.001, 120
CHOICE_RATE, CHOICE_ROWS, DRAWS = 0.01, (20, 50, 100, 500), 20
TABLES = ("curves", "labels", "answers", "optimism")
CRITERION = nn.CrossEntropyLoss()

Means = dict[str, tuple[float, float]]  # mean and spread by the name of a number
Table = dict[Any, dict[str, np.ndarray]]  # of each setting, by its key: numbers by their names


def _means(epoch: Any, val_loss: Any, train_accuracy: Any, val_accuracy: Any) -> Means:
    return dict(epoch=epoch, val_loss=val_loss, train_accuracy=train_accuracy, val_accuracy=val_accuracy)


# Fashion-MNIST, 1000 rows to train and 500 to validate; net 784-128-64-10, Adam, batches of 32, 150 epochs, 5
# seeds, each with its own data. Copied from the course's repository, experiments/RESULTS.md ("make
# experiments" trains them again): of each rate (mean, spread of single runs) after all epochs, of the weights
# of the lowest validation loss, and of the weights with which a patience of 5 stops. "epoch" counts from 1.
HEADLINE: dict[float, dict[str, Means]] = {
    0.1: {
        "all": _means((150, 0), (1.895, 0.095), (0.235, 0.075), (0.218, 0.049)),
        "best": _means((10, 4), (1.284, 0.191), (0.467, 0.140), (0.479, 0.132)),
        "patience": _means((11, 2), (1.644, 0.384), (0.369, 0.179), (0.352, 0.160)),
    },
    0.01: {
        "all": _means((150, 0), (1.998, 0.266), (1.000, 0.000), (0.805, 0.008)),
        "best": _means((10, 6), (0.628, 0.047), (0.846, 0.065), (0.787, 0.033)),
        "patience": _means((12, 3), (0.772, 0.102), (0.866, 0.029), (0.758, 0.012)),
    },
    1e-3: {
        "all": _means((150, 0), (1.360, 0.234), (0.995, 0.011), (0.802, 0.009)),
        "best": _means((16, 2), (0.544, 0.029), (0.886, 0.010), (0.808, 0.014)),
        "patience": _means((21, 2), (0.580, 0.060), (0.913, 0.007), (0.805, 0.016)),
    },
    1e-4: {
        "all": _means((150, 0), (0.581, 0.052), (0.958, 0.008), (0.809, 0.014)),
        "best": _means((100, 23), (0.537, 0.036), (0.917, 0.022), (0.818, 0.010)),
        "patience": _means((77, 16), (0.561, 0.032), (0.897, 0.018), (0.808, 0.012)),
    },
}

# ---------------------------------------------------------------- what is stored


@lru_cache
def stored(table: str) -> Table:
    """Return a table: {key of a setting: {name: numbers}}. The first dimension of numbers is the run.

    "curves": by rate, val_loss, val_accuracy, test_loss and test_accuracy, (20 seeds, 100 epochs).
    "labels": by rate, what `watch_labels` says, (20 seeds, 120 epochs), and n_wrong, (20,).
    "answers": by seed of data and net, of the rows with a wrong label: their places among the 300 ("rows"),
    "given" and "true" label, each (rows,), and the net's "answers", (rows, 120 epochs).
    "optimism": by the number of rows that choose the epoch (0: the 500 of validation), what
    `choose_by_rows` says, each (20 seeds,).
    """
    if table not in TABLES:
        raise KeyError(f"There is no table {table!r}. There are: {', '.join(TABLES)}.")
    return {
        float(key) if "." in key or "e" in key else int(key): {
            name: np.array(values) for name, values in numbers.items()
        }
        for key, numbers in _file()[table].items()
    }


@lru_cache
def _file() -> dict[str, Any]:
    return dict(json.loads(STORED.read_text("utf-8")))


def write_runs(path: Path = STORED, tables: Mapping[str, Table] | None = None) -> None:
    """Train all that is stored and write it, a line for each setting."""
    parts = []
    for table, rows in (train_tables() if tables is None else tables).items():
        lines = [f"{json.dumps(str(key))}: {_numbers(numbers)}" for key, numbers in rows.items()]
        parts.append(f"{json.dumps(table)}: {{\n" + ",\n".join(lines) + "\n}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def _numbers(numbers: Mapping[str, np.ndarray]) -> str:
    rounded = {name: _rounded(values.tolist()) for name, values in numbers.items()}
    return json.dumps(rounded, separators=(",", ":"))


def _rounded(values: Any) -> Any:
    """Return nested lists of numbers with four digits; whole numbers stay as they are."""
    if isinstance(values, list):
        return [_rounded(value) for value in values]
    return values if isinstance(values, int) else float(f"{values:.4g}")


def train_tables() -> dict[str, Table]:
    """Return all tables, trained anew, and tell in a line what is done."""
    curves: Table = {}
    for rate in RATES:
        print(f"curves: rate {rate:g}, {len(SEEDS)} seeds, {EPOCHS} epochs", flush=True)
        curves |= train_curves([rate], SEEDS, EPOCHS)
    print(f"optimism: rate {CHOICE_RATE:g}, every row after every epoch", flush=True)
    optimism = {rows: choose_by_rows(rows, *rows_by_epoch()) for rows in (*CHOICE_ROWS, 0)}
    answers = {0: watch_answers(0)}
    found = []
    for seed in SEEDS:
        print(f"labels: seed {seed} of {len(SEEDS)}, {LABELS_EPOCHS} epochs", flush=True)
        found.append(watch_labels([seed]))
    labels = {LABELS_RATE: {name: np.concatenate([one[name] for one in found]) for name in found[0]}}
    return {"curves": curves, "labels": labels, "answers": answers, "optimism": optimism}


# ---------------------------------------------------------------- how they are trained


def stopping_net() -> nn.Module:
    """Return a fresh net of this week, 64-128-64-10."""
    return build_net((64, 128, 64, 10))


def train_along(
    rates: Sequence[float], seeds: Sequence[int], epochs: int, draw: int = 0
) -> Iterator[tuple[Stack, dict[str, list[float]]]]:
    """Yield the nets after every epoch, and their validation losses and accuracies, a number for each run.

    The runs are numbered rate by rate; they are those that `sweep` trains. draw: the seed of the data.
    """
    (x, y), (x_validation, y_validation) = (part.tensors for part in digits_noisy(seed=draw)[:2])
    runs = [(as_setting({"optimizer": "adam", "lr": rate}), seed) for rate in rates for seed in seeds]
    stack = stack_nets(stopping_net, runs, x[:2])
    parameters = list(zip(*stack.views, strict=True))
    updates = make_updates([setting for setting, _ in runs], parameters, epochs * -(-len(x) // BATCH_SIZE))
    for _ in range(epochs):
        train_one_pass(stack, updates, x, y, shuffled_batches(stack, len(x), BATCH_SIZE, "cpu"), CRITERION)
        yield stack, validate(stack, x_validation, y_validation, CRITERION)


@torch.no_grad()
def ask(stack: Stack, x: Tensor) -> Tensor:
    """Return the logits of all nets for some rows, (runs, rows, 10)."""
    return forward(stack, x.expand(len(stack.generators), *x.shape), training=False)


@one_thread()
def train_curves(rates: Sequence[float], seeds: Sequence[int], epochs: int = EPOCHS) -> Table:
    """Return by rate the curves val_loss, val_accuracy, test_loss and test_accuracy, (seeds, epochs)."""
    x, y = digits_noisy()[2].tensors
    seen = []
    for stack, validation in train_along(rates, seeds, epochs):
        logits = ask(stack, x)
        targets = y.expand(len(logits), -1)
        test = batch_values(CRITERION, torch.vmap(CRITERION)(logits, targets), logits, targets)
        seen.append([validation["val_loss"], validation["val_accuracy"], *test.tolist()])
    names = ("val_loss", "val_accuracy", "test_loss", "test_accuracy")
    found = np.array(seen).reshape(epochs, len(names), len(rates), len(seeds)).transpose(2, 1, 3, 0)
    return {rate: dict(zip(names, found[i], strict=True)) for i, rate in enumerate(rates)}


# ---------------------------------------------------------------- wrong labels


def labels_of(seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return the 300 training pictures, (300, 64), their given labels and their true ones, each (300,)."""
    x, given = digits_noisy(seed=seed)[0].tensors
    return x, given, digits_noisy(noise=0.0, seed=seed)[0].tensors[1]


@one_thread()
def watch_labels(seeds: Sequence[int], epochs: int = LABELS_EPOCHS) -> dict[str, np.ndarray]:
    """Return what nets say of their training rows after every epoch, each (seeds, epochs).

    Shares: honest_fitted, of the rows with their true label, those to which the net gives it; wrong_given and
    wrong_true, of the rows with a wrong label, those to which it gives that label, or the true one.
    Counts: disagree, the rows whose label the net does not give, and disagree_wrong, how many of these labels
    are wrong; n_wrong, (seeds,): how many are wrong at all. Also the curves of validation and test.
    A seed decides the data, the first weights and the order of the batches.
    """
    found = [_watch_one(seed, epochs) for seed in seeds]
    return {name: np.array([one[name] for one in found]) for name in found[0]}


def _watch_one(seed: int, epochs: int) -> dict[str, Any]:
    x, given, true = labels_of(seed)
    x_test, y_test = digits_noisy(seed=seed)[2].tensors
    wrong, rows = given != true, []
    for stack, validation in train_along([LABELS_RATE], [seed], epochs, draw=seed):
        answers, test = ask(stack, x)[0].argmax(dim=1), ask(stack, x_test)[0]
        rows.append({
            "honest_fitted": (answers == given)[~wrong].double().mean().item(),
            "wrong_given": (answers == given)[wrong].double().mean().item(),
            "wrong_true": (answers == true)[wrong].double().mean().item(),
            "disagree": int((answers != given).sum()),
            "disagree_wrong": int((answers != given)[wrong].sum()),
            "val_loss": validation["val_loss"][0],
            "val_accuracy": validation["val_accuracy"][0],
            "test_loss": CRITERION(test, y_test).item(),
            "test_accuracy": (test.argmax(dim=1) == y_test).double().mean().item(),
        })  # fmt: skip
    return {name: [row[name] for row in rows] for name in rows[0]} | {"n_wrong": int(wrong.sum())}


@one_thread()
def watch_answers(seed: int, epochs: int = LABELS_EPOCHS) -> dict[str, np.ndarray]:
    """Return of the rows with a wrong label their places, both labels, and a net's answers by epoch."""
    x, given, true = labels_of(seed)
    rows = torch.nonzero(given != true).flatten()
    answers = [ask(stack, x[rows])[0].argmax(dim=1).tolist()
               for stack, _ in train_along([LABELS_RATE], [seed], epochs, draw=seed)]  # fmt: skip
    return {"rows": rows.numpy(), "given": given[rows].numpy(), "true": true[rows].numpy(),
            "answers": np.array(answers).T}  # fmt: skip


# ---------------------------------------------------------------- how optimistic the kept score is


@lru_cache
@one_thread()
def rows_by_epoch(epochs: int = EPOCHS, seeds: range = SEEDS) -> tuple[np.ndarray, np.ndarray]:
    """Return for every row of validation (first) and test whether it is right, and its loss.

    Both have the shape (seeds, epochs, 1497); the nets are those of the curves with CHOICE_RATE.
    """
    parts = [part.tensors for part in digits_noisy()[1:]]
    x, y = (torch.cat(both) for both in zip(*parts, strict=True))
    right, losses = [], []
    for stack, _ in train_along([CHOICE_RATE], seeds, epochs):
        logits = ask(stack, x)
        right.append((logits.argmax(dim=2) == y).numpy())
        losses.append(-logits.log_softmax(dim=2)[:, torch.arange(len(y)), y].numpy())
    return np.stack(right, axis=1).astype(float), np.stack(losses, axis=1).astype(float)


def choose_by_rows(rows: int, right: np.ndarray, losses: np.ndarray) -> dict[str, np.ndarray]:
    """Return what is got by choosing the epoch with a few rows, and scoring it on all others, each (seeds,).

    The rows are drawn DRAWS times from the 1497 of validation and test, anew for each seed, and what is
    returned is the mean; 0 rows: the 500 of validation choose, the 997 of test score.
    By accuracy: kept_epoch (from 1), kept_score on the rows that chose, honest_score on the others, and
    best_possible, the highest score there of any epoch. By loss: kept_loss on the others, and lowest_loss.
    """
    found = []
    for seed in range(len(right)):
        random = np.random.default_rng(seed)
        orders = [random.permutation(right.shape[2]) for _ in range(DRAWS)] if rows else [np.arange(1497)]
        scores = [_choose(right[seed][:, order], losses[seed][:, order], rows or 500) for order in orders]
        found.append(np.mean(scores, axis=0))
    names = ("kept_epoch", "kept_score", "honest_score", "best_possible", "kept_loss", "lowest_loss")
    return dict(zip(names, np.transpose(found), strict=True))


def _choose(right: np.ndarray, losses: np.ndarray, rows: int) -> list[float]:
    """Return the numbers of `choose_by_rows` for one net, (epochs, rows), if the first rows choose."""
    shown, honest = right[:, :rows].mean(axis=1), right[:, rows:].mean(axis=1)
    epoch, others = int(shown.argmax()), losses[:, rows:].mean(axis=1)
    kept_loss = others[losses[:, :rows].mean(axis=1).argmin()]
    return [epoch + 1, shown[epoch], honest[epoch], honest.max(), kept_loss, others.min()]


if __name__ == "__main__":
    write_runs()
