"""Print the tables of week 10: nets that begin with learned weights, finishing touches, and a leak.

The numbers are those of transfer_runs.json, twenty runs each; "± doubt" is the standard error of the mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from course_data import one_thread
from transfer_finishing import best_temperature, judged, train_nets
from transfer_runs import stored
from transfer_training import CAMERA_WAYS

SCRATCH = "from scratch"
SEEN = {  # what a camera shows
    "same": "same camera",
    "shifted": "one pixel aside",
    "inverted": "aside, negative",
    "permuted": "pixels shuffled",
}
STARTS = {  # of a net for the digits 5–9
    "from scratch": "from scratch",
    "fine-tune all": "0 to 4, all layers learn",
    "freeze 1 layer": "0 to 4, first layer frozen",
    "head only": "0 to 4, only the head learns",
    "random features, head only": "random, only the head learns",
    "permuted source, fine-tune all": "nonsense, all layers learn",
}
PARTS = {
    "one net": "one",
    "best of 5, by validation loss": "best",
    "mean of 5 nets": "mean",
    "one net, with temperature": "warm",
}


def gain(runs: np.ndarray, base: np.ndarray) -> tuple[float, float]:
    """Return by how much runs are higher than others with the same seeds, and the doubt about it."""
    pairs = runs - base
    return float(pairs.mean()), float(pairs.std(ddof=1) / math.sqrt(len(pairs)))


def with_doubt(runs: np.ndarray, base: np.ndarray) -> str:
    """Return a gain and its doubt in words."""
    mean, doubt = gain(runs, base)
    return f"{mean:+.3f} ± {doubt:.3f}"


def with_spread(runs: np.ndarray) -> str:
    """Return the mean of runs and the spread of single runs in words."""
    return f"{runs.mean():.3f} ± {runs.std(ddof=1):.3f}"


# ---------------------------------------------------------------- where transfer helps, and where it hurts


def show_cameras(sizes: Sequence[int] = (20, 100, 400)) -> None:
    """Print what is learnt from n rows of each camera: from scratch, and how much more in two other ways."""
    print(f"{'':38}{'more than from scratch':^36}{'after 20 steps:':>22}")
    print(f"{'target':16}{'n':>4}{SCRATCH:>18}{'fine-tune all':>18}{'head only':>18}{'scratch, tuned':>22}")
    for camera, cells in stored("cameras").items():
        for n in sizes:
            runs = {way: cells[n][way]["accuracy"] for way in CAMERA_WAYS}
            base, *others = runs.values()
            early = [cells[n][way]["early"].mean() for way in CAMERA_WAYS[:2]]
            gains = "".join(f"{with_doubt(other, base):>18}" for other in others)
            print(f"{SEEN[camera]:16}{n:4}{with_spread(base):>18}{gains}{early[0]:>16.2f}, {early[1]:.2f}")


def show_digits() -> None:
    """Print what is learnt from n of the digits 5–9, by every way of beginning."""
    ways = list(stored("digits")[10])
    print("test accuracy, mean of 20 runs" + "".join(f"{f'n = {n}':>10}" for n in stored("digits")))
    for way in ways:
        means = "".join(f"{cell[way]['accuracy'].mean():10.3f}" for cell in stored("digits").values())
        print(f"{STARTS[way]:30}{means}")
    print("\nmore than from scratch, ± doubt")
    for way in ("fine-tune all", "permuted source, fine-tune all"):
        for n in (20, 50, 400):
            cell = stored("digits")[n]
            more = with_doubt(cell[way]["accuracy"], cell[SCRATCH]["accuracy"])
            print(f"{STARTS[way]:30} n = {n:3}   {more}")


def show_rates() -> None:
    """Print whether another rate makes fine-tuning on the digits 5–9 better than from scratch."""
    for rate, sizes in stored("rates").items():
        for n, cell in sizes.items():
            base, tuned = (cell[way]["accuracy"] for way in (SCRATCH, "fine-tune all"))
            words = f"{base.mean():.3f}, fine-tuned {tuned.mean():.3f}: {with_doubt(tuned, base)}"
            print(f"rate {rate:<6g} n = {n:<4} from scratch {words}")


# ---------------------------------------------------------------- several nets, and one number


def show_finishing() -> None:
    """Print what several nets or a temperature are worth: test rows, means of 20 groups, ± spread."""
    print(f"{'':50}{'accuracy':>16}{'loss':>16}{'calibration error':>20}")
    for net, table in stored("seeds").items():
        for words, part in PARTS.items():
            accuracy, loss, error = (table[f"{part}_{name}"] for name in ("accuracy", "loss", "error"))
            line = f"{with_spread(accuracy):>16}{with_spread(loss):>16}{error.mean():20.3f}"
            print(f"{net:20}{words:30}{line}")
        print(f"{'':20}temperature {with_spread(table['temperature'])}")


@one_thread()
def show_one_temperature(net: str = "dropout 0.5", seed: int = 0) -> None:
    """Train one net, choose its temperature on validation rows, and print what that does on test rows."""
    found = train_nets(net, [seed])
    temperature = best_temperature(found.validation[0], found.y_validation)
    for words, divisor in (("as it is", 1.0), (f"logits / {temperature:.2f}", temperature)):
        judgement = judged((found.test / divisor).log_softmax(dim=-1), found.y_test)
        values = ", ".join(f"{name} {value[0]:.3f}" for name, value in judgement.items())
        print(f"one net, {net}, {words}: {values}")


# ---------------------------------------------------------------- the leak


def show_leak() -> None:
    """Print what each split promises, and what students get whom nobody has seen: 20 data sets."""
    print(
        f"{'split by':27}{'validation':>16}{'new students':>16}{'promised too much':>20}{'logistic, new':>15}"
    )
    for split, table in stored("leak").items():
        more = with_doubt(table["validation"], table["new"])
        line = f"{with_spread(table['validation']):>16}{with_spread(table['new']):>16}{more:>20}"
        print(f"{split:27}{line}{table['linear_new'].mean():15.3f}")
