"""A class of any size with a tiny lesson, graded by the real commands in processes forked from the test's."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import inspect, text
from tiny_course import LESSON, make_tiny_course, write

from autograder.answers import fill_in, hand_in, reference_answers, released_notebook
from autograder.build import build_weeks
from autograder.course import Course
from autograder.judge.submission import warm_up
from autograder.record.database import open_gradebook
from autograder.record.exchange import SECRET
from autograder.record.gradebook import ANSWERS
from autograder.spec import load_assignment

WEEK = "week98_tiny"
CHECKS = """import torch
from autograder.checks.framework import check
from checking import expect_choice, expect_close


@check("double", marks=3)
def a_number_is_doubled(student):
    x = int(torch.randint(1, 10_000, (), generator=student.rng))
    expect_close(student.double(x), 2 * x, call=f"double({x})", hint="add x to itself")


@check("double", marks=1)
def a_negative_number_is_doubled_too(student):
    expect_close(student.double(-7.25), -14.5, call="double(-7.25)", hint="keep the sign")


@check("gq2", marks=1)
def the_letter_is_right(student):
    expect_close(float(student.answer_gq2 == "C"), 1.0, call="answer_gq2", hint="read the options again")
"""
# What the students answer, in turn. The third kind is right or wrong by luck: for two in three numbers.
ANSWERED: tuple[dict[str, str], ...] = (
    {},
    {"double": "def double(x):\n    return abs(2 * x)", "gq2": 'answer_gq2 = "B"'},
    {"double": "def double(x):\n    return 2 * x if x % 3 else 0.0", "written_why": "Because it adds."},
    {"double": "def double(x:\n    return 2 * x"},
)


def make_class(root: Path, size: int) -> Course:
    """Write a course and the submissions of `size` students into `root`."""
    course = make_tiny_course(root)
    write(course.lesson(WEEK), lesson())
    with (root / "course" / "README.md").open("a", encoding="utf-8") as file:
        file.write("| week98 | Doubling | 7 |\n")
    write(course.hidden(WEEK) / "all.py", CHECKS)
    build_weeks(course, [WEEK])
    right = reference_answers(load_assignment(course, WEEK))
    release = released_notebook(course, WEEK)
    for number in range(size):
        own = ANSWERED[number % len(ANSWERED)]
        hand_in(course, WEEK, f"student{number:02d}", fill_in(release, {**right, **own}))
    return course


def lesson() -> str:
    """Return the tiny lesson with check cells that call the hidden checks of this week."""
    hidden = '### BEGIN HIDDEN TESTS\nfrom autograder import grade\ngrade("week98", "{}")\n### END'
    parts = re.split(r"### BEGIN HIDDEN TESTS\n.*?### END", LESSON, flags=re.DOTALL)
    return parts[0] + hidden.format("double") + parts[1] + hidden.format("gq2") + parts[2]


@dataclass(frozen=True)
class Child:
    """Hold a forked process, which leads a group of its own, and the file in memory that it writes to."""

    pid: int
    output: int

    def finish(self, seconds: float = 600.0) -> int:
        """Wait for its end and return its exit code; a process that takes too long is killed."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise TimeoutError(f"it did not end in {seconds:g} s. It said: {self.said()}")

    def said(self) -> str:
        """Return what it has said, and close the file."""
        with os.fdopen(self.output, "rb") as file:
            file.seek(0)
            return file.read().decode()


def kill(child: Child, whole_group: bool) -> None:
    """Kill a grader, with its workers or (as the kernel does when memory is short) without."""
    (os.killpg if whole_group else os.kill)(child.pid, signal.SIGKILL)
    os.waitpid(child.pid, 0)
    os.close(child.output)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if not running(child.pid):
            return
        time.sleep(0.01)
    os.killpg(child.pid, signal.SIGKILL)
    pytest.fail("a worker outlived the grader")


def wait_for(happened: Callable[[], bool], seconds: float = 600.0) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.01)
    assert happened()


def running(group: int) -> list[psutil.Process]:
    """Return the processes of a group that still run; what has ended may wait long to be cleared away."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def start(course: Course, *arguments: str) -> Child:
    """Fork a process that runs `autograder grade` as the shell would."""
    return start_command("grade", WEEK, "--course", str(course.root), *arguments)


def start_command(*arguments: str) -> Child:
    """Fork a process that runs a command of `autograder`.

    The libraries are imported already, and nothing else is shared: it starts its own sandbox.
    """
    warm_up()
    output = os.memfd_create("said")
    pid = os.fork()
    if pid:
        return Child(pid, output)
    code = 99
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(output, 1)
        os.dup2(output, 2)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        _run(list(arguments))
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _run(arguments: list[str]) -> None:
    from autograder.cli import main

    sys.dont_write_bytecode = True
    sys.argv = ["autograder", *arguments]
    main()
    sys.exit(0)


def grade(course: Course, *arguments: str) -> tuple[int, str]:
    """Run `autograder grade`; return its exit code and what it said."""
    child = start(course, *arguments)
    return child.finish(), child.said()


def forget(course: Course) -> None:
    """Remove all that grading has written."""
    for name in ("autograded", "feedback", "logs"):
        shutil.rmtree(course.root / name, ignore_errors=True)
    for path in course.root.glob("gradebook.db*"):
        path.unlink()


def rows(url: str) -> list[tuple[Any, ...]]:
    """Return what a gradebook holds, row for row, with names in the place of random keys."""
    with open_gradebook(url) as gradebook:
        db = gradebook.db
        digests = {row.grade_id: row.digest for row in db.execute(ANSWERS.select())}
        found: list[tuple[Any, ...]] = []
        for submission in gradebook.assignment_submissions(WEEK):
            for notebook in submission.notebooks:
                key = (submission.student.id, notebook.name)
                found.append((*key, str(submission.timestamp), notebook.late_submission_penalty))
                for g in notebook.grades:
                    marks = (g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
                    found.append((*key, g.cell.name, *marks, digests.get(g.id)))
                found += [(*key, c.cell.name, c.auto_comment, c.manual_comment) for c in notebook.comments]
        tables = sorted(inspect(gradebook.engine).get_table_names())
        counts = [(name, db.execute(text(f"SELECT count(*) FROM {name}")).scalar()) for name in tables]
    return counts + sorted(found, key=repr)


def files(course: Course, left_out: Iterable[str] = ("logs",)) -> dict[str, str]:
    """Return all files of a course with their text, but for how long it took and the hash of the code."""
    found: dict[str, str] = {}
    for path in sorted(course.root.rglob("*")):
        name = str(path.relative_to(course.root))
        if path.is_file() and not name.startswith(tuple(left_out)) and path.suffix != ".db":
            content = path.read_text(encoding="utf-8")
            content = re.sub(r'"seconds": ?[\d.e-]+|Checked in [\d.]+ seconds|"digest": ?"\w+"', "", content)
            # A secret that nobody handed in is drawn: that there is one is what matters.
            found[name] = "a secret" if path.name == SECRET and len(content) > 100 else content
    return found | {name: "" for name in ("gradebook.db",) if (course.root / name).exists()}
