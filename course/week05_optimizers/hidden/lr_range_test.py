"""Hidden checks of lr_range_test. Losses are compared with those that belong to the rates that came back.

So a wrong grid of rates costs once, and whoever stops too late or measures too late is told just that.
"""

from __future__ import annotations

import math
from typing import Any

from checking import as_array, expect, expect_close
from hidden.range_scenes import SCENARIO, Scene, border_scene, line_scene, right, scene

from autograder.checks.framework import Student, check
from autograder.checks.inputs import FIRST_RIGHT, drawn, drawn_decimal

NAME = "lr_range_test"

TWO_LISTS = "make two empty lists before the loop, append a rate and a loss in each step, and return both"
GRID = "the rate of step i is lr_min * (lr_max / lr_min) ** (i / (n_steps - 1))"
ORDER = "for each step: set the rate, zero_grad, keep the loss of the batch, then backward and step"
GIVEN = "step with the optimizer that you are given, and set the rate in each of its param_groups"
AGAIN = "when the loader ends, begin again with iter(loader); take one batch a step, in the loader's order"
STOP = "stop after a loss that is not finite or above 4 * min(losses), and keep that loss and its rate"
TRAIN = "call model.train() before the first step: the model may come in eval mode"
MODEL_BACK = "load a deep copy of model.state_dict() at the end, and set the mode that the model had"
STEPS_BACK = "load a deep copy of optimizer.state_dict() at the end: rates and memory are in it"

Came = tuple[list[float], list[float], list[Any]]  # rates, losses, and all that the scenario returns


def ran(student: Student, scenes: list[Scene]) -> list[Came]:
    """Return what comes back for all scenes. Raises Mismatch unless it is two lists of numbers."""
    student.lr_range_test  # noqa: B018 - a name that is missing is told as such
    answers = [student.run(SCENARIO, **given.inputs()) for given in scenes]
    found = []
    for given, answer in zip(scenes, answers, strict=True):
        parts = answer if isinstance(answer, list) and len(answer) == 9 else [answer]
        pair = parts[0] if isinstance(parts[0], list | tuple) and len(parts[0]) == 2 else [None, None]
        lists = [as_array(part) for part in pair]
        good = all(array is not None and array.ndim == 1 and len(array) for array in lists)
        good = good and len(lists[0]) == len(lists[1]) <= given.range[2] and bool((lists[0] >= 0).all())
        expected = f"two equally long lists, of at most {given.range[2]} rates and losses"
        expect(bool(good), call=given.words(), got=parts[0], expected=expected, hint=TWO_LISTS)
        found.append((lists[0].tolist(), lists[1].tolist(), parts))
    return found


def fitting(given: Scene, rates: list[float]) -> list[float]:
    """Return the right losses for these rates. Where they end too early, those of the right rates follow."""
    tried = [*rates, *given.grid()[len(rates) :]]
    losses: list[float] = right(given, tuple(float(f"{rate:.9g}") for rate in tried))[0][1]
    return losses


def same_losses(student: Student, scenes: list[Scene], hint: str) -> list[Came]:
    """Raise Mismatch unless the losses are right in all scenes; return what came back."""
    answers = ran(student, scenes)
    pairs = [
        (f"losses of {given.words()}", losses, fitting(given, rates))
        for given, (rates, losses, _) in zip(scenes, answers, strict=True)
    ]
    for call, got, want in pairs:
        student.expects(call, got, want)
    for call, got, want in pairs:
        expect_close(got, want, call=call, hint=hint, tolerance=2e-4)
    return answers


def small_rates(student: Student) -> tuple[float, float]:
    """Return a smallest and a largest rate at which nothing explodes."""
    return drawn_decimal(student, 0.01, 0.02, places=3), drawn_decimal(student, 0.05, 0.09, places=3)


@check(NAME, gate=True)
def rates_and_losses_come_back(student: Student) -> None:
    given = scene(student, (3, 3), 2)
    rates, losses, _ = ran(student, [given])[0]
    moves = len(rates) > 1 and all(map(math.isfinite, losses)) and losses[0] != losses[-1]
    expect(moves, call=given.words(), got=losses, expected="two different losses", hint=ORDER)


@check(NAME, marks=0.25)
def rates_grow_by_the_same_factor(student: Student) -> None:
    scenes = [scene(student, (2, 3, 2, 3, 2), drawn(student, 4, 5))]
    answers = ran(student, scenes)
    for given, (rates, *_) in zip(scenes, answers, strict=True):
        student.expects(f"rates of {given.words()}", rates, given.grid())
    for given, (rates, _, parts) in zip(scenes, answers, strict=True):
        call = f"rates of {given.words()}"
        expect_close(rates, given.grid(), call=call, hint=GRID, tolerance=2e-6)
        values = [*parts[0][0], *parts[0][1]]
        plain = all(isinstance(part, list) for part in parts[0])
        plain = plain and all(isinstance(value, float) for value in values)
        got = parts[6]
        hint = "append plain numbers to plain lists: loss.item() is one"
        expect(plain, call=f"the kinds in {given.words()}", got=got, expected="lists of floats", hint=hint)


