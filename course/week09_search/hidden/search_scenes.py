"""Scenarios of random_search: a space that takes notes, and losses that are told in turn.

What is drawn may differ between right answers, so it is compared with what was evaluated, and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checking import expect, show

from autograder.checks.framework import Student
from autograder.checks.inputs import drawn, drawn_from, drawn_seed

NAME = "random_search"
# Each search: the losses in turn, the number of trials, the seed. What comes back of each: which evaluated
# config the best one is, the pairs of trials, and what was asked for, all as plain data.
SEARCHES = """
import copy as _copy
import random as _random
import numpy as _np
import torch as _t

class _Endless(BaseException):
    pass

def _number(value):
    if isinstance(value, (str, bool, type(None))):
        return f"a {type(value).__name__}"
    try:
        return float(value)
    except Exception:
        return f"a {type(value).__name__}"

def _search(losses, n_trials, seed, raises=False):
    rngs, drawn, asked, first = [], [], [], []

    def maker(name):
        def draw(rng):
            if not rngs:
                fresh, bits = _np.random.default_rng(seed), getattr(rng, "bit_generator", None)
                first.append(repr(getattr(bits, "state", None)) == repr(fresh.bit_generator.state))
            rngs.append(rng)
            drawn.append(name)
            return float(rng.random()) if name != _names[-1] else int(rng.choice([8, 16, 32]))
        return draw

    def evaluate(config):
        asked.append(_copy.deepcopy(config))
        if len(asked) > 10 * n_trials + 10:
            raise _Endless
        return losses[len(asked) - 1] if len(asked) <= len(losses) else -1e9

    space = {name: maker(name) for name in _names}
    kept = dict(space)
    try:
        got = random_search(space, evaluate, n_trials, seed)
    except _Endless:
        got = "no end: evaluate is called again and again"
    except NotImplementedError:
        raise
    except Exception as error:
        if raises:
            raise
        got = f"{type(error).__name__}: {str(error)[:200]}"
    same_space = list(space) == list(kept) and all(space[name] is kept[name] for name in kept)
    return _told(got, asked, rngs, drawn, same_space, first)

def _told(got, asked, rngs, drawn, same_space, first):
    counts = [len(asked), len({id(rng) for rng in rngs}), [drawn.count(name) for name in _names], same_space]
    counts.append([sorted({type(rng).__name__ for rng in rngs}), first == [True]])
    names = [sorted(map(str, config)) if isinstance(config, dict) else "none" for config in asked]
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        return [got if isinstance(got, str) else f"a {type(got).__name__}", [], counts, names, asked]
    best, trials = got
    if isinstance(best, dict):
        best = [number for number, config in enumerate(asked) if config == best]
    elif best is not None:
        best = f"a {type(best).__name__}"
    rows = f"a {type(trials).__name__}"
    if isinstance(trials, (list, tuple)):
        rows = [_row(row, asked, number) for number, row in enumerate(trials)]
        kinds = {id(row[0]) for row in trials if isinstance(row, (tuple, list)) and row}
        counts.append(len(kinds))
    return [best, rows, counts, names, asked]

def _row(row, asked, number):
    # The loss of a trial, and whether its config is what was evaluated then.
    if not isinstance(row, (tuple, list)) or len(row) != 2:
        return ["a config alone" if row in asked else f"a {type(row).__name__}", "no pair"]
    if not isinstance(row[0], dict):
        return [_number(row[1]), f"a {type(row[0]).__name__} as config"]
    same = number < len(asked) and row[0] == asked[number]
    return [_number(row[1]), "as evaluated" if same else "another config"]
"""
ALL = SEARCHES + "[_search(*_one) for _one in _all]"
SEEDS = (
    SEARCHES
    + """
def _set(seed):
    _np.random.seed(seed)
    _random.seed(seed)
    _t.default_generator.manual_seed(seed)

def _state():
    return repr(_np.random.get_state()), _random.getstate(), _t.default_generator.get_state().tolist()

