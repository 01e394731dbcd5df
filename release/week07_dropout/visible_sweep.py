"""The visible check of the sweep cell: six rates of dropout, and what they must have led to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from checking import all_good, as_array, expect
from tutor import visible

RATES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
LAST = 'histories[i][j]["val_accuracy"][-1] is the last epoch of setting i with seed j'
TASK = "the task: digits_noisy() as it comes, Adam at rate 1e-3, batches of 32, the last of 60 epochs"
# Means of any three of 33 runs lie well within these: .873 to .898 for p = 0 and .1 together, .903 to .921
# for .3 and .5, .861 to .915 for .7, .327 to .492 for .9.
RANGES = (
    ((0.0, 0.1), 0.866, 0.905),
    ((0.3, 0.5), 0.899, 0.927),
    ((0.7,), 0.848, 0.925),
    ((0.9,), 0.29, 0.52),
)
KNOWN = {  # what else ends like this, measured
    "these look like training accuracies, which fall with p": (0.869, 0.847, 0.809, 0.763, 0.621, 0.211),
    "these look like the training rows": (0.880, 0.865, 0.844, 0.821, 0.784, 0.442),
    "these look like train mode, with units missing: net.eval()": (0.880, 0.869, 0.865, 0.822, 0.665, 0.192),
    "these look like the best epoch of each run": (0.910, 0.914, 0.921, 0.923, 0.897, 0.409),
    "means over all epochs look like this": (0.843, 0.845, 0.837, 0.804, 0.706, 0.246),
    "ten epochs look like this": (0.840, 0.826, 0.783, 0.669, 0.433, 0.146),
    "fewer epochs or a smaller rate look like this": (0.897, 0.901, 0.895, 0.865, 0.750, 0.215),
    "more epochs look like this": (0.828, 0.866, 0.890, 0.912, 0.912, 0.594),
    "a higher rate looks like this": (0.835, 0.861, 0.895, 0.910, 0.913, 0.439),
    "clean labels look like this": (0.951, 0.949, 0.952, 0.947, 0.920, 0.438),
    "the test rows look like this": (0.840, 0.857, 0.874, 0.885, 0.863, 0.412),
    "dropped logits look like this: none after the last layer": (0.876, 0.893, 0.911, 0.900, 0.811, 0.104),
    "dropped inputs look like this: none before the first layer": (0.876, 0.910, 0.913, 0.838, 0.643, 0.090),
}
SCALE = (0.012, 0.012, 0.010, 0.010, 0.020, 0.050)


@visible
def check_dropout_results(dropout_results: Any) -> None:
    """Say whether there are lists of accuracies, and whether they are what 60 epochs with dropout lead to."""
    lists = _six_lists(dropout_results)
    _shares(lists)
    means = {p: float(np.mean(values)) for p, values in lists.items()}
    shown = {p: round(mean, 3) for p, mean in means.items()}
    call, same = "the means of dropout_results", max(means.values()) - min(means.values()) < 0.03
    hint = 'p never reached the nets: put it into the settings, {"lr": 1e-3, "dropout": p}'
    expect(not same, call=call, got=shown, expected="p = 0.9 far below the others", hint=hint)
    least = means[0.9] == min(means.values()) and means[0.5] - means[0.9] >= 0.15
    hint = "p = 0.9 drops nine units of ten: after both hidden layers? And do keys and lists belong together?"
    expected = "p = 0.9 the lowest, at least 0.15 below p = 0.5"
    expect(least, call=call, got=shown, expected=expected, hint=hint)
    right = all(low <= np.mean([means[p] for p in rates]) <= high for rates, low, high in RANGES)
    expected = "about .88 .89 .91 .92 .89 .40"
    expect(right, call=call, got=shown, expected=expected, hint=f"{_nearest(means)}{TASK}")
    all_good("dropout_results")


def _nearest(means: Mapping[float, float]) -> str:
    """Return what else the means look like, or ""."""
    values = [means[p] for p in RATES]
    far = {
        words: max(abs(a - b) / scale for a, b, scale in zip(values, known, SCALE, strict=True))
        for words, known in KNOWN.items()
    }
    best = min(far, key=lambda words: far[words])
    return f"{best}; " if far[best] < 3 else ""


def _six_lists(results: Any) -> dict[float, np.ndarray]:
    """Return the accuracies by p. Raises Mismatch unless there is a list of three or more for each p."""
    call, hint = "dropout_results", "a dict: {p: […] for p, runs in zip(drop_rates, histories)}"
    expect(isinstance(results, Mapping), call=call, got=results, expected="a dict with six lists", hint=hint)
    keys = {key: next((p for p in RATES if _is_close(key, p)), None) for key in results}
    said, hint = (
        f"the keys of {call}",
        "the keys are the numbers of drop_rates: no texts, positions or percents",
    )
    known = all(p is not None for p in keys.values()) and len(keys) <= 6
    expect(known, call=said, got=list(results), expected="0, 0.1, 0.3, 0.5, 0.7 and 0.9 alone", hint=hint)
    found = {p: results[key] for key, p in keys.items() if p is not None}
    missing, hint = [p for p in RATES if p not in found], "train with every p of drop_rates"
    expect(not missing, call=said, got=list(results), expected="all six values of p", hint=hint)
    return {p: _numbers(found[p], f"{call}[{p:g}]") for p in RATES}


def _numbers(values: Any, call: str) -> np.ndarray:
    """Return a list as an array. Raises Mismatch unless it is one of three to twenty finite numbers."""
    array = as_array(list(values) if isinstance(values, tuple) else values)
    single = array is not None and array.ndim == 0
    hint = "store the list itself, one accuracy for each seed: the plot needs its spread" if single else LAST
    flat = array is not None and array.ndim == 1 and bool(np.isfinite(array).all())
    expect(flat, call=call, got=values, expected="a list with one number for each seed", hint=hint)
    hint = f"three to five seeds, and of each one number: {LAST}"
    many = 3 <= len(array) <= 20
    expect(many, call=call, got=f"{len(array)} numbers", expected="three to five numbers", hint=hint)
    return array


def _is_close(key: Any, p: float) -> bool:
    number = as_array(key)
    return (
        number is not None and number.ndim == 0 and math.isclose(float(number), p, rel_tol=1e-6, abs_tol=1e-9)
    )


def _shares(lists: Mapping[float, np.ndarray]) -> None:
    """Raise Mismatch unless all numbers lie between 0 and 1 and differ, and say what they may be instead."""
    values = np.concatenate(list(lists.values()))
    hint = f"an accuracy is a share from 0 to 1. {LAST}"
    if values.min() > 1 and 50 < values.max() <= 100:
        hint = "shares from 0 to 1 are asked for, not percents: leave out the 100"
    elif 1.9 < lists[0.9].mean() < 2.4:
        hint = "these are losses: read val_accuracy, not val_loss"
    right = bool(((values >= 0) & (values <= 1)).all())
    got = {p: array.round(3).tolist() for p, array in lists.items()}
    expect(right, call="dropout_results", got=got, expected="shares from 0 to 1", hint=hint)
    alike = all(float(np.ptp(array)) < 1e-9 for array in lists.values())
    hint = "every run of a p ended alike: give each a seed of its own"
    expect(not alike, call="dropout_results", got=got, expected="runs that differ", hint=hint)
