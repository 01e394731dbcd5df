"""Typical mistakes in l2_penalty: the formula, and which parameters count."""

from autograder.checks.answers import changed

RIGHT = """
def l2_penalty(model, lam, skip_bias=True):
    total = 0.0
    for p in model.parameters():
        if p.ndim >= 2 or not skip_bias:
            total = total + (p ** 2).sum()
    return 0.5 * lam * total
"""
ADD = "total = total + (p ** 2).sum()"
ASK = "if p.ndim >= 2 or not skip_bias:"
LOOP = "for p in model.parameters():"
END = "return 0.5 * lam * total"


def _wrong(name, sentence, *changes):  # type: ignore[no-untyped-def]
    return changed("l2_penalty", RIGHT, name, sentence, *changes)


FORMULA = (
    _wrong(
        "half_forgotten",
        "The ½ is there so that the gradient is λw. Yours is 2λw: you train with twice the λ you think.",
        (END, "return lam * total"),
    ),
    _wrong(
        "mean_instead_of_sum",
        "A mean makes the penalty of a big layer tiny, so the same λ would mean something else for every "
        "width. Add the squares up, do not average them.",
        (".sum()", ".mean()"),
    ),
    _wrong(
        "mean_over_all_weights",
        "You divide by the number of weights, so λ would mean something else for every net. Only add up.",
        ("total = 0.0", "total, count = 0.0, 0"),
        (ADD, "total, count = total + (p ** 2).sum(), count + p.numel()"),
        (END, "return 0.5 * lam * total / count"),
    ),
    _wrong(
        "norm_of_each_layer",
        "You add up norms, with their roots: the gradient of ‖w‖ has length 1 however long w is. The sum of "
        "the squares has no root.",
        ("(p ** 2).sum()", "p.norm()"),
    ),
    _wrong(
        "norm_of_all_weights",
        "You take the root of the whole sum: the gradient of a norm has length 1 however long w is. Leave "
        "the root out.",
        (END, "return 0.5 * lam * total ** 0.5"),
    ),
    _wrong(
        "absolute_values",
        "Sizes instead of squares: that is L1, and with a ½. It pulls each weight equally hard, small or "
        "large. Square the weights.",
        ("(p ** 2).sum()", "p.abs().sum()"),
    ),
    _wrong(
        "absolute_values_without_half",
        "That is the L1 penalty, λΣ|w|: it pulls each weight equally hard. L2 is ½·λ·Σw²: square the "
        "weights, and take half.",
        ("(p ** 2).sum()", "p.abs().sum()"),
        (END, "return lam * total"),
    ),
    _wrong(
        "sum_first_then_square",
        "You add the weights up and square the sum, so weights of both signs cancel. Square each one first: "
        "(p ** 2).sum(), not p.sum() ** 2.",
        ("(p ** 2).sum()", "p.sum() ** 2"),
    ),
    _wrong(
        "plain_sum",
        "You add up the weights without squaring them: positive and negative ones cancel. Square each first.",
        ("(p ** 2).sum()", "p.sum()"),
    ),
    _wrong(
        "lam_squared",
        "λ counts once: it multiplies the sum of the weights' squares. λ itself is not "
        "squared, and neither is it put inside of the square.",
        (END, "return 0.5 * lam ** 2 * total"),
    ),
    _wrong(
        "lam_once_for_each_tensor",
        "You multiply what you have so far by λ in every turn of the loop, so the first layers get λ "
        "several times. Multiply once, after the loop.",
        (ADD, "total = lam * (total + (p ** 2).sum())"),
        (END, "return 0.5 * total"),
    ),
    _wrong(
        "lam_forgotten",
        "λ is missing: your penalty is the same for each strength. Multiply the sum by 0.5 * lam.",
        (END, "return 0.5 * total"),
    ),
    _wrong(
        "minus",
        "Your penalty is negative: subtracting it rewards large weights. It is added to the loss, with a "
        "plus.",
        (END, "return -0.5 * lam * total"),
    ),
    _wrong(
        "divided_by_lam",
        "You divide by λ, so a stronger decay costs less. Multiply: 0.5 * lam * total.",
        (END, "return 0.5 * total / max(lam, 1e-12)"),
    ),
    _wrong(
        "half_is_in_the_square",
        "You halve the weights before squaring, which makes a quarter of it. Square first, then take half.",
        ("(p ** 2).sum()", "((0.5 * p) ** 2).sum()"),
        (END, "return lam * total"),
    ),
    _wrong(
        "cubes",
        "A weight to the third power keeps its sign, so the costs of some weights are negative. Square: p "
        "** 2.",
        ("p ** 2", "p ** 3"),
    ),
)

