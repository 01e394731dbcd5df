"""Laws that every week obeys. A new week is tested by being there."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient

from autograder.build import build_weeks
from autograder.course import Course

COURSE = Course(ROOT)
WEEKS = COURSE.weeks()
UNSOLVED = {"NotImplementedError", "Mismatch", "NameError", "TypeError"}


def run(path: Path, folder: Path, **settings: object) -> nbformat.NotebookNode:
    """Run a notebook in a folder with the environment's own kernel and return it with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        **settings,
    )
    client.execute(env={**os.environ, "OMP_NUM_THREADS": "1"})
    return notebook


@pytest.mark.parametrize("week", WEEKS)
def test_built_notebooks_are_current(week: str) -> None:
    (result,) = build_weeks(COURSE, [week], check=True)
    assert not result.problems, f"run: autograder build {week}\n" + "\n".join(result.problems)


@pytest.mark.parametrize("week", WEEKS)
def test_instructor_notebook_runs_top_to_bottom_and_its_pictures_have_words(week: str) -> None:
    notebook = run(COURSE.source(week), COURSE.source(week).parent)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            html = output.get("data", {}).get("text/html", "")
            assert "image/png" not in output.get("data", {}), (
                f"a picture without words in: {cell.source[:80]}"
            )
            for image in re.findall(r"<img [^>]*>", html):
                assert re.search(r'alt="[^"]{20,}', image), f"a picture without words in: {cell.source[:80]}"


@pytest.mark.parametrize("week", WEEKS)
def test_release_works_copied_out_alone(week: str, tmp_path: Path) -> None:
    folder = tmp_path / week
    shutil.copytree(COURSE.release(week).parent, folder)
    path = folder / f"{week}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(
        nbformat.v4.new_code_cell(
            "import checking, utils, widgets\nfor m in (checking, utils, widgets): print(m.__file__)"
        )
    )
    nbformat.write(notebook, path)
    ran = run(path, folder, allow_errors=True)
    origins = ran.cells[-1].outputs[0].text.split()
    assert all(Path(origin).parent == folder for origin in origins)
    errors = {
        output.ename
        for cell in ran.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    }
    assert errors <= UNSOLVED


@pytest.mark.parametrize("week", WEEKS)
def test_ids_are_unique_and_cells_are_counted(week: str) -> None:
    notebook = nbformat.read(COURSE.source(week), as_version=4)
    ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert len(ids) == len(set(ids))
    cell_ids = [cell.id for cell in notebook.cells]
    assert cell_ids == [f"{week[:6]}-{number:03d}" for number in range(1, len(cell_ids) + 1)]
