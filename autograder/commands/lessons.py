"""The commands for those who write lessons. Heavy libraries are imported when needed."""

from __future__ import annotations

import os

import typer

from autograder.commands.common import EXIT_CANNOT_RUN
from autograder.commands.options import (
    CourseDir,
    Draft,
    EveryAnswer,
    InProcess,
    NewWeek,
    OnlyCheck,
    Overwrite,
    Weeks,
)
from autograder.course import Course


def chosen_weeks(course: Course, names: list[str] | None) -> tuple[str, ...]:
    """Return the named weeks in full, or all of them."""
    return tuple(course.resolve(name) for name in names) if names else course.weeks()


def build(
    weeks: Weeks = None,
    check: OnlyCheck = False,
    force: Overwrite = False,
    draft: Draft = False,
    course_dir: CourseDir = None,
) -> None:
    """Build source and release notebooks from the lesson texts.

    Example: autograder build week03

    Example: autograder build --draft week11
    """
    from autograder.views import show_build

    course = Course.find(course_dir)
    raise typer.Exit(show_build(course, chosen_weeks(course, weeks), check=check, force=force, draft=draft))


def new(
    week: NewWeek,
    course_dir: CourseDir = None,
) -> None:
    """Write the folder of a new week: a lesson, its widget and checks, small and complete, to be changed.

    Example: autograder new week11_clipping
    """
    from autograder.build.new import write_week

    typer.echo(write_week(Course.find(course_dir), week))


def verify(
    weeks: Weeks = None,
    in_process: InProcess = False,
    sandbox: EveryAnswer = False,
    course_dir: CourseDir = None,
) -> None:
    """Prove the checks: right answers earn all marks, typical mistakes lose some and are named.

    All laws are tried in this process, and three submissions a week go through the sandbox.

    Example: autograder verify week03
    """
    # As in the sandbox, and before NumPy is loaded: threads that wait for each other count as computing.
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))
    from autograder.verify import verify_weeks
    from autograder.views import show_verification

    if in_process and sandbox:
        raise typer.BadParameter("--in-process and --sandbox exclude each other: give one of them.")
    course = Course.find(course_dir)
    names = chosen_weeks(course, weeks)
    verdicts = verify_weeks(course, names, "process" if in_process else "all" if sandbox else "some")
    raise typer.Exit(0 if show_verification(verdicts) else EXIT_CANNOT_RUN)
