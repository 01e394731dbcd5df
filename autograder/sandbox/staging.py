"""What the sandbox may see of this machine's Python, and copies of the few files that a child needs."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import py_compile
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from autograder.judge import CHILD_MODULES

PACKAGE = Path(__file__).resolve().parents[1]
# Nothing else of the package enters the sandbox, least of all the hidden checks.
STAGED = (
    *("__init__.py", "model.py", "sandbox/__init__.py"),
    *(f"judge/{name}.py" for name in CHILD_MODULES),
    *(f"sandbox/{name}.py" for name in ("zygote", "shell", "probe", "lockdown", "namespaces", "landlock")),
    *(f"sandbox/{name}.py" for name in ("rlimits", "seccomp", "syscalls")),
)


def stage_package(stage: Path) -> None:
    """Copy the files that a child needs into a new folder `stage`, for everybody to read."""
    for name in STAGED:
        copy = stage / PACKAGE.name / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGE / name, copy)
    for folder, _, files in os.walk(stage):
        os.chmod(folder, 0o755)
        for file in files:
            os.chmod(Path(folder, file), 0o644)


def with_bytecode(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files and, for each module in them, what Python keeps in `__pycache__`.

    So that not every child has to compile the same modules. The files must be trusted.
    """
    found = dict(files)
    with tempfile.TemporaryDirectory(prefix="trainwell-compiled-") as folder:
        for name in files:
            if PurePosixPath(name).suffix == ".py":
                with contextlib.suppress(py_compile.PyCompileError):  # it shows where it is imported
                    found[importlib.util.cache_from_source(name)] = _compiled(name, files[name], folder)
    return found


def _compiled(name: str, source: bytes, folder: str) -> bytes:
    path, made = Path(folder, "module.py"), Path(folder, "module.pyc")
    path.write_bytes(source)
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH  # times differ from child to child
    py_compile.compile(str(path), str(made), name, doraise=True, invalidation_mode=unchecked)
    return made.read_bytes()


def interpreter() -> str:
    """Return the path of the Python program itself, behind any virtual environment."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def library_folders() -> tuple[str, ...]:
    """Return the folders that installed libraries are imported from."""
    names = ("site-packages", "dist-packages")
    return tuple(dict.fromkeys(path for path in sys.path if Path(path).name in names and os.path.isdir(path)))


def readable_paths(hidden: Iterable[Path] = ()) -> tuple[str, ...]:
    """Return what a child may read: the system, Python and its libraries, without anything `hidden`."""
    # Beside the package lie, in a checkout, the lessons with their solutions and hidden checks.
    secrets = [PACKAGE, PACKAGE.parent / "course", *(path.resolve() for path in hidden)]
    extra = [
        path
        for path in (sys.base_prefix, *library_folders())
        if not Path(path).resolve().is_relative_to("/usr")
    ]
    shown = [path for root in ("/usr", *extra) for path in without(Path(root), secrets)]
    return tuple(dict.fromkeys(str(path) for path in shown))


def without(root: Path, hidden: Iterable[Path]) -> list[Path]:
    """Return `root`, or, if something hidden lies in it, those of its contents that hide nothing."""
    inside = [path for path in hidden if path.is_relative_to(root.resolve())]
    if not inside:
        return [root]
    if root.resolve() in inside:
        return []
    return [path for entry in sorted(root.iterdir()) for path in without(entry, inside)]


def closed_to_others(path: str) -> Path | None:
    """Return the topmost folder above `path` that an ordinary user cannot pass through, or None."""
    for folder in reversed(Path(path).parents):
        if not folder.stat().st_mode & 0o001:
            return folder
    return None
