"""Train what week 9 trains live or at its end: the chosen setting anew, a net of few weights, iris.

Data of the chosen setting: `digits_noisy()`, 300 training rows with 20 % random labels, 500 clean validation
rows, 997 clean test rows. Accuracies are shares of right answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from course_data import iris_data, one_thread, seeded
from optuna.trial import Trial
from recording import Stop, fit
from search import suggest_setting
from sweep_settings import as_setting, make_updates
from sweeps import Stack, forward, shuffled_batches, stack_nets, train_one_pass, validate
from torch import Tensor, nn
from torch.optim import Adam
from torch.utils.data import TensorDataset

from utils import build_net, digits_noisy, make_loader, split_data, train_model

CRITERION = nn.CrossEntropyLoss()
Parts = tuple[TensorDataset, ...]


def chain(
    widths: Sequence[int], dropout: float, activation: str = "ReLU", n_in: int = 64, n_out: int = 10
) -> nn.Module:
    """Return a fresh net with an activation and dropout after each hidden layer."""
    layers: list[nn.Module] = []
    for before, after in pairwise((n_in, *widths)):
        layers += [nn.Linear(before, after), getattr(nn, activation)(), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear((n_in, *widths)[-1], n_out))


# ---------------------------------------------------------------- the chosen setting, with fresh seeds


@one_thread()
def retrain(
    widths: Sequence[int], setting: Mapping[str, Any], epochs: int, seeds: Sequence[int]
) -> dict[str, np.ndarray]:
    """Train one setting with every seed by AdamW, keep the epoch of the lowest validation loss, test it.

    setting: such as {"lr": 0.01, "weight_decay": 0.001, "dropout": 0.1}, and maybe an activation and a
    batch_size. Returns of the nets kept the accuracies "validation" and "test", the validation
    "loss" and the "epoch", each (seeds,).
    """
    parts = [part.tensors for part in digits_noisy()]
    batch_size = setting.get("batch_size", 32)
    rates = {key: setting[key] for key in ("lr", "weight_decay", "dropout") if key in setting}
    runs = [(as_setting({"optimizer": "adamw", **rates}), seed) for seed in seeds]
    build = partial(chain, widths, rates.get("dropout", 0.0), setting.get("activation", "ReLU"))
    stack = stack_nets(build, runs, parts[0][0][:2])
    steps, parameters = epochs * -(-len(parts[0][0]) // batch_size), list(zip(*stack.views, strict=True))
    updates = make_updates([run for run, _ in runs], parameters, steps)
    kept, lowest = [tensor.detach().clone() for tensor in stack.learning], torch.full((len(runs),), torch.inf)
    chosen = np.zeros(len(runs), dtype=int)
    for epoch in range(epochs):
        batches = shuffled_batches(stack, len(parts[0][0]), batch_size, "cpu")
        train_one_pass(stack, updates, *parts[0], batches, CRITERION)
        losses = torch.tensor(validate(stack, *parts[1], CRITERION)["val_loss"])
        better = losses < lowest
        lowest, chosen[better.numpy()] = torch.where(better, losses, lowest), epoch + 1
        for copy, tensor in zip(kept, stack.learning, strict=True):
            copy[better] = tensor.detach()[better]
    with torch.no_grad():
        for copy, tensor in zip(kept, stack.learning, strict=True):
            tensor.copy_(copy)
    validation, test = (accuracies(stack, *part) for part in parts[1:])
    return {"validation": validation, "test": test, "loss": lowest.numpy(), "epoch": chosen}


@torch.no_grad()
def accuracies(stack: Stack, x: Tensor, y: Tensor) -> np.ndarray:
    """Return the accuracy of every net of a stack on some rows, (runs,)."""
    answers = forward(stack, x.expand(len(stack.generators), *x.shape), training=False).argmax(dim=2)
    return (answers == y).double().mean(dim=1).numpy()


# ---------------------------------------------------------------- two goals


@one_thread()
def small_net(width: int, lr: float, epochs: int = 10) -> tuple[float, int]:
    """Return the validation accuracy of a net with one hidden layer, and how many weights it has."""
    train, validation, _ = digits_noisy()
    with seeded(0):
        net = build_net((64, width, 10))
        loaders = make_loader(train, 32, shuffle=True), make_loader(validation, 500)
        history = train_model(
            net, *loaders, CRITERION, Adam(net.parameters(), lr=lr), num_epochs=epochs, verbose=False
        )
    return history["val_accuracy"][-1], sum(parameter.numel() for parameter in net.parameters())


# ---------------------------------------------------------------- iris


def iris_parts(seed: int) -> Parts:
    """Return 90 rows to train, 30 to validate and 30 to test, scaled by mean and spread of the 90."""
    parts = split_data(*iris_data(), sizes=(90, 30, 30), seed=seed)
    mean, spread = parts[0].tensors[0].mean(dim=0), parts[0].tensors[0].std(dim=0)
    return tuple(TensorDataset((part.tensors[0] - mean) / spread, part.tensors[1]) for part in parts)


def iris_objective(train: Any, validation: Any, test: Any) -> Callable[[Trial], float]:
    """Return an objective: the best validation accuracy of 30 epochs; the test accuracy then is noted."""

    def objective(trial: Trial) -> float:
        setting, seen, tested = suggest_setting(trial), list[float](), list[float]()
        x, y = test.tensors

        def after_epoch(net: nn.Module, _epoch: int, stats: Mapping[str, Any]) -> Any:
            seen.append(stats["val_accuracy"])
            with torch.no_grad():
                tested.append((net(x).argmax(dim=1) == y).double().mean().item())
            return Stop if len(seen) - seen.index(max(seen)) > 15 else None

        with seeded(0):
            net = chain(setting["widths"], setting["dropout"], setting["activation"], 4, 3)
            rates = {"lr": setting["lr"], "weight_decay": setting["weight_decay"]}
            optimizer = torch.optim.AdamW(net.parameters(), **rates)
            fit(net, train, validation, optimizer, 30, setting["batch_size"], after_epoch)
        trial.set_user_attr("test", tested[seen.index(max(seen))])
        return max(seen)

    return objective
