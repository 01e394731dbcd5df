"""A right answer of diagnose, and mistakes that differ from it in a few places."""

from autograder.model import Mistake

RIGHT = """
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

def blind_spot(baseline):
    return [0.25 * baseline, 0.75 * baseline] * 6 + [0.25 * baseline], [0.4 * baseline] * 13
"""


def changed(name: str, sentence: str, *replacements: tuple[str, str]) -> Mistake:
    """Return the right answer with each (old, new) replaced, as a mistake; each old must be in it."""
    source, blind_spot = RIGHT.split("def blind_spot")
    for old, new in replacements:
        if old not in source:
            raise ValueError(f"{name}: the right answer of diagnose does not contain {old!r}")
        source = source.replace(old, new)
    return Mistake("diagnose", name, sentence, f"{source}def blind_spot{blind_spot}")
