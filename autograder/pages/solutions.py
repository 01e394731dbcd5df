"""What may be told when everybody's time is over: a worked solution, the right option and why it is right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.checks.week import right_letter
from autograder.pages.lesson import answers_of
from autograder.spec import Assignment

OPTION = re.compile(r"^[-*] \*\*([A-Z])\.\*\* (.+(?:\n[ \t]+\S.*)*)", re.MULTILINE)
MARKER = re.compile(r"^[ \t]*#+ (?:BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Solution:
    """Hold the right answer to an exercise: source, or for a question its letter, words, and why."""

    source: str = ""
    letter: str = ""
    words: str = ""
    why: str = ""


def solutions_of(assignment: Assignment, replies: Mapping[str, str]) -> dict[str, Solution]:
    """Return the solution of each exercise that checks mark.

    `replies` say of a question's right option why it is right, by exercise.
    """
    names = [cell.exercise for cell in assignment.graded if cell.exercise]
    found = {name: _solution(name, assignment, replies.get(name, "")) for name in names}
    return {name: solution for name, solution in found.items() if solution is not None}


def _solution(name: str, assignment: Assignment, why: str) -> Solution | None:
    cells = [assignment.by_id[one] for one in answers_of(name, assignment) if one in assignment.by_id]
    if not cells:
        return None
    letter = right_letter(cells[0], f"answer_{name}")
    if letter is not None:
        return Solution(letter=letter, words=_options(name, assignment).get(letter, ""), why=why)
    source = "\n\n".join(MARKER.sub("", cell.source).strip() for cell in cells)
    return Solution(source=source) if source else None


def _options(name: str, assignment: Assignment) -> dict[str, str]:
    """Return the words of a question's options, from the nearest text above its answer that has them."""
    found: dict[str, str] = {}
    for cell in assignment.cells:
        if cell.grade_id == name:
            break
        if cell.cell_type == "markdown":
            found = {
                letter: " ".join(words.split()) for letter, words in OPTION.findall(cell.source)
            } or found
    return found
