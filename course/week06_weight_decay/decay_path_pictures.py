"""Draw how the coefficients of a line shrink as the penalty gets stronger."""

from __future__ import annotations

import numpy as np
from decay_regression import STRENGTHS, coefficients_of, errors_of, task_of
from matplotlib.figure import Figure
from pictures import PALETTE, label, stage


def paths_picture(seed: int = 14, rows: int = 30) -> tuple[Figure, str]:
    """Draw the 20 coefficients over the strength, with L1 and with L2; the five useful ones stand out."""
    figure, axes = stage(2, height=3.8)
    task, told = task_of(seed, rows), []
    for ax, penalty in zip(axes, ("L1", "L2"), strict=True):
        found = coefficients_of(penalty, task)
        for useful, style in ((False, {"lw": 1, "ls": "-"}), (True, {"lw": 2.5, "ls": "--"})):
            lines = ax.plot(STRENGTHS, found[task.useful == useful].T, color=PALETTE[int(useful)], **style)
            lines[0].set_label("useful (5)" if useful else "useless (15)")
        best = errors_of(found, task.validation).argmin()
        ax.axvline(STRENGTHS[best], color="black", ls=":", label="best on validation rows")
        ax.set_xscale("log")
        ax.minorticks_off()
        label(ax, f"{penalty}: 20 coefficients", "strength", "coefficient")
        ax.set_ylim(-14, 92)  # room for the legend
        zeros = (found == 0).sum(axis=0)
        told.append(
            f"{penalty}: exactly zero are {zeros[0]} of 20 at strength {STRENGTHS[0]:g}, {zeros[best]} at "
            f"{STRENGTHS[best]:.2g}, which is best on the validation rows, and {zeros[-1]} at "
            f"{STRENGTHS[-1]:g}; the largest coefficient there is {np.abs(found[:, -1]).max():.2f}"
        )
    return (
        figure,
        f"Coefficients of one data set with {rows} training rows over the strength. {'; '.join(told)}.",
    )
