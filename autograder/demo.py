"""The tour: two sample classes are made, graded in the sandbox, and told what went wrong."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from rich.console import Console

from autograder.course import Course, short_name
from autograder.model import Limits
from autograder.options import Options
from autograder.record.pages import write_report
from autograder.sample_class import make_sample_class
from autograder.sample_written import make_written_class
from autograder.similar_view import show_similar
from autograder.standing import class_standings
from autograder.views import show_build, show_grading

DEMO_LIMITS = Limits(cell_seconds=10)  # one of the 12 never ends: nobody should wait long for the tour


def run_demo(course: Course, week: str, written: str, folder: Path) -> None:
    """Build the course, make two classes in `folder`, grade them, and say where the pages are.

    12 students hand in `week`, and a few hand in `written`, a week with answers to be marked by hand.
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
    console.rule("4. A week with written answers, and two who worked together", align="left")
    console.print(", ".join(make_written_class(sample_course(course, written, folder), written)))
    show_grading(demo, written, Options(), as_json=False)
    show_waiting(console, demo, written)
    show_similar(demo, written, None)
    console.rule("5. Look at the results", align="left")
    show_places(console, demo, [week, written])


def show_waiting(console: Console, demo: Course, week: str) -> None:
    """Say whose written answers wait for a mark, and how to give it."""
    standings, _, _ = class_standings(demo, week)
    waiting = [name for name, standing in standings.items() if standing.status == "waiting"]
    console.print(
        f"The written answers of {', '.join(waiting) or 'nobody'} wait for a mark by hand. To give it, run "
        f"jupyter lab in {demo.root} and open the Formgrader: it shows each answer with its mark scheme. "
        f"Then write the pages again: autograder feedback {short_name(week)}",
        highlight=False,
    )


def show_places(console: Console, demo: Course, weeks: list[str]) -> None:
    """Say where the pages of the sample classes lie."""
    reports = [write_report(demo, week) for week in weeks]
    places = [
        *(("class report", report) for report in reports),
        ("feedback pages", demo.root / "feedback"),
        ("gradebook", demo.root / "gradebook.db"),
        ("one page", demo.feedback(weeks[0], "dora") / f"{weeks[0]}.html"),
    ]
    for what, path in places:
        console.print(f"  {what:15}{path}", soft_wrap=True, highlight=False)
    console.print(
        f"\nTo open a report: xdg-open {reports[0]}   (or drag it into a browser)",
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
