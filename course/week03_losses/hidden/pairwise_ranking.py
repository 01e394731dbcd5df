"""Hidden checks of pairwise_ranking."""

from __future__ import annotations

import torch
from checking import expect_close
from torch import Tensor, tensor

from autograder.checks.framework import Student, check
from autograder.checks.inputs import (
    ONE_NUMBER,
    ask,
    cheaper,
    compare,
    drawn,
    drawn_decimal,
    expect_gradient,
    unchanged,
)
from autograder.checks.ready_made import written_out

Case = tuple[tuple[Tensor, Tensor, float], float]


def near(student: Student, *values: float) -> Tensor:
    """Return the values, each moved by a little: new numbers, but always the same kinds of pairs."""
    return tensor([drawn_decimal(student, value - 0.12, value + 0.12) for value in values])


def pairs(relevance: Tensor) -> list[tuple[int, int]]:
    """Return the places of each pair, the more relevant item first."""
    numbers = relevance.tolist()
    places = range(len(numbers))
    return [(i, j) for i in places for j in places if numbers[i] > numbers[j]]


def answered(scores: Tensor, relevance: Tensor, margin: float = 1.0) -> Case:
    """Return a question with its right answer."""
    costs = [max(0.0, margin - float(scores[i] - scores[j])) for i, j in pairs(relevance)]
    return (scores, relevance, margin), sum(costs) / max(len(costs), 1)


def by_hand(student: Student, scores: Tensor, relevance: Tensor, margin: float) -> None:
    """Raise Mismatch if a ready-made loss is used. Half of the marks lie in checks that end with this."""
    written_out(
        student,
        "pairwise_ranking(scores, relevance, margin)",
        scores=scores,
        relevance=relevance,
        margin=margin,
    )


@check("pairwise_ranking", gate=True)
def a_good_order_costs_less_than_its_reverse(student: Student) -> None:
    hint = "the item with the higher relevance should have the higher score. " + ONE_NUMBER
    scores, relevance = near(student, 1.6, 0.9, 0.2), tensor([2.0, 1.0, 0.0])
    cheaper(student, "pairwise_ranking", (scores, relevance, 1.0), (scores.flip(0), relevance, 1.0), hint)


@check("pairwise_ranking", marks=0.25)
def one_pair_costs_what_its_lead_falls_short_of_the_margin(student: Student) -> None:
    better = tensor([1.0, 0.0])
    low = drawn_decimal(student, -0.5, 0.5)
    cases = [answered(near(student, *pair), better) for pair in ((0.6, 0.1), (-0.3, 0.4), (-2.0, 1.5))]
    cases.append(answered(tensor([low, low]), better))
    hint = "a pair costs margin - (score of the more relevant item - score of the other)"
    compare(student, "pairwise_ranking", cases, hint=hint)


@check("pairwise_ranking", marks=0.25)
def a_lead_wider_than_the_margin_costs_nothing(student: Student) -> None:
    wide = near(student, drawn(student, 4, 9), 1.0)
    cases = [answered(wide, tensor([1.0, 0.0])), answered(tensor([*wide, 0.6]), tensor([2.0, 1.0, 0.0]))]
    hint = "no pair may cost less than 0: a wide lead does not pay for another pair"
    compare(student, "pairwise_ranking", cases, hint=hint)


@check("pairwise_ranking", marks=0.5)
def all_pairs_are_averaged(student: Student) -> None:
    relevance = tensor([8.0, 5.0, 4.0, 0.0, -3.0])
    good, poor = near(student, 2.3, 1.9, 1.2, 0.4, 0.1), near(student, 0.1, 0.5, 0.8, 1.2, 2.4)
    cases = [answered(ranked, relevance[:size]) for ranked, size in ((good[:4], 4), (good, 5), (poor, 5))]
    hint = "look at every pair with different relevance, each once, and take the mean over these pairs"
    compare(student, "pairwise_ranking", cases, hint=hint)


@check("pairwise_ranking", marks=0.25)
def the_margin_is_the_lead_asked_for(student: Student) -> None:
    scores, relevance = near(student, 0.9, 0.6, 1.1), tensor([2.0, 1.0, 0.0])
    margins = (0.5, 2.5, 0.0, 0, drawn_decimal(student, 0.05, 0.15), drawn_decimal(student, 1.2, 3.0))
    hint = "use the argument margin instead of a fixed 1, also if it is 0"
    compare(student, "pairwise_ranking", [answered(scores, relevance, m) for m in margins], hint=hint)
    margin = drawn_decimal(student, 1.2, 3.0)
    got, call = ask(student, "pairwise_ranking", scores, relevance, margin=margin)
    _, want = answered(scores, relevance, margin)
    expect_close(got, want, call=call, hint="keep the argument's name, margin")
    got, call = ask(student, "pairwise_ranking", scores, relevance)
    expect_close(got, answered(scores, relevance)[1], call=call, hint="keep the default, margin=1.0")


