"""The accuracies of single runs of the sweep, measured: who stores one of them has not taken a mean."""

LAMBDAS = (0.0, 1e-4, 1e-3, 1e-2, 1e-1)
MEASURED = (
    (0.874, 0.874, 0.886, 0.904, 0.082),  # seed 0
    (0.862, 0.868, 0.872, 0.896, 0.082),
    (0.884, 0.886, 0.886, 0.892, 0.082),
    (0.884, 0.888, 0.884, 0.896, 0.082),
    (0.878, 0.878, 0.884, 0.898, 0.082),
    (0.864, 0.860, 0.872, 0.886, 0.082),
    (0.878, 0.880, 0.894, 0.896, 0.082),
    (0.888, 0.880, 0.876, 0.902, 0.082),
    (0.866, 0.866, 0.874, 0.892, 0.082),
    (0.882, 0.874, 0.890, 0.904, 0.082),  # seed 9
    (0.880, 0.868, 0.880, 0.900, 0.082),  # seed 42
    (0.888, 0.888, 0.882, 0.900, 0.082),  # seed 123
)
TWO = tuple((a + b) / 2 for a, b in zip(*MEASURED[:2], strict=True))  # of seeds 0 and 1
SINGLE = tuple(dict(zip(LAMBDAS, run, strict=True)) for run in (*MEASURED, TWO))
