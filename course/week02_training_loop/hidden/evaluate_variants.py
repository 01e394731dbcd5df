"""Right answers of evaluate that are written differently."""

from autograder.model import Variant


def _variant(name: str, source: str) -> Variant:
    return Variant("evaluate", name, source)


VARIANTS = (
    _variant(
        "decorator_and_enumerate",
        """
@torch.no_grad()
def evaluate(model, loader, criterion):
    was_training = model.training
    model.eval()
    running_loss, correct, n = 0.0, 0, 0
    for i, data in enumerate(loader):
        x, y = data
        logits = model(x)
        running_loss += float(criterion(logits, y)) * x.size(0)
        _, predicted = torch.max(logits, 1)
        correct += int((predicted == y).sum())
        n += y.size(0)
    model.train(was_training)
    return running_loss / n, correct / n
""",
    ),
    _variant(
        "inference_mode_and_lists",
        """
import numpy as np

def evaluate(model, loader, criterion):
    model.train(False)
    losses, hits, sizes = [], [], []
    with torch.inference_mode():
        for batch in loader:
            outputs = model(batch[0])
            losses.append(criterion(outputs, batch[1]).item())
            hits.append((outputs.argmax(-1) == batch[1]).float().mean().item())
            sizes.append(batch[1].shape[0])
    return np.average(losses, weights=sizes), float(np.average(hits, weights=sizes))
""",
    ),
    _variant(
        "hits_of_all_rows_at_the_end",
        """
def evaluate(model, loader, criterion):
    model.eval()
    rows_lost, hits = [], []
    with torch.no_grad():
        for x, y in loader:
            out = model(x)
            rows_lost += [criterion(out, y)] * len(y)
            hits.append(out.max(dim=1).indices.eq(y))
    return torch.stack(rows_lost).mean().item(), torch.cat(hits).float().mean().item()
""",
    ),
    _variant(
        "sums_in_tensors",
        """
def evaluate(model, loader, criterion):
    model.eval()
    sums = torch.zeros(3, dtype=torch.float64)
    with torch.set_grad_enabled(False):
        for x, y in loader:
            out = model(x)
            hits = (out.argmax(1) == y).sum()
            sums += torch.stack([criterion(out, y) * len(y), hits, torch.tensor(len(y))])
    loss, accuracy = (sums[:2] / sums[2]).tolist()
    return loss, accuracy
""",
    ),
    _variant(
        "list_instead_of_a_tuple",
        """
def measure_batch(model, batch, criterion):
    inputs, labels = batch
    with torch.no_grad():
        outputs = model(inputs)
    right = sum(int(row.argmax()) == int(label) for row, label in zip(outputs, labels))
    return criterion(outputs, labels).item(), right, len(labels)

def evaluate(model, loader, criterion):
    model.eval()
    measured = [measure_batch(model, batch, criterion) for batch in loader]
    rows = sum(size for _, _, size in measured)
    model.train()
    return [sum(loss * size for loss, _, size in measured) / rows, sum(r for _, r, _ in measured) / rows]
""",
    ),
    _variant(
        "copy_of_the_model",
        """
import copy

def evaluate(model, loader, criterion):
    model = copy.deepcopy(model).eval().requires_grad_(False)
    loss = accuracy = 0.0
    seen = 0
    for inputs, labels in loader:
        outputs = model(inputs)
        seen += len(labels)
        loss += (criterion(outputs, labels).item() - loss) * len(labels) / seen
        right = torch.softmax(outputs, dim=1).argmax(dim=1) == labels
        accuracy += (right.double().mean().item() - accuracy) * len(labels) / seen
    return loss, accuracy
""",
    ),
    _variant(
        "numpy_predictions",
        """
import numpy as np

def evaluate(model, loader, criterion):
    model.eval()
    total, predicted, actual = 0.0, [], []
    with torch.no_grad():
        for inputs, labels in iter(loader):
            logits = model(inputs)
            total += criterion(logits, labels).numpy() * len(labels)
            predicted.extend(np.argmax(logits.numpy(), axis=1).tolist())
            actual.extend(labels.tolist())
    accuracy = np.mean(np.array(predicted) == np.array(actual))
    return float(total) / len(actual), accuracy
""",
    ),
)
