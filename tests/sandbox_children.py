"""What the tests of the sandbox share: work in forked processes, cells in sandboxed ones, who still runs."""

from __future__ import annotations

import atexit
import errno
import functools
import json
import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Limits
from autograder.sandbox import doctor
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.process import SandboxError
from autograder.sandbox.session import Session

LIMITS = Limits(memory=512 << 20, disk=16 << 20, total_seconds=60, cpu_seconds=20)


def in_child(work: Callable[[], Any]) -> Any:
    """Return the data that `work` returns in a forked process; -N if signal N ended it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, json.dumps(work()).encode())
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read()
    status = os.waitpid(child, 0)[1]
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else json.loads(answer)


def outcome(action: Callable[[], Any]) -> str:
    """Return "done", or the error that an action ends in: its code if the kernel gave one."""
    try:
        action()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    except BaseException as error:
        return type(error).__name__
    return "done"


def shared_sandbox() -> tuple[Zygote, doctor.Report]:
    """Return the one zygote that all tests share, for its start takes seconds; skip where none works."""
    sandbox = _open_once()
    if isinstance(sandbox, str):
        pytest.skip(sandbox)
    return sandbox


@functools.cache
def _open_once() -> tuple[Zygote, doctor.Report] | str:
    try:
        zygote, report = doctor.open_sandbox(hidden=[Path(__file__).parents[1]])
    except SandboxError as error:
        return str(error)
    atexit.register(zygote.close)
    return zygote, report


def run(session: Session, source: str) -> str:
    """Return what a cell prints; a cell that fails fails the test."""
    answer = doctor.run_cell(session, source)
    assert answer["error"] == ""
    return answer["printed"].strip()


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Return when a condition holds; fail the test if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def parents() -> dict[int, int]:
    """Return the parent of each process of the machine that has not ended."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text(errors="replace").rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            found[int(path.parent.name)] = int(parent)
    return found


def descendants(pid: int) -> set[int]:
    """Return the processes that a process has started, directly or not."""
    tree, found = parents(), {pid}
    while more := {child for child, parent in tree.items() if parent in found} - found:
        found |= more
    return found - {pid}
