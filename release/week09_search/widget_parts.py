"""Hold the small parts that widgets of several weeks share: two panels, an answer, a score in words."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from controls import Choice, Control, Words
from matplotlib.figure import Figure
from widgets import Interactive, menu, stage

LOOK = "just looking"


def two_panels(height: float, ratio: float = 1.0) -> tuple[Figure, list[Any]]:
    """Return a figure with two panels, the left one `ratio` times as wide, and some room between them."""
    figure, axes = stage(2, height)
    axes[0].get_gridspec().set_width_ratios([ratio, 1])
    figure.set_layout_engine("constrained", w_pad=0.12)
    return figure, axes


def one_legend(figure: Figure) -> None:
    """Put one legend for all panels below them: there nothing that moves runs across it."""
    named = []
    for ax in figure.axes:
        named += zip(*ax.get_legend_handles_labels(), strict=True)
        ax.get_legend().remove()
    figure.legend(
        *zip(*named, strict=True), loc="outside lower center", fontsize=9.5, ncols=5, markerscale=0.75
    )


def put_above_picture(widget: Interactive, *more: Control) -> None:
    """Give a figure more parts, between its controls and its picture."""
    parts, at = widget.children, widget.children.index(widget.picture)
    widget.children = (*parts[:at], *more, *parts[at:])


def answer_menu(answer: str, *moved: Control) -> Choice:
    """Return a menu to say an answer with; whatever moves afterwards takes the answer back.

    Make the figure after this menu: then it hears of a move when the answer is already taken back.
    """
    choice = menu("Your answer", (LOOK, answer))
    for control in moved:
        control.observe(lambda _change: choice.set_trait("value", LOOK), names="value")
    return choice


class Score(Words):
    """Show in a sentence how far a goal is reached; screen readers announce it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tell(text)

    def tell(self, text: str) -> None:
        """Replace the sentence."""
        self.value = f'<p role="status" aria-live="polite">{escape(text)}</p>'


def listed(parts: Iterable[str]) -> str:
    """Return parts of a sentence with commas, and "and" before the last."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def signed(number: float, digits: int = 3) -> str:
    """Return a number with so many digits after the point and a true minus sign; −0.000 is 0.000."""
    told = f"{number:.{digits}f}"
    return told.lstrip("-") if float(told) == 0 else told.replace("-", "−")
