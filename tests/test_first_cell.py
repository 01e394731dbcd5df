"""The first cell of a release says in words what is missing, and nothing below it runs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from autograder.build.first_cell import guarded, is_guarded

FOLDER = ROOT / "release" / "week03_losses"
# what becomes of the folder: files that go, files that are written; what the words must say
CASES = {
    "the notebook alone": (["*.py"], {}, ["bus_rides.py is not in the folder", "in Colab", "VS Code"]),
    "one file gone": (["recording.py"], {}, ["The file recording.py is not in the folder"]),
    "a file of another week": (
        [],
        {"utils.py": "x = 1"},
        ["utils.py is not the one of this week", "in its place"],
    ),
    "no library": (
        [],
        {"sklearn.py": 'raise ModuleNotFoundError("No module named sklearn", name="sklearn")'},
        ["The library scikit-learn is not installed", "%pip install scikit-learn"],
    ),
}


@pytest.mark.kernel
@pytest.mark.parametrize("case", CASES)
def test_one_message_stands_where_a_traceback_stood_and_the_rest_waits(tmp_path: Path, case: str) -> None:
    gone, written, words = CASES[case]
    folder = Path(shutil.copytree(FOLDER, tmp_path / "folder"))
    for pattern in gone:
        for path in folder.glob(pattern):
            path.unlink()
    for name, text in written.items():
        (folder / name).write_text(text)
    notebook = nbformat.read(folder / f"{FOLDER.name}.ipynb", as_version=4)
    # Python alone: no modules of this checkout stand in for what is gone.
    arguments = ["-c", "import sys; sys.path[:] = [p for p in sys.path if 'shared' not in p]"]
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})
    client.extra_arguments = [f"--IPKernelApp.exec_lines={arguments[1]}"]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with pytest.raises(CellExecutionError):
        client.execute(env=variables)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [bool(cell.execution_count) for cell in code] == [True] + [False] * (len(code) - 1)
    (error,) = [output for output in code[0].outputs if output.output_type == "error"]
    told = "\n".join(error.traceback)
    assert "Traceback" not in told
    assert len(told) < 700
    for word in words:
        assert word in told


def test_a_cell_that_imports_nothing_stays_and_texts_are_not_moved() -> None:
    assert guarded("x = 1\n") == "x = 1\n"
    source = 'import math\n\ntext = """one\ntwo"""\nvalue = f"""{math.pi:.1f}\nthree"""'
    found: dict[str, object] = {}
    exec(compile(guarded(source), "cell", "exec"), found)
    assert found["text"] == "one\ntwo"
    assert found["value"] == "3.1\nthree"
    assert "missing" not in found


@pytest.mark.parametrize(
    "notebook", sorted(ROOT.glob("release/week*/week*.ipynb")), ids=lambda path: path.stem
)
def test_every_week_has_such_a_first_cell(notebook: Path) -> None:
    if notebook.stem != notebook.parent.name:
        pytest.skip("a notebook that a lesson imports")
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    set_up = next(
        n for n, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == "setup"
    )
    for cell in cells[: set_up + 1]:
        assert is_guarded(cell.source)
        assert "raises-exception" not in cell.metadata.get("tags", [])
    assert not any(is_guarded(cell.source) for cell in cells[set_up + 1 :])
