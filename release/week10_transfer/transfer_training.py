"""Train the nets of week 10 on digits, all seeds and ways at once: on a source task, then on a target.

A net is 64-64-32-K with ReLU, trained by Adam in batches of 32 rows (or of all, if there are fewer). What is
compared has had the same number of steps; a step is a batch. The nets of all runs are stacked as in
`sweep`, see sweeps.py; here each run has rows of its own as well.
A seed decides the rows of source and target, the first weights, the new head and the order of the batches.
Two ways with the same seed are pairs: they see the same batches and start with the same new head.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
import torch
from course_data import one_thread
from sweep_settings import as_setting, make_updates
from sweeps import Stack, forward, shuffled_batches, stack_nets, train_one_pass
from torch import Tensor, nn
from torch.utils.data import TensorDataset

from utils import build_net, digits_transfer, digits_two_cameras

BATCH_SIZE = 32
CRITERION = nn.CrossEntropyLoss()
SOURCE_STEPS = {"cameras": (750, 3e-3), "low digits": (960, 1e-3), "permuted": (960, 1e-3)}  # and the rate
SOURCE_SEEDS = 1000  # added to a seed: the first weights of a source are not those of the net after it
CAMERA_STEPS, CAMERA_RATE, EARLY = 150, 3e-3, 20
DIGIT_STEPS, DIGIT_RATE = 200, 1e-3


@dataclass(frozen=True)
class Way:
    """Hold where a net for the target begins: which source its body is from, and how many layers stay."""

    source: str | None  # "own", "permuted" (the same source, its pixels in another order), None: no source
    kept: int  # so many layers, from the first, are never moved


WAYS = {
    "from scratch": Way(None, 0),
    "fine-tune all": Way("own", 0),
    "freeze 1 layer": Way("own", 1),
    "head only": Way("own", 2),
    "random features, head only": Way(None, 2),
    "permuted source, fine-tune all": Way("permuted", 0),
}
CAMERA_WAYS = ("from scratch", "fine-tune all", "head only")

Body = list[
    tuple[Tensor, Tensor]
]  # of each layer of all seeds: weights (seeds, in, out), biases (seeds, 1, out)
Rows = tuple[Tensor, Tensor]  # of each seed: inputs (seeds, rows, 64) and labels (seeds, rows)


def rows_of(parts: Sequence[TensorDataset]) -> Rows:
    """Return the rows of a data set for each seed as two tensors."""
    inputs, labels = zip(*(part.tensors for part in parts), strict=True)
    return torch.stack(inputs), torch.stack(labels)


# ---------------------------------------------------------------- steps


def batches_without_end(stack: Stack, n: int) -> Iterator[Tensor]:
    """Yield shuffled batches, epoch after epoch: numbers into the rows of all runs, laid end to end."""
    first = n * torch.arange(len(stack.generators)).unsqueeze(1)
    while True:
        yield from (rows + first for rows in shuffled_batches(stack, n, BATCH_SIZE, "cpu"))


def train_steps(
    stack: Stack, rows: Rows, rates: Sequence[float], kept: Sequence[int], marks: Sequence[int]
) -> Iterator[int]:
    """Train all runs on their own rows; yield each of the marks when so many steps are done.

    rows, rates, kept: of each run, `kept` the number of its first layers that are never moved.
    """
    settings, layers = [as_setting({"lr": rate}) for rate in rates], len(stack.weights)
    of_runs = zip(*stack.views, strict=True)  # of a run: the weights of all layers, then their biases
    moved = [[*own[stay:layers], *own[layers + stay :]] for own, stay in zip(of_runs, kept, strict=True)]
    updates = make_updates(settings, moved, max(marks))
    batches, done = batches_without_end(stack, rows[0].shape[1]), 0
    x, y = (part.flatten(0, 1) for part in rows)
    for mark in marks:
        train_one_pass(stack, updates, x, y, islice(batches, mark - done), CRITERION)
        done = mark
        yield mark


@torch.no_grad()
def accuracies(stack: Stack, rows: Rows) -> np.ndarray:
    """Return the accuracy of each run on its own rows, (runs,)."""
    answers = forward(stack, rows[0], training=False).argmax(dim=2)
    return np.array((answers == rows[1]).double().mean(dim=1).tolist())


# ---------------------------------------------------------------- sources


@lru_cache
@one_thread()
def train_source(task: str, seeds: tuple[int, ...], added: int = SOURCE_SEEDS) -> tuple[Body, np.ndarray]:
    """Return the body of a source net for each seed, and its accuracy on test rows of its own, (seeds,).

    task: "cameras" (all ten digits, seen straight), "low digits" (0–4) or "permuted" (the same, their pixels
    in another order). added: what makes a source's own seed of a seed.
    """
    train, test = _source_rows(task, seeds)
    steps, rate = SOURCE_STEPS[task]
    runs = [(as_setting({"lr": rate}), added + seed) for seed in seeds]
    classes = 10 if task == "cameras" else 5
    stack = stack_nets(lambda: build_net((64, 64, 32, classes)), runs, train[0][0, :2])
    for _ in train_steps(stack, train, [rate] * len(seeds), [0] * len(seeds), [steps]):
        pass
    layers = zip(stack.weights[:-1], stack.biases[:-1], strict=True)
    return [(weight.detach(), bias.detach()) for weight, bias in layers], accuracies(stack, test)


def _source_rows(task: str, seeds: Sequence[int]) -> tuple[Rows, Rows]:
    """Return the rows to train a source with, and those to test it on."""
    if task == "cameras":
        both = [digits_two_cameras("same", 400, seed) for seed in seeds]
        return rows_of([source for source, _, _ in both]), rows_of([test for _, _, test in both])
    three = [digits_transfer(seed)[0] for seed in seeds]
    train, test = rows_of([parts[0] for parts in three]), rows_of([parts[2] for parts in three])
    if task == "permuted":
        order = torch.randperm(64, generator=torch.Generator().manual_seed(0))
        train, test = (train[0][:, :, order], train[1]), (test[0][:, :, order], test[1])
    return train, test


# ---------------------------------------------------------------- targets


@one_thread()
def train_target(
    rows: tuple[Rows, Rows], sources: dict[str, Body], ways: Sequence[str], seeds: Sequence[int], rate: float,
    marks: Sequence[int],
) -> dict[str, np.ndarray]:  # fmt: skip
    """Return by way the accuracies on test rows after so many steps, (seeds, marks).

    rows: to train and to test, of each seed. sources: bodies by the names that WAYS has for them.
    """
    train, test = (repeated(part, len(ways)) for part in rows)
    runs = [(as_setting({"lr": rate}), seed) for _ in ways for seed in seeds]
    classes = int(rows[1][1].max()) + 1
    stack = stack_nets(lambda: build_net((64, 64, 32, classes)), runs, train[0][0, :2])
    for i, way in enumerate(ways):
        put_in(stack, slice(i * len(seeds), (i + 1) * len(seeds)), sources.get(WAYS[way].source or ""))
    kept = [WAYS[way].kept for way in ways for _ in seeds]
    found = [accuracies(stack, test) for _ in train_steps(stack, train, [rate] * len(runs), kept, marks)]
    return dict(zip(ways, np.array(found).T.reshape(len(ways), len(seeds), len(marks)), strict=True))


def repeated(rows: Rows, times: int) -> Rows:
    """Return the rows of all seeds, so many times one after the other: once for each way."""
    return rows[0].repeat(times, 1, 1), rows[1].repeat(times, 1)


@torch.no_grad()
def put_in(stack: Stack, runs: slice, body: Body | None) -> None:
    """Give some runs of a stack the body of their source, a seed each, in place of their first weights."""
    for layer, (weight, bias) in enumerate(body or []):
        stack.weights[layer][runs] = weight
        stack.biases[layer][runs] = bias


def camera_runs(
    camera: str, n: int, ways: Sequence[str] = CAMERA_WAYS, seeds: Sequence[int] = range(20),
    marks: Sequence[int] = (EARLY, CAMERA_STEPS), added: int = SOURCE_SEEDS,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Return by way the test accuracy on n digits of another camera after so many steps, (seeds, marks).

    added: makes the source's seed of a seed. With 0 the new head is not new: it has the numbers that the
    source's own head began with, and the source's body was trained to fit them.
    """
    both = [digits_two_cameras(camera, n, seed)[1:] for seed in seeds]
    rows = rows_of([target for target, _ in both]), rows_of([test for _, test in both])
    sources = {"own": train_source("cameras", tuple(seeds), added)[0]}
    return train_target(rows, sources, ways, seeds, CAMERA_RATE, marks)


def digit_runs(
    n: int, ways: Sequence[str] = tuple(WAYS), seeds: Sequence[int] = range(20), rate: float = DIGIT_RATE,
    marks: Sequence[int] = (EARLY, DIGIT_STEPS),
) -> dict[str, np.ndarray]:  # fmt: skip
    """Return by way the test accuracy on n of the digits 5–9 after so many steps, (seeds, marks)."""
    parts = [digits_transfer(seed)[1] for seed in seeds]
    train, test = rows_of([part[0] for part in parts]), rows_of([part[2] for part in parts])
    rows = (train[0][:, :n], train[1][:, :n]), test
    needed = {WAYS[way].source for way in ways} - {None}
    tasks = {"own": "low digits", "permuted": "permuted"}
    sources = {name: train_source(tasks[name], tuple(seeds))[0] for name in needed if name}
    return train_target(rows, sources, ways, seeds, rate, marks)
