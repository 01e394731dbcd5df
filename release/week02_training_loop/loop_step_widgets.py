"""Let students step through one batch: five lines of code, six numbers, and a guess before each line."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any

import torch
from controls import Button, Choice, Control, Slider, Words
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import nn
from widgets import MARKERS, PALETTE, Goal, Interactive, label, moving, slider, stage

LINES = (
    "optimizer.zero_grad()",
    "outputs = model(inputs)",
    "loss = criterion(outputs, targets)",
    "loss.backward()",
    "optimizer.step()",
)
ROUNDS = 2
LAST = ROUNDS * len(LINES)
WANTED = 8  # of LAST lines foreseen
INPUTS, TARGETS = (1.0, 2.0), (2.0, 4.0)
NAMES = ("w", "b", "w.grad", "b.grad", "outputs", "loss")
NOTHING = "none of the six"
CHANGES = {
    NOTHING: (),
    "outputs": NAMES[4:5],
    "loss": NAMES[5:],
    "gradients": NAMES[2:4],
    "weights": NAMES[:2],
}
MISSING = "not there"  # outputs and loss before their line has run
State = dict[str, str]  # the six numbers, as they are shown


@lru_cache
def states() -> tuple[State, ...]:
    """Return the six numbers before the first line and after each of the LAST lines, as torch has them."""
    model = nn.Linear(1, 1)
    nn.init.constant_(model.weight, 0.5)
    nn.init.constant_(model.bias, 0.0)
    optimizer, criterion = torch.optim.SGD(model.parameters(), lr=0.1), nn.MSELoss()
    inputs, targets = torch.tensor(INPUTS)[:, None], torch.tensor(TARGETS)[:, None]
    outputs, loss, seen = None, None, []

    def look() -> None:
        values = (model.weight, model.bias, model.weight.grad, model.bias.grad, outputs, loss)
        seen.append({name: _shown(name, value) for name, value in zip(NAMES, values, strict=True)})

    look()
    for _ in range(ROUNDS):
        optimizer.zero_grad()
        look()
        outputs = model(inputs)
        look()
        loss = criterion(outputs, targets)
        look()
        loss.backward()
        look()
        optimizer.step()
        look()
    return tuple(seen)


def _shown(name: str, value: torch.Tensor | None) -> str:
    """Return the numbers of a tensor with at most three decimals, as text."""
    if value is None:
        return "None" if name.endswith("grad") else MISSING
    return ", ".join(f"{round(number, 3) + 0.0:g}".replace("-", "−") for number in value.flatten().tolist())


def changed(line: int) -> tuple[str, ...]:
    """Return the names of the numbers that the given line changes; lines count from 1 to LAST."""
    before, after = states()[line - 1 : line + 1]
    return tuple(name for name in NAMES if before[name] != after[name])


def right_guess(line: int) -> str:
    """Return what a student should say before the given line runs: one of CHANGES."""
    return next(guess for guess, names in CHANGES.items() if names == changed(line))


class Foresight:
    """Remember what was said before each line ran for the first time. Going back to 0 forgets it all."""

    def __init__(self, line: Control, guess: Control) -> None:
        self.line, self.guess, self.score = line, guess, Words()
        self.said: list[str | None] = []
        line.observe(self._follow, names="value")
        self._tell()

    def _follow(self, change: dict[str, Any]) -> None:
        line = change["new"]
        if line == 0:
            self.said = []
        elif line > len(self.said):
            skipped = line - len(self.said) - 1  # lines that a longer move ran without a word
            self.said += [None] * skipped + [self.guess.value]
            self.guess.value = None
        self._tell()

    @property
    def foreseen(self) -> int:
        """Return how many of the lines that have run were foreseen."""
        return sum(guess == right_guess(line) for line, guess in enumerate(self.said, start=1))

    def _tell(self) -> None:
        self.score.value = status(self.words)

    @property
    def words(self) -> str:
        """Return in words how the last guess did, and the score."""
        run = len(self.said)
        if run == 0:
            return "Say first what the next line will change, then run it."
        guess, right = self.said[-1], right_guess(run)
        verdict = {None: f"Line {run} ran without a guess.", right: f"Line {run}: foreseen."}
        told = verdict.get(guess, f"Line {run}: you said {guess}. It was: {right}.")
        end = " Move the slider back to 0 to try again." if run == LAST else ""
        return f"{told} {self.foreseen} of {run} foreseen.{end}"


def batch_stepper() -> Interactive:
    """Return the five lines of one batch, run one by one, twice; before each one says what it will change."""
    figure, (left, right) = stage(2, 3.6)
    write, show = _code_panel(left), _line_panel(right)
    line = slider("Lines that have run", 0, LAST, 1, 0)
    guess = Choice("What will the next line change?", CHANGES)
    foresight = Foresight(line, guess)

    def render(line: int, guess: str | None) -> tuple[Figure, list[str]]:
        write(line)
        show(line)
        return figure, [tell_line(line), tell_model(line)]

    goal = Goal(
        f"Foresee at least {WANTED} of the {LAST} lines before they run.",
        reached=lambda line, guess: foresight.foreseen >= WANTED,
    )
    widget = Interactive(render, {"line": line, "guess": guess}, goal, line=LAST)
    guess.unobserve(widget.refresh, names="value")  # the picture does not show what was said
    put_above_picture(widget, _next_button(line), foresight.score)
    return widget


def put_above_picture(widget: Interactive, *more: Control) -> None:
    """Give a figure more parts, between its controls and its picture."""
    parts, at = widget.children, widget.children.index(widget.picture)
    widget.children = (*parts[:at], *more, *parts[at:])


def status(text: str) -> str:
    """Return a sentence as a part of the page that screen readers announce."""
    return f'<p role="status" aria-live="polite">{escape(text)}</p>'


def _next_button(line: Slider) -> Button:
    button = Button("Run the next line")
    button.observe(lambda _change: line.set_trait("value", min(line.value + 1, LAST)), names="clicks")
    return button


def _code_panel(ax: Axes) -> Callable[[int], None]:
    """Write the five lines and the six numbers; return a function that shows them after some lines."""
    ax.set_axis_off()
    ax.grid(False)
    look: dict[str, Any] = {"va": "center", "fontsize": 11, "transform": ax.transAxes, "in_layout": False}
    font = look | {"family": "monospace", "fontsize": 11.5}
    code = [ax.text(0.06, 0.93 - 0.09 * i, text, **font) for i, text in enumerate(LINES)]
    arrow = ax.text(0.0, 0.93, "▶", color=PALETTE[1], **look)
    numbers = {name: ax.text(0.06, 0.41 - 0.08 * i, "", **font) for i, name in enumerate(NAMES)}
    moving(ax.title, arrow, *code, *numbers.values())

    def write(line: int) -> None:
        ax.title.set_text(f"Round {_round(line)} of {ROUNDS}")
        place = (line - 1) % len(LINES)
        arrow.set_visible(line > 0)
        arrow.set_y(0.93 - 0.09 * place)
        for i, text in enumerate(code):
            text.set_color(PALETTE[1] if line > 0 and i == place else "black")
        for name, text in numbers.items():
            is_new = line > 0 and name in changed(line)
            before = f"{states()[line - 1][name]} → " if is_new else ""
            text.set_text(f"{name:8}{before}{states()[line][name]}{'  ◀' if is_new else ''}")
            text.set_color(PALETTE[1] if is_new else "black")

    return write


def _line_panel(ax: Axes) -> Callable[[int], None]:
    """Draw the targets; return a function that shows the model's line and the outputs after some lines."""
    ax.plot(INPUTS, TARGETS, "X", color="black", ms=10, label="targets")
    (model,) = ax.plot([], [], color=PALETTE[0], lw=2, label="model now: w·x + b")
    (outputs,) = ax.plot([], [], MARKERS[1], color=PALETTE[1], ms=8, label="outputs in memory")
    ax.set(xlim=(0, 2.5), ylim=(0, 5.5))
    label(ax, "The same numbers as a picture", "x", "y")
    ax.legend(fontsize="small", loc="upper left")
    moving(model, outputs)

    def show(line: int) -> None:
        w, b = _weights(line)
        model.set_data([0, 2.5], [b, b + 2.5 * w])
        outputs.set_data(*((INPUTS, _outputs(line)) if _outputs(line) else ([], [])))

    return show


