"""Run the released lessons, each in a copy of its folder, and keep what came out for the next build."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat

from autograder.course import Course
from autograder.files import write_atomically

Notebook = Any  # nbformat's NotebookNode, which has no types
AT_ONCE = 2
TIMEOUT = 600  # seconds for a cell: a slow machine is no reason to give up
LIBRARIES = ("torch", "numpy", "matplotlib", "scikit-learn", "optuna", "ipywidgets", "nbclient")


def lessons_run(course: Course, weeks: Iterable[str], kept: Path) -> dict[str, Notebook]:
    """Return the released notebook of each week after it ran from top to bottom.

    A lesson runs again only if a file of its folder or a library has changed. `release/` is not touched.
    Raises CellExecutionError if a cell fails that may not.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        weeks = list(weeks)
        return dict(zip(weeks, pool.map(partial(_lesson_run, course, kept=kept), weeks), strict=True))


def _lesson_run(course: Course, week: str, kept: Path) -> Notebook:
    path = course.release(week)
    result = kept / f"{week}-{state_of(path.parent)}.ipynb"
    if not result.is_file():
        print(f"Running {week} …", flush=True)
        notebook = run_in_copy(path)
        for old in kept.glob(f"{week}-*.ipynb"):
            old.unlink()
        kept.mkdir(parents=True, exist_ok=True)
        write_atomically(result, nbformat.writes(notebook).encode())
    return nbformat.read(result, as_version=4)


def state_of(folder: Path) -> str:
    """Return a name for the contents of a folder and the libraries that a lesson shows the numbers of."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return digest_of(*sorted(paths), more="".join(f"{name} {version(name)}\0" for name in LIBRARIES))


def digest_of(*paths: Path, more: str = "") -> str:
    """Return a short name for what these files hold."""
    digest = hashlib.sha256(more.encode())
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def run_in_copy(path: Path) -> Notebook:
    """Run a notebook in a copy of its folder, where nobody has guessed anything yet."""
    from nbclient import NotebookClient  # a second of imports, which a second build does not need

    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / path.parent.name
        shutil.copytree(path.parent, folder, ignore=shutil.ignore_patterns("__pycache__", "progress*.json"))
        where = {"metadata": {"path": str(folder)}}
        NotebookClient(notebook, timeout=TIMEOUT, kernel_name="python3", resources=where).execute()
    return notebook
