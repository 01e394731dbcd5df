"""One operating system process that holds a zygote: its command line, its files, its start and its end."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import IO

from autograder.course import CourseError
from autograder.sandbox import bubblewrap, staging
from autograder.sandbox.folders import Home
from autograder.sandbox.lockdown import Tier
from autograder.sandbox.zygote import READY, Settings

START_SECONDS = 120.0
END_SECONDS = 5.0
# The program: no user settings, no site folders, nothing but the search path that the settings name.
BOOT = (
    "import sys, socket; sys.path.insert(0, sys.argv[1]); from autograder.sandbox import zygote; "
    "zygote.main(socket.socket(fileno=int(sys.argv[2])), zygote.Settings.from_json(sys.argv[3]))"
)
REINSTALL = "Install the grader again: python -m pip install --editable ."
UNPRIVILEGED = range(61_900, 61_000, -100)  # numbers that Linux distributions leave to no user


class SandboxError(CourseError):
    """Report in one sentence why submissions cannot be run, ending with what mends it."""


class ZygoteProcess:
    """Start a zygote in a tier and wait until it is warm.

    `stage` holds our own code that it may see, and `home` its other files. `control` is the socket for
    requests. Raises SandboxError, with the last words of the process, if it ends.
    """

    def __init__(self, tier: Tier, readable: tuple[str, ...], home: Home, stage: Path) -> None:
        self.tier = tier
        self.owner = os.getpid()
        self.user = unprivileged_user() if tier != "none" else None
        self.readable = readable
        self._stage = str(stage)
        self._scratch = home.private_folder(self.user)
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper: threading.Thread | None = None
        self.control, theirs = socket.socketpair()
        try:
            with theirs:
                self._launch(theirs.fileno())
            self._wait_until_warm()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the process and all submissions that still run in it."""
        self.control.close()
        if self.owner != os.getpid():
            return  # in a process forked from the grader: the zygote belongs to the grader
        if self._process is not None and self._keeper is not None:
            self._process.kill()
            self._keeper.join(END_SECONDS)
        self._log.close()

    @property
    def pid(self) -> int:
        """Return the number of the process; 0 if it never started."""
        return self._process.pid if self._process is not None else 0

    def last_words(self) -> str:
        """Return the last line that the process wrote."""
        self._log.seek(0)
        lines = self._log.read()[-4000:].decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing."

    def _launch(self, control: int) -> None:
        """Start the program in a thread that lives as long as the program does.

        The kernel ends the program when the *thread* that started it ends, which for a caller's may be soon.
        """
        failures: list[OSError] = []
        running = threading.Event()

        def keep() -> None:
            try:
                self._process = self._open(control)
            except OSError as error:
                failures.append(error)
            running.set()
            if self._process is not None:
                self._process.wait()

        self._keeper = threading.Thread(target=keep, name="zygote", daemon=True)
        self._keeper.start()
        running.wait()
        if failures:
            raise SandboxError(f"The sandbox ({self.tier}) did not start: {failures[0]}. {self._remedy()}")

    def _open(self, control: int) -> subprocess.Popen[bytes]:
        user = None if self.tier == "bubblewrap" else self.user  # bubblewrap needs root for the mounts
        return subprocess.Popen(
            self._command(control),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            pass_fds=[control],
            env=self._variables(),
            cwd="/",
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )

    def _command(self, control: int) -> list[str]:
        """Return the command line; inside bubblewrap it is the zygote that turns into an ordinary user."""
        wrapped = self.tier == "bubblewrap"
        settings = Settings(self.tier, self.user if wrapped else None, staging.library_folders())
        command = [staging.interpreter(), "-I", "-S", "-X", "utf8", "-c", BOOT]
        command += [self._stage, str(control), settings.as_json()]
        if not wrapped:
            return command
        return bubblewrap.wrap(command, self._variables(), self.readable, self.user is not None)

    def _variables(self) -> dict[str, str]:
        """Return the only environment variables that reach the process."""
        scratch = "/tmp" if self.tier == "bubblewrap" else self._scratch
        folders = dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR"), scratch)
        threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        names = dict.fromkeys(("USER", "LOGNAME"), "student")
        kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
        fixed = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MPLBACKEND": "Agg"}
        return {**fixed, **folders, **threads, **names, **kept}

    def _wait_until_warm(self) -> None:
        self.control.settimeout(START_SECONDS)
        try:
            warm = self.control.recv(len(READY)) == READY
        except OSError:
            warm = False
        if not warm:
            words = self.last_words().removesuffix(".")
            remedy = self._remedy() if words.startswith("bwrap:") else REINSTALL
            raise SandboxError(f"The sandbox ({self.tier}) did not start: {words}. {remedy}")

    def _remedy(self) -> str:
        """Return what may mend a failed start."""
        if self.tier == "bubblewrap":
            return bubblewrap.remedy()
        blocked = staging.closed_to_others(staging.interpreter()) if self.user is not None else None
        if blocked:
            return f"Submissions run as an ordinary user, who cannot reach Python: chmod o+x {blocked}"
        return REINSTALL


def unprivileged_user() -> int | None:
    """Return the number of a user to become when the grader runs as root, or None when it does not.

    Inside a container whose root is an ordinary user outside, other users may not exist: None as well.
    """
    if os.geteuid() != 0:
        return None
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    lines = Path("/proc/self/uid_map").read_text().splitlines()
    ranges = [(int(line.split()[0]), int(line.split()[2])) for line in lines]
    for user in UNPRIVILEGED:
        if user not in taken and any(first <= user < first + count for first, count in ranges):
            return user
    return None