@check("pairwise_ranking", marks=0.25)
def no_pair_at_all_costs_0(student: Student) -> None:
    size, level = drawn(student, 2, 5), drawn_decimal(student, -2.0, 2.0)
    pair = answered(near(student, 0.6, 0.1), tensor([level, level - 2]))
    equal, one = answered(near(student, *[0.5] * size), torch.full((size,), level)), near(student, 0.7)
    hint = "if no two items differ in relevance, return 0 instead of dividing by 0"
    compare(student, "pairwise_ranking", [pair, equal, answered(one, tensor([level]))], hint=hint)


@check("pairwise_ranking", marks=0.5)
def the_order_in_which_items_are_listed_does_not_matter(student: Student) -> None:
    relevance = tensor([1.0, 30.0, 0.0, 2.0, 7.0])
    cases = [answered(near(student, 1.1, 3.1, -1.3, 0.5, 0.7), relevance)]
    cases.append(answered(near(student, 0.4, 0.1, 0.9, 1.4), tensor([0.0, 1.0, 2.0, 3.0])))
    cases.append(answered(near(student, 0.4, 0.8), tensor([0.0, 1.0])))
    hint = "of two items only the relevance says which comes first, not where they stand in the list"
    compare(student, "pairwise_ranking", cases, hint=hint)
    by_hand(student, *cases[0][0])


@check("pairwise_ranking", marks=0.25)
def ties_make_no_pair(student: Student) -> None:
    first, second, between = tensor([1, 1, 0]), tensor([0, 2, 2, 0]), tensor([3, 2, 2, 2, 0])
    cases = [
        answered(near(student, 0.5, 0.9, 0.2), first),
        answered(near(student, 0.3, 0.1, 0.8, -0.1), second),
    ]
    cases.append(answered(near(student, 0.9, 0.1, 0.6, 0.3, -2.0), between))
    hint = "two items of equal relevance make no pair: they add nothing to the sum and nothing to the count"
    compare(student, "pairwise_ranking", cases, hint=hint)
    by_hand(student, *cases[0][0])


@check("pairwise_ranking", marks=0.25)
def relevance_may_be_numbers_of_any_kind(student: Student) -> None:
    low = drawn_decimal(student, 0.05, 0.2)
    kinds = [
        tensor([low + 0.3, low, low + 0.6]),  # all between two whole numbers
        tensor([low + 0.7, low + 1.0, low]),  # on both sides of a whole number, and less than 1 apart
        tensor([-low, -low - 0.25, -low]),
        tensor([drawn(student, 1, 9), drawn(student, 100, 255), 0], dtype=torch.uint8),
        tensor([-3, drawn(student, 4, 9), -2], dtype=torch.int32),
        tensor([True, False, True]),
    ]
    cases = [answered(near(student, 0.5, 2.4, 0.1), relevance) for relevance in kinds]
    hint = "compare two relevances with >: subtracting fails for bools and wraps around for uint8"
    compare(student, "pairwise_ranking", cases, hint=hint)
    by_hand(student, *cases[0][0])


@check("pairwise_ranking", marks=0.25)
def the_gradient_pushes_the_items_of_a_pair_apart(student: Student) -> None:
    scores, relevance = near(student, 0.2, 6.0, 0.5, 0.9), tensor([2.0, 1.0, 0.0, 1.0])
    margin = drawn_decimal(student, 1.4, 1.9)
    asked, want = answered(scores, relevance, margin)
    compare(
        student, "pairwise_ranking", [(asked, want)], hint="get this value right first, then its gradient"
    )
    by_hand(student, *asked)
    slopes = torch.zeros(4)
    for i, j in pairs(relevance):
        if scores[i] - scores[j] < margin:
            slopes[i] -= 1 / len(pairs(relevance))
            slopes[j] += 1 / len(pairs(relevance))
    call, inputs = (
        f"pairwise_ranking(scores, relevance, {margin})",
        {"scores": scores, "relevance": relevance},
    )
    expect_gradient(student, call, "scores", slopes, **inputs)


@check("pairwise_ranking", marks=0.25)
def scores_and_relevance_stay_as_they_were(student: Student) -> None:
    asked, want = answered(near(student, 0.5, 0.1, 0.8, 2.6), tensor([0.0, 2.0, 1.0, 2.0]))
    unchanged(student, "pairwise_ranking", *asked, want=want)
    by_hand(student, *asked)
