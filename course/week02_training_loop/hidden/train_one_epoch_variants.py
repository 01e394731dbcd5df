"""Right answers of train_one_epoch that are written differently."""

from autograder.model import Variant


def _variant(name: str, source: str) -> Variant:
    return Variant("train_one_epoch", name, source)


VARIANTS = (
    _variant(
        "enumerate_and_model_zero_grad",
        """
def train_one_epoch(model, loader, criterion, optimizer):
    model.train(True)
    running_loss = 0.0
    n_samples = 0
    for i, data in enumerate(loader, 0):
        x, y = data
        model.zero_grad(set_to_none=False)
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        running_loss += x.size(0) * float(loss)
        n_samples += x.size(0)
    print(f"{i + 1} batches")
    return running_loss / n_samples
""",
    ),
    _variant(
        "lists_and_numpy_average",
        """
import numpy as np

def train_one_epoch(model, loader, criterion, optimizer):
    losses, sizes = [], []
    for batch in loader:
        model.train()
        outputs = model(batch[0])
        loss = criterion(outputs, batch[1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        sizes.append(batch[1].shape[0])
    return float(np.average(losses, weights=sizes))
""",
    ),
    _variant(
        "average_of_numpy_as_it_is",
        """
import numpy as np

def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    pairs = []
    for x, y in loader:
        optimizer.zero_grad(set_to_none=True)
        (loss := criterion(model(x), y)).backward()
        optimizer.step()
        pairs.append((loss.item(), len(x)))
    losses, sizes = np.array(pairs).T
    return (losses * sizes).sum() / sizes.sum()
""",
    ),
    _variant(
        "sums_in_tensors",
        """
def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    total, rows = torch.zeros(()), torch.zeros(())
    for inputs, targets in loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            total += loss * targets.shape[0]
            rows += targets.shape[0]
    return (total / rows).item()
""",
    ),
    _variant(
        "cleared_before_the_loop_and_after_each_step",
        """
def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    optimizer.zero_grad()
    total = rows = 0
    for inputs, targets in loader:
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.detach().numpy().item() * len(inputs)
        rows += len(inputs)
    return total / rows
""",
    ),
    _variant(
        "helper_and_generator",
        """
def learn(model, batch, criterion, optimizer):
    inputs, targets = batch
    for parameter in model.parameters():
        parameter.grad = None
    loss = criterion(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.item(), len(targets)

def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    seen = [learn(model, batch, criterion, optimizer) for batch in loader]
    return sum(loss * rows for loss, rows in seen) / sum(rows for _, rows in seen)
""",
    ),
    _variant(
        "running_mean",
        """
def train_one_epoch(model, loader, criterion, optimizer, device="cpu"):
    model.train()
    mean, rows = 0.0, 0
    for x, y in iter(loader):
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        loss = criterion(model.forward(x), y)
        loss.backward()
        optimizer.step()
        rows += len(y)
        mean += (loss.item() - mean) * len(y) / rows
    return mean
""",
    ),
    _variant(
        "closure_and_while",
        """
def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    batches, total, rows = iter(loader), 0.0, 0
    while (batch := next(batches, None)) is not None:
        inputs, targets = batch

        def closure():
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            return loss

        total += optimizer.step(closure).item() * len(targets)
        rows += len(targets)
    model.eval()
    return total / rows
""",
    ),
)
