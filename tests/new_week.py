"""A course whose only week was made by `autograder new`, for tests that change one thing in it."""

from __future__ import annotations

import shutil
from pathlib import Path

from conftest import ROOT

from autograder.build import build_weeks
from autograder.build.new import write_week
from autograder.course import Course

WEEK = "week11_clipping"


def make_course(root: Path) -> Course:
    """Write a course with the shared files of this one, and no week of its own, into `root`."""
    for name in ("nbgrader_config.py", "jupytext.toml", "utils.py"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "course" / "shared", root / "course" / "shared")
    for name in ("README.md", "glossary.md"):
        shutil.copy(ROOT / "course" / name, root / "course")
    return Course(root)


def make_new_week(root: Path) -> Course:
    """The same, with a new week in it that was built as a draft."""
    course = make_course(root)
    write_week(course, WEEK)
    (result,) = build_weeks(course, [WEEK], draft=True)
    assert result.problems == ()
    return course
