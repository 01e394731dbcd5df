"""Draw figures that everybody can read: colours and markers, axes with labels, alt text, curves of histories.

A history is a dict with one list per name, `train_loss`, `val_accuracy`, …, and in it one entry per epoch.
Its names become words for people only here, when they are drawn or told.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

Curves = Mapping[str, Sequence[Any]]  # a history that is only read

# Okabe and Ito's colours (2008) look different to people of any colour vision; the markers differ as well.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
MAX_WIDTH = 880  # pixels: wide enough for three panels, small enough (10-30 kB) to arrive at once

# ---------------------------------------------------------------- figures


def stage(panels: int = 1, height: float = 3.3) -> tuple[Figure, list[Axes]]:
    """Return an empty figure and its axes, side by side, with grids. It never shows itself twice."""
    figure = Figure(figsize=(8.8 if panels > 1 else 6.0, height), layout="constrained")
    axes = [figure.add_subplot(1, panels, i + 1) for i in range(panels)]
    for ax in axes:
        ax.grid(alpha=0.3)
        ax.locator_params(nbins=5)  # most of the time of drawing goes into the numbers on the axes
    return figure, axes


def label(ax: Axes, title: str, xlabel: str, ylabel: str) -> None:
    """Give a panel its title and axis labels, and a legend if anything in it is named."""
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(fontsize="small")


def moving(*artists: Artist) -> None:
    """Mark what will change at every move (also `ax.xaxis`): all the rest is then painted only once."""
    for artist in artists:
        artist.set_animated(True)


class Canvas(FigureCanvasAgg):
    """Paint a figure, and remember its still part until that changes."""

    still: Any = None

    def paint(self) -> np.ndarray:
        """Return the pixels of the figure, shape (height, width, 3)."""
        if self.still is None or self.figure.stale:
            self.draw()
            self.figure.set_layout_engine("none")  # placing everything anew each time would double the time
            self.still = self.copy_from_bbox(self.figure.bbox)
        self.restore_region(self.still)
        for ax in self.figure.axes:
            artists = filter(Artist.get_animated, ax.get_children())
            for artist in sorted(artists, key=Artist.get_zorder):
                ax.draw_artist(artist)
        self.figure.stale = False  # from here on, only a change of the still part makes it stale
        return np.ascontiguousarray(np.asarray(self.buffer_rgba())[..., :3])


def picture_html(figure: Figure, alt: str) -> str:
    """Return an `<img>` of the figure as PNG, at most MAX_WIDTH pixels wide, with its alt text."""
    if not isinstance(figure.canvas, Canvas):
        figure.set_dpi(min(100.0, MAX_WIDTH / figure.get_figwidth()))
        Canvas(figure)
    image, buffer = Image.fromarray(figure.canvas.paint()), BytesIO()
    image.quantize(256, Image.Quantize.FASTOCTREE).save(buffer, "png")  # a third of the size of true colour
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'<img src="data:image/png;base64,{data}" alt="{escape(alt)}" style="max-width:100%">'


def with_alt(figure: Figure, alt: str) -> None:
    """Display a figure once, with alt text that also survives in saved notebooks and HTML pages."""
    plt.close(figure)  # or Jupyter would show it a second time, without its alt text
    display({"text/html": picture_html(figure, alt), "text/plain": alt}, raw=True)


# ---------------------------------------------------------------- curves of a history


def plot_curves(history: Curves, quantity: str, ax: Axes | None = None) -> Axes:
    """Draw the curves of a history whose names end with `quantity` ("loss", "accuracy", "output_std", …)."""
    ax = plt.subplots()[1] if ax is None else ax
    for i, (name, values) in enumerate(curves(history, quantity).items()):
        style = {"color": PALETTE[i % 7], "marker": MARKERS[i % 7], "markevery": max(1, len(values) // 10)}
        ax.plot(range(1, len(values) + 1), values, label=name, **style)
    ax.set(xlabel="epoch", ylabel=in_words(quantity))
    ax.grid(alpha=0.3)
    ax.legend()
    return ax


def curves(history: Curves, quantity: str) -> dict[str, list[float]]:
    """Return, by its name in words, each curve whose name in the history ends with `quantity`.

    A list of {layer name: value} gives a curve per layer. Raises ValueError if there is no such curve.
    """
    found: dict[str, list[float]] = {}
    for name, values in history.items():
        if name.endswith(quantity) and len(values) > 0 and isinstance(values[0], Mapping):
            layers = {layer: [value[layer] for value in values] for layer in values[0]}
            found |= {f"{in_words(name)}, layer {layer}": line for layer, line in layers.items()}
        elif name.endswith(quantity) and len(values) > 0:
            found[in_words(name)] = list(values)
    if not found:
        raise ValueError(f"This history has no {quantity}. It has: {', '.join(history) or 'nothing yet'}.")
    return found


def describe_history(history: Curves, quantity: str = "loss") -> str:
    """Return in one sentence what plot_curves shows: the alt text of the picture."""
    best, word = (max, "highest") if quantity.endswith("accuracy") else (min, "lowest")
    parts = []
    for name, values in curves(history, quantity).items():
        at = values.index(best([value for value in values if math.isfinite(value)] or values))
        ends = f"from {values[0]:.3g} to {values[-1]:.3g}"
        parts.append(f"{name} {ends}, {word} {values[at]:.3g} in epoch {at + 1}")
    return f"Over {len(values)} epochs: {'; '.join(parts)}."


def in_words(name: str) -> str:
    """Return a name of a history in words: "validation loss" for "val_loss"."""
    return name.replace("_", " ").replace("val ", "validation ").replace("train ", "training ")
