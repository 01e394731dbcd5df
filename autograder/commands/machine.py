"""The commands that try this machine, and show what the program does. Libraries are loaded when needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.common import EXIT_CANNOT_RUN
from autograder.commands.options import CourseDir, ForStudents, LessonFolder
from autograder.course import Course


def doctor(student: ForStudents = False, folder: LessonFolder = None) -> None:
    """Say which protections hold on this machine, by trying to break each; or what a student lacks.

    Example: autograder doctor

    Example: autograder doctor --student release/week03_losses
    """
    from autograder.views import show_doctor, show_students_doctor

    is_well = show_students_doctor(folder) if student or folder else show_doctor()
    raise typer.Exit(0 if is_well else EXIT_CANNOT_RUN)


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
