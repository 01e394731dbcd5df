"""Hidden checks of capstone: what its first call returns. Each call is made once, for all checks."""

from __future__ import annotations

import torch
from hidden.capstone_calls import accuracy, calls_of
from hidden.capstone_parts import (
    CLOSE,
    NUMBERS,
    WORDS,
    expect_accuracy,
    labels,
    losses,
    number,
    refuse,
    rows,
)
from torch import Tensor

from autograder.checks.framework import Student, check

FEWEST, MOST = 0.2, 0.4  # share of the students who validate
ROOM = 0.03  # above the share of the commonest label; logistic regression has .098 ± .019
RAW = "predict gets rows as they come: standardise inside it, with the training rows' mean and sd"
EVAL = (
    "each row is answered by itself: eval mode, and mean and sd of the training rows, not of the rows given"
)
AGREE = "measure the very model whose predict you return, in eval mode, on the validation rows"


def how_cut(train: Tensor, tests: Tensor, students: Tensor, y: Tensor, both: int) -> str:
    """Return what a split looks like in which students are in both parts."""
    if len(train) + len(tests) < len(y):
        return "rows missing"
    if both == 1:
        return "one student"
    if tests.max() - tests.min() + 1 == len(tests):
        return "a block of rows"
    shares = [torch.bincount(y[part], minlength=3) / len(part) for part in (train, tests)]
    return "labels alike" if (shares[0] - shares[1]).abs().max() < 1 / len(tests) else "rows"


@check("capstone", gate=True)
def a_dictionary_comes_back(student: Student) -> None:
    calls_of(student).came(student)


@check("capstone", marks=1)
def no_student_is_in_both_parts_and_no_row_is_missing(student: Student) -> None:
    came = calls_of(student).came(student)
    train, tests = rows(student, came)
    students = came.call.students
    if came.result["masks"]:
        hint = "give the numbers of the rows: mask.nonzero().flatten() makes them of a mask"
        raise refuse(student, "masks", "the split", "true and false values", "whole numbers", hint)
    both = set(students[train].tolist()) & set(students[tests].tolist())
    if both:
        got = f"{len(both)} students with rows in both parts"
        hint = "draw students, not rows: then each row goes where its student goes"
        words = f"students in both: {how_cut(train, tests, students, came.call.y, len(both))}"
        raise refuse(student, words, "the split", got, "no student in both", hint)
    every = sorted([*train.tolist(), *tests.tolist()])
    if every != list(range(len(students))):
        got = f"{len(every)} numbers, {len(set(every))} different rows of {len(students)}"
        hint = "each row of x stands in exactly one of the two parts"
        raise refuse(student, "rows missing", "the split", got, "every row once", hint)


@check("capstone", marks=1)
def a_fifth_to_two_fifths_of_the_students_validate(student: Student) -> None:
    came = calls_of(student).came(student)
    _, tests = rows(student, came)
    people = len(came.call.students.unique())
    found = len(came.call.students[tests].unique())
    if not FEWEST - 1e-9 <= found / people <= MOST + 1e-9:
        hint = "draw between 20 and 40 % of the students, counted in students and not in rows"
        words = (
            "most students" if found / people > 0.6 else "too many" if found / people > MOST else "too few"
        )
        got = f"{found} of {people} students"
        raise refuse(student, words, "the validation rows", got, "8 to 16 of 40 students", hint)


@check("capstone", marks=0.5)
def validation_is_the_accuracy_of_predict_on_raw_rows(student: Student) -> None:
    expect_accuracy(student, calls_of(student).came(student), "validation", "final", f"{RAW}. {AGREE}")


@check("capstone", marks=0.25)
def predict_answers_each_row_by_itself(student: Student) -> None:
    came = calls_of(student).came(student)
    alone, among = labels(student, came, "final", "few"), labels(student, came, "final")[came.call.few]
    if len(other := (alone != among).nonzero()):
        got = f"{len(other)} of {len(alone)} rows get another label when they are asked about alone"
        raise refuse(student, "not by itself", WORDS["final"], got, "the same labels", EVAL)


@check("capstone", marks=0.5)
def there_are_budget_different_trials(student: Student) -> None:
    came = calls_of(student).came(student)
    found = len(losses(student, came))
    if found < came.call.budget:
        hint = "try as many settings as budget says, not a fixed number"
        expected = f"{came.call.budget} or more"
        raise refuse(student, "too few trials", f"the trials of {came.call.words}", found, expected, hint)
    if came.result["trials"]["different"] < 2:
        hint = (
            "draw or list different settings; a dict that is changed in place stands in the list many times"
        )
        raise refuse(student, "all alike", "the trials' configs", "all alike", "different ones", hint)


@check("capstone", marks=0.5)
def the_baselines_number_is_that_of_its_predict(student: Student) -> None:
    hint = (
        "measure the baseline on the validation rows of the same split, through its own predict on raw rows"
    )
    expect_accuracy(student, calls_of(student).came(student), "baseline", "base", hint)


@check("capstone", marks=0.5)
def the_sealed_rows_are_opened_twice_at_the_very_end(student: Student) -> None:
    came = calls_of(student).came(student)
    found = len(came.openings)
    if found != 2:
        hint = (
            "sealed.accuracy is called once for the final model and once for the baseline, and never before"
        )
        words = "never opened" if not found else "opened once" if found == 1 else "opened often"
        raise refuse(student, words, "sealed.accuracy", f"{found} calls", "2 calls", hint)
    later = came.result["steps"] - came.openings[0].steps
    if later:
        hint = "open the sealed rows last of all, when nothing is left to train or to choose"
        got = f"{later} training steps after the first opening"
        raise refuse(student, "opened early", "sealed.accuracy", got, "no training after it", hint)


@check("capstone", marks=0.5)
def the_test_numbers_are_what_sealed_accuracy_said(student: Student) -> None:
    came = calls_of(student).came(student)
    said = [accuracy(opening.labels, came.call.sealed_y) for opening in came.openings]
    for key, model in (("test", "final"), ("baseline_test", "base")):
        got = number(student, came, key)
        own = accuracy(labels(student, came, model, "sealed"), came.call.sealed_y)
        told = any(abs(got - each) < CLOSE for each in said)
        if not told or abs(got - own) > CLOSE:
            hint = f"store what sealed.accuracy answers when it gets {WORDS[model]}, the one that you return"
            words = f"{key} is another" if told else f"{key} was never said"
            expected = f"{own:.3f}, what the sealed rows say about {WORDS[model]}"
            raise refuse(student, words, NUMBERS[key], f"{got:.3f}", expected, hint)


@check("capstone", marks=0.75)
def new_students_are_foretold_better_than_by_the_commonest_label(student: Student) -> None:
    came = calls_of(student).came(student)
    y = came.call.new_y
    want = max((y == label).double().mean().item() for label in range(3)) + ROOM
    got = accuracy(labels(student, came, "final", "new"), y)
    if got < want:
        call = f"{WORDS['final']} on {len(y)} raw rows of 200 other students"
        hint = "sessions, or who sits where: what did it learn? Does predict standardise, as in training?"
        raise refuse(student, "new students", call, f"{got:.3f} right", f"at least {want:.3f}", hint)


@check("capstone", marks=0.25)
def the_scaler_is_made_of_training_rows_alone(student: Student) -> None:
    came = calls_of(student).came(student)
    labels(student, came, "final")
    if came.result["scaler"] == "all":
        got = "the mean of training and validation rows together"
        hint = "split first; then take mean and sd from x[train_rows], and use them everywhere"
        raise refuse(student, "scaler of all", "the mean in predict", got, "that of the training rows", hint)
