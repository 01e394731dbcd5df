"""Hidden checks of the sweep cell: a dict of lists, which no known answer has to train for.

What a student stores depends on the seeds, so a trace holds what is wrong with it, and not its numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from checking import as_array, expect
from hidden.dropout_results_profiles import LAST, PROFILES, SCALE, TASK

from autograder.checks.framework import Student, check

NAME = "dropout_results"
RATES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
# Means of any three of 33 runs: p = 0 and .1 together .873 to .898, p = .3 and .5 together .903 to .921,
# p = .7 .861 to .915, p = .9 .327 to .492; at p = .9 at least .41 below p = .5. Best epochs have .907 or more
# at the first two, 30 epochs at most .836 at .7 and .308 at .9, 80 epochs .513 or more at .9, clean labels
# .948, test rows at most .852, train mode and training rows at most .835 at .3 and .5.
FEW, MIDDLE, MUCH, MOST = (0.866, 0.905), (0.899, 0.927), (0.848, 0.925), (0.29, 0.52)
GAP, ALIKE = 0.15, 1e-9
STORED = f"""
_found = globals().get({NAME!r}, "nothing is stored")
dict(_found) if isinstance(_found, dict) else "nothing is stored" if _found is ... else _found
"""
LISTS = "{p: [run['val_accuracy'][-1] for run in runs] for p, runs in zip(drop_rates, histories)}"
Means = dict[float, float]


def stored(student: Student) -> Any:
    """Return what the student has stored; a name that is missing is told as such."""
    value = student.run(STORED)
    student.note(symptoms(value))
    return value


def numbers_of(value: Any) -> np.ndarray | None:
    """Return the finite numbers of a list, tuple, array or tensor as an array, or of a single number."""
    array = as_array(list(value) if isinstance(value, tuple) else value)
    if array is None or not array.size or array.dtype.kind not in "fiub" or not np.isfinite(array).all():
        return None
    return np.asarray(array, dtype=float)


def rate_of(key: Any) -> float | None:
    """Return which of the six rates a key means, also one that is written as text, or None."""
    if isinstance(key, str) and len(key) < 20:
        try:
            key = float(key)
        except ValueError:
            return None
    array = as_array(key)
    if array is None or array.ndim or array.dtype.kind not in "fiu":
        return None
    return next((p for p in RATES if math.isclose(float(array), p, rel_tol=1e-6, abs_tol=1e-9)), None)


def means_of(value: Any) -> Means:
    """Return the means by rate, as far as they can be read. Percents become shares."""
    pairs = value.items() if isinstance(value, Mapping) else ()
    read = {rate_of(key): numbers_of(item) for key, item in pairs}
    means = {p: float(read[p].mean()) for p in RATES if read.get(p) is not None}
    percents = means and min(means.values()) > 1 and 50 < max(means.values()) <= 100
    return {p: mean / 100 for p, mean in means.items()} if percents else means


def symptoms(value: Any) -> list[str]:
    """Return what is to be seen of an answer, whatever its seeds: by this known mistakes are told apart."""
    if not isinstance(value, Mapping):
        known = isinstance(value, list | str | int | float | tuple)
        return [type(value).__name__ if known else "array" if as_array(value) is not None else "no dict"]
    means = means_of(value)
    kinds = sorted({type(key).__name__ for key in value if not isinstance(key, int | float)})
    shapes = sorted({_shape(item) for item in value.values()})
    found = [f"keys {kinds} {len(value)}", f"values {shapes}", f"rates {sorted(means)}"]
    return [*found, f"looks like {what_is_wrong(means)}", _size(value), f"same {repeated(value)}"]


def _shape(item: Any) -> str:
    array = numbers_of(item)
    if array is None:
        return (
            "nothing" if hasattr(item, "__len__") and not len(item) else f"no numbers: {type(item).__name__}"
        )
    if array.ndim != 1:
        return "one number" if array.ndim == 0 else f"{array.ndim} axes"
    return (
        "a list" if 3 <= len(array) <= 20 else f"a list of {len(array)}" if len(array) < 3 else "long lists"
    )


def _size(value: Mapping[Any, Any]) -> str:
    """Return what kind of quantity the numbers may be."""
    read = [array for array in map(numbers_of, value.values()) if array is not None]
    raw = np.concatenate([array.ravel() for array in read]) if read else np.zeros(1)
    if raw.min() >= 0 and raw.max() <= 1:
        return "shares"
    least = means_of(value).get(0.9, 0.0)
    if 1.9 < least < 2.4:
        return f"losses of {'training' if means_of(value).get(0.5, 0.0) > 0.65 else 'validation'}"
    counts = raw.max() > 100 and np.allclose(raw, raw.round())
    return "below 0" if raw.min() < 0 else "counts" if counts else "percents" if raw.max() > 50 else "large"


def repeated(value: Any) -> bool:
    """Return whether every list holds one number again and again: the same seed each time."""
    read = [numbers_of(item) for item in value.values()] if isinstance(value, Mapping) else []
    lists = [array for array in read if array is not None and array.ndim == 1 and len(array) > 1]
    return bool(lists) and all(np.ptp(array) < ALIKE for array in lists)


def what_is_wrong(means: Means) -> str:
    """Return what the means look like, a name of PROFILES or another word, or "" where they are right."""
    values = list(means.values())
    if any(not 0 <= mean <= 1 for mean in values):
        return "no shares"
    if not {0.5, 0.9} <= set(means):
        return ""
    if max(values) - min(values) < 0.03 and min(values) > 0.8:
        return "one p for all"
    if means.get(0.0, 1.0) < 0.6 and means[0.9] > 0.8:
        return "turned round"
    if means[0.5] < 0.02 + means[0.9] and means[0.5] < 0.2:
        return nearest(means) or "nothing learnt"
    return "" if _in_range(means) else nearest(means) or "other settings"


def _in_range(means: Means) -> bool:
    """Return whether the means lie where those of three or more seeds do."""
    parts = (((0.0, 0.1), FEW), ((0.3, 0.5), MIDDLE), ((0.7,), MUCH), ((0.9,), MOST))
    for rates, (low, high) in parts:
        found = [means[p] for p in rates if p in means]
        if len(found) == len(rates) and not low <= sum(found) / len(found) <= high:
            return False
    return True


def nearest(means: Means) -> str:
    """Return the profile that the means are nearest to, or "" if they are near none."""
    far = {
        name: max(
            abs(means[p] - want) / scale
            for p, want, scale in zip(RATES, profile, SCALE, strict=True)
            if p in means
        )
        for name, (profile, _) in PROFILES.items()
    }
    best = min(far, key=lambda name: far[name])
    return best if far[best] < 3 else ""


def read(student: Student) -> Means:
    """Return the means. Raises Mismatch if there are none for p = 0.5 and p = 0.9."""
    value = stored(student)
    means = means_of(value)
    enough = {0.5, 0.9} <= set(means)
    hint = "under each of the six values of p lies a list of accuracies, one for each seed"
    expect(enough, call=NAME, got=value, expected="lists for 0, 0.1, 0.3, 0.5, 0.7 and 0.9", hint=hint)
    return means


@check(NAME, gate=True)
def the_answer_is_a_dict(student: Student) -> None:
    value = stored(student)
    expect(isinstance(value, Mapping), call=NAME, got=value, expected="a dict", hint=LISTS)


@check(NAME, gate=True)
def there_are_accuracies_for_half_and_for_much_dropout(student: Student) -> None:
    read(student)


@check(NAME, marks=0.25)
def the_keys_are_the_six_rates(student: Student) -> None:
    value = stored(student)
    keys = list(value) if isinstance(value, Mapping) else []
    numbers = not any(isinstance(key, str) for key in keys)
    right = numbers and len(keys) == 6 and {rate_of(key) for key in keys} == set(RATES)
    hint = "the keys are the numbers 0, 0.1, 0.3, 0.5, 0.7 and 0.9, all six and no others"
    expect(right, call=f"the keys of {NAME}", got=keys, expected="the six values of p", hint=hint)


@check(NAME, marks=0.25)
def each_value_is_a_list_of_shares_of_three_seeds_or_more(student: Student) -> None:
    value = stored(student)
    items = list(value.values()) if isinstance(value, Mapping) else []
    arrays = [numbers_of(item) for item in items]
    lists = all(array is not None and array.ndim == 1 and 3 <= len(array) <= 20 for array in arrays)
    shares = lists and all(array is not None and 0 <= array.min() <= array.max() <= 1 for array in arrays)
    hint = f"one number from 0 to 1 for each of three to five seeds: {LISTS}"
    call, expected = f"the values of {NAME}", "lists of three to five accuracies"
    expect(bool(arrays) and shares, call=call, got=items[:2], expected=expected, hint=hint)
    hint = "every run ended alike: give each run a seed of its own"
    expect(not repeated(value), call=call, got=items[:2], expected="different runs", hint=hint)


@check(NAME, marks=0.25)
def the_net_learns_least_with_the_most_dropout(student: Student) -> None:
    means = read(student)
    shown = {p: round(mean, 3) for p, mean in means.items()}
    hint = "p = 0.9 leaves one unit in ten: after 60 epochs it is far behind. Is p handed to every run?"
    gap = means[0.5] - means[0.9]
    least = gap >= GAP and means[0.9] == min(means.values())
    expected = f"p = 0.9 the lowest, at least {GAP} below p = 0.5"
    expect(least, call=f"means of {NAME}", got=shown, expected=expected, hint=hint)


@check(NAME, marks=0.25)
def they_are_validation_accuracies_after_60_epochs(student: Student) -> None:
    means = read(student)
    wrong = what_is_wrong(means)
    hint = PROFILES[wrong][1] if wrong in PROFILES else f"{TASK}. {LAST}"
    expected = "about .88 .89 .91 .92 .89 .40" if wrong != "no shares" else "shares from 0 to 1"
    shown = {p: round(mean, 3) for p, mean in means.items()}
    expect(not wrong, call=f"means of {NAME}", got=shown, expected=expected, hint=hint)
