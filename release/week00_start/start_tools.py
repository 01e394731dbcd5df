"""Run small notebooks in a memory of their own, and imports in a Python of their own: yours stays clean."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

WIDTH = 30  # characters: where the answer of a cell begins
IMPORT_SECONDS = 120  # an import that takes longer is stopped

# ---------------------------------------------------------------- little notebooks


def by_hand(cells: Sequence[str], order: Sequence[int | str]) -> None:
    """Run cells one by one in a fresh memory, as a person clicks them, and print what each shows.

    `order` has the numbers of the cells, counted from 1; a text among them is printed as it is.
    An error stops its own cell only.
    """
    memory: dict[str, Any] = {}
    print("by hand, one cell after the other:")
    for step in order:
        print(f"      ({step})" if isinstance(step, str) else _shown(cells[step - 1], memory)[0])


def restart_and_run_all(cells: Sequence[str]) -> None:
    """Run cells from top to bottom in a fresh memory, and print what each shows, up to the first error."""
    memory: dict[str, Any] = {}
    print("Restart Kernel and Run All Cells:")
    for place, cell in enumerate(cells, start=1):
        line, failed = _shown(cell, memory)
        print(line)
        if failed:
            left = len(cells) - place
            print(f"      (stopped; {left} more did not run)" if left else "      (stopped)")
            return


def _shown(cell: str, memory: dict[str, Any]) -> tuple[str, bool]:
    """Run a cell in a memory; return a line with the cell and what it shows, and whether it failed."""
    answer, failed = "", False
    try:
        value = run_cell(cell, memory)
        answer = "" if value is None else f"shows {value!r}"
    except Exception as error:  # whatever a student's cell raises is what this is about
        answer, failed = error_line(error), True
    return f"      {cell:{WIDTH}} {answer}".rstrip(), failed


def run_cell(cell: str, memory: dict[str, Any]) -> Any:
    """Run the lines of a cell in a memory and return the value of the last one, None if it has none."""
    lines = ast.parse(cell).body
    last = lines.pop() if lines and isinstance(lines[-1], ast.Expr) else None
    exec(compile(ast.Module(lines, []), "<cell>", "exec"), memory)
    return eval(ast.unparse(last), memory) if last else None


def error_line(error: BaseException) -> str:
    """Return an error as Jupyter's last line has it: its kind, and what it says."""
    return f"{type(error).__name__}: {error}"


# ---------------------------------------------------------------- imports in another Python


def run_beside(files: Mapping[str, str], code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own, in a scratch folder that holds these files (text by name)."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        settings = {**os.environ, "PYTHONPATH": "", "IPYTHONDIR": folder, "MPLBACKEND": "agg"}
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            cwd=folder,
            env=settings,
            capture_output=True,
            text=True,
            timeout=IMPORT_SECONDS,
        )


def error_beside(name: str, code: str = "import torch") -> str:
    """Return the last line of the error that `code` ends with beside a file `name` that says x = 1.

    The scratch folder is called your-folder in it. Without an error the line is empty.
    """
    found = run_beside({name: "x = 1\n"}, f"import os\nprint(os.getcwd())\n{code}")
    lines = found.stderr.strip().splitlines()
    place = found.stdout.strip()
    return lines[-1].replace(place, "your-folder") if lines else ""
