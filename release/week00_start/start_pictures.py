"""Draw the still pictures of week 0. Each function returns a figure and alt text from the same data."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, stage
from start_runs import EPOCHS, five_runs, reference_heights


def heights_picture(before: Sequence[float], after: Sequence[float]) -> tuple[Figure, str]:
    """Draw the losses of several runs before and after training, between two heights to compare with."""
    figure, (ax,) = stage()
    knows_nothing, noise = reference_heights()
    seeds = range(len(before))
    ax.plot(seeds, before, MARKERS[1], color=PALETTE[1], label="before training")
    ax.plot(seeds, after, MARKERS[0], color=PALETTE[0], label="after 30 epochs")
    right = len(before) - 0.7  # of the dots, where there is room for words
    for height, words in (
        (knows_nothing, f"always the mean: {knows_nothing:.2f}"),
        (noise, f"noise: {noise:.2f}"),
    ):
        ax.axhline(height, color="black", ls="--", lw=1)
        ax.text(right, height + 0.012, words, fontsize="small")
    ax.set(xticks=list(seeds), xlim=(-0.4, right + 1.9), ylim=(0, 1.2 * max(before)))
    label(ax, "The same training with other seeds", "seed", "validation loss (MSE)")
    runs = zip(seeds, before, after, strict=True)
    told = "; ".join(f"seed {seed}: {start:.3f} before, {end:.3f} after" for seed, start, end in runs)
    return figure, (
        f"Validation losses of {len(before)} seeds. {told}. Dashed lines: always saying the mean costs "
        f"{knows_nothing:.2f}, the noise alone {noise:.2f}."
    )


def broken_picture() -> tuple[Figure, str]:
    """Draw the validation losses of the five runs that the six lines make."""
    figure, (ax,) = stage()
    epochs, told = range(1, EPOCHS + 1), []
    for number, losses in enumerate(five_runs(mended=False)):
        ax.plot(epochs, losses, marker=MARKERS[number], color=PALETTE[number], label=f"run {number + 1}")
        told.append(f"run {number + 1} from {losses[0]:.2f} to {losses[-1]:.2f}")
    label(ax, "Five runs of the six lines", "epoch", "validation loss (MSE)")
    return figure, f"Validation losses over {EPOCHS} epochs: {', '.join(told)}."
