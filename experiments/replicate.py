"""Repeat the published weight-decay experiment to the letter: one seed for all, one net after the other.

torch.manual_seed(12345) is called once; then random_split draws 1000 and 500 of the 60000 rows; then each net
is built and trained before the next one is built. Pixels are 0…1. The values of an epoch are means of batch
means, so that the 20 rows of the last validation batch count as much as 32 others: this is how the published
values were computed, and not how the course computes them.

`python -m experiments.replicate --help`: the same in a process of its own, whose rounding can be chosen.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import torch
from course_data import fashion_mnist, make_loader
from torch import Tensor, nn
from torch.optim import Adam
from torch.utils.data import TensorDataset
from tqdm.auto import tqdm

from experiments.published import BATCH_SIZE, DECAYS, RATE, TRAIN, VALIDATION, WEIGHT
from utils import build_net, first_weight

SEED = 12345
ROWS = 60000  # of the training file
WITHOUT_AVX = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE"}  # as older processors
PATIENT = {"OMP_WAIT_POLICY": "PASSIVE"}  # threads that wait let others work, where cores are few
ROUNDINGS: dict[str, tuple[dict[str, str], list[str]]] = {
    "one thread": ({}, []),
    "two threads": (PATIENT, ["--threads", "2"]),
    "fused Adam": ({}, ["--fused"]),
    "no AVX": (WITHOUT_AVX, []),
}


@dataclass(frozen=True)
class Replicated:
    """Hold the values of the last epoch of one net."""

    decay: float
    values: dict[str, float]


def replicate(
    train: TensorDataset,
    validation: TensorDataset,
    epochs: int,
    progress: bool = True,
    fused: bool | None = None,
) -> Iterator[Replicated]:
    """Give the results for each λ in turn, on the sets that `fashion_mnist(seed=SEED)` returns.

    Those are the ones that random_split draws after torch.manual_seed(SEED). Changes torch's random numbers,
    since the protocol draws all of them from the one global generator.
    """
    torch.manual_seed(SEED)
    torch.randperm(ROWS)  # the numbers that the split took
    for decay in DECAYS:
        net = build_net((train.tensors[0].shape[1], 128, 64, 10))
        optimizer = Adam(net.parameters(), lr=RATE, weight_decay=decay, fused=fused)
        values: dict[str, float] = {}
        for _ in tqdm(range(epochs), unit="epoch", desc=f"λ = {decay:g}", disable=not progress):
            values = one_epoch(net, optimizer, train, validation)
        yield Replicated(decay, values)


def one_epoch(
    net: nn.Module, optimizer: Adam, train: TensorDataset, validation: TensorDataset
) -> dict[str, float]:
    """Train for an epoch and return its values, accuracies as means of batch means."""
    batches = []
    for inputs, targets in make_loader(train, BATCH_SIZE, shuffle=True):
        optimizer.zero_grad()
        outputs = net(inputs)
        nn.functional.cross_entropy(outputs, targets).backward()
        optimizer.step()
        batches.append(accuracy(outputs, targets))
    with torch.no_grad():
        validated = [
            accuracy(net(inputs), targets) for inputs, targets in make_loader(validation, BATCH_SIZE)
        ]
    weight = first_weight(net).abs().mean().item()
    return {TRAIN: statistics.fmean(batches), VALIDATION: statistics.fmean(validated), WEIGHT: weight}


def accuracy(outputs: Tensor, targets: Tensor) -> float:
    """Return the share of a batch that is classified rightly."""
    return (outputs.argmax(dim=1) == targets).double().mean().item()


def with_other_rounding(
    epochs: int, roundings: Sequence[str] = tuple(ROUNDINGS)
) -> dict[str, list[Replicated]]:
    """Return the results by the way of rounding: each is computed in a process of its own, on real data."""
    found = {}
    for name in roundings:
        environment, arguments = ROUNDINGS[name]
        command = [sys.executable, "-m", "experiments.replicate", "--epochs", str(epochs), *arguments]
        print(f"Replicating: {name} …", file=sys.stderr)
        ended = subprocess.run(
            command,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found[name] = [Replicated(**result) for result in json.loads(ended.stdout.splitlines()[-1])]
    return found


def main(given: Sequence[str] | None = None) -> None:
    """Print the results as JSON in one line."""
    parser = argparse.ArgumentParser(description="Replicate the published run; print its values as JSON.")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1, help="of the processor (1)")
    parser.add_argument("--fused", action="store_true", help="use the fused form of Adam")
    chosen = parser.parse_args(given)
    torch.set_num_threads(chosen.threads)
    train, validation, _ = fashion_mnist(seed=SEED)
    results = replicate(train, validation, chosen.epochs, fused=chosen.fused or None)
    print(json.dumps([asdict(result) for result in results]))


if __name__ == "__main__":
    main()
