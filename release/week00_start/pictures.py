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
FEW = 8  # places on an axis: with fewer, each has its tick, and is told in the alt text
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


# ---------------------------------------------------------------- settings compared over several runs


def bands_picture(
    x: Any, runs: Mapping[str, Any], title: str, xlabel: str, ylabel: str
) -> tuple[Figure, str]:
    """Draw each setting's mean over its runs, and return the figure with its alt text.

    `runs` maps settings to numbers of shape (runs, len(x)), at least two runs. The pale band is the spread of
    single runs, one standard deviation (n − 1) up and down; the bars are the doubt about the mean, the
    standard deviation divided by √n. Bands that overlap say nothing about two means: see `compare`.
    """
    x = np.asarray(x)
    figure, (ax,) = stage()
    told = []
    for i, (name, given) in enumerate(runs.items()):
        values = np.asarray(given, dtype=float)
        mean, spread = values.mean(axis=0), values.std(axis=0, ddof=1)
        doubt, every = spread / math.sqrt(len(values)), max(1, len(x) // 8)
        look = {"color": PALETTE[i % 7], "marker": MARKERS[i % 7], "linestyle": ("-", "--", ":", "-.")[i % 4]}
        ax.fill_between(x, mean - spread, mean + spread, color=PALETTE[i % 7], alpha=0.2, lw=0)
        ax.errorbar(x, mean, doubt, errorevery=every, markevery=every, capsize=3, label=name, **look)
        places = range(len(x)) if len(x) < FEW else (0, -1)
        each = (f"{mean[at]:.3g} ± {spread[at]:.2g} (doubt {doubt[at]:.2g}) at {x[at]:g}" for at in places)
        told.append(f"{name}, {len(values)} runs: {', '.join(each)}")
    if len(x) < FEW:
        ax.set_xticks(x)
    label(ax, title, xlabel, ylabel)
    return figure, f"{title}; {ylabel}, mean ± spread of single runs. {'; '.join(told)}."


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
    found = curves(history, quantity)
    told = [_course(values, name, "epoch") for name, values in found.items()]
    if set(found) == {in_words(f"train_{quantity}"), in_words(f"val_{quantity}")}:
        train, val = (found[in_words(f"{part}_{quantity}")] for part in ("train", "val"))
        told += _between(train, val, "epoch")
    return f"Over {len(next(iter(found.values())))} epochs: {'; '.join(told)}."


def tell_curve(values: Sequence[float], name: str = "loss", what: str = "epoch") -> str:
    """Return in a sentence all that the eye sees of a curve: ends, lowest place, direction at the end, jumps.

    For a name that ends with "accuracy" it is the highest place. Numbers that are not finite are told, too.
    """
    told = _course([float(value) for value in values], name, what)
    return f"{told[:1].upper()}{told[1:]}."


def tell_pair(train: Sequence[float], val: Sequence[float], what: str = "epoch") -> str:
    """Return in a sentence how far validation lies from training at the end, where they cross and part."""
    told = "; ".join(_between(train, val, what))
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def _course(values: Sequence[float], name: str, what: str) -> str:
    """Return what there is to say of one curve, without a full stop."""
    best, word = (max, "highest") if name.endswith("accuracy") else (min, "lowest")
    finite = [value for value in values if math.isfinite(value)]
    told = [f"{name} from {values[0]:.3g} to {values[-1]:.3g}"]
    if finite:
        told.append(f"{word} {best(finite):.3g} in {what} {list(values).index(best(finite)) + 1}")
    told += _not_finite(values, what) or [_direction(values, what), _jumps(values, what)]
    return ", ".join(filter(None, told))


def _not_finite(values: Sequence[float], what: str) -> list[str]:
    """Return where a curve is nan or inf: from some place on, or here and there."""
    bad = [place for place, value in enumerate(values, start=1) if not math.isfinite(value)]
    if not bad:
        return []
    first = f"{values[bad[0] - 1]:.3g}"
    if bad == list(range(bad[0], len(values) + 1)):
        return [f"{first} from {what} {bad[0]} on"]
    return [f"not finite {len(bad)} times, first {first} in {what} {bad[0]}"]


def _direction(values: Sequence[float], what: str) -> str:
    """Return where the last quarter of a curve leads, unless it is too short to say."""
    if len(values) < 4:
        return ""
    tail = np.asarray(values[-max(2, len(values) // 4 + 1) :], dtype=float)
    slope, start = np.polyfit(np.arange(len(tail)), tail, 1)
    change = abs(slope) * (len(tail) - 1)
    restless = float(np.std(tail - start - slope * np.arange(len(tail))))
    if change <= max(0.02 * np.ptp(values), 2.5 * restless, 1e-9 * abs(start)):
        return "level at the end"
    way = ("still rising" if values[-1] >= max(values) else "rising") if slope > 0 else "still falling"
    return f"{way} by {abs(slope):.2g} {_a(what)} at the end"


def _jumps(values: Sequence[float], what: str) -> str:
    """Return how far a curve jumps if that is clearly more than a smooth way from end to end would need."""
    if len(values) < 5:
        return ""
    turns = sorted((0, int(np.argmin(values)), int(np.argmax(values)), len(values) - 1))
    walked = np.abs(np.diff(values)).sum()
    needed = np.abs(np.diff([values[turn] for turn in turns])).sum()
    if walked < 2 * needed or needed == 0:
        return ""
    return f"and it jumps by {walked / (len(values) - 1):.2g} {_a(what)} on average"


def _between(train: Sequence[float], val: Sequence[float], what: str) -> list[str]:
    """Return how two curves lie to each other, as parts of a sentence; none where one is not finite."""
    gaps = np.asarray(val, dtype=float) - np.asarray(train, dtype=float)
    if not np.isfinite(gaps).all():
        return []
    scale = max(np.ptp(train), np.ptp(val), 1e-12)
    told = ["at the end they lie close together"]
    if abs(gaps[-1]) > 0.03 * scale:
        side = "above" if gaps[-1] > 0 else "below"
        told = [f"at the end validation is {abs(gaps[-1]):.3g} {side} training"]
    crossings = [place + 1 for place in np.flatnonzero(gaps[1:] * gaps[:-1] < 0) + 1]
    if 1 <= len(crossings) <= 2:
        told.append(f"they cross in {what} {' and '.join(map(str, crossings))}")
    elif crossings:
        told.append(f"they cross {len(crossings)} times, last in {what} {crossings[-1]}")
    near = np.flatnonzero(np.abs(gaps) < 0.5 * abs(gaps[-1]))
    if abs(gaps[-1]) > 0.1 * scale and len(near) and near[-1] + 1 not in crossings:
        told.append(f"they part after {what} {near[-1] + 1}")
    return told


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"


def in_words(name: str) -> str:
    """Return a name of a history in words: "validation loss" for "val_loss"."""
    return name.replace("_", " ").replace("val ", "validation ").replace("train ", "training ")
