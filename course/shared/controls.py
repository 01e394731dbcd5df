"""Offer the controls of the interactive figures: slider, choice, field for a number, button, pad, words.

In the browser (controls.js) they are its own form elements with labels: each is one stop of the Tab key, keys
pressed in it stay in it, and assistive technology knows its name and state. They work without a network.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from traitlets import Any as Anything
from traitlets import Bool, CFloat, Float, Int, List, TraitError, Tuple, Unicode, observe, validate

try:
    from anywidget import AnyWidget
except ModuleNotFoundError:  # then figures stand still, with their words: see WithStatic in widgets.py
    from ipywidgets import DOMWidget as AnyWidget

IS_LIVE = AnyWidget.__module__.startswith("anywidget")  # whether the controls can be shown at all
Change = dict[str, Any]  # what traitlets says of a change: its old and new value


class Control(AnyWidget):  # type: ignore[misc]
    """Hold what all controls have: a label, and whether the present change was made in the browser."""

    _esm = Path(__file__).with_name("controls.js")
    _css = Path(__file__).with_name("controls.css")
    kind = Unicode().tag(sync=True)
    description = Unicode().tag(sync=True)
    by_user = False

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over a change from the browser; those who observe it find `by_user` set."""
        self.by_user = True
        try:
            super().set_state(sync_data)
        finally:
            self.by_user = False

    def pass_on(self, other: Control, value: Any) -> None:
        """Give another control a value because of a change of this one: it is moved by whoever moved this."""
        before, other.by_user = other.by_user, self.by_user
        try:
            other.value = value
        finally:
            other.by_user = before


class Slider(Control):
    """Hold a number between two others, a whole one if min, max and step are int.

    With `powers_of_ten` the thumb moves the exponent, and min, max and step are exponents: -4 to 0 runs from
    0.0001 to 1. A value outside becomes the nearest inside.
    """

    kind = Unicode("slider").tag(sync=True)
    min = Anything().tag(sync=True)
    max = Anything().tag(sync=True)
    step = Anything().tag(sync=True)
    powers_of_ten = Bool().tag(sync=True)
    decimals = Int().tag(sync=True)  # of the number that is shown
    at = CFloat().tag(sync=True)  # where the thumb stands: at the value, or at its exponent
    value = Anything()

    def __init__(
        self, description: str, min: float, max: float, step: float, value: float, powers_of_ten: bool = False
    ) -> None:
        if not (min < max and step > 0):
            raise TraitError(f"{description}: {min} to {max} by {step}; give min < max and step > 0.")
        settings = {"min": min, "max": max, "step": step, "powers_of_ten": powers_of_ten, "at": min}
        super().__init__(description=description, decimals=_decimals(min, step), **settings)
        self.value = value

    @validate("value")
    def _inside(self, proposal: Change) -> float:
        value, ends = proposal["value"], (self.min, self.max)
        if not hasattr(value, "__float__") or math.isnan(value):
            raise TraitError(f"{self.description} takes a number, not {value!r}.")
        low, high = (10.0**end for end in ends) if self.powers_of_ten else ends
        inside = sorted((low, float(value), high))[1]
        whole = not self.powers_of_ten and all(isinstance(number, int) for number in (*ends, self.step))
        return round(inside) if whole else float(inside)

    @observe("value")
    def _move(self, change: Change) -> None:
        place = math.log10(change["new"]) if self.powers_of_ten else change["new"]
        if not math.isclose(place, self.at, abs_tol=1e-12):
            self.at = place

    @observe("at")
    def _follow(self, change: Change) -> None:
        value = 10.0 ** change["new"] if self.powers_of_ten else change["new"]
        if self.value is not None and not math.isclose(value, self.value, abs_tol=1e-12):
            self.value = value


class Choice(Control):
    """Hold one of several options: `value` is the very object that was given, or None before a choice."""

    kind = Unicode("choice").tag(sync=True)
    labels = List(Unicode()).tag(sync=True)
    index = Int(None, allow_none=True).tag(sync=True)
    options = Tuple()
    value = Anything(None)

    def __init__(self, description: str, options: Iterable[Any], value: Any = None) -> None:
        super().__init__(description=description, options=tuple(options))
        self.value = value

    @validate("value")
    def _one_of_them(self, proposal: Change) -> Any:
        if proposal["value"] is None:
            return None
        if proposal["value"] not in self.options:
            raise TraitError(f"{self.description}: {proposal['value']!r} is none of {self.options}.")
        return self.options[self.options.index(proposal["value"])]

    @observe("options")
    def _name(self, change: Change) -> None:
        self.labels = [str(option) for option in change["new"]]
        self.value = self.value if self.value in change["new"] else None
        self._mark({"new": self.value})  # an option that stays may have another place now

    @observe("value")
    def _mark(self, change: Change) -> None:
        self.index = None if change["new"] is None else self.options.index(change["new"])

    @observe("index")
    def _choose(self, change: Change) -> None:
        self.value = None if change["new"] is None else self.options[change["new"]]


class NumberField(Control):
    """Hold a number that is typed, or None while the field is empty."""

    kind = Unicode("number").tag(sync=True)
    value = Float(None, allow_none=True).tag(sync=True)

    def __init__(self, description: str, value: float | None = None) -> None:
        super().__init__(description=description, value=value)

    @validate("value")
    def _finite(self, proposal: Change) -> float | None:
        value = proposal["value"]
        if value is not None and not math.isfinite(value):
            raise TraitError(f"{self.description} takes a finite number, not {value}.")
        return value


class Button(Control):
    """Count how often it was pressed: observe `clicks`."""

    kind = Unicode("button").tag(sync=True)
    clicks = Int().tag(sync=True)

    def __init__(self, description: str) -> None:
        super().__init__(description=description)


class Pad(Control):
    """Show a picture and tell where it is clicked: observe `clicks`.

    `value` is its HTML, with one `<img>`. A pad is for the mouse alone and no stop of the Tab key: set other
    controls with `pass_on`, which do the same by keys.
    """

    kind = Unicode("pad").tag(sync=True)
    value = Unicode().tag(sync=True)
    at = Tuple(CFloat(), CFloat(), default_value=(0.0, 0.0)).tag(sync=True)  # see place_in
    clicks = Int().tag(sync=True)

    def __init__(self, description: str) -> None:
        super().__init__(description=description)

    def place_in(self, ax: Any) -> tuple[float, float] | None:
        """Return the x and y of the click in axes of the figure that is shown, None if it is beside them.

        `at` counts from the left upper corner of the picture: (0, 0) to (1, 1).
        """
        pixels = (self.at[0] * ax.figure.bbox.width, (1 - self.at[1]) * ax.figure.bbox.height)
        if not ax.bbox.contains(*pixels):
            return None
        x, y = ax.transData.inverted().transform(pixels)
        return float(x), float(y)


class Words(Control):
    """Show HTML. If it is one element of role="status", screen readers announce what changes in it."""

    kind = Unicode("words").tag(sync=True)
    value = Unicode().tag(sync=True)

    def __init__(self, value: str = "") -> None:
        super().__init__(value=value)


def _decimals(*numbers: float) -> int:
    """Return how many decimals the most exact of these numbers has."""
    return max(0, *(-int(Decimal(str(number)).as_tuple().exponent) for number in numbers))
