"""Right dicts of other seeds, and right dicts that are written differently: nothing is trained."""

from __future__ import annotations

from hidden.dropout_results_answers import KEYS, NAME, VALIDATION, stored
from hidden.dropout_results_runs import runs

from autograder.model import Variant


def right(name: str, source: str) -> Variant:
    """Return a right answer."""
    return Variant(NAME, name, source)


VARIANTS = (
    *(
        right(name, stored(runs(name)))
        for name in (
            "five_seeds",
            "ten_seeds",
            "own_loop",
            "relu_first",
            "low",
            "high",
            "least",
            "most",
            "least_at_7",
        )
    ),
    right("another_order", stored(VALIDATION[::-1], KEYS[::-1])),
    right("tuples", stored([tuple(values) for values in VALIDATION])),
    right(
        "numpy",
        f"import numpy as np\n{NAME} = dict(zip(np.array([{', '.join(KEYS)}]), np.array({VALIDATION})))",
    ),
    right(
        "tensors",
        f"import torch\n{NAME} = {{}}\nfor p, values in zip([{', '.join(KEYS)}], "
        f"torch.tensor({VALIDATION})):\n"
        f"    {NAME}[p] = values",
    ),
    right(
        "lists_of_tensors",
        f"import torch\n{NAME} = {{p: [torch.tensor(value) for value in values] for p, values in "
        f"zip([{', '.join(KEYS)}], {VALIDATION})}}",
    ),
    right(
        "defaultdict",
        "from collections import defaultdict\n"
        f"{NAME} = defaultdict(list)\n"
        f"for p, values in zip([{', '.join(KEYS)}], {VALIDATION}):\n"
        "    for accuracy in values:\n"
        f"        {NAME}[p].append(accuracy)\n",
    ),
    right("rounded", stored([[round(value, 2) for value in values] for values in VALIDATION])),
    right("steps", f"{NAME} = dict(zip([0, *(i / 10 for i in range(1, 10, 2))], {VALIDATION}))"),
)
