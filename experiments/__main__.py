"""Run the experiments and write their tables and pictures: `python -m experiments --help`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.pages import write_replication, write_results
from experiments.published import EPOCHS

HERE = Path(__file__).parent


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Return the checked arguments of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments",
        description="Repeat the experiments of weeks 6 to 8 with several seeds, beside published values. "
        "Fashion-MNIST is read from $COURSE_DATA or downloaded; without it, digits_noisy serves.",
        epilog="Example: COURSE_DATA=~/fashion-mnist python -m experiments --seeds 5",
    )
    parser.add_argument(
        "--replicate",
        action="store_true",
        help="repeat the published weight-decay run instead, in several ways of rounding",
    )
    parser.add_argument("--epochs", type=positive, default=EPOCHS, help=f"epochs of each run ({EPOCHS})")
    parser.add_argument("--seeds", type=positive, default=5, help="number of seeds, at least 2 (5)")
    parser.add_argument(
        "--folder", type=Path, default=HERE, help="where tables and pictures go (experiments/)"
    )
    chosen = parser.parse_args(given)
    if chosen.seeds < 2:
        parser.error("a spread needs at least two seeds: --seeds 2")
    return chosen


def positive(text: str) -> int:
    """Return a whole number of at least 1. Raises ValueError, which argparse turns into a message."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def main(given: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; return the exit status."""
    chosen = arguments(given)
    os.makedirs(chosen.folder, exist_ok=True)
    if chosen.replicate:
        path = write_replication(chosen.folder, chosen.epochs)
    else:
        path = write_results(chosen.folder, chosen.epochs, range(chosen.seeds))
    print(
        f"Written: {path}"
        if path
        else "No Fashion-MNIST here, so there is nothing to replicate: name a folder "
        "with its four files in COURSE_DATA."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
