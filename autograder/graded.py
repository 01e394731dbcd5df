"""What a run says of each submission: its result, and which marks are not what they were."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.model import SubmissionResult


@dataclass(frozen=True)
class Graded:
    """Hold one finished submission. `fresh` is False for one that was unchanged and therefore skipped.

    `before` is the result that a fresh one replaces, if there was one.
    """

    result: SubmissionResult
    fresh: bool
    before: SubmissionResult | None = None


@dataclass(frozen=True)
class MarkChange:
    """Hold a mark that a regrade changed; None where there was or is no such exercise."""

    exercise: str
    before: float | None
    after: float | None

    @property
    def was(self) -> str:
        """Return the old mark in words."""
        return "none" if self.before is None else f"{self.before:g}"

    @property
    def now(self) -> str:
        """Return the new mark in words."""
        return "none" if self.after is None else f"{self.after:g}"


def mark_changes(item: Graded) -> tuple[MarkChange, ...]:
    """Return the marks in which a fresh result differs from the one that it replaces, by exercise."""
    if item.before is None:
        return ()
    before = {e.exercise: e.score for e in item.before.exercises}
    after = {e.exercise: e.score for e in item.result.exercises}
    names = dict.fromkeys((*before, *after))
    changes = (MarkChange(name, before.get(name), after.get(name)) for name in names)
    return tuple(change for change in changes if change.before != change.after)
