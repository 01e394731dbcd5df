"""Hidden checks of EarlyStopping: the copy of the best weights, kinds of answers, and two objects."""

from __future__ import annotations

import math
from typing import Any

from checking import Mismatch, expect, expect_equal
from hidden.early_stopping import NAME
from hidden.early_stopping_runs import FALL, Losses, Run
from hidden.states import NETS, STATE, drawn_values, expect_state, expect_whole

from autograder.checks.framework import Student, check
from autograder.checks.inputs import drawn, drawn_from

# Each run: patience, and steps of (loss, value of the weights, how the model is given); at the end the model
# trains on.
STATES = (
    NETS
    + """
_came = []
for _patience, _steps, _last in _runs:
    _read, _stop, _net = True, _new(patience=_patience, min_delta=0.0), _build()
    for _loss, _value, _how in _steps:
        _set(_net, _value)
        if _how == "keyword":
            _stop.step(_loss, model=_net)
        elif _how == "position":
            _stop.step(_loss, _net)
        else:
            _stop.step(_loss)
        _read = _read and _net[0].weight[0, 0].item() == _value + 1 / 1024
    _set(_net, _last)
    _came.append([_described(_stop.best_state), _loads(_stop.best_state), _read])
_came
"""
)
KINDS = (
    NETS
    + """
import numpy as _np
_made = {
    "float": float,
    "int": int,
    "np.float64": _np.float64,
    "np.float32": _np.float32,
    "tensor": _t.tensor,
    "tensor of shape (1,)": lambda x: _t.tensor([x]),
}
_came, _net = {}, _t.nn.PReLU()
for _kind, _losses in _runs.items():
    _stop, _came[_kind] = _new(patience=_patience, min_delta=0.0), []
    _also = [_net] if _takes_model(_stop) else []
    for _loss in _losses:
        _said = _stop.step(_made[_kind](_loss), *_also)
        _plain = _said is True or _said is False or _said is None
        _name = f"{type(_said).__module__}.{type(_said).__name__}".removeprefix("builtins.")
        _came[_kind].append(_said if _plain else f"a {_name}")
_came
"""
)
TWO = (
    NETS
    + """
_one = _new(patience=_patience, min_delta=0.0)
_net = _build()
_set(_net, _value)
_also = [_net] if _takes_model(_one) else []
for _loss in _losses:
    _one.step(_loss, *_also)
_two = _new(patience=_patience, min_delta=0.0)
_fresh = [_number(_two.best_loss), _number(_two.best_epoch), _described(getattr(_two, "best_state", None))]
_said = []
for _loss in _others:
    _said.append(bool(_two.step(_loss, *_also)))
_after = [[_number(_s.best_loss), _number(_s.best_epoch)] for _s in (_one, _two)]
[_fresh, _said, _after]
"""
)
REFUSED = """
_found = []
for _named in _all:
    try:
        EarlyStopping(**_named)
    except Exception as _error:
        _found.append(type(_error).__name__ if not isinstance(_error, ValueError) else "ValueError")
    else:
        _found.append("no error")
_found
"""
Steps = list[list[Any]]


def kept(student: Student, runs: list[list[Any]]) -> list[list[Any]]:
    """Return for each run what best_state holds at its end, and whether it can be loaded."""
    student.EarlyStopping  # noqa: B018 - a name that is missing is told as such
    came = student.run(STATES, _runs=runs)
    good = isinstance(came, list) and len(came) == len(runs)
    expect(good, call="best_state", got=came, expected="a copy of state_dict()", hint=STATE)
    return list(came)


def steps_of(losses: list[float], values: list[int], how: str = "position") -> Steps:
    """Return the steps of a run in which the model is given each time."""
    return [[loss, value, how] for loss, value in zip(losses, values, strict=True)]


def _words(losses: list[float]) -> str:
    return f"best_state after step(loss, model) with {', '.join(f'{loss:g}' for loss in losses)}"


@check(NAME, marks=0.75)
def best_state_is_a_copy_of_the_weights_of_the_best_epoch(student: Student) -> None:
    runs, rights = [], []
    for bad, how in ((3, "position"), (2, "keyword")):
        losses = Losses(student).bad(1).good(2)
        best = len(losses.values) - 1
        losses.bad(bad, 1)
        values = drawn_values(student, len(losses.values) + 1)
        runs.append([9, steps_of(losses.values, values[:-1], how), values[-1]])
        rights.append((losses.values, values, best))
    came = kept(student, runs)
    for (state, *_), (losses, values, best) in zip(came, rights, strict=True):
        expect_state(student, state, values[best], _words(losses), values)


@check(NAME, marks=0.25)
def best_state_has_buffers_too_and_can_be_loaded(student: Student) -> None:
    losses = Losses(student).good(2).bad(2).values
    values = drawn_values(student, len(losses) + 1)
    ((state, loads, read),) = kept(student, [[2, steps_of(losses, values[:-1]), values[-1]]])
    best = losses.index(min(losses))
    expect_whole(state, loads, values[best], f"{_words(losses)}, of a net with BatchNorm1d")
    hint = "step only reads the model: whoever calls it loads best_state when the run is over"
    got = "as it was" if read else "changed"
    expect(read is True, call="the model after step", got=got, expected="as it was", hint=hint)


