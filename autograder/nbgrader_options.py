"""What `nbgrader autograde` can be told, as far as it means something to this grader."""

from __future__ import annotations

import contextlib
import math
import os
import stat
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from sqlalchemy import make_url
from traitlets import TraitError
from traitlets.config import Config
from traitlets.config.loader import DeferredConfig

from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.intake.extras import TIMESTAMP
from autograder.intake.files import Entry, Refused, list_submission
from autograder.model import (
    CheckResult,
    ExecutedCell,
    ExerciseResult,
    Finding,
    Limits,
    Submission,
    SubmissionResult,
    Unreadable,
)
from autograder.nbgrader_course import course_config
from autograder.spec import Assignment, SpecCell

# What a course may set in its nbgrader_config.py, or by --Class.trait=value, and what it says.
SETTINGS = {
    "CourseDirectory.course_id": "the name of the course in the gradebook",
    "CourseDirectory.root": "the folder of the course, as --course",
    "CourseDirectory.db_url": "the gradebook, as --db",
    "CourseDirectory.source_directory": "and release_, submitted_, autograded_, feedback_: names of folders",
    "CourseDirectory.directory_structure": "how the folders of steps, students and assignments lie",
    "CourseDirectory.ignore": "names of files that are not given to students",
    "CourseDirectory.student_id": "students to grade, as --student; student_id_exclude: those not to grade",
    "CourseDirectory.notebook_id": "notebooks to grade, as --notebook",
    "CourseDirectory.groupshared": "let the group of the course change what grading writes",
    "Autograde.create_student": "add students who are not in the gradebook, as --create",
    "Autograde.exclude_overwriting": "by assignment, files given to students that they may change",
    "Autograde.permissions": "of the files in autograded (default: 444, or 664 if groupshared)",
    "Execute.enabled": "run the notebooks, as --execute",
    "Execute.timeout": "seconds that a cell may take, as --cell-seconds",
    "AssignLatePenalties.plugin_class": "what being late costs: a class of nbgrader's or of yours",
    "LateSubmissionPlugin.penalty_method": "of nbgrader's own class: none or zero",
    "ClearSolutions.code_stub": "and all of ClearSolutions, ClearHiddenTests, ClearMarkScheme, LockCells, "
    "IncludeHeaderFooter, InstantiateTests: how the release is made",
}
NOT_RUN = "It was not run, because --no-execute was given: mark it by hand."
NOT_HANDED_IN = "{name}.ipynb was not handed in: it earns nothing."
GROUP_FILE, FILE = "664", "444"
GROUP_FOLDER, GROUP_FILES = 0o2770, 0o660  # added to what others may do


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

    def bound(self, limits: Limits, assignment: Assignment) -> Limits:
        """Return the limits of a submission: each cell may take its time, unless a total was asked for."""
        cell = self.seconds or limits.cell_seconds
        if assignment.own:
            return replace(limits, cell_seconds=cell)
        cells = sum(spec.cell_type == "code" for spec in assignment.cells)
        asked = limits.total_seconds != Limits().total_seconds
        total = limits.total_seconds if asked else max(limits.total_seconds, cell * cells)
        processor = max(limits.cpu_seconds, math.ceil(total))
        return replace(
            limits, cell_seconds=cell, call_seconds=cell, total_seconds=total, cpu_seconds=processor
        )


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


def settings_help() -> str:
    """Return a text on the settings of nbgrader's that grading follows."""
    width = max(map(len, SETTINGS)) + 2
    lines = (f"  --{name}=…".ljust(width + 6) + text for name, text in SETTINGS.items())
    return "\n".join(["Settings of nbgrader's that are followed, here or in nbgrader_config.py:", *lines])


