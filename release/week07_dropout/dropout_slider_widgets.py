"""Let students move p over stored runs, and measure the training rows in train mode or in eval mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from controls import Choice, Control
from dropout_runs import ALL_PS, EPOCHS, SEEDS, stored
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from widget_parts import Score, put_above_picture, two_panels
from widgets import Goal, Interactive, live, menu, slider

LABELS = {"one in five random": 0.2, "all right": 0.0}  # of the training rows
CLEAN = "all right"
MODES = {"train mode": "", "eval mode": "_eval"}  # in which training rows are measured
QUANTITIES = ("accuracy", "loss")
LIMITS = {"accuracy": (0.0, 1.02), "loss": (0.0, 2.5)}
LOOK = "just looking"
ANSWERS = (
    "the curves over p cross here",
    "in this mode they cross nowhere",
    "the largest p with twice the loss",
)
TASKS = ("crossing in train mode", "crossing in eval mode", "twice the loss")


def band(labels: str, p: float, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and spread of single runs over 20 seeds after every epoch, (60,) each."""
    mean, spread = stored("bands")[LABELS[labels], p][name]
    return mean, spread


def at_the_end(labels: str, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and spread in the last epoch for every p, (10,) each."""
    mean, spread = np.array([[part[-1] for part in band(labels, p, name)] for p in ALL_PS]).T
    return mean, spread


def names_of(quantity: str, mode: str) -> tuple[str, str]:
    """Return under which names the numbers of training rows and of validation rows are stored."""
    return f"train_{quantity}{MODES[mode]}", f"val_{quantity}"


def crossing(labels: str, mode: str, quantity: str) -> float | None:
    """Return the lowest p at which training rows end worse than validation rows, None if there is none."""
    train, val = (at_the_end(labels, name)[0] for name in names_of(quantity, mode))
    worse = train > val if quantity == "loss" else train < val
    return ALL_PS[int(worse.argmax())] if worse.any() else None


def loss_ratio(labels: str, p: float) -> float:
    """Return how many times as large the training loss ends in train mode as in eval mode."""
    running, honest = (band(labels, p, f"train_loss{part}")[0][-1] for part in ("", "_eval"))
    return float(running / honest)


def dropout_slider() -> Interactive:
    """Return a slider for p over stored runs with a switch for the mode, and three questions about them."""
    picture_of = cache(_draw_picture)
    solved: set[str] = set()
    score = Score(told_score(solved, ""))
    answer = menu("Your answer", (LOOK, *ANSWERS))

    def keep_score(p: float, *place: str) -> None:
        reply = ""
        if place[-1] != LOOK:
            task, right, reply = judge(tenth(p), *place)
            solved.update({task} if right else ())
        score.tell(told_score(solved, reply))

    def draw(p: float, mode: str, labels: str, quantity: str, answer: str) -> Figure:
        keep_score(p, mode, labels, quantity, answer)  # here, too: answers are judged after the goal as well
        picture = picture_of(quantity)
        picture.show(tenth(p), mode, labels)
        return picture.figure

    def all_solved(p: float, mode: str, labels: str, quantity: str, answer: str) -> bool:
        keep_score(p, mode, labels, quantity, answer)
        return solved == set(TASKS)

    goal = Goal(
        "Let all training labels be right. (1) In train mode, go to a p beside the place where the curves "
        "over p cross. (2) Where do they cross in eval mode? (3) Find the largest p at which the training "
        "loss in train mode is at least twice the one in eval mode. Put the controls where your answer "
        "holds, then choose the answer.",
        all_solved,
    )
    controls: dict[str, Control] = {
        "p": slider("Dropout p", ALL_PS[0], ALL_PS[-1], 0.1, 0.5),
        "mode": menu("Training rows measured in", MODES),
        "labels": menu("Training labels", LABELS),
        "quantity": menu("Curves", QUANTITIES),
    }
    _take_back(answer, *controls.values())
    widget = live(draw, tell_dropout, goal, **controls, answer=answer)
    put_above_picture(widget, score)
    return widget


def tenth(p: float) -> float:
    """Return the stored p that a slider stands at."""
    return ALL_PS[round(10 * p)]


def _take_back(answer: Choice, *others: Control) -> None:
    """Take the answer back whenever another control moves: it holds for one place."""
    for control in others:
        control.observe(lambda _change: answer.set_trait("value", LOOK), names="value")


def judge(p: float, mode: str, labels: str, quantity: str, answer: str) -> tuple[str, bool, str]:
    """Return which task an answer belongs to, whether it solves it, and a reply in words."""
    if labels != CLEAN:
        return TASKS[0], False, "These questions are about runs whose training labels are all right."
    if answer == ANSWERS[2]:
        right = p == max(each for each in ALL_PS if loss_ratio(labels, each) >= 2)
        near = [each for each in ALL_PS if abs(each - p) < 0.15]
        told = ", ".join(f"{loss_ratio(labels, each):.2f} times as much at p {each:g}" for each in near)
        return TASKS[2], right, f"{_yes(right)}: in train mode the loss is {told}."
    task, place = TASKS[list(MODES).index(mode)], crossing(labels, mode, quantity)
    if answer == ANSWERS[1]:
        everywhere = "at every p training rows do better than validation rows"
        told = everywhere if place is None else "there is a p at which training rows do worse"
        return task, place is None, f"{_yes(place is None)}, in {mode}: {told}."
    right = place is not None and p in (place, ALL_PS[max(0, ALL_PS.index(place) - 1)])
    return task, right, f"{_yes(right)}, in {mode}, p {p:g}: {_levels(p, mode, labels, quantity)}."


def _yes(right: bool) -> str:
    return "Yes" if right else "No"


def _levels(p: float, mode: str, labels: str, quantity: str) -> str:
    train, val = (band(labels, p, name)[0][-1] for name in names_of(quantity, mode))
    return f"training {quantity} {train:.3f}, validation {val:.3f}"


def told_score(solved: set[str], reply: str) -> str:
    """Return the reply to the last answer, and in words which tasks are solved."""
    done = [task for task in TASKS if task in solved]
    found = f"Found: {', '.join(done)}." if done else "Found so far: none of three."
    return f"{reply} {found}".strip()


# ---------------------------------------------------------------- the panels


@dataclass(frozen=True)
class Picture:
    """Hold a figure, and a function that shows the runs of a p in it, by mode and labels."""

    figure: Figure
    show: Callable[[float, str, str], None]


def _draw_picture(quantity: str) -> Picture:
    """Draw both panels for accuracies or losses, with one legend below them."""
    figure, (left, right) = two_panels(4.1)
    epochs = np.arange(1, EPOCHS + 1)
    over_epochs = _bands(left, epochs, 12, quantity)
    over_p = _bands(right, np.array(ALL_PS), 1, quantity)
    cursor = right.axvline(0, color="black", ls=":", lw=2, label="your p")
    label(left, "One p, over the epochs", "epoch", quantity)
    label(right, "All p, last epoch", "dropout p", quantity)
    moving(cursor)
    named = right.get_legend_handles_labels()
    for ax in (left, right):
        ax.get_legend().remove()
    figure.legend(*named, loc="outside lower center", fontsize=9.5, ncols=3)

    def show(p: float, mode: str, labels: str) -> None:
        names = names_of(quantity, mode)
        over_epochs([band(labels, p, name) for name in names])
        over_p([at_the_end(labels, name) for name in names])
        cursor.set_xdata([p, p])

    return Picture(figure, show)


def _bands(
    ax: Axes, x: np.ndarray, every: int, quantity: str
) -> Callable[[list[tuple[np.ndarray, np.ndarray]]], None]:
    """Draw empty bands for training and validation; return a function that shows means and spreads."""
    drawn = []
    for i, name in enumerate(("training", "validation")):
        look: dict[str, Any] = {"color": PALETTE[i], "marker": MARKERS[i], "ls": ("-", "--")[i]}
        (line,) = ax.plot(x, 0 * x, label=name, markevery=(every // 3 * i, every), **look)
        drawn.append((ax.fill_between(x, 0, 0, color=PALETTE[i], alpha=0.2, lw=0), line))
    ax.set_ylim(*LIMITS[quantity])
    moving(*(artist for pair in drawn for artist in pair))

    def show(values: list[tuple[np.ndarray, np.ndarray]]) -> None:
        for (filled, line), (mean, spread) in zip(drawn, values, strict=True):
            line.set_ydata(mean)
            filled.set_data(x, mean - spread, mean + spread)

    return show


# ---------------------------------------------------------------- the words


def tell_dropout(p: float, mode: str, labels: str, quantity: str, answer: str) -> list[str]:
    """Say in words how the runs of a p end in both modes, and where the curves over p cross."""
    p = tenth(p)
    ends = {name: band(labels, p, name) for name in ("train_loss", "train_loss_eval", "val_loss")}
    losses = {name: mean[-1] for name, (mean, _) in ends.items()}
    train, val = names_of(quantity, mode)
    place = crossing(labels, mode, quantity)
    best = ALL_PS[_best(labels, quantity)]
    extreme = "lowest" if quantity == "loss" else "highest"
    crossed = "At no p do training rows end worse than validation rows"
    if place is not None:
        crossed = f"The lowest p at which training rows end worse than validation rows is {place:g}"
    return [
        f"p {p:g}, labels {labels}, {len(SEEDS)} seeds, last epoch, training rows in {mode}: training "
        f"{quantity} {_level(labels, p, train)}, validation {_level(labels, p, val)}. Training loss "
        f"{losses['train_loss']:.3f} in train mode and {losses['train_loss_eval']:.3f} in eval mode, "
        f"validation loss {losses['val_loss']:.3f}.",
        f"{crossed}. The {extreme} validation {quantity} is at p {best:g} ({_level(labels, best, val)}).",
    ]


def _best(labels: str, quantity: str) -> int:
    mean, _ = at_the_end(labels, f"val_{quantity}")
    return int(mean.argmin() if quantity == "loss" else mean.argmax())


def _level(labels: str, p: float, name: str) -> str:
    mean, spread = band(labels, p, name)
    return f"{mean[-1]:.3f} ± {spread[-1]:.3f}"
