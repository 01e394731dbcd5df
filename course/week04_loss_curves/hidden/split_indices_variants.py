"""Right answers to split_indices that are written differently."""

from autograder.model import Variant

REFUSED = """
import math
import numpy as np

def refuse(fractions):
    if len(fractions) != 3 or min(fractions) < 0 or not math.isclose(sum(fractions), 1):
        raise ValueError(f"{fractions} are not three fractions that add up to 1")
"""

VARIANTS = (
    Variant(
        "split_indices",
        "labels_then_seed_in_each_class",
        REFUSED
        + """
def split_indices(labels, fractions, seed):
    refuse(fractions)
    labels = np.array(labels)
    pieces = []
    for number, label in enumerate(sorted(set(labels.tolist()))):
        rows = np.where(labels == label)[0]
        np.random.default_rng([seed, number]).shuffle(rows)
        cuts = np.round(np.cumsum(fractions)[:2] * len(rows)).astype(int)
        pieces.append(np.split(rows, cuts))
    return tuple(map(np.concatenate, zip(*pieces)))
""",
    ),
    Variant(
        "split_indices",
        "same_generator_for_each_class",
        REFUSED
        + """
def split_indices(labels, fractions, seed):
    refuse(fractions)
    a, b, _ = fractions
    train, val, test = (np.zeros(0, dtype=np.int32) for _ in range(3))
    for label in np.unique(labels):
        rows = np.nonzero(np.asarray(labels) == label)[0].astype(np.int32)
        rows = np.random.default_rng(seed).permutation(rows)
        m = len(rows)
        train = np.append(train, rows[: round(a * m)])
        val = np.append(val, rows[round(a * m) : round((a + b) * m)])
        test = np.append(test, rows[round((a + b) * m) :])
    return train, val, test
""",
    ),
    Variant(
        "split_indices",
        "python_random",
        """
import random
import numpy as np

def split_indices(labels, fractions, seed):
    try:
        f_train, f_val, f_test = map(float, fractions)
    except ValueError:
        raise ValueError("three fractions") from None
    if f_train < 0 or f_val < 0 or f_test < 0:
        raise ValueError("negative")
    if abs(f_train + f_val + f_test - 1) > 1e-6:
        raise ValueError("sum")
    generator = random.Random(seed)
    classes = {}
    for position, label in enumerate(labels):
        classes.setdefault(int(label), []).append(position)
    parts = ([], [], [])
    for rows in classes.values():
        generator.shuffle(rows)
        cut_1, cut_2 = round(f_train * len(rows)), round((f_train + f_val) * len(rows))
        for number, row in enumerate(rows):
            parts[0 if number < cut_1 else 1 if number < cut_2 else 2].append(row)
    return tuple(np.array(sorted(part), dtype=np.int64) for part in parts)
""",
    ),
    Variant(
        "split_indices",
        "torch_generator",
        REFUSED
        + """
import torch

def split_indices(labels, fractions, seed):
    refuse(fractions)
    labels = torch.as_tensor(np.array(labels, dtype=np.int64))
    generator = torch.Generator().manual_seed(seed)
    pieces = []
    for label in labels.unique():
        rows = (labels == label).nonzero().flatten()
        rows = rows[torch.randperm(len(rows), generator=generator)]
        m = len(rows)
        cuts = [0, round(fractions[0] * m), round((fractions[0] + fractions[1]) * m), m]
        pieces.append([rows[a:b] for a, b in zip(cuts, cuts[1:])])
    return tuple(torch.cat([piece[k] for piece in pieces]).numpy() for k in range(3))
""",
    ),
    Variant(
        "split_indices",
        "random_keys_and_sorting",
        REFUSED
        + """
def split_indices(labels, fractions, seed):
    refuse(fractions)
    labels = np.asarray(labels)
    order = np.lexsort((np.random.RandomState(seed).rand(len(labels)), labels))
    starts = np.flatnonzero(np.r_[True, np.diff(labels[order]) != 0, True])
    parts = [np.array([], dtype=int)] * 3
    for start, end in zip(starts[:-1], starts[1:]):
        m = end - start
        first = start + round(float(fractions[0] * m))
        second = start + round(float((fractions[0] + fractions[1]) * m))
        for k, (a, b) in enumerate(((start, first), (first, second), (second, end))):
            parts[k] = np.concatenate([parts[k], order[a:b]])
    return parts[0], parts[1], parts[2]
""",
    ),
)
