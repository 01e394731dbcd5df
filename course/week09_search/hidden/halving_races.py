"""Races of successive_halving: configs with learning curves, and what is right for them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checking import Mismatch, expect, show

from autograder.checks.framework import Student
from autograder.checks.inputs import drawn_from

NAME = "successive_halving"
# The loss of config i at budget b is ends[i] + slopes[i] / b. A loop without an end is ended after so many
# evaluations or lines of code: no answer of a known kind needs a tenth of them.
RACES = """
import copy as _copy
import sys as _sys

_log = []  # what each race has asked

class _Endless(BaseException):
    pass

def _trace(lines):
    def look(frame, event, arg):
        lines[0] += event == "line"
        if lines[0] > 40_000:
            raise _Endless
        return look
    return look

def _place(config, configs):
    # Which config this is: the very same object, or else the first equal one.
    for number, one in enumerate(configs):
        if one is config:
            return number
    if type(config).__module__ == "numpy" and hasattr(config, "item"):
        config = config.item() if config.ndim == 0 else config
    for number, one in enumerate(configs):
        try:
            if type(one) is type(config) and bool(one == config):
                return number
        except Exception:
            pass
    return -1

def _race(configs, ends, slopes, args):
    given, kept, asked = list(configs), _copy.deepcopy(configs), []
    _log.append(asked)

    def evaluate(config, budget):
        number = _place(config, configs)
        asked.append([number, float(budget)])
        if len(asked) > 400:
            raise _Endless
        return ends[number] + slopes[number] / budget if number >= 0 else float("inf")

    before, lines = _sys.gettrace(), [0]
    try:
        _sys.settrace(_trace(lines))
        got = successive_halving(given, evaluate, *args)
    except _Endless:
        got = "no end: the search goes on and on"
    finally:
        _sys.settrace(before)
    same = "as they were" if configs == kept else "changed inside"
    if len(given) != len(configs):
        same = f"{len(given)} in place of {len(configs)}"
    elif any(a is not b for a, b in zip(given, configs)):
        same = "in another order"
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        return [got if isinstance(got, str) else f"a {type(got).__name__}", "no pair", asked, same]
    best, rounds = got
    number = _place(best, configs)
    return [number if number >= 0 else f"a {type(best).__name__}", _pairs(rounds), asked, same]

def _pairs(rounds):
    if not isinstance(rounds, (list, tuple)):
        return f"a {type(rounds).__name__}"
    found = []
    for row in rounds:
        try:
            pair = [float(number) for number in row]
        except Exception:
            pair = []
        if len(pair) != 2 or not isinstance(row, (list, tuple)):
            return f"a list with a {type(row).__name__} in it"
        found.append(pair)
    return found
"""
ALL = RACES + "[_race(*_one) for _one in _all]"
REFUSED = (
    RACES
    + """
_found = []
for _one in _all:
    try:
        _answer = _race(*_one)[0]
    except RecursionError:
        _found.append("RecursionError")
    except Exception as _error:
        _found.append("ValueError" if isinstance(_error, ValueError) else type(_error).__name__)
        if _log[-1]:
            _found[-1] += ", but after evaluations"
    else:
        _found.append(_answer if isinstance(_answer, str) and _answer.startswith("no end") else "no error")
