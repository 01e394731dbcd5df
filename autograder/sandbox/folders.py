"""The temporary folders of a sandbox: removed at its end, or by the next one if the grader was killed."""

from __future__ import annotations

import contextlib
import fcntl  # the sandbox is Linux's alone, and a folder whose lock was inherited counts as in use
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = "trainwell-sandbox-"
LOCK = "lock"
STALE_SECONDS = 60.0  # a younger folder may belong to a grader that is about to lock it


def remove_tree(path: str | Path) -> None:
    """Remove a folder that a submission may have written into: by rm, which copes with any depth."""
    for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf", "--one-file-system"]):
        subprocess.run([*command, "--", str(path)], stderr=subprocess.DEVNULL, check=False)


class Home:
    """Own a new folder for one sandbox, in which others can enter what they are given the name of.

    It belongs to the process that made it: in one forked from that, `remove` does nothing.
    """

    def __init__(self) -> None:
        remove_stale()
        self._owner = os.getpid()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = os.fdopen(os.open(self.path / LOCK, os.O_CREAT | os.O_RDWR, 0o600), "r+b")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.path.chmod(0o711)

    def private_folder(self, user: int | None) -> str:
        """Return a new folder in it that only `user` (None: the caller) can enter."""
        folder = tempfile.mkdtemp(dir=self.path)
        if user is not None:
            shutil.chown(folder, user, user)
        return folder

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        if self._owner == os.getpid():
            self._lock.close()
            remove_tree(self.path)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a new folder for the caller alone, which the next sandbox removes if this grader is killed."""
    home = Home()
    try:
        yield Path(home.private_folder(None))
    finally:
        home.remove()


def remove_stale() -> None:
    """Remove what graders of the same user left behind that were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue  # another grader, started at the same moment, has removed it
        is_old = time.time() - status.st_mtime > STALE_SECONDS
        if is_old and status.st_uid == os.geteuid() and not _in_use(path):
            remove_tree(path)


def _in_use(home: Path) -> bool:
    """Return whether a running grader holds the lock of a folder; the lock ends with the process."""
    try:
        lock = os.open(home / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False
