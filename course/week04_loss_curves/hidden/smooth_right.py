"""A right answer of smooth, and mistakes that differ from it in a few places."""

from autograder.model import Mistake

RIGHT = """
import numpy as np
import torch

def smooth(values, beta):
    if not 0 <= beta < 1:
        raise ValueError("0 <= beta < 1")
    s, out = 0.0, []
    for t, value in enumerate(values, start=1):
        s = beta * s + (1 - beta) * value
        out.append(float(s / (1 - beta**t)))
    return out
"""


def changed(name: str, sentence: str, *replacements: tuple[str, str]) -> Mistake:
    """Return the right answer with each (old, new) replaced, as a mistake; each old must be in it."""
    source = RIGHT
    for old, new in replacements:
        if old not in source:
            raise ValueError(f"{name}: the right answer of smooth does not contain {old!r}")
        source = source.replace(old, new)
    return Mistake("smooth", name, sentence, source)
