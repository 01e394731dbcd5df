"""Courses that were made for nbgrader, graded by `autograder grade` as they are."""

from __future__ import annotations

import json
import pickle
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pytest
from foreign_course import hand_in, locked, notebook_of, solution, test_cell, write_notebook
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.cli import app
from autograder.course import Course, CourseError
from autograder.model import Limits
from autograder.nbgrader_options import Settings, matching
from autograder.spec import load_assignment

HIDDEN = (
    "assert double(1) == 2\n### BEGIN HIDDEN TESTS\nassert double(-3) == -6, 'negative'\n### END HIDDEN TESTS"
)
FIRST = notebook_of(
    [
        locked("set_up", "import numpy as np\nfrom helpers import triple\nrows = np.loadtxt('rows.csv')"),
        solution("answer", "def double(x):\n    return 2 * x"),
        test_cell("answer_test", HIDDEN, 3),
        solution("essay", "colour = 'red'", points=2),
        solution("mean", "def mean(values):\n    return sum(values) / len(values)"),
        test_cell(
            "mean_test", "assert mean([1, 2]) == 1.5\nassert abs(mean(rows) - rows.mean()) < 1e-9\n1.0", 1
        ),
        test_cell("source_test", "import inspect\nassert 'return' in inspect.getsource(double)", 1),
    ]
)
SECOND = notebook_of([solution("answer", "x = 1"), test_cell("test_x", "assert x == 1\n0.5 if x else 0", 2)])
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "physics"
c.CourseDirectory.source_directory = "masters"
c.CourseDirectory.submitted_directory = "in"
c.CourseDirectory.ignore = ["*.tmp"]
c.ClearSolutions.code_stub = {"python": "# your turn"}
"""
Graded = tuple[Path, list[dict[str, Any]]]
WRONG = {"answer": "def double(x):\n    return x + 1", "mean": "def mean(values):\n    return 0"}


def make_course(root: Path) -> None:
    """Write a course with other folders than ours, and hand in for two students."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    folder = root / "masters" / "Problem Set 1"
    write_notebook(folder / "p1.ipynb", FIRST)
    write_notebook(folder / "p2.ipynb", SECOND)
    for name, text in {
        "helpers.py": "def triple(x): return 3 * x",
        "rows.csv": "1\n4\n",
        "x.tmp": "",
    }.items():
        (folder / name).write_text(text)
    for student, answers in (("ann", {}), ("bob", WRONG)):
        hand_in(root / "in" / student / "Problem Set 1", FIRST, "p1", answers)
        hand_in(root / "in" / student / "Problem Set 1", SECOND, "p2", {})


