"""Read what was handed in without trusting it: regular files only, bounded in number, depth and size."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.intake.findings import note
from autograder.model import Finding

MAX_ENTRIES = 3000
MAX_DEPTH = 8
MAX_ARCHIVE = 200 << 20
ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json", ".ipynb.download")
CHECKPOINTS = ".ipynb_checkpoints"  # where Jupyter keeps copies, under a longer name
SKIPPED_FOLDERS = frozenset({"__pycache__", "__MACOSX", ".git", "node_modules", ".venv"})

_SORTS = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
)


class Refused(Exception):
    """Say in one sentence why something that was handed in is not read."""


@dataclass(frozen=True)
class Entry:
    """Name one regular file of a submission. `read(limit)` returns its bytes or raises Refused."""

    name: str
    size: int
    read: Callable[[int], bytes]

    @property
    def path(self) -> PurePosixPath:
        """Return the name, relative to the submission, as a path."""
        return PurePosixPath(self.name)

    @property
    def is_notebook(self) -> bool:
        """Return whether this is a notebook by its name; browsers add something when they save one.

        What begins with `._` is what macOS keeps about a file, under nearly the same name.
        """
        return self.name.lower().strip().endswith(ENDINGS) and not self.path.name.startswith("._")

    @property
    def stem(self) -> str:
        """Return the name of a notebook as it is compared: without folder and ending, in small letters."""
        stem = self.path.name.lower().split(".ipynb", 1)[0]
        return stem.removesuffix("-checkpoint") if CHECKPOINTS in self.path.parts else stem


@dataclass(frozen=True)
class Listing:
    """Hold the regular files of a submission in order of their names, and what was met beside them."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()


def list_submission(folder: Path) -> Listing:
    """Return the regular files of what was handed in at `folder`: a folder, a zip file or a lone notebook.

    Raises Refused if there is nothing, or nothing that may be opened.
    """
    place = _where(folder)
    mode = os.lstat(place).st_mode
    if stat.S_ISDIR(mode):
        return _list_folder(place)
    if not stat.S_ISREG(mode):
        raise Refused(f"{shown(place.name)} is {_sort(mode)}, not a folder with a notebook.")
    entry = _file_entry(place, shown(place.name), os.lstat(place).st_size)
    ending = ".zip" if starts_like_zip(entry) else ".ipynb"
    name = entry.name if entry.name.lower().endswith(ending) else f"{entry.name}{ending}"
    return Listing((Entry(name, entry.size, entry.read),))


def starts_like_zip(entry: Entry) -> bool:
    """Return whether a file, whatever its name, is a zip file that may be read."""
    try:
        return entry.read(MAX_ARCHIVE).startswith(b"PK\x03\x04")
    except Refused:
        return False


def read_regular(path: Path, limit: int) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes. Follows no link and waits on no pipe.

    Raises Refused, with the reason, for anything else.
    """
    name = shown(path.name)
    try:
        mode = os.lstat(path).st_mode
        if not stat.S_ISREG(mode):
            raise Refused(f"{name} is {_sort(mode)}, not a file.")
        descriptor = os.open(path, _reading())
        with os.fdopen(descriptor, "rb") as file:
            # The path may have changed since it was looked at; the open file cannot.
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Refused(f"{name} is not a regular file.")
            data = file.read(limit + 1)
    except OSError as error:
        raise Refused(f"{name} cannot be opened ({error.strerror or type(error).__name__}).") from None
    return _within(data, limit, name)


def shown(name: str) -> str:
    """Return a file name that is safe to show: printable, on one line, at most 80 characters."""
    text = "".join(char if char.isprintable() else "?" for char in name[:400])
    return text if len(text) <= 80 else f"{text[:50]}…{text[-25:]}"


def _where(folder: Path) -> Path:
    for place in (folder, folder.with_name(f"{folder.name}.zip"), folder.with_name(f"{folder.name}.ipynb")):
        if os.path.lexists(place):
            return place
    raise Refused("Nothing was handed in.")


def _reading() -> int:
    """Return how a file is opened: following no link, waiting on no pipe. Windows knows O_BINARY instead."""
    names = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
    return os.O_RDONLY | sum(getattr(os, name, 0) for name in names)


def _sort(mode: int) -> str:
    return next((name for is_sort, name in _SORTS if is_sort(mode)), "of an unknown kind")


def _within(data: bytes, limit: int, name: str) -> bytes:
    if len(data) > limit:
        raise Refused(f"{name} is too large to be read (more than {limit >> 20} MB).")
    return data


def _file_entry(path: Path, name: str, size: int) -> Entry:
    return Entry(name, size, lambda limit: read_regular(path, limit))


def _list_folder(folder: Path) -> Listing:
    entries: list[Entry] = []
    findings: list[Finding] = []
    for path, name, mode, size in walk(folder, findings):
        if len(entries) >= MAX_ENTRIES:
            findings.append(note(f"More than {MAX_ENTRIES} files were handed in: the rest was left out."))
            break
        if stat.S_ISREG(mode):
            entries.append(_file_entry(path, name, size))
        else:
            findings.append(note(f"{shown(name)} is {_sort(mode)}, not a file: it was left out."))
    return Listing(tuple(sorted(entries, key=lambda entry: entry.name)), tuple(findings))


def walk(folder: Path, findings: list[Finding]) -> Iterator[tuple[Path, str, int, int]]:
    """Yield (path, relative name, mode, size) of all that is not a folder, without recursion or links."""
    waiting = [(folder, "", 0)]
    met = 0
    while waiting and met < 4 * MAX_ENTRIES:
        here, prefix, depth = waiting.pop()
        for item in _scan(here, findings):
            met += 1
            name = prefix + item.name.encode("utf-8", "replace").decode()
            try:
                status = item.stat(follow_symlinks=False)
            except OSError:
                continue
            if not stat.S_ISDIR(status.st_mode):
                yield Path(item.path), name, status.st_mode, status.st_size
            elif depth >= MAX_DEPTH:
                findings.append(note(f"Folders deeper than {MAX_DEPTH} levels were left out."))
            elif item.name not in SKIPPED_FOLDERS:
                waiting.append((Path(item.path), f"{name}/", depth + 1))


def _scan(folder: Path, findings: list[Finding]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as items:
            return sorted(
                (item for item, _ in zip(items, range(4 * MAX_ENTRIES), strict=False)),
                key=lambda item: item.name,
            )
    except OSError as error:
        reason = error.strerror or type(error).__name__
        findings.append(note(f"The folder {shown(folder.name)} cannot be opened ({reason})."))
        return []
