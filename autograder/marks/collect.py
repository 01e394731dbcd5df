"""Collect what students handed in elsewhere: look at all of it first, then put it where it is graded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.files import held
from autograder.intake.files import Refused
from autograder.marks.collect_names import name_students
from autograder.marks.collect_placing import load_attempts, place_attempts, write_all
from autograder.marks.collect_plan import Plan, Progress, Work, make_plan
from autograder.marks.collect_sources import opened
from autograder.record.database import told_plainly


@contextmanager
def planned(
    course: Course, week: str, path: Path, roster: Path | None, progress: Progress = lambda _done, _of: None
) -> Iterator[Plan]:
    """Give what collecting a download would do, while the download is open. Nothing is written."""
    with opened(path) as download:
        yield make_plan(course, week, download, roster, progress)


def carry_out(course: Course, week: str, plan: Plan, progress: Progress = lambda _done, _of: None) -> Plan:
    """Put everything where it belongs, and return the plan as it was carried out.

    Raises CourseError if another program is collecting, or the disk or the gradebook refuses. What is done by
    then is complete, and the same command goes on.
    """
    done = dict(plan.work)
    with told_plainly(course.gradebook_url), held(course.root / "collected" / f".{week}.lock", 2) as mine:
        if not mine:
            raise CourseError(
                f"Another program collects {week} at this moment. Wait until it is done, and try again."
            )
        if load_attempts(course, week) != plan.recorded:
            raise CourseError(f"Another program has collected {week} meanwhile. Run the same command again.")
        for number, (student, work) in enumerate(sorted(plan.work.items())):
            progress(number, len(plan.work))
            done[student] = _carried_out(course, week, student, work)
        write_all(course, week, {student: work.attempts for student, work in done.items()})
        progress(len(plan.work), len(plan.work))
    name_students(course, plan.people)
    return Plan(plan.rows, done, plan.people, plan.left)


def _carried_out(course: Course, week: str, student: str, work: Work) -> Work:
    try:
        return Work(place_attempts(course, week, student, work.attempts, work.files))
    except Refused as error:
        raise CourseError(
            f"The download was changed while it was read ({error}). Run the same command again."
        ) from None
