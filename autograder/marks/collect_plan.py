"""Decide what becomes of each delivery, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from autograder.course import Course, CourseError
from autograder.intake.files import Entry
from autograder.marks.arrivals import Arrival
from autograder.marks.collect_attempts import Attempts, arrive, read_through, writable
from autograder.marks.collect_formats import Delivery, deliveries
from autograder.marks.collect_matching import Match, directory, doubles, find_student
from autograder.marks.collect_people import Person
from autograder.marks.collect_placing import load_attempts, what_is_there
from autograder.marks.collect_roster import people_of
from autograder.marks.collect_sources import Download, Item, how_to_unpack, utc

Fate = Literal["new", "newer", "older", "same", "again", "unmatched", "unreadable"]
Progress = Callable[[int, int], None]  # how many are done, of how many


@dataclass(frozen=True)
class Row:
    """Hold what becomes of one delivery, or why nothing does. `notes` are for people to read.

    `usual` are the names that a notebook should have.
    """

    delivery: Delivery
    student: str
    fate: Fate
    attempt: int = 0
    notes: tuple[str, ...] = ()
    late: bool = False
    usual: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """Hold what is to be written for a student: all attempts afterwards, and new ones' files by number."""

    attempts: Attempts
    files: Mapping[int, Mapping[str, Entry]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Hold what collecting a download would do. `left` are files, and reasons why they are nobody's.

    `recorded` is what came in before.
    """

    rows: tuple[Row, ...]
    work: Mapping[str, Work]
    people: tuple[Person, ...]
    left: tuple[tuple[str, str], ...] = ()
    recorded: Mapping[str, Attempts] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return who is in the class list and has handed in nothing, now or before."""
        listed = {person.student for person in self.people if person.listed}
        return tuple(sorted(listed - {name for name, work in self.work.items() if work.attempts}))


def make_plan(
    course: Course,
    week: str,
    download: Download,
    roster: Path | None,
    progress: Progress = lambda _done, _of: None,
) -> Plan:
    """Return what becomes of each delivery of a download. Reads it all, and writes nothing.

    Raises CourseError if there is nothing in it, or the class list cannot be used.
    """
    found, strange = deliveries(download, course.notebooks(week))
    if not found:
        raise CourseError(
            f"{download.path} holds no submission: neither notebooks nor folders with some. "
            "Name the zip file or the folder that you downloaded."
        )
    people = people_of(course, roster, [delivery.name for delivery in found])
    known = directory(people)
    latest = _date(download.path)
    dated = [replace(delivery, moment=delivery.moment or latest) for delivery in found]
    matches = doubles([(delivery, find_student(delivery, known)) for delivery in dated])
    recorded = load_attempts(course, week)
    rows, work = _planned_all(course, week, _in_order(dated, matches), recorded, progress)
    for student in ({person.student for person in people if person.listed} | recorded.keys()) - work.keys():
        if (so_far := _so_far(course, week, student, recorded)).attempts:
            work[student] = so_far
    left = [*download.refused, *((item.entry.name, _no_submission(item)) for item in strange)]
    return Plan(tuple(_with_lateness(course, week, rows, work)), work, people, tuple(left), recorded)


def _planned_all(
    course: Course,
    week: str,
    pairs: Sequence[tuple[Delivery, Match]],
    recorded: Mapping[str, Attempts],
    progress: Progress,
) -> tuple[list[Row], dict[str, Work]]:
    rows, work = list[Row](), dict[str, Work]()
    for number, (delivery, match) in enumerate(pairs):
        progress(number, len(pairs))
        before = work.get(match.student) or _so_far(course, week, match.student, recorded)
        row, done = _planned(delivery, match, before)
        rows.append(row)
        if done:
            work[row.student] = done
    progress(len(pairs), len(pairs))
    return rows, work


def _no_submission(item: Item) -> str:
    """Return why a file is nobody's submission."""
    if command := how_to_unpack(item.entry.name):
        return f"cannot be opened here: unpack it ({command})"
    return "is named like no submission of this download"


def _date(path: Path) -> str:
    return utc(datetime.fromtimestamp(path.stat().st_mtime, UTC))


def _in_order(found: Sequence[Delivery], matches: Sequence[Match]) -> list[tuple[Delivery, Match]]:
    """Return deliveries by student, the oldest first."""
    pairs = zip(found, matches, strict=True)
    return sorted(pairs, key=lambda pair: (pair[1].student, pair[0].serial, pair[0].moment, pair[0].place))


def _planned(delivery: Delivery, match: Match, before: Work) -> tuple[Row, Work | None]:
    """Return what becomes of a delivery, and the work for its student with it."""
    student = match.student
    if not student:
        return Row(delivery, "", "unmatched", notes=(match.problem,)), None
    files, problems = writable({name: item.entry for name, item in delivery.files.items()})
    digest, names, unread = read_through(files)
    notes = (*(("another name",) if match.close else ()), *problems, *unread)
    if not names:
        return Row(delivery, student, "unreadable", notes=notes), None
    new = Arrival(
        student, delivery.system, delivery.place, digest, delivery.handed_in, late=delivery.late,
        ids=delivery.ids, moment=delivery.moment, serial=delivery.serial,
    )  # fmt: skip
    after = arrive(before.attempts, new)
    mine = next(one for one in after if one.digest == digest)
    is_new = len(after) > len(before.attempts)
    added = {mine.attempt: {name: files[name] for name in names}} if is_new else {}
    row = Row(delivery, student, _fate(before.attempts, mine, is_new), mine.attempt, notes)
    return row, Work(after, {**before.files, **added})


def _so_far(course: Course, week: str, student: str, recorded: Mapping[str, Attempts]) -> Work:
    return Work(what_is_there(course, week, student, recorded.get(student, ())) if student else ())


def _fate(before: Attempts, mine: Arrival, is_new: bool) -> Fate:
    if is_new:
        return ("newer" if before else "new") if mine.counts else "older"
    counted_before = any(one.counts and one.digest == mine.digest for one in before)
    return "again" if mine.counts and not counted_before else "same"


def _with_lateness(course: Course, week: str, rows: Iterable[Row], work: Mapping[str, Work]) -> list[Row]:
    """Return the rows, marked if the system says that it came late, or the time says so."""
    usual = tuple(f"{name}.ipynb" for name in course.notebooks(week))
    marked = []
    with _ends(course, week) as until:
        for row in rows:
            mine = _attempt(row, work)
            end = until(row.student) if mine and mine.handed_in else None
            after = bool(mine and end and datetime.fromisoformat(mine.handed_in) > end)
            fate = "older" if mine and row.fate in ("new", "newer") and not mine.counts else row.fate
            marked.append(replace(row, late=row.delivery.late or after, fate=fate, usual=usual))
    return marked


def _attempt(row: Row, work: Mapping[str, Work]) -> Arrival | None:
    attempts = work[row.student].attempts if row.attempt else ()
    return next((one for one in attempts if one.attempt == row.attempt), None)


@contextmanager
def _ends(course: Course, week: str) -> Iterator[Callable[[str], datetime | None]]:
    """Give until when a student may hand in (UTC), with extensions; None without a due date."""
    from autograder.record.database import reading  # loads nbgrader, which takes a second
    from autograder.record.due import due_of

    with reading(course.gradebook_url) as session:
        yield lambda student: due_of(course, week, student, session).until if session is not None else None
