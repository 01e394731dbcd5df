"""Keep a training loop that reports a worse net than it has, and show what it looks like."""

from __future__ import annotations

import numpy as np
import torch
from course_data import digits_noisy, one_thread
from pictures import MARKERS, PALETTE, label, stage, with_alt

from utils import FlexibleClassifier

LOOP = """\
net.eval()
for epoch in range(30):
    for rows in torch.randperm(300).split(32):
        net.train()
        optimizer.zero_grad()
        loss = criterion(net(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        right = net(x_val).argmax(dim=1) == y_val
    report(epoch, right.float().mean().item())
"""
BROKEN = 9
RIGHT = (9, 10)  # inside the block, before line 10, the call does the same
LINES = {
    1: "this sets eval mode once, before all epochs: line 4 ends it with the first batch. It is useless, but "
    "does no harm. Before which line should it stand instead?",
    2: "thirty epochs are asked for, and thirty run",
    3: "all 300 rows come once an epoch, in a new order and in batches of 32",
    4: "training needs train mode, and each batch gets it",
    5: "the gradients are cleared before backward fills them",
    6: "units are dropped in this pass, and so they should be: it is training",
    7: "backward comes after the loss and before the step",
    8: "Adam's step uses the gradients of this batch",
    9: "no_grad() records no gradients, but it does not switch dropout off: half of the units are missing "
    "while the validation rows are measured. The net is better than its report. Before this line belongs "
    "net.eval()",
    10: "here the net answers with half of its units missing, so net.eval() must come before this line. The "
    "usual place is before line 9, which only switches gradients off",
    11: "the share of right answers: this line reports, and changes nothing. A call here would come too late",
}
MENDED = "net.eval()\n    with torch.no_grad():"


def show_loop() -> None:
    """Print the loop with numbered lines."""
    for number, line in enumerate(LOOP.splitlines(), start=1):
        print(f"{number:2}  {line}")


@one_thread()
def run_loop(mended: bool = False, seed: int = 0) -> np.ndarray:
    """Run the loop and return what it reports: the validation accuracy of each epoch, (30,)."""
    reported: list[float] = []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net, criterion = FlexibleClassifier(64, (128, 64), 10, 0.5), torch.nn.CrossEntropyLoss()
        (x, y), (x_val, y_val) = (part.tensors for part in digits_noisy()[:2])
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
        names = {"net": net, "criterion": criterion, "optimizer": optimizer, "x": x, "y": y}
        names |= {"x_val": x_val, "y_val": y_val, "report": lambda epoch, share: reported.append(share)}
        source = LOOP.replace(LOOP.splitlines()[BROKEN - 1].strip(), MENDED) if mended else LOOP
        exec(source, {"torch": torch, **names})
    return np.array(reported)


def show_symptoms() -> None:
    """Show the accuracy that the loop reports, and how often it falls from one epoch to the next."""
    curve = run_loop()
    figure, (ax,) = stage(1, 3.4)
    epochs = np.arange(1, len(curve) + 1)
    ax.plot(epochs, curve, color=PALETTE[0], marker=MARKERS[0], lw=2)
    label(ax, "What the loop reports", "epoch", "validation accuracy")
    falls = int((np.diff(curve) < 0).sum())
    with_alt(
        figure,
        f"Validation accuracy that the loop reports, over {len(epochs)} epochs: from {curve[0]:.2f} to "
        f"{curve[-1]:.2f}, at best {curve.max():.2f}. It falls in {falls} of {len(epochs) - 1} epochs.",
    )
