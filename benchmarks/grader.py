"""Measure the grader beside nbgrader and Otter on the same submissions: processor, clock, memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measuring import ROOT, Measured, Table, measure_command, named, peer_python, times

from autograder.answers import fill_in, hand_in, reference_answers, released_notebook
from autograder.course import Course
from autograder.demo import sample_course
from autograder.judge.plan import make_steps
from autograder.model import Submission, SubmittedCell
from autograder.spec import Assignment, load_assignment

WEEK = "week03"
HEAD = ("what", "submissions", "CPU s each", "wall s each", "CPU, times less", "wall, times less")

# Runs `autograder` in this very process, then writes the most memory that it had at once, in kB.
WITH_PEAK = """
import atexit, re, sys
from pathlib import Path
place = Path(sys.argv.pop(1))
status = Path("/proc/self/status")
atexit.register(lambda: place.write_text(re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1]))
from autograder.cli import main
sys.argv[0] = "autograder"
main()
"""
# Runs cells in a fork of a process that has imported the libraries, and prints the seconds that they took.
WARM_CELLS = """
import json, os, sys
import IPython, matplotlib.pyplot, numpy, torch, utils, widgets, checking
from IPython.core.interactiveshell import InteractiveShell
torch.set_num_threads(1)
torch.nn.functional.mse_loss(torch.ones(2, requires_grad=True), torch.ones(2)).backward()
cells, rounds = json.load(sys.stdin), 3
taken = []
for _ in range(rounds):
    child = os.fork()
    if child == 0:
        shell = InteractiveShell.instance()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        before = sum(os.times()[:2])
        ran = [shell.run_cell(cell).success for cell in cells]
        print(f"taken {sum(os.times()[:2]) - before}", file=sys.stderr, flush=True)
        os._exit(0 if all(ran) else 1)
    assert os.waitpid(child, 0)[1] == 0, "a cell failed"
"""
TAKEN = "taken "  # begins the lines that it prints
OTTER_TEST = """
from otter.test_files import test_case

OK_FORMAT = False
name = "{exercise}"
points = {points}


@test_case(points={points})
def earns_all_marks(env):
    from autograder import grade

    assert grade("{week}", "{exercise}") == {points}
"""


def tables(class_size: int, peers_size: int) -> list[Table]:
    """Return the tables of speed and of memory."""
    course = Course(ROOT)
    week = course.resolve(WEEK)
    assignment = load_assignment(course, week)
    answers = reference_answers(assignment)
    right = fill_in(released_notebook(course, week), answers)
    with tempfile.TemporaryDirectory() as folder:
        return _tables(course, assignment, right, Path(folder), class_size, peers_size)


def _tables(
    course: Course, assignment: Assignment, right: Any, folder: Path, class_size: int, peers_size: int
) -> list[Table]:
    week = assignment.week
    nbgrader = class_of(course, week, right, folder / "nbgrader", peers_size)
    prepare = ["nbgrader", "generate_assignment", week, "--force"]
    measure_command(prepare, nbgrader.root)
    theirs = measure_command(["nbgrader", "autograde", week, "--create"], nbgrader.root)
    small, big = (class_of(course, week, right, folder / str(n), n) for n in (class_size // 4, class_size))
    (_, small_peak), (ours, big_peak) = graded(small, week), graded(big, week)
    again, _ = graded(big, week)
    speed = [
        row(f"`nbgrader autograde` ({named('nbgrader')})", theirs, peers_size, theirs, peers_size),
        otter_row(course, assignment, right, folder / "otter", peers_size, theirs),
        row("`autograder grade`", ours, class_size, theirs, peers_size),
        row("`autograder grade`, unchanged class", again, class_size, theirs, peers_size),
        *own_cells(assignment, right, ours.cpu / class_size, theirs.cpu / peers_size),
    ]
    note = (
        f"Right answers to {week}, on {os.cpu_count()} cores. All are given the same notebooks. Otter also "
        "runs the lesson's demonstrations, which nbgrader, by the course's settings, and `autograder` skip. "
        "All judge by the same hidden checks. `otter grade`, which grades a class, needs Docker: `otter run` "
        "is called once each. "
        f"An unchanged class takes {again.wall / ours.wall:.1%} of the first grading's wall time. Processor "
        "time is that of all processes that a command starts."
    )
    peaks = [
        [str(n), f"{peak / 1024:.0f}"] for n, peak in ((class_size // 4, small_peak), (class_size, big_peak))
    ]
    memory = "The most memory that the process of `autograder grade` had at once, without its workers."
    return [
        Table("Grading a class", note, HEAD, speed),
        Table("Memory of the grader", memory, ("submissions", "MB"), peaks),
    ]


def class_of(course: Course, week: str, notebook: Any, folder: Path, size: int) -> Course:
    """Return a course in a folder of its own in which so many students handed in the same notebook."""
    copy = sample_course(course, week, folder)
    for number in range(size):
        hand_in(copy, week, f"student{number}", notebook)
    return copy


def graded(course: Course, week: str) -> tuple[Measured, int]:
    """Grade a class; return what that took, and the most memory that the grader had, in kB."""
    place = course.root / "peak.txt"
    taken = measure_command([sys.executable, "-c", WITH_PEAK, place, "grade", week], course.root)
    return taken, int(place.read_text())


def row(what: str, taken: Measured, size: int, first: Measured, first_size: int) -> list[str]:
    """Return a row of the table of speed: everything per submission."""
    cpu, wall = taken.cpu / size, taken.wall / size
    ratios = times(first.cpu / first_size, cpu), times(first.wall / first_size, wall)
    return [what, str(size), f"{cpu:.3f}", f"{wall:.3f}", *ratios]


def own_cells(assignment: Assignment, right: Any, ours: float, theirs: float) -> list[list[str]]:
    """Return rows of what a submission's cells take where all is imported: all of them, and those run."""
    cells = tuple(
        SubmittedCell(
            cell["metadata"].get("nbgrader", {}).get("grade_id"),
            cell["cell_type"],
            "".join(cell["source"]),
            "demo" in cell["metadata"].get("tags", ()),
        )
        for cell in right["cells"]
    )
    steps = make_steps(Submission("one", assignment.week, cells), assignment)
    code = [step for step in steps if step.cell_type == "code" and step.action != "judge"]
    kinds = {"its cells": code, "its cells but demonstrations": [s for s in code if s.action == "run"]}
    rows = []
    for what, chosen in kinds.items():
        cpu = warm_seconds([step.source for step in chosen], assignment.week)
        what += f", warm (`autograder grade`: {ours / cpu:.2f} times this)"
        rows.append([what, "1", f"{cpu:.3f}", "–", times(theirs, cpu), "–"])
    return rows


