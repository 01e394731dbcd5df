"""The visible check of random_search: a space that takes notes, and losses that are told in turn."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from checking import Mismatch, all_good, expect, expect_raises, first_of, show
from tutor import visible

NAN = math.nan
MOST_CALLS = 60  # of evaluate, in any of these searches: more is a loop without an end
PAIRS = "append a pair of config and loss to a list in each trial, and return the best config and that list"
LOWEST = (
    "keep the config of a loss that *is lower*, unrounded, than the lowest so far (inf at first): <, not <="
)
NEVER = "every comparison with nan is False: ask whether the loss is lower, never whether it is not higher"
ONCE = "call evaluate once a trial, keep its loss in a name, and keep (config, loss) in the order tried"
OWN = "make a new dict in each trial, inside the loop: one that is changed again and again is one dict"
ONE_RNG = "make one generator with np.random.default_rng, before the loop, and give it to each draw"
REFUSED = "raise ValueError(…) at the start if n_trials < 1"


@dataclass
class Search:
    """Hold what a search asks for: which generators came to the draws, and which configs were evaluated."""

    losses: Sequence[float]
    generators: list[Any] = field(default_factory=list)
    start: str = ""  # the state of the generator that came to the first draw
    asked: list[dict[str, Any]] = field(default_factory=list)

    def space(self) -> dict[str, Callable[[Any], Any]]:
        """Return a space of two names."""
        return {"lr": self._rate, "width": self._width}

    def _note(self, rng: Any) -> None:
        if not self.generators:
            self.start = repr(getattr(getattr(rng, "bit_generator", None), "state", None))
        self.generators.append(rng)

    def _rate(self, rng: Any) -> float:
        self._note(rng)
        return float(rng.random())

    def _width(self, rng: Any) -> int:
        self._note(rng)
        return int(rng.choice([16, 32, 64, 128]))

    def evaluate(self, config: dict[str, Any]) -> float:
        """Note the config as it is now, and return the next loss; after the last, 9."""
        if len(self.asked) >= MOST_CALLS:
            call = self.call()
            raise Mismatch(call, f"evaluate was called {MOST_CALLS} times", f"{len(self.losses)} times", ONCE)
        self.asked.append(copy.deepcopy(config))
        number = len(self.asked) - 1
        return self.losses[number] if number < len(self.losses) else 9.0

    def call(self) -> str:
        """Return the search in words."""
        told = ", ".join(f"{loss:.9g}" for loss in self.losses)
        return f"random_search(space, evaluate, {len(self.losses)}, seed=3), where the losses are {told}"

    def run(self, function: Any, seed: int = 3) -> tuple[Any, list[tuple[Any, float]]]:
        """Return best_config and the pairs of trials. Raises Mismatch unless they are of these kinds."""
        space = self.space()
        got = function(space, self.evaluate, len(self.losses), seed)
        pair = isinstance(got, tuple | list) and len(got) == 2
        expect(pair, call=self.call(), got=got, expected="(best_config, trials)", hint=PAIRS)
        best, trials = got
        count = len(self.losses)
        rows = isinstance(trials, list | tuple)
        expect(rows, call=f"trials of {self.call()}", got=trials, expected=f"a list of {count}", hint=PAIRS)
        for row in trials:
            good = isinstance(row, tuple | list) and len(row) == 2 and isinstance(row[0], dict)
            good = good and _plain(row[1]) is not None
            expected = "a pair of a config (a dict) and a loss"
            expect(good, call=f"one of trials of {self.call()}", got=row, expected=expected, hint=PAIRS)
        got, call = len(trials), f"how many trials come back from {self.call()}"
        expect(got == count, call=call, got=got, expected=f"{count}", hint=ONCE)
        whole = set(space) == {"lr", "width"} and list(space.values()) == [self._rate, self._width]
        hint = "only read space: the config is another dict"
        expect(whole, call="space after the search", got="changed", expected="as it was", hint=hint)
        return best, [(config, _plain(loss) or 0.0) for config, loss in trials]


def _plain(value: Any) -> float | None:
    """Return a number as a float, and None for anything else."""
    try:
        return None if isinstance(value, str | bool) else float(value)
    except (TypeError, ValueError, RuntimeError):
        return None


@visible
def check_random_search(random_search: Any) -> None:
    """Try losses in several orders, with ties and nan, and look at what was drawn, evaluated and kept."""
    first_of({
        "the lowest loss": partial(_expect_best, random_search, (3.0, 1.5, 2.0, 2.5), 1, LOWEST),
        "the first of equals": partial(_expect_best, random_search, (3.0, 1.0, 2.0, 1.0), 1, LOWEST),
        "a first trial that wins": partial(_expect_best, random_search, (1.0, 4.0, 2.0), 0, LOWEST),
        "a last trial that wins": partial(_expect_best, random_search, (7e9, 6e9, 5e9), 2, LOWEST),
        "losses a hair apart": partial(_expect_best, random_search, (0.5000002, 0.5000001), 1, LOWEST),
        "losses below 0": partial(_expect_best, random_search, (2.0, -4.0, 1.0), 1, LOWEST),
        "nan": partial(_nan, random_search),
        "trials in order": partial(_expect_trials, random_search),
        "one generator": partial(_generator, random_search),
        "the seed": partial(_seed, random_search),
        "default_rng": partial(_default_rng, random_search),
        "n_trials": partial(_refused, random_search),
    }, named=2)  # fmt: skip
    all_good("random_search")


def _nan(function: Any) -> None:
    """Raise Mismatch if nan wins, first or later, or something else than None if there is only nan."""
    _, trials = Search((2.0, NAN, 1.0)).run(function)
    losses = [loss for _, loss in trials]
    call, hint = "the losses in trials, where they are 2, nan, 1", "keep nan as it is in trials"
    kept = losses[::2] == [2.0, 1.0] and math.isnan(losses[1])
    expect(kept, call=call, got=losses, expected="[2.0, nan, 1.0]", hint=hint)
    _expect_best(function, (NAN, 2.0, 1.0), 2, NEVER)
    _expect_best(function, (2.0, NAN, 1.0, NAN), 2, NEVER)
    _expect_best(function, (NAN, NAN), None, "None stands there before the first lower loss, and stays")


def _expect_best(function: Any, losses: Sequence[float], want: int | None, hint: str) -> None:
    """Raise Mismatch unless best_config is that of trial number `want`, counted from 0."""
    search = Search(losses)
    best, _ = search.run(function)
    expected = "None" if want is None else _words(search.asked[want], search)
    right = best is None if want is None else isinstance(best, dict) and best == search.asked[want]
    if not right:
        raise Mismatch(f"best_config of {search.call()}", _words(best, search), expected, hint)


def _words(best: Any, search: Search) -> str:
    """Return which trial's config this is."""
    if isinstance(best, dict):
        numbers = [number for number, config in enumerate(search.asked, start=1) if config == best]
        return f"the config of trial {numbers[0]}" if numbers else f"{show(best)}, which was not evaluated"
    return show(best)


