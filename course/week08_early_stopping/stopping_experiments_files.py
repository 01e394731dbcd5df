"""Measure what week 8 says about keeping a net: which lines make a copy, and what a checkpoint must hold."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from course_data import one_thread
from torch import nn

from utils import build_net, digits_noisy, fit, load_checkpoint, save_checkpoint

RATE = 1e-3
Keep = Callable[[nn.Module], Any]

# ---------------------------------------------------------------- eight ways of keeping a net

WAYS: dict[str, Keep] = {
    "net": lambda net: net,
    "copy.copy(net)": copy.copy,
    "copy.deepcopy(net)": copy.deepcopy,
    "net.state_dict()": lambda net: net.state_dict(),
    "dict(net.state_dict())": lambda net: dict(net.state_dict()),
    "copy.copy(net.state_dict())": lambda net: copy.copy(net.state_dict()),
    "copy.deepcopy(net.state_dict())": lambda net: copy.deepcopy(net.state_dict()),
    "{name: t.clone() for name, t in net.state_dict().items()}": lambda net: {
        name: value.clone() for name, value in net.state_dict().items()
    },
}


@lru_cache(maxsize=1)
@one_thread()
def kept_in_ways(
    seed: int = 0, epochs: int = 100, rate: float = RATE
) -> tuple[dict[str, list[float]], int, dict[str, Any]]:
    """Train twice, the second time keeping the net of the best epoch in each of WAYS.

    Returns the history, the epoch of the lowest validation loss (from 0), and what was kept, by its line.
    Both runs are the same: one seed decides everything. So the first can say where the second must keep.
    """
    net, optimizer = new_run(seed, normed=False, rate=rate)
    history = fit(net, *digits_noisy()[:2], optimizer, epochs)
    best, kept = int(np.argmin(history["val_loss"])), {}

    def keep(net: nn.Module, epoch: int, _stats: Mapping[str, Any]) -> None:
        if epoch == best:
            kept.update({line: way(net) for line, way in WAYS.items()})

    net, optimizer = new_run(seed, normed=False, rate=rate)
    again = fit(net, *digits_noisy()[:2], optimizer, epochs, after_epoch=keep)
    if again["val_loss"] != history["val_loss"]:
        raise RuntimeError("Two runs of one seed differ: this machine does not compute the same twice.")
    return history, best, kept


def scores(kept: nn.Module | Mapping[str, torch.Tensor]) -> tuple[float, float]:
    """Return (validation loss, test accuracy) of a net, or of the week's net with these weights."""
    net = kept
    if not isinstance(kept, nn.Module):
        net = build_net((64, 128, 64, 10))
        net.load_state_dict(kept)
    _, (x, y), (x_test, y_test) = (part.tensors for part in digits_noisy())
    with torch.no_grad():
        right = net(x_test).argmax(1) == y_test
        return F.cross_entropy(net(x), y).item(), right.float().mean().item()


def show_kept_in_ways() -> None:
    """Print the best epoch of a run, and what each way of keeping its net holds after the last epoch."""
    history, best, kept = kept_in_ways()
    loss = history["val_loss"]
    print(f"lowest validation loss {loss[best]:.3f}, in epoch {best + 1}; in the last epoch {loss[-1]:.3f}\n")
    print(f"{'best = …':60}{'val loss':>9}{'test accuracy':>15}")
    for line, what in kept.items():
        val_loss, accuracy = scores(what)
        print(f"{line:60}{val_loss:9.3f}{accuracy:15.3f}")


# ---------------------------------------------------------------- a run that is broken off


def new_run(
    seed: int, normed: bool = True, rate: float = RATE
) -> tuple[nn.Sequential, torch.optim.Optimizer]:
    """Return a fresh net and its Adam; the seed also decides all batches to come.

    normed: with batch norm, whose running values are buffers: 64-128-norm-ReLU-64-norm-ReLU-10.
    """
    torch.manual_seed(seed)
    net = build_net((64, 128, 64, 10))
    if normed:
        first, relu, second, relu_again, last = net
        net = nn.Sequential(first, nn.BatchNorm1d(128), relu, second, nn.BatchNorm1d(64), relu_again, last)
    return net, torch.optim.Adam(net.parameters(), lr=rate, fused=True)


@lru_cache(maxsize=1)
@one_thread()
def resumed_without(epochs: int = 20, more: int = 5) -> dict[str, list[float]]:
    """Break a run off, go on with parts of its checkpoint left out; return validation accuracies by part.

    Each list: right after loading, then after each further epoch. "never broken off" is the run in one go.
    """
    train, validation, _ = digits_noisy()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.pt"
        net, optimizer = new_run(0)
        history = fit(net, train, validation, optimizer, epochs)
        save_checkpoint(path, net, optimizer, epochs - 1, {})
        whole = fit(net, train, validation, optimizer, more)["val_accuracy"]
        found = {"never broken off": [history["val_accuracy"][-1], *whole]}
        for part in ("nothing", "the optimizer's numbers", "the random state", "the buffers"):
            net, optimizer = new_run(99)
            load_checkpoint(path, net, optimizer)
            optimizer = _without(part, net, optimizer)
            at_once = (net.eval()(validation.tensors[0]).argmax(1) == validation.tensors[1]).float().mean()
            found[part] = [at_once.item(), *fit(net, train, validation, optimizer, more)["val_accuracy"]]
    return found


def _without(part: str, net: nn.Module, optimizer: torch.optim.Optimizer) -> torch.optim.Optimizer:
    """Undo what one part of a checkpoint has restored; return the optimizer to go on with."""
    if part == "the optimizer's numbers":
        return torch.optim.Adam(net.parameters(), lr=RATE, fused=True)
    if part == "the random state":
        torch.manual_seed(99)
    if part == "the buffers":
        for layer in net:
            if isinstance(layer, nn.BatchNorm1d):
                layer.reset_running_stats()
    return optimizer


def show_resumed_without() -> None:
    """Print how a run goes on from a checkpoint with each part left out: validation accuracy."""
    found = resumed_without()
    epochs = range(1, len(next(iter(found.values()))))
    print("validation accuracy of one run, by what was left out of its checkpoint\n")
    print(f"{'left out':26}{'right after loading':>20}" + "".join(f"{f'+{n} epoch':>10}" for n in epochs))
    for part, accuracies in found.items():
        first, *more = accuracies
        print(f"{part:26}{first:20.3f}" + "".join(f"{accuracy:10.3f}" for accuracy in more))


def largest_difference(a: Any, b: Any) -> float:
    """Return the largest difference of two curves, place by place; infinite if one is longer."""
    if len(a) != len(b):
        return math.inf
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())
