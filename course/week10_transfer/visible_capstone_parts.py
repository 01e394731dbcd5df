"""What each part of the capstone's dict must hold, as the visible check tries it on a small data set."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from capstone_trial import BUDGET, Kind, Trial, as_numbers
from checking import Mismatch, expect, show
from scipy import stats  # type: ignore[import-untyped]
from torch import Tensor

ONE = 1e-3  # between two accuracies
RULE = "one difference per validation student, then the rule of *The verdict*"


def split_problem(train: Any, validation: Any, students: Tensor) -> tuple[str, str, str] | None:
    """Return what came back, what was expected and what to try if two parts are no split, else None."""
    parts = []
    for rows in (train, validation):
        numbers = as_numbers(rows)
        if numbers.dtype.kind not in "iu" or numbers.ndim != 1:
            hint = "whole numbers, one per row: mask.nonzero().flatten() makes them of a mask"
            return show(rows), "numbers of rows", hint
        parts.append(torch.as_tensor(numbers.astype(np.int64)))
    if sorted(torch.cat(parts).tolist()) != list(range(len(students))):
        sizes = f"{len(parts[0])} and {len(parts[1])} numbers for {len(students)} rows"
        return sizes, "every row once", "each row stands in exactly one part"
    in_train, in_validation = (set(students[part].tolist()) for part in parts)
    if both := in_train & in_validation:
        hint = "draw students, not rows: each row goes where its student goes"
        return f"{len(both)} students with rows in both parts", "no student in both", hint
    people = len(in_train) + len(in_validation)
    if not 0.2 <= len(in_validation) / people <= 0.4:
        got, want = f"{len(in_validation)} of {people} students validate", "20 to 40 % of the students"
        return got, want, "count students, not rows"
    return None


def split_stands(trial: Trial) -> None:
    """Raise Mismatch unless the rows are split by student."""
    problem = split_problem(trial.part("train_rows"), trial.part("validation_rows"), trial.students)
    if problem is not None:
        raise Mismatch("the split", *problem)


def baseline_stands(trial: Trial) -> None:
    """Raise Mismatch unless the baseline's number is its predict's, and it is no weaker than guessing."""
    base = _baseline(trial)
    _expect_accuracy(trial, base.get("validation"), '"baseline"["validation"]', base.get("predict"))
    strong_baseline(trial)


def strong_baseline(trial: Trial) -> None:
    """Raise Mismatch unless the baseline is about as good as always saying the commonest training label."""
    rows, base = validation_rows(trial), _baseline(trial)
    train = torch.as_tensor(as_numbers(trial.part("train_rows")))
    commonest = (trial.y[rows] == trial.y[train].mode().values).double().mean().item()
    got = trial.right(base["predict"], "the baseline's predict", rows).mean().item()
    hint = "the commonest training label, or a logistic regression on standardised columns"
    expect(got > commonest - 0.1, call="the baseline", got=got, expected=f"about {commonest:.2f}", hint=hint)


def trials_stand(trial: Trial) -> None:
    """Raise Mismatch unless there are enough trials, and the one of the lowest loss was chosen."""
    trials = trial.part("trials")
    good = isinstance(trials, list | tuple) and len(trials) >= BUDGET
    hint = "append {config, validation_loss} for each setting that you try"
    expect(good, call='"trials"', got=trials, expected=f"a list of {BUDGET} trials", hint=hint)
    for each in trials:
        keys = isinstance(each, dict) and {"config", "validation_loss"} <= set(each)
        expect(keys, call="a trial", got=each, expected='{"config": …, "validation_loss": …}', hint=hint)
    losses = [trial.number(each["validation_loss"], "a trial's validation_loss") for each in trials]
    configs = [str(each["config"]) for each in trials]
    hint = "one dict that is changed in place stands in the list many times: make a new one"
    different = len(set(configs)) > 1
    expect(different, call="the configs", got=Kind("all alike"), expected="different ones", hint=hint)
    chosen = str(trial.part("config"))
    hint = "the config of the lowest validation loss, as it stands in the list"
    best = {config for config, loss in zip(configs, losses, strict=True) if loss <= min(losses) + 1e-6}
    expect(chosen in best, call='"config"', got=Kind(chosen), expected=" or ".join(best), hint=hint)


def final_stands(trial: Trial) -> None:
    """Raise Mismatch unless predict takes raw rows, one by one, its number is its own, and it has learnt."""
    predict = trial.part("predict")
    _expect_accuracy(trial, trial.part("validation"), '"validation"', predict)
    some = trial.x[:, 2].argsort()[-20:]
    alone = trial.right(predict, "predict", some)
    same = torch.equal(alone, trial.right(predict, "predict")[some])
    hint = "mean and sd come from the training rows, not from the rows given; and the net is in eval mode"
    got = Kind("other labels than among all rows")
    expect(same, call="predict on 20 of the rows", got=got, expected="the same labels", hint=hint)
    share, bar = trial.new_students(predict)
    hint = "does it learn from the session's columns, long enough? Does predict standardise, as in training?"
    call, expected = "predict on 200 other students", f"at least {bar:.3f} right"
    expect(share >= bar, call=call, got=Kind(f"{share:.3f} right"), expected=expected, hint=hint)


def verdict_stands(trial: Trial) -> None:
    """Raise Mismatch unless the verdict is the one of the rule: a t value of 2 decides."""
    said = trial.part("verdict")
    word = said.strip().lower() if isinstance(said, str) else said
    words = ("better", "worse", "cannot tell")
    expect(word in words, call='"verdict"', got=said, expected=", ".join(words), hint="one of these words")
    rows, base = validation_rows(trial), _baseline(trial)
    right = trial.right(trial.part("predict"), "predict")
    gain = (right - trial.right(base.get("predict"), "the baseline's predict"))[rows]
    students = trial.students[rows]
    differences = np.array([gain[students == who].mean() for who in set(students.tolist())])
    with np.errstate(all="ignore"):
        t = stats.ttest_1samp(differences, 0).statistic
    if abs(abs(t) - 2) < 1e-6:
        return  # at the very border
    want = "better" if t > 2 else "worse" if t < -2 else "cannot tell"
    call = f'"verdict", where the mean difference is {differences.mean():.2f}, {t:.1f} standard errors'
    expect(word == want, call=call, got=said, expected=want, hint=RULE)


def opening_stands(trial: Trial) -> None:
    """Raise Mismatch unless the sealed rows were opened twice, for the two models that came back."""
    said = trial.sealed.said
    hint = "call sealed.accuracy at the very end: once for the final model, once for the baseline"
    expect(
        len(said) == 2, call="sealed.accuracy", got=Kind(f"{len(said)} calls"), expected="2 calls", hint=hint
    )
    later = trial.sealed.steps - trial.sealed.early
    hint = "open them last of all, when nothing is left to train or to choose"
    got = Kind(f"{later} training steps after the first call")
    expect(not later, call="sealed.accuracy", got=got, expected="no training after it", hint=hint)
    for key, predict in (("test", trial.part("predict")), ("baseline_test", _baseline(trial).get("predict"))):
        got = trial.number(trial.part(key), f'"{key}"')
        want = trial.of_sealed(predict)
        right = abs(got - want) < ONE
        hint = "store what sealed.accuracy said about the very predict that you return"
        expect(right, call=f'"{key}"', got=got, expected=f"{want:.3f}", hint=hint)


def validation_rows(trial: Trial) -> Tensor:
    """Return the numbers of the validation rows. Raises Mismatch if they are none."""
    split_stands(trial)
    return torch.as_tensor(as_numbers(trial.part("validation_rows")).astype(np.int64))


def _baseline(trial: Trial) -> dict[str, Any]:
    base = trial.part("baseline")
    good = isinstance(base, dict) and {"validation", "predict"} <= set(base)
    hint = "a dict with these two keys"
    expect(good, call='"baseline"', got=base, expected='{"validation": …, "predict": …}', hint=hint)
    made: dict[str, Any] = base
    return made


def _expect_accuracy(trial: Trial, value: Any, what: str, predict: Any) -> None:
    got = trial.number(value, what)
    want = trial.right(predict, "predict", validation_rows(trial)).mean().item()
    hint = "predict gets raw rows and standardises them itself; measure this very function, in eval mode"
    expected = f"{want:.3f}, what predict reaches on the raw validation rows"
    expect(abs(got - want) < ONE, call=what, got=got, expected=expected, hint=hint)