def matching(names: Sequence[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the names that are or fit one of the patterns (`*` and `?` as in a shell), in order."""
    return tuple(
        name for name in names if any(name == pattern or fnmatchcase(name, pattern) for pattern in patterns)
    )


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
    """Put a submission's files beside its graded notebook, the course's own in place of edited ones.

    What lies there from an earlier time is removed, except for notebooks.
    """
    folder = course.autograded(assignment.week, submission.student)
    files = {**getattr(submission, "files", {}), **assignment.support}
    if isinstance(submission, Submission):
        _remove_others(folder, files)
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


def share_with_group(course: Course, assignment: Assignment, student: str) -> None:
    """Let the group of the course change what grading a submission has written, and add to its folders."""
    week = assignment.week
    written = (
        course.autograded(week, student),
        course.feedback(week, student),
        course.results(week, student, assignment.name),
        course.root / "logs",
    )
    for top in written:
        share_folder(course, top, 0 if top == written[0] else GROUP_FILES)  # those have what the course says
    address = make_url(course.gradebook_url)
    if address.get_backend_name() == "sqlite" and address.database:
        _add_mode(Path(address.database), GROUP_FILES)


def share_folder(course: Course, top: Path, files: int = GROUP_FILES) -> None:
    """Let the group of the course add to a folder, and to those above it, and change the files in it."""
    inside = [path for path in top.rglob("*") if not path.is_symlink()]
    above = [path for path in (top, *top.parents) if course.root in path.parents and path.is_dir()]
    for path in (*inside, *above):
        _add_mode(path, GROUP_FOLDER if path.is_dir() else files)


def _add_mode(path: Path, added: int) -> None:
    # Only its owner can: another instructor. And a draft may have become the file itself.
    with contextlib.suppress(PermissionError, FileNotFoundError):
        mode = path.stat().st_mode
        if mode & added != added:
            path.chmod(stat.S_IMODE(mode) | added)


def _remove_others(folder: Path, names: Container[str]) -> None:
    """Remove the files in a folder that are neither notebooks nor named, and folders that are empty then."""
    for path in sorted(folder.rglob("*"), reverse=True):  # what is in a folder comes before it
        kept = path.suffix == ".ipynb" or path.relative_to(folder).as_posix() in names
        if path.is_dir() and not path.is_symlink():
            with contextlib.suppress(OSError):  # it is not empty
                path.rmdir()
        elif not kept and (path.is_file() or path.is_symlink()):
            path.unlink()


def was_not_handed_in(course: Course, assignment: Assignment, submission: Submission | Unreadable) -> bool:
    """Return whether a student handed in other notebooks of the assignment, and nothing that may be this one.

    Whatever else lies there, under any name, may be: then a person has to look.
    """
    folder = course.submitted(assignment.week, submission.student)
    if isinstance(submission, Submission) or not assignment.others or not folder.is_dir():
        return False
    if os.path.lexists(folder / f"{assignment.name}.ipynb"):
        return False
    try:
        listing = list_submission(folder)
    except Refused:
        return False
    rest = [entry for entry in listing.entries if not _is_of_the_course(entry, assignment)]
    others = {name.lower() for name in assignment.others}
    names = {entry.stem if entry.is_notebook else "" for entry in rest}
    return bool(names) and names <= others and not listing.findings


def _is_of_the_course(entry: Entry, assignment: Assignment) -> bool:
    """Return whether a file was given to students, or is one that computers keep by themselves."""
    by_itself = entry.path.name.startswith(".") and not entry.is_notebook
    return by_itself or entry.name in assignment.support or entry.name == TIMESTAMP


def decide_without_running(
    course: Course, assignment: Assignment, submission: Submission | Unreadable, settings: Settings, seed: int
) -> SubmissionResult | None:
    """Return the result of a submission that is not to be run, or None.

    One of several notebooks that was not handed in earns nothing. With `--no-execute` a person has to decide.
    """
    if settings.execute and not was_not_handed_in(course, assignment, submission):
        return None
    reason = NOT_HANDED_IN.format(name=assignment.name) if settings.execute else NOT_RUN
    cells = getattr(submission, "cells", ())
    return SubmissionResult(
        submission.student,
        assignment.week,
        "graded" if settings.execute else "needs a human",
        "" if settings.execute else reason,
        tuple(_nothing(cell, "" if settings.execute else reason) for cell in assignment.graded),
        tuple(ExecutedCell(c.grade_id, c.cell_type, c.source, pictures=c.pictures) for c in cells),
        (*submission.findings, Finding("note", reason)),
        seed,
        notebook=assignment.notebook,
    )


def _nothing(cell: SpecCell, open_because: str) -> ExerciseResult:
    """Return no marks for a cell; with a reason, a check that could not decide: a person is asked."""
    undecided = CheckResult(cell.name, cell.marks, None, cell.name, open_because)
    return cell.nothing_earned(*([undecided] if open_because else []))
