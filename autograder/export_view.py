"""What `autograder export` shows in a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.export import Export
from autograder.marks.count import WORDS


def show_export(done: Export) -> None:
    """Print what was written, how many stand how, and everybody who could not be matched."""
    console = Console()
    table = Table(title=f"{escape(str(done.path))}: {len(done.entries)} students", title_justify="left")
    table.add_column("students", justify="right")
    table.add_column("status", no_wrap=True)
    table.add_column("what it means")
    counts = done.counts
    for status, words in WORDS.items():
        table.add_row(str(counts[status]), status, words)
    table.add_row(str(counts["late"]), "late", "of all these, handed in after their due date")
    console.print(table)
    roster = done.roster
    if roster is not None:
        console.print(
            f"Matched by the column «{escape(roster.column)}» of {escape(str(roster.path))}.", highlight=False
        )
    if done.points:
        console.print(
            f"The class list says {escape(done.points)} points, but there are {done.marks:g} marks: "
            f"set the assignment in Canvas to {done.marks:g} points before you import.",
            highlight=False,
        )
    for title, names in unmatched(done):
        console.print(f"\n{title}:")
        for name in names:
            console.print(f"  {escape(name)}", highlight=False)


def unmatched(done: Export) -> Iterable[tuple[str, list[str]]]:
    """Yield a title and names for each kind of student that an instructor should look at."""
    missing = [e.standing.student for e in done.entries if e.standing.status == "missing"]
    broken = [
        f"{e.standing.student}: {e.standing.reason}" for e in done.entries if e.standing.status == "error"
    ]
    where = "they are in no line of the class list, so check their folders' names"
    for title, names in (
        (f"{len(done.strangers)} handed in, but {where}", list(done.strangers)),
        (f"{len(done.twice)} named by several lines of the class list", list(done.twice)),
        (f"{len(missing)} handed in nothing", missing),
        (f"{len(broken)} need{'s' if len(broken) == 1 else ''} a human", broken),
    ):
        if names:
            yield title, names
