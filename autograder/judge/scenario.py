"""Run a few lines of source and return the value of the last one."""

from __future__ import annotations

import ast
from functools import lru_cache
from types import CodeType
from typing import Any


def evaluate(source: str, namespace: dict[str, Any]) -> Any:
    """Execute `source` in `namespace` and return the value of its last line, if that is an expression."""
    body, last = _compiled(source)
    exec(body, namespace)
    return None if last is None else eval(last, namespace)


@lru_cache(maxsize=64)
def _compiled(source: str) -> tuple[CodeType, CodeType | None]:
    """Return the code of all lines but a last expression, and that of the last one, if it is one."""
    *body, last = ast.parse(source).body or [ast.Pass()]
    if not isinstance(last, ast.Expr):
        return compile(source, "<scenario>", "exec"), None
    value = compile(ast.Expression(last.value), "<scenario>", "eval")
    return compile(ast.Module(body, []), "<scenario>", "exec"), value
