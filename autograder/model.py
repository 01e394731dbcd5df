"""Records that the stages of the grader hand to each other. All are immutable plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Pictures = Mapping[str, str]  # by the name that a text has for it, as an address that holds all of it
FindingKind = Literal["repaired", "suspicious", "note"]


@dataclass(frozen=True)
class Finding:
    """Say in plain words what intake or the run met in a submission, and what was done about it."""

    kind: FindingKind
    text: str


@dataclass(frozen=True)
class SubmittedCell:
    """Hold the only thing a submission contributes: the text of one cell, and which released cell it is.

    `demo` marks one of the assignment's demonstrations, which grading does not run. `pictures` are attached.
    """

    grade_id: str | None
    cell_type: Literal["code", "markdown", "raw"]
    source: str
    demo: bool = False
    pictures: Pictures = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """Describe a submission that intake could read. `cells` are in the order in which they are run.

    `loss` says what could not be read of it (one sentence): then it is graded, and needs a human.
    """

    student: str
    week: str
    cells: tuple[SubmittedCell, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    loss: str = ""


@dataclass(frozen=True)
class Unreadable:
    """Describe a submission that needs a human, because `reason` (one sentence)."""

    student: str
    week: str
    reason: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """Hold the outcome of one hidden check. `passed` is None when the check itself is broken."""

    name: str
    marks: float
    passed: bool | None
    call: str = ""
    got: str = ""
    expected: str = ""
    hint: str = ""


@dataclass(frozen=True)
class ExerciseResult:
    """Hold the marks of one graded exercise, its checks, and the known mistake it matches (if any).

    `way` says of an exercise with an instructor's own test cell where that cell was run.
    """

    exercise: str
    score: float
    marks: float
    checks: tuple[CheckResult, ...] = ()
    mistake: str | None = None
    sentence: str = ""
    manual: bool = False
    way: str = ""

    @property
    def is_right(self) -> bool:
        """Return whether nothing is missing: no mark and, where there is none to earn, no check."""
        return self.score >= self.marks and (self.marks > 0 or all(check.passed for check in self.checks))

    @property
    def broken(self) -> tuple[CheckResult, ...]:
        """Return the checks that could not decide."""
        return tuple(check for check in self.checks if check.passed is None)


@dataclass(frozen=True)
class ExecutedCell:
    """Hold one cell as it goes into the autograded notebook. `outputs` are clean nbformat outputs."""

    grade_id: str | None
    cell_type: Literal["code", "markdown", "raw"]
    source: str
    outputs: tuple[Mapping[str, Any], ...] = ()
    execution_count: int | None = None
    pictures: Pictures = field(default_factory=dict)


Status = Literal["graded", "needs a human"]


@dataclass(frozen=True)
class SubmissionResult:
    """Hold all that grading one submission gave: a pure function of its files, the checks and the seed.

    `notebook` names the notebook if the week has several, or one that is not called like the week.
    """

    student: str
    week: str
    status: Status
    reason: str = ""
    exercises: tuple[ExerciseResult, ...] = ()
    cells: tuple[ExecutedCell, ...] = ()
    findings: tuple[Finding, ...] = ()
    seed: int = 0
    seconds: float = 0.0
    isolation: str = ""
    notebook: str = ""

    @property
    def score(self) -> float:
        """Return the sum of the marks that the checks gave."""
        return sum(exercise.score for exercise in self.exercises)

    @property
    def marks(self) -> float:
        """Return the marks that could be had."""
        return sum(exercise.marks for exercise in self.exercises)


@dataclass(frozen=True)
class Mistake:
    """Describe a typical wrong implementation of an exercise and what a tutor would say about it."""

    exercise: str
    name: str
    sentence: str
    source: str


@dataclass(frozen=True)
class Variant:
    """Hold a right implementation of an exercise that is written differently from the reference."""

    exercise: str
    name: str
    source: str


@dataclass(frozen=True)
class Limits:
    """Bound what one submission may use. Sizes in bytes, times in seconds."""

    cell_seconds: float = 30.0
    call_seconds: float = 30.0
    total_seconds: float = 240.0
    memory: int = 2 << 30
    disk: int = 128 << 20
    inodes: int = 4000
    shared_memory: int = 64 << 20
    file_size: int = 64 << 20
    processes: int = 64
    cpu_seconds: int = 240
    output: int = 200_000
