"""The arguments and options of the commands: their names, and what `--help` says of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

TRAIT = re.compile(r"--[A-Z]\w*\.\w+=.*", re.DOTALL)

CourseDir = Annotated[
    Path | None,
    typer.Option("--course", "--course-dir", help="Folder of the course (default: here or above)."),
]
Week = Annotated[str, typer.Argument(help="The week, in full or short: week03_losses, week03 or 3.")]
Database = Annotated[
    str | None,
    typer.Option(
        "--db", metavar="URL", help="Gradebook (default: as nbgrader_config.py says, or gradebook.db)."
    ),
]
Weeks = Annotated[list[str] | None, typer.Argument(help="Weeks, in full or short; all if none is named.")]

NewWeek = Annotated[str, typer.Argument(help="Number and topic of the week: week11_clipping.")]
OnlyCheck = Annotated[
    bool, typer.Option("--check", help="Change nothing; fail if a built file is out of date.")
]
Overwrite = Annotated[bool, typer.Option("--force", help="Overwrite notebooks that were edited in source/.")]
Draft = Annotated[
    bool, typer.Option("--draft", help="Build lessons whose marks are not complete, too: a banner says so.")
]
InProcess = Annotated[
    bool, typer.Option("--in-process", help="Send nothing through the sandbox: a matter of seconds.")
]
EveryAnswer = Annotated[
    bool, typer.Option("--sandbox", help="Send every known answer through the sandbox: minutes.")
]

Students = Annotated[
    list[str] | None,
    typer.Option("--student", help="Grade only this student (may be repeated, or have a *)."),
]
Notebooks = Annotated[
    list[str] | None, typer.Option("--notebook", help="Grade only this notebook of several (may have a *).")
]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes to use (default: all cores).")]
Regrade = Annotated[bool, typer.Option("--force", "-f", help="Grade unchanged submissions again.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the results as JSON, and nothing else.")]
Seed = Annotated[int | None, typer.Option(help="Seed of the checks' inputs (default: a fresh one).")]
CellSeconds = Annotated[float, typer.Option(min=1, help="Time that one cell may take.")]
TotalSeconds = Annotated[float, typer.Option(min=10, help="Time that one notebook may take.")]
NoSandbox = Annotated[bool, typer.Option("--no-sandbox", help="Run trusted submissions without isolation.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show which marks would change, and write nothing.")]
Execute = Annotated[
    bool, typer.Option("--execute/--no-execute", help="Run the notebooks, or leave all to a human.")
]
Create = Annotated[
    bool, typer.Option("--create/--no-create", help="Add students who are not in the gradebook.")
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Grade on the workers of this Dask scheduler: tcp://host:8786."),
]

Roster = Annotated[
    Path | None, typer.Option(help="Class list in CSV; its columns are found by what they hold.")
]
MarksFile = Annotated[Path | None, typer.Option(help="File to write (default: reports/WEEK-FORMAT.csv).")]
SimilarPage = Annotated[Path | None, typer.Option(help="Page to write (default: reports/WEEK-similar.html).")]
ForStudents = Annotated[
    bool, typer.Option("--student", help="Say whether a lesson's folder and this machine have what it needs.")
]
LessonFolder = Annotated[
    Path | None, typer.Argument(help="With --student: where the notebook lies (default: here).")
]


def _show_all_help(context: typer.Context, wanted: bool) -> None:
    if wanted:
        from autograder.nbgrader_options import settings_help  # loads nbgrader, which takes a second

        typer.echo(f"{context.get_help()}\n\n{settings_help()}")
        raise typer.Exit()


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"autograder {version('trainwell')}")
        raise typer.Exit()


Version = Annotated[
    bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
]
HelpAll = Annotated[
    bool,
    typer.Option(
        "--help-all", is_eager=True, callback=_show_all_help, help="This, and the settings of nbgrader's."
    ),
]


def nbgrader_traits(arguments: list[str]) -> tuple[str, ...]:
    """Return arguments that are settings of nbgrader's. Raises BadParameter for any other."""
    for argument in arguments:
        if not TRAIT.fullmatch(argument):
            raise typer.BadParameter(
                f"No such option: {argument}. See --help; settings of nbgrader's: --Class.trait=value"
            )
    return tuple(arguments)
