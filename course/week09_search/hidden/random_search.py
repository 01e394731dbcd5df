"""Hidden checks of random_search: what comes back, which trial wins, and where random numbers come from."""

from __future__ import annotations

import math
from collections.abc import Sequence

from checking import Mismatch, expect, expect_equal, show
from hidden.search_scenes import NAME, NAMES, ONCE, REFUSED, SEEDS, Came, call_of, searched

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_seed, jittered, shuffled

LOWEST = "keep the config of the lowest loss, unrounded, whatever its size: if loss < best_loss"
FIRST = "of equal losses the first stays: < and not <="
NEVER = "every comparison with nan is False: ask whether a loss is lower. If none ever is, the best is None"
OWN = "make a new dict in each trial: one dict that is changed again is the same in every place"
ONE_RNG = "make np.random.default_rng(seed) once, before the loop; give it to every draw, use nothing else"
REFUSE = "raise ValueError(…) at the start if n_trials < 1"


def expect_best(student: Student, all_losses: Sequence[Sequence[float]], hint: str) -> list[Came]:
    """Return what came, if the best is that of the lowest loss, the first of equals, nan left out."""
    found = searched(student, all_losses)
    for came in found:
        numbers = [(loss, number) for number, loss in enumerate(came.losses) if not math.isnan(loss)]
        want = min(numbers)[1] if numbers else None
        right = came.best is None if want is None else isinstance(came.best, list) and want in came.best
        if not right:
            expected = "None" if want is None else f"the config of trial {want + 1}"
            raise Mismatch(f"best_config of {came.call}", came.words(), expected, hint)
    return found


def falling(student: Student, size: int, start: float = 0.5) -> list[float]:
    """Return so many different losses, rising from about `start`."""
    moved = jittered(student, *(start + step for step in range(size)))
    return [round(loss, 1) for loss in moved.tolist()]


@check(NAME, gate=True)
def a_config_and_all_trials_come_back(student: Student) -> None:
    searched(student, [shuffled(student, falling(student, 3))])


@check(NAME, marks=0.25)
def each_trial_is_evaluated_once_and_kept_in_order(student: Student) -> None:
    series = [shuffled(student, falling(student, n)) for n in (5, 2)]
    series.append([loss + drawn(student, 11, 39) * 1e-5 for loss in series[0]])
    for came in searched(student, series):
        count = len(came.losses)
        call = f"calls of evaluate in {came.call}"
        expect_equal(came.counts[0], count, call=call, hint=ONCE)
        losses = [row[0] for row in came.trials]
        call, want = f"the losses in trials of {came.call}", list(came.losses)
        student.expects(call, losses, want)
        if losses != want:
            raise Mismatch(call, show(losses), show(want), ONCE)
        call = f"draws of each name in {came.call}"
        hint = "each trial draws a value for every name of space, once"
        expect_equal(came.counts[2], [count] * len(came.counts[2]), call=call, hint=hint)
        whole = len({str(names) for names in came.names}) == 1
        whole = whole and len(came.names[0]) == len(came.counts[2])
        got, call = came.names[0], f"names in a config of {came.call}"
        expect(bool(whole), call=call, got=got, expected="the names of space", hint=hint)


@check(NAME, marks=0.5)
def the_best_config_has_the_lowest_loss(student: Student) -> None:
    values = falling(student, 5)
    low, *rest = values
    middle, end = shuffled(student, rest), shuffled(student, rest)
    middle.insert(2, low)
    large = [1000.0 * (3 + loss) for loss in shuffled(student, rest)]
    huge = [1e10 * (3 + loss) for loss in shuffled(student, rest)]
    fine = [low + 1e-6 * place for place in (4, 2, 1, 3)]
    below = [loss - 20 for loss in shuffled(student, values)]
    start = [low, *shuffled(student, rest)]
    above = [loss + 1 for loss in shuffled(student, values)]
    expect_best(student, [middle, [*end, low], start, above, large, huge, below, fine], LOWEST)


