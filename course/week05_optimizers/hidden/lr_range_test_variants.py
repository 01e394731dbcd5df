"""Right answers of lr_range_test that are written differently."""

from autograder.model import Variant


def _variant(name: str, source: str) -> Variant:
    return Variant("lr_range_test", name, source)


VARIANTS = (
    _variant(
        "cycle_and_geomspace",
        """
import copy
from itertools import cycle

def lr_range_test(model, loader, criterion, optimizer, lr_min, lr_max, n_steps):
    model_state = copy.deepcopy(model.state_dict())
    optimizer_state = copy.deepcopy(optimizer.state_dict())
    was_training = model.training
    model.train()
    lrs, losses, best = [], [], float("inf")
    for lr, (inputs, targets) in zip(np.geomspace(lr_min, lr_max, n_steps), cycle(loader)):
        for group in optimizer.param_groups:
            group["lr"] = float(lr)
        outputs = model(inputs)
        loss = criterion(outputs, targets)
        lrs.append(float(lr))
        losses.append(float(loss))
        best = min(best, losses[-1])
        if math.isnan(losses[-1]) or math.isinf(losses[-1]) or losses[-1] > 4 * best:
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.load_state_dict(model_state)
    optimizer.load_state_dict(optimizer_state)
    model.train(was_training)
    return lrs, losses
""",
    ),
    _variant(
        "both_copied_together",
        """
from copy import deepcopy

def lr_range_test(model, loader, criterion, optimizer, lr_min, lr_max, n_steps):
    model, optimizer = deepcopy((model, optimizer))
    model.train()
    factor = (lr_max / lr_min) ** (1 / (n_steps - 1))
    lrs, losses, lr, data = [], [], lr_min, list(loader)
    while len(lrs) < n_steps:
        x, y = data[len(lrs) % len(data)]
        for g in optimizer.param_groups:
            g.update(lr=lr)
        optimizer.zero_grad(set_to_none=False)
        loss = criterion(model(x), y)
        lrs.append(lr)
        losses.append(loss.item())
        if not losses[-1] <= 4 * min(losses) or losses[-1] == math.inf:
            break
        loss.backward()
        optimizer.step()
        lr *= factor
    return lrs, losses
""",
    ),
    _variant(
        "logarithms_and_a_generator",
        """
def _forever(loader):
    while True:
        yield from loader

def lr_range_test(model, loader, criterion, optimizer, lr_min, lr_max, n_steps):
    keep = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
    rates = [group["lr"] for group in optimizer.param_groups]
    memory = {p: {k: v.clone() if torch.is_tensor(v) else v for k, v in s.items()}
              for p, s in optimizer.state.items()}
    mode = model.training
    exponents = np.linspace(np.log10(lr_min), np.log10(lr_max), n_steps)
    lrs, losses = [], []
    try:
        model.train(True)
        for exponent, batch in zip(exponents, _forever(loader)):
            lrs.append(float(10 ** exponent))
            for group in optimizer.param_groups:
                group["lr"] = lrs[-1]
            optimizer.zero_grad()
            loss = criterion(model(batch[0]), batch[1])
            losses += [loss.item()]
            if not np.isfinite(losses[-1]) or losses[-1] / min(losses) > 4:
                return lrs, losses
            loss.backward()
            optimizer.step()
    finally:
        model.load_state_dict(keep)
        optimizer.state.clear()
        optimizer.state.update(memory)
        for group, lr in zip(optimizer.param_groups, rates):
            group["lr"] = lr
        model.train(mode)
    return lrs, losses
""",
    ),
    _variant(
        "update_even_after_the_last_loss",
        """
import copy

def lr_range_test(model, loader, criterion, optimizer, lr_min, lr_max, n_steps):
    saved = copy.deepcopy(model.state_dict()), copy.deepcopy(optimizer.state_dict()), model.training
    lrs, losses = [], []
    it = iter(loader)
    for step in range(n_steps):
        model.train()
        batch = next(it, None)
        if batch is None:
            it = iter(loader)
            batch = next(it)
        lr = math.exp(math.log(lr_min) + step / (n_steps - 1) * math.log(lr_max / lr_min))
        for param_group in optimizer.param_groups:
            param_group['lr'] = lr
        optimizer.zero_grad()
        loss = criterion(model(batch[0]), batch[1])
        loss.backward()
        optimizer.step()
        print(f"{lr:.3g} {loss.item():.3f}")
        lrs.append(lr)
        losses.append(loss.item())
        lowest = min(value for value in losses if not math.isnan(value)) if losses[0] == losses[0] else 0.0
        if losses[-1] != losses[-1] or abs(losses[-1]) == float("inf") or losses[-1] > lowest * 4.0:
            break
    model.load_state_dict(saved[0])
    optimizer.load_state_dict(saved[1])
    model.train(saved[2])
    return lrs, losses
""",
    ),
    _variant(
        "a_scheduler_sets_the_rates",
        """
import copy

def lr_range_test(model, loader, criterion, optimizer, lr_min, lr_max, n_steps):
    before = copy.deepcopy(model.state_dict())
    memory = copy.deepcopy(optimizer.state_dict())
    training = model.training
    model.train()
    lrs, losses = [], []
    while len(losses) < n_steps:
        for inputs, targets in loader:
            lrs.append(lr_min * (lr_max / lr_min) ** (len(lrs) / (n_steps - 1)))
            settings = optimizer.state_dict()
            for group in settings["param_groups"]:
                group["lr"] = lrs[-1]
            optimizer.load_state_dict(settings)
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            losses.append(loss.item())
            loss.backward()
            optimizer.step()
            done = not math.isfinite(losses[-1]) or losses[-1] > 4 * min(losses)
            if done or len(losses) == n_steps:
                break
        if done:
            break
    model.load_state_dict(before)
    optimizer.load_state_dict(memory)
    model.train() if training else model.eval()
    return [lrs, losses]
""",
    ),
    _variant(
        "helpers_and_autograd_grad",
        """
from copy import deepcopy

def _set(optimizer, lr):
    for group in optimizer.param_groups:
        group["lr"] = lr

def _loss(model, criterion, batch):
    inputs, targets = batch
    return criterion(model(inputs), targets)

def lr_range_test(model, loader, criterion, optimizer, lr_min, lr_max, n_steps):
    weights, memory, mode = deepcopy(model.state_dict()), deepcopy(optimizer.state_dict()), model.training
    batches = [batch for batch in loader]
    model.train()
    history = []
    for i, power in enumerate(torch.linspace(0, 1, n_steps, dtype=torch.float64).tolist()):
        lr = lr_min ** (1 - power) * lr_max ** power
        _set(optimizer, lr)
        loss = _loss(model, criterion, batches[i % len(batches)])
        history.append((lr, loss.item()))
        if not np.isfinite(loss.item()) or loss.item() > 4 * min(value for _, value in history):
            break
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        for p, grad in zip(parameters, torch.autograd.grad(loss, parameters)):
            p.grad = grad
        optimizer.step()
    model.load_state_dict(weights)
    optimizer.load_state_dict(memory)
    model.train(mode)
    return [lr for lr, _ in history], [value for _, value in history]
""",
    ),
)
