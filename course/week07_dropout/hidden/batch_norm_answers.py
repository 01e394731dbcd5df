"""Typical mistakes in BatchNorm1d: which variance, which axis, which mode, and what is stored."""

from autograder.checks.answers import changed

RIGHT = """
class BatchNorm1d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps = eps
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if self.training:
            if x.shape[0] == 1:
                raise ValueError("one row has no variance")
            mean = x.mean(dim=0)
            var = x.var(dim=0, unbiased=False)
            self.update(mean.detach(), x.detach().var(dim=0))
        else:
            mean, var = self.running_mean, self.running_var
        x = (x - mean) / torch.sqrt(var + self.eps)
        return self.weight * x + self.bias

    def update(self, mean, var):
        self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
        self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var
"""
SETUP = "        super().__init__()\n"
ONE_ROW = '            if x.shape[0] == 1:\n                raise ValueError("one row has no variance")\n'
MEAN = "            mean = x.mean(dim=0)\n"
VAR = "            var = x.var(dim=0, unbiased=False)\n"
UPDATE = "            self.update(mean.detach(), x.detach().var(dim=0))\n"
ELSE = "        else:\n            mean, var = self.running_mean, self.running_var\n"
NORMED = "        x = (x - mean) / torch.sqrt(var + self.eps)\n"
LAST = "        return self.weight * x + self.bias\n"
MOVE_MEAN = "        self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean\n"
MOVE_VAR = "        self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var\n"
BUFFER_MEAN = '        self.register_buffer("running_mean", torch.zeros(num_features))\n'
BUFFER_VAR = '        self.register_buffer("running_var", torch.ones(num_features))\n'
WEIGHT = "        self.weight = nn.Parameter(torch.ones(num_features))\n"
BIAS = "        self.bias = nn.Parameter(torch.zeros(num_features))\n"
MOMENTUM = "        self.momentum = momentum\n"


def _wrong(name, sentence, *changes):  # type: ignore[no-untyped-def]
    return changed("batch_norm", RIGHT, name, sentence, *changes)


