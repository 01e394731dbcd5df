"""Look which files of a folder hide a library, without loading anything that such a file could be.

Python looks for modules in the notebook's folder first: a student's random.py is loaded wherever a library
asks for Python's own. Up here stands only what Python has loaded before it looks into any folder.
"""

from __future__ import annotations

import os
import sys
from _imp import extension_suffixes, is_frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

COURSE = (  # what lies beside the notebook of every week
    "checking.py", "checkpoints.py", "closing.py", "comparing.py", "controls.css", "controls.js",
    "controls.py", "course_data.py", "doctor.py", "error_words.py", "folder_files.py", "folder_look.py",
    "general_hints.py", "goals.py", "guesses.py", "lesson_data.py", "pictures.py", "predictions.py",
    "recording.py", "same_values.py", "search.py", "search_trials.py", "sweep_settings.py", "sweeps.py",
    "transfer_data.py", "tutor.py", "utils.py", "widget_parts.py", "widgets.py",
)  # fmt: skip
DATA = "lesson_data.json"
INIT = "__init__.py"
HARMLESS = {  # Python's own modules that no file can hide, and those that nobody asks for
    *sys.builtin_module_names, "__future__", "antigravity", "test", "this", "turtle", "turtledemo",
}  # fmt: skip


class Folder:
    """Hold what lies in a student's folder.

    `.hiding` maps each file in it, or folder, that a library's name leads to, to the words for that library.
    Raises TypeError, ValueError or OSError if this is no folder that can be looked at.
    """

    def __init__(self, path: Any) -> None:
        self.path = os.path.abspath(os.fspath(path))
        self.files = sorted(os.listdir(self.path))
        self.modules = modules_in(self.path)
        self.notebooks = [name for name in self.files if _is_lesson(name)]
        self.is_lesson = DATA in self.files or bool(self.notebooks)
        self.hiding = dict(self._hiding())

    def file(self, name: str) -> str:
        """Return the path of a file in the folder."""
        return os.path.join(self.path, name)

    def shown(self, name: str) -> str:
        """Return how a file of the folder, or a folder in it, is called in a sentence."""
        return f"the folder {name}/" if os.path.isdir(self.file(name)) else name

    def is_at(self, entry: str) -> bool:
        """Return whether this place of sys.path is the folder, or the one in which a program was started."""
        return not entry or os.path.realpath(entry) == os.path.realpath(self.path)

    def missing_files(self) -> list[str]:
        """Return which of the course's files do not lie here, at most four by name."""
        missing = [name for name in (*COURSE, DATA) if not os.path.isfile(self.file(name))]
        return missing[:4] + [f"and {len(missing) - 4} more"] * (len(missing) > 4)

    def _hiding(self) -> Iterator[tuple[str, str]]:
        libraries = self._libraries()
        for module, name in self.modules.items():
            if self.is_lesson and f"{module}.py" in COURSE:
                if name != f"{module}.py":
                    yield name, f"the course's {module}.py"
            elif module in libraries and not _same(self.file(name), libraries[module]):
                yield name, _whose(module, libraries[module])
        for module in libraries.keys() - self.modules.keys():
            loaded = getattr(sys.modules.get(module), "__file__", None) or ""
            if os.path.dirname(loaded) in (self.path, self.file(module)):
                yield f"{module} (deleted, but still loaded)", _whose(module, libraries[module])

    def _libraries(self) -> dict[str, str]:
        """Return the names that a file here can hide, and where they lead to: "" for Python's own modules."""
        found: dict[str, str] = {}
        for entry in sys.path:
            if not self.is_at(entry):
                places = {module: os.path.join(entry, name) for module, name in modules_in(entry).items()}
                found = {**places, **found}
        found.update({name: "" for name in _standard_names()})
        return {name: found[name] for name in found if name not in HARMLESS and not is_frozen(name)}


def modules_in(folder: str) -> dict[str, str]:
    """Return the names under which Python imports what lies in a folder, each with the file that it takes.

    As in Python, a folder with an __init__.py comes first, then compiled files, then the others.
    """
    try:
        files = set(os.listdir(folder))
    except OSError:  # sys.path may name a zip file, or what is not there
        return {}
    found = {}
    for suffix in (".pyc", ".py", *extension_suffixes()[::-1]):
        found.update({name[: -len(suffix)]: name for name in files if name.endswith(suffix)})
    found.update({name: name for name in files if os.path.isfile(os.path.join(folder, name, INIT))})
    return {module: found[module] for module in sorted(found) if module.isidentifier()}


def _standard_names() -> Iterable[str]:
    """Return the names of Python's own modules. Before version 3.10 Python did not tell them."""
    return getattr(sys, "stdlib_module_names", None) or modules_in(os.path.dirname(os.__file__))


def _is_lesson(name: str) -> bool:
    return name.startswith("week") and name[4:6].isdigit() and name.endswith(".ipynb")


def _same(one: str, other: str) -> bool:
    """Return whether two files, or what two packages begin with, are the same: a copy hides nothing."""
    one, other = (os.path.join(path, INIT) if os.path.isdir(path) else path for path in (one, other))
    try:
        with open(one, "rb") as first, open(other, "rb") as second:
            return first.read() == second.read()
    except OSError:
        return False


def _whose(module: str, place: str) -> str:
    if not place:
        return f"Python's own {module}"
    if any(part in place for part in ("site-packages", "dist-packages")):
        return f"the library {module}"
    return f"the {module} of {os.path.dirname(place)}"
