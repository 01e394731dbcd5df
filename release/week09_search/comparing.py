"""Hold what `compare` in utils.py finds out about two groups of runs, and say it in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, repr=False)
class Comparison:
    """Hold how the runs of B differ from those of A; shown or printed, it says so in a sentence."""

    mean_a: float
    mean_b: float
    difference: float  # mean of B minus mean of A
    standard_error: float  # of the difference: the doubt about it
    spread_a: float  # standard deviation of single runs (n − 1): what one run may do
    spread_b: float
    runs_a: int
    runs_b: int
    pairs: int | None = None  # of runs with the same seed; None if each group has its own seeds
    wins: int | None = None  # in how many pairs B is lower

    @property
    def is_clear(self) -> bool:
        """Return whether the difference is at least 2 standard errors."""
        return self.difference != 0 and abs(self.difference) >= 2 * self.standard_error

    def __repr__(self) -> str:
        size = max(self.standard_error, abs(self.difference) / 100)
        digits = max(0, -math.floor(math.log10(size / 2))) if size else 0  # one or two of the doubt
        doubt = f"± {self.standard_error:.{digits}f}"
        if self.pairs is None:
            runs = f"({self.runs_a} and {self.runs_b} runs)"
        else:
            runs = f"({self.pairs} pairs), lower in {self.wins} of {self.pairs}"
        if self.is_clear:
            word = "lower" if self.difference < 0 else "higher"
            return f"B is {word} by {abs(self.difference):.{digits}f} {doubt} {runs}."
        return (
            f"B minus A is {self.difference:.{digits}f} {doubt} {runs}: that is less than 2 standard errors, "
            "so these runs cannot tell them apart."
        )


def as_runs(name: str, values: Sequence[float]) -> Tensor:
    """Return one number per run as a tensor of float64, (runs,). Raises ValueError if that is not given."""
    try:
        runs = torch.as_tensor(values, dtype=torch.float64).detach().cpu()
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"{name} must be a list of numbers, one per run ({error})") from error
    if runs.ndim != 1 or len(runs) < 2:
        raise ValueError(
            f"{name} has the shape {list(runs.shape)}: give one number per run, such as its last loss, of at "
            "least 2 runs. One run shows no spread: train with more seeds."
        )
    if not runs.isfinite().all():
        run = runs.isfinite().int().argmin().item()
        raise ValueError(
            f"{name}[{run}] is {runs[run].item()}: with such a run there is no mean. Count the runs that "
            "diverged and say how many; compare the others (of pairs leave out both)."
        )
    return runs
