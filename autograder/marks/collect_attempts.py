"""Which attempt of a student counts: the newest. No attempt is forgotten, and none is counted twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from autograder.intake.extras import TIMESTAMP
from autograder.intake.files import MAX_ENTRIES, Entry, Refused, shown
from autograder.marks.arrivals import Arrival

MAX_ATTEMPT = 250 << 20
STUDENTS_OWN = "timestamp-of-the-student.txt"  # a student's file may not say when it was handed in

Attempts = tuple[Arrival, ...]


def arrive(attempts: Attempts, new: Arrival) -> Attempts:
    """Return the attempts of a student after one more came in, of which the newest counts.

    The same files again are the same attempt. What is as new as another counts if it came in later.
    """
    same = next((one for one in attempts if one.digest == new.digest), None)
    if same is None:
        last = replace(new, attempt=max((one.attempt for one in attempts), default=0) + 1, counts=False)
        return counted((*attempts, last), last)
    merged = _again(same, new)
    current = next((one for one in attempts if one.counts), None)
    after = tuple(merged if one is same else one for one in attempts)
    return counted(after, merged if current is same else current)


def counted(attempts: Attempts, preferred: Arrival | None = None) -> Attempts:
    """Return the attempts, of which the newest counts; of equally new ones the preferred, or that before."""
    if not attempts:
        return ()
    newer = _newer(attempts)
    winner = max(attempts, key=lambda one: (newer(one), one is preferred if preferred else one.counts))
    return tuple(
        replace(one, counts=one is winner, kept="" if one is winner else one.kept) for one in attempts
    )


def _newer(attempts: Attempts) -> Callable[[Arrival], tuple[int, str]]:
    """Return by what attempts are compared: Canvas's numbers if all have one, or else the times."""
    if all(one.serial for one in attempts):
        return lambda one: (one.serial, one.moment)
    return lambda one: (0, one.moment)


def _again(old: Arrival, new: Arrival) -> Arrival:
    """Return an attempt that came in once more. It was handed in when it first was."""
    later = (new.serial, new.moment) >= (old.serial, old.moment) or old.system == "nbgrader"
    names = new if later else old
    return replace(
        old,
        system=names.system,
        place=names.place,
        ids=names.ids,
        late=names.late,
        handed_in=min(filter(None, (old.handed_in, new.handed_in)), default=""),
        moment=max(old.moment, new.moment),
        serial=max(old.serial, new.serial),
    )


def writable(files: Mapping[str, Entry]) -> tuple[dict[str, Entry], list[str]]:
    """Return the files of a submission that can lie in one folder, and a sentence for each that cannot."""
    found, problems = {}, []
    for name, entry in sorted(files.items())[:MAX_ENTRIES]:
        parts = name.split("/")
        if any("/".join(parts[:depth]) in files for depth in range(1, len(parts))):
            problems.append(f"{shown(name)} lies in a file: it was left out")
        else:
            found[STUDENTS_OWN if name == TIMESTAMP else name] = entry
    if len(files) > MAX_ENTRIES:
        problems.append(f"more than {MAX_ENTRIES} files: the rest was left out")
    return found, problems


def read_through(files: Mapping[str, Entry]) -> tuple[str, list[str], list[str]]:
    """Return the digest of a submission's files, the names that can be read, and why others cannot.

    One file is in memory at a time.
    """
    hashes, problems, room = {}, list[str](), MAX_ATTEMPT
    for name, entry in files.items():
        try:
            data = entry.read(room)
            room -= len(data)
            hashes[name] = hashlib.sha256(data).hexdigest()
        except Refused as error:
            problems.append(str(error).rstrip("."))
    return digest_of(hashes.items()), list(hashes), problems


def digest_of(hashes: Iterable[tuple[str, str]]) -> str:
    """Return one digest for files by their names and hashes."""
    total = hashlib.sha256()
    for name, value in sorted(hashes):
        total.update(f"{name}\0{value}\n".encode("utf-8", "surrogatepass"))
    return total.hexdigest()
