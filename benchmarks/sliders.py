"""Measure how long every interactive figure of the lessons takes from a moved slider to the new picture."""

from __future__ import annotations

import importlib
import inspect
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from measuring import ROOT, Measured, Table, measure_call
from widgets import Interactive

BUDGET = {"replay": 100, "training": 300}  # milliseconds
TRAINING = {"simulator"}  # figures that train anew at every move; all others show what is stored or computed
MOVES = 6  # of each control
NOTE = (
    "From the slider's event to the new picture and its words, ready to be sent, in the kernel. All controls "
    "of a figure are moved through their range: first those of a copy, which pays for what is done only once "
    "in a session, then those that are measured. Whoever trains trains all five nets of a setting. *Within*: "
    "the slowest picture was ready in time by the clock; processor time says the same of a busy machine."
)
HEAD = ("figure", "kind", "moves", "CPU ms, median", "CPU ms, slowest", "wall ms, median", "wall ms, slowest")
HEAD += ("budget ms", "within", "picture, kB at most")


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


def other_values(control: Any) -> list[Any]:
    """Return values that a control can take, its present one last: the first is reached by a real move."""
    if hasattr(control, "clicks"):
        return []  # a button has no values to move through
    if hasattr(control, "options"):
        values = list(control.options)
    elif getattr(control, "powers_of_ten", False):
        values = [10.0**exponent for exponent in np.linspace(control.min, control.max, MOVES)]
    else:
        steps = round((control.max - control.min) / control.step)
        places = sorted({round(place) for place in np.linspace(0, steps, MOVES)})
        values = [control.min + place * control.step for place in places]
    return [value for value in values[:MOVES] if value != control.value] + [control.value]


def moved(figure: Interactive) -> tuple[list[Measured], int]:
    """Move all controls; return the seconds that each picture took, and the most bytes that one had."""
    taken, largest = [], 0
    for control in figure.controls.values():
        for value in other_values(control):
            taken.append(measure_call(partial(setattr, control, "value", value))[0])
            largest = max(largest, len(figure.picture.value))
    return taken, largest


def row(name: str, kind: str, taken: Sequence[Measured], largest: int) -> list[str]:
    """Return the cells of a figure: how long its pictures took, and whether that is within the budget."""
    cpu, wall = ([1000 * getattr(one, clock) for one in taken] for clock in ("cpu", "wall"))
    times = [f"{summary(values):.0f}" for values in (cpu, wall) for summary in (statistics.median, max)]
    inside = "yes" if max(wall) <= BUDGET[kind] else "no"
    return [name, kind, str(len(taken)), *times, str(BUDGET[kind]), inside, f"{largest / 1024:.0f}"]


def table() -> Table:
    """Return a row per figure: how long the pictures took, and whether that is within the budget."""
    rows = []
    for week, name, make in figures():
        moved(made(make))
        kind = "training" if name in TRAINING else "replay"
        rows.append(row(f"{week} `{name}`", kind, *moved(made(make))))
    return Table("Interactive figures", NOTE, HEAD, rows)
