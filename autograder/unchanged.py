"""Skip a class of which nothing has changed since it was graded, in a moment.

A run reads each submission and asks the gradebook about it, with libraries that take longer to load than the
work takes. Here only bytes are compared: of all that a run reads, and of all that the last one left.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from msgspec import DecodeError, json

from autograder.course import Course, CourseError
from autograder.digests import code_digest
from autograder.files import write_atomically
from autograder.graded import Graded
from autograder.intake.files import Refused, read_regular, walk
from autograder.marks.count import Standing
from autograder.model import Limits
from autograder.options import Options
from autograder.record.results import load_result
from autograder.settings_files import settings_elsewhere

SQLITE = "sqlite:///"
MAX_BYTES = 250 << 20  # of a submission: of what is beyond, and not graded either, size and time are compared
FEW = 10  # students who are looked up one by one
OPEN_CHANGES = ("-journal", "-wal")  # what SQLite has beside a database while somebody changes it


@dataclass(frozen=True)
class Stamp:
    """Hold what a whole run has left: a hash of all, one of the gradebook alone, and how everybody stands."""

    state: str
    gradebook: str
    standings: Mapping[str, Standing]


def unchanged_class(course: Course, week: str, options: Options) -> Generator[Graded, None, None] | None:
    """Return the stored results of a class if a run would find nothing to do, else None.

    None also where only a run can tell: see `is_comparable`.
    """
    if options.force or not is_comparable(course, week, options):
        return None
    stamp, students = _read_stamp(course, week), course.students(week)
    if stamp is None:
        return None
    now = _state(course, week, students, bytes_read(course, week, students, options.limits))
    return _stored(course, week, students) if now and stamp.state == now else None


def is_comparable(course: Course, week: str, options: Options) -> bool:
    """Return whether the bytes of files decide alone that a run would have nothing to do.

    The settings of another course, or for all courses, are a program, whose results may change by themselves;
    a server's database is no file; and what is said of a folder whose name nobody can have is not stored.
    """
    plain = course.layout.own and not course.layout.traits and course.layout.settings is None
    plain = plain and not settings_elsewhere()
    whole = not options.students and not options.notebooks
    return plain and whole and _gradebook(course) is not None and not course.unusable_names(week)


def bytes_read(course: Course, week: str, students: Sequence[str], limits: Limits) -> str:
    """Return a hash of all that a run for these students reads: program, course and what was handed in."""
    package = Path(__file__).parent.rglob("*.py")
    source = (*course.source(week).parent.glob("*"), *course.hidden(week).glob("*.py"))
    settings = (*course.root.glob("*.py"), course.extensions, course.release(week))
    shared = repr((course.layout, week, limits, tuple(students), code_digest())).encode()
    own = (_trusted(path) for path in sorted((*package, *source, *settings)))
    theirs = (part for student in students for part in _parts(course.submitted(week, student)))
    return _hash(chain([shared], own, theirs))


def remember(
    course: Course, week: str, students: Sequence[str], read: str, standings: Mapping[str, Standing]
) -> None:
    """Keep what a whole run has left, with `bytes_read` from before it looked at the first submission.

    `standings` is what the gradebook says at its end: the next run, if it has nothing to do, tells the same.
    Nothing is kept if it could not be shown, while somebody changes the gradebook or a result, or if the next
    run is to try a submission again.
    """
    now = _state(course, week, students, read)
    stored = (load_result(course.results(week, student)) for student in students)
    if now and all(saved and saved.digest for saved in stored):
        write_atomically(
            _stamp(course, week), json.encode(Stamp(now, _gradebook_bytes(course).hex(), standings))
        )


def standings_after(course: Course, week: str, students: Collection[str]) -> Mapping[str, Standing]:
    """Return how students stand after a run: as it has kept it, or as the gradebook says.

    What is kept counts while the gradebook has not been changed since; reading it loads none of nbgrader.
    """
    stamp = _read_stamp(course, week)
    if stamp and stamp.gradebook == _gradebook_bytes(course).hex():
        return stamp.standings
    from autograder.standing import class_standings, standing_of

    if len(students) <= FEW:
        return {student: standing_of(course, week, student) for student in students}
    return class_standings(course, week)[0]


def _state(course: Course, week: str, students: Sequence[str], read: str) -> str:
    """Return a hash of what a run reads and of what it leaves, "" while somebody changes the gradebook."""
    gradebook = _gradebook_bytes(course)
    left = (part for student in students for part in _parts(course.autograded(week, student)))
    return _hash(chain([read.encode(), gradebook], left)) if gradebook else ""


def _stored(course: Course, week: str, students: Sequence[str]) -> Generator[Graded, None, None]:
    for student in students:
        saved = load_result(course.results(week, student))
        if saved is None:
            raise CourseError(f"The result of {student} has just been changed: run the same command again.")
        yield Graded(saved.result, fresh=False)


def _stamp(course: Course, week: str) -> Path:
    return course.root / "logs" / f"grade-{week}.stamp"


def _read_stamp(course: Course, week: str) -> Stamp | None:
    """Return what the last whole run has kept, None if there is nothing or another version wrote it."""
    try:
        return json.decode(_stamp(course, week).read_bytes(), type=Stamp)
    except (OSError, DecodeError):
        return None


def _gradebook(course: Course) -> Path | None:
    """Return the file of the gradebook, or None if it is on a server or nobody knows."""
    url = course.gradebook_url
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) and "?" not in url else None


def _gradebook_bytes(course: Course) -> bytes:
    """Return a hash of the gradebook; nothing if there is none, or while somebody changes it."""
    path = _gradebook(course)
    if path is None or any(Path(f"{path}{ending}").exists() for ending in OPEN_CHANGES):
        return b""
    with suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
    return b""


def _trusted(path: Path) -> bytes:
    """Return the bytes of a file of the course's or the program's, with its name."""
    content = b"cannot be read"
    with suppress(OSError):
        content = path.read_bytes()
    return b"%b %b" % (os.fsencode(path), content)


def _parts(place: Path) -> Iterator[bytes]:
    """Yield what tells apart whatever a student left at a place: no link is followed, no pipe opened."""
    found: Iterable[tuple[Path, str, int, int]] = ()
    with suppress(OSError):
        status = os.lstat(place)
        is_folder = stat.S_ISDIR(status.st_mode)
        found = walk(place, []) if is_folder else [(place, "", status.st_mode, status.st_size)]
    left = MAX_BYTES
    for path, name, mode, size in found:
        yield f"{name} {mode} {size}".encode("utf-8", "replace")
        content = _content(path, left) if size <= left else _time(path)
        left -= len(content)
        yield content


def _content(path: Path, limit: int) -> bytes:
    try:
        return read_regular(path, limit)
    except Refused:
        return _time(path)


def _time(path: Path) -> bytes:
    with suppress(OSError):
        return b"changed at %d" % os.lstat(path).st_mtime_ns
    return b"is gone"


def _hash(parts: Iterable[bytes]) -> str:
    """Return a hash of the parts, one after the other: their borders count, too."""
    total = hashlib.sha256()
    for part in parts:
        total.update(b"%d " % len(part))
        total.update(part)
    return total.hexdigest()