_kept = _np.random.get_state(), _random.getstate(), _t.default_generator.get_state()
try:
    _set(1)
    _one = _search(*_all[0])
    _set(2)
    _before = _state()
    _two = _search(*_all[0])
    _untouched = [one == other for one, other in zip(_state(), _before)]
    _three = _search(*_all[1])
finally:
    _np.random.set_state(_kept[0])
    _random.setstate(_kept[1])
    _t.default_generator.set_state(_kept[2])
_rates = [config.get(_names[0]) if isinstance(config, dict) else None for config in _one[-1]]
_different = len(set(_rates)) == len(_rates)
[_one[-1] == _two[-1], _one[-1] != _three[-1], _different, _one[2][1], _untouched, _one[2][4]]
"""
)
REFUSED = (
    SEARCHES
    + """
_found = []
for _n in _counts:
    try:
        _search([0.5] * 3, _n, 1, raises=True)
    except Exception as _error:
        _found.append("ValueError" if isinstance(_error, ValueError) else type(_error).__name__)
    else:
        _found.append("no error")
_found
"""
)
NAMES = ("lr", "weight_decay", "dropout", "momentum", "width")
PAIR = "return best_config, trials: a dict, and a list with a pair (config, loss) for each trial"
ONCE = "evaluate each config once, keep that loss, and append the pair in the order tried"


@dataclass(frozen=True)
class Came:
    """Hold what came of a search: trials as (loss, words on the config), and what was asked for."""

    call: str
    best: Any
    trials: Any
    counts: list[Any]
    names: list[Any]
    losses: Sequence[float]

    def words(self) -> str:
        """Return which config the best one is."""
        if not isinstance(self.best, list):
            return show(self.best)
        here = [str(number + 1) for number in self.best]
        return f"the config of trial {' or '.join(here)}" if here else "a config that was not evaluated"


def call_of(losses: Sequence[float], n_trials: int, seed: int) -> str:
    """Return a search in words."""
    told = ", ".join(f"{loss:.9g}" for loss in losses)
    return f"random_search(space, evaluate, {n_trials}, {seed}), where the losses are {told}"


def searched(student: Student, all_losses: Sequence[Sequence[float]]) -> list[Came]:
    """Return what comes of a search for each series of losses. Raises Mismatch unless it is a pair."""
    getattr(student, NAME)  # a name that is missing is told as such
    names = [*drawn_from(student, NAMES[:-1], drawn(student, 1, 3)), NAMES[-1]]
    given = [[list(losses), len(losses), drawn_seed(student)] for losses in all_losses]
    came = student.run(ALL, _all=given, _names=names)
    good = isinstance(came, list) and len(came) == len(given)
    expect(good, call=NAME, got=came, expected="a best config and trials", hint=PAIR)
    student.note([_of_note(one) for one in came])
    found = []
    for (losses, count, seed), one in zip(given, came, strict=True):
        call = call_of(losses, count, seed)
        whole = isinstance(one, list) and len(one) == 5 and isinstance(one[1], list) and len(one[1]) == count
        pairs = whole and all(isinstance(row, list) and isinstance(row[0], float) for row in one[1])
        pairs = pairs and not any("no pair" in row or " as config" in str(row[1]) for row in one[1])
        got = one[:2] if isinstance(one, list) else one
        hint = ONCE if isinstance(got, list) and str(got[0]).startswith("no end") else PAIR
        expect(bool(pairs), call=call, got=got, expected=f"a config and {count} pairs", hint=hint)
        found.append(Came(call, one[0], one[1], one[2], one[3], losses))
    return found


def _of_note(one: Any) -> Any:
    """Return what names a mistake: not what was drawn, and of an error its kind alone."""
    if not isinstance(one, list):
        return one
    error = isinstance(one[0], str) and "Error: " in one[0]
    return [one[0].partition(":")[0] if error else one[0], *one[1:4]]
