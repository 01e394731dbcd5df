"""Typical mistakes in finetune: what is carried over, and what becomes of the source and of the head."""

from autograder.checks.answers import changed
from autograder.model import Mistake

EXERCISE = "finetune"
# Most mistakes differ from this right answer in a line or two.
RIGHT = """
import copy

def finetune(source_model, loader, n_classes, epochs, lr):
    model = copy.deepcopy(source_model)
    layers = model if isinstance(model, nn.Sequential) else model.layers
    layers[-1] = nn.Linear(layers[-1].in_features, n_classes)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=lr)
    criterion = nn.CrossEntropyLoss()
    model.train()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d) and not module.weight.requires_grad:
            module.eval()
    for _ in range(epochs):
        for inputs, labels in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), labels)
            loss.backward()
            optimizer.step()
    model.eval()
    return model
"""
START = "    model = copy.deepcopy(source_model)\n"
HEAD = "    layers[-1] = nn.Linear(layers[-1].in_features, n_classes)\n"
OPTIMIZER = "    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=lr)\n"
GROUP = "[p for p in model.parameters() if p.requires_grad]"
NORM = """    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d) and not module.weight.requires_grad:
            module.eval()
"""
LOSS = "criterion(model(inputs), labels)"
BATCHES = "        for inputs, labels in loader:\n"
END = "    model.eval()\n    return model\n"


def wrong(name: str, sentence: str, *changes: tuple[str, str]) -> Mistake:
    """Return a mistake that differs from the right answer in these places."""
    return changed(EXERCISE, RIGHT, name, sentence, *changes)


