"""Keep a run that goes on from a checkpoint and learns nothing, and show what it looks like."""

from __future__ import annotations

import copy
import io
from typing import Any

import numpy as np
import torch
from course_data import digits_noisy, one_thread
from pictures import MARKERS, PALETTE, label, stage, with_alt
from torch import nn

from utils import build_net

LOOP = """\
saved = torch.load(file, weights_only=True)
net = build_net((64, 128, 64, 10))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
net.load_state_dict(saved["net"])
net = copy.deepcopy(net)
optimizer.load_state_dict(saved["optimizer"])
for epoch in range(20, 40):
    net.train()
    for rows in torch.randperm(300).split(32):
        loss = criterion(net(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    report(epoch, net)
"""
BROKEN = 5
LINES = {
    1: "this reads what was saved, and no code with it: weights_only=True is the safe way",
    2: "weights need a net to be put into: a new one of the same sizes is right, whatever its weights are",
    3: "the optimizer is made of this net's parameters, as at the start of the run",
    4: "load_state_dict writes the saved weights into the tensors that the net has, those of the optimizer",
    5: "the copy has tensors of its own, and the optimizer still holds those of the first net: backward "
    "fills gradients that nobody uses, and step moves weights that nobody asks. Leave the line out",
    6: "Adam's averages are needed to go on: they belong to the checkpoint",
    7: "epochs 0 to 19 are over, so 20 comes next",
    8: "train mode is switched on for training, as always",
    9: "all 300 rows come once an epoch, in a new order and in batches of 32",
    10: "this is the loss of this batch, from the net that is to learn",
    11: "gradients are cleared before backward fills them",
    12: "backward comes after zero_grad and before step",
    13: "step comes once a batch, after backward. But whose weights does it move?",
    14: "this line reports, and changes nothing",
}
SAVED = 20  # epochs before the checkpoint
Names = dict[str, Any]


def show_loop() -> None:
    """Print the lines with their numbers."""
    for number, line in enumerate(LOOP.splitlines(), start=1):
        print(f"{number:2}  {line}")


@one_thread()
def run_loop(mended: bool = False) -> np.ndarray:
    """Train for 20 epochs, save, and run the lines; return the validation loss of each epoch, (40,)."""
    losses: list[float] = []
    train, validation, _ = digits_noisy()
    criterion = nn.CrossEntropyLoss()

    def report(_epoch: int, net: nn.Module) -> None:
        net.eval()
        with torch.no_grad():
            losses.append(criterion(net(validation.tensors[0]), validation.tensors[1]).item())

    lines = LOOP.splitlines()
    first = "\n".join([*lines[1:3], *lines[6:]]).replace("range(20, 40)", f"range({SAVED})")
    rest = "\n".join(line for n, line in enumerate(lines, start=1) if not (mended and n == BROKEN))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        x, y = train.tensors
        names: Names = {"torch": torch, "copy": copy, "build_net": build_net, "criterion": criterion}
        names |= {"report": report, "x": x, "y": y}
        exec(first, names)
        names["file"] = _checkpoint(names)
        exec(rest, names)
    return np.array(losses)


def _checkpoint(names: Names) -> io.BytesIO:
    """Return a file in memory with the state of net and optimizer."""
    file = io.BytesIO()
    torch.save({name: names[name].state_dict() for name in ("net", "optimizer")}, file)
    file.seek(0)
    return file


def show_symptoms() -> None:
    """Show the validation loss before the interruption and after it."""
    losses = run_loop()
    figure, (ax,) = stage(1, 3.4)
    epochs = np.arange(1, len(losses) + 1)
    parts = (("before", slice(None, SAVED)), ("from the checkpoint on", slice(SAVED, None)))
    for i, (name, part) in enumerate(parts):
        ax.plot(
            epochs[part], losses[part], label=name, color=PALETTE[i], marker=MARKERS[i], ls=("-", "--")[i]
        )
    label(ax, "After the checkpoint nothing moves", "epoch", "validation loss")
    same = int((losses[SAVED:] == losses[SAVED - 1]).sum())
    with_alt(
        figure,
        f"Validation loss over {len(losses)} epochs. It falls from {losses[0]:.2f} to "
        f"{losses[SAVED - 1]:.3f} in the first {SAVED}; then the run is saved, loaded and goes on. In {same} "
        f"of the {len(losses) - SAVED} epochs after it the loss is the same number, to all digits.",
    )
