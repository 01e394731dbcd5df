"""Typical mistakes in freeze_backbone."""

from autograder.checks.answers import changed
from autograder.model import Mistake

EXERCISE = "freeze_backbone"
# Most mistakes differ from this right answer in a line or two.
RIGHT = """
def freeze_backbone(model, n_layers):
    layers = [m for m in model.modules() if list(m.parameters(recurse=False))]
    if n_layers < 0 or n_layers > len(layers):
        raise ValueError("n_layers")
    for place, layer in enumerate(layers):
        frozen = place < n_layers
        for p in layer.parameters(recurse=False):
            p.requires_grad = not frozen
        if frozen and isinstance(layer, nn.BatchNorm1d):
            layer.eval()
    return model
"""
LAYERS = "[m for m in model.modules() if list(m.parameters(recurse=False))]"
RANGE = """    if n_layers < 0 or n_layers > len(layers):
        raise ValueError("n_layers")
"""
FLAG = "            p.requires_grad = not frozen\n"
PARAMETERS = "for p in layer.parameters(recurse=False):"
NORM = """        if frozen and isinstance(layer, nn.BatchNorm1d):
            layer.eval()
"""


def wrong(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return a mistake that differs from the right answer in these places."""
    return changed(EXERCISE, RIGHT, name, sentence, *changes)


MISTAKES = (
    wrong(
        "children_counted",
        "You count all entries of the Sequential, ReLU included, so n_layers=2 freezes a single linear "
        "layer. Count what has parameters, and look into nested Sequentials: model.modules().",
        (LAYERS, "list(model.children())"),
        ("parameters(recurse=False)", "parameters()"),
    ),
    wrong(
        "nested_layers_missed",
        "You walk over the outermost entries alone: a Sequential inside counts as one layer. "
        "model.modules() gives the layers in it, too.",
        (LAYERS, "[m for m in model if list(m.parameters())]"),
        (PARAMETERS, "for p in layer.parameters():"),
    ),
    wrong(
        "nested_layers_skipped",
        "A Sequential inside has no parameters of its own, so you pass over it with all its layers. "
        "model.modules() gives those, too.",
        (LAYERS, "[m for m in model.children() if list(m.parameters(recurse=False))]"),
    ),
    wrong(
        "containers_counted",
        "model.modules() begins with the model itself, and parameters() of a Sequential gives all that lies "
        "in it: you count containers as layers. Ask for parameters(recurse=False).",
        (LAYERS, "[m for m in model.modules() if list(m.parameters())]"),
        (PARAMETERS, "for p in layer.parameters():"),
    ),
    wrong(
        "all_modules_counted",
        "You count every module, ReLU and the Sequential itself as well. A layer is what has parameters of "
        "its own.",
        (LAYERS, "list(model.modules())"),
    ),
    wrong(
        "linear_layers_only",
        "You take Linear alone for a layer. BatchNorm1d and LayerNorm have parameters, so they count as "
        "well.",
        (LAYERS, "[m for m in model.modules() if isinstance(m, nn.Linear)]"),
        (NORM, NORM.replace("if frozen and", "if False and")),
    ),
    wrong(
        "parameters_counted",
        "You freeze the first n_layers parameters. A linear layer has two of them, weight and bias.",
        ("    for place, layer in enumerate(layers):\n        frozen = place < n_layers\n",
         "    for place, p in enumerate(model.parameters()):\n        p.requires_grad = place >= n_layers\n"
         "    for place, layer in enumerate(layers):\n        frozen = place < n_layers\n"),
        (FLAG, "            pass\n"),
    ),
    wrong(
        "two_tensors_a_layer",
        "You take two parameters for each layer. A layer without bias has one: ask each layer for its own.",
        (FLAG, "            pass\n"),
        ("    return model\n", "    for place, p in enumerate(model.parameters()):\n"
         "        p.requires_grad = place >= 2 * n_layers\n    return model\n"),
    ),
    wrong(
        "biases_learn_on",
        "You freeze the weights and leave the biases learning. A layer has both.",
        (PARAMETERS + "\n" + FLAG, "for name, p in layer.named_parameters(recurse=False):\n"
         "            p.requires_grad = not frozen or name == 'bias'\n"),
    ),
    wrong(
        "biases_never_unfrozen",
        "You set the flag of the weights alone. Each bias has one, too.",
        (PARAMETERS + "\n" + FLAG, "if hasattr(layer, 'weight'):\n"
         "            layer.weight.requires_grad = not frozen\n"),
    ),
    wrong(
        "everything_frozen",
        "You freeze the whole net. The layers behind the first n_layers learn.",
        (FLAG, "            p.requires_grad = n_layers == 0\n"),
        ("frozen = place < n_layers", "frozen = n_layers > 0"),
    ),
    wrong(
        "last_layers_frozen",
        "You freeze the last n_layers layers. The first ones, next to the input, are the backbone.",
        ("frozen = place < n_layers", "frozen = place >= len(layers) - n_layers"),
    ),
    wrong(
        "the_others_frozen",
        "You freeze what should learn, and let learn what should be frozen.",
        ("frozen = place < n_layers", "frozen = place >= n_layers"),
    ),
    wrong(
        "one_layer_too_many",
        "You freeze one layer too many: n_layers=1 freezes the first, at place 0, alone.",
        ("frozen = place < n_layers", "frozen = place <= n_layers"),
    ),
    wrong(
        "one_layer_too_few",
        "You freeze one layer too few: with n_layers=1 the first layer, at place 0, is frozen.",
        ("frozen = place < n_layers", "frozen = place < n_layers - 1"),
    ),
    wrong(
        "only_that_layer",
        "You freeze layer n_layers alone. All of the first n_layers layers are to be frozen.",
        ("frozen = place < n_layers", "frozen = place == n_layers - 1"),
    ),
    wrong(
        "never_unfreezes",
        "You only ever freeze: what a call before has frozen stays so. Set requires_grad True on the "
        "parameters of all other layers.",
        (FLAG, "            if frozen:\n                p.requires_grad = False\n"),
    ),
    wrong(
        "unfreezes_only_with_zero",
        "You let layers learn again with n_layers=0 alone. Each call sets the flags of all layers.",
        (FLAG, "            if frozen or n_layers == 0:\n                p.requires_grad = not frozen\n"),
    ),
    wrong(
        "returns_none",
        "The net is changed rightly, but nothing comes back. End with return model.",
        ("    return model\n", ""),
    ),
    wrong(
        "returns_a_list",
        "A list comes back, of layers or parameters. The model itself is asked for.",
        ("return model", "return layers"),
    ),
    wrong(
        "freezes_a_copy",
        "You freeze a copy and leave the model that was given as it is. Set the flags of the model itself, "
        "and return it.",
        ("    layers =", "    import copy\n    model = copy.deepcopy(model)\n    layers ="),
    ),
    wrong(
        "rebuilt_in_a_new_sequential",
        "What comes back is a new Sequential around the same layers. Return the model that was given.",
        ("return model", "return nn.Sequential(*model)"),
    ),
    wrong(
        "no_flag_is_set",
        "After your call every parameter still learns. p.data and p.detach() are other tensors, p.grad = "
        "None lasts until the next backward, and a layer has no flag of its own: set p.requires_grad.",
        ("p.requires_grad = not frozen", "p.data.requires_grad = False"),
    ),
    wrong(
        "frozen_by_eval",
        "eval() freezes no weight: it only switches dropout and batch norm. Set requires_grad.",
        ("            p.requires_grad = not frozen", "            layer.train(not frozen)"),
    ),
    wrong(
        "no_grad_in_forward",
        "You wrap the forward pass into no_grad. The flags of the parameters stay True: set requires_grad.",
        (FLAG, "            pass\n        if frozen:\n"
         "            layer.forward = torch.no_grad()(layer.forward)\n"),
    ),
    wrong(
        "zeroed",
        "You set the frozen weights to 0. They are to stay as they are, and learn no more.",
        (FLAG, FLAG + "            if frozen:\n                p.data.zero_()\n"),
    ),
    wrong(
        "reset",
        "You give the layers that learn new values. No value is to change here: that is finetune's job.",
        (FLAG, FLAG + "        if not frozen:\n            layer.reset_parameters()\n"),
    ),
    wrong(
        "batch_norm_not_in_eval",
        "Your frozen BatchNorm1d is still in train mode: each batch moves its running mean and variance. "
        "Call eval() on it.",
        (NORM, ""),
    ),
    wrong(
        "whole_net_in_eval",
        "You put the whole net into eval mode, so dropout rests where it should work. Call eval() on frozen "
        "BatchNorm1d layers alone.",
        (NORM, "    model.eval()\n"),
    ),
    wrong(
        "all_batch_norms_in_eval",
        "You put every BatchNorm1d into eval mode. Those that learn stay in train mode.",
        ("if frozen and isinstance", "if isinstance"),
    ),
    wrong(
        "all_batch_norms_in_eval_nested",
        "You put BatchNorm1d into eval mode only where nothing is nested. model.modules() finds all of them.",
        (NORM, ""),
        ("    return model\n", "    for m in list(model)[:n_layers]:\n"
         "        if isinstance(m, nn.BatchNorm1d)"
         " and not m.weight.requires_grad:\n            m.eval()\n    return model\n"),
    ),
    wrong(
        "train_mode_first",
        "You call model.train(): a net that was in eval mode stays there, but for nothing that is frozen "
        "anyway. Leave train() to whoever trains.",
        ("    layers =", "    model.train()\n    layers ="),
    ),
    wrong(
        "too_many_accepted",
        "More layers than there are pass without a word. Raise ValueError.",
        ("if n_layers < 0 or n_layers > len(layers)", "if n_layers < 0"),
    ),
    wrong(
        "below_zero_accepted",
        "A number below 0 passes without a word. Raise ValueError.",
        ("if n_layers < 0 or n_layers > len(layers)", "if n_layers > len(layers)"),
    ),
    wrong(
        "no_ValueError",
        "Numbers below 0 and above the count of layers pass without a word. Raise ValueError for both.",
        (RANGE, ""),
    ),
    wrong(
        "all_layers_refused",
        "You refuse to freeze all layers. That is allowed: only more than there are is an error.",
        ("n_layers > len(layers)", "n_layers >= len(layers)"),
    ),
    wrong(
        "range_of_the_entries",
        "You compare n_layers with len(model), which counts ReLU as well. Compare with the number of layers "
        "that have parameters.",
        ("n_layers > len(layers)", "n_layers > len(model)"),
    ),
)  # fmt: skip
