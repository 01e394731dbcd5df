"""Right answers to smooth that are written differently."""

from autograder.model import Variant

CHECKED = """
def smooth(values, beta):
    if beta < 0 or beta >= 1:
        raise ValueError(f"beta = {beta}")
"""


def variant(name: str, rest: str, before: str = "") -> Variant:
    """Return a right answer: imports and helpers, the look at beta, and the rest of the function."""
    return Variant("smooth", name, before + CHECKED + rest)


VARIANTS = (
    Variant(
        "smooth",
        "running_value",
        """
def smooth(values, beta):
    if not 0 <= beta < 1:
        raise ValueError("beta must be at least 0 and below 1")
    s, out = 0.0, []
    for t, value in enumerate(values, start=1):
        s = beta * s + (1 - beta) * value
        out.append(float(s / (1 - beta**t)))
    return out
""",
    ),
    variant(
        "running_sum_of_weights",
        """
    total, weight, result = 0.0, 0.0, []
    for value in values:
        total, weight = beta * total + value, beta * weight + 1
        result.append(total / weight)
    return result
""",
    ),
    variant(
        "numpy_weights",
        """
    values = np.asarray(values, dtype=float)
    ages = range(1, len(values) + 1)
    means = [np.average(values[:t], weights=float(beta) ** np.arange(t)[::-1]) for t in ages]
    return np.array(means).tolist()
""",
        "import numpy as np\n",
    ),
    variant(
        "accumulate",
        """
    sums = accumulate(values, lambda s, value: beta * s + (1 - beta) * value, initial=0.0)
    return [s / (1 - beta**t) for t, s in enumerate(sums) if t > 0]
""",
        "from itertools import accumulate\n",
    ),
    variant(
        "by_index",
        """
    n = len(values)
    result = [0.0] * n
    s = power = 0.0
    power = 1.0
    for i in range(n):
        s += (1.0 - beta) * (values[i] - s)
        power *= beta
        result[i] = s / (1.0 - power)
    return result
""",
    ),
    variant(
        "torch_triangle",
        """
    if not len(values):
        return []
    v = torch.tensor(values, dtype=torch.float64)
    age = torch.arange(len(v))[:, None] - torch.arange(len(v))
    weights = torch.where(age >= 0, torch.tensor(float(beta), dtype=torch.float64) ** age.clamp(min=0), 0.0)
    return ((weights @ v) / weights.sum(dim=1)).tolist()
""",
        "import torch\n",
    ),
    variant(
        "rate_of_its_own",
        """
    smoothed = []
    for t, value in enumerate(values, 1):
        rate = (1 - beta) / (1 - beta**t)
        before = smoothed[-1] if smoothed else 0.0
        smoothed.append(before + rate * (value - before))
    return smoothed
""",
    ),
    variant(
        "generator",
        """
    return list(_smoothed(list(values), beta))
""",
        """
def _smoothed(values, beta):
    s, missing = 0.0, 1.0
    while values:
        s, missing = beta * s + (1 - beta) * values.pop(0), missing * beta
        yield s / (1 - missing)
""",
    ),
    variant(
        "sums_of_products",
        """
    weights = [beta**k for k in range(len(values))]
    means = []
    for t in range(len(values)):
        recent = reversed(values[: t + 1])
        means.append(sum(w * v for w, v in zip(weights, recent)) / sum(weights[: t + 1]))
    return means
""",
    ),
)
