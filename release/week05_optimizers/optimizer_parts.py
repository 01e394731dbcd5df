"""Give the widgets of week 5 what they share: looks, pairs in words, a line for what was found."""

from __future__ import annotations

from html import escape
from typing import Any

from controls import Control, Words
from pictures import MARKERS, PALETTE
from widgets import Interactive

DASHES = ("-", "--", ":")


def look(number: int) -> dict[str, Any]:
    """Return colour, marker and dash of the first, second or third thing compared: never colour alone."""
    return {"color": PALETTE[number], "marker": MARKERS[number], "linestyle": DASHES[number]}


class Found(Words):
    """Show which parts of a goal were found so far; screen readers announce it."""

    def __init__(self, nothing: str) -> None:
        super().__init__()
        self.tell(nothing)

    def tell(self, text: str) -> None:
        """Replace the sentence."""
        self.value = f'<p role="status" aria-live="polite">{escape(text)}</p>'


def put_above_picture(widget: Interactive, *more: Control) -> Interactive:
    """Give a figure more parts, between its controls and its picture; return it."""
    parts, at = widget.children, widget.children.index(widget.picture)
    widget.children = (*parts[:at], *more, *parts[at:])
    return widget


def tell_pairs(plain: Any, yours: Any, name: str) -> str:
    """Say how the runs of a setting ended beside those of another, run by run with the same seed."""
    told = f"It ended at {yours.mean():.3f} ± {yours.std(ddof=1):.3f}"
    gained = yours - plain
    if not gained.any():
        return f"{told}: this is {name} itself."
    doubt = gained.std(ddof=1) / len(gained) ** 0.5
    apart = "real" if abs(gained.mean()) >= 2 * doubt else "these runs cannot tell them apart"
    difference = f"{gained.mean():+.3f} ± {doubt:.3f}".replace("-", "−")
    return (
        f"{told}, {name} at {plain.mean():.3f} ± {plain.std(ddof=1):.3f}. Pair by pair the difference is "
        f"{difference} (the doubt about it), higher in {(gained > 0).sum()} of {len(gained)}: {apart}."
    )