@check(NAME, marks=0.25)
def a_loss_is_measured_before_its_own_update(student: Student) -> None:
    tilted = scene(student, (3, 3), 2, cost="tilted")
    same_losses(student, [scene(student, (4, 3, 4), 3), tilted], ORDER)


@check(NAME, marks=0.25)
def the_given_optimizer_steps_with_the_rate_in_all_groups(student: Student) -> None:
    momentum = drawn_decimal(student, 0.5, 0.9)
    scenes = [
        scene(student, (3, 3, 3), 3, groups=True, memory=momentum, before=2),
        scene(student, (3, 3, 3), 3, memory="Adam", before=1),
    ]
    same_losses(student, scenes, GIVEN)


@check(NAME, marks=0.25)
def a_short_loader_begins_again(student: Student) -> None:
    few, many = drawn(student, 2, 3), drawn(student, 4, 5)
    scenes = [
        scene(student, (few, many), 5),
        scene(student, (3, 2), 3, kind="DataLoader"),
    ]
    same_losses(student, scenes, AGAIN)


@check(NAME, marks=0.25)
def an_exploding_or_broken_loss_ends_the_test(student: Student) -> None:
    slow, fast = drawn_decimal(student, 0.9, 0.91, places=3), drawn_decimal(student, 1.59, 1.61, places=3)
    scenes = [
        line_scene(student, slow, fast, 8),  # the loss creeps up
        line_scene(
            student, drawn_decimal(student, 0.39, 0.41), drawn_decimal(student, 25, 26), 5
        ),  # it jumps
        border_scene(student),  # 4 times the lowest: goes on
        line_scene(student, drawn_decimal(student, 1.54, 1.57), 1.7, 3),  # 4.3 to 4.6 times: ends
        line_scene(student, *small_rates(student), 4, third=math.nan),
        line_scene(student, *small_rates(student), 4, third=math.inf),
    ]
    same_losses(student, scenes, STOP)


@check(NAME, marks=0.25)
def the_test_runs_in_train_mode(student: Student) -> None:
    same_losses(student, [scene(student, (3, 3), 2, net="gain", training=False)], TRAIN)


@check(NAME, marks=0.25)
def the_model_is_put_back(student: Student) -> None:
    scenes = [
        scene(student, (4, 4), 2, net="norm"),
        scene(student, (4, 4), 2, net="norm", training=False),
        line_scene(student, *small_rates(student), 4, third=math.nan),
    ]
    answers = ran(student, scenes)
    rates, losses, _ = answers[0]
    call = f"losses of {scenes[0].words()}"
    expect_close(losses, fitting(scenes[0], rates), call=call, hint=FIRST_RIGHT, tolerance=2e-4)
    for given, (_, _, parts) in zip(scenes, answers, strict=True):
        _, start, weights, stored, buffers, mode, *_ = parts
        call = f"after {given.words()}"
        expect_close(weights, start, call=f"the weights {call}", hint=MODEL_BACK, tolerance=1e-6)
        if len(stored):
            words = f"running means, variances and counter of batch norm {call}"
            expect_close(buffers, stored, call=words, hint=MODEL_BACK, tolerance=1e-6)
        words = f"model.training {call}"
        expect(mode is given.training, call=words, got=mode, expected=str(given.training), hint=MODEL_BACK)


@check(NAME, marks=0.25)
def the_optimizer_is_put_back(student: Student) -> None:
    momentum = drawn_decimal(student, 0.5, 0.9)
    scenes = [
        scene(student, (3, 3), 2, memory=momentum, more=True),
        scene(student, (3, 3), 2, groups=True, memory=momentum, before=2, more=True),
        scene(student, (3, 3), 2, memory="Adam", before=1, more=True),
    ]
    answers = ran(student, scenes)
    rates, losses, _ = answers[0]
    call = f"losses of {scenes[0].words()}"
    expect_close(losses, fitting(scenes[0], rates), call=call, hint=FIRST_RIGHT, tolerance=2e-4)
    for given, (_, _, parts) in zip(scenes, answers, strict=True):
        *_, now, later = parts
        *_, before, want = right(given, tuple(float(f"{rate:.9g}") for rate in given.grid()))
        call = f"the rates in param_groups after {given.words()}"
        expect_close(now, before, call=call, hint=STEPS_BACK, tolerance=1e-6)
        call = f"the weights after two more steps with the optimizer, after {given.words()}"
        expect_close(later, want, call=call, hint=STEPS_BACK, tolerance=1e-5)
