"""Write what goes back: a zip, or a folder with a list. What lies there is not overwritten unasked."""

from __future__ import annotations

import csv
import filecmp
import io
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from autograder.course import CourseError
from autograder.csv_files import csv_text
from autograder.files import write_atomically
from autograder.zips import entry

INDEX = "index.csv"
FILE_COLUMN = "file"
Files = Mapping[str, Callable[[], bytes]]  # what reads each file: a class does not fit into memory


def write_zip(path: Path, files: Files, force: bool) -> bool:
    """Write files into a zip by their names in it; return False if exactly this was there before.

    Raises CourseError if something else is there and `force` is not given.
    """
    draft = path.with_name(f".{path.name}.draft")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(draft, "w") as archive:
            for name in sorted(files):
                archive.writestr(entry(name), files[name]())
        if path.is_file() and filecmp.cmp(draft, path, shallow=False):
            return False
        if os.path.lexists(path) and not (force and path.is_file()):
            raise _occupied(path)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return True


def write_folder(folder: Path, files: Files, table: Sequence[Sequence[str]], force: bool) -> bool:
    """Write files and a list of them into a folder; return False if exactly this was there before.

    With `force`, what an earlier list named and this one does not is removed; nothing else ever is.
    Raises CourseError if other files are there and `force` is not given.
    """
    index, text = folder / INDEX, csv_text(table)
    earlier = _listed(index)
    gone = {name for name in earlier - files.keys() if (folder / name).is_file()}
    new = {name: data for name in sorted(files) if (data := _if_new(folder / name, files[name])) is not None}
    is_same_list = index.is_file() and index.read_text(encoding="utf-8", errors="replace") == text
    if not new and not gone and is_same_list:
        return False
    if os.path.lexists(folder) and not folder.is_dir():
        raise _occupied(folder)
    if not force and (os.path.lexists(index) or any(os.path.lexists(folder / name) for name in new)):
        raise _occupied(folder)
    for name, data in new.items():
        write_atomically(folder / name, data)
    for name in gone:
        (folder / name).unlink()
    write_atomically(index, text)
    return True


def _if_new(path: Path, read: Callable[[], bytes]) -> bytes | None:
    """Return what is to be written at a path, None if it is there."""
    data = read()
    return None if path.is_file() and path.read_bytes() == data else data


def _listed(index: Path) -> set[str]:
    """Return the files that an earlier list names, without what leads out of its folder."""
    if not index.is_file():
        return set()
    rows = csv.DictReader(io.StringIO(index.read_text(encoding="utf-8", errors="replace")))
    names = {name for row in rows for name in (row.get(FILE_COLUMN) or "").split("; ") if name}
    folder = index.parent.resolve()
    return {name for name in names if (folder / name).resolve().is_relative_to(folder)} - {INDEX}


def _occupied(path: Path) -> CourseError:
    return CourseError(
        f"{path} is there already and holds something else. Add --force to replace what an earlier return "
        "wrote, or name another place with --output."
    )
