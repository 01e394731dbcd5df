"""Measure what week 6 says about weight decay in nets: overfitting, L2 in the loss, weights without gradient.

Data: `digits_noisy()`, 300 training rows of which 60 have a random label, 500 clean validation rows. Net:
64-128-64-10. Batches of 32, rate 0.001, unless said otherwise. Every run is decided by its seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from course_data import one_thread
from decay_runs import stored
from torch import Tensor, nn

from utils import build_net, digits_noisy, seeded, sweep

OPTIMIZERS: dict[str, Any] = {"Adam": torch.optim.Adam, "AdamW": torch.optim.AdamW, "SGD": torch.optim.SGD}
RATE, BATCH_SIZE = 1e-3, 32
DIMS = (64, 128, 64, 10)
Penalty = Callable[[nn.Module], Tensor]
LIVE_BLIND = (("adam", RATE, 1e-2), ("adam", RATE, 1e-4), ("adamw", RATE, 1e-2), ("adamw", RATE, 1.0))


# ---------------------------------------------------------------- one weight


def pulled_weight(lam: float, steps: int = 60, rate: float = 0.05) -> list[float]:
    """Return the places of gradient descent on (w − 3)² + ½·lam·w² from w = 0, the start included."""
    w = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=rate)
    places = [w.item()]
    for _ in range(steps):
        optimizer.zero_grad()
        ((w - 3) ** 2 + 0.5 * lam * w**2).backward()
        optimizer.step()
        places.append(w.item())
    return places


def without_gradient(
    kind: str, lam: float, steps: int = 1, rate: float = 0.1, start: float = 2
) -> list[float]:
    """Return the places of a weight whose loss does not depend on it, from its start on."""
    w = torch.tensor([start], dtype=torch.float64, requires_grad=True)
    optimizer = OPTIMIZERS[kind]([w], lr=rate, weight_decay=lam)
    places = [w.item()]
    for _ in range(steps):
        w.grad = torch.zeros_like(w)
        optimizer.step()
        places.append(w.item())
    return places


# ---------------------------------------------------------------- curves of overfitting


@lru_cache(maxsize=4)
@one_thread()
def loss_curves(
    lambdas: Sequence[float] = (0.0, 1e-2), seeds: Sequence[int] = range(4), epochs: int = 100
) -> dict[float, dict[str, np.ndarray]]:
    """Train with Adam; return {λ: {"train_loss": (seeds, epochs), "val_loss": …}}."""
    settings = [{"lr": RATE, "weight_decay": lam} for lam in lambdas]
    histories = sweep(lambda: build_net(DIMS), digits_noisy()[:2], settings, epochs, seeds)
    names = ("train_loss", "val_loss")
    return {
        lam: {name: np.array([history[name] for history in histories[i]]) for name in names}
        for i, lam in enumerate(lambdas)
    }


# ---------------------------------------------------------------- shown in the lesson


def show_decays(lambdas: Sequence[float] = (1, 1e-2, 1e-4, 1e-6, 1e-8)) -> None:
    """Print where one step of three optimizers brings a weight of 2 that gets no gradient; rate 0.1."""
    print(f"{'λ':>8}{''.join(f'{kind:>10}' for kind in OPTIMIZERS)}")
    for lam in lambdas:
        print(f"{lam:8g}{''.join(f'{without_gradient(kind, lam)[-1]:10.6f}' for kind in OPTIMIZERS)}")


def show_seed(seed: int) -> None:
    """Print the stored runs of one seed, 0 to 19: Adam's last validation accuracy with three strengths."""
    ends = stored("adam ends")
    for lam in (0.0, 1e-4, 1e-3):
        print(f"seed {seed}, λ = {lam:g}: validation accuracy {ends[lam]['val_accuracy'][seed]:.3f}")


# ---------------------------------------------------------------- single nets, step by step


def training_batches(
    seed: int, epochs: int, dtype: torch.dtype = torch.float32
) -> list[tuple[Tensor, Tensor]]:
    """Return the shuffled training batches of so many epochs, ten an epoch."""
    x, y = digits_noisy()[0].tensors
    generator = torch.Generator().manual_seed(seed)
    orders = [torch.randperm(len(x), generator=generator) for _ in range(epochs)]
    return [(x[rows].to(dtype), y[rows]) for order in orders for rows in order.split(BATCH_SIZE)]


def fresh_net(seed: int, dtype: torch.dtype = torch.float32) -> nn.Sequential:
    """Return the week's net with the first weights of a seed."""
    with seeded(seed):
        return build_net(DIMS).to(dtype)


def take_step(
    net: nn.Module, batch: Sequence[Tensor], optimizer: Any, penalty: Penalty | None = None
) -> None:
    """Make one update by the cross-entropy of a batch, plus a penalty if there is one."""
    optimizer.zero_grad()
    loss = F.cross_entropy(net(batch[0]), batch[1])
    if penalty is not None:
        loss = loss + penalty(net)
    loss.backward()
    optimizer.step()


@one_thread()
def largest_gap(penalty: Penalty, lam: float = 0.01, seed: int = 0, epochs: int = 10) -> float:
    """Train two equal nets in float64, with Adam's decay and with a penalty; return how far they part.

    It is the largest difference of any two parameters that belong together, after ten steps an epoch.
    """
    batches = training_batches(seed, epochs, torch.float64)
    ends = []
    for decay, added in ((lam, None), (0.0, penalty)):
        net = fresh_net(seed, torch.float64)
        optimizer = torch.optim.Adam(net.parameters(), lr=RATE, weight_decay=decay, fused=True)
        for batch in batches:
            take_step(net, batch, optimizer, added)
        ends.append(nn.utils.parameters_to_vector(net.parameters()).detach())
    return (ends[0] - ends[1]).abs().max().item()
