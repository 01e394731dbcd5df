"""One running submission, as the trusted side holds it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from types import TracebackType

from autograder.sandbox.folders import remove_tree

REAP_SECONDS = 1.0


class Session:
    """Hold the socket to a submission's process, and the handle with which everything in it dies.

    `deadline` is the end of the whole submission on the clock of time.monotonic(); the judge keeps to it.
    `killed` is None while it runs, then the reason for which it was ended. It also ends when this process
    does, however: the sandbox watches the other end of `lifeline`.
    """

    def __init__(
        self, sock: socket.socket, process: int, lifeline: socket.socket, deadline: float, box: str | None
    ) -> None:
        self.sock = sock
        self.deadline = deadline
        self.killed: str | None = None
        self._process = process  # a pidfd: unlike a number it cannot come to mean another process
        self._lifeline = lifeline
        self._box = box

    @property
    def seconds_left(self) -> float:
        """Return the seconds until the deadline, at least 0."""
        return max(0.0, self.deadline - time.monotonic())

    def alive(self) -> bool:
        """Return whether the submission's process still runs."""
        return self.killed is None and not _ended(self._process, 0.0)

    def kill(self, reason: str) -> None:
        """End the submission with all that it started, and give its memory and files back."""
        if self.killed is not None:
            return
        self.killed = reason
        with contextlib.suppress(ProcessLookupError):  # it may be gone already
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        self.sock.close()
        self._lifeline.close()
        _ended(self._process, REAP_SECONDS)
        os.close(self._process)
        if self._box:
            remove_tree(self._box)

    def __enter__(self) -> Session:
        """Return the session."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the submission."""
        self.kill("finished")


def _ended(process: int, seconds: float) -> bool:
    """Wait up to `seconds` for a process to end and return whether it has."""
    waiting = select.poll()
    waiting.register(process, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))
