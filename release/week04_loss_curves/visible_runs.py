"""Hold what the visible checks compare with: small runs and their verdicts, clues, the lines of the loop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NAN, INF = math.nan, math.inf
STORIES = {"A": "overfitting", "B": "underfitting", "C": "well fitted"}
CLUES = {
    "A": "the training loss ends far down: where does the validation loss go after epoch 15?",
    "B": "the curves are close together: how far do they get below guessing?",
    "C": "both fall and settle: how do their level and their gap compare with guessing and with the band?",
}
BROKEN = 9
LINES = {
    1: "this line is right: 120 rows in random order, 40 to learn from, 80 that the loop never learns from",
    2: "this line is right: 40 passes. More or fewer would not bring the two reported curves together",
    3: "this line is right: it gives the training rows, eight at a time. Are they used elsewhere, too?",
    4: "this line is right: without it, gradients would add up, and the training loss would suffer as well",
    5: "this line is right: the loss that is learned from belongs to training rows",
    6: "this line is right: it computes the gradients, and the training loss does fall",
    7: "this line is right: it takes the step, and the training loss does fall",
    8: "this line is right: nothing should be learned while measuring. What is measured under it?",
    9: "it measures the last training batch a second time. x[val_rows] and y[val_rows] belong there",
    10: "this line is right: it only hands the two losses on. Where does the second one come from?",
}


@dataclass(frozen=True)
class Run:
    """Hold a small run: its curves, its baseline, the verdict of the rules and a hint to it."""

    words: str
    train: Sequence[float]
    val: Sequence[float]
    baseline: float
    verdict: str
    hint: str


RULE_1 = "rule 1 comes first: compare train_end with the lowest training loss of the whole run"
RULE_2 = "rule 2: compare val_end with the lowest validation loss of the whole run"
RULE_3 = "rule 3: each must lie more than 0.02 × baseline below its own three values before"
RULE_4 = "rule 4 asks whether train_end is above half the baseline"
MEDIANS = "write down the four medians of three values, then go through the rules"
FINITE = "rule 1 looks at all values of both lists, for nan and for inf: math.isfinite"
RUNS = (
    Run("the worked example", [1.9, 1.3, 1.0, 0.8, 0.65, 0.55, 0.48, 0.42],
        [1.9, 1.5, 1.2, 1.0, 1.05, 1.15, 1.25, 1.4], 2.0, "overfitting",
        "rule 2 applies: val_end is 1.25, and that is above 1.00 + 0.2"),
    Run("low, level and close", [1.6, 1.0, 0.7, 0.5, 0.49, 0.5, 0.49, 0.48, 0.49],
        [1.6, 1.1, 0.8, 0.61, 0.6, 0.59, 0.6, 0.61, 0.6], 2.0, "healthy", "none of the rules 1 to 4 applies"),
    Run("six epochs, level", [0.5] * 6, [0.6] * 6, 2.0, "healthy", "six are enough, and no rule applies"),
    Run("2.0 in all epochs", [2.0] * 8, [2.0] * 8, 2.0, "underfitting",
        "rule 4 applies: train_end is above 0.5 × 2.0. That the curves are close says nothing"),
    Run("nan in training from epoch 4", [1.9, 1.5, 1.1, NAN, NAN, NAN], [1.9, 1.6, 1.2, 1.0, 0.9, 0.8], 2.0,
        "diverged", "rule 1 applies: look for nan before you compare anything"),
    Run("one inf in the first validation", [0.5] * 7, [INF] + [0.6] * 6, 2.0, "diverged",
        "rule 1 looks at all values of both lists, for nan and for inf: math.isfinite"),
    Run("training climbs", [1.0, 0.5, 0.5, 0.6, 0.75, 0.8, 0.85], [0.9] * 7, 2.0, "diverged",
        "rule 1 has a second part: train_end is 0.8, and that is above 0.5 + 0.2"),
    Run("both climb", [1.0, 0.5, 0.6, 0.8, 1.0, 1.1, 1.2], [1.1, 0.6, 0.7, 0.9, 1.1, 1.2, 1.3], 2.0,
        "diverged", "rule 1 comes before rule 2: the training loss climbs"),
    Run("a wide gap, both level", [0.1] * 8, [1.4] * 8, 2.0, "overfitting",
        "rule 2 has a second part: val_end is more than 0.5 × 2.0 above train_end"),
    Run("both high, both falling", [1.9, 1.8, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2],
        [1.95, 1.86, 1.77, 1.68, 1.59, 1.5, 1.41, 1.32], 2.0, "undertrained",
        "rule 3 comes before rule 4: both still fall by more than 0.04"),
    Run("training falls alone", [1.5, 1.45, 1.4, 1.35, 1.3, 1.25, 1.2, 1.15], [1.3] * 8, 2.0,
        "underfitting", "rule 3 wants both to fall"),
    Run("validation falls alone", [0.5] * 8, [1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.6], 2.0, "healthy",
        "rule 3 wants both to fall, and rule 4 looks at the training loss only"),
    Run("validation above half the baseline", [0.8] * 8, [1.2] * 8, 2.0, "healthy",
        "rule 4 looks at train_end, not at val_end"),
    Run("one spike at the end of each", [0.5] * 8 + [1.9, 0.5], [0.6] * 9 + [1.9], 2.0, "healthy",
        "take the median of the last three: neither the last value alone nor their mean"),
    Run("level at 0.45", [0.45] * 8, [0.46] * 8, 0.69, "underfitting",
        "every limit is a share of the baseline: 0.5 × 0.69 is 0.345"),
    Run("level, with one small step up", [5.0] * 8, [8.9, 8.0, 8.1, 8.2, 8.6, 9.0, 9.0, 9.0], 20.0, "healthy",
        "every limit is a share of the baseline: 0.1 × 20 is 2"),
    Run("level, above the whole baseline", [2.5] * 6, [2.5] * 6, 2.0, "underfitting", RULE_4),
    Run("training jumps and falls, validation falls", [0.45, 1.0, 2.0, 0.45, 0.6, 0.8],
        [0.4, 0.4, 0.4, 0.3, 0.1, 0.3], 2.0, "undertrained", MEDIANS),
    Run("training rises again and then falls", [1.4, 0.8, 0.4, 0.5, 0.2, 0.6], [0.6, 0.6, 0.6, 0.4, 0.4, 0.4],
        2.0, "diverged", RULE_1),
    Run("training level with a spike, validation falls", [1.0, 1.0, 2.0, 1.0, 1.0, 1.0],
        [1.0, 0.8, 0.8, 0.5, 0.3, 0.2], 2.0, "healthy", "a level of exactly 0.5 × 2.0 is not above it"),
    Run("inf in the first epoch", [INF, 0.9, 0.8, 0.7, 0.6, 0.7], [0.1, 0.1, 0.1, 0.3, 0.3, 0.3], 2.0,
        "diverged", FINITE),
    Run("training jumps and ends high", [0.6, 1.4, 0.8, 1.4, 0.3, 1.4], [1.0] * 6, 2.0, "diverged", RULE_1),
    Run("high training, low validation", [12.0, 11.0, 20.0, 11.0, 12.0, 12.5, 14.0],
        [2.0] * 6 + [6.0], 20.0, "underfitting", RULE_4),
    Run("down and a little up", [0.6, 0.5, 0.4, 0.5, 0.55, 0.7], [0.6, 0.5, 0.4, 0.5, 0.55, 0.7], 2.0,
        "healthy", "a rise of 0.15 is less than 0.1 × 2.0"),
    Run("nan in epoch 3", [0.1, 0.1, NAN, 0.1, 0.1, 0.1], [1.4, 1.3, 1.2, 1.1, 1.0, 1.1], 2.0, "diverged",
        FINITE),
    Run("nan in the last epoch", [1.4, 1.0, 0.6, 0.4, 0.5, NAN], [0.3] * 6, 2.0, "diverged", FINITE),
    Run("inf in epoch 4", [2.0, 0.4, 0.4, INF, 0.4, 0.4], [0.6] * 6, 2.0, "diverged", FINITE),
    Run("validation climbs far", [1.0] * 5 + [4.0], [3.0, 10.0, 3.0, 8.0, 14.0, 20.0], 20.0, "overfitting",
        RULE_2),
    Run("validation climbs back", [10.0, 8.0, 3.0, 4.0, 4.0, 3.0], [14.0, 14.0, 3.0, 3.0, 14.0, 14.0], 20.0,
        "overfitting", RULE_2),
    Run("jumps that end low, validation falls slowly", [2.0, 0.4, 1.4, 0.3, 0.3, 1.0, 0.4, 0.4],
        [1.4, 1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.9], 2.0, "healthy", MEDIANS),
    Run("training climbs slowly", [0.5, 0.4, 0.5, 0.6, 0.7, 0.8], [1.0] * 6, 2.0, "diverged", RULE_1),
    Run("training falls, validation falls to a new level", [1.2, 1.1, 1.0, 0.9, 0.8, 0.9],
        [1.0, 1.0, 1.0, 0.2, 0.2, 0.2], 2.0, "undertrained", MEDIANS),
    Run("spikes, both a little lower at the end", [2.0, 2.0, 2.0, 20.0, 1.0, 1.0],
        [2.0, 3.0, 10.0, 2.0, 4.0, 2.0], 20.0, "undertrained", MEDIANS),
    Run("training high and falling, validation level", [1.4, 1.3, 1.2, 1.1, 1.0, 1.1, 1.2],
        [1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0], 2.0, "underfitting", RULE_4),
    Run("a gap of half the baseline", [0.25] * 6, [1.25] * 6, 2.0, "healthy",
        "a gap of exactly 0.5 × 2.0 is not more than that"),
    Run("both fall by 0.03", [0.8, 0.79, 0.78, 0.77, 0.76, 0.75], [0.9, 0.89, 0.88, 0.87, 0.86, 0.85], 2.0,
        "healthy", RULE_3),
    Run("both fall by 0.015", [0.8, 0.795, 0.79, 0.785, 0.78, 0.775], [0.9, 0.895, 0.89, 0.885, 0.88, 0.875],
        2.0, "healthy", RULE_3),
    Run("both fall by 0.06", [4.0, 3.98, 3.96, 3.94, 3.92, 3.9], [5.0, 4.98, 4.96, 4.94, 4.92, 4.9], 20.0,
        "healthy", RULE_3),
    Run("both fall, with a wide gap", [1.0, 0.9, 0.8, 0.7, 0.6, 0.5], [2.2, 2.1, 2.0, 1.9, 1.8, 1.7], 2.0,
        "overfitting", "rule 2 comes before rule 3"),
    Run("both high, with a wide gap", [1.2] * 6, [2.4] * 6, 2.0, "overfitting", "rule 2 comes before rule 4"),
    Run("small, with a late jump in validation", [0.1, 0.075, 0.05, 0.025, 0.05, 0.07],
        [0.125, 0.2, 0.15, 0.15, 0.35, 0.1], 0.5, "healthy", MEDIANS),
    Run("training falls all the way, validation a little up", [1.0, 0.87, 0.74, 0.61, 0.49, 0.36, 0.23, 0.1],
        [1.5, 1.4, 1.3, 1.2, 1.1, 1.0, 1.1, 1.2], 2.0, "undertrained", RULE_3),
    Run("a spike before the end, validation steps down", [4.0, 5.0, 2.0, 4.0, 14.0, 3.0],
        [8.0, 8.0, 8.0, 3.0, 3.0, 3.0], 20.0, "healthy", MEDIANS),
    Run("validation steps up", [0.9, 0.8, 0.7, 0.6, 0.7, 0.8], [0.3, 0.3, 0.3, 0.8, 0.8, 0.8], 2.0,
        "overfitting", RULE_2),
    Run("nan in the first validation", [0.8, 0.8, 0.8, 0.8, 0.8, 0.4], [NAN, 0.3, 0.2, 0.1, 0.2, 0.3], 2.0,
        "diverged", FINITE),
    Run("training at 0.9", [1.1, 1.0, 0.9, 0.8, 0.9, 0.95], [0.4] * 6, 2.0, "healthy", RULE_4),
    Run("training steps down, validation jumps", [0.8, 0.8, 0.8, 0.3, 0.3, 0.3],
        [0.5, 0.45, 0.8, 1.0, 0.5, 0.6], 2.0, "healthy", RULE_3),
    Run("validation at 2.1 over training at 0.1", [0.1] * 6, [2.2] * 6, 2.0, "overfitting", RULE_2),
    Run("nan in the first training", [NAN, 0.3, 0.2, 0.1, 0.1, 0.1], [0.3] * 6, 2.0, "diverged", FINITE),
    Run("nan in both at the end", [0.3, 0.3, 0.2, NAN, NAN, NAN], [0.3, 0.3, 0.2, NAN, NAN, NAN], 2.0,
        "diverged", FINITE),
)  # fmt: skip


def why_not_healthy(train: Sequence[float], val: Sequence[float], baseline: float) -> str:
    """Return why the rules do not call a run healthy, a breath in its favour, or "" if they do."""
    curves = np.array([train, val]) / baseline
    ends, before = np.median(curves[:, -3:], axis=1), np.median(curves[:, -6:-3], axis=1)
    rise, (level, other), fall = ends - curves.min(axis=1), ends, before - ends
    faults = {
        f"diverged: train_end lies {rise[0]:.2f} baselines above the lowest. End on low values": rise[0]
        - 0.1,
        f"overfitting: val_end lies {rise[1]:.2f} baselines above the lowest. Keep it level": rise[1] - 0.1,
        "overfitting: the gap is wider than half a baseline. Bring the ends together": other - level - 0.5,
        "undertrained: both still fall at the end. Let one of them be level there": fall.min() - 0.02,
        f"underfitting: train_end is {level:.2f} baselines. Make the low values lower": level - 0.5,
    }
    return next((fault for fault, excess in faults.items() if excess > 1e-9), "")
