"""What the commands show in a terminal."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder.course import Course, CourseError
from autograder.graded import Graded
from autograder.marks_view import Line, as_it_stands, as_record, in_gradebook, line_of, marks_table
from autograder.options import Options
from autograder.unchanged import standings_after, unchanged_class

if TYPE_CHECKING:
    from autograder.verify import Verdict  # imports PyTorch


def show_build(
    course: Course, weeks: Sequence[str], *, check: bool = False, force: bool = False, draft: bool = False
) -> int:
    """Build the weeks, print a line for each, and return the exit code."""
    from autograder.build import build_weeks

    console = Console()
    ok = True
    for result in build_weeks(course, weeks, check=check, force=force, draft=draft):
        ok = ok and not result.problems
        console.print(
            f"{'[red]no[/]' if result.problems else '[green]ok[/]'}  {result.week}: {escape(result.summary)}"
        )
        for problem in result.problems:
            console.print(f"      {escape(problem)}", highlight=False)
    return 0 if ok else 1


def show_grading(course: Course, week: str, options: Options, *, as_json: bool) -> bool:
    """Grade a class with a progress bar and print its marks; return whether a human is needed."""
    lines: list[Line] = []
    records: list[dict[str, Any]] = []
    with closing(graded_with_bar(course, week, options)) as results:
        for item in results:
            lines.append(line_of(item))
            records += [as_record(item)] if as_json else []
    # What a dry run would give is not in the gradebook.
    standings = {} if options.dry_run else standings_after(course, week, {line.student for line in lines})
    lines = [as_it_stands(line, standings.get(line.student)) for line in lines]
    lines.sort(key=lambda line: line.student)
    if as_json:
        for record in records:
            record["gradebook"] = in_gradebook(standings.get(record["student"]), record["notebook"])
        print(json.dumps(sorted(records, key=lambda record: str(record["student"])), indent=1))
    else:
        console = Console()
        console.print(marks_table(week, lines))
        print_changes(console, lines, dry_run=options.dry_run)
        print_waiting_for_a_human(console, lines)
    return any(line.status != "graded" for line in lines)


def graded_with_bar(course: Course, week: str, options: Options) -> Generator[Graded, None, None]:
    """Grade a class and yield each submission, while a bar shows how many are done.

    A terminal shows it on standard error, so that `--json` leaves standard output to other programs.
    """
    total, graded = graded_items(course, week, options)
    with progress_bar() as bar, closing(graded):
        task = bar.add_task(f"Grading {week}", total=total)
        for item in graded:
            yield item
            bar.update(task, advance=1)


def graded_items(course: Course, week: str, options: Options) -> tuple[int, Generator[Graded, None, None]]:
    """Return how many submissions there are to grade, and each as it is done."""
    with Console(stderr=True).status("Looking for what has changed …"):
        unchanged = unchanged_class(course, week, options)
    if unchanged is not None:
        return len(course.students(week)), unchanged
    from autograder.grading import count_submissions, grade_class  # loads nbgrader, which takes a second

    return count_submissions(course, week, options), grade_class(course, week, options)


def progress_bar() -> Progress:
    """Return a progress bar with count and time, on standard error."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def print_changes(console: Console, lines: Sequence[Line], *, dry_run: bool) -> None:
    """Print a table of the marks that a regrade changed, if anything was graded that had been before."""
    rows = [(line.name, change) for line in lines for change in line.changes]
    again = sum(line.again for line in lines)
    if rows:
        table = Table(title="Marks that would change" if dry_run else "Changed marks", title_justify="left")
        for column in ("student", "exercise", "before", "after"):
            table.add_column(column, justify="right" if column in ("before", "after") else "left")
        for name, change in rows:
            table.add_row(escape(name), escape(change.exercise), change.was, change.now)
        console.print(table)
    elif again:
        console.print(f"{again} graded again: no mark {'would change' if dry_run else 'changed'}.")
    if dry_run:
        console.print("Nothing was written. Without --dry-run, these marks are recorded.")


def print_waiting_for_a_human(console: Console, lines: Sequence[Line]) -> None:
    """List the submissions that need a human, with the reason."""
    waiting = [line for line in lines if line.status != "graded"]
    if waiting:
        console.print(f"\n{len(waiting)} need{'s' if len(waiting) == 1 else ''} a human:")
        for line in waiting:
            console.print(f"  {escape(line.student)}: {escape(line.reason)}", highlight=False)


def show_verification(verdicts: Iterable[Verdict]) -> bool:
    """Print what the known answers earned, a line an exercise; return whether each earned what it should."""
    console = Console()
    rows = []
    with console.status("Judging the known answers …") as status:
        for row in verdicts:
            rows.append(row)
            status.update(f"Judging the known answers of {row.week}, {row.exercise} …")
    for week in dict.fromkeys(row.week for row in rows):
        console.print(verification_table(week, [row for row in rows if row.week == week]))
    missed = [row for row in rows if row.problem]
    for row in missed:
        earned = "" if row.kind in ("files", "table") else f" {row.score:g} of {row.marks:g} marks;"
        text = f"{row.week} {row.exercise}, {row.answer}:{earned} {row.problem}"
        console.print(f"[red]no[/]  {escape(text)}", highlight=False)
    for row in rows:
        if row.todo:
            console.print(f"draft  {escape(f'{row.week} {row.exercise}: {row.todo}')}", highlight=False)
    if rows:
        right = len(rows) - len(missed)
        console.print(f"{right} of {len(rows)} known answers and laws are as they should be.")
    else:
        console.print("There is nothing to prove: no exercise of these weeks is marked by checks.")
    return not missed


def verification_table(week: str, rows: Sequence[Verdict]) -> Table:
    """Return a table with a line for each exercise: how many known answers did as they should."""
    table = Table(title=week, title_justify="left")
    columns = {"right answers": "right", "mistakes": "mistake", "untouched": "untouched",
               "worthless answers": "nothing", "odd answers": "odd"}  # fmt: skip
    for column in ("exercise", "marks", *columns):
        table.add_column(column, justify="left" if column == "exercise" else "right", overflow="fold")
    for exercise in dict.fromkeys(row.exercise for row in rows):
        own = [row for row in rows if row.exercise == exercise]
        counts = [share([row for row in own if row.kind == kind]) for kind in columns.values()]
        table.add_row(exercise, f"{own[0].marks:g}", *counts)
    return table


def share(rows: Sequence[Verdict]) -> str:
    """Return how many of the answers earned what they should."""
    return f"{sum(not row.problem for row in rows)} of {len(rows)}"


def show_doctor() -> bool:
    """Print which protections hold on this machine; return whether grading may go ahead."""
    from autograder.sandbox.doctor import choose_tier, describe

    report = choose_tier()
    console = Console()
    table = Table(title=f"Sandbox: {report.tier}, tried in {report.seconds:.1f} s", title_justify="left")
    for column in ("a submission tries to", "and is", "how"):
        table.add_column(column)
    for row in describe(report):
        table.add_row(*map(escape, row))
    console.print(table)
    console.print(report.warning or "Everything that was tried is refused. Submissions can be graded safely.")
    return report.isolates


def show_students_doctor(folder: Path | None) -> bool:
    """Print whether a lesson's folder and this machine have what a student needs; return whether they do."""
    try:
        from doctor import LOOK, report
    except ImportError:
        where = "in the folder of the lesson"
        raise CourseError(f"The course is not installed here. Run {where}: python doctor.py") from None
    return LOOK not in report(folder)
