"""The command line. A command is one call into the package; heavy libraries are imported when needed."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__" and sys.argv[1:2] == ["doctor"] and not sys.flags.safe_path:
    del sys.path[0]  # the current folder: the doctor looks at it before anything in it is loaded

import signal
from pathlib import Path
from types import ModuleType
from typing import Annotated, cast

import typer

from autograder.cli_options import (
    AsJson,
    CellSeconds,
    Cluster,
    CourseDir,
    Create,
    Database,
    Draft,
    DryRun,
    EveryAnswer,
    Execute,
    ForStudents,
    HelpAll,
    InProcess,
    LessonFolder,
    MarksFile,
    NewWeek,
    NoSandbox,
    Notebooks,
    OnlyCheck,
    Overwrite,
    Regrade,
    Roster,
    Seed,
    SimilarPage,
    Students,
    TotalSeconds,
    Week,
    Weeks,
    Workers,
    nbgrader_traits,
)
from autograder.course import Course, CourseError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build lessons, grade a class safely, and say what went wrong in words that help.",
)

EXIT_CANNOT_RUN = 1
EXIT_NEEDS_HUMAN = 3
EXIT_INTERRUPTED = 130


def chosen_weeks(course: Course, names: list[str] | None) -> tuple[str, ...]:
    """Return the named weeks in full, or all of them."""
    return tuple(course.resolve(name) for name in names) if names else course.weeks()


def warn_of_unknown_names(course: Course) -> None:
    """Say on standard error who was given more time, but is nobody's folder."""
    from autograder.record.extensions import unknown_names

    for sentence in unknown_names(course):
        typer.echo(sentence, err=True)


@app.command()
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


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
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


@app.command()
def new(
    week: NewWeek,
    course_dir: CourseDir = None,
) -> None:
    """Write the folder of a new week: a lesson, its widget and checks, small and complete, to be changed.

    Example: autograder new week11_clipping
    """
    from autograder.build.new import write_week

    typer.echo(write_week(Course.find(course_dir), week))


@app.command()
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


@app.command()
def feedback(week: Week, db: Database = None, course_dir: CourseDir = None) -> None:
    """Write the feedback pages again, with the manual marks and comments that are now in the gradebook.

    Example: autograder feedback week03
    """
    from autograder.record.pages import write_feedback

    course = Course.find(course_dir).with_database(db)
    name = course.resolve(week)
    pages = write_feedback(course, name)
    typer.echo(f"{len(pages)} feedback pages are in {course.feedback(name, '<student>')}")


@app.command()
def report(week: Week, db: Database = None, course_dir: CourseDir = None) -> None:
    """Write the class report: marks, difficult exercises, common mistakes, submissions that need a human.

    Example: autograder report week03
    """
    from autograder.record.pages import write_report

    course = Course.find(course_dir).with_database(db)
    typer.echo(f"The report is {write_report(course, course.resolve(week))}")


@app.command()
def export(
    week: Week,
    to: Annotated[str, typer.Option("--to", help="What the file is for: csv, canvas or moodle.")] = "csv",
    roster: Roster = None,
    output: MarksFile = None,
    db: Database = None,
    course_dir: CourseDir = None,
) -> None:
    """Write the marks for a spreadsheet, Canvas or Moodle; missing, late, broken and zero are told apart.

    Example: autograder export week03 --to canvas --roster class.csv
    """
    from autograder.export import export_week
    from autograder.export_view import show_export

    course = Course.find(course_dir).with_database(db)
    done = export_week(course, course.resolve(week), to, roster, output)
    warn_of_unknown_names(course)
    show_export(done)


@app.command()
def similar(week: Week, output: SimilarPage = None, course_dir: CourseDir = None) -> None:
    """List pairs of answers that are alike in what few others write, and show them side by side on a page.

    Example: autograder similar week03
    """
    from autograder.similar_view import show_similar

    course = Course.find(course_dir)
    show_similar(course, course.resolve(week), output)


@app.command()
def doctor(student: ForStudents = False, folder: LessonFolder = None) -> None:
    """Say which protections hold on this machine, by trying to break each; or what a student lacks.

    Example: autograder doctor

    Example: autograder doctor --student release/week03_losses
    """
    from autograder.views import show_doctor, show_students_doctor

    is_well = show_students_doctor(folder) if student or folder else show_doctor()
    raise typer.Exit(0 if is_well else EXIT_CANNOT_RUN)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where the sample class is kept.")] = Path("demo"),
    week: Annotated[str, typer.Option(help="The week that the class of 12 hands in.")] = "week03",
    written: Annotated[str, typer.Option(help="The week with written answers.")] = "week08",
    course_dir: CourseDir = None,
) -> None:
    """Make two sample classes, grade them, and write feedback, reports and what is alike.

    Example: autograder demo
    """
    from autograder.demo import run_demo

    course = Course.find(course_dir)
    run_demo(course, course.resolve(week), course.resolve(written), folder)


def main() -> None:
    """Run the command line; a known problem ends in one sentence on standard error, not in a traceback."""
    # Building jsonschema's optional grammar of web addresses takes longer than all else that a command needs.
    sys.modules.setdefault("rfc3987_syntax", cast(ModuleType, None))
    # Whoever starts this may ignore the end of children and hand that down; then nobody can wait for one.
    if hasattr(signal, "SIGCHLD"):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        app()
    except CourseError as error:
        print(error, file=sys.stderr)
        sys.exit(EXIT_CANNOT_RUN)
    except SystemExit as end:
        if end.code == EXIT_INTERRUPTED:  # typer has caught Ctrl-C and says nothing
            print(
                "Stopped. What was graded so far is kept; run the same command again to go on.",
                file=sys.stderr,
            )
        raise


if __name__ == "__main__":
    main()
