"""The trainings of tiny nets that the checks of fit_with_early_stopping look at."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from checking import expect

from autograder.checks.answers import remembered
from autograder.checks.framework import Student
from autograder.judge.scenario import evaluate as run_scenario

Scene = dict[str, Any]

# A right class under a name of its own. What else a student's class can do stays.
STOPPING = """
def _stopping(theirs):
    class _Right(theirs if isinstance(theirs, type) else object):
        best_loss, best_epoch, best_state = float("inf"), None, None
        def __init__(self, patience=5, min_delta=0.0, *_, **__):
            self.patience, self.min_delta = patience, min_delta
            self.best_loss, self.best_epoch, self.best_state = float("inf"), None, None
            self._bad = self._epoch = 0
        def step(self, loss, model=None, *_, **__):
            loss, self._bad = float(loss), self._bad + 1
            if loss < self.best_loss - self.min_delta:
                self.best_loss, self.best_epoch, self._bad = loss, self._epoch, 0
                if model is not None:
                    self.best_state = {k: v.detach().clone() for k, v in model.state_dict().items()}
            self._epoch += 1
            return self._bad >= self.patience
    return _Right
"""

BUILD = """
import torch as _t
import torch

class _Gain(_t.nn.Module):
    # Behaves in train mode unlike in eval mode, as dropout does, but not at random.
    def forward(self, x):
        return x * _gain if self.training else x

class _Batches:
    # A loader: batches of at most four rows in a fixed order.
    def __init__(self, rows):
        self.batches = list(zip(*(_t.split(part, 4) for part in rows)))
        self.dataset, self.batch_size = _t.utils.data.TensorDataset(*rows), 4
    def __len__(self):
        return len(self.batches)
    def __iter__(self):
        return iter(self.batches)

class _Net(_t.nn.Sequential):
    # Notes what cannot be seen in the end: what was loaded, and whether it was copied as a whole.
    loaded, copied = (), 0
    def load_state_dict(self, state, *args, **kwargs):
        mine = {v.data_ptr() for v in self.state_dict().values()}
        own = any(v.data_ptr() in mine for v in dict(state).values() if _t.is_tensor(v))
        self.loaded = (*self.loaded, "its own tensors" if own else "others")
        return super().load_state_dict(state, *args, **kwargs)
    def __deepcopy__(self, memo):
        self.copied += 1
        made = _build()
        made.load_state_dict(self.state_dict())
        return made.train(self.training)
    def note(self):
        if self.loaded:
            return "" if self.loaded[-1] == "others" else self.loaded[-1]
        return "copied" if self.copied else ""

def _tilted(outputs, targets):
    error = targets - outputs
    return _t.where(error > 0, 3 * error**2, error**2).mean()

def _small(outputs, targets):
    # In such units every improvement is tiny.
    return ((outputs - targets) ** 2).mean() / 1e6

def _even(outputs, targets):
    # Always 1, while the weights move.
    loss = ((outputs - targets) ** 2).mean()
    return loss - loss.detach() + 1

def _near(outputs, targets):
    # Not a number where an output is too far from its target.
    error = (outputs - targets).abs()
    return _t.where(error > _limit, _t.nan, error**2).mean()

def _build():
    layers = {
        "classes": lambda: [_t.nn.Linear(3, 3)],
        "numbers": lambda: [_t.nn.Linear(3, 1)],
        "gain": lambda: [_Gain(), _t.nn.Linear(3, 3)],
        "norm": lambda: [_t.nn.Linear(3, 3), _t.nn.BatchNorm1d(3, momentum=0.4)],
    }[_net]()
    net = _Net(*layers)
    size = sum(p.numel() for p in net.parameters())
    _t.nn.utils.vector_to_parameters(_numbers[:size].clone(), net.parameters())
    return net.train(_starts_in_train_mode)

_criteria = {"tilted": _tilted, "near": _near, "mse": _t.nn.MSELoss(), "small": _small, "even": _even,
             "cross": _t.nn.CrossEntropyLoss(), "smooth": _t.nn.CrossEntropyLoss(label_smoothing=0.25)}

def _flat(tensors):
    return _t.cat([_t.zeros(0), *(part.detach().float().flatten() for part in tensors)])
"""

SCENARIO = (
    f"{STOPPING}{BUILD}"
    + """
def _training(validation, epochs, patience):
    net = _build()
    optimizer = _t.optim.SGD(net.parameters(), lr=_rate, momentum=_momentum, foreach=False)
    first = _flat(net.state_dict().values())
    history = fit_with_early_stopping(
        net, _Batches(_train), _Batches(validation), _criteria[_criterion], optimizer, epochs, patience)
    _both = ("train_loss", "val_loss")
    if isinstance(history, dict) and all(key in history for key in _both):
        history = {key: history[key] for key in _both}  # more is fine, and of no interest
    modes = [module.training for module in net.modules()]
    kept = _flat(optimizer.state[p].get("momentum_buffer", _t.zeros(1)) for p in net.parameters())
    state = _flat(net.state_dict().values())
    moved = bool((state != first).any())
    rates = [group["lr"] for group in optimizer.param_groups]
    return [history, state, any(modes), kept, moved, rates, net.note()]

