"""Keep a short search whose trials are not worth what they show, and show what it looks like."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import torch
from course_data import digits_noisy, one_thread
from pictures import MARKERS, PALETTE, label, stage, with_alt
from scipy.stats import loguniform
from torch import nn

from utils import build_net

LOOP = """\
found = []
net = build_net((64, 128, 64, 10))
for lr in rates:
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    for epoch in range(5):
        net.train()
        for rows in torch.randperm(300).split(32):
            loss = criterion(net(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    found.append((accuracy(net), lr))
best_accuracy, best_lr = max(found)
"""
BROKEN = 2
LINES = {
    1: "an empty list, filled with one pair a trial",
    2: "one net for the whole search: every trial goes on training what the trials before it have left, so "
    "its score belongs to all of them together. Each trial needs a net of its own, made inside the loop",
    3: "one trial for each rate, which were drawn on a log scale",
    4: "a new optimizer with the rate of this trial, for the parameters of the net",
    5: "every trial gets the same five epochs, which is fair",
    6: "train mode is switched on for training, as always",
    7: "all 300 rows come once an epoch, in a new order and in batches of 32",
    8: "this is the loss of this batch",
    9: "gradients are cleared before backward fills them",
    10: "backward comes after zero_grad and before step",
    11: "step comes once a batch, after backward",
    12: "the validation accuracy, in eval mode, after the five epochs of this trial, beside its rate",
    13: "high accuracy is good, so max is right, and of a pair the first number counts first",
}
TRIALS, LOW, HIGH, SEED = 12, 1e-4, 1e-2, 1
Pairs = list[tuple[float, float]]  # validation accuracy and rate of each trial


def show_search() -> None:
    """Print the lines with their numbers."""
    for number, line in enumerate(LOOP.splitlines(), start=1):
        print(f"{number:2}  {line}")


@lru_cache(maxsize=4)
@one_thread()
def run_search(mended: bool = False) -> tuple[tuple[float, float], ...]:
    """Run the lines, or those where the fault is mended; return accuracy and rate of each trial."""
    train, validation, _ = digits_noisy()

    def accuracy(net: nn.Module) -> float:
        net.eval()
        with torch.no_grad():
            guesses = net(validation.tensors[0]).argmax(dim=1)
        return float((guesses == validation.tensors[1]).float().mean())

    lines = LOOP.splitlines()
    if mended:
        fault = lines.pop(BROKEN - 1)
        lines.insert(BROKEN, f"    {fault}")
    x, y = train.tensors
    rates = loguniform(LOW, HIGH).rvs(TRIALS, random_state=np.random.default_rng(SEED)).tolist()
    names: dict[str, Any] = {"torch": torch, "build_net": build_net, "criterion": nn.CrossEntropyLoss()}
    names |= {"accuracy": accuracy, "rates": rates, "x": x, "y": y}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        exec("\n".join(lines), names)
    return tuple(names["found"])


def show_search_symptoms() -> None:
    """Show the accuracy of each trial beside that of its rate alone, over the trials and over the rates."""
    together, alone = (np.array(run_search(mended)) for mended in (False, True))
    figure, axes = stage(2, 3.4)
    numbers = np.arange(1, TRIALS + 1)
    for ax, places in zip(axes, (numbers, together[:, 1]), strict=True):
        for i, (name, pairs) in enumerate((("in the search", together), ("the rate alone", alone))):
            ax.plot(places, pairs[:, 0], MARKERS[i], color=PALETTE[i], label=name)
    axes[1].set_xscale("log")
    label(axes[0], "Trial by trial", "trial", "validation accuracy")
    label(axes[1], "Rate by rate", "learning rate", "validation accuracy")
    axes[0].set_xticks(numbers[1::2])
    best, small = int(together[:, 0].argmax()), alone[:, 1] < 1e-3
    with_alt(
        figure,
        f"Validation accuracy of {TRIALS} trials, left over the trial, right over its learning rate. In the "
        f"search: {together[0, 0]:.2f} in the first trial, then {together[1:, 0].min():.2f} to "
        f"{together[1:, 0].max():.2f} at all rates alike. Each rate alone, five epochs from the start: "
        f"{alone[small, 0].min():.2f} to {alone[small, 0].max():.2f} at rates below 0.001, above them "
        f"{alone[~small, 0].min():.2f} to {alone[~small, 0].max():.2f}. The winner of the search is trial "
        f"{best + 1} with {together[best, 0]:.3f}; its rate alone: {alone[best, 0]:.3f}.",
    )
