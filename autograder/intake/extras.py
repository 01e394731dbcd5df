"""Choose which of the other files of a submission go along with the notebook."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from importlib.util import find_spec

from autograder.intake.files import Entry, Refused, shown
from autograder.intake.findings import note, repaired
from autograder.model import Finding
from autograder.spec import Assignment

MAX_FILES = 200
MAX_NAME = 200  # bytes of a part of a path: file systems take 255, and a draft of it needs some
MAX_TOTAL = 20 << 20
TIMESTAMP = "timestamp.txt"
MAX_TIMESTAMP = 200
_OFFSET = re.compile(r" ([+-]\d\d:?\d\d)\Z")
_ZONE = re.compile(r"[A-Za-z][\w+-]*(?:/[A-Za-z][\w+-]*)*|[+-]?\d+", re.ASCII)  # Europe/Paris, EST5EDT, 0
_USELESS = (".pyc", ".pyo", ".pth", ".zip")


def extra_files(
    entries: tuple[Entry, ...], notebook: Entry, assignment: Assignment
) -> tuple[dict[str, bytes], list[Finding]]:
    """Return the files that the student's code may need, and a sentence for each left out.

    Their names are relative to the notebook's folder, as the code expects, or else to the submission's.
    """
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    room = MAX_TOTAL
    for entry in _wanted(entries, notebook):
        if entry.name in files:
            continue
        try:
            reason = _no_place(entry, assignment, files) or _refusal(entry, assignment, room, len(files))
            if reason is None:
                data = entry.read(room)
                files[entry.name], room = data, room - len(data)
        except Refused as error:
            reason = note(f"{error} It was left out.")
        if reason and reason not in findings:
            findings.append(reason)
    return {name: data for name, data in files.items() if data != assignment.support.get(name)}, findings


def timestamp_findings(entries: tuple[Entry, ...]) -> list[Finding]:
    """Say if the time of hand-in that comes with the files cannot be read."""
    for entry in entries:
        if entry.name == TIMESTAMP:
            try:
                parse_timestamp(entry.read(MAX_TIMESTAMP))
            except (Refused, ValueError):
                return [note("The file timestamp.txt holds no time: when this was handed in is not known.")]
    return []


def parse_timestamp(data: bytes) -> datetime:
    """Return the time (UTC) in a `timestamp.txt` as nbgrader reads it. Raises ValueError if it is none."""
    from nbgrader.utils import parse_utc  # loads nbgrader, which takes a second

    text = data.decode("utf-8").strip()
    zone = text.split(" ")[2:]
    if len(zone) == 1 and not _ZONE.fullmatch(zone[0]) and not _OFFSET.search(text):
        raise ValueError(f"{zone[0]} is no time zone")  # it might be a path, which would be opened
    try:
        # nbgrader takes the hours and minutes of +0130 for seconds.
        offset = _OFFSET.search(text)
        found: datetime = parse_utc(datetime.fromisoformat(_OFFSET.sub(r"\1", text)) if offset else text)
    except Exception as error:  # whatever dateutil makes of it
        raise ValueError(str(error)) from None
    return found


def _wanted(entries: tuple[Entry, ...], notebook: Entry) -> list[Entry]:
    """Return the files worth taking along, those of the notebook's own folder first."""
    home = notebook.path.parent
    near = [entry for entry in entries if entry.path.is_relative_to(home)]
    far = [entry for entry in entries if not entry.path.is_relative_to(home)]
    rooted = [replace(entry, name=str(entry.path.relative_to(home))) for entry in near if entry != notebook]
    return [
        entry
        for entry in rooted + far
        if entry.name not in (notebook.name, TIMESTAMP)
        and not any(part.startswith(".") for part in entry.path.parts)
        and not entry.name.lower().endswith(_USELESS)
    ]


def _no_place(entry: Entry, assignment: Assignment, files: Mapping[str, bytes]) -> Finding | None:
    """Return why a file could not be written into a folder, or None. An archive may hold any names."""
    notebooks = (f"{name}.ipynb" for name in (assignment.name, *assignment.others))
    taken = {*files, *assignment.support, *notebooks, TIMESTAMP}
    above = {str(parent) for parent in entry.path.parents}
    if above & taken or any(name.startswith(f"{entry.name}/") for name in taken):
        return note(f"{shown(entry.name)} has the name of a folder, or lies in a file: it was left out.")
    if any(len(part.encode()) > MAX_NAME for part in entry.path.parts):
        return note(f"{shown(entry.name)} has too long a name: it was left out.")
    return None


def _refusal(entry: Entry, assignment: Assignment, room: int, count: int) -> Finding | None:
    """Return why a file does not go along, or None if it does."""
    name = shown(entry.name)
    if entry.size > room or count >= MAX_FILES:
        text = (
            f"Of the other files only {MAX_FILES} or {MAX_TOTAL >> 20} MB were taken: the rest was left out."
        )
        return note(text)
    if entry.name in assignment.support:
        if entry.read(room) != assignment.support[entry.name]:
            return repaired(f"The course's file {name} had been changed: the original was used.")
        return None
    module = entry.path.parts[0].split(".", 1)[0]
    own = {file.split(".", 1)[0] for file in assignment.support}
    is_module = len(entry.path.parts) > 1 or entry.path.suffix in (".py", ".so")
    if is_module and (module in own or _is_library(module)):
        return repaired(f"{name} would hide the module {module} that the course uses: it was left out.")
    return None


def _is_library(module: str) -> bool:
    if not module.isidentifier():
        return False
    if module in sys.stdlib_module_names or module in ("sitecustomize", "usercustomize"):
        return True
    try:
        found = find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return True  # `__main__` and the like
    return found is not None and found.origin is not None
