"""The range tests of the visible check of lr_range_test: lines of one or two weights, on tiny batches."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn, tensor
from torch.optim import SGD, Adam, Optimizer
from torch.utils.data import DataLoader, TensorDataset

Batches = list[tuple[Tensor, Tensor]]
Range = tuple[float, float, int]  # lr_min, lr_max, n_steps

ORDER = "for each step: set the rate, next batch, zero_grad, loss, keep the loss, then backward and step"


class Doubled(nn.Module):
    """Double the input in train mode and leave it alone in eval mode: as sure as dropout is random."""

    def forward(self, x: Tensor) -> Tensor:
        return 2 * x if self.training else x


def line() -> nn.Module:
    """Return the model y = w·x with w = 0."""
    model = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(model.weight)
    return model


def line_with_bias() -> nn.Module:
    """Return the model y = w·x + b with w = b = 0."""
    model = nn.Linear(1, 1)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    return model


def doubled(training: bool = False) -> nn.Module:
    """Return a line that doubles its inputs in train mode, by default in eval mode."""
    return nn.Sequential(Doubled(), line()).train(training)


def normalised() -> nn.Module:
    """Return a line behind a batch norm, in train mode."""
    return nn.Sequential(nn.BatchNorm1d(1), line())


def column(*values: float) -> Tensor:
    """Return a batch of one feature, (rows, 1)."""
    return tensor(values).unsqueeze(1)


def tilted(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return a mean cost in which too little costs three times as much as too much."""
    error = targets - outputs
    return torch.where(error > 0, 3 * error**2, error**2).mean()


def one_group(model: nn.Module, kind: Callable[..., Optimizer] = SGD, **settings: Any) -> Optimizer:
    """Return an optimizer with the rate 0.5 for all weights."""
    return kind(model.parameters(), lr=0.5, **settings)


def two_groups(model: nn.Module) -> Optimizer:
    """Return SGD with the rates 0.5 for the first weight and 0.25 for the second."""
    first, second = model.parameters()
    return SGD([{"params": [first]}, {"params": [second], "lr": 0.25}], lr=0.5)


def as_loader(batches: Batches) -> DataLoader[Any]:
    """Return a DataLoader of the same rows, one a batch."""
    x, y = (torch.cat(part) for part in zip(*batches, strict=True))
    return DataLoader(TensorDataset(x, y), batch_size=1)


MSE = nn.MSELoss()
ONE: Batches = [(column(1.0), column(1.0))]
FOUR: Batches = [
    (column(1.0), column(2.0)),
    (column(2.0), column(2.0)),
    (column(1.0), column(3.0)),
    (column(-1.0), column(2.0)),
]
BAD: Batches = [*FOUR[:2], (column(1.0), column(math.nan)), FOUR[3]]
ROWS: Batches = [(column(1.0, 3.0), column(1.0, 2.0)), (column(2.0, 6.0), column(1.0, 3.0))]


@dataclass(frozen=True)
class Case:
    """Hold a range test: what to call it, what it is made of, and the rates and losses that come out."""

    words: str
    batches: Batches
    range: Range
    lrs: Sequence[float]
    losses: Sequence[float]
    hint: str = ORDER
    model: Callable[[], nn.Module] = line
    optimizer: Callable[[nn.Module], Optimizer] = one_group
    criterion: Callable[[Tensor, Tensor], Tensor] = MSE
    loader: Callable[[Batches], Iterable[Any]] = list


