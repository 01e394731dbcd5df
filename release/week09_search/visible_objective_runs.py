"""What the visible check of objective trains: tiny nets, with a trial and a net that take notes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import optuna
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.utils.data import TensorDataset

import utils

Objective = Callable[..., Any]
TRAIN_ROWS = 40  # one batch of 32 and one of 8


def scattered(rows: int, columns: int, start: int) -> Tensor:
    """Return a table (rows, columns) of numbers from −0.5 to 0.5 that are the same on every machine."""
    steps = torch.arange(start, start + rows * columns, dtype=torch.float64)
    return ((99 * torch.sin(steps * 12.9)) % 1 - 0.5).float().reshape(rows, columns)


def row() -> Tensor:
    """Return the one row that is trained on, five times as large."""
    return scattered(1, 64, 1)


def train_rows() -> TensorDataset:
    """Return 40 training rows that are all alike, so that their order says nothing."""
    return TensorDataset(row().repeat(TRAIN_ROWS, 1) / 5, torch.full((TRAIN_ROWS,), 3))


def val_rows() -> TensorDataset:
    """Return 40 validation rows: the loss of a net that trains on the row above falls and rises again."""
    x, y = scattered(40, 64, 1000), torch.arange(40) % 10
    x[:20] += row()
    y[:15] = 3
    return TensorDataset(x, y)


class SealedRows(TensorDataset):
    """Rows that note whether somebody looked at them."""

    looked = False

    def __getattribute__(self, name: str) -> Any:
        if name == "tensors":
            self.looked = True
        return super().__getattribute__(name)


@dataclass
class Notes:
    """Hold what one call of objective did: suggestions, nets, reports, batches, and how it ended."""

    suggested: list[list[Any]] = field(default_factory=list)
    built: list[list[Any]] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)  # of torch, when a net is made
    nets: list[nn.Module] = field(default_factory=list)
    reported: list[float] = field(default_factory=list)
    steps: list[Any] = field(default_factory=list)
    true: list[float] = field(default_factory=list)  # the net's validation loss at each report
    batches: list[list[int]] = field(default_factory=list)  # sizes in train mode before each report
    now: list[int] = field(default_factory=list)  # sizes in train mode since the last report
    pruned: bool = False
    value: Any = None
    looked: bool = False
    changed: bool = False

    def add_report(self, value: Any, step: Any) -> None:
        """Keep a report beside the loss that the net has in truth."""
        self.reported.append(float(value))
        self.steps.append(step)
        self.true.append(self.loss())
        self.batches.append(sorted(self.now, reverse=True))
        self.now.clear()

    def loss(self) -> float:
        """Return the net's mean loss on the validation rows, in eval mode; nan without a net."""
        if not self.nets:
            return float("nan")
        net, (x, y) = self.nets[-1], val_rows().tensors
        modes = [(module, module.training) for module in net.modules()]
        with torch.no_grad():
            loss = cross_entropy(net.eval().forward(x.to(next(net.parameters()).dtype)), y).item()
        for module, mode in modes:
            module.training = mode
        return loss


class NotedTrial(optuna.trial.FixedTrial):
    """Give fixed values, note what is suggested and reported, and prune after so many reports."""

    def __init__(self, values: dict[str, Any], prune_after: int | None, notes: Notes, number: int) -> None:
        super().__init__(dict(values), number=number)
        self.values, self.prune_after, self.notes = values, prune_after, notes

    def suggest_float(
        self, name: str, low: float, high: float, *, step: Any = None, log: bool = False
    ) -> Any:
        """Note a suggested float."""
        self.notes.suggested.append([name, "float", float(low), float(high), bool(log), step])
        return super().suggest_float(name, low, high, step=step, log=log) if name in self.values else low

    def suggest_int(self, name: str, low: int, high: int, *, step: int = 1, log: bool = False) -> Any:
        """Note a suggested whole number."""
        self.notes.suggested.append([name, "int", low, high, bool(log), None if step == 1 else step])
        return super().suggest_int(name, low, high, step=step, log=log) if name in self.values else low

    def suggest_categorical(self, name: str, choices: Any) -> Any:
        """Note a suggested category."""
        self.notes.suggested.append([name, "categorical", list(choices)])
        return self.values.get(name, choices[0])

    def report(self, value: float, step: int) -> None:
        """Note a reported value."""
        self.notes.add_report(value, step)

    def should_prune(self) -> bool:
        """Return True from the report on at which the trial is to end."""
        return self.prune_after is not None and len(self.notes.steps) >= self.prune_after