def _expect_trials(function: Any) -> None:
    """Raise Mismatch unless each trial was evaluated once, and is kept as it was, in order."""
    search = Search((3.0, 5.0, 1.0, 4.0, 2.0))
    _, trials = search.run(function)
    call, count = search.call(), len(search.losses)
    asked = len(search.asked)
    expect(asked == count, call=f"calls of evaluate in {call}", got=asked, expected=f"{count}", hint=ONCE)
    losses = [loss for _, loss in trials]
    expect(
        losses == list(search.losses),
        call=f"the losses in trials of {call}",
        got=losses,
        expected=show(list(search.losses)),
        hint=ONCE,
    )
    names = [set(config) for config in search.asked]
    hint = "draw a value for every name of space: {name: draw(rng) for …}"
    whole = all(one == {"lr", "width"} for one in names)
    expect(whole, call=f"names in a config of {call}", got=sorted(names[0]), expected="all names", hint=hint)
    same = [config == seen for (config, _), seen in zip(trials, search.asked, strict=True)]
    got = f"{sum(same)} of {count} configs as they were when evaluated"
    expect(all(same), call=f"trials of {call}", got=got, expected="all", hint=OWN)


def _generator(function: Any) -> None:
    """Raise Mismatch unless every draw gets the same generator, and each trial other values."""
    search = Search((3.0, 1.0, 2.0, 4.0))
    search.run(function)
    kinds = {id(rng) for rng in search.generators}
    call = f"generators given to the draws in {search.call()}"
    expect(len(kinds) == 1, call=call, got=len(kinds), expected="1 for the whole search", hint=ONE_RNG)
    count = len(search.generators)
    call = f"draws in {search.call()}"
    hint = "each trial draws each name once"
    expect(count == 8, call=call, got=count, expected="8, two a trial", hint=hint)
    rates = [config.get("lr") for config in search.asked]
    call = f"the rates drawn in {search.call()}"
    different = len(set(rates)) == len(rates)
    expect(different, call=call, got=f"{len(set(rates))} different", expected=f"{len(rates)}", hint=ONE_RNG)


