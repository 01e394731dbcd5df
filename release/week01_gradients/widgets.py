"""Build the interactive figures of the lessons: controls, a picture, and the same facts in words.

Everything here works from the keyboard, tells its numbers in a text twin that screen readers announce, and
leaves a static figure with alt text where widgets are absent (a saved page, a notebook without a kernel).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets
import numpy as np
from controls import IS_LIVE, Choice, Control, Slider, Words
from goals import Goal, GoalLine
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import (
    MARKERS,
    MAX_WIDTH,
    PALETTE,
    Canvas,
    in_words,
    label,
    moving,
    picture_html,
    stage,
    with_alt,
)

__all__ = [
    "MARKERS", "MAX_WIDTH", "PALETTE", "Canvas", "Goal", "Interactive", "Move", "Panel", "Render", "Told",
    "WithStatic", "curve_panel", "label", "live", "loss_panel", "menu", "moving",
    "picture_html", "replay", "sentences", "slider", "stage", "twin_html", "with_alt",
]  # fmt: skip

VIEW = "application/vnd.jupyter.widget-view+json"
STILL = "<p>To move it, run <code>%pip install anywidget</code> in a cell, and restart the kernel.</p>"

Move = Callable[[int], str]  # shows an epoch (counted from 1) by changing line data, returns it in words
Panel = Callable[[Axes], Move]  # draws once into its axes
Told = str | Sequence[str]  # the words of a figure: a sentence for each of its panels, in their order
Render = Callable[..., tuple[Figure, Told]]  # takes the controls' values, returns the figure and its words


def slider(
    description: str, low: float, high: float, step: float, value: float, *, powers_of_ten: bool = False
) -> Slider:
    """Return a labelled slider for whole numbers (if all of low, high and step are int) or decimals.

    With `powers_of_ten` the slider moves the exponent: low=-4, high=0 runs from 0.0001 to 1.
    """
    return Slider(description, low, high, step, value, powers_of_ten)


def menu(description: str, options: Iterable[Any]) -> Choice:
    """Return a labelled row of options of which one is chosen, at first the first one."""
    first, *others = options
    return Choice(description, [first, *others], first)


class WithStatic(ipywidgets.VBox):  # type: ignore[misc]
    """Hold widgets and the static page that stands for them wherever they cannot come alive."""

    def __init__(self, children: Sequence[ipywidgets.Widget], static: str) -> None:
        super().__init__()
        name = f"static-{self.model_id}"
        self.static = f'<div id="{name}">{static}</div>'
        # A part that only the living page shows: where a front end lacks anywidget, the static page stays.
        self.children = (*children, Words(f"<style>#{name} {{display: none}}</style>"))

    def _ipython_display_(self) -> None:
        note = "" if IS_LIVE else STILL
        display({"text/html": self.static + note, "text/plain": ""}, raw=True)
        if IS_LIVE:
            view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
            display({VIEW: view, "text/plain": ""}, raw=True)


class Interactive(WithStatic):
    """Hold controls, a picture and its text twin, and renew both when a control moves.

    `.controls` maps names to widgets, `.slider` is the first of them, `.picture` shows the figure and `.twin`
    says the same in words. The static page shows the figure for `static_values`. A goal stands above it all.
    """

    def __init__(
        self, render: Render, controls: dict[str, Control], goal: Goal | None = None, **static_values: Any
    ) -> None:
        self.render, self.controls = render, controls
        self.slider = next(iter(controls.values()))
        self.picture, self.twin = ipywidgets.HTML(), Words()
        self.goal = GoalLine(goal, controls) if goal else None
        static = "".join(self._page(self.values() | static_values))
        above = [self.goal] if self.goal else []
        super().__init__(
            [*above, *controls.values(), self.picture, self.twin],
            (self.goal.text.value if self.goal else "") + static,
        )
        self.refresh()
        for control in controls.values():
            control.observe(self.refresh, names="value")

    def values(self) -> dict[str, Any]:
        """Return the present value of every control by its name."""
        return {name: control.value for name, control in self.controls.items()}

    def refresh(self, _change: Any = None) -> None:
        """Draw the picture and write the twin for the present values."""
        self.picture.value, self.twin.value = self._page(self.values())

    def _page(self, values: Mapping[str, Any]) -> tuple[str, str]:
        figure, told = self.render(**values)
        parts = sentences(figure, told)
        return picture_html(figure, " ".join(parts)), twin_html(parts)


def sentences(figure: Figure, told: Told) -> list[str]:
    """Return the words of a figure, one for each panel. Raises ValueError if there are more or fewer."""
    parts = [told] if isinstance(told, str) else list(told)
    panels = _panels(figure)
    if len(parts) != panels:
        raise ValueError(
            f"This figure has {panels} panel(s) and its words have {len(parts)} sentence(s). "
            "Return a list with one sentence for each panel, from left to right."
        )
    return parts


def _panels(figure: Figure) -> int:
    """Return how many panels people see: not what is invisible, a colour bar, or a second axis of a panel."""
    shown = [ax for ax in figure.axes if ax.get_visible() and ax.get_label() != "<colorbar>"]
    return len({ax.get_subplotspec() or ax for ax in shown})


def twin_html(told: Told) -> str:
    """Return words, a paragraph for each panel, as a part of the page that screen readers announce."""
    parts, live_region = [told] if isinstance(told, str) else told, 'role="status" aria-live="polite"'
    if len(parts) == 1:
        return f"<p {live_region}>{escape(parts[0])}</p>"
    return f"<div {live_region}>{''.join(f'<p>{escape(part)}</p>' for part in parts)}</div>"


def live(
    draw: Callable[..., Figure], describe: Callable[..., Told], goal: Goal | None = None, **controls: Control
) -> Interactive:
    """Return an interactive figure that is drawn anew whenever one of its controls moves.

    `draw(**values)` returns the figure: keep one, mark the lines that will change with `moving`, and change
    their data. Then `describe(**values)` says what it shows: in a str, or for several panels in a list with a
    sentence for each. Make controls with `slider` and `menu`; a `goal` says what to bring about with them.
    """
    return Interactive(lambda **values: (draw(**values), describe(**values)), controls, goal)


def replay(
    history: Mapping[str, Sequence[float]], *panels: Panel, title: str = "", goal: Goal | None = None
) -> Interactive:
    """Return an epoch slider over a stored run: nothing is trained again, the pictures only move.

    `history` maps names to one number per epoch; its losses are drawn, all its numbers are told in words.
    Each of `panels` draws once into its axes and returns a function that shows an epoch (counted from 1) by
    changing line data and returns it in words, see `curve_panel`.
    Raises ValueError if the numbers in `history` do not belong to the same epochs.
    """
    counts = {len(values) for values in history.values()}
    if len(counts) != 1 or 0 in counts:
        raise ValueError(f"Give as many numbers (at least one) under every name; the counts are {counts}.")
    (epochs,) = counts
    figure, axes = stage(1 + len(panels))
    moves = [panel(ax) for panel, ax in zip((loss_panel(history, title), *panels), axes, strict=True)]

    def render(epoch: int) -> tuple[Figure, list[str]]:
        first, *others = (move(epoch) for move in moves)
        return figure, [f"Epoch {epoch} of {epochs}. {first}", *others]

    return Interactive(render, {"epoch": slider("Epoch", 1, epochs, 1, 1)}, goal, epoch=epochs)


def loss_panel(history: Mapping[str, Sequence[float]], title: str = "") -> Panel:
    """Return a panel for `replay` with the loss curves of a history: pale in full, strong up to the epoch."""

    def draw(ax: Axes) -> Move:
        losses = [name for name in history if "accuracy" not in name]
        lines = {name: _growing_line(ax, name, history[name], i) for i, name in enumerate(losses)}
        label(ax, title or "Loss so far", "epoch", "loss")
        moving(*lines.values())

        def move(epoch: int) -> str:
            for name, line in lines.items():
                line.set_data(np.arange(1, epoch + 1), history[name][:epoch])
            return ", ".join(f"{in_words(name)} {history[name][epoch - 1]:.4g}" for name in history) + "."

        return move

    return draw


def curve_panel(
    x: Any, frames: Any, points: tuple[Any, Any], *, title: str = "What the model says", xlabel: str = "x"
) -> Panel:
    """Return a panel for `replay`: the model's curve at every epoch over the data points.

    `frames[e - 1]` holds the predictions at `x` after epoch e, shape (epochs, len(x)); `points` are (x, y).
    """
    x, frames, (px, py) = np.asarray(x), np.asarray(frames), map(np.asarray, points)

    def draw(ax: Axes) -> Move:
        ax.scatter(px, py, s=18, color=PALETTE[0], marker=MARKERS[0], label="data")
        (line,) = ax.plot(x, frames[0], color=PALETTE[1], lw=2, label="model")
        low, high = min(py.min(), frames.min()), max(py.max(), frames.max())
        ax.set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low))
        label(ax, title, xlabel, "prediction")
        moving(line)

        def move(epoch: int) -> str:
            y = frames[epoch - 1]
            line.set_ydata(y)
            return f"The model's curve runs from {y.min():.3g} to {y.max():.3g}."

        return move

    return draw


def _growing_line(ax: Axes, name: str, values: Sequence[float], number: int) -> Any:
    colour, marker = PALETTE[number % len(PALETTE)], MARKERS[number % len(MARKERS)]
    ax.plot(np.arange(1, len(values) + 1), values, color=colour, alpha=0.25)
    every = max(1, len(values) // 10)
    return ax.plot([], [], color=colour, marker=marker, markevery=every, label=in_words(name))[0]
