"""Keep a fine-tuning that carries nothing over, and show what it looks like."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from course_data import one_thread
from pictures import MARKERS, PALETTE, label, stage, with_alt
from torch import nn
from transfer_data import digits_two_cameras

from utils import build_net

LOOP = """\
body, head = build_net((64, 64, 32)), nn.Linear(32, 10)
net = nn.Sequential(OrderedDict(body=body, relu=nn.ReLU(), head=head))
net.load_state_dict(source.state_dict(), strict=False)
optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
net.train()
for step in range(20):
    loss = criterion(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    report(step, net)
"""
BROKEN = 3
MENDED = "body.load_state_dict(source[:3].state_dict())"
LINES = {
    1: "Linear, ReLU, Linear, and a new last layer for ten digits: the sizes are those of the source",
    2: "the layers in a row, each part under a name of its own. Allowed. What are its weights called?",
    3: "the source calls its weights 0.weight, 2.weight, 4.weight, the net calls its own body.0.weight, "
    "body.2.weight, head.weight. No name fits, strict=False passes over it in silence, and nothing is "
    f"loaded. Load the parts that correspond, strictly: {MENDED}",
    4: "made after the last layer, of all parameters: each of them learns",
    5: "train mode is switched on for training, as always",
    6: "twenty steps are asked for, and twenty run",
    7: "the loss of all rows, from the net that is to learn",
    8: "gradients are cleared before backward fills them",
    9: "backward comes after zero_grad and before step",
    10: "step comes once, after backward",
    11: "this line reports, and changes nothing",
}
WAYS = (None, "as written", "mended")
ROWS, SEED = 20, 0


def show_loop() -> None:
    """Print the lines with their numbers."""
    for number, line in enumerate(LOOP.splitlines(), start=1):
        print(f"{number:2}  {line}")


@lru_cache(maxsize=1)
@one_thread()
def learnt_source() -> nn.Sequential:
    """Return a net that was trained on 800 digits: 30 times all of them, in batches of 32."""
    x, y = digits_two_cameras("same", ROWS, SEED)[0].tensors
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        net, criterion = build_net((64, 64, 32, 10)), nn.CrossEntropyLoss()
        optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
        for _ in range(30):
            for rows in torch.randperm(len(x)).split(32):
                optimizer.zero_grad()
                criterion(net(x[rows]), y[rows]).backward()
                optimizer.step()
    return net


@one_thread()
def run_loop(way: str | None) -> np.ndarray:
    """Return the accuracy on 597 test digits after each of 20 steps, (20,).

    way: None (from scratch: nothing is loaded at all), "as written" or "mended".
    """
    accuracies: list[float] = []
    _, target, test = digits_two_cameras("same", ROWS, SEED)

    def report(_step: int, net: nn.Module) -> None:
        with torch.no_grad():
            right = net(test.tensors[0]).argmax(1) == test.tensors[1]
        accuracies.append(right.float().mean().item())

    line = LOOP.splitlines()[BROKEN - 1]
    source = LOOP.replace(line, {None: "", "as written": line, "mended": MENDED}[way])
    names: dict[str, Any] = {"torch": torch, "nn": nn, "OrderedDict": OrderedDict, "build_net": build_net}
    names |= {"x": target.tensors[0], "y": target.tensors[1], "criterion": nn.CrossEntropyLoss()}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        exec(source, names | {"source": learnt_source(), "report": report})
    return np.array(accuracies)


def show_symptoms() -> None:
    """Show the test accuracy after each step: as the lines are written, and from scratch."""
    curves = {"from scratch": run_loop(None), "as written": run_loop("as written")}
    figure, (ax,) = stage(1, 3.4)
    steps = np.arange(1, 21)
    for i, (name, curve) in enumerate(curves.items()):
        look = {"color": PALETTE[i], "marker": MARKERS[i], "markevery": (5 * i, 10), "ls": ("-", "--")[i]}
        ax.plot(steps, curve, label=name, lw=3 - 2 * i, **look)
    label(ax, "What the source knows does not show", "step", "test accuracy")
    scratch, written = curves.values()
    same = int((scratch == written).sum())
    with_alt(
        figure,
        f"Test accuracy after each of 20 steps with {ROWS} training digits. From scratch: from "
        f"{scratch[0]:.3f} to {scratch[-1]:.3f}. As the lines are written: the same number, to all digits, "
        f"in {same} of 20 steps.",
    )
