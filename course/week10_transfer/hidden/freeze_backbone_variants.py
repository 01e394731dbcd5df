"""Right answers of freeze_backbone that are written differently."""

from hidden.freeze_backbone_answers import RIGHT

from autograder.model import Variant


def way(name: str, source: str) -> Variant:
    """Return a right answer."""
    return Variant("freeze_backbone", name, source)


VARIANTS = (
    way("flags_set_one_by_one", RIGHT),
    way("all_learn_first", """
def freeze_backbone(model, n_layers):
    layers = [m for m in model.modules() if len(m._parameters) and any(
        p is not None for p in m._parameters.values())]
    if n_layers not in range(len(layers) + 1):
        raise ValueError(f"0 to {len(layers)}, not {n_layers}")
    model.requires_grad_(True)
    for layer in layers[:n_layers]:
        layer.requires_grad_(False)
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            layer.eval()
    return model
"""),
    way("recursive", """
def _leaves(module):
    inner = list(module.children())
    if not inner:
        return [module] if list(module.parameters()) else []
    return [leaf for child in inner for leaf in _leaves(child)]


def freeze_backbone(model, n_layers):
    leaves = _leaves(model)
    assert_ok = 0 <= n_layers <= len(leaves)
    if not assert_ok:
        raise ValueError("no such number of layers")
    for i, leaf in enumerate(leaves):
        for p in leaf.parameters():
            p.requires_grad_(i >= n_layers)
        if i < n_layers and "BatchNorm" in type(leaf).__name__:
            leaf.train(False)
    return model
"""),
    way("by_names_of_parameters", """
def freeze_backbone(model, n_layers):
    owners = list(dict.fromkeys(name.rpartition(".")[0] for name, _ in model.named_parameters()))
    if n_layers < 0 or n_layers > len(owners):
        raise ValueError(n_layers)
    frozen = set(owners[:n_layers])
    for name, parameter in model.named_parameters():
        parameter.requires_grad = name.rpartition(".")[0] not in frozen
    for name, module in model.named_modules():
        if name in frozen and isinstance(module, nn.BatchNorm1d):
            module.eval()
    return model
"""),
    way("counting_down", """
def freeze_backbone(model, n_layers):
    if n_layers < 0:
        raise ValueError("n_layers is negative")
    if n_layers > sum(hasattr(m, "weight") for m in model.modules()):
        raise ValueError("n_layers is too large")
    left = n_layers
    for module in model.modules():
        if not hasattr(module, "weight"):
            continue
        for name in ("weight", "bias"):
            parameter = getattr(module, name, None)
            if parameter is not None:
                parameter.requires_grad = left <= 0
        if left > 0 and isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.eval()
        left -= 1
    return model
"""),
    way("prints_and_returns", """
def freeze_backbone(model, n_layers):
    stack, layers = [model], []
    while stack:
        module = stack.pop(0)
        stack = list(module.children()) + stack
        if [p for p in module.parameters(recurse=False)]:
            layers.append(module)
    try:
        assert 0 <= n_layers <= len(layers)
    except AssertionError:
        raise ValueError("there are %d layers" % len(layers)) from None
    rest = {id(p) for layer in layers[n_layers:] for p in layer.parameters()}
    for p in model.parameters():
        p.requires_grad_(id(p) in rest)
    for layer in layers[:n_layers]:
        if isinstance(layer, torch.nn.BatchNorm1d):
            layer.eval()
    learning = sum(p.numel() for p in model.parameters() if p.requires_grad)
    print(f"{n_layers} layers are frozen, {learning} numbers learn")
    return model
"""),
    way("recursion_with_a_counter", """
def freeze_backbone(model, n_layers):
    def total(module):
        own = 1 if list(module.parameters(recurse=False)) else 0
        return own + sum(total(child) for child in module.children())

    if not (0 <= n_layers <= total(model)):
        raise ValueError("n_layers")
    seen = 0

    def visit(module):
        nonlocal seen
        own = list(module.parameters(recurse=False))
        if own:
            seen += 1
            for parameter in own:
                parameter.requires_grad_(seen > n_layers)
            if seen <= n_layers and isinstance(module, nn.BatchNorm1d):
                module.eval()
        for child in module.children():
            visit(child)

    visit(model)
    return model
"""),
)  # fmt: skip
