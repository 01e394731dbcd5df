"""Run a few lines of source and return the value of the last one."""

from __future__ import annotations

import ast
from typing import Any


def evaluate(source: str, namespace: dict[str, Any]) -> Any:
    """Execute `source` in `namespace` and return the value of its last line, if that is an expression."""
    *body, last = ast.parse(source).body or [ast.Pass()]
    if not isinstance(last, ast.Expr):
        exec(compile(source, "<scenario>", "exec"), namespace)
        return None
    exec(compile(ast.Module(body, []), "<scenario>", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "<scenario>", "eval"), namespace)
