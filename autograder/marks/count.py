"""The one count of what somebody has: every table, page and file tells these numbers in these words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Status = Literal["graded", "zero", "missing", "error", "waiting", "not graded"]

WORDS: Mapping[Status, str] = {
    "graded": "graded",
    "zero": "handed in, and earned nothing",
    "missing": "handed in nothing",
    "error": "could not be graded: a person has to look",
    "waiting": "answers wait for a mark by hand",
    "not graded": "handed in, not graded yet",
}


@dataclass(frozen=True)
class Marks:
    """Hold the marks of a notebook or of several together, as the gradebook has them.

    `earned` is what checks and people gave so far, `taken` what lateness costs. `waiting` are the marks of
    `answers` answers that a person has yet to look at. `by_hand` answers have a mark from a person.
    """

    earned: float = 0.0
    maximum: float = 0.0
    waiting: float = 0.0
    answers: int = 0
    taken: float = 0.0
    by_hand: int = 0

    @property
    def final(self) -> bool:
        """Return whether no answer waits for a person."""
        return self.answers == 0

    @property
    def score(self) -> float:
        """Return the marks so far, after lateness."""
        return max(self.earned - self.taken, 0.0)

    @property
    def fraction(self) -> str:
        """Return the marks so far and the maximum: `9 / 14`."""
        return f"{number(self.score)} / {number(self.maximum)}"

    @property
    def shown(self) -> str:
        """Return the marks so far and the maximum, and whether they are final: `9 / 14 so far`."""
        return self.fraction if self.final else f"{self.fraction} so far"

    @property
    def told(self) -> str:
        """Return the marks in words: `9 of 14 marks so far; 4 of 14 marks wait for a person`."""
        maximum = number(self.maximum)
        marks = f"{number(self.score)} of {maximum} mark{'' if self.maximum == 1 else 's'}"
        return marks if self.final else f"{marks} so far; {self.told_waiting}"

    @property
    def told_waiting(self) -> str:
        """Return how many marks wait: `4 of 14 marks wait for a person`; nothing if none does."""
        if self.final:
            return ""
        wait = "waits" if self.waiting == 1 else "wait"
        return f"{number(self.waiting)} of {number(self.maximum)} marks {wait} for a person"

    def of(self, maximum: float) -> Marks:
        """Return these marks with another maximum."""
        return replace(self, maximum=maximum)

    def __add__(self, other: Marks) -> Marks:
        """Return the marks of both together."""
        return Marks(
            self.earned + other.earned,
            self.maximum + other.maximum,
            self.waiting + other.waiting,
            self.answers + other.answers,
            self.taken + other.taken,
            self.by_hand + other.by_hand,
        )


@dataclass(frozen=True)
class Standing:
    """Hold how a student stands in a week.

    `marks` are those of all notebooks together, `notebooks` those of each; None before anything was graded.
    """

    student: str
    status: Status
    hours_late: float = 0.0
    reason: str = ""
    marks: Marks | None = None
    notebooks: Mapping[str, Marks] = field(default_factory=dict)

    @property
    def score(self) -> float | None:
        """Return the mark to hand on, after lateness, None if there is none yet."""
        return self.marks.score if self.marks is not None and self.status in ("graded", "zero") else None

    @property
    def so_far(self) -> float | None:
        """Return what was earned before lateness, None if nobody could tell."""
        return self.marks.earned if self.marks is not None and self.status != "error" else None

    @property
    def penalty(self) -> float:
        """Return the marks that lateness costs."""
        return self.marks.taken if self.marks is not None else 0.0


def number(value: float) -> str:
    """Return a mark with at most two decimals."""
    return f"{round(value, 2) + 0.0:.10g}"
