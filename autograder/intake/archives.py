"""Look into zip files without unpacking them anywhere: bounded in number, depth, size and time."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import PurePosixPath, PureWindowsPath

from autograder.intake.files import (
    MAX_ARCHIVE,
    MAX_DEPTH,
    MAX_ENTRIES,
    SKIPPED_FOLDERS,
    Entry,
    Listing,
    Refused,
    shown,
    starts_like_zip,
)
from autograder.intake.findings import note, repaired

MAX_ARCHIVES, MAX_NESTED = 5, 2
UTF_8 = 0x800  # the flag of a member whose name is UTF-8; otherwise it is cp437, or nobody knows

DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, ValueError, OverflowError, RuntimeError, NotImplementedError, OSError),
    EOFError,
)


def unpacked(listing: Listing, nested: int = 0) -> Listing | None:
    """Return the listing of the first zip file among these that holds a notebook, or else of the first.

    None if there is no zip file. One under the name of a notebook counts, and so does one inside another.
    Raises Refused, with the reason, if none can be read.
    """
    first, troubles = None, []
    for archive in _archives(listing):
        try:
            inside = _opened(archive, nested)
        except Refused as error:
            troubles.append(error)
            continue
        if first is None or _has_notebook(inside):
            first = Listing(inside.entries, (*listing.findings, *inside.findings))
        if _has_notebook(inside):
            break
    if first is None and troubles:
        raise troubles[0]
    return first


def _archives(listing: Listing) -> Iterator[Entry]:
    named = [e for e in listing.entries if e.name.lower().endswith(".zip") or e.is_notebook]
    return (entry for entry in named[:MAX_ARCHIVES] if starts_like_zip(entry))


def _opened(archive: Entry, nested: int) -> Listing:
    """Return what is in an archive, or in the archive in it."""
    listing = _list_zip(archive)
    if nested < MAX_NESTED and not _has_notebook(listing):
        return unpacked(listing, nested + 1) or listing
    return listing


def _has_notebook(listing: Listing) -> bool:
    return any(entry.is_notebook for entry in listing.entries)


def _list_zip(archive: Entry) -> Listing:
    data = archive.read(MAX_ARCHIVE)
    # Each file of an archive has this signature; counting it first keeps a hostile directory from being read.
    if data.count(b"PK\x01\x02") > MAX_ENTRIES:
        raise Refused(
            f"{shown(archive.name)} holds more than {MAX_ENTRIES} files: ask for the notebook alone."
        )
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED:
        raise Refused(f"{shown(archive.name)} is a damaged zip file: ask for it again.") from None
    findings = [repaired(f"The work was handed in as a zip file ({shown(archive.name)}): it was unpacked.")]
    entries = {}
    for member in (member for member in opened.infolist() if member.filename and not member.is_dir()):
        problem = member_problem(member)
        if problem:
            findings.append(note(f"{shown(member.filename)} in the zip file {problem}: it was left out."))
        elif not SKIPPED_FOLDERS & set(member_path(member).parts):
            name = str(member_path(member)).encode("utf-8", "replace").decode()
            entries[name] = Entry(name, member.file_size, member_reader(opened, member))
    return Listing(tuple(entries[name] for name in sorted(entries)), tuple(findings))


def member_path(member: zipfile.ZipInfo) -> PurePosixPath:
    """Return the path of a member. Windows writes backslashes, and macOS UTF-8 without saying so."""
    name = member.filename
    if not member.flag_bits & UTF_8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return PurePosixPath(name.replace("\\", "/"))


def member_problem(member: zipfile.ZipInfo) -> str | None:
    """Return why a member of a zip file is not read, None if it is."""
    path = member_path(member)
    if path.is_absolute() or ".." in path.parts or PureWindowsPath(path).drive:
        return "has a path that leads elsewhere"
    if len(path.parts) > MAX_DEPTH:
        return f"lies in more than {MAX_DEPTH} folders"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link"
    if member.flag_bits & 1:
        return "is locked with a password"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in an unusual way"  # only these two can be unpacked in bounded memory
    return None


def member_reader(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[int], bytes]:
    """Return what reads a member: its bytes, at most so many, or Refused is raised."""

    def read(limit: int) -> bytes:
        name = shown(member.filename)
        try:
            with opened.open(member) as file:
                data = file.read(limit + 1)
        except DAMAGED:
            raise Refused(f"{name} in the zip file is damaged: ask for it again.") from None
        if len(data) > limit:
            raise Refused(f"{name} is too large to be read (more than {limit >> 20} MB).")
        return data

    return read
