"""The data of the judge's calls of capstone: new students of the app, in units of their own."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import sklearn.linear_model  # noqa: F401  (answers use it: loaded here, before any clock runs)
import torch
from torch import Tensor, nn
from transfer_data import study_sessions

STUDENTS, SESSIONS, SEALED, NEW = 40, 10, 15, 200  # per student 10 sessions, also of sealed and new ones
BUDGET = 4
SHARES = (0.2, 0.25, 0.3, 0.4)  # at which a list of rows is often cut
LEFT_OUT = 25  # rows, so that students have different numbers of sessions
FEW = 40  # rows that are asked about on their own
AWAY = 12.0  # standard deviations: rows lie about 5 from their mean


@dataclass(frozen=True)
class Call:
    """Hold what capstone is called with, and the rows that its predict is asked about afterwards.

    x (rows, 26), y (rows,), students (rows,); `few` are numbers of rows; `new_x` and `away_x` may hold no
    rows. `state` seeds the global random numbers before the call.
    """

    x: Tensor
    y: Tensor
    students: Tensor
    sealed_x: Tensor
    sealed_y: Tensor
    new_x: Tensor
    new_y: Tensor
    few: Tensor
    away_x: Tensor
    budget: int
    seed: int
    state: int

    @property
    def words(self) -> str:
        """Return the call in words."""
        people = len(self.students.unique())
        return f"capstone({len(self.y)} rows of {people} students, …, budget={self.budget}, seed={self.seed})"


@lru_cache(maxsize=8)
def first_call(seed: int) -> Call:
    """Return the call that most checks look at: 375 rows of 40 students, numbered 0…39."""
    rng = torch.Generator().manual_seed(seed)
    seeds = torch.randint(10**6, (5,), generator=rng).tolist()
    x, y, students = study_sessions(STUDENTS, SESSIONS, seeds[0])
    rows = _some_rows(students, rng)
    x, y, students = x[rows], y[rows], students[rows]
    sealed_x, sealed_y, _ = study_sessions(SEALED, SESSIONS, seeds[1])
    new_x, new_y, _ = study_sessions(NEW, SESSIONS, seeds[2])
    scale, shift = _units(rng)
    few = x[:, 2].argsort(descending=True)[:FEW]  # all alike, so that their own mean is not that of all
    away_x = _away(x, students, rng)
    x, sealed_x, new_x, away_x = (part * scale + shift for part in (x, sealed_x, new_x, away_x))
    return Call(x, y, students, sealed_x, sealed_y, new_x, new_y, few, away_x, BUDGET, *seeds[3:])


def again(call: Call, larger: bool, other_state: bool) -> Call:
    """Return the call again, with sealed rows a thousand times as large, or other global random numbers."""
    sealed_x = call.sealed_x * 1000 if larger else call.sealed_x
    return replace(call, sealed_x=sealed_x, state=call.state + other_state)


def away(call: Call, rows: Tensor, said: Tensor) -> Call:
    """Return the call with these rows far away, and with labels that nobody foretells who has not seen them.

    Each student has a place of its own there, and a label that is not the one `said` (rows,) about it.
    """
    x, y = call.x.clone(), call.y.clone()
    x[rows] = call.away_x[rows]
    for who in call.students[rows].unique():
        mine = rows[call.students[rows] == who]
        y[mine] = (said[mine].long().mode().values + 1 + who % 2) % 3
    return replace(call, x=x, y=y, budget=2)


def renamed(call: Call, seed: int) -> Call:
    """Return a smaller call: half of the rows in another order, the students under other numbers."""
    rng = torch.Generator().manual_seed(seed)
    rows = _first_rows(call.students, SESSIONS // 2)
    rows = rows[torch.randperm(len(rows), generator=rng)]
    names = 1000 + 7 * torch.randperm(9000, generator=rng)[: STUDENTS + 1]
    students = names[call.students[rows]]
    return _small(call, call.x[rows], call.y[rows], students)


def with_a_pattern(call: Call, middle: Tensor, tests: Tensor, seed: int, whole: bool = True) -> Call:
    """Return a small call with an easy task in which a straight line cannot find one of the labels.

    Each row has one number u behind its 26 columns: ±2 for most students, who have one common label, and 0
    for those in `middle`, who have a rare label. `tests` are the students who are expected to validate; among
    the others three rows have the third label. Unless `whole`, those of the tests who are in the
    middle have only one such row each.
    """
    rng = torch.Generator().manual_seed(seed)
    rows = _first_rows(call.students, 4)
    students = call.students[rows]
    side = 4 * torch.randint(2, (len(rows),), generator=rng) - 2
    in_middle = torch.isin(students, middle)
    if not whole:
        firsts = torch.isin(torch.arange(len(rows)), _first_rows(students, 1))
        in_middle &= ~torch.isin(students, tests) | firsts
    u = torch.where(in_middle, 0.0, side.float())
    common, third = (torch.randperm(2, generator=rng) + 1).tolist()  # always saying 0 is then no baseline
    rare = 0
    y = torch.where(in_middle, rare, common)
    y[(~torch.isin(students, tests) & (y == common)).nonzero().flatten()[:3]] = third
    u = u + 0.15 * torch.randn(len(rows), generator=rng)
    weights = (0.5 + torch.rand(26, generator=rng)) * (2.0 * torch.randint(2, (26,), generator=rng) - 1)
    x = u[:, None] * weights + 0.02 * torch.randn(len(rows), 26, generator=rng)
    scale, shift = _units(rng)
    return _small(call, x * scale + shift, y, students)


def _small(call: Call, x: Tensor, y: Tensor, students: Tensor) -> Call:
    nothing = call.new_x[:0], call.new_y[:0]
    few = torch.arange(0)
    return Call(x, y, students, call.sealed_x, call.sealed_y, *nothing, few, x[:0], 2, call.seed, call.state)


def _away(x: Tensor, students: Tensor, rng: torch.Generator) -> Tensor:
    """Return the rows moved, those of each student in a direction of its own."""
    directions = nn.functional.normalize(torch.randn(STUDENTS + 1, x.shape[1], generator=rng))
    return x + AWAY * x.std(0) * directions[students]


def _units(rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return by which each column is multiplied, and what is added to it."""
    scale = 0.5 * 8 ** torch.rand(26, generator=rng)
    return scale, scale * (4 + 4 * torch.rand(26, generator=rng))


def _some_rows(students: Tensor, rng: torch.Generator) -> Tensor:
    """Return most rows, so that no usual cut of the rows sorted by student lies between two students."""
    while True:
        rows = torch.randperm(len(students), generator=rng)[: len(students) - LEFT_OUT].sort().values
        ends = set(torch.bincount(students[rows]).cumsum(0).tolist())
        cuts = {kind(share * len(rows)) for share in SHARES for kind in (math.floor, math.ceil)}
        if not ends & (cuts | {len(rows) - cut for cut in cuts}):
            return rows


def _first_rows(students: Tensor, number: int) -> Tensor:
    """Return the first rows of each student, in the order in which they lie."""
    same = students[:, None] == students[None, :]
    return (same.tril().sum(1) <= number).nonzero().flatten()
