"""Hold the small parts that the widgets of week 7 share: two panels, a line for what was found, switches."""

from __future__ import annotations

from html import escape
from typing import Any

from controls import Button, Control, Words
from matplotlib.figure import Figure
from traitlets import Bool
from widgets import Interactive, stage


def two_panels(height: float) -> tuple[Figure, list[Any]]:
    """Return a figure with two panels and some room between them for the names of the axes."""
    figure, axes = stage(2, height)
    figure.set_layout_engine("constrained", w_pad=0.12)
    return figure, axes


def put_above_picture(widget: Interactive, *more: Control) -> None:
    """Give a figure more parts, between its controls and its picture."""
    parts, at = widget.children, widget.children.index(widget.picture)
    widget.children = (*parts[:at], *more, *parts[at:])


def signed(number: float, digits: int = 3) -> str:
    """Return a number with so many digits after the point and a true minus sign; −0.000 is 0.000."""
    told = f"{number:.{digits}f}"
    return told.lstrip("-") if float(told) == 0 else told.replace("-", "−")


class Found(Words):
    """Show which parts of a goal were found so far; screen readers announce it."""

    def __init__(self, nothing: str) -> None:
        super().__init__()
        self.tell(nothing)

    def tell(self, text: str) -> None:
        """Replace the sentence."""
        self.value = f'<p role="status" aria-live="polite">{escape(text)}</p>'


class Switch(Button):
    """Hold whether something is on: a button that turns it over, and says in its label how it stands."""

    value = Bool(True)

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} on")
        self.observe(self._turn, names="clicks")
        self.observe(self._say, names="value")

    def _turn(self, _change: Any) -> None:
        self.value = not self.value

    def _say(self, _change: Any) -> None:
        self.description = f"{self.name} {'on' if self.value else 'off'}"
