"""Hand the marks of a week on to other systems, telling missing, late, broken and zero apart."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course, CourseError, short_name
from autograder.files import write_atomically
from autograder.roster import Line, Matching, Roster, match, plain, read_roster
from autograder.standing import Standing, class_standings

Table = list[list[str]]

TARGETS = ("csv", "canvas", "moodle")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


@dataclass(frozen=True)
class Entry:
    """Hold one line to be written: a student's standing, and their line of the class list if it has one."""

    standing: Standing
    line: Line | None = None


@dataclass(frozen=True)
class Export:
    """Hold what was written: the file, how the class stands, and who could not be matched."""

    path: Path
    entries: tuple[Entry, ...]
    marks: float
    roster: Roster | None = None
    strangers: tuple[str, ...] = ()  # handed in, but not in the class list
    twice: tuple[str, ...] = ()

    @property
    def counts(self) -> Counter[str]:
        """Return how many students there are of each status, and how many of all were late."""
        found = Counter[str](entry.standing.status for entry in self.entries)
        found["late"] = sum(entry.standing.hours_late > 0 for entry in self.entries)
        return found


def export_week(
    course: Course, week: str, target: str, roster_path: Path | None = None, output: Path | None = None
) -> Export:
    """Write the marks of a week for a target system, and return what was written.

    Raises CourseError if the week was never graded, the target is unknown or the class list is unusable.
    """
    if target not in TARGETS:
        raise CourseError(f"There is no format called {target}. Choose --to {', '.join(TARGETS)}.")
    standings, names, marks = class_standings(course, week)
    roster = read_roster(roster_path, names) if roster_path else None
    matching = match(roster, names) if roster else None
    strangers = (
        [name for name in matching.strangers if standings[name].status != "missing"] if matching else []
    )
    entries = _entries(standings, roster, matching, strangers)
    path = output or course.report(week).with_name(f"{week}-{target}.csv")
    table = FORMATS[target](entries, roster, week, marks)
    write_atomically(path, _csv_text(table))
    return Export(path, tuple(entries), marks, roster, tuple(strangers), matching.twice if matching else ())


def _entries(
    standings: Mapping[str, Standing],
    roster: Roster | None,
    matching: Matching | None,
    strangers: Sequence[str],
) -> list[Entry]:
    if roster is None or matching is None:
        return [Entry(standing) for standing in standings.values()]
    found = []
    for number, line in enumerate(roster.lines):
        student = matching.students.get(number)
        standing = standings[student] if student else Standing(roster.key(line), "missing")
        found.append(Entry(standing, line))
    return found + [Entry(standings[name]) for name in strangers]


def plain_table(entries: Sequence[Entry], roster: Roster | None, week: str, marks: float) -> Table:
    """Return a table for people and spreadsheets: one column for each thing to know."""
    own = [f"roster: {column}" for column in roster.columns] if roster else []
    head = ["student", "week", "status", "score", "max_score", "late", "hours_late", "penalty",
            "score_before_penalty", "reason", *(["in_roster", *own] if roster else [])]  # fmt: skip
    return [head, *([*_plain_cells(entry, week, marks), *_roster_cells(entry, roster)] for entry in entries)]


def _plain_cells(entry: Entry, week: str, marks: float) -> list[str]:
    one = entry.standing
    late = "" if one.status in ("missing", "not graded") else "yes" if one.hours_late > 0 else "no"
    return [harmless(one.student), week, one.status, mark(one.score), mark(marks), late,
            f"{one.hours_late:.2f}" if one.hours_late else "", mark(one.penalty) if one.penalty else "",
            mark(one.so_far), harmless(one.reason)]  # fmt: skip


def _roster_cells(entry: Entry, roster: Roster | None) -> list[str]:
    if roster is None:
        return []
    if entry.line is None:
        return ["no", *[""] * len(roster.columns)]
    return ["yes", *(harmless(entry.line[column]) for column in roster.columns)]


