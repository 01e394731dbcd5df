"""Give the students of a class list their names in the gradebook, so that the Formgrader shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nbgrader import api

from autograder.course import Course
from autograder.marks.collect_people import Person
from autograder.record.database import open_gradebook, told_plainly
from autograder.record.gradebook import transact


def name_students(course: Course, people: Iterable[Person]) -> int:
    """Put first and last names, e-mail addresses and Canvas's numbers of listed students into the gradebook.

    What the class list leaves blank stays as it is. Returns how many students were added or changed.
    """
    listed = [person for person in people if person.listed]
    if not listed:
        return 0
    changed: set[str] = set()
    with (
        told_plainly(course.gradebook_url),
        open_gradebook(course.gradebook_url, course.layout.course_id) as gradebook,
    ):

        def write(db: Any) -> None:
            rows = {row.id: row for row in db.query(api.Student).all()}
            for person in listed:
                row = rows.get(person.student) or api.Student(id=person.student)
                if _set(row, person) or person.student not in rows:
                    changed.add(person.student)
                    db.add(row)

        transact(gradebook, write)
    return len(changed)


def _set(row: Any, person: Person) -> bool:
    """Set what the class list says; return whether anything is new."""
    told = {
        "first_name": person.first, "last_name": person.last, "email": person.email,
        "lms_user_id": person.canvas,
    }  # fmt: skip
    new = {name: value for name, value in told.items() if value and getattr(row, name) != value}
    for name, value in new.items():
        setattr(row, name, value)
    return bool(new)
