"""Let students turn one temperature, a number that divides all logits of a trained net, and see its loss."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import torch
from course_data import one_thread
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from transfer_finishing import BINS, CRITERION, Logits, judged, train_nets
from widget_parts import Score, answer_menu, listed, one_legend, put_above_picture, two_panels
from widgets import Goal, Interactive, live, menu, slider

SEED = 0
SHOWN = {
    "no regularization": "plain",
    "dropout 0.5": "dropout 0.5",
    "ten times the rate": "ten times the rate",
}
NEEDED = ("dropout 0.5", "ten times the rate")
LOW, HIGH, STEP = 0.2, 3.0, 0.02
HIGHEST = 2.0  # a loss above it is drawn here
COARSE = (0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)  # the loss of these is always shown
BEST, NEAR = "this T has the lowest loss", 0.001  # so near to the lowest loss counts
Numbers = dict[str, float]


@lru_cache
def logits_of(net: str) -> Logits:
    """Return the logits of one net, which is trained when it is first asked for (under a second)."""
    return train_nets(SHOWN[net], [SEED])


@lru_cache
@one_thread()
def numbers(net: str, temperature: float) -> tuple[Numbers, Numbers]:
    """Return loss, accuracy and (calibration) error of validation and of test rows with a temperature."""
    found = logits_of(net)
    both = (found.validation, found.y_validation), (found.test, found.y_test)
    first, second = (judged((said / temperature).log_softmax(dim=-1), y) for said, y in both)
    return tuple({name: float(values[0]) for name, values in each.items()} for each in (first, second))  # type: ignore[return-value]


@lru_cache
@one_thread()
def bins_of(net: str, temperature: float) -> list[tuple[int, float, float]]:
    """Return of each of ten bins of the net's own probability: its rows, mean probability and accuracy."""
    found = logits_of(net)
    sure, answers = (found.test[0] / temperature).double().softmax(dim=1).max(dim=1)
    right, place = (answers == found.y_test).double(), (sure * BINS).long().clamp(max=BINS - 1)
    rows = [place == i for i in range(BINS)]
    return [
        (int(own.sum()), sure[own].mean().item(), right[own].mean().item()) if own.any() else (0, 0.0, 0.0)
        for own in rows
    ]


@lru_cache
def lowest_loss(net: str) -> float:
    """Return the lowest validation loss on the places of the slider."""
    found = logits_of(net)
    places = torch.arange(LOW, HIGH + STEP / 2, STEP)
    losses = [CRITERION(found.validation[0] / t, found.y_validation).item() for t in places]
    return float(min(losses))


def loss_of(net: str, temperature: float) -> float:
    """Return the validation loss with a temperature."""
    return numbers(net, temperature)[0]["loss"]


def is_best(net: str, temperature: float) -> bool:
    """Return whether a temperature's validation loss is as good as the lowest."""
    return loss_of(net, temperature) <= lowest_loss(net) + NEAR


def temperature_dial() -> Interactive:
    """Return a slider for the temperature of a trained net: its loss, and how far its probabilities hold."""
    figure, (left, right) = two_panels(4.1)
    show_loss, show_bins = _loss_panel(left), _bins_panel(right)
    one_legend(figure)
    temperature = slider("Temperature T", LOW, HIGH, STEP, 1.0)
    net = menu("Net", SHOWN)
    answer = answer_menu(BEST, temperature, net)
    found: dict[str, float] = {}
    score = Score(told_found(found, ""))

    def draw(temperature: float, net: str, answer: str) -> Figure:
        t = round(temperature, 2)
        show_loss(net, t)
        show_bins(bins_of(net, t))
        return figure

    def describe(temperature: float, net: str, answer: str) -> list[str]:
        t = round(temperature, 2)
        return [tell_loss(net, t), tell_bins(net, t)]

    def all_found(temperature: float, net: str, answer: str) -> bool:
        reply, t = "", round(temperature, 2)
        if answer == BEST:
            reply = judge(net, t)
            found.update({net: t} if is_best(net, t) else {})
        score.tell(told_found(found, reply))
        return set(NEEDED) <= found.keys()

    goal = Goal(
        f"Find the T of the lowest validation loss for two nets: {listed(NEEDED)}. Then choose your answer.",
        all_found,
    )
    widget = live(draw, describe, goal, temperature=temperature, net=net, answer=answer)
    put_above_picture(widget, score)
    return widget


