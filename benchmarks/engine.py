"""Measure the engine beside the usual ways to train: seconds per epoch and run, and the accuracy reached."""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
import training
from measuring import ROOT, Measured, Table, measure_call, named, peer_python, times

RUNS = len(training.SETTINGS)
BAND = 2  # standard deviations
PLAIN = (
    "(a) is written as training loops in public teaching material are. Its data set gives pictures one by"
    " one: each time, an array becomes an image, the image a tensor of 0…1, and that is normalised. A "
    "DataLoader in the same process shuffles them and stacks 32 to a batch. For every batch of training "
    "and validation, a hook on each of the five layers takes mean, mean size and standard deviation of "
    "its outputs and reads these numbers out; the mean size of the first layer's gradients is read out, "
    "too. Adam is torch's with its default settings, which is not fused: a plain Adam. So it is in (b) and "
    "(c); `sweep` makes fused ones, and no function of the engine changes an optimizer that it is given. "
    "Loss and accuracy are computed in validation alone, batch by batch. So (a) measures about what `fit` "
    "records; (b), (c) and `train_model` record losses and accuracies only."
)


@dataclass(frozen=True)
class Way:
    """Hold a way to train: its name in the table, and how many nets it trains at once."""

    name: str
    make: Callable[[], training.Train]
    runs: int = 1


def ways(data: training.Pictures) -> list[Way]:
    """Return all ways to train, the one that the others are compared with first."""
    return [
        Way("(a) plain loop: DataLoader, transform per picture, hooks", partial(training.plain_loop, data)),
        Way(f"(b) {named('pytorch-lightning')}", partial(training.lightning, data)),
        Way(f"(c) {named('skorch')}", partial(training.skorch, data)),
        Way("`train_model` with its own Adam, fused", partial(training.with_train_model, data)),
        Way("`train_model`, given a plain Adam", partial(training.with_train_model, data, False)),
        Way("`fit`, which records much more, given a fused Adam", partial(training.with_fit, data, True)),
        Way("`fit`, given a plain Adam", partial(training.with_fit, data)),
        Way(f"`sweep` of {RUNS} settings", partial(training.with_sweep, data), RUNS),
        Way(
            f"(d) bare matrix products of {RUNS} nets at once", partial(training.matrix_products, RUNS), RUNS
        ),
        Way("(d) bare matrix products of one net", partial(training.matrix_products, 1)),
    ]


def measure(epochs: int, rounds: int) -> Table:
    """Train in all ways in turn, `rounds` times with a seed each, and keep the fastest round of each."""
    torch.set_num_threads(1)
    data = training.pictures()
    runners: dict[Way, training.Train | None] = {way: usable(way) for way in ways(data)}
    results: dict[Way, list[tuple[Measured, float]]] = {way: [] for way in runners}
    for seed in range(
        -1, rounds
    ):  # the first round, which pays for what is used for the first time, counts not
        for way, run in runners.items():
            if run is not None:
                result = measure_call(partial(run, max(seed, 0), epochs if seed >= 0 else 1))
                results[way] += [result] if seed >= 0 else []
    first = results[next(iter(results))]
    rows = [line(way, results[way], first, epochs) for way in results]
    note = (
        f"{data.name}, {training.ROWS[0]} training and {training.ROWS[1]} validation pictures, a net of "
        f"{'-'.join(map(str, training.DIMS))}, Adam, batches of {training.BATCH}, {epochs} epochs, one "
        f"thread. Times: the fastest of {rounds} rounds, per epoch and net. Accuracies: mean ± standard "
        f"deviation over {rounds} seeds; in band: the mean is within {BAND} standard deviations of (a)'s. "
        "(d) is a floor that no way to train can beat: the products of weights with inputs and gradients. "
        f"{PLAIN}"
    )
    head = ("way", "CPU ms", "wall ms", "CPU, times less than (a)", "validation accuracy", "in band")
    return Table("Training", note, head, rows)


def usable(way: Way) -> training.Train | None:
    """Return what trains in this way, or None if its library is not installed."""
    try:
        return way.make()
    except ImportError:
        return None


def line(
    way: Way, results: list[tuple[Measured, float]], first: list[tuple[Measured, float]], epochs: int
) -> list[str]:
    """Return a row of the table."""
    if not results:
        return [f"{way.name}: could not be installed", *["–"] * 5]
    cpu, wall = (
        1000 * min(getattr(taken, name) for taken, _ in results) / epochs / way.runs
        for name in ("cpu", "wall")
    )
    reference = 1000 * min(taken.cpu for taken, _ in first) / epochs
    accuracies = [accuracy for _, accuracy in results]
    numbers = [f"{cpu:.1f}", f"{wall:.1f}", times(reference, cpu)]
    if math.isnan(accuracies[0]):
        return [way.name, *numbers, "–", "–"]
    mean, spread = statistics.mean(accuracies), statistics.stdev(accuracies)
    usual = [accuracy for _, accuracy in first]
    inside = abs(mean - statistics.mean(usual)) <= BAND * statistics.stdev(usual)
    return [way.name, *numbers, f"{mean:.3f} ± {spread:.3f}", "yes" if inside else "no"]


def table(epochs: int, rounds: int) -> Table:
    """Return the table, measured in one process that has the other libraries at hand, too."""
    python = peer_python("training", ("pytorch-lightning", "skorch")) or sys.executable
    command = [python, __file__, "--epochs", str(epochs), "--rounds", str(rounds)]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Table(**json.loads(ended.stdout.splitlines()[-1]))


def main() -> None:
    """Print the table as JSON in one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(json.dumps(vars(measure(options.epochs, options.rounds))))


if __name__ == "__main__":
    main()
