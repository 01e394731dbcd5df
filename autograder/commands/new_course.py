"""The command that begins a course."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new_course(folder: Annotated[Path, typer.Argument(help="The folder to write: new, or empty.")]) -> None:
    """Write the folder of a new course: the engine of lessons, and one small week that builds and grades.

    Example: autograder new-course my-course
    """
    from autograder.build.new_course import write_course

    typer.echo(write_course(folder))
