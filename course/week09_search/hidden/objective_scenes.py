"""The tiny trainings that the checks of objective look at, with a trial and a net that take notes."""

from __future__ import annotations

import math
from typing import Any

from checking import expect

from autograder.checks.answers import remembered
from autograder.checks.framework import Student
from autograder.judge.scenario import evaluate as run_scenario

NAME = "objective"
Scene = dict[str, Any]
Run = dict[str, Any]

# Most mistakes differ from this right answer in a line or two. EPOCHS, train_set, … are the scenario's.
RIGHT = """
import optuna
import torch
import torch.nn.functional as F
from torch import nn
from utils import FlexibleClassifier

def objective(trial):
    lr = trial.suggest_float("lr", 1e-4, 1e-1, log=True)
    weight_decay = trial.suggest_float("weight_decay", 1e-5, 1e-2, log=True)
    dropout = trial.suggest_float("dropout", 0.0, 0.5)
    layers = trial.suggest_int("layers", 1, 3)
    torch.default_generator.manual_seed(0)
    net = FlexibleClassifier(64, [64] * layers, 10, dropout)
    optimizer = torch.optim.AdamW(net.parameters(), lr=lr, weight_decay=weight_decay, fused=True)
    losses = []
    (x, y), (val_x, val_y) = train_set.tensors, val_set.tensors
    for epoch in range(EPOCHS):
        net.train()
        for rows in torch.randperm(len(x)).split(32):
            optimizer.zero_grad()
            F.cross_entropy(net(x[rows]), y[rows]).backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            logits = net(val_x)
        losses.append(F.cross_entropy(logits, val_y).item())
        trial.report(losses[-1], epoch)
        if trial.should_prune():
            raise optuna.TrialPruned
    return min(losses)
"""

# A right answer is as sure as a sum here: all training rows are alike, so that their order says nothing, and
# the net of the kind "line" has weights of the judge's and drops the same inputs in each step.
NOTES = """
import optuna as _o, torch as _t, utils as _u

_generator = _t.Generator().manual_seed(_seed)
def _drawn(*shape):
    return _t.rand(*shape, generator=_generator) - 0.5

_weights, _row = _drawn(10, 64) * 4, _drawn(1, 64) * 0.4
_coins, _val_x = _drawn(64) + 0.5, _drawn(_val_rows, 64)
_class, _val_y = int(_seed % 10), _t.randint(10, (_val_rows,), generator=_generator)
_val_x[: _val_rows // 2] += 6 * _row[0]  # so that the loss falls and rises again
_val_y[: _val_rows * 3 // 8] = _class
_train_y = _t.full((_train_rows,), _class)
if _kind == "line":
    _train_x = _row.repeat(_train_rows, 1)
else:
    _train_x, _train_y = _drawn(_train_rows, 64), _t.arange(_train_rows) % 10
_real = _u.FlexibleClassifier
_nets, _built, _seeds, _sizes, _touched = [], [], [], [], []

class _Noted:
    # Notes how it was made, and the sizes of the batches that it is trained on.
    def _note(self, *made):
        _nets.append(self)
        _seeds.append(_t.initial_seed() == 0)
        _built.append(list(made))
    def __call__(self, x, *args, **kwargs):
        if self.training:
            _sizes.append(len(x))
        return super().__call__(x, *args, **kwargs)

class _Net(_Noted, _real):
    def __init__(self, input_dim, hidden_dims, output_dim, dropout_rate):
        super().__init__(input_dim, hidden_dims, output_dim, dropout_rate)
        self._note(input_dim, list(hidden_dims), output_dim, dropout_rate)
    def judged(self, x):
        for layer in self.layers:
            x = x if isinstance(layer, _t.nn.Dropout) else layer.forward(x)
        return x

class _Line(_Noted, _t.nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim, dropout_rate):
        super().__init__()
        self.layers = _t.nn.Linear(64, 10)
        self.layers.weight.data = _weights.clone()
        self.layers.bias.data = _t.zeros(10)
        self.kept = (_coins >= dropout_rate) / (1 - dropout_rate)
        self._note(input_dim, list(hidden_dims), output_dim, dropout_rate)
    def forward(self, x):
        return self.layers(x * self.kept if self.training else x)
    def judged(self, x):
        return _t.nn.functional.linear(x, self.layers.weight, self.layers.bias)

class _Sealed(_t.utils.data.TensorDataset):
    # Notes that somebody looked.
    def __getattribute__(self, name):
        if name in ("tensors", "__getitem__", "__len__"):
            _touched.append(name)
        return super().__getattribute__(name)
    def __getitem__(self, rows):
        return tuple(part[rows] for part in self.tensors)
    def __len__(self):
        return len(self.tensors[0])

class _Trial(_o.trial.FixedTrial):
    # Gives fixed values, notes what was suggested and reported, and prunes after so many reports.
    def __init__(self, values, prune_after, number):
        super().__init__(dict(values), number=number)
        self._values, self.prune_after = values, prune_after
        self.suggested, self.reports, self.asked = [], [], []
    def _told(self, name, *what):
        self.suggested.append([str(name), *what])
        return name in self._values
    def suggest_float(self, name, low, high, *, step=None, log=False):
        known = self._told(name, "float", float(low), float(high), step is not None, bool(log))
        return super().suggest_float(name, low, high, step=step, log=log) if known else low
    def suggest_int(self, name, low, high, *, step=1, log=False):
        known = self._told(name, "int", int(low), int(high), step != 1, bool(log))
        return super().suggest_int(name, low, high, step=step, log=log) if known else low
    def suggest_categorical(self, name, choices):
        choices = list(choices)
        known = self._told(name, "categorical", str(choices))
        return self._values[name] if known else choices[0]
    def report(self, value, step):
        self.reports.append([float(value), step, _loss_now(), _sizes[:]])
        _sizes.clear()
    def should_prune(self):
        self.asked.append(len(self.reports))
        return self.prune_after is not None and len(self.reports) >= self.prune_after

def _loss_now():
    # The mean loss of the net on the validation rows, in eval mode.
    if not _nets:
        return -1.0
    with _t.no_grad():
        x = _val_x.to(next(_nets[-1].parameters()).dtype)
        return _t.nn.functional.cross_entropy(_nets[-1].judged(x), _val_y).item()
"""

