"""Measure the best strengths of week 6 on the test rows, which chose nothing, and keep what comes out.

`python decay_test_rows.py` trains 80 nets (half a minute) and writes `decay_test_rows.json`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from course_data import one_thread

from utils import build_net, digits_noisy, sweep

STORED = Path(__file__).with_name("decay_test_rows.json")
SETTINGS: dict[str, dict[str, Any]] = {
    "no decay": {"weight_decay": 0.0},
    "Adam 0.01": {"weight_decay": 0.01},
    "AdamW 1": {"weight_decay": 1.0, "optimizer": "adamw"},
    "no decay, rate 0.0003": {"lr": 3e-4, "weight_decay": 0.0},
}
SEEDS, EPOCHS, DIMS = range(20), 60, (64, 128, 64, 10)


def on_test_rows() -> dict[str, np.ndarray]:
    """Return the last accuracy on the 997 test rows by setting, of the seeds 0 to 19."""
    stored = json.loads(STORED.read_text("utf-8"))
    return {setting: np.array(values) for setting, values in stored.items()}


@one_thread()
def train(seeds: Sequence[int]) -> np.ndarray:
    """Train all settings and return their last accuracies on the test rows, (settings, seeds)."""
    train_rows, _, test_rows = digits_noisy()
    settings = list(SETTINGS.values())
    histories = sweep(lambda: build_net(DIMS), (train_rows, test_rows), settings, EPOCHS, seeds)
    return np.array([[run["val_accuracy"][-1] for run in runs] for runs in histories])


def write_test_rows() -> None:
    """Train all runs anew and store them, a line for each setting."""
    found = zip(SETTINGS, np.round(train(SEEDS), 4).tolist(), strict=True)
    lines = [f"{json.dumps(setting)}: {json.dumps(values)}" for setting, values in found]
    STORED.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    write_test_rows()
