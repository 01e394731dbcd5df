"""What `autograder collect` shows in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from textwrap import fill

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.course import Course
from autograder.intake.files import shown
from autograder.marks.arrivals import SHOWN
from autograder.marks.collect import carry_out, planned
from autograder.marks.collect_plan import Plan, Progress, Row
from autograder.views import progress_bar

MOST_ROWS, MOST_NAMES = 500, 40


def show_collect(course: Course, week: str, path: Path, roster: Path | None, *, dry_run: bool) -> bool:
    """Print what a download holds, put it where it belongs, and return whether all of it is somebody's."""
    console = Console()
    with _bar(f"Reading {path.name}") as progress, planned(course, week, path, roster, progress) as plan:
        progress(0, 0)
        print_plan(console, week, plan)
        if dry_run:
            console.print("Nothing was written. Without --dry-run, this is done.")
        else:
            with _bar("Collecting") as writing:
                done = carry_out(course, week, plan, writing)
            _print_done(console, course, week, done)
    return not _troubles(plan) and not plan.left


def print_plan(console: Console, week: str, plan: Plan) -> None:
    """Print the table of what comes in, then what is nobody's, then who is missing."""
    systems = {row.delivery.system for row in plan.rows}
    came = " and ".join(SHOWN[system] for system in sorted(systems))
    lines = [row for row in plan.rows if row.student and row.fate not in ("same", "unreadable")]
    if lines:
        console.print(_table(f"{week}, from {came}", lines[:MOST_ROWS]))
        _print_about_time(console, lines)
    if len(lines) > MOST_ROWS:
        console.print(f"… and {len(lines) - MOST_ROWS:,} more like these.")
    same = sum(row.fate == "same" for row in plan.rows)
    if same:
        console.print(f"{same:,} {'is' if same == 1 else 'are'} here already.")
    _print_list(console, "not collected", _troubles(plan))
    _print_list(console, "left out", [f"{shown(name)}: {reason}" for name, reason in plan.left])
    _print_missing(console, plan)


def _print_about_time(console: Console, rows: Sequence[Row]) -> None:
    """Say of how many nobody knows when they were handed in."""
    unknown = sum(not row.delivery.handed_in for row in rows)
    if unknown:
        text = f"Of {unknown:,} nobody knows when they were handed in: the download does not say it."
        console.print(_wrapped(text, console.width, ""), highlight=False)


def _table(title: str, rows: Sequence[Row]) -> Table:
    table = Table(title=escape(title), title_justify="left")
    timed = any(row.delivery.handed_in or row.late for row in rows)
    table.add_column("student", no_wrap=True, max_width=30)
    table.add_column("came as", overflow="fold")
    if timed:
        table.add_column("handed in", no_wrap=True)
    table.add_column("attempt")
    for row in rows:
        when = (_when(row),) if timed else ()
        table.add_row(escape(row.student), escape(_came_as(row)), *when, escape(_fate(row)))
    return table


def _came_as(row: Row) -> str:
    """Return what the system calls the student, and the notebook if it has another name than it should."""
    delivery = row.delivery
    names = (name for name, item in delivery.files.items() if item.entry.name == delivery.place)
    file = PurePosixPath(next(names, delivery.place)).name
    more = f"+{len(delivery.files) - 1}" if len(delivery.files) > 1 else ""
    who = delivery.name or delivery.ids.get("user", "")
    return " ".join(filter(None, (who if file in row.usual else f"{who}: {file}", more)))


def _who(row: Row) -> str:
    """Return what tells a delivery from all others."""
    numbers = [f"{key} {value}" for key, value in row.delivery.ids.items() if key in ("participant", "user")]
    return ", ".join((_came_as(row), *numbers))


def _when(row: Row) -> str:
    moment = datetime.fromisoformat(row.delivery.handed_in) if row.delivery.handed_in else None
    told = f"{moment.day} {moment:%b %H:%M}" if moment else ""
    return " ".join(filter(None, (told, "late" if row.late else ""))) or "?"


def _fate(row: Row) -> str:
    words = {
        "new": f"{row.attempt}",
        "newer": f"{row.attempt}, counts now",
        "older": f"{row.attempt}, older: kept",
        "again": f"{row.attempt}, counts again",
    }
    return "; ".join((words[row.fate], *row.notes))


def _troubles(plan: Plan) -> list[str]:
    return [
        f"{shown(_who(row))}: {'; '.join(row.notes) or 'nothing in it can be read'}"
        for row in plan.rows
        if row.fate in ("unmatched", "unreadable")
    ]


def _print_list(console: Console, what: str, lines: Iterable[str]) -> None:
    lines = list(lines)
    if lines:
        console.print(f"\n{len(lines):,} {what}:")
        for line in lines[:MOST_NAMES]:
            console.print(escape(_wrapped(line, console.width)), highlight=False)
        if len(lines) > MOST_NAMES:
            console.print(f"  … and {len(lines) - MOST_NAMES:,} more")


def _wrapped(text: str, width: int, indent: str = "  ") -> str:
    return fill(text, width, initial_indent=indent, subsequent_indent=f"{indent}    ", break_on_hyphens=False)


def _print_missing(console: Console, plan: Plan) -> None:
    listed = {person.student for person in plan.people if person.listed}
    if listed:
        missing = plan.missing
        called = {person.student: person.called for person in plan.people}
        names = ", ".join(called[student] for student in missing[:MOST_NAMES]) + (
            " …" if len(missing) > MOST_NAMES else ""
        )
        tail = f"; {'not here' if _troubles(plan) else 'missing'}: {names}" if missing else ""
        text = f"{len(listed) - len(missing):,} of {len(listed):,} handed in{tail}."
        console.print("\n" + escape(_wrapped(text, console.width, "")), highlight=False)
        if any("?" in full for person in plan.people if person.listed for full in person.fulls):
            console.print("The class list has lost letters (?): save it as CSV in UTF-8, and collect again.")


def _print_done(console: Console, course: Course, week: str, done: Plan) -> None:
    kept = sum(not one.counts for work in done.work.values() for one in work.attempts)
    where = course.submitted(week, "<student>")
    console.print(f"\nWhat counts lies in {escape(str(where))}", highlight=False, soft_wrap=True)
    if kept:
        folder = course.root / "collected" / week
        console.print(
            f"Older attempts ({kept:,}) are kept in {escape(str(folder))}", highlight=False, soft_wrap=True
        )
    console.print(f"Next: autograder grade {escape(course.typed(week))}", highlight=False)


@contextmanager
def _bar(words: str) -> Iterator[Progress]:
    """Give what shows in a bar how many are done. It is gone when nothing more is to be done."""
    bar = progress_bar()
    task = bar.add_task(escape(words), total=None)
    with bar:

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            if done == total:
                bar.stop()

        yield progress
