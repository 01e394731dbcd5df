"""What an instructor and a student do on Windows, tried on Linux with what Windows lacks hidden."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from export_samples import make_class
from tiny_course import WEEK, write

from autograder.course import Course
from autograder.verify import verify_weeks

STUDENT = """
import importlib, sys
sys.path.insert(0, "course/shared"); sys.path.insert(0, "course/week03_losses")
for name in ("visible", "bus_rides", "loss_pictures", "loss_widgets", "predictions", "utils"):
    importlib.import_module(name)
"""
CHOICE = """
from autograder.checks.framework import check
from checking import expect_close


@check("gq2", marks=1)
def the_letter_is_right(student):
    expect_close(float(student.answer_gq2 == "C"), 1.0, call="answer_gq2", hint="read the options again")
"""
WORKS = {
    "help": (["--help"], "Usage"),
    "build": (["build", WEEK], ""),
    "report": (["report", WEEK], ""),
    "feedback": (["feedback", WEEK], ""),
    "export": (["export", WEEK], "csv"),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course whose class has marks."""
    course = make_class(tmp_path_factory.mktemp("windows"))
    write(course.hidden(WEEK) / "gq2.py", CHOICE)
    return course


def without_posix(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command, or `-c` and a piece of Python, in `folder` where nothing of POSIX is left."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "course" / "shared")])
    return subprocess.run(
        [sys.executable, str(ROOT / "tests" / "without_posix.py"), *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.kernel
@pytest.mark.parametrize(
    "name",
    [
        "build",
        "export",
        *(pytest.param(name, marks=pytest.mark.long) for name in ("help", "report", "feedback")),
    ],
)
def test_a_command_works_without_posix(course: Course, name: str) -> None:
    arguments, said = WORKS[name]
    done = without_posix("autograder", *arguments, folder=course.root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert said in done.stdout
    assert not list(course.root.rglob(".*.lock")) + list(course.root.rglob(".*.draft"))


@pytest.mark.kernel
def test_a_course_and_a_week_are_begun_without_posix(tmp_path: Path) -> None:
    done = without_posix("autograder", "new-course", "mine", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    done = without_posix("autograder", "new", "week02_more", folder=tmp_path / "mine")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "mine" / "course" / "week02_more" / "week02_more.md").is_file()


@pytest.mark.kernel
def test_checks_are_proved_without_posix(course: Course) -> None:
    done = without_posix("autograder", "verify", "--in-process", WEEK, folder=course.root)
    rows = list(verify_weeks(course, [WEEK], "process"))  # as it is with POSIX
    right = sum(not row.problem for row in rows)
    assert done.returncode == 1, done.stderr  # the tiny course obeys few of the laws
    assert f"{right} of {len(rows)} known answers and laws are as they should be." in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.kernel
def test_a_student_is_told_what_is_missing_without_posix() -> None:
    folder = ROOT / "course" / "week03_losses"
    done = without_posix("autograder", "doctor", "--student", str(folder), folder=ROOT)
    assert "Traceback" not in done.stderr, done.stderr
    assert "ok         Python" in done.stdout


@pytest.mark.kernel
def test_the_modules_of_a_lesson_load_without_posix() -> None:
    done = without_posix("-c", STUDENT, folder=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.kernel
def test_grading_without_a_sandbox_ends_in_one_sentence(course: Course) -> None:
    done = without_posix("autograder", "grade", WEEK, folder=course.root)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("No sandbox isolates")