def _round(line: int) -> int:
    return 1 + max(line - 1, 0) // len(LINES)


def _weights(line: int) -> tuple[float, float]:
    w, b = (float(states()[line][name]) for name in NAMES[:2])
    return w, b


def _outputs(line: int) -> list[float]:
    """Return the outputs that are in memory after some lines, none before the first were made."""
    shown = states()[line]["outputs"]
    return [] if shown == MISSING else [float(number) for number in shown.split(",")]


def tell_line(line: int) -> str:
    """Say in words which line has run, what it changed, and which one is next."""
    state = states()[line]
    now = "; ".join(f"{name} {value}" for name, value in state.items())
    ahead = f" Next: {LINES[line % len(LINES)]}." if line < LAST else ""
    if line == 0:
        return f"No line has run yet: {now}.{ahead}"
    news = ", ".join(f"{name} {states()[line - 1][name]} → {state[name]}" for name in changed(line))
    rest = f"{news}; nothing else changed" if news else "nothing changed"
    place = (line - 1) % len(LINES) + 1
    return f"Round {_round(line)}, line {place}, {LINES[place - 1]} ran: {rest}. Now: {now}.{ahead}"


def tell_model(line: int) -> str:
    """Say in words where the model's line runs, and whether the outputs in memory are still on it."""
    w, b = _weights(line)
    here = [w * x + b for x in INPUTS]
    told = f"The model now says {here[0]:.3g} at x = 1 and {here[1]:.3g} at x = 2; the targets are 2 and 4."
    kept = _outputs(line)
    if not kept:
        return f"{told} No outputs are in memory."
    fits = max(abs(a - b) for a, b in zip(here, kept, strict=True)) < 0.01
    still = "the same" if fits else "those of before the step"
    return f"{told} The outputs in memory are {still}: {kept[0]:g} and {kept[1]:g}."
