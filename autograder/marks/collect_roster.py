"""Read a class list of any system as students: which columns tell them apart, and what their names are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from autograder.course import Course, CourseError, is_usable
from autograder.marks.collect_people import Person, known_people, named, safe_name, spelt_out
from autograder.roster import IDENTITY, Line, Roster, exact, finder, plain, read_roster

FIRST = ("first name", "firstname", "given name", "vorname", "prénom", "nombre", "forename", "name")
LAST = ("last name", "lastname", "surname", "family name", "nachname", "nom", "apellidos", "apellido(s)")
WHOLE = ("student", "student name", "full name", "vollständiger name", "nom complet", "name", "sortable name")
EMAIL = (
    "email address", "email", "e-mail", "e-mail address", "e-mail-adresse", "mail", "adresse de courriel",
)  # fmt: skip
NUMBERS = (
    "id-nummer", "matrikelnummer", "benutzername", "anmeldename", "nutzername", "kennung",
    "numéro d'identification", "nom d'utilisateur", "número de id", "nombre de usuario",
)  # fmt: skip
CANVAS_ID = ("id", "canvas user id", "user id")
MARKS = re.compile(
    r"grade|points|score|marks|bewertung|punkte|note\b|\(\d+\)$|section|group|gruppe", re.IGNORECASE
)
ADDRESS = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
NUMBERED = re.compile(r"(\D+?)\s+0*(\d+)")  # `Participant 1234567` of Moodle's grading worksheet


@dataclass(frozen=True)
class Columns:
    """Hold what columns of a class list are for. The values of `telling` ones mean one student each."""

    identity: str
    telling: tuple[str, ...]
    participant: str = ""
    cut: bool = False  # of e-mail addresses, what stands before the @ is enough


def people_of(course: Course, roster: Path | None, seen: Iterable[str]) -> tuple[Person, ...]:
    """Return all students who are known: those of the class list, of the gradebook, and who ever handed in.

    `seen` are names in the download: they tell which column of a class list names the students.
    Raises CourseError, saying what to add, if the list does not tell them apart.
    """
    known = known_people(course)
    if roster is not None:
        known |= {one.student: one for one in _listed(read_roster(roster, {}), known, tuple(seen))}
    return tuple(known.values())


def _listed(roster: Roster, known: Mapping[str, Person], seen: Sequence[str]) -> list[Person]:
    """Return the students of a class list, under the names of their folders if they have some already."""
    different = {tuple(line.values()): line for line in roster.lines}
    roster = replace(roster, lines=tuple(different.values()))
    columns = _columns(roster, known, seen)
    find = finder({student: person.words for student, person in known.items()})
    by_number = {person.canvas: student for student, person in known.items() if person.canvas}
    by_name = {spelt_out(student): student for student in known}
    people = []
    for person in (named(_person(roster, line, columns)) for line in roster.lines):
        same = {student for word in person.words if (student := find(word))}
        same |= {by_number[person.canvas]} if person.canvas in by_number else set()
        same = same or {by_name[form] for full in person.fulls if (form := spelt_out(full)) in by_name}
        student = person.student if len(same) != 1 else next(iter(same))
        people.append(named(replace(person, student=student)))
    counts = Counter(person.student for person in people)
    twice = [name for name, count in counts.items() if count > 1 or not name]
    if twice:
        raise CourseError(
            f"{roster.path} does not tell its students apart: «{columns.identity}» is "
            f"{twice[0] or 'blank'} for more than one. Add a column `student_id`, all different."
        )
    return people


def _columns(roster: Roster, known: Mapping[str, Person], seen: Sequence[str]) -> Columns:
    telling = tuple(column for column in roster.columns if _tells(roster, column))
    if not telling:
        raise CourseError(f"No column of {roster.path} tells its students apart. Add a column `student_id`.")
    numbered = next((column for column in telling if _is_numbered(roster, column)), "")
    lasting = [column for column in telling if column != numbered] or telling
    identity = _identity(roster, lasting, known, seen)
    stems = [plain(line[identity].split("@")[0]) for line in roster.lines]
    return Columns(identity, telling, numbered, len(set(stems)) == len(stems))


def _tells(roster: Roster, column: str) -> bool:
    """Return whether the values of a column mean one student each, whatever it is called."""
    values = [plain(line[column]) for line in roster.lines if line[column].strip()]
    return bool(values) and len(set(values)) == len(values) and not MARKS.search(column)


def _is_numbered(roster: Roster, column: str) -> bool:
    """Return whether each line holds the same word and a number, as Moodle numbers participants."""
    found = [NUMBERED.fullmatch(exact(line[column])) for line in roster.lines]
    return all(found) and len({one[1] for one in found if one}) == 1 and "@" not in roster.lines[0][column]


def _identity(
    roster: Roster, telling: Sequence[str], known: Mapping[str, Person], seen: Sequence[str]
) -> str:
    """Return the column that names the folders: as they are called already, or the most telling one."""

    def hits(names: set[str], column: str) -> int:
        return len({plain(line[column]) for line in roster.lines} & names)

    full = [column for column in telling if all(line[column].strip() for line in roster.lines)]
    ranked = sorted(full or telling, key=lambda column: (_rank(roster, column), roster.columns.index(column)))
    for names in (known, seen):
        wanted = {plain(name) for name in names}
        best = max(ranked, key=lambda column: hits(wanted, column))
        if hits(wanted, best) and (names is known or _rank(roster, ranked[0]) > len(IDENTITY)):
            return best
    return ranked[0]


def _rank(roster: Roster, column: str) -> int:
    """Return how little a column tells: words for numbers and logins first, names of people last."""
    name = plain(column)
    if name in IDENTITY:
        return IDENTITY.index(name)
    if name in NUMBERS:
        return IDENTITY.index("id number")
    if name in EMAIL:
        return len(IDENTITY)
    values = [exact(line[column]) for line in roster.lines]
    if any(re.search(r"[/\\,\s]", value) for value in values) or name in (*FIRST, *LAST):
        return len(IDENTITY) + 3
    return len(IDENTITY) + (1 if name in WHOLE or all(re.search(r"\d", value) for value in values) else 2)


def _person(roster: Roster, line: Line, columns: Columns) -> Person:
    def cell(names: Sequence[str]) -> str:
        found = roster.find(*names)
        return exact(line[found]) if found else ""

    first, last, whole = cell(FIRST), cell(LAST), cell(WHOLE)
    if not last and whole:
        first, last = (first, whole) if first and first != whole else _parted(whole)
    cells = [exact(value) for value in line.values()][:4]
    pairs = () if first and last else tuple(f"{one} {other}" for one, other in pairwise(cells))
    number = NUMBERED.fullmatch(exact(line[columns.participant])) if columns.participant else None
    return Person(
        student=_folder_name(line[columns.identity], columns.cut),
        first=first,
        last=last,
        email=cell(EMAIL)
        or next((value for value in map(exact, line.values()) if ADDRESS.fullmatch(value)), ""),
        canvas=cell(CANVAS_ID),
        participant=number[2] if number else "",
        words=tuple(exact(line[name]) for name in columns.telling if line[name].strip()),
        fulls=tuple(filter(None, (whole, *pairs))),
        listed=True,
    )


def _folder_name(value: str, cut: bool) -> str:
    """Return the folder's name for a value: what stands before the @ of an address, if that is enough."""
    value = exact(value).split("@")[0] if cut else exact(value)
    return value if is_usable(value) and not re.search(r"[/\\\s]|^[.-]", value) else safe_name(value)


def _parted(whole: str) -> tuple[str, str]:
    """Return first and last name of a whole name: before the comma stands the last one."""
    if "," in whole:
        last, first = whole.split(",", 1)
        return first.strip(), last.strip()
    first, _, last = whole.rpartition(" ")
    return first.strip(), last.strip()
