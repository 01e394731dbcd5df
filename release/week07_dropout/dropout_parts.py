"""Hold the switch of week 7's widgets: a button that turns something on and off."""

from __future__ import annotations

from typing import Any

from controls import Button
from traitlets import Bool


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
