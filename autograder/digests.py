"""Hashes of all that a result depends on: what has the same hash need not be graded again.

None of the libraries that grading takes is imported here: an unchanged class is skipped in a moment.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograder.model import Limits, Submission, Unreadable
from autograder.spec import Assignment


def submission_digest(submission: Submission | Unreadable) -> str:
    """Return a hash of what a student handed in."""
    if isinstance(submission, Unreadable):
        return _hash(submission)
    return _hash((replace(submission, files={}), sorted(submission.files.items())))


def digest(handed_in: str, shared: str) -> str:
    """Return a hash of all that a result depends on, but for the seed, from those of submission and run."""
    return _hash((handed_in, shared))


def shared_digest(assignment: Assignment, limits: Limits) -> str:
    """Return a hash of what the results of a run depend on beside the submissions."""
    parts: tuple[Any, ...] = (
        [(cell.grade_id, cell.kind, cell.source, cell.marks, cell.tags) for cell in assignment.cells],
        sorted(assignment.support.items()),
        sorted(assignment.hidden.items()),
        limits,
        code_digest(),
    )
    return _hash(parts)


def code_digest() -> str:
    """Return a hash of the program and of the versions that marks of any week may depend on."""
    versions = [f"{name} {version(name)}" for name in ("trainwell", "torch", "numpy")]
    return _hash([judging_digest(), *versions])


def judging_digest() -> str:
    """Return a hash of the code that decides marks, without any week's checks."""
    here = Path(__file__).parent
    files = {*(here / "checks").glob("*.py"), *(here / "judge").glob("*.py"), _checking()}
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files) if path.is_file())).hexdigest()


def _hash(record: object) -> str:
    return hashlib.sha256(repr(record).encode("utf-8", "surrogatepass")).hexdigest()


def _checking() -> Path:
    """Return the file of the comparisons that visible and hidden checks share."""
    found = find_spec("checking")
    return Path(found.origin or "" if found else "")
