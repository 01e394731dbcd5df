"""Hold the small parts that the widgets of week 6 share: two panels, a score, strengths of an optimizer."""

from __future__ import annotations

from html import escape
from typing import Any

from controls import Choice, Control
from decay_runs import STRENGTHS
from matplotlib.figure import Figure
from widgets import Interactive, menu, stage

OPTIMIZERS = {"Adam": "adam", "AdamW": "adamw"}  # by the name that students read


def two_panels(height: float) -> tuple[Figure, list[Any]]:
    """Return a figure with two panels and some room between them for the names of the axes."""
    figure, axes = stage(2, height)
    figure.set_layout_engine("constrained", w_pad=0.12)
    return figure, axes


def put_above_picture(widget: Interactive, *more: Control) -> None:
    """Give a figure more parts, between its controls and its picture."""
    parts, at = widget.children, widget.children.index(widget.picture)
    widget.children = (*parts[:at], *more, *parts[at:])


def status(text: str) -> str:
    """Return a sentence as a part of the page that screen readers announce."""
    return f'<p role="status" aria-live="polite">{escape(text)}</p>'


def strength_menus() -> tuple[Choice, Choice]:
    """Return menus of the strength λ and of the optimizer: with another optimizer, λ goes back to 0.

    Both have strengths of their own. Make the figure after these menus: then it hears of a new optimizer when
    the strengths are already its own.
    """
    optimizer = menu("Optimizer", OPTIMIZERS)
    strength = menu("Strength λ", STRENGTHS["adam"])

    def change(_change: Any) -> None:
        strength.value = 0.0
        strength.options = STRENGTHS[OPTIMIZERS[optimizer.value]]

    optimizer.observe(change, names="value")
    return strength, optimizer
