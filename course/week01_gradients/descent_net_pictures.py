"""Draw what starts and widths do to tiny networks. Each function returns a figure and its alt text."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from descent_experiments import polynomial_losses
from descent_nets import LEFT, ends_by_width, one_thread, small_starts, steps_on_plateau
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, stage
from torch import nn

from utils import noisy_sine, two_moons

LINES = ("-", "--", ":", "-.")
LN2 = math.log(2)
LATER = 0.2  # a run has left the second plateau, 0.26, when its loss is below
JUMP = 0.2
DEGREES = (3, 5, 7, 9, 11)


def plateau_picture() -> tuple[Figure, str]:
    """Draw the losses of ten starts of three sizes: each run, and the band from lowest to highest."""
    figure, (ax,) = stage(1, 3.8)
    told = []
    for i, (factor, (losses, _)) in enumerate(small_starts().items()):
        steps, first = np.arange(1, len(losses)), steps_on_plateau(losses)
        later = steps_on_plateau(losses, LATER)
        ax.plot(steps, losses[1:], color=PALETTE[i], lw=0.6)
        ax.fill_between(steps, losses[1:].min(1), losses[1:].max(1), color=PALETTE[i], alpha=0.25)
        marked = np.unique(np.geomspace(1, len(steps), 14).astype(int)) - 1
        name = "usual start" if factor == 1 else f"usual start times {factor:g}"
        ax.plot(steps, losses[1:, 0], MARKERS[i], ls=LINES[i], color=PALETTE[i], markevery=marked, label=name)
        at = ", ".join(_range(losses, step) for step in (300, len(steps)))
        told.append(f"{name}: first below {LEFT} {_between(first)}, below {LATER} {_between(later)}; {at}")
        if len(peaks := _jumps(losses)):
            told.append(f"short jumps of over {JUMP} around step {', '.join(map(str, peaks))}")
    ax.set(xscale="log", ylim=(-0.02, 0.78))
    ax.axhline(LN2, color="black", lw=1, ls=":")
    label(ax, "Ten starts of three sizes (dotted: knowing nothing)", "step (powers of ten)", "loss")
    ax.legend(loc="lower left", fontsize="small")
    level = f"Knowing nothing costs {LN2:.3f}. When a curve leaves a level part, it may jump up first."
    return figure, f"Losses of ten seeds each. {'; '.join(told)}. {level}"


def _between(steps: np.ndarray) -> str:
    """Return in words when the runs got there; -1 stands for a run that did not."""
    return "not yet" if steps.max() < 0 else f"between step {steps.min()} and {steps.max()}"


def _jumps(losses: np.ndarray) -> list[int]:
    """Return, in order, the step at which each run stands highest above its lowest loss, if by over JUMP."""
    above = losses[1:] - np.minimum.accumulate(losses)[:-1]
    return sorted(above.argmax(0)[above.max(0) > JUMP] + 1)


def _range(losses: np.ndarray, step: int) -> str:
    return f"{losses[step].min():.3f} to {losses[step].max():.3f} at step {step}"


def widths_picture() -> tuple[Figure, str]:
    """Draw the last training losses of ten starts for each width."""
    figure, (ax,) = stage(1, 3.3)
    told = []
    for i, (width, ends) in enumerate(ends_by_width().items()):
        ax.plot(i + np.linspace(-0.25, 0.25, len(ends)), ends, MARKERS[i], color=PALETTE[i], ls="")
        told.append(f"{width} units: {', '.join(f'{end:.2f}' for end in ends)}")
    ax.axhline(LN2, color="black", ls=":", lw=1)
    ax.set_xticks(range(len(told)), [str(width) for width in ends_by_width()])
    label(ax, "Where ten starts end (dotted: knowing nothing)", "hidden units", "last training loss")
    return figure, f"Last training losses, sorted. {'; '.join(told)}. Knowing nothing costs {LN2:.2f}."


def polynomials_picture(shown: tuple[int, ...] = (3, 7, 11), seed: int = 0) -> tuple[Figure, str]:
    """Draw three fits to the same twelve points, and all degrees' losses on training and fresh points."""
    figure, (left, right) = stage(2, 3.9)
    x, y = (part.numpy().ravel().astype(float) for part in noisy_sine(12, seed=seed))
    line = np.linspace(x.min(), x.max(), 300)
    for i, degree in enumerate(shown):
        fit = np.polynomial.Polynomial.fit(x, y, degree)
        left.plot(line, fit(line), color=PALETTE[i], ls=LINES[i], label=f"degree {degree}")
    left.plot(x, y, "o", color="black", label="training points")
    left.set_ylim(-3, 3)
    label(left, "One set of twelve points (cut at ±3)", "x", "y")
    left.get_legend().remove()
    train, fresh = polynomial_losses(DEGREES)
    for i, (name, losses) in enumerate((("training", train), ("fresh points", fresh))):
        medians, style = np.median(losses, axis=1), {"color": PALETTE[3 + i], "marker": MARKERS[3 + i]}
        right.plot(DEGREES, losses, ls="", ms=4, alpha=0.5, **style)
        right.plot(DEGREES, medians, ls=LINES[i], label=f"{name}, median", **style)
    right.set(yscale="log", ylim=(1e-3, 1e4), xticks=DEGREES)
    label(right, "Five sets (cut at 0.001 and 10,000)", "degree", "mean squared error")
    right.get_legend().remove()
    figure.legend(loc="outside lower center", fontsize="small", ncols=3)
    told = (
        f"degree {degree}: training {a.min():.2g} to {a.max():.2g}, fresh {b.min():.2g} to {b.max():.2g}"
        for degree, a, b in zip(DEGREES, train, fresh, strict=True)
    )
    return figure, f"Polynomials through twelve noisy points of a sine. Five sets: {'; '.join(told)}."


