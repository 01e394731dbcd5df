"""Read the table of weeks in course/README.md: the marks that lessons must add up to."""

from __future__ import annotations

import re

from autograder.course import Course, CourseError

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