GRID = (0.01, 0.02, 0.04, 0.08)
STEPS: Range = (0.01, 0.08, 4)
GIVEN = "step with the optimizer that you are given: its settings and its memory belong to the test"
CASES = {
    "the worked example": Case(
        "y = w·x, w = 0; one batch x = y = 1; MSE; SGD; from 0.1 to 1000 in 5 steps",
        ONE,
        (0.1, 1000.0, 5),
        (0.1, 1.0, 10.0, 100.0),
        (1.0, 0.64, 0.64, 231.04),
    ),
    "four batches": Case(
        "y = w·x, w = 0; four batches of one row; MSE; SGD; from 0.01 to 0.08 in 4 steps",
        FOUR,
        STEPS,
        GRID,
        (4.0, 3.6864, 7.8759, 5.8473),
    ),
    "a short loader": Case(
        "the same with the first two batches alone",
        FOUR[:2],
        STEPS,
        GRID,
        (4.0, 3.6864, 3.2631, 1.7524),
        "when the loader ends, begin again with iter(loader): it may have fewer batches than n_steps",
    ),
    "a DataLoader": Case(
        "the same two batches from a DataLoader",
        FOUR[:2],
        STEPS,
        GRID,
        (4.0, 3.6864, 3.2631, 1.7524),
        "walk through a loader with for or next(iter(…)): it has no index, and may be short",
        loader=as_loader,
    ),
    "a nan": Case(
        "four batches, the third with a nan",
        BAD,
        STEPS,
        GRID[:3],
        (4.0, 3.6864, math.nan),
        "stop after a loss that is not finite: math.isfinite(loss) is False for nan, too",
    ),
    "a loss that creeps up": Case(
        "y = w·x, w = 0; one batch x = y = 1; MSE; SGD; from 0.9 to 1.6 in 8 steps",
        ONE,
        (0.9, 1.6, 8),
        (0.9, 0.9771, 1.0608, 1.1517, 1.2503, 1.3575),
        (1.0, 0.64, 0.58272, 0.73307, 1.2453, 2.8045),
        "compare with 4 * min(losses), the lowest so far: not with the first loss or the last one",
    ),
    "exactly 4 times the lowest": Case(
        "y = w·x, w = 0; one batch x = y = 1; MSE; SGD; from 1.5 to 1.6 in 3 steps",
        ONE,
        (1.5, 1.6, 3),
        (1.5, 1.549193, 1.6),
        (1.0, 4.0, 17.6129),
        "only a loss above 4 * min(losses) ends the test: exactly 4 times is not above",
    ),
    "batches of two rows": Case(
        "y = w·x, w = 0; two batches of two rows; MSE; SGD; from 0.0123 to 0.0617 in 3 steps",
        ROWS,
        (0.0123, 0.0617, 3),
        (0.0123, 0.027548, 0.0617),
        (2.5, 3.4263, 0.17452),
        "keep the loss as the criterion gives it, and the rate as it is: nothing multiplied, nothing rounded",
    ),
    "momentum": Case(
        "the four batches; SGD with momentum 0.9",
        FOUR,
        STEPS,
        GRID,
        (4.0, 3.6864, 7.4769, 8.3546),
        GIVEN,
        optimizer=partial(one_group, momentum=0.9),
    ),
    "Adam": Case(
        "the four batches; Adam",
        FOUR,
        STEPS,
        GRID,
        (4.0, 3.9204, 8.8249, 4.2781),
        GIVEN,
        optimizer=partial(one_group, kind=Adam),
    ),
    "two param groups": Case(
        "y = w·x + b, a param group for each of them; the four batches",
        FOUR,
        STEPS,
        GRID,
        (4.0, 3.5344, 7.2598, 4.3065),
        "optimizer.param_groups is a list: each of its groups has a rate, and all of them get yours",
        line_with_bias,
        two_groups,
    ),
    "train mode": Case(
        "a model in eval mode, which gives 2·w·x in train mode; the four batches",
        FOUR,
        STEPS,
        GRID,
        (4.0, 2.8224, 5.301, 11.795),
        "call model.train() before the first step",
        doubled,
    ),
    "the order of the criterion": Case(
        "a criterion in which too little costs more than too much; the four batches",
        FOUR,
        STEPS,
        GRID,
        (12.0, 9.2928, 18.119, 29.432),
        "call criterion(outputs, targets), in this order",
        criterion=tilted,
    ),
}
