"""Scenes for fit_with_early_stopping, with validation rows whose curve has a shape to order.

Validation rows do not change a training. So a net is trained once, and among thousands of sets of rows and
targets one is looked for whose loss goes up and down as a check needs it, whatever has been drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import torch
from hidden.fit_scenes import TRAJECTORY, Scene

from autograder.checks.framework import Student
from autograder.judge.scenario import evaluate as run_scenario

Shape = Callable[[torch.Tensor, int], torch.Tensor]  # (curves, patience) -> which curves are of this shape
SETS, POOL = 3000, 40  # sets of validation rows, from so many rows
MOST_TRAININGS = 200


def scene(
    student: Student,
    net: str,
    criterion: str,
    shape: Shape,
    epochs: int,
    patience: int,
    rows: int = 4,
    **more: Any,
) -> Scene:
    """Return a scene with one training whose validation curve has this shape over so many epochs.

    `rows`: of the training and of the validation; 4 are one batch, 6 a batch of four and one of two.
    """
    seed = int(torch.randint(2**31, (), generator=student.rng))
    found = _scene(seed, net, criterion, shape, epochs, patience, rows, tuple(more.items()))
    return found | {"_trainings": list(found["_trainings"])}


@lru_cache(maxsize=400)
def _scene(
    seed: int,
    net: str,
    criterion: str,
    shape: Shape,
    epochs: int,
    patience: int,
    count: int,
    more: tuple[Any, ...],
) -> Scene:
    rng = torch.Generator().manual_seed(seed)
    for _ in range(MOST_TRAININGS):
        given = _drawn(rng, net, criterion, count) | dict(more)
        pool = _decimals(rng, POOL, 3)
        said, train_loss = run_scenario(TRAJECTORY, {**given, "_x_validation": pool, "_epochs": epochs})
        rows = torch.rand(SETS, POOL, generator=rng).argsort(dim=1)[:, :count]
        targets = _targets(rng, given, said, rows)
        losses = _losses(given, said, rows, targets)
        good = _good(shape, losses, train_loss, _wrong(said, rows, targets), patience).nonzero()
        if len(good):
            place = int(good[0])
            return given | {"_trainings": [([pool[rows[place]], targets[place]], epochs, patience)]}
    raise RuntimeError(f"no scene with {net} and {criterion} was found for {shape.__name__}")


def _drawn(rng: torch.Generator, net: str, criterion: str, rows: int) -> Scene:
    x = _decimals(rng, rows, 3)
    labels = torch.randint(3, (rows,), generator=rng)
    if net == "numbers":
        labels = x @ _decimals(rng, 3, 1) / 2
    given = {"_net": net, "_criterion": criterion, "_train": [x, labels], "_gain": 1.7, "_limit": 1.5}
    low, high = (25, 40) if net == "numbers" else (300, 600)  # so high that the curve jumps
    rate = (low + _whole(rng, high - low)) / 100
    given |= {"_rate": rate * 1e6 if criterion == "small" else rate, "_momentum": 0.5}
    return given | {"_starts_in_train_mode": True, "_seed": _whole(rng, 9999), "_numbers": _decimals(rng, 30)}


def _whole(rng: torch.Generator, below: int) -> int:
    return int(torch.randint(below, (), generator=rng))


def _decimals(rng: torch.Generator, *shape: int) -> torch.Tensor:
    return (torch.rand(*shape, generator=rng) * 300 - 150).round() / 100


def _targets(rng: torch.Generator, given: Scene, said: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """Return sets of validation targets: labels, or numbers near what the net says in some epoch."""
    epochs, _, columns = said.shape
    if given["_net"] != "numbers":
        return torch.randint(columns, rows.shape, generator=rng)
    places = torch.randint(epochs, (len(rows), 1), generator=rng)
    noise = torch.randn(*rows.shape, generator=rng) * 0.3
    return ((said[places, rows, 0] + noise) * 100).round().unsqueeze(2) / 100


def _losses(given: Scene, said: torch.Tensor, rows: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the loss of each validation row (sets, rows, epochs)."""
    if given["_net"] == "numbers":
        error = targets - said[:, rows, 0].permute(1, 2, 0)
        weights = torch.where(error > 0, 3.0, 1.0) if given["_criterion"] == "tilted" else 1.0
        far = (error.abs() > given["_limit"]) & (given["_criterion"] == "near")
        return torch.where(far, torch.nan, weights * error**2)
    costs = -said.log_softmax(dim=2)
    if given["_criterion"] == "smooth":
        costs = 0.75 * costs + 0.25 * costs.mean(dim=2, keepdim=True)
    return costs[:, rows, targets].permute(1, 2, 0)


