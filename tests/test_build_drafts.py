"""A lesson that is not finished can be looked at, and never by mistake."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from tiny_course import WEEK, make_tiny_course, write

from autograder.build import build_weeks
from autograder.course import Course
from autograder.spec import load_assignment


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return make_tiny_course(tmp_path)


def test_a_draft_may_have_other_marks_and_says_so(course: Course) -> None:
    write(course.root / "course" / "README.md", "| week03 | Doubling | 8 |\n")
    (result,) = build_weeks(course, [WEEK], draft=True)
    assert result.problems == ()
    first = nbformat.read(course.release(WEEK), 4).cells[0].source
    assert first.startswith("> **Draft.** This lesson is not finished (7 of 8 marks so far).")
    assert load_assignment(course, WEEK).draft
    (result,) = build_weeks(course, [WEEK])
    assert "the marks add up to 7" in result.problems[0]
    write(course.root / "course" / "README.md", "| week03 | Doubling | 7 |\n")
    build_weeks(course, [WEEK])
    assert not nbformat.read(course.release(WEEK), 4).cells[0].source.startswith("> **Draft.**")
    assert not load_assignment(course, WEEK).draft


def test_a_week_without_a_row_in_the_table_is_refused_in_one_sentence(course: Course) -> None:
    write(course.root / "course" / "README.md", "| week04 | Another | 8 |\n")
    (result,) = build_weeks(course, [WEEK])
    assert result.problems == (
        "the table in course/README.md has no row for week03. Add: | week03 | Title | 7 | planned | "
        "To look at it unfinished: autograder build --draft week03",
    )
    (result,) = build_weeks(course, [WEEK], draft=True)
    assert result.problems == ()


def test_a_lesson_with_all_its_marks_is_no_draft(course: Course) -> None:
    (result,) = build_weeks(course, [WEEK], draft=True)
    drafted = course.release(WEEK).read_bytes(), course.source(WEEK).read_bytes()
    (again,) = build_weeks(course, [WEEK])
    assert (result.problems, again.problems, again.changed) == ((), (), ())
    assert (course.release(WEEK).read_bytes(), course.source(WEEK).read_bytes()) == drafted
