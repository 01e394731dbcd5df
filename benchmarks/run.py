"""Measure the engine, the grader and the interactive figures; write benchmarks/RESULTS.md.

Run all of it with `make bench`, or a part: python benchmarks/run.py --only training figures
The machine should have nothing else to do. Tables that are not measured anew stay as they were.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from measuring import ROOT, Measured, Table, machine, measure_command, times

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
HEADING = "# Benchmarks\n\nWritten by `make bench`. All rows of a table were measured in one run.\n"


def training(options: argparse.Namespace) -> list[Table]:
    """Compare the engine with the usual ways to train."""
    from engine import table

    return [table(options.epochs, options.rounds)]


def grading(options: argparse.Namespace) -> list[Table]:
    """Compare the grader with nbgrader and Otter."""
    from grader import tables

    return tables(options.class_size, options.peers_size)


def scaling(_options: argparse.Namespace) -> list[Table]:
    """Measure grading on a cluster of one and of two workers."""
    from scale import table

    return [table()]


def figures(_options: argparse.Namespace) -> list[Table]:
    """Measure the interactive figures of the lessons."""
    from sliders import table

    return [table()]


def weeks(_options: argparse.Namespace) -> list[Table]:
    """Run the notebook of every week from top to bottom."""
    from lessons import table

    return [table()]


def starting(options: argparse.Namespace) -> list[Table]:
    """Start the commands for their help alone."""
    commands = (["nbgrader", "--help"], ["autograder", "--help"])
    fastest = [
        min((measure_command(command, ROOT) for _ in range(options.rounds)), key=wall) for command in commands
    ]
    rows = [
        [
            f"`{' '.join(command)}`",
            f"{taken.cpu:.2f}",
            f"{taken.wall:.2f}",
            times(fastest[0].wall, taken.wall),
        ]
        for command, taken in zip(commands, fastest, strict=True)
    ]
    note = f"The fastest of {options.rounds} starts."
    return [Table("Starting", note, ("command", "CPU s", "wall s", "wall, times less"), rows)]


def wall(taken: Measured) -> float:
    """Return the seconds by the clock."""
    return taken.wall


GROUPS: Mapping[str, Callable[[argparse.Namespace], list[Table]]] = {
    "training": training,
    "grading": grading,
    "scaling": scaling,
    "figures": figures,
    "weeks": weeks,
    "starting": starting,
}


def read_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS), help="what to measure")
    parser.add_argument("--epochs", type=int, default=5, help="training: epochs of a round (default 5)")
    parser.add_argument(
        "--rounds", type=int, default=5, help="training: rounds, with a seed each (default 5)"
    )
    parser.add_argument("--class-size", type=int, default=40, help="grading: students (default 40)")
    parser.add_argument(
        "--peers-size", type=int, default=6, help="grading: students that nbgrader and Otter get"
    )
    return parser.parse_args(arguments)


def merged(old: str, tables: Sequence[Table], measured: str) -> str:
    """Return the results with these tables in the place of those with the same titles, or at the end."""
    sections = {part.splitlines()[0]: part.strip() for part in re.split(r"^## ", old, flags=re.MULTILINE)[1:]}
    for table in tables:
        sections[table.title] = f"{table.markdown().removeprefix('## ')}\n\n*Measured on {measured}.*"
    return HEADING + "".join(f"\n## {section}\n" for section in sections.values())


def main() -> None:
    """Measure what was asked for, show each table, and write it at once."""
    options = read_options()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before PyTorch is imported
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for group in options.only:
        print(f"Measuring: {group} …", file=sys.stderr)
        tables = GROUPS[group](options)
        print(*(table.markdown() for table in tables), sep="\n\n", end="\n\n")
        old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
        RESULTS.write_text(merged(old, tables, machine()), encoding="utf-8")


if __name__ == "__main__":
    main()
