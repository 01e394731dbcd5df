"""Find the words of the lesson that belong to an exercise: its title, and the section to read again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.pages.words import heading_text, sentence_name
from autograder.spec import Assignment

_MARKS = re.compile(r"[ \t]*\(\d[\d.]* marks?\)$")
_HEADING = re.compile(r"^(#{1,6})[ \t]++(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """Say where in the lesson an exercise stands."""

    title: str
    section: str


def assignment_title(assignment: Assignment) -> str:
    """Return the lesson's title: its first heading, or the name of the week."""
    found = (
        match
        for cell in assignment.cells
        if cell.cell_type == "markdown"
        for match in _HEADING.finditer(cell.released_source)
    )
    first = next(found, None)
    return heading_text(first[2]) if first else assignment.week.replace("_", " ")


def place_of(exercise: str, assignment: Assignment) -> Place:
    """Return the nearest heading above an exercise's answer, and the section (level 1 or 2) around it."""
    title = section = ""
    for cell in assignment.cells:
        if cell.grade_id == exercise or cell.exercise == exercise:
            break
        if cell.kind in ("solution", "written"):
            title = ""  # a heading names the first answer below it, not the next one's
        if cell.cell_type == "markdown":
            for level, words in _HEADING.findall(cell.released_source):
                title = _MARKS.sub("", heading_text(words))
                section = title if len(level) <= 2 else section
    return Place(title or sentence_name(exercise), section or assignment_title(assignment))