@check(NAME, marks=0.25)
def of_equal_losses_the_first_wins(student: Student) -> None:
    low, high, more = falling(student, 3)
    cases = [[high, low, more, low], [low, low, low, high], [more, high, low, low, high]]
    expect_best(student, cases, FIRST)


@check(NAME, marks=0.25)
def nan_never_wins(student: Student) -> None:
    low, high, more = falling(student, 3)
    nan = math.nan
    cases = [[nan, high, low, nan], [high, nan, low, more], [low, nan, high], [nan] * drawn(student, 2, 4)]
    cases.append([nan, *(loss - 20 for loss in (more, low, high))])
    for came in expect_best(student, cases, NEVER):
        kept, call = [row[0] for row in came.trials], f"the losses in trials of {came.call}"
        same = all(a == b or (a != a and b != b) for a, b in zip(kept, came.losses, strict=True))
        expect(
            same, call=call, got=kept, expected=show(list(came.losses)), hint="keep nan as it is in trials"
        )


@check(NAME, marks=0.25)
def one_generator_from_the_seed_draws_everything(student: Student) -> None:
    getattr(student, NAME)  # a name that is missing is told as such
    losses, seed = shuffled(student, falling(student, 4)), drawn_seed(student)
    given = [[losses, 4, one] for one in (seed, seed + drawn(student, 1, 9))]
    came = student.run(SEEDS, _all=given, _names=[NAMES[0], NAMES[-1]])
    call = call_of(losses, 4, seed)
    good = isinstance(came, list) and len(came) == 6
    expect(good, call=call, got=came, expected="configs", hint=ONE_RNG)
    clauses = (
        (", twice", "other configs", "the same configs"),
        (f", and with the seed {given[1][2]}", "the same configs", "other configs"),
        (f": the {NAMES[0]}s", "one comes again", "another in each trial"),
        (": the generators that came to the draws", "several", "one"),
        (": global random numbers", "used", "not used"),
        (
            f": the generator at the first draw, seed {seed}",
            "another one",
            "a new np.random.default_rng(seed)",
        ),
    )
    held = [one is True for one in came[:3]] + [came[3] == 1, came[4] == [True] * 3, came[5][1] is True]
    for right, (told, got, expected) in zip(held, clauses, strict=True):
        if not right:
            raise Mismatch(call + told, got, expected, ONE_RNG)


@check(NAME, marks=0.25)
def the_configs_are_separate_dicts_and_space_stays(student: Student) -> None:
    for came in searched(student, [shuffled(student, falling(student, drawn(student, 3, 5)))]):
        same = sum(row[1] == "as evaluated" for row in came.trials)
        count, call = len(came.losses), f"the configs in trials of {came.call}"
        got = f"{same} of {count} as they were when evaluated"
        expect(same == count, call=call, got=got, expected=f"{count} of {count}", hint=OWN)
        call = f"different dicts in trials of {came.call}"
        expect(came.counts[-1] == count, call=call, got=came.counts[-1], expected=f"{count}", hint=OWN)
        hint = "only read space: a config is another dict"
        expect_equal(came.counts[3], True, call=f"space as it was after {came.call}", hint=hint)


@check(NAME, marks=0.25)
def no_trial_at_all_is_a_ValueError(student: Student) -> None:
    getattr(student, NAME)  # a name that is missing is told as such
    counts = [0, -drawn(student, 1, 5), 1, drawn(student, 2, 3)]
    found = student.run(REFUSED, _counts=counts, _names=[NAMES[0], NAMES[-1]])
    good = isinstance(found, list) and len(found) == len(counts)
    expect(good, call=NAME, got=found, expected="ValueError for 0 trials", hint=REFUSE)
    for count, got in zip(counts, found, strict=True):
        want = "ValueError" if count < 1 else "no error"
        call, expected = f"random_search(space, evaluate, {count}, 1)", f"a {want}" if count < 1 else want
        expect(got == want, call=call, got=got, expected=expected, hint=REFUSE)
