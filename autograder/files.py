"""Write files so that a reader finds the old one or the new one, never half of one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, UnixFileLock, lock_descriptor

LOCK_SECONDS = 60.0  # a file is written in milliseconds; who holds its lock for longer is stuck


def write_atomically(path: Path, content: str | bytes, *, replace: bool = True) -> None:
    """Write text or bytes to `path`, replacing what was there in one step. Makes the folder if needed.

    With `replace=False` a file that already holds something stays, also if somebody else just made it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        with _alone(path):
            _replace(path, data, replace)
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # not the draft's name: nobody knows that
        raise


def is_there(path: Path) -> bool:
    """Return whether a file exists and holds something."""
    return path.exists() and path.stat().st_size > 0


@contextmanager
def held(path: Path, seconds: float) -> Iterator[bool]:
    """Lock a file, waiting at most `seconds`; give whether it was free. The lock ends with the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        end = time.monotonic() + seconds
        while not (mine := lock_descriptor(file.fileno(), blocking=False)) and time.monotonic() < end:
            time.sleep(0.02)
        yield mine


def _replace(path: Path, data: bytes, replace: bool) -> None:
    """Write the one draft of a file, whatever a killed process left of it, and turn it into the file."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        _write(draft, data)
        if replace or not is_there(path):
            os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _write(draft: Path, data: bytes) -> None:
    draft.unlink(missing_ok=True)
    with draft.open("xb") as file:  # which follows no link. Windows renames closed files only
        os.chmod(file.fileno() if os.chmod in os.supports_fd else draft, 0o644)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes and threads from writing the same file, and leave no lock file behind.

    What a killed process left of a lock is taken over: the system ended that lock with the process.
    """
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=LOCK_SECONDS, poll_interval=0.005)
    with lock:
        try:
            yield
        finally:
            if isinstance(lock, UnixFileLock):
                # The last act under the lock: who waited sees that its file is gone, and makes a new one.
                # Where it is no UnixFileLock, filelock removes the file itself.
                Path(lock.lock_file).unlink(missing_ok=True)
