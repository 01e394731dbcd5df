"""More typical mistakes in BatchNorm1d: parameters and buffers, gradients, one row, classes and returns."""

from hidden.batch_norm_answers import (
    BIAS,
    BUFFER_MEAN,
    BUFFER_VAR,
    ELSE,
    LAST,
    MEAN,
    NORMED,
    ONE_ROW,
    RIGHT,
    SETUP,
    UPDATE,
    VAR,
    WEIGHT,
    _wrong,
)

from autograder.model import Mistake

READY = (
    "The numbers are right, but the point is to write the layer yourself: with torch's own norm you keep "
    "half of the marks. x.mean(dim=0), x.var(dim=0) and a root are enough."
)
STATE = ("self.update(mean.detach(), x.detach().var(dim=0))", "self.update(mean, x.var(dim=0))")


def dedented(lines: str) -> str:
    """Return lines one step further to the left."""
    return "".join(line.removeprefix("    ") for line in lines.splitlines(keepends=True))


def _whole(name: str, sentence: str, source: str) -> Mistake:
    return Mistake("batch_norm", name, sentence, source)


MORE = (
    _wrong(
        "plain_attributes",
        "Your running values are plain attributes, which state_dict() does not hold: a net that is loaded "
        "again predicts nonsense. Use register_buffer.",
        (BUFFER_MEAN, "        self.running_mean = torch.zeros(num_features)\n"),
        (BUFFER_VAR, "        self.running_var = torch.ones(num_features)\n"),
    ),
    _wrong(
        "one_plain_attribute",
        "One of your running values is a plain attribute, which state_dict() does not hold. Register both as "
        "buffers.",
        (BUFFER_VAR, "        self.running_var = torch.ones(num_features)\n"),
    ),
    _wrong(
        "not_persistent",
        "With persistent=False a buffer is not in state_dict(), so a checkpoint forgets it. Leave that out.",
        ('torch.zeros(num_features))\n        self.register_buffer("running_var", torch.ones(num_features))',
         'torch.zeros(num_features), persistent=False)\n        self.register_buffer("running_var", '
         "torch.ones(num_features), persistent=False)"),
    ),
    _wrong(
        "running_values_as_parameters",
        "Your running values are parameters, so an optimizer, or a count of parameters, meets them. They are "
        "buffers: register_buffer.",
        (BUFFER_MEAN, "        self.running_mean = nn.Parameter(torch.zeros(num_features))\n"),
        (BUFFER_VAR, "        self.running_var = nn.Parameter(torch.ones(num_features))\n"),
        ("self.running_mean = (1 - self.momentum) * self.running_mean",
         "self.running_mean.data = (1 - self.momentum) * self.running_mean.data"),
        ("self.running_var = (1 - self.momentum) * self.running_var",
         "self.running_var.data = (1 - self.momentum) * self.running_var.data"),
    ),
    _wrong(
        "other_names",
        "Your buffers have other names than running_mean and running_var: a file that torch's layer wrote "
        "could not be loaded.",
        ("running_mean", "moving_mean"),
        ("running_var", "moving_var"),
    ),
    _wrong(
        "gamma_and_beta",
        "Your parameters have other names than weight and bias: a file that torch's layer wrote could not be "
        "loaded.",
        ("self.weight", "self.gamma"),
        ("self.bias", "self.beta"),
    ),
    _wrong(
        "no_affine_part",
        "Your layer has no weight and no bias. γ and β give it back the freedom that normalizing takes.",
        (WEIGHT, ""),
        (BIAS, ""),
        (LAST, "        return x\n"),
    ),
    _wrong(
        "weight_and_bias_not_used",
        "weight and bias are there and do nothing: end with · weight + bias.",
        (LAST, "        return x\n"),
    ),
    _wrong(
        "no_bias_added",
        "The bias is there and is not added: end with · weight + bias.",
        (LAST, "        return self.weight * x\n"),
    ),
    _wrong(
        "bias_before_weight",
        "You add the bias first and multiply then, so the bias is scaled, too: weight · x + bias.",
        (LAST, "        return self.weight * (x + self.bias)\n"),
    ),
    _wrong(
        "affine_part_in_train_mode_only",
        "weight and bias are missing in eval mode. They are applied in both modes.",
        (LAST, "        return self.weight * x + self.bias if self.training else x\n"),
    ),
    _wrong(
        "weight_and_bias_as_buffers",
        "Your weight and bias are buffers, so no optimizer trains them. Use nn.Parameter.",
        (WEIGHT, '        self.register_buffer("weight", torch.ones(num_features))\n'),
        (BIAS, '        self.register_buffer("bias", torch.zeros(num_features))\n'),
    ),
    _wrong(
        "weight_and_bias_as_plain_tensors",
        "Your weight and bias are plain tensors, so no optimizer trains them, and no file keeps them. Use "
        "nn.Parameter.",
        (WEIGHT, "        self.weight = torch.ones(num_features, requires_grad=True)\n"),
        (BIAS, "        self.bias = torch.zeros(num_features, requires_grad=True)\n"),
    ),
    _wrong(
        "random_weights",
        "Your weight starts with random numbers. It starts with ones: at first the layer only normalizes.",
        (WEIGHT, WEIGHT.replace("torch.ones(", "0.5 + torch.arange(")),
    ),
    _wrong(
        "weight_from_0",
        "Your weight starts with zeros, and zero times anything is zero. It starts with ones.",
        (WEIGHT, WEIGHT.replace("ones", "zeros")),
    ),
    _wrong(
        "one_number_for_all_features",
        "Your layer has one weight and one bias for all features. Each feature has its own: "
        "torch.ones(num_features).",
        (WEIGHT, "        self.weight = nn.Parameter(torch.ones(1))\n"),
        (BIAS, "        self.bias = nn.Parameter(torch.zeros(1))\n"),
    ),
    _wrong(
        "one_running_value_for_all_features",
        "Your running values begin as one number for all features. Each feature has its own: "
        "torch.zeros(num_features), torch.ones(num_features).",
        (BUFFER_MEAN, '        self.register_buffer("running_mean", torch.zeros(1))\n'),
        (BUFFER_VAR, '        self.register_buffer("running_var", torch.ones(1))\n'),
    ),
    _wrong(
        "statistics_detached",
        "Your mean and variance are cut off from x. They depend on it, so gradients flow through them, too: "
        "leave out .detach() where you normalize.",
        (MEAN, "            mean = x.mean(dim=0).detach()\n"),
        (VAR, "            var = x.var(dim=0, unbiased=False).detach()\n"),
    ),
    _wrong(
        "variance_detached",
        "Your variance is cut off from x. It depends on x like the mean: leave out .detach().",
        (VAR, "            var = x.var(dim=0, unbiased=False).detach()\n"),
    ),
    _wrong(
        "all_cut_off",
        "No gradient flows back to x: leave out .detach(), .data and no_grad() around the output.",
        (NORMED, NORMED.replace("(x - mean)", "(x - mean).detach()").replace("(var +", "(var.detach() +")),
    ),
    _wrong(
        "the_running_values_hold_the_graph",
        "Your running values drag the graphs of all batches along, which fills the memory. Move them under "
        "torch.no_grad(), or with .detach().",
        STATE,
    ),
    _wrong(
        "one_row_accepted",
        "A batch of one row is taken in train mode, where its variance is 0 or nan. Raise a ValueError.",
        (ONE_ROW, ""),
    ),
    _wrong(
        "one_row_refused_in_eval_too",
        "One row is refused in eval mode, too, where the running values serve it well. Refuse it in train "
        "mode alone.",
        (ONE_ROW, ""),
        ("        if self.training:\n", dedented(ONE_ROW) + "        if self.training:\n"),
    ),
    _wrong(
        "two_rows_refused",
        "You refuse a batch of two rows. Only one row has no spread.",
        ("x.shape[0] == 1", "x.shape[0] <= 2"),
    ),
    _wrong(
        "one_feature_refused",
        "You count the features and not the rows: x.shape[0], or len(x).",
        ("x.shape[0] == 1", "x.shape[1] == 1"),
    ),
    _wrong(
        "another_error",
        "You raise another error for a batch of one row. Make it a ValueError.",
        ("ValueError", "RuntimeError"),
    ),
    _wrong(
        "assert",
        "assert raises an AssertionError. Write raise ValueError(…) for a batch of one row.",
        (ONE_ROW, "            assert len(x) > 1\n"),
    ),
    _wrong(
        "in_place",
        "x -= mean changes the numbers that the caller still holds. Make a new tensor: x - mean.",
        (UPDATE, UPDATE + "            with torch.no_grad():\n                x -= mean\n"
         "            mean = 0 * mean\n"),
    ),
    _wrong(
        "float32_only",
        "Something in your layer is always float32, so float64 comes out as float32, or not at all. Leave "
        "the kind of floats to .double().",
        (LAST, "        return (self.weight * x + self.bias).float()\n"),
    ),
    _wrong(
        "no_setup",
        "Your __init__ does not call super().__init__(), so the module is never set up. That is its first "
        "line.",
        (SETUP, ""),
    ),
    _wrong(
        "no_return",
        "forward ends without return, so None comes back: to compute or print is not enough. Return the "
        "result.",
        (LAST, "        x = self.weight * x + self.bias\n"),
    ),
    _wrong(
        "no_return_in_eval",
        "In eval mode nothing comes back, since only train mode has a return.",
        (LAST, "        if self.training:\n    " + LAST),
    ),
    _wrong(
        "all_three_come_back",
        "A tuple comes back. Return the output alone: a net goes on with it.",
        (LAST, LAST.replace("\n", ", mean, var\n")),
    ),
    _wrong(
        "standardised_with_std",
        "x.std(dim=0) divides by n − 1, and eps is not under its root. Take the variance that divides by "
        "n, add eps, then take the root.",
        (NORMED, "        std = x.std(dim=0) if self.training else var.sqrt()\n"
         "        x = (x - mean) / (std + self.eps)\n"),
    ),
    _wrong(
        "hides_train",
        "self.train = … puts a plain value in the place of the method .train(), so nothing can switch the "
        "mode. Leave it out: self.training is there by itself.",
        (SETUP, SETUP + "        self.train = True\n"),
    ),
    _wrong(
        "ready_made",
        READY,
        (NORMED, ""),
        (LAST, "        return F.batch_norm(x, mean, var, self.weight, self.bias, False, 0.0, self.eps)\n"),
    ),
    _whole(
        "ready_made_class",
        READY,
        "\nclass BatchNorm1d(nn.BatchNorm1d):\n    pass\n",
    ),
    _wrong(
        "a_layer_norm",
        "You normalize each row, as layer norm does. Batch norm normalizes each feature over the rows.",
        (ELSE, ELSE + "        mean = x.mean(dim=1, keepdim=True)\n"
         "        var = x.var(dim=1, unbiased=False, keepdim=True)\n"),
    ),
    _whole(
        "a_function",
        "You wrote a function. A layer is a class: class BatchNorm1d(nn.Module), with __init__ and forward.",
        "\ndef BatchNorm1d(x, eps=1e-5):\n    var = x.var(dim=0, unbiased=False)\n"
        "    return (x - x.mean(dim=0)) / torch.sqrt(var + eps)\n",
    ),
    _whole(
        "a_plain_class",
        "Your class is no module, so a net cannot hold or switch it: class BatchNorm1d(nn.Module).",
        RIGHT.replace("(nn.Module)", "").replace(SETUP, "        self.training = True\n"),
    ),
)  # fmt: skip
