"""Right answers to param_groups that are written differently."""

from autograder.model import Variant


def _right(name: str, source: str) -> Variant:
    return Variant("param_groups", name, source)


VARIANTS = (
    _right(
        "comprehensions",
        """
def param_groups(model, weight_decay):
    decay = [p for p in model.parameters() if p.requires_grad and p.dim() > 1]
    rest = [p for _, p in model.named_parameters() if p.requires_grad and not p.dim() > 1]
    return [dict(params=decay, weight_decay=weight_decay), dict(params=rest, weight_decay=0)]
""",
    ),
    _right(
        "filters",
        """
def param_groups(model, weight_decay):
    learning = list(filter(lambda p: p.requires_grad, model.parameters()))
    return [
        {"weight_decay": weight_decay, "params": list(filter(lambda p: len(p.shape) >= 2, learning))},
        {"weight_decay": 0.0, "params": list(filter(lambda p: len(p.shape) < 2, learning))},
    ]
""",
    ),
    _right(
        "append_into_the_dicts",
        """
def param_groups(model, weight_decay):
    groups = [{"params": [], "weight_decay": float(weight_decay)}, {"params": [], "weight_decay": 0.0}]
    for p in model.parameters():
        if p.requires_grad:
            groups[p.ndim < 2]["params"].append(p)
    return groups
""",
    ),
    _right(
        "a_helper",
        """
def is_weight(p):
    return p.ndim not in (0, 1)

def param_groups(model, weight_decay):
    groups = []
    for wanted, decay in ((True, weight_decay), (False, 0.0)):
        chosen = []
        for p in model.parameters():
            if p.requires_grad is True and is_weight(p) == wanted:
                chosen += [p]
        groups.append({"params": chosen, "weight_decay": decay})
    print(len(groups), "groups")
    return groups
""",
    ),
    _right(
        "by_identity",
        """
def param_groups(model, weight_decay):
    weights = {id(p): p for p in model.parameters() if p.requires_grad and p.ndim > 1}
    rest = [p for p in model.parameters() if p.requires_grad and id(p) not in weights]
    return [
        {"params": list(weights.values()), "weight_decay": weight_decay, "name": "weights"},
        {"params": rest, "weight_decay": 0.0, "name": "others"},
    ]
""",
    ),
    _right(
        "through_the_modules",
        """
def param_groups(model, weight_decay):
    seen, weights, others = set(), [], []
    for module in model.modules():
        for p in module.parameters(recurse=False):
            if p.requires_grad and p not in seen:
                seen.add(p)
                (weights if p.ndim >= 2 else others).append(p)
    return [{"params": weights, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]
""",
    ),
    _right(
        "of_an_optimizer_with_two_groups",
        """
def param_groups(model, weight_decay):
    learning = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in learning if p.ndim >= 2], "weight_decay": weight_decay, "lr": 0.01},
        {"params": [p for p in learning if p.ndim < 2], "weight_decay": 0.0, "lr": 0.01},
    ]
    return torch.optim.AdamW(groups).param_groups
""",
    ),
    _right(
        "parameter_lists",
        """
def param_groups(model, weight_decay):
    learning = [p for p in model.parameters() if p.requires_grad]
    weights, others = ([p for p in learning if (p.ndim >= 2) is yes] for yes in (True, False))
    pairs = ((weights, weight_decay), (others, 0.0))
    return [{"params": nn.ParameterList(chosen), "weight_decay": decay} for chosen, decay in pairs]
""",
    ),
    _right(
        "a_tuple_of_tuples",
        """
def param_groups(model, weight_decay):
    learning = [p for p in model.parameters() if p.requires_grad]
    return (
        {"params": tuple(p for p in learning if p.ndim >= 2), "weight_decay": weight_decay},
        {"params": tuple(p for p in learning if p.ndim < 2), "weight_decay": 0.0},
    )
""",
    ),
)