MISTAKES = (
    _wrong(
        "unbiased_in_the_normalization",
        "You normalize with the variance that divides by n − 1. In train mode divide by n, with "
        "unbiased=False: n − 1 is for the running variance alone.",
        ("unbiased=False", "unbiased=True"),
    ),
    _wrong(
        "biased_in_the_running_variance",
        "Your running variance takes the one that divides by n. It is an estimate for other rows, so there "
        "divide by n − 1: x.var(dim=0).",
        ("x.detach().var(dim=0)", "var.detach()"),
    ),
    _wrong(
        "the_two_variances_swapped",
        "Your two variances have changed places: normalize with n below the fraction bar, and move the "
        "running variance with n − 1.",
        ("unbiased=False", "unbiased=True"),
        ("x.detach().var(dim=0)", "x.detach().var(dim=0, unbiased=False)"),
    ),
    _wrong(
        "momentum_the_wrong_way_round",
        "Your momentum is the weight of the old value. Torch's is the weight of the new one: "
        "(1 − momentum) · old + momentum · new.",
        ("(1 - self.momentum) * self.running_mean + self.momentum * mean",
         "self.momentum * self.running_mean + (1 - self.momentum) * mean"),
        ("(1 - self.momentum) * self.running_var + self.momentum * var",
         "self.momentum * self.running_var + (1 - self.momentum) * var"),
    ),
    _wrong(
        "a_fixed_momentum",
        "Your momentum is a fixed number. Keep the argument, self.momentum = momentum, and use it.",
        (MOMENTUM, "        self.momentum = 0.1\n"),
    ),
    _wrong(
        "a_fixed_eps",
        "Your eps is a fixed number. Keep the argument, self.eps = eps, and use it.",
        ("self.eps = eps", "self.eps = 1e-5"),
    ),
    _wrong(
        "an_average_of_all_batches",
        "You average over all batches so far. Here the running values move by momentum, each time by the "
        "same share.",
        (MOMENTUM, MOMENTUM + "        self.count = 0\n"),
        (UPDATE, "            self.count += 1\n            self.momentum = 1 / self.count\n" + UPDATE),
    ),
    _wrong(
        "replaced_by_the_last_batch",
        "Your running values are those of the last batch alone. Move them by momentum: (1 − momentum) · old "
        "+ momentum · new.",
        ("(1 - self.momentum) * self.running_mean + self.momentum * mean", "mean"),
        ("(1 - self.momentum) * self.running_var + self.momentum * var", "var"),
    ),
    _wrong(
        "added_up",
        "You add a share of each batch and keep all of the old: the running values grow and grow. Multiply "
        "the old by 1 − momentum.",
        ("(1 - self.momentum) * self.running_mean", "self.running_mean"),
        ("(1 - self.momentum) * self.running_var", "self.running_var"),
    ),
    _wrong(
        "never_updated",
        "Your running values never move, so in eval mode the layer does next to nothing. Update both in "
        "train mode.",
        (UPDATE, ""),
    ),
    _wrong(
        "only_the_mean_updated",
        "Your running mean moves, and the running variance does not.",
        (MOVE_VAR, ""),
    ),
    _wrong(
        "only_the_variance_updated",
        "Your running variance moves, and the running mean does not.",
        (MOVE_MEAN, ""),
    ),
    _wrong(
        "updated_in_eval_too",
        "Your running values move in eval mode, too: then the score depends on the order of the validation "
        "batches. Move them in train mode alone.",
        (ELSE, ELSE + "            if len(x) > 1:\n    " + UPDATE),
    ),
    _wrong(
        "batch_statistics_in_eval",
        "In eval mode you still normalize by the batch. A prediction must not depend on who else is in the "
        "batch: use running_mean and running_var.",
        (ELSE, ELSE + "            if len(x) > 1:\n                mean, var = x.mean(dim=0), "
         "x.var(dim=0, unbiased=False)\n"),
    ),
    _wrong(
        "running_values_in_train_mode",
        "In train mode you normalize by the running values. There the batch's own mean and variance belong.",
        (NORMED, "        x = (x - self.running_mean) / torch.sqrt(self.running_var + self.eps)\n"),
    ),
    _wrong(
        "the_modes_swapped",
        "Your modes have changed places: batch values belong to train mode, running values to eval mode.",
        ("if self.training:", "if not self.training:"),
        (ONE_ROW, ""),
    ),
    _wrong(
        "no_eps",
        "You forget eps: a constant column gives 0/0, which is nan. sqrt(var + eps).",
        ("var + self.eps", "var"),
    ),
    _wrong(
        "eps_outside_the_root",
        "You add eps to the root. It belongs under it: sqrt(var + eps). With small variances that is a "
        "large difference.",
        ("torch.sqrt(var + self.eps)", "(torch.sqrt(var) + self.eps)"),
    ),
    _wrong(
        "eps_squared",
        "You add eps squared. Under the root stands var + eps.",
        ("self.eps)", "self.eps**2)"),
    ),
    _wrong(
        "no_root",
        "You divide by the variance. Divide by its root.",
        ("torch.sqrt(var + self.eps)", "(var + self.eps)"),
    ),
    _wrong(
        "the_mean_not_subtracted",
        "You divide and do not subtract the mean.",
        ("(x - mean)", "x"),
    ),
    _wrong(
        "over_the_features",
        "You average over the features of a row. Each feature is on its own: mean and var over dim=0.",
        (MEAN, "            mean = x.mean(dim=1, keepdim=True)\n"),
        (VAR, "            var = x.var(dim=1, unbiased=False, keepdim=True)\n"),
        (UPDATE, "            self.update(x.detach().mean(dim=0), x.detach().var(dim=0))\n"),
    ),
    _wrong(
        "over_everything",
        "You take one mean and one variance of the whole table. Each feature has its own: dim=0.",
        (MEAN, "            mean = x.mean()\n"),
        (VAR, "            var = x.var(unbiased=False)\n"),
        (UPDATE, "            self.update(x.detach().mean(dim=0), x.detach().var(dim=0))\n"),
    ),
    _wrong(
        "running_variance_from_0",
        "Your running variance starts at 0. It starts at 1, so that an untouched layer lets its inputs "
        "through.",
        (BUFFER_VAR, BUFFER_VAR.replace("ones", "zeros")),
    ),
    _wrong(
        "running_mean_from_1",
        "Your running mean starts at 1. It starts at 0, so that an untouched layer lets its inputs through.",
        (BUFFER_MEAN, BUFFER_MEAN.replace("zeros", "ones")),
    ),
    _wrong(
        "first_batch_taken_over",
        "You take the first batch's values over as they are. The running values start at 0 and 1, and the "
        "first batch moves them by momentum like any other.",
        (MOMENTUM, MOMENTUM + "        self.first = True\n"),
        ("    def update(self, mean, var):\n", "    def update(self, mean, var):\n        if self.first:\n"
         "            self.first = False\n            self.running_mean, self.running_var = mean, var\n"
         "            return\n"),
    ),
)  # fmt: skip
