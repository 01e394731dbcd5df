"""Random damage: intake never raises, and an answer that is still in the file is never lost."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from intake_samples import ANSWERS, ASSIGNMENT, answered, copy_of, labels, own_cell, put, read

from autograder.intake.match import match_cells
from autograder.intake.notebook import NotebookError, decode, parse_notebook
from autograder.model import Submission, Unreadable

ONCE = [spec.grade_id for spec in ASSIGNMENT.cells if spec.kind in ("locked", "check")]
GOOD = json.dumps(answered()).encode()
SLOW = settings(max_examples=150, deadline=None)

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
places = st.integers(0, 40)


def is_answer(cell) -> bool:
    return cell.get("source") in ANSWERS.values()


def drop(cells, at, _junk):
    if not is_answer(cells[at]):
        del cells[at]


def move(cells, at, _junk):
    cells.append(cells.pop(at))


def duplicate(cells, at, _junk):
    cells.insert(0, dict(cells[at]))


def add_stub(cells, at, _junk):
    label = list(ANSWERS)[at % len(ANSWERS)]
    stub = ASSIGNMENT.by_id[label].released_source
    cells.insert(at, own_cell(stub))


def add_junk(cells, at, junk):
    cells.insert(at, junk)


def lose_metadata(cells, at, _junk):
    cells[at].pop("metadata", None)


def break_metadata(cells, at, junk):
    cells[at]["metadata"] = junk


def break_label(cells, at, junk):
    cells[at]["metadata"] = {
        "nbgrader": {"grade_id": junk, "points": junk, "grade": junk, "schema_version": junk}
    }


def swap_labels(cells, at, _junk):
    other = cells[-1 - at]
    if isinstance(other, dict):
        cells[at]["metadata"], other["metadata"] = other.get("metadata"), cells[at].get("metadata")


def retype(cells, at, _junk):
    cells[at]["cell_type"] = ("code", "markdown", "raw")[at % 3]


def rewrite(cells, at, junk):
    if not is_answer(cells[at]):
        cells[at]["source"] = junk


def break_outputs(cells, at, junk):
    cells[at]["outputs"] = junk


def copy_answer(cells, at, _junk):
    cells.append(copy_of({"cells": answered()["cells"]}, list(ANSWERS)[at % len(ANSWERS)]))


DAMAGES = (
    (drop, move, duplicate, add_stub, add_junk, copy_answer)
    + (lose_metadata, break_metadata, break_label, swap_labels)
    + (retype, rewrite, break_outputs)
)
damages = st.sampled_from(DAMAGES)


def damaged_notebook(steps):
    notebook = answered()
    for damage, at, junk in steps:
        at %= len(notebook["cells"])
        if isinstance(notebook["cells"][at], dict) or damage is add_junk:
            damage(notebook["cells"], at, junk)
    return notebook


def outcome_of(data: bytes | dict):
    with tempfile.TemporaryDirectory() as folder:
        return read(put(Path(folder), data))


@SLOW
@given(st.lists(st.tuples(damages, places, junk), max_size=12))
def test_no_damage_to_the_cells_loses_an_answer(steps):
    outcome = outcome_of(damaged_notebook(steps))
    assert isinstance(outcome, Submission), outcome.reason
    texts = [cell.source for cell in outcome.cells]
    assert all(answer in texts for answer in ANSWERS.values())
    found = labels(outcome)
    assert len(found) == len(set(found))
    assert set(ONCE) <= set(found)
    assert all("SECRET" not in text for text in texts)


@SLOW
@given(st.lists(st.tuples(damages, places, junk), max_size=12))
def test_every_check_stands_after_every_copy_of_its_answer(steps):
    notebook = damaged_notebook(steps)
    outcome = outcome_of(notebook)
    parsed = parse_notebook(json.dumps(notebook).encode()).cells
    assert all(0 <= number < len(ASSIGNMENT.cells) for number in match_cells(parsed, ASSIGNMENT).values())
    found = labels(outcome)
    for name in ("huber", "bce", "gq5"):
        assert found.index(name) < found.index(f"{name}_check")


@SLOW
@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.binary(max_size=4), st.integers(0, 60)),
        min_size=1,
        max_size=6,
    )
)
def test_random_bytes_in_the_file_never_raise(edits):
    data = GOOD
    for at, inserted, cut in edits:
        data = data[:at] + inserted + data[at + cut :]
    assert isinstance(outcome_of(data), Submission | Unreadable)


@SLOW
@given(junk)
def test_any_json_is_a_notebook_or_says_why_not(content):
    outcome = outcome_of(json.dumps(content).encode())
    assert isinstance(outcome, Unreadable)
    assert outcome.reason.endswith(".")


@SLOW
@given(st.binary(max_size=300))
def test_any_bytes_have_a_text(data):
    text, notes = decode(data)
    assert isinstance(text, str)
    with suppress(NotebookError):
        parse_notebook(data)
    assert all(note.endswith(".") for note in notes)
