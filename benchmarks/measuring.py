"""Measure commands and functions, and write what was measured as Markdown."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

GROUPS = (Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup"))  # of the kernel's old and new interface
ROOT = Path(__file__).resolve().parents[1]
PEERS = Path(sys.prefix) / "peers"  # environments of the tools that we are compared with


@dataclass(frozen=True)
class Measured:
    """Hold the seconds that something took: of all processors together, and by the clock."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Table:
    """Hold a table of results: a title, a sentence on what was done, the head and the rows."""

    title: str
    note: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """Return the table as Markdown; the first column is text, all others are numbers."""
        lines = [f"## {self.title}", "", self.note, "", _line(self.head)]
        lines.append("|---|" + "---:|" * (len(self.head) - 1))
        return "\n".join(lines + [_line(row) for row in self.rows])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def measure_command(command: Sequence[str | Path], folder: Path) -> Measured:
    """Run a command and return what it took. Raises RuntimeError if it fails.

    The processor's time is that of all processes that it starts, also of those that nobody waits for.
    """
    with accounting() as account:
        start = time.perf_counter()
        ended = subprocess.run(
            [str(part) for part in command],
            cwd=folder, capture_output=True, text=True, check=False, preexec_fn=account.join,
        )  # fmt: skip
        taken = Measured(account.seconds(), time.perf_counter() - start)
    if ended.returncode != 0:
        raise RuntimeError(
            f"{command} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr[-3000:]}"
        )
    return taken


@dataclass(frozen=True)
class Account:
    """Hold a control group of the kernel's, which knows the processor time of all that run in it.

    Without one (`group` is None) the time is that of the whole machine: nothing else should run meanwhile.
    """

    group: Path | None
    began: float = 0.0

    def join(self) -> None:
        """Put this process, and all that it will start, into the group."""
        if self.group is not None:
            (self.group / "cgroup.procs").write_text("0")

    def seconds(self) -> float:
        """Return the seconds of processor time that were used so far."""
        if self.group is None:
            return _busy_seconds() - self.began
        old, new = self.group / "cpuacct.usage", self.group / "cpu.stat"
        return int(old.read_text()) / 1e9 if old.exists() else int(new.read_text().split()[1]) / 1e6


@contextmanager
def accounting() -> Iterator[Account]:
    """Give an account of processor time; making a group takes root."""
    root = next((path for path in GROUPS if path.is_dir() and os.access(path, os.W_OK)), None)
    if root is None:
        yield Account(None, _busy_seconds())
        return
    group = Path(tempfile.mkdtemp(prefix="trainwell-bench-", dir=root))
    try:
        yield Account(group)
    finally:
        _remove(group)


def _remove(group: Path) -> None:
    """Remove a group once its last process is gone; a sandbox may take a moment to end."""
    for _ in range(100):
        try:
            return group.rmdir()
        except OSError:
            time.sleep(0.1)


def _busy_seconds() -> float:
    """Return for how long all processors were busy since the machine was started."""
    times = psutil.cpu_times()
    waiting = sum(getattr(times, name, 0.0) for name in ("idle", "iowait", "steal", "guest", "guest_nice"))
    return sum(times) - waiting


def measure_call(call: Callable[[], Any]) -> tuple[Measured, Any]:
    """Call a function and return what it took, and its result."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = call()
    return Measured(time.process_time() - cpu, time.perf_counter() - wall), result


def peer_python(name: str, packages: Sequence[str]) -> Path | None:
    """Return the Python of an environment that has these packages besides all of ours, or None.

    The first call installs them, and says so. They see our installed packages, so PyTorch is not installed
    again; nothing of ours changes. None: the package index lacks one of them, or cannot be reached.
    """
    folder = PEERS / name
    python = folder / "bin" / "python"
    if (folder / "complete").exists():
        return python
    print(f"Installing {', '.join(packages)} for comparison, into {folder} …", file=sys.stderr)
    venv.create(folder, clear=True, with_pip=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "ours.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    constraints = ["--constraint", str(ROOT / "constraints.txt")]
    ended = subprocess.run([python, *install, *constraints], capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        print(ended.stderr[-1000:], file=sys.stderr)
        return None
    (folder / "complete").touch()
    return python


def machine() -> str:
    """Return one line that names the date, the machine and our versions."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if sys.platform == "linux" else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    libraries = ", ".join(f"{name} {version(name)}" for name in ("torch", "nbgrader"))
    return (
        f"{date.today()}; {os.cpu_count()} cores of {(names or [platform.processor()])[0]}; "
        f"Python {platform.python_version()}, {libraries}"
    )


def named(package: str) -> str:
    """Return a package's name and version, or only its name if it is not installed."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return package


def times(first: float, other: float) -> str:
    """Return how many times less `other` is than `first`."""
    return f"{first / max(other, 1e-9):.1f}"