def noted_net(notes: Notes, line: bool) -> type[nn.Module]:
    """Return a FlexibleClassifier with notes; `line`: a linear one that always drops the same inputs."""

    class Noted(utils.FlexibleClassifier):
        def __init__(self, input_dim: Any, hidden_dims: Any, output_dim: Any, dropout_rate: Any) -> None:
            widths = list(hidden_dims)
            super().__init__(input_dim, widths, output_dim, dropout_rate)
            if line:
                self.layers = nn.Sequential(nn.Linear(64, 10))
                self.layers[0].weight.data = 4 * scattered(10, 64, 100)
                self.layers[0].bias.data = torch.zeros(10)
                self.kept = (scattered(1, 64, 5000) + 0.5 >= dropout_rate) / (1 - dropout_rate)
            notes.seeds.append(torch.initial_seed())
            notes.built.append([input_dim, widths, output_dim, dropout_rate])
            notes.nets.append(self)

        def __call__(self, x: Tensor) -> Any:
            if self.training:
                notes.now.append(len(x))
            return super().__call__(x)

        def forward(self, x: Tensor) -> Any:
            return self.layers(x * self.kept if line and self.training else x)

    return Noted


def noted_run(
    objective: Objective,
    values: dict[str, Any],
    epochs: int,
    prune_after: int | None = None,
    line: bool = True,
    number: int = 0,
) -> Notes:
    """Call objective with a fixed trial and tiny data under the notebook's names, and return the notes."""
    notes, test = Notes(), SealedRows(*val_rows().tensors)
    names: dict[str, Any] = {
        "EPOCHS": epochs,
        "train_set": train_rows(),
        "val_set": val_rows(),
        "test_set": test,
    }
    test.looked = False
    tiny = {**names, "FlexibleClassifier": noted_net(notes, line)}
    with put(objective, tiny) as place, warnings.catch_warnings():
        try:
            warnings.simplefilter("ignore")  # of values outside a range: the check tells them better
            notes.value = objective(NotedTrial(values, prune_after, notes, number))
        except optuna.TrialPruned:
            notes.pruned = True
        notes.looked = test.looked
        notes.changed = any(place.get(name) is not thing for name, thing in names.items()) or not all(
            bool((got == want).all())
            for name, fresh in (("train_set", train_rows()), ("val_set", val_rows()))
            for got, want in zip(names[name].tensors, fresh.tensors, strict=True)
        )
    return notes


@contextmanager
def put(objective: Objective, names: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Bind names where a function looks them up, FlexibleClassifier by any name; put all back at the end."""
    while hasattr(objective, "__wrapped__"):
        objective = objective.__wrapped__
    function = objective if hasattr(objective, "__globals__") else type(objective).__call__
    place: dict[str, Any] = getattr(function, "__globals__", {})
    old, real = {name: place[name] for name in names if name in place}, utils.FlexibleClassifier
    aliases = [name for name, thing in place.items() if thing is real and name != "FlexibleClassifier"]
    place.update(names | dict.fromkeys(aliases, names["FlexibleClassifier"]))
    vars(utils)["FlexibleClassifier"] = names["FlexibleClassifier"]
    try:
        yield place
    finally:
        vars(utils)["FlexibleClassifier"] = real
        for name in names:
            place.pop(name, None)
        place.update(old | dict.fromkeys(aliases, real))
