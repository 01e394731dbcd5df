"""Hold the small parts that the widgets of week 6 share: menus of strengths and of optimizers."""

from __future__ import annotations

from typing import Any

from controls import Choice
from decay_runs import STRENGTHS
from widgets import menu

OPTIMIZERS = {"Adam": "adam", "AdamW": "adamw"}  # by the name that students read


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
