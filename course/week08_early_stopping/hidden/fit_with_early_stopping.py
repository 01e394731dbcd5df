"""Hidden checks of fit_with_early_stopping; a right EarlyStopping stands in place of a student's."""

from __future__ import annotations

from typing import Any

import torch
from checking import expect, expect_close, expect_equal
from hidden.fit_curves import scene, starts_with_nan, stops_late, turns
from hidden.fit_scenes import Scene, came, entry, right, words_for

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn

KEYS = ("train_loss", "val_loss")
STOP = "count the epochs since the best one so far, and end the loop when that count reaches patience"
RESTORE = "keep a copy of model.state_dict() at each improvement, and load it into `model` after the loop"
BUFFERS = "model.state_dict() holds batch norm's running values too; model.parameters() does not"
MEAN = "weight each batch's loss by its rows, len(targets), and divide by all rows, as in week 2"
MODES = "model.train() before each epoch's training, model.eval() before each validation"
OPTIMIZER = "use the given optimizer as it is, for training batches alone: make, reset or restore none"
NAN = "nan < best is False: an epoch of nan is no improvement, and one later number is"


def same_history(
    student: Student, given: Scene, answers: list[Any], keys: tuple[str, ...], hint: str
) -> None:
    """Raise Mismatch unless these lists are right in each training."""
    for number, (got, want) in enumerate(zip(answers, right(given), strict=True)):
        for key in keys:
            call = f"{key} of {words_for(given, number)}"
            came_back = entry(got[0], key, words_for(given, number))
            student.expects(call, came_back, want[0][key])
            expect_close(came_back, want[0][key], call=call, hint=hint)


def same_weights(given: Scene, answers: list[Any], hint: str, what: str = "the weights") -> None:
    """Raise Mismatch unless the model holds the right weights and buffers after each training."""
    for number, (got, want) in enumerate(zip(answers, right(given), strict=True)):
        call = f"{what} after {words_for(given, number)}"
        expect_close(got[1], want[1], call=call, hint=hint)


def flat_from(given: Scene) -> Scene:
    """Return a scene in which each epoch has the same loss as the first, and other weights."""
    return given | {"_criterion": "even", "_trainings": [(given["_trainings"][0][0], 7, 2)]}


@check("fit_with_early_stopping", gate=True)
def the_model_is_trained_and_a_history_comes_back(student: Student) -> None:
    given = scene(student, "classes", "cross", turns, 4, 9, rows=6)
    given["_trainings"] = [(given["_trainings"][0][0], 1, 9)]
    history, _, _, _, moved, *_ = came(student, given)[0]
    for key in KEYS:
        entry(history, key, words_for(given))
    call, hint = f"the weights after {words_for(given)}", "train the very model that you are given"
    expect(moved is True, call=call, got="the same as before", expected="other weights", hint=hint)


@check("fit_with_early_stopping", marks=0.5)
def the_run_ends_after_patience_bad_epochs_in_a_row(student: Student) -> None:
    given = scene(student, "numbers", "mse", stops_late, 10, 4, rows=6)
    flat = flat_from(given)
    answers = [came(student, given), came(student, flat)]
    same_history(student, given, answers[0], KEYS[1:], STOP)
    same_history(student, flat, answers[1], KEYS[1:], "an equal loss is no improvement: compare with <")


@check("fit_with_early_stopping", marks=0.25)
def max_epochs_ends_the_run_at_the_latest(student: Student) -> None:
    given = scene(student, "classes", "cross", turns, 4, drawn(student, 7, 9))
    rows = given["_trainings"][0][0]
    given["_trainings"].append((rows, 1, drawn(student, 1, 2)))
    answer = came(student, given)
    same_history(student, given, answer, KEYS, "train max_epochs epochs if nothing stops the run before")
    same_weights(given, answer, RESTORE)


@check("fit_with_early_stopping", marks=0.5)
def the_model_gets_its_best_weights_back(student: Student) -> None:
    given = scene(student, "numbers", "small", stops_late, 8, 2)
    flat = flat_from(given | {"_rate": given["_rate"] / 1e6})
    answers = [came(student, given), came(student, flat)]
    same_weights(given, answers[0], RESTORE)
    if len(entry(answers[1][0][0], KEYS[1], words_for(flat))) == 3:  # the stop has its own check
        same_weights(flat, answers[1], "of epochs with equal losses, keep the first one's weights")


