"""Store the result of a submission beside its graded notebook, so that unchanged work is not graded again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from msgspec import DecodeError, json

from autograder.files import write_atomically
from autograder.model import SubmissionResult

NAME = ".grade.json"


@dataclass(frozen=True)
class SavedResult:
    """Hold a result, the hash of all that it depends on, and the hash of what was handed in alone.

    A result without the first (an empty `digest`) is made anew by the next run. A file of another format is
    graded again, never guessed at.
    """

    digest: str
    result: SubmissionResult
    submission: str = ""
    format: Literal[1] = 1


def save_result(folder: Path, saved: SavedResult) -> None:
    """Store a result in the folder of the graded notebook, whole or not at all."""
    write_atomically(folder / NAME, json.encode(saved) + b"\n")


def load_result(folder: Path) -> SavedResult | None:
    """Return the stored result, or None if there is none that can be read."""
    try:
        return json.decode((folder / NAME).read_bytes(), type=SavedResult)
    except (OSError, DecodeError, RecursionError):
        return None


def remove_result(folder: Path) -> None:
    """Remove the stored result. What is no file, and so no result either, stays."""
    with suppress(IsADirectoryError, FileNotFoundError, NotADirectoryError):
        (folder / NAME).unlink()
