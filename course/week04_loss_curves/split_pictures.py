"""Show how much chance there is in a validation set: in its size, and in which rows land in it."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
from pictures import MARKERS, PALETTE, label, stage, with_alt


def noise_of_a_score(right: np.ndarray, sizes: Sequence[int] = (20, 50, 100, 200, 500)) -> None:
    """Show how much the accuracy of one fixed model varies with the rows it is measured on.

    `right` says for every row of a large set whether the model was right. For each size, 2000 sets of that
    many rows are drawn; the bars hold 95 % of their accuracies.
    """
    generator = np.random.default_rng(0)
    scores = [generator.permuted(np.tile(right, (2000, 1)), axis=1)[:, :size].mean(1) for size in sizes]
    low, middle, high = (np.array([np.quantile(score, q) for score in scores]) for q in (0.025, 0.5, 0.975))
    figure, (ax,) = stage()
    look = {"fmt": MARKERS[0], "capsize": 6, "color": PALETTE[0], "label": "95 % of the validation sets"}
    ax.errorbar(range(len(sizes)), middle, [middle - low, high - middle], **look)
    name = f"on all {len(right)} rows: {right.mean():.3f}"
    ax.axhline(right.mean(), color="black", ls="--", lw=1, label=name)
    ax.set_xticks(range(len(sizes)), [str(size) for size in sizes])
    label(ax, "One model, many validation sets", "rows in the validation set", "accuracy measured")
    told = "; ".join(f"{n} rows: {a:.2f} to {b:.2f}" for n, a, b in zip(sizes, low, high, strict=True))
    with_alt(figure, f"Accuracy of one model, {name}. 95 % of the validation sets give, with {told}.")
    shares = (share_of_pairs(right, points) for points in (4, 10))
    print(
        "Two sets of 50 other rows: {:.1%} of the pairs differ by 4 points or more, {:.1%} by 10.".format(
            *shares
        )
    )


def share_of_pairs(right: np.ndarray, points: int, size: int = 50) -> float:
    """Return the exact share of pairs of disjoint sets of rows whose accuracies differ by so many points."""
    rows, hits = len(right), int(right.sum())
    ways = {
        (a, b): comb(hits, a)
        * comb(rows - hits, size - a)
        * comb(hits - a, b)
        * comb(rows - hits - size + a, size - b)
        for a in range(min(size, hits) + 1)
        for b in range(min(size, hits - a) + 1)
        if size - a <= rows - hits and size - b <= rows - hits - size + a
    }
    far = sum(count for (a, b), count in ways.items() if 100 * abs(a - b) >= points * size)
    return far / sum(ways.values())


def rare_rows_in_validation() -> None:
    """Show how many of 10 rare rows out of 50 land in a validation set of 10: exact shares of all splits."""
    shares = np.array([comb(10, k) * comb(40, 10 - k) / comb(50, 10) for k in range(7)])
    figure, (ax,) = stage()
    ax.bar(np.arange(7) - 0.2, shares, 0.4, color=PALETTE[0], hatch="//", label="plain random split")
    stratified = np.arange(7) == 2
    ax.bar(np.arange(7) + 0.2, stratified, 0.4, color=PALETTE[1], label="stratified split")
    label(ax, "All splits of 50 patients", "ill patients among the 10 validation rows", "share of the splits")
    told = ", ".join(f"{count} in {share:.2%}" for count, share in enumerate(shares))
    with_alt(
        figure, f"Ill patients in the validation set, of all random splits: {told}. Stratified: always 2."
    )
