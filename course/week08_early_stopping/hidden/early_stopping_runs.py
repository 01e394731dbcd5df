"""Sequences of losses for EarlyStopping, drawn epoch by epoch, and what is right for them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.checks.framework import Student
from autograder.checks.inputs import drawn, drawn_from, written

FALL, INF = 0.0625, math.inf
Rows = list[list[Any]]


@dataclass(frozen=True)
class Run:
    """Hold what an object is made with, and the losses that it is given, one after the other."""

    losses: Sequence[float]
    patience: int = 5
    min_delta: float = 0.0
    args: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)

    def given(self) -> list[Any]:
        """Return arguments, keywords and losses for the scenario."""
        usual = {"patience": self.patience, "min_delta": self.min_delta}
        return [list(self.args), self.named if self.args or self.named else usual, list(self.losses)]

    def call(self) -> str:
        """Return in words how the object is made and what it is given."""
        args, named, losses = self.given()
        inside = ", ".join(
            [*map(written, args), *(f"{key}={written(value)}" for key, value in named.items())]
        )
        return f"EarlyStopping({inside}), then step with {', '.join(f'{loss:g}' for loss in losses)}"


def right(run: Run) -> Rows:
    """Return after each loss whether to stop, best_loss and best_epoch, as the rule has it."""
    rows: Rows = []
    lowest, at, last = INF, None, -1  # `last`: the newest epoch that was an improvement
    for epoch, loss in enumerate(run.losses):
        if loss < lowest - run.min_delta:
            lowest, at, last = loss, epoch, epoch
        rows.append([epoch - last >= run.patience, lowest, at])
    return rows


class Losses:
    """Make a drawn sequence of losses, epoch by epoch, of numbers that floats hold exactly."""

    def __init__(self, student: Student, unit: float = FALL) -> None:
        self.student, self.unit = student, unit
        self.lowest = drawn(student, 48, 96) / 16
        self.values = [self.lowest]

    def good(self, times: int = 1) -> Losses:
        """Append new lowest losses."""
        for _ in range(times):
            self.lowest -= self.unit * drawn(self.student, 1, 3)
            self.values.append(self.lowest)
        return self

    def bad(self, times: int, climb: int = 0) -> Losses:
        """Append losses above the lowest: in any order, or each above (1) or below (-1) the one before."""
        steps = drawn_from(self.student, range(1, 16), times)
        if climb:
            steps = sorted(steps, reverse=climb < 0)
        self.values += [self.lowest + self.unit * step for step in steps]
        return self
