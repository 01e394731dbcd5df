"""Hidden checks of EarlyStopping: sequences of losses, and models that train on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from checking import Mismatch, expect
from hidden.early_stopping_runs import INF, Losses, Rows, Run, right
from hidden.states import NETS

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn

NAME = "early_stopping"
NUMBERS = (
    NETS
    + """
_came, _little = [], _t.nn.PReLU()
for _args, _named, _losses in _runs:
    _stop, _rows = EarlyStopping(*_args) if _args else _new(**_named), []
    _also = [_little] if _takes_model(_stop) else []
    for _loss in _losses:
        _said = _stop.step(_loss, *_also)
        _lowest, _at = (getattr(_stop, name, "not there") for name in ("best_loss", "best_epoch"))
        _rows.append([bool(_said), _number(_lowest), _number(_at)])
        if _said and not _on:
            break
    _came.append(_rows)
_came
"""
)
PATIENCE = "count the epochs since the last improvement: at each one the count starts anew"
BEST = "only an improvement changes best_loss and best_epoch, and epochs are counted from 0"


def asked(student: Student, runs: Sequence[Run], on: bool = False) -> list[Rows]:
    """Return the student's rows of each run, which end with the first stop unless they go `on`."""
    student.EarlyStopping  # noqa: B018 - a name that is missing is told as such
    came = student.run(NUMBERS, _runs=[run.given() for run in runs], _on=on)
    good = isinstance(came, list) and len(came) == len(runs)
    expect(good, call=runs[0].call(), got=came, expected="answers to step", hint=PATIENCE)
    return list(came)


def first_stop(rows: Rows) -> int | None:
    """Return the first position at which the answer is to stop, or None."""
    return next((n for n, (stop, *_) in enumerate(rows) if stop), None)


def _where(position: int | None) -> str:
    return "no stop" if position is None else f"the first True at position {position}"


def expect_stops(
    student: Student, runs: Sequence[Run], came: Sequence[Rows], hint: str, late: int = 0
) -> None:
    """Raise Mismatch unless each run ends where it should, or so many epochs later."""
    triples = []
    for run, rows in zip(runs, came, strict=True):
        want = first_stop(right(run))
        shifted = None if want is None or want + late >= len(run.losses) else want + late
        triples.append((run.call(), first_stop(rows), shifted))
    for call, got, want in triples:
        student.expects(call, got, want)
    for call, got, want in triples:
        if got != want:
            raise Mismatch(call, _where(got), _where(want), hint)


def plain_run(student: Student) -> Run:
    """Return a run with nothing special in it, by which is seen how late a student stops."""
    losses = Losses(student).good(2).bad(1).good().bad(6, 1)
    return Run(losses.values, 3)


def lateness(run: Run, rows: Rows) -> int | None:
    """Return how much too late this plain run stops; None for a fault that has its own check."""
    got, want = first_stop(rows), first_stop(right(run))
    return got - want if got is not None and want is not None and abs(got - want) < 2 else None


def expect_rule(student: Student, runs: Sequence[Run], hint: str) -> None:
    """Raise Mismatch unless the right epochs count as improvements.

    Epochs counted from 1, or a stop that always comes an epoch late, have lost their marks elsewhere. So of
    best_epoch only its changes count here, and stops are judged by those of a plain run.
    """
    plain = plain_run(student)
    *came, rows = asked(student, [*runs, plain])
    expect_best(student, runs, came, hint, changes=True)
    _expect_even(runs, came, rows, plain, hint)
    late = lateness(plain, rows)
    if late == 0:
        expect_stops(student, runs, came, hint)


def expect_best(
    student: Student, runs: Sequence[Run], came: Sequence[Rows], hint: str, changes: bool = False
) -> None:
    """Raise Mismatch unless best_loss and best_epoch are right after each step, as far as both runs go."""
    for run, rows in zip(runs, came, strict=True):
        steps, before = zip(rows, right(run), strict=False), (None, None)
        for n, (got, want) in enumerate(steps):
            call = f"best_loss and best_epoch after loss {n + 1} of {run.call()}"
            student.expects(call, got[1:], want[1:])
            moved = (got[2] != before[0], want[2] != before[1])
            same = alike(got[1], want[1]) and (moved[0] == moved[1] if changes else got[2] == want[2])
            if not same:
                raise Mismatch(call, _pair(got), _pair(want), hint)
            before = (got[2], want[2])


