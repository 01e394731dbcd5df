"""Hidden checks of track_best: called as `fit` does it, with a fresh dict `best` where it looks it up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from checking import Mismatch, expect, expect_equal
from hidden.states import NETS, drawn_values, expect_state, expect_whole

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_from, drawn_magnitude

NAME = "track_best"
SCENARIO = (
    NETS
    + """
_function = track_best
while True:
    for _inside in ("__wrapped__", "func", "__func__"):
        if hasattr(_function, _inside):
            _function = getattr(_function, _inside)
            break
    else:
        break
if not hasattr(_function, "__globals__"):
    _function = getattr(type(_function), "__call__", None)
_place = getattr(_function, "__globals__", None)
if not isinstance(_place, dict):
    _place = globals()

def _entry(name):
    best = _place.get("best")
    return best.get(name) if isinstance(best, dict) else "best is no dict any more"

def _all(net):
    return [t.flatten()[0].item() for t in net.state_dict().values()] + [net.training]

def _run(net, epochs, last):
    said, changed = [], ""
    net.eval()
    for epoch, (stats, value) in enumerate(epochs):
        _set(net, value)
        before, given = _look and _all(net), dict(stats)
        answer = track_best(net, epoch, given)
        said.append(None if answer is None else f"{getattr(answer, '__name__', type(answer).__name__)}")
        if _look and not changed:
            after, names = _all(net), ("the weights", "the mode", "the stats")
            parts = (after[:-1] != before[:-1], after[-1] != before[-1], given != stats)
            changed = ", ".join(name for name, part in zip(names, parts) if part)
    _set(net, last)
    state = _entry("state")
    told = [_number(_entry("loss")), _number(_entry("epoch")), _described(state), _loads(state)]
    return [*told, said, changed]

_net = _build()
_had, _before, _came = "best" in _place, _place.get("best"), []
_old = dict(_before) if isinstance(_before, dict) else {}
try:
    for _epochs, _last in _runs:
        _place["best"] = {"loss": _math.inf, "epoch": None, "state": None}
        _came.append(_run(_net, _epochs, _last))
finally:
    _place.pop("best", None)
    if _had:
        _place["best"] = _before
_other = bool(_old) and any(_before.get(name) is not _old[name] for name in _old)
if _other:
    _before.clear()
    _before.update(_old)
