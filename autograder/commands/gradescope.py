"""The command that hands grading on to Gradescope. Heavy libraries are imported when needed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.options import CellSeconds, CourseDir, NoSandbox, TotalSeconds, Week
from autograder.course import Course

ZipFile = Annotated[Path | None, typer.Option(help="Zip to write (default: bundles/gradescope-WEEK.zip).")]


def gradescope(
    week: Week,
    output: ZipFile = None,
    cell_seconds: CellSeconds = 30.0,
    total_seconds: TotalSeconds = 240.0,
    no_sandbox: NoSandbox = False,
    course_dir: CourseDir = None,
) -> None:
    """Write the zip that Gradescope grades a week with: each submission in a sandbox, in its container.

    Example: autograder gradescope week03
    """
    from autograder.hosts.gradescope import write_zip
    from autograder.model import Limits

    course = Course.find(course_dir)
    limits = Limits(cell_seconds=cell_seconds, total_seconds=total_seconds)
    path, marks = write_zip(course, course.resolve(week), output, limits, no_sandbox)
    typer.echo(f"Wrote {shlex.quote(str(path))}: give it to Gradescope, and to nobody else.")
    typer.echo(f"It holds solutions and hidden checks. Autograder points there: {marks:g}")
