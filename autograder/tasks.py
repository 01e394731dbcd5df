"""One submission as one pure task: same submission, checks and seed, same result on any machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder.checks.diagnose import Trace, find_mistake, mistake_traces
from autograder.checks.framework import Backend, Check, judge_exercise, load_checks
from autograder.checks.known import course_names
from autograder.judge.submission import judge_isolated
from autograder.model import ExerciseResult, Limits, Mistake, Submission, SubmissionResult, Unreadable
from autograder.sandbox.launcher import Zygote
from autograder.spec import Assignment

Known = Mapping[str, tuple[tuple[Mistake, Trace], ...]]


@dataclass(frozen=True)
class Judge:
    """Hold what judging the exercises of a week takes: its checks and how each known mistake answers them."""

    checks: Mapping[str, tuple[Check, ...]]
    known: Known

    def __call__(self, exercise: str, backend: Backend, seed: int) -> ExerciseResult:
        """Return the marks of an exercise and, if some are missing, the known mistake that answers alike."""
        if exercise not in self.checks:
            return ExerciseResult(exercise, 0.0, 0.0)
        judged = judge_exercise(exercise, self.checks[exercise], backend, seed)
        if judged.result.score >= judged.result.marks:
            return judged.result
        mistake = find_mistake(judged.trace, self.known.get(exercise, ()))
        if mistake is None:
            return judged.result
        return replace(judged.result, mistake=mistake.name, sentence=mistake.sentence)


def make_judge(assignment: Assignment, seed: int) -> Judge:
    """Return the judge of a week: its checks, and the answers that its known mistakes give with this seed."""
    checks = load_checks(assignment.week)
    known = {
        exercise: mistake_traces(assignment.week, exercise, items, course_names(), seed)
        for exercise, items in checks.items()
    }
    return Judge(checks, known)


@dataclass(frozen=True)
class Grader:
    """Hold what every task of a run shares. Made once, before the workers are forked."""

    assignment: Assignment
    judge: Judge
    zygote: Zygote
    limits: Limits
    seed: int

    def grade(self, submission: Submission | Unreadable) -> SubmissionResult:
        """Return the result of one submission; never raises for what a student handed in."""
        if isinstance(submission, Unreadable):
            return unreadable_result(submission, self.assignment, self.seed)
        result = judge_isolated(submission, self.assignment, self.zygote, self.limits, self.judge, self.seed)
        broken = [
            f"{exercise.exercise}, «{item.name}»: {item.got}"
            for exercise in result.exercises
            for item in exercise.broken
        ]
        if broken:
            return replace(
                result, status="needs a human", reason="A check could not decide: " + "; ".join(broken)
            )
        return result


def unreadable_result(submission: Unreadable, assignment: Assignment, seed: int) -> SubmissionResult:
    """Return the result of a submission that could not be read: no marks yet, and a human is asked."""
    exercises = tuple(
        ExerciseResult(cell.exercise or cell.grade_id or "", 0.0, cell.marks, manual=cell.kind == "written")
        for cell in assignment.graded
    )
    return SubmissionResult(
        submission.student,
        submission.week,
        "needs a human",
        submission.reason,
        exercises,
        findings=submission.findings,
        seed=seed,
    )


def digest(submission: Submission | Unreadable, assignment: Assignment, limits: Limits) -> str:
    """Return a hash of all that a result depends on, but for the seed."""
    parts: tuple[Any, ...] = (
        submission,
        sorted(getattr(submission, "files", {}).items()),
        [(cell.grade_id, cell.kind, cell.source, cell.marks, cell.tags) for cell in assignment.cells],
        sorted(assignment.support.items()),
        limits,
        checks_digest(assignment.week),
        [version(name) for name in ("trainwell", "torch", "numpy")],
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def checks_digest(week: str) -> str:
    """Return a hash of the code that decides the marks of a week."""
    short, here = week.split("_", 1)[0], Path(__file__).parent
    shared = ("framework.py", "choice.py", "diagnose.py")
    files = sorted([*(here / "checks").rglob(f"{short}*.py"), *(here / "judge").glob("*.py")])
    files += [here / "checks" / name for name in shared]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files if path.is_file())).hexdigest()
