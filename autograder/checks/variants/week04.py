"""Right answers to the exercises of week 4, each written differently."""

from autograder.checks.choice import choice_variants
from autograder.model import Variant

RIGHT_LETTERS = {"gq1": "C", "gq2": "B", "gq3": "D", "gq4": "A", "gq5": "B", "gq6": "C"}
CHOICES = tuple(
    variant for exercise, letter in RIGHT_LETTERS.items() for variant in choice_variants(exercise, letter)
)

DIAGNOSE = (
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
    if train_end > 0.5:
        return "underfitting"
    return "healthy"
""",
    ),
)

SPLIT_INDICES = (
    Variant(
        "split_indices",
        "permute_each_class",
        """
import math
import numpy as np

def split_indices(labels, fractions, seed):
    if len(fractions) != 3 or min(fractions) < 0 or not math.isclose(sum(fractions), 1):
        raise ValueError(f"{fractions} are not three fractions that add up to 1")
    labels, rng = np.asarray(labels), np.random.default_rng(seed)
    pieces = [[], [], []]
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        cuts = [round(fractions[0] * len(rows)), round((fractions[0] + fractions[1]) * len(rows))]
        for piece, part in zip(pieces, np.split(rows, cuts)):
            piece.append(part)
    return tuple(np.concatenate(piece) for piece in pieces)
""",
    ),
    Variant(
        "split_indices",
        "plain_lists",
        """
import numpy as np

def split_indices(labels, fractions, seed):
    if len(fractions) != 3:
        raise ValueError("three fractions, please")
    if any(f < 0 for f in fractions) or abs(sum(fractions) - 1) > 1e-9:
        raise ValueError("fractions must not be negative and must add up to 1")
    rows_of = {}
    for i, label in enumerate(labels):
        rows_of.setdefault(int(label), []).append(i)
    train, val, test = [], [], []
    rng = np.random.default_rng(seed)
    for rows in rows_of.values():
        rng.shuffle(rows)
        a = round(len(rows) * fractions[0])
        b = round(len(rows) * (fractions[0] + fractions[1]))
        train += rows[:a]
        val += rows[a:b]
        test += rows[b:]
    return np.array(train, dtype=int), np.array(val, dtype=int), np.array(test, dtype=int)
""",
    ),
    Variant(
        "split_indices",
        "shuffle_once_then_pick",
        """
import numpy as np

def split_indices(labels, fractions, seed):
    f = np.asarray(fractions, dtype=float)
    if f.shape != (3,) or (f < 0).any() or not np.isclose(f.sum(), 1):
        raise ValueError("fractions")
    labels = np.array(labels)
    order = np.random.default_rng(seed).permutation(len(labels))
    part = np.empty(len(labels), dtype=int)
    for label in set(labels.tolist()):
        rows = order[labels[order] == label]
        first, second = np.round(np.cumsum(f)[:2] * len(rows)).astype(int)
        part[rows[:first]], part[rows[first:second]], part[rows[second:]] = 0, 1, 2
    return tuple(np.where(part == k)[0] for k in range(3))
""",
    ),
)

SMOOTH = (
    Variant(
        "smooth",
        "running_value",
        """
def smooth(values, beta):
    if not 0 <= beta < 1:
        raise ValueError("beta must be at least 0 and below 1")
    s, out = 0.0, []
    for t, value in enumerate(values, start=1):
        s = beta * s + (1 - beta) * value
        out.append(float(s / (1 - beta**t)))
    return out
""",
    ),
    Variant(
        "smooth",
        "running_sum_of_weights",
        """
def smooth(values, beta):
    if beta < 0 or beta >= 1:
        raise ValueError(f"beta = {beta}")
    total, weight, result = 0.0, 0.0, []
    for value in values:
        total, weight = beta * total + value, beta * weight + 1
        result.append(total / weight)
    return result
""",
    ),
    Variant(
        "smooth",
        "numpy_weights",
        """
import numpy as np

def smooth(values, beta):
    if not (0 <= beta and beta < 1):
        raise ValueError("beta")
    values = np.asarray(values, dtype=float)
    ages = range(1, len(values) + 1)
    return np.array([np.average(values[:t], weights=float(beta) ** np.arange(t)[::-1]) for t in ages])
""",
    ),
)

VARIANTS = (*CHOICES, *DIAGNOSE, *SPLIT_INDICES, *SMOOTH)
