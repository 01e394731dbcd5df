"""Measure how long every interactive figure of the lessons takes from a moved slider to the new picture."""

from __future__ import annotations

import importlib
import inspect
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from measuring import ROOT, Table
from widgets import Interactive

BUDGET = {"replay": 100, "live": 300}  # milliseconds
MOVES = 6  # of each control


def figures() -> Iterator[tuple[str, str, Callable[..., Interactive]]]:
    """Yield week and name of all interactive figures of the lessons, and the function that makes each."""
    for path in sorted(ROOT.glob("course/week*/*_widgets.py")):
        sys.path.insert(0, str(path.parent))
        module = importlib.import_module(path.stem)
        for name, make in inspect.getmembers(module, inspect.isfunction):
            if make.__module__ == path.stem and inspect.signature(make).return_annotation == "Interactive":
                yield path.parent.name[:6], name, make


def made(make: Callable[..., Interactive]) -> Interactive:
    """Return a figure; one of them wants to be given the student's function."""
    parameters = inspect.signature(make).parameters.values()
    return make(*[running_mean for parameter in parameters if parameter.default is parameter.empty])


def running_mean(values: Sequence[float], beta: float) -> np.ndarray:
    """Return an exponential running mean with bias correction, as week 4's exercise asks for."""
    mean, smooth = 0.0, []
    for step, value in enumerate(values, start=1):
        mean = beta * mean + (1 - beta) * value
        smooth.append(mean / (1 - beta**step))
    return np.array(smooth)


def kind_of(make: Callable[..., Any]) -> str:
    """Return "live" for a figure that computes anew what it shows, or "replay" for one that stored it."""
    return "live" if "live(" in inspect.getsource(make) else "replay"


def other_values(control: Any) -> list[Any]:
    """Return values that a control can take, its present one last: the first is reached by a real move."""
    if hasattr(control, "options"):
        values = list(control.options)
    elif hasattr(control, "base"):
        values = [control.base**exponent for exponent in np.linspace(control.min, control.max, MOVES)]
    else:
        steps = round((control.max - control.min) / control.step)
        places = sorted({round(place) for place in np.linspace(0, steps, MOVES)})
        values = [control.min + place * control.step for place in places]
    return [value for value in values[:MOVES] if value != control.value] + [control.value]


def moved(figure: Interactive) -> tuple[list[float], int]:
    """Move all controls; return the milliseconds that each picture took, and the most bytes that one had."""
    taken, largest = [], 0
    for control in figure.controls.values():
        for value in other_values(control):
            start = time.perf_counter()
            control.value = value
            taken.append(1000 * (time.perf_counter() - start))
            largest = max(largest, len(figure.picture.value))
    return taken, largest


def table() -> Table:
    """Return a row per figure: how long the pictures took, and whether that is within the budget."""
    rows = []
    for week, name, make in figures():
        kind = kind_of(make)
        taken, largest = moved(made(make))
        inside = "yes" if max(taken) <= BUDGET[kind] else "no"
        numbers = f"{statistics.median(taken):.0f}", f"{max(taken):.0f}", str(BUDGET[kind])
        rows.append([f"{week} `{name}`", kind, str(len(taken)), *numbers, inside, f"{largest / 1024:.0f}"])
    head = (
        "figure",
        "kind",
        "moves",
        "median ms",
        "slowest ms",
        "budget ms",
        "within",
        "picture, kB at most",
    )
    note = (
        "From the slider's event to the new picture, ready to be sent, in the kernel. A replay shows what "
        "was stored; a live figure computes what it shows."
    )
    return Table("Interactive figures", note, head, rows)
