"""Measure what week 2 talks about: loops with mistakes, modes, means, and losses at different times.

Data: `digits_noisy(noise=0.0)`, 300 training and 500 validation rows. Every run is decided by its seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from loop_runs import (
    BATCH_SIZE,
    CLEAR,
    ORDER,
    RATES,
    STALE,
    TOO_LATE,
    Loop,
    last_accuracies,
    one_thread,
    train_loops,
)
from torch import Tensor, nn

from utils import (
    FlexibleClassifier,
    as_tensors,
    build_net,
    digits_noisy,
    make_loader,
    seeded,
    sweep,
    train_model,
)

LOOPS = (*CLEAR, TOO_LATE, STALE)  # the right loop and four mistakes


# ---------------------------------------------------------------- one number: x²


def swing(steps: int, rate: float = 0.1, clear: bool = True, momentum: float = 0.0) -> list[float]:
    """Return the places of gradient descent on x² from x = 1, the start included."""
    x = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=rate, momentum=momentum)
    places = [x.item()]
    for _ in range(steps):
        if clear:
            optimizer.zero_grad()
        (x**2).backward()
        optimizer.step()
        places.append(x.item())
    return places


# ---------------------------------------------------------------- many digit nets at once


@lru_cache(maxsize=2)
def forty_seeds(optimizer: str) -> dict[Loop, np.ndarray]:
    """Train nets 64-32-10 on 300 digits with some loops; return their validation accuracy, (40, epochs)."""
    loops = [Loop(clear, optimizer=optimizer) for clear in CLEAR[:2]]
    if optimizer == "SGD 0.1":
        loops += [Loop(clear) for clear in LOOPS[2:]] + [Loop(order=order) for order in ORDER[1:]]
    trained = train_loops(loops, seeds=range(40))
    return {loop: measured.accuracy[True, True] for loop, measured in trained.items()}


def last_of(clear: str = CLEAR[0], order: str = ORDER[0], optimizer: str = "SGD 0.1") -> np.ndarray:
    """Return the validation accuracy after the last epoch, one number for each of 40 seeds."""
    return forty_seeds(optimizer)[Loop(clear, order, optimizer)][:, -1]


def called(clear: str) -> str:
    """Return the name of a loop for people: it says which of them is right."""
    return f"{clear} (right)" if clear == CLEAR[0] else clear


def show_table() -> None:
    """Print the last validation accuracy with every way to clear, mean ± spread; of 5 seeds it is stored."""
    stored = [name for name in RATES if name != "SGD 0.1"]
    columns = ("gradients cleared", "SGD 0.1, 40 seeds", *(f"{name}, 5 seeds" for name in stored))
    print("".join(f"{column:27}" for column in columns))
    for clear in LOOPS:
        runs = [last_of(clear), *(last_accuracies(clear, optimizer=name) for name in stored)]
        told = (f"{values.mean():.3f} ± {values.std(ddof=1):.3f}" for values in runs)
        print(f"{called(clear):27}" + "".join(f"{words:25}" for words in told))


# ---------------------------------------------------------------- single nets with dropout or batch norm


@one_thread()
def train_nets(build: Callable[[], nn.Module], seeds: Sequence[int], epochs: int = 20) -> list[nn.Module]:
    """Return one trained net per seed, in eval mode: 300 digits, Adam with rate 0.003."""
    train, validation, _ = digits_noisy(noise=0.0)
    nets = []
    for seed in seeds:
        with seeded(seed):
            net = build()
        loaders = make_loader(train, BATCH_SIZE, shuffle=True), make_loader(validation, 500)
        criterion = nn.CrossEntropyLoss()
        train_model(
            net, *loaders, criterion, learning_rate=0.003, num_epochs=epochs, seed=seed, verbose=False
        )
        nets.append(net)
    return nets


def dropout_net(rate: float = 0.5) -> nn.Module:
    """Return a fresh net with dropout behind its hidden layer: 64-64-10."""
    return FlexibleClassifier(64, (64,), 10, rate)


def batch_norm_net() -> nn.Module:
    """Return a fresh net with batch normalization: 64-64-10."""
    return nn.Sequential(nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 10))


def accuracy(net: nn.Module, x: Tensor, y: Tensor, batch: int = 500) -> float:
    """Return the share of right answers of a net in the mode that it is in, without gradients."""
    with torch.no_grad():
        parts = zip(x.split(batch), y.split(batch), strict=True)
        right = sum((net(rows).argmax(1) == labels).sum().item() for rows, labels in parts)
    return right / len(y)


def show_numbers(line: str, model: nn.Linear) -> None:
    """Print weight, bias and their gradients of a model with one input, after a line of the loop has run."""
    values = (model.weight, model.bias, model.weight.grad, model.bias.grad)
    told = ["None" if value is None else f"{value.item():.3f}" for value in values]
    print(f"after {line:14} w {told[0]:>6}   b {told[1]:>6}   w.grad {told[2]:>6}   b.grad {told[3]:>6}")


# ---------------------------------------------------------------- the mean of an epoch


@lru_cache(maxsize=1)
def row_losses() -> Tensor:
    """Return the losses of 500 validation digits in a net that is half trained, (500,)."""
    (net,) = train_nets(lambda: build_net((64, 32, 10)), [0], epochs=8)
    x, y = as_tensors(digits_noisy(noise=0.0)[1])
    with torch.no_grad():
        return F.cross_entropy(net(x), y, reduction="none").double()


def batch_mean_errors(rows: int, draws: int = 200) -> Tensor:
    """Return by how much the mean of batch means misses the mean over so many rows, (draws,).

    Each draw is another selection of `rows` of the 500 row losses.
    """
    generator, errors = torch.Generator().manual_seed(0), []
    for _ in range(draws):
        drawn = row_losses()[torch.randperm(500, generator=generator)[:rows]]
        means = torch.stack([part.mean() for part in drawn.split(BATCH_SIZE)])
        errors.append(means.mean() - drawn.mean())
    return torch.stack(errors)


# ---------------------------------------------------------------- training loss against validation loss


@lru_cache(maxsize=1)
@one_thread()
def three_losses(seeds: Sequence[int] = range(20), epochs: int = 8) -> dict[str, Tensor]:
    """Return losses of nets trained with Adam, (seeds, epochs) each, by where and when they are measured."""
    train, validation, _ = digits_noisy(noise=0.0)
    setting = [{"lr": 0.003}]
    (runs,) = sweep(lambda: build_net((64, 32, 10)), (train, validation), setting, epochs, seeds)
    (again,) = sweep(lambda: build_net((64, 32, 10)), (train, train), setting, epochs, seeds)  # same weights
    return {
        "training rows, while it learns": torch.tensor([run["train_loss"] for run in runs]),
        "validation rows, after the epoch": torch.tensor([run["val_loss"] for run in runs]),
        "training rows, after the epoch": torch.tensor([run["val_loss"] for run in again]),
    }


# ---------------------------------------------------------------- find the broken line


@lru_cache(maxsize=4)
@one_thread()
def broken_runs(
    mended: bool = False, dropout: float = 0.5, seeds: Sequence[int] = range(5), epochs: int = 20
) -> Tensor:
    """Return what the loop of *find the broken line* prints, (seeds, 2, epochs): loss and accuracy."""
    runs = [broken_run(mended, dropout, seed, epochs) for seed in seeds]
    return torch.tensor(runs).transpose(1, 2)


def broken_run(mended: bool, dropout: float, seed: int, epochs: int) -> list[tuple[float, float]]:
    """Return training loss and validation accuracy of each epoch of one run."""
    train, (x_val, y_val) = digits_noisy(noise=0.0)[0], digits_noisy(noise=0.0)[1].tensors
    with seeded(seed):
        model, criterion, printed = dropout_net(dropout), nn.CrossEntropyLoss(), []
        optimizer = torch.optim.Adam(model.parameters(), lr=0.003, fused=True)
        model.train()
        for _ in range(epochs):
            model.train(mended or model.training)
            loss_sum = 0.0
            for inputs, labels in make_loader(train, BATCH_SIZE, shuffle=True):
                optimizer.zero_grad()
                loss = criterion(model(inputs), labels)
                loss.backward()
                optimizer.step()
                loss_sum += loss.item() * len(labels)
            model.eval()  # in the lesson, `evaluate` does so
            printed.append((loss_sum / 300, accuracy(model, x_val, y_val)))
    return printed
