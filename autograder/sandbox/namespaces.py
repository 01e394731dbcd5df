"""Namespaces for one submission: its own users, processes, network, mounts, and file systems in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox.syscalls import (
    MS_BIND,
    MS_NODEV,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    NEW_NAMESPACES,
    mount,
    unshare,
)

STUDENT_ID = 1000  # what getuid() says inside; outside it is whoever runs the grader


def enter_namespaces() -> None:
    """Move the calling process into new namespaces of every kind.

    The process id namespace starts with the next child, which is its first process: when that one dies,
    the kernel kills all others in it.
    """
    user, group = os.getuid(), os.getgid()
    unshare(NEW_NAMESPACES)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{STUDENT_ID} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{STUDENT_ID} {group} 1")


def mount_memory(path: str, size: int, inodes: int) -> None:
    """Put an empty file system of at most `size` bytes and `inodes` files at a folder."""
    options = f"size={size},nr_inodes={inodes},mode=755"
    mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, options)


def private_file_systems(
    box: str, disk: int, inodes: int, shared_memory: int, readable: Iterable[str]
) -> None:
    """Give the process its own `box`, /tmp and /dev/shm, and hide /proc.

    What is `readable` and lies in /tmp (a virtual environment of a course that is tried out there) stays so.
    A tmpfs, and not a fresh proc, lies over /proc: the kernel refuses a new proc where the old one is
    partly covered, as bubblewrap leaves it.
    """
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount_memory(box, disk, inodes)
    os.mkdir(f"{box}/tmp")
    for path in readable:
        if path.startswith("/tmp/"):
            _show_at(path, f"{box}{path}")
    mount(f"{box}/tmp", "/tmp", None, MS_BIND | MS_REC)
    mount_memory("/dev/shm", shared_memory, inodes)
    mount("tmpfs", "/proc", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k,nr_inodes=1")


def _show_at(path: str, place: str) -> None:
    """Mount a file or folder at another place. One at a time: an environment has more than may be open."""
    if os.path.isdir(path):
        os.makedirs(place, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        Path(place).touch()
    mount(path, place, None, MS_BIND | MS_REC)
