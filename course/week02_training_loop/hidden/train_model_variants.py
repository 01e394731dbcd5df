"""Right answers of train_model that are written differently, some with loops of their own."""

from hidden.scenes import PARTS

from autograder.model import Variant


def _variant(name: str, source: str, parts: str = PARTS) -> Variant:
    return Variant("train_model", name, parts + source)


VARIANTS = (
    _variant(
        "three_lists",
        """
def train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs, seed):
    torch.random.manual_seed(seed)
    train_losses, val_losses, accuracies = [], [], []
    epoch = 0
    while epoch < num_epochs:
        train_losses.append(train_one_epoch(model, train_loader, criterion, optimizer))
        loss, accuracy = evaluate(model, val_loader, criterion)
        val_losses.append(loss)
        accuracies.append(accuracy)
        epoch += 1
        print(f"Epoch {epoch}: {loss:.4f}")
    return dict(train_loss=train_losses, val_loss=val_losses, val_accuracy=accuracies)
""",
    ),
    _variant(
        "keywords_and_more_keys",
        """
import random
import numpy as np

def train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs=10, seed=0):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    history = {key: [] for key in ("epoch", "train_loss", "val_loss", "val_accuracy")}
    for epoch in range(1, num_epochs + 1):
        loss = train_one_epoch(model=model, loader=train_loader, criterion=criterion, optimizer=optimizer)
        measured = evaluate(model=model, loader=val_loader, criterion=criterion)
        for key, value in zip(history, (epoch, loss, *measured)):
            history[key] += [value]
    return history
""",
    ),
    _variant(
        "rows_turned_into_columns",
        """
def one(model, train_loader, val_loader, criterion, optimizer):
    return train_one_epoch(model, train_loader, criterion, optimizer), *evaluate(model, val_loader, criterion)

def train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs, seed):
    torch.manual_seed(seed)
    rows = [one(model, train_loader, val_loader, criterion, optimizer) for _ in range(num_epochs)]
    columns = zip(*rows) if rows else ([], [], [])
    return {key: list(c) for key, c in zip(("train_loss", "val_loss", "val_accuracy"), columns)}
""",
    ),
    _variant(
        "one_loop_for_both_phases",
        """
def train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs, seed):
    torch.manual_seed(seed)
    history = {"train_loss": [], "val_loss": [], "val_accuracy": [], "train_accuracy": []}
    for epoch in range(num_epochs):
        for phase, loader in (("train", train_loader), ("val", val_loader)):
            model.train(phase == "train")
            loss_sum, hits, n = 0.0, 0, 0
            for x, y in loader:
                with torch.set_grad_enabled(phase == "train"):
                    out = model(x)
                    loss = criterion(out, y)
                if phase == "train":
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                loss_sum += loss.item() * x.size(0)
                hits += (out.argmax(1) == y).sum().item()
                n += x.size(0)
            history[f"{phase}_loss"].append(loss_sum / n)
            history[f"{phase}_accuracy"].append(hits / n)
    return history
""",
        parts="",
    ),
    _variant(
        "epoch_inside",
        """
def train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs, seed):
    def pass_over(loader, learn):
        model.train() if learn else model.eval()
        losses, sizes, right = [], [], 0
        for x, y in loader:
            out = model(x)
            loss = criterion(out, y)
            if learn:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            losses.append(loss.item())
            sizes.append(len(y))
            right += int((out.detach().argmax(dim=1) == y).sum())
        return float(np.average(losses, weights=sizes)), right / sum(sizes)

    torch.manual_seed(seed)
    train, val, acc = [], [], []
    for _ in range(num_epochs):
        train.append(pass_over(train_loader, True)[0])
        with torch.no_grad():
            loss, accuracy = pass_over(val_loader, False)
        val.append(loss), acc.append(accuracy)
    return {"train_loss": train, "val_loss": val, "val_accuracy": acc}
""",
        parts="import numpy as np\n",
    ),
    _variant(
        "loaders_own_generator_untouched",
        """
def seeded_start(seed):
    torch.manual_seed(seed)

def train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs, seed, verbose=False):
    history = {}
    for key in ["train_loss", "val_loss", "val_accuracy"]:
        history[key] = []
    seeded_start(seed)
    for epoch in range(num_epochs):
        history["train_loss"] = history["train_loss"] + [
            train_one_epoch(model, train_loader, criterion, optimizer)
        ]
        result = evaluate(model, val_loader, criterion)
        history["val_loss"].append(result[0])
        history["val_accuracy"].append(result[1])
        if verbose:
            print(epoch, result)
    model.eval()
    return history
""",
    ),
)
