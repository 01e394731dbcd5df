"""Follow steps downhill on the functions of week 1, and say in words where they lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from typing import Any

import numpy as np
from descent_rates import say

Place = tuple[float, float]

STEPS = 500  # nobody is followed further
FAR = 100.0  # nor further out than this
NEAR = 0.05  # from here to a minimum counts as arrived, if it stays so near
AT_REST = 0.01  # how near it is in the end: a rate that is too large circles further out


def say_place(place: Place) -> str:
    """Return a place as (x, y)."""
    return f"({say(place[0])}, {say(place[1])})"


# ---------------------------------------------------------------- two directions


@dataclass(frozen=True)
class Surface:
    """Hold a function of x and y, what is known of it, and the map on which it is drawn."""

    formula: str
    height: Callable[[Any, Any], Any]  # of numbers or arrays
    slopes: Callable[[float, float], Place]
    minima: tuple[Place, ...]
    passes: tuple[Place, ...]  # its saddles: level, and down in one direction
    reach: Place  # the map runs from minus to plus this, in x and in y
    start: Place
    rate: float
    n_shown: int  # steps on the axis of the curve
    heights: Place  # the ends of that curve's axis


# Roots of 4x³ − 6x + 1: the hill lies between the two minima.
LEFT_MINIMUM, HILL, RIGHT_MINIMUM = sorted(np.roots([4, 0, -6, 1]).real.tolist())

SURFACES = {
    "ravine": Surface(
        "x² + 10y²", lambda x, y: x * x + 10 * y * y, lambda x, y: (2 * x, 20 * y),
        minima=((0.0, 0.0),), passes=(), reach=(6.0, 5.0), start=(5.0, 2.0), rate=0.05,
        n_shown=60, heights=(1e-4, 1e3),
    ),
    "double valley": Surface(
        "x⁴ − 3x² + x + y²",
        lambda x, y: x * x * x * x - 3 * x * x + x + y * y,
        lambda x, y: (4 * x * x * x - 6 * x + 1, 2 * y),
        minima=((LEFT_MINIMUM, 0.0), (RIGHT_MINIMUM, 0.0)), passes=((HILL, 0.0),), reach=(2.0, 1.5),
        start=(-0.5, 1.0), rate=0.10, n_shown=40, heights=(-4.5, 9.5),
    ),
    "saddle": Surface(
        "x²/2 + y⁴/4 − y²/2",
        lambda x, y: x * x / 2 + y * y * y * y / 4 - y * y / 2,
        lambda x, y: (x, y * y * y - y),
        minima=((0.0, -1.0), (0.0, 1.0)), passes=((0.0, 0.0),), reach=(2.0, 1.5),
        start=(1.5, 0.1), rate=0.10, n_shown=320, heights=(-0.4, 2.4),
    ),
}  # fmt: skip


def distance(one: Place, other: Place) -> float:
    """Return how far two places are apart."""
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


@lru_cache(maxsize=64)
def walk(name: str, start: Place, rate: float) -> tuple[Place, ...]:
    """Return the places of a way downhill, the start first: 500 steps, or until it is far out."""
    slopes = SURFACES[name].slopes

    def onwards() -> Iterator[Place]:
        x, y = start
        while max(abs(x), abs(y)) < FAR:
            yield x, y
            across, along = slopes(x, y)
            x, y = x - rate * across, y - rate * along
        yield x, y

    return tuple(islice(onwards(), STEPS + 1))


@dataclass(frozen=True)
class Ending:
    """Hold how a way downhill ended: in which place, of what kind, and after how many steps."""

    kind: str  # "minimum", "saddle", "left the map" or "still on the way"
    place: Place
    steps: int


def ending(name: str, path: Sequence[Place]) -> Ending:
    """Return how a path on a surface ended."""
    surface, last = SURFACES[name], path[-1]
    for kind, places in (("minimum", surface.minima), ("saddle", surface.passes)):
        for place in places:
            if all(distance(here, place) < AT_REST for here in path[-20:]):
                return Ending(kind, place, _settled(path, place))
    if is_outside(surface, last):
        return Ending("left the map", last, _settled_outside(surface, path))
    return Ending("still on the way", last, len(path) - 1)


def is_outside(surface: Surface, place: Place) -> bool:
    """Return whether a place is not on the map."""
    return any(abs(at) > 1.1 * reach for at, reach in zip(place, surface.reach, strict=True))


def _settled(path: Sequence[Place], place: Place) -> int:
    """Return after how many steps a path came near a place for good."""
    away = [number for number, here in enumerate(path) if distance(here, place) >= NEAR]
    return away[-1] + 1 if away else 0


def _settled_outside(surface: Surface, path: Sequence[Place]) -> int:
    inside = [number for number, here in enumerate(path) if not is_outside(surface, here)]
    return inside[-1] + 1


# ---------------------------------------------------------------- in words


def tell_ending(name: str, path: Sequence[Place]) -> str:
    """Say where a path ended and after how many steps."""
    end, steps = ending(name, path), _counted(ending(name, path).steps)
    if end.kind == "minimum":
        return f"It ended at the minimum {say_place(end.place)} after {steps}"
    if end.kind == "saddle":
        return f"It ended on the saddle {say_place(end.place)}, where the ground is level, after {steps}"
    if end.kind == "left the map":
        return f"It left the map after {steps}"
    stride, place = distance(path[-2], path[-1]), (round(end.place[0], 4), round(end.place[1], 4))
    return f"After {steps} it is at {say_place(place)} and still moves by {say(stride, 2)} a step"


def tell_swings(path: Sequence[Place], steps: int) -> str:
    """Say how often x and y change their sign on the first steps of a path."""
    seen = np.array(path[: steps + 1])
    swings = ((seen[1:] * seen[:-1] < 0) & (np.abs(seen[1:]) > 0.01)).sum(axis=0)
    told = [
        f"{axis} changes its sign {count} times"
        for axis, count in zip("xy", swings, strict=True)
        if count > 1
    ]
    return f" In the first {_counted(len(seen) - 1)} {' and '.join(told)}." if told else ""


def tell_heights(name: str, path: Sequence[Place]) -> str:
    """Say how f changes along a path: ends, highest place, level parts, edges that it crosses."""
    heights, (bottom, top) = heights_of(name, path), SURFACES[name].heights
    on_log_axis = bottom > 0

    def said(step: int, digits: int) -> str:
        return say(heights[step] if on_log_axis else round(heights[step], 3), digits)

    told = [f"f goes from {said(0, 3)} to {said(-1, 3)} in the {_counted(len(heights) - 1)} shown"]
    highest = int(np.argmax(heights))
    if heights[highest] > heights[0]:
        told.append(f"it is highest, {said(highest, 3)}, at step {highest}")
    for first, last in _level_parts(np.log10(np.maximum(heights, bottom)) if on_log_axis else heights):
        if heights[last] > bottom:
            told.append(f"level, near {said((first + last) // 2, 2)}, from step {first} to step {last}")
    for edge, is_out in (("bottom", np.less(heights, bottom)), ("top", np.greater(heights, top))):
        if is_out.any():
            told.append(f"it leaves the picture at the {edge} at step {is_out.argmax()}")
    return f"{'; '.join(told)}."


def _level_parts(heights: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Yield first and last step of each part, 15 steps at least, that hardly rises or falls."""
    small = np.abs(np.diff(heights)) < 2e-3 * max(float(np.ptp(heights)), 0.1)
    place = 0
    for is_level, part in groupby(small):
        length = len(list(part))
        if is_level and length >= 15:
            yield place, place + length
        place += length


