"""Right answers to diagnose that are written differently."""

from autograder.model import Variant

BLIND_SPOT = """

def blind_spot(baseline):
    return [0.25 * baseline, 0.75 * baseline] * 6 + [0.25 * baseline], [0.4 * baseline] * 13
"""


def variant(name: str, source: str) -> Variant:
    """Return a right diagnose together with a right blind_spot."""
    return Variant("diagnose", name, source + BLIND_SPOT)


VARIANTS = (
    variant(
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
    variant(
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
    variant(
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
    variant(
        "tensors",
        """
import torch

def diagnose(history, baseline):
    if not 6 <= len(history["train_loss"]) == len(history["val_loss"]):
        raise ValueError("lengths")
    both = torch.tensor([history["train_loss"], history["val_loss"]], dtype=torch.float64)
    end, before = both[:, -3:].median(dim=1).values, both[:, -6:-3].median(dim=1).values
    rise = end - both.min(dim=1).values
    if not bool(both.isfinite().all()) or rise[0] > 0.1 * baseline:
        return "diverged"
    if rise[1] > 0.1 * baseline or end[1] - end[0] > 0.5 * baseline:
        return "overfitting"
    if bool((before - end > 0.02 * baseline).all()):
        return "undertrained"
    return "underfitting" if end[0] > 0.5 * baseline else "healthy"
""",
    ),
    variant(
        "one_function_a_rule",
        """
import numpy as np

def _ends(values):
    return float(np.median(values[-3:])), float(np.median(values[-6:-3]))

def _rises(values, baseline):
    return _ends(values)[0] > min(values) + 0.1 * baseline

def _falls(values, baseline):
    end, before = _ends(values)
    return end < before - 0.02 * baseline

def diagnose(history, baseline):
    "Judge a run."
    train, val = (tuple(history[name]) for name in ("train_loss", "val_loss"))
    if len(train) != len(val):
        raise ValueError("one loss an epoch in each list")
    if len(train) <= 5:
        raise ValueError("too short to judge")
    if any(value != value or abs(value) == float("inf") for value in train + val):
        return "diverged"
    if _rises(train, baseline):
        return "diverged"
    if _rises(val, baseline):
        return "overfitting"
    if _ends(val)[0] - _ends(train)[0] > 0.5 * baseline:
        return "overfitting"
    if _falls(train, baseline) and _falls(val, baseline):
        return "undertrained"
    if _ends(train)[0] > 0.5 * baseline:
        return "underfitting"
    return "healthy"
""",
    ),
    variant(
        "one_verdict_at_the_end",
        """
import math

def diagnose(history, baseline):
    losses = [list(history["train_loss"]), list(history["val_loss"])]
    if len(losses[0]) != len(losses[1]) or min(map(len, losses)) < 6:
        raise ValueError("cannot be judged")
    verdict = "healthy"
    if not all(math.isfinite(v) for values in losses for v in values):
        verdict = "diverged"
    else:
        te, ve = (sorted(values[-3:])[1] for values in losses)
        tb, vb = (sorted(values[-6:-3])[1] for values in losses)
        if te > min(losses[0]) + 0.1 * baseline:
            verdict = "diverged"
        elif ve > min(losses[1]) + 0.1 * baseline or ve > te + 0.5 * baseline:
            verdict = "overfitting"
        elif te < tb - 0.02 * baseline and ve < vb - 0.02 * baseline:
            verdict = "undertrained"
        elif te > 0.5 * baseline:
            verdict = "underfitting"
    return verdict
""",
    ),
    variant(
        "backwards",
        """
import math
from statistics import median

def diagnose(history, baseline):
    train, val = history["train_loss"][::-1], history["val_loss"][::-1]
    try:
        pairs = list(zip(train, val, strict=True))
    except ValueError:
        raise ValueError("the lists differ in length") from None
    if len(pairs) < 6:
        raise ValueError("too few epochs")
    last, before = zip(*pairs[:3]), zip(*pairs[3:6])
    (train_end, val_end), (train_before, val_before) = map(median, last), map(median, before)
    numbers = math.isfinite(math.fsum(abs(a) + abs(b) for a, b in pairs))
    falls = train_before - train_end > 0.02 * baseline and val_before - val_end > 0.02 * baseline
    gap = val_end - train_end > 0.5 * baseline
    return (
        "diverged" if not numbers or train_end - min(train) > 0.1 * baseline
        else "overfitting" if gap or val_end - min(val) > 0.1 * baseline
        else "undertrained" if falls
        else "underfitting" if train_end > 0.5 * baseline
        else "healthy"
    )
""",
    ),
    variant(
        "middle_by_minimum_and_maximum",
        """
def diagnose(history, baseline):
    t, v = history["train_loss"], history["val_loss"]
    if len(t) != len(v) or len(t) < 6:
        raise ValueError()
    for x in t + v:
        if not (-1e308 < x < 1e308):
            return "diverged"
    def middle(a, b, c):
        return max(min(a, b), min(max(a, b), c))
    te, ve = middle(*t[-3:]), middle(*v[-3:])
    tb, vb = middle(*t[-6:-3]), middle(*v[-6:-3])
    tenth, half, little = baseline * 0.1, baseline * 0.5, baseline * 0.02
    if any(te - x > tenth for x in t):
        return "diverged"
    if any(ve - x > tenth for x in v) or ve - te > half:
        return "overfitting"
    if tb - te > little and vb - ve > little:
        return "undertrained"
    if te > half:
        return "underfitting"
    return "healthy"
""",
    ),
)
