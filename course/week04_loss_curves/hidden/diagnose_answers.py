"""Typical mistakes in diagnose, and right answers that are written differently."""

from autograder.model import Mistake, Variant

RIGHT = """
import numpy as np

def diagnose(history, baseline):
    train, val = history["train_loss"], history["val_loss"]
    if len(train) != len(val) or len(train) < 6:
        raise ValueError("two lists of the same length, of at least six epochs")
    train_end, val_end = np.median(train[-3:]), np.median(val[-3:])
    train_before, val_before = np.median(train[-6:-3]), np.median(val[-6:-3])
    if not np.isfinite(train + val).all():
        return "diverged"
    if train_end > min(train) + 0.1 * baseline:
        return "diverged"
    if val_end > min(val) + 0.1 * baseline or val_end > train_end + 0.5 * baseline:
        return "overfitting"
    falls_in_training = train_end < train_before - 0.02 * baseline
    falls_in_validation = val_end < val_before - 0.02 * baseline
    if falls_in_training and falls_in_validation:
        return "undertrained"
    if train_end > 0.5 * baseline:
        return "underfitting"
    return "healthy"
"""

CLIMBING = """    if train_end > min(train) + 0.1 * baseline:
        return "diverged"
"""
OVERFITTING = """    if val_end > min(val) + 0.1 * baseline or val_end > train_end + 0.5 * baseline:
        return "overfitting"
"""
UNDERTRAINED = """    falls_in_training = train_end < train_before - 0.02 * baseline
    falls_in_validation = val_end < val_before - 0.02 * baseline
    if falls_in_training and falls_in_validation:
        return "undertrained"
"""
UNDERFITTING = """    if train_end > 0.5 * baseline:
        return "underfitting"
"""
FINITE = """    if not np.isfinite(train + val).all():
        return "diverged"
"""


def changed(name: str, sentence: str, *replacements: tuple[str, str]) -> Mistake:
    """Return the right answer with each (old, new) replaced, as a mistake; each old must be in it."""
    source = RIGHT
    for old, new in replacements:
        if old not in source:
            raise ValueError(f"{name}: the right answer of diagnose does not contain {old!r}")
        source = source.replace(old, new)
    return Mistake("diagnose", name, sentence, source)


MISTAKES = (
    changed(
        "nan_not_noticed",
        "A run full of nan passes all your rules, because every comparison with nan is False. Ask "
        "math.isfinite about each value before anything else.",
        (FINITE, ""),
    ),
    changed(
        "only_the_last_values_checked",
        "You look for nan in the last epoch only. A loss that was nan or inf once has left the rails, "
        "even if later values look tame. Check all values of both lists.",
        ("train + val)", "[train[-1], val[-1]])"),
    ),
    changed(
        "only_the_training_loss_checked",
        "You look for nan and inf in the training loss only. Check the validation loss as well.",
        ("train + val)", "train)"),
    ),
    changed(
        "inf_not_noticed",
        "You look for nan but not for inf. math.isfinite finds both.",
        ("not np.isfinite(train + val).all()", "np.isnan(train + val).any()"),
    ),
    changed(
        "no_rule_for_a_climbing_training_loss",
        "Only nan and inf count as diverged in your function. A training loss that ends far above its own "
        "lowest value has diverged too: rule 1 has two parts.",
        (CLIMBING, ""),
    ),
    changed(
        "divergence_read_from_the_validation_loss",
        "You apply the second part of rule 1 to the validation loss, so overfitted runs are called "
        "diverged. A run diverges when the loss that the optimizer lowers goes up: use the training loss.",
        ("train_end > min(train)", "val_end > min(val)"),
    ),
    changed(
        "overfitting_before_divergence",
        "When both losses climb, your function says overfitting, because that rule comes first. "
        "Overfitting needs a training loss that still goes down: ask about divergence first.",
        (CLIMBING, ""),
        (OVERFITTING, OVERFITTING + CLIMBING),
    ),
    changed(
        "last_value_instead_of_median",
        "You judge the end of the run by its last value, so one spike decides. Take the median of the "
        "last three values.",
        ("np.median(train[-3:]), np.median(val[-3:])", "train[-1], val[-1]"),
    ),
    changed(
        "mean_instead_of_median",
        "You take the mean of three values, and one spike moves a mean a long way. The median of three "
        "ignores it.",
        ("np.median", "np.mean"),
    ),
    changed(
        "compared_with_the_first_epoch",
        "You compare the end of the run with its first value. Nearly every run ends below its start. "
        "Compare with the lowest value: min(losses).",
        ("min(train)", "train[0]"),
        ("min(val)", "val[0]"),
    ),
    changed(
        "limits_without_the_baseline",
        "Your limits are fixed numbers, so the verdict changes when the losses are measured on another "
        "scale. Multiply each limit by the baseline.",
        (" * baseline", ""),
    ),
    changed(
        "gap_not_looked_at",
        "A training loss of 0.1 beside a flat validation loss of 1.8 is healthy in your function. Rule 2 "
        "has a second part: the gap between the two ends.",
        (" or val_end > train_end + 0.5 * baseline", ""),
    ),
    changed(
        "rise_not_looked_at",
        "You only look at the gap at the end, so a validation loss that has turned upwards goes unnoticed "
        "while the gap is small. Rule 2 has two parts.",
        ("val_end > min(val) + 0.1 * baseline or ", ""),
    ),
    changed(
        "one_falling_loss_is_enough",
        "You say undertrained as soon as one of the losses still falls. If only the training loss falls, "
        "more epochs do not help. Join the two conditions with `and`.",
        ("falls_in_training and", "falls_in_training or"),
    ),
    changed(
        "only_the_training_loss_falls",
        "You only ask whether the training loss still falls. Both must fall: while only the training loss "
        "does, the model gains nothing on new rows.",
        (" and falls_in_validation", ""),
    ),
    changed(
        "level_before_slope",
        "A run that is still high and still falling is called underfitting, because you ask about the "
        "level first. Ask whether it is finished before you judge how far it got.",
        (UNDERFITTING, ""),
        (UNDERTRAINED, UNDERFITTING + UNDERTRAINED),
    ),
    changed(
        "close_together_is_healthy",
        "Your function calls two curves healthy because they are close together. Two curves can be close "
        "at the baseline, where nothing has been learned: judge the level of train_end.",
        ("train_end > 0.5 * baseline:", "val_end - train_end > 0.1 * baseline:"),
    ),
    changed(
        "level_of_the_validation_loss",
        "You judge underfitting by the validation loss. Whether the model can fit at all shows on its "
        "training rows: use train_end.",
        ("if train_end > 0.5", "if val_end > 0.5"),
    ),
    changed(
        "fall_since_the_first_epochs",
        "You compare the end with the first three epochs, so every run that ever improved counts as "
        "unfinished. Compare with the three epochs just before the last three.",
        ("np.median(train[-6:-3]), np.median(val[-6:-3])", "np.median(train[:3]), np.median(val[:3])"),
    ),
    changed(
        "no_ValueError",
        "Histories that are too short, or whose lists differ in length, get a verdict all the same. Check "
        "the lengths first and raise ValueError.",
        (
            """    if len(train) != len(val) or len(train) < 6:
        raise ValueError("two lists of the same length, of at least six epochs")
""",
            "",
        ),
    ),
    changed(
        "seven_epochs_asked_for",
        "Six epochs are enough, you ask for more. Compare with < 6 instead of <= 6.",
        ("len(train) < 6", "len(train) <= 6"),
    ),
    changed(
        "history_sorted_in_place",
        "You call .sort() on the lists of the history: the caller's curves lose their order, and your own "
        "slices with them. sorted(values) makes a new list.",
        ("    train_end, val_end =", "    train.sort()\n    val.sort()\n    train_end, val_end ="),
    ),
    changed(
        "capital_letters",
        'The verdicts are in small letters; yours begin with a capital, and "Healthy" is not "healthy". '
        "Copy the five words from the instructions.",
        *(
            (f'"{word}"', f'"{word.capitalize()}"')
            for word in ("diverged", "overfitting", "undertrained", "underfitting", "healthy")
        ),
    ),
    changed(
        "printed_not_returned",
        "You print the verdict, but the function returns None. Write return instead of print.",
        *(
            (f'return "{word}"', f'return print("{word}")')
            for word in ("diverged", "overfitting", "undertrained", "underfitting", "healthy")
        ),
    ),
)

