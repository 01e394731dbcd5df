"""Know the students of a course: from a class list, the gradebook, and the folders that are there already."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from autograder.course import MAX_NAME, Course, is_usable
from autograder.marks.arrivals import Arrival, read_arrivals
from autograder.record.database import reading
from autograder.roster import exact, plain

GERMAN = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ø"): "oe", ord("å"): "aa", ord("æ"): "ae"}
OTHERS = {ord("ø"): "o", ord("ł"): "l", ord("đ"): "d", ord("æ"): "ae", ord("œ"): "oe", ord("ı"): "i"}


@dataclass(frozen=True)
class Person:
    """Hold a student: the folder's name, and by what people and systems know them.

    `words` are values that mean nobody else, such as a login or an e-mail address, `fulls` whole names, and
    `listed` says that the class list has them.
    """

    student: str
    first: str = ""
    last: str = ""
    email: str = ""
    canvas: str = ""
    participant: str = ""
    words: tuple[str, ...] = ()
    fulls: tuple[str, ...] = ()
    listed: bool = False

    @property
    def called(self) -> str:
        """Return what to show of a student: the folder's name, and that of the person if it says more."""
        whole = f"{self.first} {self.last}".strip()
        if not whole or squashed(whole) in squashed(self.student):
            return self.student
        return f"{self.student} ({whole})"


def squashed(text: str) -> str:
    """Return a name without case, accents, blanks and signs, as systems put it into names of files."""
    text = unicodedata.normalize("NFKD", plain(text)).translate(OTHERS)
    return "".join(char for char in text if char.isalnum())


def spelt_out(text: str) -> str:
    """Return a name squashed, but with `ue` for `ü`, as many write it."""
    return squashed(plain(text).translate(GERMAN))


def safe_name(text: str) -> str:
    """Return a name that a folder may have: small letters and digits of any script, `-`, `_`, `.` and `@`."""
    text = unicodedata.normalize("NFC", exact(text)).lower().replace("'", "").replace("’", "")
    text = re.sub(r"[^\w.@]+", "-", text).strip("-._")
    name = text.encode()[: MAX_NAME - 8].decode("utf-8", "ignore")
    return name if name and is_usable(name) else ""


def known_people(course: Course) -> dict[str, Person]:
    """Return whom the gradebook knows and who ever handed in, with what systems called them then."""
    known = {person.student: person for person in _gradebook(course)}
    for week in course.weeks():
        for student in course.students(week):
            known.setdefault(student, Person(student, words=(student,)))
        for arrival in read_arrivals(course, week):
            known[arrival.student] = _recognized(known.get(arrival.student, Person(arrival.student)), arrival)
    return known


def _recognized(person: Person, arrival: Arrival) -> Person:
    ids = arrival.ids
    words = {*person.words, person.student, ids.get("email", ""), ids.get("sid", "")} - {""}
    return replace(person, canvas=ids.get("user", "") or person.canvas, words=tuple(sorted(words)))


def _gradebook(course: Course) -> list[Person]:
    from nbgrader import api  # loads nbgrader, which takes a second

    with reading(course.gradebook_url) as session:
        rows = session.query(api.Student).all() if session is not None else []
        return [
            named(Person(row.id, row.first_name or "", row.last_name or "", row.email or "",
                          row.lms_user_id or "", words=(row.id,)))
            for row in rows
        ]  # fmt: skip


def named(person: Person) -> Person:
    """Return a person with all that they may be called, both ways round."""
    repositories = {word.rstrip("/").removesuffix(".git").rsplit("/", 1)[-1] for word in person.words}
    words = {*person.words, *repositories, person.student, person.email, person.email.split("@")[0]} - {""}
    first, last = person.first.strip(), person.last.strip()
    fulls = {*person.fulls, f"{first} {last}", f"{last} {first}"} if first and last else {*person.fulls}
    turned = {" ".join(reversed(full.split(",", 1))) for full in fulls if "," in full}
    return replace(person, words=tuple(sorted(words)), fulls=tuple(sorted(fulls | turned)))
