"""A lesson in which explanations wait, and one cell checks and marks, is graded like any other."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from parts_lesson import TEXT
from tiny_course import CHECKS, WEEK, make_tiny_course, write

from autograder.build import build_weeks
from autograder.course import Course
from autograder.record.database import open_gradebook

ONE_CHECK = TEXT.replace(
    """:nbgrader: {grade_id: double_visible}

assert double(3) == 6
```

```{code-cell}
:nbgrader: {grade_id: double_check, points: 4}

# The hidden checks for double run when your work is graded.
""",
    """:nbgrader: {grade_id: double_check, points: 4}

from tutor import visible


@visible
def check_double(double):
    assert double(3) == 6


check_double(double)
""",
)
CHOICES = """from autograder.checks.choice import question

GQ2 = question("gq2", why={"A": "Look again.", "B": "Look again.", "D": "Look again."})
"""
ANSWERS = {"double": "def double(x):\n    return 2 * x", "gq2": 'answer_gq2 = "C"'}


@pytest.fixture
def handed_in(tmp_path: Path) -> Course:
    """A course with one check cell for each exercise, of which one student answered some, and one nothing."""
    course = make_tiny_course(tmp_path)
    write(course.hidden(WEEK) / "choices.py", CHOICES)
    write(course.hidden(WEEK) / "double.py", CHECKS.replace("marks=2", "marks=4"))
    write(course.lesson(WEEK), ONE_CHECK)
    build_weeks(course, [WEEK])
    for student, answers in (("ada", ANSWERS), ("bob", {})):
        notebook = nbformat.read(course.release(WEEK), as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        folder = course.submitted(WEEK, student)
        shutil.copytree(course.release(WEEK).parent, folder)
        nbformat.write(notebook, folder / f"{WEEK}.ipynb")
    return course


def command(course: Course, *words: str) -> str:
    done = subprocess.run(words, cwd=course.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_release_keeps_the_visible_line_of_a_check_and_folds_it(handed_in: Course) -> None:
    cells = nbformat.read(handed_in.release(WEEK), as_version=4).cells
    (check,) = [c for c in cells if c.metadata.get("nbgrader", {}).get("grade_id") == "double_check"]
    assert check.source.endswith("\n\ncheck_double(double)")
    assert check.metadata.jupyter.source_hidden


@pytest.mark.sandbox
def test_grading_skips_what_waits_and_pages_show_no_hidden_check(handed_in: Course) -> None:
    said = command(handed_in, "autograder", "grade", "week03")
    assert re.search(r"ada .*5 / 7", said), said
    assert re.search(r"bob .*0 / 7", said), said
    graded = nbformat.read(handed_in.autograded(WEEK, "ada") / f"{WEEK}.ipynb", as_version=4)
    waiting = [(cell.source, cell.outputs) for cell in graded.cells if cell.source.startswith("reveal(")]
    assert waiting == [('reveal("twice")', []), ('reveal("seven")', [])]
    command(handed_in, "autograder", "feedback", "week03")
    page = handed_in.feedback(WEEK, "bob").joinpath(f"{WEEK}.html").read_text(encoding="utf-8")
    for secret in ("HIDDEN", "fourteen", "four times the number"):
        assert secret not in page


@pytest.mark.kernel
def test_plain_nbgrader_makes_the_same_release_and_gives_the_same_marks(handed_in: Course) -> None:
    ours = handed_in.release(WEEK).read_bytes()
    command(handed_in, "nbgrader", "generate_assignment", WEEK, "--force")
    assert handed_in.release(WEEK).read_bytes() == ours
    command(handed_in, "nbgrader", "autograde", WEEK)
    with open_gradebook(handed_in.gradebook_url) as gradebook:
        marks = {name: gradebook.find_submission(WEEK, name).score for name in ("ada", "bob")}
    assert marks == {"ada": 5.0, "bob": 0.0}
    graded = nbformat.read(handed_in.autograded(WEEK, "ada") / f"{WEEK}.ipynb", as_version=4)
    assert all(not cell.outputs for cell in graded.cells if cell.source.startswith("reveal("))
