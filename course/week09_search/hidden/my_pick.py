"""Hidden checks of my_pick: drawn tables of accuracies in steps of 1/64, of which means are exact."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from checking import Mismatch, as_array, expect, expect_close, expect_equal, show

from autograder.checks.framework import Student, check
from autograder.checks.inputs import as_typed, drawn, drawn_from, shuffled, unchanged

NAME = "my_pick"
Table = dict[Any, list[float]]
Tables = dict[str, Table]
BEST = "the value (the key) with the highest mean: max(means, key=means.get); of equal ones the first"
SPREAD = "the standard deviation, with n − 1, of the best value's accuracies, unrounded: np.std(runs, ddof=1)"
RIVALS = "each other value whose mean is at least best mean − spread, in the order of the table"
ENTRY = 'picks[name] = {"value": …, "spread": …, "rivals": …} for each name, and return picks after the loop'
RATES = (0.1, 0.03, 0.01, 0.003, 0.001, 0.0003)
LETTERS = ("lr", "weight_decay", "dropout", "width", "batch_size", "momentum")
STEP = 1 / 64


def mean_of(runs: list[float]) -> float:
    """Return the mean."""
    return sum(runs) / len(runs)


def spread_of(runs: list[float]) -> float:
    """Return the standard deviation with n − 1."""
    mean = mean_of(runs)
    return math.sqrt(sum((run - mean) ** 2 for run in runs) / (len(runs) - 1))


def right(tables: Mapping[str, Table]) -> dict[str, dict[str, Any]]:
    """Return what is right."""
    picks = {}
    for name, table in tables.items():
        best = max(table, key=lambda value: mean_of(table[value]))
        spread = spread_of(table[best])
        limit = mean_of(table[best]) - spread
        rivals = [value for value in table if value != best and mean_of(table[value]) >= limit]
        picks[name] = {"value": best, "spread": spread, "rivals": rivals}
    return picks


def around(mean: float, width: float, low_at: int = 0) -> list[float]:
    """Return four accuracies with the mean `mean`/64 and the standard deviation 2 · `width`/64, both exact.

    One lies low, at the place `low_at`; the other three lie above the mean.
    """
    steps = [1, 1, 1, 1]
    steps[low_at] = -3
    return [(mean + step * width) * STEP for step in steps]


def table_of(student: Student, border: float = -6) -> Table:
    """Return a table whose best has the spread 6/64; `border` is a rival's distance from it in 64ths.

    −6 lies on the border. Neither the means nor the values of the rivals are in an order of their own.
    """
    best = drawn(student, 40, 60)
    distances = [(-4, 1, 2), (0, 3, 0), (-2, 2, 3), (border, 1, 1), (-12, 8, 2)]
    low = sorted(drawn_from(student, RATES, 5))
    values = [low[place] for place in (2, 1, 4, 0, 3)]
    return {value: around(best + by, *rest) for value, (by, *rest) in zip(values, distances, strict=True)}


def entry(got: Any, name: str, key: str, call: str) -> Any:
    """Return one value of a pick. Raises Mismatch unless it is there."""
    has = isinstance(got, dict) and isinstance(got.get(name), dict) and key in got[name]
    wanted = f"a dictionary with {name!r}, and {key!r} in it"
    expect(has, call=call, got=got, expected=wanted, hint=ENTRY)
    return got[name][key]


def expect_entry(
    student: Student, tables: Tables, key: str, compare: Callable[[Any, Any, str], None]
) -> dict[str, Any]:
    """Ask for the picks of these tables and compare one of their values."""
    call = as_typed(NAME, tables)
    got, want = student.my_pick(tables), right(tables)
    for name in tables:
        compare(entry(got, name, key, call), want[name][key], f"{key} of {name!r} in {call}")
    return got if isinstance(got, dict) else {}


def as_number(got: Any) -> Any:
    """Return a value of a table as a plain number, if it is one number of whatever kind."""
    number = as_array(got)
    return float(number) if number is not None and number.shape == () else got


def expect_value(got: Any, want: Any, call: str) -> None:
    """Raise Mismatch unless a value of a table is the right one."""
    expect_equal(as_number(got), as_number(want), call=call, hint=BEST)


def expect_rivals(got: Any, want: list[Any], call: str) -> None:
    """Raise Mismatch unless a list holds the right values in the right order."""
    hint = RIVALS if isinstance(got, list) else "a list is asked for"
    right_ones = isinstance(got, list) and [as_number(value) for value in got] == want
    if not right_ones:
        raise Mismatch(call, show(got), show(want), hint)


@check(NAME, gate=True)
def a_pick_comes_back_for_each_table(student: Student) -> None:
    tables = {name: table_of(student) for name in drawn_from(student, LETTERS, 2)}
    call = as_typed(NAME, tables)
    got = student.my_pick(tables)
    for name in tables:
        entry(got, name, "value", call)
    values = [as_number(got[name]["value"]) in tables[name] for name in tables]
    shown, hint = [got[name]["value"] for name in tables], "one of the values of the table, its key"
    expect(all(values), call=f"the values in {call}", got=shown, expected="a value of each table", hint=hint)


@check(NAME, gate=True)
def two_tables_have_two_picks(student: Student) -> None:
    first, second = drawn_from(student, LETTERS, 2)
    better, worse = [0.75, 0.875], [0.25, 0.375]
    low, high = sorted(drawn_from(student, RATES, 2))
    tables = {first: {low: better, high: worse}, second: {low: worse, high: better}}
    expect_entry(student, tables, "value", expect_value)


@check(NAME, marks=0.25)
def the_value_has_the_highest_mean_and_is_the_first_of_equal_ones(student: Student) -> None:
    tables = {"lr": table_of(student), "dropout": table_of(student)}
    low, high = sorted(drawn_from(student, RATES, 2))
    size = drawn(student, 3, 5)
    tables |= {
        "rising ties": {low: around(40, 1), high: around(40, 2)},
        "falling ties": {high: around(40, 2), low: around(40, 1)},
        "one lucky run": {low: [0.25, 0.9375, 0.25, 0.25], high: [0.5, 0.625, 0.5, 0.5]},
        "one bad run": {low: [0.75, 0.75, 0.0, 0.75], high: [0.625, 0.625, 0.5, 0.625]},
        "a hair apart": {low: [0.5] * 4, high: [0.5, 0.5, 0.5, 0.5 + STEP]},
        "more seeds": {low: [0.5] * 2 * size, high: [0.75] * size},
    }
    expect_entry(student, tables, "value", expect_value)


@check(NAME, marks=0.25)
def the_spread_is_that_of_the_best_values_runs(student: Student) -> None:
    tables = {"lr": table_of(student), "weight_decay": table_of(student)}
    best, gap = drawn(student, 30, 50), drawn(student, 2, 12)
    few = {1e-3: [(best - 20) * STEP, (best - 19) * STEP], 1e-4: [best * STEP, (best + gap) * STEP]}

    def compare(got: Any, want: Any, call: str) -> None:
        expect_close(got, want, call=call, hint=SPREAD)

    expect_entry(student, tables | {"dropout": few}, "spread", compare)


@check(NAME, marks=0.25)
def rivals_lie_within_one_spread_of_the_best(student: Student) -> None:
    tables = {border: table_of(student, by) for border, by in (("on", -6), ("below", -7), ("above", -5.5))}
    pairs = zip(drawn_from(student, RATES, 2), (50, 30), strict=True)
    alone = {value: around(mean, 1) for value, mean in pairs}
    low, high = sorted(drawn_from(student, RATES, 2))
    even = {high: around(40, 2), low: around(40, 1)}
    none = {0.5: around(38, 1), 0.25: around(40, 3), 0.0: around(drawn(student, 35, 38), 1)}
    expect_entry(
        student, tables | {"width": alone, "momentum": even, "dropout": none}, "rivals", expect_rivals
    )


@check(NAME, marks=0.25)
def any_names_and_values_will_do_and_the_tables_stay(student: Student) -> None:
    kinds = shuffled(student, ["none", "some", "much", "most"])
    means = [(45, 2), (48, 3), (30, 1), (43, 1)]
    words = {kind: around(*each) for kind, each in zip(kinds, means, strict=True)}
    letters = shuffled(student, "abcdefgh")
    tables = {f"{letters[0]}{letters[1]}": words, letters[2]: table_of(student)}

    def compare(got: Any, call: str) -> None:
        want = right(tables)
        more = sorted(set(got) - set(tables)) if isinstance(got, dict) else []
        hint = "make a new, empty dictionary inside the function: an old one still holds other tables"
        expect(not more, call=call, got=f"also {more}", expected=f"entries for {list(tables)}", hint=hint)
        for name in tables:
            value = entry(got, name, "value", call)
            shown = f"value of {name!r} in {call}"
            expect_equal(as_number(value), as_number(want[name]["value"]), call=shown, hint=BEST)

    unchanged(student, NAME, tables, want=compare)