_found
"""
)
PAIR = "return best, rounds: the config that is left, and a list of pairs (number of configs, budget)"


@dataclass(frozen=True)
class Race:
    """Hold a call: configs, their curves, and what comes after evaluate. `eta` None: it is not given."""

    configs: list[Any]
    ends: list[float]
    slopes: list[float]
    least: int
    eta: int | None

    def args(self) -> list[int]:
        """Return the arguments after evaluate."""
        return [self.least] if self.eta is None else [self.least, self.eta]

    def inputs(self) -> list[Any]:
        """Return what the scenario needs."""
        return [self.configs, self.ends, self.slopes, self.args()]

    def call(self) -> str:
        """Return the call in words."""
        configs = show(self.configs) if len(self.configs) < 12 else f"{len(self.configs)} configs"
        return f"successive_halving({configs}, evaluate, {', '.join(map(str, self.args()))})"

    def curves(self) -> str:
        """Return the losses in words."""
        steady = not any(self.slopes)
        losses = [end + slope / self.least for end, slope in zip(self.ends, self.slopes, strict=True)]
        told = ", ".join(f"{loss:.4g}" for loss in losses[:12])
        more = ", …" if len(losses) > 12 else ""
        return (
            f"losses {told}{more}" if steady else f"losses at budget {self.least}: {told}{more}, then others"
        )


@dataclass(frozen=True)
class Came:
    """Hold what came of a race: the number of the best config, the rounds, what was evaluated."""

    best: Any
    rounds: list[list[float]]
    asked: list[list[float]]
    same: str


def right(race: Race) -> Came:
    """Return what is right: nan as infinity, ties in the order given."""
    eta, left, budget = race.eta or 2, list(range(len(race.configs))), race.least
    rounds: list[list[float]] = []
    asked: list[list[float]] = []
    while True:
        rounds.append([len(left), budget])
        asked += [[number, budget] for number in left]
        if len(left) == 1:
            return Came(left[0], rounds, asked, "as they were")
        losses = {number: race.ends[number] + race.slopes[number] / budget for number in left}
        order = sorted(left, key=lambda number: math.inf if math.isnan(losses[number]) else losses[number])
        left, budget = order[: max(1, len(left) // eta)], budget * eta


def ran(student: Student, races: Sequence[Race]) -> list[Came]:
    """Return what comes of all races. Raises Mismatch unless it is a pair of the right kinds."""
    getattr(student, NAME)  # a name that is missing is told as such
    came = student.run(ALL, _all=[race.inputs() for race in races])
    good = isinstance(came, list) and len(came) == len(races)
    expect(good, call=NAME, got=came, expected="a config and rounds", hint=PAIR)
    found = []
    for race, one in zip(races, came, strict=True):
        whole = isinstance(one, list) and len(one) == 4 and isinstance(one[1], list)
        whole = whole and isinstance(one[2], list) and all(len(row) == 2 for row in one[2])
        got = one[:2] if isinstance(one, list) else one
        if isinstance(got, list) and str(got[0]).startswith("no end"):
            hint = "look at what ends your loop: the round with one config is the last"
            raise Mismatch(race.call(), str(got[0]), "a config and rounds", hint)
        expect(bool(whole), call=race.call(), got=got, expected="a config and a list of pairs", hint=PAIR)
        found.append(Came(*one))
    return found


def listed(rounds: Any) -> str:
    """Return rounds as one would type them."""
    return f"[{', '.join(f'({count:g}, {budget:g})' for count, budget in rounds)}]"


def expect_rounds(student: Student, races: Sequence[Race], hint: str) -> None:
    """Raise Mismatch unless the rounds of all races are right."""
    found = ran(student, races)
    for race, came in zip(races, found, strict=True):
        call, want = f"rounds of {race.call()}", right(race).rounds
        student.expects(call, came.rounds, want)
    for race, came in zip(races, found, strict=True):
        want = right(race).rounds
        if came.rounds != want:
            raise Mismatch(f"rounds of {race.call()}", listed(came.rounds), listed(want), hint)


def expect_best(student: Student, races: Sequence[Race], hint: str) -> list[Came]:
    """Raise Mismatch unless the best config of all races is right; return what came."""
    found = ran(student, races)
    for race, came in zip(races, found, strict=True):
        number = int(right(race).best)
        if came.best != number:
            good = isinstance(came.best, int) and 0 <= came.best < len(race.configs)
            got = race.configs[came.best] if good else came.best
            call = f"best of {race.call()}, {race.curves()}"
            raise Mismatch(call, str(got), str(race.configs[number]), hint)
    return found


def labels(student: Student, count: int) -> list[int]:
    """Return so many different whole numbers to stand for configs."""
    return drawn_from(student, range(2, 2 * count + 20), count)


def steady(
    student: Student, losses: Sequence[float], least: int, eta: int | None, configs: list[Any] | None = None
) -> Race:
    """Return a race in which the budget does not matter."""
    named = configs or labels(student, len(losses))
    return Race(named, [float(loss) for loss in losses], [0.0] * len(losses), least, eta)
