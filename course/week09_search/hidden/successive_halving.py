"""Hidden checks of successive_halving: the rounds, who stays, and what is evaluated."""

from __future__ import annotations

import math
from typing import Any

from checking import Mismatch, expect, show
from hidden.halving_races import (
    NAME,
    PAIR,
    REFUSED,
    Race,
    expect_best,
    expect_rounds,
    labels,
    listed,
    ran,
    right,
    steady,
)  # fmt: skip

from autograder.checks.framework import Student, check
from autograder.checks.inputs import FIRST_RIGHT, drawn, drawn_from, jittered, shuffled

ROUNDS = (
    "each round evaluates all that are left and notes (number, budget); then n // eta stay, the budget is "
    "multiplied by eta, and the round with one config is the last"
)
SMALL = "n // eta rounds down, at least one config stays (max(1, …)), eta is 2 if it is not given"
LOWEST = "order the configs by their losses, lowest first, and keep the first ones"
AGAIN = "evaluate the survivors anew with the new budget, and order them by these losses: ranks change"
ONCE = "every config that is left is evaluated once in each round, at the budget of that round, the last too"
TIES = "sorted(…) leaves equal losses in their order; np.argsort does so only with kind='stable'"
NAN = "put math.inf, no other number, in the place of a loss that is nan before you sort: nan ties with inf"
KINDS = "sort positions, or with key=: pairs of loss and config compare configs where losses are equal"
OWN = "work on a list of your own, list(configs): sort, pop and remove change the caller's"
REFUSE = "raise ValueError(…) if eta < 2, and else nothing: at the start, before anything is evaluated"


def different(student: Student, count: int) -> list[float]:
    """Return so many different losses in a random order."""
    moved = jittered(student, *(0.5 + step for step in range(count)))
    return shuffled(student, [round(loss, 1) for loss in moved.tolist()])


def not_first(student: Student, count: int) -> list[float]:
    """Return so many different losses, the lowest neither among the first nor last."""
    low, *rest = sorted(different(student, count))
    rest = shuffled(student, rest)
    rest.insert(count - 2, low)
    return rest


@check(NAME, gate=True)
def a_config_and_rounds_come_back(student: Student) -> None:
    race = steady(student, different(student, drawn(student, 4, 6)), drawn(student, 1, 3), 2)
    (came,) = ran(student, [race])
    known = isinstance(came.best, int) and 0 <= came.best < len(race.configs)
    expect(known, call=f"best of {race.call()}", got=came.best, expected="one of the configs", hint=PAIR)
    expect(bool(came.rounds), call=f"rounds of {race.call()}", got=[], expected="some rounds", hint=PAIR)


@check(NAME, marks=0.5)
def the_rounds_shrink_by_eta_and_budgets_grow_by_eta(student: Student) -> None:
    least = drawn(student, 2, 4)
    sizes = [(9, 1, 3), (16, least, 2), (27, drawn(student, 1, 3), 3), (16, 1, 4), (25, least, 5)]
    expect_rounds(student, [steady(student, different(student, n), b, eta) for n, b, eta in sizes], ROUNDS)


@check(NAME, marks=0.25)
def odd_numbers_round_down_and_one_always_stays(student: Student) -> None:
    least = drawn(student, 1, 5)
    sizes = [(7, 1, None), (drawn_from(student, (10, 11, 14), 1)[0], least, 3), (2, least, 3), (3, 1, 5)]
    sizes += [(1, least, 2), (drawn_from(student, (21, 22, 23), 1)[0], least, None)]
    expect_rounds(student, [steady(student, different(student, n), b, eta) for n, b, eta in sizes], SMALL)


@check(NAME, marks=0.5)
def the_lowest_losses_stay(student: Student) -> None:
    sizes = [(7, 2), (9, 3), (5, 2), (6, 4)]
    races = [steady(student, not_first(student, n), drawn(student, 1, 3), eta) for n, eta in sizes]
    races.append(steady(student, [loss - 30 for loss in not_first(student, 8)], 1, 2))
    races.append(steady(student, [loss * 1000 for loss in not_first(student, 8)], 1, 2))
    for race, came in zip(races, expect_best(student, races, LOWEST), strict=True):
        halved = len(came.rounds) > 1 or len(right(race).rounds) < 3
        got, call = len(came.rounds), f"how many rounds has {race.call()}"
        expect(halved, call=call, got=got, expected=f"{len(right(race).rounds)}", hint=ROUNDS)


@check(NAME, marks=0.25)
def survivors_are_ordered_by_their_newest_losses(student: Student) -> None:
    races = [crossing(student, 9, 3, 1.0), crossing(student, 8, 2, 0.9), overtaking(student)]
    expect_best(student, races, AGAIN)


def crossing(student: Student, count: int, eta: int, slope: float) -> Race:
    """Return a race in which one config leads at first, another in round two, and a third one too late."""
    size, above = drawn(student, 2, 6) / 2, drawn(student, 0, 8) / 4
    order = shuffled(student, range(count))
    ends = [size * (place - 4) ** 2 / 10 + above for place in order]
    slopes = [size * slope * abs(place - 1) for place in order]
    return Race(labels(student, count), ends, slopes, 1, eta)


def overtaking(student: Student) -> Race:
    """Return a race whose leader of round one gets worse; another leads in the sum, a third in round two."""
    size, order = drawn(student, 2, 6) / 2, shuffled(student, range(9))
    ends = [size * (1.3, 4.5, 2.35, 4, 5, 6, 7, 8, 9)[place] for place in order]
    slopes = [size * (0.9, -4.2, -1.35, 0, 0, 0, 0, 0, 0)[place] for place in order]
    return Race(labels(student, 9), ends, slopes, 1, 3)


