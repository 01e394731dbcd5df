"""Train many settings of a small net at once, as one batched computation. `from utils import sweep` finds it.

A run is one setting with one seed. The weights of all runs are stacked into tensors whose first dimension is
the run, so that a layer of all runs is one batched matrix product. All else is as if `train_model` trained
each run alone: it has its own initial weights, order of batches, dropout and optimizer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Optimizer
from tqdm.auto import tqdm

from course_data import Data, as_tensors, make_loader, seeded

Criterion = Callable[[Tensor, Tensor], Tensor]  # (outputs, targets) -> mean loss of the batch
Lists = dict[str, list[float]]  # under each name a list: of the epochs of one run, or of the runs

OPTIMIZERS: dict[str, Any] = {"sgd": SGD, "momentum": SGD, "adam": Adam, "adamw": AdamW}
ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Tanh, nn.Sigmoid, nn.Softplus, nn.Identity)


@dataclass(frozen=True)
class Setting:
    """Hold what is varied between runs. A setting given as a dict may have the names of these fields."""

    lr: float = 1e-3
    weight_decay: float = 0.0
    dropout: float | None = None  # the rate of all dropout layers, 0 ≤ rate < 1; None: as in the net
    optimizer: str = "adam"  # or "adamw", "sgd", "momentum"
    momentum: float = 0.9  # of the optimizer "momentum"; the others do not use it


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
) -> list[list[Lists]]:
    """Train every setting with every seed at once; return histories[setting][seed], as from train_model.

    build: returns a fresh net, a chain of linear, activation and dropout layers.
    data: (train, validation), TensorDatasets or pairs (inputs, targets); further parts are left alone.
    settings: such as {"lr": 0.01, "weight_decay": 0.1, "dropout": 0.4, "optimizer": "adamw"}; see Setting.
    criterion: gives the mean loss of a batch; cross-entropy by default.
    patience: ends a history after so many epochs without a lower validation loss than before.
    weights: adds train_mean_abs_weight to the histories: of the first layer, after each epoch.
    progress: shows a progress bar.
    On the processor the curves are those of torch.manual_seed(seed); net = build(); train_model(net, …,
    seed=seed) with a shuffling DataLoader. Other devices only round differently: all numbers are drawn here.
    """
    criterion = nn.CrossEntropyLoss() if criterion is None else criterion
    (x, y), (x_validation, y_validation) = as_tensors(data[0], device), as_tensors(data[1], device)
    runs = [(as_setting(setting), seed) for setting in settings for seed in seeds]
    if not runs or (patience is not None and patience < 1):
        raise ValueError("sweep needs at least one setting and one seed; a patience is at least 1.")
    stack = stack_nets(build, runs, x[:2])
    optimizers = make_optimizers(stack, [setting for setting, _ in runs])
    histories: list[Lists] = [{} for _ in runs]
    for epoch in tqdm(range(epochs), unit="epoch", disable=not progress):
        orders = torch.stack([shuffled_rows(generator, len(x)) for generator in stack.generators])
        orders = orders[: 1 if (orders == orders[0]).all() else None]  # one for all is read from the cache
        stats = train_one_pass(stack, optimizers, x, y, orders.to(device).split(batch_size, 1), criterion)
        stats |= validate(stack, x_validation, y_validation, criterion)
        if weights:
            stats["train_mean_abs_weight"] = stack.weights[0].detach().abs().mean(dim=(1, 2)).tolist()
        for run, history in enumerate(histories):
            for name, values in stats.items():
                history.setdefault(name, []).append(values[run])
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
    optimizers: Sequence[Optimizer],
    x: Tensor,
    y: Tensor,
    batches: Iterable[Tensor],
    criterion: Criterion,
) -> Lists:
    """Update all runs by batches of row numbers, each (runs or 1, batch); return the loss and accuracy."""
    sums, runs = [], len(stack.generators)
    for rows in batches:
        inputs, targets = (part[rows].expand(runs, *[-1] * part.ndim) for part in (x, y))
        outputs = forward(stack, inputs, training=True)
        losses = torch.vmap(criterion)(outputs, targets)  # (runs,)
        losses.sum().backward()  # a run's loss depends on its own weights alone: each gets its own gradient
        update(stack, optimizers)
        sums.append(rows.shape[1] * measure(criterion, losses, outputs, targets))
    return named("train", torch.stack(sums).sum(dim=0) / len(x))


@torch.no_grad()
def validate(stack: Stack, x: Tensor, y: Tensor, criterion: Criterion) -> Lists:
    """Return val_loss and val_accuracy of all runs, with dropout off."""
    for generator in stack.generators:
        with continued(generator):
            iter(make_loader(x))  # to begin with, a DataLoader draws a number, and train_model uses one here
    inputs, targets = (part.expand(len(stack.generators), *part.shape) for part in (x, y))
    outputs = forward(stack, inputs, training=False)
    return named("val", measure(criterion, torch.vmap(criterion)(outputs, targets), outputs, targets))


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


def update(stack: Stack, optimizers: Sequence[Optimizer]) -> None:
    """Step all optimizers with the gradients of the stacked tensors, then clear those."""
    for tensor, views in zip(stack.learning, stack.views, strict=True):
        for view, grad in zip(views, tensor.grad.unbind(0), strict=True):
            view.grad = grad
        tensor.grad = None
    for optimizer in optimizers:
        optimizer.step()


def measure(criterion: Criterion, losses: Tensor, outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the losses and, for classifiers, the accuracies of all runs on a batch, (1 or 2, runs)."""
    losses = losses.detach().cpu().double()  # not all devices have double precision
    if isinstance(criterion, (nn.BCEWithLogitsLoss, nn.BCELoss)):
        border = 0.0 if isinstance(criterion, nn.BCEWithLogitsLoss) else 0.5
        right = (outputs > border) == (targets > 0.5)
    elif not targets.is_floating_point() and outputs.ndim == targets.ndim + 1:
        right = outputs.argmax(dim=2) == targets
    else:
        return losses.unsqueeze(0)
    return torch.stack([losses, right.flatten(1).cpu().double().mean(dim=1)])


