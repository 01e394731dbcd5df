"""The doctor finds what is missing beside a notebook, and what hides a library before that is loaded."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import doctor
import folder_look
import nbformat
import pytest
from conftest import ROOT
from doctor_samples import fill, lesson_in, look_where_students_do, told
from folder_look import COURSE, Folder
from nbclient import NotebookClient
from packaging.requirements import Requirement
from typer.testing import CliRunner

from autograder.build.files import shared_files
from autograder.cli import app
from autograder.course import Course

HIDING = {
    "random.py": "Python's own random",
    "string.py": "Python's own string",
    "queue.py": "Python's own queue",
    "token.py": "Python's own token",
    "types.py": "Python's own types",
    "ast.py": "Python's own ast",
    "numpy.py": "the library numpy",
    "torch.py": "the library torch",
    "torch/__init__.py": "the library torch",
    "sklearn.pyc": "the library sklearn",
}
HARMLESS = ("my_notes.py", "time.py", "os.py", "torch/notes.txt", "my-random.py", "Random.py", "random.ipynb")


@pytest.fixture(autouse=True)
def path_of_a_student(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for modules where a student's Python does."""
    look_where_students_do(monkeypatch)


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """A folder as students get it, with the notebook of a week."""
    return lesson_in(tmp_path)


# ---------------------------------------------------------------- names that hide a library


@pytest.mark.parametrize("name", HIDING)
def test_what_hides_a_library_is_named(tmp_path: Path, name: str) -> None:
    fill(tmp_path, name)
    assert Folder(tmp_path).hiding == {name.split("/")[0]: HIDING[name]}


def test_what_hides_nothing_is_not_named(tmp_path: Path) -> None:
    fill(tmp_path, *HARMLESS)
    assert Folder(tmp_path).hiding == {}


@pytest.mark.kernel
@pytest.mark.parametrize("name", [name for name in (*HIDING, *HARMLESS) if name.endswith(".py")])
def test_python_loads_from_the_folder_just_what_was_named(tmp_path: Path, name: str) -> None:
    fill(tmp_path, name)
    module = name.split("/")[0].removesuffix(".py")
    wrong = name in HIDING
    assert bool(Folder(tmp_path).hiding) is wrong
    if module in sys.stdlib_module_names or wrong:
        subprocess.run([sys.executable, "-c", f"import {module}"], cwd=tmp_path, check=True)
        assert (tmp_path / "loaded").exists() is wrong


WAYS = [(name, "script") for name in HIDING] + [
    ("random.py", "command"),
    ("types.py", "command"),
    ("random.py", "module"),
    ("torch/__init__.py", "module"),
]


@pytest.mark.kernel
@pytest.mark.parametrize(("name", "way"), WAYS)
def test_in_a_terminal_nothing_is_loaded_that_is_hidden(lesson: Path, name: str, way: str) -> None:
    fill(lesson, name)
    code, lines = told(lesson, way)
    assert code == 1
    shown = f"the folder {name.split('/')[0]}/" if "/" in name else name
    assert lines["Names in your folder"].startswith(f"look here: {shown} hides {HIDING[name]}.")
    assert lines["Names in your folder"].endswith("then start the notebook again.")
    assert lines["Data"] == f"not tried: because {shown} hides {HIDING[name]}."
    assert [name for name, line in lines.items() if line.startswith("not tried: because")] == [
        "Data", "Training", "Widgets", "Accelerator",
    ]  # fmt: skip
    assert not (lesson / "loaded").exists()


@pytest.mark.kernel
def test_in_a_folder_with_types_py_the_safe_path_helps_python_to_start(lesson: Path) -> None:
    fill(lesson, "types.py")
    command = [sys.executable, "-P", "-m", "autograder.cli", "doctor", "--student"]
    done = subprocess.run(command, cwd=lesson, capture_output=True, text=True, check=False)
    assert "types.py hides Python's own types" in done.stdout


def test_own_files_named_like_the_courses_hide_them(tmp_path: Path, lesson: Path) -> None:
    own = tmp_path / "own"
    fill(own, "utils.py", "autograder.py")
    assert set(Folder(own).hiding) == {"utils.py", "autograder.py"}
    (own / "utils.py").write_bytes((ROOT / "utils.py").read_bytes())  # a copy hides nothing
    assert set(Folder(own).hiding) == {"autograder.py"}
    fill(lesson, "utils/__init__.py")
    assert Folder(lesson).hiding == {"utils": "the course's utils.py"}


def test_a_deleted_file_that_is_still_loaded_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("random")
    module.__file__ = str(tmp_path / "random.py")
    monkeypatch.setitem(sys.modules, "random", module)
    assert Folder(tmp_path).hiding == {"random (deleted, but still loaded)": "Python's own random"}


