"""What `nbgrader autograde` can be told, as far as it means something to this grader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets import TraitError
from traitlets.config import Config
from traitlets.config.loader import DeferredConfig

from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.model import (
    CheckResult,
    ExecutedCell,
    ExerciseResult,
    Finding,
    Submission,
    SubmissionResult,
    SubmittedCell,
    Unreadable,
)
from autograder.nbgrader_course import course_config
from autograder.spec import Assignment, SpecCell

GROUP_FILE, GROUP_FOLDER, FILE = "664", 0o2775, "444"


@dataclass(frozen=True)
class Settings:
    """Hold nbgrader's settings of a run. `seconds` is None or the time that a cell may take."""

    create_student: bool = True
    execute: bool = True
    seconds: float | None = None
    student: str = "*"
    excluded: tuple[str, ...] = ()
    notebook: str = "*"
    permissions: int = 0o444
    groupshared: bool = False


def read_settings(course: Course) -> Settings:
    """Return what nbgrader's settings say about autograding. Raises CourseError if a value does not fit.

    A course of our own has no need of them, unless they come from the command line.
    """
    if course.layout.own and not course.layout.traits:
        return Settings()
    config = course_config(course)
    config.Autograde.merge(config.AutogradeApp)  # the older name of the same settings
    try:
        groupshared = bool(_setting(config, CourseDirectory, "groupshared"))
        permissions = config.Autograde.get("permissions", GROUP_FILE if groupshared else FILE)
        seconds = _setting(config, Execute, "timeout") if "timeout" in config.Execute else None
        return Settings(
            create_student=bool(_setting(config, Autograde, "create_student")),
            execute=bool(_setting(config, Execute, "enabled")),
            seconds=float(seconds) if seconds and seconds > 0 else None,
            student=str(_setting(config, CourseDirectory, "student_id")),
            excluded=tuple(str(_setting(config, CourseDirectory, "student_id_exclude")).split(",")),
            notebook=str(_setting(config, CourseDirectory, "notebook_id")),
            permissions=int(str(permissions), 8),
            groupshared=groupshared,
        )
    except (TraitError, ValueError, TypeError) as error:
        raise CourseError(f"A setting of nbgrader's is wrong: {error} Mend nbgrader_config.py.") from error


def _setting(config: Config, kind: Any, name: str) -> Any:
    trait = kind.class_traits()[name]
    value = config[kind.__name__].get(name, trait.default())
    return value.get_value(trait) if isinstance(value, DeferredConfig) else value


def matching(names: Sequence[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the names that fit one of the patterns (`*` and `?` as in a shell), in order."""
    return tuple(name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns))


def refuse_strangers(course: Course, students: Sequence[str]) -> None:
    """Raise CourseError if a student is not in the gradebook: none is to be added."""
    with Gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        for student in students:
            try:
                gradebook.find_student(student)
            except MissingEntry:
                raise CourseError(
                    f"{student} is not in the gradebook, and Autograde.create_student is off. "
                    f"To add: nbgrader db student add {student}"
                ) from None


def write_files(
    course: Course, submission: Submission | Unreadable, assignment: Assignment, settings: Settings
) -> None:
    """Put a submission's files beside its graded notebook, the course's own in place of edited ones."""
    folder = course.autograded(assignment.week, submission.student)
    files = {**getattr(submission, "files", {}), **assignment.support}
    for name, data in files.items():
        path = folder / name
        if path.suffix != ".ipynb" and path.resolve().is_relative_to(folder.resolve()):
            write_atomically(path, data)
            path.chmod(settings.permissions)
    stamp = course.submitted(assignment.week, submission.student) / "timestamp.txt"
    if stamp.is_file() and not stamp.is_symlink() and stamp.stat().st_size < 200:
        write_atomically(folder / stamp.name, stamp.read_bytes())
    for path in (folder / f"{assignment.name}.ipynb", folder / stamp.name):
        if path.is_file():
            path.chmod(settings.permissions)
    if settings.groupshared and folder.is_dir():
        folder.chmod(GROUP_FOLDER)


def was_not_handed_in(course: Course, assignment: Assignment, student: str) -> bool:
    """Return whether a student handed in other notebooks of the assignment, but not this one."""
    others = set(course.notebooks(assignment.week)) - {assignment.name}
    folder = course.submitted(assignment.week, student)
    found = [path.stem for path in folder.rglob("*.ipynb")] if folder.is_dir() else []
    return bool(found) and all(name in others for name in found)


def decide_without_running(
    course: Course, assignment: Assignment, submission: Submission | Unreadable, settings: Settings, seed: int
) -> SubmissionResult | None:
    """Return the result of a submission that is not to be run, or None.

    One of several notebooks that was not handed in earns nothing. With `--no-execute` a person has to decide.
    """
    if not settings.execute:
        reason, status = "It was not run, because --no-execute was given: mark it by hand.", "needs a human"
    elif not assignment.own and was_not_handed_in(course, assignment, submission.student):
        reason, status = f"{assignment.name}.ipynb was not handed in: it earns nothing.", "graded"
    else:
        return None
    theirs = getattr(submission, "cells", ())
    cells = theirs or [SubmittedCell(c.grade_id, c.cell_type, c.released_source) for c in assignment.cells]
    return SubmissionResult(
        submission.student,
        assignment.week,
        "graded" if status == "graded" else "needs a human",
        "" if status == "graded" else reason,
        tuple(_nothing(cell, reason if not settings.execute else "") for cell in assignment.graded),
        tuple(ExecutedCell(cell.grade_id, cell.cell_type, cell.source) for cell in cells),
        (*submission.findings, Finding("note", reason)),
        seed,
        notebook=assignment.notebook,
    )


def _nothing(cell: SpecCell, open_because: str) -> ExerciseResult:
    """Return no marks for a cell; with a reason, a check that could not decide: a person is asked."""
    name = cell.exercise or cell.grade_id or ""
    undecided = (CheckResult(name, cell.marks, None, name, open_because),) if open_because else ()
    return ExerciseResult(name, 0.0, cell.marks, undecided, manual=cell.kind == "written")