def named(phase: str, means: Tensor) -> Lists:
    """Return the rows of `measure`, under names that start with the phase."""
    return dict(zip((f"{phase}_loss", f"{phase}_accuracy"), means.tolist(), strict=False))


# ---------------------------------------------------------------- the runs


def as_setting(given: Setting | Mapping[str, Any]) -> Setting:
    """Return a checked Setting. Raises ValueError for names and values that mean nothing."""
    known = [field.name for field in fields(Setting)]
    unknown = [] if isinstance(given, Setting) else sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"A setting has no {', '.join(unknown)}. It can have: {', '.join(known)}.")
    setting = given if isinstance(given, Setting) else Setting(**given)
    if setting.optimizer not in OPTIMIZERS:
        raise ValueError(
            f"There is no optimizer {setting.optimizer!r}. Choose one of: {', '.join(OPTIMIZERS)}."
        )
    if setting.dropout is not None and not 0 <= setting.dropout < 1:
        raise ValueError(f"A dropout rate is at least 0 and less than 1, not {setting.dropout}.")
    return setting


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


def make_optimizers(stack: Stack, settings: Sequence[Setting]) -> list[Optimizer]:
    """Return torch's own optimizers, one of each kind needed, with a group of parameters for each run."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for run, setting in enumerate(settings):
        kind = OPTIMIZERS[setting.optimizer]
        group = {"params": [views[run] for views in stack.views], "lr": setting.lr}
        group["weight_decay"] = setting.weight_decay
        if kind is SGD:
            group["momentum"] = setting.momentum if setting.optimizer == "momentum" else 0.0
        groups.setdefault(kind, []).append(group)
    # fused: a step reads a run's weights, gradients and moments once, while they fit in the processor's cache
    return [kind(parts, fused=True) for kind, parts in groups.items()]


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