@check(NAME, marks=0.25)
def a_model_may_be_missing_in_some_epochs_or_in_all(student: Student) -> None:
    start, values = drawn(student, 16, 32) / 8, drawn_values(student, 4)
    better, worse = start - drawn(student, 1, 3) / 8, start + drawn(student, 1, 3) / 8
    never = [[start, values[0], ""], [better, values[1], ""], [worse, values[2], ""]]
    only_bad = [[start, values[0], ""], [worse, values[1], "position"], [float("nan"), values[2], "keyword"]]
    all_nan = [[float("nan"), value, "position"] for value in values[:3]]
    early = [[start, values[0], "position"], [better, values[1], "keyword"], [worse, values[2], ""]]
    lost = [[start, values[0], "position"], [better, values[1], ""], [worse, values[2], ""]]
    came = kept(student, [[9, steps, values[3]] for steps in (never, only_bad, all_nan, early, lost)])
    wants = (
        (None, "no epoch had a model", "no model, no state: None"),
        (None, "only epochs without improvement had a model", "only an improvement changes best_state"),
        (None, "all losses were nan", "only an improvement changes best_state"),
        ("a state", "the epochs up to the best had a model, the last had none", "keep the state you have"),
        ("a state", "the first epoch had a model, the better second one had none", "keep the state you have"),
    )
    for (state, *_), (want, words, hint) in zip(came, wants, strict=True):
        got = None if state is None else "a state"
        student.expects(words, got, want)
        if got != want:
            raise Mismatch(f"best_state where {words}", str(got), str(want), hint)


@check(NAME, marks=0.25)
def every_answer_is_a_plain_bool_whatever_kind_of_number_comes_in(student: Student) -> None:
    student.EarlyStopping  # noqa: B018 - a name that is missing is told as such
    kinds = ("float", "int", "np.float64", "np.float32", "tensor", "tensor of shape (1,)")
    runs = {kind: Losses(student, FALL * 16).good(2).bad(7, 1).values for kind in kinds}
    runs["int"] = [float(math.floor(loss)) for loss in runs["int"]]
    came = student.run(KINDS, _runs=runs, _patience=drawn(student, 2, 3))
    hint = "return a comparison of whole numbers, such as count >= patience: that is True or False"
    for kind in drawn_from(student, kinds, len(kinds)):
        said = came.get(kind) if isinstance(came, dict) else None
        answers = set(map(str, said)) if isinstance(said, list) else {str(said)}
        call = f"the answers of step where the losses are of the kind {kind}"
        expect(
            answers == {"True", "False"} and all(isinstance(one, bool) for one in said),
            call=call,
            got=sorted(answers),
            expected="False at first, then True, and nothing else",
            hint=hint,
        )


@check(NAME, marks=0.25)
def two_objects_share_nothing(student: Student) -> None:
    student.EarlyStopping  # noqa: B018 - a name that is missing is told as such
    patience = drawn(student, 2, 3)
    losses = Losses(student).good(2).bad(patience, 1).values
    others = [loss + 10 for loss in Losses(student).good(1).bad(patience, 1).values]
    given = {"_patience": patience, "_losses": losses, "_others": others, "_value": drawn(student, 1, 9)}
    came = student.run(TWO, **given)
    good = isinstance(came, list) and len(came) == 3
    expect(good, call="a second object", got=came, expected="its own numbers", hint="self.best_loss = …")
    hint = "what an object remembers belongs to it alone: self.… = … in __init__"
    call = "best_loss, best_epoch, best_state of a new object, after another has been used"
    expect_equal(came[0], [float("inf"), None, None], call=call, hint=hint)
    want = [Run(run, patience) for run in (losses, others)]
    call = "the answers of the second object"
    expect_equal(came[1], [False] * (len(others) - 1) + [True], call=call, hint=hint)
    rights = [[min(run.losses), float(list(run.losses).index(min(run.losses)))] for run in want]
    expect_equal(came[2], rights, call="best_loss and best_epoch of both objects", hint=hint)


@check(NAME, marks=0.25)
def what_makes_no_sense_is_a_ValueError(student: Student) -> None:
    student.EarlyStopping  # noqa: B018 - a name that is missing is told as such
    named = [{"patience": 0}, {"patience": -drawn(student, 1, 4)}, {"min_delta": -drawn(student, 1, 5) / 8}]
    named += [{"patience": 1, "min_delta": 0.0}]
    found = student.run(REFUSED, _all=named)
    wants = ["ValueError"] * 3 + ["no error"]
    good = isinstance(found, list) and len(found) == len(named)
    expect(good, call="EarlyStopping(patience=0)", got=found, expected="a ValueError", hint="raise it")
    for given, got, want in zip(named, found, wants, strict=True):
        call = f"EarlyStopping({', '.join(f'{key}={value}' for key, value in given.items())})"
        hint = "raise ValueError(…) in __init__ if patience < 1 or min_delta < 0, and else nothing"
        expect(
            got == want, call=call, got=got, expected=f"a {want}" if want != "no error" else want, hint=hint
        )