@check("fit_with_early_stopping", marks=0.25)
def running_values_are_put_back_too(student: Student) -> None:
    given = scene(student, "norm", "cross", stops_late, 8, 2)
    same_weights(given, came(student, given), BUFFERS, "the weights and buffers of a net with batch norm")


@check("fit_with_early_stopping", marks=0.25)
def losses_are_means_over_rows_by_the_given_criterion(student: Student) -> None:
    scenes = [
        scene(student, "numbers", "tilted", turns, 4, 9, rows=6),
        scene(student, "classes", "smooth", turns, 4, 9, rows=6),
    ]
    answers = [came(student, given) for given in scenes]
    for given, answer in zip(scenes, answers, strict=True):
        same_history(student, given, answer, KEYS, MEAN)


@check("fit_with_early_stopping", marks=0.25)
def training_is_in_train_mode_and_validation_in_eval_mode(student: Student) -> None:
    given = scene(student, "gain", "cross", stops_late, 8, 2, _starts_in_train_mode=False)
    answer = came(student, given)
    same_history(student, given, answer, KEYS, MODES)
    same_weights(given, answer, RESTORE)


@check("fit_with_early_stopping", marks=0.5)
def only_training_batches_move_the_optimizer(student: Student) -> None:
    given = scene(student, "classes", "cross", stops_late, 8, 2, rows=6)
    answer = came(student, given)
    same_history(student, given, answer, KEYS, OPTIMIZER)
    want = right(given)[0]
    call = f"the optimizer's momentum after {words_for(given)}"
    expect_close(answer[0][3], want[3], call=call, hint=OPTIMIZER)
    call = f"the optimizer's rate after {words_for(given)}"
    expect_close(answer[0][5], want[5], call=call, hint=OPTIMIZER)


@check("fit_with_early_stopping", marks=0.25)
def an_epoch_of_nan_never_is_the_best(student: Student) -> None:
    given = scene(student, "numbers", "near", starts_with_nan, 9, 2)
    gaps = scene(student, "numbers", "mse", turns, 4, 3)
    (x, targets), epochs, _ = gaps["_trainings"][0]
    targets = torch.where(torch.arange(len(targets))[:, None] == 1, torch.nan, targets)
    gaps["_trainings"] = [([x, targets], epochs, 2)]
    answers = [came(student, given), came(student, gaps)]
    for each, answer in zip((given, gaps), answers, strict=True):
        same_history(student, each, answer, KEYS[1:], NAN)
        hint = "if no epoch improved, the last weights stay" if each is gaps else NAN
        same_weights(each, answer, hint)


@check("fit_with_early_stopping", marks=0.25)
def floats_come_back_and_the_model_is_in_eval_mode(student: Student) -> None:
    given = scene(student, "classes", "cross", turns, 4, 9)
    given["_trainings"] = [(given["_trainings"][0][0], 2, 9)]
    history, _, in_train_mode, *_ = came(student, given)[0]
    for key in KEYS:
        entry(history, key, words_for(given))
        call, hint = f"{key} of {words_for(given)}", "make a list of it: .tolist()"
        expect(
            isinstance(history[key], list | tuple), call=call, got=history[key], expected="a list", hint=hint
        )
    values = [value for key in KEYS for value in entry(history, key, words_for(given))]
    kinds = sorted({type(value).__name__ for value in values})
    floats = bool(values) and all(isinstance(value, float) for value in values)
    hint = "append plain numbers: .item() makes one of a tensor"
    expect(
        floats, call=f"the kinds in the lists of {words_for(given)}", got=kinds, expected="floats", hint=hint
    )
    call = f"the mode after {words_for(given)}"
    got = "train mode" if in_train_mode else "eval mode"
    expect_equal(
        got, "eval mode", call=call, hint="model.eval() after the last validation, and nothing undoes it"
    )
