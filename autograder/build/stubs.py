"""Write what stands in a release in the place of a solution."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from autograder.spec import without_magics

BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
PLACE = "# YOUR CODE HERE"
CHOICE = re.compile(r'^answer_\w+ = ""$', re.MULTILINE)
CHOICE_PLACE = "# YOUR ANSWER HERE: write one letter between the quotes above."
WRITE_HERE = (
    "*YOUR ANSWER HERE: double-click this line, or select it and press Enter, and write in its place.*"
)
NOT_YET = "raise NotImplementedError()"

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def stubbed(source: str) -> str:
    """Return the text of a code cell with a stub in the place of each solution region.

    Inside a function or a class the stub raises NotImplementedError. At top level it assigns `...` to each
    name that the solution gives a value, so that the cell runs, and those below it can say "not yet".
    """
    tree, begin = _tree(source), 0
    kept: list[str] = []
    lines = source.split("\n")
    for number, line in enumerate(lines, start=1):
        if BEGIN in line:
            begin = number
        elif END in line and begin:
            indent = re.match(r"\s*", lines[begin - 1])
            stub = _stub(source, tree, begin, number, bool(indent and indent[0]))
            kept += [f"{indent[0] if indent else ''}{text}" for text in stub]
            begin = 0
        elif not begin:
            kept.append(line)
    return "\n".join(kept)


def stub_of(source: str) -> str:
    """Return the stub for a cell that is a solution as a whole."""
    return stubbed(f"# {BEGIN}\n{source}\n# {END}")


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(without_magics(source))
    except SyntaxError:
        return None


def _stub(source: str, tree: ast.Module | None, begin: int, end: int, indented: bool) -> list[str]:
    if tree is None or _is_inside_definition(tree, begin, indented):
        return [PLACE, NOT_YET]
    assigned = list(_assigned(tree.body))
    above = {name for name, line in assigned if line < begin}
    names = dict.fromkeys(name for name, line in assigned if begin < line < end and name not in above)
    if not names:
        place = CHOICE_PLACE if CHOICE.search(source) else PLACE
        return [place, *(["pass"] if indented else [])]
    return [PLACE, *(f"{name} = ..." for name in names)]


def _is_inside_definition(tree: ast.Module, line: int, indented: bool) -> bool:
    definitions = (node for node in ast.walk(tree) if isinstance(node, Definition))
    return indented and any(node.lineno < line <= (node.end_lineno or 0) for node in definitions)


def _assigned(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, int]]:
    """Yield each name that is given a value outside of functions, and the line in which that is done.

    Names that begin with an underscore, and those of loops, are the solution's own affair.
    """
    for node in nodes:
        if isinstance(node, Definition):
            yield node.name, node.lineno
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            stored = (part for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))
            names = [part for part in stored if isinstance(part.ctx, ast.Store)]
            yield from ((part.id, part.lineno) for part in names if not part.id.startswith("_"))
        elif isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _assigned(ast.iter_child_nodes(node))
