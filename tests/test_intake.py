"""Whatever a student did to the cells, what they wrote is graded, once and in a workable order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from intake_samples import (
    ANSWERS,
    ASSIGNMENT,
    BCE,
    HUBER,
    HUBER_STUB,
    Notebook,
    answered,
    cell_of,
    copy_of,
    labels,
    own_cell,
    place_of,
    put,
    read,
    read_ready,
    released,
    said,
)

from autograder.model import Unreadable

COURSE_CELLS = [spec for spec in ASSIGNMENT.cells if spec.kind in ("locked", "check")]


def strip_metadata(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {"id": "xyz"}


def strip_metadata_and_change_everything_around(notebook):
    strip_metadata(notebook)
    notebook["cells"][4]["source"] += "\nprint('tried')"
    notebook["cells"].insert(3, own_cell("my notes", "markdown"))
    notebook["cells"].insert(3, own_cell("%matplotlib inline"))


def lose_one_label(notebook):
    cell_of(notebook, "huber")["metadata"] = {}


def edit_visible_check(notebook):
    cell_of(notebook, "huber_visible")["source"] = "pass"


def empty_check(notebook):
    cell_of(notebook, "bce_check")["source"] = ""


def delete(*names):
    def change(notebook):
        for name in names:
            del notebook["cells"][place_of(notebook, name)]

    return change


def move(name, to):
    def change(notebook):
        cell = notebook["cells"].pop(place_of(notebook, name))
        notebook["cells"].insert(to if to >= 0 else len(notebook["cells"]), cell)

    return change


def retype(name, cell_type):
    def change(notebook):
        cell_of(notebook, name)["cell_type"] = cell_type

    return change


def copy_locked(notebook):
    notebook["cells"].append(copy_of(notebook, "huber_visible"))
    notebook["cells"].append(copy_of(notebook, "bce_check"))


def copy_stub_to_the_end(notebook):
    notebook["cells"].append(copy_of(notebook, "huber", HUBER_STUB))


def leave_stub_and_answer_elsewhere(notebook):
    cell_of(notebook, "huber")["source"] = HUBER_STUB
    notebook["cells"].append(own_cell(HUBER))


def write_answer_into_check(notebook):
    cell_of(notebook, "huber_check")["source"] = cell_of(notebook, "huber")["source"]
    cell_of(notebook, "huber")["source"] = HUBER_STUB


def add_answer_to_check(notebook):
    cell_of(notebook, "huber_check")["source"] += "\nanswer_gq5 = 'A'"


def reuse_a_copied_cell(notebook):
    notebook["cells"][place_of(notebook, "bce")] = copy_of(notebook, "huber", BCE)


def swap_labels(notebook):
    first, second = cell_of(notebook, "huber"), cell_of(notebook, "huber_visible")
    first["metadata"], second["metadata"] = second["metadata"], first["metadata"]


def change_points(notebook):
    cell_of(notebook, "huber_check")["metadata"]["nbgrader"]["points"] = 50


def add_graded_cell(notebook):
    nbgrader = {"grade_id": "bonus", "grade": True, "points": 50, "schema_version": 3}
    notebook["cells"].append({**own_cell("1"), "metadata": {"nbgrader": nbgrader}})


def skip_checks(notebook):
    cell_of(notebook, "huber_check")["metadata"]["tags"] = ["skip-execution"]


def old_schema(notebook):
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 1


def foreign_schema(notebook):
    cell_of(notebook, "huber")["metadata"]["nbgrader"]["schema_version"] = 99


def bad_metadata(notebook):
    cell_of(notebook, "bce")["metadata"]["nbgrader"]["grade_id"] = "../../etc"
    cell_of(notebook, "setup")["metadata"]["nbgrader"] = "x"
    notebook["cells"][0]["metadata"] = [1]


def windows_line_ends(notebook):
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")


def play_with_demo(notebook):
    notebook["cells"][6]["source"] = "show_surface(steps=9999)"


# what was done to the notebook, what the findings must say ("" = nothing at all is said)
CASES: list[tuple[Callable[[Notebook], None], str]] = [
    (lambda notebook: None, ""),
    (windows_line_ends, ""),
    (play_with_demo, ""),
    (strip_metadata, "labels of the cells were lost"),
    (strip_metadata_and_change_everything_around, "labels of the cells were lost"),
    (lose_one_label, "The answer cell huber had lost its label"),
    (edit_visible_check, "The locked cell huber_visible had been edited: the original was used."),
    (empty_check, "The check cell bce_check had been edited: the original was used."),
    (delete("setup"), "The locked cell setup was missing: it was put back."),
    (
        delete("huber_check", "bce_check", "gq5_check"),
        "The check cell gq5_check was missing: it was put back.",
    ),
    (move("huber_check", 0), "The check cell huber_check stood before its answer"),
    (move("gq5_check", 8), "The check cell gq5_check stood before its answer"),
    (move("setup", -1), "The locked cell setup had been moved"),
    (move("huber", -1), "The check cell huber_check stood before its answer"),
    (move("huber_visible", 12), ""),
    (
        retype("huber", "markdown"),
        "The answer cell huber had been turned into a markdown cell: it was run as code.",
    ),
    (retype("bce", "raw"), "The answer cell bce had been turned into a raw cell"),
    (
        retype("written_why", "code"),
        "written_why had been turned into a code cell: it was read as text.",
    ),
    (
        retype("huber_check", "markdown"),
        "The check cell huber_check had been turned into another kind of cell",
    ),
    (copy_locked, "The check cell bce_check stood in the notebook 2 times"),
    (copy_stub_to_the_end, "huber also stood there without an answer: that copy was left out"),
    (leave_stub_and_answer_elsewhere, "huber"),
    (write_answer_into_check, "The check cell huber_check was missing: it was put back."),
    (add_answer_to_check, "An answer was written in the check cell huber_check: it was run too."),
    (reuse_a_copied_cell, "The answer cell bce had lost its label"),
    (swap_labels, "The answer cell huber had lost its label"),
    (change_points, "suspicious: The marks of huber_check had been changed from 2 to 50: 2 count."),
    (add_graded_cell, "suspicious: A cell had been added that claims 50 marks: it earns nothing."),
    (skip_checks, "suspicious: The check cell huber_check had been marked to be skipped"),
    (old_schema, "schema version 1"),
    (foreign_schema, "schema version 99"),
    (bad_metadata, "bce had lost its label"),
]


@pytest.mark.parametrize(("change", "sentence"), CASES)
def test_every_answer_is_kept_and_what_was_repaired_is_said(tmp_path, change, sentence):
    notebook = answered()
    change(notebook)
    submission = read_ready(put(tmp_path / "s", notebook))
    texts = "\n".join(cell.source for cell in submission.cells).replace("\r\n", "\n")
    assert all(answer in texts for answer in ANSWERS.values())
    assert sentence in said(submission) if sentence else not submission.findings
    assert "suspicious" not in said(submission) or sentence.startswith("suspicious")
    assert_in_order(submission)


def assert_in_order(submission):
    """Check what always holds: the course's cells once, as released, each check after its answer."""
    found = labels(submission)
    assert len(found) == len(set(found))
    for spec in COURSE_CELLS:
        cell = next(cell for cell in submission.cells if cell.grade_id == spec.grade_id)
        assert (cell.source, cell.cell_type) == (spec.released_source, spec.cell_type)
    for answer, check in (("huber", "huber_check"), ("bce", "bce_check"), ("gq5", "gq5_check")):
        assert found.index(answer) < found.index(check)
    assert found.index("setup") < found.index("huber")


