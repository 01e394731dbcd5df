"""The command that gets work in. Heavy libraries are imported when needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.common import EXIT_NEEDS_HUMAN
from autograder.commands.options import CourseDir, Database, Roster, Week
from autograder.course import Course


def collect(
    week: Week,
    download: Annotated[
        Path, typer.Argument(metavar="FILE-OR-FOLDER", help="What you downloaded: a zip file or a folder.")
    ],
    roster: Roster = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would come in, and write nothing.")
    ] = False,
    db: Database = None,
    course_dir: CourseDir = None,
) -> None:
    """Put what was handed in on Moodle, Canvas or Gradescope, by git or in a folder where it is graded.

    Exit code 0: all is somebody's. 3: some is nobody's, listed with what to do. 1: could not run.

    Example: autograder collect week03 submissions.zip --roster class.csv --dry-run
    """
    from autograder.marks.collect_view import show_collect

    course = Course.find(course_dir).with_database(db)
    complete = show_collect(course, course.resolve(week), download, roster, dry_run=dry_run)
    raise typer.Exit(0 if complete else EXIT_NEEDS_HUMAN)
