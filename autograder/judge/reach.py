"""Say which of an instructor's code must not meet a student's values in the judge.

Values that come from the sandbox are inert, but an instructor's code may run one as a program, or open the
file that it names: `eval(formula)`, `sympify(text)`, `pickle.loads(saved)`. Such code stays in the sandbox.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from autograder.judge.binding import statements
from autograder.spec import Assignment, SpecCell

# Modules whose functions take values for what they are. With any other a test stays in the sandbox.
HARMLESS = frozenset((
    "__future__", "abc", "array", "ast", "base64", "bisect", "calendar", "cmath", "collections", "contextlib",
    "copy", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "graphlib",
    "hashlib", "heapq", "inspect", "io", "itertools", "json", "math", "matplotlib", "numbers", "numpy",
    "operator", "optuna", "pandas", "pprint", "pytest", "queue", "random", "re", "scipy", "secrets",
    "sklearn", "statistics", "string", "struct", "textwrap", "time", "torch", "traceback", "typing",
    "unittest", "uuid", "warnings", "zlib",
))  # fmt: skip
FORBIDDEN_NAMES = frozenset((
    "eval", "exec", "compile", "open", "__import__", "getattr", "setattr", "delattr", "breakpoint",
))  # fmt: skip
# What in those modules runs a text, or reads or writes the file that it names.
FORBIDDEN = frozenset((
    "eval", "exec", "open", "attrgetter", "methodcaller", "get_type_hints", "query", "load", "loads",
    "load_files", "load_svmlight_file", "loadtxt", "genfromtxt", "fromfile", "tofile", "save", "savez",
    "savez_compressed", "savetxt", "savefig", "imread", "imsave", "memmap", "DataSource", "runstring",
    "rundocs", "jit", "hub", "cpp_extension", "ctypeslib", "FileIO", "main", "to_csv", "to_pickle",
    "to_excel", "to_json", "to_hdf", "to_sql", "to_parquet", "to_feather", "to_html", "to_latex", "to_xml",
    "to_stata",
))  # fmt: skip
READERS = "read_"  # pandas.read_csv and the like
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.Import, ast.ImportFrom)  # what they name is looked at where it is used
LATER = (*DEFINITIONS, ast.ClassDef)  # whose code runs when it is used, and not once while setting up


class Reach:
    """Know what an instructor's notebook and files define, and so which code a test can come to."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment

    def danger(self, cell: SpecCell) -> str:
        """Return why a test cell must not be judged apart from the student's code, or ""."""
        place = self.assignment.cells.index(cell)
        before = [c for c in self.assignment.cells[:place] if c.kind == "locked" and c.cell_type == "code"]
        set_up = (node for given in before for node in statements(given.source) if self._meets_student(node))
        meeting = [*statements(cell.source), *set_up]
        reached = [(node, node in meeting or isinstance(node, LATER)) for node in self._reached(meeting)]
        return next(filter(None, (_danger(node, still_to_run) for node, still_to_run in reached)), "")

    @cached_property
    def _definitions(self) -> Mapping[str, list[ast.stmt]]:
        """Return by name the statements of the instructor's that define it, in cells and in files."""
        found: dict[str, list[ast.stmt]] = {}
        for cell in self.assignment.cells:
            imports_only = cell.kind not in ("locked", "check")
            for node in statements(cell.source) if cell.cell_type == "code" else ():
                if not imports_only or isinstance(node, (ast.Import, ast.ImportFrom)):
                    for name in _defined(node):
                        found.setdefault(name, []).append(node)
        return found

    @cached_property
    def _files(self) -> Mapping[str, list[ast.stmt]]:
        """Return the statements of the course's own modules, by the name that they are imported under."""
        support = self.assignment.support.items()
        return {
            name.removesuffix(".py").split("/")[0]: statements(data.decode("utf-8", "replace"))
            for name, data in support
            if name.endswith(".py")
        }

    def _reached(self, start: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
        """Yield statements and, from there, all that define a name which they use."""
        waiting, seen = list(start), set[int]()
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            modules = _imported(node)
            for module in modules & self._files.keys():
                waiting += self._files[module]
            if not modules or modules - self._files.keys():
                yield node
            for name in _used(node):
                waiting += self._definitions.get(name, ())

    def _meets_student(self, node: ast.stmt) -> bool:
        """Return whether running a statement of a set-up cell can come to a name of the student's."""
        if isinstance(node, DEFINITIONS):
            return False
        used = {name for reached in self._reached([node]) for name in _used(reached) - _local(reached)}
        unknown = {n for n in used - self._definitions.keys() if not hasattr(builtins, n)}
        return bool(unknown | (used & self.assignment.student_names))


def _danger(node: ast.stmt, still_to_run: bool) -> str:
    """Return what in a statement must not meet a student's values, or "".

    Of one that has run before, without meeting any, the calls are harmless.
    """
    parts = ast.walk(node) if still_to_run else _outside_lambdas(node)
    harmless = {
        id(part.func)
        for part in parts
        if isinstance(part, ast.Call) and (not still_to_run or _is_harmless(part))
    }
    found: set[str] = set()
    for part in ast.walk(node):
        found |= _imported(part) - HARMLESS
        if isinstance(part, ast.ImportFrom):
            found |= {alias.name for alias in part.names if _is_forbidden(alias.name)}
        elif id(part) in harmless:
            continue
        elif isinstance(part, ast.Name) and part.id in FORBIDDEN_NAMES:
            found.add(part.id)
        elif isinstance(part, ast.Attribute) and _is_forbidden(part.attr):
            found.add(part.attr)
    return f"it uses {min(found)}, which may take a text for a program or a file's name" if found else ""


def _outside_lambdas(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for part in ast.iter_child_nodes(node):
        if not isinstance(part, ast.Lambda):
            yield from _outside_lambdas(part)


def _is_forbidden(name: str) -> bool:
    return name in FORBIDDEN or name.startswith(READERS)


def _is_harmless(call: ast.Call) -> bool:
    """Return whether this is `json.loads(…)`, or the `eval()` of a model, which takes nothing."""
    method = call.func
    if not isinstance(method, ast.Attribute):
        return False
    is_json = isinstance(method.value, ast.Name) and method.value.id == "json" and method.attr == "loads"
    return is_json or (method.attr == "eval" and not call.args and not call.keywords)


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".")[0]} if node.level == 0 else {"."}
    return set()


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return {node.name}
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _local(node: ast.stmt) -> set[str]:
    """Return the names that are bound in a statement alone: parameters, and variables of functions."""
    parts = list(ast.walk(node))
    names = {part.arg for part in parts if isinstance(part, ast.arg)}
    names |= {part.name for part in parts if isinstance(part, ast.ExceptHandler) and part.name}
    inner = [part.target for part in parts if isinstance(part, ast.comprehension)]
    for part in [node, *inner] if isinstance(node, FUNCTIONS) else inner:
        names |= {n.id for n in ast.walk(part) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return names


def _used(node: ast.stmt) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
