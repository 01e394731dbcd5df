"""The form of a lesson, as far as a program can see it: its length, its parts, what is folded away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nbgrader.utils import is_solution

from autograder.build.stubs import CHOICE
from autograder.build.students import is_folded
from autograder.nbgrader_plugin import SECRET

Notebook = Any  # nbformat's NotebookNode, which has no types

WORDS, CELLS = 3500, 80  # at most
RUNGS = 2  # at least, of the ladder of an exercise
DOTS = re.compile("●○○|●●○|●●●")
MINUTES = re.compile(r"\d+ min")
FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
SECTION = re.compile(r"\d+\. ")
ENDING = ("self_check", "foresight", "new_words", "recall")
HEADINGS = {
    "find the broken line": "find the broken line",
    "a stopping place": "stopping place|^sitting",
    "Explain it to a partner": "explain it to a partner",
    "Hand in": "hand in",
}


def words_of(notebook: Notebook) -> int:
    """Return how many words a lesson's text has: tables count, code and what only markers read do not."""
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown" and not is_solution(cell))
    text = "\n".join(FENCE.sub("", SECRET.sub("", text)) for text in texts)
    return sum(bool(re.search(r"\w", word)) for word in re.sub(r"<[^>]+>", " ", text).split())


def headings_of(notebook: Notebook) -> Iterator[tuple[int, str]]:
    """Yield the level and the words of each heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for level, words in HEADING.findall(FENCE.sub("", cell.source)):
                yield len(level), words.strip()


def form_problems(source: Notebook, release: Notebook) -> Iterator[str]:
    """Yield what a lesson has too much of, or lacks, in its instructor's notebook and its release."""
    if (words := words_of(source)) > WORDS:
        yield f"its text has {words} words, and may have {WORDS}"
    if len(release.cells) > CELLS:
        yield f"its release has {len(release.cells)} cells, and may have {CELLS}"
    headings = list(headings_of(source))
    for what, pattern in HEADINGS.items():
        if not any(re.search(pattern, words, re.IGNORECASE) for _, words in headings):
            yield f"no heading says: {what}"
    sections = [words for level, words in headings if level == 2 and SECTION.match(words)]
    if not sections:
        yield "no section is numbered: ## 1. Title · 20 min"
    yield from (f"the section {words} lacks its minutes: · 20 min" for words in sections if not _timed(words))
    code = "\n".join(cell.source for cell in source.cells if cell.cell_type == "code")
    yield from (f"no cell calls {name}()" for name in ENDING if not re.search(rf"^{name}\(", code, re.M))


def _timed(heading: str) -> bool:
    return bool(re.search(r" · \d+ min$", heading))


def exercise_problems(source: Notebook) -> Iterator[str]:
    """Yield what the instructions of graded exercises lack. Questions with options need no ladder."""
    text, ids = "", _grade_ids(source)
    for cell in source.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown":
            text = cell.source if re.search("^#{2,3} ", cell.source, re.M) else f"{text}\n{cell.source}"
        name = nbgrader.get("grade_id", "")
        if not (nbgrader.get("solution") and cell.cell_type == "code" and f"{name}_check" in ids):
            continue
        if f"{name}_visible" in ids:
            yield f"{name} has two check cells: put the visible line above the hidden part"
        if CHOICE.search(cell.source):
            continue
        if not MINUTES.search(text):
            yield f"{name} does not say how many minutes it takes: 15 min"
        if not DOTS.search(text):
            yield f"{name} does not say how difficult it is: ●○○"
        if text.count("<details>") < RUNGS:
            yield f"{name} has no ladder of at least {RUNGS} <details>"


def _grade_ids(notebook: Notebook) -> set[str]:
    return {cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells}


def folding_problems(release: Notebook) -> Iterator[str]:
    """Yield the cells of a release that are open and should be folded away, or the other way round."""
    for cell in release.cells:
        hidden = bool(cell.metadata.get("jupyter", {}).get("source_hidden"))
        if (hidden, cell.metadata.get("cellView") == "form") != (is_folded(cell),) * 2:
            yield f"the cell {cell.id} is {'folded away' if hidden else 'open'}"
