"""Hidden checks of the sweep cell: a dict of five means, which no known answer has to train for.

What a student stores depends on the seeds, so a trace holds what is wrong with it, and not its numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from checking import as_array, expect
from hidden.weight_decay_results_runs import SINGLE

from autograder.checks.framework import Student, check

NAME = "weight_decay_results"
LAMBDAS = (0.0, 1e-4, 1e-3, 1e-2, 1e-1)
# Measured with 20 seeds, and with four other draws of the rows: single runs end at .064 to .114 with lam 0.1,
# and at .840 to .918 with the others. Means of any three of the 20 seeds: lam 0.01 is ahead of 0 by .005 or
# more on validation rows, and behind by .037 or more on training rows; the three smallest together reach at
# most .886 in the last epoch, and at least .902 in the best, where lam 0.1 is above .082, a class's share.
# They reach .863 at least (their mean over seeds is .878, with a spread of .009), and .843 on test rows, .828
# after 100 epochs, .853 in batches of 16, .838 at rate 2e-3: means of three seeds each. Training rows end at
# .824 with lam 0.01, and other rates or numbers of epochs leave it above .88.
GUESSING, LEARNT, SLACK, LUCKY, SHARE = 0.3, 0.8, 0.015, 0.894, 0.13
POOR, BY_HEART, BEST_GUESS, TEST_SHARE, CLASS_SHARE = 0.857, 0.86, 0.095, 90 / 997, 0.082
STORED = f"""
_found = globals().get({NAME!r}, "nothing is stored")
dict(_found) if isinstance(_found, dict) else "nothing is stored" if _found is ... else _found
"""
SETTINGS = "the rate is 1e-3, the batches are of 32 rows, the epochs 60, the rows digits_noisy() as it comes"
LAST = 'of each seed take run["val_accuracy"][-1], and of these the mean'
WRONG = {
    "all alike": ("different accuracies", 'put lam into the settings, {"lr": 1e-3, "weight_decay": lam}'),
    "training": ("accuracies on validation rows", f"training accuracies fall like this. {LAST}"),
    "best epoch": ("the last epoch", f"luck has helped to choose the best epoch. {LAST}"),
    "one run": ("means over at least three seeds", "these five are those of one run, or of two"),
    "other settings": ("what the settings of the task lead to", f"{SETTINGS}. {LAST}"),
    "too low": ("about 0.88 without decay", f"{SETTINGS}. {LAST}"),
    "other rows": ("about 0.88 without decay", f"{SETTINGS}, and the rows those of validation. {LAST}"),
    "test rows": ("accuracies on validation rows", f"the test rows end like this. {LAST}"),
    "no shares": ("validation accuracies", f"an accuracy lies between 0 and 1. {LAST}"),
}


def stored(student: Student) -> Any:
    """Return what the student has stored; a name that is missing is told as such."""
    value = student.run(STORED)
    student.note(symptoms(value))
    return value


def number_of(value: Any) -> float | None:
    """Return a finite number, or the mean of several (which costs its marks elsewhere), or None."""
    array = as_array(value)
    if array is None or not array.size or not np.isfinite(array).all():
        return None
    return float(array.mean())


def strength_of(key: Any) -> float | None:
    """Return which of the five strengths a key means, also one that is written as text, or None."""
    if isinstance(key, str) and len(key) < 20:
        try:
            key = float(key)
        except ValueError:
            return None
    array = as_array(key)
    if array is None or array.ndim:
        return None
    near = (lam for lam in LAMBDAS if math.isclose(float(array), lam, rel_tol=1e-6, abs_tol=1e-12))
    return next(near, None)


def means_of(value: Any) -> dict[float, float]:
    """Return the means by strength, as far as they can be read. Percents become shares."""
    pairs = value.items() if isinstance(value, Mapping) else ()
    read = {strength_of(key): number_of(item) for key, item in pairs}
    means = {lam: read[lam] for lam in LAMBDAS if read.get(lam) is not None}
    percents = means and min(means.values()) > 1 and 50 < max(means.values()) <= 100
    return {lam: mean / 100 for lam, mean in means.items()} if percents else means


def symptoms(value: Any) -> list[str]:
    """Return what is to be seen of an answer, whatever its seeds: by this known mistakes are told apart."""
    if not isinstance(value, Mapping):
        kind = type(value).__name__ if isinstance(value, list | str | int | float) else "no dict"
        return ["array" if kind == "no dict" and as_array(value) is not None else kind]
    means = means_of(value)
    kinds = sorted({type(key).__name__ for key in value if not isinstance(key, int | float)})
    shapes = sorted({_shape(item) for item in value.values()})
    found = [f"keys {kinds} {len(value)}", f"values {shapes}", f"means of {sorted(means)}"]
    low = sorted(lam for lam, mean in means.items() if mean <= GUESSING)
    return [*found, f"low at {low}", f"looks like {what_is_wrong(means)}", _size(value, means)]


def _shape(item: Any) -> str:
    array = as_array(item)
    return "no numbers" if array is None else "one number" if array.ndim == 0 else f"{array.ndim} axes"


def _size(value: Mapping[Any, Any], means: Mapping[float, float]) -> str:
    """Return what kind of quantity the numbers may be."""
    raw = [number for number in map(number_of, value.values()) if number is not None]
    if not raw or 0 <= min(raw) <= max(raw) <= 1:
        high = [lam for lam, mean in means.items() if mean > LEARNT]
        return f"shares, high at {sorted(high)}"
    if min(raw) < 0:
        return "below 0"
    if means and max(means.values()) <= 1:
        return "percents"
    guess = means.get(0.1)
    if guess is not None and abs(guess - math.log(10)) < 0.1:
        return f"losses of {'training' if means.get(0.01, 0) > 0.65 else 'validation'}"
    return "sums" if raw and min(raw) < 1 < max(raw) else "large"


def what_is_wrong(means: Mapping[float, float]) -> str:
    """Return which of WRONG the means look like, or ""."""
    values = list(means.values())
    if any(not 0 <= mean <= 1 for mean in values):
        return "no shares"
    if len(values) > 1 and max(values) - min(values) < 1e-9:
        return "all alike"
    if any(np.allclose(values, [run[lam] for lam in means], atol=1e-6) for run in SINGLE):
        return "one run"
    if {0.0, 0.01} <= set(means) and means[0.0] - means[0.01] > SLACK:
        if means[0.01] >= BY_HEART:
            return "other settings"
        if means.get(0.1, 1.0) > BEST_GUESS:
            return "training"
    return _level({lam: means[lam] for lam in LAMBDAS[:3] if lam in means}, means.get(0.1, 0.0))


def _level(small: Mapping[float, float], largest: float) -> str:
    """Return which of WRONG the level of the three smallest strengths looks like, or ""."""
    level = sum(small.values()) / len(small) if small else LUCKY
    if SHARE < largest <= GUESSING or (level > LUCKY and largest > BEST_GUESS):
        return "best epoch"
    if level > LUCKY and largest > 0.0825:
        return "other settings"
    if min(small.values(), default=0.0) <= LEARNT or level >= POOR:
        return ""
    if abs(largest - TEST_SHARE) < 5e-4:
        return "test rows"
    return "other rows" if abs(largest - CLASS_SHARE) > 0.01 else "too low"


def read(student: Student) -> dict[float, float]:
    """Return the means. Raises Mismatch if there are none for the smallest and for the largest strength."""
    value = stored(student)
    means = means_of(value)
    enough = {0.0, 0.1} <= set(means)
    hint = "store a dict with one number under each of the five values of lam"
    expect(enough, call=NAME, got=value, expected="means for 0, 1e-4, 1e-3, 1e-2 and 1e-1", hint=hint)
    return means


@check(NAME, gate=True)
def the_answer_is_a_dict(student: Student) -> None:
    value = stored(student)
    hint = "{lam: mean for lam, … in zip(lambdas, histories)} makes one"
    expect(isinstance(value, Mapping), call=NAME, got=value, expected="a dict", hint=hint)


@check(NAME, gate=True)
def there_are_means_without_decay_and_with_much(student: Student) -> None:
    read(student)


@check(NAME, marks=0.25)
def the_keys_are_the_five_strengths(student: Student) -> None:
    value = stored(student)
    keys = list(value) if isinstance(value, Mapping) else []
    numbers = not any(isinstance(key, str) for key in keys)
    right = numbers and len(keys) == 5 and {strength_of(key) for key in keys} == set(LAMBDAS)
    hint = "the keys are the numbers 0, 1e-4, 1e-3, 1e-2 and 1e-1, all five and no others"
    expect(right, call=f"the keys of {NAME}", got=keys, expected="the five values of lam", hint=hint)


@check(NAME, marks=0.25)
def each_value_is_one_share(student: Student) -> None:
    value = stored(student)
    items = list(value.values()) if isinstance(value, Mapping) else []
    arrays = [as_array(item) for item in items]
    single = bool(items) and all(array is not None and array.ndim == 0 for array in arrays)
    right = single and all(0 <= float(array) <= 1 for array in arrays if array is not None)
    hint = "one number from 0 to 1 for each lam: the mean over the seeds of an accuracy"
    expect(right, call=f"the values of {NAME}", got=items, expected="one share for each lam", hint=hint)


@check(NAME, marks=0.25)
def the_net_guesses_with_the_largest_strength_and_learns_with_the_others(student: Student) -> None:
    means = read(student)
    hint = "Adam at rate 1e-3, 60 epochs: lam 0.1 pulls every weight to 0, all other runs learn"
    low = means[0.1] <= GUESSING
    expect(low, call=f"{NAME}[0.1]", got=means[0.1], expected=f"at most {GUESSING}", hint=hint)
    for lam, mean in means.items():
        good = lam == 0.1 or mean > LEARNT
        expect(good, call=f"{NAME}[{lam:g}]", got=mean, expected=f"above {LEARNT}", hint=hint)


@check(NAME, marks=0.25)
def they_are_means_of_validation_accuracies_of_the_last_epoch(student: Student) -> None:
    means = read(student)
    wrong = what_is_wrong(means)
    expected, hint = WRONG.get(wrong, ("", ""))
    shown = {lam: round(mean, 4) for lam, mean in means.items()}
    expect(not wrong, call=NAME, got=shown, expected=expected, hint=hint)
