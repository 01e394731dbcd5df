"""Measure what week 7 says about batch normalization, live: pairs, weights without effect, rates, modes.

Data and net as in `dropout_experiments.py`, but with a batch norm after each hidden linear layer in place of
dropout.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from course_data import one_thread
from dropout_experiments import validation_rows
from dropout_runs import norm_net
from torch import Tensor, nn

from utils import digits_noisy, make_loader, seeded, train_model


def net_of(norm: bool, seed: int) -> nn.Module:
    """Return the week's net with the first weights of a seed, with or without two batch norm layers."""
    with seeded(seed):
        return norm_net(norm)


def show_pairs(pairs: Sequence[tuple[float, float]] = ((2, 8), (1, 2), (100, 300))) -> None:
    """Print what batch norm makes of batches of two rows with one feature."""
    for pair in pairs:
        normed = nn.BatchNorm1d(1)(torch.tensor([pair], dtype=torch.float32).T)
        print(f"{list(pair)} becomes [{', '.join(f'{value:+.3f}' for value in normed.flatten().tolist())}]")


@one_thread()
def gradient_lengths(norm: bool, seeds: Sequence[int] = range(20)) -> np.ndarray:
    """Return how long the gradient of all weights is at the start, on the 300 training rows, (seeds,)."""
    (x, y), found = digits_noisy()[0].tensors, []
    for seed in seeds:
        net = net_of(norm, seed)
        F.cross_entropy(net(x), y).backward()
        squares = [layer.weight.grad.square().sum() for layer in net if isinstance(layer, nn.Linear)]
        found.append(torch.stack(squares).sum().sqrt().item())
    return np.array(found)


@one_thread()
def show_neighbours(seed: int = 0) -> None:
    """Print what the layer before a batch norm can change, and how large its gradients are."""
    net, (x, y) = net_of(True, seed), digits_noisy()[0].tensors
    before = net(x)
    F.cross_entropy(before, y).backward()
    weight, bias = (part.grad.abs().max().item() for part in (net[0].weight, net[0].bias))
    with torch.no_grad():
        net[0].bias += 5
        moved = (net(x) - before).abs().max().item()
        net[0].bias -= 5
        for part in net[0].parameters():
            part *= 10
        scaled = (net(x) - before).abs().max().item()
    print(f"bias before the batch norm + 5:   an output changes by at most {moved:.1e}")
    print(f"weights and bias before it · 10:  an output changes by at most {scaled:.1e}")
    print(f"largest gradient: {weight:.1e} of the weights, {bias:.1e} of the bias")
    without, normed = (gradient_lengths(norm).mean() for norm in (False, True))
    print(f"gradient of all weights at the start, its length: {without:.2f} without, {normed:.2f} with norm")


@one_thread()
def rate_runs(rate: float = 0.01, seeds: Sequence[int] = range(2), epochs: int = 15) -> dict[str, np.ndarray]:
    """Train with SGD and momentum 0.9; return the validation accuracies of each epoch, (seeds, epochs)."""
    train, validation, _ = digits_noisy()
    loaders = make_loader(train, 32, shuffle=True), make_loader(validation, 500)
    found = {}
    for name, norm in (("without", False), ("with batch norm", True)):
        runs = []
        for seed in seeds:
            net = net_of(norm, seed)
            optimizer = torch.optim.SGD(net.parameters(), lr=rate, momentum=0.9, fused=True)
            history = train_model(
                net,
                *loaders,
                nn.CrossEntropyLoss(),
                optimizer,
                num_epochs=epochs,
                seed=seed,
                verbose=False,
            )
            runs.append(history["val_accuracy"])
        found[name] = np.array(runs)
    return found


# ---------------------------------------------------------------- a forgotten eval()


@lru_cache(maxsize=4)
@torch.enable_grad()
@one_thread()
def trained_norm_net(seed: int = 0, epochs: int = 20) -> nn.Module:
    """Return a trained net with batch norm, in eval mode. It is kept: do not change it."""
    train, validation, _ = digits_noisy()
    net = net_of(True, seed)
    loaders = make_loader(train, 32, shuffle=True), make_loader(validation, 500)
    train_model(net, *loaders, nn.CrossEntropyLoss(), num_epochs=epochs, seed=seed, verbose=False)
    return net


def validation_order(is_sorted: bool, seed: int = 0) -> Tensor:
    """Return the numbers of the 500 validation rows, sorted by their label or in random order."""
    labels = validation_rows()[1]
    if is_sorted:
        return labels.argsort(stable=True)
    return torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))


@one_thread()
@torch.no_grad()
def validation_accuracy(
    batch_size: int, forgot: bool = False, is_sorted: bool = False, seed: int = 0
) -> float:
    """Return how often the net with batch norm is right, if its rows come in batches; maybe in train mode."""
    (x, y), kept = validation_rows(), trained_norm_net(seed)
    net = net_of(True, seed)
    net.load_state_dict(kept.state_dict())  # a pass in train mode moves the running values: on a copy
    net.train(forgot)
    order = validation_order(is_sorted, seed)
    right = [net(x[rows]).argmax(dim=1) == y[rows] for rows in order.split(batch_size)]
    return torch.cat(right).double().mean().item()


def show_forgotten(sizes: Sequence[int] = (4, 32, 500)) -> None:
    """Print the validation accuracies of one net in eval mode, and in train mode in two orders of rows."""
    print("batches of   eval()   forgotten, random order   forgotten, sorted by label")
    for size in sizes:
        values = (
            validation_accuracy(size),
            validation_accuracy(size, forgot=True),
            validation_accuracy(size, forgot=True, is_sorted=True),
        )
        print(f"{size:10}{values[0]:9.3f}{values[1]:26.3f}{values[2]:29.3f}")
