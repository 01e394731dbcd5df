"""Hidden checks of plot_dropout: read through the Axes, however it was drawn."""

from __future__ import annotations

from typing import Any

from checking import expect
from hidden.plot_dropout_scene import (
    DRAW,
    NAME,
    came,
    drawn_results,
    has_point,
    in_view,
    kind_of_bars,
    near,
    places_of,
    series_of,
    wanted,
    words,
)

from autograder.checks.framework import Student, check

SORT = "x = sorted(results), and then y and the bars by results[p] for p in x: so that they stay together"


def shown(pairs: list[list[float]]) -> list[list[float]]:
    """Return points with few digits."""
    return [[round(value, 4) for value in pair] for pair in pairs]


def expect_means(seen: dict[str, Any], results: dict[float, list[float]]) -> None:
    """Raise Mismatch unless every mean stands at its p, on linear axes."""
    want = wanted(results)
    right = all(has_point(seen, p, mean) for p, mean, *_ in want)
    got, expected = shown(series_of(seen, len(results))), str(shown([pair[:2] for pair in want]))
    expect(right, call=f"the points of {words(results)}", got=got, expected=expected, hint=DRAW)


@check(NAME, gate=True)
def there_is_such_a_function(student: Student) -> None:
    student.plot_dropout  # noqa: B018 - a name that is missing is told as such


@check(NAME, gate=True)
def an_axes_with_a_point_for_every_p_comes_back(student: Student) -> None:
    results = drawn_results(student, least=0.05)  # not every dict has p = 0 in it
    seen = came(student, results)
    drawn = places_of(seen)
    call, expected = f"what is drawn by {words(results)}", f"points at {len(results)} places or more"
    expect(drawn > 0, call=call, got=f"points at {drawn} places", expected=expected, hint=DRAW)


@check(NAME, marks=0.25)
def every_mean_stands_at_its_p_on_linear_axes(student: Student) -> None:
    results = drawn_results(student)
    seen = came(student, results)
    expect_means(seen, results)
    linear = seen["scales"] == ["linear", "linear"]
    hint = "on a log axis p = 0 vanishes without a word: leave both axes as they are, linear"
    call = f"the scales of {words(results)}"
    expect(linear, call=call, got=seen["scales"], expected="linear, linear", hint=hint)


@check(NAME, marks=0.25)
def the_order_of_the_dict_and_earlier_calls_make_no_difference(student: Student) -> None:
    results = drawn_results(student, ordered=False, least=0.05)
    seen = came(student, results, again=True)
    call = words(results)
    number = len(results)
    drawn, expected = places_of(seen), f"points at {number} places or more"
    expect(drawn >= number, call=call, got=f"points at {drawn} places", expected=expected, hint=DRAW)
    got, expected = "the figure of the first call", "a figure of its own"
    hint = "begin with figure, ax = plt.subplots(): plt.gca() and plt.errorbar go on where the last plot was"
    expect(seen["new"], call=f"{call}, called twice", got=got, expected=expected, hint=hint)
    rising = all(xs == sorted(xs) for xs in seen["joined"])
    got = shown(seen["joined"])[0] if seen["joined"] else []
    expect(rising, call=f"the line of {call}", got=got, expected="x in rising order", hint=SORT)
    hint = "only read results: no sort(), no pop() in it"
    expect(seen["unchanged"], call=f"results after {call}", got="changed", expected="as it was", hint=hint)
    expect_pairs(seen, results)


def expect_pairs(seen: dict[str, Any], results: dict[float, list[float]]) -> None:
    """Raise Mismatch if the values drawn belong to other rates of the unsorted dict."""
    ordered, given = sorted(results), list(results)
    swapped = all(
        has_point(seen, p, wanted({q: results[q]})[0][1]) for p, q in zip(ordered, given, strict=True)
    )
    got = shown(series_of(seen, len(results)))
    expect(
        not swapped,
        call=f"the points of {words(results)}",
        got=got,
        expected="every mean at its p",
        hint=SORT,
    )


@check(NAME, marks=0.25)
def the_error_bars_are_one_standard_deviation(student: Student) -> None:
    results = drawn_results(student)
    seen = came(student, results)
    kind = kind_of_bars(seen, results)
    got = [[round(low, 4), round(high, 4)] for _, low, high in sorted(seen["bars"])] or kind
    want = [[round(mean - sd, 4), round(mean + sd, 4)] for _, mean, sd, _ in wanted(results)]
    hint = "yerr: np.std(results[p]) for each p, a standard deviation over the seeds, not divided by √n"
    right, call = kind in ("n - 1", "n"), f"the error bars of {words(results)}"
    expect(right, call=call, got=got, expected=f"{want}, or with n in place of n − 1", hint=hint)
    spread = {"n - 1": 2, "n": 3}[kind]
    bars = zip(sorted(seen["bars"]), wanted(results), strict=True)
    right = all(near(low, w[1] - w[spread]) and near(high, w[1] + w[spread]) for (_, low, high), w in bars)
    expect(right, call=call, got=got, expected=f"{want}", hint="the bars stand around the means")


@check(NAME, marks=0.25)
def both_axes_are_named_every_p_has_a_tick_and_nothing_is_cut_off(student: Student) -> None:
    results = drawn_results(student)
    seen = came(student, results)
    call = words(results)
    named = all(seen["labels"])
    hint = "name them in words, with set_xlabel and set_ylabel"
    expect(
        named, call=f"the names of the axes of {call}", got=seen["labels"], expected="two names", hint=hint
    )
    missing = [p for p in sorted(results) if not any(near(p, tick) for tick in seen["ticks"])]
    got = shown([seen["ticks"]])[0]
    hint = "ax.set_xticks(x), with x the values of p"
    expect(not missing, call=f"the ticks of {call}", got=got, expected=f"{sorted(results)}", hint=hint)
    hint = "leave the labels to matplotlib: each tick tells its own p"
    expect(not seen["lie"], call=f"the ticks of {call}", got="other numbers", expected="p itself", hint=hint)
    hint = "p grows to the right, and accuracy upwards: do not invert an axis"
    expect(not seen["turned"], call=f"the axes of {call}", got="turned", expected="as usual", hint=hint)
    hint = "leave the limits to matplotlib, or make them wide enough for every p"
    view = in_view(seen, results)
    expect(view, call=f"the limits of {call}", got=seen["limits"], expected="all points in view", hint=hint)