[_came, _other]
"""
)
LOWEST = "if the loss is lower than best['loss'], put loss, epoch and state into best; else change nothing"
Runs = list[list[Any]]


def stats_of(student: Student, losses: Sequence[float]) -> list[dict[str, Any]]:
    """Return what `fit` measures in epochs with these validation losses; all other numbers go elsewhere."""
    steps = drawn(student, 5, 12)
    return [
        {
            "epochs": epoch,
            "train_loss": 9 / (epoch + 2),
            "train_accuracy": 0.25 + epoch / 64,
            "train_steps": steps * (epoch + 1),
            "train_mean_abs_grad": 0.5 / (epoch + 1),
            "val_loss": loss,
            "val_accuracy": 0.875 - epoch / 64,
            "val_steps": steps * (epoch + 1),
            "time": 0.5 * (epoch + 1),
        }
        for epoch, loss in enumerate(losses)
    ]


def run_of(student: Student, losses: Sequence[float]) -> list[Any]:
    """Return a run: for each epoch its stats and the value of the weights, then a last value."""
    values = drawn_values(student, len(losses) + 1)
    return [[list(pair) for pair in zip(stats_of(student, losses), values, strict=False)], values[-1]]


def values_of(run: list[Any]) -> list[int]:
    """Return the values that the weights have in a run, the last one included."""
    return [value for _, value in run[0]] + [run[1]]


def losses_of(run: list[Any]) -> list[float]:
    """Return the validation losses of a run."""
    return [stats["val_loss"] for stats, _ in run[0]]


def call_of(run: list[Any], part: str) -> str:
    """Return in words what was looked at after a run."""
    told = ", ".join(f"{loss:g}" for loss in losses_of(run))
    return f"{part} after epochs with the validation losses {told}"


def right(run: list[Any]) -> tuple[float, int | None]:
    """Return loss and epoch of the lowest loss, nan left out, the first of equal ones."""
    finite = [(loss, epoch) for epoch, loss in enumerate(losses_of(run)) if not math.isnan(loss)]
    return min(finite, default=(math.inf, None))


def asked(student: Student, runs: Runs) -> list[list[Any]]:
    """Return loss, epoch, state, whether it loads, the answers, and what else changed, for each run."""
    return came(student, runs)[0]


def came(student: Student, runs: Runs, look: bool = False) -> tuple[list[list[Any]], bool]:
    """Return the same, and whether the dict was changed that had been `best` before these runs.

    `look`: also see what the calls change of net and stats.
    """
    student.track_best  # noqa: B018 - a name that is missing is told as such
    answer = student.run(SCENARIO, _runs=runs, _look=look)
    good = isinstance(answer, list) and len(answer) == 2
    expect(good, call=NAME, got=answer, expected="entries in best", hint=LOWEST)
    return answer[0], answer[1] is True


def expect_lowest(student: Student, runs: Runs, hint: str, from_1: bool = False) -> None:
    """Raise Mismatch unless best holds the loss and the epoch of the lowest loss of each run.

    `from_1`: epochs counted from 1 are let pass, since they have lost their marks elsewhere.
    """
    answers = asked(student, runs)
    for run, got in zip(runs, answers, strict=True):
        call, want = call_of(run, "best['loss'] and best['epoch']"), list(right(run))
        student.expects(call, got[:2], want)
    for run, got in zip(runs, answers, strict=True):
        call, want = call_of(run, "best['loss'] and best['epoch']"), list(right(run))
        same = got[1] == want[1] and _alike(got[0], want[0])
        later = from_1 and _alike(got[0], want[0]) and want[1] is not None and got[1] == want[1] + 1
        if not same and not later:
            raise Mismatch(call, f"{_shown(got[0])} and {_shown(got[1])}", f"{want[0]:g} and {want[1]}", hint)


def _alike(got: Any, want: float) -> bool:
    """Return whether a loss is right, in single precision at least."""
    return isinstance(got, float) and math.isclose(got, want, rel_tol=1e-6)


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def valley(student: Student, before: int, after: int, zigzag: bool = True) -> list[float]:
    """Return losses that fall for some epochs to their lowest, and stay above it: rising or falling."""
    lowest = drawn(student, 4, 12) / 8
    fall = sorted(drawn_from(student, range(1, 16), before), reverse=True)
    rest = sorted(drawn_from(student, range(1, 16), after), reverse=zigzag)
    return [lowest + step / 8 for step in (*fall, 0, *rest)]


@check(NAME, gate=True)
def something_lower_than_infinity_comes_into_best(student: Student) -> None:
    run = run_of(student, [drawn_magnitude(student) / 8])
    ((loss, *_),), other = came(student, [run])
    call = call_of(run, "best['loss']")
    good = isinstance(loss, float) and math.isfinite(loss)
    hint = 'best["loss"] = …, in the dict best of the notebook; without this check no marks'
    hint = "a new run has a new dict best: look it up by its name in the body" if other else hint
    expect(good, call=call, got=loss, expected="a number below infinity", hint=hint)


@check(NAME, marks=0.5)
def best_holds_the_lowest_loss_and_its_epoch(student: Student) -> None:
    runs = [
        run_of(student, [0.9, 0.5, 0.7]),
        run_of(student, valley(student, drawn(student, 2, 3), 3)),
        run_of(student, valley(student, 1, 3, zigzag=False)),
        run_of(student, valley(student, 3, 0)),
        run_of(student, [loss / 2**20 for loss in (4.0, drawn(student, 9, 15) / 4, 2.0)]),
        run_of(student, valley(student, 0, 3)),
    ]
    expect_lowest(student, runs, LOWEST)


@check(NAME, marks=0.25)
def of_equal_losses_the_first_stays(student: Student) -> None:
    low = drawn(student, 4, 12) / 8
    runs = [run_of(student, [low + 1, low, low + 0.5, low, low]), run_of(student, [low, low, low])]
    expect_lowest(student, runs, "equal is not lower: < and not <=", from_1=True)


@check(NAME, marks=0.25)
def nan_never_wins(student: Student) -> None:
    low, nan = drawn(student, 4, 12) / 8, math.nan
    runs = [run_of(student, losses) for losses in ([nan, low, nan], [low + 1, nan, low], [nan, nan])]
    hint = "ask whether the loss is lower: nan < x is False. Whoever asks what is *not* higher keeps nan"
    expect_lowest(student, runs, hint, from_1=True)


@check(NAME, marks=0.5)
def the_state_is_a_copy_from_the_best_epoch(student: Student) -> None:
    runs = [run_of(student, valley(student, 2, drawn(student, 2, 3))), run_of(student, valley(student, 1, 2))]
    answers = asked(student, runs)
    for run, (_, _, state, *_) in zip(runs, answers, strict=True):
        values, (_, epoch) = values_of(run), right(run)
        value = None if epoch is None else values[epoch]
        expect_state(student, state, value, call_of(run, "best['state']"), values)


@check(NAME, marks=0.25)
def the_state_has_buffers_too_and_can_be_loaded(student: Student) -> None:
    run = run_of(student, valley(student, 2, 1))
    ((_, _, state, loads, *_),) = asked(student, [run])
    values, (_, epoch) = values_of(run), right(run)
    value = None if epoch is None else values[epoch]
    expect_whole(state, loads, value, call_of(run, "best['state']") + ", of a net with BatchNorm1d")


@check(NAME, marks=0.25)
def nothing_comes_back_and_nothing_else_changes(student: Student) -> None:
    run = run_of(student, valley(student, 2, 2))
    ((*_, said, changed),), _ = came(student, [run], look=True)
    call = "the answers of track_best in a run"
    good = isinstance(said, list) and all(one is None for one in said)
    hint = "end without return: for fit any answer but None and Stop is an error, and Stop ends the run"
    expect(good, call=call, got=said, expected="None each time", hint=hint)
    hint = "only read net and stats: no load_state_dict, no train(), no pop"
    expect_equal(changed, "", call="what a call changes of net and stats", hint=hint)
