"""Say what is missing beside a week's notebook, and which other file lies in a course's file's place."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from folder_look import COURSE, DATA, Folder

MODULES = {name[:-3] for name in COURSE if name.endswith(".py")}


def file_faults(here: Folder) -> list[str]:
    """Return in a sentence each what is wrong with the course's files in the folder of a lesson."""
    return [*_damaged(here), *_unfound(here), *_foreign(here)]


def _damaged(here: Folder) -> Iterator[str]:
    try:
        json.loads(Path(here.file(DATA)).read_text("utf-8"))
    except (OSError, ValueError):
        yield f"{DATA} is damaged."


def _unfound(here: Folder) -> Iterator[str]:
    """Yield which modules a lesson's notebook imports that are nowhere to be found."""
    for notebook in here.notebooks:
        for module in sorted({module.split(".")[0] for module, _ in _imports(_cells(here.file(notebook)))}):
            beside = module in here.modules or f"{module}.ipynb" in here.files
            if not beside and find_spec(module) is None:
                yield f"{notebook} imports {module}, which lies neither here nor where libraries are."


def _foreign(here: Folder) -> Iterator[str]:
    """Yield which of the course's files lack a name that another file imports from them."""
    asked: dict[str, dict[str, str]] = defaultdict(dict)  # module: {name: the file that imports it}
    for file in (*COURSE, *here.notebooks):
        if not file.endswith((".css", ".js")):
            sources = _cells(here.file(file)) if file in here.notebooks else [_text(here.file(file))]
            for module, name in _imports(sources):
                asked[module][name] = file
    for module in sorted(MODULES & asked.keys()):
        names = _names(_text(here.file(f"{module}.py")))
        lacking = [name for name in asked[module] if name and name not in names]
        if lacking and "__getattr__" not in names:
            yield (
                f"{module}.py is not the course's: it lacks {lacking[0]}, which "
                f"{asked[module][lacking[0]]} imports. Give yours another name."
            )


def _cells(path: str) -> list[str]:
    """Return the code cells of a notebook, without the lines that are not Python; none if it is damaged."""
    try:
        cells = json.loads(_text(path))["cells"]
        codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError):
        return []
    return ["\n".join(line for line in code.split("\n") if line[:1] not in ("%", "!")) for code in codes]


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, ValueError):
        return ""


def _imports(sources: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each import as the module and the name that is taken from it, "" for the module itself."""
    for node in (node for source in sources for node in ast.walk(_tree(source))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)


def _names(source: str) -> set[str]:
    """Return the names that a module has: what it defines, assigns or imports anywhere."""
    found = set()
    for node in ast.walk(_tree(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
    return found


def _tree(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module(body=[], type_ignores=[])
