"""A real scheduler and real workers on this machine, each in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")
START_SECONDS, END_SECONDS = 120.0, 10.0
LOOK_SECONDS = 0.02


def poll(look: Callable[[], T | None]) -> T:
    """Look again and again until there is something to see, and return it."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        seen = look()
        if seen is not None:
            return seen
        time.sleep(LOOK_SECONDS)
    raise TimeoutError(f"nothing was to be seen in {START_SECONDS:g} seconds")


@dataclass
class LocalCluster:
    """Run a scheduler on a free port of the loopback interface; use as a context manager.

    `settings` are Dask's own, as its environment variables spell them.
    """

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> LocalCluster:
        """Start the scheduler and wait until it answers."""
        self._scheduler = self._start("scheduler", "--port", "0", "--no-show")
        self.address = poll(self._read_address)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes."""
        processes = (*self.workers, self._scheduler)
        for process in processes:
            process.terminate()
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
            process.kill()
            process.wait()

    def add_worker(self) -> int:
        """Start a worker with one thread and return the number of its process."""
        self.workers.append(self._start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", "."))
        return self.workers[-1].pid

    def kill_worker(self, pid: int) -> None:
        """Kill a worker as a machine that loses its power does."""
        (worker,) = (worker for worker in self.workers if worker.pid == pid)
        worker.kill()
        worker.wait()

    def kill_scheduler(self) -> None:
        """Kill the scheduler."""
        self._scheduler.kill()
        self._scheduler.wait()

    def _read_address(self) -> str | None:
        text = self._file.read_text() if self._file.is_file() else ""
        return str(json.loads(text)["address"]) if text else None

    @property
    def _file(self) -> Path:
        return self.folder / "scheduler.json"

    def _start(self, role: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", role, "--scheduler-file", str(self._file)]
        command += ["--host", "127.0.0.1", "--no-dashboard", *arguments]
        with (self.folder / f"{role}.log").open("ab") as log:
            variables = {**os.environ, **self.settings, "OMP_NUM_THREADS": "1"}
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, env=variables)
