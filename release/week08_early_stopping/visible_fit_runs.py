"""What the visible check of fit_with_early_stopping trains: y = w·x on a row or two, so that w is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn, tensor
from torch.optim import SGD
from torch.utils.data import DataLoader, TensorDataset

Fit = Callable[..., Any]
Batches = DataLoader[Any]
NAN = float("nan")


class Doubled(nn.Module):
    """Double the input in train mode and leave it alone in eval mode: as sure as dropout is random."""

    def forward(self, x: Tensor) -> Tensor:
        return 2 * x if self.training else x


def near(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the mean squared error, or nan if an output lies more than 1.1 from its target."""
    error = (outputs - targets).abs()
    return torch.where(error > 1.1, NAN, error**2).mean()


def tilted(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return a mean cost in which too little costs twice as much as too much."""
    error = targets - outputs
    return torch.where(error > 0, 2 * error**2, error**2).mean()


def rows(*pairs: tuple[float, float]) -> Batches:
    """Return a loader of rows (x, y), two in a batch, each of the shape (rows, 1)."""
    x, y = (tensor(part).unsqueeze(1) for part in zip(*pairs, strict=True))
    return DataLoader(TensorDataset(x, y), batch_size=2)


class Net(nn.Sequential):
    """Note whether the tensors that were loaded last are the net's own."""

    loaded_its_own = False

    def load_state_dict(self, state_dict: Any, *args: Any, **kwargs: Any) -> Any:
        mine = {value.data_ptr() for value in self.state_dict().values()}
        given = [value for value in dict(state_dict).values() if torch.is_tensor(value)]
        self.loaded_its_own = any(value.data_ptr() in mine for value in given)
        return super().load_state_dict(state_dict, *args, **kwargs)


def line(*layers: nn.Module) -> Net:
    """Return the model y = w·x with w = 0, behind other layers."""
    last = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(last.weight)
    return Net(*layers, last)


@dataclass
class Run:
    """Hold what a training is made of: by default the one in which w jumps."""

    words: str = "w jumps"
    epochs: int = 10
    patience: int = 2
    rate: float = 0.75
    momentum: float = 0.0
    model: Net = field(default_factory=line)
    train: Batches = field(default_factory=lambda: rows((1.0, 1.0)))
    validation: Batches = field(default_factory=lambda: rows((1.0, 0.9)))
    criterion: Callable[[Tensor, Tensor], Tensor] = field(default_factory=nn.MSELoss)

    def __post_init__(self) -> None:
        self.optimizer = SGD(self.model.parameters(), lr=self.rate, momentum=self.momentum)
        ends = f"max_epochs={self.epochs}, patience={self.patience}"
        self.call = f"fit_with_early_stopping(y = w·x, …, {ends}), {self.words}"

    def history(self, fit: Fit) -> Any:
        """Train, and return what came back."""
        loaders = self.train, self.validation
        return fit(self.model, *loaders, self.criterion, self.optimizer, self.epochs, self.patience)

    def weights(self) -> list[float]:
        """Return all weights and buffers, rounded."""
        values = (value.flatten().tolist() for value in self.model.state_dict().values())
        return [round(float(value), 4) for part in values for value in part]
