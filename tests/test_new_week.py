"""A new week is complete: the commands write, build, verify and grade it, and say what it lacks."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest
from conftest import ROOT
from new_week import WEEK, make_course, make_new_week
from test_laws import errors_of, run

from autograder.build import build_weeks
from autograder.build.new import write_week
from autograder.cli import main
from autograder.course import Course, CourseError
from autograder.verify import verify_weeks
from autograder.views import show_verification


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_new_week(tmp_path_factory.mktemp("new"))


NAMES = [
    ("week11_Clipping", "is no name for a week"),
    ("optimizers", "is no name for a week"),
    ("week5_optimizers", "is no name for a week"),
    ("week11_again", "course/week11_clipping is there already"),
    (WEEK, "course/week11_clipping is there already"),
]


@pytest.mark.parametrize(("name", "sentence"), NAMES)
def test_a_week_that_cannot_be_made_is_refused_and_nothing_is_written(
    course: Course, name: str, sentence: str
) -> None:
    before = sorted(course.root.rglob("*"))
    with pytest.raises(CourseError) as refusal:
        write_week(course, name)
    assert sentence in str(refusal.value)
    assert sorted(course.root.rglob("*")) == before


def test_a_week_that_the_table_does_not_know_gets_a_row(course: Course) -> None:
    table = (course.root / "course" / "README.md").read_text(encoding="utf-8").splitlines()
    row = "| week11 | Clipping | 12 | planned |"
    assert table.count(row) == 1
    assert table[table.index(row) - 1].startswith("| week10 |")
    assert table[table.index(row) + 1] == ""


def test_a_new_week_is_written_in_the_style_of_the_others(course: Course) -> None:
    folder = course.lesson(WEEK).parent
    settings = ["--config", str(ROOT / "pyproject.toml")]
    for command in (["ruff", "check", *settings], ["ruff", "format", "--check", *settings]):
        done = subprocess.run([*command, folder], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.mark.kernel
def test_the_notebook_of_a_new_week_runs_from_top_to_bottom(course: Course) -> None:
    command = ["jupyter", "execute", "--inplace", str(course.source(WEEK))]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text = course.source(WEEK).read_text(encoding="utf-8")
    for line in ("running_mean: 2 of 2 marks", "gq2: 1 of 1 marks"):
        assert line in text
    build_weeks(course, [WEEK], draft=True, force=True)


@pytest.mark.kernel
def test_the_untouched_release_of_a_new_week_runs_without_an_error(course: Course) -> None:
    path = course.release(WEEK)
    ran = run(nbformat.read(path, as_version=4), path.parent)
    assert errors_of(ran) == set()
    assert "running_mean: not yet." in str(ran)


@pytest.mark.sandbox
def test_a_new_week_is_verified_and_graded_by_the_commands(course: Course) -> None:
    done = autograder(course, "verify", "week11")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "known answers and laws are as they should be" in done.stdout
    shutil.copytree(course.release(WEEK).parent, course.submitted(WEEK, "ada"))
    done = autograder(course, "grade", "week11")
    assert done.returncode == 0, done.stderr
    assert "0 / 3" in done.stdout


@pytest.mark.sandbox
@pytest.mark.long
def test_all_known_answers_can_go_through_the_sandbox(course: Course) -> None:
    some, every = (
        [v for v in verify_weeks(course, [WEEK], reach) if v.answer.endswith("in the sandbox")]
        for reach in ("some", "all")
    )
    assert [v for v in (*some, *every) if v.problem] == []
    assert {v.kind for v in some} == {"right", "mistake", "untouched"}
    assert len(some) == 6
    assert len(every) == 2 * 2 + 3 + 2 + 8 + 2


def autograder(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the folder of the course."""
    return subprocess.run(["autograder", *arguments], cwd=course.root, capture_output=True, text=True)


def refused(course: Course, *arguments: str) -> str:
    """Run a command that ends with 1, in this process and in the course's folder; return what it says."""
    told, command = io.StringIO(), patch.object(sys, "argv", ["autograder", *arguments])
    refusal = pytest.raises(SystemExit)
    with contextlib.chdir(course.root), command, contextlib.redirect_stderr(told), refusal as end:
        main()
    assert end.value.code == 1
    return told.getvalue()


INCOMPLETE: dict[str, Callable[[Path], object]] = {
    "no hidden folder": shutil.rmtree,
    "an example without its imports": lambda hidden: (hidden / "more.py").write_text(
        "@check('x')\ndef f(): 0"
    ),
    "a file that is no Python": lambda hidden: (hidden / "running_mean.py").write_text("def ("),
}


@pytest.mark.kernel
@pytest.mark.parametrize("what", INCOMPLETE)
def test_verify_and_grade_end_in_one_sentence_about_what_is_missing(tmp_path: Path, what: str) -> None:
    course = make_new_week(tmp_path)
    shutil.copytree(course.release(WEEK).parent, course.submitted(WEEK, "ada"))
    INCOMPLETE[what](course.hidden(WEEK))
    for command in ("verify", "grade"):
        assert "hidden" in refused(course, command, "week11").splitlines()[-1]


@pytest.mark.kernel
def test_a_week_that_is_not_there_or_not_built_ends_in_one_sentence(tmp_path: Path) -> None:
    course = make_course(tmp_path)
    write_week(course, WEEK)
    assert f"Run: autograder build {WEEK}" in refused(course, "verify", "week11")
    assert "Nobody has handed in" in refused(course, "grade", "week11")
    assert "There is no week called week12" in refused(course, "verify", "week12")


def test_a_week_without_marks_has_nothing_to_prove(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = make_course(tmp_path)
    path = course.lesson("week00_start")
    path.parent.mkdir()
    head = "---\nkernelspec:\n  display_name: Python 3\n  language: python\n  name: python3\n---\n\n"
    path.write_text(f"{head}# Start\n\n```{{code-cell}}\n1 + 1\n```\n", encoding="utf-8")
    (built,) = build_weeks(course, ["week00_start"])
    assert built.problems == ()
    assert show_verification(verify_weeks(course, ["week00_start"]))
    assert "There is nothing to prove" in capsys.readouterr().out
