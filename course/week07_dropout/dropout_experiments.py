"""Measure what week 7 says about dropout, live: the order of layers, the last layer, modes, averages, cuts.

Data: `digits_noisy()`, 300 training rows of which 60 have a random label, 500 clean validation rows. Net:
64-128-64-10 with dropout after both hidden layers, Adam at rate 0.001, batches of 32, 60 epochs, unless said
otherwise. Every run is decided by its seed. What needs many seeds is stored: see `dropout_runs.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from course_data import one_thread
from dropout_runs import dropout_net, last_layer_net, stored
from torch import Tensor, nn

from utils import compare, digits_noisy, make_loader, seeded, sweep, train_model

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "ReLU": F.relu,
    "LeakyReLU": F.leaky_relu,
    "GELU": F.gelu,
    "SiLU": F.silu,
    "ELU": F.elu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}

NAMES = {"eval": "eval mode, one pass", "1": "one thinned net", "none": "trained without, eval"}
RUNS = [(noise, p) for noise in (0.0, 0.2) for p in (0.0, 0.5)]  # (share of random labels, p)

# ---------------------------------------------------------------- coins


def coin_outcomes(p: float, rows: int = 10_000, seed: int = 0) -> Tensor:
    """Return what dropout makes of so many ones."""
    with seeded(seed):
        return nn.Dropout(p)(torch.ones(rows))


def show_coins(rates: Sequence[float] = (0.25, 0.5, 0.9)) -> None:
    """Print which values 10,000 ones have after dropout, their mean and their standard deviation."""
    for p in rates:
        values = coin_outcomes(p)
        found = " and ".join(f"{value:.4f}" for value in sorted(set(values.tolist())))
        zeros = (values == 0).double().mean().item()
        moments = f"mean {values.mean():.3f}   sd {values.std():.3f}"
        print(f"p = {p:<4}  values {found:19}  zeros {zeros:.3f}   {moments}")


# ---------------------------------------------------------------- before or after the activation


def order_gap(activation: Callable[[Tensor], Tensor], seeds: Sequence[int] = range(5)) -> float:
    """Return how far dropping first and activating first part, at most, for x from −3 to 3 and one mask.

    It is the mean over several masks, each with p = 0.5.
    """
    x, gaps = torch.linspace(-3, 3, 1001), []
    for seed in seeds:
        mask = 2 * torch.bernoulli(torch.full_like(x, 0.5), generator=torch.Generator().manual_seed(seed))
        gaps.append((activation(mask * x) - mask * activation(x)).abs().max().item())
    return float(np.mean(gaps))


def show_orders() -> None:
    """Print for seven activations what a dropped unit sends on, and how far the two orders part."""
    print(f"{'':11}{'drop, then activate:':>24}{'largest difference':>21}")
    print(f"{'':11}{'a dropped unit sends':>24}{'of the two orders':>21}")
    for name, activation in ACTIVATIONS.items():
        print(f"{name:11}{activation(torch.zeros(1)).item():24.1f}{order_gap(activation):21.2f}")


# ---------------------------------------------------------------- nets


@lru_cache(maxsize=8)
@torch.enable_grad()
@one_thread()
def trained_net(p: float, seed: int = 0, epochs: int = 60, noise: float = 0.2) -> nn.Module:
    """Return a trained net of this week, in eval mode. It is kept: do not change it."""
    train, validation, _ = digits_noisy(noise)
    with seeded(seed):
        net = dropout_net(p)
    loaders = make_loader(train, 32, shuffle=True), make_loader(validation, 500)
    train_model(net, *loaders, nn.CrossEntropyLoss(), num_epochs=epochs, seed=seed, verbose=False)
    return net


@one_thread()
def last_layer_runs(
    rates: Sequence[float] = (0.0, 0.5), seeds: Sequence[int] = range(2)
) -> dict[float, dict[str, np.ndarray]]:
    """Train nets whose only dropout comes after the last layer; return {p: {name: (seeds,)}}, last epoch."""
    settings = [{"lr": 1e-3, "dropout": p} for p in rates]
    histories = sweep(lambda: last_layer_net(0.5), digits_noisy()[:2], settings, 60, seeds)
    return {p: last_values(runs) for p, runs in zip(rates, histories, strict=True)}


def last_values(runs: Sequence[Mapping[str, Sequence[float]]]) -> dict[str, np.ndarray]:
    """Return the last value of each list of several histories, {name: (runs,)}."""
    return {name: np.array([run[name][-1] for run in runs]) for name in runs[0]}


def show_last_layer() -> None:
    """Print what dropout after the last layer does: two seeds live, then the means of twenty stored ones."""
    tables = {"live, 2 seeds": last_layer_runs(), "stored, 20 seeds": stored("last layer")}
    for name, runs in tables.items():
        print(f"{name:19}{'training: loss':>16}{'accuracy':>10}{'validation: loss':>19}{'accuracy':>10}")
        for p, values in runs.items():
            names = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
            cells = [float(np.mean(values[part])) for part in names]
            print(f"  p = {p:<13}{cells[0]:16.3f}{cells[1]:10.3f}{cells[2]:19.3f}{cells[3]:10.3f}")


def told_run(noise: float, p: float) -> str:
    """Return in two words how the nets of a setting were trained."""
    return f"{'noisy' if noise else 'clean'}, {p:g}"


def stored_ends(noise: float, p: float) -> dict[str, np.ndarray]:
    """Return what 20 stored nets say after 60 epochs with so many random labels."""
    return stored("ends" if noise else "clean ends")[p]


def show_modes() -> None:
    """Print losses of training rows in both modes beside those of validation rows: 20 seeds, epoch 60."""
    titles = ("training loss: history", "eval mode", "validation loss", "validation accuracy")
    print(f"{'labels, p':12}" + "".join(f"{title:>{len(title) + 3}}" for title in titles))
    names = ("train_loss", "train_loss_eval", "val_loss", "val_accuracy")
    for noise, p in ((0.0, 0.0), (0.0, 0.1), (0.0, 0.3), (0.0, 0.5), (0.2, 0.0), (0.2, 0.5)):
        runs = stored_ends(noise, p)
        cells = [
            f"{runs[name].mean():{len(title) + 3}.3f}" for name, title in zip(names, titles, strict=True)
        ]
        print(f"{told_run(noise, p):12}" + "".join(cells))
    for p, name, words in ((0.5, "val_accuracy", "accuracy"), (0.1, "val_loss", "loss")):
        both = (stored_ends(0.0, each)[name] for each in (0.0, p))
        print(f"Clean labels, validation {words}, A is p = 0, B is p = {p:g}: {compare(*both)}")


# ---------------------------------------------------------------- thinned nets


@lru_cache(maxsize=1)
def validation_rows() -> tuple[Tensor, Tensor]:
    """Return the inputs and labels of the 500 validation rows."""
    x, y = digits_noisy()[1].tensors
    return x, y


@one_thread()
@torch.no_grad()
def thinned_probabilities(net: nn.Module, passes: int, seed: int = 0) -> Tensor:
    """Return what so many thinned nets think of the validation rows, (passes, rows, classes)."""
    x = validation_rows()[0]
    net.train()  # dropout on: every pass throws new coins
    with seeded(seed):
        found = torch.stack([net(x).softmax(dim=1) for _ in range(passes)])
    net.eval()
    return found


def accuracy(probabilities: Tensor) -> float:
    """Return the share of validation rows that are right, from (rows, classes)."""
    right = probabilities.argmax(dim=1) == validation_rows()[1]
    return right.double().mean().item()


def show_thinned(p: float = 0.5, passes: int = 50) -> None:
    """Print how one net does, whole, thinned, and averaged; then the means of 20 stored nets."""
    net = trained_net(p)
    whole = accuracy(net(validation_rows()[0]).detach())
    thinned = thinned_probabilities(net, passes)
    single = [accuracy(one) for one in thinned]
    averaged = accuracy(thinned.mean(dim=0))
    print(f"live, one net: {whole:.3f} in eval mode, {averaged:.3f} averaged over {passes} thinned nets,")
    print(f"which alone have {min(single):.3f} to {max(single):.3f}")
    for labels, table in (("noisy", "averages"), ("clean", "clean averages")):
        print(f"{f'{labels} labels, 20 nets':24}{'accuracy':>10}{'how sure':>10}{'calibration error':>19}")
        for name, runs in stored(table).items():
            means = [float(runs[part].mean()) for part in ("accuracy", "sure", "calibration")]
            print(f"{NAMES.get(name, f'mean of {name}'):24}{means[0]:10.3f}{means[1]:10.3f}{means[2]:19.3f}")


def show_cuts() -> None:
    """Print what cutting half of the first layer does, and how many wrong labels were learned; 20 nets."""
    print("labels, p    whole   half cut away   learned: wrong labels   right labels")
    for noise, p in RUNS:
        cut = stored("cut" if noise else "clean cut")
        whole, half = (cut[p, share]["val_accuracy"].mean() for share in (0.0, 0.5))
        learned = {kind: f"{share.mean():.2f}" for kind, share in stored("wrong labels")[p].items()}
        if not noise:
            right = stored_ends(noise, p)["train_accuracy_eval"].mean()
            learned = {"wrong": "there are none", "right": f"{right:.2f}"}
        cells = f"{learned['wrong']:>24}{learned['right']:>15}"
        print(f"{told_run(noise, p):10}{whole:8.3f}{half:16.3f}{cells}")


@torch.no_grad()
def cut_accuracy(p: float, share: float, draws: int = 20, seed: int = 0) -> float:
    """Return the validation accuracy of a net that has lost a share of its first hidden layer's units.

    It is the mean over several random choices. What is left is not scaled.
    """
    x, layers = validation_rows()[0], list(next(trained_net(p, seed).children()).children())
    hidden = F.relu(layers[0](x))
    generator, found = torch.Generator().manual_seed(seed), []
    for _ in range(draws):
        kept = torch.randperm(hidden.shape[1], generator=generator) >= round(share * hidden.shape[1])
        found.append(accuracy(nn.Sequential(*layers[2:])(hidden * kept)))
    return float(np.mean(found))
