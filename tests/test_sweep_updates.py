"""Optimizers, schedules and clipping in a sweep do what torch's own classes do in a loop of one's own."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
from sweeps import OPTIMIZERS, SCHEDULES, Setting, rates_of
from torch import nn
from torch.nn.utils import clip_grad_norm_
from torch.optim import SGD, Adagrad, Adam, AdamW, RMSprop
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LambdaLR, StepLR
from torch.utils.data import DataLoader, TensorDataset

import utils

ROWS, BATCH, EPOCHS, SEEDS = 75, 16, 6, (3, 8)
STEPS = EPOCHS * 5  # the fifth batch has 11 rows


def moons() -> tuple[TensorDataset, TensorDataset]:
    """Return 75 rows to train and 40 to validate, in double precision."""
    x, y = utils.two_moons(115)
    return utils.split_data(x.double(), y, (ROWS, 40))


def build() -> nn.Module:
    """Return a small net with dropout, in double precision."""
    return utils.FlexibleClassifier(2, (16, 8), 2, dropout_rate=0.3).double()


def rates(factor: Callable[[int], float]) -> Callable[[Any], LambdaLR]:
    """Return what makes a schedule of the rate of the optimizer times a factor by the update, from 0."""
    return lambda optimizer: LambdaLR(optimizer, factor)


def warmup_cosine(warmup: int, steps: int, end: float) -> Callable[[int], float]:
    """Return the factor of a warm-up and a cosine that reaches its end at the last update."""

    def factor(step: int) -> float:
        if step < warmup:
            return (step + 1) / warmup
        share = min(1.0, (step - warmup) / (steps - 1 - warmup))
        return end + (1 - end) * (1 + math.cos(math.pi * share)) / 2

    return factor


@dataclass(frozen=True)
class Case:
    """Hold a setting and what it means in torch's own classes."""

    setting: dict[str, Any]
    optimizer: Callable[..., Any]
    options: dict[str, Any] = field(default_factory=dict)
    schedule: Callable[[Any], Any] | None = None
    clip: float | None = None