def judge(net: str, t: float) -> str:
    """Return a reply to the claim that a temperature has the lowest validation loss."""
    loss = loss_of(net, t)
    if is_best(net, t):
        return f"Yes: no T brings the loss of the net “{net}” more than {NEAR:g} below {loss:.3f}."
    return f"No: another T has a loss below {loss:.3f}."


def told_found(found: dict[str, float], reply: str) -> str:
    """Return a reply, and what was found: the temperatures and what they do on test rows."""
    parts = []
    for net, t in found.items():
        before, after = numbers(net, 1.0)[1], numbers(net, t)[1]
        parts.append(
            f"{net}: T = {t:g}, test loss {before['loss']:.3f} → {after['loss']:.3f}, accuracy "
            f"{before['accuracy']:.3f} → {after['accuracy']:.3f}"
        )
    told = f"Found: {'; '.join(parts)}." if parts else f"Found so far: none of {len(NEEDED)}."
    return f"{reply} {told}".strip()


# ---------------------------------------------------------------- the panels


def _loss_panel(ax: Axes) -> Callable[[str, float], None]:
    """Draw empty axes; return a function that shows the loss of a few temperatures, and of one more."""
    (marks,) = ax.plot(COARSE, [0] * len(COARSE), MARKERS[0], color=PALETTE[0], ms=7, ls="", label="some T")
    (here,) = ax.plot([1], [1], "D", color=PALETTE[1], mec="black", ms=12, ls="", label="your T")
    ax.axvline(1, color="black", ls="--", lw=1.5, label="T = 1: logits as they are")
    ax.set(xlim=(LOW - 0.08, HIGH + 0.08), ylim=(0.1, HIGHEST + 0.1))
    label(ax, "Loss on validation rows", "temperature T", "loss")
    moving(marks, here)

    def show(net: str, t: float) -> None:
        marks.set_ydata([min(loss_of(net, each), HIGHEST) for each in COARSE])
        here.set_data([t], [min(loss_of(net, t), HIGHEST)])

    return show


def _bins_panel(ax: Axes) -> Callable[[list[tuple[int, float, float]]], None]:
    """Draw the diagonal; return a function that shows of each bin how sure the net is and how often right."""
    ax.plot([0, 1], [0, 1], color="black", ls="--", lw=1.5, label="right as often as sure")
    (line,) = ax.plot([], [], color=PALETTE[2], marker=MARKERS[2], ms=8, label="test rows, by probability")
    ax.set(xlim=(0, 1.03), ylim=(0, 1.03))
    label(ax, "Above the dashed line: too modest", "how sure (mean probability)", "how often right")
    moving(line)

    def show(bins: list[tuple[int, float, float]]) -> None:
        line.set_data([sure for n, sure, _ in bins if n], [right for n, _, right in bins if n])

    return show


# ---------------------------------------------------------------- the words


def tell_loss(net: str, t: float) -> str:
    """Say in words what a temperature does to loss and accuracy, beside a few others."""
    validation, test = numbers(net, t)
    others = ", ".join(f"{loss_of(net, each):.3f} at {each:g}" for each in COARSE)
    return (
        f"Net “{net}”, T = {t:g}: validation loss {validation['loss']:.3f}, accuracy "
        f"{validation['accuracy']:.3f}; test loss {test['loss']:.3f}, accuracy {test['accuracy']:.3f}. "
        f"Validation loss of some T: {others}."
    )


def tell_bins(net: str, t: float) -> str:
    """Say in words how sure a net is on test rows, and how often it is right."""
    bins = [each for each in bins_of(net, t) if each[0]]
    rows = sum(n for n, _, _ in bins)
    sure, right = (sum(each[0] * each[i] for each in bins) / rows for i in (1, 2))
    side = "too modest" if right > sure else "too sure"
    parts = ", ".join(f"{n} rows sure {mean:.2f} right {share:.2f}" for n, mean, share in bins)
    return (
        f"Calibration error {numbers(net, t)[1]['error']:.3f}: on average the net is sure {sure:.3f} and "
        f"right {right:.3f}, {side} by {abs(right - sure):.3f}. By probability: {parts}."
    )
