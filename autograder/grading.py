"""Grade a class: what is unchanged is skipped, the rest goes to an engine of workers, one writer records."""

from __future__ import annotations

import os
import secrets
import traceback
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import Course, CourseError
from autograder.digests import digest, shared_digest, submission_digest
from autograder.graded import Graded
from autograder.intake.files import shown
from autograder.intake.submission import read_submission
from autograder.log import EventLog, grading_log
from autograder.model import Submission, SubmissionResult, Unreadable
from autograder.nbgrader_options import (
    Settings,
    decide_without_running,
    matching,
    read_settings,
    refuse_strangers,
    share_with_group,
    write_files,
)
from autograder.options import Options
from autograder.record.database import meets_everybody, told_plainly
from autograder.record.results import SavedResult, load_result
from autograder.record.writer import Rehearsal, Writer
from autograder.spec import Assignment, load_assignment
from autograder.unchanged import bytes_read, is_comparable

if TYPE_CHECKING:
    from autograder.tasks import Recipe


@dataclass(frozen=True)
class Waiting:
    """Hold a submission on its way, the result it may replace, and hashes.

    `handed_in` is that of the submission alone, `digest` that of all that matters for its result.
    """

    submission: Submission | Unreadable
    handed_in: str
    digest: str
    saved: SavedResult | None

    @property
    def is_graded(self) -> bool:
        """Return whether the stored result is what grading it again would give."""
        return self.saved is not None and self.saved.digest == self.digest

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
        if not options.students:
            yield from (Graded(_nameless(name, week), fresh=True) for name in course.unusable_names(week))


def count_submissions(course: Course, week: str, options: Options) -> int:
    """Return how many submissions grade_class yields. Raises CourseError if there is nothing to grade."""
    notebooks = len(chosen_notebooks(course, week, options.notebooks))
    students = len(chosen_students(course, week, options.students))
    return notebooks * students + (0 if options.students else len(course.unusable_names(week)))


def _nameless(name: str, week: str) -> SubmissionResult:
    """Return what is said of a submission whose folder's name no gradebook could hold. It is not recorded."""
    reason = (
        "The name of its folder is too long, or holds characters that are no text: rename it and grade again."
    )
    return SubmissionResult(shown(name), week, "needs a human", reason)


def _grade_notebook(
    course: Course, assignment: Assignment, options: Options
) -> Generator[Graded, None, None]:
    """Grade the submissions of one notebook, as grade_class says."""
    week, settings = assignment.week, read_settings(course)
    students = chosen_students(course, week, options.students)
    if not settings.create_student and not options.dry_run:
        refuse_strangers(course, students)
    log = EventLog(Path(os.devnull) if options.dry_run else grading_log(course, week))
    with (Rehearsal if options.dry_run else Writer)(course, assignment) as writer:
        log.write("start", week=week, students=len(students), workers=options.workers, force=options.force)
        seed = secrets.randbits(31) if options.seed is None else options.seed
        run = Run(course, assignment, options, settings, writer, log, seed)
        comparable = is_comparable(course, week, options)
        read = bytes_read(course, week, students, options.limits) if comparable else ""
        unchanged, seeds = 0, dict[str, int | None]()  # the seeds of those whose work is to be run
        for student in students:
            item = run.read(student)
            if item.saved is not None and item.is_graded and not options.force:
                unchanged += 1
                yield run.leave(item, item.saved.result)
            elif decided := run.decide(item):
                yield run.keep(decided, item)
            else:
                seeds[student] = item.seed
        if seeds:
            yield from run.grade(seeds)
        writer.finish(students, read)
    log.write("end", week=week, graded=len(students) - unchanged, unchanged=unchanged)


