"""The command that tells in Markdown how it went. Heavy libraries are imported when needed."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.commands.options import CourseDir, Database, Week
from autograder.course import Course

OneStudent = Annotated[
    str | None, typer.Option("--student", help="What this student may read, instead of the class's table.")
]


def summary(
    week: Week, student: OneStudent = None, db: Database = None, course_dir: CourseDir = None
) -> None:
    """Print in Markdown how the class did, or one student: for a workflow's summary, or a file in git.

    Example: autograder summary week03 >> "$GITHUB_STEP_SUMMARY"
    """
    from autograder.hosts.summary import class_summary, student_summary

    course = Course.find(course_dir).with_database(db)
    name = course.resolve(week)
    typer.echo(student_summary(course, name, student) if student else class_summary(course, name))
