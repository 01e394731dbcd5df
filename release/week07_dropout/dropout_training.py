"""Train the nets of week 7, and measure them: in both modes, averaged, with units cut away, with batch norm.

All seeds of a setting are trained at once, by what `sweep` is made of: the very same nets come out. Nets with
batch norm cannot be stacked; `train_model` trains them one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import torch
from course_data import one_thread, seeded
from sweep_settings import as_setting, make_updates
from sweeps import Stack, batch_values, forward, shuffled_batches, stack_nets, train_one_pass, validate
from torch import Tensor, nn
from torch.utils.data import TensorDataset

from utils import FlexibleClassifier, build_net, digits_noisy, iris_data, make_loader, split_data, train_model

RATE, BATCH_SIZE = 1e-3, 32
CURVES = (
    "train_loss",
    "train_accuracy",
    "train_loss_eval",
    "train_accuracy_eval",
    "val_loss",
    "val_accuracy",
)
BINS = 10  # of the calibration error
Runs = dict[str, np.ndarray]  # numbers by their names, the first dimension is the run
Data = Sequence[TensorDataset]

# ---------------------------------------------------------------- the nets


def dropout_net(p: float) -> nn.Module:
    """Return a fresh net 64-128-64-10 with ReLU, and dropout in both hidden layers."""
    return FlexibleClassifier(64, (128, 64), 10, p)


def small_net(p: float) -> nn.Module:
    """Return a fresh net 64-32-16-10 with ReLU, and dropout in both hidden layers."""
    return FlexibleClassifier(64, (32, 16), 10, p)


def last_layer_net(p: float) -> nn.Module:
    """Return a fresh net 64-128-64-10 with dropout after its last layer alone."""
    return nn.Sequential(*build_net((64, 128, 64, 10)), nn.Dropout(p))


def norm_net(norm: bool = True) -> nn.Module:
    """Return a fresh net 64-128-64-10 with ReLU, with or without batch norm after its hidden layers."""
    first, second = (nn.BatchNorm1d(width) if norm else nn.Identity() for width in (128, 64))
    linear = build_net((64, 128, 64, 10))
    return nn.Sequential(linear[0], first, nn.ReLU(), linear[2], second, nn.ReLU(), linear[4])


def flower_net() -> nn.Module:
    """Return a fresh net 4-5-4-3 for the iris flowers, small enough to draw, with dropout if it is asked."""
    return FlexibleClassifier(4, (5, 4), 3, 0.0)


@cache
def flowers() -> tuple[Tensor, Tensor]:
    """Return the four lengths of 150 iris flowers, each with mean 0 and sd 1, (150, 4), and their species."""
    lengths, species = iris_data()
    return (lengths - lengths.mean(dim=0)) / lengths.std(dim=0), species


# ---------------------------------------------------------------- dropout: all seeds at once


def watch(
    build: Callable[[], nn.Module], setting: dict[str, Any], data: Data, epochs: int, seeds: Sequence[int],
    batch_size: int = BATCH_SIZE,
) -> Iterator[tuple[Stack, dict[str, list[float]]]]:  # fmt: skip
    """Yield after every epoch the stacked nets, and a list with a number for each seed under every name."""
    (x, y), (x_validation, y_validation) = (part.tensors for part in data[:2])
    criterion, runs = nn.CrossEntropyLoss(), [(as_setting(setting), seed) for seed in seeds]
    stack = stack_nets(build, runs, x[:2])
    parameters = list(zip(*stack.views, strict=True))
    updates = make_updates([each for each, _ in runs], parameters, epochs * -(-len(x) // batch_size))
    for _ in range(epochs):
        batches = shuffled_batches(stack, len(x), batch_size, "cpu")
        stats = train_one_pass(stack, updates, x, y, batches, criterion)
        stats |= validate(stack, x_validation, y_validation, criterion)
        yield stack, stats | measure_in_eval_mode(stack, x, y)


@torch.no_grad()
def measure_in_eval_mode(stack: Stack, x: Tensor, y: Tensor) -> dict[str, list[float]]:
    """Return loss and accuracy of all runs on rows with dropout off, under the names for training rows."""
    criterion, runs = nn.CrossEntropyLoss(), len(stack.generators)
    inputs, targets = (part.expand(runs, *part.shape) for part in (x, y))
    outputs = forward(stack, inputs, training=False)
    loss, accuracy = batch_values(criterion, torch.vmap(criterion)(outputs, targets), outputs, targets)
    return {"train_loss_eval": loss.tolist(), "train_accuracy_eval": accuracy.tolist()}


@one_thread()
def train(
    build: Callable[[], nn.Module], p: float, seeds: Sequence[int], epochs: int, noise: float = 0.2
) -> tuple[Runs, Stack]:
    """Return the curves, (seeds, epochs), under the names CURVES, and the stacked nets at the end."""
    setting = {"lr": RATE, "dropout": p}
    trained, epoch_by_epoch = zip(
        *watch(build, setting, digits_noisy(noise=noise), epochs, seeds), strict=True
    )
    curves = {name: np.array([stats[name] for stats in epoch_by_epoch]).T for name in CURVES}
    return curves, trained[-1]


def ends(runs: Runs) -> Runs:
    """Return what the last epoch says, the epoch of the lowest validation loss, and epochs to 80 %.

    epochs_to_80 is the first epoch with a validation accuracy of at least 0.8; one more than there are means
    never. Epochs are counted from 1.
    """
    losses, good = runs["val_loss"], runs["val_accuracy"] >= 0.8
    never = losses.shape[1] + 1
    return {name: runs[name][:, -1] for name in CURVES} | {
        "lowest_val_loss": losses.min(axis=1),
        "best_epoch": losses.argmin(axis=1) + 1,
        "epochs_to_80": np.where(good.any(axis=1), good.argmax(axis=1) + 1, never),
    }


@torch.no_grad()
def largest_logits(stack: Stack) -> np.ndarray:
    """Return of each run the greatest size of a logit on the validation rows, in eval mode, (runs,)."""
    return np.array(outputs_of(stack, training=False).abs().amax(dim=(1, 2)).tolist())


@torch.no_grad()
def learned_labels(stack: Stack) -> Runs:
    """Return which share of the wrong and of the right training labels each net answers, (runs,) each."""
    given, own = (digits_noisy(noise=noise)[0].tensors[1] for noise in (0.2, 0.0))
    learned = (outputs_of(stack, training=False, part=0).argmax(dim=-1) == given).double()
    kinds = {"wrong": given != own, "right": given == own}
    return {kind: np.array(learned[:, rows].mean(dim=1).tolist()) for kind, rows in kinds.items()}


def outputs_of(stack: Stack, training: bool, part: int = 1) -> Tensor:
    """Return in one mode the logits of all runs on validation (part 0: training) rows, (runs, rows, 10)."""
    x = digits_noisy()[part].tensors[0]
    return forward(stack, x.expand(len(stack.generators), *x.shape), training)


# ---------------------------------------------------------------- averages of thinned nets


@one_thread()
@torch.no_grad()
def average_thinned(stack: Stack, counts: Sequence[int]) -> dict[str, Runs]:
    """Return how the mean probabilities of so many thinned nets do, by the count, and those of eval mode."""
    found = {"eval": judged(outputs_of(stack, training=False).softmax(dim=-1))}
    total = torch.zeros(())
    for count in range(1, max(counts) + 1):
        total = total + outputs_of(stack, training=True).softmax(dim=-1)
        if count in counts:
            found[str(count)] = judged(total / count)
    return found


def judged(probabilities: Tensor) -> Runs:
    """Return accuracy, loss (mean −log of the right class), calibration error and how sure runs are, (runs,).

    How sure: the mean probability of the chosen class. The calibration error sorts the 500 answers by it into
    ten bins of width 0.1 and takes in each the distance between mean probability and accuracy, weighted by
    its answers.
    """
    y = digits_noisy()[1].tensors[1]
    sure, answers = probabilities.max(dim=-1)
    right = (answers == y).double()
    loss = -probabilities.gather(-1, y.expand(len(sure), -1).unsqueeze(-1)).log().mean(dim=(1, 2))
    bins = nn.functional.one_hot((sure * BINS).long().clamp(max=BINS - 1), BINS).double()
    gaps = torch.einsum("rn,rnb->rb", right - sure, bins).abs().sum(dim=1) / len(y)
    values = {"accuracy": right.mean(dim=1), "loss": loss, "calibration": gaps, "sure": sure.mean(dim=1)}
    return {name: np.array(each.tolist()) for name, each in values.items()}


# ---------------------------------------------------------------- units cut away


@one_thread()
@torch.no_grad()
def cut_units(stack: Stack, share: float, choices: int = 20) -> np.ndarray:
    """Return validation accuracies, (runs,), with a share of the first hidden layer's units always at 0.

    Each is the mean over random choices of these units; nets trained otherwise meet the same choices.
    """
    y, generator = digits_noisy()[1].tensors[1], torch.Generator().manual_seed(0)
    accuracies = []
    for _ in range(choices):
        off = torch.randperm(128, generator=generator)[: round(share * 128)]
        outputs = outputs_of(without_units(stack, off.tolist()), training=False)
        accuracies.append((outputs.argmax(dim=-1) == y).double().mean(dim=1).tolist())
    mean: np.ndarray = np.array(accuracies).mean(axis=0)
    return mean


@one_thread()
@torch.no_grad()
def lose_one_unit(stack: Stack) -> Runs:
    """Return which share of 500 answers changes if one unit of the first layer is lost: greatest and mean."""
    whole = outputs_of(stack, training=False).argmax(dim=-1)
    answers = [outputs_of(without_units(stack, [i]), training=False).argmax(dim=-1) for i in range(128)]
    shares = np.array((torch.stack(answers) != whole).double().mean(dim=2).tolist())
    return {"greatest_change": shares.max(axis=0), "mean_change": shares.mean(axis=0)}


def without_units(stack: Stack, units: Iterable[int], layer: int = 0) -> Stack:
    """Return the nets with nothing coming from some units of a hidden layer: what they send is times 0."""
    weights = list(stack.weights)
    weights[layer + 1] = weights[layer + 1].detach().clone()
    weights[layer + 1][:, list(units)] = 0.0
    return replace(stack, weights=weights)


@one_thread()
def train_flower_nets(p: float, seeds: Sequence[int], epochs: int = 300) -> tuple[Runs, np.ndarray]:
    """Return what one lost unit of 4-5-4-3 does to 150 answers, and all weights, (seeds, 64).

    The nets learn from 100 flowers; accuracy and changed answers are of all 150. The weights come layer by
    layer: weights, (inputs, outputs), then biases.
    """
    x, y = flowers()
    setting = {"lr": 3e-3, "dropout": p}
    *_, (stack, _) = watch(flower_net, setting, split_data(x, y, (100, 50)), epochs, seeds, batch_size=16)
    with torch.no_grad():
        inputs = x.expand(len(seeds), *x.shape)
        whole = forward(stack, inputs, training=False).argmax(dim=-1)
        changed = [
            (forward(without_units(stack, [unit], layer), inputs, training=False).argmax(dim=-1) != whole)
            for layer, units in enumerate((5, 4)) for unit in range(units)
        ]  # fmt: skip
        shares = np.array(torch.stack(changed).double().mean(dim=2).tolist())
        accuracy = np.array((whole == y).double().mean(dim=1).tolist())
    parts = [
        part.detach().flatten(1) for both in zip(stack.weights, stack.biases, strict=True) for part in both
    ]
    numbers = {"accuracy": accuracy, "greatest_change": shares.max(0), "mean_change": shares.mean(0)}
    return numbers, torch.cat(parts, dim=1).numpy()


# ---------------------------------------------------------------- batch norm: net by net


@one_thread()
def train_norm_nets(
    norm: bool, optimizer: str, rate: float, batch_size: int, epochs: int, seeds: Sequence[int]
) -> tuple[Runs, list[nn.Module]]:
    """Return the curves, (seeds, epochs), and the nets; optimizer: "momentum" (SGD with 0.9) or "adam"."""
    train_part, validation = digits_noisy()[:2]
    nets, histories = [], []
    for seed in seeds:
        with seeded(seed):
            net = norm_net(norm)
        kinds = {"adam": torch.optim.Adam, "momentum": torch.optim.SGD}
        more = {"momentum": 0.9} if optimizer == "momentum" else {}
        histories.append(train_model(
            net, make_loader(train_part, batch_size, shuffle=True), make_loader(validation, 500),
            nn.CrossEntropyLoss(), kinds[optimizer](net.parameters(), lr=rate, **more),
            num_epochs=epochs, seed=seed, verbose=False,
        ))  # fmt: skip
        nets.append(net)
    return {name: np.array([history[name] for history in histories]) for name in histories[0]}, nets


@torch.no_grad()
def accuracy_by_batches(net: nn.Module, rows: Tensor, batch_size: int) -> float:
    """Return the accuracy on validation rows that go through the net batch by batch, in its present mode."""
    x, y = digits_noisy()[1].tensors
    right = [net(x[part]).argmax(dim=1) == y[part] for part in torch.split(rows, batch_size)]
    return torch.cat(right).double().mean().item()


@one_thread()
def forget_eval(nets: Sequence[nn.Module], seeds: Sequence[int], batch_size: int) -> dict[str, np.ndarray]:
    """Return accuracies, (seeds,), of nets with batch norm: in eval mode, in train mode, and after that."""
    labels = digits_noisy()[1].tensors[1]
    found: dict[str, list[float]] = {how: [] for how in ("eval", "random", "sorted", "afterwards")}
    for net, seed in zip(nets, seeds, strict=True):
        mixed = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
        found["eval"].append(accuracy_by_batches(net.eval(), mixed, batch_size))
        forgetful = deepcopy(net).train()
        found["random"].append(accuracy_by_batches(forgetful, mixed, batch_size))
        found["afterwards"].append(accuracy_by_batches(forgetful.eval(), mixed, batch_size))
        by_label = mixed[labels[mixed].argsort(stable=True)]
        found["sorted"].append(accuracy_by_batches(deepcopy(net).train(), by_label, batch_size))
    return {how: np.array(values) for how, values in found.items()}
