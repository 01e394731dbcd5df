"""Resource limits of the process that runs a submission."""

from __future__ import annotations

import resource
from pathlib import Path

from autograder.model import Limits

OPEN_FILES = 256


def address_space() -> int:
    """Return the bytes of address space that this process has mapped."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def set_limits(limits: Limits, count_processes: bool) -> None:
    """Bound memory, CPU, files and threads of this process for good. Needs /proc.

    `memory` comes on top of what the libraries have mapped already. Threads are counted only where the
    process has its own user namespace: elsewhere the kernel would count all processes of the same user.
    """
    bounds = {
        resource.RLIMIT_AS: address_space() + limits.memory,
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 256,
        resource.RLIMIT_CPU: limits.cpu_seconds,
    }
    if count_processes:
        bounds[resource.RLIMIT_NPROC] = limits.processes
    for kind, bound in bounds.items():
        hard = resource.getrlimit(kind)[1]
        value = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (value, value))
