"""The tour: a sample class is made, graded in the sandbox, and told what went wrong."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from rich.console import Console

from autograder.course import Course
from autograder.model import Limits
from autograder.options import Options
from autograder.record.pages import write_report
from autograder.sample_class import make_sample_class
from autograder.views import show_build, show_grading

DEMO_LIMITS = Limits(cell_seconds=10)  # one of the 12 never ends: nobody should wait long for the tour


def run_demo(course: Course, week: str, folder: Path) -> None:
    """Build the course, make a class of 12 in `folder`, grade it, and say where the pages are.

    A second run builds and grades only what changed.
    """
    console = Console()
    console.rule("1. Build the lessons", align="left")
    if show_build(course, course.weeks(), draft=True):
        sys.exit(1)
    console.rule("2. A class of 12 hands in", align="left")
    demo = sample_course(course, week, folder)
    console.print(", ".join(make_sample_class(demo, week)))
    console.rule("3. Grade it in the sandbox", align="left")
    show_grading(demo, week, Options(limits=DEMO_LIMITS), as_json=False)
    report = write_report(demo, week)
    console.rule("4. Look at the results", align="left")
    for what, path in (
        ("class report", report),
        ("feedback pages", demo.root / "feedback"),
        ("gradebook", demo.root / "gradebook.db"),
        ("one page", demo.feedback(week, "dora") / f"{week}.html"),
    ):
        console.print(f"  {what:15}{path}", soft_wrap=True, highlight=False)
    console.print(
        f"\nTo open the report: xdg-open {report}   (or drag it into a browser)",
        soft_wrap=True,
        highlight=False,
    )


def sample_course(course: Course, week: str, folder: Path) -> Course:
    """Return a course of its own in `folder`, with this week's notebooks: no real class is touched."""
    root = folder.resolve()
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy2(course.root / "nbgrader_config.py", root)
    for path in (course.source(week).parent, course.release(week).parent, course.hidden(week)):
        shutil.copytree(path, root / path.relative_to(course.root), dirs_exist_ok=True)
    return Course(root)
