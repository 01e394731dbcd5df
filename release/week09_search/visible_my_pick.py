"""The visible check of my_pick: small tables whose means and spreads are round numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from checking import Mismatch, all_good, expect, expect_close, expect_unchanged, first_of, show
from tutor import visible

Tables = Mapping[str, Mapping[Any, list[float]]]
Pick = Callable[..., Any]
KEYS = ("value", "spread", "rivals")
EXAMPLE = {"dropout": {0.0: [0.84, 0.94], 0.2: [0.85, 0.99], 0.4: [0.6, 0.8]}}
# Means 0.5, 0.75, 0.625, 0.5: the best has the spread 0.25, and one mean lies exactly on the border.
RATES = {
    0.1: [0.25, 0.5, 0.75, 0.5],
    0.01: [0.375, 0.875, 0.875, 0.875],
    0.001: [0.625, 0.625, 0.625, 0.625],
    0.0001: [0.25, 0.25, 0.25, 0.25],
}
DECAYS = {"none": [0.5, 0.75, 0.25], "some": [0.25, 0.75, 0.5], "much": [0.5, 0.25, 0.0]}
VALUE = "the value (the key) with the highest mean accuracy, not median; of equal means the first"
SPREAD = (
    "the standard deviation of the best value's own accuracies, unrounded, with n − 1: np.std(runs, ddof=1)"
)
RIVALS = "all other values (0, too), in the table's order, whose *mean* is at least best mean − spread"


@visible
def check_my_pick(my_pick: Pick) -> None:
    """Try the worked example, a mean on the border, equal means, and whether the tables stay as they are."""
    problems: dict[str, Callable[[], None]] = {
        "the worked example": partial(
            _expect, my_pick, EXAMPLE, "the worked example", dropout=(0.2, 0.0989949, [0.0])
        ),
        "a mean within one spread": partial(
            _expect, my_pick, {"p": {0.5: [0.5, 1.0], 0.0: [0.25, 0.6875]}}, "my_pick of two wide spreads",
            p=(0.5, 0.3535534, [0.0]),
        ),
        "two tables at once": partial(
            _expect, my_pick, {"lr": RATES, "weight_decay": DECAYS}, "my_pick of two tables",
            lr=(0.01, 0.25, [0.1, 0.001]), weight_decay=("none", 0.25, ["some", "much"]),
        ),
        "a best value without a rival": partial(
            _expect, my_pick, {"p": {0.5: [0.25, 0.25], 0.0: [0.5, 0.75]}}, "my_pick of two values far apart",
            p=(0.0, 0.1767767, []),
        ),
        "one lucky run": partial(
            _expect, my_pick, {"p": {0.5: [0.5, 0.75, 0.625], 0.25: [0.125, 0.75, 0.125], 0.0: [0.5, 0.5]}},
            "my_pick of a value with one lucky run", p=(0.5, 0.125, [0.0]),
        ),
        "means a hair apart": partial(
            _expect, my_pick, {"p": {0.5: [0.5, 0.5], 0.0: [0.5, 0.5078125]}}, "my_pick of two near means",
            p=(0.0, 0.0055243, [0.5]),
        ),
        "the tables themselves": partial(expect_unchanged, my_pick, {"lr": dict(RATES)}),
    }  # fmt: skip
    first_of(problems)
    all_good("my_pick")


def _expect(my_pick: Pick, tables: Tables, call: str, **want: tuple[Any, float, list[Any]]) -> None:
    """Raise Mismatch unless the entries of a pick are right, one after the other."""
    got = my_pick(
        {name: {value: list(runs) for value, runs in table.items()} for name, table in tables.items()}
    )
    hint = "make an empty dictionary before the loop over tables.items(), and return it after the loop"
    names = isinstance(got, dict) and set(got) == set(want)
    expect(
        names, call=call, got=got, expected=f"a dictionary with an entry for each of {list(want)}", hint=hint
    )
    for name, (value, spread, rivals) in want.items():
        entry, at = got[name], f'"{name}" in {call}'
        has = isinstance(entry, dict) and set(KEYS) <= set(entry)
        hint = 'picks[name] = {"value": …, "spread": …, "rivals": …}'
        expect(
            has, call=at, got=entry, expected='a dictionary with "value", "spread" and "rivals"', hint=hint
        )
        same = entry["value"] == value
        expect(bool(same), call=f"value of {at}", got=entry["value"], expected=show(value), hint=VALUE)
        expect_close(entry["spread"], spread, call=f"spread of {at}", hint=SPREAD)
        _expect_rivals(entry["rivals"], rivals, f"rivals of {at}")


def _expect_rivals(got: Any, want: list[Any], call: str) -> None:
    if not isinstance(got, list) or got != want:
        hint = "a list of the values themselves" if not isinstance(got, list) else RIVALS
        raise Mismatch(call, show(got), show(want), hint)
