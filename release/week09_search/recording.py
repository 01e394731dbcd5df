"""Train a classifier and record much more than losses; show several histories side by side.

`fit` is a training loop like `train_model` in utils.py that also looks at outputs, gradients and weights.
Both loops share what stands here under "one epoch at a time". `from utils import …` finds all of it, too.
Code counts epochs from 0, as positions in a list; tables and pictures count them from 1, as people do.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from course_data import Data, as_tensors
from IPython.display import Markdown
from matplotlib.figure import Figure
from pictures import PALETTE, Curves, describe_history, in_words, plot_curves, with_alt
from torch import Tensor, nn
from torch.optim import Optimizer

History = dict[str, list[Any]]  # under each name a list with one entry per epoch
Criterion = Callable[[Tensor, Tensor], Tensor]  # (outputs, targets) -> mean loss of the batch
AfterEpoch = Callable[[nn.Module, int, dict[str, Any]], Any]  # (model, epoch from 0, stats) -> None or Stop
Names = Sequence[str]

# ---------------------------------------------------------------- one epoch at a time


class Stop:
    """End a training: `after_epoch` returns Stop, the class itself. A copy of a class is the class."""


def wants_to_stop(answer: Any) -> bool:
    """Return whether after_epoch answered Stop. Raises ValueError unless the answer is Stop or None."""
    if answer is None or answer is Stop:
        return answer is Stop
    raise ValueError(
        f"after_epoch returned {answer!r}. To end the training, return Stop itself (from utils import Stop), "
        "not a text and not True; to go on, return nothing."
    )


def record(history: History, stats: Mapping[str, Any]) -> None:
    """Append what was measured in an epoch to the lists of a history."""
    for name, value in stats.items():
        history.setdefault(name, []).append(value)


def check_optimizer(model: nn.Module, optimizer: Optimizer, learning_rate: float = 1e-3) -> None:
    """Raise ValueError unless the optimizer updates this model, and no other learning rate is wanted."""
    if learning_rate != 1e-3:  # the default of train_model
        raise ValueError(
            f"train_model was given an optimizer, which has its own rate, and learning_rate={learning_rate}. "
            "Leave out one of the two; without an optimizer, Adam is used with this rate."
        )
    updated = {id(p) for group in optimizer.param_groups for p in group["params"]}
    if updated.isdisjoint(id(p) for p in model.parameters()):
        raise ValueError("This optimizer updates another model: make a new one from model.parameters().")


def check_batch(criterion: Criterion, outputs: Tensor, targets: Tensor) -> None:
    """Raise ValueError for shapes that would be broadcast into nonsense, and for sums in place of means."""
    if isinstance(criterion, (nn.MSELoss, nn.L1Loss, nn.HuberLoss)) and outputs.shape != targets.shape:
        raise ValueError(
            f"{type(criterion).__name__} needs outputs and targets of one shape, not {list(outputs.shape)} "
            f"and {list(targets.shape)}. For class labels pass criterion=nn.CrossEntropyLoss(); for numbers "
            "give the targets the shape of the outputs, often with targets.unsqueeze(1)."
        )
    if getattr(criterion, "reduction", "mean") != "mean":
        raise ValueError("Give the criterion reduction='mean': epoch means are made of batch means.")


def is_right(criterion: Criterion, outputs: Tensor, targets: Tensor) -> Tensor | None:
    """Return which targets of a batch are predicted rightly, in the targets' shape; None for regression."""
    if isinstance(criterion, (nn.BCEWithLogitsLoss, nn.BCELoss)):
        border = 0.0 if isinstance(criterion, nn.BCEWithLogitsLoss) else 0.5  # logit 0 is probability 0.5
        return (outputs > border) == (targets > 0.5)
    if not targets.is_floating_point() and outputs.ndim == targets.ndim + 1:
        return outputs.argmax(dim=1) == targets
    return None


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
    `train_loss`, `train_accuracy`, `train_steps` (updates so far), `train_outputs` (logits, (rows, classes),
    in the order of the data, each from just before the update by its batch); likewise `val_loss`, ….
    Of the first layer's weights: `train_mean_abs_grad` (over the epoch), `train_mean_abs_weight` (after it).
    `output_mean`, `output_abs_mean`, `output_std`: {layer name: value} of the outputs on validation data.
    Batch order and dropout come from torch's random numbers: call torch.manual_seed first. Ends in eval mode.
    """
    device = device or next(net.parameters()).device
    (x, y), (x_validation, y_validation) = as_tensors(train, device), as_tensors(validation, device)
    check_optimizer(net.to(device), optimizer)
    history: History = {}
    started, steps = time.perf_counter(), 0
    for epoch in range(epochs):
        outputs, grad = _train_one_pass(net, x, y, optimizer, batch_size)
        steps += math.ceil(len(x) / batch_size)
        stats = {"epochs": epoch} | _phase_stats("train", outputs, y, steps)
        stats |= {"train_mean_abs_grad": grad, "train_mean_abs_weight": first_weight(net).abs().mean().item()}
        net.eval()
        with torch.no_grad(), recorded_outputs(net) as layers:
            stats |= _phase_stats("val", net(x_validation), y_validation, steps)
        stats["output_mean"] = {name: output.mean().item() for name, output in layers.items()}
        stats["output_abs_mean"] = {name: output.abs().mean().item() for name, output in layers.items()}
        stats["output_std"] = {name: output.std(correction=0).item() for name, output in layers.items()}
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


def _phase_stats(phase: str, outputs: Tensor, y: Tensor, steps: int) -> dict[str, Any]:
    loss, right = F.cross_entropy(outputs, y).item(), (outputs.argmax(dim=1) == y).sum().item()
    stats = {"loss": loss, "accuracy": right / len(y), "steps": steps, "outputs": outputs.cpu()}
    return {f"{phase}_{name}": value for name, value in stats.items()}


def first_weight(net: nn.Module) -> Tensor:
    """Return the weights of the first layer that has any, without biases."""
    return next(p for p in net.parameters() if p.ndim > 1)


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


# ---------------------------------------------------------------- several histories


class HistoryPlotter:
    """Collect histories in a grid of pictures, with an epoch marked, and in a table of values at that epoch.

    plots: the quantities drawn, one below the other, at each of rows × cols places: ("loss", "accuracy").
    table: the names in the histories that make columns: ("train_accuracy", "val_accuracy").
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
        """Draw a history at a place, counted from 0, instead of what was there; mark an epoch.

        epoch: counted from 0, or from the end if negative. Raises ValueError if the history does not have it,
        or lacks a column of the table.
        """
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
        lines = [["title", *self.param_names, "epoch", *map(in_words, self.columns)]]
        lines += [["---"] * len(lines[0]), *(self.lines[place] for place in sorted(self.lines))]
        cells = [[f"{cell:.4g}" if isinstance(cell, float) else str(cell) for cell in line] for line in lines]
        return Markdown("\n".join(f"| {' | '.join(line)} |" for line in cells))

    def show(self) -> None:
        """Display the pictures, with alt text made from the same numbers; unused places stay blank."""
        for ax in self.axes.flat:
            ax.set_visible(ax.has_data())
        with_alt(self.figure, " ".join(self.alt[place] for place in sorted(self.alt)))
