"""A student's folder: one zip with all that a week needs, and a page that says how to start."""

from __future__ import annotations

import ast
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT
from foreign_course import notebook_of, solution, write_notebook
from nbformat.v4 import new_code_cell
from tiny_course import WEEK, make_tiny_course
from typer.testing import CliRunner

from autograder.build import build_weeks
from autograder.build.bundle import OWN, write_bundle
from autograder.build.bundle_requirements import requirements_text
from autograder.cli import app
from autograder.course import Course, CourseError


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The tiny course, built."""
    course = make_tiny_course(tmp_path)
    build_weeks(course, [WEEK])
    return course


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_bundle_is_the_release_with_two_files_more_and_always_the_same(
    course: Course, tmp_path: Path
) -> None:
    (course.release(WEEK).parent / "progress.json").write_text("{}")  # somebody has worked there
    first = write_bundle(course, WEEK)
    second = write_bundle(course, WEEK, tmp_path / "again.zip")
    assert first.read_bytes() == second.read_bytes()
    found = contents(first)
    released = {path.name: path.read_bytes() for path in course.release(WEEK).parent.iterdir()}
    del released["progress.json"]
    assert found.keys() == {f"{WEEK}/{name}" for name in (*released, "requirements.txt", "README.md")}
    assert all(found[f"{WEEK}/{name}"] == content for name, content in released.items())
    page = found[f"{WEEK}/README.md"].decode()
    assert len(page.splitlines()) <= 60
    for place in (
        "Windows",
        "macOS",
        "Linux",
        "JupyterHub",
        "VS Code",
        "Colab",
        "Hand in",
        f"`{WEEK}.ipynb`",
    ):
        assert place in page
    assert max(map(len, page.splitlines())) <= 130
    assert "$" not in page


@pytest.mark.parametrize("change", ["gone", "old"])
def test_what_is_not_the_newest_release_is_refused_with_the_command(course: Course, change: str) -> None:
    notebook = course.release(WEEK)
    if change == "gone":
        notebook.unlink()
    else:
        lesson = course.lesson(WEEK)
        lesson.write_text(lesson.read_text(encoding="utf-8") + "\nOne line more.\n", encoding="utf-8")
    with pytest.raises(CourseError, match=f"Run: autograder build {WEEK}"):
        write_bundle(course, WEEK)
    assert not (course.root / "bundles").exists()


def test_the_command_packs_all_weeks_or_one_into_a_file(course: Course, tmp_path: Path) -> None:
    where = ["--course", str(course.root)]
    assert CliRunner().invoke(app, ["bundle", *where]).exit_code == 0
    assert [path.name for path in (course.root / "bundles").iterdir()] == [f"{WEEK}.zip"]
    target = tmp_path / "one.zip"
    assert CliRunner().invoke(app, ["bundle", "3", "--output", str(target), *where]).exit_code == 0
    assert target.is_file()
    refused = CliRunner().invoke(app, ["bundle", "3", "3", "--output", str(target), *where])
    assert refused.exit_code == 2
    assert "--output is for one week" in " ".join(refused.output.split())


def test_a_course_that_was_made_for_nbgrader_is_packed_too(tmp_path: Path) -> None:
    notebook = notebook_of(
        [new_code_cell("import numpy as np\nimport helper\n%matplotlib inline"), solution("a", "b")]
    )
    for step in ("source", "release"):
        write_notebook(tmp_path / step / "ps1" / "p1.ipynb", notebook)
    (tmp_path / "release" / "ps1" / "helper.py").write_text("import yaml\n")
    course = Course.find(tmp_path)
    with pytest.raises(CourseError, match="has not been released"):
        write_bundle(course, "ps2")
    found = contents(write_bundle(course, "ps1"))
    assert found.keys() == {
        f"ps1/{name}" for name in ("p1.ipynb", "helper.py", "requirements.txt", "README.md")
    }
    lines = found["ps1/requirements.txt"].decode().splitlines()
    assert lines == ["ipykernel>=7", "jupyterlab>=4.4", "numpy>=2", "pyyaml>=6"]
    assert "doctor" not in found["ps1/README.md"].decode()


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        ({}, []),
        ({"a.py": b"import os, json\nfrom . import b\nimport a"}, []),
        ({"a.py": b"from sklearn.svm import SVC\nimport PIL.Image"}, ["pillow>=11", "scikit-learn>=1.5"]),
        ({"a.py": b"def f():\n    import nobody_knows_this"}, ["nobody-knows-this"]),
        ({"a.py": b"this is no Python", "b.csv": b"import numpy"}, []),
    ],
)
def test_requirements_are_what_the_files_import(files: dict[str, bytes], lines: list[str]) -> None:
    assert requirements_text(files).splitlines() == lines


def test_pytorch_comes_with_a_word_on_its_size() -> None:
    first, *_, last = requirements_text({"a.py": b"import torch"}).splitlines()
    assert first.startswith("#")
    assert last == "torch>=2.13.0"


def test_every_library_that_the_doctor_looks_for_is_in_the_requirements() -> None:
    tree = ast.parse((ROOT / "course" / "shared" / "doctor.py").read_text(encoding="utf-8"))
    wanted = next(
        ast.literal_eval(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Dict)
        and "optuna" in ast.unparse(node.value)
    )
    shared = {path.name: path.read_bytes() for path in (ROOT / "course" / "shared").glob("*.py")}
    shared["utils.py"] = (ROOT / "utils.py").read_bytes()
    told = requirements_text(shared, OWN)
    assert [name for name in wanted if f"\n{name}" not in f"\n{told}".lower()] == []
