"""The commands that grade a class and write its pages. Heavy libraries are imported when needed."""

from __future__ import annotations

import typer

from autograder.commands.common import EXIT_NEEDS_HUMAN, warn_of_unknown_names
from autograder.commands.options import (
    AsJson,
    CellSeconds,
    Cluster,
    CourseDir,
    Create,
    Database,
    DryRun,
    Execute,
    HelpAll,
    NoSandbox,
    Notebooks,
    Regrade,
    Seed,
    Students,
    TotalSeconds,
    Week,
    Workers,
    nbgrader_traits,
)
from autograder.course import Course


def grade(
    context: typer.Context,
    week: Week,
    student: Students = None,
    notebook: Notebooks = None,
    workers: Workers = None,
    force: Regrade = False,
    as_json: AsJson = False,
    seed: Seed = None,
    cell_seconds: CellSeconds = 30.0,
    total_seconds: TotalSeconds = 240.0,
    no_sandbox: NoSandbox = False,
    dry_run: DryRun = False,
    execute: Execute = True,
    create: Create = True,
    db: Database = None,
    cluster: Cluster = None,
    course_dir: CourseDir = None,
    help_all: HelpAll = False,
) -> None:
    """Grade the submissions of a week in the sandbox.

    Any course of nbgrader's will do, and its settings may be given as --Class.trait=value.

    Exit code 0: all graded. 3: some need a human, listed with reasons. 1: could not run.

    Example: autograder grade week03 --student ada

    Example: autograder grade week03 --dry-run
    """
    from autograder.model import Limits
    from autograder.options import Options, core_count
    from autograder.views import show_grading

    traits = nbgrader_traits(context.args)
    traits += () if execute else ("--Execute.enabled=False",)
    traits += () if create else ("--Autograde.create_student=False",)
    course = Course.find(course_dir, traits).with_database(db)
    limits = Limits(cell_seconds=cell_seconds, total_seconds=total_seconds)
    options = Options(
        tuple(student or ()), workers or core_count(), force, seed, limits, no_sandbox, cluster, dry_run,
        notebooks=tuple(notebook or ()),
    )  # fmt: skip
    name = course.resolve(week)
    warn_of_unknown_names(course)
    needs_human = show_grading(course, name, options, as_json=as_json)
    raise typer.Exit(EXIT_NEEDS_HUMAN if needs_human else 0)


def feedback(week: Week, db: Database = None, course_dir: CourseDir = None) -> None:
    """Write the feedback pages again, with the manual marks and comments that are now in the gradebook.

    Example: autograder feedback week03
    """
    from autograder.record.pages import write_feedback

    course = Course.find(course_dir).with_database(db)
    name = course.resolve(week)
    pages = write_feedback(course, name)
    typer.echo(f"{len(pages)} feedback pages are in {course.feedback(name, '<student>')}")


def report(week: Week, db: Database = None, course_dir: CourseDir = None) -> None:
    """Write the class report: marks, difficult exercises, common mistakes, submissions that need a human.

    Example: autograder report week03
    """
    from autograder.record.pages import write_report

    course = Course.find(course_dir).with_database(db)
    typer.echo(f"The report is {write_report(course, course.resolve(week))}")
