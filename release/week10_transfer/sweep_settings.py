"""Say what may be varied between the runs of `sweep`, and make torch's optimizers and schedules for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_
from torch.optim import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop
from torch.optim.lr_scheduler import (
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LinearLR,
    LRScheduler,
    SequentialLR,
    StepLR,
)

OPTIMIZERS: dict[str, Any] = {
    "sgd": SGD,
    "momentum": SGD,
    "adam": Adam,
    "adamw": AdamW,
    "rmsprop": RMSprop,
    "adagrad": Adagrad,
}
SCHEDULES = ("constant", "step", "exponential", "linear", "cosine")
# fused: a step reads a run's weights, gradients and moments once, while they fit in the processor's cache;
# foreach, where that is not to be had on all devices: one call of each operation for all tensors
QUICK = {kind: {"fused": True} for kind in (SGD, Adam, AdamW)}
QUICK |= {kind: {"foreach": True} for kind in (RMSprop, Adagrad)}


@dataclass(frozen=True)
class Setting:
    """Hold what is varied between runs. A setting given as a dict may have the names of these fields.

    A schedule changes the rate after every update. A warm-up of n updates has the rates lr/n, 2·lr/n, …, lr;
    the schedule begins with the next update, at lr. "step" multiplies the rate by gamma after every
    `step_size` updates; the others go from lr to `min_lr`, which is the rate of the last update, along a
    curve that is exponential (a straight line on a log scale), linear, or half a period of a cosine.
    """

    lr: float = 1e-3
    weight_decay: float = 0.0
    dropout: float | None = None  # the rate of all dropout layers, 0 ≤ rate < 1; None: as in the net
    optimizer: str = "adam"  # or "adamw", "sgd", "momentum", "rmsprop", "adagrad"; the rest as in torch
    momentum: float = 0.9  # of the optimizer "momentum"; the others do not use it
    schedule: str = "constant"  # or "step", "exponential", "linear", "cosine"
    warmup_steps: int = 0  # updates, fewer than the run has
    min_lr: float = 0.0  # at most lr; "exponential" needs one above 0
    step_size: int | None = None  # updates; None: a third of those after the warm-up, rounded up
    gamma: float = 0.1
    clip_norm: float | None = None  # the norm of all gradients of the run together is cut down to this

    @property
    def is_scheduled(self) -> bool:
        """Return whether the rate changes during a run."""
        return self.schedule != "constant" or self.warmup_steps != 0


def as_setting(given: Setting | Mapping[str, Any]) -> Setting:
    """Return a checked Setting. Raises ValueError for names and values that mean nothing."""
    known = [field.name for field in fields(Setting)]
    unknown = [] if isinstance(given, Setting) else sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"A setting has no {', '.join(unknown)}. It can have: {', '.join(known)}.")
    setting = given if isinstance(given, Setting) else Setting(**given)
    for kind, name, choices in (
        ("optimizer", setting.optimizer, OPTIMIZERS),
        ("schedule", setting.schedule, SCHEDULES),
    ):
        if name not in choices:
            raise ValueError(f"There is no {kind} {name!r}. Choose one of: {', '.join(choices)}.")
    if setting.dropout is not None and not 0 <= setting.dropout < 1:
        raise ValueError(f"A dropout rate is at least 0 and less than 1, not {setting.dropout}.")
    if setting.clip_norm is not None and not setting.clip_norm > 0:
        raise ValueError(f"clip_norm={setting.clip_norm} leaves no gradient: give a norm above 0, or None.")
    if not 0 <= setting.min_lr <= setting.lr:
        raise ValueError(f"min_lr={setting.min_lr} must lie between 0 and lr={setting.lr}.")
    if setting.schedule == "exponential" and setting.min_lr == 0:
        raise ValueError("An exponential never reaches 0: give it a min_lr above 0, such as lr / 100.")
    return setting


def rates_of(setting: Setting | Mapping[str, Any], steps: int) -> list[float]:
    """Return the learning rate of each of so many updates, to draw a schedule or to take its mean."""
    setting = as_setting(setting)
    optimizer = SGD([nn.Parameter(torch.zeros(1))], lr=setting.lr)
    scheduler, rates = scheduler_of(setting, optimizer, steps), []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


# ---------------------------------------------------------------- updates


@dataclass(frozen=True)
class Updates:
    """Hold what turns the gradients of all runs into new weights."""

    optimizers: list[Optimizer]
    schedulers: list[LRScheduler]
    clipped: list[tuple[list[nn.Parameter], float]]  # the parameters of a run, and its clip_norm

    def step(self) -> None:
        """Clip the gradients of those runs that ask for it, update all runs, then change their rates."""
        for parameters, max_norm in self.clipped:
            clip_grad_norm_(parameters, max_norm)
        for part in (*self.optimizers, *self.schedulers):
            part.step()


def make_updates(
    settings: Sequence[Setting], parameters: Sequence[Sequence[nn.Parameter]], steps: int
) -> Updates:
    """Return torch's own optimizers and schedulers for runs of so many updates.

    settings, parameters: of each run. Settings with constant rates share an optimizer per kind, in which each
    has a group of parameters; every other setting has one of its own, with its scheduler.
    """
    made = Updates([], [], [])
    groups: dict[Any, dict[Setting, list[nn.Parameter]]] = {}
    for setting, own in zip(settings, parameters, strict=True):
        key = OPTIMIZERS[setting.optimizer], setting if setting.is_scheduled else None
        groups.setdefault(key, {}).setdefault(setting, []).extend(own)
        if setting.clip_norm is not None:
            made.clipped.append((list(own), setting.clip_norm))
    for (kind, scheduled), members in groups.items():
        parts = [options_of(setting) | {"params": params} for setting, params in members.items()]
        optimizer = kind(parts, **QUICK[kind])
        made.optimizers.append(optimizer)
        if scheduled is not None:
            made.schedulers.append(scheduler_of(scheduled, optimizer, steps))
    return made


def options_of(setting: Setting) -> dict[str, Any]:
    """Return what a setting says about its optimizer, by torch's names."""
    options = {"lr": setting.lr, "weight_decay": setting.weight_decay}
    if setting.optimizer == "momentum":
        options["momentum"] = setting.momentum
    return options


def scheduler_of(setting: Setting, optimizer: Optimizer, steps: int) -> LRScheduler:
    """Return the schedule of a run of so many updates. Raises ValueError if all of them are warm-up."""
    warmup = setting.warmup_steps
    if not 0 <= warmup < max(1, steps):
        raise ValueError(f"warmup_steps={warmup} must be fewer than the updates of a run, here {steps}.")
    way = max(1, steps - 1 - warmup)  # updates from the one at lr to the last one
    end = setting.min_lr / setting.lr if setting.lr > 0 else 0.0
    schedulers: list[LRScheduler] = []
    if warmup > 0:
        schedulers.append(LinearLR(optimizer, 1 / warmup, 1.0, total_iters=warmup - 1))
    if setting.schedule == "step":
        third = -(-(steps - warmup) // 3)
        schedulers.append(StepLR(optimizer, setting.step_size or third, setting.gamma))
    elif setting.schedule == "exponential":
        schedulers.append(ExponentialLR(optimizer, end ** (1 / way)))
    elif setting.schedule == "linear":
        schedulers.append(LinearLR(optimizer, 1.0, end, total_iters=way))
    elif setting.schedule == "cosine":
        schedulers.append(CosineAnnealingLR(optimizer, way, setting.min_lr))
    else:
        schedulers.append(ConstantLR(optimizer, 1.0))
    return SequentialLR(optimizer, schedulers, [warmup] * (len(schedulers) - 1))
