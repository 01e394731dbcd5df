"""The visible check of successive_halving: rounds, winners, curves that cross, ties, nan, and dicts."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from checking import Mismatch, all_good, expect, first_of, show
from tutor import visible
from visible_halving_scenes import Race, Rounds, ended

NAN = math.nan
ROUNDS = (
    "each round evaluates all that are left and notes (number of configs, budget); then max(1, n // eta) "
    "stay and the budget is multiplied by eta"
)
LAST = "the round with one config is a round, too: evaluate it with its budget, note it, and then stop"
LOWEST = "a loss should be low: order the configs by their losses, lowest first, and keep the first ones"
AGAIN = "evaluate the survivors anew with the new budget, and order them by these losses: ranks change"
TIES = "sort by the loss alone, and sorted(…) leaves equal ones in their order: no sets, no reversing"
NAN_HINT = (
    "before sorting, put math.inf, no other number, in the place of a loss that is nan (math.isnan): nan "
    "spoils a sort, and ties with a loss that is infinite"
)
DICTS = (
    "sorting pairs of loss and config compares the configs where losses are equal, and dicts have no order: "
    "sort positions, or give key="
)
ASKED = "in each round every config that is left is evaluated once, at the budget of the round"
REFUSED = "raise ValueError(…) at the start if eta < 2, before anything is evaluated"


def _flat(config: Any, _budget: Any) -> float:
    return abs(config - 6.2)


def _crossing(config: Any, budget: Any) -> float:
    """Return learning curves that cross: what is best with a small budget is not best with a large one."""
    return float((config - 4) ** 2 / 10 + abs(config - 1) / budget)


def _overtaken(config: Any, budget: Any) -> float:
    """Return curves of which one starts lowest and rises: neither its first loss nor a sum may count."""
    end, slope = ((1.3, 0.9), (4.5, -4.2), (2.35, -1.35))[config] if config < 3 else (config + 1, 0)
    return float(end + slope / budget)


@visible
def check_successive_halving(successive_halving: Any) -> None:
    """Try several sizes and factors, curves that cross, ties, nan and dicts, and a factor of 1."""
    function = successive_halving
    _first(function)
    first_of({
        "the rounds": partial(_expect_rounds, function, 9, 3, 1, [(9, 1), (3, 3), (1, 9)]),
        "a budget of 2 at first": partial(_expect_rounds, function, 4, 2, 2, [(4, 2), (2, 4), (1, 8)]),
        "five rounds": partial(
            _expect_rounds, function, 16, 2, 1, [(16, 1), (8, 2), (4, 4), (2, 8), (1, 16)]
        ),
        "7 configs": partial(_expect_rounds, function, 7, None, 1, [(7, 1), (3, 2), (1, 4)]),
        "10 configs": partial(_expect_rounds, function, 10, 3, 1, [(10, 1), (3, 3), (1, 9)]),
        "2 configs, eta 3": partial(_expect_rounds, function, 2, 3, 1, [(2, 1), (1, 3)]),
        "one config": partial(_expect_rounds, function, 1, 2, 5, [(1, 5)]),
        "the winner": partial(_winner, function),
        "curves that cross": partial(_crossed, function),
        "what is evaluated": partial(_asked, function),
        "ties": partial(_ties, function),
        "nan": partial(_nans, function),
        "dicts": partial(_dicts, function),
        "lists": partial(_lists, function),
        "eta 1": partial(_refused, function),
    }, named=2)  # fmt: skip
    all_good("successive_halving")


def _first(function: Any) -> None:
    """Raise Mismatch unless a small race ends, with a config and a list of pairs."""
    call = "successive_halving([7, 3, 9, 6], evaluate, 1, 2)"
    Race([7, 3, 9, 6], _flat, call).run(function, 1, 2)


def _expect_rounds(function: Any, count: int, eta: int | None, least: int, want: Rounds) -> None:
    """Raise Mismatch unless so many configs go through these rounds."""
    rest = () if eta is None else (eta,)
    call = f"successive_halving({count} configs, evaluate, {', '.join(map(str, (least, *rest)))})"
    _, rounds = Race(range(count), _flat, call).run(function, least, *rest)
    hint = ROUNDS
    if rounds == want[:-1] or (count == 1 and not rounds):
        hint = LAST
    elif rounds[: len(want)] == want:
        hint = "the round with one config is the last one: stop after it"
    elif any(n < 1 for n, _ in rounds):
        hint = "at least one config stays: max(1, n // eta)"
    if rounds != want:
        raise Mismatch(f"rounds of {call}", _listed(rounds), _listed(want), hint)


def _listed(rounds: Rounds) -> str:
    return f"[{', '.join(f'({count:g}, {budget:g})' for count, budget in rounds)}]"


def _expect_best(race: Race, function: Any, args: tuple[int, ...], want: Any, hint: str) -> None:
    best, _ = race.run(function, *args)
    best = best.item() if isinstance(best, np.generic) else best
    right = best is want or (type(best) is type(want) and bool(best == want))
    if not right:
        raise Mismatch(f"best of {race.call}", show(best), show(want), hint)


def _winner(function: Any) -> None:
    """Raise Mismatch unless the config of the lowest loss wins where the budget does not matter."""
    for configs, args in (((9, 2, 7, 0, 5, 6, 3, 8), (1, 2)), ((4, 1, 9, 6, 8, 2), (1, 3))):
        call = f"successive_halving({list(configs)}, lambda c, b: abs(c - 6.2), {args[0]}, {args[1]})"
        _expect_best(Race(configs, _flat, call), function, args, 6, LOWEST)


def _crossed(function: Any) -> None:
    """Raise Mismatch unless later rounds look at the losses of their own budget."""
    call = "successive_halving(range(9), lambda c, b: (c - 4)**2 / 10 + abs(c - 1) / b, 1, 3)"
    hint = AGAIN + ". With budget 1 config 1 is best, with 3 it is config 2; 3 would be with 9, but is out"
    _expect_best(Race(range(9), _crossing, call), function, (1, 3), 2, hint)
    call = (
        "successive_halving(range(9), evaluate, 1, 3), where config 1 leads after round one, then gets worse"
    )
    _expect_best(Race(range(9), _overtaken, call), function, (1, 3), 0, AGAIN)


def _asked(function: Any) -> None:
    """Raise Mismatch unless each round evaluates what is left, once, at its budget."""
    call = "successive_halving([5, 6, 7, 0], evaluate, 1, 2)"
    race = Race([5, 6, 7, 0], _flat, call)
    race.run(function, 1, 2)
    want = [(0, 1), (5, 1), (6, 1), (7, 1), (6, 2), (7, 2), (6, 4)]
    order = sorted(race.asked, key=lambda pair: (pair[1], pair[0]))
    call = f"what evaluate is asked in {call}, sorted"
    expect(order == want, call=call, got=order, expected=str(want), hint=ASKED)


def _ties(function: Any) -> None:
    """Raise Mismatch unless of equal losses the first ones stay."""
    call = "successive_halving([8, 3, 5, 1], evaluate, 1, 2), where all losses are equal"
    _expect_best(Race([8, 3, 5, 1], lambda *_: 0.5, call), function, (1, 2), 8, TIES)
    losses = {8: 2.0, 3: 1.0, 5: 1.0, 1: 1.0}
    call = "successive_halving([8, 3, 5, 1], evaluate, 1, 4), losses 2, 1, 1, 1"
    _expect_best(Race([8, 3, 5, 1], lambda c, _: losses[c], call), function, (1, 4), 3, TIES)
    call = "successive_halving(range(27), lambda c, b: (5 * c * c + c) % 3, 1, 3)"
    race = Race(range(27), lambda c, _: float((5 * c * c + c) % 3), call)
    race.run(function, 1, 3)
    stay = sorted(config for config, budget in race.asked if budget == 3)
    want = sorted(range(27), key=lambda c: (5 * c * c + c) % 3)[:9]
    call = f"configs of the second round in {call}, with many ties"
    expect(stay == sorted(want), call=call, got=stay, expected=str(sorted(want)), hint=TIES)


def _nans(function: Any) -> None:
    """Raise Mismatch unless nan loses against every number, wherever it stands."""
    more = (((NAN, 3e12, 2e12, NAN), 2), ((NAN, math.inf, math.inf), 0), ((math.inf, NAN), 0))
    for losses, want in (
        ((NAN, 3.0, NAN, 2.0, 1.0, NAN), 4),
        ((3.0, NAN, 1.0, NAN), 2),
        ((NAN, NAN), 0),
        *more,
    ):
        told = ", ".join(f"{loss:g}" for loss in losses)
        call = f"successive_halving(range({len(losses)}), evaluate, 1, 2), losses {told}"
        race = Race(range(len(losses)), lambda c, _, losses=losses: losses[c], call)
        _expect_best(race, function, (1, 2), want, NAN_HINT)


def _lists(function: Any) -> None:
    """Raise Mismatch unless lists will do as configs."""
    call = "successive_halving([[3, 'a'], [1, 'b'], [2, 'c']], lambda c, b: c[0], 1, 2)"
    race = Race([[3, "a"], [1, "b"], [2, "c"]], lambda c, _: float(c[0]), call)
    hint = "keep the configs in a list of your own, as they are: no array, no dict, no set of them"
    try:
        _expect_best(race, function, (1, 2), race.configs[1], hint)
    except TypeError as error:
        raise Mismatch(call, f"TypeError: {error}", "[1, 'b']", hint) from error


def _dicts(function: Any) -> None:
    """Raise Mismatch unless dicts will do as configs, and come back as they were."""
    configs = [{"lr": rate} for rate in (0.1, 0.02, 0.02, 0.01)]
    call = "successive_halving(four dicts, two of them alike, evaluate, 1, 2)"
    race = Race(configs, lambda c, _: abs(c["lr"] - 0.02), call)
    try:
        best, rounds = race.run(function, 1, 2)
    except TypeError as error:
        raise Mismatch(call, f"TypeError: {error}", "a dict", DICTS) from error
    hint = "two configs that are alike are two configs"
    got, four = _listed(rounds), bool(rounds) and rounds[0][0] == 4
    expect(four, call=f"rounds of {call}", got=got, expected="(4, 1) first", hint=hint)
    kept = [list(config) == ["lr"] for config in configs]
    hint = "only read the configs, and keep losses and budgets elsewhere"
    expect(all(kept), call=f"the dicts after {call}", got="changed", expected="as they were", hint=hint)
    right = best is configs[1] or best == {"lr": 0.02}
    expect(right, call=f"best of {call}", got=best, expected="{'lr': 0.02}", hint=DICTS)


def _refused(function: Any) -> None:
    """Raise Mismatch unless eta = 1 is a ValueError, at once, also for one config."""
    for count in (4, 1):
        race = Race(range(count), _flat, f"successive_halving({count} configs, evaluate, 1, 1)")
        _expect_refused(function, race)


def _expect_refused(function: Any, race: Race) -> None:
    try:
        with ended(race.call):
            got = function(list(race.configs), race.evaluate, 1, 1)
    except ValueError:
        if not race.asked:
            return
        got = f"a ValueError after {len(race.asked)} calls of evaluate"
        raise Mismatch(race.call, got, "a ValueError at once", REFUSED) from None
    except Mismatch as error:
        raise Mismatch(race.call, error.got, "a ValueError", REFUSED) from None
    except RecursionError:
        raise Mismatch(race.call, "a recursion without an end", "a ValueError", REFUSED) from None
    raise Mismatch(race.call, show(got), "a ValueError", REFUSED)
