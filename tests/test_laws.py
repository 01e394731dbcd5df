"""Laws that every week obeys. A new week is tested by being there.

Each untouched release runs once here, and each solved notebook once in test_pictures.py. That built files are
current is proved by `autograder build --check`, the checks of a week by `autograder verify`, its form by
test_lesson_form.py.
"""

from __future__ import annotations

import shutil
import site
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from weeks import COURSE, WEEKS, assignment_of

from autograder.build.files import CARDS, DATA, shared_files


def run(notebook: NotebookNode, folder: Path, **settings: object) -> NotebookNode:
    """Run a notebook in a folder with a kernel of the environment and return it with its outputs."""
    client = NotebookClient(
        notebook,
        timeout=280,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        **settings,
    )
    client.execute()
    return notebook


def errors_of(notebook: NotebookNode) -> set[str]:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return {output.ename for output in outputs if output.output_type == "error"}


@pytest.mark.parametrize("week", WEEKS)
def test_a_release_holds_all_shared_files_and_none_of_hidden(week: str) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", f"release/{week}"], cwd=COURSE.root, capture_output=True, text=True, check=True
    ).stdout.split()
    names = {Path(name).name for name in tracked}
    assert {f"{week}.ipynb", DATA, *shared_files(COURSE)} <= names
    beside = {path.name for path in COURSE.lesson(week).parent.iterdir() if path.is_file()}
    assert beside - {f"{week}.md", CARDS} <= names
    assert CARDS not in names
    hidden = {path.name: path.read_bytes() for path in COURSE.hidden(week).glob("*.py")}
    assert bool(hidden) is bool(assignment_of(week).graded)
    released = [path.read_bytes() for path in COURSE.release(week).parent.rglob("*") if path.is_file()]
    assert not names & hidden.keys()
    assert not [name for name, content in hidden.items() if content in released]


@pytest.fixture(scope="module")
def bare_kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment of somebody who downloaded a folder: the libraries, and nothing of this repository.

    A path in a .pth file is searched, but the .pth files that lie there are not read: so the libraries are
    found, and the folders of this repository, which its own installation adds in that way, are not.
    """
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()))
    kernel = folder / "share" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    command = f'["{folder}/venv/bin/python", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"]'
    (kernel / "kernel.json").write_text(
        f'{{"argv": {command}, "display_name": "Python 3", "language": "python"}}'
    )
    return folder


@pytest.mark.kernel
@pytest.mark.parametrize("week", WEEKS)
def test_a_release_runs_after_a_plain_download(
    week: str, bare_kernel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / week
    shutil.copytree(COURSE.release(week).parent, folder)
    notebook = nbformat.read(folder / f"{week}.ipynb", as_version=4)
    probe = "import importlib.util, utils\nprint(utils.__file__, importlib.util.find_spec('autograder'))"
    notebook.cells.append(nbformat.v4.new_code_cell(probe))
    monkeypatch.setenv("JUPYTER_PATH", str(bare_kernel / "share"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    ran = run(notebook, folder, allow_errors=True)
    assert ran.cells[-1].outputs[0].text.split() == [str(folder / "utils.py"), "None"]
    assert errors_of(ran) == set()
    broken = ("stopped with an error", "this check itself failed")
    assert [
        cell.source[:80] for cell in ran.cells if any(text in str(cell.get("outputs")) for text in broken)
    ] == []


@pytest.mark.parametrize("week", WEEKS)
def test_ids_are_unique_and_cells_are_counted(week: str) -> None:
    notebook = nbformat.read(COURSE.source(week), as_version=4)
    ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert len(ids) == len(set(ids))
    cell_ids = [cell.id for cell in notebook.cells]
    assert cell_ids == [f"{week[:6]}-{number:03d}" for number in range(1, len(cell_ids) + 1)]
