"""Say what the files of a week import, as a requirements.txt."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement

from autograder.extras import NAME, PROJECTS

PYTORCH = """# PyTorch for graphics cards takes gigabytes on Linux. Without such a card, run this first:
#   pip install torch --index-url https://download.pytorch.org/whl/cpu
"""


def requirements_text(files: Mapping[str, bytes], always: Iterable[str] = ()) -> str:
    """Return the requirements.txt for these files, by name: what they import, and what is `always` needed."""
    bounds = _bounds()
    own = {name.removesuffix(".py") for name in files if name.endswith(".py") and "/" not in name}
    modules = {module for name, content in files.items() for module in _imports(name, content)}
    foreign = modules - own - sys.stdlib_module_names
    projects = sorted({*always, *_projects(foreign)})
    return (PYTORCH if "torch" in projects else "") + "".join(f"{bounds.get(one, one)}\n" for one in projects)


def _imports(name: str, content: bytes) -> Iterator[str]:
    """Yield the modules that a file imports, by their first name. What Python cannot read imports nothing."""
    for source in _sources(name, content):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def _sources(name: str, content: bytes) -> Iterable[str]:
    if name.endswith(".py"):
        return [content.decode("utf-8", "replace")]
    if not name.endswith(".ipynb"):
        return []
    cells = nbformat.reads(content.decode("utf-8", "replace"), as_version=4).cells
    plain = TransformerManager().transform_cell  # %pip and the like are no Python
    return [plain(cell.source) for cell in cells if cell.cell_type == "code"]


def _projects(modules: Iterable[str]) -> Iterator[str]:
    """Yield the projects that bring these modules."""
    known = packages_distributions()
    for module in modules:
        yield PROJECTS.get(module) or known.get(module, [module])[0].lower().replace("_", "-")


def _bounds() -> dict[str, str]:
    """Return what this program asks of each project, `name>=version`; an exact one is a lower bound."""
    try:
        lines = [Requirement(line) for line in requires(NAME) or ()]
    except PackageNotFoundError:
        return {}
    return {
        one.name.lower().replace("_", "-"): f"{one.name}{one.specifier}".replace("==", ">=")
        for one in lines
        if one.name != NAME
    }
