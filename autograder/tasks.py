"""One submission as one pure task: same submission, checks and seed, same result on any machine."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from autograder.checks.diagnose import Trace, find_mistake, mistake_traces
from autograder.checks.framework import Backend, Check, judge_exercise
from autograder.checks.known import course_names
from autograder.checks.relations import find_relation
from autograder.checks.week import load_checks
from autograder.judge.cells import CellJudge
from autograder.judge.submission import judge_isolated, warm_up
from autograder.judge.ways import Ways, plan_judging
from autograder.model import ExerciseResult, Limits, Mistake, Submission, SubmissionResult, Unreadable
from autograder.sandbox.doctor import Report, open_sandbox
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.process import SandboxError
from autograder.sandbox.staging import with_bytecode
from autograder.spec import Assignment

Known = Mapping[str, tuple[tuple[Mistake, Trace], ...]]


@dataclass(frozen=True)
class Judge:
    """Hold what judging a week takes: its checks and, by seed, how each known mistake answers them.

    `replies` say to those who chose the right option of a question why it is right.
    """

    checks: Mapping[str, tuple[Check, ...]]
    known: Mapping[int, Known]
    tests: CellJudge | None = None  # judges what has an instructor's own test cells instead of checks
    replies: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, exercise: str, backend: Backend, seed: int) -> ExerciseResult:
        """Return the marks of an exercise and, if some are missing, what explains all failed checks.

        That is the known mistake that answers alike, or else what relates all answers to the right ones.
        """
        if self.tests is not None and exercise in self.tests.beside:
            return self.tests(exercise, backend, seed)
        if exercise not in self.checks:
            return ExerciseResult(exercise, 0.0, 0.0)
        judged = judge_exercise(exercise, self.checks[exercise], backend, seed)
        if judged.result.is_right:
            return replace(judged.result, sentence=self.replies.get(exercise, ""))
        known = self.known.get(seed, {}).get(exercise, ())
        named = find_mistake(judged.trace, known) or find_relation(judged.tried)
        if named is None:
            return judged.result
        return replace(judged.result, mistake=named.name, sentence=named.sentence)


def make_judge(assignment: Assignment, seeds: Iterable[int]) -> Judge:
    """Return the judge of a week: its checks, and the answers of its known mistakes with each seed.

    Raises CourseError if the hidden checks of the week are not complete.
    """
    if not assignment.own:
        return Judge({}, {})
    week = load_checks(assignment)
    known = {
        seed: {
            exercise: mistake_traces(week.mistakes_of(exercise), checks, course_names(), seed)
            for exercise, checks in week.checks.items()
        }
        for seed in seeds
    }
    return Judge(week.checks, known, replies=week.replies)


@dataclass(frozen=True)
class Grader:
    """Hold what every task of a run shares. Each machine makes its own, once, from the same recipe."""

    assignment: Assignment
    judge: Judge
    zygote: Zygote
    limits: Limits
    seed: int
    seeds: Mapping[str, int] = field(default_factory=dict)
    ways: Ways | None = None  # of judging by an instructor's own test cells

    def grade(self, submission: Submission | Unreadable) -> SubmissionResult:
        """Return the result of one submission; never raises for what a student handed in."""
        seed = self.seeds.get(submission.student, self.seed)
        if isinstance(submission, Unreadable):
            return unreadable_result(submission, self.assignment, seed)
        result = replace(self._judged(submission, seed), notebook=self.assignment.notebook)
        broken = [
            f"{exercise.exercise}{'' if item.name == exercise.exercise else f', «{item.name}»'}: {item.got}"
            for exercise in result.exercises
            for item in exercise.broken
        ]
        if broken:
            return replace(
                result, status="needs a human", reason="A check could not decide: " + "; ".join(broken)
            )
        return result

    def _judged(self, submission: Submission, seed: int) -> SubmissionResult:
        def judged(tests: CellJudge | None) -> SubmissionResult:
            judge = replace(self.judge, tests=tests)
            return judge_isolated(submission, self.assignment, self.zygote, self.limits, judge, seed)

        return judged(None) if self.ways is None else self.ways.judge(judged)


@dataclass(frozen=True)
class Recipe:
    """Hold what it takes to make a grader, on this machine or another: plain data alone.

    `hidden` are folders that no submission may read. `seeds` are those of students whose unchanged work is
    judged again: the same inputs, so that a mark changes only where a check did.
    """

    assignment: Assignment
    limits: Limits
    seed: int
    no_sandbox: bool = False
    hidden: tuple[Path, ...] = ()
    seeds: Mapping[str, int] = field(default_factory=dict)


def warn(text: str) -> None:
    """Print a warning on standard error."""
    print(text, file=sys.stderr)


@contextlib.contextmanager
def open_grader(recipe: Recipe, warn: Callable[[str], None] = warn) -> Iterator[Grader]:
    """Make a grader, with a warm zygote that ends with the block; `warn` hears of a weaker sandbox.

    From here on PyTorch computes in one thread. Raises SandboxError, a kind of CourseError, if no sandbox
    isolates on this machine.
    """
    # A forked judge has none of the threads that PyTorch started before, and would wait for them for ever.
    torch.set_num_threads(1)
    assignment = replace(recipe.assignment, support=with_bytecode(recipe.assignment.support))
    with _opening(recipe) as opened:
        judge = make_judge(assignment, {recipe.seed, *recipe.seeds.values()})
        warm_up()
        zygote, report = opened()
        ways = plan_judging(assignment, zygote, recipe.limits, recipe.seed)
        for text in (report.warning, *(ways.problems if ways else ())):
            if text:
                warn(text)
        yield Grader(assignment, judge, zygote, recipe.limits, recipe.seed, recipe.seeds, ways)


@contextlib.contextmanager
def _opening(recipe: Recipe) -> Iterator[Callable[[], tuple[Zygote, Report]]]:
    """Open the sandbox, which takes seconds, while the block does something else; give what waits for it."""
    pool = ThreadPoolExecutor(1)
    opened = pool.submit(open_sandbox, recipe.no_sandbox, recipe.hidden)
    pool.shutdown(wait=False)
    try:
        yield opened.result
    finally:
        with contextlib.suppress(SandboxError):
            opened.result()[0].close()


def unreadable_result(submission: Unreadable, assignment: Assignment, seed: int) -> SubmissionResult:
    """Return the result of a submission that could not be read: no marks yet, and a human is asked."""
    exercises = tuple(cell.nothing_earned() for cell in assignment.graded)
    return SubmissionResult(
        submission.student,
        submission.week,
        "needs a human",
        submission.reason,
        exercises,
        findings=submission.findings,
        seed=seed,
        notebook=assignment.notebook,
    )
