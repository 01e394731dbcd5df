"""The calls of a student's capstone: each is made once, and all checks look at what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import torch
from checking import expect
from hidden.capstone_data import Call, again, away, first_call, renamed, with_a_pattern
from hidden.capstone_scenario import KEYS, SCENARIO
from torch import Tensor

from autograder.checks.framework import Student

INPUTS = ("x", "y", "students", "sealed_x", "new_x", "few", "away_x", "budget", "seed", "state")
# By a name: whether the sealed rows are larger, and the global random numbers others, than in the first call.
AGAIN = {"again": (True, True), "larger sealed rows": (True, False), "another state": (False, True)}


@dataclass(frozen=True)
class Opening:
    """Hold one look at the sealed rows: what was predicted, and how many steps were trained before."""

    labels: Tensor
    steps: int


@dataclass(frozen=True)
class Came:
    """Hold what came of one call: what it returned, in plain values, and how the sealed rows were opened."""

    call: Call
    result: Any
    openings: tuple[Opening, ...]


@dataclass(frozen=True)
class Asked:
    """Name one grading by the way in which it reaches the student's names."""

    backend: Any
    student: Student = field(compare=False)

    def __hash__(self) -> int:
        return id(self.backend)


class Calls:
    """Make the calls of one grading when a check first asks for them, and remember what came."""

    def __init__(self, rng: torch.Generator) -> None:
        first, *self._seeds = torch.randint(10**9, (3,), generator=rng).tolist()
        self._first = first_call(first)
        self._made: dict[str, Came | Exception] = {}

    def came(self, student: Student, which: str = "first") -> Came:
        """Return what came of a call. Raises the error that it ended in, also when it is asked for again."""
        if which not in self._made:
            try:
                self._made[which] = _made(student, self._call(student, which))
            except Exception as error:
                self._made[which] = error
        made = self._made[which]
        if isinstance(made, Exception):
            raise made
        return made

    def _call(self, student: Student, which: str) -> Call:
        if which == "first":
            return self._first
        if which in AGAIN:
            return again(self._first, *AGAIN[which])
        if which == "renamed":
            return renamed(self._first, self._seeds[0])
        if which == "away":
            return self._away(student)
        tests = self._tests(student)
        many = min(5, len(tests) - 1) if which == "many" else 2
        middle = torch.cat([tests[:many], self._others(tests)[:8]])
        return with_a_pattern(self._first, middle, tests, self._seeds[1], whole=which != "little")

    def _away(self, student: Student) -> Call:
        first = self.came(student)
        parts, said = rows_of(first), first.result.get("final", {}).get("away")
        good = parts is not None and torch.is_tensor(said)
        return away(self._first, parts[1], said) if parts is not None and good else self._first

    def _tests(self, student: Student) -> Tensor:
        """Return the students who validated in the first call, or some others if they were no such part."""
        people = self._first.students.unique()
        parts = rows_of(self.came(student))
        found = torch.zeros(0, dtype=torch.long)
        if parts is not None:
            train, validation = (self._first.students[part].unique() for part in parts)
            found = validation[~torch.isin(validation, train)]
        return found if 3 < len(found) < len(people) - 12 else people[:12]

    def _others(self, tests: Tensor) -> Tensor:
        people = self._first.students.unique()
        others: Tensor = people[~torch.isin(people, tests)]
        return others


def rows_of(came: Came) -> tuple[Tensor, Tensor] | None:
    """Return the numbers of the training and of the validation rows, or None if they are no such rows."""
    rows = came.result["rows"]
    parts = [rows.get(key) for key in ("train_rows", "validation_rows")]
    for part in parts:
        if not torch.is_tensor(part) or part.ndim != 1 or not len(part):
            return None
        if part.is_floating_point() or part.min() < 0 or part.max() >= len(came.call.y):
            return None
    return parts[0], parts[1]


def calls_of(student: Student) -> Calls:
    """Return the calls of this grading."""
    return _calls(Asked(student._backend, student))


@lru_cache(maxsize=2)
def _calls(asked: Asked) -> Calls:
    return Calls(asked.student.rng)


def _made(student: Student, call: Call) -> Came:
    openings: list[Opening] = []

    def judge(labels: Any, steps: Any) -> float:
        good = torch.is_tensor(labels) and labels.shape == call.sealed_y.shape and type(steps) is int
        openings.append(
            Opening(labels if good else torch.full(call.sealed_y.shape, -1.0), steps if good else 0)
        )
        return accuracy(openings[-1].labels, call.sealed_y)

    inputs = {f"_{name}": getattr(call, name) for name in INPUTS}
    result = student.run(SCENARIO, **inputs, _keys=list(KEYS), _judge=judge)
    good = type(result) is dict and bool(result.get("keys"))
    kind = "a dict" if type(result) is dict else str(result).partition(" ")[0]
    student.note(kind)  # the rest differs by chance between right solutions; each check tells its own
    hint = f"return one dictionary with the keys {', '.join(KEYS)}"
    expect(good, call=call.words, got=result, expected="a dictionary with the keys of the task", hint=hint)
    return Came(call, result, tuple(openings))


def accuracy(labels: Any, y: Tensor) -> float:
    """Return the share of labels that are right."""
    return float((labels == y).double().mean())


def symptom(student: Student, words: str) -> None:
    """Put a few words about a failed check into the trace: what tells one typical mistake from another."""
    student.capstone  # noqa: B018 - so that the trace has an entry of this check
    student.note(words)