def _wrong(said: torch.Tensor, rows: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the share of wrong answers (sets, epochs); of numbers each is wrong."""
    if targets.is_floating_point():
        return torch.ones(1, len(said))
    return (said.argmax(dim=2)[:, rows] != targets).float().mean(dim=2).T


def _good(
    shape: Shape, losses: torch.Tensor, train_loss: torch.Tensor, wrong: torch.Tensor, patience: int
) -> torch.Tensor:
    """Return which curves have a shape, and decide unlike other measures but like a mean of batches."""
    curves = losses.mean(dim=1)
    by_batches = sum(part.mean(dim=1) for part in losses.split(4, dim=1)) / -(-losses.shape[1] // 4)
    good = shape(curves, patience) & alike(curves, by_batches, patience)
    good &= unlike(curves, train_loss[None], patience) & unlike(curves, wrong, patience)
    return good & (curves.nan_to_num(9e9).argmin(dim=1) < stop_epochs(train_loss[None], patience))


# ---------------------------------------------------------------- shapes of curves


def bad_epochs(curves: torch.Tensor) -> torch.Tensor:
    """Return for each epoch of each curve whether it is no improvement: not below all before it."""
    lowest = torch.cummin(curves, dim=1).values[:, :-1]
    return torch.cat([torch.zeros(len(curves), 1, dtype=torch.bool), curves[:, 1:] >= lowest], dim=1)


def stop_epochs(curves: torch.Tensor, patience: int) -> torch.Tensor:
    """Return where each curve's `patience`-th bad epoch in a row lies, or the number of epochs if nowhere."""
    bad = bad_epochs(curves).long()
    if patience > bad.shape[1]:
        return torch.full((len(curves),), bad.shape[1])
    runs = bad.unfold(1, patience, 1).sum(dim=2) == patience
    last = torch.ones(len(curves), 1, dtype=torch.bool)
    ends = torch.cat([runs, last], dim=1).long().argmax(dim=1) + patience - 1
    return torch.where(ends < bad.shape[1], ends, bad.shape[1])


def clear(curves: torch.Tensor) -> torch.Tensor:
    """Return which curves decide each epoch by far: no loss is nearly the lowest before it."""
    lowest = torch.cummin(curves, dim=1).values[:, :-1]
    return ((curves[:, 1:] - lowest).abs() > 0.01 * lowest.abs() + 0.003).all(dim=1)


def slips(curves: torch.Tensor, best: torch.Tensor, ends: torch.Tensor) -> torch.Tensor:
    """Return which curves fall a little between the best epoch and the end: better than the one before."""
    places = torch.arange(1, curves.shape[1])
    within = (places > best[:, None]) & (places <= ends[:, None])
    return ((curves[:, 1:] < curves[:, :-1]) & within).any(dim=1)


def stops_late(curves: torch.Tensor, patience: int) -> torch.Tensor:
    """Select curves that get worse, better than ever, and worse until the stop, and never as good again."""
    ends, last = stop_epochs(curves, patience), curves.shape[1] - 1
    best = ends - patience
    before = (bad_epochs(curves) & (torch.arange(curves.shape[1]) < best[:, None])).sum(dim=1)
    return (
        clear(curves)
        & (before > 0)
        & (before < patience)
        & (ends < last)
        & (best == curves.argmin(dim=1))
        & slips(curves, best, ends)
    )


def starts_with_nan(curves: torch.Tensor, patience: int) -> torch.Tensor:
    """Select curves that are not a number in the first epoch alone, and stop late afterwards."""
    later = curves[:, 1:]
    return curves[:, 0].isnan() & ~later.isnan().any(dim=1) & stops_late(later.nan_to_num(9e9), patience)


def turns(curves: torch.Tensor, patience: int) -> torch.Tensor:
    """Select curves whose lowest epoch lies inside, and that never stop."""
    best, last = curves.argmin(dim=1), curves.shape[1] - 1
    never = stop_epochs(curves, patience) > last
    return clear(curves) & (best > 0) & never & slips(curves, best, torch.full_like(best, last))


def unlike(curves: torch.Tensor, others: torch.Tensor, patience: int) -> torch.Tensor:
    """Return which curves keep another epoch than other curves do, and stop at another, if they stop."""
    ends, theirs = stop_epochs(curves, patience), stop_epochs(others, patience)
    kept, their_kept = _lowest(curves, ends), _lowest(others, theirs)
    return (kept != their_kept) & ((ends != theirs) | (ends == curves.shape[1]))


def alike(curves: torch.Tensor, others: torch.Tensor, patience: int) -> torch.Tensor:
    """Return which curves keep the same epoch as other curves do, and stop at the same."""
    ends, theirs = stop_epochs(curves, patience), stop_epochs(others, patience)
    return (_lowest(curves, ends) == _lowest(others, theirs)) & (ends == theirs)


def _lowest(curves: torch.Tensor, ends: torch.Tensor) -> torch.Tensor:
    past = torch.arange(curves.shape[1]) > ends[:, None]
    return curves.nan_to_num(9e9).masked_fill(past, torch.inf).argmin(dim=1)
