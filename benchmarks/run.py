"""Measure the grader and the engine side by side with the usual tools; write benchmarks/RESULTS.md."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CLASS_SIZE = 8
ROUNDS = 3


@dataclass(frozen=True)
class Measured:
    """Hold the seconds that something took: of all processors together, and by the clock."""

    what: str
    cpu: float
    wall: float


def measure_command(what: str, command: Sequence[str], folder: Path) -> Measured:
    """Run a command and return what it and its children took. Raises CalledProcessError if it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(what, cpu, time.perf_counter() - start)


def measure_call(what: str, call: Callable[[], object]) -> Measured:
    """Call a function ROUNDS times after a warm-up and return the fastest round."""
    call()
    rounds = []
    for _ in range(ROUNDS):
        cpu, wall = time.process_time(), time.perf_counter()
        call()
        rounds.append((time.process_time() - cpu, time.perf_counter() - wall))
    return Measured(what, *min(rounds))


def grader() -> list[Measured]:
    """Grade the same honest class with `autograder grade` and with plain `nbgrader autograde`."""
    from autograder.answers import fill_in, hand_in, reference_answers, released_notebook
    from autograder.course import Course
    from autograder.demo import sample_course
    from autograder.spec import load_assignment

    course = Course(ROOT)
    week = course.resolve("week03")
    right = fill_in(released_notebook(course, week), reference_answers(load_assignment(course, week)))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for what, command in (
            ("`nbgrader autograde`", ["nbgrader", "autograde", week, "--create"]),
            ("`autograder grade`", ["autograder", "grade", week]),
            ("`autograder grade`, unchanged class", ["autograder", "grade", week]),
        ):
            copy = sample_course(course, week, Path(folder) / command[0])
            for number in range(CLASS_SIZE):
                hand_in(copy, week, f"student{number}", right)
            if command[0] == "nbgrader":
                subprocess.run(
                    ["nbgrader", "generate_assignment", week, "--force"],
                    cwd=copy.root,
                    check=True,
                    capture_output=True,
                )
            rows.append(measure_command(what, command, copy.root))
    return rows


def engine() -> list[Measured]:
    """Train the same net with `train_model` and with the plain DataLoader loop of most courses."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader

    import utils

    torch.set_num_threads(1)
    train, validation, _ = utils.digits_noisy()
    epochs = 10

    def plain_loop() -> None:
        net = utils.build_net((64, 128, 64, 10))
        optimizer, criterion = torch.optim.Adam(net.parameters()), nn.CrossEntropyLoss()
        for _ in range(epochs):
            for x, y in DataLoader(train, batch_size=32, shuffle=True):
                optimizer.zero_grad()
                criterion(net(x), y).backward()
                optimizer.step()
            with torch.no_grad():
                [criterion(net(x), y).item() for x, y in DataLoader(validation, batch_size=32)]

    def ours() -> None:
        net = utils.build_net((64, 128, 64, 10))
        utils.fit(net, train, validation, torch.optim.Adam(net.parameters()), epochs)

    return [
        measure_call(f"plain DataLoader loop, {epochs} epochs", plain_loop),
        measure_call(f"`fit`, {epochs} epochs", ours),
    ]


def command_line() -> list[Measured]:
    """Start the commands for their help alone."""
    return [
        measure_command("`nbgrader --help`", ["nbgrader", "--help"], ROOT),
        measure_command("`autograder --help`", ["autograder", "--help"], ROOT),
    ]


def table(title: str, rows: Sequence[Measured]) -> str:
    """Return the rows as a Markdown table; ratios are against the first row."""
    lines = [
        f"## {title}",
        "",
        "| what | CPU s | wall s | CPU, times less | wall, times less |",
        "|---|---:|---:|---:|---:|",
    ]
    first = rows[0]
    lines += [
        f"| {row.what} | {row.cpu:.2f} | {row.wall:.2f} | {first.cpu / max(row.cpu, 1e-9):.1f} | "
        f"{first.wall / max(row.wall, 1e-9):.1f} |"
        for row in rows
    ]
    return "\n".join(lines)


def machine() -> str:
    """Return one line that names the machine and the versions."""
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    libraries = ", ".join(f"{name} {version(name)}" for name in ("torch", "nbgrader"))
    return (
        f"{date.today()}; {os.cpu_count()} cores of {model}; Python {platform.python_version()}, {libraries}"
    )


def main() -> None:
    """Measure everything and write the tables."""
    parts = [
        "# Benchmarks",
        f"Measured side by side in one run of `make bench`: {machine()}.",
        "The first row of each table is what the others are compared with.",
    ]
    for title, measure in (
        (f"Grading a class of {CLASS_SIZE} right answers (week 3)", grader),
        ("Training", engine),
        ("Starting", command_line),
    ):
        print(f"Measuring: {title} …", file=sys.stderr)
        parts.append(table(title, measure()))
    path = ROOT / "benchmarks" / "RESULTS.md"
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
