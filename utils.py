"""Train small networks and look at what happens: the engine of this course, written to be read.

Read it from top to bottom: models, training, evaluation, a loop that records more, pictures. Data sets are in
course_data.py, the training of many settings at once in sweeps.py; `from utils import …` finds those, too.
Inputs have the shape (batch, features); class labels are whole numbers of the shape (batch,).
Code counts epochs from 0, as positions in a list; prints and pictures count them from 1, as people do.
A loss is a mean over samples, an accuracy is a fraction between 0 and 1.
"""

from __future__ import annotations

import enum
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from IPython.display import Markdown
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.optim import Adam, Optimizer
from torch.utils.data import DataLoader

from course_data import *  # noqa: F403  noisy_sine, two_moons, digits_noisy, fashion_mnist, …
from course_data import Data, as_tensors, batches, noisy_sine, seeded, split_data
from sweeps import sweep as sweep

History = dict[str, list[Any]]  # under each name a list with one entry per epoch
Curves = Mapping[str, Sequence[Any]]  # the same, to be read only
Names = Sequence[str]
Loader = Iterable[Sequence[Tensor]]  # gives batches (inputs, targets); usually a DataLoader
Criterion = Callable[[Tensor, Tensor], Tensor]  # (outputs, targets) -> mean loss of the batch
AfterEpoch = Callable[[nn.Module, int, dict[str, Any]], Any]  # (model, epoch from 0, stats) -> None or Stop

# Okabe and Ito's colours (2008) look different to people of any colour vision; the markers differ as well.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")

# ---------------------------------------------------------------- models


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


class Signal(enum.Enum):
    """Hold the one answer that ends a training. A copy of an enum's member is the member itself."""

    STOP = "stop"


Stop = Signal.STOP


def train_model(
    model: nn.Module,
    train_loader: Loader,
    val_loader: Loader,
    criterion: Criterion | None = None,
    optimizer: Optimizer | None = None,
    learning_rate: float = 1e-3,
    num_epochs: int = 30,
    seed: int = 42,
    after_epoch: AfterEpoch | None = None,
    verbose: bool = True,
) -> History:
    """Train the model; return lists train_loss, val_loss and, for classifiers, train_accuracy, val_accuracy.

    criterion: the mean squared error by default; optimizer: Adam with `learning_rate` by default.
    seed: decides the order of batches and the dropout: the same seed gives the same history.
    after_epoch: called as after_epoch(model, epoch, stats), the model in eval mode; may return Stop.
    Training values are means over an epoch in which the weights change and dropout is on; validation values
    are measured after it. Ends in eval mode. Giving both optimizer and learning_rate is a ValueError.
    """
    criterion = nn.MSELoss() if criterion is None else criterion
    optimizer = checked_optimizer(model, optimizer, learning_rate)
    device = next(model.parameters()).device
    history: History = {}
    with seeded(seed, train_loader, val_loader):
        for epoch in range(num_epochs):
            model.train()
            loss_sum, right, seen = 0.0, 0.0, 0
            for inputs, targets in batches(train_loader):
                inputs, targets = inputs.to(device), targets.to(device)
                optimizer.zero_grad()  # or this batch's gradients would be added to the last one's
                outputs = model(inputs)
                loss = batch_loss(criterion, outputs, targets)
                loss.backward()
                optimizer.step()
                loss_sum += loss.item() * len(targets)
                right += count_right(criterion, outputs, targets)
                seen += len(targets)
            model.eval()
            stats = named("train", epoch_means(loss_sum, right, seen))
            stats |= named("val", evaluate_model(model, val_loader, criterion))
            record(history, stats)
            if verbose:
                values = "  ".join(f"{name} {value:.4f}" for name, value in stats.items())
                print(f"epoch {epoch + 1:3}/{num_epochs}  {values}")
            if after_epoch is not None and wants_to_stop(after_epoch(model, epoch, stats)):
                break
    return history


def checked_optimizer(
    model: nn.Module, optimizer: Optimizer | None, learning_rate: float = 1e-3
) -> Optimizer:
    """Return the optimizer, by default Adam, fused. Raises ValueError if it cannot do what is expected."""
    if optimizer is not None and learning_rate != 1e-3:
        raise ValueError(
            f"train_model was given an optimizer, which has its own rate, and learning_rate={learning_rate}. "
            "Leave out one of the two; without an optimizer, Adam is used with this rate."
        )
    optimizer = Adam(model.parameters(), lr=learning_rate) if optimizer is None else optimizer
    updated = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if updated.isdisjoint(id(p) for p in model.parameters()):
        raise ValueError("This optimizer updates another model: make a new one from model.parameters().")
    for group in () if optimizer.state else optimizer.param_groups:  # used ones may count steps elsewhere
        if group.get("fused", False) is None and group["foreach"] is None:  # its maker left the choice open
            group["fused"] = True  # the same update as one operation instead of ten: three times as fast
    return optimizer


