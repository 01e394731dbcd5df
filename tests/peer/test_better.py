"""What is done instead where a test of nbgrader's expects something else: one class, graded once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import nbformat
import pytest
from foreign_course import hand_in, labelled, notebook_of, solution, test_cell, write_notebook
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.api import Gradebook
from nbgrader.tests import create_task_cell

from peer.commands import Commands, Said
from peer.steps import assignment_of
from peer.steps import graded as graded_result

WRITES = "with open('trace.txt', 'w') as file:\n    file.write('done')\ntwo = 2"
FIRST = notebook_of(
    [
        solution("answer", "two = 2"),
        test_cell("answer_test", "assert two == 2", 3),
        solution("essay", "colour = 'red'", points=2),
    ]
)
SECOND = notebook_of(
    [solution("letter", "letter = 'C'"), test_cell("letter_test", "assert letter == 'C'", 1)]
)
FILES = notebook_of(
    [solution("write", WRITES), test_cell("write_test", "assert open('trace.txt').read() == 'done'", 4)]
)
Class = tuple[Path, Said]


@pytest.fixture(scope="module")
def graded(commands: Commands, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """Grade a class in which each student hands in something of note, and stay in its folder."""
    root = tmp_path_factory.mktemp("class")
    for name, notebook in (("p1", FIRST), ("p2", SECOND)):
        write_notebook(root / "source" / "ps1" / f"{name}.ipynb", notebook)
    write_notebook(root / "source" / "ps2" / "files.ipynb", FILES)
    for student in ("time", "kernel", "added", "emptied", "outputs"):
        hand_in(folder(root, student), FIRST, "p1")
        hand_in(folder(root, student), SECOND, "p2")
    hand_in(root / "submitted" / "writer" / "ps2", FILES, "files")
    (folder(root, "time") / "timestamp.txt").write_text("last Tuesday, I think")
    folder(root, "lost").mkdir(parents=True)
    hand_in(folder(root, "kernel"), changed(FIRST, kernel="blarg"), "p1")
    hand_in(folder(root, "added"), changed(FIRST, added=test_cell("mine", "assert True", 50)), "p1")
    hand_in(folder(root, "emptied"), new_notebook(), "p1")
    hand_in(folder(root, "outputs"), changed(FIRST, output="all tests passed"), "p1")
    with chdir(root):
        yield root, commands.grade("ps1", "--json")


def folder(root: Path, student: str) -> Path:
    """Return what a student hands in for the first assignment."""
    return root / "submitted" / student / "ps1"


def changed(notebook: Any, kernel: str = "python3", added: Any = None, output: str = "") -> Any:
    """Return a copy of a notebook with another kernel, one more cell, or an output in its test cells."""
    copy = nbformat.from_dict(notebook)
    copy.metadata.kernelspec = {"name": kernel, "display_name": kernel, "language": kernel}
    copy.cells += [] if added is None else [added]
    for cell in copy.cells:
        if output and cell.cell_type == "code":
            cell.outputs = [new_output("stream", name="stdout", text=output)]
    return copy


def automatic(root: Path, student: str, notebook: str, cell: str) -> tuple[float | None, bool]:
    """Return a mark in the gradebook, and whether a person is to look at it."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade(cell, notebook, "ps1", student)
        return grade.auto_score, grade.needs_manual_grade


def test_time_that_cannot_be_read_costs_no_marks(graded: Class) -> None:
    found = graded[1].results["time", "p1"]
    assert (found["status"], found["score"]) == ("graded", 3.0)
    assert "The file timestamp.txt holds no time: when this was handed in is not known." in found["findings"]


def test_graded_notebook_that_was_deleted_is_put_back_without_judging_again(
    graded: Class, commands: Commands
) -> None:
    path = graded[0] / "autograded" / "time" / "ps1" / "p1.ipynb"
    before = path.read_bytes()
    path.unlink()
    again = commands.grade("ps1", "--json", "--student", "time")
    assert path.read_bytes() == before
    assert not any(item["fresh"] for item in again.results.values())


def test_file_that_an_answer_writes_is_there_for_the_tests_and_nowhere_else(
    graded: Class, commands: Commands
) -> None:
    found = commands.grade("ps2", "--json").results["writer", "files"]
    assert found["score"] == 4.0
    assert found["exercises"][0]["way"].startswith("run beside the student's code")
    assert not list(graded[0].rglob("trace.txt"))


def test_notebook_without_cells_is_asked_for_again_and_the_other_one_keeps_its_marks(graded: Class) -> None:
    found = graded[1].results
    assert graded[1].code == 3
    assert found["emptied", "p1"]["status"] == "needs a human"
    assert "Ask for it again" in found["emptied", "p1"]["reason"]
    assert found["emptied", "p2"]["score"] == 1.0


def test_graded_cell_that_a_student_added_earns_nothing_and_stops_nothing(graded: Class) -> None:
    found = graded[1].results["added", "p1"]
    assert (found["status"], found["score"], found["marks"]) == ("graded", 3.0, 5.0)
    assert "A cell had been added that claims 50 marks: it earns nothing." in found["findings"]


def test_kernel_that_a_submission_names_does_not_matter(graded: Class) -> None:
    found = graded[1].results["kernel", "p1"]
    assert (found["status"], found["score"]) == ("graded", 3.0)
    path = graded[0] / "autograded" / "kernel" / "ps1" / "p1.ipynb"
    assert nbformat.read(path, as_version=4).metadata.kernelspec.name == "python3"


def test_outputs_that_were_handed_in_decide_no_mark_without_execution(
    graded: Class, commands: Commands
) -> None:
    said = commands.grade("ps1", "--no-execute", "-f", "--student", "outputs")
    assert said.code == 3
    assert "It was not run, because --no-execute was given: mark it by hand." in " ".join(said.text.split())
    assert automatic(graded[0], "outputs", "p1", "answer_test") == (0.0, True)
    path = graded[0] / "autograded" / "outputs" / "ps1" / "p1.ipynb"
    assert "all tests passed" not in path.read_text(encoding="utf-8")


def test_empty_folder_of_a_student_is_reported(graded: Class) -> None:
    found = graded[1].results["lost", "p1"]
    assert found["status"] == "needs a human"
    assert found["reason"].startswith("There is no notebook among what was handed in.")


def test_label_of_a_cell_without_a_part_in_grading_has_no_effect() -> None:
    plain = labelled(new_code_cell("x = 1"), "plain")
    plain.metadata.nbgrader.locked = False
    asked = notebook_of(
        [plain, solution("answer", "two = 2"), test_cell("answer_test", "assert two == 2", 3)]
    )
    assignment = assignment_of(asked)
    assert [(cell.grade_id, cell.marks) for cell in assignment.graded] == [("answer_test", 3.0)]
    theirs = nbformat.from_dict(asked)
    theirs.cells[1].source = "x = 'mine'"
    assert graded_result(theirs, assignment).cells[1].source == "x = 'mine'", "it is the student's to change"


def test_missing_task_is_put_back_where_it_was() -> None:
    task = create_task_cell("Draw the loss.", "markdown", "drawing", 2)
    asked = notebook_of(
        [solution("first", "a = 1"), test_cell("first_test", "a", 1), task, solution("second", "b = 2")]
    )
    theirs = nbformat.from_dict(asked)
    theirs.cells = [cell for cell in theirs.cells if cell.source != task.source]
    found = [cell.grade_id for cell in graded_result(theirs, assignment_of(asked)).cells]
    assert found == [None, "first", "first_test", "drawing", "second"]
