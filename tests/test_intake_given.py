"""A course may mend points and tests after the release: nobody is accused of what they were given."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from foreign_course import hand_in, notebook_of, solution, test_cell, write_notebook
from intake_samples import said
from nbgrader.preprocessors import ComputeChecksums

from autograder.course import Course
from autograder.intake.submission import read_submission
from autograder.model import Submission
from autograder.nbgrader_course import RELEASE
from autograder.spec import load_assignment

HIDDEN = "\n### BEGIN HIDDEN TESTS\nassert double(3) == 6\n### END HIDDEN TESTS"
VISIBLE = "assert double(1) == 2"
ANSWERS = {
    "answer": "def double(x):\n    return x + x",
    "half": "def half(x):\n    return x / 2",
    "essay": "'Since it is so.'",
}


def notebook(points=2, test=VISIBLE, half=True, essay=4):
    """Return the instructor's notebook, perhaps mended."""
    rest = [
        solution("half", "def half(x):\n    return x / 2"),
        test_cell("half_test", "assert half(2) == 1", 5),
    ]
    return notebook_of(
        [
            solution("answer", "def double(x):\n    return 2 * x"),
            test_cell("answer_test", test + HIDDEN, points),
            *(rest if half else []),
            solution("essay", "'Because.'", points=essay),
        ]
    )


def released(given):
    """Return what students are given, with nbgrader's checksums."""
    for step in (*RELEASE, ComputeChecksums):
        given, _ = step().preprocess(nbformat.from_dict(given), {})
    return given


def cell_of(given, label):
    return next(cell for cell in given.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == label)


def claim(given, label, points):
    cell_of(given, label).metadata.nbgrader["points"] = points


def add_bonus(given):
    given.cells.append(test_cell("bonus", "True", 50))


def raise_points(given):
    claim(given, "answer_test", 50)


def lower_points(given):
    claim(given, "answer_test", 1)


def edit_test(given):
    cell_of(given, "answer_test").source = "assert True"


def strip_checksums(given):
    for cell in given.cells:
        cell.metadata.get("nbgrader", {}).pop("checksum", None)


def strip_labels(given):
    for cell in given.cells:
        cell.metadata = {}


def nothing(given):
    pass


NOW = {
    "fewer points": {"points": 1, "essay": 1},
    "more points": {"points": 9, "essay": 9},
    "another test": {
        "test": "for number in range(5):\n    assert double(number) == number + number, 'wrong'"
    },
    "a test less": {"half": False},
}
SUSPICIOUS = "suspicious: "
WORTH = "answer_test says that it is worth 2 marks: the course's"
DIFFERS = "The check cell answer_test differs from the course's: the course's was used."
# what the course is now, which release there is, what the student did, what is said ("": nothing of it)
CASES = [
    ("fewer points", "old", nothing, ""),
    ("more points", "old", nothing, ""),
    ("another test", "old", nothing, ""),
    ("another test", "old", strip_labels, ""),
    ("a test less", "old", nothing, ""),
    ("fewer points", "new", nothing, WORTH),
    ("more points", "new", nothing, WORTH),
    ("another test", "new", nothing, DIFFERS),
    ("a test less", "new", nothing, "A cell that this notebook does not have claims 5 marks"),
    ("fewer points", "none", nothing, WORTH),
    ("more points", "none", strip_checksums, WORTH),
    ("fewer points", "none", strip_checksums, WORTH),
    ("same", "none", strip_checksums, ""),
    ("same", "old", lower_points, "worth 1 marks: the course's 2 count"),
    ("same", "old", raise_points, f"{SUSPICIOUS}The marks of answer_test had been changed from 2 to 50"),
    ("same", "none", raise_points, f"{SUSPICIOUS}The marks of answer_test had been changed from 2 to 50"),
    ("more points", "old", raise_points, f"{SUSPICIOUS}The marks of answer_test had been changed"),
    ("same", "old", add_bonus, f"{SUSPICIOUS}A cell had been added that claims 50 marks"),
    ("same", "none", add_bonus, f"{SUSPICIOUS}A cell had been added that claims 50 marks"),
    ("same", "old", edit_test, "The check cell answer_test had been edited: the original was used."),
]


@pytest.mark.parametrize(("now", "release", "change", "sentence"), CASES)
def test_only_what_no_release_can_have_held_looks_like_an_attempt_to_gain_marks(
    tmp_path: Path, now, release, change, sentence
) -> None:
    mended = notebook(**NOW.get(now, {}))
    write_notebook(tmp_path / "source" / "ps1" / "p1.ipynb", mended)
    if release != "none":
        out = released(mended if release == "new" else notebook())
        write_notebook(tmp_path / "release" / "ps1" / "p1.ipynb", out)
    handed_in = released(notebook())
    change(handed_in)
    hand_in(tmp_path / "submitted" / "ann" / "ps1", handed_in, "p1", ANSWERS)
    found = read(tmp_path)
    assert sentence in said(found)
    assert ("suspicious" in said(found)) is sentence.startswith(SUSPICIOUS)
    assert [cell.source for cell in found.cells].count(cell_of(released(mended), "answer_test").source) == 1
    if not sentence and change is nothing:
        assert not found.findings


def read(root: Path) -> Submission:
    course = Course.find(root)
    folder = course.submitted("ps1", "ann")
    found = read_submission(folder, "ann", "p1", load_assignment(course, "ps1", "p1"))
    assert isinstance(found, Submission)
    return found
