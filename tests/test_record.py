"""Results reach nbgrader's gradebook once, whole, and without touching what people gave."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from databases import keep_in
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from tiny_course import WEEK, make_tiny_course, write
from traitlets.config import PyFileConfigLoader

from autograder.build import build_weeks
from autograder.build.stubs import WRITE_HERE
from autograder.course import Course, CourseError
from autograder.model import CheckResult, ExecutedCell, ExerciseResult, SubmissionResult
from autograder.record.autograded import write_autograded
from autograder.record.database import open_gradebook
from autograder.record.gradebook import (
    ensure_assignment,
    find_submission,
    has_submission,
    marks_by_hand,
    record,
)
from autograder.record.late import handed_in_at, late_policy
from autograder.record.notebook import cleared_notebook
from autograder.record.results import SavedResult, load_result, save_result
from autograder.record.writer import Rehearsal
from autograder.spec import Assignment, load_assignment

FAILED = CheckResult("doubles_negatives", 1.5, False, "double(-7)", "14", "-14", "keep the sign")
CLASS = ["ada", "bob", "cleo", "dan", "eve"]
PICTURE = {"output_type": "display_data", "data": {"image/png": "AA=="}, "metadata": {}}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built course with an empty gradebook: making one takes nbgrader seconds."""
    course = make_tiny_course(tmp_path_factory.mktemp("template"))
    build_weeks(course, [WEEK])
    with open_gradebook(course.gradebook_url) as gradebook:
        ensure_assignment(gradebook, load_assignment(course, WEEK))
    return course.root


@pytest.fixture
def course(template: Path, tmp_path: Path, database: str | None) -> Course:
    return keep_in(database, Course(Path(shutil.copytree(template, tmp_path / "course"))), WEEK)


@pytest.fixture
def assignment(course: Course) -> Assignment:
    return load_assignment(course, WEEK)


@pytest.fixture
def gradebook(course: Course) -> Iterator[api.Gradebook]:
    with open_gradebook(course.gradebook_url) as opened:
        yield opened


def graded(
    assignment: Assignment, student: str = "ada", why: str = "It is linear.", **own: Any
) -> SubmissionResult:
    """Return the result of a submission that has half of `double` right and answers the written question."""
    texts = {"double": "def double(x):\n    return abs(2 * x)", "written_why": why}
    cells = tuple(
        ExecutedCell(cell.grade_id, cell.cell_type, texts.get(cell.grade_id or "", cell.released_source))
        for cell in assignment.cells
    )
    exercises = (
        ExerciseResult("double", 2.5, 4.0, (FAILED,)),
        ExerciseResult("gq2", 0.0, 1.0),
        ExerciseResult("written_why", 0.0, 2.0, manual=True),
    )
    return replace(SubmissionResult(student, WEEK, "graded", exercises=exercises, cells=cells), **own)


def grades(gradebook: api.Gradebook, student: str = "ada") -> dict[str, tuple[Any, ...]]:
    (notebook,) = gradebook.find_submission(WEEK, student).notebooks
    return {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in notebook.grades}


def mark_by_hand(gradebook: api.Gradebook, cell: str, score: float) -> None:
    """Do what the Formgrader does when somebody types a mark and a comment."""
    grade = gradebook.find_grade(cell, WEEK, WEEK, "ada")
    grade.manual_score, grade.needs_manual_grade = score, False
    gradebook.find_comment("written_why", WEEK, WEEK, "ada").manual_comment = "Well said."
    gradebook.db.commit()


def test_marks_and_what_needs_a_person_are_recorded(gradebook: api.Gradebook, assignment: Assignment) -> None:
    result = graded(assignment)
    assert not has_submission(gradebook, result)
    record(gradebook, result, assignment)
    assert has_submission(gradebook, result)
    assert grades(gradebook) == {
        "double_check": (2.5, None, False),
        "gq2_check": (0.0, None, False),
        "written_why": (None, None, True),
    }
    assert gradebook.find_submission(WEEK, "ada").score == 2.5
    assert gradebook.find_comment("gq2", WEEK, WEEK, "ada").comment == "No response."
    assert gradebook.find_comment("double", WEEK, WEEK, "ada").comment is None


UNANSWERED = {"why": WRITE_HERE}
UNREADABLE = {"status": "needs a human", "reason": "broken", "cells": ()}
BROKEN_CHECK = (ExerciseResult("double", 2.5, 4.0, (replace(FAILED, passed=None),)),)
WAITING = [
    (UNANSWERED, {"double_check": False, "gq2_check": False, "written_why": False}),
    (UNREADABLE, {"double_check": True, "gq2_check": True, "written_why": True}),
    ({"exercises": BROKEN_CHECK}, {"double_check": True, "gq2_check": True, "written_why": True}),
]


