"""Measure torch's optimizers on surfaces of two weights, with many rates at once. All of it is deterministic.

A trick makes it quick: a rate is a unit of length. In all these rules the step is the rate times a number
that depends on the gradients alone. So one optimizer with the rate 1 moves the weights *divided by their
rates*, and a whole tensor of rates takes its steps together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial

import torch
from torch import Tensor, nn
from torch.optim import SGD, Adagrad, Adam, Optimizer, RMSprop

Gradient = Callable[[Tensor], Tensor]  # of (…, 2) weights, of the same shape
Kind = Callable[..., Optimizer]
KINDS: dict[str, Kind] = {
    "SGD": SGD,
    "momentum 0.9": partial(SGD, momentum=0.9),
    "AdaGrad": Adagrad,
    "RMSprop": RMSprop,
    "Adam": Adam,
}
START = (5.0, 2.0)
KAPPAS = (10.0, 100.0, 1000.0)  # how many times steeper a valley is across than along
TRIED = {0.0: 3000, 0.5: 1500, 0.9: 500}  # by momentum: steps, more than the narrowest valley needs


def walk(kind: Kind, gradient: Gradient, start: Tensor, rates: Tensor, steps: int) -> Iterator[Tensor]:
    """Yield the weights before the first step and after each; `start` and `rates` have one shape."""
    scaled = nn.Parameter(start / rates)  # the weights in units of their rates
    optimizer = kind([scaled], lr=1.0)
    yield start
    for _ in range(steps):
        scaled.grad = gradient(rates * scaled.detach())
        optimizer.step()
        yield rates * scaled.detach()


# ---------------------------------------------------------------- constant gradients, and one number


def steps_in_rates(kind: Kind, gradients: Sequence[float]) -> list[float]:
    """Return the steps that these gradients cause one after the other, as multiples of the rate."""
    place = nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer, moved = kind([place], lr=1.0), []
    for gradient in gradients:
        before = place.item()
        place.grad = torch.full_like(place, gradient)
        optimizer.step()
        moved.append(place.item() - before)
    return moved


def swing(momentum: float, steps: int = 40, rate: float = 0.05) -> list[float]:
    """Return the places on x² from x = 1, the start included."""
    one = torch.ones(1, dtype=torch.float64)
    kind = partial(SGD, momentum=momentum)
    return [x.item() for x in walk(kind, lambda x: 2 * x, one, rate * one, steps)]


# ---------------------------------------------------------------- valleys


def valley(kappa: float, turned: bool = False) -> tuple[Callable[[Tensor], Tensor], Gradient]:
    """Return the loss x² + κ·y² and its gradient; turned by 45 degrees if asked. Points are (…, 2)."""
    steep = torch.tensor([1.0, kappa], dtype=torch.float64)
    turn = rotation(45.0 if turned else 0.0)
    return (
        lambda points: ((points @ turn) ** 2 * steep).sum(-1),
        lambda points: (2 * (points @ turn) * steep) @ turn.T,
    )


def rotation(degrees: float) -> Tensor:
    """Return the matrix that turns points (a column each) by so many degrees."""
    angle = torch.deg2rad(torch.tensor(degrees, dtype=torch.float64))
    return torch.stack([torch.stack([angle.cos(), -angle.sin()]), torch.stack([angle.sin(), angle.cos()])])


def grid_of_rates(low: float, high: float, many: int) -> Tensor:
    """Return so many rates with equal factors between them, float64."""
    return torch.logspace(torch.tensor(low).log10().item(), torch.tensor(high).log10().item(), many).double()


@lru_cache
def fewest_steps(momentum: float, steps: int = 3000, goal: float = 1e-3) -> list[int]:
    """Return by valley after how many steps its loss stays below the goal, with the best of 30 rates."""
    steep = torch.tensor([[1.0, kappa] for kappa in KAPPAS], dtype=torch.float64)[:, None]  # (valleys, 1, 2)
    rates = (grid_of_rates(0.02, 2.0, 30)[:, None] / steep[..., 1:]).expand(-1, -1, 2)  # (valleys, rates, 2)
    start = torch.tensor(START, dtype=torch.float64).expand(rates.shape)
    last_above = torch.zeros(rates.shape[:2], dtype=torch.long)
    kind = partial(SGD, momentum=momentum, foreach=False)
    for step, points in enumerate(walk(kind, lambda points: 2 * steep * points, start, rates, steps)):
        above = ~((points**2 * steep).sum(-1) < goal)  # also where it is no number any more
        last_above[above] = step
    fewest: list[int] = (last_above.min(dim=1).values + 1).tolist()
    return fewest


def show_steps() -> None:
    """Print the steps that three valleys need with the best rate, for each momentum."""
    print("steps until the loss stays below 0.001:" + "".join(f"{f'κ = {kappa:g}':>11}" for kappa in KAPPAS))
    for momentum, tried in TRIED.items():
        counts = "".join(f"{steps:11,}" for steps in fewest_steps(momentum, tried))
        print(f"{f'momentum {momentum:g}, best of 30 rates':39}{counts}")


@lru_cache
def race(kappa: float, turned: bool, steps: int = 50) -> dict[str, tuple[float, float]]:
    """Return by optimizer the lowest loss after so many steps with the best of 121 rates, and this rate.

    A turned valley is started from the turned place, so that for a ball it is the same valley.
    """
    loss, gradient = valley(kappa, turned)
    rates = grid_of_rates(1e-3, 10.0, 121)
    place = rotation(45.0 if turned else 0.0) @ torch.tensor(START, dtype=torch.float64)
    found = {}
    for name, kind in KINDS.items():
        *_, last = walk(kind, gradient, place.expand(len(rates), 2), rates[:, None].expand(-1, 2), steps)
        losses = loss(last).nan_to_num(torch.inf)
        best = losses.argmin()
        found[name] = losses[best].item(), rates[best].item()
    return found


def show_race(kappa: float) -> None:
    """Print the race in a valley along the axes and in the turned one."""
    print(f"{'':14}{'along the axes':>16}{'turned':>12}")
    straight, turned = race(kappa, turned=False), race(kappa, turned=True)
    for name in KINDS:
        print(f"{name:14}{straight[name][0]:16.2g}{turned[name][0]:12.2g}")


# ---------------------------------------------------------------- noise, and a cliff


def noisy_descent(rates: Sequence[float], runs: int = 500) -> list[float]:
    """Return the distance to the minimum after each step on x² from 5; gradients have noise of SD 2.

    The distance is a root mean square over so many runs; `rates` has the rate of each step.
    """
    generator = torch.Generator().manual_seed(0)
    x, distances = torch.full((runs,), 5.0), []
    for rate in rates:
        x = x - rate * (2 * x + 2 * torch.randn(runs, generator=generator))
        distances.append(x.square().mean().sqrt().item())
    return distances


def off_the_cliff(rate: float, limit: float | None = None, steps: int = 500) -> list[float]:
    """Return the places of descent on (w¹⁰ − 1)² from 1.2, which is the first; `limit` clips gradients."""
    w = torch.tensor(1.2, dtype=torch.float64, requires_grad=True)
    optimizer, places = SGD([w], lr=rate), [w.item()]
    for _ in range(steps):
        w.grad = 20 * w.detach() ** 9 * (w.detach() ** 10 - 1)  # of (w¹⁰ − 1)²
        if limit is not None:
            nn.utils.clip_grad_norm_([w], limit)
        optimizer.step()
        places.append(w.item())
    return places
