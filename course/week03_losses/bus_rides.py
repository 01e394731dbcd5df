"""Give the records of bus line 12, the example of week 3, and run the training that has a broken line.

A ride of x stops takes 2x + 1 minutes, more or less. In a wild record somebody stopped the clock 20 to 30
minutes too late.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from utils import line_with_outliers


def rides(wild: int, seeds: range) -> tuple[Tensor, Tensor]:
    """Return stops and minutes of 50 rides, `wild` of them wild: one data set per seed, (seeds, 50)."""
    drawn = [line_with_outliers(50, wild, seed=seed) for seed in seeds]
    stops, minutes = zip(*drawn, strict=True)
    return torch.cat(stops, dim=1).T, torch.cat(minutes, dim=1).T


def train_broken(stops: Tensor, minutes: Tensor, mended: bool = False) -> tuple[list[float], float]:
    """Run the ten lines of the exercise *find the broken line*; return the losses and the slope at the end.

    stops, minutes: (50,). `mended` runs them as they were meant.
    """
    x = stops.unsqueeze(1)
    line, losses = nn.Linear(1, 1), []
    optimizer = torch.optim.Adam(line.parameters(), lr=0.2)
    for _ in range(150):
        predicted = line(x)
        errors = (predicted.squeeze(1) if mended else predicted) - minutes
        loss = (errors**2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, line.weight.item()


def broken_runs(mended: bool, seeds: range = range(8)) -> tuple[Tensor, Tensor]:
    """Return the losses, (seeds, steps), and the slopes, (seeds,), of one training per seed."""
    losses, slopes = [], []
    for seed, stops, minutes in zip(seeds, *rides(0, seeds), strict=True):
        torch.manual_seed(seed)
        run, slope = train_broken(stops, minutes, mended)
        losses.append(run)
        slopes.append(slope)
    return torch.tensor(losses), torch.tensor(slopes)