VARIANTS = (
    Variant(
        "diagnose",
        "numpy_medians",
        """
import numpy as np

def diagnose(history, baseline):
    train, val = np.array(history["train_loss"]), np.array(history["val_loss"])
    if len(train) < 6 or len(train) != len(val):
        raise ValueError("give two lists of the same length, of at least six epochs")
    train_end, val_end = np.median(train[-3:]), np.median(val[-3:])
    train_before, val_before = np.median(train[-6:-3]), np.median(val[-6:-3])
    if not (np.isfinite(train).all() and np.isfinite(val).all()) or train_end > train.min() + 0.1 * baseline:
        return "diverged"
    if val_end > val.min() + 0.1 * baseline or val_end > train_end + 0.5 * baseline:
        return "overfitting"
    if train_end < train_before - 0.02 * baseline and val_end < val_before - 0.02 * baseline:
        return "undertrained"
    return "underfitting" if train_end > 0.5 * baseline else "healthy"
""",
    ),
    Variant(
        "diagnose",
        "sorted_middle",
        """
import math

def middle(values):
    return sorted(values)[1]

def diagnose(history, baseline):
    train, val = history["train_loss"], history["val_loss"]
    n = len(train)
    if n != len(val) or n < 6:
        raise ValueError(f"{n} training and {len(val)} validation losses")
    for value in list(train) + list(val):
        if math.isnan(value) or math.isinf(value):
            return "diverged"
    ends, lowest, falls = [], [], []
    for values in (train, val):
        ends.append(middle(values[n - 3:]))
        lowest.append(min(values))
        falls.append(middle(values[n - 6:n - 3]) - middle(values[n - 3:]))
    verdicts = [
        (ends[0] - lowest[0] > baseline / 10, "diverged"),
        (ends[1] - lowest[1] > baseline / 10, "overfitting"),
        (ends[1] - ends[0] > baseline / 2, "overfitting"),
        (min(falls) > baseline / 50, "undertrained"),
        (ends[0] > baseline / 2, "underfitting"),
    ]
    return next((name for applies, name in verdicts if applies), "healthy")
""",
    ),
    Variant(
        "diagnose",
        "in_units_of_the_baseline",
        """
import math
from statistics import median

def diagnose(history, baseline):
    curves = {key: [v / baseline for v in history[key]] for key in ("train_loss", "val_loss")}
    train, val = curves.values()
    if len(train) != len(val):
        raise ValueError("the two lists differ in length")
    if len(train) < 6:
        raise ValueError("six epochs are needed")
    if not all(map(math.isfinite, train + val)):
        return "diverged"
    (train_before, train_end), (val_before, val_end) = (
        (median(c[-6:-3]), median(c[-3:])) for c in (train, val)
    )
    if train_end - min(train) > 0.1:
        return "diverged"
    if val_end - min(val) > 0.1 or val_end - train_end > 0.5:
        return "overfitting"
    if train_before - train_end > 0.02 and val_before - val_end > 0.02:
        return "undertrained"
    return "underfitting" if train_end > 0.5 else "healthy"
""",
    ),
)
