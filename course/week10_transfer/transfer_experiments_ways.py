"""Run four programs that all claim to fine-tune a net, and measure what each of them has really done.

Source: 800 digits, a net 64-64-32-10, 30 epochs of Adam. Target: 100 other digits, each one pixel further
right. The programs hold their weights as tensors by name: so it is seen which of them an optimizer moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from course_data import one_thread
from torch import Tensor, nn
from torch.func import functional_call

from utils import build_net, digits_two_cameras

SIZES, RATE, BATCH = (64, 64, 32, 10), 0.003, 32
PROGRAMS = ("anew", "alias", "late", "fine-tuned")
HEAD = ("4.weight", "4.bias")  # the last linear layer of build_net((64, 64, 32, 10))
Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Found:
    """Hold what tests say of one program."""

    accuracy: float  # on the target's test rows
    body_distance: float  # of the backbone after 0 steps from that of the source: the largest difference
    head_moved: float  # the largest change of a weight of the head
    source_before: float  # accuracy of the source on its own camera, before
    source_after: float  # and after
    loss_before: float  # on the target's 100 training rows
    loss_after: float


def fresh(seed: int) -> Weights:
    """Return the weights of a new net, by name."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = build_net(SIZES)
    return {name: tensor.detach().requires_grad_() for name, tensor in net.named_parameters()}


def train(weights: Weights, moved: Iterable[Tensor], rows: Sequence[Tensor], steps: int) -> None:
    """Take steps of Adam on the tensors that are to be moved; rows are drawn from a seed of their own."""
    (x, y), net, optimizer = rows, build_net(SIZES), torch.optim.Adam(list(moved), lr=RATE)
    generator = torch.Generator().manual_seed(1)
    for _ in range(steps):
        batch = torch.randperm(len(x), generator=generator)[:BATCH]
        optimizer.zero_grad()
        nn.functional.cross_entropy(functional_call(net, weights, (x[batch],)), y[batch]).backward()
        optimizer.step()


@torch.no_grad()
def score(weights: Weights, x: Tensor, y: Tensor) -> tuple[float, float]:
    """Return loss and accuracy of a net with these weights."""
    logits = functional_call(build_net(SIZES), weights, (x,))
    return nn.functional.cross_entropy(logits, y).item(), (logits.argmax(1) == y).float().mean().item()


@lru_cache
def source_weights() -> Weights:
    """Return the weights of the source net; whoever trains copies them first."""
    weights = fresh(seed=0)
    train(weights, weights.values(), digits_two_cameras()[0].tensors, steps=750)
    return weights


def start(program: str, source: Weights) -> tuple[Weights, list[Tensor]]:
    """Return the weights with which a program begins, and the tensors that its optimizer holds."""
    new = fresh(seed=2)
    if program == "anew":
        return new, list(new.values())
    copied = {name: t.detach().clone().requires_grad_() for name, t in source.items()}
    own = source if program == "alias" else copied
    held = list(own.values())
    for name in HEAD:
        own[name] = new[name]
    return own, held if program == "late" else list(own.values())


@one_thread()
def measured(program: str, steps: int = 150) -> Found:
    """Return what tests say of a program."""
    _, target, test = (part.tensors for part in digits_two_cameras("shifted", n=100))
    straight = digits_two_cameras("same")[2].tensors
    source = {name: t.detach().clone().requires_grad_() for name, t in source_weights().items()}
    body = {name: t.detach().clone() for name, t in source.items() if name not in HEAD}
    before = score(source, *straight)[1]
    weights, held = start(program, source)
    distance = max((weights[name] - body[name]).abs().max().item() for name in body)
    head, loss = {name: weights[name].detach().clone() for name in HEAD}, score(weights, *target)[0]
    train(weights, held, target, steps)
    moved = max((weights[name] - head[name]).abs().max().item() for name in HEAD)
    after = score(source, *straight)[1]
    return Found(score(weights, *test)[1], distance, moved, before, after, loss, score(weights, *target)[0])


def show_ways(steps: int = 150) -> None:
    """Print what four programs do in so many steps, and what four tests say of each."""
    found = [measured(program, steps) for program in PROGRAMS]
    rows = {
        "training loss, before": [f"{each.loss_before:.2f}" for each in found],
        "training loss, afterwards": [f"{each.loss_after:.2f}" for each in found],
        "target, test accuracy": [f"{each.accuracy:.2f}" for each in found],
        "first layers with 0 steps": ["other" if each.body_distance else "source's" for each in found],
        "source on its own digits, before": [f"{each.source_before:.2f}" for each in found],
        "source on its own digits, afterwards": [f"{each.source_after:.2f}" for each in found],
        "last layer moved by up to": [f"{each.head_moved:.2f}" for each in found],
    }
    print(f"{f'{steps} steps on 100 rows':38}" + "".join(f"{name:>12}" for name in PROGRAMS))
    for name, cells in rows.items():
        print(f"{name:38}" + "".join(f"{cell:>12}" for cell in cells))
