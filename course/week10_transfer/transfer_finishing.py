"""Train nets on noisy digits, and see what several nets and one temperature are worth when they are done.

Data: `digits_noisy()`, 300 training rows of which 20 % have a random label (or none: "clean labels"), 500
clean validation rows, 997 clean test rows. Net: 64-128-64-10 with ReLU, rate 0.001, batches of 32, 60 epochs.
A seed decides first weights, order of batches and dropout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from course_data import one_thread
from scipy.optimize import minimize_scalar
from sweep_settings import as_setting, make_updates
from sweeps import forward, shuffled_batches, stack_nets, train_one_pass
from torch import Tensor, nn

from utils import FlexibleClassifier, digits_noisy

NETS: dict[str, tuple[dict[str, Any], float]] = {  # the setting, and the share of random training labels
    "plain": ({"lr": 1e-3}, 0.2),
    "dropout 0.5": ({"lr": 1e-3, "dropout": 0.5}, 0.2),
    "AdamW 1": ({"lr": 1e-3, "optimizer": "adamw", "weight_decay": 1.0}, 0.2),
    "ten times the rate": ({"lr": 1e-2}, 0.2),
    "clean labels": ({"lr": 1e-3}, 0.0),
    "dropout 0.5, clean": ({"lr": 1e-3, "dropout": 0.5}, 0.0),
}
EPOCHS, BATCH_SIZE, GROUP, BINS = 60, 32, 5, 10
CRITERION = nn.CrossEntropyLoss()
Runs = dict[str, np.ndarray]


@dataclass(frozen=True)
class Logits:
    """Hold what nets say of validation and test rows, (nets, rows, 10), and the labels, (rows,)."""

    validation: Tensor
    test: Tensor
    y_validation: Tensor
    y_test: Tensor


@one_thread()
def train_nets(net: str, seeds: Sequence[int], epochs: int = EPOCHS) -> Logits:
    """Return the logits of one of NETS, trained with each of these seeds."""
    setting, noise = NETS[net]
    (x, y), *others = (part.tensors for part in digits_noisy(noise=noise))
    runs = [(as_setting(setting), seed) for seed in seeds]
    stack = stack_nets(lambda: FlexibleClassifier(64, (128, 64), 10, 0.0), runs, x[:2])
    steps = epochs * -(-len(x) // BATCH_SIZE)
    updates = make_updates([each for each, _ in runs], list(zip(*stack.views, strict=True)), steps)
    for _ in range(epochs):
        train_one_pass(stack, updates, x, y, shuffled_batches(stack, len(x), BATCH_SIZE, "cpu"), CRITERION)
    with torch.no_grad():
        said = [forward(stack, rows.expand(len(runs), *rows.shape), training=False) for rows, _ in others]
    return Logits(*said, *(labels for _, labels in others))


# ---------------------------------------------------------------- what answers are worth


def judged(log_probabilities: Tensor, y: Tensor) -> Runs:
    """Return accuracy, loss and calibration error of nets, (nets,) each, from (nets, rows, 10).

    The calibration error sorts the answers by the net's own probability into ten bins of width 0.1, and takes
    in each the distance between mean probability and accuracy, weighted by its answers.
    """
    sure, answers = log_probabilities.double().exp().max(dim=-1)
    right = (answers == y).double()
    loss = -log_probabilities.gather(-1, y.expand(len(sure), -1).unsqueeze(-1)).mean(dim=(1, 2))
    bins = nn.functional.one_hot((sure * BINS).long().clamp(max=BINS - 1), BINS).double()
    gaps = torch.einsum("rn,rnb->rb", right - sure, bins).abs().sum(dim=1) / len(y)
    values = {"accuracy": right.mean(dim=1), "loss": loss, "error": gaps}
    return {name: np.array(each.tolist()) for name, each in values.items()}


def best_temperature(logits: Tensor, y: Tensor) -> float:
    """Return the T in 0.1…10 whose logits / T have the lowest loss, for one net, (rows, 10)."""
    found = minimize_scalar(
        lambda power: CRITERION(logits.double() / 10**power, y).item(), bounds=(-1, 1), method="bounded"
    )
    return float(10**found.x)


@one_thread()
def finish(net: str, groups: int) -> Runs:
    """Return what test rows say of groups of five nets, (groups,) each: accuracy, loss, (calibration) error.

    "one_…": the first net of a group. "best_…": that of the lowest validation loss. "mean_…": the mean of the
    five nets' probabilities. "warm_…": the first net, its logits divided by the temperature that gives the
    lowest validation loss ("temperature").
    """
    found = train_nets(net, range(GROUP * groups))
    first = slice(None, None, GROUP)
    sure = found.test.log_softmax(dim=-1)
    losses = judged(found.validation.log_softmax(dim=-1), found.y_validation)["loss"].reshape(-1, GROUP)
    best = torch.as_tensor(losses.argmin(axis=1) + GROUP * np.arange(groups))
    mean = sure.view(groups, GROUP, *sure.shape[1:]).logsumexp(dim=1) - np.log(GROUP)
    temperature = [best_temperature(logits, found.y_validation) for logits in found.validation[first]]
    warm = (found.test[first] / torch.tensor(temperature).view(-1, 1, 1)).log_softmax(dim=-1)
    parts = {"one": sure[first], "best": sure[best], "mean": mean, "warm": warm}
    return {
        f"{part}_{name}": values
        for part, each in parts.items()
        for name, values in judged(each, found.y_test).items()
    } | {"temperature": np.array(temperature)}
