"""Plain nbgrader works on the same course: its commands, its gradebook, its Formgrader."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from picture_samples import png
from tiny_course import WEEK, make_tiny_course
from traitlets.config import PyFileConfigLoader

from autograder.build import build_weeks
from autograder.course import Course
from autograder.nbgrader_plugin import safe_html
from autograder.record.database import open_gradebook
from autograder.record.gradebook import find_submission, marks_by_hand

pytestmark = pytest.mark.kernel
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"Because {SCRIPT} <img src=x onerror=alert(2)> [look](javascript:alert(3)) **bold**"
SOLVED = {"double": "def double(x):\n    return 2 * x", "gq2": 'answer_gq2 = "C"', "written_why": HOSTILE}
HALF = {"double": "def double(x):\n    return abs(2 * x)"}
CRASHING = {"double": "double = None"}


def solve(notebook: nbformat.NotebookNode, answers: dict[str, str]) -> nbformat.NotebookNode:
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return notebook


def tamper(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Do what costs a class its marks, or wins some, in plain nbgrader."""
    cells = {c.metadata.get("nbgrader", {}).get("grade_id"): c for c in notebook.cells}
    cells["double_check"].metadata["tags"] = ["skip-execution"]
    cells["double_check"].metadata.nbgrader["points"] = 1000
    cells["gq2_check"].metadata.nbgrader["schema_version"] = 1
    cells["gq2"].cell_type = "raw"
    copy = nbformat.from_dict(cells["double"])
    order = [c for c in notebook.cells if c not in (cells["why"], cells["double_check"])]
    notebook.cells = [cells["double_check"], *order, copy, nbformat.v4.new_raw_cell(SCRIPT)]
    return notebook


def hand_in(course: Course, student: str, notebook: nbformat.NotebookNode) -> None:
    folder = course.submitted(WEEK, student)
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{WEEK}.ipynb")


