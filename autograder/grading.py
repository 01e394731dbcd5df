"""Grade a class: what is unchanged is skipped, the rest goes to a pool of workers, one writer records."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

import torch

from autograder.course import Course, CourseError
from autograder.intake import read_submission
from autograder.judge.submission import warm_up
from autograder.log import EventLog
from autograder.model import Limits, Submission, SubmissionResult, Unreadable
from autograder.record.results import SavedResult, load_result
from autograder.record.writer import Writer
from autograder.sandbox.doctor import open_sandbox
from autograder.spec import Assignment, load_assignment
from autograder.tasks import Grader, digest, make_judge


def core_count() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Options:
    """Hold what the instructor may choose for a run."""

    students: tuple[str, ...] = ()
    workers: int = field(default_factory=core_count)
    force: bool = False
    seed: int | None = None
    limits: Limits = field(default_factory=Limits)
    no_sandbox: bool = False


@dataclass(frozen=True)
class Graded:
    """Hold one finished submission. `fresh` is False for one that was unchanged and therefore skipped."""

    result: SubmissionResult
    fresh: bool


def grade_class(course: Course, week: str, options: Options) -> Iterator[Graded]:
    """Grade the submissions of a week and yield each as soon as it is recorded.

    Raises CourseError if there is nothing to grade or a named student handed in nothing, and its kind
    SandboxError if no sandbox isolates on this machine.
    """
    assignment = load_assignment(course, week)
    students = chosen_students(course, week, options.students)
    log = EventLog(course.root / "logs" / f"grade-{week}.jsonl")
    log.write("start", week=week, students=len(students), workers=options.workers, force=options.force)
    with Writer(course, assignment) as writer:
        waiting: dict[str, tuple[Submission | Unreadable, str]] = {}
        for student in students:
            submission = read_submission(course.submitted(week, student), student, week, assignment)
            key = digest(submission, assignment, options.limits)
            saved = None if options.force else load_result(course.autograded(week, student))
            if saved is not None and saved.digest == key:
                writer.restore(saved.result)
                yield Graded(saved.result, fresh=False)
            else:
                waiting[student] = (submission, key)
        for result in _run(course, assignment, [submission for submission, _ in waiting.values()], options):
            writer.write(SavedResult(waiting[result.student][1], result))
            log.write(
                "graded",
                student=result.student,
                status=result.status,
                score=result.score,
                marks=result.marks,
                seconds=result.seconds,
                reason=result.reason,
                findings=[f.text for f in result.findings],
            )
            yield Graded(result, fresh=True)
    log.write("end", week=week, graded=len(waiting), unchanged=len(students) - len(waiting))


def chosen_students(course: Course, week: str, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the students to grade. Raises CourseError if there are none or a wanted one is missing."""
    present = course.students(week)
    if not present:
        raise CourseError(f"Nobody has handed in {week}: put submissions into submitted/<student>/{week}/.")
    missing = sorted(set(wanted) - set(present))
    if missing:
        raise CourseError(
            f"{', '.join(missing)} handed in nothing for {week}. "
            f"To see who did: ls {course.root / 'submitted'}"
        )
    return tuple(wanted) or present


def _run(
    course: Course, assignment: Assignment, submissions: Sequence[Submission | Unreadable], options: Options
) -> Iterator[SubmissionResult]:
    """Yield the results of the submissions as they are finished, in any order."""
    if not submissions:
        return
    seed = secrets.randbits(31) if options.seed is None else options.seed
    judge = make_judge(assignment, seed)
    warm_up()
    zygote, report = open_sandbox(options.no_sandbox, hidden=[course.root])
    if report.warning:
        print(report.warning, file=sys.stderr)
    with zygote:
        grader = Grader(assignment, judge, zygote, options.limits, seed)
        workers = max(1, min(options.workers, len(submissions)))
        yield from _pool(grader, submissions, workers) if workers > 1 else map(grader.grade, submissions)


def _pool(
    grader: Grader, submissions: Iterable[Submission | Unreadable], workers: int
) -> Iterator[SubmissionResult]:
    """Grade in forked workers, which share the imported libraries and the zygote of this process."""
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_become_worker, initargs=(grader,))
    with pool:
        futures = [pool.submit(_grade_in_worker, submission) for submission in submissions]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool:
            raise CourseError(
                "A worker was killed from outside (out of memory?). What was graded is kept; "
                "run the same command again, with --workers 1 if memory is short."
            ) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _become_worker(grader: Grader) -> None:
    # The process object is the one place of its own where a worker can keep something between calls.
    multiprocessing.current_process().grader = grader  # type: ignore[attr-defined]
    torch.set_num_threads(1)  # the workers share the processors


def _grade_in_worker(submission: Submission | Unreadable) -> SubmissionResult:
    grader: Grader = multiprocessing.current_process().grader  # type: ignore[attr-defined]
    return grader.grade(submission)
