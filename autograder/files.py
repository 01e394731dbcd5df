"""Write files so that a reader finds the old one or the new one, never half of one."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def write_atomically(path: Path, content: str | bytes, *, replace: bool = True) -> None:
    """Write text or bytes to `path`, replacing what was there in one step. Makes the folder if needed.

    With `replace=False` a file that already holds something stays, also if somebody else just made it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    with _draft(path) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        if replace or not is_there(path):
            os.replace(_draft_name(path), path)
        else:
            _draft_name(path).unlink()


def is_there(path: Path) -> bool:
    """Return whether a file exists and holds something."""
    return path.exists() and path.stat().st_size > 0


@contextmanager
def held(path: Path, seconds: float) -> Iterator[bool]:
    """Lock a file, waiting at most `seconds`; give whether it was free. The lock ends with the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        end = time.monotonic() + seconds
        while not (mine := _try_lock(file)) and time.monotonic() < end:
            time.sleep(0.02)
        yield mine


@contextmanager
def _draft(path: Path) -> Iterator[IO[bytes]]:
    """Give the one draft of a file, empty and locked: what a killed process left is written over."""
    name = _draft_name(path)
    with _open_locked(name) as file:
        try:
            os.fchmod(file.fileno(), 0o644)
            file.truncate(0)
            yield file
        except BaseException as error:
            if isinstance(error, OSError) and error.filename is None:
                error.filename = str(path)
            name.unlink(missing_ok=True)
            raise


def _open_locked(name: Path) -> IO[bytes]:
    """Return the open draft once no other process writes it."""
    while True:
        file = os.fdopen(os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644), "r+b")
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            if os.path.samestat(os.fstat(file.fileno()), os.stat(name)):
                return file
        except FileNotFoundError:
            pass
        file.close()  # the process that we waited for has turned it into the file itself


def _draft_name(path: Path) -> Path:
    return path.with_name(f".{path.name}.draft")


def _try_lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