def nbgrader(course: Course, *words: str) -> str:
    command = [sys.executable, "-m", "nbgrader", *words]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def api_of(course: Course) -> NbGraderAPI:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    return NbGraderAPI(CourseDirectory(config=config), config=config)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course of which plain nbgrader generated the release and graded four submissions."""
    course = make_tiny_course(tmp_path_factory.mktemp("course"))
    build_weeks(course, [WEEK])
    ours = course.release(WEEK).read_bytes()
    nbgrader(course, "generate_assignment", WEEK, "--force")
    assert course.release(WEEK).read_bytes() == ours
    release = lambda: nbformat.read(course.release(WEEK), 4)  # noqa: E731
    hand_in(course, "ada", solve(release(), SOLVED))
    hand_in(course, "bob", solve(release(), HALF))
    hand_in(course, "eve", tamper(solve(release(), SOLVED)))
    hand_in(course, "zoe", solve(release(), CRASHING))
    for student in course.students(WEEK):
        assert api_of(course).autograde(WEEK, student)["success"]
    return course


def scores(course: Course, student: str) -> dict[str, tuple[float | None, bool]]:
    with open_gradebook(course.gradebook_url) as gradebook:
        (notebook,) = gradebook.find_submission(WEEK, student).notebooks
        return {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades}


GRADED = [
    ("ada", {"double_check": (4.0, False), "gq2_check": (1.0, False), "written_why": (None, True)}),
    ("bob", {"double_check": (2.5, False), "gq2_check": (0.0, False), "written_why": (0.0, False)}),
    ("eve", {"double_check": (4.0, False), "gq2_check": (1.0, False), "written_why": (None, True)}),
    ("zoe", {"double_check": (0.0, False), "gq2_check": (0.0, False), "written_why": (0.0, False)}),
]


@pytest.mark.parametrize(("student", "marks"), GRADED)
def test_plain_autograde_gives_the_marks_that_were_earned(
    course: Course, student: str, marks: dict[str, tuple[float | None, bool]]
) -> None:
    assert scores(course, student) == marks


def test_demonstrations_are_skipped_and_locked_cells_are_the_instructors(course: Course) -> None:
    graded = nbformat.read(course.autograded(WEEK, "eve") / f"{WEEK}.ipynb", 4)
    assert not any("grading skips demonstrations" in str(cell.get("outputs")) for cell in graded.cells)
    assert all(cell.cell_type != "raw" for cell in graded.cells)
    texts = {c.metadata.get("nbgrader", {}).get("grade_id"): c.source for c in graded.cells}
    assert "One mark for additivity" in texts["why"]


def test_feedback_tells_neither_checks_nor_mark_schemes_and_runs_no_script(course: Course) -> None:
    api = api_of(course)
    for student in course.students(WEEK):
        assert api.generate_feedback(WEEK, student)["success"]
        page = (course.feedback(WEEK, student) / f"{WEEK}.html").read_text()
        for secret in (
            "additivity",
            "MARK SCHEME",
            "HIDDEN TESTS",
            "7.25",
            SCRIPT,
            "onerror",
            "javascript:alert",
        ):
            assert secret not in page, secret
    assert "<strong>bold</strong>" in (course.feedback(WEEK, "ada") / f"{WEEK}.html").read_text()
    assert "object is not callable" in (course.feedback(WEEK, "zoe") / f"{WEEK}.html").read_text()


def test_a_manual_mark_survives_a_regrade_by_plain_nbgrader(course: Course) -> None:
    with open_gradebook(course.gradebook_url) as gradebook:
        grade = gradebook.find_grade("written_why", WEEK, WEEK, "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    assert api_of(course).autograde(WEEK, "ada", force=True)["success"]
    with open_gradebook(course.gradebook_url) as gradebook:
        assert marks_by_hand(find_submission(gradebook, "ada", WEEK))["written_why"].score == 1.5
        assert gradebook.find_submission(WEEK, "ada").score == 6.5


def test_export_and_validate_work(course: Course) -> None:
    nbgrader(course, "export", "--to=marks.csv")
    lines = (course.root / "marks.csv").read_text().splitlines()
    assert {line.split(",")[3] for line in lines[1:]} == set(course.students(WEEK))
    assert "did not provide a response" in nbgrader(course, "validate", str(course.release(WEEK)))


@pytest.fixture
def formgrader(course: Course, tmp_path: Path) -> Iterator[str]:
    """Start a Jupyter server in the course's folder, with its own home; give the Formgrader's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=t"]
    command = [sys.executable, "-m", "jupyter", "server", *options]
    environment = {**os.environ, "HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=course.root, env=environment, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr
        assert any("is running at" in line for line in server.stderr)
        yield f"http://127.0.0.1:{port}/formgrader"
        server.terminate()
        server.stderr.read()


def test_formgrader_shows_the_mark_scheme_and_no_script_of_a_student(formgrader: str, course: Course) -> None:
    with open_gradebook(course.gradebook_url) as gradebook:
        submission = gradebook.find_submission_notebook(WEEK, WEEK, "ada").id
    with urllib.request.urlopen(f"{formgrader}/submissions/{submission}/?token=t") as answer:
        page = answer.read().decode()
    assert "One mark for additivity" in page
    assert "<strong>bold</strong>" in page
    for harm in (SCRIPT, "onerror", "javascript:alert"):
        assert harm not in page


HTML = [
    ("<b>bold</b>", "<b>bold</b>"),
    ("<script>alert(1)</script>text", "text"),
    (
        f'<img src="data:image/png;base64,{png()}" alt="a">',
        f'<img src="data:image/png;base64,{png()}" alt="a">',
    ),
    (f'<img src="data:image/png;base64,{png(1 << 30)}" alt="a">', '<img alt="a">'),
    ('<img src="data:image/png;base64,AA==" alt="a">', '<img alt="a">'),
    ('<img src="http://elsewhere.example/x.png" alt="a">', '<img alt="a">'),
    ('<img src="data:image/svg+xml;base64,AA==" alt="a">', '<img alt="a">'),
    ('<a href="javascript:alert(1)">x</a>', '<a rel="noopener noreferrer">x</a>'),
    ('<p style="position:fixed" onclick="x()">x</p>', "<p>x</p>"),
    ('<form action="/formgrader"><input></form>', ""),
]


@pytest.mark.parametrize(("html", "safe"), HTML)
def test_html_of_students_is_cleaned(html: str, safe: str) -> None:
    assert safe_html(html) == safe
