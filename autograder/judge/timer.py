"""Interrupt trusted code that takes too long: its own time, or that of whoever it waits for."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Literal

TIMERS = {"wall": ("ITIMER_REAL", "SIGALRM"), "processor": ("ITIMER_PROF", "SIGPROF")}  # not on Windows


@contextlib.contextmanager
def interrupt_after(
    seconds: float, make_error: Callable[[], BaseException], clock: Literal["wall", "processor"] = "wall"
) -> Iterator[None]:
    """Raise `make_error()` in the block, once, after `seconds` of the clock or of this process's computing.

    Only a main thread can be interrupted, and none on Windows: there the block may take as long as it likes.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*ignored: object) -> None:
        raise make_error()

    timer, number = (getattr(signal, name) for name in TIMERS[clock])
    before = signal.signal(number, ring)
    signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)
