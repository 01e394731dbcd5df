"""Right answers of my_pick that are written differently."""

from autograder.model import Variant

NAME = "my_pick"


def _variant(name: str, source: str) -> Variant:
    return Variant(NAME, name, source)


VARIANTS = (
    _variant(
        "statistics_and_a_helper",
        """
import statistics

def pick(table):
    best_value, best_mean = None, -1.0
    for value, runs in table.items():
        if statistics.mean(runs) > best_mean:
            best_value, best_mean = value, statistics.mean(runs)
    spread = statistics.stdev(table[best_value])
    rivals = []
    for value, runs in table.items():
        if value is not best_value and best_mean - statistics.mean(runs) <= spread:
            rivals.append(value)
    return {"value": best_value, "spread": spread, "rivals": rivals}

def my_pick(tables):
    return {name: pick(table) for name, table in tables.items()}
""",
    ),
    _variant(
        "arrays",
        """
def my_pick(tables):
    out = dict()
    for name in tables:
        values = list(tables[name])
        means = np.array([np.mean(tables[name][v]) for v in values])
        top = means.argmax()
        sd = np.array(tables[name][values[top]]).std(ddof=1)
        out[name] = {}
        out[name]["rivals"] = [values[i] for i in np.flatnonzero(means >= means[top] - sd) if i != top]
        out[name]["spread"] = sd
        out[name]["value"] = values[top]
    return out
""",
    ),
    _variant(
        "tensors",
        """
def my_pick(tables):
    picks = {}
    for name, table in tables.items():
        runs = {value: torch.tensor(table[value], dtype=torch.float64) for value in table}
        best = sorted(runs, key=lambda value: -runs[value].mean().item())[0]
        spread = runs[best].std()
        rivals = [v for v in runs if v != best and runs[v].mean() >= runs[best].mean() - spread]
        picks[name] = dict(value=best, spread=spread, rivals=rivals)
    return picks
""",
    ),
    _variant(
        "by_hand",
        """
def my_pick(tables: dict) -> dict:
    picks = {}
    for name, table in sorted(tables.items()):
        mean = {}
        for value in table:
            mean[value] = sum(table[value]) / len(table[value])
        highest = max(mean.values())
        best = [value for value in table if mean[value] == highest][0]
        n = len(table[best])
        squares = sum((accuracy - highest) ** 2 for accuracy in table[best])
        spread = (squares / (n - 1)) ** 0.5
        others = list(table)
        others.remove(best)
        rivals = list(filter(lambda value: mean[value] + spread >= highest, others))
        print(f"{name}: {best} ± {spread:.3f}")
        picks[name] = {"value": best, "spread": spread, "rivals": rivals, "mean": highest}
    return picks
""",
    ),
    _variant(
        "given_mapping_untouched",
        """
import copy
from statistics import fmean, variance

def my_pick(tables):
    tables = copy.deepcopy(tables)
    picks = {name: {"value": max(t, key=lambda v: fmean(t[v]))} for name, t in tables.items()}
    for name, pick in picks.items():
        table, best = tables[name], pick["value"]
        runs = table.pop(best)
        pick["spread"] = math.sqrt(variance(runs))
        pick["rivals"] = [value for value in table if fmean(table[value]) >= fmean(runs) - pick["spread"]]
    return picks
""",
    ),
)  # fmt: skip
