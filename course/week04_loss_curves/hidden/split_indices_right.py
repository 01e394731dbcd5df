"""A right answer of split_indices, and mistakes that differ from it in a few places."""

from autograder.model import Mistake

RIGHT = """
import math
import random
import numpy as np
import torch

def split_indices(labels, fractions, seed):
    if len(fractions) != 3 or min(fractions) < 0 or not math.isclose(sum(fractions), 1):
        raise ValueError("three fractions that add up to 1")
    labels, rng = np.asarray(labels), np.random.default_rng(seed)
    train, val, test = [], [], []
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        m = len(rows)
        first = round(fractions[0] * m)
        second = round((fractions[0] + fractions[1]) * m)
        train.extend(rows[:first])
        val.extend(rows[first:second])
        test.extend(rows[second:])
    return tuple(np.array(part, dtype=int) for part in (train, val, test))
"""


def changed(name: str, sentence: str, *replacements: tuple[str, str]) -> Mistake:
    """Return the right split with each (old, new) replaced, as a mistake; each old must be in it."""
    source = RIGHT
    for old, new in replacements:
        if old not in source:
            raise ValueError(f"{name}: the right answer of split_indices does not contain {old!r}")
        source = source.replace(old, new)
    return Mistake("split_indices", name, sentence, source)
