"""After an error about one student nobody foresaw the others are graded, and the next run tries again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from small_class import WEEK, grade, make_class, rows

from autograder.course import Course
from autograder.options import Options
from autograder.unchanged import unchanged_class

pytestmark = [pytest.mark.sandbox, pytest.mark.alone]
VICTIM, OTHERS = "student01", {"student00", "student02"}
# A folder where a file should be: what is recorded before it, and what after it is missing.
PLACES = {
    "the feedback page": f"feedback/{VICTIM}/{WEEK}/{WEEK}.html",
    "the graded notebook": f"autograded/{VICTIM}/{WEEK}/{WEEK}.ipynb",
    "the stored result": f"autograded/{VICTIM}/{WEEK}/.grade.json",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class of 3, graded."""
    root = tmp_path_factory.mktemp("unforeseen") / "course"
    root.mkdir()
    course = make_class(root, 3)
    code, said = grade(course, "--seed", "7")
    assert code == 0, said
    return course


@pytest.fixture
def course(graded: Course, tmp_path: Path) -> Course:
    """A copy that a test may spoil."""
    return Course(Path(shutil.copytree(graded.root, tmp_path / "course")))


def records(said: str) -> dict[str, dict[str, Any]]:
    """Return what `--json` printed, by student."""
    return {record["student"]: record for record in json.loads(said[said.index("[") :])}


def put_a_folder(path: Path) -> None:
    """Put a folder that holds something in the place of a file."""
    path.unlink()
    (path / "inside").mkdir(parents=True)


@pytest.mark.parametrize("place", PLACES)
def test_one_who_cannot_be_recorded_needs_a_human_and_is_tried_again(
    graded: Course, course: Course, place: str
) -> None:
    path = course.root / PLACES[place]
    put_a_folder(path)
    code, said = grade(course, "--force", "--seed", "7", "--json")
    assert code == 3, said
    found = records(said)
    assert {name for name in found if found[name]["status"] == "graded"} == OTHERS
    assert "Recording it failed in an unforeseen way (IsADirectoryError: " in found[VICTIM]["reason"]
    assert unchanged_class(course, WEEK, Options()) is None
    assert '"failed"' in (course.root / "logs" / f"grade-{WEEK}.jsonl").read_text()
    shutil.rmtree(path)
    code, said = grade(course, "--seed", "7", "--json")
    assert code == 0, said
    assert [name for name, record in records(said).items() if record["fresh"]] == [VICTIM]
    assert rows(course.gradebook_url) == rows(graded.gradebook_url)


def test_unchanged_work_that_cannot_be_written_again_does_not_stop_the_others(course: Course) -> None:
    path = course.root / PLACES["the graded notebook"]
    put_a_folder(path)
    (course.feedback(WEEK, "student02") / f"{WEEK}.html").unlink()
    (course.autograded(WEEK, "student02") / f"{WEEK}.ipynb").unlink()
    code, said = grade(course, "--json")
    assert code == 3, said
    assert records(said)[VICTIM]["status"] == "needs a human"
    assert (course.feedback(WEEK, "student02") / f"{WEEK}.html").exists()
