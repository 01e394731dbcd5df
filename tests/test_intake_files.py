"""Whatever form a submission arrives in, it is read if it can be, and otherwise a human is told why."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable

import pytest
from intake_samples import (
    ANSWERS,
    answered,
    cell_of,
    own_cell,
    put,
    read,
    read_ready,
    said,
)

from autograder.model import Unreadable

GOOD = json.dumps(answered())
MEGABYTE = 1 << 20


def changed(**top_level) -> bytes:
    return json.dumps(answered() | top_level).encode()


def accented(encoding: str, mark: bytes = b"") -> bytes:
    notebook = answered()
    cell_of(notebook, "written_why")["source"] += " Größe, naïve, déjà vu."
    return mark + json.dumps(notebook, ensure_ascii=False).encode(encoding)


def format_3() -> bytes:
    cells = [dict(cell) for cell in answered()["cells"]]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    cells[0] = {"cell_type": "heading", "level": 1, "source": "# Losses", "metadata": {}}
    return json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    ).encode()


def source_as_lists() -> bytes:
    notebook = answered()
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    return json.dumps(notebook).encode()


def lone_surrogate() -> bytes:
    notebook = answered()
    notebook["cells"].append(own_cell("# half of a \ud83d smiley"))
    return json.dumps(notebook).encode()


def huge_integers() -> bytes:
    return GOOD.replace('"execution_count": null', '"execution_count": ' + "9" * 5000, 1).encode()


def giant_output() -> bytes:
    notebook = answered()
    output = {"output_type": "stream", "name": "stdout", "text": '[0, "\\' * (10 * MEGABYTE)}
    cell_of(notebook, "huber")["outputs"] = [output]
    return json.dumps(notebook).encode()


def giant_attachment() -> bytes:
    notebook = answered()
    notebook["cells"][0]["attachments"] = {"a.png": {"image/png": "A" * (50 * MEGABYTE)}}
    return json.dumps(notebook).encode()


def odd_cells() -> bytes:
    notebook = answered()
    notebook["cells"] += [
        None,
        7,
        {"cell_type": "wizard"},
        {"cell_type": "code", "source": {"a": 1}},
        {"cell_type": "raw"},
    ]
    return json.dumps(notebook).encode()


# the bytes of the notebook, what the findings must say ("" = nothing)
READABLE: list[tuple[Callable[[], bytes], str]] = [
    (lambda: GOOD.encode(), ""),
    (source_as_lists, ""),
    (lambda: changed(nbformat_minor=17), "newer format"),
    (lambda: changed(nbformat=5), "newer format"),
    (lambda: changed(nbformat=None), "does not say its format"),
    (lambda: changed(metadata={"kernelspec": {"language": "R"}}), "kernel of another language"),
    (lambda: changed(metadata=[]), ""),
    (format_3, "old format 3"),
    (lambda: accented("utf-8"), ""),
    (lambda: accented("utf-8", codecs.BOM_UTF8), "byte order mark"),
    (lambda: accented("utf-16"), "UTF-16"),
    (lambda: accented("utf-16-be"), "UTF-16"),
    (lambda: accented("utf-32"), "UTF-32"),
    (lambda: accented("latin-1"), "Latin-1"),
    (lambda: accented("utf-8").replace(b"# Losses", b"# Loss\xffes"), "damaged"),
    (lone_surrogate, "broken characters"),
    (huge_integers, ""),
    (giant_output, ""),
    (giant_attachment, ""),
    (odd_cells, "of no known kind"),
]


@pytest.mark.parametrize(("make", "sentence"), READABLE)
def test_notebooks_of_any_encoding_and_format_are_read(tmp_path, make, sentence):
    submission = read_ready(put(tmp_path, make()))
    found = {cell.grade_id: cell.source for cell in submission.cells}
    assert all(found[label].startswith(answer) for label, answer in ANSWERS.items())
    assert sentence in said(submission) if sentence else not submission.findings


# the bytes of the notebook, what the reason must say
UNREADABLE: list[tuple[Callable[[], bytes], str]] = [
    (lambda: b"", "is empty"),
    (lambda: b" \n\n", "is empty"),
    (lambda: codecs.BOM_UTF8, "is empty"),
    (lambda: GOOD.encode()[: len(GOOD) // 2], "breaks off in the middle"),
    (lambda: GOOD.encode()[:-2], "breaks off in the middle"),
    (lambda: GOOD.replace('"cells": [', '"cells": [,', 1).encode(), "is damaged at line 1"),
    (lambda: b"[" * MEGABYTE, "nested too deeply"),
    (lambda: b'{"a":' * MEGABYTE, "nested too deeply"),
    (lambda: b'{"cells":' + b"[" * 900_000 + b"]" * 900_000 + b"}", "nested too deeply"),
    (lambda: b'{"cells": [' + b"{}," * 5_000_000 + b"{}]}", "far more than a notebook needs"),
    (lambda: b'{"a": "' + b'\\"[' * 5_000_000, "breaks off"),
    (lambda: b"[1, 2]", "JSON of another kind"),
    (lambda: b"null", "JSON of another kind"),
    (lambda: b"hello", "does not begin like one"),
    (lambda: b"\x89PNG\r\n\x1a\n\x00\x00", "is not a notebook"),
    (lambda: b'{"cells": {}}', "no list of cells"),
    (lambda: b'{"cells": []}', "does not hold the cells"),
    (lambda: json.dumps({"cells": [own_cell("1")] * 5001}).encode(), "more than 5000 cells"),
]


@pytest.mark.parametrize(("make", "reason"), UNREADABLE)
def test_what_is_no_notebook_needs_a_human_and_says_why(tmp_path, make, reason):
    outcome = read(put(tmp_path, make()))
    assert isinstance(outcome, Unreadable)
    assert reason in outcome.reason
    assert outcome.reason.endswith(".")
