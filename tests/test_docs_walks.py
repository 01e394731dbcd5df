"""The pages that walk through something, followed literally: what they show comes back."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT
from docs_commands import FENCE

from autograder.answers import fill_in, reference_answers, released_notebook
from autograder.checks.week import load_checks
from autograder.course import Course
from autograder.sample_class import pick
from autograder.spec import load_assignment

# What a reader types, and why it is not run here.
NOT_RUN = {
    "make demo": "it would set up an environment first; the same without that is run in its place",
    "source .venv/bin/activate": "the tests have an environment of their own",
    "jupyter lab": "it waits for somebody who marks",
}
COPIED = ("course", "source", "release", "nbgrader_config.py", "jupytext.toml", "utils.py")
# Two students in a download of Moodle's, and what they answered of week 3.
DOWNLOAD = {"Ada Lovelace_1201_assignsubmission_file": 0, "Bob Noyce_1202_assignsubmission_file": 1}
CLASS = "First name,Surname,Username,Email address\nAda,Lovelace,ada,ada@a.org\nBob,Noyce,bob,bob@a.org\n"


def typed(page: str) -> list[tuple[str, str]]:
    """Return the commands of a page in order, each with what the page says comes back."""
    found = []
    for block in FENCE.finditer((ROOT / "docs" / page).read_text(encoding="utf-8")):
        if block["kind"] == "console":
            text = block["text"].replace("\\\n", " ")
            for part in f"\n{text}".split("\n$ ")[1:]:
                command, _, shown = part.partition("\n")
                found.append((shlex.join(shlex.split(command, comments=True)), shown))
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of what lessons are made of and built to, without anybody's work."""
    home, ignored = tmp_path / "trainwell", shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    home.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, home / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, home)
    return home


def follow(page: str, home: Path, instead: dict[str, str] | None = None) -> list[str]:
    """Type what a page says, and return that. Nothing may fail, and what is shown must come back."""
    done = []
    for command, shown in typed(page):
        command = (instead or {}).get(command, command)
        if command in NOT_RUN:
            continue
        result = subprocess.run(shlex.split(command), cwd=home, capture_output=True, text=True)
        said = " ".join((result.stdout + result.stderr).split())
        assert result.returncode in (0, 3), f"{command}: {said}"  # 3: some need review
        assert "Traceback" not in said, said
        for line in shown.splitlines():
            assert " ".join(line.split()) in said, f"{command} said: {said}"
        done.append(command)
    return done


@pytest.mark.sandbox
@pytest.mark.long
def test_ten_minutes_are_as_the_page_says(home: Path) -> None:
    done = follow("trying.md", home, {"make demo": "autograder demo"})
    assert "autograder grade week08 --course demo" in done
    named = ("feedback/dora/week03_losses/week03_losses.html", "reports/week03_losses.html", "submitted/kim")
    assert all((home / "demo" / name).exists() for name in named)


@pytest.mark.sandbox
def test_a_term_is_as_the_page_says(home: Path) -> None:
    course, week = Course(home), "week03_losses"
    assignment = load_assignment(course, week)
    right = reference_answers(assignment)
    wrong = pick(load_checks(assignment).mistakes, 0)
    (home / "class.csv").write_text(CLASS)
    (home / "downloads").mkdir()
    with zipfile.ZipFile(home / "downloads" / "week03.zip", "w") as archive:
        for folder, number in DOWNLOAD.items():
            notebook = fill_in(released_notebook(course, week), {**right, **(wrong if number else {})})
            archive.writestr(f"{folder}/{week}.ipynb", json.dumps(notebook))
    done = follow("teaching-a-term.md", home)
    assert {line.split()[1] for line in done} >= {
        "bundle",
        "collect",
        "grade",
        "return",
        "export",
        "feedback",
    }
    marks = (home / "reports" / f"{week}-moodle.csv").read_text()
    assert "ada" in marks
    assert ",12," in marks
    assert list((home / "returned").iterdir())
    assert list((home / "bundles").iterdir())
    assert (home / "grades.csv").read_text().count("\n") >= 3


def test_what_is_not_run_is_named_with_a_reason() -> None:
    pages = ("trying.md", "teaching-a-term.md")
    assert set(NOT_RUN) <= {command for page in pages for command, _ in typed(page)}