_function = fit_with_early_stopping
while hasattr(_function, "__wrapped__"):
    _function = _function.__wrapped__
_places = [globals(), *(p for p in [getattr(_function, "__globals__", None)] if isinstance(p, dict))]
_kept = [(place, place.get("EarlyStopping"), "EarlyStopping" in place) for place in _places]

def _put(right):
    for place, theirs, had in _kept:
        place.pop("EarlyStopping", None)
        if right or had:
            place["EarlyStopping"] = _stopping(theirs) if right else theirs

def _all():
    _t.default_generator.manual_seed(_seed)
    return [_training(*each) for each in _trainings]

try:
    _put(right=True)
    try:
        _came = _all()
    except Exception:
        if not any(had for _, _, had in _kept):
            raise
        _put(right=False)  # it may use more of the student's own class than the task names
        _came = _all()
finally:
    _put(right=False)
_came
"""
)

# What the net says about the validation rows after each epoch, if nothing stops it.
TRAJECTORY = (
    BUILD
    + """
_made = _build()
_optimizer = _t.optim.SGD(_made.parameters(), lr=_rate, momentum=_momentum, foreach=False)
_said, _losses = [], []
for _ in range(_epochs):
    _made.train()
    _losses.append(0.0)
    for _x, _y in _Batches(_train):
        _optimizer.zero_grad()
        _loss = _criteria[_criterion](_made(_x), _y)
        _loss.backward()
        _optimizer.step()
        _losses[-1] += _loss.item() * len(_y)
    _made.eval()
    with _t.no_grad():
        _said.append(_made(_x_validation))
[_t.stack(_said), _t.tensor(_losses)]
"""
)


def fit_with_early_stopping(
    model: Any,
    train_loader: Any,
    val_loader: Any,
    criterion: Any,
    optimizer: Any,
    max_epochs: int,
    patience: int,
) -> dict[str, list[float]]:
    """Return what is right."""
    history: dict[str, list[float]] = {"train_loss": [], "val_loss": []}
    best, kept, bad = float("inf"), None, 0
    for _ in range(max_epochs):
        history["train_loss"].append(_pass(model, train_loader, criterion, optimizer))
        history["val_loss"].append(_pass(model, val_loader, criterion, None))
        bad += 1
        if history["val_loss"][-1] < best:
            best, bad = history["val_loss"][-1], 0
            kept = {name: value.clone() for name, value in model.state_dict().items()}
        if bad >= patience:
            break
    if kept is not None:
        model.load_state_dict(kept)
    return history


def _pass(model: Any, loader: Any, criterion: Any, optimizer: Any) -> float:
    model.train(optimizer is not None)
    total, rows = 0.0, 0
    with torch.set_grad_enabled(optimizer is not None):
        for inputs, targets in loader:
            loss = criterion(model(inputs), targets)
            if optimizer is not None:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total, rows = total + loss.item() * len(targets), rows + len(targets)
    return total / rows


@remembered
def right(given: Scene) -> list[list[Any]]:
    """Return what each training of a scene leads to when all is right."""
    came: list[list[Any]] = run_scenario(
        SCENARIO, {**given, "fit_with_early_stopping": fit_with_early_stopping}
    )
    return came


def words_for(given: Scene, number: int = 0) -> str:
    """Return the call of a training in words."""
    (x, _), epochs, patience = given["_trainings"][number]
    rows = f"{len(given['_train'][0])} training and {len(x)} validation rows"
    return f"fit_with_early_stopping(a net, {rows}, …, max_epochs={epochs}, patience={patience})"


def came(student: Student, given: Scene) -> list[list[Any]]:
    """Return what each training led to."""
    student.fit_with_early_stopping  # noqa: B018 - a name that is missing is told as such
    answer = student.run(SCENARIO, **given)
    good = isinstance(answer, list) and bool(answer)
    expect(good, call=words_for(given), got=answer, expected="a history", hint="return the history")
    return answer


def entry(history: Any, key: str, call: str) -> list[Any]:
    """Return one list of a history. Raises Mismatch unless it has one."""
    has = isinstance(history, dict) and isinstance(history.get(key), list | tuple | np.ndarray | torch.Tensor)
    hint = "return a dictionary with the keys train_loss and val_loss, each with a list"
    expect(has, call=call, got=history, expected=f"a dictionary with a list under {key!r}", hint=hint)
    return list(history[key])