def grade(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `autograder grade` on the course and return what it said."""
    command = ["autograder", "grade", "Problem Set 1", "--course", str(root), "--workers", "1", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=1000)


def marks(root: Path) -> dict[tuple[str, str, str], tuple[float | None, bool]]:
    """Return each automatic mark, and whether a person is to look at it."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "physics") as gradebook:
        return {
            (row.student.id, book.notebook.name, mark.cell.name): (mark.auto_score, mark.needs_manual_grade)
            for row in gradebook.assignment_submissions("Problem Set 1")
            for book in row.notebooks
            for mark in book.grades
        }


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    root = tmp_path_factory.mktemp("physics")
    make_course(root)
    said = grade(root, "--json")
    assert said.returncode == 0, said.stderr
    return root, json.loads(said.stdout)


@pytest.mark.sandbox
def test_every_mark_is_in_the_gradebook_of_the_course(graded: Graded) -> None:
    assert marks(graded[0]) == {
        ("ann", "p1", "answer_test"): (3.0, False),
        ("ann", "p1", "essay"): (None, True),
        ("ann", "p1", "mean_test"): (1.0, False),
        ("ann", "p1", "source_test"): (1.0, False),
        ("ann", "p2", "test_x"): (0.5, False),
        ("bob", "p1", "answer_test"): (0.0, False),
        ("bob", "p1", "essay"): (None, True),
        ("bob", "p1", "mean_test"): (0.0, False),
        ("bob", "p1", "source_test"): (1.0, False),
        ("bob", "p2", "test_x"): (0.5, False),
    }


@pytest.mark.sandbox
def test_result_says_which_way_each_exercise_was_judged(graded: Graded) -> None:
    ann = next(item for item in graded[1] if (item["student"], item["notebook"]) == ("ann", "p1"))
    ways = {item["exercise"]: item["way"] for item in ann["exercises"]}
    assert ways["answer_test"] == ways["mean_test"] == "judged apart from the student's code"
    assert ways["source_test"].endswith("because it reads the source of the answer")
    shown = nbformat.read(graded[0] / "autograded" / "ann" / "Problem Set 1" / "p1.ipynb", as_version=4)
    cell = next(c for c in shown.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "source_test")
    assert ways["source_test"] in cell.outputs[0].text


@pytest.mark.sandbox
def test_files_of_the_course_lie_beside_the_graded_notebook(
    graded: Graded,
) -> None:
    folder = graded[0] / "autograded" / "ann" / "Problem Set 1"
    assert sorted(path.name for path in folder.iterdir()) == [
        "helpers.py",
        "p1.ipynb",
        "p2.ipynb",
        "rows.csv",
    ]
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o444"}


@pytest.mark.sandbox
def test_release_is_made_with_the_settings_of_the_course(graded: Graded) -> None:
    assignment = load_assignment(Course.find(graded[0]), "Problem Set 1", "p1")
    assert assignment.by_id["answer"].released_source == "# your turn"
    assert assignment.by_id["answer_test"].released_source == "assert double(1) == 2"
    assert sorted(assignment.support) == ["helpers.py", "rows.csv"]
    assert pickle.loads(pickle.dumps(assignment)) == assignment, "it travels to the workers of a cluster"


@pytest.mark.long
@pytest.mark.sandbox
def test_second_run_grades_nothing_and_one_notebook_can_be_graded_alone(
    graded: Graded,
) -> None:
    again = json.loads(grade(graded[0], "--json").stdout)
    assert [item["fresh"] for item in again] == [False] * 4
    said = grade(graded[0], "--json", "--notebook", "p2", "--student", "a*", "-f")
    (only,) = json.loads(said.stdout)
    assert (only["student"], only["notebook"], only["fresh"], only["score"]) == ("ann", "p2", True, 0.5)


@pytest.mark.long
@pytest.mark.sandbox
def test_notebook_that_was_not_handed_in_earns_nothing(tmp_path: Path) -> None:
    make_course(tmp_path)
    (tmp_path / "in" / "ann" / "Problem Set 1" / "p2.ipynb").unlink()
    (found,) = json.loads(grade(tmp_path, "--json", "--notebook", "p2", "--student", "ann").stdout)
    assert found["findings"][-1] == "p2.ipynb was not handed in: it earns nothing."
    assert marks(tmp_path)["ann", "p2", "test_x"] == (0.0, False)


@pytest.mark.long
@pytest.mark.sandbox
def test_without_execution_every_mark_is_left_to_a_human_and_later_given(tmp_path: Path) -> None:
    make_course(tmp_path)
    said = grade(tmp_path, "--no-execute", "--student", "ann", "--notebook", "p2")
    assert said.returncode == 3, said.stderr
    assert marks(tmp_path)["ann", "p2", "test_x"] == (0.0, True)
    assert grade(tmp_path, "--student", "ann", "--notebook", "p2").returncode == 0
    assert marks(tmp_path)["ann", "p2", "test_x"] == (0.5, False)


# (arguments, part of the sentence on standard error)
REFUSED = [
    (["--no-create"], "ann is not in the gradebook"),
    (["--Autograde.create_student=False"], "ann is not in the gradebook"),
    (["--notebook", "p3"], "There is no notebook p3.ipynb"),
    (["--student", "z*"], "z* handed in nothing"),
    (["--colour=red"], "No such option: --colour=red"),
    (["--CourseDirectory.student_id_exclude=ann,bob"], "Nobody has handed in"),
    (["--Autograde.permissions=rw"], "A setting of nbgrader's is wrong"),
    (["--CourseDirectory.source_directory=elsewhere"], "There is no week called"),
]


@pytest.mark.kernel
@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[" ".join(case[0]) for case in REFUSED])
def test_options_that_cannot_be_followed_end_in_one_sentence(
    arguments: list[str], sentence: str, tmp_path: Path
) -> None:
    make_course(tmp_path)
    command = ["grade", "Problem Set 1", "--course", str(tmp_path), "--workers", "1", *arguments]
    said = CliRunner().invoke(app, command)
    assert said.exit_code in (1, 2)
    text = str(said.exception) if isinstance(said.exception, CourseError) else said.output
    assert sentence in " ".join(text.replace("│", " ").split())


