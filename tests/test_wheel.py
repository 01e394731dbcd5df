"""The wheel, installed into an empty environment and used in an empty folder, grades what instructors have.

The environment holds nothing but the wheel. What it depends on is seen through one line that names the folder
of the libraries here. A folder named so brings no editable install along: no file of the checkout is seen.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from foreign_course import hand_in, notebook_of, solution, test_cell, write_notebook

pytestmark = pytest.mark.sandbox
WEEK = "week01_example"
RIGHT = """def running_mean(values):
    return [sum(values[:n]) / n for n in range(1, len(values) + 1)]"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the wheel and nothing else."""
    return make_environment(tmp_path_factory.mktemp("environment") / "venv", wheel)


@pytest.fixture(scope="module")
def of_graders(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without the libraries that only lessons need: the extra `grade` does not bring them.

    There are as many folders as an environment has that holds everything: more than a process may open.
    """
    programs = make_environment(tmp_path_factory.mktemp("graders") / "venv", wheel)
    (libraries,) = programs.parent.glob("lib/python*/site-packages")
    for number in range(600):
        (libraries / f"library{number}").mkdir()
    for name in ("pooch", "sklearn", "scipy", "optuna", "jupyterlab", "playwright"):
        (libraries / f"{name}.py").write_text(f"raise ModuleNotFoundError(name={name!r})\n")
    return programs


def make_environment(folder: Path, wheel: Path) -> Path:
    """Install the wheel into a new environment, and return the folder of its programs."""
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    (libraries,) = folder.glob("lib/python*/site-packages")
    (libraries / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return folder / "bin"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """An empty folder outside any course."""
    return tmp_path


def run(programs: Path, folder: Path, *command: str) -> str:
    """Run a command of the environment in a folder, nothing of this checkout in sight; return its words."""
    variables = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    variables["PATH"] = f"{programs}{os.pathsep}{os.defpath}"
    done = subprocess.run(
        [str(programs / command[0]), *command[1:]], cwd=folder, env=variables, capture_output=True, text=True
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Traceback" not in said, said
    return said


def test_the_wheel_brings_no_module_with_a_name_that_others_may_have(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"autograder", wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info"}


def test_nothing_of_the_checkout_is_seen(environment: Path, empty: Path) -> None:
    look = "import autograder, checking; print(autograder.__file__); print(checking.__file__)"
    for place in run(environment, empty, "python", "-c", look).split():
        assert Path(place).is_relative_to(environment.parent)
    alone = (
        "import importlib.util as u; print([u.find_spec(name) for name in ('checking', 'utils', 'search')])"
    )
    assert run(environment, empty, "python", "-c", alone).strip() == "[None, None, None]"
    assert run(environment, empty, "autograder", "--version").startswith("autograder ")


def test_it_grades_a_course_that_was_made_for_nbgrader(of_graders: Path, empty: Path) -> None:
    notebook = notebook_of(
        [
            solution("square", "def square(x):\n    return x * x"),
            test_cell("square_test", "assert square(-3) == 9", 2),
        ]
    )
    write_notebook(empty / "source" / "ps1" / "p1.ipynb", notebook)
    hand_in(empty / "submitted" / "ada" / "ps1", notebook, "p1")
    hand_in(
        empty / "submitted" / "ben" / "ps1", notebook, "p1", {"square": "def square(x):\n    return 2 * x"}
    )
    said = run(of_graders, empty, "autograder", "grade", "ps1", "--json")
    marks = {record["student"]: (record["score"], record["marks"]) for record in records(said)}
    assert marks == {"ada": (2, 2), "ben": (0, 2)}


def test_it_makes_a_course_that_builds_proves_its_checks_and_grades(environment: Path, empty: Path) -> None:
    assert "autograder build" in run(environment, empty, "autograder", "new-course", "my-course")
    course = empty / "my-course"
    # A teacher's own change to the engine counts, in the course and in its hidden checks.
    (course / "course" / "shared" / "my_numbers.py").write_text("SMALL = (1.0, 2.0)\n")
    check = course / "course" / WEEK / "hidden" / "running_mean.py"
    check.write_text(
        check.read_text().replace("from checking", "from my_numbers import SMALL\nfrom checking", 1)
    )
    run(environment, course, "autograder", "build")
    run(environment, course, "autograder", "build", "--check")
    proved = run(environment, course, "autograder", "verify", "--in-process")
    assert "140 of 140 known answers and laws are as they should be." in " ".join(proved.split())
    hand_in_example(course)
    said = run(environment, course, "autograder", "grade", "1", "--json")
    marks = {record["student"]: (record["score"], record["marks"]) for record in records(said)}
    assert marks == {"ada": (2, 3), "ben": (0, 3)}
    assert (course / "feedback" / "ada" / WEEK / f"{WEEK}.html").is_file()
    run(environment, course, "autograder", "report", "1")
    assert "2" in run(environment, course, "autograder", "export", "1")


def hand_in_example(course: Path) -> None:
    """Hand in the example: one student answers its exercise, the other nothing."""
    for student, answers in (("ada", {"running_mean": RIGHT}), ("ben", {})):
        folder = course / "submitted" / student / WEEK
        shutil.copytree(course / "release" / WEEK, folder)
        notebook = nbformat.read(folder / f"{WEEK}.ipynb", as_version=4)
        hand_in(folder, notebook, WEEK, answers)


def records(said: str) -> list[dict[str, object]]:
    """Return the records of `--json`, without what stands around them on standard error."""
    return json.loads(said[said.index("[\n") : said.rindex("]") + 1])