@dataclass(frozen=True)
class Run:
    """Hold what grading one notebook of a class takes. No submission stays longer than it is needed."""

    course: Course
    assignment: Assignment
    options: Options
    settings: Settings
    writer: Writer | Rehearsal
    log: EventLog
    seed: int

    @cached_property
    def shared(self) -> str:
        """Return the hash of what all results depend on."""
        return shared_digest(self.assignment, self.options.limits)

    def read(self, student: str) -> Waiting:
        """Return what a student handed in, and what is stored of it."""
        week, name = self.assignment.week, self.assignment.name
        submission = handed_in_by(self.course, self.assignment, student)
        shared = self.shared
        try:
            handed_in = submission_digest(submission)
            saved = load_result(self.course.results(week, student, name))
        except Exception as error:
            failed = Unreadable(student, week, self._failure("Reading", student, error))
            return Waiting(failed, "", "", None)
        return Waiting(submission, handed_in, digest(handed_in, shared), saved)

    def decide(self, item: Waiting) -> SubmissionResult | None:
        """Return the result of a submission that is not to be run, or None."""
        course, assignment, submission = self.course, self.assignment, item.submission
        try:
            return decide_without_running(course, assignment, submission, self.settings, self.seed)
        except Exception as error:
            return self._given_up(submission.student, self._failure("Reading", submission.student, error))

    def leave(self, item: Waiting, result: SubmissionResult) -> Graded:
        """Leave an unchanged result as it is, but see that it is recorded."""
        try:
            if self.writer.restore(result):
                self._copy_files(item)
                self._share(item)
        except Exception as error:
            return self._give_up(item, result, error)
        return Graded(result, fresh=False)

    def grade(self, seeds: Mapping[str, int | None]) -> Iterator[Graded]:
        """Run the work of these students and yield each as soon as it is recorded, in any order.

        `seeds` are those of unchanged work, which meets the inputs of the time before: a mark changes only
        where a check did.
        """
        from autograder.engines import choose_engine  # imports PyTorch

        on_their_way: dict[str, Waiting] = {}

        def submissions() -> Iterator[Submission | Unreadable]:
            for student in seeds:
                on_their_way[student] = self.read(student)
                yield on_their_way[student].submission

        engine = choose_engine(min(self.options.workers, len(seeds)), self.options.cluster)
        for result in engine(self._recipe(seeds), submissions()):
            yield self.keep(result, on_their_way.pop(result.student))

    def _recipe(self, seeds: Mapping[str, int | None]) -> Recipe:
        from autograder.tasks import Recipe  # imports PyTorch

        fixed = self.options.seed is not None
        old = {student: seed for student, seed in seeds.items() if seed is not None and not fixed}
        limits = self.settings.bound(self.options.limits, self.assignment)
        return Recipe(self.assignment, limits, self.seed, self.options.no_sandbox, (self.course.root,), old)

    def keep(self, result: SubmissionResult, item: Waiting) -> Graded:
        """Record a fresh result. If that fails it needs a human, and the next run tries again."""
        # What was not run is no result to keep: the next time it is.
        key = item.digest if self.settings.execute else ""
        try:
            self.writer.write(SavedResult(key, result, item.handed_in), lambda: self._copy_files(item))
            self._share(item)
        except Exception as error:
            return self._give_up(item, result, error)
        return self._done(result, item)

    def _done(self, result: SubmissionResult, item: Waiting) -> Graded:
        self.log.write(
            "graded", **_log_entry(result), notebook=self.assignment.name, handed_in=item.handed_in
        )
        return Graded(result, fresh=True, before=item.saved.result if item.saved else None)

    def _give_up(self, item: Waiting, result: SubmissionResult, error: Exception) -> Graded:
        """Record that a result could not be recorded, or forget what is stored of it if that fails, too.

        Either way the next run finds no result that it could take for whole.
        """
        reason = self._failure("Recording", result.student, error)
        given_up = self._given_up(result.student, reason, result.seed)
        try:
            self.writer.write(SavedResult("", given_up, item.handed_in))
        except Exception as again:
            self._failure("Recording", result.student, again)
            self.writer.forget(given_up)
        return self._done(given_up, item)

    def _given_up(self, student: str, reason: str, seed: int = 0) -> SubmissionResult:
        week, notebook = self.assignment.week, self.assignment.notebook
        return SubmissionResult(student, week, "needs a human", reason, seed=seed, notebook=notebook)

    def _failure(self, step: str, student: str, error: Exception) -> str:
        """Return what a human is told of an error about one student; one that would meet all is raised."""
        if meets_everybody(error):
            raise error
        self.log.write("failed", student=student, trace="".join(traceback.format_exception(error)))
        what = shown(f"{type(error).__name__}: {error}".replace(f"{self.course.root}/", ""))
        return f"{step} it failed in an unforeseen way ({what}): mend that and grade again, or mark by hand."

    def _copy_files(self, item: Waiting) -> None:
        if not self.assignment.own and not self.options.dry_run:
            write_files(self.course, item.submission, self.assignment, self.settings)

    def _share(self, item: Waiting) -> None:
        if self.settings.groupshared and not self.options.dry_run:
            share_with_group(self.course, self.assignment, item.submission.student)


def handed_in_by(course: Course, assignment: Assignment, student: str) -> Submission | Unreadable:
    """Return what a student handed in for a notebook, or why it cannot be read. Never raises."""
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