@pytest.mark.parametrize(("own", "waiting"), WAITING)
def test_a_person_is_asked_where_no_check_could_decide(
    gradebook: api.Gradebook, assignment: Assignment, own: dict[str, Any], waiting: dict[str, bool]
) -> None:
    record(gradebook, graded(assignment, **own), assignment)
    assert {name: waits for name, (_, _, waits) in grades(gradebook).items()} == waiting


REGRADES = [
    ("the same answer", {}, False),
    ("the same answer with blank lines", {"why": "\nIt is linear.\n"}, False),
    ("another answer", {"why": "It is additive."}, True),
    ("no readable answer any more", UNREADABLE, True),
]


@pytest.mark.parametrize(
    ("own", "review"), [case[1:] for case in REGRADES], ids=[case[0] for case in REGRADES]
)
def test_a_manual_mark_survives_and_is_reviewed_only_if_the_answer_changed(
    gradebook: api.Gradebook, assignment: Assignment, own: dict[str, Any], review: bool
) -> None:
    record(gradebook, graded(assignment), assignment)
    mark_by_hand(gradebook, "written_why", 1.5)
    for _ in range(2):  # a second regrade, or one after a crash, says the same
        record(gradebook, graded(assignment, **own), assignment)
        assert grades(gradebook)["written_why"][1:] == (1.5, review)
    mark = marks_by_hand(find_submission(gradebook, "ada", WEEK))["written_why"]
    assert (mark.score, mark.comment, mark.waiting) == (1.5, "Well said.", review)


def test_an_overridden_automatic_mark_stays(gradebook: api.Gradebook, assignment: Assignment) -> None:
    record(gradebook, graded(assignment), assignment)
    mark_by_hand(gradebook, "double_check", 4.0)
    record(gradebook, graded(assignment), assignment)
    assert grades(gradebook)["double_check"] == (2.5, 4.0, False)
    assert gradebook.find_submission(WEEK, "ada").score == 4.0


def test_a_mark_given_in_plain_nbgrader_is_reviewed_since_nobody_knows_for_which_answer(
    gradebook: api.Gradebook, assignment: Assignment
) -> None:
    gradebook.add_student("ada")
    gradebook.add_submission(WEEK, "ada")
    mark_by_hand(gradebook, "written_why", 1.0)
    record(gradebook, graded(assignment), assignment)
    assert grades(gradebook)["written_why"] == (None, 1.0, True)


def test_a_failure_in_the_middle_leaves_nothing_behind(
    gradebook: api.Gradebook, assignment: Assignment
) -> None:
    wrong = replace(graded(assignment), exercises=(ExerciseResult("double", "many", 4.0),))  # type: ignore[arg-type]
    with pytest.raises(Exception, match="many"):
        record(gradebook, wrong, assignment)
    assert gradebook.students == []
    assert gradebook.assignment_submissions(WEEK) == []
    record(gradebook, graded(assignment), assignment)
    assert len(gradebook.assignment_submissions(WEEK)) == 1


def test_recording_twice_doubles_nothing(gradebook: api.Gradebook, assignment: Assignment) -> None:
    for _ in range(2):
        record(gradebook, graded(assignment), assignment)
    assert len(gradebook.db.query(api.Grade).all()) == 3
    assert len(gradebook.db.query(api.Comment).all()) == 3


def write_all(course: Course, assignment: Assignment, done: int) -> None:
    """Write the results of a class that are not stored yet, and say so after each in the pipe `done`."""
    with open_gradebook(course.gradebook_url) as gradebook:
        for student in CLASS:
            if load_result(course.autograded(WEEK, student)) is None:
                result = graded(assignment, student)
                record(gradebook, result, assignment)
                write_autograded(course, result, assignment, cleared_notebook(assignment))
                save_result(course.autograded(WEEK, student), SavedResult("abc", result))
            os.write(done, b".")


@pytest.mark.alone
@pytest.mark.parametrize("finished", [0, 1, 4])
def test_killed_and_started_again_it_loses_and_doubles_nothing(
    course: Course, assignment: Assignment, finished: int
) -> None:
    told, done = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            write_all(course, assignment, done)
        finally:
            os._exit(0)
    if finished:
        os.read(told, finished)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    write_all(course, assignment, done)
    with open_gradebook(course.gradebook_url) as gradebook:
        assert [student.id for student in gradebook.students] == CLASS
        for student in CLASS:
            assert grades(gradebook, student)["double_check"] == (2.5, None, False)
            assert load_result(course.autograded(WEEK, student)).result == graded(assignment, student)
            assert (course.autograded(WEEK, student) / f"{WEEK}.ipynb").is_file()
        assert len(gradebook.db.query(api.Grade).all()) == 3 * len(CLASS)


