"""Lock the calling process down to one submission: the layers of a tier, in the order that they need."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from autograder.model import Limits
from autograder.sandbox import landlock, rlimits, seccomp
from autograder.sandbox.namespaces import private_file_systems
from autograder.sandbox.syscalls import PR_SET_DUMPABLE, drop_capabilities, no_new_privileges, prctl

Tier = Literal["bubblewrap", "landlock", "none"]
Program = Literal["judge", "probe"]

BOX = "/box"  # where a child of the tier "bubblewrap" finds its own file system
SYSTEM_FOLDERS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")  # beside /usr; links into it on most machines
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives")
READABLE_DEVICES = ("/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class Order:
    """Say how one submission is to be run: where, with which files, and how tightly."""

    tier: Tier
    box: str
    limits: Limits
    files: Mapping[str, bytes]
    course_files: Mapping[str, bytes]
    readable: tuple[str, ...]
    program: Program = "judge"

    @property
    def private(self) -> bool:
        """Return whether the submission has its own namespaces."""
        return self.tier == "bubblewrap"


def prepare(order: Order) -> None:
    """Make the folders of a submission, put its files into them, and limit its resources."""
    _first_to_go()
    if order.private:
        limits = order.limits
        rlimits.set_limits(limits, count_processes=True)  # while /proc can still be read
        private_file_systems(order.box, limits.disk, limits.inodes, limits.shared_memory, order.readable)
    else:
        rlimits.set_limits(order.limits, count_processes=False)
        os.mkdir(f"{order.box}/tmp")
    for folder in ("work", "home", "course"):
        os.mkdir(f"{order.box}/{folder}")
    place_files(f"{order.box}/course", order.course_files)
    place_files(f"{order.box}/work", order.course_files)
    place_files(f"{order.box}/work", order.files)
    os.chdir(f"{order.box}/work")


def seal(order: Order, rules: Any) -> None:
    """Take away privileges, the file system and system calls, for good. `rules` is the seccomp filter."""
    if order.tier == "none":
        return
    no_new_privileges()
    drop_capabilities()
    prctl(PR_SET_DUMPABLE, 0)  # a crash must not make the machine store the submission's memory
    if landlock.abi() > 0 or not order.private:  # within namespaces a second wall, without them the only one
        readable = (*order.readable, *SYSTEM_FOLDERS, *SYSTEM_FILES, *READABLE_DEVICES)
        shared = ("/tmp", "/dev/shm") if order.private else ()
        landlock.restrict(readable, (order.box, "/dev/null", *shared))
    seccomp.load_filter(rules, os.getpid())


def environment(box: str, private: bool) -> dict[str, str]:
    """Return the environment variables of a submission: these and no others."""
    return {
        "HOME": f"{box}/home",
        "TMPDIR": "/tmp" if private else f"{box}/tmp",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "USER": "student",
        "LOGNAME": "student",
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "1",
        "JOBLIB_MULTIPROCESSING": "0",
        "NBGRADER_EXECUTION": "autograde",  # nbgrader's word to notebooks that want to know
    }


def place_files(folder: str, files: Mapping[str, bytes]) -> None:
    """Write files below a folder. A name that leads elsewhere, is taken, or does not fit is left out.

    What is missing shows as an error of the code that needs it; it must not keep the rest from being graded.
    """
    for name, content in files.items():
        if not is_inside(name):
            continue
        path = os.path.join(folder, name)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(path)  # a part of a file would mislead more than none


def is_inside(name: str) -> bool:
    """Return whether a relative file name stays inside the folder that it is relative to."""
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\0" not in name


def close_all_but(kept: Iterable[int]) -> None:
    """Close all file descriptors but those `kept`, and turn the standard three into /dev/null."""
    null = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    low = 3
    for descriptor in (*sorted(set(kept)), 1 << 20):
        if low < descriptor:
            os.closerange(low, descriptor)
        low = max(low, descriptor + 1)


def _first_to_go() -> None:
    """Tell the kernel to end a submission before anything else when the machine runs out of memory."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
