"""Write built files: only when they change, and without leaving old ones behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.files import write_atomically

ENGINE = "utils.py"
DATA = "lesson_data.json"  # made from the lesson, see data.py
CARDS = "cards.yaml"  # goes into the data
CACHES = (".ipynb_checkpoints", "__pycache__", "progress.json")  # come into being where a lesson is worked in


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
        """Return the names that matter to somebody who only looks: caches come and go."""
        return tuple(name for name in self.names if Path(name).name not in CACHES)

    @property
    def outdated_beyond_copies(self) -> tuple[str, ...]:
        """Return `outdated` without the copies that are missing: those in source/ are not part of a clone."""
        missing = {name for name in self.write if not (self.folder / name).exists()} - {
            f"{self.folder.name}.ipynb"
        }
        return tuple(name for name in self.outdated if Path(name).name not in missing)

    def make(self) -> None:
        """Write and remove. Interrupted, it leaves each file old or new; run again, it does the rest."""
        for name, content in self.write.items():
            write_atomically(self.folder / name, content)
        for path in self.remove:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def shared_files(course: Course) -> dict[str, Path]:
    """Return the files that go to students beside every notebook, by name: the engine and course/shared/."""
    engine = course.root / ENGINE
    return ({engine.name: engine} if engine.is_file() else {}) | _files_in(course.shared)


def support_files(course: Course, week: str) -> dict[str, bytes]:
    """Return the files that a week's notebook needs beside it, by name: the shared ones, and the week's own.

    Its own are all files that lie beside the lesson text, except the cards, which its data holds. Raises
    CourseError if one has the name of a shared file, which it would hide.
    """
    lesson, shared = course.lesson(week), shared_files(course)
    files = _files_in(lesson.parent)
    own = {name: path for name, path in files.items() if path != lesson and name not in (CARDS, DATA)}
    for name in own.keys() & shared.keys():
        raise CourseError(
            f"{own[name].relative_to(course.root)} has the name of {shared[name].relative_to(course.root)}, "
            "and students get both in one folder. Rename it."
        )
    return {name: path.read_bytes() for name, path in sorted((shared | own).items())}


def _files_in(folder: Path) -> dict[str, Path]:
    paths = folder.iterdir() if folder.is_dir() else ()
    return {path.name: path for path in paths if path.is_file() and not path.name.startswith(".")}


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
