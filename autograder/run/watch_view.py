"""What `autograder watch` shows in a terminal: a line for each hand-in, once its feedback is written."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from rich.console import Console
from rich.markup import escape

from autograder.run.batch import Done, Failed, Held, News
from autograder.run.watch import Watching, watch_class


def show_watching(watching: Watching) -> None:
    """Watch until Ctrl-C, and print a line for each hand-in."""
    console = Console()
    limit = f", at most {watching.per_day} a day of each student" if watching.per_day else ""
    console.print(
        f"Watching {escape(str(watching.course.submissions))} for {', '.join(watching.weeks)}{limit}. "
        "Ctrl-C ends it; what is graded is kept.",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    several = len(watching.weeks) > 1
    with closing(watch_class(watching)) as found:
        for week, news in found:
            where = f"{week}  " if several else ""
            now = f"{datetime.now():%H:%M:%S}"
            console.print(f"{now}  {where}{escape(in_words(news))}", highlight=False, soft_wrap=True)


def in_words(news: News) -> str:
    """Return a line about what has happened."""
    match news:
        case Done(student, points, story):
            return f"{student}  {points}  {story}"
        case Held(student, sentence):
            return f"{student}  waits: {sentence}"
        case Failed(sentence):
            return f"Not graded yet, and tried again in a moment: {sentence}"
