"""Train many settings of a small net at once, as one batched computation. `from utils import sweep` finds it.

A run is one setting with one seed. The weights of all runs are stacked into tensors whose first dimension is
the run, so that a layer of all runs is one batched matrix product. All else is as if `train_model` trained
each run alone: it has its own initial weights, order of batches, dropout and optimizer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from course_data import Data, as_tensors, make_loader, seeded
from recording import Criterion, is_right, record
from sweep_settings import OPTIMIZERS, SCHEDULES, Setting, Updates, as_setting, make_updates, rates_of
from torch import Tensor, nn
from tqdm.auto import tqdm

__all__ = ["OPTIMIZERS", "SCHEDULES", "Setting", "epochs_until_stop", "rates_of", "sweep", "until_stop"]

Lists = dict[str, list[float]]  # under each name a list: of the epochs of one run, or of the runs
ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Tanh, nn.Sigmoid, nn.Softplus, nn.Identity)
Run = tuple[Setting, int]  # a setting and a seed


@dataclass(frozen=True)
class Stack:
    """Hold the nets of all runs: the layers of one of them, and stacked tensors in place of its weights."""

    layers: list[nn.Module]
    weights: list[Tensor]  # of each linear layer, (runs, inputs, outputs)
    biases: list[Tensor]  # of each linear layer, (runs, 1, outputs)
    learning: list[Tensor]  # those of these tensors that are trained
    views: list[list[nn.Parameter]]  # of each of them, the part of each run: it shares the tensor's memory
    rates: list[list[float]]  # of each dropout layer, the rate of each run
    generators: list[torch.Generator]  # of each run, for its order of batches and its dropout


def sweep(
    build: Callable[[], nn.Module],
    data: Sequence[Data],
    settings: Sequence[Setting | Mapping[str, Any]],
    epochs: int,
    seeds: Sequence[int],
    batch_size: int = 32,
    criterion: Criterion | None = None,
    patience: int | None = None,
    weights: bool = False,
    progress: bool = False,
    device: torch.device | str = "cpu",
    max_steps: int | None = None,
) -> list[list[Lists]]:
    """Train every setting with every seed at once; return histories[setting][seed], as from train_model.

    build: returns a fresh net, a chain of linear, activation and dropout layers.
    data: (train, validation), TensorDatasets or pairs (inputs, targets); further parts are left alone.
    settings: such as {"lr": 0.01, "weight_decay": 0.1, "dropout": 0.4, "optimizer": "adamw"}; see Setting.
    criterion: gives the mean loss of a batch; cross-entropy by default.
    patience: ends a history after so many epochs without a lower validation loss than before.
    weights: adds train_mean_abs_weight to the histories: of the first layer, after each epoch.
    progress: shows a progress bar. max_steps: ends all runs after so many updates, if need be in mid-epoch.
    On the processor the curves are those of torch.manual_seed(seed); net = build(); train_model(net, …,
    seed=seed) with a shuffling DataLoader. Other devices only round differently: all numbers are drawn here.
    """
    criterion = nn.CrossEntropyLoss() if criterion is None else criterion
    (x, y), (x_validation, y_validation) = as_tensors(data[0], device), as_tensors(data[1], device)
    runs = [(as_setting(setting), seed) for setting in settings for seed in seeds]
    if not runs or min(1 if limit is None else limit for limit in (patience, max_steps)) < 1:
        raise ValueError(
            "sweep needs at least one setting and one seed; patience and max_steps are at least 1."
        )
    per_epoch = math.ceil(len(x) / batch_size)
    steps = min(epochs * per_epoch, epochs * per_epoch if max_steps is None else max_steps)
    stack = stack_nets(build, runs, x[:2])
    updates = make_updates([setting for setting, _ in runs], list(zip(*stack.views, strict=True)), steps)
    histories: list[Lists] = [{} for _ in runs]
    for epoch in tqdm(range(math.ceil(steps / per_epoch)), unit="epoch", disable=not progress):
        batches = shuffled_batches(stack, len(x), batch_size, device)[: steps - epoch * per_epoch]
        stats = train_one_pass(stack, updates, x, y, batches, criterion)
        stats |= validate(stack, x_validation, y_validation, criterion)
        if weights:
            stats["train_mean_abs_weight"] = stack.weights[0].detach().abs().mean(dim=(1, 2)).tolist()
        for run, history in enumerate(histories):
            record(history, {name: values[run] for name, values in stats.items()})
        if all(epochs_until_stop(history["val_loss"], patience) <= epoch + 1 for history in histories):
            break
    histories = [until_stop(history, patience) for history in histories]
    return [histories[i : i + len(seeds)] for i in range(0, len(runs), len(seeds))]


def until_stop(history: Lists, patience: int | None) -> Lists:
    """Return a history without the epochs after the one in which early stopping ends the run."""
    end = epochs_until_stop(history.get("val_loss", []), patience)
    return {name: values[:end] for name, values in history.items()}


def epochs_until_stop(losses: Sequence[float], patience: int | None) -> int:
    """Return how many epochs early stopping lets a run have; more than it had if it would go on."""
    if patience is not None:
        comparable = [math.inf if math.isnan(loss) else loss for loss in losses]
        for end in range(patience + 1, len(losses) + 1):
            if min(comparable[: end - patience]) <= min(comparable[end - patience : end]):
                return end
    return len(losses) + 1


# ---------------------------------------------------------------- one pass over the data


def train_one_pass(
    stack: Stack,
    updates: Updates,
    x: Tensor,
    y: Tensor,
    batches: Iterable[Tensor],
    criterion: Criterion,
) -> Lists:
    """Update all runs by batches of row numbers, each (runs or 1, batch); return the loss and accuracy."""
    sums, seen, runs = [], 0, len(stack.generators)
    for rows in batches:
        inputs, targets = (part[rows].expand(runs, *[-1] * part.ndim) for part in (x, y))
        outputs = forward(stack, inputs, training=True)
        losses = torch.vmap(criterion)(outputs, targets)  # (runs,)
        losses.sum().backward()  # a run's loss depends on its own weights alone: each gets its own gradient
        hand_out_gradients(stack)
        updates.step()
        sums.append(rows.shape[1] * batch_values(criterion, losses, outputs, targets))
        seen += rows.shape[1]
    return named("train", torch.stack(sums).sum(dim=0) / seen)


@torch.no_grad()
def validate(stack: Stack, x: Tensor, y: Tensor, criterion: Criterion) -> Lists:
    """Return val_loss and val_accuracy of all runs, with dropout off."""
    for generator in stack.generators:
        with continued(generator):
            iter(make_loader(x))  # to begin with, a DataLoader draws a number, and train_model uses one here
    inputs, targets = (part.expand(len(stack.generators), *part.shape) for part in (x, y))
    outputs = forward(stack, inputs, training=False)
    return named("val", batch_values(criterion, torch.vmap(criterion)(outputs, targets), outputs, targets))


def forward(stack: Stack, x: Tensor, training: bool) -> Tensor:
    """Return the outputs of all runs, (runs, batch, outputs), for their inputs, (runs, batch, inputs)."""
    linear, rates = zip(stack.weights, stack.biases, strict=True), iter(stack.rates)
    for layer in stack.layers:
        if isinstance(layer, nn.Linear):
            weight, bias = next(linear)
            x = torch.baddbmm(bias, x, weight)
        elif not isinstance(layer, nn.Dropout):
            x = layer(x)
        elif training:
            x = drop_out(x, next(rates), stack.generators)
    return x


def drop_out(x: Tensor, rates: Sequence[float], generators: Sequence[torch.Generator]) -> Tensor:
    """Return x with dropout; every run draws the numbers that nn.Dropout would draw for it alone."""
    if not any(rates):
        return x
    mask = torch.ones(x.shape, dtype=x.dtype)
    for run, rate in enumerate(rates):
        if rate > 0:
            mask[run].bernoulli_(1 - rate, generator=generators[run])
    kept = torch.tensor([1 - rate for rate in rates], dtype=x.dtype).view(-1, 1, 1)
    return x * (mask / kept).to(x.device)


def hand_out_gradients(stack: Stack) -> None:
    """Give each run its part of the gradients of the stacked tensors, then clear those."""
    for tensor, views in zip(stack.learning, stack.views, strict=True):
        for view, grad in zip(views, tensor.grad.unbind(0), strict=True):
            view.grad = grad
        tensor.grad = None


def batch_values(criterion: Criterion, losses: Tensor, outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the losses and, for classifiers, the accuracies of all runs on a batch, (1 or 2, runs)."""
    losses = losses.detach().cpu().double()  # not all devices have double precision
    right = is_right(criterion, outputs.flatten(0, 1), targets.flatten(0, 1))  # as one batch of all runs
    if right is None:
        return losses.unsqueeze(0)
    return torch.stack([losses, right.view(len(losses), -1).cpu().double().mean(dim=1)])


