"""Until when may be handed in, and when solutions may be told: the due date, and everybody's extensions."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from export_samples import DUE, make_class
from tiny_course import WEEK

from autograder.course import Course
from autograder.pages.feedback import Due
from autograder.record.database import open_gradebook
from autograder.record.due import due_of

HEAD = "student,week,until,hours\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_class(tmp_path_factory.mktemp("template")).root


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Course:
    return Course(Path(shutil.copytree(template, tmp_path / "course")))


def due(course: Course, student: str, hours: float) -> Due:
    """Return what holds for a student so many hours after the due date."""
    with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        return due_of(course, WEEK, student, gradebook.db, DUE + timedelta(hours=hours))


# extensions, student, hours after the due date, hours given, may hand in, solutions are told
CASES = [
    ("", "ada", -1, 0, True, False),
    ("", "ada", 1, 0, False, True),
    ("bob,week03,,48", "ada", 1, 0, False, False),
    ("bob,week03,,48", "bob", 1, 48, True, False),
    ("bob,week03,,48", "bob", 49, 48, False, True),
    ("bob,week04,,48", "ada", 1, 0, False, True),
    ("bob,*,,48\nbob,week03,,2", "bob", 1, 2, True, False),
    ("bob,*,,48\nbob,week03,,2", "ada", 3, 0, False, True),
    ("never_handed_in,week03,,48", "ada", 3, 0, False, False),
]


@pytest.mark.parametrize(("lines", "student", "hours", "given", "is_open", "told"), CASES)
def test_solutions_wait_for_the_last_who_may_hand_in(
    course: Course, lines: str, student: str, hours: float, given: float, is_open: bool, told: bool
) -> None:
    if lines:
        (course.root / "extensions.csv").write_text(HEAD + lines, encoding="utf-8")
    assert due(course, student, hours) == Due(DUE + timedelta(hours=given), is_open, told)


def test_without_a_due_date_nothing_is_told(course: Course) -> None:
    with open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        gradebook.update_or_create_assignment(WEEK, duedate=None)
        assert due_of(course, WEEK, "ada", gradebook.db) == Due()
        assert due_of(course, "week99_none", "ada", gradebook.db) == Due()
