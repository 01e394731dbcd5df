"""Find out which way each test cell can be judged, and join what both ways say of a submission.

Beside the student's code a test says what nbgrader would say, and can be tampered with. Apart from it nothing
can be forged, but what lives in another process is not in all respects what it would be in the same one. So a
test that can be judged apart must pass on both ways, each in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.judge.cells import APART, BESIDE, CellJudge, Trial
from autograder.judge.submission import judge_isolated
from autograder.model import ExerciseResult, Limits, Submission, SubmissionResult, SubmittedCell
from autograder.spec import Assignment

BOTH = "a test has to pass there, too"
FAULT = "the instructor's own solution does not earn its marks"


@dataclass(frozen=True)
class Ways:
    """Hold how the test cells of an assignment are judged.

    `apart` judges those that can be apart from the student's code, and the others beside it. `alone` are
    those that pass only apart, even with the instructor's solution: there the other way says nothing.
    """

    apart: CellJudge
    alone: frozenset[str] = field(default_factory=frozenset)

    @property
    def problems(self) -> list[str]:
        """Return what an instructor should mend: tests that the own solution does not pass."""
        found = [f"{name}: {reason}" for name, reason in self.apart.beside.items() if FAULT in reason]
        return [f"WARNING: {text}. Until then nobody can earn its marks." for text in found]

    @property
    def beside(self) -> CellJudge:
        """Return the judge that runs all test cells beside the student's code."""
        return all_beside(self.apart)

    def judge(self, judged: Callable[[CellJudge], SubmissionResult]) -> SubmissionResult:
        """Return the marks that a submission earns on both ways; `judged` is its result on one."""
        plain = judged(self.beside)
        if plain.status != "graded" or not any(self._needs_apart(item) for item in plain.exercises):
            return plain
        confirmed = judged(self.apart)
        if confirmed.status != "graded":
            return confirmed
        found = {item.exercise: item for item in confirmed.exercises}
        exercises = tuple(self._joined(item, found[item.exercise]) for item in plain.exercises)
        return replace(plain, exercises=exercises, seconds=plain.seconds + confirmed.seconds)

    def _is_apart(self, exercise: str) -> bool:
        return not self.apart.beside.get(exercise, BOTH)

    def _needs_apart(self, plain: ExerciseResult) -> bool:
        """Return whether the marks of an exercise could be more than none."""
        return self._is_apart(plain.exercise) and (plain.score > 0 or plain.exercise in self.alone)

    def _joined(self, plain: ExerciseResult, apart: ExerciseResult) -> ExerciseResult:
        if not self._is_apart(plain.exercise):
            return plain
        if plain.exercise in self.alone or plain.score == apart.score:
            return apart
        return plain if plain.score < apart.score else _in_doubt(plain, apart)


def _in_doubt(plain: ExerciseResult, apart: ExerciseResult) -> ExerciseResult:
    """Return the lower marks, for a person to look at: something was tampered with, or cannot be sent."""
    (check,) = apart.checks
    got = (
        f"the test gives {plain.score:g} of {plain.marks:g} marks beside the student's code, "
        f"as nbgrader runs it, but {apart.score:g} apart from it ({check.got})"
    )
    return replace(apart, checks=(replace(check, passed=None, got=got),))


def all_beside(judge: CellJudge) -> CellJudge:
    """Return a judge that runs every test cell beside the student's code."""
    return replace(judge, beside={exercise: reason or BOTH for exercise, reason in judge.beside.items()})


def plan_judging(assignment: Assignment, zygote: Any, limits: Limits, seed: int) -> Ways | None:
    """Return how to judge an assignment by its own test cells, None if it has none.

    Which way a cell is judged follows from the instructor's notebook alone, so no student can choose it.
    """
    tests = [cell for cell in assignment.cells if cell.kind == "check" and cell.is_test]
    if not tests:
        return None
    judge = CellJudge(assignment, limits)
    cells = tuple(SubmittedCell(cell.grade_id, cell.cell_type, cell.source) for cell in assignment.cells)
    solution = Submission("instructor", assignment.week, cells, assignment.editable)

    def found(way: Any) -> dict[str, ExerciseResult]:
        result = judge_isolated(solution, assignment, zygote, limits, way, seed)
        return {item.exercise: item for item in result.exercises}

    tried = found(Trial(judge))
    names = [cell.exercise or "" for cell in tests]
    apart = replace(judge, beside={name: _reason(tried.get(name)) for name in names})
    if all(apart.beside.values()):
        return Ways(apart)
    plain = found(all_beside(apart))
    passes = {name for name in names if name in plain and plain[name].score >= plain[name].marks}
    return Ways(apart, frozenset(name for name in names if not apart.beside[name] and name not in passes))


def _reason(result: ExerciseResult | None) -> str:
    """Return why a test cell is to be run beside the student's code, or ""."""
    if result is None or result.way == APART:
        return ""
    reason = result.way.removeprefix(BESIDE).strip()
    if result.score >= result.marks:
        return reason
    got = result.checks[0].got if result.checks else "it was not reached"
    return f"{FAULT} ({got}); mend the test"
