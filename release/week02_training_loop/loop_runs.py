"""Train the loops of the switchboard, right and wrong ones, and keep their validation curves in a file.

`python loop_runs.py` trains them all and writes `switchboard_runs.json`; the lesson only reads the file.
Data: `digits_noisy(noise=0.0)`, 300 training and 500 validation rows, batches of 32. Net: 64-32-10 with a
ReLU, plain or with dropout 0.5 behind it. The runs of one `Loop` differ in their seed 0…4 alone: in the
initial weights and the order of the batches. Loops that are compared share their seeds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from course_data import one_thread
from torch import Tensor

from utils import build_net, digits_noisy, seeded

STORED = Path(__file__).with_name("switchboard_runs.json")
SEEDS, EPOCHS, BATCH_SIZE, HIDDEN = range(5), 20, 32, 32
DROPOUT = {"plain": 0.0, "dropout 0.5": 0.5}
RATES = {"SGD 0.1": 0.1, "SGD 0.5": 0.5, "Adam 0.003": 0.003}
CLEAR = ("every batch", "once an epoch", "never")
TOO_LATE, STALE = "between backward and step", "step before backward"  # two more, of the plain net alone
ORDER = ("anew each epoch", "once, then kept", "sorted by class")


@dataclass(frozen=True)
class Loop:
    """Hold what decides how a loop trains. `clear` is one of CLEAR, or TOO_LATE or STALE."""

    clear: str = CLEAR[0]
    order: str = ORDER[0]
    optimizer: str = "SGD 0.1"
    net: str = "plain"


@dataclass(frozen=True)
class Measured:
    """Hold how the validation of a loop went, each as numbers of shape (seeds, epochs).

    The keys of both are (eval mode?, mean by samples?): the right way to validate is (True, True).
    """

    loss: dict[tuple[bool, bool], np.ndarray] = field(repr=False)
    accuracy: dict[tuple[bool, bool], np.ndarray] = field(repr=False)


WAYS = ((True, True), (True, False), (False, True), (False, False))  # (eval mode?, mean by samples?)
SWITCHED = [Loop(*setting) for setting in product(CLEAR, ORDER, RATES, DROPOUT)]
EXTRA = [Loop(clear, optimizer=rate) for clear, rate in product((TOO_LATE, STALE), RATES)]


# ---------------------------------------------------------------- what is stored


@lru_cache
def stored_runs() -> dict[Loop, Measured]:
    """Return the stored validation curves of every loop: 54 of the switchboard, and 6 with other mistakes."""
    stored = json.loads(STORED.read_text("utf-8"))
    return {Loop(*name.split(" | ")): _measured(np.array(curves)) for name, curves in stored.items()}


def last_accuracies(clear: str, order: str = ORDER[0], optimizer: str = "SGD 0.1") -> np.ndarray:
    """Return the stored validation accuracy after the last epoch, rightly measured, (seeds,); plain net."""
    return stored_runs()[Loop(clear, order, optimizer)].accuracy[True, True][:, -1]


def _measured(curves: np.ndarray) -> Measured:
    """Return curves of shape (2: loss and accuracy, ways, seeds, epochs) by their names.

    Of a net without dropout only the two ways in eval mode are stored: train mode says the same.
    """
    ways = [*curves.transpose(1, 0, 2, 3)] * (4 // curves.shape[1])
    loss, accuracy = ({way: both[i] for way, both in zip(WAYS, ways, strict=True)} for i in (0, 1))
    return Measured(loss, accuracy)


def write_runs(path: Path = STORED) -> None:
    """Train every loop and write its curves, a line for each loop."""
    lines = []
    for loop, measured in train_loops([*SWITCHED, *EXTRA]).items():
        ways = WAYS if DROPOUT[loop.net] else WAYS[:2]
        curves = np.array([[part[way] for way in ways] for part in (measured.loss, measured.accuracy)])
        name = " | ".join((loop.clear, loop.order, loop.optimizer, loop.net))
        rounded = json.dumps(_rounded(curves.tolist()), separators=(",", ":"))
        lines.append(f"{json.dumps(name)}: {rounded}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def _rounded(values: Any) -> Any:
    """Return nested lists of numbers with four decimals, or, from 100 on, four digits."""
    if isinstance(values, list):
        return [_rounded(value) for value in values]
    return round(values, 4) if values < 100 else float(f"{values:.4g}")


# ---------------------------------------------------------------- how they are trained


@one_thread()
def train_loops(
    loops: Sequence[Loop], seeds: Sequence[int] = SEEDS, epochs: int = EPOCHS
) -> dict[Loop, Measured]:
    """Train every loop with every seed, and return its validation curves."""
    groups: dict[tuple[str, bool], list[Loop]] = {}
    for loop in loops:
        groups.setdefault((loop.optimizer, loop.clear == STALE), []).append(loop)
    found: dict[Loop, Measured] = {}
    for group in groups.values():
        curves = SideBySide(group, seeds).train(epochs)
        parts = np.split(curves, len(group), axis=2)
        found |= {loop: _measured(part) for loop, part in zip(group, parts, strict=True)}
    return {loop: found[loop] for loop in loops}


class SideBySide:
    """Train loops of one optimizer, all at once: each weight tensor has one more dimension, the run.

    Since a run's loss depends on its own weights alone, so does its gradient. Runs are numbered loop by loop,
    and within a loop seed by seed. Loops that step before they go backward have a group of their own.
    """

    def __init__(self, loops: Sequence[Loop], seeds: Sequence[int]) -> None:
        train, validation, _ = digits_noisy(noise=0.0)
        (self.x, self.y), (self.x_val, self.y_val) = train.tensors, validation.tensors
        self.loops, self.seeds = loops, seeds
        self.weights = _initial_weights(seeds, copies=len(loops))
        self.optimizer = _optimizer(loops[0].optimizer, self.weights)
        rates = torch.tensor([DROPOUT[loop.net] for loop in loops])
        self.dropout = rates.repeat_interleave(len(seeds))[:, None, None]  # (runs, 1, 1)
        self.shuffling, self.dropping, self.validating = (
            [torch.Generator().manual_seed(start + seed) for seed in seeds] for start in (0, 1000, 2000)
        )  # of their own: so validating without eval() leaves the training as it is
        self.first_order = self._shuffled()

    def train(self, epochs: int) -> np.ndarray:
        """Return the validation curves, shape (2: loss and accuracy, ways, runs, epochs)."""
        measured = []
        for epoch in range(epochs):
            order = self._order(self.first_order if epoch == 0 else self._shuffled())
            for number, rows in enumerate(order.split(BATCH_SIZE, dim=1)):
                self._train_on(rows, first=number == 0)
            measured.append(self._validate())
        return torch.stack(measured, dim=-1).numpy()

    def _train_on(self, rows: Tensor, first: bool) -> None:
        """Run the five lines on a batch of each run, (runs, rows); each run clears when its loop says so."""
        stale = self.loops[0].clear == STALE
        if stale and self.weights[0].grad is not None:
            self.optimizer.step()  # with the gradients of the batch before
        self._clear(CLEAR[0], STALE, *([CLEAR[1]] if first else []))
        losses = _losses(self._logits(self.x[rows], self._masks(rows.shape[1], self.dropping)), self.y[rows])
        losses.mean(dim=1).sum().backward()
        self._clear(TOO_LATE)
        if not stale:
            self.optimizer.step()

    def _clear(self, *when: str) -> None:
        """Set the gradients of those runs to 0 whose loops clear at one of these times."""
        runs = torch.tensor([loop.clear in when for loop in self.loops]).repeat_interleave(len(self.seeds))
        for weight in self.weights:
            if weight.grad is not None:
                weight.grad[runs] = 0

    def _shuffled(self) -> Tensor:
        """Return a random order of the training rows for every seed, (seeds, rows)."""
        return torch.stack([torch.randperm(len(self.x), generator=source) for source in self.shuffling])

    def _order(self, anew: Tensor) -> Tensor:
        """Return the order in which every run goes through the training rows in an epoch, (runs, rows)."""
        by_class = self.y.argsort(stable=True).expand_as(anew)
        orders = dict(zip(ORDER, (anew, self.first_order, by_class), strict=True))
        return torch.cat([orders[loop.order] for loop in self.loops])

    def _masks(self, rows: int, sources: Sequence[torch.Generator]) -> Tensor | float:
        """Return factors for the hidden units of every run, (runs, rows, HIDDEN): 0, or 1 / (1 − p)."""
        if not self.dropout.any():
            return 1.0
        drawn = torch.stack([torch.rand(rows, HIDDEN, generator=source) for source in sources])
        kept = drawn.repeat(len(self.loops), 1, 1) >= self.dropout
        return kept / (1 - self.dropout)

    def _logits(self, x: Tensor, masks: Tensor | float = 1.0) -> Tensor:
        """Return what every run's net says to its inputs (runs, rows, 64): (runs, rows, 10)."""
        w1, b1, w2, b2 = self.weights
        return torch.baddbmm(b2, torch.baddbmm(b1, x, w1).relu() * masks, w2)

    @torch.no_grad()
    def _validate(self) -> Tensor:
        """Return loss and accuracy of every run, measured in each of the WAYS: (2, ways, runs)."""
        x, y = (part.expand(self.dropout.shape[0], *part.shape) for part in (self.x_val, self.y_val))
        modes = [self._logits(x)]
        if self.dropout.any():
            modes.append(self._logits(x, self._masks(x.shape[1], self.validating)))  # eval() forgotten
        ways = []
        for logits in modes:
            rows = torch.stack([_losses(logits, y), (logits.argmax(-1) == y).float()])  # (2, runs, rows)
            by_batches = torch.stack([batch.mean(-1) for batch in rows.split(BATCH_SIZE, dim=-1)]).mean(0)
            ways += [rows.mean(-1), by_batches]
        return torch.stack(ways, dim=1)


def _initial_weights(seeds: Sequence[int], copies: int) -> list[Tensor]:
    """Return weights (runs, in, out) and biases (runs, 1, out) of both layers, as `build_net` draws them."""
    drawn = []
    for seed in seeds:
        with seeded(seed):
            net = build_net((64, HIDDEN, 10))
        drawn.append([value.detach().reshape(len(value), -1).mT for value in net.parameters()])
    stacked = (torch.stack(values).repeat(copies, 1, 1) for values in zip(*drawn, strict=True))
    return [values.requires_grad_() for values in stacked]


def _optimizer(name: str, weights: list[Tensor]) -> torch.optim.Optimizer:
    kind = torch.optim.SGD if name.startswith("SGD") else torch.optim.Adam
    return kind(weights, lr=RATES[name])


def _losses(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the cross-entropy of every row, (runs, rows)."""
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none").view(labels.shape)


if __name__ == "__main__":
    write_runs()
