"""Hand the marks of a week on to other systems, telling missing, late, broken and zero apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import WEEK, Course, CourseError, short_name
from autograder.csv_files import csv_text
from autograder.files import write_atomically
from autograder.marks.count import Standing, number
from autograder.roster import Line, Matching, Roster, match, plain, read_roster
from autograder.standing import class_standings

Table = list[list[str]]

TARGETS = ("csv", "canvas", "moodle")
NUMBER = re.compile(r"\s*\(\d+\)\s*$")
FORMULA = (*"=+-@＝＋－＠", "\t", "\r")  # a spreadsheet would run a cell that begins so
RUNS = re.compile(rf"(\A|; ?)(?=[{re.escape(''.join(FORMULA))}])")  # many of them split a line at `;`


@dataclass(frozen=True)
class Entry:
    """Hold one line to be written: a student's standing, and their line of the class list if it has one.

    `unsure` says that nobody knows whose line it is: no other system may be told a mark for it.
    """

    standing: Standing
    line: Line | None = None
    unsure: bool = False


@dataclass(frozen=True)
class Export:
    """Hold what was written: the file, how the class stands, and who could not be matched."""

    path: Path
    entries: tuple[Entry, ...]
    marks: float
    roster: Roster | None = None
    strangers: tuple[str, ...] = ()  # handed in, but not in the class list
    twice: tuple[str, ...] = ()
    points: str = ""  # what Canvas's own list says may be had, if that differs from `marks`

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
    write_atomically(path, csv_text(table))
    twice = matching.twice if matching else ()
    return Export(
        path, tuple(entries), marks, roster, tuple(strangers), twice, _other_points(roster, week, marks)
    )


def _other_points(roster: Roster | None, week: str, marks: float) -> str:
    """Return the points that the class list gives this week's column, if they are not its marks."""
    given = roster.points.get(_assignment_column(roster, week), "").strip() if roster else ""
    try:
        return "" if float(given) == marks else given
    except ValueError:
        return ""  # none, or `(read only)`


def _entries(
    standings: Mapping[str, Standing],
    roster: Roster | None,
    matching: Matching | None,
    strangers: Sequence[str],
) -> list[Entry]:
    if roster is None or matching is None:
        return [Entry(standing) for standing in standings.values()]
    found = []
    for place, line in enumerate(roster.lines):
        if student := matching.students.get(place):
            found.append(Entry(standings[student], line))
        elif student := matching.unsure.get(place):
            reason = f"Several lines of the class list may be {student}: nobody can say which one is."
            found.append(Entry(Standing(roster.key(line), "error", reason=reason), line, unsure=True))
        else:
            found.append(Entry(Standing(roster.key(line), "missing"), line))
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
    lines = [e for e in entries if roster is None or (e.line is not None and not e.unsure)]
    return [head, points, *([*_canvas_cells(e, roster, own), mark(e.standing.score)] for e in lines)]


def _canvas_columns(roster: Roster | None) -> tuple[str, ...]:
    """Return the columns about the student if the class list is Canvas's own export, else nothing."""
    if roster is None or "Section" not in roster.columns:
        return ()
    if roster.columns[:2] != ("Student", "ID") and roster.columns[:3] != ("LastName", "FirstName", "ID"):
        return ()
    return roster.columns[: roster.columns.index("Section") + 1]


def _canvas_cells(entry: Entry, roster: Roster | None, own: Sequence[str]) -> list[str]:
    student = entry.standing.student
    if roster is None or entry.line is None:
        return [harmless(student), "", "", harmless(student), ""]
    if own:
        return [entry.line[column].strip() for column in own]
    login = roster.find("sis login id", "username", "user name", "login", "login id") or roster.column
    number, section = (
        roster.find("sis user id", "student number", "id number"),
        roster.find("section", "group"),
    )
    cells = (_full_name(entry.line, roster) or student, "", entry.line[number] if number else "",
             entry.line[login], entry.line[section] if section else "")  # fmt: skip
    return [cell.strip() for cell in cells]


def _assignment_column(roster: Roster | None, week: str) -> str:
    """Return the heading of the marks: the list's own column for this week if it has one."""
    names = {_title(week), short_name(week) if WEEK.fullmatch(week) else _title(week)}
    for column in roster.columns if roster else ():  # Canvas writes its number behind: `week03 (4711)`
        title = NUMBER.sub("", column).strip()
        if _title(title) in names or _title(column) in names:
            return column
    return week


def _title(text: str) -> str:
    return plain(text).replace(" ", "_")


def moodle_table(entries: Sequence[Entry], roster: Roster | None, week: str, marks: float) -> Table:
    """Return a table for Moodle: Grades, Import, CSV file. A dash means no mark; feedback says why.

    Moodle stops the whole import at a student it does not know: only those of the class list are in it.
    """
    own = moodle_columns(roster) if roster else ["Username"]
    rows = []
    for entry in entries:
        line = entry.line if roster else {"Username": harmless(entry.standing.student)}
        if line is None or entry.unsure or not line[own[-1]].strip():
            continue
        who = [line[column].strip() for column in own]
        rows.append([*who, mark(entry.standing.score) or "-", _feedback(entry.standing, marks)])
    title = _assignment_column(roster, week)
    return [[*own, title, f"{title} (feedback)"], *rows]


def moodle_columns(roster: Roster) -> list[str]:
    """Return the columns for Moodle: names, and last those by which it may know a student.

    Where a cell of the latter is blank, Moodle gives the mark to the student of the line above. So a column
    with blanks is left out if there is one without, and lines without any name are left out of the file.
    """
    names = [
        roster.find(*names) for names in (("first name", "firstname"), ("last name", "lastname", "surname"))
    ]
    known = (("id number", "idnumber"), ("username", "user name"), ("email address", "email", "e-mail"))
    found = [column for names in known if (column := roster.find(*names))] or [roster.column]
    whole = [column for column in found if all(line[column].strip() for line in roster.lines)]
    fullest = max(found, key=lambda column: sum(bool(line[column].strip()) for line in roster.lines))
    return [*(name for name in names if name), *(whole or [fullest])]


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
        "waiting": f"{one.marks.told if one.marks else 'Some answers wait for their mark'}.",
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
    return "" if value is None else number(value)


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula, on one line."""
    return RUNS.sub(r"\1'", " ".join(text.split()))


FORMATS: Mapping[str, Callable[[Sequence[Entry], Roster | None, str, float], Table]] = {
    "csv": plain_table,
    "canvas": canvas_table,
    "moodle": moodle_table,
}
