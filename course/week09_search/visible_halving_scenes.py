"""What the visible check of successive_halving needs: learning curves, and an end for loops without one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from checking import Mismatch, expect

MOST_CALLS = 150  # of evaluate: many times what any of the searches needs
MOST_LINES = 30_000  # of code, in any of the searches
ENDLESS = "look at what ends your loop: does the number of configs fall in every round?"
PAIR = "return best, rounds: the config that is left, and a list of pairs (number of configs, budget)"
Rounds = list[tuple[float, float]]


class Race:
    """Hold configs and their loss as a function of config and budget, and note what is evaluated."""

    def __init__(self, configs: Sequence[Any], loss: Callable[[Any, Any], float], call: str) -> None:
        self.configs, self.loss, self.call = list(configs), loss, call
        self.asked: list[tuple[Any, Any]] = []

    def evaluate(self, config: Any, budget: Any) -> float:
        """Note the call and return the loss."""
        self.asked.append((config, budget))
        if len(self.asked) > MOST_CALLS:
            raise Endless
        return self.loss(config, budget)

    def run(self, function: Any, *args: Any, **kwargs: Any) -> tuple[Any, Rounds]:
        """Return best and rounds. Raises Mismatch unless they are of these kinds, and the search ends."""
        given = list(self.configs)
        with ended(self.call):
            got = function(given, self.evaluate, *args, **kwargs)
        pair = isinstance(got, tuple | list) and len(got) == 2
        expect(pair, call=self.call, got=got, expected="(best, rounds)", hint=PAIR)
        best, rounds = got
        call = f"rounds of {self.call}"
        listed = isinstance(rounds, list | tuple) and all(map(_is_pair, rounds))
        expect(listed, call=call, got=rounds, expected="a list of pairs of numbers", hint=PAIR)
        same = len(given) == len(self.configs)
        same = same and all(a is b for a, b in zip(given, self.configs, strict=True))
        hint = "work on a list of your own, list(configs): sort, pop and remove change the caller's"
        expect(same, call=f"configs after {self.call}", got="changed", expected="as it was", hint=hint)
        return best, [(float(count), float(budget)) for count, budget in rounds]


def _is_pair(row: Any) -> bool:
    try:
        return isinstance(row, tuple | list) and len([float(number) for number in row]) == 2
    except (TypeError, ValueError):
        return False


class Endless(BaseException):
    """Report a loop without an end. Not an Exception: `except Exception` in a loop shall not catch it."""


@contextmanager
def ended(call: str) -> Iterator[None]:
    """Raise Mismatch, saying so, if what runs in a `with` block does not end: after so many lines."""
    lines, before = [0], sys.gettrace()

    def trace(_frame: FrameType, event: str, _arg: Any) -> Any:
        lines[0] += event == "line"
        if lines[0] > MOST_LINES:
            raise Endless
        return trace

    try:
        sys.settrace(trace)
        yield
    except Endless:
        sys.settrace(before)
        raise Mismatch(call, "no end: the search goes on and on", "an answer", ENDLESS) from None
    finally:
        sys.settrace(before)
