"""Whatever ends a run: nothing is lost, doubled or half written, and the same command goes on."""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from small_class import CHECKS, WEEK, files, forget, grade, kill, make_class, rows, start, wait_for
from tiny_course import write

from autograder.course import Course
from autograder.record.database import open_gradebook
from autograder.record.gradebook import find_submission, marks_by_hand
from autograder.record.pages import write_feedback
from autograder.record.results import load_result

pytestmark = [pytest.mark.sandbox, pytest.mark.alone]
KILLS = 50
ALIKE = ("--seed", "7")  # the same inputs in each run, so that the pages are the same, too
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a file system takes root")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class of 30."""
    root = tmp_path_factory.mktemp("survival") / "course"
    root.mkdir()
    return make_class(root, 30)


@pytest.fixture(scope="module")
def undisturbed(course: Course) -> tuple[list[Any], dict[str, str]]:
    """The rows and files of a run that nothing disturbed."""
    code, said = grade(course, *ALIKE)
    assert code == 0, said
    found = rows(course.gradebook_url), files(course)
    forget(course)
    return found


@pytest.fixture(scope="module")
def few(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A graded class of 4 of them."""
    root = tmp_path_factory.mktemp("few") / "course"
    names = [f"student{number:02d}" for number in range(4, 30)]
    skip = shutil.ignore_patterns("autograded", "feedback", "logs", "gradebook.db*", *names)
    shutil.copytree(course.root, root, ignore=skip)
    code, said = grade(Course(root), *ALIKE)
    assert code == 0, said
    return Course(root)


@pytest.fixture
def copy(few: Course, tmp_path: Path) -> Course:
    """A copy of the graded class that a test may spoil."""
    return Course(Path(shutil.copytree(few.root, tmp_path / "course")))


@pytest.fixture
def fresh(copy: Course) -> Course:
    """The same, not graded yet."""
    forget(copy)
    return copy


def results(course: Course) -> int:
    """Return how many results are stored at this moment."""
    return sum(
        (course.autograded(WEEK, student) / ".grade.json").exists() for student in course.students(WEEK)
    )


def stored(course: Course) -> int:
    """Return how many results are stored; each must be readable, and its marks must be in the gradebook."""
    found = [s for s in course.students(WEEK) if (course.autograded(WEEK, s) / ".grade.json").exists()]
    if not found:
        return 0
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        query = (
            "SELECT a.student_id, count(*) FROM grade g JOIN submitted_notebook n ON g.notebook_id = n.id "
            "JOIN submitted_assignment a ON n.assignment_id = a.id GROUP BY a.student_id"
        )
        grades = dict(db.execute(query))
    for student in found:
        assert load_result(course.autograded(WEEK, student)) is not None
        assert grades[student] == 3
    return len(found)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_killed_at_random_moments_and_started_again_it_ends_like_an_undisturbed_run(
    course: Course, undisturbed: Any
) -> None:
    expected_rows, expected_files = undisturbed
    moments = random.Random(2026)
    in_the_middle = 0
    for number in range(KILLS):
        before = results(course)
        goal = moments.randint(before, 30)
        child = start(course, *ALIKE, "--workers", str(1 + number % 2))
        wait_for(lambda goal=goal: results(course) >= goal)
        # While it starts, which takes seconds, or while it grades and records, which takes less for each.
        time.sleep(moments.uniform(0, 3 if goal == before else 0.3))
        kill(child, whole_group=number % 3 > 0)
        done = stored(course)
        in_the_middle += 0 < done < 30
        if done == 30 or number == KILLS - 1:
            assert grade(course, *ALIKE)[0] == 0
            assert rows(course.gradebook_url) == expected_rows
            assert files(course) == expected_files
            forget(course)
    assert in_the_middle > 0


@pytest.mark.long
def test_killed_while_it_tries_its_sandbox_it_leaves_no_process_running(fresh: Course) -> None:
    child = start(fresh, *ALIKE)
    victim = {"name": "cat", "ppid": child.pid}  # the process that the sandbox is asked to attack
    wait_for(lambda: victim in [process.info for process in psutil.process_iter(list(victim))])
    kill(child, whole_group=False)


def test_ctrl_c_ends_in_one_sentence_and_the_same_command_goes_on(fresh: Course, few: Course) -> None:
    child = start(fresh, *ALIKE, "--workers", "2")
    wait_for(lambda: (fresh.root / "gradebook.db").exists())
    time.sleep(random.Random(1).uniform(0, 2))
    os.killpg(child.pid, signal.SIGINT)
    code, said = child.finish(), child.said()
    assert code == 130, said
    assert "run the same command again to go on" in said
    assert "Traceback" not in said
    assert_same_command_goes_on(fresh, few)


def test_it_grades_where_the_end_of_children_is_ignored_by_whoever_started_it(fresh: Course) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        child = start(fresh, *ALIKE)
    finally:
        signal.signal(signal.SIGCHLD, before)
    code = child.finish()
    assert code == 0, child.said()


def assert_refused(course: Course, *words: str) -> None:
    """Run the command; it must end with exit code 1 and one sentence, the last line, that holds the words."""
    code, said = grade(course, *ALIKE)
    assert code == 1, said
    assert "Traceback" not in said
    last = said.strip().splitlines()[-1]
    assert all(word in last for word in words), last


def assert_same_command_goes_on(course: Course, like: Course) -> None:
    """Run the command again; it must end as an undisturbed run does."""
    code, said = grade(course, *ALIKE)
    assert code == 0, said
    assert rows(course.gradebook_url) == rows(like.gradebook_url)
    assert files(course) == files(like)


@contextlib.contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """Put a file system in memory at a folder."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.decode()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def size(folder: Path) -> int:
    """Return what a folder takes on a disk, in bytes."""
    return sum(path.stat().st_size + 4095 & ~4095 for path in folder.rglob("*") if path.is_file())


@pytest.mark.long
@AS_ROOT
@pytest.mark.parametrize("share", [0, 0.8], ids=["nothing fits", "not all fits"])
def test_a_full_disk_ends_in_one_sentence_and_the_same_command_goes_on(
    fresh: Course, few: Course, tmp_path: Path, share: float
) -> None:
    with mounted(tmp_path / "small", "size=64m"):
        on_disk = Course(Path(shutil.copytree(fresh.root, tmp_path / "small" / "course")))
        used, needed = size(fresh.root), size(few.root) - size(fresh.root)
        remount(tmp_path / "small", f"size={int(used + share * needed)}")
        assert_refused(on_disk, "full", "run the same command again")
        remount(tmp_path / "small", "size=64m")
        assert_same_command_goes_on(on_disk, few)


@pytest.mark.long
@AS_ROOT
def test_a_read_only_course_ends_in_one_sentence(fresh: Course, few: Course, tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "size=64m"):
        on_disk = Course(Path(shutil.copytree(fresh.root, tmp_path / "small" / "course")))
        remount(tmp_path / "small", "ro")
        assert_refused(on_disk, "read-only", "run the same command again")
        remount(tmp_path / "small", "rw")
        assert_same_command_goes_on(on_disk, few)


@pytest.mark.skipif(os.geteuid() == 0, reason="as root a full disk is tried instead")
def test_a_file_size_limit_ends_in_one_sentence(fresh: Course, few: Course) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, before[1]))
    try:
        assert_refused(fresh, "run the same command again")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert_same_command_goes_on(fresh, few)


