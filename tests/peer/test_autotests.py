"""A course whose tests nbgrader writes, from `### AUTOTEST` in the source: released by it, graded here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import nbformat
import nbgrader.tests
import pytest
from foreign_course import hand_in, notebook_of, solution, test_cell, write_notebook
from nbgrader.tests import run_nbgrader

from autograder.course import Course, CourseError
from autograder.spec import load_assignment
from peer.commands import Commands, Said

SNIPPETS = Path(nbgrader.tests.__file__).parent / "apps" / "files" / "autotests.yml"
HIDDEN = "### AUTOTEST type(a)\n### BEGIN HIDDEN TESTS\n### AUTOTEST a\n### END HIDDEN TESTS"
SOURCE = notebook_of(
    [
        solution("values", "a = 5\nb = 'hello'\nc = [1, 2, 'test']"),
        test_cell("open_test", "### AUTOTEST a\n### AUTOTEST b; len(c)", 1),
        test_cell("hashed_test", "### HASHED AUTOTEST c", 2),
        solution("root", "def root(x):\n    return x ** 0.5"),
        test_cell("mixed_test", "assert root(4) == 2\n### AUTOTEST root(9)", 3),
        test_cell("hidden_test", HIDDEN, 4),
    ]
)
ROOT = "def root(x):\n    return {} ** 0.5"
# (student, values, root, marks by test cell)
ANSWERED = [
    ("right", "b, a, c = 'hel' + 'lo', 2 + 3, [1, 2, 'test']", ROOT.format("abs(x)"), [1, 2, 3, 4]),
    ("wrong", "a = 6\nb = 'hello'\nc = [1, 2, 'test']", ROOT.format("-x"), [0, 2, 0, 0]),
    ("other type", "a = 5.0\nb = 'hello'\nc = (1, 2, 'test')", ROOT.format("x"), [0, 0, 3, 0]),
    ("blank", "# YOUR CODE HERE", "raise NotImplementedError()", [0, 0, 0, 0]),
]
Graded = tuple[Path, Said]


@pytest.fixture(scope="module")
def graded(commands: Commands, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    root = tmp_path_factory.mktemp("autotests")
    write_notebook(root / "source" / "ps" / "nb.ipynb", SOURCE)
    shutil.copy(SNIPPETS, root / "autotests.yml")
    with chdir(root):
        run_nbgrader(["generate_assignment", "ps"])
        release = nbformat.read(root / "release" / "ps" / "nb.ipynb", as_version=4)
        for student, values, answer, _ in ANSWERED:
            hand_in(root / "submitted" / student / "ps", release, "nb", {"values": values, "root": answer})
        yield root, commands.grade("ps", "--json")


@pytest.mark.parametrize(("student", "marks"), [(one[0], one[-1]) for one in ANSWERED])
def test_autotests_give_the_marks_of_the_answers(graded: Graded, student: str, marks: list[float]) -> None:
    found = graded[1].results[student, "nb"]
    assert [item["score"] for item in found["exercises"]] == marks
    assert found["status"] == "graded"
    assert not [text for text in found["findings"] if "edited" in text], "the tests are as nbgrader gave them"


def test_autotests_are_judged_apart_from_the_students_code(graded: Graded) -> None:
    found = graded[1].results["wrong", "nb"]["exercises"]
    assert {item["way"] for item in found} == {"judged apart from the student's code"}


def test_release_is_the_one_that_nbgrader_has_made(graded: Graded) -> None:
    release = nbformat.read(graded[0] / "release" / "ps" / "nb.ipynb", as_version=4)
    assignment = load_assignment(Course.find(graded[0]), "ps", "nb")
    assert [cell.released_source for cell in assignment.cells] == [cell.source for cell in release.cells]


def test_unchanged_work_with_autotests_is_not_graded_again(graded: Graded, commands: Commands) -> None:
    again = commands.grade("ps", "--json")
    assert [item["fresh"] for item in again.results.values()] == [False] * len(ANSWERED)


def test_missing_snippets_of_autotests_end_in_one_sentence(tmp_path: Path) -> None:
    write_notebook(tmp_path / "source" / "ps" / "nb.ipynb", SOURCE)
    with pytest.raises(CourseError, match=r"autotests\.yml"):
        load_assignment(Course.find(tmp_path), "ps", "nb")
