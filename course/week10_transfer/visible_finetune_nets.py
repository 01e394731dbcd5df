"""The small nets and rows that the visible check of finetune uses, and what it watches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from checking import expect
from torch import Tensor, nn
from torch.optim.optimizer import register_optimizer_step_post_hook

from utils import FlexibleClassifier, build_net

Fit = Callable[..., Any]


class Watch(nn.Dropout):
    """Stand for a dropout that drops nothing: note mode and number of rows when a gradient comes back."""

    def __init__(self, seen: list[tuple[bool, int]]) -> None:
        super().__init__()
        self.note = seen.append

    def __deepcopy__(self, memo: dict[int, Any]) -> Watch:
        made = Watch([]).train(self.training)
        made.note = self.note  # a copy of a net notes in the same place
        return made

    def forward(self, x: Tensor) -> Tensor:
        training = self.training
        out = x + torch.zeros(1, requires_grad=True)
        if out.requires_grad:
            out.register_hook(lambda _: self.note((training, len(x))))
        return out


class WatchedSteps:
    """Note the rates and the size of the gradient in each step of an optimizer of torch.optim."""

    def __enter__(self) -> WatchedSteps:
        self.rates: set[float] = set()
        self.sizes: list[float] = []
        self._handle = register_optimizer_step_post_hook(self._see)
        return self

    def __exit__(self, *_: object) -> None:
        self._handle.remove()

    def _see(self, optimizer: torch.optim.Optimizer, _args: Any, _kwargs: Any) -> None:
        groups = optimizer.param_groups
        self.rates |= {float(group["lr"]) for group in groups}
        parts = [p.grad.norm() for group in groups for p in group["params"] if p.grad is not None]
        self.sizes.append(float(torch.stack(parts).norm()) if parts else 0.0)


def _filled(net: nn.Module, frozen: Iterable[int] = ()) -> Any:
    """Return the net with 0.1, -0.2, 0.3, -0.4, 0.5 again and again as parameters, some frozen."""
    places = list(frozen)
    size = sum(parameter.numel() for parameter in net.parameters())
    values = torch.tensor([0.1, -0.2, 0.3, -0.4, 0.5]).repeat(size)[:size]
    nn.utils.vector_to_parameters(values, net.parameters())
    for place, parameter in enumerate(net.parameters()):
        parameter.requires_grad_(place not in places)
    return net


def example() -> nn.Sequential:
    """Return the source of the worked example: 15 numbers, and a head of 8."""
    net: nn.Sequential = _filled(build_net((4, 3, 2)))
    return net


def deep(frozen: Iterable[int] = ()) -> nn.Sequential:
    """Return a source with three layers and Tanh between them, where every weight gets a gradient."""
    layers = nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 5), nn.Tanh(), nn.Linear(5, 2)
    net: nn.Sequential = _filled(nn.Sequential(*layers), frozen)
    return net


def normed(frozen: Iterable[int] = ()) -> nn.Sequential:
    """Return a source with two batch norm layers, of which the first is nested."""
    inner = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))
    net: nn.Sequential = _filled(
        nn.Sequential(inner, nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Linear(3, 2)), frozen
    )
    for place, buffer in enumerate(net.buffers()):
        if buffer.is_floating_point():
            buffer.fill_(0.5 + place)
    return net


def flexible() -> FlexibleClassifier:
    """Return a FlexibleClassifier as a source."""
    net: FlexibleClassifier = _filled(FlexibleClassifier(4, [3, 3], 2, 0.25))
    return net


def rows() -> tuple[Tensor, Tensor]:
    """Return six rows of four numbers, and labels of five classes."""
    return torch.linspace(-2, 2, 24).sin().reshape(4, 6).T.contiguous(), torch.tensor([0, 1, 2, 3, 4, 0])


def learnt() -> tuple[nn.Sequential, Tensor, Tensor]:
    """Return a frozen source with one unit for each of eight clusters, 32 rows, and labels of 4 classes."""
    two = torch.tensor([[1.0, 1.0], [1.0, -1.0]])
    corners = torch.kron(torch.kron(two, two), two)
    net = build_net((8, 8, 4)).requires_grad_(False)
    net[0].weight.copy_(2 * corners)
    net[0].bias.fill_(-8.0)
    noise = torch.linspace(0, 60, 256).sin().reshape(32, 8) / 3
    return net, corners.repeat(4, 1) + noise, torch.arange(4).repeat(8)


def tuned(
    fit: Fit,
    source: nn.Module,
    classes: int,
    epochs: int,
    lr: float,
    words: str = "source",
    loader: Iterable[Sequence[Tensor]] | None = None,
    seed: int = 1,
) -> Any:
    """Return what a student's finetune makes of a source. Raises Mismatch unless it is a net.

    Torch's own random numbers begin with this seed, and go on afterwards where they were.
    """
    x, y = rows()
    batches = [(x[:4], y[:4] % classes), (x[4:], y[4:] % classes)] if loader is None else loader
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        net = fit(source, batches, classes, epochs, lr)
    call = f"finetune({words}, loader, {classes}, {epochs}, {lr:g})"
    is_net = isinstance(net, nn.Module)
    hint = "end with `return model`: the new net, and nothing beside it"
    expect(is_net, call=call, got=net, expected="a net", hint=hint)
    return net