def _seed(function: Any) -> None:
    """Raise Mismatch unless the seed, and no other random number, decides what is drawn."""
    rates, used = [], []
    kept, torchs = np.random.get_state(), torch.default_generator.get_state()
    try:
        for number, seed in enumerate((3, 3, 4)):
            np.random.seed(number)
            torch.default_generator.manual_seed(number)
            before = _states()
            search = Search((3.0, 1.0))
            search.run(function, seed)
            used = [name for name, state in _states().items() if state != before[name]]
            rates.append([config.get("lr") for config in search.asked])
    finally:
        np.random.set_state(kept)
        torch.default_generator.set_state(torchs)
    got = f"global random numbers of {' and '.join(used)} are used or set"
    call = "random_search with seed=4"
    expect(not used, call=call, got=got, expected="one generator alone", hint=ONE_RNG)
    call = "random_search with seed=3, twice"
    expect(rates[0] == rates[1], call=call, got="other configs", expected="the same", hint=ONE_RNG)
    call = "random_search with seed=3, then with seed=4"
    hint = "default_rng(seed): the seed that you are given"
    expect(rates[0] != rates[2], call=call, got="the same configs", expected="others", hint=hint)


def _default_rng(function: Any) -> None:
    """Raise Mismatch unless the first draw gets a generator as np.random.default_rng(seed) makes it."""
    search = Search((3.0, 1.0, 2.0, 4.0))
    search.run(function)
    fresh = repr(np.random.default_rng(3).bit_generator.state)
    call, expected = f"the generator at the first draw of {search.call()}", "a new np.random.default_rng(3)"
    hint = "np.random.default_rng(seed), with the very seed that is given, and nothing drawn before"
    expect(search.start == fresh, call=call, got="another one", expected=expected, hint=hint)


def _states() -> dict[str, str]:
    """Return the states of global random numbers, as text that can be compared."""
    return {"NumPy": repr(np.random.get_state()), "torch": str(torch.default_generator.get_state().tolist())}


def _refused(function: Any) -> None:
    """Raise Mismatch unless a search without a trial is a ValueError."""
    for count in (0, -2):
        search = Search(())
        action = partial(function, search.space(), search.evaluate, count, 3)
        call = f"random_search(space, evaluate, {count}, 3)"
        expect_raises(ValueError, action, call=call, hint=REFUSED)
    try:
        Search((3.0,)).run(function)
    except ValueError as error:
        call = "random_search(space, evaluate, 1, 3)"
        raise Mismatch(call, f"ValueError: {error}", "one trial", REFUSED) from error
