"""The trusted side of the sandbox: one locked-down process per submission, forked from a warm zygote."""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType

from autograder.model import Limits
from autograder.sandbox import staging
from autograder.sandbox.folders import Home, remove_tree
from autograder.sandbox.lockdown import BOX, Order, Program, Tier
from autograder.sandbox.process import SandboxError, ZygoteProcess
from autograder.sandbox.session import Session
from autograder.sandbox.zygote import SEALED

SPAWN_SECONDS = 30.0
RESTARTS = 3
BUSY = "The machine is overloaded: grade with fewer workers."


class Zygote:
    """Keep a warm process from which submissions are forked; use as a context manager.

    `tier` says how much protects: "bubblewrap" (everything), "landlock" (no namespaces), "none" (trusted code
    only). `hidden` are folders that no submission may read even where the libraries lie in them.
    Threads, and processes forked from the grader, may all call `spawn` on the same zygote at the same time.
    """

    def __init__(self, tier: Tier = "bubblewrap", hidden: Iterable[Path] = ()) -> None:
        self.tier: Tier = tier
        self.restarts = 0
        self._replacing = threading.Lock()
        self._home = Home()
        self._stage = self._home.path / "stage"
        self._readable = (*staging.readable_paths(hidden), str(self._stage))
        try:
            staging.stage_package(self._stage)
            self._process = self._start()
        except BaseException:
            self._home.remove()
            raise

    def spawn(
        self,
        files: Mapping[str, bytes],
        course_files: Mapping[str, bytes],
        limits: Limits,
        program: Program = "judge",
    ) -> Session:
        """Return a fresh locked-down process that holds the given files, the course's first on its path.

        Raises SandboxError if it could not be locked down. A zygote that has died is started again.
        """
        for _ in range(RESTARTS):
            process = self._process
            try:
                return _spawn(process, self._home, files, course_files, limits, program)
            except ConnectionError:
                self._replace(process)
        raise SandboxError(
            "The sandbox keeps dying. Is the machine out of memory? See `free -m` and `dmesg`."
        )

    @property
    def pid(self) -> int:
        """Return the number of the process that all submissions descend from."""
        return self._process.pid

    @property
    def library(self) -> Path:
        """Return a file that every child may read and none may change."""
        return self._stage / staging.PACKAGE.name / "model.py"

    def close(self) -> None:
        """End the zygote and all submissions that still run."""
        self._process.close()
        self._home.remove()

    def __enter__(self) -> Zygote:
        """Return the zygote."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the zygote and all submissions that still run."""
        self.close()

    def _replace(self, dead: ZygoteProcess) -> None:
        """Start a new zygote in the place of a dead one, once, however many threads noticed."""
        with self._replacing:
            if self._process is dead:
                dead.close()
                self._process = self._start()
                self.restarts += 1

    def _start(self) -> ZygoteProcess:
        return ZygoteProcess(self.tier, self._readable, self._home, self._stage)


def _spawn(
    process: ZygoteProcess,
    home: Home,
    files: Mapping[str, bytes],
    course_files: Mapping[str, bytes],
    limits: Limits,
    program: Program,
) -> Session:
    """Ask a zygote for one child. Raises ConnectionError if the zygote is dead."""
    with contextlib.ExitStack() as undo:
        private = process.tier == "bubblewrap"
        box = BOX if private else home.private_folder(process.user)
        if not private:
            undo.callback(remove_tree, box)
        order = Order(process.tier, box, limits, dict(files), dict(course_files), process.readable, program)
        ours, theirs = socket.socketpair()
        undo.callback(ours.close)
        with theirs:
            handle, lifeline = _request(process.control, order, theirs)
        undo.pop_all()
        deadline = time.monotonic() + limits.total_seconds
        return Session(ours, handle, lifeline, deadline, None if private else box)


def _request(control: socket.socket, order: Order, theirs: socket.socket) -> tuple[int, socket.socket]:
    """Send an order and return, once the child is sealed, its handle and the socket that it dies with.

    Each request brings its own socket for the reply, so those of several processes cannot mix.
    """
    reply, their_reply = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with contextlib.ExitStack() as undo, tempfile.TemporaryFile() as body:
        undo.callback(reply.close)
        pickle.dump(order, body)
        body.seek(0)
        with their_reply:
            socket.send_fds(control, [b"s"], [theirs.fileno(), body.fileno(), their_reply.fileno()])
        handle = _receive_handle(reply)
        undo.pop_all()
        return handle, reply


def _receive_handle(reply: socket.socket) -> int:
    """Return the process descriptor; it and the message that the child is sealed come in either order."""
    handles: list[int] = []
    sealed = False
    reply.settimeout(SPAWN_SECONDS)
    with _closed_on_error(handles):
        while not (sealed and handles):
            try:
                message, descriptors, _, _ = socket.recv_fds(reply, 4096, 1)
            except TimeoutError:
                raise SandboxError(f"A submission did not start in {SPAWN_SECONDS:g} s. {BUSY}") from None
            handles += descriptors
            sealed = sealed or message == SEALED
            if not message:
                raise ConnectionResetError("the zygote ended")
            if message not in (SEALED, b"process"):
                reason = message.decode(errors="replace")
                raise SandboxError(f"A submission could not be locked down: {reason}")
    return handles[0]


@contextlib.contextmanager
def _closed_on_error(descriptors: list[int]) -> Iterator[None]:
    """Close the descriptors that have come so far if the block fails."""
    try:
        yield
    except BaseException:
        for descriptor in descriptors:
            os.close(descriptor)
        raise
