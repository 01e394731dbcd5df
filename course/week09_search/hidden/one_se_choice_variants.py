"""Right answers of one_se_choice that are written differently."""

from autograder.model import Variant

NAME = "one_se_choice"


def _variant(name: str, source: str) -> Variant:
    return Variant(NAME, name, source)


VARIANTS = (
    _variant(
        "statistics",
        """
import statistics

def standard_error(losses):
    return statistics.stdev(losses) / math.sqrt(len(losses))

def one_se_choice(results):
    best = min(results, key=lambda config: statistics.mean(config["losses"]))
    limit = statistics.mean(best["losses"]) + standard_error(best["losses"])
    good = [config for config in results if statistics.mean(config["losses"]) <= limit]
    return sorted(good, key=lambda config: (config["size"], statistics.mean(config["losses"])))[0]["name"]
""",
    ),
    _variant(
        "one_loop_by_hand",
        """
def one_se_choice(results):
    lowest = None
    for config in results:
        mean = sum(config["losses"]) / len(config["losses"])
        if lowest is None or mean < lowest:
            lowest, losses = mean, config["losses"]
    squares = sum((loss - lowest) ** 2 for loss in losses)
    se = (squares / (len(losses) - 1)) ** 0.5 / len(losses) ** 0.5
    answer, size, its_mean = None, math.inf, math.inf
    for config in results:
        mean = sum(config["losses"]) / len(config["losses"])
        if mean > lowest + se:
            continue
        if config["size"] < size or (config["size"] == size and mean < its_mean):
            answer, size, its_mean = config["name"], config["size"], mean
    print("limit", lowest + se)
    return answer
""",
    ),
    _variant(
        "arrays_and_lexsort",
        """
def one_se_choice(results: list[dict]) -> str:
    names, sizes = np.array([r["name"] for r in results]), [r["size"] for r in results]
    mean = np.array([np.array(r["losses"]).mean() for r in results])
    best = np.where(mean == mean.min())[0][0]
    runs = np.asarray(results[best]["losses"])
    limit = mean[best] + runs.std(ddof=1) * runs.size ** -0.5
    order = np.lexsort((mean, sizes))
    return [names[i] for i in order if mean[i] <= limit][0]
""",
    ),
    _variant(
        "tensors",
        """
def one_se_choice(results):
    losses = [torch.tensor(r["losses"], dtype=torch.float64) for r in results]
    means = torch.stack([loss.mean() for loss in losses])
    best = int(means.argmin())
    limit = means[best] + losses[best].std() / len(losses[best]) ** 0.5
    keys = [(r["size"], float(m), i) for i, (r, m) in enumerate(zip(results, means)) if m <= limit]
    return results[sorted(keys)[0][-1]]["name"]
""",
    ),
    _variant(
        "a_sorted_copy",
        """
from scipy import stats

def one_se_choice(results):
    results = [dict(result, mean=float(np.mean(result["losses"]))) for result in results]
    best = results[0]
    for result in results[1:]:
        if result["mean"] < best["mean"]:
            best = result
    results.sort(key=lambda result: result["mean"])
    results.sort(key=lambda result: result["size"])
    while results[0]["mean"] > best["mean"] + stats.sem(best["losses"]):
        results.pop(0)
    return results[0]["name"]
""",
    ),
)
