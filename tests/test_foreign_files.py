"""The files of a submission lie beside its graded notebook, whatever lay there from an earlier time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from foreign_course import hand_in, notebook_of, solution, test_cell, write_notebook
from tiny_course import write

from autograder.course import Course
from autograder.grading import grade_class
from autograder.model import Submission, SubmissionResult
from autograder.nbgrader_options import Settings, write_files
from autograder.options import Options
from autograder.spec import Assignment, load_assignment

pytestmark = pytest.mark.sandbox
SOURCE = notebook_of([solution("x", "x = 1"), test_cell("x_test", "assert x == 1", 1)])


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course to which two have handed in."""
    root = tmp_path_factory.mktemp("files")
    write_notebook(root / "source" / "ps" / "nb.ipynb", SOURCE)
    for student in ("ann", "bob"):
        hand_in(root / "submitted" / student / "ps", SOURCE, "nb")
    return Course.find(root)


@pytest.fixture(scope="module")
def assignment(course: Course) -> Assignment:
    """Its only notebook."""
    return load_assignment(course, "ps", "nb")


# what was handed in one time after the other
TIMES = [
    (("data/x", "data/y/z"), ("data",), ("data/x",)),
    (("timestamp.txt/x",), ("y",)),
    (("a/b/c", "a/d"), ("a/b",), ()),
]


@pytest.mark.parametrize("times", TIMES)
def test_a_file_and_a_folder_may_take_each_others_place(
    course: Course, assignment: Assignment, times: tuple[tuple[str, ...], ...]
) -> None:
    folder = course.autograded("ps", "cara")
    for names in times:
        files = {name: name.encode() for name in names}
        write_files(course, Submission("cara", "ps", (), files), assignment, Settings())
        left = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
        assert {name: path.read_bytes() for name, path in left.items() if path.is_file()} == files
        assert {name for name, path in left.items() if path.is_dir()} == {
            str(parent) for name in names for parent in Path(name).parents[:-1]
        }


def grade(course: Course) -> dict[str, SubmissionResult]:
    """Return the results of a run by student."""
    return {item.result.student: item.result for item in grade_class(course, "ps", Options(workers=1))}


def test_one_whose_files_have_no_place_needs_a_human_until_they_have(course: Course) -> None:
    write(course.submitted("ps", "ann") / "data", "1, 2")
    kept = course.autograded("ps", "ann") / "data" / "mine.ipynb"  # notebooks are never removed
    write(kept, "{}")
    first = grade(course)
    assert [first[name].status for name in ("ann", "bob")] == ["needs a human", "graded"]
    assert "IsADirectoryError" in first["ann"].reason
    assert not (course.autograded("ps", "ann") / "nb.ipynb").exists()
    shutil.rmtree(kept.parent)
    again = grade(course)
    assert [again[name].score for name in ("ann", "bob")] == [1, 1]
    assert again["ann"].seed == first["ann"].seed
    assert (course.autograded("ps", "ann") / "data").read_text() == "1, 2"
