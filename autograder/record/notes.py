"""Tell a student beside the feedback page that a newer hand-in still waits to be graded."""

from __future__ import annotations

from autograder.course import Course
from autograder.files import write_atomically

NAME = "not-graded-yet.txt"


def write_note(course: Course, week: str, student: str, sentence: str) -> None:
    """Write beside a student's feedback page why the newest hand-in is not graded yet."""
    path = course.feedback(week, student) / NAME
    text = f"{sentence}\nThe page beside this note, if there is one, is about what you handed in before.\n"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_atomically(path, text)


def remove_note(course: Course, week: str, student: str) -> None:
    """Remove the note, if there is one: what lies there is graded."""
    (course.feedback(week, student) / NAME).unlink(missing_ok=True)
