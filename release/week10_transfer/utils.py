"""Train small networks and look at what happens: the engine of this course, written to be read.

Read it from top to bottom: data and models, training, evaluation, comparing runs, pictures. Beside it lie
course_data.py, transfer_data.py (data sets), recording.py (`fit`, a loop that records more), checkpoints.py
(a run in a file), sweeps.py (many settings at once), pictures.py, search.py; their names are found here, too.
Inputs have the shape (batch, features), class labels are whole numbers of the shape (batch,). Code counts
epochs from 0, prints and pictures from 1. A loss is a mean over samples, an accuracy a fraction in 0…1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from importlib import import_module
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from torch import Tensor, nn
from torch.optim import Adam, Optimizer
from torch.utils.data import DataLoader

# The course's other modules: in lines of several names, since lessons import most of them from here.
# isort: off
from checkpoints import Checkpoint, load_checkpoint, save_checkpoint
from comparing import Comparison, as_runs
from course_data import as_tensors, batches, digits_noisy, digits_transfer, fashion_mnist, noisy_sine
from course_data import get_pseudo_predictions, get_pseudo_targets, iris_data, line_with_outliers, make_loader
from course_data import quadratic, ravine, regression_data, seeded, spiral, split_data, two_moons
from pictures import MARKERS, PALETTE, Curves, curves, describe_history, plot_curves
from recording import AfterEpoch, Criterion, History, HistoryPlotter, Stop, check_batch, check_optimizer
from recording import first_weight, fit, is_right, record, recorded_outputs, wants_to_stop
from sweeps import rates_of, sweep
from transfer_data import SESSION_COLUMNS, SealedTest, digits_two_cameras, study_sessions
# isort: on

__all__ = [
    "MARKERS", "PALETTE", "SESSION_COLUMNS", "Checkpoint", "Comparison", "FlexibleClassifier",
    "HistoryPlotter", "SealedTest", "Stop", "as_tensors", "batches", "build_net", "compare", "curves",
    "describe_history", "detect_device", "digits_noisy", "digits_transfer", "digits_two_cameras",
    "evaluate_model", "fashion_mnist", "first_weight", "fit", "get_generic_model", "get_pseudo_predictions",
    "get_pseudo_targets", "iris_data", "line_with_outliers", "load_checkpoint", "make_loader", "noisy_sine",
    "plot_curves", "plot_loss", "plot_pseudo_data", "quadratic", "rates_of", "ravine", "record",
    "recorded_outputs", "regression_data", "save_checkpoint", "seeded", "spiral", "split_data",
    "study_sessions", "sweep", "train_model", "two_moons", "wants_to_stop",
]  # fmt: skip

Loader = Iterable[Sequence[Tensor]]  # gives batches (inputs, targets); usually a DataLoader


def __getattr__(name: str) -> Any:
    """Return a name of search.py, which is loaded when it is asked for: Optuna takes a second."""
    if name in ("classifier_objective", "log", "search", "suggest_setting"):
        return getattr(import_module("search"), name)
    raise AttributeError(f"module 'utils' has no attribute {name!r}")


# ---------------------------------------------------------------- data and models


def detect_device() -> torch.device:
    """Return the fastest device of this machine: an NVIDIA card, an Apple chip, or else the processor."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def build_net(dims: Sequence[int] = (784, 128, 64, 10)) -> nn.Sequential:
    """Return linear layers of these widths with a ReLU between each two; the output is not activated."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(dims):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class FlexibleClassifier(nn.Module):
    """Map (batch, input_dim) to logits (batch, output_dim), with ReLU and dropout after each hidden layer."""

    def __init__(self, input_dim: int, hidden_dims: Sequence[int], output_dim: int, dropout_rate: float):
        super().__init__()
        widths = (input_dim, *hidden_dims)
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(widths):
            layers += [nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(dropout_rate)]
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], output_dim))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


def get_generic_model(seed: int = 0) -> tuple[Any, ...]:
    """Return model, train_loader, val_loader, test_loader, criterion, optimizer to fit a noisy sine curve.

    Every call gives a fresh model (widths 1, 32, 32, 1; weights by `seed`) and a fresh optimizer (Adam, rate
    0.01). The data are always the same 120, 40 and 40 rows; the criterion is the mean squared error.
    """
    train, validation, test = split_data(*noisy_sine(), sizes=(120, 40, 40))
    with seeded(seed):
        model = build_net((1, 32, 32, 1))
    loaders = DataLoader(train, batch_size=20, shuffle=True), DataLoader(validation, 40), DataLoader(test, 40)
    return model, *loaders, nn.MSELoss(), Adam(model.parameters(), lr=0.01)


# ---------------------------------------------------------------- training


def train_model(
    model: nn.Module,
    train_loader: Loader,
    val_loader: Loader,
    criterion: Criterion | None = None,
    optimizer: Optimizer | None = None,
    learning_rate: float = 1e-3,
    num_epochs: int = 30,
    seed: int | None = 42,
    after_epoch: AfterEpoch | None = None,
    verbose: bool = True,
) -> History:
    """Train the model; return lists train_loss, val_loss and, for classifiers, train_accuracy, val_accuracy.

    criterion: the mean squared error by default; optimizer: Adam with `learning_rate` by default.
    seed: of batch order and dropout; the same gives the same history. None: go on with torch's own state.
    after_epoch: called as after_epoch(model, epoch, stats), the model in eval mode; may return Stop.
    Training values are means over an epoch in which the weights change and dropout is on; validation values
    are measured after it. Ends in eval mode. Giving both optimizer and learning_rate is a ValueError.
    """
    criterion = nn.MSELoss() if criterion is None else criterion
    if optimizer is None:
        optimizer = Adam(model.parameters(), lr=learning_rate, fused=True)  # one operation a step, not ten
    else:
        check_optimizer(model, optimizer, learning_rate)
    device = next(model.parameters()).device
    history: History = {}
    with nullcontext() if seed is None else seeded(seed, train_loader, val_loader):
        for epoch in range(num_epochs):
            model.train()
            seen = []
            for inputs, targets in batches(train_loader):
                inputs, targets = inputs.to(device), targets.to(device)
                optimizer.zero_grad()  # or this batch's gradients would be added to the last one's
                outputs = model(inputs)
                check_batch(criterion, outputs, targets)
                loss = criterion(outputs, targets)
                loss.backward()
                optimizer.step()
                seen.append(batch_values(criterion, loss, outputs, targets))
            model.eval()
            stats = {f"train_{name}": value for name, value in epoch_means(seen).items()}
            stats |= {f"val_{name}": value for name, value in measure(model, val_loader, criterion).items()}
            record(history, stats)
            if verbose:
                values = "  ".join(f"{name} {value:.4f}" for name, value in stats.items())
                print(f"epoch {epoch + 1:3}/{num_epochs}  {values}")
            if after_epoch is not None and wants_to_stop(after_epoch(model, epoch, stats)):
                break
    return history


# ---------------------------------------------------------------- evaluation


def evaluate_model(model: nn.Module, loader: Loader, criterion: Criterion) -> float | tuple[float, float]:
    """Return the mean loss over all samples of a loader or, for classifiers, (mean loss, accuracy).

    Nothing is learnt: the model is in eval mode meanwhile (no dropout) and gradients are off.
    """
    means = measure(model, loader, criterion)
    return (means["loss"], means["accuracy"]) if "accuracy" in means else means["loss"]


def measure(model: nn.Module, loader: Loader, criterion: Criterion) -> dict[str, float]:
    """Return the "loss" and, for classifiers, the "accuracy" of a model over all samples of a loader."""
    device, was_training, seen = next(model.parameters()).device, model.training, []
    model.eval()
    with torch.no_grad():
        for inputs, targets in batches(loader):
            inputs, targets = inputs.to(device), targets.to(device)
            outputs = model(inputs)
            check_batch(criterion, outputs, targets)
            seen.append(batch_values(criterion, criterion(outputs, targets), outputs, targets))
    model.train(was_training)
    return epoch_means(seen)


def batch_values(criterion: Criterion, loss: Tensor, outputs: Tensor, targets: Tensor) -> dict[str, float]:
    """Return the number of "samples" of a batch, its "loss" and, for classifiers, its "accuracy"."""
    values = {"samples": len(targets), "loss": loss.item()}
    right = is_right(criterion, outputs, targets)
    return values if right is None else values | {"accuracy": right.sum().item() / right.numel()}


def epoch_means(seen: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return means over samples: a mean of batch means would count those of a small last batch more."""
    if not seen:
        raise ValueError("The loader gave no batch: its data set is empty, or drop_last left nothing of it.")
    total = sum(values["samples"] for values in seen)
    names = [name for name in seen[0] if name != "samples"]
    return {name: sum(values["samples"] * values[name] for values in seen) / total for name in names}


