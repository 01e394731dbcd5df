"""The command line of bubblewrap around the zygote, and how to get bubblewrap."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox.lockdown import BOX, SYSTEM_FILES, SYSTEM_FOLDERS
from autograder.sandbox.namespaces import STUDENT_ID

SCRATCH = 64 << 20  # bytes that the zygote itself may write, for matplotlib's font list and the like
APPARMOR = "kernel.apparmor_restrict_unprivileged_userns"
NAMESPACES = ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
INSTALLERS = {
    "debian": "apt-get install bubblewrap",
    "ubuntu": "apt-get install bubblewrap",
    "fedora": "dnf install bubblewrap",
    "rhel": "dnf install bubblewrap",
    "suse": "zypper install bubblewrap",
    "arch": "pacman -S bubblewrap",
    "alpine": "apk add bubblewrap",
}


def find_bubblewrap() -> str | None:
    """Return the path of the bwrap program, or None if it is not installed."""
    return shutil.which("bwrap")


def install_hint() -> str:
    """Return the sentence that says how to install bubblewrap on this machine."""
    if platform.system() != "Linux":
        return "Run the grader in a Linux virtual machine or container (on Windows: WSL2)."
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    families = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    for family in families:
        if family in INSTALLERS:
            sudo = "" if os.geteuid() == 0 else "sudo "
            return f"Install bubblewrap: {sudo}{INSTALLERS[family]}"
    return "Install bubblewrap with the package manager of this machine (the package is called bubblewrap)."


def remedy() -> str:
    """Return what mends a bubblewrap that is missing or that the machine does not let work."""
    if find_bubblewrap() is None:
        return install_hint()
    switch = Path("/proc/sys", *APPARMOR.split("."))
    if switch.exists() and switch.read_text().strip() == "1" and os.geteuid() != 0:
        return f"This machine keeps user namespaces from ordinary users: sudo sysctl {APPARMOR}=0"
    return "In a container, allow user namespaces: docker run --security-opt seccomp=unconfined …"


def wrap(
    command: Iterable[str], variables: dict[str, str], readable: Iterable[str], as_root: bool
) -> list[str]:
    """Return `command` inside bubblewrap: no network, no other process, and only `readable` to read.

    With `as_root` the mounts are made by root, which alone can reach a Python below /root, and the command
    keeps just the capability to become another user.
    """
    arguments = [find_bubblewrap() or "bwrap", *NAMESPACES]
    if as_root:
        arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        # Not user 0, even in a container: the kernel maps root only for those who have capabilities.
        arguments += ["--unshare-user", "--uid", str(STUDENT_ID), "--gid", str(STUDENT_ID)]
    arguments += ["--die-with-parent", "--new-session", "--clearenv"]
    for name, value in variables.items():
        arguments += ["--setenv", name, value]
    arguments += [*_system_mounts(), "--perms", "1777", "--size", str(SCRATCH), "--tmpfs", "/tmp"]
    opened = set[str]()  # each once: bubblewrap takes 9000 arguments, and an environment has many libraries
    for path in readable:
        arguments += [*_open_parents(path, opened), "--ro-bind", path, path]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--dir", BOX, "--remount-ro", "/", "--chdir", "/"]
    return [*arguments, "--", *command]


def _system_mounts() -> list[str]:
    """Return the arguments for the folders beside /usr that programs and libraries are found through."""
    arguments: list[str] = []
    for folder in SYSTEM_FOLDERS:
        if os.path.islink(folder):
            arguments += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            arguments += ["--ro-bind", folder, folder]
    for path in SYSTEM_FILES:
        arguments += [*_open_parents(path, set()), "--ro-bind-try", str(Path(path).resolve()), path]
    return arguments


def _open_parents(path: str, opened: set[str]) -> list[str]:
    """Return the arguments that make the folders above a path, for everybody to enter, and note them."""
    parents = [str(parent) for parent in reversed(Path(path).parents)][1:]
    new = [parent for parent in parents if parent not in opened]
    opened.update(new)
    return [argument for parent in new for argument in ("--perms", "0755", "--dir", parent)]