@pytest.mark.long
@pytest.mark.sandbox
def test_files_that_students_may_change_are_theirs(tmp_path: Path) -> None:
    config = 'c = get_config()\nc.Autograde.exclude_overwriting = {"ps": ["theirs.py"]}\n'
    (tmp_path / "nbgrader_config.py").write_text(config)
    source = notebook_of(
        [
            locked("imports", "import os\nfrom theirs import f"),
            solution("x", "x = 1"),
            test_cell("mode", "assert os.environ['NBGRADER_EXECUTION'] == 'autograde'\nassert f(1) == 2", 4),
        ]
    )
    write_notebook(tmp_path / "source" / "ps" / "nb.ipynb", source)
    for folder, change in (("source/ps", 1), ("submitted/ann/ps", 1), ("submitted/bob/ps", 5)):
        write_notebook(tmp_path / folder / "nb.ipynb", source)
        (tmp_path / folder / "theirs.py").write_text(f"def f(x):\n    return x + {change}\n")
    command = ["autograder", "grade", "ps", "--course", str(tmp_path), "--json", "--workers", "1"]
    said = subprocess.run(
        [*command, "--Autograde.permissions=640"], capture_output=True, text=True, timeout=1000
    )
    assert {item["student"]: item["score"] for item in json.loads(said.stdout)} == {"ann": 4.0, "bob": 0.0}
    assert "x + 5" in (tmp_path / "autograded" / "bob" / "ps" / "theirs.py").read_text()
    assert oct((tmp_path / "autograded" / "bob" / "ps" / "nb.ipynb").stat().st_mode & 0o777) == "0o640"


NAMES = ("ada", "adam", "a[d]a", "bob")
# (what is asked for, who is meant)
PATTERNS = [
    (["ada"], ("ada",)),
    (["ada*"], ("ada", "adam")),
    (["?d*", "bob"], ("ada", "adam", "bob")),
    (["a[d]a"], ("ada", "a[d]a")),
    (["A*"], ()),
]


@pytest.mark.parametrize(("patterns", "meant"), PATTERNS)
def test_names_and_patterns_say_whom_to_grade(patterns: list[str], meant: tuple[str, ...]) -> None:
    assert matching(NAMES, patterns) == meant


# (what is wrong with the instructor's notebook, sentence)
BROKEN = [
    ({"metadata": {"kernelspec": {"name": "ir", "language": "R"}}}, "only Python is graded"),
    ({"cells": [{**test_cell("a", "1", 1), "source": "### BEGIN HIDDEN TESTS\n1"}]}, "Mend it"),
    ({"cells": [test_cell("a", "1", 1), test_cell("a", "2", 1)]}, "several cells called a"),
    ({"cells": [test_cell("a", "1", float("inf"))]}, "The cell a is worth inf marks: set its points"),
]


@pytest.mark.parametrize(("change", "sentence"), BROKEN, ids=[case[1] for case in BROKEN])
def test_instructors_notebook_that_cannot_be_graded_says_what_to_mend(
    change: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    notebook = nbformat.from_dict({**notebook_of([test_cell("t", "1", 1)]), **change})
    write_notebook(tmp_path / "source" / "ps" / "nb.ipynb", notebook)
    with pytest.raises(CourseError, match=sentence):
        load_assignment(Course.find(tmp_path), "ps")


# (seconds that nbgrader gives a cell, total that was asked for) -> (cell, call, total, processor)
TIMES = [
    (None, None, (30.0, 30.0, 240.0, 240)),
    (600.0, None, (600.0, 600.0, 4200.0, 4200)),
    (600.0, 100.0, (600.0, 600.0, 100.0, 240)),
    (5.0, None, (5.0, 5.0, 240.0, 240)),
]


@pytest.mark.sandbox
@pytest.mark.parametrize(("cell", "total", "wanted"), TIMES)
def test_a_notebook_has_the_time_that_its_cells_are_given(
    graded: Graded, cell: float | None, total: float | None, wanted: tuple[float, float, float, int]
) -> None:
    assignment = load_assignment(Course.find(graded[0]), "Problem Set 1", "p1")  # 7 cells of code
    limits = Limits() if total is None else Limits(total_seconds=total)
    found = Settings(seconds=cell).bound(limits, assignment)
    assert (found.cell_seconds, found.call_seconds, found.total_seconds, found.cpu_seconds) == wanted
