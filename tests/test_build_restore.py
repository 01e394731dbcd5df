"""Whatever a submission does to its cells, they end up in the instructor's frame."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from autograder.build.restore import restored_cells


def framed(grade_id: str, source: str, *, solution: bool = False, **more: Any) -> nbformat.NotebookNode:
    nbgrader = {"grade_id": grade_id, "solution": solution, "locked": not solution, "grade": False, **more}
    return new_code_cell(source, metadata={"nbgrader": nbgrader})


FRAME = [
    new_markdown_cell("# Title", id="title"),
    framed("a", "stub a", solution=True),
    framed("a_visible", "locked visible"),
    framed("a_check", "locked check", grade=True, points=2),
    new_code_cell("show()", id="show", metadata={"tags": ["demo"]}),
    framed("b", "stub b", solution=True),
    framed("b_check", "locked b check", grade=True, points=1),
]
IDS = ["a", "a_visible", "a_check", "b", "b_check"]


def ids(cells: list[nbformat.NotebookNode]) -> list[str]:
    return [cell.metadata.nbgrader.grade_id for cell in cells if "nbgrader" in cell.metadata]


def submitted(*cells: tuple[str | None, str]) -> list[nbformat.NotebookNode]:
    made = [new_code_cell(source, metadata={"tags": ["skip-execution"]}) for _, source in cells]
    for cell, (grade_id, _) in zip(made, cells, strict=True):
        if grade_id:
            cell.metadata["nbgrader"] = {"grade_id": grade_id, "points": 99, "solution": True, "grade": False}
    return made


cells = st.lists(st.tuples(st.sampled_from([*IDS, "unknown", None]), st.text(max_size=5)), max_size=12)


@given(cells=cells)
@settings(max_examples=200, deadline=None)
def test_every_cell_of_the_frame_is_there_once_in_order_with_its_own_metadata(
    cells: list[tuple[str | None, str]],
) -> None:
    restored = restored_cells(submitted(*cells), FRAME)
    assert ids(restored) == IDS
    originals = {c.metadata.nbgrader.grade_id: c for c in FRAME if "nbgrader" in c.metadata}
    for cell in restored:
        if "nbgrader" in cell.metadata:
            original = originals[cell.metadata.nbgrader.grade_id]
            assert cell.metadata == original.metadata
            assert original.metadata.nbgrader.solution or cell.source == original.source
    free = [text for n, (grade_id, text) in enumerate(cells) if _is_free(n, grade_id, cells)]
    assert [cell.source for cell in restored if "nbgrader" not in cell.metadata] == free


def _is_free(number: int, grade_id: str | None, cells: list[tuple[str | None, str]]) -> bool:
    """Say whether a cell is the student's own: it claims nothing, or what a later cell claims, too."""
    return grade_id not in IDS or grade_id in [later for later, _ in cells[number + 1 :]]


PLACES = [
    ("as it was", ["a", "a_visible", "a_check", None, "b", "b_check"], "aavac-bbc"),
    ("a check moved to the top", ["a_check", "a", "a_visible", None, "b", "b_check"], "aavac-bbc"),
    ("checks deleted", ["a", None, "b"], "aavac-bbc"),
    ("all deleted", [None], "aavacbbc-"),
]


@pytest.mark.parametrize(
    ("order", "expected"), [case[1:] for case in PLACES], ids=[case[0] for case in PLACES]
)
def test_checks_follow_what_they_check(order: list[str | None], expected: str) -> None:
    short = {"a": "a", "a_visible": "av", "a_check": "ac", "b": "b", "b_check": "bc"}
    restored = restored_cells(submitted(*((grade_id, "x") for grade_id in order)), FRAME)
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in restored]
    assert "".join(short.get(name, "-") for name in names) == expected


def test_the_last_of_several_copies_counts() -> None:
    restored = restored_cells(submitted(("a", "first"), ("a", "second")), FRAME)
    (counts,) = (c for c in restored if c.metadata.get("nbgrader", {}).get("grade_id") == "a")
    assert counts.source == "second"
    assert restored[0].source == "first"


def test_demonstrations_are_skipped_even_if_edited_and_nothing_else_is() -> None:
    edited, retyped = new_code_cell("show(9)", id="show"), new_code_cell(" show()")
    other = new_code_cell("a()", metadata={"tags": ["skip-execution"]})
    restored = restored_cells([edited, retyped, other], FRAME)
    skipped = [c.source for c in restored if "skip-execution" in c.metadata.get("tags", ())]
    assert skipped == ["show(9)", " show()"]


def test_raw_cells_become_text_and_strange_metadata_is_no_obstacle() -> None:
    strange = [new_raw_cell("<b>"), *submitted((None, "x"), (None, "y"))]
    strange[1].metadata["nbgrader"] = ["a"]
    strange[2].metadata["nbgrader"] = {"grade_id": {"a": 1}}
    restored = restored_cells(strange, FRAME)
    (formerly_raw,) = (cell for cell in restored if cell.source == "<b>")
    assert formerly_raw.cell_type == "markdown"
    nbformat.validate(nbformat.v4.new_notebook(cells=restored))
