"""Hidden checks of one_se_choice: drawn losses in steps of 1/64: means and standard errors are exact."""

from __future__ import annotations

import math
from typing import Any

from checking import expect, expect_equal

from autograder.checks.framework import Student, check
from autograder.checks.inputs import as_typed, drawn, drawn_from, unchanged

NAME = "one_se_choice"
Config = dict[str, Any]
BEST = "the limit is the lowest mean plus the standard error of that config alone"
SD = "the standard deviation with n − 1, over √n: np.std(losses, ddof=1) / np.sqrt(len(losses))"
SIZE = "of all configs at or below the limit, the one with the smallest size, wherever it stands in the list"
TIES = "of equal sizes the one with the lower mean; of equal best means the first config is the best"
NAMES = ("alder", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine", "rowan", "yew")
STEP = 1 / 64
LIMITS = [
    limit for limit in range(30, 60) if all(round(limit * STEP, n) < limit * STEP for n in (2, 3, 4))
]  # rounded, they are lower
ORDERS = {3: (1, 2, 0), 4: (1, 3, 0, 2)}  # of configs of rising sizes


def config(name: str, size: int, losses: list[float]) -> Config:
    """Return one entry of the results."""
    return {"name": name, "size": size, "losses": losses}


def around(mean: int, width: int, low_at: int = 0) -> list[float]:
    """Return four losses with the mean `mean`/64 and the standard error `width`/64, both exact.

    One lies low, at the place `low_at`; the other three lie above the mean.
    """
    steps = [1, 1, 1, 1]
    steps[low_at] = -3
    return [(mean + step * width) * STEP for step in steps]


def sizes(student: Student, count: int) -> list[int]:
    """Return so many sizes, rising, none twice, some of one digit: as texts they have another order."""
    short = drawn_from(student, range(6, 10), count // 2)
    return sorted([*short, *drawn_from(student, range(10, 60), count - len(short))])


def names(student: Student, count: int) -> list[str]:
    """Return so many names."""
    return drawn_from(student, NAMES, count)


def mean_of(each: Config) -> float:
    """Return the mean loss of a config."""
    return float(sum(each["losses"]) / len(each["losses"]))


def limit_of(results: list[Config]) -> float:
    """Return the best mean plus the standard error of the best."""
    best = min(results, key=mean_of)
    losses, mean = best["losses"], mean_of(best)
    squares = sum((loss - mean) ** 2 for loss in losses)
    return mean + math.sqrt(squares / (len(losses) - 1)) / math.sqrt(len(losses))


def right(results: list[Config]) -> str:
    """Return what is right."""
    limit = limit_of(results)
    inside = [each for each in results if mean_of(each) <= limit]
    return str(min(inside, key=lambda each: (each["size"], mean_of(each)))["name"])


def plain(got: Any) -> Any:
    """Return a text of NumPy's as a plain one, anything else as it is."""
    return str(got) if isinstance(got, str) else got


def expect_choices(student: Student, cases: list[list[Config]], hint: str) -> None:
    """Ask for the choice of each list of results first, then compare them in order."""
    answers = [student.one_se_choice(results) for results in cases]
    calls = [as_typed(NAME, results) for results in cases]
    for got, call, results in zip(answers, calls, cases, strict=True):
        student.expects(call, got, right(results), (results,))
    for got, call, results in zip(answers, calls, cases, strict=True):
        told = f"{hint} (here the limit is {limit_of(results):.6g})"
        expect_equal(plain(got), right(results), call=call, hint=told)


def forest(student: Student, base: int, *relative: tuple[int, int]) -> list[Config]:
    """Return configs of rising sizes, put out of order; for each its mean above `base` and width, in 64ths.

    Names, sizes and base are drawn, the order is not: what a mistake costs must not depend on it.
    """
    named = zip(names(student, len(relative)), sizes(student, len(relative)), relative, strict=True)
    rising = [config(name, size, around(base + mean, width)) for name, size, (mean, width) in named]
    return [rising[place] for place in ORDERS[len(rising)]]


@check(NAME, gate=True)
def the_name_of_a_config_comes_back(student: Student) -> None:
    for best in (0, 1, 2):
        relative = [(30, 2), (32, 2), (34, 1)]
        relative[best] = (0, 2)
        results = forest(student, drawn(student, 20, 30), *relative)
        call, got = as_typed(NAME, results), student.one_se_choice(results)
        known = [each["name"] for each in results]
        named = isinstance(got, str) and got in known
        expect(named, call=call, got=got, expected=f"one of {known}", hint='return the "name" of one config')
        if best == 2:  # the largest is better by far
            expect_equal(plain(got), right(results), call=call, hint="one config alone lies inside: the best")


@check(NAME, gate=True)
def a_config_alone_is_its_own_best(student: Student) -> None:
    (name,), size = names(student, 1), drawn(student, 1, 40)
    expect_choices(student, [[config(name, size, around(drawn(student, 30, 50), 2))]], hint=BEST)


@check(NAME, marks=0.25)
def the_smallest_of_those_inside_is_chosen(student: Student) -> None:
    first = forest(student, drawn(student, 30, 40), (23, 2), (2, 3), (0, 4), (1, 1))
    second = forest(student, drawn(student, 30, 40), (1, 3), (18, 1), (2, 1), (0, 4))
    expect_choices(student, [first, second], hint=SIZE)


@check(NAME, marks=0.25)
def nobody_inside_leaves_the_best(student: Student) -> None:
    results = forest(student, drawn(student, 30, 40), (5, 1), (4, 2), (0, 2), (8, 1))
    expect_choices(student, [results], hint=BEST)


@check(NAME, marks=0.5)
def the_standard_error_divides_by_n_minus_1_and_the_root_of_n(student: Student) -> None:
    # The best has the standard error 8/64 and the standard deviation 16/64; dividing by n, 6.9 and 13.9.
    low = drawn(student, 30, 40)
    too_far = forest(student, low, (14, 1), (9, 2), (1, 1), (0, 8))
    just_inside = forest(student, low, (20, 1), (7, 1), (2, 1), (0, 8))
    # Two losses: standard error 12/64, standard deviation 17/64.
    runs = [(low + step) * STEP for step in (-12, 12)]
    two = forest(student, low, (20, 1), (15, 1), (10, 1), (0, 1))
    next(each for each in two if each["size"] == max(other["size"] for other in two))["losses"] = runs
    expect_choices(student, [too_far, just_inside, two], hint=SD)


@check(NAME, marks=0.25)
def the_best_configs_own_standard_error_counts(student: Student) -> None:
    low = drawn(student, 46, 52)
    noisy = forest(student, low, (9, 10), (3, 1), (0, 4))
    calm = forest(student, low, (6, 14), (5, 14), (3, 1), (0, 2))
    expect_choices(student, [noisy, calm], hint=BEST)


@check(NAME, marks=0.25)
def a_mean_on_the_limit_is_inside(student: Student) -> None:
    base = drawn_from(student, LIMITS, 1)[0] - 4
    results = forest(student, base, (5, 1), (4, 1), (1, 1), (0, 4))
    flat, (one, two), mean = sizes(student, 2), names(student, 2), drawn(student, 20, 40) * STEP
    still = [config(one, flat[1], [mean] * 3), config(two, flat[0], [mean + STEP] * 3)]
    expect_choices(student, [results, still], hint="at most: a mean equal to the limit is inside, <=")


@check(NAME, marks=0.25)
def ties_are_decided_as_told(student: Student) -> None:
    (low, high), name, base = sizes(student, 2), sorted(names(student, 4)), drawn(student, 30, 40)
    name[2:] = name[:1:-1]  # the winner's name is the last one of all
    rows = [around(base + mean, width) for mean, width in ((0, 6), (4, 1), (2, 1), (3, 1))]
    same = [config(name[i], size, rows[i]) for i, size in enumerate((high, low, low, low))]
    turned = [same[0], *same[:0:-1]]
    calm, broad = config(name[0], high, around(base, 1)), config(name[1], high + 9, around(base, 6))
    third = config(name[2], low, around(base + 4, 1))
    expect_choices(student, [same, turned, [calm, broad, third], [broad, calm, third]], hint=TIES)


@check(NAME, marks=0.25)
def the_results_stay_as_they_are(student: Student) -> None:
    results = forest(student, drawn(student, 30, 40), (18, 2), (2, 3), (0, 4), (13, 1))
    for each in results:
        each["losses"].reverse()  # the low one last, so that sorting them would show
    unchanged(student, NAME, results, want=lambda got, call: _expect_name(got, right(results), call))


def _expect_name(got: Any, want: str, call: str) -> None:
    expect_equal(plain(got), want, call=call, hint="this check counts only together with a right answer")
