"""More typical mistakes in param_groups: axes, order, empty groups, odd things that come back."""

from hidden.param_groups_answers import BOTH, FIRST, LOOP, SECOND, SKIP, _wrong

MORE = (
    _wrong(
        "exactly_two_axes",
        "A convolution's weight has three or four axes, and yours lands among the biases. Ask p.ndim >= 2, "
        "not == 2.",
        ("p.ndim >= 2", "p.ndim == 2"),
    ),
    _wrong(
        "more_than_two_axes",
        "A linear layer's weight has two axes, and p.ndim > 2 leaves it out. Two or more: p.ndim >= 2.",
        ("p.ndim >= 2", "p.ndim > 2"),
    ),
    _wrong(
        "every_parameter_with_an_axis",
        "p.ndim >= 1 holds for a bias, too: all parameters decay. A weight has two axes or more.",
        ("p.ndim >= 2", "p.ndim >= 1"),
    ),
    _wrong(
        "by_the_number_of_values",
        "You ask how many numbers a parameter has. A long bias has many: ask for its axes, p.ndim.",
        ("p.ndim >= 2", "p.numel() > 1"),
    ),
    _wrong(
        "empty_group_dropped",
        "A list without parameters makes you drop its dict. Two dicts come back in any case, and an empty "
        "list is fine.",
        (BOTH, "return [group for group in (" + FIRST + ", " + SECOND + ') if group["params"]]'),
    ),
    _wrong(
        "no_weights_is_an_error",
        "You raise an error where there is nothing to decay. An empty list is fine: return both dicts.",
        (
            "    return [",
            "    if not weights or not others:\n        raise ValueError('nothing')\n    return [",
        ),
    ),
    _wrong(
        "sorted_by_size",
        "Your lists are sorted by size. Keep the order of model.parameters().",
        ("    return [", "    weights.sort(key=torch.numel)\n    others.sort(key=torch.numel)\n    return ["),
    ),
    _wrong(
        "last_one_first",
        "Each parameter goes to the front of your list, so the order is turned round. Use append.",
        ("weights.append(p)", "weights.insert(0, p)"),
        ("others.append(p)", "others.insert(0, p)"),
    ),
    _wrong(
        "outer_layers_only",
        "You walk through the outermost layers alone: what lies inside of another Sequential is in no group, "
        "and a layer that is used twice may come twice. Take model.parameters().",
        (LOOP, "for p in [p for layer in model for p in layer.parameters(recurse=False)]:"),
    ),
    _wrong(
        "unfreezes",
        "You set requires_grad, so frozen parameters begin to learn. Only read it.",
        (
            "        if not p.requires_grad:\n            continue\n",
            "        frozen, p.requires_grad = not p.requires_grad, True\n"
            "        if frozen:\n            continue\n",
        ),
    ),
    _wrong(
        "a_tuple_of_lists",
        'You return the two lists. Each belongs into a dict, under "params", with its "weight_decay".',
        (BOTH, "return weights, others"),
    ),
    _wrong(
        "an_optimizer",
        "You return an optimizer. The two dicts are asked for, from which one can be made.",
        (BOTH, "return torch.optim.AdamW([" + FIRST + ", " + SECOND + "])"),
    ),
    _wrong(
        "another_key",
        'A parameter group has the keys "params" and "weight_decay". Yours are called otherwise, and the '
        "optimizer would not find them.",
        ('"params"', '"parameters"'),
    ),
    _wrong(
        "decay_by_a_short_key",
        'The optimizer knows the decay as "weight_decay". A key of your own is ignored, and the default '
        "is used.",
        ('"weight_decay": ', '"decay": '),
    ),
    _wrong(
        "nothing_returned",
        "Your function ends without return, so None comes back. Return the list.",
        ("return [", "groups = ["),
    ),
    _wrong(
        "return_in_the_loop",
        "The return stands inside the loop, which ends it after the first parameter. Move it to the left.",
        ("            others.append(p)\n    return [", "            others.append(p)\n        return ["),
    ),
    _wrong(
        "a_list_of_lists",
        'You return two lists. Each belongs into a dict, under "params", with its "weight_decay".',
        (BOTH, "return [weights, others]"),
    ),
    _wrong(
        "a_group_for_each_parameter",
        "You make a dict for each parameter. Two dicts are asked for, each with a list of parameters.",
        (
            BOTH,
            'return [{"params": p, "weight_decay": weight_decay} for p in weights] + [\n'
            '        {"params": p, "weight_decay": 0.0} for p in others]',
        ),
    ),
    _wrong(
        "second_dropped_if_empty",
        "Where no parameter is left over you drop the second dict. Two dicts come back in any case.",
        (BOTH, BOTH.replace("return", "groups =") + "\n    return groups if others else groups[:1]"),
    ),
    _wrong(
        "copies",
        "p.clone() is a copy: the optimizer would move it, or refuse it, and the net stays as it is. Append "
        "p.",
        ("weights.append(p)", "weights.append(p.clone())"),
        ("others.append(p)", "others.append(p.clone())"),
    ),
    _wrong(
        "parameters_of_a_copy",
        "These parameters are new ones, of a copied model or from nn.Parameter(…): the optimizer would move "
        "them, and your model stays as it is. Append its own p.",
        (LOOP, "import copy\n    for p in copy.deepcopy(model).parameters():"),
    ),
    _wrong(
        "gradients_cleared",
        "You clear the gradients of the model: that is the training loop's business. Only sort parameters.",
        ("    return [", "    model.zero_grad()\n    return ["),
    ),
    _wrong(
        "switched_to_eval",
        "You call model.eval() or model.train(): that changes how the model computes. Only sort parameters.",
        ("    return [", "    model.eval()\n    return ["),
    ),
    _wrong(
        "all_in_the_second",
        "Your second list holds all parameters, the weights once more. Each belongs into exactly one list.",
        ("        else:\n            others.append(p)", "        others.append(p)"),
    ),
    _wrong(
        "all_in_the_first",
        "Your first list holds all parameters, the biases as well. Each belongs into exactly one list.",
        (
            "        if p.ndim >= 2:\n            weights.append(p)\n        else:",
            "        weights.append(p)\n        if p.ndim < 2:",
        ),
    ),
    _wrong(
        "frozen_weights_included",
        "Frozen weights are in your first list: you ask requires_grad of the others alone. Ask it of all.",
        (SKIP, ""),
        ("        else:", "        elif p.requires_grad:"),
    ),
    _wrong(
        "frozen_others_included",
        "Frozen biases are in your second list: you ask requires_grad of the weights alone. Ask it of all.",
        (SKIP, ""),
        (
            "        if p.ndim >= 2:\n            weights.append(p)",
            "        if p.ndim >= 2:\n            weights += [p] if p.requires_grad else []",
        ),
    ),
    _wrong(
        "all_are_unfrozen",
        "You set requires_grad, so frozen parameters begin to learn. Only read it.",
        (SKIP, "        p.requires_grad_(True)\n"),
    ),
    _wrong(
        "lists_begun_anew",
        "The lists are made inside the loop, so only the last parameter is left. Begin them once, before it.",
        (LOOP, LOOP + "\n        weights, others = [], []"),
    ),
    _wrong(
        "a_small_decay_for_the_others",
        "The others have a decay of 0.01 in your list. It is 0.0: they are not pulled at all.",
        ('"weight_decay": 0.0', '"weight_decay": 0.01'),
    ),
    _wrong(
        "yields",
        "You yield the dicts one by one. Return a list of both.",
        (BOTH, "yield " + FIRST + "\n    yield " + SECOND),
    ),
    _wrong(
        "a_third_group",
        "You return three dicts. Frozen parameters need none: leave them out, and return two.",
        (
            BOTH,
            BOTH.replace("]", "")
            + '    {"params": [p for p in model.parameters() if not p.requires_grad]},\n    ]',
        ),
    ),
    _wrong(
        "groups_of_an_optimizer",
        "An optimizer that gets model.parameters() has a single group. Make the two dicts yourself.",
        (BOTH, "return torch.optim.AdamW(model.parameters(), weight_decay=weight_decay).param_groups"),
    ),
    _wrong(
        "half_of_the_decay",
        "The first dict has another decay than the one that was given. Hand it on as it is.",
        ('"weight_decay": weight_decay', '"weight_decay": weight_decay / 2'),
    ),
    _wrong(
        "none_as_the_decay",
        "None is no decay: the optimizer needs a number, 0.0.",
        ('"weight_decay": 0.0', '"weight_decay": None'),
    ),
)
