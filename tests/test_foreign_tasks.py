"""Tasks of nbgrader's: the answer lies in cells that the student adds, and a person gives the marks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from foreign_course import Cell, hand_in, labelled, notebook_of, solution, test_cell, write_notebook
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from pages_samples import text_of

from autograder.course import Course
from autograder.grading import grade_class
from autograder.model import ExerciseResult
from autograder.options import Options
from autograder.record.pages import write_feedback, write_report

pytestmark = pytest.mark.sandbox
PLOT = "Plot what you measured, in as many cells as you like."


def task(name: str, text: str, points: float) -> Cell:
    """Return a task cell."""
    cell = labelled(new_markdown_cell(text), name, points=points)
    cell.metadata.nbgrader.update(task=True, grade=False)
    return cell


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A graded course with a task that ann answers in two cells and bob leaves."""
    root = tmp_path_factory.mktemp("tasks")
    cells = [solution("x", "x = 1"), test_cell("x_test", "assert x == 1", 1), task("plot", PLOT, 3)]
    source = notebook_of(cells)
    write_notebook(root / "source" / "ps" / "nb.ipynb", source)
    answered = notebook_of([*cells, new_code_cell("y = 2 * x"), new_markdown_cell("It grows.")])
    for student, notebook in (("ann", answered), ("bob", source)):
        hand_in(root / "submitted" / student / "ps", notebook, "nb")
    return Course.find(root)


@pytest.fixture(scope="module")
def graded(course: Course) -> dict[str, tuple[ExerciseResult, ...]]:
    """The exercises of each student."""
    found = grade_class(course, "ps", Options(workers=1))
    return {item.result.student: item.result.exercises for item in found}


def test_a_task_is_worth_its_marks_and_waits_for_a_person(
    course: Course, graded: dict[str, tuple[ExerciseResult, ...]]
) -> None:
    waiting = ExerciseResult("plot", 0.0, 3.0, manual=True)
    assert {student: exercises[-1] for student, exercises in graded.items()} == {
        "ann": waiting,
        "bob": waiting,
    }
    with Gradebook(course.gradebook_url, course.layout.course_id) as gradebook:
        for student in graded:
            grade = gradebook.find_grade("plot", "nb", "ps", student)
            assert (grade.auto_score, grade.needs_manual_grade, grade.max_score) == (None, True, 3.0)
            assert gradebook.find_comment("plot", "nb", "ps", student).auto_comment is None


@pytest.fixture
def marked(course: Course, graded: object, tmp_path: Path) -> Course:
    """A copy of the graded course, in which marks may be given."""
    return Course.find(Path(shutil.copytree(course.root, tmp_path / "course")))


def test_the_pages_show_that_it_waits_and_the_mark_once_it_is_given(marked: Course) -> None:
    assert "plot 3 0 2 0 none marked yet" in text_of(write_report(marked, "ps").read_text())
    pages = {path.parent.parent.name: path for path in write_feedback(marked, "ps")}
    assert "a person will look at plot (3 marks)" in text_of(pages["ann"].read_text())
    with Gradebook(marked.gradebook_url, marked.layout.course_id) as gradebook:
        grade = gradebook.find_grade("plot", "nb", "ps", "ann")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.find_comment("plot", "nb", "ps", "ann").manual_comment = "Name the axes."
        gradebook.db.commit()
    write_feedback(marked, "ps")
    page = text_of(pages["ann"].read_text())
    assert "3.5 of 4 marks" in page
    assert "Name the axes." in page
    assert "Not final yet" not in page
