"""Grade a class: what is unchanged is skipped, the rest goes to an engine of workers, one writer records."""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.engines import choose_engine
from autograder.intake import read_submission
from autograder.log import EventLog
from autograder.model import Limits, Submission, SubmissionResult, Unreadable
from autograder.nbgrader_options import (
    decide_without_running,
    matching,
    read_settings,
    refuse_strangers,
    write_files,
)
from autograder.record.database import told_plainly
from autograder.record.results import SavedResult, load_result
from autograder.record.writer import Rehearsal, Writer
from autograder.spec import Assignment, load_assignment
from autograder.tasks import Recipe, digest, submission_digest


def core_count() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Options:
    """Hold what the instructor may choose for a run. `cluster` is the address of a Dask scheduler."""

    students: tuple[str, ...] = ()
    workers: int = field(default_factory=core_count)
    force: bool = False
    seed: int | None = None
    limits: Limits = field(default_factory=Limits)
    no_sandbox: bool = False
    cluster: str | None = None
    dry_run: bool = False
    notebooks: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class Waiting:
    """Hold a submission that is to be graded, the hash of all that matters for it, and its stored result."""

    submission: Submission | Unreadable
    digest: str
    saved: SavedResult | None

    @property
    def handed_in(self) -> str:
        """Return the hash of what was handed in."""
        return submission_digest(self.submission)

    @property
    def seed(self) -> int | None:
        """Return the seed of the stored result if it is of the same submission."""
        same = self.saved is not None and self.saved.submission == self.handed_in
        return self.saved.result.seed if same and self.saved is not None else None


def grade_class(course: Course, week: str, options: Options) -> Generator[Graded, None, None]:
    """Grade the submissions of a week and yield each as soon as it is recorded.

    A dry run yields the same and writes nothing.
    Raises CourseError if there is nothing to grade, a named student handed in nothing, no sandbox isolates on
    this machine, or the disk or the database refuses: then all that was yielded is recorded.
    """
    with told_plainly(course.gradebook_url):
        for notebook in chosen_notebooks(course, week, options.notebooks):
            yield from _grade_notebook(course, load_assignment(course, week, notebook), options)


def _grade_notebook(
    course: Course, assignment: Assignment, options: Options
) -> Generator[Graded, None, None]:
    """Grade the submissions of one notebook, as grade_class says."""
    week, name, settings = assignment.week, assignment.name, read_settings(course)
    students = chosen_students(course, week, options.students)
    if not settings.create_student and not options.dry_run:
        refuse_strangers(course, students)
    log = EventLog(Path(os.devnull) if options.dry_run else course.root / "logs" / f"grade-{week}.jsonl")
    with (Rehearsal if options.dry_run else Writer)(course, assignment) as writer:
        log.write("start", week=week, students=len(students), workers=options.workers, force=options.force)
        waiting: dict[str, Waiting] = {}
        for student in students:
            submission = _read(course, student, assignment)
            key = digest(submission, assignment, options.limits)
            saved = load_result(course.results(week, student, name))
            if saved is not None and saved.digest == key and not options.force:
                writer.restore(saved.result)
                yield Graded(saved.result, fresh=False)
            else:
                waiting[student] = Waiting(submission, key, saved)
        for result in _run(course, assignment, waiting, options):
            item = waiting[result.student]
            # What was not run is no result to keep: the next time it is.
            writer.write(SavedResult(item.digest if settings.execute else "", result, item.handed_in))
            if not assignment.own and not options.dry_run:
                write_files(course, item.submission, assignment, settings)
            log.write("graded", **_log_entry(result))
            yield Graded(result, fresh=True, before=item.saved.result if item.saved else None)
    log.write("end", week=week, graded=len(waiting), unchanged=len(students) - len(waiting))


def _read(course: Course, student: str, assignment: Assignment) -> Submission | Unreadable:
    """Return what a student handed in for a notebook."""
    folder = course.submitted(assignment.week, student)
    return replace(read_submission(folder, student, assignment.name, assignment), week=assignment.week)


def _log_entry(result: SubmissionResult) -> dict[str, object]:
    """Return what the log tells about a submission."""
    names = ("student", "status", "score", "marks", "seconds", "reason")
    return {name: getattr(result, name) for name in names} | {"findings": [f.text for f in result.findings]}


def chosen_notebooks(course: Course, week: str, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the notebooks to grade. Raises CourseError if there are none or a wanted one is missing."""
    present = course.notebooks(week)
    patterns = wanted or [read_settings(course).notebook]
    missing = sorted(pattern for pattern in patterns if not matching(present, [pattern]))
    if missing or not present:
        folder = course.source(week).parent
        raise CourseError(
            f"There is no notebook {' or '.join(missing) or '*'}.ipynb in {folder}: see ls {folder}"
        )
    return matching(present, patterns)


def chosen_students(course: Course, week: str, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the students to grade. Raises CourseError if there are none or a wanted one is missing."""
    settings = read_settings(course)
    present = [name for name in course.students(week) if name not in settings.excluded]
    if not present:
        raise CourseError(f"Nobody has handed in {week}: put submissions into submitted/<student>/{week}/.")
    missing = sorted(pattern for pattern in wanted if not matching(present, [pattern]))
    if missing:
        raise CourseError(
            f"{', '.join(missing)} handed in nothing for {week}. "
            f"To see who did: ls {course.root / 'submitted'}"
        )
    return matching(present, wanted or [settings.student])


def _run(
    course: Course, assignment: Assignment, waiting: Mapping[str, Waiting], options: Options
) -> Iterator[SubmissionResult]:
    """Yield the results of the submissions as they are finished, in any order.

    Unchanged work meets the inputs of the time before, so that a mark changes only where a check did.
    """
    if not waiting:
        return
    if options.seed is None:
        seed = secrets.randbits(31)
        seeds = {student: item.seed for student, item in waiting.items() if item.seed is not None}
    else:
        seed, seeds = options.seed, {}
    settings, rest = read_settings(course), []
    for item in waiting.values():
        decided = decide_without_running(course, assignment, item.submission, settings, seed)
        if decided is None:
            rest.append(item.submission)
        else:
            yield decided
    limits = replace(options.limits, cell_seconds=settings.seconds or options.limits.cell_seconds)
    recipe = Recipe(assignment, limits, seed, options.no_sandbox, (course.root,), seeds)
    if rest:
        yield from choose_engine(options.workers, options.cluster)(recipe, rest)
