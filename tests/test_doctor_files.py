"""The doctor compares the files of a lesson's folder with those that were given out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import doctor
import pytest
from doctor_samples import NOTEBOOK, fill, lesson_in, look_where_students_do, told
from folder_files import file_faults
from folder_look import DATA, Folder


@pytest.fixture(autouse=True)
def path_of_a_student(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for modules where a student's Python does."""
    look_where_students_do(monkeypatch)


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """A folder as students get it, with the notebook of a week."""
    return lesson_in(tmp_path)


def keep_only_the_notebook(lesson: Path) -> None:
    for path in lesson.iterdir():
        if path.name != NOTEBOOK:
            path.unlink()


def cut(path: Path) -> None:
    """Keep the beginning of a file."""
    path.write_text(path.read_text()[:3000])


def without(path: Path, words: str) -> None:
    """Take words out of a file in which they stand."""
    text = path.read_text()
    assert words in text
    path.write_text(text.replace(words, ""))


def with_ends_of_windows(lesson: Path) -> None:
    for path in lesson.glob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def with_a_second_notebook(lesson: Path) -> None:
    """List a notebook among the given files, and change it, as happens where it is opened and run."""
    data = json.loads((lesson / DATA).read_text())
    (lesson / DATA).write_text(json.dumps(data | {"files": data["files"] | {"my_tools.ipynb": ""}}))
    (lesson / "my_tools.ipynb").write_text('{"cells": []}')


ALL_HERE = "ok: all files of this week are here, as given."
FAULTS: list[tuple[Callable[[Path], object], str]] = [
    (lambda lesson: None, ALL_HERE),
    (with_ends_of_windows, ALL_HERE),
    (with_a_second_notebook, ALL_HERE),
    (lambda lesson: (lesson / NOTEBOOK).rename(lesson / "mine.ipynb"), ALL_HERE),
    (lambda lesson: (lesson / "my_notes.py").write_text("x = 1"), ALL_HERE),
    (lambda lesson: (lesson / "utils.py").unlink(), "Not beside the notebook: utils.py."),
    (lambda lesson: (lesson / DATA).unlink(), f"Not beside the notebook: {DATA}."),
    (keep_only_the_notebook, "closing.py, comparing.py, and"),
    (lambda lesson: (lesson / DATA).write_text('{"week": '), f"{DATA} is damaged."),
    (lambda lesson: (lesson / DATA).write_text('{"week": "week03"}'), f"{DATA} is damaged."),
    (lambda lesson: (lesson / "loss_widgets.py").unlink(), "Not beside the notebook: loss_widgets.py."),
    (lambda lesson: (lesson / "visible.py").write_text("x = 1"), "Not as you were given it: visible.py."),
    (lambda lesson: (lesson / "goals.py").write_text("def ("), "Not as you were given it: goals.py."),
    (lambda lesson: (lesson / "controls.js").write_text(""), "Not as you were given it: controls.js."),
    (lambda lesson: without(lesson / "utils.py", "plot_loss"), "Not as you were given it: utils.py."),
    (lambda lesson: cut(lesson / NOTEBOOK), f"{NOTEBOOK} is damaged or not whole."),
    (lambda lesson: (lesson / NOTEBOOK).write_bytes(b"\xff"), f"{NOTEBOOK} is damaged or not whole."),
    (lambda lesson: (lesson / NOTEBOOK).unlink(), "This week's notebook is not here."),
]


@pytest.mark.parametrize(("change", "sentence"), FAULTS)
def test_a_fault_of_the_weeks_files_is_told(
    lesson: Path, change: Callable[[Path], object], sentence: str
) -> None:
    change(lesson)
    word, sentences = doctor.check_files(Folder(lesson))
    assert sentence in f"{word}: {sentences}"
    assert (word == doctor.OK) is (sentence == ALL_HERE)


def test_a_notebook_that_runs_may_lie_elsewhere(lesson: Path) -> None:
    (lesson / NOTEBOOK).unlink()
    assert file_faults(Folder(lesson), in_notebook=True) == []


@pytest.mark.parametrize("names", [(), ("mine.ipynb", "utils.py")])
def test_a_folder_without_a_notebook_of_the_course_may_be_the_wrong_one(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    fill(tmp_path, *names)
    assert doctor.check_files(Folder(tmp_path)) == (
        doctor.LOOK,
        "no notebook of the course is here. Did you open the right folder?",
    )


@pytest.mark.kernel
def test_an_error_in_a_file_of_the_course_is_told_by_its_name(lesson: Path) -> None:
    with (lesson / "utils.py").open("a") as file:
        file.write("\n1 / 0\n")
    code, lines = told(lesson, "script")
    assert lines["Files of this week"].startswith("look here: Not as you were given it: utils.py.")
    assert lines["Training"] == "not tried: first bring the files of this week in order."
    assert lines["Accelerator"].startswith("ok")
    assert code == 1


@pytest.mark.kernel
@pytest.mark.parametrize("content", [None, "def ("])
def test_without_its_first_half_the_doctor_says_what_is_missing(lesson: Path, content: str | None) -> None:
    (lesson / "folder_look.py").unlink()
    if content is not None:
        (lesson / "folder_look.py").write_text(content)
    alone = [sys.executable, "-E", "-S", "doctor.py"]  # no other folder_look.py is to be found
    done = subprocess.run(alone, cwd=lesson, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("look here  folder_look.py is not here, or is damaged")
    assert (done.returncode, done.stderr) == (1, "")
