"""What other settings lead to, measured: by these means a sweep that went wrong is recognised.

Five seeds or more of each (SGD: three), means for p = 0, .1, .3, .5, .7, .9. The right one: 33 runs, 23 with
dropout before the ReLU and ten with dropout after it; ten more, by own loops and by fit, ended like them.
"""

RIGHT = (0.879, 0.894, 0.910, 0.916, 0.892, 0.397)  # spread over seeds .010 .010 .008 .007 .015 .054
LAST = "Of each run take the last validation accuracy, run['val_accuracy'][-1]"
TASK = "The task: digits_noisy() as it comes, Adam at rate 1e-3, batches of 32, the last of 60 epochs"

PROFILES: dict[str, tuple[tuple[float, ...], str]] = {
    "training": (
        (0.869, 0.847, 0.809, 0.763, 0.621, 0.211),
        f"these look like training accuracies, which fall with p, as units are missing. {LAST}",
    ),
    "training rows": (
        (0.880, 0.865, 0.844, 0.821, 0.784, 0.442),
        f"these look like accuracies of the training rows in eval mode. {LAST}",
    ),
    "train mode": (
        (0.880, 0.869, 0.865, 0.822, 0.665, 0.192),
        "these look like validation rows measured in train mode, with units missing: call net.eval() first",
    ),
    "best epoch": (
        (0.910, 0.914, 0.921, 0.923, 0.897, 0.409),
        f"these look like the best epoch of each run, which luck has helped to choose. {LAST}",
    ),
    "all epochs": (
        (0.843, 0.845, 0.837, 0.804, 0.706, 0.246),
        f"these look like means over all epochs. {LAST}",
    ),
    "10 epochs": ((0.840, 0.826, 0.783, 0.669, 0.433, 0.146), f"ten epochs end like this. {TASK}"),
    "20 epochs": ((0.893, 0.896, 0.887, 0.846, 0.706, 0.187), f"twenty epochs end like this. {TASK}"),
    "30 epochs": ((0.901, 0.904, 0.905, 0.889, 0.804, 0.230), f"thirty epochs end like this. {TASK}"),
    "one epoch": ((0.262, 0.252, 0.217, 0.171, 0.126, 0.103), f"these look like the first epoch. {LAST}"),
    "80 epochs": ((0.853, 0.880, 0.901, 0.916, 0.907, 0.530), f"80 epochs end like this. {TASK}"),
    "100 epochs": ((0.828, 0.866, 0.890, 0.912, 0.912, 0.594), f"100 epochs or more end like this. {TASK}"),
    "120 epochs": ((0.814, 0.845, 0.888, 0.912, 0.912, 0.617), f"100 epochs or more end like this. {TASK}"),
    "rate 1e-4": ((0.777, 0.765, 0.676, 0.545, 0.375, 0.114), f"the rate 1e-4 ends like this. {TASK}"),
    "rate 3e-4": ((0.897, 0.901, 0.898, 0.859, 0.741, 0.223), f"a smaller rate ends like this. {TASK}"),
    "rate 2e-3": ((0.835, 0.861, 0.895, 0.910, 0.913, 0.439), f"a higher rate ends like this. {TASK}"),
    "rate 1e-2": ((0.806, 0.818, 0.856, 0.874, 0.824, 0.082), f"the rate 1e-2 ends like this. {TASK}"),
    "batches of 16": ((0.851, 0.877, 0.903, 0.916, 0.906, 0.457), f"batches of 16 end like this. {TASK}"),
    "one batch": (
        (0.878, 0.873, 0.846, 0.783, 0.641, 0.193),
        f"one batch of all rows ends like this. {TASK}",
    ),
    "SGD": (
        (0.087, 0.084, 0.084, 0.083, 0.083, 0.082),
        f"no run has learnt: plain SGD at rate 1e-3 ends like this. {TASK}",
    ),
    "clean labels": (
        (0.951, 0.949, 0.952, 0.947, 0.920, 0.438),
        "nets that learn from clean labels end like this: digits_noisy() without noise=0.0",
    ),
    "test rows": (
        (0.840, 0.857, 0.874, 0.885, 0.863, 0.412),
        "the test rows end like this: they choose nothing. Hand sweep (train, validation)",
    ),
    "last layer": (
        (0.876, 0.893, 0.911, 0.900, 0.811, 0.104),
        "a net that drops its logits, too, ends like this: no dropout after the last layer",
    ),
    "inputs": (
        (0.876, 0.910, 0.913, 0.838, 0.643, 0.090),
        "a net that drops its inputs, too, ends like this: no dropout before the first layer",
    ),
    "one layer dropped": (
        (0.876, 0.888, 0.898, 0.911, 0.919, 0.876),
        "at p = 0.9 yours still learns: is there dropout after both hidden layers, and not after one alone?",
    ),
    "second layer dropped": (
        (0.876, 0.886, 0.898, 0.907, 0.909, 0.886),
        "at p = 0.9 yours still learns: is there dropout after both hidden layers, and not after one alone?",
    ),
    "one hidden layer": (
        (0.896, 0.902, 0.906, 0.911, 0.911, 0.893),
        "at p = 0.9 yours still learns: is the net 64-128-64-10, with dropout after both hidden layers?",
    ),
    "wide": (
        (0.847, 0.867, 0.894, 0.918, 0.920, 0.728),
        "wider nets end like this: 128 and 64 hidden units are asked for",
    ),
}
SCALE = (0.012, 0.012, 0.010, 0.010, 0.020, 0.050)  # by so much a mean of three seeds may miss a profile