def test_no_hidden_check_is_ever_among_the_cells(tmp_path):
    submission = read_ready(put(tmp_path, released()))
    assert "SECRET" not in repr(submission)
    assert "MARK SCHEME" not in repr(submission)


def test_demonstrations_are_known_even_when_a_number_in_them_was_changed(tmp_path):
    notebook = answered()
    play_with_demo(notebook)
    strip_metadata(notebook)
    cells = read_ready(put(tmp_path, notebook)).cells
    assert [cell.source for cell in cells if cell.demo] == ["show_surface(steps=9999)"]


def test_the_students_own_cells_keep_their_order(tmp_path):
    notebook = answered()
    for number in (12, 7, 3, 0):
        notebook["cells"].insert(number, own_cell(f"mine = {number}"))
    cells = read_ready(put(tmp_path, notebook)).cells
    assert [cell.source for cell in cells if cell.source.startswith("mine")] == [
        "mine = 0",
        "mine = 3",
        "mine = 7",
        "mine = 12",
    ]


def test_labels_are_dropped_from_cells_that_are_not_of_this_assignment(tmp_path):
    notebook = answered()
    add_graded_cell(notebook)
    assert "bonus" not in labels(read_ready(put(tmp_path, notebook)))


def test_the_notebook_of_another_week_needs_a_human(tmp_path):
    notebook = answered()
    for cell in notebook["cells"]:
        nbgrader = cell["metadata"].get("nbgrader", {"grade_id": "x"})
        if not nbgrader["grade_id"].startswith("gq5"):
            nbgrader["grade_id"] = f"other_{nbgrader['grade_id']}"
            cell["source"] = f"of another week: {nbgrader['grade_id']}"
    outcome = read(put(tmp_path, notebook))
    assert isinstance(outcome, Unreadable)
    assert "does not hold the cells of week03_losses" in outcome.reason


def test_several_things_gone_wrong_at_once_are_all_repaired(tmp_path):
    notebook = answered()
    for change in (
        edit_visible_check,
        delete("bce_check"),
        copy_stub_to_the_end,
        retype("gq5", "raw"),
        old_schema,
    ):
        change(notebook)
    submission = read_ready(put(tmp_path, notebook))
    assert_in_order(submission)
    assert len(submission.findings) == 5
