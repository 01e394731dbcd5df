"""Pages go through nbgrader's exchange: each student fetches their own, and nobody anything else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.utils import get_username, notebook_hash
from pages_samples import text_of
from return_samples import make_template
from small_class import make_class
from tiny_course import WEEK, write

from autograder.answers import fill_in, reference_answers, released_notebook
from autograder.course import Course
from autograder.record.database import open_gradebook
from autograder.record.exchange import SECRET, came_through_exchange, write_exchange_files
from autograder.record.pages import write_feedback
from autograder.spec import load_assignment

TIME = "2026-03-02 11:00:00.123456 UTC"
KEY = "5a" * 64


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Course:
    return Course(Path(shutil.copytree(template, tmp_path / "course")))


# what timestamp.txt and submission_secret.txt hold, and what stands beside the pages (None: a secret of ours)
HANDED_IN = [
    (TIME.encode(), KEY.encode(), TIME, KEY),
    (TIME.encode(), f"{KEY}\n".encode(), TIME, KEY),
    (None, None, "", None),
    (b"", b"", "", None),
    (b"yesterday", b" \n", "", None),
    (b"\xff\xfe", b"\xff\xfe", "", None),
    (b"9" * 500, b"a" * 10_000, "", None),
    (TIME.encode(), b"two\nlines", TIME, None),
]


@pytest.mark.parametrize(("time", "secret", "beside_time", "beside_secret"), HANDED_IN)
def test_what_nbgrader_reads_stands_beside_the_pages(
    course: Course, time: bytes | None, secret: bytes | None, beside_time: str, beside_secret: str | None
) -> None:
    folder, pages = course.submitted(WEEK, "ada"), course.feedback(WEEK, "ada")
    (folder / "timestamp.txt").unlink()
    for name, data in (("timestamp.txt", time), (SECRET, secret)):
        if data is not None:
            (folder / name).write_bytes(data)
    write_exchange_files(course, WEEK, "ada")
    found = (pages / SECRET).read_text()
    assert (pages / "timestamp.txt").read_text() == beside_time
    assert found == beside_secret if beside_secret else len(found) == 128
    assert came_through_exchange(course, WEEK, "ada") == bool(beside_secret)
    graded = course.autograded(WEEK, "ada")
    assert (graded / SECRET).is_file() == bool(beside_secret), "one of ours would look like the student's"
    assert (graded / "timestamp.txt").is_file() == bool(beside_time)
    write_exchange_files(course, WEEK, "ada")
    assert (pages / SECRET).read_text() == found, "a page would be released under another name each time"


def test_pipe_or_link_in_a_submission_is_no_secret(course: Course) -> None:
    write(course.root / "elsewhere.txt", KEY)
    (course.submitted(WEEK, "ada") / SECRET).symlink_to(course.root / "elsewhere.txt")
    os.mkfifo(course.submitted(WEEK, "bob") / SECRET)
    for student in ("ada", "bob"):
        write_exchange_files(course, WEEK, student)
        assert not came_through_exchange(course, WEEK, student)
        assert (course.feedback(WEEK, student) / SECRET).read_text() != KEY


def test_work_collected_later_takes_the_place_of_work_by_hand(course: Course) -> None:
    write_feedback(course, WEEK)
    write(course.submitted(WEEK, "ada") / SECRET, KEY)
    write_feedback(course, WEEK)
    assert (course.feedback(WEEK, "ada") / SECRET).read_text() == KEY


def nbgrader(folder: Path, place: Path, *words: str) -> str:
    """Run a command of nbgrader's as a program, with an exchange and a student's cache below `place`."""
    where = (f"--Exchange.root={place / 'exchange'}", f"--Exchange.cache={place / 'cache'}")
    return run(folder, "-m", "nbgrader", *words, *where)


def run(folder: Path, *words: str) -> str:
    done = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.kernel
def test_every_student_with_a_secret_can_fetch_a_page_and_work_by_hand_stops_nobody(
    course: Course, tmp_path: Path
) -> None:
    keys = {student: f"{number}f" * 64 for number, student in enumerate(["ada", "bob", "dan", "eve"])}
    for student, key in keys.items():
        write(course.submitted(WEEK, student) / SECRET, key)
    write_feedback(course, WEEK)
    (tmp_path / "exchange").mkdir(mode=0o777)
    said = nbgrader(course.root, tmp_path, "release_feedback", WEEK)
    assert said.count("Feedback released to") == 5
    released = {path.name for path in (tmp_path / "exchange/trainwell/feedback").iterdir()}
    theirs = {student: f"{notebook_hash(secret=key, notebook_id=WEEK)}.html" for student, key in keys.items()}
    assert set(theirs.values()) < released
    assert all(name.endswith(".html") for name in released)
    assert len(released) == 5, "cleo's, which came by hand, is there under a name that nobody knows"
    kept = tmp_path / "cache/trainwell" / f"ada+{WEEK}+{TIME}"
    write(kept / SECRET, keys["ada"])
    shutil.copy(course.release(WEEK), kept)
    nbgrader(tmp_path, tmp_path, "fetch_feedback", WEEK, "--course", "trainwell", "--student=ada")
    (page,) = (tmp_path / WEEK).rglob("*.html")
    assert page.name == f"{WEEK}.html"
    assert "6.5 of 7" in text_of(page.read_text(encoding="utf-8"))


@pytest.mark.sandbox
@pytest.mark.kernel
@pytest.mark.long
def test_a_week_from_release_to_the_page_that_a_student_reads(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    course = make_class(tmp_path / "course", 0)
    (week,) = course.weeks()[-1:]
    (tmp_path / "exchange").mkdir(mode=0o777)
    (home := tmp_path / "home").mkdir()
    nbgrader(course.root, tmp_path, "release_assignment", week)
    nbgrader(home, tmp_path, "fetch_assignment", week, "--course", "trainwell")
    answers = {**reference_answers(load_assignment(course, week)), "written_why": "Because it adds."}
    filled = fill_in(released_notebook(course, week), answers)
    (home / week / f"{week}.ipynb").write_text(json.dumps(filled), encoding="utf-8")
    nbgrader(home, tmp_path, "submit", week, "--course", "trainwell")
    nbgrader(course.root, tmp_path, "collect", week)
    student = get_username()
    run(course.root, "-m", "autograder.cli", "grade", week)
    with open_gradebook(course.gradebook_url) as gradebook:
        grade = gradebook.find_grade("written_why", week, week, student)
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    run(course.root, "-m", "autograder.cli", "feedback", week)
    nbgrader(course.root, tmp_path, "release_feedback", week)
    nbgrader(home, tmp_path, "fetch_feedback", week, "--course", "trainwell")
    (page,) = (home / week / "feedback").rglob("*.html")
    assert "6.5 of 7" in text_of(page.read_text(encoding="utf-8"))
    said = nbgrader(home, tmp_path, "list", "--cached", "--course", "trainwell")
    assert "feedback already fetched" in said
    nbgrader(course.root, tmp_path, "generate_feedback", week, "--force")
    nbgrader(course.root, tmp_path, "release_feedback", week)
    reachable = [path.name for place in (tmp_path / "exchange", home) for path in place.rglob("*")]
    assert not any("grade.json" in name for name in reachable)
    assert not any(path.name.startswith(".grade") for path in course.feedback(week, student).rglob("*"))
