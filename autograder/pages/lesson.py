"""Find the words of the lesson that belong to an exercise: its title, and the section to read again."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from autograder.pages.words import heading_text, sentence_name
from autograder.spec import Assignment

# Behind a heading: its marks, how many minutes it takes, how difficult it is.
_MARKS = re.compile(r"(?:[ \t]*\(\d[\d.]* marks?\))?(?:[ \t]+·[ \t]+(?:\d+ min|[●○]{3}))*$")
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
    if not assignment.own:
        title = given_titles(assignment).get(exercise, "")
    return Place(title or sentence_name(exercise), section or assignment_title(assignment))


def given_titles(assignment: Assignment) -> dict[str, str]:
    """Return titles for the cells of an assignment that was made for nbgrader: names there may tell nothing.

    A cell is called after the heading above it, with its own name where several stand below one heading.
    """
    number, heading, found = 0, "", {}
    for cell in assignment.cells:
        if cell.cell_type == "markdown":
            for level, words in _HEADING.findall(cell.released_source):
                number, heading = number + 1, _MARKS.sub("", heading_text(words)) if len(level) > 1 else ""
        if cell.grade_id and cell.kind in ("solution", "written", "check"):
            found[cell.grade_id] = (number, heading, cell.kind == "solution")
    below = Counter(found.values())
    return {name: _given_title(name, place[1], below[place] == 1) for name, place in found.items()}


def _given_title(name: str, heading: str, alone: bool) -> str:
    own = sentence_name(name.rpartition("/")[2])
    return heading if heading and alone else f"{heading}: {own}" if heading else own


def answers_of(exercise: str, assignment: Assignment) -> tuple[str, ...]:
    """Return the cells in which an exercise is answered.

    An instructor's own test cell does not say what it tests: taken are the answers since the one before it.
    """
    cell = assignment.by_id.get(exercise)
    if cell is not None and cell.is_task:
        return ()  # in cells that the student added, and nothing says in which
    if cell is None or not cell.is_test:
        return (exercise,)
    found: list[str] = []
    for other in assignment.cells:
        if other is cell:
            break
        if other.kind == "check":
            found = []
        elif other.kind == "solution" and other.grade_id:
            found.append(other.grade_id)
    return tuple(found)
