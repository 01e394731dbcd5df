"""Measure what nbimporter keeps of a notebook, and what happens when such an import fails or is repeated.

All is measured in a Python of its own. Python 3.12 took away the way in which nbimporter works: there, and
wherever else it cannot be measured, what Python 3.11 gave is shown instead, from my_tools_import.json.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from start_tools import error_line, run_beside

NOTEBOOK, STORED = "my_tools.ipynb", "my_tools_import.json"
LAST_VERSION = (3, 11)  # of Python, in which nbimporter works
HERE = Path(__file__).parent
Version = tuple[Any, ...]  # as sys.version_info; its first two numbers count
WIDTH = 36

MEASURE = """
import contextlib, importlib, io, json
import nbimporter

def said_by(action):
    try:
        return str(action())
    except Exception as error:
        return f"{type(error).__name__}: {error}"

def import_half():
    import half
    there = [name for name in ("first", "second", "third") if hasattr(half, name)]
    return "no error, but it has only " + ", ".join(there)

with contextlib.redirect_stdout(io.StringIO()) as printed:
    import my_tools
found = {"names": sorted(vars(my_tools)), "printed": printed.getvalue().strip()}
found |= {"triple": said_by(lambda: my_tools.triple(4)), "seeded": said_by(my_tools.seeded)}
found["twice"] = [said_by(import_half), said_by(import_half)]

import scales
from scales import scaled
found["edited"] = [scaled(3)]
text = open("scales.ipynb").read()
open("scales.ipynb", "w").write(text.replace("x + 3", "x + 6"))
import scales
found["edited"].append(scales.scaled(3))
importlib.reload(scales)
found["edited"] += [scales.scaled(3), scaled(3)]
print(json.dumps(found))
"""

HALF = ["def first(): return 1", "def second(x=SEED): return x", "def third(): return 3"]
SCALES = ["def scaled(x): return x + 3"]


def is_too_new(version: Version) -> bool:
    """Return whether nbimporter cannot work in this version of Python."""
    return tuple(version[:2]) > LAST_VERSION


@contextmanager
def notebook_import(version: Version = sys.version_info) -> Iterator[None]:
    """Run lines that import from my_tools.ipynb; print the error that ends them, as a cell would show it.

    Where nbimporter cannot work, say so, and print what the lines gave in Python 3.11.
    """
    try:
        yield
    except ImportError as error:
        if not is_too_new(version) and error.name != "nbimporter":
            print(error_line(error))
            return
        print(_absent(version))
        print(f"triple(4) is {stored()['triple']}\n{stored()['seeded']}")
    except Exception as error:  # the lesson is about errors that come when a function is called
        print(error_line(error))


def kept_and_dropped(version: Version = sys.version_info) -> None:
    """Print, for each line of my_tools.ipynb that defines or does something, whether an import keeps it."""
    found = measured(tuple(version[:2]))
    print(f"{'in my_tools.ipynb':{WIDTH}} after the import")
    for line, kept in found["lines"].items():
        print(f"{line:{WIDTH}} {'kept' if kept else '-- dropped'}")
    answers = list(found["lines"].values())
    counted = f"{answers.count(True)} kept, {answers.count(False)} dropped."
    print(f"{counted} The import printed {found['printed'] or 'nothing'}.")


def second_import(version: Version = sys.version_info) -> None:
    """Print what two imports of a notebook give whose second cell fails."""
    first, second = measured(tuple(version[:2]))["twice"]
    print(f"first import:   {first}\nsecond import:  {second}")


def edited_notebook(version: Version = sys.version_info) -> None:
    """Print what a function gives that was imported before its notebook was changed."""
    before, again, reloaded, name = measured(tuple(version[:2]))["edited"]
    print(f"scaled(3), as imported:                             {before}")
    print(f"changed to x + 6, saved, `import scales` again:      {again}")
    print(f"after importlib.reload(scales): scales.scaled(3) is {reloaded}, scaled(3) is {name}")


@cache
def measured(version: tuple[int, ...]) -> dict[str, Any]:
    """Return what imports give, measured once in this Python, or as stored where that cannot be done."""
    if is_too_new(version):
        print(_absent(version))
        return stored()
    try:
        return measure()
    except (OSError, ValueError, SyntaxError, subprocess.SubprocessError):  # no second Python, for example
        print("(It cannot be measured here, so this was measured in Python 3.11 beforehand:)")
        return stored()


def measure() -> dict[str, Any]:
    """Return what is kept of each line, what the import printed, and what happens at repeated imports.

    Raises ValueError if the other Python does not answer.
    """
    notebook = (HERE / NOTEBOOK).read_text(encoding="utf-8")
    files = {NOTEBOOK: notebook, "half.ipynb": _as_notebook(HALF), "scales.ipynb": _as_notebook(SCALES)}
    printed = run_beside(files, MEASURE).stdout.strip().splitlines()
    found = json.loads(printed[-1] if printed else "")
    names = found.pop("names")
    return {"lines": {line: name in names for line, name in lines_of(notebook)}, **found}


def stored() -> dict[str, Any]:
    """Return what `measure` gave in Python 3.11 with nbimporter 0.3.4."""
    found: dict[str, Any] = json.loads((HERE / STORED).read_text(encoding="utf-8"))
    return found


def lines_of(notebook: str) -> list[tuple[str, str]]:
    """Return each statement of a notebook that stands at the left, its first lines, and the name it makes."""
    found = []
    for cell in json.loads(notebook)["cells"]:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            found += [(_first_lines(source, node), _name_of(node)) for node in ast.parse(source).body]
    return found


def _first_lines(source: str, node: ast.stmt) -> str:
    """Return how a statement begins: with what stands above a def, and with what stands in an if or try."""
    lines = [line.strip() for line in (ast.get_source_segment(source, node) or "").splitlines()]
    above = [f"@{ast.unparse(item)}" for item in getattr(node, "decorator_list", ())]
    inside = lines[1:2] if isinstance(node, ast.If | ast.Try) else []
    return " ".join([*above, lines[0], *inside])


def _name_of(node: ast.stmt) -> str:
    """Return the name that a statement makes, "" if it makes none."""
    if isinstance(node, ast.If | ast.Try):
        return _name_of(node.body[0])
    if isinstance(node, ast.Import | ast.ImportFrom):
        return node.names[0].asname or node.names[0].name
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    return getattr(node, "name", "")


def _as_notebook(cells: Sequence[str]) -> str:
    """Return the text of a notebook with these code cells."""
    blank: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = [{**blank, "id": f"cell-{at}", "source": cell} for at, cell in enumerate(cells)]
    return json.dumps({"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def _absent(version: Version) -> str:
    running = f"Python {'.'.join(map(str, version[:2]))}"
    why = "nbimporter works up to Python 3.11" if is_too_new(version) else "nbimporter is not installed"
    return f"({why}; this is {running}. So this was measured in Python 3.11 beforehand:)"
