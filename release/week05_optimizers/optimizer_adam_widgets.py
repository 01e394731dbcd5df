"""Let students give Adam three gradients, and see what it remembers and how far it steps."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from optimizer_parts import Found, look, put_above_picture
from widgets import Goal, Interactive, label, live, moving, slider, stage

RATE = 0.01
STEPS = (1, 2, 3)


@lru_cache(maxsize=256)
def adam_steps(gradients: tuple[float, ...]) -> dict[str, np.ndarray]:
    """Return what torch's Adam has after each gradient, (steps,) each: "m", "v", and its "step" in rates."""
    weight = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = torch.optim.Adam([weight], lr=RATE)
    found: dict[str, list[float]] = {"m": [], "v": [], "step": []}
    for gradient in gradients:
        before, weight.grad = weight.item(), torch.full_like(weight, gradient)
        optimizer.step()
        state = optimizer.state[weight]
        found["m"].append(state["exp_avg"].item())
        found["v"].append(state["exp_avg_sq"].item())
        found["step"].append((weight.item() - before) / RATE)
    return {name: np.array(values) for name, values in found.items()}


def adam_calculator() -> Interactive:
    """Return sliders for three gradients and their scale: Adam's m and v, and its steps beside SGD's."""
    figure, (left, right) = stage(2, 3.7)
    show_memory, show_steps = _memory_panel(left), _steps_panel(right)

    def draw(first: float, second: float, third: float, scale: float) -> Figure:
        gradients, adam = np.array((first, second, third)), _adam(first, second, third, scale)
        show_memory(gradients, adam["m"] / scale, np.sqrt(adam["v"]) / scale)
        show_steps(adam["step"])
        return figure

    found = Found("Done so far: nothing.")
    widget = live(
        draw, _describe, _uphill_and_short(found),
        first=slider("First gradient", -4.0, 4.0, 0.5, 3.0),
        second=slider("Second gradient", -4.0, 4.0, 0.5, -1.0),
        third=slider("Third gradient", -4.0, 4.0, 0.5, 2.0),
        scale=slider("All gradients times", -12, 3, 1, 1.0, powers_of_ten=True),
    )  # fmt: skip
    return put_above_picture(widget, found)


def _adam(first: float, second: float, third: float, scale: float) -> dict[str, np.ndarray]:
    return adam_steps((first * scale, second * scale, third * scale))


def _uphill_and_short(found: Found) -> Goal:
    """Return the goal of a last step uphill and of a short first step."""
    done: set[str] = set()

    def reached(first: float, second: float, third: float, scale: float) -> bool:
        steps = _adam(first, second, third, scale)["step"]
        done.update(["(a)"] if steps[-1] * third > 0 else [])
        done.update(["(b)"] if first != 0 and abs(steps[0]) < 0.5 else [])
        found.tell(f"Done so far: {' and '.join(sorted(done)) or 'nothing'}.")
        return done == {"(a)", "(b)"}

    return Goal(
        "(a) Make the third step go uphill, the way that its gradient points. (b) With a first gradient that "
        "is not 0, make the first step shorter than half the rate.",
        reached,
    )


def _memory_panel(ax: Axes) -> Any:
    """Draw three gradients and what Adam keeps of them; return a function that shows others."""
    places = np.array(STEPS)
    lines = [
        ax.plot(places, 0.0 * places, ms=9, label=name, **look(i))[0]
        for i, name in enumerate(("gradient", "m", "root of v"))
    ]
    ax.axhline(0, color="black", lw=0.8)
    ax.set_xticks(places)
    ax.set(xlim=(0.7, 3.3), ylim=(-4.4, 4.4))
    label(ax, "What Adam keeps", "step", "before the factor of the last slider")
    ax.legend(fontsize="small", loc="lower left", ncols=3)
    moving(*lines, ax.get_legend())

    def show(*rows: np.ndarray) -> None:
        for line, values in zip(lines, rows, strict=True):
            line.set_ydata(values)

    return show


def _steps_panel(ax: Axes) -> Any:
    """Draw three bars; return a function that shows Adam's steps in rates."""
    bars = ax.bar(STEPS, [0.0] * 3, width=0.5, color="0.75", edgecolor="black", hatch="//")
    numbers = [ax.text(step, 0, "", ha="center") for step in STEPS]
    ax.axhline(0, color="black", lw=0.8)
    ax.set_xticks(STEPS)
    ax.set(xlim=(0.5, 3.5), ylim=(-2, 2))
    label(ax, "Adam's steps", "step", "step, in rates")
    moving(*bars, *numbers)

    def show(steps: np.ndarray) -> None:
        for bar, number, step in zip(bars, numbers, steps, strict=True):
            bar.set_height(step)
            number.set(text=_signed(step), y=step + (0.08 if step >= 0 else -0.26))

    return show


def _signed(value: float) -> str:
    return (
        f"{value + 0.0:+.2f}".replace("-", "−")
        if abs(value) >= 0.005 or value == 0
        else f"{value:+.0e}".replace("-", "−")
    )


def _list(values: Any) -> str:
    return ", ".join(f"{value + 0.0:.3g}" for value in values).replace("-", "−")


def _describe(first: float, second: float, third: float, scale: float) -> list[str]:
    gradients, adam = np.array((first, second, third)) * scale, _adam(first, second, third, scale)
    uphill = [str(step) for step, way in zip(STEPS, adam["step"] * gradients, strict=True) if way > 0]
    ways = f"Uphill: step {' and '.join(uphill)}." if uphill else "None goes uphill."
    return [
        f"Gradients {_list(gradients)}: m is {_list(adam['m'])} and v is {_list(adam['v'])} after them.",
        f"Adam's steps with the rate {RATE:g}: {_list(RATE * adam['step'])}, that is {_list(adam['step'])} "
        f"rates. {ways} SGD would step {_list(-RATE * gradients)}.",
    ]
