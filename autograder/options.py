"""What the instructor may choose for a run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from autograder.model import Limits


def core_count() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Options:
    """Hold what the instructor may choose for a run. `cluster` is the address of a Dask scheduler."""

    students: tuple[str, ...] = ()
    workers: int = field(default_factory=core_count)
    force: bool = False
    seed: int | None = None
    limits: Limits = field(default_factory=Limits)
    no_sandbox: bool = False
    cluster: str | None = None
    dry_run: bool = False
    notebooks: tuple[str, ...] = ()
