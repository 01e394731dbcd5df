"""Train the pool and the copies of week 9, and keep them packed: 500 different settings, and one 500 times.

`tuning_runs.py pool` calls it (about two minutes) and writes `tuning_pool.npz`. Data: `digits_noisy()`, 300
training rows of which 20 % have a random label, 500 clean validation rows and 997 clean test rows, in batches
of 32. Net: 64-128-64-10 with ReLU and dropout; AdamW, 20 epochs. Run i has seed i.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from course_data import one_thread
from scipy.stats import loguniform
from sweep_settings import as_setting, make_updates
from sweeps import Stack, forward, shuffled_batches, stack_nets, train_one_pass, validate
from torch import nn

from utils import FlexibleClassifier, digits_noisy

STORED_POOL = Path(__file__).with_name("tuning_pool.npz")
RUNS, EPOCHS, BATCH_SIZE, VALIDATION, TEST = 500, 20, 32, 500, 997
RATES, DECAYS, DROPOUTS = (1e-5, 1e-1), (1e-5, 1e-2), (0.0, 0.5)
COPIED = {"lr": 2e-3, "weight_decay": 0.01, "dropout": 0.3}  # one good setting
AT_ONCE = 50  # nets: they fit in the processor's cache
CRITERION = nn.CrossEntropyLoss()


@dataclass(frozen=True)
class Trained:
    """Hold 500 runs: their settings, and what each says of every row of validation and test."""

    lr: np.ndarray  # (500,)
    weight_decay: np.ndarray  # (500,)
    dropout: np.ndarray  # (500,)
    curves: np.ndarray  # validation accuracy after each epoch, (500, 20)
    right: np.ndarray  # after the last epoch: whether each validation row is right, bool, (500, 500)
    right_test: np.ndarray  # the same for test rows, bool, (500, 997)

    @property
    def validation(self) -> np.ndarray:
        """Return the validation accuracy of every run after its last epoch, (500,)."""
        return self.right.mean(axis=1)

    @property
    def test(self) -> np.ndarray:
        """Return the test accuracy of every run after its last epoch, (500,)."""
        return self.right_test.mean(axis=1)


@lru_cache
def pool() -> Trained:
    """Return 500 different settings, drawn at random, of which run i is trained with seed i."""
    return _read("pool", pool_settings())


@lru_cache
def copies() -> Trained:
    """Return one setting 500 times, with the seeds 0 to 499."""
    return _read("copies", [COPIED] * RUNS)


def pool_settings(n: int = RUNS) -> list[dict[str, float]]:
    """Return the settings of the pool: rate and decay log-uniform, dropout uniform."""
    rng = np.random.default_rng(0)
    return [
        {
            "lr": float(loguniform.rvs(*RATES, random_state=rng)),
            "weight_decay": float(loguniform.rvs(*DECAYS, random_state=rng)),
            "dropout": float(rng.uniform(*DROPOUTS)),
        }
        for _ in range(n)
    ]


# ---------------------------------------------------------------- training


def tuning_net() -> nn.Module:
    """Return a fresh net of this week, 64-128-64-10 with dropout."""
    return FlexibleClassifier(64, (128, 64), 10, 0.0)


@one_thread()
def train_runs(
    settings: Sequence[dict[str, Any]], seeds: Sequence[int], epochs: int = EPOCHS
) -> tuple[np.ndarray, np.ndarray]:
    """Train each setting with its own seed, by AdamW.

    Returns the validation accuracy after every epoch, (runs, epochs), and whether each row of validation
    (first) and test is right at the end, bool, (runs, 1497).
    """
    settings = [{"optimizer": "adamw", **setting} for setting in settings]
    parts = [
        _train_part(settings[at : at + AT_ONCE], seeds[at : at + AT_ONCE], epochs)
        for at in range(0, len(settings), AT_ONCE)
    ]
    curves, right = (np.concatenate(each) for each in zip(*parts, strict=True))
    return curves, right


def _train_part(settings: Any, seeds: Any, epochs: int) -> tuple[np.ndarray, np.ndarray]:
    stacks, curves = zip(*train_along(settings, seeds, epochs), strict=True)
    return np.array(curves).T, answers(stacks[-1])


@torch.no_grad()
def answers(stack: Stack) -> np.ndarray:
    """Return whether each net is right for each row of validation (first) and test, bool, (runs, 1497)."""
    x, y = (torch.cat(both) for both in zip(*(part.tensors for part in digits_noisy()[1:]), strict=True))
    logits = forward(stack, x.expand(len(stack.generators), *x.shape), training=False)
    return (logits.argmax(dim=2) == y).numpy()


def train_along(
    settings: Sequence[dict[str, Any]], seeds: Sequence[int], epochs: int
) -> Iterator[tuple[Stack, list[float]]]:
    """Yield the nets after every epoch, and the validation accuracy of each; run i has seeds[i]."""
    (x, y), (x_validation, y_validation) = (part.tensors for part in digits_noisy()[:2])
    runs = [(as_setting(setting), seed) for setting, seed in zip(settings, seeds, strict=True)]
    stack = stack_nets(tuning_net, runs, x[:2])
    parameters = list(zip(*stack.views, strict=True))
    updates = make_updates([setting for setting, _ in runs], parameters, epochs * -(-len(x) // BATCH_SIZE))
    for _ in range(epochs):
        train_one_pass(stack, updates, x, y, shuffled_batches(stack, len(x), BATCH_SIZE, "cpu"), CRITERION)
        yield stack, validate(stack, x_validation, y_validation, CRITERION)["val_accuracy"]


# ---------------------------------------------------------------- the file


def write_pool(path: Path = STORED_POOL) -> None:
    """Train the pool and the copies and write them packed: a bit for every answer, curves as counts."""
    parts: dict[str, np.ndarray] = {}
    for name, settings in (("pool", pool_settings()), ("copies", [COPIED] * RUNS)):
        parts |= packed(name, *train_runs(settings, range(RUNS)))
    write_parts(path, parts)


def packed(name: str, curves: np.ndarray, right: np.ndarray) -> dict[str, np.ndarray]:
    """Return curves and answers as small arrays: row by row, as most runs agree about a row."""
    counts = np.round(curves * VALIDATION).astype(np.uint16)
    return {f"{name}_counts": counts, f"{name}_right": np.packbits(right.T, axis=1)}


def write_parts(path: Path, parts: dict[str, np.ndarray]) -> None:
    """Write arrays to a compressed file."""
    np.savez_compressed(path, **parts)  # type: ignore[arg-type]


def _read(name: str, settings: Sequence[dict[str, float]]) -> Trained:
    with np.load(STORED_POOL) as parts:
        curves = parts[f"{name}_counts"] / VALIDATION
        right = np.unpackbits(parts[f"{name}_right"], axis=1, count=len(curves)).T.astype(bool)
    values = {key: np.array([setting[key] for setting in settings]) for key in COPIED}
    return Trained(**values, curves=curves, right=right[:, :VALIDATION], right_test=right[:, VALIDATION:])
