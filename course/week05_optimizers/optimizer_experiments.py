"""Train the nets of week 5 and tell how their runs ended. Data: 300 digits to learn, 500 to validate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from course_data import one_thread
from optimizer_runs import stored
from torch import Tensor, nn

from utils import build_net, digits_noisy, seeded, sweep

Runs = Sequence[Sequence[Mapping[str, Sequence[float]]]]  # of settings, and of seeds: histories
KINDS = ("sgd", "momentum", "adagrad", "rmsprop", "adam")
NAMES = {"sgd": "SGD", "momentum": "momentum 0.9", "adagrad": "AdaGrad", "rmsprop": "RMSprop", "adam": "Adam"}


def net() -> nn.Sequential:
    """Return the week's net: 64 pixels, 32 hidden units, 10 digits."""
    return build_net((64, 32, 10))


def deep_net() -> nn.Sequential:
    """Return a net with six layers, each 64 wide but the last."""
    return build_net((64,) * 6 + (10,))


def ends(runs: Runs, quantity: str = "val_accuracy") -> np.ndarray:
    """Return the last value of every run, (settings, seeds)."""
    return np.array([[history[quantity][-1] for history in setting] for setting in runs])


def show(rows: Mapping[str, Sequence[float]], digits: int = 3) -> None:
    """Print mean ± spread of the runs of each setting."""
    wide = max(map(len, rows)) + 2
    for name, values in rows.items():
        runs = np.asarray(values)
        print(f"{name:{wide}}{runs.mean():.{digits}f} ± {runs.std(ddof=1):.{digits}f}")


# ---------------------------------------------------------------- the noise of a gradient


@lru_cache
@one_thread()
def gradient_noise(sizes: Sequence[int] = (1, 4, 16, 64, 256), draws: int = 60) -> dict[int, float]:
    """Return by batch size how far a batch's gradient lies from that of all 300 rows (root mean square).

    The net has its first weights. Rows are drawn with replacement.
    """
    x, y = digits_noisy()[0].tensors
    with seeded(0):
        model = net()
    full = gradient(model, x, y)
    generator, found = torch.Generator().manual_seed(0), {}
    for size in sizes:
        rows = torch.randint(len(x), (draws, size), generator=generator)
        away = [(gradient(model, x[row], y[row]) - full).square().sum() for row in rows]
        found[size] = torch.stack(away).mean().sqrt().item()
    return found


def gradient(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    """Return all gradients of the mean loss of these rows, in one long vector."""
    loss = nn.functional.cross_entropy(model(x), y)
    return torch.cat([part.flatten() for part in torch.autograd.grad(loss, list(model.parameters()))])


def full_gradient_length() -> float:
    """Return how long the gradient of all 300 rows is at the first weights."""
    with seeded(0):
        model = net()
    length: float = gradient(model, *digits_noisy()[0].tensors).norm().item()
    return length


# ---------------------------------------------------------------- recipes for reading a range test


def show_recipes() -> None:
    """Print how training ended at the rates that three recipes read off the stored range tests."""
    for kind in ("sgd", "momentum", "adam"):
        test = stored("range test", kind)
        title = f"{NAMES[kind]}, {len(test['losses'])} tests"
        print(f"{title:26}{'rates':19}accuracy")
        for name, rates in recipes(test["rates"], test["losses"]).items():
            reached = [accuracy_at(kind, rate) for rate in rates]
            told = f"{min(rates):.2g} to {max(rates):.2g}"
            print(f"  {name:24}{told:19}{min(reached):.2f} to {max(reached):.2f}")


def recipes(rates: np.ndarray, losses: np.ndarray) -> dict[str, list[float]]:
    """Return by recipe the rates that it reads off some tests; losses: (tests, rates), a row each."""
    lowest, steepest = [], []
    for test in losses:
        bottom = int(np.nanargmin(test))
        lowest.append(float(rates[bottom]))
        steepest.append(float(rates[np.diff(test[: bottom + 1]).argmin()]))
    return {"lowest": lowest, "a tenth of the lowest": [rate / 10 for rate in lowest], "steepest": steepest}


def accuracy_at(kind: str, rate: float) -> float:
    """Return the mean accuracy after 20 epochs at the nearest rate that was trained."""
    of_kind = {key: values["val_accuracy"] for key, values in stored("marked").items() if kind in key}
    runs = {float(key.split()[1]): accuracies for key, accuracies in of_kind.items()}
    nearest = min(runs, key=lambda trained: abs(np.log(trained / rate)))
    return float(runs[nearest].mean())


# ---------------------------------------------------------------- find the broken line


@lru_cache
@one_thread()
def broken_runs(seeds: Sequence[int] = range(1)) -> dict[str, np.ndarray]:
    """Return validation accuracies of the script in *find the broken line*, and of what was meant.

    Each is (seeds, epochs). The rate that the script sets is never used: it stays 0.3.
    """
    meant = {"optimizer": "sgd", "lr": 0.3, "schedule": "cosine", "warmup_steps": 38}
    settings: list[dict[str, Any]] = [{"optimizer": "sgd", "lr": 0.3}, meant]
    runs = sweep(net, digits_noisy()[:2], settings, epochs=20, seeds=seeds, batch_size=16)
    accuracies = [np.array([history["val_accuracy"] for history in setting]) for setting in runs]
    return dict(zip(("this script", "as it was meant"), accuracies, strict=True))