# ---------------------------------------------------------------- what it knows


def test_the_doctor_knows_all_files_that_go_to_students() -> None:
    assert sorted(COURSE) == sorted(shared_files(Course(ROOT)))


def test_the_versions_are_those_of_the_project() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    lines = extras["student"] + extras["search"]
    lowest = {Requirement(line).name: re.findall(r"[=>]=([\d.]+)", line) for line in lines}
    assert {name: [version] for name, version in doctor.PACKAGES.items()} == {
        name: lowest[name] for name in doctor.PACKAGES
    }


VERSIONS = [
    ("2.13.0+cpu", "2.13.0", False),
    ("2.9.1", "2.13.0", True),
    ("10.0", "9", False),
    ("0.3.4", "0.3.4", False),
    ("5.0.0rc1", "5", False),
]


@pytest.mark.parametrize(("installed", "needed", "older"), VERSIONS)
def test_versions_are_compared_as_numbers(installed: str, needed: str, older: bool) -> None:
    assert (doctor._numbers(installed) < doctor._numbers(needed)) is older


# ---------------------------------------------------------------- all lines, in a terminal and a notebook


@pytest.mark.kernel
@pytest.mark.parametrize("way", ["script", "command"])
def test_in_a_whole_folder_all_is_well(lesson: Path, way: str) -> None:
    fill(lesson, *HARMLESS)
    code, lines = told(lesson, way)
    assert list(lines) == list(doctor.CHECKS)
    assert {name for name, line in lines.items() if not line.startswith("ok")} == {"Widgets"}
    assert "1797 rows" in lines["Data"]
    assert re.search(r"30 epochs took [\d.]+ s", lines["Training"])
    assert code == 0
    assert not [path for path in lesson.iterdir() if path.name.startswith(".")]


def test_a_check_that_fails_itself_says_so_and_the_others_go_on(
    lesson: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(_here: Folder) -> tuple[str, str]:
        raise SystemExit("my own line")

    monkeypatch.setattr(doctor, "CHECKS", {"Training": stop, "Files": doctor.check_files})
    assert doctor.report(lesson) == [doctor.LOOK, doctor.OK]
    told = capsys.readouterr().out
    assert "this check itself failed (SystemExit: my own line)" in told
    assert told.endswith('1 line above begins with "look here" and ends with what to do.\n')


@pytest.mark.parametrize("folder", [5, "/no/such/folder", __file__, "\0", b"\xff", 1.5, ["a"]])
def test_what_is_no_folder_is_told_in_a_sentence(folder: object, capsys: pytest.CaptureFixture[str]) -> None:
    doctor.doctor(folder)
    assert capsys.readouterr().out.startswith("look here  Folder: ")


def test_a_folder_that_cannot_be_written_to_is_told() -> None:
    word, sentence = doctor.check_writing(Folder("/proc"))
    assert word == doctor.LOOK
    assert "Move the whole folder" in sentence


@pytest.mark.kernel
def test_the_command_takes_a_folder_and_fails_where_something_needs_a_look(lesson: Path) -> None:
    fill(lesson, "random.py")
    result = CliRunner().invoke(app, ["doctor", "--student", str(lesson)])
    assert result.exit_code == 1
    assert "random.py hides Python's own random" in result.stdout


def in_notebook(folder: Path) -> tuple[str, list[str]]:
    """Run the doctor in a notebook in this folder; return what it prints, and what kinds of output follow."""
    cell = nbformat.v4.new_code_cell("from doctor import doctor\ndoctor()")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    text = "".join(output.text for output in cell.outputs if output.output_type == "stream")
    return text, [kind for output in cell.outputs if "data" in output for kind in output.data]


@pytest.mark.kernel
def test_in_a_notebook_a_slider_follows(lesson: Path) -> None:
    text, kinds = in_notebook(lesson)
    assert "see below  Widgets: move the slider" in text
    assert "application/vnd.jupyter.widget-view+json" in kinds
    assert "All is well." in text


@pytest.mark.kernel
@pytest.mark.parametrize("name", ["torch.py", "random.py"])
def test_in_a_notebook_nothing_is_loaded_that_is_hidden(lesson: Path, name: str) -> None:
    fill(lesson, name)
    text, kinds = in_notebook(lesson)
    assert f"{name} hides {HIDING[name]}. Rename or delete it, then restart the kernel." in text
    assert kinds == []
    assert not (lesson / "loaded").exists()


def test_the_look_needs_only_what_no_file_can_hide() -> None:
    fixed = {"__future__", "os", "sys", "time", "_imp", "folder_look"}
    for module in (doctor, folder_look):
        source = Path(module.__file__).read_text()
        assert set(re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE)) <= fixed
