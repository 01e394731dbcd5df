"""Do a piece of work in a forked process, so that neither its memory nor its time can hurt the caller."""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
CHUNK = 1 << 20


class ForkFailed(Exception):
    """Report in plain words why the forked process gave no result."""


def run_forked(work: Callable[[], T], seconds: float, memory: int) -> T:
    """Return `work()`, computed in a forked process that may live for `seconds` and add `memory` bytes.

    Raises ForkFailed if it raised, was killed or took too long.
    """
    reader, writer = os.pipe()
    pid = _fork(lambda: _answer(work, reader, writer, memory))
    os.close(writer)
    try:
        data = _read_all(reader, time.monotonic() + seconds)
    finally:
        os.close(reader)
        _end(pid)
    try:
        result, problem = pickle.loads(data)  # our own: nothing of the student's runs in that process
    except (EOFError, pickle.UnpicklingError):  # it was killed before or while it answered
        raise ForkFailed("the process that judges it ended early (out of memory?)") from None
    if problem:
        raise ForkFailed(problem)
    value: T = result
    return value


def _fork(work: Callable[[], None]) -> int:
    """Return the number of a new process, which does `work` and never goes on as its caller would.

    Not even where Ctrl-C reaches it before its first statement.
    """
    here = os.getpid()
    try:
        pid = os.fork()
        if pid == 0:
            from autograder.sandbox.syscalls import die_with_parent  # not on Windows

            die_with_parent(here)
            work()
        return pid
    finally:
        if os.getpid() != here:
            os._exit(0)  # not sys.exit: what the caller has registered is not this process's to finish


def _answer(work: Callable[[], object], reader: int, writer: int, memory: int) -> None:
    os.close(reader)
    _limit_memory(memory)
    try:
        answer = pickle.dumps((work(), ""))
    except BaseException as error:
        answer = pickle.dumps((None, f"{type(error).__name__}: {error}"[:500]))
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(answer)


def _limit_memory(extra: int) -> None:
    if sys.platform == "linux":
        import resource  # Windows has none

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + extra, used + extra))


def _read_all(reader: int, deadline: float) -> bytes:
    poll, parts = select.poll(), bytearray()
    poll.register(reader, select.POLLIN)
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(1000 * left):
            raise ForkFailed("judging it took too long")
        part = os.read(reader, CHUNK)
        if not part:
            return bytes(parts)
        parts += part


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)  # it has not been waited for, so the number still is its own
    os.waitpid(pid, 0)