MISTAKES = (
    wrong(
        "trains_the_source_itself",
        "model = source_model is a second name for the same net: the source is trained away. Begin with "
        "copy.deepcopy(source_model).",
        (START, "    model = source_model\n"),
    ),
    wrong(
        "shallow_copy",
        "Your new net is made of the very layers of the source, as copy.copy makes it: both are trained, and "
        "the source gets the new head. copy.deepcopy copies the tensors, too.",
        (START, "    model = copy.copy(source_model)\n"),
    ),
    wrong(
        "nothing_loaded",
        "strict=False passes over names that do not fit in silence, and here none fits: your net is a fresh "
        "one. With 0 epochs the body must be the source's: try that test.",
        (START, START + "    fresh = copy.deepcopy(source_model)\n    for module in fresh.modules():\n"
         "        if hasattr(module, 'reset_parameters'):\n            module.reset_parameters()\n"
         "    state = {'source.' + name: value for name, value in model.state_dict().items()}\n"
         "    fresh.load_state_dict(state, strict=False)\n    model = fresh\n"),
    ),
    wrong(
        "all_layers_reset",
        "You give every layer new values, so you train from scratch. Only the head is new.",
        (HEAD, HEAD + "    for module in model.modules():\n"
         "        if isinstance(module, nn.Linear):\n            module.reset_parameters()\n"),
    ),
    wrong(
        "buffers_left_behind",
        "You carry the parameters over and lose the buffers: batch norm starts with a running mean of 0 and "
        "a variance of 1. state_dict() and deepcopy hold both.",
        (START, START + "    for module in model.modules():\n"
         "        if isinstance(module, nn.BatchNorm1d):\n            module.reset_running_stats()\n"),
    ),
    wrong(
        "last_hidden_layer_new_as_well",
        "You replace more than the head: the last hidden layer is new, too. All but the last linear layer "
        "comes from the source.",
        (HEAD, HEAD + "    linear = [m for m in model.modules() if isinstance(m, nn.Linear)]\n"
         "    linear[-2].reset_parameters()\n"),
    ),
    wrong(
        "old_head_kept",
        "You keep the old last layer. A new task needs a new nn.Linear with n_classes outputs.",
        (HEAD, ""),
    ),
    wrong(
        "head_added_behind",
        "You add a layer behind the old head. The new head takes its place, and gets its inputs.",
        (HEAD, "    layers.append(nn.Linear(layers[-1].out_features, n_classes))\n"),
    ),
    wrong(
        "old_head_kept_for_as_many_classes",
        "You keep the old head where n_classes is its number of outputs already. Its classes may be others: "
        "the head is new in any case.",
        (HEAD, "    if layers[-1].out_features != n_classes:\n    " + HEAD),
    ),
    wrong(
        "old_rows_kept",
        "You fill the new head with rows of the old one. Its values are to be its own.",
        (HEAD, "    old = layers[-1]\n" + HEAD + "    with torch.no_grad():\n"
         "        rows = min(n_classes, old.out_features)\n"
         "        layers[-1].weight[:rows] = old.weight[:rows]\n"),
    ),
    wrong(
        "head_of_zeros",
        "You set the new head to 0. Leave it the random values with which nn.Linear is born.",
        (HEAD, HEAD + "    nn.init.zeros_(layers[-1].weight)\n    nn.init.zeros_(layers[-1].bias)\n"),
    ),
    wrong(
        "seed_set_inside",
        "You set a seed: every head is then born with the same values, and the caller's random numbers start "
        "anew. Leave the seed to the caller.",
        (HEAD, "    torch.manual_seed(0)\n" + HEAD),
    ),
    wrong(
        "seed_set_after_the_head",
        "You set a seed before you train: the caller's random numbers start anew, and every run shuffles "
        "alike. Leave the seed to the caller.",
        (OPTIMIZER, "    torch.manual_seed(42)\n" + OPTIMIZER),
    ),
    wrong(
        "old_bias_kept",
        "You give the new head the bias of the old one. All its values are to be its own.",
        (HEAD, "    old = layers[-1]\n" + HEAD + "    if n_classes == old.out_features:\n"
         "        layers[-1].bias.data = old.bias.data.clone()\n"),
    ),
    wrong(
        "head_outside_the_optimizer",
        "The optimizer was made before the head was replaced: it moves the old head, and the new one never "
        "learns. New head first, then the optimizer.",
        (OPTIMIZER, ""),
        (HEAD, OPTIMIZER + HEAD),
    ),
    wrong(
        "head_alone_learns",
        "Your optimizer knows the head alone, so the body never moves. Give it all parameters that learn: "
        "what is frozen is the caller's choice.",
        (GROUP, "layers[-1].parameters()"),
    ),
    wrong(
        "body_frozen",
        "You freeze the body. Here all learns that learns in the source: freezing is the caller's choice.",
        (HEAD, "    model.requires_grad_(False)\n" + HEAD),
    ),
    wrong(
        "everything_unfrozen",
        "All learns, also what the caller had frozen in the source. deepcopy carries the flags over, "
        "state_dict() does not: leave or set them as they are in the source.",
        (HEAD, HEAD + "    model.requires_grad_(True)\n"),
    ),
    wrong(
        "old_head_flags_on_the_new_head",
        "You copy the old head's flags to the new head: if that was frozen, nothing may learn. The head "
        "always learns.",
        (HEAD, "    learns = layers[-1].weight.requires_grad\n" + HEAD
         + "    layers[-1].requires_grad_(learns)\n"),
        (GROUP, "model.parameters()"),
    ),
    wrong(
        "frozen_ones_thawed_while_training",
        "You thaw everything for the training and freeze it again at the end: the flags look right, but what "
        "was frozen has moved.",
        ("    optimizer = ", "    flags = [p.requires_grad for p in model.parameters()]\n"
         "    model.requires_grad_(True)\n    optimizer = "),
        (END, "    for p, flag in zip(model.parameters(), flags):\n        p.requires_grad_(flag)\n" + END),
    ),
    wrong(
        "source_frozen",
        "You freeze the source, and not only your copy. The source keeps its flags.",
        (START, "    source_model.requires_grad_(False)\n" + START + "    model.requires_grad_(True)\n"),
        (NORM, ""),
    ),
    wrong(
        "source_left_in_eval",
        "You call eval() on the source, which was in train mode. The source keeps its modes: switch your "
        "copy.",
        (START, START + "    source_model.eval()\n"),
    ),
)  # fmt: skip
