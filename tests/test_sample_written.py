"""The class with written answers: it is what the week's own file says, and two of it worked together."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import ROOT

from autograder.course import Course, CourseError
from autograder.demo import sample_course
from autograder.sample_written import FILE, make_written_class, read_sample_class
from autograder.similar import similar_answers

HOME = Course(ROOT)
WEEK = "week08_early_stopping"


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Course:
    demo = sample_course(HOME, WEEK, tmp_path_factory.mktemp("demo"))
    assert make_written_class(demo, WEEK) == ("ada", "ben", "ivy", "joe", "kim")
    return demo


def test_each_student_hands_in_what_the_file_says(handed_in: Course) -> None:
    for student, answers in read_sample_class(HOME, WEEK).items():
        notebook = json.loads((handed_in.submitted(WEEK, student) / f"{WEEK}.ipynb").read_text("utf-8"))
        cells = {
            cell["metadata"].get("nbgrader", {}).get("grade_id"): cell["source"] for cell in notebook["cells"]
        }
        assert {name: cells[name] for name in answers} == answers


def test_only_those_who_worked_together_are_alike(handed_in: Course) -> None:
    found = similar_answers(handed_in, WEEK)
    assert {(pair.students, pair.exercise) for pair in found.pairs} == {
        (("ivy", "joe"), "track_best"),
        (("ivy", "joe"), "written_aliasing"),
    }


def test_a_second_run_hands_in_nothing_anew(handed_in: Course) -> None:
    path = handed_in.submitted(WEEK, "ivy") / f"{WEEK}.ipynb"
    before = path.stat().st_mtime_ns
    make_written_class(handed_in, WEEK)
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("text", "says"),
    [(None, f"Write course/{WEEK}/hidden/{FILE}"), ("eve:\n  track_worst: x\n", "eve answers track_worst")],
)
def test_a_file_that_is_missing_or_wrong_is_told(
    handed_in: Course, tmp_path: Path, text: str | None, says: str
) -> None:
    shutil.copytree(handed_in.root, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "course" / WEEK / "hidden" / FILE
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=says):
        make_written_class(Course(tmp_path), WEEK)
