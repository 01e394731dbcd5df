"""The command that gives feedback pages back to where the work came from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.common import EXIT_NEEDS_HUMAN, warn_of_unknown_names
from autograder.commands.options import CourseDir, Database, Week
from autograder.course import Course


def give_back(
    week: Week,
    to: Annotated[str, typer.Option("--to", help="Where pages go: moodle, canvas or folder.")],
    student: Annotated[
        list[str] | None,
        typer.Option("--student", help="Give back only this student's (may be repeated, or have a *)."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Zip or folder to write (default: returned/WEEK-moodle.zip, and the like)."),
    ] = None,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Give back pages with marks that wait for a person, too.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what an earlier return wrote.")] = False,
    db: Database = None,
    course_dir: CourseDir = None,
) -> None:
    """Write the feedback pages into a zip for Moodle or Canvas, or into a folder for each student.

    The pages have the marks that are in the gradebook now, those given by hand, too.

    Exit code 0: everybody's are in it. 3: some are left out, listed with reasons. 1: could not run.

    Example: autograder return week03 --to moodle
    """
    from autograder.marks.return_view import show_return, working
    from autograder.marks.returning import return_week

    course = Course.find(course_dir).with_database(db)
    name = course.resolve(week)
    warn_of_unknown_names(course)
    with working():
        done = return_week(course, name, to, students=tuple(student or ()), output=output,
                           unfinished=unfinished, force=force)  # fmt: skip
    show_return(done)
    raise typer.Exit(EXIT_NEEDS_HUMAN if done.left_out or done.elsewhere else 0)
