"""A sample class that hands in written answers, as a week's own file says."""

from __future__ import annotations

import json

import yaml

from autograder.answers import fill_in, reference_answers, released_notebook
from autograder.course import Course, CourseError
from autograder.sample_class import hand_in_once
from autograder.spec import load_assignment

FILE = "sample_class.yaml"


def make_written_class(course: Course, week: str) -> tuple[str, ...]:
    """Write the submissions of a week's sample class into `submitted/` and return the students' names.

    hidden/sample_class.yaml maps each student to {grade_id: answer}; other cells hold the model answers.
    Raises CourseError if the week has no such file, or if it names a cell that the week does not have.
    """
    assignment, release = load_assignment(course, week), released_notebook(course, week)
    right, students = reference_answers(assignment), read_sample_class(course, week)
    for student, answers in students.items():
        if unknown := answers.keys() - right.keys():
            raise CourseError(
                f"course/{week}/hidden/{FILE}: {student} answers {', '.join(sorted(unknown))}, and {week} "
                f"has no such cell. It has: {', '.join(right)}."
            )
        notebook = fill_in(release, {**right, **answers})
        hand_in_once(course, week, student, json.dumps(notebook, indent=1), f"{week}.ipynb")
    return tuple(sorted(students))


def read_sample_class(course: Course, week: str) -> dict[str, dict[str, str]]:
    """Return the answers of a week's sample class by student and cell."""
    path = course.hidden(week) / FILE
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(
            f"{week} has no sample class. Write course/{week}/hidden/{FILE}; week 8 has an example."
        ) from None
    return {str(student): dict(answers or {}) for student, answers in found.items()}