def warm_seconds(sources: Sequence[str], week: str) -> float:
    """Return the processor seconds that cells take in a process that has imported all libraries."""
    ended = subprocess.run(
        [sys.executable, "-c", WARM_CELLS],
        input=json.dumps(sources),
        text=True,
        capture_output=True,
        check=True,
        cwd=ROOT / "release" / week,
        env={**os.environ, "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"},
    )
    return min(
        float(line.removeprefix(TAKEN)) for line in ended.stderr.splitlines() if line.startswith(TAKEN)
    )


def otter_row(
    course: Course, assignment: Assignment, right: Any, folder: Path, size: int, first: Measured
) -> list[str]:
    """Return Otter's row, or one that says that Otter cannot be installed."""
    python = peer_python("otter", ("otter-grader",))
    if python is None:
        return ["`otter run`: could not be installed", *["–"] * 5]
    copy = class_of(course, assignment.week, right, folder, size)
    (folder / "tests").mkdir()
    for cell in assignment.graded:
        test = OTTER_TEST.format(exercise=cell.exercise, points=cell.marks, week=assignment.week)
        (folder / "tests" / f"{cell.exercise}.py").write_text(test)
    otter = [python, "-m", "otter"]
    measure_command([*otter, "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], folder)
    total = Measured(0.0, 0.0)
    for number in range(size):
        notebook = copy.submitted(assignment.week, f"student{number}") / f"{assignment.week}.ipynb"
        taken = measure_command([*otter, "run", notebook, "-a", "autograder.zip", "--no-logo"], folder)
        check_otter(folder / "results.json", number)
        total = Measured(total.cpu + taken.cpu, total.wall + taken.wall)
    (version,) = python.parent.parent.glob("lib/python*/site-packages/otter_grader-*.dist-info")
    name = version.name.removesuffix(".dist-info").replace("otter_grader-", "otter-grader ")
    shutil.rmtree(folder)
    return row(f"`otter run` ({name})", total, size, first, size)


def check_otter(results: Path, number: int) -> None:
    """Raise RuntimeError unless Otter gave right answers full marks: else it did other work."""
    tests = json.loads(results.read_text())["tests"]
    lost = [test["name"] for test in tests if test.get("score", 0) < test.get("max_score", 0)]
    if lost:
        raise RuntimeError(f"Otter took marks from right answers of submission {number}: {', '.join(lost)}.")
