"""Scenes of lr_range_test: tiny nets and batches of drawn numbers, and what is right for them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch

from autograder.checks.framework import Student
from autograder.checks.inputs import drawn, drawn_decimal
from autograder.judge.scenario import evaluate as run_scenario

Batch = tuple[tuple[tuple[float, ...], ...], tuple[float, ...]]  # rows of inputs, targets

# Models cannot cross the border between judge and student: the scenario makes them from drawn numbers.
# With _more it puts the weights back itself and makes two more steps, which tell of the optimizer alone.
SCENARIO = """
import torch as _t

class _Gain(_t.nn.Module):
    # Behaves in train mode unlike in eval mode, as dropout does, but not at random.
    def forward(self, x):
        return 1.75 * x if self.training else x

def _build():
    if _net == "line":
        layers = [_t.nn.Linear(1, 1, bias=False)]
    else:
        layers = [_t.nn.Linear(2, 1)]
    if _net == "norm":
        layers[:0] = [_t.nn.BatchNorm1d(2, momentum=0.3)]
    if _net == "gain":
        layers[:0] = [_Gain()]
    net = _t.nn.Sequential(*layers)
    size = sum(p.numel() for p in net.parameters())
    _t.nn.utils.vector_to_parameters(_t.tensor(_numbers[:size]), net.parameters())
    return net

def _optimizer(net):
    groups = [{"params": [p]} for p in net.parameters()] if _groups else list(net.parameters())
    if _groups:
        groups[0]["lr"] = 0.0078125
    if _memory == "Adam":
        return _t.optim.Adam(groups, lr=0.015625)
    return _t.optim.SGD(groups, lr=0.015625, momentum=_memory)

def _tilted(outputs, targets):
    # Costs too little more than too much: outputs and targets cannot be swapped.
    error = targets - outputs
    return _t.where(error > 0, 3.0 * error**2, 2.0 * error**2).mean()

def _step(x, y):
    _steps.zero_grad()
    _criterion(_model(x), y).backward()
    _steps.step()

def _all(parts):
    return _t.cat([_t.zeros(0), *[part.detach().flatten().float() for part in parts]]).clone()

_rows = [(_t.tensor(x), _t.tensor(y).unsqueeze(1)) for x, y in _batches]
if _kind == "DataLoader":
    _data = _t.utils.data.TensorDataset(*(_t.cat(part) for part in zip(*_rows)))
    _loader = _t.utils.data.DataLoader(_data, batch_size=len(_rows[0][0]))
else:
    _loader = _rows
_model = _build()
_steps = _optimizer(_model)
_criterion = _tilted if _cost == "tilted" else _t.nn.MSELoss()
for _ in range(_before):
    _step(*_rows[0])
_start, _stored = _all(_model.parameters()), _all(_model.buffers())
_model.train(_training)
_came = lr_range_test(_model, _loader, _criterion, _steps, *_range)
_mode, _rates = _model.training, [group["lr"] for group in _steps.param_groups]
_weights, _buffers = _all(_model.parameters()), _all(_model.buffers())
if _more:
    _t.nn.utils.vector_to_parameters(_start.clone(), _model.parameters())
    for _ in range(2):
        _step(*_rows[-1])
_kinds = [type(part).__name__ for part in _came] if isinstance(_came, (list, tuple)) else []
if _kinds[:1] == ["list"]:
    _kinds += sorted({type(value).__name__ for part in _came if isinstance(part, list) for value in part})
