"""Read and extend the table of weeks in course/README.md: the marks that lessons must add up to."""

from __future__ import annotations

import re

from autograder.course import Course, CourseError
from autograder.files import write_atomically

ROW = re.compile(r"^\|\s*(week\d\d)\s*\|\s*([^|]+?)\s*\|\s*(\d+)\s*\|", re.MULTILINE)


def syllabus_marks(course: Course) -> dict[str, float]:
    """Return the marks of each week of the syllabus by its short name (`week03`).

    Raises CourseError if the table is missing.
    """
    path = course.root / "course" / "README.md"
    rows = ROW.findall(path.read_text(encoding="utf-8")) if path.is_file() else []
    if not rows:
        raise CourseError(f"{path} holds no table of weeks. Add one with rows like: | week03 | Losses | 12 |")
    return {week: float(marks) for week, _, marks in rows}


def add_row(course: Course, row: str) -> None:
    """Write a row, without its line end, below the last one of the table of weeks."""
    path = course.root / "course" / "README.md"
    text = path.read_text(encoding="utf-8")
    last = [match.end() for match in ROW.finditer(text)][-1]
    end = text.find("\n", last)
    before, after = (text, "\n") if end < 0 else (text[:end], text[end:])
    write_atomically(path, f"{before}\n{row}{after}".encode())
