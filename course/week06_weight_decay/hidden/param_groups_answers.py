"""Typical mistakes in param_groups, and right answers that are written differently."""

from autograder.checks.answers import changed

RIGHT = """
def param_groups(model, weight_decay):
    weights, others = [], []
    for p in model.parameters():
        if not p.requires_grad:
            continue
        if p.ndim >= 2:
            weights.append(p)
        else:
            others.append(p)
    return [
        {"params": weights, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
"""
LOOP = "for p in model.parameters():"
NAMED = "for name, p in model.named_parameters():"
FIRST = '{"params": weights, "weight_decay": weight_decay}'
SECOND = '{"params": others, "weight_decay": 0.0}'
BOTH = f"return [\n        {FIRST},\n        {SECOND},\n    ]"
SKIP = "        if not p.requires_grad:\n            continue\n"


def _wrong(name, sentence, *changes):  # type: ignore[no-untyped-def]
    return changed("param_groups", RIGHT, name, sentence, *changes)


MISTAKES = (
    _wrong(
        "by_the_name_weight",
        "Norm layers have scales that are named weight. Their job is not to be small: decide by p.ndim.",
        (LOOP, NAMED),
        ("p.ndim >= 2", 'name.endswith("weight")'),
    ),
    _wrong(
        "frozen_included",
        "A frozen parameter gets no gradient and should stay where it is. Leave it out of both lists: ask "
        "p.requires_grad.",
        (SKIP, ""),
    ),
    _wrong(
        "frozen_among_the_others",
        "Frozen parameters are in your second list. They belong into neither.",
        (SKIP, ""),
        ("if p.ndim >= 2:", "if p.requires_grad and p.ndim >= 2:"),
    ),
    _wrong(
        "only_frozen",
        "The condition is the wrong way round: you keep the frozen parameters and leave out those that "
        "learn.",
        ("if not p.requires_grad:", "if p.requires_grad:"),
    ),
    _wrong(
        "decays_swapped",
        "Now the biases decay and the weights do not: the first dict, with the weights, has weight_decay.",
        ('weights, "weight_decay": weight_decay', 'weights, "weight_decay": 0.0'),
        ('others, "weight_decay": 0.0', 'others, "weight_decay": weight_decay'),
    ),
    _wrong(
        "groups_swapped",
        "The weights, with their decay, come first. In your list the other parameters do.",
        (FIRST, "FIRST"),
        (SECOND, FIRST),
        ("FIRST", SECOND),
    ),
    _wrong(
        "lists_swapped",
        "Your first dict holds the biases and your second the weights: p.ndim >= 2 means a weight.",
        ("p.ndim >= 2", "p.ndim < 2"),
    ),
    _wrong(
        "one_group",
        "One group cannot have two decays. Return a list of two dicts: weights with weight_decay, all others "
        "with 0.0.",
        (BOTH, 'return [{"params": weights + others, "weight_decay": weight_decay}]'),
    ),
    _wrong(
        "one_dict",
        "You return a dict. Return a list of two of them, in square brackets.",
        (BOTH, "return " + FIRST),
    ),
    _wrong(
        "second_without_its_decay",
        "Your second dict has no weight_decay of its own, so it gets the optimizer's default, which in AdamW "
        'is 0.01: the biases decay after all. Write "weight_decay": 0.0.',
        (', "weight_decay": 0.0', ""),
    ),
    _wrong(
        "first_without_its_decay",
        "Your first dict has no weight_decay of its own, so the weights get the optimizer's default instead "
        "of what was asked for.",
        (', "weight_decay": weight_decay', ""),
    ),
    _wrong(
        "neither_has_a_decay",
        "Neither dict has a weight_decay, so both groups get the optimizer's default. That is why there are "
        "two: each says its own.",
        (', "weight_decay": weight_decay', ""),
        (', "weight_decay": 0.0', ""),
    ),
    _wrong(
        "both_decay",
        "Both dicts have the decay that was given. All parameters but the weights get 0.0.",
        ('"weight_decay": 0.0', '"weight_decay": weight_decay'),
    ),
    _wrong(
        "a_fixed_decay",
        'The first decay is a fixed number in your code. It is the argument: "weight_decay": weight_decay.',
        ('"weight_decay": weight_decay', '"weight_decay": 0.5'),
    ),
    _wrong(
        "parameters_of_all_modules",
        "modules() contains the containers, too, so each parameter comes several times. "
        "model.parameters() gives each once.",
        (LOOP, "for p in [p for module in model.modules() for p in module.parameters()]:"),
    ),
    _wrong(
        "own_parameters_of_each_module",
        "A weight that two layers share comes twice in your walk through the layers. model.parameters() "
        "gives each tensor once.",
        (LOOP, "for p in [p for module in model.modules() for p in module.parameters(recurse=False)]:"),
    ),
    _wrong(
        "generators",
        "A generator is used up after one reading: the second optimizer gets nothing. Make lists, with "
        "square brackets.",
        ('"params": weights,', '"params": (p for p in weights),'),
        ('"params": others,', '"params": (p for p in others),'),
    ),
    _wrong(
        "linear_layers_only",
        "You look at nn.Linear alone. The parameters of other layers are in no group, so they never train.",
        (LOOP, "for p in [p for m in model.modules() if isinstance(m, nn.Linear) for p in m.parameters()]:"),
    ),
    _wrong(
        "by_the_kind_of_layer",
        "You leave norm layers out altogether, so their scales and shifts never train. They belong into the "
        "second list.",
        (
            LOOP,
            "for p in [p for m in model.modules() if 'Norm' not in type(m).__name__\n"
            "              for p in m.parameters(recurse=False)]:",
        ),
    ),
    _wrong(
        "names",
        "Your lists hold names. The optimizer wants the tensors themselves: append p, not its name.",
        (LOOP, NAMED),
        ("weights.append(p)", "weights.append(name)"),
        ("others.append(p)", "others.append(name)"),
    ),
    _wrong(
        "pairs",
        "Your lists hold pairs (name, parameter). Append the parameter alone.",
        (LOOP, NAMED),
        ("weights.append(p)", "weights.append((name, p))"),
        ("others.append(p)", "others.append((name, p))"),
    ),
    _wrong(
        "data",
        "p.data is a new tensor without a gradient: the optimizer would move nothing. Append p itself.",
        ("weights.append(p)", "weights.append(p.data)"),
        ("others.append(p)", "others.append(p.data)"),
    ),
)