def record(history: History, stats: Mapping[str, Any]) -> None:
    """Append what was measured in an epoch to the lists of a history."""
    for name, value in stats.items():
        history.setdefault(name, []).append(value)


def wants_to_stop(answer: Any) -> bool:
    """Return whether after_epoch answered Stop. Raises ValueError unless the answer is Stop or None."""
    if answer is None or answer is Stop:
        return answer is Stop
    raise ValueError(
        f"after_epoch returned {answer!r}. To end the training, return Stop itself (from utils import Stop), "
        "not a text and not True; to go on, return nothing."
    )


# ---------------------------------------------------------------- evaluation


def evaluate_model(model: nn.Module, loader: Loader, criterion: Criterion) -> float | tuple[float, float]:
    """Return the mean loss over all samples of a loader or, for classifiers, (mean loss, accuracy).

    Nothing is learnt: the model is in eval mode meanwhile (no dropout) and gradients are off.
    """
    device, was_training = next(model.parameters()).device, model.training
    loss_sum, right, seen = 0.0, 0.0, 0
    model.eval()
    with torch.no_grad():
        for inputs, targets in batches(loader):
            inputs, targets = inputs.to(device), targets.to(device)
            outputs = model(inputs)
            loss_sum += batch_loss(criterion, outputs, targets).item() * len(targets)
            right += count_right(criterion, outputs, targets)
            seen += len(targets)
    model.train(was_training)
    return epoch_means(loss_sum, right, seen)


