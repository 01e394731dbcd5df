"""Pictures in text cells: those that are pictures, and small enough, go along; no text is lost for them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from picture_samples import jpeg, png

from autograder.intake.notebook import MAX_SOURCE, parse_notebook
from autograder.intake.pictures import MAX_ANSWER, MAX_PICTURES, MAX_ROOM

LARGE = png(tail=bytes(3 << 20))
TOO_LARGE = png(tail=bytes(5 << 20))
SEE = "See ![it](attachment:a.png)"
# a text, what is attached to its cell, the names of the pictures that go along, how many are left out
ATTACHED: list[tuple[str, Any, set[str], int]] = [
    (SEE, {"a.png": {"image/png": png()}}, {"a.png"}, 0),
    (SEE, {"a.png": {"image/png": [png()[:9], png()[9:]]}}, {"a.png"}, 0),
    (SEE, {"a.png": {"image/jpeg": jpeg()}}, {"a.png"}, 0),
    (SEE, {"a.png": {"image/png": LARGE}}, {"a.png"}, 0),
    ("![](attachment:my%20photo.png)", {"my photo.png": {"image/png": png()}}, {"my%20photo.png"}, 0),
    ("![](attachment:photo%20(1).png)", {"photo (1).png": {"image/png": png()}}, {"photo%20(1).png"}, 0),
    ("No picture is shown.", {"a.png": {"image/png": png()}}, set(), 0),
    (SEE, {}, set(), 0),
    (SEE, ["a.png"], set(), 0),
    (SEE, {"a.png": "image/png"}, set(), 0),
    (SEE, {"a.png": {"image/png": TOO_LARGE}}, set(), 1),
    (SEE, {"a.png": {"image/png": png(1 << 30)}}, set(), 1),
    (SEE, {"a.png": {"image/jpeg": png()}}, set(), 1),
    (SEE, {"a.png": {"image/png": "PHNjcmlwdD4="}}, set(), 1),
    (SEE, {"a.png": {"image/svg+xml": "<svg onload=alert(1)>"}}, set(), 1),
    (SEE, {"a.png": {"text/html": "<script>"}}, set(), 1),
]


def cell(source: object, attachments: object = None, kind: str = "markdown") -> dict[str, object]:
    return {"cell_type": kind, "metadata": {}, "source": source, "attachments": attachments}


def notebook(*cells: object) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.mark.parametrize(("source", "attachments", "names", "left_out"), ATTACHED)
def test_only_what_is_a_picture_and_is_shown_goes_along(
    source: str, attachments: object, names: set[str], left_out: int
) -> None:
    found = parse_notebook(notebook(cell(source, attachments)))
    assert found.cells[0].source == source
    assert set(found.cells[0].pictures) == names
    assert all(address.startswith("data:image/") for address in found.cells[0].pictures.values())
    assert len(found.findings) == left_out
    assert all("left out" in finding.text for finding in found.findings)


# a long picture in a text, whether it can be kept
INLINE = [(LARGE, True), (TOO_LARGE, False), ("A" * (MAX_SOURCE + 1), False)]


@pytest.mark.parametrize(("picture", "kept"), INLINE)
def test_a_text_outlives_the_picture_that_makes_it_too_long(picture: str, kept: bool) -> None:
    found = parse_notebook(notebook(cell(f"Because ![p](data:image/png;base64,{picture}) it is.")))
    assert found.cells[0].source == "Because ![p](attachment:picture-1) it is."
    assert list(found.cells[0].pictures.values()) == [f"data:image/png;base64,{picture}"] * kept
    assert (len(found.findings), found.loss) == (0 if kept else 1, "")


def test_pictures_of_a_cell_and_of_a_notebook_are_bounded() -> None:
    names = [f"{number}.png" for number in range(1000)]
    text = "".join(f"![](attachment:{name})" for name in names)
    many = parse_notebook(notebook(cell(text, {name: {"image/png": png()} for name in names})))
    assert len(many.cells[0].pictures) == MAX_PICTURES
    assert f"{1000 - MAX_PICTURES} pictures" in many.findings[0].text
    large = {name: {"image/png": LARGE} for name in names[:3]}
    heavy = parse_notebook(notebook(*(cell(text, large) for _ in range(4))))
    sizes = [sum(map(len, found.pictures.values())) for found in heavy.cells]
    assert max(sizes) <= MAX_ANSWER + 1000
    assert MAX_ROOM / 2 < sum(sizes) <= MAX_ROOM + 1000


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_a_cell_that_is_too_long_to_be_read_is_told_to_a_person(kind: str) -> None:
    long = cell("z = 'a'\n" * (MAX_SOURCE // 8 + 1), kind=kind)
    found = parse_notebook(notebook(long, cell("x = 1", kind="code")))
    assert [one.source for one in found.cells] == ["", "x = 1"]
    assert "look at it by hand" in found.loss
