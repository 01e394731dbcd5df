"""Typical mistakes in blind_spot beside a right diagnose, and right answers that are written differently."""

from autograder.model import Mistake, Variant

DIAGNOSE = """
import math
from statistics import mean, median

def diagnose(history, baseline):
    train, val = history["train_loss"], history["val_loss"]
    if len(train) != len(val) or len(train) < 6:
        raise ValueError("two lists of the same length, of at least six epochs")
    train_end, val_end = median(train[-3:]), median(val[-3:])
    train_before, val_before = median(train[-6:-3]), median(val[-6:-3])
    low_train, low_val = min(train), min(val)
    if not all(math.isfinite(value) for value in [*train, *val]):
        return "diverged"
    if train_end > low_train + 0.1 * baseline:
        return "diverged"
    if val_end > low_val + 0.1 * baseline:
        return "overfitting"
    if val_end > train_end + 0.5 * baseline:
        return "overfitting"
    train_falls = train_end < train_before - 0.02 * baseline
    val_falls = val_end < val_before - 0.02 * baseline
    if train_falls and val_falls:
        return "undertrained"
    if train_end > 0.5 * baseline:
        return "underfitting"
    return "healthy"
"""


def instead(name: str, sentence: str, source: str) -> Mistake:
    """Return a right diagnose with this blind_spot, as a mistake."""
    return Mistake("diagnose", name, sentence, f"{DIAGNOSE}\n\ndef blind_spot(baseline):\n    {source}\n")


def as_well(name: str, source: str) -> Variant:
    """Return a right diagnose with this right blind_spot."""
    return Variant("diagnose", name, f"{DIAGNOSE}\n\n{source}")


MISTAKES = (
    Mistake(
        "diagnose",
        "no_blind_spot",
        "There is no blind_spot in your notebook. The exercise has two parts: write the second function, "
        "too, and run its cell.",
        DIAGNOSE,
    ),
    instead(
        "blind_spot_not_written",
        "Your blind_spot is not written yet. Start from a healthy run and let its middle jump: the rules "
        "look at the ends and at the lowest values.",
        "raise NotImplementedError()",
    ),
    Mistake(
        "diagnose",
        "blind_spot_without_an_argument",
        "Your blind_spot takes no argument. It is asked for several baselines: def blind_spot(baseline), and "
        "multiply each number by it.",
        f"{DIAGNOSE}\n\ndef blind_spot():\n    return [0.25, 0.75] * 6 + [0.25], [0.4] * 13\n",
    ),
    instead(
        "blind_spot_one_list",
        "Your blind_spot does not return two lists. Write return train_loss, val_loss: the two, with a comma "
        "between them, and no dictionary.",
        "return [0.25 * baseline, 0.75 * baseline] * 6 + [0.25 * baseline]",
    ),
    instead(
        "blind_spot_two_lengths",
        "The two lists of your blind_spot differ in length, or hold fewer than 8 or more than 40 numbers. "
        "Give one loss an epoch in each.",
        "return [0.25 * baseline, 0.75 * baseline] * 6 + [0.25 * baseline], [0.4 * baseline] * 12",
    ),
    instead(
        "blind_spot_no_losses",
        "Your blind_spot holds values that are no losses: each must be finite and above 0. Lift the whole "
        "curve a little.",
        "return [0.0, 0.5 * baseline] * 6 + [0.0], [0.4 * baseline] * 13",
    ),
    instead(
        "blind_spot_too_tame",
        "Your run does not jump enough. Count the steps from one epoch to the next that go up by 0.3 × "
        "baseline or more: there must be five.",
        "return [1.0 * baseline] + [0.3 * baseline] * 11, [0.4 * baseline] * 12",
    ),
    instead(
        "blind_spot_ends_high",
        "The rules see your run: they call it diverged, because the median of its last three training losses "
        "lies far above the lowest one. Let two of the last three be low.",
        "return [0.25 * baseline, 0.75 * baseline] * 6, [0.4 * baseline] * 12",
    ),
    instead(
        "blind_spot_overfits",
        "The rules see your run: they call it overfitting. Let the validation loss end near its lowest "
        "value, and at most half a baseline above the training loss: a level line will do.",
        "return [0.25 * baseline, 0.75 * baseline] * 6 + [0.25 * baseline], [0.9 * baseline] * 13",
    ),
    instead(
        "blind_spot_still_falls",
        "The rules see your run: they call it undertrained, because both medians still fall. Let the "
        "validation loss be level.",
        "curve = [0.25 * baseline, 0.75 * baseline] * 6 + [0.25 * baseline]\n    return curve, curve",
    ),
    instead(
        "blind_spot_too_high",
        "The rules see your run: they call it underfitting, because it ends above half the baseline. Let the "
        "low values lie lower.",
        "return [0.6 * baseline, 1.2 * baseline] * 6 + [0.6 * baseline], [0.7 * baseline] * 13",
    ),
    instead(
        "blind_spot_for_a_baseline_of_1",
        "Your run is right for a baseline of 1, and stays as it is for any other: there its jumps are too "
        "small. Multiply each number by the baseline.",
        "return [0.25, 0.75] * 6 + [0.25], [0.4] * 13",
    ),
)

VARIANTS = (
    as_well(
        "blind_spot_as_a_staircase",
        """
def blind_spot(baseline):
    climb = [0.1, 0.4, 0.7, 1.0, 1.3, 1.6, 0.1, 0.1, 0.1]
    return [baseline * value for value in climb], [0.3 * baseline for _ in climb]
""",
    ),
    as_well(
        "blind_spot_from_numpy",
        """
import numpy as np

def blind_spot(baseline):
    train = np.full(40, 0.2)
    train[1:-3:2] += 0.35
    return train * baseline, np.linspace(0.3, 0.31, 40) * baseline
""",
    ),
    as_well(
        "blind_spot_step_by_step",
        """
def blind_spot(baseline):
    train_loss, val_loss = [], []
    for epoch in range(20):
        jump = 1 if epoch % 3 == 1 and epoch < 17 else 0
        train_loss.append((0.3 + 0.4 * jump) * baseline)
        val_loss.append((0.35 + 0.5 * jump) * baseline)
    return [train_loss, val_loss]
""",
    ),
)