def batch_loss(criterion: Criterion, outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the mean loss of a batch. Raises ValueError for shapes that would be broadcast into nonsense."""
    if isinstance(criterion, (nn.MSELoss, nn.L1Loss, nn.HuberLoss)) and outputs.shape != targets.shape:
        raise ValueError(
            f"{type(criterion).__name__} needs outputs and targets of one shape, not {list(outputs.shape)} "
            f"and {list(targets.shape)}. For class labels pass criterion=nn.CrossEntropyLoss(); for numbers "
            "give the targets the shape of the outputs, often with targets.unsqueeze(1)."
        )
    if getattr(criterion, "reduction", "mean") != "mean":
        raise ValueError("Give the criterion reduction='mean': epoch means are made of batch means.")
    return criterion(outputs, targets)


def count_right(criterion: Criterion, outputs: Tensor, targets: Tensor) -> float:
    """Return how many samples of a batch are classified rightly, or nan for regression."""
    if isinstance(criterion, (nn.BCEWithLogitsLoss, nn.BCELoss)):
        border = 0.0 if isinstance(criterion, nn.BCEWithLogitsLoss) else 0.5  # logit 0 is probability 0.5
        right = (outputs > border) == (targets > 0.5)
    elif not targets.is_floating_point() and outputs.ndim == targets.ndim + 1:
        right = outputs.argmax(dim=1) == targets
    else:
        return math.nan
    return right.sum().item() / right.numel() * len(targets)


def epoch_means(loss_sum: float, right: float, seen: int) -> float | tuple[float, float]:
    """Return the mean loss of the samples seen or, if `right` is a number, (mean loss, accuracy).

    A mean of batch means would count the samples of a small last batch more than others.
    """
    if seen == 0:
        raise ValueError("The loader gave no batch: its data set is empty, or drop_last left nothing of it.")
    return loss_sum / seen if math.isnan(right) else (loss_sum / seen, right / seen)


def named(phase: str, means: float | tuple[float, float]) -> dict[str, float]:
    """Return a dict of the loss and, if there is one, the accuracy, under names that start with the phase."""
    loss, *accuracy = means if isinstance(means, tuple) else (means,)
    return {f"{phase}_loss": loss} | {f"{phase}_accuracy": value for value in accuracy}


# ---------------------------------------------------------------- a loop that records more


def fit(
    net: nn.Module,
    train: Data,
    validation: Data,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int = 32,
    after_epoch: AfterEpoch | None = None,
    device: torch.device | str | None = None,
) -> History:
    """Train a classifier with cross-entropy and return a history of much more than losses.

    Each list has one entry per epoch. `epochs`: 0, 1, …; `time`: seconds since the start.
    `train loss`, `train accuracy`, `train steps` (updates so far), `train outputs` (logits, (rows, classes),
    in the order of the data, each from just before the update by its batch); likewise `validation loss`, ….
    Of the first layer's weights: `train mean abs grad` (over the epoch), `train mean abs weight` (after it).
    `output mean`, `output abs mean`, `output std`: {layer name: value} of the outputs on validation data.
    Batch order and dropout come from torch's random numbers: call torch.manual_seed first. Ends in eval mode.
    """
    device = device or next(net.parameters()).device
    (x, y), (x_validation, y_validation) = as_tensors(train, device), as_tensors(validation, device)
    checked_optimizer(net.to(device), optimizer)
    history: History = {}
    started, steps = time.perf_counter(), 0
    for epoch in range(epochs):
        outputs, grad = _train_one_pass(net, x, y, optimizer, batch_size)
        steps += math.ceil(len(x) / batch_size)
        stats = {"epochs": epoch} | _phase_stats("train", outputs, y, steps)
        stats |= {"train mean abs grad": grad, "train mean abs weight": first_weight(net).abs().mean().item()}
        net.eval()
        with torch.no_grad(), recorded_outputs(net) as layers:
            stats |= _phase_stats("validation", net(x_validation), y_validation, steps)
        stats["output mean"] = {name: output.mean().item() for name, output in layers.items()}
        stats["output abs mean"] = {name: output.abs().mean().item() for name, output in layers.items()}
        stats["output std"] = {name: output.std(correction=0).item() for name, output in layers.items()}
        stats["time"] = time.perf_counter() - started
        record(history, stats)
        if after_epoch is not None and wants_to_stop(after_epoch(net, epoch, stats)):
            break
    return history


def _train_one_pass(
    net: nn.Module, x: Tensor, y: Tensor, optimizer: Optimizer, batch_size: int
) -> tuple[Tensor, float]:
    """Return the logits of all rows, in the order of x, and the mean |gradient| of the first layer."""
    net.train()
    order = torch.randperm(len(x)).to(x.device)
    outputs, grad_sum = [], 0.0
    for rows in order.split(batch_size):
        optimizer.zero_grad()
        logits = net(x[rows])
        F.cross_entropy(logits, y[rows]).backward()
        grad = first_weight(net).grad
        grad_sum += 0.0 if grad is None else grad.abs().mean().item() * len(rows)  # None: the layer is frozen
        optimizer.step()
        outputs.append(logits.detach())
    return torch.cat(outputs)[order.argsort()], grad_sum / len(x)


def first_weight(net: nn.Module) -> Tensor:
    """Return the weights of the first layer that has any, without biases."""
    return next(p for p in net.parameters() if p.ndim > 1)


def _phase_stats(phase: str, outputs: Tensor, y: Tensor, steps: int) -> dict[str, Any]:
    loss, right = F.cross_entropy(outputs, y).item(), (outputs.argmax(dim=1) == y).sum().item()
    stats = {"loss": loss, "accuracy": right / len(y), "steps": steps, "outputs": outputs.cpu()}
    return {f"{phase} {name}": value for name, value in stats.items()}


@contextmanager
def recorded_outputs(net: nn.Module) -> Iterator[dict[str, Tensor]]:
    """Give a dict that keeps the last output of each layer by its name; the hooks go with the block."""
    outputs: dict[str, Tensor] = {}
    layers = {layer: name for name, layer in net.named_modules() if not list(layer.children())}

    def remember(layer: nn.Module, _inputs: Any, output: Tensor) -> None:
        outputs[layers[layer]] = output.detach()

    hooks = [layer.register_forward_hook(remember) for layer in layers]
    try:
        yield outputs
    finally:
        for hook in hooks:
            hook.remove()


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


def plot_curves(history: Curves, quantity: str, ax: Axes | None = None) -> Axes:
    """Draw the curves of a history whose names end with `quantity` ("loss", "accuracy", …)."""
    ax = plt.subplots()[1] if ax is None else ax
    for i, (name, values) in enumerate(curves(history, quantity).items()):
        style = {"color": PALETTE[i % 7], "marker": MARKERS[i % 7], "markevery": max(1, len(values) // 10)}
        ax.plot(range(1, len(values) + 1), values, label=name, **style)
    ax.set(xlabel="epoch", ylabel=quantity)
    ax.grid(alpha=0.3)
    ax.legend()
    return ax


def curves(history: Curves, quantity: str) -> dict[str, list[float]]:
    """Return the curves whose names end with `quantity`; an entry per layer makes a curve per layer."""
    found: dict[str, list[float]] = {}
    for name, values in history.items():
        words = name.replace("val_", "validation ").replace("_", " ")
        if words.endswith(quantity) and len(values) > 0 and isinstance(values[0], Mapping):
            found |= {f"{words}, layer {layer}": [value[layer] for value in values] for layer in values[0]}
        elif words.endswith(quantity) and len(values) > 0:
            found[words] = list(values)
    if not found:
        raise ValueError(f"This history has no {quantity}. It has: {', '.join(history) or 'nothing yet'}.")
    return found


def describe_history(history: Curves, quantity: str = "loss") -> str:
    """Return in one sentence what plot_curves shows: the alt text of the picture."""
    best, word = (max, "highest") if quantity.endswith("accuracy") else (min, "lowest")
    parts = []
    for name, values in curves(history, quantity).items():
        at = values.index(best([value for value in values if math.isfinite(value)] or values))
        ends = f"from {values[0]:.3g} to {values[-1]:.3g}"
        parts.append(f"{name} {ends}, {word} {values[at]:.3g} in epoch {at + 1}")
    return f"Over {len(values)} epochs: {'; '.join(parts)}."


class HistoryPlotter:
    """Collect histories in a grid of pictures, with an epoch marked, and in a table of values at that epoch.

    plots: the quantities drawn, one below the other, at each of rows × cols places: ("loss", "accuracy").
    table: the names in the histories that make columns: ("train accuracy", "validation accuracy").
    param_names: what was varied; the `param` of `add` is its value, or a tuple if there are several.
    """

    def __init__(self, plots: Names, table: Names, rows: int, cols: int, param_names: Names = ()):
        self.plots, self.columns, self.param_names = plots, table, param_names
        self.figure = Figure(figsize=(4.5 * cols, 2.8 * rows * len(plots)), layout="constrained")
        self.axes = self.figure.subplots(rows * len(plots), cols, squeeze=False)
        self.lines: dict[tuple[int, int], list[Any]] = {}  # of the table, by place
        self.alt: dict[tuple[int, int], str] = {}

    def add(
        self, title: str, history: Curves, row: int, col: int, epoch: int = -1, param: Any = None
    ) -> None:
        """Draw a history at a place, counted from 0, instead of what was there; mark an epoch."""
        n_epochs = len(next(iter(history.values()), []))
        missing = [name for name in self.columns if name not in history]
        if missing or not -n_epochs <= epoch < n_epochs:
            has = f"has {n_epochs} epochs of {', '.join(history) or 'nothing'}"
            raise ValueError(f"This history {has}, but not {', '.join(missing) or f'epoch {epoch}'}.")
        epoch %= n_epochs
        for i, quantity in enumerate(self.plots):
            ax = self.axes[row * len(self.plots) + i, col]
            ax.clear()
            ax.axvline(epoch + 1, color=PALETTE[-1], linestyle="dotted", label=f"epoch {epoch + 1}")
            plot_curves(history, quantity, ax).set_title(title)
        params = param if isinstance(param, (tuple, list)) else [param]
        values = [history[name][epoch] for name in self.columns]
        self.lines[row, col] = [title, *params[: len(self.param_names)], epoch + 1, *values]
        self.alt[row, col] = f"{title}. " + " ".join(describe_history(history, name) for name in self.plots)

    def table(self) -> Markdown:
        """Return a table with a line per history: title, settings, marked epoch (from 1), values there."""
        lines = [["title", *self.param_names, "epoch", *self.columns]]
        lines += [["---"] * len(lines[0]), *(self.lines[place] for place in sorted(self.lines))]
        cells = [[f"{cell:.4g}" if isinstance(cell, float) else str(cell) for cell in line] for line in lines]
        return Markdown("\n".join(f"| {' | '.join(line)} |" for line in cells))

    def show(self) -> None:
        """Display the pictures, with alt text made from the same numbers; unused places stay blank."""
        from widgets import with_alt  # here, because widgets imports this module

        for ax in self.axes.flat:
            ax.set_visible(ax.has_data())
        with_alt(self.figure, " ".join(self.alt[place] for place in sorted(self.alt)))