SCENARIO = (
    NOTES
    + """
def _once(values, prune_after, epochs, number):
    for notes in (_nets, _built, _seeds, _sizes, _touched):
        notes.clear()
    pairs = {"train": (_train_x, _train_y), "val": (_val_x, _val_y), "test": (_val_x.clone(), _val_y.roll(1))}
    train, val = (
        _t.utils.data.TensorDataset(*(part.clone() for part in pairs[name])) for name in ("train", "val"))
    given = {"EPOCHS": epochs, "train_set": train, "val_set": val, "test_set": _Sealed(*pairs["test"])}
    for place in _places:
        place.update(given, FlexibleClassifier=_net)
    for place, name in _aliases:
        place[name] = _net
    trial, kind, value = _Trial(values, prune_after, number), "a value", None
    _touched.clear()
    try:
        value = objective(trial)
    except _o.TrialPruned:
        kind = "pruned"
    touched = bool(_touched)
    same = all(place.get(name) is thing for place in _places for name, thing in given.items())
    same = same and all(
        part.shape == old.shape and bool((part == old).all())
        for data, name in ((train, "train"), (val, "val")) for part, old in zip(data.tensors, pairs[name]))
    return {"suggested": trial.suggested, "built": [list(made) for made in _built], "seeds": _seeds[:],
            "reports": trial.reports,
            "after": _sizes[:], "asked": trial.asked, "came": kind, "value": value,
            "kind": type(value).__name__, "touched": touched, "same": same,
            "end": _loss_now()}

_function = objective
while hasattr(_function, "__wrapped__") or hasattr(_function, "func"):
    _function = getattr(_function, "__wrapped__", None) or _function.func
_net = {"line": _Line, "net": _Net}[_kind]
if not hasattr(_function, "__globals__"):
    _function = getattr(type(_function), "__call__", None)
_own = getattr(_function, "__globals__", None)
_places = [globals()] + ([_own] if isinstance(_own, dict) and _own is not globals() else [])
_names = ("EPOCHS", "train_set", "val_set", "test_set", "FlexibleClassifier")
# The class may have another name there, too: import … as.
_aliases = [(place, name) for place in _places for name, thing in list(place.items())
            if thing is _real and name not in ("_real", "FlexibleClassifier")]
_kept = [(place, {name: place[name] for name in _names if name in place}) for place in _places]
_state, _came = _t.get_rng_state(), []
_u.FlexibleClassifier = _net
try:
    for _number, (_values, _prune_after, _epochs, _start) in enumerate(_runs):
        _t.default_generator.manual_seed(_start)
        _came.append(_once(_values, _prune_after, _epochs, 7 * _number))
finally:
    _u.FlexibleClassifier = _real
    for _place, _name in _aliases:
        _place[_name] = _real
    for _place, _old in _kept:
        for _name in _names:
            _place.pop(_name, None)
        _place.update(_old)
    _t.set_rng_state(_state)
_came
"""
)


@remembered
def right(given: Scene) -> list[Run]:
    """Return what each run of a scene leads to when all is right."""
    came: list[Run] = run_scenario(RIGHT + SCENARIO, dict(given))
    return came


def curve(run: Run) -> list[float]:
    """Return the reported losses of a right run."""
    return [report[0] for report in run["reports"]]


def call_of(values: dict[str, Any], epochs: int, prune_after: int | None = None) -> str:
    """Return a run in words."""
    told = ", ".join(f"{name} {value:g}" for name, value in values.items())
    pruned = "" if prune_after is None else f", pruned in epoch {prune_after - 1}"
    return f"objective(trial with {told}), EPOCHS = {epochs}{pruned}"


def calls_of(given: Scene) -> list[str]:
    """Return the runs of a scene in words."""
    return [call_of(values, epochs, after) for values, after, epochs, _ in given["_runs"]]


def came(student: Student, given: Scene) -> list[Run]:
    """Return what each run led to."""
    student.objective  # noqa: B018 - a name that is missing is told as such
    answer: list[Run] = student.run(SCENARIO, **given)
    good = isinstance(answer, list) and len(answer) == len(given["_runs"])
    hint = "leave the names of the notebook alone"
    expect(good, call=calls_of(given)[0], got=answer, expected="the runs' notes", hint=hint)
    return answer


def is_float(run: Run) -> bool:
    """Return whether a run returned a plain or a NumPy float."""
    return run["kind"] in ("float", "float64", "float32", "float16") and not math.isnan(run["value"])