@check(NAME, marks=0.25)
def each_round_evaluates_all_that_are_left_once_at_its_budget(student: Student) -> None:
    sizes = [(6, drawn(student, 1, 3), 2), (10, drawn(student, 2, 3), 3), (1, drawn(student, 3, 6), 2)]
    races = [steady(student, different(student, n), least, eta) for n, least, eta in sizes]
    for race, came in zip(races, ran(student, races), strict=True):
        both = (came.asked, right(race).asked)
        got, want = ([_words(row, race) for row in _ordered(asked)] for asked in both)
        if got != want:
            call = f"what evaluate is asked in {race.call()}, {race.curves()}"
            raise Mismatch(call, show(" ".join(got), 240), show(" ".join(want), 240), ONCE)


def _ordered(asked: list[list[float]]) -> list[list[float]]:
    return sorted(asked, key=lambda row: (row[1], row[0]))


def _words(row: list[float], race: Race) -> str:
    number = int(row[0])
    return f"({race.configs[number] if number >= 0 else 'none of the configs'}, {row[1]:g})"


@check(NAME, marks=0.25)
def equal_losses_keep_the_order_given(student: Student) -> None:
    low, high = drawn(student, 1, 4) / 4, drawn(student, 6, 9) / 4
    cases = [([high, low, low, low], 4), ([low] * drawn(student, 4, 7), 2)]
    cases.append(([high, low, low, low, low, high], 2))
    many = [[float(1 + drawn(student, 0, 2)) for _ in range(27)] for _ in range(6)]
    cases += [(losses, 3) for losses in many]
    races = [steady(student, losses, 1, eta) for losses, eta in cases]
    for race, came in zip(races, expect_best(student, races, TIES), strict=True):
        both = (came.asked, right(race).asked)
        got, want = (sorted(number for number, budget in asked if budget > 1) for asked in both)
        places = [", ".join(f"{int(number)}" for number in numbers) for numbers in (got, want)]
        call = f"positions of the configs evaluated after the first round in {race.call()}, {race.curves()}"
        if len(got) == len(want) and got != want:
            raise Mismatch(call, *places, TIES)


@check(NAME, marks=0.25)
def a_loss_of_nan_counts_as_infinite(student: Student) -> None:
    nan, low, mid, high = math.nan, *sorted(different(student, 3))
    cases = [[nan, high, nan, mid, low, nan], [high, nan, low, nan], [mid, nan, high, low, nan, nan, nan]]
    cases += [[nan, nan, low], [low - 20, nan, high - 30, mid - 20]]
    cases += [[nan, high * 1e12, low * 1e12, nan], [nan, math.inf, math.inf], [math.inf, nan, nan]]
    races = [steady(student, losses, 1, 2) for losses in cases]
    falling: list[Any] = sorted(drawn_from(student, range(1, 8), drawn(student, 2, 4)), reverse=True)
    races.append(steady(student, [nan] * len(falling), 1, 2, configs=falling))
    expect_best(student, races, NAN)


@check(NAME, marks=0.25)
def configs_may_be_dicts_and_texts(student: Student) -> None:
    low, high = drawn(student, 1, 4) / 4, drawn(student, 6, 9) / 4
    rates = drawn_from(student, (0.1, 0.2, 0.3, 0.4, 0.5, 0.6), 4)
    dicts = [{"lr": rate, "width": drawn(student, 4, 9)} for rate in rates]
    texts = drawn_from(student, ("slow", "fast", "wide", "deep", "flat"), 4)
    pairs = [[rate, str(rate)] for rate in rates]
    races = [steady(student, [high, low, low, high], 1, 2, configs=kind) for kind in (dicts, texts, pairs)]
    twice = steady(student, [high, low, low, high, low], 1, 2, configs=[*dicts[:4], dict(dicts[1])])
    (*_, came) = expect_best(student, [*races, twice], KINDS)
    call, hint = f"rounds of {twice.call()}", "two configs that are alike are two configs"
    counts = [count for count, _ in came.rounds]
    expect(counts[:1] == [5.0], call=call, got=listed(came.rounds), expected="(5, 1) first", hint=hint)


@check(NAME, marks=0.25)
def configs_stay_as_they_were(student: Student) -> None:
    dicts: list[Any] = [{"lr": rate} for rate in drawn_from(student, (0.1, 0.2, 0.3, 0.4), 4)]
    races = [steady(student, not_first(student, drawn(student, 5, 8)), 1, 2)]
    races.append(steady(student, not_first(student, 4), 1, 2, configs=dicts))
    for race, came in zip(races, expect_best(student, races, FIRST_RIGHT), strict=True):
        call = f"configs after {race.call()}"
        expect(came.same == "as they were", call=call, got=came.same, expected="as they were", hint=OWN)


@check(NAME, marks=0.25)
def eta_below_2_is_a_ValueError(student: Student) -> None:
    getattr(student, NAME)  # a name that is missing is told as such
    least = drawn(student, 1, 3)
    etas = [1, 0, -drawn(student, 1, 4), 2]
    races = [steady(student, different(student, drawn(student, 4, 6)), least, eta) for eta in etas]
    etas.append(1)
    races.append(steady(student, [drawn(student, 1, 4) / 4], least, 1))
    found = student.run(REFUSED, _all=[race.inputs() for race in races])
    good = isinstance(found, list) and len(found) == len(etas)
    expect(good, call=NAME, got=found, expected="ValueError for eta 1", hint=REFUSE)
    for race, eta, got in zip(races, etas, found, strict=True):
        want = "ValueError" if eta < 2 else "no error"
        call = f"successive_halving({len(race.configs)} configs, evaluate, {least}, {eta})"
        expect(got == want, call=call, got=got, expected=f"a {want}" if eta < 2 else want, hint=REFUSE)
