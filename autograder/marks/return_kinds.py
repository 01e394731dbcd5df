"""Put a page into a file of the kind that its name will say it is.

Canvas shows what a teacher uploads under the name of the student's own file: a page that is then called
`week03_losses.ipynb` must be a notebook, or nobody can open it.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping

from autograder.build.lesson import KERNEL
from autograder.nbgrader_plugin import safe_html

EARLIEST = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # a zip cannot say less: with the same times, the same pages give the same bytes
READABLE = 0o100644 << 16
UNIX = 3
BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
BLANK_LINE = re.compile(r"\n[ \t]*(?=\n)")
NOTEBOOK, ZIP, PAGE = ".ipynb", ".zip", ".html"


def ending_for(name: str) -> str:
    """Return the ending of the file that holds a page for somebody who handed in a file of this name."""
    return next((ending for ending in (NOTEBOOK, ZIP) if name.lower().endswith(ending)), PAGE)


def as_kind(name: str, page_name: str, page: bytes) -> bytes:
    """Return a page as the file that `name` says it is: a notebook, a zip, or the page itself."""
    if name.endswith(NOTEBOOK):
        return as_notebook(page.decode("utf-8"))
    return zipped({page_name: page}) if name.endswith(ZIP) else page


def as_notebook(page: str) -> bytes:
    """Return a notebook that shows a page, in one cell of text: nothing has to be run."""
    body = BODY.search(page)
    html = safe_html(body[1] if body else page).strip()
    # A blank line would end the HTML in Markdown, also one in an answer; a comment keeps it there, unseen.
    text = BLANK_LINE.sub("\n<!-- -->", html)
    cell = {"cell_type": "markdown", "id": "feedback", "metadata": {}, "source": text}
    notebook = {"cells": [cell], "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zip_entry(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def zip_entry(name: str) -> zipfile.ZipInfo:
    """Return the entry of a file in a zip that says nothing about when and where it was made."""
    entry = zipfile.ZipInfo(name, EARLIEST)
    entry.external_attr, entry.create_system = READABLE, UNIX
    return entry
