"""The visible check of train_model: two classes on a line, trained with the student's own two functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from checking import Mismatch, all_good, as_array, expect, first_of, show
from torch import Tensor, nn, tensor
from torch.optim import SGD
from tutor import visible
from visible_epoch import CASES, TWO, try_case
from visible_loop import Doubled, Problem, column, expect_own_loop, line, names_in
from visible_measure import expect_worked_example

Train = Callable[..., Any]
KEYS = ("train_loss", "val_loss", "val_accuracy")
ROWS = (column(-2.0, -1.0, -0.5, 0.5, 1.0, 2.0), tensor([0, 0, 1, 0, 1, 1]))
VALIDATION = (column(-1.5, 1.0, 0.15, 0.0, -0.3), tensor([0, 1, 1, 1, 1]))
OTHERS = (column(1.5, -1.0), tensor([0, 1]))
# What comes out: the three lists of three epochs, then weights.
LISTS = ([0.6909, 0.4918, 0.4905], [0.6349, 0.5138, 0.481], [0.4, 0.6, 0.8])
WORSE = ([0.6909, 0.4918, 0.4905], [1.0696, 1.2674, 1.2394], [0.6, 0.4, 0.2])
WEIGHTS = (-0.7609, 0.7609, -0.036, 0.036)
DOUBLED = (-0.4598, 0.4598, -0.0372, 0.0372)
ORDER = "criterion comes before optimizer: train_one_epoch(model, loader, criterion, optimizer)"
APPEND = "after each epoch append what train_one_epoch returns, and both numbers of evaluate on val_loader"
SEED = "call torch.manual_seed(seed) once, before the first epoch"


class Rows:
    """Give batches of two rows, in a new random order in each epoch if `shuffle`; note orders and seeds."""

    def __init__(self, data: tuple[Tensor, Tensor], shuffle: bool = False) -> None:
        self.data, self.shuffle = data, shuffle
        self.orders: list[list[int]] = []
        self.seeds: list[int] = []

    def __len__(self) -> int:
        return math.ceil(len(self.data[0]) / 2)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        size = len(self.data[0])
        order = torch.randperm(size) if self.shuffle else torch.arange(size)
        self.orders.append(order.tolist())
        self.seeds.append(torch.initial_seed())
        x, y = self.data
        return iter([(x[rows].clone(), y[rows].clone()) for rows in order.split(2)])


@dataclass
class Run:
    """Hold what a training is made of: two classes on a line, rows in a fixed order, SGD with momentum."""

    epochs: int = 2
    seed: int = 1
    train: Rows = field(default_factory=lambda: Rows(ROWS))
    validation: Rows = field(default_factory=lambda: Rows(VALIDATION))
    model: nn.Module = field(default_factory=lambda: _two_classes())

    def weights(self) -> list[float]:
        """Return all weights and buffers, rounded."""
        tensors = [*self.model.parameters(), *self.model.buffers()]
        return [round(value, 4) for part in tensors for value in part.detach().flatten().tolist()]

    def history(self, train_model: Train) -> Any:
        """Train, and return what came back."""
        optimizer = SGD(self.model.parameters(), lr=0.5, momentum=0.5)
        torch.manual_seed(self.seed + 100 + self.epochs)  # what the seed finds must not matter
        loaders, criterion = (self.train, self.validation), nn.CrossEntropyLoss()
        try:
            return train_model(self.model, *loaders, criterion, optimizer, self.epochs, self.seed)
        except TypeError as error:
            if "'SGD' object is not callable" not in str(error):
                raise
            call, said = "train_model(…)", f"TypeError: {error}"
            raise Mismatch(call, said, "a history", ORDER) from error


def _two_classes(*layers: nn.Module) -> nn.Module:
    model = nn.Linear(1, 2)
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    return nn.Sequential(*layers, model)


@visible
def check_train_model(train_model: Train) -> None:
    """Train two classes on a line, and look at the history, the weights, the orders and the modes."""
    problems: dict[str, Problem] = {
        "two epochs": partial(_lists, train_model, 2),
        "three epochs": partial(_lists, train_model, 3),
        "validation that gets worse": partial(_worse, train_model),
        "no epochs": partial(_none, train_model),
        "the weights": partial(_weights, train_model),
        "the second call": partial(_lists, train_model, 2),
        "the seed": partial(_seed, train_model),
        "the order of rows": partial(_orders, train_model),
        "other validation rows": partial(_other_rows, train_model),
        "train mode": partial(_modes, train_model),
        "the kinds": partial(_kinds, train_model),
        "the worked example": partial(_worked, train_model),
    }
    expect_own_loop(train_model)
    expect_own_parts(train_model)
    first_of(problems)
    all_good("train_model")


def expect_own_parts(train_model: Train) -> None:
    """Raise Mismatch if train_model calls a train_one_epoch or an evaluate that is not right yet."""
    code, known = getattr(train_model, "__code__", None), getattr(train_model, "__globals__", {})
    called = names_in(code) if code else set()
    parts = {
        "train_one_epoch": partial(try_case, case=CASES["the worked example"]),
        "evaluate": partial(expect_worked_example),
    }
    for name, try_it in parts.items():
        if name not in called or not callable(known.get(name)):
            continue
        try:
            try_it(known[name])
        except Mismatch as error:
            hint = f"mend your {name} first: this check runs it. When graded, a right one stands in its place"
            raise Mismatch(error.call, error.got, error.expected, hint) from error


def lists_of(got: Any, call: str) -> dict[str, list[Any]]:
    """Return the three lists of a history. Raises Mismatch unless they are there."""
    three = "a dictionary with the keys train_loss, val_loss and val_accuracy"
    hint = "make it before the loop, with three empty lists, and return it after the loop"
    expect(isinstance(got, dict), call=call, got=got, expected=three, hint=hint)
    keys = all(key in got for key in KEYS)
    hint = "spell them so" if got else "make the three empty lists before the loop"
    expect(keys, call=f"the keys of {call}", got=list(got), expected=show(list(KEYS)), hint=hint)
    for key in KEYS:
        is_list = isinstance(got[key], list | tuple)
        expect(is_list, call=f"{key} of {call}", got=got[key], expected="a list", hint="append to a list")
    return {key: list(got[key]) for key in KEYS}


def in_words(lists: dict[str, list[Any]]) -> str:
    """Return the three lists on one line, rounded."""
    shown = []
    for key, values in lists.items():
        numbers = as_array(values) if values else None
        rounded = values if numbers is None else [float(f"{number:.3f}") for number in numbers.ravel()]
        shown.append(f"{key} {show(rounded, 80)}")
    return ", ".join(shown)


def expect_lists(got: Any, want: Sequence[Sequence[float]], call: str, hint: str = APPEND) -> None:
    """Raise Mismatch unless the three lists of a history are these, within 0.002."""
    lists, wanted = lists_of(got, call), dict(zip(KEYS, map(list, want), strict=True))
    for key in KEYS:
        numbers = as_array(lists[key])
        right = len(lists[key]) == len(wanted[key]) and (
            not wanted[key]
            or (
                numbers is not None
                and numbers.shape == (len(wanted[key]),)
                and bool((abs(numbers - wanted[key]) < 2e-3).all())
            )
        )
        if not right:
            raise Mismatch(call, in_words(lists), in_words(wanted), hint)


def _lists(train_model: Train, epochs: int) -> None:
    call = f"train_model(two classes, 6 training and 5 validation rows, num_epochs={epochs})"
    want = [values[:epochs] for values in LISTS]
    expect_lists(Run(epochs).history(train_model), want, call)


def _worse(train_model: Train) -> None:
    run = Run(3, validation=Rows((VALIDATION[0], 1 - VALIDATION[1])))
    call = "train_model(…), with validation rows on which the model gets worse"
    expect_lists(run.history(train_model), WORSE, call)
    hint = "the weights of the last epoch stay in the model, also where an earlier one was better"
    _expect_weights(run.weights(), WEIGHTS, f"the weights after {call}", hint)


def _none(train_model: Train) -> None:
    call = "train_model(…, num_epochs=0)"
    hint = "make the three empty lists before the loop"
    expect_lists(Run(0).history(train_model), ([], [], []), call, hint)


def _weights(train_model: Train) -> None:
    run = Run(3)
    run.history(train_model)
    hint = "hand on the model and the optimizer that you are given: make, copy, reset or restore none of them"
    _expect_weights(run.weights(), WEIGHTS, "the weights after 3 epochs", hint)


def _expect_weights(got: list[float], want: Sequence[float], call: str, hint: str) -> None:
    right = all(math.isclose(a, b, abs_tol=2e-3) for a, b in zip(got, want, strict=True))
    expect(right, call=call, got=got, expected=show(list(want)), hint=hint)


def _seed(train_model: Train) -> None:
    runs = [Run(2, seed, Rows(ROWS, shuffle=True)) for seed in (3, 3, 4)]
    for run, before in zip(runs, (11, 12, 13), strict=True):
        torch.manual_seed(before)
        run.history(train_model)
    one, again, other = (run.train.orders for run in runs)
    call = "the orders of the rows, with"
    expect(one == again, call=f"{call} seed 3 twice", got="two", expected="the same", hint=SEED)
    expect(one != other, call=f"{call} seeds 3 and 4", got="the same", expected="two", hint=SEED)
    seeds = [run.train.seeds[0] if run.train.seeds else None for run in runs]
    call = "the seed of torch when the first epoch began, with seeds 3, 3 and 4"
    expect(seeds == [3, 3, 4], call=call, got=seeds, expected="[3, 3, 4]", hint=SEED)


def _orders(train_model: Train) -> None:
    run = Run(3, train=Rows(ROWS, shuffle=True))
    run.history(train_model)
    orders, seeds = run.train.orders, set(run.train.seeds)
    call, hint = "the orders of the rows in 3 epochs", "seed once, before the loop"
    different = len({tuple(order) for order in orders})
    new = 3 <= len(orders) == different
    expect(new, call=call, got=f"{different} different", expected="3 different ones", hint=hint)
    call = "the seeds of torch in 3 epochs, with seed 1"
    expect(seeds == {1}, call=call, got=sorted(seeds), expected="[1]", hint=hint)


def _other_rows(train_model: Train) -> None:
    runs = [Run(2, model=_two_classes(nn.BatchNorm1d(1)), validation=Rows(v)) for v in (VALIDATION, OTHERS)]
    for run in runs:
        run.history(train_model)
    first, second = (run.weights() for run in runs)
    call = "the weights and the mean of batch norm, with other validation rows"
    hint = "train on train_loader alone, and measure in eval mode: evaluate does that"
    expect(first == second, call=call, got="others", expected="the same", hint=hint)


def _modes(train_model: Train) -> None:
    run = Run(3, model=_two_classes(Doubled()))
    run.history(train_model)
    hint = "each epoch begins in train mode, also after a validation: train_one_epoch sees to that"
    call = "the weights after 3 epochs of a model that doubles its inputs in train mode"
    _expect_weights(run.weights(), DOUBLED, call, hint)


def _kinds(train_model: Train) -> None:
    call = "train_model(…)"
    lists = lists_of(Run(1).history(train_model), call)
    values = [value for key in KEYS for value in lists[key]]
    floats = all(isinstance(value, float) for value in values)
    kinds = sorted({type(value).__name__ for value in values})
    hint = "append the numbers as train_one_epoch and evaluate return them"
    expect(floats, call="the kinds in the lists", got=kinds, expected="['float']", hint=hint)


def _worked(train_model: Train) -> None:
    model, ones = line(), [(column(1.0), column(1.0))]
    got = train_model(model, list(TWO), ones, nn.MSELoss(), SGD(model.parameters(), lr=0.1), 2, 0)
    lists = lists_of(got, "train_model(the worked example)")
    hint = "the order of an epoch: first train_one_epoch, then evaluate"
    numbers = as_array([*lists["train_loss"], *lists["val_loss"]])
    want = [1.52, 0.0389, 0.0256, 0.0007]
    right = numbers is not None and numbers.shape == (4,) and bool((abs(numbers - want) < 2e-3).all())
    call = "train_loss and val_loss of the worked example"
    got = [lists["train_loss"], lists["val_loss"]]
    expect(right, call=call, got=got, expected="[1.52, 0.0389] and [0.0256, 0.0007]", hint=hint)
