"""Run three cells in any order, and say and draw what is then in memory: for the order player of week 0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from pictures import PALETTE, moving, stage

CELLS = {
    "A": "y = 2 * x",
    "B": "x = 3",
    "C": "z = x + y",
}  # from top to bottom
MADE_BY = {"y": "A", "x": "B", "z": "C"}  # each name, and the cell that gives it a value
NAMES = ("x", "y", "z")
RESTART = "restart"


@dataclass(frozen=True)
class Moment:
    """Hold what a kernel has run since its start, and its memory.

    `runs` are the cells in the order in which they ran, each with the name that it missed ("" if it ran
    through); `memory` has the values by their names.
    """

    runs: tuple[tuple[str, str], ...] = ()
    memory: dict[str, int] = field(default_factory=dict)
    restarted: bool = False

    def number_of(self, cell: str) -> int | None:
        """Return the number in the brackets of a cell: its last run, counted over all cells."""
        return max((place for place, (name, _) in enumerate(self.runs, 1) if name == cell), default=None)

    def missed_by(self, cell: str) -> str:
        """Return the name that a cell missed in its last run, or "" if it ran through or never ran."""
        return next((missed for name, missed in reversed(self.runs) if name == cell), "")

    @property
    def told_runs(self) -> str:
        """Say in words what ran since the start of the kernel, and how the last run ended."""
        begin = "The kernel was restarted." if self.restarted else "The kernel is new."
        if not self.runs:
            return f"{begin} No cell has run yet."
        name, missed = self.runs[-1]
        end = f"stopped with a NameError, because {missed} is missing" if missed else "ran without an error"
        return f"{begin} Run since then: {', '.join(cell for cell, _ in self.runs)}. {name} {end}."

    @property
    def told_memory(self) -> str:
        """Say in words what is in memory, and which cell failed to make what is missing."""
        return f"Memory: {', '.join(map(self._told_name, NAMES))}."

    def _told_name(self, name: str) -> str:
        if name in self.memory:
            return f"{name} = {self.memory[name]}"
        cell = MADE_BY[name]
        return f"{name} missing" + (f" (NameError in {cell})" if self.missed_by(cell) else "")


def moments(past: Sequence[str]) -> list[Moment]:
    """Return the moment before anything ran, and the one after each cell or restart of the past."""
    found = [Moment()]
    for step in past:
        found.append(Moment(restarted=True) if step == RESTART else _after(found[-1], step))
    return found


def _after(before: Moment, cell: str) -> Moment:
    """Run a cell on the memory of a moment, and return the moment after it."""
    memory, missed = dict(before.memory), ""
    try:
        exec(CELLS[cell], {}, memory)
    except NameError as error:
        missed = error.name
    return Moment((*before.runs, (cell, missed)), memory, before.restarted)


def works_from_start(past: Sequence[str]) -> bool:
    """Return whether once, right after a start, each of the three cells ran, and none stopped."""
    return any(
        {cell for cell, _ in moment.runs} == set(CELLS) and not any(missed for _, missed in moment.runs)
        for moment in moments(past)
        if len(moment.runs) == len(CELLS)
    )


def works_with_left_overs(past: Sequence[str]) -> bool:
    """Return whether once A, B and C ran in this order, and none stopped: memory from before made it so."""
    return any(moment.runs[-3:] == tuple((cell, "") for cell in CELLS) for moment in moments(past))


# ---------------------------------------------------------------- pictures


def cells_figure() -> tuple[Figure, Callable[[Moment], None]]:
    """Return the figure of the notebook and its memory, and the function that shows a moment in it."""
    figure, (left, right) = stage(2, 3.0)
    show_cells, show_memory = _draw_notebook(left), _draw_memory(right)

    def move(moment: Moment) -> None:
        show_cells(moment)
        show_memory(moment)

    return figure, move


def _draw_notebook(ax: Axes) -> Callable[[Moment], None]:
    """Draw the cells, and return the function that shows their numbers and errors."""
    _blank(ax, "What you see: the notebook")
    texts = {}
    for place, (cell, code) in enumerate(CELLS.items()):
        y = 2.5 - place
        ax.add_patch(Rectangle((0.24, y - 0.14), 0.74, 0.42, facecolor="#F2F2F2", edgecolor="grey"))
        ax.text(0.02, y, cell, fontweight="bold")
        ax.text(0.28, y, code, family="monospace")
        texts[cell] = ax.text(0.09, y, "", family="monospace"), ax.text(0.28, y - 0.37, "", color=PALETTE[1])
    moving(*(text for pair in texts.values() for text in pair))

    def move(moment: Moment) -> None:
        for cell, (number, error) in texts.items():
            missed = moment.missed_by(cell)
            number.set_text(f"[{moment.number_of(cell) or ' '}]")
            error.set_text(f"NameError: '{missed}' is not defined" if missed else "")

    return move


def _draw_memory(ax: Axes) -> Callable[[Moment], None]:
    """Draw the table of names, and return the function that shows their values."""
    _blank(ax, "What you do not see: the memory")
    texts = {}
    for place, name in enumerate(NAMES):
        ax.axhline(3 - place, color="grey", lw=0.8)
        ax.text(0.1, 2.5 - place, name, family="monospace", va="center")
        texts[name] = ax.text(0.4, 2.5 - place, "", va="center")
    moving(*texts.values())

    def move(moment: Moment) -> None:
        for name, text in texts.items():
            text.set_text(str(moment.memory.get(name, "missing")))
            text.set_fontweight("bold" if name in moment.memory else "normal")

    return move


def _blank(ax: Axes, title: str) -> None:
    """Make of a panel a page to write on, from 0 to 1 across and from 0 to 3 upwards."""
    ax.set(title=title, xlim=(0, 1), ylim=(0, 3), xticks=[], yticks=[])
    ax.grid(visible=False)
