"""What the checks of capstone read from a call: rows, labels and numbers, or what is wrong with them."""

from __future__ import annotations

import math
from typing import Any

import torch
from checking import Mismatch
from hidden.capstone_calls import Came, accuracy, rows_of, symptom
from torch import Tensor

from autograder.checks.framework import Student

CLOSE = 1e-3  # between two accuracies of at most a few hundred rows
WORDS = {"final": 'the dict\'s "predict"', "base": 'the baseline\'s "predict"'}
NUMBERS = {
    "validation": '"validation"',
    "test": '"test"',
    "baseline_test": '"baseline_test"',
    "baseline": '"baseline"["validation"]',
}
VERDICTS = ("better", "worse", "cannot tell")


def refuse(student: Student, words: str, call: str, got: Any, expected: str, hint: str) -> Mismatch:
    """Return the mismatch to raise, and put a few words for the diagnosis into the trace."""
    symptom(student, words)
    return Mismatch(call, str(got), expected, hint)


def rows(student: Student, came: Came) -> tuple[Tensor, Tensor]:
    """Return the numbers of the training rows and of the validation rows."""
    for key in ("train_rows", "validation_rows"):
        given = came.result["rows"].get(key)
        if given is None:
            hint = "add the numbers of the rows under this key, even while other parts are missing"
            raise refuse(student, f"no {key}", f'"{key}"', "no such key", "whole numbers", hint)
        if not torch.is_tensor(given):
            hint = "whole numbers, one per row: mask.nonzero().flatten() makes them of a mask"
            raise refuse(student, f"kind of {key}", f'"{key}"', given, "whole numbers, one per row", hint)
    found = rows_of(came)
    if found is None:
        hint = "both parts hold numbers of rows of x, from 0 to len(x) - 1, and neither is empty"
        lengths = [len(came.result["rows"][key]) for key in ("train_rows", "validation_rows")]
        got = f"{lengths[0]} and {lengths[1]} numbers, or some that are no rows"
        raise refuse(student, "no rows", "the two parts", got, "numbers of rows", hint)
    return found


def labels(student: Student, came: Came, model: str, place: str = "all") -> Tensor:
    """Return what a model says about the rows of x, or those of another place."""
    given = came.result.get(model, {}).get(place)
    call = f"{WORDS[model]} on raw rows"
    if given is None:
        hint = "put the function under this key: it takes x (rows, 26) and returns labels (rows,)"
        raise refuse(student, f"no {model} predict", call, "no such function", "labels (rows,)", hint)
    if not torch.is_tensor(given):
        hint = "predict(x) takes raw rows, as they come, does all that is needed, and returns one label a row"
        raise refuse(student, f"{model} predict fails", call, given, "labels (rows,)", hint)
    return given


def number(student: Student, came: Came, key: str) -> float:
    """Return an accuracy of the dictionary."""
    given = came.result["numbers"].get(key)
    if given is None:
        hint = "put the accuracy under this key"
        raise refuse(student, f"no {key}", NUMBERS[key], "no such key", "an accuracy in 0…1", hint)
    if not isinstance(given, float) or not math.isfinite(given):
        hint = "a number, not a text: .item() or float(…) makes one of a tensor"
        raise refuse(student, f"kind of {key}", NUMBERS[key], given, "an accuracy in 0…1", hint)
    return given


def expect_accuracy(student: Student, came: Came, key: str, model: str, hint: str) -> None:
    """Raise Mismatch unless a number is the accuracy of a model on the validation rows."""
    _, tests = rows(student, came)
    got = number(student, came, key)
    want = accuracy(labels(student, came, model)[tests], came.call.y[tests])
    if abs(got - want) > CLOSE:
        percent = abs(got - 100 * want) < 100 * CLOSE
        hint = "a share in 0…1, not percent" if percent else hint
        call, expected = NUMBERS[key], f"{want:.3f}, what {WORDS[model]} reaches on raw validation rows"
        raise refuse(
            student,
            f"{key} in percent" if percent else f"{key} is another",
            call,
            f"{got:.3f}",
            expected,
            hint,
        )


def verdicts(student: Student, came: Came) -> tuple[set[str], str]:
    """Return which verdicts the rule allows, both at its border, and the numbers that decide."""
    _, tests = rows(student, came)
    students, y = came.call.students[tests], came.call.y[tests]
    right = [(labels(student, came, model)[tests] == y).double() for model in ("final", "base")]
    each = [(right[0] - right[1])[students == who].mean() for who in students.unique()]
    differences = torch.stack(each)
    k, mean = len(each), differences.mean().item()
    doubt = differences.std().item() / math.sqrt(k) if k > 1 else math.inf
    found = f"{k} students, mean difference {mean:.3f}, standard error {doubt:.3f}"
    sign = "better" if mean > 0 else "worse"
    if abs(abs(mean) - 2 * doubt) < 1e-6 and mean:
        return {"cannot tell", sign}, found
    return {"cannot tell" if abs(mean) <= 2 * doubt else sign}, found


def verdict(student: Student, came: Came) -> str:
    """Return the verdict that was given, in small letters."""
    given = came.result["verdict"].strip().lower()
    if given not in VERDICTS:
        said = came.result["said"]["verdict"]
        words = "no verdict" if "verdict" not in came.result["keys"] else "another word"
        hint = "one of these words, as a text"
        raise refuse(student, words, '"verdict"', said, "better, worse or cannot tell", hint)
    return str(given)


def losses(student: Student, came: Came) -> list[float]:
    """Return the validation losses of the trials."""
    trials = came.result.get("trials")
    if not isinstance(trials, dict) or not trials["losses"]:
        got = "no such key" if trials is None else "no trial" if isinstance(trials, dict) else trials
        hint = 'a list with one {"config": {…}, "validation_loss": number} per trial'
        raise refuse(student, "no trials", '"trials"', got, "a list of trials", hint)
    odd = [loss for loss in trials["losses"] if not isinstance(loss, float) or not math.isfinite(loss)]
    if odd:
        hint = (
            "a finite number under validation_loss: .item() makes one of a tensor; nan means the run diverged"
        )
        raise refuse(student, "odd loss", "a trial's validation_loss", odd[0], "a finite number", hint)
    return list(trials["losses"])
