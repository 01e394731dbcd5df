"""Train all that week 10 compares, and keep what came out in a file.

`python transfer_runs.py` trains all tables (about ten minutes of one processor core) and writes
`transfer_runs.json`; `python transfer_runs.py leak seeds` renews some. The lesson only reads the file, with
`stored("cameras")`. How the nets are trained stands in transfer_training.py (digits, source and target),
transfer_finishing.py (several nets, temperature) and transfer_leak.py (study sessions).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from transfer_data import CAMERAS
from transfer_finishing import NETS, finish
from transfer_leak import SPLITS, run_split
from transfer_training import CAMERA_WAYS, SOURCE_STEPS, camera_runs, digit_runs, train_source

STORED = Path(__file__).with_name("transfer_runs.json")
SEEDS = range(20)
CAMERA_SIZES, DIGIT_SIZES = (20, 50, 100, 200, 400), (10, 20, 50, 100, 200, 400)
RATES, RATE_SIZES, RATE_WAYS = (1e-3, 3e-3, 1e-2), (20, 50, 400), ("from scratch", "fine-tune all")

Table = dict[Any, Any]  # a table of tables, in the last of which stand numbers by their names

# ---------------------------------------------------------------- what is stored


@lru_cache
def stored(table: str) -> Table:
    """Return a table of tables; in the last of them stand numbers by their names, (20 seeds,) each.

    "source", by task ("cameras", "low digits", "permuted"): accuracy on its own test rows.
    "cameras", by camera, n and way: test accuracy after 150 steps ("accuracy") and after 20 ("early").
    "same seed", by n and way: the same camera again, but the new head begins with the very numbers with which
    the source's own head began. "digits", by n and way: the same on the digits 5–9, after 200 steps at 1e-3
    and after 20. "rates", by rate, n and way: the same.
    "seeds", by net (see NETS): 20 groups of five nets and the temperature, see `finish`.
    "leak", by split (see SPLITS): 20 data sets of study sessions, see `run_split`.
    """
    if table not in TABLES:
        raise KeyError(f"There is no table {table!r}. There are: {', '.join(TABLES)}.")
    found: Table = _with_arrays(_file()[table])
    return found


@lru_cache
def _file() -> dict[str, Any]:
    return dict(json.loads(STORED.read_text("utf-8")))


def _with_arrays(content: Any) -> Any:
    """Return nested tables with numbers as keys where their text is one, and arrays at the end."""
    if isinstance(content, dict):
        return {_key(key): _with_arrays(value) for key, value in content.items()}
    return np.array(content)


def _key(text: str) -> Any:
    return json.loads(text) if text[0].isdigit() else text


def write_runs(path: Path = STORED, names: Sequence[str] = ()) -> None:
    """Train the named tables, or all, and write them; others stay as they are in the file."""
    content = json.loads(path.read_text("utf-8")) if names and path.exists() else {}
    for name in names or TABLES:
        started = time.perf_counter()
        content[name] = as_lists(TABLES[name]())
        print(f"{name}: {time.perf_counter() - started:.0f} s", flush=True)
        write(path, content)


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write tables as JSON, a line for each setting of a table."""
    parts = []
    for table in (each for each in TABLES if each in content):
        rows = (f"{json.dumps(key)}: {_compact(value)}" for key, value in content[table].items())
        parts.append(f"{json.dumps(table)}: {{\n" + ",\n".join(rows) + "\n}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def _compact(numbers: Mapping[str, Any]) -> str:
    return json.dumps(numbers, separators=(",", ":"))


def as_lists(table: Any) -> Any:
    """Return nested tables as the file holds them: keys as text, numbers with four digits."""
    if isinstance(table, dict):
        return {key if isinstance(key, str) else json.dumps(key): as_lists(value)
                for key, value in table.items()}  # fmt: skip
    return [
        value if isinstance(value, int) else float(f"{value:.4g}") for value in np.asarray(table).tolist()
    ]


# ---------------------------------------------------------------- the tables


def source() -> Table:
    """Return how good each source is at its own task."""
    return {task: {"accuracy": train_source(task, tuple(SEEDS))[1]} for task in SOURCE_STEPS}


def cameras() -> Table:
    """Return what is learnt from n rows of each camera, in three ways."""
    return {camera: {n: camera_cell(camera, n, SEEDS) for n in CAMERA_SIZES} for camera in CAMERAS}


def camera_cell(camera: str, n: int, seeds: Sequence[int], **more: Any) -> Table:
    """Return by way the accuracy on a camera after the first steps and after all, (seeds,) each."""
    found = camera_runs(camera, n, CAMERA_WAYS, seeds, **more)
    return {way: {"accuracy": values[:, 1], "early": values[:, 0]} for way, values in found.items()}


def digit_cell(n: int, seeds: Sequence[int], **more: Any) -> Table:
    """Return by way the accuracy on the digits 5–9 after the first steps and after all, (seeds,) each."""
    found = digit_runs(n, seeds=seeds, **more)
    return {way: {"accuracy": values[:, 1], "early": values[:, 0]} for way, values in found.items()}


def rates() -> Table:
    """Return the accuracy on the digits 5–9 with other rates."""
    return {rate: {n: digit_cell(n, SEEDS, ways=RATE_WAYS, rate=rate) for n in RATE_SIZES} for rate in RATES}


TABLES: dict[str, Callable[[], Table]] = {
    "source": source,
    "cameras": cameras,
    "same seed": lambda: {n: camera_cell("same", n, SEEDS, added=0) for n in (20, 100)},
    "digits": lambda: {n: digit_cell(n, SEEDS) for n in DIGIT_SIZES},
    "rates": rates,
    "seeds": lambda: {net: finish(net, len(SEEDS)) for net in NETS},
    "leak": lambda: {split: run_split(split, SEEDS) for split in SPLITS},
}

if __name__ == "__main__":
    write_runs(names=sys.argv[1:])
