"""Race three optimizers down a valley, along its axes or turned by 45 degrees, and say how it went."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import torch

STEPS = 50
START = (5.0, 2.0)  # along the valley and across it
KAPPAS = (10, 100, 1000)  # how much more curved the valley is across than along
ALONG, TURNED = "along the axes", "turned by 45°"
RACERS = {
    "SGD": lambda weights, lr: torch.optim.SGD(weights, lr=lr),
    "momentum": lambda weights, lr: torch.optim.SGD(weights, lr=lr, momentum=0.9),
    "Adam": lambda weights, lr: torch.optim.Adam(weights, lr=lr),
}
CLOSE = 1.01  # losses with a smaller ratio are a tie: rounding alone must not decide


def axes_of(way: str) -> np.ndarray:
    """Return the directions along and across the valley, as the columns of a matrix, (2, 2)."""
    angle = math.pi / 4 if way == TURNED else 0.0
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def heights(places: np.ndarray, kappa: int, way: str) -> np.ndarray:
    """Return the loss at places, (..., 2): squared distance along the valley plus kappa times that across."""
    with np.errstate(over="ignore"):
        found: np.ndarray = ((places @ axes_of(way)) ** 2) @ np.array([1.0, kappa])
    return found


@lru_cache(maxsize=512)
def path_of(racer: str, rate: float, kappa: int, way: str) -> np.ndarray:
    """Return the places of an optimizer from the start to its last step, (STEPS + 1, 2)."""
    axes = axes_of(way)
    bend = torch.from_numpy(axes @ np.diag([2.0, 2.0 * kappa]) @ axes.T)
    place = torch.nn.Parameter(torch.from_numpy(axes @ np.array(START)))
    optimizer, path = RACERS[racer]([place], rate), [place.detach().numpy().copy()]
    for _ in range(STEPS):
        place.grad = bend @ place.detach()
        optimizer.step()
        path.append(place.detach().numpy().copy())
    return np.array(path)


def losses_of(rates: dict[str, float], kappa: int, way: str) -> dict[str, np.ndarray]:
    """Return the losses of each optimizer with its rate, (STEPS + 1,); inf where they are too large."""
    return {
        name: np.nan_to_num(heights(path_of(name, rate, kappa, way), kappa, way), nan=np.inf)
        for name, rate in rates.items()
    }


def winner(rates: dict[str, float], kappa: int, way: str) -> str | None:
    """Return whose last loss is lowest, or None for a tie, or if somebody ends no lower than at the start."""
    losses = losses_of(rates, kappa, way)
    if any(not values[-1] < values[0] for values in losses.values()):
        return None
    (first, best), (_, second), *_ = sorted(
        ((name, values[-1]) for name, values in losses.items()), key=lambda entry: entry[1]
    )
    return first if second > CLOSE * best else None


def tell_race(rates: dict[str, float], kappa: int, way: str) -> list[str]:
    """Say in words where each optimizer stands after its last step, and who is in front."""
    losses, start = losses_of(rates, kappa, way), path_of("SGD", rates["SGD"], kappa, way)[0]
    ends = {name: path_of(name, rate, kappa, way)[-1] for name, rate in rates.items()}
    places = "; ".join(f"{name} {_place(end)}" for name, end in ends.items())
    told = ", ".join(f"{name} {_loss(losses[name][-1])} (rate {rate:.3g})" for name, rate in rates.items())
    exploded = [name for name, values in losses.items() if not values[-1] < values[0]]
    first = winner(rates, kappa, way)
    if exploded:
        verdict = f"No race: {' and '.join(exploded)} ended no lower than at the start."
    else:
        verdict = f"{first[0].upper()}{first[1:]} is in front." if first else "A tie."
    return [
        f"A valley {kappa} times as curved across as along, {way}. From {_place(start)} the {STEPS} steps "
        f"lead: {places}.",
        f"The loss starts at {losses['SGD'][0]:.3g}. After {STEPS} steps: {told}. {verdict}",
    ]


def _loss(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else "too large for a number"


def _place(place: np.ndarray) -> str:
    """Return a place in words; far away, only that it is."""
    if not np.abs(place).max() < 1000:
        return "far outside"
    return "({:.2f}, {:.2f})".format(*(place + 0.0)).replace("-0.00", "0.00").replace("-", "−")
