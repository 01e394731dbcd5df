"""List what lies in a download: a zip file of a whole class is read entry by entry, a folder file by file."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from autograder.course import UNUSABLE, CourseError
from autograder.intake.archives import DAMAGED, member_path, member_problem, member_reader
from autograder.intake.extras import MAX_NAME
from autograder.intake.files import SKIPPED_FOLDERS, Entry, Refused, list_submission, shown

MAX_FILE = 200 << 20
MAX_MEMBERS = 1_000_000
MAX_WRAPPERS = 2
NOBODY_KNOWS = (1980, 1, 1)  # the date of a zip entry that has none
JUNK = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".git", ".gitignore", ".gitattributes", ".github"})
ELSEWHERE = {
    (".rar",): "unrar x",
    (".7z",): "7z x",
    (".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz"): "tar -xf",
    (".gz",): "gunzip",
}


@dataclass(frozen=True)
class Item:
    """Hold one file of a download: how to read it, and when it was changed as far as the download says (UTC).

    `repository` is the folder of the git repository that it lies in.
    """

    entry: Entry
    changed: str = ""
    repository: Path | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the parts of the path, relative to the download."""
        return self.entry.path.parts


@dataclass(frozen=True)
class Download:
    """Hold the files of a download, and a sentence for each thing in it that is not read."""

    path: Path
    items: tuple[Item, ...]
    refused: tuple[tuple[str, str], ...] = ()  # name, reason


@contextmanager
def opened(path: Path) -> Iterator[Download]:
    """Open a zip file, a folder or a lone notebook, and give what is in it.

    Raises CourseError, with what to do instead, for anything else.
    """
    if not path.exists():
        raise CourseError(f"There is no {path}. Name the zip file or the folder that you downloaded.")
    if path.is_dir():
        yield _folder(path)
    elif zipfile.is_zipfile(path):
        with _zip(path) as archive:
            yield _members(path, archive)
    else:
        yield _lone(path)


def is_junk(path: PurePosixPath) -> bool:
    """Return whether a file is what a system keeps for itself, not anything that a student made."""
    return bool(SKIPPED_FOLDERS & set(path.parts)) or any(
        part.lower() in JUNK or part.startswith("._") for part in path.parts
    )


def utc(moment: datetime) -> str:
    """Return a moment as ISO 8601 text in UTC, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()


def how_to_unpack(name: str) -> str | None:
    """Return the command that unpacks an archive which is not opened here, None if it is none."""
    return next((do for ends, do in ELSEWHERE.items() if name.lower().endswith(ends)), None)


def _lone(path: Path) -> Download:
    if command := how_to_unpack(path.name):
        raise CourseError(f"{path} cannot be opened here. Unpack it ({command}), and name the folder.")
    if path.suffix.lower() == ".zip":
        raise CourseError(f"{path} is a damaged zip file. Download it again.")
    listing = list_submission(path)
    return Download(
        path, (Item(Entry(path.name, listing.entries[0].size, listing.entries[0].read), _changed(path)),)
    )


def _zip(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED as error:
        raise CourseError(f"{path} is a damaged zip file ({error}). Download it again.") from None
    if len(archive.filelist) > MAX_MEMBERS:
        raise CourseError(
            f"{path} holds more than {MAX_MEMBERS:,} files. Unpack a part, and name the folder."
        )
    return archive


def _members(path: Path, archive: zipfile.ZipFile) -> Download:
    items: dict[str, Item] = {}
    refused: list[tuple[str, str]] = []
    for member in archive.infolist():
        if not member.filename or member.is_dir() or is_junk(member_path(member)):
            continue
        where = member_path(member)
        name = str(where).encode("utf-8", "replace").decode()
        if problem := member_problem(member) or name_problem(where) or _size_problem(member.file_size):
            refused.append((name, problem))
            continue
        if name in items:
            refused.append((name, "stands twice in the zip file: the last one was taken"))
        items[name] = Item(Entry(name, member.file_size, member_reader(archive, member)), _dated(member))
    return Download(path, tuple(items.values()), tuple(refused))


def name_problem(path: PurePosixPath) -> str | None:
    """Return why no file can be written under a name, None if one can."""
    if UNUSABLE.search(str(path)):
        return "has a name with characters that are no text"
    if any(len(part.encode("utf-8", "replace")) > MAX_NAME for part in path.parts):
        return "has too long a name"
    return None


def _size_problem(size: int) -> str | None:
    return f"has more than {MAX_FILE >> 20} MB" if size > MAX_FILE else None


def _dated(member: zipfile.ZipInfo) -> str:
    """Return when an entry was changed. A zip file tells local time: taken as that of here."""
    if member.date_time[:3] == NOBODY_KNOWS:
        return ""
    with suppress(ValueError, OverflowError, OSError):
        return utc(datetime.fromtimestamp(time.mktime((*member.date_time, 0, 0, -1)), UTC))
    return ""


def _changed(path: Path) -> str:
    with suppress(OSError, ValueError, OverflowError):
        return utc(datetime.fromtimestamp(path.lstat().st_mtime, UTC))
    return ""


def _folder(root: Path) -> Download:
    items: list[Item] = []
    refused: list[tuple[str, str]] = []
    waiting = [(root, "")]
    while waiting:
        folder, prefix = waiting.pop()
        paths = _visible(folder)
        for path in paths:
            name = prefix + path.name.encode("utf-8", "replace").decode()
            if prefix.count("/") < MAX_WRAPPERS and _is_wrapper(path, alone=len(paths) == 1):
                waiting.append((path, f"{name}/"))
            else:
                _add(path, name, items, refused)
    return Download(root, tuple(items), tuple(refused))


def _visible(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not is_junk(PurePosixPath(path.name))]


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_wrapper(path: Path, alone: bool) -> bool:
    """Return whether a folder holds submissions: Gradescope's export, or the only one that is there.

    Of a student's own folder so many files are read, of a class all.
    """
    if not _is_folder(path) or _is_folder(path / ".git"):
        return False
    return alone or (path / "submission_metadata.yml").is_file()


def _add(path: Path, name: str, items: list[Item], refused: list[tuple[str, str]]) -> None:
    """Add what lies at a path: a file, or all files of one submission."""
    try:
        listing = list_submission(path)
    except Refused as error:
        refused.append((name, str(error)))
        return
    refused += [(name, finding.text) for finding in listing.findings]
    whole = _is_folder(path)
    repository = path if whole and _is_folder(path / ".git") else None
    for found in listing.entries:
        place = path / found.name if whole else path
        entry = Entry(f"{name}/{found.name}" if whole else name, found.size, found.read)
        if problem := name_problem(entry.path) or _size_problem(entry.size):
            refused.append((shown(entry.name), problem))
        elif not is_junk(entry.path):
            items.append(Item(entry, _changed(place), repository))
