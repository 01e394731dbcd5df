"""Landlock: a second wall around the file system that needs neither root nor namespaces (Linux 5.13+).

The three system calls are made here because the bindings on PyPI are young or unreleased; the numbers and
the layout are those of <linux/landlock.h>, the same on every architecture.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

from autograder.sandbox.syscalls import LIBC, checked, no_new_privileges

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
QUERY_VERSION = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
CHANGE_FOLDER = sum(1 << bit for bit in range(4, 13))  # remove and make entries of any kind
REFER, TRUNCATE, IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
READ = EXECUTE | READ_FILE | READ_DIR
FILE_ONLY = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
TCP = 0b11  # bind, connect
SCOPES = 0b11  # abstract unix sockets, signals


def abi() -> int:
    """Return the version of Landlock that the kernel offers; 0 if none."""
    version = LIBC.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(QUERY_VERSION))
    return max(0, int(version))


def handled_rights(version: int) -> int:
    """Return the file system rights that Landlock of this version can refuse."""
    rights = READ | WRITE_FILE | CHANGE_FOLDER
    for since, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEVICE)):
        rights |= right if version >= since else 0
    return rights


def restrict(readable: Iterable[str], writable: Iterable[str]) -> int:
    """Allow this process only to read beneath `readable`, and to read and write beneath `writable`.

    Also refuses TCP (version 4+), and signals and abstract sockets to processes outside (version 6+).
    Returns the version used. Raises OSError where the kernel has no Landlock.
    """
    version = abi()
    rights = handled_rights(version)
    layout = (rights, TCP if version >= 4 else 0, SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    attributes = struct.pack("=QQQ", *layout)
    ruleset = checked(
        LIBC.syscall(CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0)), "landlock"
    )
    for path in readable:
        _allow(ruleset, path, READ)
    for path in writable:
        _allow(ruleset, path, rights & ~IOCTL_DEVICE)
    no_new_privileges()
    checked(LIBC.syscall(RESTRICT_SELF, ruleset, ctypes.c_uint32(0)), "landlock")
    os.close(ruleset)
    return version


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Add a rule for a path; a path that does not exist needs none."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        rights &= FILE_ONLY
    rule = struct.pack("=Qi", rights & handled_rights(abi()), place)
    result = LIBC.syscall(ADD_RULE, ruleset, PATH_BENEATH, rule, ctypes.c_uint32(0))
    os.close(place)
    checked(result, f"landlock {path}")
