"""A course with one tiny lesson: a function, a choice and a written answer."""

from __future__ import annotations

import shutil
from pathlib import Path

from conftest import ROOT

from autograder.course import Course

WEEK = "week03_tiny"

ENGINE = '''"""The engine of the tiny course."""


def total(numbers):
    """Return the sum of the numbers."""
    result_so_far = sum(numbers)
    return result_so_far
'''

CHECKS = """from autograder.checks.framework import check
from checking import expect_close


@check("double", marks=2)
def negative_numbers_are_doubled_too(student):
    expect_close(student.double(-7.25), -14.5, call="double(-7.25)", hint="add x to itself")
"""

LESSON = (ROOT / "tests" / "tiny_lesson.md").read_text(encoding="utf-8")


def make_tiny_course(root: Path) -> Course:
    """Write the tiny course into `root` and return it. Its lesson is worth 7 marks."""
    for name in ("nbgrader_config.py", "jupytext.toml"):
        shutil.copy(ROOT / name, root)
    course = Course(root)
    write(course.lesson(WEEK), LESSON)
    write(
        root / "course" / "README.md", "| Week | Title | Marks |\n|---|---|---|\n| week03 | Doubling | 7 |\n"
    )
    write(root / "utils.py", ENGINE)
    write(course.hidden(WEEK) / "double.py", CHECKS)
    return course


def write(path: Path, text: str) -> None:
    """Write a text file and the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