def _counted(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"


def heights_of(surface: str, path: Any) -> list[float]:
    """Return f at the places of a path, as far as they are shown."""
    return [SURFACES[surface].height(x, y) for x, y in path[: SURFACES[surface].n_shown + 1]]


def found_start(surface: str, start: Place, rate: float) -> str:
    """Return in words which of the two starts of the goal this one is, "" if none."""
    end = ending(surface, walk(surface, start, rate))
    if end.kind != "minimum":
        return ""
    if surface == "saddle" and end.steps > 200 and round(100 * rate) >= 10:
        return "(a) More than 200 steps ✓"
    over = surface == "double valley" and start[0] < HILL < end.place[0]
    return "(b) Thrown over the hill, from left to right ✓" if over else ""


def describe_descent(surface: str, x: float, y: float, shrink: float, rate: float) -> list[str]:
    """Say in words what the widget of surfaces shows, a sentence for each panel."""
    start = (x, y * shrink)
    path = walk(surface, start, rate)
    first = ", ".join(say_place(place) for place in path[:4])
    return [
        f"{surface.capitalize()}, f = {SURFACES[surface].formula}, rate {rate:.2f}: {first}, … "
        f"{tell_ending(surface, path)}.{tell_swings(path, SURFACES[surface].n_shown)} "
        f"{found_start(surface, start, rate)}".strip(),
        tell_heights(surface, path),
    ]
