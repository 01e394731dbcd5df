"""Put attempts where they belong: the one that counts into submitted/, the others into collected/.

Killed at any moment, the next run goes on: what a student's list says is written first, then folders are
moved until they lie as it says. A folder is renamed whole, never half.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from autograder.course import Course, CourseError
from autograder.files import write_atomically
from autograder.intake.extras import MAX_TIMESTAMP, TIMESTAMP, parse_timestamp
from autograder.intake.files import Entry, Refused, list_submission, read_regular
from autograder.marks.arrivals import Arrival, read_arrivals, write_arrivals
from autograder.marks.collect_attempts import MAX_ATTEMPT, Attempts, arrive, counted, read_through
from autograder.marks.collect_sources import utc

ATTEMPTS = "attempts.json"
DRAFT = ".draft"


def store(course: Course, week: str, student: str) -> Path:
    """Return the folder of a student's attempts that do not count, each under its number."""
    return course.root / "collected" / week / student


def load_attempts(course: Course, week: str) -> dict[str, Attempts]:
    """Return the attempts of each student as they are recorded, also if the last run was killed."""
    found: dict[str, list[Arrival]] = {}
    for arrival in read_arrivals(course, week):
        found.setdefault(arrival.student, []).append(arrival)
    attempts = {student: tuple(own) for student, own in found.items()}
    for path in sorted((course.root / "collected" / week).glob(f"*/{ATTEMPTS}")):
        attempts[path.parent.name] = _decoded(path)
    return attempts


def what_is_there(course: Course, week: str, student: str, attempts: Attempts) -> Attempts:
    """Return the attempts whose files are there, with what came into submitted/ otherwise, as by nbgrader.

    What an instructor changes in submitted/ stays the attempt that it is; a time written by hand counts.
    """
    place = course.submitted(week, student)
    lying = _lying(course, week, student, attempts)
    home = store(course, week, student)
    kept = tuple(one for one in attempts if one is lying or (home / str(one.attempt)).exists())
    if not os.path.lexists(place):
        return counted(kept)
    told = _timestamp(place)
    if lying is not None and told == lying.handed_in:
        return counted(kept)
    if lying is not None:
        moment = told if lying.system == "nbgrader" else lying.moment
        edited = replace(lying, handed_in=told or lying.handed_in, moment=moment or lying.moment)
        return counted(tuple(edited if one is lying else one for one in kept))
    digest = read_through(_files(place))[0]
    if any(one.digest == digest for one in kept):
        return counted(kept)
    where = _relative(course, place)
    return arrive(kept, Arrival(student, "nbgrader", where, digest, told, moment=told or _modified(place)))


def place_attempts(
    course: Course, week: str, student: str, attempts: Attempts, files: Mapping[int, Mapping[str, Entry]]
) -> Attempts:
    """Write new attempts, given as the files of each number, and move all to where they belong.

    Returns the attempts with the places of those kept.
    """
    home = store(course, week, student)
    for number, entries in files.items():
        _write_attempt(home / str(number), entries)
    settled = tuple(
        replace(one, kept="" if one.counts else _relative(course, home / str(one.attempt)))
        for one in attempts
    )
    data = msgspec.json.format(msgspec.json.encode(settled), indent=1) + b"\n"
    if not (home / ATTEMPTS).is_file() or (home / ATTEMPTS).read_bytes() != data:
        write_atomically(home / ATTEMPTS, data)
    settle(course, week, student, settled)
    return settled


def settle(course: Course, week: str, student: str, attempts: Attempts) -> None:
    """Move folders until the attempt that counts lies in submitted/, and the others in collected/."""
    counting = next(one for one in attempts if one.counts)
    place, home = course.submitted(week, student), store(course, week, student)
    if os.path.lexists(place):
        lying = _lying(course, week, student, attempts) or _copied(place, attempts)
        if (home / str(lying.attempt)).exists():
            shutil.rmtree(home / str(lying.attempt))
        if lying.attempt != counting.attempt:
            _move(place, home / str(lying.attempt))
    if not os.path.lexists(place):
        _move(home / str(counting.attempt), place)
    _write_timestamp(place, counting)


def _copied(place: Path, attempts: Attempts) -> Arrival:
    """Return the attempt that a run was moving to another disk when it was killed: it is there twice."""
    digest = read_through(_files(place))[0]
    for one in attempts:
        if one.digest == digest:
            return one
    raise CourseError(f"{place} was changed while it was read. Run the same command again.")


def write_all(course: Course, week: str, attempts: Mapping[str, Attempts]) -> None:
    """Write the list of all that came in for a week, and remove nothing."""
    rows = [one for student in sorted(attempts) for one in attempts[student]]
    if tuple(rows) != read_arrivals(course, week):
        write_arrivals(course, week, rows)


def _lying(course: Course, week: str, student: str, attempts: Attempts) -> Arrival | None:
    """Return which attempt lies in submitted/: one that does not lie in collected/."""
    if not os.path.lexists(course.submitted(week, student)):
        return None
    home = store(course, week, student)
    absent = [one for one in attempts if not (home / str(one.attempt)).exists()]
    return max(absent, key=lambda one: one.counts, default=None)


def _write_attempt(folder: Path, files: Mapping[str, Entry]) -> None:
    """Write the files of an attempt into a folder that is there whole or not at all."""
    draft = folder.with_name(f"{folder.name}{DRAFT}")
    shutil.rmtree(draft, ignore_errors=True)
    for name, entry in files.items():
        path = draft / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "xb") as file:
            file.write(entry.read(MAX_ATTEMPT))
            file.flush()
            os.fsync(file.fileno())
    shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed before it recorded it
    os.rename(draft, folder)


def _write_timestamp(place: Path, counting: Arrival) -> None:
    """Write when the attempt was handed in, in nbgrader's words, if that is known and not there already."""
    if counting.handed_in and place.is_dir() and _timestamp(place) != counting.handed_in:
        moment = datetime.fromisoformat(counting.handed_in)
        write_atomically(place / TIMESTAMP, f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC")


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        draft = target.with_name(f".{target.name}{DRAFT}")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(source, draft, symlinks=True)
        os.rename(draft, target)
        shutil.rmtree(source)


def _timestamp(place: Path) -> str:
    """Return what timestamp.txt says (UTC), "" if there is none or it holds no time."""
    try:
        return utc(parse_timestamp(read_regular(place / TIMESTAMP, MAX_TIMESTAMP)).replace(tzinfo=UTC))
    except (Refused, ValueError):
        return ""


def _files(place: Path) -> dict[str, Entry]:
    try:
        return {entry.name: entry for entry in list_submission(place).entries if entry.name != TIMESTAMP}
    except Refused:
        return {}


def _modified(place: Path) -> str:
    paths = [path for path in place.rglob("*") if path.is_file()] if place.is_dir() else []
    newest = max((path.lstat().st_mtime for path in (*paths, place)), default=0.0)
    return utc(datetime.fromtimestamp(newest, UTC))


def _relative(course: Course, path: Path) -> str:
    return path.relative_to(course.root).as_posix() if path.is_relative_to(course.root) else str(path)


def _decoded(path: Path) -> Attempts:
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Arrival, ...])
    except (OSError, msgspec.DecodeError) as error:
        raise CourseError(f"{path} cannot be read ({error}). Move it away, and collect once more.") from None
