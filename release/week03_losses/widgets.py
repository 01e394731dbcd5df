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
    "MARKERS", "MAX_WIDTH", "PALETTE", "Canvas", "Interactive", "Move", "Panel", "Render", "WithStatic",
    "choice", "curve_panel", "flashcards", "label", "live", "loss_panel", "menu", "moving", "outcome",
    "picture_html", "predict", "replay", "slider", "stage", "twin_html", "with_alt",
]  # fmt: skip

WIDE_LABEL = {"description_width": "initial"}
LONG_OPTIONS = """.widget-radio .widget-radio-box label {height: auto; display: flex;
    flex-direction: row-reverse; justify-content: flex-end}"""  # or options of two lines would overlap

Move = Callable[[int], str]  # shows an epoch (counted from 1) by changing line data, returns it in words
Panel = Callable[[Axes], Move]  # draws once into its axes
Render = Callable[..., tuple[Figure, str]]  # takes the controls' values, returns the figure and its words


def slider(
    description: str, low: float, high: float, step: float, value: float, *, powers_of_ten: bool = False
) -> Any:
    """Return a labelled slider for whole numbers (if all of low, high and step are int) or decimals.

    With `powers_of_ten` the slider moves the exponent: low=-4, high=0 runs from 0.0001 to 1.
    """
    settings: dict[str, Any] = dict(min=low, max=high, step=step, value=value, description=description)
    settings |= dict(continuous_update=False, style=WIDE_LABEL, layout={"width": "min(100%, 34em)"})
    if powers_of_ten:
        return ipywidgets.FloatLogSlider(base=10, readout_format=".2g", **settings)
    if all(isinstance(number, int) for number in (low, high, step)):
        return ipywidgets.IntSlider(**settings)
    return ipywidgets.FloatSlider(readout_format=".2f", **settings)


def menu(description: str, options: Iterable[Any]) -> ipywidgets.ToggleButtons:
    """Return a labelled row of buttons of which one is chosen, at first the first one."""
    return ipywidgets.ToggleButtons(options=list(options), description=description, style=WIDE_LABEL)


class WithStatic(ipywidgets.VBox):  # type: ignore[misc]
    """Hold widgets and the static page that stands for them wherever they cannot come alive."""

    def __init__(self, children: Sequence[ipywidgets.Widget], static: str) -> None:
        super().__init__()
        name = f"static-{self.model_id}"
        self.static = f'<div id="{name}">{static}</div>'
        style = f"<style>#{name} {{display: none}} {LONG_OPTIONS}</style>"
        self.children = (*children, ipywidgets.HTML(style, layout={"display": "none"}))

    def _ipython_display_(self) -> None:
        display({"text/html": self.static, "text/plain": ""}, raw=True)
        display({**self._repr_mimebundle_(), "text/plain": ""}, raw=True)


class Interactive(WithStatic):
    """Hold controls, a picture and its text twin, and renew both when a control moves.

    `.controls` maps names to widgets, `.slider` is the first of them, `.picture` shows the figure and `.twin`
    says the same in words. The static page shows the figure for `static_values`.
    """

    def __init__(self, render: Render, controls: dict[str, Any], **static_values: Any) -> None:
        self.render, self.controls = render, controls
        self.slider = next(iter(controls.values()))
        self.picture, self.twin = ipywidgets.HTML(), ipywidgets.HTML()
        static = "".join(self._page(self.values() | static_values))
        super().__init__([*self.controls.values(), self.picture, self.twin], static)
        self.refresh()
        for control in self.controls.values():
            control.observe(self.refresh, names="value")

    def values(self) -> dict[str, Any]:
        """Return the present value of every control by its name."""
        return {name: control.value for name, control in self.controls.items()}

    def refresh(self, _change: Any = None) -> None:
        """Draw the picture and write the twin for the present values."""
        self.picture.value, self.twin.value = self._page(self.values())

    def _page(self, values: Mapping[str, Any]) -> tuple[str, str]:
        figure, text = self.render(**values)
        return picture_html(figure, text), twin_html(text)


def twin_html(text: str) -> str:
    """Return words as a paragraph that screen readers announce when it changes."""
    return f'<p role="status" aria-live="polite">{escape(text)}</p>'


def live(draw: Callable[..., Figure], describe: Callable[..., str], **controls: Any) -> Interactive:
    """Return an interactive figure that is drawn anew whenever one of its controls moves.

    `draw(**values)` returns the figure: keep one, mark the lines that will change with `moving`, and change
    their data. Then `describe(**values)` says what it shows. Make controls with `slider` and `menu`.
    """
    return Interactive(lambda **values: (draw(**values), describe(**values)), controls)


def replay(history: Mapping[str, Sequence[float]], *panels: Panel, title: str = "") -> Interactive:
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

    def render(epoch: int) -> tuple[Figure, str]:
        told = " ".join(move(epoch) for move in moves)
        return figure, f"Epoch {epoch} of {epochs}. {told}"

    return Interactive(render, {"epoch": slider("Epoch", 1, epochs, 1, 1)}, epoch=epochs)


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


def choice(name: str, question: str, options: Mapping[str, str]) -> WithStatic:
    """Show a question with radio buttons: they say what is chosen and what to type, never what is right."""
    return _ask(f"answer_{name}", question, {letter: f"{letter}: {text}" for letter, text in options.items()})


def predict(name: str, question: str, options: Iterable[str]) -> WithStatic:
    """Show a question on what will happen, to be answered before running: it says what line to type."""
    return _ask(name, question, {text: text for text in options})


def _ask(name: str, question: str, labels: Mapping[str, str]) -> WithStatic:
    choices, wide = [(text, answer) for answer, text in labels.items()], {"width": "auto"}
    buttons = ipywidgets.RadioButtons(options=choices, value=None, description="Your choice", layout=wide)
    twin = ipywidgets.HTML(twin_html("Nothing is chosen yet."))

    def tell(_change: Any) -> None:
        chosen = buttons.value
        twin.value = twin_html(f'You chose {chosen}. Type into the cell below: {name} = "{chosen}"')

    buttons.observe(tell, names="value")
    heading = f"<p><b>{escape(question)}</b></p>"
    items = "".join(f"<li>{escape(text)}</li>" for text in labels.values())
    page = f'{heading}<ul>{items}</ul><p>Type your answer into the cell below: {name} = "…"</p>'
    box = WithStatic([ipywidgets.HTML(heading), buttons, twin], page)
    box.slider, box.twin = buttons, twin
    return box


def outcome(prediction: Any, actual: str) -> None:
    """Show what the student predicted next to what came out."""
    guess = str(prediction).strip() or "nothing yet (write a prediction above and run both cells again)"
    cell, head = '<td style="text-align:left">', '<th scope="col" style="text-align:left">'
    row = "".join(f"{cell}{escape(text)}</td>" for text in (guess, actual))
    html = f"<table><tr>{head}You predicted</th>{head}It came out</th></tr><tr>{row}</tr></table>"
    display({"text/html": html, "text/plain": f"You predicted: {guess}\nIt came out: {actual}"}, raw=True)


def flashcards(questions: Mapping[str, str]) -> None:
    """Show questions whose answers open with a click, or with Tab and Enter."""
    cards = "".join(
        f'<details style="margin:0.6em 0"><summary>{escape(question)}</summary>{escape(answer)}</details>'
        for question, answer in questions.items()
    )
    display({"text/html": cards, "text/plain": "\n".join(questions)}, raw=True)
