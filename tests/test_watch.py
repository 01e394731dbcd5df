"""Grading on hand-in: whose work is graded, when it waits, and real watchers that are stopped and killed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from small_class import WEEK, Child, kill, make_class, start_command, wait_for
from tiny_course import write

from autograder.course import Course
from autograder.options import Options
from autograder.record.notes import NAME
from autograder.record.results import load_result
from autograder.run.attempts import graded_today
from autograder.run.watch import QUIET_SECONDS, Queue, Watching, _keys

NOON = datetime(2026, 3, 2, 12).astimezone()
MORNING, YESTERDAY = (NOON - timedelta(hours=3)).timestamp(), (NOON - timedelta(hours=13)).timestamp()
HOLD = """import sys
from pathlib import Path
from autograder.files import held
with held(Path(sys.argv[1]), 60) as mine:
    print(mine, flush=True)
    input()
"""
RIGHT, WRONG = "student00", "student01"


@pytest.mark.parametrize(
    ("entries", "attempts"),
    [
        ([], 0),
        ([("graded", MORNING, "graded", "first")], 1),
        ([("graded", MORNING, "graded", "first"), ("graded", NOON.timestamp(), "graded", "second")], 2),
        ([("graded", MORNING, "graded", "first")] * 3, 1),  # the instructor has graded it again
        ([("graded", YESTERDAY, "graded", "first")], 0),
        ([("graded", MORNING, "needs a human", "first")], 0),  # half of a file is no attempt
        ([("failed", MORNING, "graded", "first")], 0),
    ],
)
def test_an_attempt_is_a_new_hand_in_that_was_graded_today(
    tmp_path: Path, entries: list[tuple[str, float, str, str]], attempts: int
) -> None:
    names = ("event", "time", "status", "handed_in")
    lines = [
        json.dumps({**dict(zip(names, entry, strict=True)), "student": "ada", "notebook": "n"})
        for entry in entries
    ]
    log = tmp_path / "log.jsonl"
    log.write_text(
        "\n".join([*lines, '{"event": "graded", "time": 1']), encoding="utf-8"
    )  # and it was killed
    assert len(graded_today(log, NOON).get(("ada", "n"), set())) == attempts


def test_without_a_log_nobody_has_made_an_attempt(tmp_path: Path) -> None:
    assert graded_today(tmp_path / "log.jsonl", NOON) == {}


def test_work_is_taken_when_it_is_quiet_and_put_back_when_grading_fails() -> None:
    queue, ada, ben = Queue(), ("week", "ada"), ("week", "ben")
    queue.add([ada, ben, ("other", "cleo")], 10.0)
    assert queue.take("week", 10.0) == ()
    queue.add([ben], 10.0 + QUIET_SECONDS)  # it is still being written
    assert queue.take("week", 10.0 + QUIET_SECONDS) == ("ada",)
    assert queue.take("week", 20.0) == ("ben",)
    assert queue.take("other", 20.0) == ("cleo",)
    waits = []
    for _ in range(12):
        queue.wait([ada], 30.0)
        waits.append(queue.not_before - 30.0)
        assert queue.take("week", queue.not_before - 0.01) == ()
    assert waits[:3] == [5.0, 10.0, 20.0]
    assert max(waits) == waits[-1] == 600.0
    assert queue.take("week", queue.not_before) == ("ada",)


def test_what_is_held_today_is_let_in_tomorrow() -> None:
    queue, today = Queue(), date(2026, 3, 2)
    queue.held["week", "ada"] = today
    queue.release(today, 10.0)
    assert queue.take("week", 10.0) == ()
    queue.release(today + timedelta(days=1), 10.0)
    assert queue.take("week", 10.0) == ("ada",)
    assert queue.held == {}


def test_a_changed_path_tells_whose_work_it_is(tmp_path: Path) -> None:
    course = Course(tmp_path)
    for student in ("ada", "ben"):
        write(course.submitted("week", student) / "week.ipynb", "{}")
    watching = Watching(course, ("week",), Options())
    top = tmp_path / "submitted"
    cases = {
        top / "ada" / "week" / "week.ipynb": {"ada"},
        top / "ada" / "week" / "data" / "new\n.csv": {"ada"},
        top / "ada" / "week": {"ada"},
        top / "ada": {"ada"},  # moved here as a whole
        top / "gone": set(),
        top / "ada" / "other" / "other.ipynb": set(),
        top: set(),
        tmp_path / "elsewhere" / "ada" / "week": set(),
    }
    for path, students in cases.items():
        assert {student for _, student in _keys(watching, [path])} == students, path
    assert course.submissions == top


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A class of two; one answers all right, the other not."""
    return make_class(tmp_path, 2)


def score(course: Course, student: str) -> float | None:
    saved = load_result(course.results(WEEK, student))
    return saved.result.score if saved else None


def watch(course: Course, *options: str) -> Child:
    return start_command("watch", WEEK, "--course", str(course.root), *options)


def notebook(course: Course, student: str) -> Path:
    return course.submitted(WEEK, student) / f"{WEEK}.ipynb"


@pytest.mark.sandbox
def test_a_watcher_grades_what_is_there_and_what_comes_and_holds_what_is_too_much(course: Course) -> None:
    child = watch(course, "--attempts", "1")
    try:
        wait_for(lambda: score(course, RIGHT) == 5 and score(course, WRONG) == 3)
        away = shutil.copytree(course.root / "submitted" / RIGHT, course.root / "cleo")
        os.rename(away, course.root / "submitted" / "cleo")  # a folder that is moved in as a whole
        shutil.copy(notebook(course, RIGHT), notebook(course, WRONG))
        note = course.feedback(WEEK, WRONG) / NAME
        wait_for(lambda: score(course, "cleo") == 5 and note.is_file())
        assert score(course, WRONG) == 3
        assert "1 attempt of this day is used" in note.read_text(encoding="utf-8")
        assert (course.feedback(WEEK, "cleo") / f"{WEEK}.html").is_file()
        os.killpg(child.pid, signal.SIGINT)
        assert child.finish() == 130
        said = child.said()
    finally:
        end(child)
    assert f"{RIGHT}  5 / 7" in said
    assert f"{WRONG}  waits: 1 attempt" in said
    assert "What was graded so far is kept" in said
    assert "Traceback" not in said


@pytest.mark.sandbox
def test_killed_and_started_again_a_watcher_goes_on_and_waits_for_another_grader(course: Course) -> None:
    child = watch(course)
    wait_for(lambda: score(course, RIGHT) is not None or score(course, WRONG) is not None)
    kill(child, whole_group=False)
    shutil.copy(notebook(course, RIGHT), notebook(course, WRONG))  # while nobody watches
    with another_grader(course):
        child = watch(course)
        wait_for(lambda: b"Another `autograder grade" in os.pread(child.output, 1 << 16, 0))
    try:
        wait_for(lambda: score(course, RIGHT) == 5 and score(course, WRONG) == 5)
    finally:
        end(child)


@contextlib.contextmanager
def another_grader(course: Course) -> Iterator[None]:
    """Hold the lock of a grader in a process of its own: the watcher, a child, would share this one's."""
    lock = course.root / "logs" / f"grade-{WEEK}.lock"
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "True"
        yield
        process.communicate("\n")


def end(child: Child) -> None:
    """End a watcher that a failed test has left."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError, OSError):
        kill(child, whole_group=True)
