"""Hidden checks of pairwise_ranking."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from checking import expect, expect_close
from torch import tensor

from autograder.checks.framework import Student, check
from autograder.checks.inputs import (
    CONNECTED,
    ONE_NUMBER,
    UNCHANGED,
    afterwards,
    ask,
    compare,
    finite_number,
    gradient,
    jittered,
    random_tenths,
)

DESCENDING = tensor([3.0, 2.0, 1.0, 0.0])


@check("pairwise_ranking", gate=True)
def a_good_order_costs_less_than_its_reverse(student: Student) -> None:
    hint = "the item with the higher relevance should have the higher score. " + ONE_NUMBER
    scores = random_tenths(student, 3, low=0.0, high=1.0).cumsum(0).flip(0)
    (good, call), (bad, other) = (
        ask(student, "pairwise_ranking", ordered, tensor([2.0, 1.0, 0.0]))
        for ordered in (scores, scores.flip(0))
    )
    costs_less = finite_number(good, call, hint) < finite_number(bad, other, hint)
    expect(costs_less, call=call, got=good, expected=f"less than {other} gives", hint=hint)


@check("pairwise_ranking", marks=0.25)
def one_pair_costs_what_its_lead_falls_short_of_the_margin(student: Student) -> None:
    better = tensor([1.0, 0.0])
    cases = [((tensor([0.3, 0.0]), better), 0.7), ((tensor([0.0, 0.4]), better), 1.4)]
    hint = "a pair costs margin - (score of the more relevant item - score of the other)"
    compare(student, "pairwise_ranking", cases, hint=hint)


@check("pairwise_ranking", marks=0.25)
def a_lead_wider_than_the_margin_costs_nothing(student: Student) -> None:
    cases = [
        ((tensor([5.0, 1.0]), tensor([1.0, 0.0])), 0.0),
        ((tensor([5.0, 1.0, 0.8]), DESCENDING[:3]), 0.266667),
    ]
    compare(
        student,
        "pairwise_ranking",
        cases,
        hint="no pair may cost less than 0: a wide lead does not pay for another pair",
    )


@check("pairwise_ranking", marks=0.5)
def six_pairs_are_averaged(student: Student) -> None:
    good, poor = tensor([0.9, 0.7, 0.4, 0.1]), tensor([0.2, 0.5, 0.8, 0.9])
    cases = [((good, DESCENDING), 0.55), ((poor, DESCENDING), 1.4)]
    hint = "look at every pair with different relevance, each once, and take the mean over these pairs"
    compare(student, "pairwise_ranking", cases, hint=hint)


@check("pairwise_ranking", marks=0.25)
def the_margin_is_the_lead_asked_for(student: Student) -> None:
    scores, relevance = tensor([0.9, 0.6]), tensor([1.0, 0.0])
    cases = [
        ((scores, relevance, 0.5), 0.2),
        ((scores, relevance, 0.1), 0.0),
        ((scores, relevance, 2.0), 1.7),
    ]
    compare(student, "pairwise_ranking", cases, hint="use the argument margin instead of a fixed 1")
    got, call = ask(student, "pairwise_ranking", scores, relevance, margin=2.0)
    expect_close(got, 1.7, call=call, hint="keep the argument's name, margin")


@check("pairwise_ranking", marks=0.5)
def the_order_in_which_items_are_listed_does_not_matter(student: Student) -> None:
    scores, relevance = jittered(student, 1.1, 3.1, -1.3, 0.5), tensor([1.0, 30.0, 0.0, 2.0])
    ranks = tensor([1, 3, 0, 2])
    first, second = torch.combinations(torch.arange(4)).T
    sign = torch.where(ranks[first] > ranks[second], 1.0, -1.0)
    want = F.margin_ranking_loss(scores[first], scores[second], sign, margin=1.0)
    hint = "of two items only the relevance says which comes first, not where they stand in the list"
    compare(student, "pairwise_ranking", [((scores, relevance), want)], hint=hint)


@check("pairwise_ranking", marks=0.5)
def ties_make_no_pair(student: Student) -> None:
    cases = [
        (
            (tensor([0.5, 0.9, 0.2]), tensor([1, 1, 0])),
            0.5,
        ),  # pairs: .5 over .2 costs .7, .9 over .2 costs .3
        ((tensor([0.3, 0.1, 0.8, 0.4]), tensor([0, 2, 2, 0])), 0.9),  # 1.2 + 1.3 + .5 + .6 over 4
    ]
    hint = "two items of equal relevance make no pair: they add nothing to the sum and nothing to the count"
    compare(student, "pairwise_ranking", cases, hint=hint)


@check("pairwise_ranking", marks=0.25)
def no_pair_at_all_costs_0(student: Student) -> None:
    cases = [((tensor([0.3, 0.9, 0.1]), torch.ones(3)), 0.0), ((tensor([0.7]), tensor([2.0])), 0.0)]
    compare(
        student,
        "pairwise_ranking",
        cases,
        hint="if no two items differ in relevance, return 0 instead of dividing by 0",
    )


@check("pairwise_ranking", marks=0.25)
def the_gradient_pushes_the_items_of_a_pair_apart(student: Student) -> None:
    scores, relevance = tensor([0.2, 3.0, 0.5]), tensor([2.0, 1.0, 0.0])
    got = gradient(
        student, "pairwise_ranking(scores, relevance)", "scores", scores=scores, relevance=relevance
    )
    expect_close(
        got,
        tensor([-2 / 3, 1 / 3, 1 / 3]),
        hint=CONNECTED,
        call="the gradient of pairwise_ranking([0.2, 3, 0.5], [2, 1, 0]) with respect to scores",
    )


@check("pairwise_ranking", marks=0.25)
def scores_and_relevance_stay_as_they_were(student: Student) -> None:
    scores, relevance = random_tenths(student, 3), tensor([0.0, 2.0, 1.0])
    got = afterwards(student, "pairwise_ranking(scores, relevance)", scores=scores, relevance=relevance)
    expect_close(
        got,
        [scores, relevance],
        call="scores and relevance after pairwise_ranking(scores, relevance)",
        hint=UNCHANGED,
    )
