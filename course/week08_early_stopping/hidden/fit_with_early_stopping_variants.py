"""Right answers of fit_with_early_stopping that are written differently."""

from hidden.fit_with_early_stopping_answers import RIGHT

from autograder.model import Variant

EXERCISE = "fit_with_early_stopping"


def _variant(name: str, source: str) -> Variant:
    return Variant(EXERCISE, name, source)


VARIANTS = (
    _variant("own_loop", RIGHT),
    _variant(
        "engine_with_a_closure",
        """
import utils

class EarlyStopping:
    def __init__(self, patience=5, min_delta=0.0):
        self.losses, self.patience, self.best_state = [], patience, None
    def step(self, loss, model):
        self.losses.append(loss if loss == loss else float("inf"))
        lowest = min(self.losses)
        best = self.losses.index(lowest) if lowest < float("inf") else -1
        if best == len(self.losses) - 1 and loss < float("inf"):
            self.best_state = {name: value.clone() for name, value in model.state_dict().items()}
        return len(self.losses) - 1 - best >= self.patience

def fit_with_early_stopping(model, train_loader, val_loader, criterion, optimizer, max_epochs, patience):
    stopper = EarlyStopping(patience)

    def after_epoch(net, epoch, stats):
        if stopper.step(stats["val_loss"], net):
            return utils.Stop

    history = utils.train_model(model, train_loader, val_loader, criterion, optimizer, num_epochs=max_epochs,
                                after_epoch=after_epoch)
    if stopper.best_state:
        model.load_state_dict(stopper.best_state)
    model.eval()
    return {"train_loss": history["train_loss"], "val_loss": history["val_loss"]}
""",
    ),
    _variant(
        "own_class_that_can_do_more",
        """
import copy
from utils import evaluate_model

class EarlyStopping:
    def __init__(self, patience=5, min_delta=0.0):
        self.patience, self.min_delta, self.waited, self.seen = patience, min_delta, 0, 0
        self.best_loss, self.best_epoch, self.best_state = math.inf, None, None
    def step(self, loss, model=None):
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.best_epoch, self.waited = loss, self.seen, 0
            self.best_state = copy.deepcopy(model.state_dict()) if model else None
        else:
            self.waited += 1
        self.seen += 1
        return self.over()
    def over(self):
        return self.waited >= self.patience
    def restore(self, model):
        if self.best_epoch is not None:
            model.load_state_dict(self.best_state)

def fit_with_early_stopping(model, train_loader, val_loader, criterion, optimizer, max_epochs, patience):
    stopping, train, val = EarlyStopping(patience=patience, min_delta=0.0), [], []
    while len(train) < max_epochs and not stopping.over():
        model.train()
        losses, sizes = [], []
        for x, y in train_loader:
            loss = criterion(model(x), y)
            optimizer.zero_grad(set_to_none=False)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            sizes.append(x.shape[0])
        train.append(float(np.average(losses, weights=sizes)))
        found = evaluate_model(model, val_loader, criterion)
        val.append(found[0] if isinstance(found, tuple) else found)
        stopping.step(val[-1], model)
    stopping.restore(model)
    model.eval()
    return dict(train_loss=train, val_loss=val)
""",
    ),
    _variant(
        "copy_of_the_whole_model",
        """
import copy

def mean_loss(model, loader, criterion):
    model.eval()
    with torch.inference_mode():
        pairs = [(criterion(model(x), y).item(), len(x)) for x, y in loader]
    return sum(loss * n for loss, n in pairs) / sum(n for _, n in pairs)

def one_epoch(model, loader, criterion, optimizer):
    model.train()
    seen = 0.0
    for x, y in loader:
        model.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        seen += loss.item() * len(x)
    return seen / len(loader.dataset)

def fit_with_early_stopping(model, train_loader, val_loader, criterion, optimizer, max_epochs, patience):
    history = {"train_loss": [], "val_loss": [], "epoch": []}
    best, best_epoch = None, -1
    for epoch in range(1, max_epochs + 1):
        history["epoch"].append(epoch)
        history["train_loss"].append(one_epoch(model, train_loader, criterion, optimizer))
        history["val_loss"].append(mean_loss(model, val_loader, criterion))
        print(f"epoch {epoch}: {history['val_loss'][-1]:.4f}")
        if best is None or history["val_loss"][-1] < lowest:
            if math.isnan(history["val_loss"][-1]):
                if epoch - max(best_epoch, 0) >= patience:
                    break
                continue
            best, best_epoch, lowest = copy.deepcopy(model), epoch, history["val_loss"][-1]
        if epoch - max(best_epoch, 0) >= patience:
            print("stop")
            break
    if best is not None:
        model.load_state_dict(best.state_dict())
    model.eval()
    return history
""",
    ),
    _variant(
        "every_epoch_is_kept",
        """
import copy

def fit_with_early_stopping(model, train_loader, val_loader, criterion, optimizer, max_epochs, patience):
    history, states = {"train_loss": [], "val_loss": []}, []
    for _ in range(max_epochs):
        for name, loader in (("train_loss", train_loader), ("val_loss", val_loader)):
            learn = name == "train_loss"
            model.train(learn)
            total = torch.zeros(())
            rows = 0
            for x, y in loader:
                loss = criterion(model(x), y)
                if learn:
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                total += loss.detach() * len(y)
                rows += len(y)
            history[name].append((total / rows).item())
        states.append(copy.deepcopy(model.state_dict()))
        losses = np.nan_to_num(history["val_loss"], nan=np.inf)
        best = int(losses.argmin()) if np.isfinite(losses).any() else -1
        if len(losses) - 1 - best >= patience:
            break
    model.load_state_dict(states[best])
    return history
""",
    ),
    _variant(
        "written_into_the_tensors",
        """
from utils import evaluate_model, train_model, Stop

def fit_with_early_stopping(model, train_loader, val_loader, criterion, optimizer, max_epochs=9, patience=5):
    kept = [t.detach().clone() for t in [*model.parameters(), *model.buffers()]]
    best, waited, found = [math.inf], [0], [False]

    def watch(model, epoch, stats):
        waited[0] += 1
        found[0] = found[0] or stats["val_loss"] < math.inf
        if stats["val_loss"] < best[0]:
            best[0], waited[0] = stats["val_loss"], 0
            for mine, theirs in zip(kept, [*model.parameters(), *model.buffers()]):
                mine.copy_(theirs.detach())
        return Stop if waited[0] == patience else None

    history = train_model(model, train_loader, val_loader, criterion=criterion, optimizer=optimizer,
                          num_epochs=max_epochs, seed=0, after_epoch=watch, verbose=False)
    if found[0]:
        with torch.no_grad():
            for mine, theirs in zip(kept, [*model.parameters(), *model.buffers()]):
                theirs.copy_(mine)
    return history
""",
    ),
)
