"""Settings are read from where nbgrader reads them, in its order, and a course of any structure is found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from foreign_course import notebook_of, test_cell, write_notebook
from nbgrader.apps import NbGrader

from autograder.course import OWN_SETTINGS, Course, CourseError
from autograder.options import Options
from autograder.record.late import late_policy
from autograder.unchanged import is_comparable


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in which there are `user`, with settings for all courses, and `course`."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "user"))
    for name in ("user", "course"):
        (tmp_path / name).mkdir()
    return tmp_path


def say(home: Path, places: Mapping[str, str]) -> None:
    """Write a file with settings at each place, which name the folder of submissions."""
    for place, name in places.items():
        settings = {"CourseDirectory": {"submitted_directory": name}}
        python = f"c = get_config()\nc.CourseDirectory.submitted_directory = {name!r}\n"
        (home / place).write_text(json.dumps(settings) if place.endswith("json") else python)


def nbgrader_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return where nbgrader itself looks for submissions of the course in a folder."""
    monkeypatch.chdir(folder)
    app = NbGrader()
    app.load_config_file()
    return str(app.config.CourseDirectory.get("submitted_directory", "submitted"))


PY, JSON = "nbgrader_config.py", "nbgrader_config.json"
# what the settings at each place say, and which counts
PLACES = [
    ({}, "submitted"),
    ({f"user/{PY}": "a"}, "a"),
    ({f"user/{JSON}": "a"}, "a"),
    ({f"course/{JSON}": "a"}, "a"),
    ({f"user/{PY}": "a", f"course/{PY}": "b"}, "b"),
    ({f"user/{JSON}": "a", f"course/{PY}": "b"}, "b"),
    ({f"course/{PY}": "a", f"course/{JSON}": "b"}, "b"),
    ({"user/jupyter_config.py": "a"}, "a"),
    ({"user/jupyter_config.json": "a", f"user/{PY}": "b"}, "b"),
]


@pytest.mark.parametrize(("places", "counts"), PLACES)
def test_settings_count_as_with_nbgrader(
    home: Path, places: Mapping[str, str], counts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(home, places)
    (home / "course" / "source").mkdir()
    assert Course.find(home / "course").layout.submitted == counts
    assert nbgrader_says(home / "course", monkeypatch) == counts


def test_jupyter_may_be_told_to_have_no_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say(home, {f"user/{PY}": "a"})
    (home / "course" / "source").mkdir()
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "1")
    assert Course.find(home / "course").layout.submitted == "submitted"


def test_the_settings_of_the_user_may_name_the_folders_of_a_course_without_any(home: Path) -> None:
    (home / "user" / JSON).write_text('{"CourseDirectory": {"source_directory": "masters"}}')
    with pytest.raises(CourseError, match="is not inside a course"):
        Course.find(home / "course")
    write_notebook(home / "course" / "masters" / "ps1" / "p1.ipynb", notebook_of([test_cell("t", "1", 1)]))
    assert Course.find(home / "course").weeks() == ("ps1",)


@pytest.mark.parametrize("own", [f"import {OWN_SETTINGS}\n", ""], ids=["own course", "another course"])
def test_what_the_user_says_about_marks_and_lateness_holds_for_each_course(home: Path, own: str) -> None:
    (home / "course" / PY).write_text(f"{own}c = get_config()\n")
    plain = Course.find(home / "course")
    assert late_policy(plain).penalty("ann", 3.0, 60.0) is None
    assert is_comparable(plain, "week03", Options()) == bool(own)
    (home / "user" / PY).write_text(
        "c = get_config()\nc.CourseDirectory.db_url = 'sqlite:////marks.db'\n"
        "c.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    course = Course.find(home / "course")
    assert course.gradebook_url == "sqlite:////marks.db"
    for found in (course, plain):
        assert late_policy(found).penalty("ann", 3.0, 60.0) == 3.0
        assert not is_comparable(found, "week03", Options()), "its files do not decide alone"


# (file, what is in it)
BROKEN = [(PY, "1 / 0"), (PY, "exit()"), (JSON, "{")]


@pytest.mark.parametrize(("name", "text"), BROKEN)
@pytest.mark.parametrize("place", ["user", "course"])
def test_settings_that_cannot_be_read_are_named(home: Path, place: str, name: str, text: str) -> None:
    (home / "course" / "source").mkdir()
    (home / place / name).write_text(text)
    with pytest.raises(CourseError, match=rf"{place}/{name} cannot be read: .*Mend it"):
        Course.find(home / "course")


STRUCTURES = [
    "{nbgrader_step}/{student_id}/{assignment_id}",
    "{nbgrader_step}/{assignment_id}/{student_id}",
    "{assignment_id}/{nbgrader_step}/{student_id}",
    "{assignment_id}/{student_id}/{nbgrader_step}",
    "all of {assignment_id}/{nbgrader_step} by {student_id}",
]


@pytest.mark.parametrize("structure", STRUCTURES)
def test_assignments_and_students_are_found_in_any_structure(tmp_path: Path, structure: str) -> None:
    settings = {"CourseDirectory": {"directory_structure": structure}}
    (tmp_path / JSON).write_text(json.dumps(settings))
    steps = [("source", "."), ("release", "."), ("submitted", "ann"), ("submitted", "bob"), ("feedback", "x")]
    for step, student in steps:
        for week in ("ps1", "Set [2]"):
            names = {"nbgrader_step": step, "student_id": student, "assignment_id": week}
            write_notebook(tmp_path / structure.format(**names) / "p1.ipynb", notebook_of([]))
    course = Course.find(tmp_path)
    assert course.weeks() == ("Set [2]", "ps1")
    assert course.resolve("ps1") == "ps1"
    assert course.students("ps1") == ("ann", "bob")
    assert course.notebooks("ps1") == ("p1",)