def test_a_locked_gradebook_ends_in_one_sentence(copy: Course, few: Course) -> None:
    shutil.rmtree(copy.root / "autograded")
    with contextlib.closing(sqlite3.connect(copy.root / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert_refused(copy, "gradebook.db", "another program holds it locked", "run the same command again")
    assert_same_command_goes_on(copy, few)


def test_a_file_that_is_no_gradebook_is_named(copy: Course) -> None:
    (copy.root / "gradebook.db").write_text("once there were marks in here" * 99)
    assert_refused(copy, "gradebook.db", "is no database")


@pytest.mark.long
def test_two_graders_at_once_do_not_mix(fresh: Course, few: Course) -> None:
    children = [start(fresh, *ALIKE) for _ in range(2)]
    codes = [child.finish() for child in children]
    assert 0 in codes
    assert set(codes) <= {0, 1}
    assert_same_command_goes_on(fresh, few)


def changed(course: Course, *arguments: str) -> dict[str, list[dict[str, Any]]]:
    """Grade with `--json`; return the changes of marks of those who were graded, by student."""
    code, said = grade(course, "--json", *arguments)
    assert code == 0, said
    records = json.loads(said[said.index("\n[") :])
    return {record["student"]: record["changes"] for record in records if record["fresh"]}


def test_after_a_check_changed_only_its_exercise_changes_and_marks_by_hand_stay(fresh: Course) -> None:
    assert grade(fresh)[0] == 0  # with a seed of its own: whether student02 is lucky depends on it
    with open_gradebook(fresh.gradebook_url) as gradebook:
        given = gradebook.find_grade("written_why", WEEK, WEEK, "student02")
        given.manual_score, given.needs_manual_grade = 1.5, False
        gradebook.find_comment("written_why", WEEK, WEEK, "student02").manual_comment = "Well said."
        gradebook.db.commit()
    checks = fresh.hidden(WEEK) / "all.py"
    write(checks, CHECKS.replace('== "C"', '== "B"'))
    before = rows(fresh.gradebook_url), files(fresh)
    rehearsed = changed(fresh, "--dry-run")
    assert (rows(fresh.gradebook_url), files(fresh)) == before
    assert rehearsed == changed(fresh)
    right, wrong = ({"exercise": "gq2", "before": b, "after": 1.0 - b} for b in (1.0, 0.0))
    assert rehearsed == {
        "student00": [right], "student01": [wrong], "student02": [right], "student03": [right]
    }  # fmt: skip
    with open_gradebook(fresh.gradebook_url) as gradebook:
        mark = marks_by_hand(find_submission(gradebook, "student02", WEEK))["written_why"]
        assert (mark.score, mark.comment, mark.waiting) == (1.5, "Well said.", False)
    assert any("Well said." in page.read_text() for page in write_feedback(fresh, WEEK))


def test_a_regrade_shows_a_table_of_the_marks_that_changed(copy: Course) -> None:
    checks = copy.hidden(WEEK) / "all.py"
    write(checks, CHECKS.replace("marks=1)\ndef a_neg", "marks=0.5)\ndef a_neg"))
    code, said = grade(copy, "--dry-run", *ALIKE, "--student", "student00", "--student", "student03")
    assert code == 0, said
    assert "Marks that would change" in said
    assert "Nothing was written" in said
    table = said[said.index("Marks that would change") :]
    assert [word for word in table.split() if word.startswith("student0")] == ["student00"]
