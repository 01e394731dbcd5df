"""The checks that students see. Each says what it called, what came back, what to expect and what to try."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from checking import all_good, expect, expect_close, expect_equal, expect_raises
from curve_pictures import CLUES, STORIES


def check_q1(plot_accuracy: Callable[..., Any]) -> None:
    """Look at the picture of two epochs: its lines, the names of its axes, its legend and its grid."""
    axes = plot_accuracy({"train_accuracy": [0.5, 0.7], "val_accuracy": [0.4, 0.6]})
    plt.close("all")
    is_axes = isinstance(axes, plt.Axes)
    expect(is_axes, call="plot_accuracy(…)", got=axes, expected="axes", hint="return them")
    expect_equal(len(axes.get_lines()), 2, call="the number of lines", hint="draw each list once")
    points = np.array([[1, 0.5], [2, 0.7]])
    expect_close(axes.get_lines()[0].get_xydata(), points, call="the first line", hint="epochs start at 1")
    names = [axes.get_xlabel(), axes.get_ylabel()]
    expect(all(names), call="the axis labels", got=names, expected="two names", hint="see ax.set")
    legend = axes.get_legend()
    hint = "give each line a label first"
    expect(legend is not None, call="the legend", got=legend, expected="a legend", hint=hint)
    grid = any(line.get_visible() for line in axes.get_xgridlines())
    expect(grid, call="the grid", got=grid, expected="True", hint="see ax.grid")
    print("✓ q1: your picture has all it needs.")


def check_q2(baseline_loss: Callable[..., Any]) -> None:
    """Try baseline_loss on shares of 3/4 and 1/4, on three equal shares, and on a single class."""
    for labels, want, hint in (
        ([0, 0, 0, 1], 0.5623, "the shares are 3/4 and 1/4; use np.log"),
        ([2, 0, 1], 1.0986, "three equal shares: ln 3"),
        ([5, 5, 5], 0.0, "one class only: there is nothing to be unsure of"),
    ):
        expect_close(baseline_loss(labels), want, call=f"baseline_loss({labels})", hint=hint)
    print("✓ q2: you can now say for any task what knowing nothing costs.")


def check_q3(pictures: Mapping[str, str]) -> None:
    """Compare the word behind each letter with what its picture shows."""
    for name, story in STORIES.items():
        expect(
            pictures[name].strip().lower() == story,
            call=f"picture {name}",
            got=pictures[name],
            expected="what this picture shows",
            hint=CLUES[name],
        )
    print("✓ q3: all three are right. Could you also say why?")


def check_diagnose(diagnose: Callable[..., Any]) -> None:
    """Try diagnose on the worked number, on three other runs, and on one that is too short."""
    worked = {
        "train_loss": [1.90, 1.30, 1.00, 0.80, 0.65, 0.55, 0.48, 0.42],
        "val_loss": [1.90, 1.50, 1.20, 1.00, 1.05, 1.15, 1.25, 1.40],
    }
    hint = "rule 2 applies, because 1.25 is above 1.00 + 0.2"
    expect_equal(diagnose(worked, 2.0), "overfitting", call="diagnose(the worked number, 2.0)", hint=hint)
    steady = {
        "train_loss": [1.6, 1.0, 0.7, 0.50, 0.49, 0.50, 0.49, 0.48, 0.49],
        "val_loss": [1.6, 1.1, 0.8, 0.61, 0.60, 0.59, 0.60, 0.61, 0.60],
    }
    hint = "none of the rules 1 to 4 applies"
    expect_equal(diagnose(steady, 2.0), "healthy", call="diagnose(low, level and close, 2.0)", hint=hint)
    stuck = {"train_loss": [2.0] * 8, "val_loss": [2.0] * 8}
    hint = "rule 4 applies, because 2.0 is above 0.5 × 2.0"
    expect_equal(diagnose(stuck, 2.0), "underfitting", call="diagnose(2.0 in all epochs, 2.0)", hint=hint)
    broken = {
        "train_loss": [1.9, 1.5, 1.1, math.nan, math.nan, math.nan],
        "val_loss": [1.9, 1.6, 1.2, 1.0, 0.9, 0.8],
    }
    hint = "rule 1 applies: look for nan before you compare anything"
    expect_equal(diagnose(broken, 2.0), "diverged", call="diagnose(nan from epoch 4 on, 2.0)", hint=hint)
    short = {"train_loss": [1.0, 0.9], "val_loss": [1.0, 0.9]}
    hint = "two epochs are fewer than six"
    expect_raises(ValueError, lambda: diagnose(short, 2.0), call="diagnose(two epochs, 2.0)", hint=hint)
    all_good("diagnose")


def check_split_indices(split_indices: Callable[..., Any]) -> None:
    """Try split_indices on 17 rows of two classes, and with fractions that do not add up to 1."""
    seventeen = [0] * 10 + [1] * 7
    parts = split_indices(seventeen, (0.6, 0.2, 0.2), seed=0)
    expect(
        isinstance(parts, tuple) and len(parts) == 3,
        call="split_indices(…)",
        got=parts,
        expected="a tuple of three arrays",
        hint="return the three parts with commas between them",
    )
    sizes = [len(part) for part in parts]
    expect_equal(sizes, [10, 4, 3], call="the sizes of the parts", hint="6 + 4, 2 + 2, 2 + 1")
    positions = sorted(int(i) for part in parts for i in part)
    expect_equal(positions, list(range(17)), call="all positions together", hint="each exactly once")
    rare = [sum(seventeen[int(i)] for i in part) for part in parts]
    expect_equal(rare, [4, 2, 1], call="rows of class 1 in each part", hint="cut every class on its own")
    expect_raises(
        ValueError,
        lambda: split_indices(seventeen, (0.6, 0.2, 0.1), 0),
        call="split_indices with fractions that add up to 0.9",
        hint="look at the sum before you split",
    )
    all_good("split_indices")


def check_smooth(smooth: Callable[..., Any]) -> None:
    """Try smooth on a rising and on a level list, and with a beta that is too large."""
    want = [1.0, 1.6667, 2.4286]
    expect_close(smooth([1, 2, 3], 0.5), want, call="smooth([1, 2, 3], 0.5)", hint="correct each value")
    expect_close(smooth([4, 4, 4], 0.9), [4.0] * 3, call="smooth([4, 4, 4], 0.9)", hint="level stays level")
    expect_raises(
        ValueError, lambda: smooth([1, 2], 1.0), call="smooth([1, 2], 1.0)", hint="beta is too large"
    )
    all_good("smooth")