COUNTED = (
    _wrong(
        "biases_always_in",
        "Your answer is the same with skip_bias True and False: all parameters are always in. Look at "
        "skip_bias, and leave out those with fewer than two axes if it is True.",
        (ASK, "if True:"),
    ),
    _wrong(
        "biases_never_in",
        "With skip_bias=False the biases count, too. Yours leaves them out either way.",
        (ASK, "if p.ndim >= 2:"),
    ),
    _wrong(
        "skip_turned_round",
        "The condition is the wrong way round: skip_bias=True means leave them out.",
        ("not skip_bias", "skip_bias"),
    ),
    _wrong(
        "default_False",
        "Without a third argument the biases are left out: the default is skip_bias=True.",
        ("skip_bias=True", "skip_bias=False"),
    ),
    _wrong(
        "only_biases",
        "You count the biases and leave the weights out. Count those with two axes or more.",
        ("p.ndim >= 2", "p.ndim < 2"),
    ),
    _wrong(
        "first_layer_only",
        "Only the first layer counts in your answer. Go through all of model.parameters(); a return inside "
        "the loop ends it at once.",
        (ADD, ADD + "\n            break"),
    ),
    _wrong(
        "last_layer_only",
        "Only the last layer counts: inside the loop the total is overwritten. Add to it instead.",
        (ADD, "total = (p ** 2).sum()"),
    ),
    _wrong(
        "by_the_name_weight",
        "A norm layer's scale is called weight and is not one, and it is not called bias either. Names "
        "mislead: decide by p.ndim.",
        (LOOP, "for name, p in model.named_parameters():"),
        ("p.ndim >= 2", '"weight" in name'),
    ),
    _wrong(
        "exactly_two_axes",
        "You count tables alone. A convolution's weight has three or four axes and is a weight: ask for "
        "p.ndim >= 2, not == 2.",
        ("p.ndim >= 2", "p.ndim == 2"),
    ),
    _wrong(
        "more_than_two_axes",
        "p.ndim > 2 leaves out the weights of linear layers, which have two axes. Two or more: p.ndim >= 2.",
        ("p.ndim >= 2", "p.ndim > 2"),
    ),
    _wrong(
        "more_than_one_number",
        "You ask how many numbers a parameter has. A bias has several as well: ask for its axes, p.ndim.",
        ("p.ndim >= 2", "p.numel() > 1"),
    ),
    _wrong(
        "frozen_left_out",
        "You leave frozen parameters out. They count here: the penalty says how large the net's weights are, "
        "whoever moves them.",
        (ASK, "if p.requires_grad and (p.ndim >= 2 or not skip_bias):"),
    ),
    _wrong(
        "linear_layers_only",
        "You look at nn.Linear alone. Convolutions and others have weights, too, and norm layers count with "
        "skip_bias=False: go through model.parameters().",
        (
            LOOP,
            "for layer in model.modules():\n        if not isinstance(layer, nn.Linear):\n            "
            "continue\n        ps = [layer.weight] if skip_bias or layer.bias is None else [layer.weight, "
            "layer.bias]\n        for p in ps:",
        ),
        ("        if p.ndim >= 2 or not skip_bias:\n            total", "            total"),
    ),
    _wrong(
        "outer_layers_only",
        "You walk through the outermost layers alone: what lies inside of another Sequential is not seen. "
        "model.parameters() reaches everything.",
        (LOOP, "for p in [p for layer in model.children() for p in layer.parameters(recurse=False)]:"),
    ),
    _wrong(
        "state_dict",
        "model.state_dict() holds detached tensors, and buffers as well: no gradient flows. Take "
        "model.parameters().",
        (LOOP, "for p in model.state_dict().values():"),
        ("(p ** 2)", "(p.float() ** 2)"),
    ),
    _wrong(
        "parameters_of_all_modules",
        "model.modules() contains the containers, too, so each tensor comes several times. "
        "model.parameters() gives each once.",
        (LOOP, "for p in [p for module in model.modules() for p in module.parameters()]:"),
    ),
    _wrong(
        "own_parameters_of_each_module",
        "A weight that two layers share comes twice in your walk through the layers. model.parameters() "
        "gives each tensor once.",
        (LOOP, "for p in [p for module in model.modules() for p in module.parameters(recurse=False)]:"),
    ),
)
