"""What the checks of track_best and EarlyStopping share: a net whose weights tell when they were set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checking import Mismatch, expect

from autograder.checks.framework import Student
from autograder.checks.inputs import drawn, drawn_from

# The net has a norm layer: weights, and buffers that nobody trains. All numbers of its i-th tensor are the
# value that was set last, plus i, plus a little bit that half precision cannot hold.
LITTLE = 1 / 1024
NETS = """
import collections.abc as _abc
import inspect as _inspect
import math as _math
import torch as _t

def _build():
    return _t.nn.Sequential(_t.nn.Linear(3, 2), _t.nn.BatchNorm1d(2), _t.nn.Linear(2, 1))

def _set(net, value):
    # In place, as an optimizer changes weights.
    for i, tensor in enumerate(net.state_dict().values()):
        tensor.fill_(value + i + tensor.is_floating_point() / 1024)

def _new(**named):
    # Whoever refuses a min_delta of 0 loses the marks for that, and not all others, too.
    try:
        return EarlyStopping(**named)
    except ValueError:
        if named.get("min_delta") != 0:
            raise
        return EarlyStopping(**named | {"min_delta": 2.0**-40})

def _described(state):
    # What a state holds, as plain data.
    if state is None:
        return None
    if isinstance(state, _t.nn.Module):
        return f"a {type(state).__name__}, with the number {next(state.parameters()).flatten()[0]:g}"
    if not isinstance(state, _abc.Mapping):
        return f"a {type(state).__name__}"
    found = {}
    for name, tensor in state.items():
        numbers = tensor.detach().flatten().tolist() if _t.is_tensor(tensor) else []
        even = len(set(numbers)) == 1
        found[str(name)] = numbers[0] if even else f"a {type(tensor).__name__}"
    return found

_spares = []  # made when it is needed

def _loads(state):
    if state is None:
        return "None"
    try:
        if not _spares:
            _spares.append(_build())
        _spares[0].load_state_dict(state)
    except Exception as error:
        return type(error).__name__
    return "loads"

def _takes_model(stop):
    # A step without a second argument loses its marks for the state, and not for all the rest.
    try:
        _inspect.signature(stop.step).bind(0.0, None)
    except TypeError:
        return False
    except ValueError:
        return True
    return True

def _number(value):
    if value is None or isinstance(value, str):
        return value
    try:
        return float(value)
    except Exception:
        return f"a {type(value).__name__}"
"""
NAMES = (
    "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked",
    "2.weight", "2.bias",
)  # fmt: skip
BUFFERS = NAMES[4:7]
COPY = (
    "state_dict() hands out the net's own tensors, which change when it trains on: clone each, or use "
    "copy.deepcopy"
)
STATE = "keep a copy of state_dict(): names and tensors, which load_state_dict takes back"


def expect_whole(state: Any, loads: Any, value: int | None, call: str) -> None:
    """Raise Mismatch unless a described state has all names and can be loaded, and its buffers are copies.

    The values of the buffers count only where the weights are right, which have a check of their own.
    """
    lacks = [name for name in NAMES if not isinstance(state, dict) or name not in state]
    if isinstance(state, dict) and lacks and set(lacks) <= set(BUFFERS):
        hint = "parameters() forgets the buffers, such as running_mean: state_dict() has all of them"
        raise Mismatch(call, f"no {', '.join(lacks)}", "weights and buffers", hint)
    expect(loads == "loads", call=call, got=loads, expected="a state that load_state_dict takes", hint=STATE)
    want = wanted(value)
    if want is not None and weights(state) == weights(want):
        moved = [name for name in NAMES if state[name] != want[name]]
        expect(not moved, call=call, got=f"{moved} of another time", expected="one time for all", hint=COPY)


def drawn_values(student: Student, count: int) -> list[int]:
    """Return values for the weights, one for each epoch, none within 10 of another."""
    return [10 * value + drawn(student, 1, 9) for value in drawn_from(student, range(1, 40), count)]


def weights(state: Any) -> Any:
    """Return a described state without its buffers, which have a check of their own."""
    return {k: v for k, v in state.items() if k not in BUFFERS} if isinstance(state, dict) else state


def wanted(value: int | None) -> dict[str, float] | None:
    """Return what a state describes that was copied when this value was set."""
    little = [0 if name == BUFFERS[2] else LITTLE for name in NAMES]
    return None if value is None else {n: value + i + little[i] for i, n in enumerate(NAMES)}


def in_words(state: Any, values: Sequence[int]) -> str:
    """Return of which epoch the weights in a described state are; `values` has one more, set at the end."""
    if not isinstance(state, dict):
        return str(state)
    trained = [name for name in NAMES if name not in BUFFERS]
    there = [name for name in trained if name in state]
    if not there:
        return f"names {sorted(state)}"
    epochs = [f"epoch {epoch}" for epoch in range(len(values) - 1)]
    times = dict(zip(values, [*epochs, "the end, when the net had trained on"], strict=True))
    found = [_time(state[name], NAMES.index(name), times) for name in there]
    told = f"weights of {found[0]}" if len(set(found)) == 1 else "weights of several epochs"
    more = [name for name in state if name not in NAMES]
    told += f", and {', '.join(more)} of another net" if more else ""
    return told if there == trained else f"only {', '.join(there)} of {found[0]}"


def _time(number: Any, place: int, times: dict[int, str]) -> str:
    """Return when a number was set, and whether it is rounded."""
    if not isinstance(number, float):
        return "no epoch"
    exact = number - place - LITTLE
    told = times.get(round(exact), "no epoch")
    return told if exact == round(exact) else f"{told}, rounded"


def expect_state(student: Student, got: Any, value: int | None, call: str, values: Sequence[int]) -> None:
    """Raise Mismatch unless the weights in a described state are those that were there with this value."""
    want = weights(wanted(value))
    student.expects(call, weights(got), want)
    if weights(got) == want:
        return
    shown = in_words(got, values)
    moved = shown.startswith("weights of the end") or "several" in shown
    plain = isinstance(got, dict) and set(weights(got)) == set(weights(wanted(0)))
    hint = COPY if moved else "the copy belongs to the improvement: it is made then, and only then"
    hint = "keep the numbers as they are: no half(), no round" if "rounded" in shown else hint
    raise Mismatch(call, shown, in_words(wanted(value), values), hint if plain or got is None else STATE)