@one_thread()
def _train(seed: int, mended: bool, steps: int = 300) -> np.ndarray:
    """Run the lines of *find the broken line*; return loss and gradient norm, shape (2, steps)."""
    torch.manual_seed(seed)
    points, labels = two_moons(100, noise=0.1, seed=0)
    net, kept = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2)), []
    for _ in range(steps):
        loss = F.cross_entropy(net(points), labels)
        net.zero_grad()
        loss.backward()
        kept.append((loss.item(), math.sqrt(sum(float(w.grad.square().sum()) for w in net.parameters()))))
        if mended:
            with torch.no_grad():
                for weight in net.parameters():
                    weight -= 0.5 * weight.grad
    return np.array(kept).T


def broken_picture(seeds: int = 5) -> tuple[Figure, str]:
    """Draw loss and gradient norm of the broken lines, and of what was meant."""
    figure, axes = stage(2, 3.7)
    told = []
    for i, name in enumerate(("these lines", "as they were meant")):
        runs = np.stack([_train(seed, mended=bool(i)) for seed in range(seeds)])  # (seeds, 2, steps)
        steps = np.arange(1, runs.shape[2] + 1)
        for panel, ax in enumerate(axes):
            ax.plot(steps, runs[:, panel].T, color=PALETTE[i], ls=LINES[i], lw=1)
            ax.plot([], [], color=PALETTE[i], ls=LINES[i], label=name if panel == 0 else None)
        ends = (
            f"{what} from {part[:, 0].mean():.2f} to {part[:, -1].mean():.2f}"
            for what, part in zip(("loss", "size of the gradient"), runs.swapaxes(0, 1), strict=True)
        )
        told.append(f"{name}: {', '.join(ends)} on average")
    for ax, title in zip(axes, ("Loss", "Size of the gradient"), strict=True):
        ax.set_ylim(bottom=0)
        label(ax, title, "step", title.lower())
        if ax.get_legend():
            ax.get_legend().remove()
    figure.legend(loc="outside lower center", fontsize="small", ncols=2)
    return figure, f"Five seeds, 300 steps. {'; '.join(told)}."
