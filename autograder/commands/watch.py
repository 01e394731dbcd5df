"""The command that grades what is handed in as it arrives."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.commands.options import CellSeconds, CourseDir, Database, NoSandbox, TotalSeconds, Workers
from autograder.course import Course

WatchedWeeks = Annotated[
    list[str], typer.Argument(help="Weeks, in full or short: week03_losses, week03 or 3.")
]
PerDay = Annotated[
    int | None,
    typer.Option("--attempts", min=1, help="Hand-ins of a student that are graded a day (default: all)."),
]
Poll = Annotated[
    bool,
    typer.Option("--poll", help="Look at the files again and again: for network drives, which tell nobody."),
]


def watch(
    weeks: WatchedWeeks,
    attempts: PerDay = None,
    poll: Poll = False,
    workers: Workers = None,
    cell_seconds: CellSeconds = 30.0,
    total_seconds: TotalSeconds = 240.0,
    no_sandbox: NoSandbox = False,
    db: Database = None,
    course_dir: CourseDir = None,
) -> None:
    """Grade what is handed in as it arrives, until Ctrl-C, and write the feedback at once.

    What came while nobody watched is graded first. Killed and started again, it loses and doubles nothing.

    Example: autograder watch week03 --attempts 5
    """
    from autograder.model import Limits
    from autograder.options import Options, core_count
    from autograder.run.watch import Watching
    from autograder.run.watch_view import show_watching

    course = Course.find(course_dir).with_database(db)
    limits = Limits(cell_seconds=cell_seconds, total_seconds=total_seconds)
    options = Options(workers=workers or core_count(), limits=limits, no_sandbox=no_sandbox)
    names = tuple(dict.fromkeys(course.resolve(week) for week in weeks))
    show_watching(Watching(course, names, options, attempts, poll))