def _shifts(rows: Rows, run: Run) -> set[float]:
    """Return by how much best_epoch is off, wherever it is a number."""
    pairs = [(got[2], want[2]) for got, want in zip(rows, right(run), strict=False)]
    return {got - want for got, want in pairs if isinstance(got, float) and want is not None}


def _expect_even(runs: Sequence[Run], came: Sequence[Rows], rows: Rows, plain: Run, hint: str) -> None:
    """Raise Mismatch if epochs are counted here that are not counted in a plain run, or the other way."""
    if len(_shifts(rows, plain)) != 1:
        return
    for run, got in zip(runs, came, strict=True):
        if len(_shifts(got, run)) > 1:
            call, want = f"best_loss and best_epoch at the end of {run.call()}", right(run)[len(got) - 1]
            raise Mismatch(call, _pair(got[-1]), _pair(want), f"each call of step is one epoch; {hint}")


def alike(got: Any, want: float) -> bool:
    """Return whether a loss is right, in single precision at least."""
    return isinstance(got, float) and math.isclose(got, want, rel_tol=1e-6)


def _pair(row: Sequence[Any]) -> str:
    numbers = (f"{value:g}" if isinstance(value, float) else str(value) for value in row[1:])
    return " and ".join(numbers)


@check(NAME, gate=True)
def step_can_be_called_and_tells_something(student: Student) -> None:
    losses = Losses(student).good(2).bad(6, 1)
    run = Run([*losses.values, *losses.values[-6:]], patience=3)
    (rows,) = asked(student, [run])
    told = [row for row in rows if isinstance(row, list) and len(row) == 3] if isinstance(rows, list) else []
    tells = first_stop(told) is not None or (
        bool(told) and any(alike(told[-1][1], loss) for loss in losses.values)
    )
    hint = "step answers True or False, and best_loss is the lowest loss so far"
    shown = told[-1] if told else rows
    expect(tells, call=run.call(), got=shown, expected=f"a stop, or best_loss {losses.lowest:g}", hint=hint)


@check(NAME, marks=0.75)
def it_stops_after_so_many_epochs_in_a_row_without_improvement(student: Student) -> None:
    runs = [Run([1.0, 0.8, 0.9, 0.85, 0.79, 0.8, 0.8, 0.8, 0.8], 3)]
    for patience, climb in ((2, 0), (3, 1), (4, -1)):
        losses = Losses(student).good(2).bad(patience - 1, climb).good().bad(patience - 1, climb)
        runs.append(Run(losses.good().bad(patience + 1, climb).values, patience))
    runs.append(Run(Losses(student).good(drawn(student, 3, 5)).bad(2).values, 1))
    restless = Losses(student)
    for _ in range(4):
        restless.bad(2).good()
    runs.append(Run(restless.values, 3))
    expect_stops(student, runs, asked(student, runs), PATIENCE)


@check(NAME, marks=0.5)
def best_loss_and_best_epoch_are_those_of_the_lowest_loss(student: Student) -> None:
    runs = []
    for climb in (0, 1, -1):
        losses = Losses(student).bad(2, climb).good(2).bad(3, climb).good().bad(drawn(student, 1, 3), climb)
        runs.append(Run(losses.values, 40))
    expect_best(student, runs, asked(student, runs), BEST)


@check(NAME, marks=0.5)
def an_improvement_is_larger_than_min_delta(student: Student) -> None:
    runs = [Run([1.0, 0.95, 0.92, 0.90, 0.89], 2, 0.06), Run([0.5, 0.52, 0.53, 0.54], 2, 0.1)]
    for patience in (2, 3):
        delta, start = drawn(student, 2, 5) / 8, drawn(student, 40, 64) / 8
        little, more = delta / 2, delta + drawn(student, 1, 2) / 8
        steps = [0, -little, -delta, -delta - little, *[-delta - little - more] * 2]  # a border, then a sum
        border = [start, start - delta, start - more, start - more - delta, start - more + more]
        runs.append(Run([start + step for step in steps], 9, delta))
        runs.append(Run([start, start + 1, start - little, start + 1, start + 1, start + 1], 3, delta))
        runs.append(Run([*border, *[start - more - little] * 3], patience, delta))
    hint = "an improvement is a loss below best_loss - min_delta: one exactly there is none"
    expect_rule(student, runs, hint)