def canvas_table(entries: Sequence[Entry], roster: Roster | None, week: str, marks: float) -> Table:
    """Return a table for Canvas: Gradebook, Import.

    Canvas takes every column after Section for an assignment, so nothing else may stand there. A blank cell
    means no mark; `EX` would excuse the student from the work, which is not ours to say.
    """
    own = _canvas_columns(roster)
    title = _assignment_column(roster, week)
    head = [*(own or ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")), title]
    points = ["    Points Possible", *[""] * (len(head) - 2), mark(marks)]
    lines = [entry for entry in entries if roster is None or entry.line is not None]
    return [head, points, *([*_canvas_cells(e, roster, own), mark(e.standing.score)] for e in lines)]


def _canvas_columns(roster: Roster | None) -> tuple[str, ...]:
    """Return the columns about the student if the class list is Canvas's own export, else nothing."""
    if roster is None or roster.columns[:2] != ("Student", "ID") or "Section" not in roster.columns:
        return ()
    return roster.columns[: roster.columns.index("Section") + 1]


def _canvas_cells(entry: Entry, roster: Roster | None, own: Sequence[str]) -> list[str]:
    student = entry.standing.student
    if roster is None or entry.line is None:
        return [student, "", "", student, ""]
    if own:
        return [entry.line[column] for column in own]
    login = roster.find("sis login id", "username", "user name", "login", "login id") or roster.column
    number, section = (
        roster.find("sis user id", "student number", "id number"),
        roster.find("section", "group"),
    )
    return [_full_name(entry.line, roster) or student, "", entry.line[number] if number else "",
            entry.line[login], entry.line[section] if section else ""]  # fmt: skip


def _assignment_column(roster: Roster | None, week: str) -> str:
    """Return the heading of the marks: the list's own column for this week if it has one."""
    for column in roster.columns if roster else ():  # Canvas writes its number behind: `week03 (4711)`
        title = plain(column.split(" (", 1)[0]).replace(" ", "_")
        if title in (week, short_name(week)):
            return column
    return week


def moodle_table(entries: Sequence[Entry], roster: Roster | None, week: str, marks: float) -> Table:
    """Return a table for Moodle: Grades, Import, CSV file. A dash means no mark; feedback says why.

    Moodle stops the whole import at a student it does not know: only those of the class list are in it.
    """
    wanted = (("first name", "firstname"), ("last name", "lastname", "surname"), ("id number", "idnumber"),
              ("username", "user name"), ("email address", "email", "e-mail"))  # fmt: skip
    own = [column for names in wanted if roster and (column := roster.find(*names))]
    if roster is not None and not own:
        own = [roster.column]
    lines = [entry for entry in entries if roster is None or entry.line is not None]
    rows = []
    for entry in lines:
        line = entry.line
        who = [line[column] for column in own] if line is not None else [entry.standing.student]
        rows.append([*who, mark(entry.standing.score) or "-", _feedback(entry.standing, marks)])
    title = _assignment_column(roster, week)
    return [[*(own or ["Username"]), title, f"{title} (feedback)"], *rows]


def _feedback(one: Standing, marks: float) -> str:
    """Return what a student reads in Moodle beside the mark."""
    late = f" Handed in {one.hours_late:.1f} hours late" if one.hours_late else ""
    if late:
        late += f": {mark(one.penalty)} mark{'s' * (one.penalty != 1)} taken off." if one.penalty else "."
    told = {
        "graded": f"{mark(one.score)} of {mark(marks)} marks.",
        "zero": f"Handed in; it earned 0 of {mark(marks)} marks.",
        "missing": "Nothing was handed in.",
        "error": "It could not be graded by machine: a person will look at it.",
        "waiting": "Some answers still wait for their mark.",
        "not graded": "Handed in; not graded yet.",
    }
    return told[one.status] + late


def _full_name(line: Line, roster: Roster) -> str:
    name = roster.find("student", "name", "full name", "student name")
    if name:
        return line[name]
    first, last = roster.find("first name", "firstname"), roster.find("last name", "lastname", "surname")
    return f"{line[last]}, {line[first]}" if first and last else ""


def mark(value: float | None) -> str:
    """Return a mark with at most two decimals, or nothing if there is none."""
    return "" if value is None else f"{round(value, 2) + 0.0:.10g}"


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula, on one line."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(FORMULA) else line


def _csv_text(table: Table) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(table)
    return buffer.getvalue().encode("utf-8", "replace").decode()


FORMATS: Mapping[str, Callable[[Sequence[Entry], Roster | None, str, float], Table]] = {
    "csv": plain_table,
    "canvas": canvas_table,
    "moodle": moodle_table,
}
