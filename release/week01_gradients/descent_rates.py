"""Take steps on x² + 3x with any learning rate, and say in words what they do."""

from __future__ import annotations

from typing import Any

import numpy as np

COMPARED = 0.20  # the rate whose partner is looked for
REPLAYED = 60  # steps on the axis of distances
LOWEST = -1.5  # where x² + 3x is smallest
CLOSE_ENOUGH = 0.01


def parabola(x: Any) -> Any:
    """Return x² + 3x."""
    return x**2 + 3 * x


def stretch(rate: float) -> float:
    """Return by what a step on x² + 3x multiplies the distance to the minimum. Rates are whole hundredths."""
    return (50 - round(100 * rate)) / 50


def parabola_path(rate: float, start: float, n_steps: int) -> np.ndarray:
    """Return the start and the places after each step on x² + 3x, shape (n_steps + 1,)."""
    return LOWEST + (start - LOWEST) * stretch(rate) ** np.arange(n_steps + 1)


def steps_needed(rate: float, start: float) -> int | None:
    """Return after how many steps the distance is below 0.01 for the first time, None if it never is."""
    close = np.abs(parabola_path(rate, start, 1000) - LOWEST) < CLOSE_ENOUGH
    return int(close.argmax()) if close.any() else None


def say(value: float, digits: int = 3) -> str:
    """Return a number as it is read aloud: 3 digits, a real minus, no zeros in an exponent."""
    value = float(value) + 0.0  # no minus in front of 0
    if 1000 <= abs(value) < 1e6:
        return f"{value:.0f}".replace("-", "−")
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return (mantissa + (f"e{int(exponent)}" if exponent else "")).replace("-", "−")


# ---------------------------------------------------------------- in words


def find(rate: float) -> str:
    """Return in words which of the three rates of the goal this one is, "" if none.

    Its factor tells what it does from every start; from a single one, 0.79 may need as many steps as 0.20.
    """
    factor = stretch(rate)
    if factor == -stretch(COMPARED):
        return "(a) As many steps as rate 0.20 needs ✓"
    if factor == 0:
        return "(b) A single step ✓"
    return "(c) It never arrives and never explodes ✓" if factor == -1 else ""


def describe_rate(rate: float, start: int, step: int) -> list[str]:
    """Say in words what the widget of learning rates shows, a sentence for each panel."""
    path, factor, steps = parabola_path(rate, start, REPLAYED), stretch(rate), steps_needed(rate, start)
    first, x = ", ".join(say(place) for place in path[:5]), path[step]
    outside = "" if -6.5 <= x <= 3.5 else ", outside the picture"
    arrives = f"It is below 0.01 from step {steps} on." if steps else "It never comes below 0.01."
    return [
        f"Rate {rate:.2f} from {say(start)}: {first}, … At step {step}, x is {say(x)}{outside}, f is "
        f"{say(parabola(x))} and the slope is {say(2 * x + 3)}: the next step changes x by "
        f"{say(-rate * (2 * x + 3))}.",
        f"Each step multiplies the distance by {say(factor)}: {manner(factor)}. At step {step} it is "
        f"{say(abs(x - LOWEST))}. {arrives} {find(rate)}".strip(),
    ]


def manner(factor: float) -> str:
    """Say how steps go that multiply the distance by a factor."""
    if factor == 0:
        return "the first step lands on the minimum"
    if factor > 0:
        return "it creeps nearer from one side"
    if factor > -1:
        return "it jumps from side to side, and comes nearer"
    return f"it jumps from side to side {'for ever' if factor == -1 else 'and further away each time'}"
