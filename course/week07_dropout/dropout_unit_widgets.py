"""Let students switch the hidden units of a small net off, one by one, and see what becomes of its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import ipywidgets
import numpy as np
import torch
from dropout_parts import Switch
from dropout_runs import FLOWER_PS, stored
from dropout_training import flower_net, flowers
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from torch import Tensor, nn
from widget_parts import Score, put_above_picture, signed, two_panels
from widgets import Goal, Interactive, live, menu

NETS = {"trained without dropout": FLOWER_PS[0], f"trained with dropout {FLOWER_PS[1]:g}": FLOWER_PS[1]}
WITHOUT, WITH = NETS
WIDTHS = (4, 5, 4, 3)
UNITS = [f"{letter}{i + 1}" for letter, width in zip("ab", WIDTHS[1:3], strict=True) for i in range(width)]
LENGTHS = ("sepal length", "sepal width", "petal length", "petal width")
SPECIES = ("setosa", "versicolor", "virginica")
FLOWER = 104  # of 150: the row whose probabilities are shown
SCALES = ("their values", "1/(1 − p) times their values")  # p: the share of their layer that is off
NOTHING = "Not found yet: a single unit that decides. Not tried yet: the net trained with dropout."


@cache
def trained_net(net: str) -> nn.Module:
    """Return a stored net 4-5-4-3 in eval mode."""
    made = flower_net().eval()
    numbers = torch.tensor(stored("flower nets")[NETS[net]]["weights"], dtype=torch.float32)
    for layer in (module for module in made.modules() if isinstance(module, nn.Linear)):
        inputs, outputs = layer.in_features, layer.out_features
        weight, bias, numbers = numbers.tensor_split((inputs * outputs, (inputs + 1) * outputs))
        layer.load_state_dict({"weight": weight.view(inputs, outputs).T, "bias": bias})
    return made


@torch.no_grad()
def probabilities(net: str, off: Sequence[str] = (), scale: str = SCALES[0]) -> Tensor:
    """Return what a net says of all 150 flowers, (150, 3), with some units sending 0.

    With the second scale the units that are left in a layer make up for those that are off, as in training
    with dropout; where none is left, there is nothing to scale.
    """
    hooks = []
    relus = [module for module in trained_net(net).modules() if isinstance(module, nn.ReLU)]
    for letter, width, relu in zip("ab", WIDTHS[1:3], relus, strict=True):
        sent = torch.tensor([0.0 if f"{letter}{i + 1}" in off else 1.0 for i in range(width)])
        if scale == SCALES[1] and sent.any():
            sent = sent / sent.mean()
        hooks.append(relu.register_forward_hook(lambda _layer, _given, output, sent=sent: output * sent))
    answers: Tensor = trained_net(net)(flowers()[0]).softmax(dim=1)
    for hook in hooks:
        hook.remove()
    return answers


def winner(net: str, off: Sequence[str] = (), scale: str = SCALES[0]) -> str:
    """Return the species that a net takes the shown flower for."""
    return SPECIES[int(probabilities(net, off, scale)[FLOWER].argmax())]


def changed_answers(net: str, off: Sequence[str], scale: str) -> int:
    """Return how many of the 150 answers are not those of the whole net."""
    both = (probabilities(net, each, scale).argmax(dim=1) for each in ((), off))
    return int(torch.ne(*both).sum())


def unit_switches() -> Interactive:
    """Return a drawn net with a switch for each hidden unit: its answer with and without the units off."""
    figure, (left, right) = two_panels(3.9)
    show_net, show_answer = _net_panel(left), _answer_panel(right)
    least: dict[str, list[str]] = {}  # by net, the fewest units without which the winner was another one
    score = Score(NOTHING)

    def keep_score(net: str, scale: str, off: list[str]) -> None:
        if winner(net, off, scale) != winner(net):
            least[net] = min(least.get(net, UNITS), off, key=len)
        score.tell(told_score(least))

    def draw(net: str, scale: str, **on: bool) -> Figure:
        off = off_of(on)
        keep_score(net, scale, off)  # here, too: after the goal one may go on to fewer units
        show_net(net, off)
        show_answer(net, off, scale)
        return figure

    def both_done(net: str, scale: str, **on: bool) -> bool:
        keep_score(net, scale, off_of(on))
        return len(least.get(WITHOUT, UNITS)) == 1 and WITH in least

    goal = Goal(
        "(1) In the net trained without dropout, find the single unit that decides: without it alone, "
        "another species wins. (2) Load the net trained with dropout and make another species win: how few "
        "units must you switch off for that?",
        both_done,
    )
    switches = {name: Switch(name) for name in UNITS}
    nets, scales = menu("Net", NETS), menu("Units that are on send", SCALES)
    widget = live(draw, tell_units, goal, net=nets, scale=scales, **switches)
    _put_in_rows(widget, switches)
    put_above_picture(widget, score)
    return widget


def off_of(on: dict[str, bool]) -> list[str]:
    """Return the names of the units that are off."""
    return [name for name, is_on in on.items() if not is_on]


def _put_in_rows(widget: Interactive, switches: dict[str, Switch]) -> None:
    """Put the switches side by side, a row for each hidden layer, where their column was."""
    others = [part for part in widget.children if part not in switches.values()]
    rows = [
        ipywidgets.HBox([switch for name, switch in switches.items() if name[0] == letter]) for letter in "ab"
    ]
    for row in rows:
        row.layout.flex_flow = "row wrap"
    at = others.index(widget.picture)
    widget.children = (*others[:at], *rows, *others[at:])


def told_score(least: dict[str, list[str]]) -> str:
    """Return in words which units were found without which another species wins."""
    if not least:
        return NOTHING
    told = [
        f"{net.capitalize()}: without {', '.join(off)} ({len(off)} off) another species wins."
        for net, off in ((net, least[net]) for net in NETS if net in least)
    ]
    return " ".join(["Fewest so far.", *told])


# ---------------------------------------------------------------- the picture


@dataclass(frozen=True)
class Place:
    """Hold where a unit of a layer is drawn."""

    x: float
    y: float


def places() -> list[list[Place]]:
    """Return where all units are drawn, layer by layer, from top to bottom."""
    return [[Place(x, (width - 1) / 2 - i) for i in range(width)] for x, width in enumerate(WIDTHS)]


def _net_panel(ax: Axes) -> Callable[[str, Sequence[str]], None]:
    """Draw the units; return a function that crosses those that are off and takes their lines away."""
    columns = places()
    lines = [
        [[ax.plot([a.x, b.x], [a.y, b.y], color="0.5", zorder=1)[0] for b in after] for a in before]
        for before, after in pairwise(columns)
    ]
    for i, column in enumerate(columns):
        colour = PALETTE[0] if i in (1, 2) else "0.35"
        x, y = zip(*((each.x, each.y) for each in column), strict=True)
        moving(*ax.plot(x, y, MARKERS[0], ms=25, color=colour, zorder=2))
    hidden = [place for column in columns[1:3] for place in column]
    discs = [
        ax.plot([each.x], [each.y], MARKERS[0], ms=25, mfc="white", mec="black", zorder=3)[0]
        for each in hidden
    ]
    crosses = [
        ax.plot([each.x], [each.y], "x", ms=24, mew=1.5, color=PALETTE[1], zorder=4)[0] for each in hidden
    ]
    names = [
        ax.text(each.x, each.y, name, ha="center", va="center", color="white", zorder=5)
        for name, each in zip(UNITS, hidden, strict=True)
    ]
    ax.set(xlim=(-0.4, 3.4), ylim=(-2.5, 2.5), yticks=[])
    ax.set_xticks(range(4), ("4 lengths", "layer a", "layer b", "3 species"))
    label(ax, "The net (crossed: off)", "", "")
    ax.grid(False)
    moving(*(line for layer in lines for row in layer for line in row), *discs, *crosses, *names)

    def show(net: str, off: Sequence[str]) -> None:
        for disc, cross, text, name in zip(discs, crosses, names, UNITS, strict=True):
            disc.set_visible(name in off)
            cross.set_visible(name in off)
            text.set_color("black" if name in off else "white")
        _show_lines(lines, net, off)

    return show


def _show_lines(lines: list[list[list[Any]]], net: str, off: Sequence[str]) -> None:
    """Make lines as thick as their weights, dashed for negative ones; none where a unit is off."""
    names = [["" for _ in range(WIDTHS[0])], UNITS[:5], UNITS[5:], ["" for _ in range(WIDTHS[3])]]
    linear = [module for module in trained_net(net).modules() if isinstance(module, nn.Linear)]
    for i, (layer, module) in enumerate(zip(lines, linear, strict=True)):
        weights = module.weight.detach().T.numpy()
        for (a, b), weight in np.ndenumerate(weights):
            line = layer[a][b]
            line.set(
                linewidth=0.4 + 3.6 * abs(weight) / np.abs(weights).max(),
                linestyle="--" if weight < 0 else "-",
            )
            line.set_visible(names[i][a] not in off and names[i + 1][b] not in off)


def _answer_panel(ax: Axes) -> Callable[[str, Sequence[str], str], None]:
    """Draw empty bars; return a function that shows the probabilities of the whole net and of this one."""
    rows = np.arange(3)
    looks = (("all units", PALETTE[6], "//"), ("units that are on", PALETTE[0], ""))
    bars = [
        ax.barh(
            rows + side, 0 * rows, 0.36, label=name, fc="none" if hatch else colour, ec=colour, hatch=hatch
        )
        for (name, colour, hatch), side in zip(looks, (-0.2, 0.2), strict=True)
    ]
    note = ax.text(0.5, -0.95, "", ha="center", va="center", fontsize="small")
    ax.set_yticks(rows, SPECIES)
    ax.set(xlim=(0, 1.02), ylim=(2.5, -1.3))
    label(ax, "What it says of one virginica", "probability", "")
    ax.get_legend().remove()
    ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize="small")
    moving(*(bar for group in bars for bar in group), note)

    def show(net: str, off: Sequence[str], scale: str) -> None:
        for group, units in zip(bars, ((), off), strict=True):
            for bar, value in zip(group, probabilities(net, units, scale)[FLOWER].tolist(), strict=True):
                bar.set_width(value)
        note.set_text(f"of all 150 flowers, {changed_answers(net, off, scale)} answers change")

    return show


# ---------------------------------------------------------------- the words


def _largest_weights(net: str) -> str:
    """Return in words the weight of greatest size of each layer, and what it joins."""
    linear = [module for module in trained_net(net).modules() if isinstance(module, nn.Linear)]
    told = []
    for module, (before, after) in zip(
        linear, pairwise((LENGTHS, UNITS[:5], UNITS[5:], SPECIES)), strict=True
    ):
        weights = module.weight.detach()
        to, come = divmod(int(weights.abs().argmax()), len(before))
        told.append(f"{signed(weights[to, come].item(), 2)} from {before[come]} to {after[to]}")
    return f"{told[0]}, {told[1]} and {told[2]}"


def tell_units(net: str, scale: str, **on: bool) -> list[str]:
    """Say in words which units are off, and what that does to the probabilities and to the answers."""
    off = off_of(on)
    count = f"{len(off)} of {len(UNITS)} hidden units {'is' if len(off) == 1 else 'are'} off"
    whole, now = (probabilities(net, each, scale)[FLOWER].tolist() for each in ((), off))
    told = ", ".join(
        f"{name} {b:.2f} ({a:.2f} with all units)" for name, a, b in zip(SPECIES, whole, now, strict=True)
    )
    same = "still" if winner(net, off, scale) == winner(net) else "now"
    changed = changed_answers(net, off, scale)
    made_up = (
        " Those that are on send 1/(1 − p) times their values, p being the share of their layer that is off."
        if scale == SCALES[1]
        else ""
    )
    return [
        f"Net {net}: {count}{': ' + ', '.join(off) if off else ''}.{made_up} The thickest "
        f"lines of its three layers stand for the weights {_largest_weights(net)}.",
        f"For one virginica it says {told}: it {same} takes it for a {winner(net, off, scale)}. Of all 150 "
        f"flowers, {changed} {'answer changes' if changed == 1 else 'answers change'}.",
    ]
