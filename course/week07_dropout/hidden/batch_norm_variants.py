"""Right answers to BatchNorm1d that are written differently."""

from hidden.batch_norm_answers import (
    LAST,
    MEAN,
    MOVE_MEAN,
    MOVE_VAR,
    NORMED,
    ONE_ROW,
    RIGHT,
    UPDATE,
    VAR,
)

from autograder.model import Variant


def _right(name: str, *changes: tuple[str, str]) -> Variant:
    source = RIGHT
    for old, new in changes:
        if old not in source:
            raise ValueError(f"{name}: the right answer of batch_norm does not contain {old!r}")
        source = source.replace(old, new)
    return Variant("batch_norm", name, source)


VARIANTS = (
    _right(
        "in_place_updates",
        (MOVE_MEAN, "        self.running_mean.mul_(1 - self.momentum).add_(self.momentum * mean)\n"),
        (MOVE_VAR, "        self.running_var.lerp_(var, self.momentum)\n"),
    ),
    _right(
        "no_grad",
        (UPDATE, "            with torch.no_grad():\n                self.update(mean, x.var(dim=0))\n"),
    ),
    _right("data", ("self.running_mean = ", "self.running_mean.data = ")),
    _right(
        "difference",
        (MOVE_MEAN, "        self.running_mean += self.momentum * (mean - self.running_mean)\n"),
        (MOVE_VAR, "        self.running_var += self.momentum * (var - self.running_var)\n"),
    ),
    _right("sums_by_hand", (MEAN, "            mean = x.sum(0) / x.shape[0]\n"),
     (VAR, "            var = ((x - mean) ** 2).sum(0) / len(x)\n"),
     ("x.detach().var(dim=0)", "var.detach() * len(x) / (len(x) - 1)")),
    _right("rsqrt", (NORMED, "        x = (x - mean) * torch.rsqrt(var + self.eps)\n")),
    _right("power", (NORMED, "        x = (x - mean) / (var + self.eps) ** 0.5\n")),
    _right("with_keepdim", (MEAN, "            mean = x.mean(0, keepdim=True)\n"),
     (VAR, "            var = x.var(0, correction=0, keepdim=True)\n"),
     (UPDATE, "            self.update(mean.detach()[0], x.detach().var(0, correction=1))\n")),
    _right("var_mean", (MEAN + VAR, "            var, mean = torch.var_mean(x, 0, correction=0)\n")),
    _right("second_moment", (VAR, "            var = ((x - mean) * (x - mean)).mean(dim=0)\n")),
    _right("batches_counted", ("        self.momentum = momentum\n", "        self.momentum = momentum\n"
     '        self.register_buffer("num_batches_tracked", torch.tensor(0))\n'),
     (UPDATE, UPDATE + "            self.num_batches_tracked += 1\n")),
    _right("updated_after_the_output", (UPDATE, ""),
     (NORMED, "        old = x\n" + NORMED),
     (LAST, "        y = self.weight * x + self.bias\n        if self.training:\n"
      "            self.update(mean.detach(), old.detach().var(dim=0))\n        return y\n")),
    _right("addcmul", (LAST, "        return torch.addcmul(self.bias, x, self.weight)\n")),
    _right("other_condition", (ONE_ROW, "            if len(x) < 2:\n                raise ValueError\n")),
    Variant("batch_norm", "features_one_by_one", """
class BatchNorm1d(torch.nn.Module):
    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        super(BatchNorm1d, self).__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.weight = nn.Parameter(torch.empty(num_features))
        self.bias = nn.Parameter(torch.empty(num_features))
        nn.init.ones_(self.weight)
        nn.init.zeros_(self.bias)
        for name, start in (("running_mean", 0.0), ("running_var", 1.0)):
            self.register_buffer(name, torch.full((num_features,), start))

    def forward(self, inputs):
        n = inputs.size(0)
        if self.training and n == 1:
            raise ValueError(f"one row only, of shape {tuple(inputs.shape)}")
        columns = []
        for j in range(self.num_features):
            column = inputs[:, j]
            mean, var = self.running_mean[j].clone(), self.running_var[j].clone()
            if self.training:
                mean, var = column.mean(), column.var(unbiased=False)
                with torch.no_grad():
                    share = self.momentum
                    self.running_mean[j] = (1 - share) * self.running_mean[j] + share * mean
                    self.running_var[j] = (1 - share) * self.running_var[j] + share * column.var()
            columns.append((column - mean) / (var + self.eps).sqrt() * self.weight[j] + self.bias[j])
        return torch.stack(columns, dim=1)
"""),
)  # fmt: skip
