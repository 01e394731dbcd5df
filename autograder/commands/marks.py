"""The commands that hand marks on, and compare answers. Heavy libraries are imported when needed."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.commands.common import warn_of_unknown_names
from autograder.commands.options import CourseDir, Database, MarksFile, Roster, SimilarPage, Week
from autograder.course import Course


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


def similar(week: Week, output: SimilarPage = None, course_dir: CourseDir = None) -> None:
    """List pairs of answers that are alike in what few others write, and show them side by side on a page.

    Example: autograder similar week03
    """
    from autograder.similar_view import show_similar

    course = Course.find(course_dir)
    show_similar(course, course.resolve(week), output)