SGD_03, ADAM_002 = {"lr": 0.3, "optimizer": "sgd"}, {"lr": 0.02, "optimizer": "adam"}
CASES = [
    Case({"lr": 0.02, "optimizer": "rmsprop"}, RMSprop),
    Case({"lr": 0.05, "optimizer": "adagrad"}, Adagrad),
    Case({"lr": 0.05, "optimizer": "momentum", "momentum": 0.5}, SGD, {"momentum": 0.5}),
    Case({"lr": 0.02, "optimizer": "adamw", "weight_decay": 0.3}, AdamW, {"weight_decay": 0.3}),
    Case(SGD_03 | {"schedule": "step", "step_size": 7, "gamma": 0.5}, SGD, {}, lambda o: StepLR(o, 7, 0.5)),
    Case(SGD_03 | {"schedule": "step"}, SGD, {}, rates(lambda step: 0.1 ** (step // 10))),
    Case(ADAM_002 | {"schedule": "step", "gamma": 0.2}, Adam, {}, lambda o: StepLR(o, 10, 0.2)),
    Case(
        SGD_03 | {"schedule": "exponential", "min_lr": 0.003},
        SGD, {}, lambda o: ExponentialLR(o, 0.01 ** (1 / (STEPS - 1))),
    ),
    Case(ADAM_002 | {"schedule": "cosine"}, Adam, {}, lambda o: CosineAnnealingLR(o, STEPS - 1)),
    Case(
        ADAM_002 | {"schedule": "cosine", "min_lr": 0.005},
        Adam, {}, lambda o: CosineAnnealingLR(o, STEPS - 1, 0.005),
    ),
    Case(
        SGD_03 | {"schedule": "cosine", "warmup_steps": 4, "min_lr": 0.03},
        SGD, {}, rates(warmup_cosine(4, STEPS, 0.1)),
    ),
    Case(ADAM_002 | {"schedule": "linear"}, Adam, {}, rates(lambda step: 1 - min(step, 29) / 29)),
    Case(
        ADAM_002 | {"schedule": "linear", "warmup_steps": 10},
        Adam, {}, rates(lambda step: (step + 1) / 10 if step < 10 else 1 - min(step - 10, 19) / 19),
    ),
    Case(ADAM_002 | {"warmup_steps": 12}, Adam, {}, rates(lambda step: min(1.0, (step + 1) / 12))),
    Case(ADAM_002 | {"clip_norm": 0.1}, Adam, {}, None, 0.1),
    Case(SGD_03 | {"clip_norm": 0.2}, SGD, {}, None, 0.2),
    Case({"lr": 0.1, "optimizer": "momentum", "clip_norm": 1.0}, SGD, {"momentum": 0.9}, None, 1.0),
    Case(
        {"lr": 0.02, "optimizer": "rmsprop", "clip_norm": 0.3, "schedule": "cosine", "warmup_steps": 1},
        RMSprop, {}, rates(warmup_cosine(1, STEPS, 0.0)), 0.3,
    ),
]  # fmt: skip


def train_plainly(case: Case, seed: int, max_steps: int = STEPS) -> dict[str, list[float]]:
    """Return the losses of a loop as people write it, with the random numbers of `train_model`."""
    train, validation = moons()
    torch.manual_seed(seed)
    net, history, step = build(), {"train_loss": [], "val_loss": []}, 0
    optimizer = case.optimizer(net.parameters(), lr=case.setting["lr"], **case.options)
    schedule = case.schedule(optimizer) if case.schedule else None
    torch.manual_seed(seed)
    while step < max_steps:
        net.train()
        losses = []
        for inputs, targets in DataLoader(train, BATCH, shuffle=True):
            if step == max_steps:
                break
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(inputs), targets)
            loss.backward()
            if case.clip is not None:
                clip_grad_norm_(net.parameters(), case.clip)
            optimizer.step()
            if schedule is not None:
                schedule.step()
            losses += [loss.item()] * len(targets)
            step += 1
        net.eval()
        for inputs, targets in DataLoader(validation, 40):
            history["val_loss"].append(nn.functional.cross_entropy(net(inputs), targets).item())
        history["train_loss"].append(sum(losses) / len(losses))
    return history


@pytest.fixture(scope="module")
def together() -> dict[tuple[int, int], dict[str, list[float]]]:
    """Return the histories of all cases and seeds, from one sweep."""
    histories = utils.sweep(build, moons(), [case.setting for case in CASES], EPOCHS, SEEDS, BATCH)
    places = itertools.product(range(len(CASES)), SEEDS)
    return dict(zip(places, itertools.chain(*histories), strict=True))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda i: str(CASES[i].setting))
def test_a_run_has_the_curves_of_a_loop_with_the_classes_of_torch(together, number: int, seed: int) -> None:
    expected = train_plainly(CASES[number], seed)
    for name, values in expected.items():
        assert together[number, seed][name] == pytest.approx(values, abs=1e-9), name


def test_the_cases_have_all_optimizers_and_schedules_and_each_matters(together) -> None:
    settings = [Setting(**case.setting) for case in CASES]
    plain = {"lr": 0.02}, SGD_03, {"lr": 0.1, "optimizer": "momentum"}
    others = utils.sweep(build, moons(), plain, EPOCHS, SEEDS, BATCH)
    ends = [together[i, 3]["val_loss"][-1] for i in range(len(CASES))]
    ends += [runs[0]["val_loss"][-1] for runs in others]
    assert {setting.optimizer for setting in settings} == set(OPTIMIZERS)
    assert {setting.schedule for setting in settings} == set(SCHEDULES)
    assert all(abs(a - b) > 1e-6 for a, b in itertools.combinations(ends, 2))


def test_max_steps_ends_in_the_middle_of_an_epoch_and_the_schedule_with_it() -> None:
    case = Case(SGD_03 | {"schedule": "cosine"}, SGD, {}, lambda o: CosineAnnealingLR(o, 12))
    ((got,),) = utils.sweep(build, moons(), [case.setting], 99, [3], BATCH, max_steps=13)
    expected = train_plainly(case, 3, max_steps=13)
    assert len(got["val_loss"]) == 3
    assert all(got[name] == pytest.approx(values, abs=1e-9) for name, values in expected.items())


RATES = [  # a setting, its updates, some of them and their rates
    ({"lr": 0.1}, 11, (0, 1, 5, 9, 10), (0.1, 0.09755, 0.05, 0.00245, 0.0)),
    ({"lr": 0.1, "warmup_steps": 4, "min_lr": 0.01}, 25, (0, 3, 4, 14, 24), (0.025, 0.1, 0.1, 0.055, 0.01)),
    ({"lr": 0.1, "warmup_steps": 5}, 100, (0, 4, 5, 28, 99), (0.02, 0.1, 0.1, 0.08594, 0.0)),
    ({"lr": 0.1, "warmup_steps": 9}, 10, (0, 8, 9), (0.1 / 9, 0.1, 0.1)),
    ({"lr": 0.1, "warmup_steps": 1}, 2, (0, 1), (0.1, 0.1)),
    ({"lr": 0.0}, 3, (0, 1, 2), (0.0, 0.0, 0.0)),
    ({"lr": 0.0, "schedule": "linear"}, 3, (0, 2), (0.0, 0.0)),
    ({"lr": 0.3, "schedule": "step"}, 3, (0, 1, 2), (0.3, 0.03, 0.003)),
    ({"lr": 0.3, "schedule": "step"}, 1000, (333, 334, 667, 668, 999), (0.3, 0.03, 0.03, 0.003, 0.003)),
    ({"lr": 0.3, "schedule": "exponential", "min_lr": 0.003}, 11, (0, 5, 10), (0.3, 0.03, 0.003)),
    ({"lr": 0.2, "schedule": "linear", "min_lr": 0.1}, 11, (0, 5, 10), (0.2, 0.15, 0.1)),
    ({"lr": 0.2, "schedule": "constant"}, 4, (0, 1, 2, 3), (0.2, 0.2, 0.2, 0.2)),
    ({"lr": 0.2, "schedule": "constant", "warmup_steps": 2}, 5, (0, 1, 2, 4), (0.1, 0.2, 0.2, 0.2)),
]


@pytest.mark.parametrize(("setting", "steps", "at", "expected"), RATES)
def test_schedules_have_the_rates_that_their_text_promises(setting, steps: int, at, expected) -> None:
    rates = rates_of({"schedule": "cosine"} | setting, steps)
    assert len(rates) == steps
    assert [rates[step] for step in at] == pytest.approx(expected, abs=1e-5)
