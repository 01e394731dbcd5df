"""Let students watch what a net thinks of training pictures that have a wrong label, epoch by epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from pictures import MARKERS, PALETTE, label, moving
from stopping_runs import LABELS_EPOCHS, LABELS_RATE, labels_of, stored
from widget_parts import Score, answer_menu, listed, put_above_picture, two_panels
from widgets import Goal, Interactive, live, menu, slider

SEED, PICTURES, COLUMNS = 0, 12, 6
THROUGH, LOSS, ACCURACY, FITTED = "seen through", "validation loss", "validation accuracy", "labels fitted"
NEEDED = (THROUGH, LOSS, ACCURACY)
BEST = "this epoch is best on this curve"
MARKS = ("✓", "✗", "?")  # the net says the true digit, its label, another digit
WORDS = ("the true one", "its label", "another")
FRAMES = ((PALETTE[2], "-"), (PALETTE[1], "--"), (PALETTE[6], ":"))


@lru_cache
def verdicts() -> np.ndarray:
    """Return which of MARKS each wrong row has after each epoch, (rows, 120)."""
    found = stored("answers")[SEED]
    says_true = found["answers"] == found["true"][:, None]
    says_label = found["answers"] == found["given"][:, None]
    return np.where(says_true, 0, np.where(says_label, 1, 2))


@lru_cache
def curve(name: str) -> np.ndarray:
    """Return a curve of the run, (120,); all but the first can be known without the true labels."""
    run = {key: values[SEED] for key, values in stored("labels")[LABELS_RATE].items()}
    if name == THROUGH:
        return (verdicts() == 0).sum(axis=0)
    return {LOSS: run["val_loss"], ACCURACY: run["val_accuracy"], FITTED: 300 - run["disagree"]}[name]


def is_best(name: str, epoch: int) -> bool:
    """Return whether no epoch, counted from 1, is better on this curve."""
    values = curve(name)
    return bool(values[epoch - 1] == (values.min() if name == LOSS else values.max()))


def wrong_labels() -> Interactive:
    """Return an epoch slider over a run: what its net says of twelve pictures whose label is wrong."""
    picture_of = cache(_draw_picture)
    epoch = slider("Epoch", 1, LABELS_EPOCHS, 1, 1)
    shown = menu("Curve at the right", (THROUGH, LOSS, ACCURACY, FITTED))
    answer = answer_menu(BEST, epoch, shown)
    found: dict[str, int] = {}
    score = Score(told_found(found, ""))

    def draw(epoch: int, curve: str, answer: str) -> Figure:
        picture = picture_of(curve)
        picture.show_digits(epoch)
        picture.show_curve(epoch)
        return picture.figure

    def all_found(epoch: int, curve: str, answer: str) -> bool:
        reply = ""
        if answer == BEST:
            reply = judge(curve, epoch)
            found.update({curve: epoch} if is_best(curve, epoch) else {})
        score.tell(told_found(found, reply))
        return set(NEEDED) <= found.keys()

    goal = Goal(
        "(1) Find an epoch after which the net sees through as many wrong labels as it ever does. (2) That "
        "curve needs the true labels, which nobody has. Find the best epochs of validation loss and of "
        "validation accuracy, too: which of the two would have led you nearer? Go there, then choose your "
        "answer.",
        all_found,
    )
    widget = live(draw, tell_labels, goal, epoch=epoch, curve=shown, answer=answer)
    put_above_picture(widget, score)
    return widget


def judge(name: str, epoch: int) -> str:
    """Return a reply to the claim that an epoch is the best of a curve."""
    if is_best(name, epoch):
        return f"Yes: {name} is best after epoch {epoch}."
    better = "lower" if name == LOSS else "higher"
    return f"No: another epoch has a {better} value than {_value(name, epoch)}."


def told_found(found: dict[str, int], reply: str) -> str:
    """Return a reply, which best epochs were found, and how many labels are seen through there."""
    wrong = len(verdicts())
    parts = [f"{name} in epoch {epoch} ({curve(THROUGH)[epoch - 1]})" for name, epoch in found.items()]
    told = (
        f"Best, and how many of {wrong} are seen through there: {listed(parts)}."
        if parts
        else "Found: nothing yet."
    )
    if set(NEEDED) <= found.keys():
        nearer = max((LOSS, ACCURACY), key=lambda name: curve(THROUGH)[found[name] - 1])
        told += f" Without true labels, the {nearer} leads nearer to the most."
    return f"{reply} {told}".strip()


# ---------------------------------------------------------------- the picture


@dataclass(frozen=True)
class Picture:
    """Hold a figure, and functions that show an epoch in its two panels."""

    figure: Figure
    show_digits: Callable[[int], None]
    show_curve: Callable[[int], None]


def _draw_picture(name: str) -> Picture:
    figure, (left, right) = two_panels(3.9, ratio=1.9)
    return Picture(figure, _digits_panel(left), _curve_panel(right, name))


def _digits_panel(ax: Axes) -> Callable[[int], None]:
    """Draw twelve pictures with their labels; return a function that adds the net's answers of an epoch."""
    found, pixels = stored("answers")[SEED], labels_of(SEED)[0]
    frames, words = [], []
    for i in range(PICTURES):
        x, y = i % COLUMNS, -1.8 * (i // COLUMNS)
        ax.imshow(pixels[found["rows"][i]].view(8, 8), cmap="Greys", extent=(x, x + 0.8, y, y + 0.8))
        frames.append(Rectangle((x, y), 0.8, 0.8, fill=False, lw=3))
        ax.add_patch(frames[-1])
        text = f"label {found['given'][i]}\ntrue {found['true'][i]}"
        ax.text(x + 0.4, y - 0.05, text, ha="center", va="top", fontsize=10.5)
        words.append(ax.text(x + 0.4, y - 0.5, "", ha="center", va="top", fontsize=10.5, weight="bold"))
    ax.set(xlim=(-0.1, COLUMNS - 0.1), ylim=(-2.6, 0.9))
    ax.set_axis_off()
    label(ax, "The net says: ✓ the true digit, ✗ its label, ? another", "", "")
    moving(*frames, *words)

    def show(epoch: int) -> None:
        for i, (frame, word) in enumerate(zip(frames, words, strict=True)):
            verdict = verdicts()[i, epoch - 1]
            colour, dash = FRAMES[verdict]
            frame.set(edgecolor=colour, linestyle=dash)
            word.set_text(f"net {found['answers'][i, epoch - 1]} {MARKS[verdict]}")

    return show


def _curve_panel(ax: Axes, name: str) -> Callable[[int], None]:
    """Draw axes for a curve; return a function that shows it up to an epoch."""
    values, most = curve(name), {THROUGH: len(verdicts()), LOSS: 2.5, ACCURACY: 1.0, FITTED: 300}[name]
    (line,) = ax.plot([], [], color=PALETTE[0], lw=2)
    (end,) = ax.plot([], [], MARKERS[0], color=PALETTE[0], ms=9)
    ax.set(xlim=(0, LABELS_EPOCHS + 2), ylim=(0, 1.05 * most))
    title = {THROUGH: f"Seen through, of {most}", FITTED: "Labels fitted, of 300"}.get(
        name, name.capitalize()
    )
    label(ax, title, "epoch", "rows" if name in (THROUGH, FITTED) else name.split()[1])
    moving(line, end)

    def show(epoch: int) -> None:
        line.set_data(np.arange(1, epoch + 1), values[:epoch])
        end.set_data([epoch], [values[epoch - 1]])

    return show


# ---------------------------------------------------------------- the words


def tell_labels(epoch: int, curve: str, answer: str) -> list[str]:
    """Say in words what the net says of all wrong rows and of twelve, and how far the curve has come."""
    found, marks = stored("answers")[SEED], verdicts()[:, epoch - 1]
    counts = [(marks == verdict).sum() for verdict in range(3)]
    told = zip(found["given"], found["true"], found["answers"][:, epoch - 1], marks, strict=True)
    each = [f"label {label}, true {true}, net {net} ({WORDS[mark]})" for label, true, net, mark in told]
    return [
        f"After epoch {epoch}, of {len(marks)} rows with a wrong label the net says the true digit for "
        f"{counts[0]}, the wrong label for {counts[1]}, another digit for {counts[2]}. {PICTURES} of them: "
        f"{'; '.join(each[:PICTURES])}.",
        f"{curve[0].upper()}{curve[1:]} after epoch {epoch}: {_value(curve, epoch)}. {_so_far(curve, epoch)}",
    ]


def _value(name: str, epoch: int) -> str:
    value = curve(name)[epoch - 1]
    rows = {THROUGH: len(verdicts()), FITTED: 300}
    return f"{value} of {rows[name]}" if name in rows else f"{value:.3f}"


def _so_far(name: str, epoch: int) -> str:
    """Return in words where the curve, as far as it is drawn, was best."""
    so_far = curve(name)[:epoch]
    best = int(so_far.argmin() if name == LOSS else so_far.argmax()) + 1
    word = "lowest" if name == LOSS else "highest"
    return f"Drawn up to here, it is {word} in epoch {best}: {_value(name, best)}."