[_came, _start, _weights, _stored, _buffers, _mode, _kinds, _rates, _all(_model.parameters())]
"""


@dataclass(frozen=True)
class Scene:
    """Hold what a range test is made of, in plain numbers: whatever is equal has the same right answer.

    net: "plain", "norm" (batch norm), "gain" (other outputs in train mode) or "line" (one weight).
    memory: the momentum of SGD, or "Adam". before: how many steps the optimizer has made.
    """

    numbers: tuple[float, ...]
    batches: tuple[Batch, ...]
    range: tuple[float, float, int]
    net: str = "plain"
    memory: float | str = 0.0
    groups: bool = False
    kind: str = "list"
    cost: str = "mse"
    training: bool = True
    before: int = 0
    more: bool = False

    def inputs(self) -> dict[str, Any]:
        """Return the names that the scenario needs."""
        given = {f"_{name}": value for name, value in vars(self).items()}
        batches = [[list(map(list, x)), list(y)] for x, y in self.batches]
        return given | {"_numbers": list(self.numbers), "_batches": batches, "_range": list(self.range)}

    def words(self) -> str:
        """Return the call in words."""
        net = "a line y = w·x" if self.net == "line" else "a net of two inputs"
        sizes = ", ".join(str(len(y)) for _, y in self.batches)
        steps = (
            "Adam"
            if self.memory == "Adam"
            else f"SGD with momentum {self.memory:g}"
            if self.memory
            else "SGD"
        )
        low, high, count = self.range
        batches = f"{self.kind} with {'batches' if len(self.batches) > 1 else 'a batch'} of {sizes} rows"
        return f"lr_range_test({net}, a {batches}, …, {steps}, {low:g}, {high:g}, {count})"

    def grid(self) -> list[float]:
        """Return the rates of all steps."""
        low, high, count = self.range
        return [low * (high / low) ** (i / (count - 1)) for i in range(count)]


def hundredths(student: Student, size: int, low: float, high: float) -> tuple[float, ...]:
    """Return random numbers with two decimals."""
    unit = torch.rand(size, generator=student.rng)
    return tuple(round(low + (high - low) * value, 2) for value in unit.tolist())


def scene(student: Student, sizes: Sequence[int], steps: int, **changes: Any) -> Scene:
    """Return a scene with batches of these sizes, whose losses are high, low and high, but never by far."""
    levels = [(3.5, 3.8), (4.3, 4.6)] * len(sizes)
    rows = hundredths(student, 2 * sum(sizes), -1.0, 1.0)
    places = iter(zip(rows[::2], rows[1::2], strict=True))
    batches = tuple(
        (tuple(next(places) for _ in range(size)), hundredths(student, size, *level))
        for size, level in zip(sizes, levels, strict=False)
    )
    low, factor = drawn_decimal(student, 0.002, 0.003, places=4), drawn_decimal(student, 8, 12)
    numbers = hundredths(student, 7, -0.15, 0.15)
    return Scene(numbers, batches, (low, round(low * factor, 4), steps), **changes)


def line_scene(student: Student, low: float, high: float, steps: int, **bad: float) -> Scene:
    """Return a scene of one weight and one row, whose loss is multiplied by (1 - 2·rate)² in each step.

    bad: third=nan makes four batches, of which the third has this target.
    """
    target = drawn_decimal(student, 1.0, 3.0)
    targets = [target, target, bad["third"], target] if bad else [target]
    rows = tuple((((1.0,),), (value,)) for value in targets)
    start = -drawn_decimal(student, 0.3, 0.9)
    return Scene((start,), rows, (low, high, steps), net="line")


def border_scene(student: Student) -> Scene:
    """Return a scene whose second loss is exactly 4 times the first: the test goes on."""
    rows = (((1.0,),), (drawn(student, 2, 6) / 2,))
    return Scene((0.0,), (rows,), (1.5, 1.6, 3), net="line")


@lru_cache(maxsize=512)
def right(given: Scene, rates: tuple[float, ...]) -> tuple[Any, ...]:
    """Return what the scenario gives for a right answer that tries these rates."""

    def lr_range_test(model: Any, loader: Any, criterion: Any, optimizer: Any, *_: Any) -> Any:
        weights = {name: value.clone() for name, value in model.state_dict().items()}
        state = _copy(optimizer.state_dict())
        mode, losses = model.training, []
        model.train()
        for number, rate in enumerate(rates):
            for group in optimizer.param_groups:
                group["lr"] = rate
            inputs, targets = list(loader)[number % len(loader)]
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            losses.append(loss.item())
            if not math.isfinite(losses[-1]) or losses[-1] > 4 * min(losses):
                break
            loss.backward()
            optimizer.step()
        model.load_state_dict(weights)
        optimizer.load_state_dict(state)
        model.train(mode)
        return list(rates[: len(losses)]), losses

    return tuple(run_scenario(SCENARIO, {**given.inputs(), "lr_range_test": lr_range_test}))


def _copy(value: Any) -> Any:
    """Return a copy of an optimizer's state all the way down."""
    if isinstance(value, torch.Tensor):
        return value.clone()
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value
