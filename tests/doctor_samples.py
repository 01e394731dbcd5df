"""Folders for the doctor to look at, and what it says of them in a terminal."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from folder_look import DATA

from autograder.build.files import support_files
from autograder.course import Course

WEEK = "week03_losses"
NOTEBOOK = f"{WEEK}.ipynb"
TERMINAL = {
    "script": [sys.executable, "doctor.py"],
    "command": ["autograder", "doctor", "--student"],
    "module": [sys.executable, "-m", "autograder.cli", "doctor", "--student"],
}


def fill(folder: Path, *names: str) -> None:
    """Put small files of these names into a folder. Each says so if it is ever loaded."""
    for name in names:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("open('loaded', 'w').close()\n")


def look_where_students_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for modules where a student's Python does: other tests look into the folders of lessons, too."""
    lessons = str(ROOT / "course" / "week")
    monkeypatch.setattr(sys, "path", [place for place in sys.path if not place.startswith(lessons)])


def lesson_in(folder: Path) -> Path:
    """Fill a folder as students get it, with the notebook of a week, and return it."""
    for name, content in support_files(Course(ROOT), WEEK).items():
        (folder / name).write_bytes(content)
    for name in (NOTEBOOK, DATA):
        (folder / name).write_bytes((ROOT / "release" / WEEK / name).read_bytes())
    return folder


def told(folder: Path, way: str) -> tuple[int, dict[str, str]]:
    """Run the doctor as a student would in a terminal; return its exit code, and its lines by their names."""
    done = subprocess.run(TERMINAL[way], cwd=folder, capture_output=True, text=True, check=False)
    lines = re.findall(r"^(ok|look here|see below|not tried) +([\w ]+): (.*)$", done.stdout, re.MULTILINE)
    return done.returncode, {name: f"{word}: {sentence}" for word, name, sentence in lines}
