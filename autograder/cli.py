"""The command line. A command is one call into the package; heavy libraries are imported when needed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograder.course import Course, CourseError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build lessons, grade a class safely, and say what went wrong in words that help.",
)

CourseDir = Annotated[
    Path | None, typer.Option("--course", help="Folder of the course (default: here or above).")
]
Week = Annotated[str, typer.Argument(help="The week, in full or short: week03_losses, week03 or 3.")]
Weeks = Annotated[list[str] | None, typer.Argument(help="Weeks, in full or short; all if none is named.")]

EXIT_CANNOT_RUN = 1
EXIT_NEEDS_HUMAN = 3


def chosen_weeks(course: Course, names: list[str] | None) -> tuple[str, ...]:
    """Return the named weeks in full, or all of them."""
    return tuple(course.resolve(name) for name in names) if names else course.weeks()


@app.command()
def build(
    weeks: Weeks = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if a built file is out of date.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite notebooks that were edited in source/.")
    ] = False,
    course_dir: CourseDir = None,
) -> None:
    """Build source and release notebooks from the lesson texts.

    Example: autograder build week03
    """
    from autograder.views import show_build

    course = Course.find(course_dir)
    raise typer.Exit(show_build(course, chosen_weeks(course, weeks), check=check, force=force))


@app.command()
def grade(
    week: Week,
    student: Annotated[
        list[str] | None, typer.Option(help="Grade only this student (may be repeated).")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to use (default: all cores).")] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Grade unchanged submissions again.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the results as JSON, and nothing else.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option(help="Seed of the checks' inputs (default: a fresh one).")
    ] = None,
    cell_seconds: Annotated[float, typer.Option(min=1, help="Time that one cell may take.")] = 30.0,
    total_seconds: Annotated[float, typer.Option(min=10, help="Time that one notebook may take.")] = 240.0,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Run trusted submissions without isolation.")
    ] = False,
    course_dir: CourseDir = None,
) -> None:
    """Grade the submissions of a week in the sandbox.

    Exit code 0: all graded. 3: some need a human, listed with reasons. 1: could not run.

    Example: autograder grade week03 --student ada
    """
    from autograder.grading import Options, core_count
    from autograder.model import Limits
    from autograder.views import show_grading

    course = Course.find(course_dir)
    limits = Limits(cell_seconds=cell_seconds, total_seconds=total_seconds)
    chosen = workers or core_count()
    options = Options(tuple(student or ()), chosen, force, seed, limits, no_sandbox)
    needs_human = show_grading(course, course.resolve(week), options, as_json=as_json)
    raise typer.Exit(EXIT_NEEDS_HUMAN if needs_human else 0)


@app.command()
def verify(weeks: Weeks = None, course_dir: CourseDir = None) -> None:
    """Prove the checks: right answers earn all marks, typical mistakes lose some and are named.

    Example: autograder verify week03
    """
    from autograder.verify import verify_weeks
    from autograder.views import show_verification

    course = Course.find(course_dir)
    ok = show_verification(verify_weeks(course, chosen_weeks(course, weeks)))
    raise typer.Exit(0 if ok else EXIT_CANNOT_RUN)


@app.command()
def feedback(week: Week, course_dir: CourseDir = None) -> None:
    """Write the feedback pages again, with the manual marks and comments that are now in the gradebook.

    Example: autograder feedback week03
    """
    from autograder.record.writer import write_feedback

    course = Course.find(course_dir)
    pages = write_feedback(course, course.resolve(week))
    typer.echo(f"{len(pages)} feedback pages are in {course.root / 'feedback'}")


@app.command()
def report(week: Week, course_dir: CourseDir = None) -> None:
    """Write the class report: marks, difficult exercises, common mistakes, submissions that need a human.

    Example: autograder report week03
    """
    from autograder.record.writer import write_report

    course = Course.find(course_dir)
    typer.echo(f"The report is {write_report(course, course.resolve(week))}")


@app.command()
def doctor() -> None:
    """Say which protections hold on this machine, by trying to break each.

    Example: autograder doctor
    """
    from autograder.views import show_doctor

    raise typer.Exit(0 if show_doctor() else EXIT_CANNOT_RUN)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where the sample class is kept.")] = Path("demo"),
    week: Annotated[str, typer.Option(help="The week that the sample class hands in.")] = "week03",
    course_dir: CourseDir = None,
) -> None:
    """Make a sample class of 12 students, grade it, and write feedback and a report.

    Example: autograder demo
    """
    from autograder.demo import run_demo

    course = Course.find(course_dir)
    run_demo(course, course.resolve(week), folder)


def main() -> None:
    """Run the command line; a known problem ends in one sentence on standard error, not in a traceback."""
    try:
        app()
    except CourseError as error:
        print(error, file=sys.stderr)
        sys.exit(EXIT_CANNOT_RUN)
    except KeyboardInterrupt:
        print(
            "Stopped. What was graded so far is kept; run the same command again to go on.", file=sys.stderr
        )
        sys.exit(130)


def print_json(value: object) -> None:
    """Print a value as JSON for other programs."""
    print(json.dumps(value, indent=1))


if __name__ == "__main__":
    main()
