"""Hidden checks of huber."""

from __future__ import annotations

import math

import torch.nn.functional as F
from checking import expect, expect_close
from torch import Tensor, tensor

from autograder.checks.framework import Student, check
from autograder.checks.inputs import (
    ONE_NUMBER,
    ask,
    compare,
    drawn,
    drawn_decimal,
    expect_gradient,
    finite_number,
    half_steps,
    random_tenths,
    shuffled,
    unchanged,
)
from autograder.checks.ready_made import written_out

SMALL = ((0.55, 0.9), (0.15, 0.45), (-0.45, -0.15))  # on both sides of half of delta = 1
LARGE = ((2.0, 9.0), (-9.0, -2.0), (120.0, 900.0), (-900.0, -120.0))
Case = tuple[tuple[Tensor, Tensor, float], Tensor]


def case(
    student: Student, delta: float, *borders: tuple[float, float], shape: tuple[int, ...] = (-1,)
) -> Case:
    """Return a question with one error between each pair of borders, and its right answer.

    The first prediction and its target have different signs.
    """
    errors = tensor([drawn_decimal(student, low, high) for low, high in borders])
    target = random_tenths(student, len(borders))
    target[0] = (errors[0] * -40).round() / 100
    return answered((target + errors).reshape(shape), target.reshape(shape), delta)


def answered(pred: Tensor, target: Tensor, delta: float) -> Case:
    """Return a question with its right answer."""
    return (pred, target, delta), F.huber_loss(pred, target, delta=delta)


def by_hand(student: Student, pred: Tensor, target: Tensor, delta: float) -> None:
    """Raise Mismatch if a ready-made loss is used. Half of the marks lie in checks that end with this."""
    written_out(student, "huber(pred, target, delta)", pred=pred, target=target, delta=delta)


@check("huber", gate=True)
def perfect_predictions_cost_nothing_and_errors_cost_something(student: Student) -> None:
    target = random_tenths(student, 3)
    wrong = target + drawn_decimal(student, 2.0, 4.0)
    (none, call), (cost, wrong_call) = (ask(student, "huber", pred, target, 1.0) for pred in (target, wrong))
    expect_close(none, 0.0, call=call, hint=ONE_NUMBER + ", 0 if all predictions are right")
    expect(
        finite_number(cost, wrong_call, ONE_NUMBER) > 0.1,
        call=wrong_call,
        got=cost,
        expected="more than 0",
        hint="start from the error, pred - target",
    )


@check("huber", marks=0.25)
def small_errors_of_either_sign_cost_half_their_square(student: Student) -> None:
    cases = [case(student, 1.0, pair) for pair in (*SMALL, (-0.9, -0.6))]
    compare(student, "huber", cases, hint="up to delta, an error e costs ½·e²")


@check("huber", marks=0.25)
def large_errors_of_either_sign_follow_the_straight_line(student: Student) -> None:
    cases = [case(student, 1.0, pair) for pair in LARGE]
    hint = "an error e whose size is above delta costs delta·(|e| - ½·delta), whatever its sign"
    compare(student, "huber", cases, hint=hint)


@check("huber", marks=0.25)
def delta_says_where_large_begins(student: Student) -> None:
    wide, narrow = drawn_decimal(student, 2.2, 2.8), drawn_decimal(student, 0.5, 0.6)
    # Between each two of: 1, delta, its root, its half and its square, where a wrong comparison shows.
    sizes = ((1.2, 1.4), (1.75, 1.95), (3.2, 4.2), (-9.0, -6.0))
    cases = [case(student, wide, pair) for pair in sizes]
    cases += [case(student, narrow, pair) for pair in ((0.38, 0.48), (0.62, 0.69), (0.8, 0.95), (-4.0, -2.0))]
    hint = "use delta both in the comparison and in the formula of the straight line"
    compare(student, "huber", cases, hint=hint)
    (pred, target, delta), want = case(student, wide + 1, (7.0, 9.0), (1.2, 1.8))
    got, call = ask(student, "huber", pred, target, delta=delta)
    expect_close(got, want, call=call, hint="keep the argument's name, delta")
    (pred, target, _), want = case(student, 1.0, (2.0, 5.0), (0.3, 0.8))
    got, call = ask(student, "huber", pred, target)
    expect_close(got, want, call=call, hint="keep the default, delta=1.0")


@check("huber", marks=0.25)
def an_error_of_exactly_delta_costs_half_its_square(student: Student) -> None:
    cases = []
    for delta in (1.0, drawn(student, 6, 12) / 4, drawn(student, 1, 3) / 4):
        target = half_steps(student, 1)
        cases.append(answered(target + delta, target, delta))
        cases.append(answered(tensor([-delta / 2]), tensor([delta / 2]), delta))
    hint = "exactly at the border the cost is ½·delta²: no error may fall between the two parts, or into both"
    compare(student, "huber", cases, hint=hint)


@check("huber", marks=0.25)
def each_error_is_judged_by_itself_and_all_are_averaged(student: Student) -> None:
    mixed = shuffled(student, [*SMALL, *LARGE[:2], *SMALL[: drawn(student, 0, 2)], LARGE[2]])
    cases = [case(student, 1.0, *borders) for borders in (mixed, SMALL, LARGE[:3], (*SMALL, (1.2, 1.6)))]
    hint = "decide for each error by itself whether it is small or large, then take the mean of the costs"
    compare(student, "huber", cases, hint=hint)
    by_hand(student, *cases[0][0])


@check("huber", marks=0.25)
def all_elements_are_averaged_whatever_the_shape(student: Student) -> None:
    cases = []
    for shape in ((2, 3), (drawn(student, 4, 5), 1), (1, 3), (2, 2, 3), (1,), (1, 1)):
        borders = [(1.1, 1.25), (-2.5, -2.3), (-0.9, -0.3), (5.0, 9.0)] * 3
        delta = drawn_decimal(student, 1.6, 2.2)
        cases.append(case(student, delta, *borders[: math.prod(shape)], shape=shape))
    compare(student, "huber", cases, hint="average over all elements, whatever the shape")
    by_hand(student, *cases[0][0])


@check("huber", marks=0.25)
def the_gradient_reaches_the_predictions(student: Student) -> None:
    delta = drawn(student, 3, 4) / 2 + 0.25
    sizes = [0.0, drawn(student, 1, 3) / 4, -delta, delta, drawn(student, 28, 60) / 4]
    errors = tensor([*sizes, -float(drawn(student, 120, 900))])
    target = half_steps(student, 6, low=0.25)
    asked = answered(target + errors, target, delta)
    compare(student, "huber", [asked], hint="get this value right first, then its gradient")
    by_hand(student, *asked[0])
    want, inputs = errors.clamp(-delta, delta) / 6, {"pred": target + errors, "target": target}
    expect_gradient(student, f"huber(pred, target, {delta})", "pred", want, **inputs)


@check("huber", marks=0.25)
def the_arguments_stay_as_they_were(student: Student) -> None:
    asked, want = case(student, 1.0, SMALL[0], LARGE[1], (1.5, 3.0))
    unchanged(student, "huber", *asked, want=want)
    by_hand(student, *asked)
