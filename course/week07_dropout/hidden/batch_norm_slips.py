"""Slips in BatchNorm1d: half-finished parts, defaults, shapes, spelling, and kinds that come back."""

from hidden.batch_norm_answers import (
    BIAS,
    BUFFER_MEAN,
    BUFFER_VAR,
    ELSE,
    LAST,
    MEAN,
    MOMENTUM,
    NORMED,
    ONE_ROW,
    SETUP,
    UPDATE,
    VAR,
    WEIGHT,
    _wrong,
)  # fmt: skip

SLIPS = (
    _wrong(
        "no_tensor_comes_back",
        "An array or a list comes back, through which no gradient flows. Return the tensor itself.",
        (LAST, "        return (self.weight * x + self.bias).detach().numpy()\n"),
    ),
    _wrong(
        "momentum_of_the_mean_the_wrong_way_round",
        "Your running variance moves rightly and your running mean does not: momentum is the weight of the "
        "new value, for both.",
        ("(1 - self.momentum) * self.running_mean + self.momentum * mean",
         "self.momentum * self.running_mean + (1 - self.momentum) * mean"),
    ),
    _wrong(
        "batch_statistics_in_eval_whatever_comes",
        "In eval mode you still normalize by the batch. A prediction must not depend on who else is in the "
        "batch: use running_mean and running_var.",
        (ELSE, "        else:\n            mean, var = x.mean(dim=0), x.var(dim=0, unbiased=False)\n"),
    ),
    _wrong(
        "over_the_features_and_kept",
        "You average over the features of a row. Each feature is on its own: mean and var over dim=0.",
        (MEAN, "            mean = x.mean(dim=1, keepdim=True)\n"),
        (VAR, "            var = x.var(dim=1, unbiased=False, keepdim=True)\n"),
    ),
    _wrong(
        "one_mean_and_one_variance",
        "You take one mean and one variance of the whole table. Each feature has its own: dim=0.",
        (MEAN, "            mean = x.mean()\n"),
        (VAR, "            var = x.var(unbiased=False)\n"),
        (UPDATE, "            self.update(mean.detach(), x.detach().var())\n"),
    ),
    _wrong(
        "all_under_no_grad",
        "You compute the output under torch.no_grad(), so no gradient flows. Only the move of the running "
        "values belongs into that block.",
        (NORMED + LAST, "        with torch.no_grad():\n    " + NORMED + "    " + LAST),
    ),
    _wrong(
        "the_mean_updated_in_eval_too",
        "Your running mean moves in eval mode, too: a prediction changes nothing. Only train mode moves it.",
        (ELSE, ELSE + "            self.running_mean = 0.9 * mean + 0.1 * x.detach().mean(dim=0)\n"),
    ),
    _wrong(
        "trains_only_with_gradients",
        "You ask whether gradients are on. no_grad() is not eval mode: in train mode the batch's values "
        "count, and the running ones move, with and without gradients.",
        ("if self.training:", "if self.training and torch.is_grad_enabled():"),
    ),
    _wrong(
        "default_momentum",
        "The default of momentum is 0.1: write momentum=0.1 in the brackets of __init__.",
        ("momentum=0.1", "momentum=0.9"),
    ),
    _wrong(
        "default_eps",
        "The default of eps is 1e-5: write eps=1e-5 in the brackets of __init__.",
        ("eps=1e-5", "eps=0.01"),
    ),
    _wrong(
        "arguments_in_another_order",
        "eps comes before momentum, as in torch's layer: def __init__(self, num_features, eps=1e-5, "
        "momentum=0.1).",
        ("eps=1e-5, momentum=0.1", "momentum=0.1, eps=1e-5"),
    ),
    _wrong(
        "no_momentum",
        "self.momentum is None when you compute with it. Keep the argument: self.momentum = momentum.",
        (MOMENTUM, "        self.momentum = None\n"),
    ),
    _wrong(
        "mean_detached",
        "Your mean is cut off from x. It depends on x like the variance: leave out .detach(), .item() and "
        "no_grad().",
        (MEAN, "            mean = x.mean(dim=0).detach()\n"),
    ),
    _wrong(
        "x_detached",
        "In x − mean your x is cut off. Leave out .data and .detach(): the gradient flows through x itself, "
        "too.",
        (NORMED, NORMED.replace("(x - mean)", "(x.detach() - mean)")),
    ),
    _wrong(
        "weight_and_bias_cut_off",
        "You compute with the .data of weight and bias, so no gradient reaches them and they never learn.",
        (LAST, "        return self.weight.data * x + self.bias.data\n"),
    ),
    _wrong(
        "parameters_with_two_axes",
        "weight and bias have one axis, of num_features numbers. Yours have two.",
        (WEIGHT, WEIGHT.replace("(num_features)", "(1, num_features)")),
        (BIAS, BIAS.replace("(num_features)", "(1, num_features)")),
    ),
    _wrong(
        "buffers_with_two_axes",
        "running_mean and running_var have one axis, of num_features numbers. Yours have two: leave keepdim "
        "out, or squeeze.",
        (BUFFER_MEAN, BUFFER_MEAN.replace("(num_features)", "(1, num_features)")),
        (BUFFER_VAR, BUFFER_VAR.replace("(num_features)", "(1, num_features)")),
    ),
    _wrong(
        "no_weight",
        "Your layer has a bias and no weight. Both belong to it, of num_features numbers each.",
        (WEIGHT, ""),
        (LAST, "        return x + self.bias\n"),
    ),
    _wrong(
        "no_bias",
        "Your layer has a weight and no bias. Both belong to it, of num_features numbers each.",
        (BIAS, ""),
        (LAST, "        return self.weight * x\n"),
    ),
    _wrong(
        "bias_from_1",
        "Your bias starts with ones. It starts with zeros: at first the layer only normalizes.",
        (BIAS, BIAS.replace("zeros", "ones")),
    ),
    _wrong(
        "one_row_handed_through",
        "One row comes back as it is in train mode. Raise a ValueError: nothing can be normalized by it.",
        (ONE_ROW, "            if len(x) == 1:\n                return x\n"),
    ),
    _wrong(
        "a_type_error",
        "You raise a TypeError for one row. Its kind is right, its size is not: that is a ValueError.",
        ("ValueError", "TypeError"),
    ),
    _wrong(
        "every_batch_refused",
        "Your condition holds for every batch. Refuse one row alone: len(x) == 1.",
        ("x.shape[0] == 1", "x.shape[0] >= 1"),
    ),
    _wrong(
        "a_flag_of_its_own",
        "Your own flag for the mode does not hear .eval(). Ask self.training, which every module has.",
        (SETUP, SETUP + "        self.is_training = True\n"),
        ("if self.training:", "if self.is_training:"),
        (ONE_ROW, ONE_ROW.replace("x.shape[0] == 1", "self.training and len(x) == 1")),
    ),
    _wrong(
        "moved_in_eval_mode_only",
        "Your running values move in eval mode alone. They move in train mode, with each batch, and stay "
        "where they are in eval mode.",
        (UPDATE, ""),
        ("        if self.training:\n", "        if not self.training and len(x) > 1:\n"
         "            self.update(x.mean(dim=0), x.var(dim=0))\n        if self.training:\n"),
    ),
    _wrong(
        "eval_mode_with_the_batch_s_variance",
        "In eval mode you take the running mean and the batch's variance. Take both running values.",
        ("mean, var = self.running_mean, self.running_var",
         "mean, var = self.running_mean, x.var(dim=0, correction=min(0, len(x) - 1))"),
        ("torch.sqrt(var + self.eps)", "torch.sqrt((var if len(x) > 1 else self.running_var) + self.eps)"),
    ),
    _wrong(
        "moved_by_normalized_numbers",
        "You move the running values after x has become the normalized one: its mean is 0. Move them before, "
        "or give the new numbers another name.",
        (UPDATE, ""),
        (NORMED, NORMED + "        if self.training:\n"
         "            self.update(x.detach().mean(dim=0), x.detach().var(dim=0))\n"),
    ),
    _wrong(
        "moved_twice",
        "Your running values move twice with each batch. Once is enough.",
        (UPDATE, UPDATE + UPDATE),
    ),
    _wrong(
        "a_running_standard_deviation",
        "You keep the running standard deviation in running_var. Keep the variance, without a root.",
        ("x.detach().var(dim=0)", "x.detach().std(dim=0)"),
    ),
    _wrong(
        "mean_minus_x",
        "You subtract the wrong way round: x − mean.",
        ("(x - mean)", "(mean - x)"),
    ),
    _wrong(
        "squeezed_to_0_and_1",
        "You squeeze each column between 0 and 1. Subtract its mean and divide by the root of its variance.",
        (NORMED, "        if self.training:\n            mean = x.min(dim=0).values\n"
         "            high = x.max(dim=0).values\n            var = (high - mean) ** 2\n" + NORMED),
    ),
    _wrong(
        "eps_as_a_lower_border",
        "eps is no lower border here: it is always added to the variance, under the root.",
        ("torch.sqrt(var + self.eps)", "torch.sqrt(var).clamp(min=self.eps)"),
    ),
    _wrong(
        "over_the_features_variance",
        "Your mean is taken over the rows, your variance over the features. Both: dim=0.",
        (VAR, "            var = x.var(dim=1, unbiased=False, keepdim=True)\n"),
    ),
    _wrong(
        "call_in_place_of_forward",
        "You define __call__, which torch has already: rename it to forward, and torch's own __call__ will "
        "call it.",
        ("def forward", "def __call__"),
    ),
    _wrong(
        "forward_misspelt",
        "There is no method forward: look at its spelling, and whether it is indented as far as __init__.",
        ("def forward", "def foward"),
    ),
    _wrong(
        "init_misspelt",
        "Your __init__ is not found, so num_features has no place: two underscores on each side, and as far "
        "indented as forward.",
        ("__init__(self", "_init_(self"),
    ),
    _wrong(
        "float32_in_between",
        "x becomes float32 on the way, and digits are lost. Leave out .float(): after .double() all is "
        "float64.",
        ("        if self.training:\n", "        x = x.float()\n        if self.training:\n"),
    ),
    _wrong(
        "ready_made_layer_inside",
        "You hand the work to torch's own layer, inside of yours: half of the marks are lost, and its "
        "parameters come on top of your own.",
        (SETUP, SETUP + "        self.inner = nn.BatchNorm1d(num_features, eps, momentum)\n"),
        ("        if self.training:\n", "        return self.inner(x)\n        if self.training:\n"),
    ),
)  # fmt: skip