def named(phase: str, means: Tensor) -> Lists:
    """Return the rows of `batch_values`, under names that start with the phase."""
    return dict(zip((f"{phase}_loss", f"{phase}_accuracy"), means.tolist(), strict=False))


# ---------------------------------------------------------------- the runs


def stack_nets(build: Callable[[], nn.Module], runs: Sequence[Run], sample: Tensor) -> Stack:
    """Return the stacked nets of all runs on the device of a sample of inputs; each starts from its seed."""
    chains: dict[int, list[nn.Module]] = {}
    for seed in {seed for _, seed in runs}:
        with seeded(seed):
            chains[seed] = chain_of(build().to(sample.device), sample)
    layers = chains[runs[0][1]]
    dropouts = [layer.p for layer in layers if isinstance(layer, nn.Dropout)]
    if not dropouts and any(setting.dropout for setting, _ in runs):
        raise ValueError("A setting has a dropout rate, but the net has no nn.Dropout: put one into build.")
    linear = [i for i, layer in enumerate(layers) if isinstance(layer, nn.Linear)]
    weights = [stacked([chains[seed][i].weight.mT for _, seed in runs]) for i in linear]
    biases = [stacked([bias_of(chains[seed][i]) for _, seed in runs]) for i in linear]
    learning = [tensor for tensor in (*weights, *biases) if tensor.requires_grad]
    views = [[nn.Parameter(part) for part in tensor.detach().unbind(0)] for tensor in learning]
    rates = [[p if setting.dropout is None else setting.dropout for setting, _ in runs] for p in dropouts]
    generators = [torch.Generator().manual_seed(seed) for _, seed in runs]
    return Stack(layers, weights, biases, learning, views, rates, generators)


