"""Run the modules of a week's hidden/ folder from their texts, and let them import one another."""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType

from autograder.course import CourseError

PACKAGE = "hidden"  # `from hidden.smooth_right import RIGHT`
IMPORTS = {  # what examples use, and where it comes from
    "check": "from autograder.checks.framework import check",
    "Student": "from autograder.checks.framework import Student",
    "question": "from autograder.checks.choice import question",
    "Mistake": "from autograder.model import Mistake",
    "Variant": "from autograder.model import Variant",
    "expect": "from checking import expect",
    "expect_close": "from checking import expect_close",
    "expect_equal": "from checking import expect_equal",
    "expect_raises": "from checking import expect_raises",
    "tensor": "from torch import tensor",
    "torch": "import torch",
    "np": "import numpy as np",
}


def hidden_modules(week: str, texts: Mapping[str, str]) -> Iterator[tuple[str, ModuleType]]:
    """Yield each hidden module of a week with its place, in order: the sources are the course's own.

    `texts` holds the sources by file name. Raises CourseError, naming the line and the
    edit, if one cannot run.
    """
    finder = _Sources(week, texts)
    for name in sorted(texts):
        with _found_by(finder):
            try:
                module = import_module(f"{PACKAGE}.{name.removesuffix('.py')}")
            except SyntaxError as error:
                raise CourseError(
                    f"{error.filename}, line {error.lineno}: {error.msg}. Correct the line."
                ) from None
            except Exception as error:
                raise CourseError(_what_broke(finder, name, error)) from error
        yield finder.place(name), module


class _Sources(MetaPathFinder, Loader):
    """Find the modules of one week's hidden/ folder, remember those that ran, and forget them with it."""

    def __init__(self, week: str, texts: Mapping[str, str]) -> None:
        self.week, self.texts = week, texts
        self.modules: dict[str, ModuleType] = {}

    def place(self, name: str) -> str:
        """Return where a file lies, for people to read."""
        return f"course/{self.week}/hidden/{name}"

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of the package, or of one of its modules."""
        if fullname == PACKAGE:
            return spec_from_loader(fullname, self, is_package=True)
        parent, _, stem = fullname.partition(".")
        is_ours = parent == PACKAGE and f"{stem}.py" in self.texts
        return spec_from_loader(fullname, self) if is_ours else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the source of a module."""
        if module.__name__ != PACKAGE:
            name = f"{module.__name__.partition('.')[2]}.py"
            exec(compile(self.texts[name], self.place(name), "exec"), vars(module))
        self.modules[module.__name__] = module


@contextlib.contextmanager
def _found_by(finder: _Sources) -> Iterator[None]:
    """Let `import hidden.…` mean one week in a `with` block: another week has files of the same names."""
    sys.meta_path.insert(0, finder)
    sys.modules.update(finder.modules)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


def _what_broke(finder: _Sources, name: str, error: Exception) -> str:
    places = {finder.place(other) for other in finder.texts}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in places]
    missing = IMPORTS.get(getattr(error, "name", None) or "") if isinstance(error, NameError) else None
    advice = f"Add to its top: {missing}" if missing else "Correct the line."
    where = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else finder.place(name)
    return f"{where}: {type(error).__name__}: {error}. {advice}"
