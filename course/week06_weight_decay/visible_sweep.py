"""The visible check of the sweep cell: five strengths of decay, and what they must have led to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from checking import all_good, as_array, expect
from tutor import visible

LAMBDAS = (0.0, 1e-4, 1e-3, 1e-2, 1e-1)
ROWS = 500  # of the validation set: the accuracy of one run is a whole number of five hundredths
GUESSING, LEARNT = 0.3, 0.8  # at most so much at λ = 0.1, at least so much elsewhere: nothing lies between
SLACK = 0.01  # by so much may λ = 0.01 fall behind λ = 0: on validation rows it is ahead by 0.02
BEST_GUESS = 0.095  # more than that are right at λ = 0.1 on training rows, .127, and in a best epoch, .119
BY_HEART = 0.86  # less than that has λ = 0.01 on training rows, of which 82 % have the right label
LOW, HIGH = 0.857, 0.894  # between these lie means of λ = 0, 1e-4, 1e-3 over seeds: .878, spread .009 a seed
LAST = 'histories[i][j]["val_accuracy"][-1] is the last epoch of setting i with seed j'


@visible
def check_weight_decay_results(weight_decay_results: Any) -> None:
    """Say whether there are five means over seeds, and whether they are what Adam's decay leads to."""
    means = _five_numbers(weight_decay_results)
    _shares(means)
    shown = {lam: round(value, 4) for lam, value in means.items()}
    hint = "put lam into the settings: {'lr': 1e-3, 'weight_decay': lam}. All five runs were the same"
    same = len(set(means.values())) == 1
    expect(not same, call="weight_decay_results", got=shown, expected="different accuracies", hint=hint)
    low = means[0.1] <= GUESSING
    call = "weight_decay_results[0.1]"
    expect(low, call=call, got=shown[0.1], expected=f"at most {GUESSING}", hint=_why_not_low(means))
    for lam in LAMBDAS[:-1]:
        call, wanted = f"weight_decay_results[{lam:g}]", f"above {LEARNT}"
        hint = "rate 1e-3, 60 epochs, batches of 32, Adam, digits_noisy(): then it learns at this λ"
        expect(means[lam] > LEARNT, call=call, got=shown[lam], expected=wanted, hint=hint)
    _level(means, shown)
    if all(math.isclose(value * ROWS, round(value * ROWS), abs_tol=1e-6) for value in means.values()):
        print("These five could each be a single run. Is the mean over at least three seeds in there?")
    all_good("weight_decay_results")


def _level(means: Mapping[float, float], shown: Mapping[float, float]) -> None:
    """Raise Mismatch where the means lie higher or lower than the settings of the task lead to."""
    call, few = "weight_decay_results", sum(means[lam] for lam in LAMBDAS[:3]) / 3
    behind = means[0.0] - means[0.01] > SLACK
    hint = "these look like training accuracies, which fall with λ. " + LAST
    training = behind and means[0.01] < BY_HEART and means[0.1] > BEST_GUESS
    expect(not training, call=call, got=shown, expected="validation accuracies", hint=hint)
    high = (behind and means[0.01] >= BY_HEART) or (means[0.1] > 0.0825 and few > HIGH)
    hint = "these look like the best epoch of each run, which luck has helped to choose. " + LAST
    best = few > HIGH and means[0.1] > BEST_GUESS
    expect(not best, call=call, got=shown, expected="the last epoch", hint=hint)
    hint = "a smaller rate, fewer epochs or the best epoch of each run end like this. " + LAST
    expect(not high, call=call, got=shown, expected="the last of 60 epochs at rate 1e-3", hint=hint)
    hint = (
        "test rows, more epochs, smaller batches, a higher rate, other rows or a mean over all epochs end "
        "like this. The task: digits_noisy() as it comes, its validation rows, the last of 60 epochs, "
        "batches of 32, rate 1e-3"
    )
    expect(few >= LOW, call=call, got=shown, expected="about 0.88 where λ is small", hint=hint)


def _five_numbers(results: Any) -> dict[float, float]:
    """Return the five means by λ. Raises Mismatch unless there is one number for each."""
    call, hint = "weight_decay_results", "a dict: {lam: mean for lam, … in zip(lambdas, histories)}"
    expect(isinstance(results, Mapping), call=call, got=results, expected="a dict with five means", hint=hint)
    keys = {key: next((lam for lam in LAMBDAS if _is_close(key, lam)), None) for key in results}
    known = all(lam is not None for lam in keys.values())
    hint = "the keys are the numbers 0, 1e-4, 1e-3, 1e-2, 1e-1 and no others: no text, no positions"
    expect(known, call=f"the keys of {call}", got=list(results), expected="the five λs alone", hint=hint)
    found = {lam: results[key] for key, lam in keys.items() if lam is not None}
    missing = [f"{lam:g}" for lam in LAMBDAS if lam not in found]
    hint, expected = "train with every λ of lambdas", "all five λs"
    expect(not missing, call=f"the keys of {call}", got=list(results), expected=expected, hint=hint)
    for lam, value in found.items():
        number = as_array(value)
        one = number is not None and number.ndim == 0 and bool(math.isfinite(float(number)))
        hint = "take the mean over the seeds, so that one number is left. " + LAST
        expect(one, call=f"{call}[{lam:g}]", got=value, expected="one number", hint=hint)
    return {lam: float(found[lam]) for lam in LAMBDAS}


def _is_close(key: Any, lam: float) -> bool:
    number = as_array(key)
    return (
        number is not None
        and number.ndim == 0
        and math.isclose(float(number), lam, rel_tol=1e-6, abs_tol=1e-12)
    )


def _shares(means: Mapping[float, float]) -> None:
    """Raise Mismatch unless all means lie between 0 and 1, and say what they may be instead."""
    if all(0 <= value <= 1 for value in means.values()):
        return
    hint = "an accuracy is a share from 0 to 1. " + LAST
    if abs(means[0.1] - math.log(10)) < 0.1:
        hint = "at λ = 0.1 this is ln 10, the loss of guessing: read val_accuracy, not val_loss"
    elif all(1 < value <= 100 for value in means.values()) and max(means.values()) > 50:
        hint = "shares from 0 to 1 are asked for, not percents: leave out the 100"
    elif means[0.0] > 1:
        hint = "this looks like a sum: divide it by the number of seeds"
    got = {lam: round(value, 4) for lam, value in means.items()}
    expect(False, call="weight_decay_results", got=got, expected="five shares from 0 to 1", hint=hint)


def _why_not_low(means: Mapping[float, float]) -> str:
    """Return what may have kept the net from guessing at the largest λ."""
    if means[0.0] <= GUESSING:
        return (
            "λ = 0 guesses and λ = 0.1 does not: is λ in the place of the rate, or are the keys turned round?"
        )
    if means[0.1] > LEARNT:
        return "Adam's weight_decay of 0.1 ends at guessing. Is it AdamW, or another λ than 0.1?"
    return (
        "60 epochs of Adam at rate 1e-3 end at guessing here. Is this the last epoch of the validation rows?"
    )
