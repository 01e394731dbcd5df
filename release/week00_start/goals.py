"""Set a goal for an interactive figure, tell when it is reached, and count the moves that it took."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets
from controls import Button, Choice, Control, Slider, Words


@dataclass(frozen=True)
class Goal:
    """Hold what a student should bring about with the controls of a figure.

    `reached` takes the controls' values by name and returns whether it is done; with `moves`, no more changes
    of a control than these may be used: then a button puts all controls back.
    """

    text: str
    reached: Callable[..., bool]
    moves: int | None = None


class GoalLine(ipywidgets.VBox):  # type: ignore[misc]
    """Show a goal and whether it is reached. Only what a person changes counts as a move.

    Small steps of one control in one direction count as one move: arrow keys know no other way.
    A goal that was reached stays reached until the controls are put back. Raises ValueError if it is reached
    from the start.
    """

    def __init__(self, goal: Goal, controls: Mapping[str, Control]) -> None:
        self.goal, self.controls = goal, controls
        self.start = {name: control.value for name, control in controls.items()}
        if goal.reached(**self.start):
            raise ValueError(f"The goal {goal.text!r} is reached at the start: begin elsewhere.")
        self._forget()
        self.text, self.status = Words(f"<p><strong>{escape(goal.text)}</strong></p>"), Words()
        self.again = Button("Start again")
        self.again.observe(self.restart, names="clicks")
        super().__init__([self.text, self.status, *([self.again] if goal.moves else [])])
        for control in controls.values():
            control.observe(self._follow, names="value")
        self._tell()

    def restart(self, _change: Any = None) -> None:
        """Put all controls back, and count from the start."""
        for name, value in self.start.items():
            self.controls[name].value = value
        self._forget()
        self._tell()

    def _forget(self) -> None:
        self.count = 0
        self.reached_in: int | None = None
        self.walk: tuple[Control, int] | None = None  # the control moved last, and its direction
        self.places = {control: _place(control) for control in self.controls.values()}

    def _follow(self, change: Any) -> None:
        self._count(change["owner"])
        values = {name: control.value for name, control in self.controls.items()}
        reached = self.goal.reached(**values)  # asked after success, too: it may answer in words
        if reached and self.reached_in is None and self._may_go_on:
            self.reached_in = self.count
        self._tell()

    def _count(self, control: Control) -> None:
        way = _place(control) - self.places[control]
        self.places[control] = _place(control)
        if not control.by_user:
            return
        step = (control, (way > 0) - (way < 0)) if abs(way) <= _stride(control) else None
        self.count += step is None or step != self.walk
        self.walk = step

    @property
    def _may_go_on(self) -> bool:
        return self.goal.moves is None or self.count <= self.goal.moves

    def _tell(self) -> None:
        self.status.value = f'<p role="status" aria-live="polite">{escape(self.words)}</p>'

    @property
    def words(self) -> str:
        """Return in words whether the goal is reached."""
        if self.reached_in is not None:
            return f"✓ Goal reached in {_moves(self.reached_in)}"
        allowed = f" of {self.goal.moves}" if self.goal.moves else ""
        again = "" if self._may_go_on else ". Too many: start again"
        return f"Goal: not yet ({_moves(self.count)}{allowed}){again}"


def _place(control: Control) -> float:
    """Return where a control stands among the places that arrow keys lead it through."""
    if isinstance(control, Slider):
        return float(control.at)
    return control.index if isinstance(control, Choice) and control.index is not None else -1


def _stride(control: Control) -> float:
    """Return how far one key moves a control: arrows by a step, PageUp by about a tenth of the range."""
    if isinstance(control, Slider):
        return float(max(control.step, 0.15 * (control.max - control.min)))
    return 1 if isinstance(control, Choice) else -1


def _moves(count: int) -> str:
    return "1 move" if count == 1 else f"{count} moves"