@check(NAME, marks=0.25)
def nan_is_no_improvement_and_counts(student: Student) -> None:
    high, low = (drawn(student, 9, 14) / 8, drawn(student, 3, 8) / 8)
    runs = [
        Run([math.nan, 0.9, math.nan, 0.8], 2),
        Run([math.nan] * 4, 3),
        Run([math.nan, high, math.nan, low, math.nan, math.nan, math.nan], drawn(student, 2, 3)),
    ]
    hint = "say what an improvement is: loss < best_loss - min_delta. All else, nan too, adds 1 to the count"
    expect_rule(student, runs, hint)


@check(NAME, marks=0.25)
def infinity_follows_the_rule(student: Student) -> None:
    high, low = (drawn(student, 9, 14) / 8, drawn(student, 3, 8) / 8)
    runs = [
        Run([INF, INF, high, INF, low, high], 3, 0.25),
        Run([high, low, INF, INF, INF], 2),
        Run([high, -INF, low, low, low], 2),
    ]
    hint = "no special cases: loss < best_loss - min_delta is an improvement, all else adds 1 to the count"
    expect_rule(student, runs, hint)


@check(NAME, marks=0.25)
def an_equal_loss_is_no_improvement(student: Student) -> None:
    level = drawn(student, 4, 20) / 8
    runs = [Run([0.5] * 4, 2), Run([level] * 5, drawn(student, 2, 3))]
    runs.append(Run([level + 1, level, level, level, level], 3))
    hint = "equal is not better: < and not <="
    expect_rule(student, runs, hint)


@check(NAME, marks=0.25)
def patience_is_5_and_min_delta_0_if_nothing_else_is_said(student: Student) -> None:
    delta, far = drawn(student, 2, 4) / 8, [Losses(student, 1.0).bad(8, 1).values for _ in range(4)]
    runs = [Run(far[0], 5, named={"min_delta": 0.0}), Run(far[1], 2, args=(2,))]
    runs += [Run(far[2], 3, args=(3, delta)), Run(far[3], 5, named={"min_delta": delta})]
    slowly = [far[0][0] - step / 2**20 for step in range(8)]
    runs.append(Run(slowly, 5, named={"patience": 5}))
    hint = "def __init__(self, patience=5, min_delta=0.0): both names, in this order, with these values"
    plain = plain_run(student)
    *came, rows = asked(student, [*runs, plain])
    expect_stops(student, runs, came, hint, lateness(plain, rows) or 0)


@check(NAME, marks=0.25)
def it_goes_on_working_after_it_said_stop(student: Student) -> None:
    patience = drawn(student, 2, 4)
    losses = Losses(student).good(2).bad(3 * patience, 1)
    stop, before = 2 + patience, len(losses.values)
    run = Run(losses.good(2).values, patience)
    (rows,) = asked(student, [run], on=True)
    good = len(rows) == len(run.losses)
    expect(good, call=run.call(), got=rows, expected="an answer to each step", hint=PATIENCE)
    called = f"the answers from position {stop} on, the first True, to {before - 1}: {run.call()}"
    got = [row[0] for row in rows[stop:before]] if first_stop(rows) == stop else [True] * (before - stop)
    hint = "True from the moment that the count has reached patience: >= and not =="
    student.expects(called, got, [True] * len(got))
    if not all(got):
        raise Mismatch(called, str(got), str([True] * len(got)), hint)
    late, want = rows[-1][1], losses.lowest
    hint = "a lower loss is an improvement also when step has already answered True"
    if not alike(late, want):
        raise Mismatch(f"best_loss at the end of {run.call()}", str(late), f"{want:g}", hint)
