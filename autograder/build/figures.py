"""Find figures without alt text: in code cells, in figure scripts, and in markdown."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from autograder.spec import without_magics

Notebook = Any  # nbformat's NotebookNode, which has no types

DRAWING_METHODS = frozenset(("plot", "scatter", "imshow", "hist", "bar", "contour", "contourf", "errorbar"))
QUIET_PYPLOT = frozenset(("close", "style", "rcParams", "rc", "get_cmap", "colormaps"))
SHOWING = frozenset(("with_alt", "picture_html", "live", "replay", "Interactive"))  # these show words too


def figure_problems(notebook: Notebook, scripts: Mapping[str, str]) -> Iterator[str]:
    """Yield each figure that has no alt text: what draws shows its work through `with_alt` or a widget.

    `scripts` are the figure modules of the week by name; their functions show what they draw in the same way.
    """
    showing = _showing_functions([_parse(text) for text in scripts.values()])
    for cell in notebook.cells:
        place = f"the cell {cell.get('id')}"
        if cell.cell_type == "markdown":
            yield from (f"{place} has a picture without alt text: {i}" for i in _bare_images(cell.source))
        elif not cell.metadata.get("nbgrader", {}).get("solution"):
            yield from _silent_figures(_parse(cell.source).body, showing, place)
    for name, text in scripts.items():
        if "plt.show" in _calls(ast.walk(_parse(text))):
            yield f"{name} shows a figure without alt text (plt.show). Use with_alt(figure, words)."


def _showing_functions(modules: list[ast.Module]) -> set[str]:
    """Return the names that show figures with words: the toolkit's, and functions that call such names."""
    functions = [node for module in modules for node in module.body if isinstance(node, ast.FunctionDef)]
    calls = {function.name: _calls(ast.walk(function)) for function in functions}
    showing = set(SHOWING)
    for _ in functions:  # each round finds the callers of those found before
        showing |= {name for name, called in calls.items() if showing & set(map(_last_name, called))}
    return showing


def _calls(nodes: Iterable[ast.AST]) -> list[str]:
    return [_called(node) for node in nodes if isinstance(node, ast.Call)]


def _silent_figures(body: list[ast.stmt], showing: set[str], place: str) -> Iterator[str]:
    calls = _calls(node for statement in body for node in _run_now(statement))
    drawing = [call for call in calls if _draws(call)]
    closes = "plt.close" in calls and "plt.show" not in calls  # looks at a student's figure, shows nothing
    if drawing and not closes and not showing & set(map(_last_name, calls)):
        yield (
            f"{place} draws ({drawing[0]}) without alt text. "
            "Show the figure with with_alt(figure, words) or in a widget of the toolkit."
        )


def _run_now(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run with the cell itself, not those inside functions that it defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _run_now(child)


def _draws(call: str) -> bool:
    owner, _, name = call.rpartition(".")
    if owner == "plt":
        return name not in QUIET_PYPLOT
    return name == "stage" or name.startswith("plot_") or (bool(owner) and name in DRAWING_METHODS)


def _last_name(call: str) -> str:
    return call.rpartition(".")[2]


def _called(call: ast.Call) -> str:
    """Return the name that is called: `plt.show`, `with_alt`; for longer expressions, the end of it."""
    if isinstance(call.func, ast.Attribute):
        owner = call.func.value.id if isinstance(call.func.value, ast.Name) else "…"
        return f"{owner}.{call.func.attr}"
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _parse(source: str) -> ast.Module:
    """Return the syntax tree; of a cell that is not Python an empty one, as running it says more."""
    try:
        return ast.parse(without_magics(source))
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _bare_images(markdown: str) -> Iterator[str]:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.DOTALL)
    yield from (match[0] for match in re.finditer(r"!\[\s*\]\([^)]*\)", text))
    for match in re.finditer(r"<img\b[^>]*>", text):
        if not re.search(r"""\balt\s*=\s*(["'])\s*\S.*?\1""", match[0]):
            yield match[0]
