"""Keep a training loop whose decay does nothing, and show what it looks like."""

from __future__ import annotations

import numpy as np
import torch
from course_data import digits_noisy, one_thread
from pictures import MARKERS, PALETTE, label, stage, with_alt

from utils import build_net

LOOP = """\
optimizer = torch.optim.Adam(net.parameters(), lr=lr)
for epoch in range(30):
    for rows in torch.randperm(300).split(32):
        optimizer.zero_grad()
        loss = criterion(net(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for p in net.parameters():
                p = p * (1 - lr * lam)
    report(epoch, loss.item(), net[0].weight.abs().mean().item())
"""
BROKEN = 10
LINES = {
    1: "plain Adam, without a weight_decay of its own, is right here: lines 8 to 10 are to do the decay",
    2: "thirty epochs are asked for, and thirty run",
    3: "all 300 rows come once an epoch, in a new order and in batches of 32",
    4: "the gradients are cleared before backward fills them",
    5: "the loss of this batch, without a penalty: decoupled decay needs none",
    6: "backward comes after the loss and before the step",
    7: "Adam's step comes first, then the decay. The other order would do as well",
    8: "weights may be changed only where no gradient is recorded: this line belongs here",
    9: "each parameter comes by once, the biases as well. That is not what makes the decay vanish",
    10: "p * (1 - lr * lam) is a new tensor, and p becomes a name for it: the net keeps its old weights. "
    "Change the tensor itself, p *= 1 - lr * lam or p.mul_(…)",
    11: "this line reports, and changes nothing",
}
MENDED = "p *= 1 - lr * lam"
RUNS = (("λ = 0", 0.0, False), ("λ = 1, as written", 1.0, False), ("λ = 1, mended", 1.0, True))


def show_loop() -> None:
    """Print the loop with numbered lines."""
    for number, line in enumerate(LOOP.splitlines(), start=1):
        print(f"{number:2}  {line}")


@one_thread()
def run_loop(lam: float, mended: bool = False, seed: int = 0) -> np.ndarray:
    """Run the loop and return, per epoch, the mean size of the first layer's weights, (30,)."""
    sizes: list[float] = []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net, criterion = build_net((64, 128, 64, 10)), torch.nn.CrossEntropyLoss()
        x, y = digits_noisy()[0].tensors
        names = {"net": net, "criterion": criterion, "x": x, "y": y, "lr": 1e-3, "lam": lam}
        source = LOOP.replace(LOOP.splitlines()[BROKEN - 1].strip(), MENDED) if mended else LOOP
        exec(source, {"torch": torch, "report": lambda epoch, loss, size: sizes.append(size), **names})
    return np.array(sizes)


def show_symptoms() -> None:
    """Show how large the weights are without decay, and with the decay of the loop: one curve."""
    curves = [run_loop(lam) for _, lam, mended in RUNS if not mended]
    figure, (ax,) = stage(1, 3.4)
    epochs = np.arange(1, len(curves[0]) + 1)
    for i, (curve, (name, *_)) in enumerate(zip(curves, RUNS, strict=False)):
        look = {"color": PALETTE[i], "marker": MARKERS[i], "markevery": (5 * i, 10), "ls": ("-", "--")[i]}
        ax.plot(epochs, curve, label=name, lw=3 - 2 * i, **look)
    label(ax, "The weights do not notice λ", "epoch", "mean |w|, first layer")
    same = int((curves[0] == curves[1]).sum())
    with_alt(
        figure,
        f"Mean size of the first layer's weights over {len(epochs)} epochs. With λ = 0: from "
        f"{curves[0][0]:.4f} to {curves[0][-1]:.4f}. With λ = 1, as the loop is written: the same number, "
        f"to all digits, in {same} of {len(epochs)} epochs.",
    )
