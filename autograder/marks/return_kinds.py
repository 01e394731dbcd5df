"""Put a page into a file of the kind that its name will say it is.

Canvas shows what a teacher uploads under the name of the student's own file: a page that is then called
`week03_losses.ipynb` must be a notebook, or nobody can open it.
"""

from __future__ import annotations

import json
import re

from autograder.build.lesson import KERNEL
from autograder.nbgrader_plugin import safe_html
from autograder.zips import zipped

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
