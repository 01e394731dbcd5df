"""Train many small networks at once on a spiral with some wrong labels, and keep their loss curves.

The runs of one `Setting` differ in their seed alone: in their data, their initial weights and the order of
their batches. How far their curves lie apart is the noise floor of every comparison made with them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from course_data import one_thread
from torch import Tensor

from utils import spiral

N_CLASSES = 3
BASELINE = math.log(N_CLASSES)  # the loss of a model that gives every class the same probability: 1.0986
BATCH_SIZE = 16
N_VALIDATION = 300
GRID = 61  # points along each side of a map


@dataclass(frozen=True)
class Setting:
    """Hold what is decided before a run, by choice or by mistake.

    `wrong` is a share of the labels and `decay` Adam's weight decay. The last two are bugs: `scale`
    multiplies the inputs, and `shuffled` gives the training rows each other's labels.
    """

    rate: float = 0.01
    width: int = 32
    rows: int = 120
    wrong: float = 0.1
    epochs: int = 40
    decay: float = 0.0
    scale: float = 1.0
    shuffled: bool = False


@dataclass(frozen=True)
class Runs:
    """Hold the losses of several runs of one setting, both of shape (epochs, seeds).

    `maps` shows what the first run says, at every epoch, on a grid of points: classes, (epochs, GRID, GRID).
    """

    setting: Setting
    train_loss: np.ndarray
    val_loss: np.ndarray
    maps: np.ndarray

    def history(self, run: int | None = None) -> dict[str, list[float]]:
        """Return the history of one run, or, if none is named, the mean over the runs at each epoch."""
        losses = {"train_loss": self.train_loss, "val_loss": self.val_loss}
        return {
            name: (loss.mean(1) if run is None else loss[:, run]).tolist() for name, loss in losses.items()
        }


def spiral_with_wrong_labels(rows: int, wrong: float, seed: int) -> tuple[Tensor, Tensor]:
    """Return points (rows, 2) in −1…1 and their labels 0…2, a share `wrong` of them wrong."""
    points, labels = spiral(rows, N_CLASSES, noise=0.15, seed=seed)
    generator = torch.Generator().manual_seed(seed)
    spoilt = torch.randperm(rows, generator=generator)[: round(rows * wrong)]
    shift = torch.randint(1, N_CLASSES, (len(spoilt),), generator=generator)
    labels[spoilt] = (labels[spoilt] + shift) % N_CLASSES
    return points, labels


@lru_cache(maxsize=128)  # many cells show the same setting: no setting is trained twice
@one_thread()
def train_runs(setting: Setting, n_seeds: int = 5, with_maps: bool = False) -> Runs:
    """Train `n_seeds` networks 2-width-width-3 side by side with Adam and return their loss curves.

    Every weight tensor has one more dimension than usual, the run: one operation serves all runs at once, and
    since each run's loss depends on its own weights alone, so does its gradient.
    """
    train = _stack(setting, n_seeds, setting.rows, first_seed=0)
    if setting.shuffled:
        train = train[0], _shuffle_rows(train[1])
    validation = _stack(setting, n_seeds, N_VALIDATION, first_seed=1000)
    generator = torch.Generator().manual_seed(0)
    weights = _initial_weights((2, setting.width, setting.width, N_CLASSES), n_seeds, generator)
    optimizer = torch.optim.Adam(weights, lr=setting.rate, weight_decay=setting.decay, fused=True)
    epochs = []
    for _ in range(setting.epochs):
        train_loss = _train_one_epoch(weights, optimizer, *train, generator)
        with torch.no_grad():
            val_loss = _losses(weights, *validation)
            epochs.append((train_loss, val_loss, _map(weights) if with_maps else torch.empty(0)))
    train_losses, val_losses, maps = (torch.stack(kept).numpy() for kept in zip(*epochs, strict=True))
    return Runs(setting, train_losses, val_losses, maps)


def grid_points() -> Tensor:
    """Return the points (GRID·GRID, 2) at which maps are drawn, row by row from the lower left."""
    line = torch.linspace(-1.2, 1.2, GRID)
    y, x = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def _train_one_epoch(
    weights: list[Tensor],
    optimizer: torch.optim.Optimizer,
    points: Tensor,
    labels: Tensor,
    generator: torch.Generator,
) -> Tensor:
    """Train on each row once, in a random order, and return the running loss of every run, (seeds,)."""
    n_seeds, rows = labels.shape
    loss_sum = torch.zeros(n_seeds)
    for batch in torch.randperm(rows, generator=generator).split(BATCH_SIZE):
        optimizer.zero_grad()
        losses = _losses(weights, points[:, batch], labels[:, batch])
        losses.sum().backward()
        optimizer.step()
        loss_sum += losses.detach() * len(batch)
    return loss_sum / rows


def _map(weights: list[Tensor]) -> Tensor:
    """Return the class that the first run gives to every point of the grid, shape (GRID, GRID)."""
    return _logits([weight[:1] for weight in weights], grid_points()[None]).argmax(-1).view(GRID, GRID)


def _stack(setting: Setting, n_seeds: int, rows: int, first_seed: int) -> tuple[Tensor, Tensor]:
    """Return one data set per run, points (seeds, rows, 2) and labels (seeds, rows)."""
    sets = [spiral_with_wrong_labels(rows, setting.wrong, first_seed + run) for run in range(n_seeds)]
    points, labels = zip(*sets, strict=True)
    return setting.scale * torch.stack(points), torch.stack(labels)


def _shuffle_rows(labels: Tensor) -> Tensor:
    """Return the labels of every run, (seeds, rows), in another order: none belongs to its row any more."""
    generator = torch.Generator().manual_seed(9)
    orders = [torch.randperm(labels.shape[1], generator=generator) for _ in labels]
    return torch.stack([row[order] for row, order in zip(labels, orders, strict=True)])


def _initial_weights(dims: tuple[int, ...], n_seeds: int, generator: torch.Generator) -> list[Tensor]:
    """Return weights (seeds, in, out) and biases (seeds, 1, out) per layer, drawn as in torch's nn.Linear."""
    weights = []
    for n_in, n_out in pairwise(dims):
        for rows in (n_in, 1):
            uniform = 2 * torch.rand(n_seeds, rows, n_out, generator=generator) - 1
            weights.append((uniform / math.sqrt(n_in)).requires_grad_())
    return weights


def _logits(weights: list[Tensor], points: Tensor) -> Tensor:
    """Return the outputs of every run's network, (seeds, rows, N_CLASSES)."""
    signal = points
    for layer in range(0, len(weights), 2):
        signal = torch.baddbmm(weights[layer + 1], signal, weights[layer])
        if layer < len(weights) - 2:
            signal = signal.relu()
    return signal


def _losses(weights: list[Tensor], points: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross-entropy of every run, shape (seeds,)."""
    each = F.cross_entropy(_logits(weights, points).flatten(0, 1), labels.flatten(), reduction="none")
    return each.view(labels.shape).mean(1)
