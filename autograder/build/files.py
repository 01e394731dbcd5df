"""Write built files: only when they change, and without leaving old ones behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import Course
from autograder.files import write_atomically

ENGINE = ("utils.py", "course_data.py", "sweeps.py", "course/widgets.py", "course/checking.py")
SUFFIXES = (".py", ".csv", ".json", ".npz")  # a week's figure scripts and data
CACHES = (".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True)
class Changes:
    """Hold what a folder lacks: files to write, by name, and paths to remove."""

    folder: Path
    write: Mapping[str, bytes] = field(default_factory=dict)
    remove: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.write or self.remove)

    @property
    def names(self) -> tuple[str, ...]:
        """Return what is out of date, as `release/week03_losses/utils.py`."""
        where = "/".join(self.folder.parts[-2:])
        names = [*self.write, *(path.name for path in self.remove)]
        return tuple(f"{where}/{name}" for name in sorted(names))

    @property
    def outdated(self) -> tuple[str, ...]:
        """Return the names that matter to somebody who only looks.

        Copies of scripts are not part of a clone and so may be missing; caches come and go.
        """
        missing = {
            name for name in self.write if name.endswith(SUFFIXES) and not (self.folder / name).exists()
        }
        return tuple(name for name in self.names if Path(name).name not in {*missing, *CACHES})

    def make(self) -> None:
        """Write and remove. Interrupted, it leaves each file old or new; run again, it does the rest."""
        for name, content in self.write.items():
            write_atomically(self.folder / name, content)
        for path in self.remove:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def support_files(course: Course, week: str) -> dict[str, bytes]:
    """Return the files that a week's notebook needs beside it, by name: the engine, and the week's own."""
    engine = [path for name in ENGINE if (path := course.root / name).is_file()]
    folder = course.lesson(week).parent
    own = [path for path in folder.iterdir() if path.is_file() and path.suffix in SUFFIXES]
    return {path.name: path.read_bytes() for path in sorted(engine + own)}


def changes(folder: Path, files: Mapping[str, bytes], stale: Iterable[Path]) -> Changes:
    """Return what must be done so that `files` lie in the folder and the `stale` paths do not."""
    different = {name: content for name, content in files.items() if _read(folder / name) != content}
    return Changes(folder, different, tuple(stale))


def others(folder: Path, names: Iterable[str]) -> list[Path]:
    """Return what lies in the folder beside the files of these names."""
    keep = set(names)
    return sorted(path for path in folder.iterdir() if path.name not in keep) if folder.is_dir() else []


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None
