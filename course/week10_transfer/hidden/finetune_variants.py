"""Right answers of finetune that are written differently."""

from hidden.finetune_answers import BATCHES, GROUP, LOSS, NORM, RIGHT

from autograder.model import Variant


def way(name: str, source: str) -> Variant:
    """Return a right answer."""
    return Variant("finetune", name, source)


def _with(optimizer: str) -> str:
    """Return the right answer with another optimizer."""
    return RIGHT.replace(f"torch.optim.Adam({GROUP}, lr=lr)", optimizer)


VARIANTS = (
    way("adam", RIGHT),
    way("adamw_of_all", _with("torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=0.1)")),
    way("adam_with_weight_decay", _with(f"torch.optim.Adam({GROUP}, lr=lr, weight_decay=1e-3)")),
    way("plain_sgd", _with(f"torch.optim.SGD({GROUP}, lr)")),
    way("sgd_with_momentum", _with(
        "torch.optim.SGD(filter(lambda p: p.requires_grad, model.parameters()), lr=lr, momentum=0.9,\n"
        "                                nesterov=True, weight_decay=5e-4)"
    )),
    way("rmsprop", _with(f"torch.optim.RMSprop({GROUP}, lr=lr)")),
    way("nadam", _with("torch.optim.NAdam(model.parameters(), lr=lr)")),
    way("adamax_in_two_groups", _with(
        "torch.optim.Adamax([{'params': layers[-1].parameters()}, {'params': layers[:-1].parameters()}],\n"
        "                                   lr=lr)"
    )),
    way("clipped_gradients", RIGHT.replace(
        "            loss.backward()\n",
        "            loss.backward()\n            nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n",
    )),
    way("log_softmax_and_nll", RIGHT.replace(
        LOSS, "nn.functional.nll_loss(torch.log_softmax(model(inputs), dim=1), labels)"
    )),
    way("watched_in_eval_mode", RIGHT.replace(
        BATCHES, "        modes = [m.training for m in model.modules()]\n        model.eval()\n"
        "        with torch.no_grad():\n"
        "            shown = [criterion(model(x), y).item() for x, y in loader]\n"
        "        for m, mode in zip(model.modules(), modes):\n            m.training = mode\n" + BATCHES
    )),
    way("modes_in_each_epoch", RIGHT.replace("    model.train()\n" + NORM, "").replace(
        BATCHES, "        model.train()\n        for m in model.modules():\n"
        "            learns = any(p.requires_grad for p in m.parameters())\n"
        "            if 'BatchNorm' in type(m).__name__ and not learns:\n"
        "                m.eval()\n" + BATCHES
    )),
    way("without_deepcopy_of_the_head", """
from copy import deepcopy


def finetune(source_model, loader, n_classes, epochs, lr):
    flat = isinstance(source_model, nn.Sequential)
    layers = list(source_model if flat else source_model.layers)
    body = nn.Sequential(*(deepcopy(layer) for layer in layers[:-1]))
    net = nn.Sequential(body, nn.Linear(layers[-1].weight.shape[1], n_classes))
    opt = torch.optim.Adam(net.parameters(), lr)
    resting = [m for m in net.modules() if isinstance(m, nn.BatchNorm1d) and not m.bias.requires_grad]
    for epoch in range(epochs):
        net.train()
        [m.eval() for m in resting]
        for batch in loader:
            x, y = batch
            loss = nn.functional.cross_entropy(net(x), y)
            opt.zero_grad(set_to_none=False)
            loss.backward()
            opt.step()
        print(f"epoch {epoch + 1}: {loss.item():.3f}")
    return net.eval()
"""),
    way("saved_and_loaded", """
import io


def finetune(source_model, loader, n_classes, epochs, lr):
    file = io.BytesIO()
    import pickle

    memo = {}
    import copy
    twin = copy.deepcopy(source_model, memo)
    twin.load_state_dict({name: value.clone() for name, value in source_model.state_dict().items()})
    for mine, theirs in zip(twin.parameters(), source_model.parameters()):
        mine.requires_grad_(theirs.requires_grad)
    if hasattr(twin, "layers"):
        twin.layers[len(twin.layers) - 1] = nn.Linear(twin.layers[-1].in_features, n_classes, bias=True)
    else:
        twin[len(twin) - 1] = nn.Linear(twin[-1].in_features, n_classes, bias=True)
    return _train(twin, loader, epochs, lr)


def _train(net, loader, epochs, lr):
    learns = [p for p in net.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(learns, lr=lr, momentum=0.8)
    net.train()
    for module in net.modules():
        if list(module.parameters()) and not any(p.requires_grad for p in module.parameters()):
            module.eval()
    epoch = 0
    while epoch < epochs:
        for inputs, labels in iter(loader):
            logits = net(inputs)
            loss = torch.logsumexp(logits, 1) - logits.gather(1, labels[:, None]).squeeze(1)
            loss.mean().backward()
            optimizer.step()
            optimizer.zero_grad()
        epoch += 1
    for module in net.modules():
        module.training = False
    return net
"""),
    way("head_by_name", """
import copy


def finetune(source_model, loader, n_classes, epochs, lr):
    net = copy.deepcopy(source_model).requires_grad_(True)
    for (name, p), q in zip(net.named_parameters(), source_model.parameters()):
        p.requires_grad = q.requires_grad
    last = [name for name, module in net.named_modules() if isinstance(module, nn.Linear)][-1]
    owner, _, place = last.rpartition(".")
    old = net.get_submodule(last)
    setattr(net.get_submodule(owner), place, nn.Linear(old.in_features, n_classes))
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()

    def resting(module):
        if isinstance(module, nn.BatchNorm1d) and module.weight.requires_grad is False:
            module.train(False)

    for _ in range(epochs):
        net.train().apply(resting)
        for inputs, labels in loader:
            optimizer.zero_grad()
            criterion(net(inputs), labels).backward()
            optimizer.step()
    net.train(False)
    return net
"""),
    way("train_model_of_the_course", """
import copy

from utils import train_model


def finetune(source_model, loader, n_classes, epochs, lr):
    model = copy.deepcopy(source_model)
    layers = getattr(model, "layers", model)
    layers[-1] = nn.Linear(layers[-1].in_features, n_classes)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d) and not module.weight.requires_grad:
            module.train = lambda mode=True, module=module: module
            module.training = False
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    train_model(model, loader, loader, nn.CrossEntropyLoss(), optimizer, num_epochs=epochs, seed=None,
                verbose=False)
    for module in model.modules():
        module.__dict__.pop("train", None)
    return model.eval()
"""),
)  # fmt: skip