def chain_of(net: nn.Module, sample: Tensor) -> list[nn.Module]:
    """Return the layers of a net in order. Raises ValueError unless all it does is to apply them in turn."""
    modules = [module for _, module in net.eval().named_modules(remove_duplicate=False)]
    layers = [module for module in modules if not list(module.children())]
    strange = [layer for layer in layers if not isinstance(layer, (nn.Linear, nn.Dropout, *ACTIVATIONS))]
    if strange:
        raise ValueError(f"sweep cannot stack {type(strange[0]).__name__}: train this net with train_model.")
    linear = [layer for layer in layers if isinstance(layer, nn.Linear)]
    if len(set(linear)) < len(linear) or not torch.equal(nn.Sequential(*layers)(sample), net(sample)):
        raise ValueError("sweep needs a net that applies its layers in turn: train it with train_model.")
    return layers


def stacked(parts: Sequence[Tensor]) -> Tensor:
    """Return the same weights of all runs as one tensor; it learns if they do."""
    return torch.stack([part.detach() for part in parts]).requires_grad_(parts[0].requires_grad)


def bias_of(layer: nn.Linear) -> Tensor:
    """Return the bias of a layer, (1, outputs): zeros that do not learn if it has none."""
    bias = layer.weight.detach().new_zeros(layer.out_features) if layer.bias is None else layer.bias
    return bias.unsqueeze(0)


def shuffled_batches(stack: Stack, n: int, batch_size: int, device: torch.device | str) -> Sequence[Tensor]:
    """Return the rows 0…n-1 of an epoch in batches, each (runs, batch), or (1, batch) if all runs agree."""
    orders = torch.stack([shuffled_rows(generator, n) for generator in stack.generators])
    orders = orders[: 1 if (orders == orders[0]).all() else None]  # one for all is read from the cache
    return orders.to(device).split(batch_size, 1)


def shuffled_rows(generator: torch.Generator, n: int) -> Tensor:
    """Return the numbers 0…n-1 in the order in which a shuffling DataLoader would use them."""
    with continued(generator):
        return next(iter(make_loader(torch.arange(n), batch_size=n, shuffle=True)))


@contextmanager
def continued(generator: torch.Generator) -> Iterator[None]:
    """Let torch's own random numbers be those of a generator in a `with` block; it moves on with them."""
    with torch.random.fork_rng(devices=[]):
        torch.set_rng_state(generator.get_state())
        yield
        generator.set_state(torch.get_rng_state())