# ---------------------------------------------------------------- comparing runs


def compare(a: Sequence[float], b: Sequence[float], paired: bool = True) -> Comparison:
    """Return how two groups of runs differ, and how far that is to be doubted; print it for a sentence.

    a, b: one number per run, such as its last loss. paired: both have the same seeds in the same order, and
    the doubt is that of the differences between the runs of a seed. Raises ValueError for fewer than 2 runs,
    values that are not finite, and pairs that do not match.
    """
    first, second = as_runs("a", a), as_runs("b", b)
    spreads = first.std().item(), second.std().item()  # standard deviations, with n - 1
    if paired and len(first) != len(second):
        raise ValueError(
            f"a has {len(first)} runs and b has {len(second)}: pairs need the same seeds in the same order. "
            "Train both with the same seeds, or pass paired=False."
        )
    if paired:
        error = (second - first).std().item() / math.sqrt(len(first))
        pairs = {"pairs": len(first), "wins": int((second < first).sum())}
    else:
        error = math.sqrt(spreads[0] ** 2 / len(first) + spreads[1] ** 2 / len(second))
        pairs = {}
    means = first.mean().item(), second.mean().item()
    return Comparison(*means, means[1] - means[0], error, *spreads, len(first), len(second), **pairs)


# ---------------------------------------------------------------- pictures


def plot_pseudo_data(predictions: Tensor, targets: Tensor, loss_value: float) -> Axes:
    """Draw predictions as dots, targets as squares, errors as dashed lines, with the loss as the title."""
    ax = plt.subplots()[1]
    predictions, targets = (torch.as_tensor(values).detach().cpu() for values in (predictions, targets))
    samples = range(1, len(targets) + 1)
    ax.vlines(samples, predictions, targets, colors=PALETTE[-1], linestyles="dashed", label="error")
    ax.plot(samples, predictions, MARKERS[0], color=PALETTE[0], label="prediction")
    ax.plot(samples, targets, MARKERS[1], color=PALETTE[1], label="target")
    ax.set(title=f"loss {float(loss_value):.4g}", xlabel="sample", ylabel="value", xticks=samples)
    ax.grid(alpha=0.3)
    ax.legend()
    return ax


def plot_loss(history: Curves, ax: Axes | None = None) -> Axes:
    """Draw the training and validation loss of each epoch and return the axes. Alt text: describe_history."""
    return plot_curves(history, "loss", ax)
