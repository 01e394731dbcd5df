"""Keep a training loop that runs and measures the wrong thing, and show what its curves look like."""

from __future__ import annotations

import numpy as np
import torch
from curve_runs import BASELINE, N_CLASSES, one_thread, spiral_with_wrong_labels
from pictures import MARKERS, PALETTE, label, stage, with_alt

from utils import build_net

LOOP = """\
train_rows, val_rows = torch.randperm(120).split([40, 80])
for epoch in range(40):
    for batch in train_rows.split(8):
        optimizer.zero_grad()
        loss = criterion(net(x[batch]), y[batch])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        val_loss = criterion(net(x[batch]), y[batch])
    report(epoch, loss.item(), val_loss.item())
"""
BROKEN = 9
NAMES = ("training loss, as reported", "validation loss, as reported", "loss on 600 fresh rows")


def show_loop() -> None:
    """Print the loop with numbered lines."""
    for number, line in enumerate(LOOP.splitlines(), start=1):
        print(f"{number:2}  {line}")


@one_thread()
def run_loop(seed: int) -> np.ndarray:
    """Run the loop once and return, per epoch, what it reports and the loss on fresh rows, (3, epochs)."""
    torch.manual_seed(seed)
    net, criterion, rows = build_net((2, 64, 64, N_CLASSES)), torch.nn.CrossEntropyLoss(), []
    x, y = spiral_with_wrong_labels(120, 0.1, seed)
    fresh, labels = spiral_with_wrong_labels(600, 0.1, 500 + seed)

    def report(_epoch: int, loss: float, val_loss: float) -> None:
        with torch.no_grad():
            rows.append((loss, val_loss, criterion(net(fresh), labels).item()))

    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    names = {"net": net, "criterion": criterion, "optimizer": optimizer, "x": x, "y": y, "report": report}
    exec(LOOP, {"torch": torch, **names})
    return np.array(rows).T


def show_symptoms() -> None:
    """Show what the loop reports, and what fresh rows say, mean and spread of five seeds."""
    runs = np.stack([run_loop(seed) for seed in range(5)])  # (seeds, 3, epochs)
    mean, spread = runs.mean(0), runs.std(0, ddof=1)
    figure, (ax,) = stage(1, 3.4)
    epochs = np.arange(1, mean.shape[1] + 1)
    told = []
    for i, name in enumerate(NAMES):
        look = {"color": PALETTE[i], "marker": MARKERS[i], "markevery": 5}
        ax.plot(epochs, mean[i], label=name, **look)
        ax.fill_between(epochs, mean[i] - spread[i], mean[i] + spread[i], color=PALETTE[i], alpha=0.2)
        told.append(f"{name}: from {mean[i, 0]:.2f} to {mean[i, -1]:.2f} ± {spread[i, -1]:.2f}")
    ax.axhline(BASELINE, color="black", ls="--", lw=1, label="guessing")
    label(ax, "What the loop reports, and what is true", "epoch", "loss (cross-entropy)")
    below = int((mean[1] < mean[0]).sum())
    with_alt(
        figure,
        f"Mean ± spread of 5 seeds; guessing costs {BASELINE:.2f}. {'; '.join(told)}. "
        f"Of the two that are reported, validation is the lower one in {below} of {len(epochs)} epochs.",
    )