def test_a_lesson_that_gains_a_cell_gives_earlier_submissions_a_place_for_it(
    gradebook: api.Gradebook, assignment: Assignment
) -> None:
    shorter = replace(
        assignment, cells=tuple(c for c in assignment.cells if not str(c.grade_id).startswith("gq2"))
    )
    ensure_assignment(gradebook, shorter)
    record(gradebook, graded(shorter), shorter)
    ensure_assignment(gradebook, assignment)
    record(gradebook, graded(assignment), assignment)
    assert grades(gradebook)["gq2_check"] == (0.0, None, False)
    assert gradebook.find_assignment(WEEK).max_score == 7


def test_a_cell_with_a_manual_mark_is_not_dropped_from_the_gradebook(
    gradebook: api.Gradebook, assignment: Assignment
) -> None:
    record(gradebook, graded(assignment), assignment)
    mark_by_hand(gradebook, "written_why", 1.5)
    shorter = replace(assignment, cells=tuple(c for c in assignment.cells if c.grade_id != "written_why"))
    with pytest.raises(CourseError, match="Put the cell back"):
        ensure_assignment(gradebook, shorter)
    assert grades(gradebook)["written_why"] == (None, 1.5, False)


def test_a_rehearsal_refuses_what_a_run_would_refuse_and_changes_nothing(
    course: Course, gradebook: api.Gradebook, assignment: Assignment
) -> None:
    record(gradebook, graded(assignment), assignment)
    shorter = replace(assignment, cells=tuple(c for c in assignment.cells if c.grade_id != "written_why"))
    with Rehearsal(course, shorter):
        assert "written_why" in grades(gradebook), "nothing is lost yet, nor removed"
    mark_by_hand(gradebook, "written_why", 1.5)
    with pytest.raises(CourseError, match="Put the cell back"):
        Rehearsal(course, shorter).__enter__()
    write(course.extensions, "student\n")
    with pytest.raises(CourseError, match="names its columns"):
        Rehearsal(course, assignment)


def test_a_rehearsal_makes_no_gradebook(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    with Rehearsal(course.with_database(f"sqlite:///{tmp_path / 'none.db'}"), assignment):
        assert not (tmp_path / "none.db").exists()


def test_lateness_costs_what_is_set(course: Course, gradebook: api.Gradebook, assignment: Assignment) -> None:
    settings = course.root / "nbgrader_config.py"
    settings.write_text(settings.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    write(course.submitted(WEEK, "ada") / "timestamp.txt", "2026-03-02 12:00:00 UTC\n")
    due = datetime(2026, 3, 2, 13)
    for hours, score in ((0, 2.5), (2, 0.0)):
        gradebook.find_assignment(WEEK).duedate = due - timedelta(hours=hours)
        when = handed_in_at(course, WEEK, "ada")
        record(gradebook, graded(assignment), assignment, timestamp=when, late=late_policy(course))
        (notebook,) = gradebook.find_submission(WEEK, "ada").notebooks
        assert notebook.score - (notebook.late_submission_penalty or 0) == score


def test_the_graded_notebook_tells_the_outcome_and_serves_nbgrader(
    course: Course, gradebook: api.Gradebook, assignment: Assignment
) -> None:
    result = graded(assignment)
    cells = tuple(replace(c, outputs=(PICTURE,)) if c.grade_id == "double" else c for c in result.cells)
    moved_and_one_missing = (*cells[::-1][1:], ExecutedCell(None, "raw", "<script>"))
    result = replace(result, cells=moved_and_one_missing)
    record(gradebook, result, assignment)
    path = write_autograded(course, result, assignment, cleared_notebook(assignment))
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    marked = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}
    assert list(marked) == [cell.grade_id for cell in assignment.cells if cell.grade_id]
    assert "raw" not in {cell.cell_type for cell in notebook.cells}
    text, marks = marked["double_check"].outputs
    assert "came back: 14" in text.text
    assert marks.data["text/plain"] == "2.5"
    assert marked["double"].outputs[0].data["image/png"] == "AA=="
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    config.CourseDirectory.db_url = course.gradebook_url
    save_result(path.parent, SavedResult("abc", result))
    made = NbGraderAPI(CourseDirectory(config=config), config=config).generate_feedback(WEEK, "ada")
    assert made["success"]
    assert [p.name for p in course.feedback(WEEK, "ada").iterdir()] == [f"{WEEK}.html"]


def test_an_unreadable_resubmission_leaves_no_old_notebook(course: Course, assignment: Assignment) -> None:
    frame = cleared_notebook(assignment)
    path = write_autograded(course, graded(assignment), assignment, frame)
    assert path is not None
    assert write_autograded(course, graded(assignment, **UNREADABLE), assignment, frame) is None
    assert not path.exists()
