"""What `autograder similar` shows in a terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.course import Course
from autograder.files import write_atomically
from autograder.pages.similar import similarity_page
from autograder.similar import similar_answers

MOST_ALIKE = 20


def show_similar(course: Course, week: str, output: Path | None) -> None:
    """Compare the answers of a week, write the page, and print the pairs that are most alike."""
    console = Console()
    found = similar_answers(course, week)
    path = output or course.report(week).with_name(f"{week}-similar.html")
    write_atomically(path, similarity_page(found))
    if found.pairs:
        title = f"{week}: {len(found.pairs)} pairs of {found.answers} answers are alike"
        table = Table(title=title, title_justify="left")
        table.add_column("students", no_wrap=True)
        table.add_column("exercise", no_wrap=True)
        table.add_column("alike", justify="right", no_wrap=True)
        table.add_column("rare words in both")
        for pair in found.pairs[:MOST_ALIKE]:
            words = ", ".join(pair.words[:6])
            table.add_row(
                escape(" and ".join(pair.students)), pair.exercise, f"{100 * pair.share:.0f} %", escape(words)
            )
        console.print(table)
    else:
        console.print(f"{week}: none of {found.answers} answers are alike in what is their own.")
    for one in found.unread:
        console.print(f"Not compared: {escape(one.student)}: {escape(one.reason)}", highlight=False)
    console.print(f"Side by side, and what counts: {escape(str(path))}", highlight=False, soft_wrap=True)
