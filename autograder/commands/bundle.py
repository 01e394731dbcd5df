"""The command that packs what students need."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.lessons import chosen_weeks
from autograder.commands.options import CourseDir, Weeks
from autograder.course import Course

ZipFile = Annotated[Path | None, typer.Option(help="Zip to write, of one week (default: bundles/WEEK.zip).")]


def bundle(weeks: Weeks = None, output: ZipFile = None, course_dir: CourseDir = None) -> None:
    """Pack a week into one zip for students: notebook, all files, requirements, and how to start.

    Example: autograder bundle week03
    """
    from autograder.build.bundle import write_bundle

    course = Course.find(course_dir)
    names = chosen_weeks(course, weeks)
    if output is not None and len(names) != 1:
        raise typer.BadParameter("--output is for one week: name it, as in autograder bundle week03.")
    for week in names:
        path = write_bundle(course, week, output)
        typer.echo(f"{path}  ({path.stat().st_size / 1e6:.1f} MB)")
