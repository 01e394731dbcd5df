"""Make what week 9 stores: the pool, the copies, and the tables of its searches.

`python tuning_runs.py` makes all of it (about ten minutes of one processor core); `python tuning_runs.py pool
pruners` renews some. The pool and the copies go to `tuning_pool.npz` (`pool()`, `copies()`), the tables to
`tuning_runs.json` (`stored("pruners")`). How each is made is told in the files tuning_runs_*.py.
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
import tuning_runs_grid as grid
from tuning_runs_curse import NUMBERS, ROWS, curse
from tuning_runs_designs import compare_designs
from tuning_runs_importances import all_importances
from tuning_runs_pool import Trained, copies, pool, write_pool
from tuning_runs_pruners import PRUNERS, judge_pruner
from tuning_runs_race import TPE_STUDIES, run_tpe
from tuning_runs_tpe import run_studies

__all__ = ["Trained", "copies", "pool", "stored"]

STORED = Path(__file__).with_name("tuning_runs.json")
Table = dict[Any, dict[Any, np.ndarray]]  # of each setting, by its key: numbers by their names


@lru_cache
def stored(table: str) -> Table:
    """Return a table: {key: {name: numbers}}. The first dimension of numbers is the run or the study.

    "designs": by (kind, points), what `compare_designs` says, (400,). "curse": by (source, rows, number), of
    what `curse` says mean, spread and doubt of the mean, (3,). "pruners": by pruner, what `judge_pruner`
    says, (20,). "studies": by sampler, what its studies on the stand-in tried, (20 seeds, 60 trials).
    "importances": by ("pool" or "noise", evaluator), of each parameter, (10,) or (20,). "race": the pool's
    setting that TPE studies pick after each trial, {"TPE": {"picks": (40, 50)}}.
    "grid": by (lr, weight_decay, dropout), val_accuracy and test_accuracy of Adam after 30 epochs, (5 seeds).
    "checked": the same with 20 fresh seeds, for some settings and those that `picks_of` the grid names.
    "picks": the same after 60 epochs, for what weeks 6 to 8 pick. "one at a time": by name, the validation
    accuracies by value, (20 seeds), of weeks 6 to 8: 60 epochs of Adam.
    """
    if table not in TABLES:
        raise KeyError(f"There is no table {table!r}. There are: {', '.join(TABLES)}.")
    return {
        _key(key): {_key(name): np.array(values) for name, values in numbers.items()}
        for key, numbers in _file()[table].items()
    }


@lru_cache
def _file() -> dict[str, Any]:
    return dict(json.loads(STORED.read_text("utf-8")))


def _key(text: str) -> Any:
    """Return the key of a setting or the name of numbers: a word, a number, or a tuple of them."""
    key = json.loads(text) if text[:1] in '["0123456789' else text
    return tuple(key) if isinstance(key, list) else key


def _text(key: Any) -> str:
    return key if isinstance(key, str) else json.dumps(list(key) if isinstance(key, tuple) else key)


# ---------------------------------------------------------------- the tables


def curse_table() -> Table:
    """Return mean, spread and doubt of what winners show and are worth, by (source, rows, number)."""
    return {
        (source, rows, number): {
            name: np.array([values.mean(), values.std(ddof=1), values.std(ddof=1) / len(values) ** 0.5])
            for name, values in curse(source, number, rows).items()
        }
        for source in ("copies", "pool")
        for rows in ROWS
        for number in NUMBERS
    }


def checked() -> Table:
    """Return settings with fresh seeds, among them those that the stored grid picks."""
    cells = dict.fromkeys((*grid.CHECKED, *grid.picks_of(stored("grid")).values()))
    return dict(grid.in_groups(list(cells), grid.FRESH))


def one_at_a_time() -> Table:
    """Return the validation accuracies of weeks 6 to 8, by what was swept and by its value."""
    cells = grid.swept_cells()
    trained = grid.in_groups(sorted(set(cells.values())), grid.MANY, grid.LONG)
    found: Table = {name: {} for name in grid.SWEPT}
    for (name, value), cell in cells.items():
        found[name][value] = trained[cell]["val_accuracy"]
    return found


TABLES: dict[str, Callable[[], Table]] = {
    "designs": lambda: dict(compare_designs()),
    "curse": curse_table,
    "pruners": lambda: {name: judge_pruner(name) for name in PRUNERS},
    "studies": lambda: dict(run_studies()),
    "importances": lambda: dict(all_importances()),
    "race": lambda: {"TPE": {"picks": np.array([run_tpe(seed) for seed in TPE_STUDIES])}},
    "grid": lambda: dict(grid.in_groups(grid.CELLS, grid.FEW)),
    "checked": checked,
    "picks": lambda: dict(grid.in_groups(grid.PICKED, grid.FRESH, grid.LONG)),
    "one at a time": one_at_a_time,
}

# ---------------------------------------------------------------- the file


def write_runs(path: Path = STORED, names: Sequence[str] = ()) -> None:
    """Make the named tables, or all, and write them; others stay as they are in the file."""
    content = json.loads(path.read_text("utf-8")) if names and path.exists() else {}
    for name in names or TABLES:
        started = time.perf_counter()
        content[name] = as_lists(TABLES[name]())
        print(f"{name}: {len(content[name])} rows, {time.perf_counter() - started:.0f} s", flush=True)
        write_content(path, content)


def write_content(path: Path, content: Mapping[str, Any]) -> None:
    """Write tables, a line for each key."""
    parts = []
    for table in (each for each in TABLES if each in content):
        rows = (f"{json.dumps(key)}: {_compact(numbers)}" for key, numbers in content[table].items())
        parts.append(f"{json.dumps(table)}: {{\n" + ",\n".join(rows) + "\n}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")


def as_lists(table: Table) -> dict[str, dict[str, Any]]:
    """Return a table as the file holds it: keys as text, numbers with four digits."""
    return {
        _text(key): {_text(name): _rounded(np.asarray(values).tolist()) for name, values in numbers.items()}
        for key, numbers in table.items()
    }


def _compact(numbers: Any) -> str:
    return json.dumps(numbers, separators=(",", ":"))


def _rounded(values: Any) -> Any:
    """Return nested lists of numbers with four digits; whole numbers stay as they are."""
    if isinstance(values, list):
        return [_rounded(value) for value in values]
    return values if isinstance(values, int) else float(f"{values:.4g}")


if __name__ == "__main__":
    names = sys.argv[1:]
    if not names or "pool" in names:
        write_pool()
    tables = [name for name in names if name != "pool"]
    if tables or not names:
        write_runs(names=tables)
