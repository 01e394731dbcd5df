"""What being late costs: nbgrader's rules, with the plugin that the course's nbgrader_config.py names.

A student's own extension is kept where nbgrader keeps it, so that its own commands see it, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import import_item

from autograder.course import Course, CourseError
from autograder.importing import importable
from autograder.intake.extras import MAX_TIMESTAMP, parse_timestamp
from autograder.intake.files import Refused, read_regular
from autograder.nbgrader_course import course_config
from autograder.record.extensions import Extensions, extension_of, read_extensions

Row = Any  # a row of one of nbgrader's tables
Penalty = Callable[[str, float, float], float | None]  # student, score, seconds late -> marks taken off


@dataclass(frozen=True)
class LatePolicy:
    """Hold what being late costs, and who was given more time (None: whatever the gradebook says).

    `fixed`: the same lateness always costs the same. Nobody knows that of a plugin of the instructor's.
    """

    penalty: Penalty
    extensions: Extensions | None = None
    fixed: bool = False

    def apply(self, submission: Row) -> None:
        """Set the extension of a submission, and the marks that each of its notebooks loses for lateness."""
        if self.extensions is not None:
            student = submission.student_id or submission.student.id
            given = extension_of(self.extensions, student, submission.assignment.name)
            submission.extension = given.beyond(submission.assignment.duedate) if given else None
        if submission.assignment.duedate is None:
            submission.extension = None  # nbgrader cannot add an extension to no due date
        for notebook in submission.notebooks:
            notebook.late_submission_penalty = self._taken(submission, notebook)

    def _taken(self, submission: Row, notebook: Row) -> float | None:
        """Return the marks that lateness costs: at least nothing, at most all marks."""
        late = submission.total_seconds_late
        if not late:
            return None
        score = notebook_score(notebook)
        taken = self.penalty(submission.student_id or submission.student.id, score, late)
        return None if taken is None else min(max(0.0, taken), score)


def late_policy(course: Course) -> LatePolicy:
    """Return the late policy of a course: its plugin, and the extensions of `extensions.csv`.

    Raises CourseError, and so does the penalty, if the plugin is missing, fails, or gives no number.
    """
    folders = (course.root, course.layout.settings or course.root)
    plugin = late_plugin(course, folders)
    fixed = type(plugin) is LateSubmissionPlugin
    return LatePolicy(partial(_ask_plugin, plugin, folders), read_extensions(course), fixed)


def notebook_score(notebook: Row) -> float:
    """Return the marks of a notebook as the gradebook has them, before lateness costs any."""
    return sum(grade_score(grade) for grade in notebook.grades)


def given_mark(grade: Row | None) -> float | None:
    """Return the mark that a person gave, with extra credit, or None."""
    if grade is None or grade.manual_score is None:
        return None
    return float(grade.manual_score + (grade.extra_credit or 0.0))


def grade_score(grade: Row) -> float:
    """Return the mark that counts: the manual one if there is one, and what was added on top."""
    given = given_mark(grade)
    if given is not None:
        return given
    return 0.0 if grade.auto_score is None else float(grade.auto_score + (grade.extra_credit or 0.0))


def late_plugin(course: Course, folders: tuple[Path, ...]) -> Any:
    """Return nbgrader's late submission plugin as the course has set it up (by default it takes off 0).

    Its modules and files are found in these folders. Raises CourseError if it is missing or cannot be loaded.
    """
    config = course_config(course)
    name = config.AssignLatePenalties.get("plugin_class", "")
    try:
        with importable(*folders):
            if isinstance(name, str) and name:
                import_item(name)  # traitlets does so, too, but does not say what is wrong
            rules = AssignLatePenalties(config=config)
            rules.init_plugin()
    except Exception as error:  # the plugin is anybody's code
        raise CourseError(
            f"The late plugin {name} cannot be loaded: {error}. Put its module beside nbgrader_config.py, "
            "or mend AssignLatePenalties.plugin_class there."
        ) from error
    return rules.plugin_inst


def _ask_plugin(
    plugin: Any, folders: tuple[Path, ...], student: str, score: float, seconds: float
) -> float | None:
    try:
        with importable(*folders):  # it may import more only now
            taken = plugin.late_submission_penalty(student, score, seconds)
        if taken is not None and not math.isfinite(taken):
            raise ValueError(f"{taken} is no number of marks")
    except Exception as error:
        raise CourseError(
            f"The late plugin {type(plugin).__name__} fails for {student}, {seconds:g} s late: {error}. "
            "Mend it and run the same command again."
        ) from error
    return None if taken is None else float(taken)


def handed_in_at(course: Course, week: str, student: str) -> datetime | None:
    """Return when a submission was handed in (UTC), from the `timestamp.txt` that nbgrader's collect leaves.

    None if there is no such file or it holds no time.
    """
    path = course.submitted(week, student) / "timestamp.txt"
    try:
        # Not opened like a file of ours: a student may have put a pipe there, which would never end.
        return parse_timestamp(read_regular(path, MAX_TIMESTAMP))
    except (OSError, Refused, ValueError):
        return None
