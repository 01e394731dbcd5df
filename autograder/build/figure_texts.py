"""Find texts of a figure that cannot be read: cut off, written over one another, or in a crushed panel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Figure = Any  # matplotlib's types are not checked
Axes = Any

TOLERANCE = 1.0  # pixels: how far a box may reach over an edge, or two into each other
NARROWEST = 180  # pixels of a panel at the width at which lessons show it


@dataclass(frozen=True)
class Box:
    """Hold where a text stands, in pixels, and to which panel and group (a legend) it belongs."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    panel: int | None = None
    group: int | None = None

    def overlaps(self, other: Box) -> bool:
        """Return whether two boxes share more than their edges."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return wide > TOLERANCE and high > TOLERANCE


def figure_faults(figure: Figure) -> Iterator[str]:
    """Yield what cannot be read in a figure that has been drawn, one sentence each with its text."""
    renderer = figure.canvas.get_renderer()
    panels = [_box("panel", ax, renderer, i) for i, ax in enumerate(figure.axes) if ax.get_visible()]
    texts = list(_texts(figure, renderer))
    width, height = figure.bbox.width, figure.bbox.height
    for box in texts:
        inside = box.left >= -TOLERANCE and box.bottom >= -TOLERANCE
        if not (inside and box.right <= width + TOLERANCE and box.top <= height + TOLERANCE):
            yield f"{box.text!r} is cut off at the edge of the figure"
        for panel in panels:
            if box.panel != panel.panel and box.overlaps(panel):
                yield f"{box.text!r} reaches into another panel"
    for one, other in combinations(texts, 2):
        same_legend = one.group is not None and one.group == other.group
        if not same_legend and one.overlaps(other):
            yield f"{one.text!r} and {other.text!r} are written over each other"
    for panel, ax in zip(panels, (ax for ax in figure.axes if ax.get_visible()), strict=True):
        if panel.right - panel.left < NARROWEST:
            yield f"the panel {ax.get_title()!r} is only {panel.right - panel.left:.0f} pixels wide"


def _texts(figure: Figure, renderer: Any) -> Iterator[Box]:
    loose = [*figure.texts, *([figure._suptitle] if getattr(figure, "_suptitle", None) else [])]
    yield from (_box(text.get_text(), text, renderer) for text in loose if _is_shown(text))
    for number, legend in enumerate(figure.legends):
        yield from _legend(legend, renderer, None, -1 - number)
    for number, ax in enumerate(figure.axes):
        if not ax.get_visible():
            continue
        for text in _panel_texts(ax):
            if _is_shown(text):
                yield _box(text.get_text(), text, renderer, number)
        if ax.get_legend() is not None:
            yield from _legend(ax.get_legend(), renderer, number, number)


def _panel_texts(ax: Axes) -> Iterator[Any]:
    yield from (ax.title, ax._left_title, ax._right_title, *ax.texts)
    if not ax.axison:
        return
    for axis in (ax.xaxis, ax.yaxis):
        yield from (axis.label, axis.get_offset_text())
        low, high = sorted(axis.get_view_interval())
        ticks = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)
        yield from (label for place, label in ticks if low <= place <= high)


def _legend(legend: Any, renderer: Any, panel: int | None, group: int) -> Iterator[Box]:
    if not legend.get_visible():
        return
    words = [text.get_text() for text in legend.get_texts()]
    yield _box(f"the legend {', '.join(words)}", legend.get_frame(), renderer, panel, group)
    for text in (legend.get_title(), *legend.get_texts()):
        if _is_shown(text):
            yield _box(text.get_text(), text, renderer, panel, group)


def _is_shown(text: Any) -> bool:
    return bool(text.get_visible() and text.get_text().strip())


def _box(name: str, artist: Any, renderer: Any, panel: int | None = None, group: int | None = None) -> Box:
    extent = artist.get_window_extent(renderer)
    return Box(name, extent.x0, extent.y0, extent.x1, extent.y1, panel, group)
