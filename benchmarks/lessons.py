"""Measure how long the notebook of each week takes from top to bottom, with all exercises solved."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from measuring import ROOT, Measured, Table, measure_command

from autograder.course import Course
from autograder.demo import sample_course

BUDGET = 60  # seconds of a week
NOTE = (
    "The instructors' notebook in a folder of its own, as `jupyter execute` runs it from the first cell to "
    "the last: every exercise solved, every demonstration and check run, nobody guessing or moving a slider. "
    "Starting the kernel and PyTorch is part of it; processor time is that of all processes. The aim is "
    "{budget} s for a week by the clock, and 6 minutes for all. *All weeks: {cpu:.0f} s of processor time, "
    "{wall:.0f} s by the clock.*"
)
HEAD = ("week", "code cells", "CPU s", "wall s", "within")


def run_week(folder: Path) -> Measured:
    """Run the notebook of a week, in a course of its own, and return what it took."""
    with tempfile.TemporaryDirectory() as place:
        notebook = sample_course(Course(ROOT), folder.name, Path(place)).source(folder.name)
        command = [sys.executable, "-m", "jupyter", "execute", "--timeout=600", notebook]
        return measure_command(command, notebook.parent)


def code_cells(folder: Path) -> int:
    """Return how many code cells a week's notebook has."""
    notebook = nbformat.read(folder / f"{folder.name}.ipynb", as_version=4)
    return sum(cell.cell_type == "code" for cell in notebook.cells)


def table() -> Table:
    """Return a row per week, and in the note the sum of all."""
    folders = sorted(path for path in (ROOT / "source").glob("week*") if path.is_dir())
    taken = {folder: run_week(folder) for folder in folders}
    rows = [
        [
            folder.name,
            str(code_cells(folder)),
            f"{one.cpu:.1f}",
            f"{one.wall:.1f}",
            "yes" if one.wall <= BUDGET else "no",
        ]
        for folder, one in taken.items()
    ]
    cpu, wall = (sum(getattr(one, clock) for one in taken.values()) for clock in ("cpu", "wall"))
    return Table("Weeks, top to bottom", NOTE.format(budget=BUDGET, cpu=cpu, wall=wall), HEAD, rows)
