"""Right answers of EarlyStopping that are written differently."""

from hidden.early_stopping_answers import RIGHT

from autograder.model import Variant


def way(name: str, source: str) -> Variant:
    """Return a right answer."""
    return Variant("early_stopping", name, source)


VARIANTS = (
    way("deepcopy", RIGHT),
    way("dataclass", """
import copy
from dataclasses import dataclass, field

@dataclass
class EarlyStopping:
    patience: int = 5
    min_delta: float = 0.0
    best_loss: float = field(default=math.inf, init=False)
    best_epoch: int = field(default=None, init=False)
    best_state: dict = field(default=None, init=False)
    _epochs: int = field(default=0, init=False)

    def __post_init__(self):
        if not self.patience >= 1:
            raise ValueError("patience")
        if not self.min_delta >= 0:
            raise ValueError("min_delta")

    def step(self, loss, model=None):
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.best_epoch = loss, self._epochs
            self.best_state = copy.deepcopy(model.state_dict()) if model else self.best_state
        self._epochs += 1
        last = -1 if self.best_epoch is None else self.best_epoch
        return self._epochs - 1 - last >= self.patience
"""),
    way("history_list", """
class EarlyStopping:
    def __init__(self, patience=5, min_delta=0.0):
        if patience <= 0:
            raise ValueError
        if min_delta < 0.0:
            raise ValueError
        self.patience, self.min_delta = patience, min_delta
        self.losses, self.best_state = [], None

    def _walk(self):
        lowest, at = math.inf, None
        for epoch, loss in enumerate(self.losses):
            if loss < lowest - self.min_delta:
                lowest, at = loss, epoch
        return lowest, at

    @property
    def best_loss(self):
        return self._walk()[0]

    @property
    def best_epoch(self):
        return self._walk()[1]

    def step(self, loss, model=None):
        self.losses.append(float(loss))
        newest = len(self.losses) - 1
        if self.best_epoch == newest and model is not None:
            self.best_state = {k: v.clone() for k, v in model.state_dict().items()}
        since = newest - (-1 if self.best_epoch is None else self.best_epoch)
        return bool(since >= self.patience)
"""),
    way("deque_of_misses", """
from collections import OrderedDict, deque

class EarlyStopping:
    def __init__(self, patience=5, min_delta=0.0):
        if patience < 1:
            raise ValueError("patience")
        if min_delta < 0:
            raise ValueError("min_delta")
        self.missed = deque(maxlen=patience)
        self.min_delta = min_delta
        self.best_loss = np.inf
        self.best_epoch = self.best_state = None
        self.n = 0

    def step(self, loss, model=None):
        improved = bool(loss < self.best_loss - self.min_delta)
        self.missed.append(not improved)
        if improved:
            self.missed.clear()
            self.best_loss = loss
            self.best_epoch = self.n
            if model is not None:
                self.best_state = OrderedDict((k, v.detach().clone()) for k, v in model.state_dict().items())
        self.n += 1
        return len(self.missed) == self.missed.maxlen
"""),
    way("closure", """
import copy
from types import SimpleNamespace

def EarlyStopping(patience=5, min_delta=0.0):
    if patience < 1 or min_delta < 0:
        raise ValueError(f"{patience}, {min_delta}")
    told = SimpleNamespace(best_loss=float("inf"), best_epoch=None, best_state=None)
    epoch, bad = -1, 0

    def step(loss, model=None):
        nonlocal epoch, bad
        epoch, bad = epoch + 1, bad + 1
        if loss < told.best_loss - min_delta:
            bad, told.best_loss, told.best_epoch = 0, loss, epoch
            told.best_state = copy.deepcopy(model.state_dict()) if model is not None else told.best_state
        return bad >= patience

    told.step = step
    return told
"""),
    way("tensors_inside", """
import copy

class EarlyStopping:
    def __init__(self, patience=5, min_delta=0.0):
        if patience < 1 or min_delta < 0:
            raise ValueError("no")
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_epoch, self.best_state = torch.tensor(math.inf).double(), None, None
        self.count = torch.zeros((), dtype=torch.long)
        self.epoch = 0

    def step(self, loss, model=None):
        loss = torch.as_tensor(loss, dtype=torch.float64).reshape(())
        if (loss < self.best_loss - self.min_delta).item():
            self.best_loss = loss.clone()
            self.best_epoch = torch.tensor(self.epoch)
            self.count.zero_()
            if model is not None:
                self.best_state = copy.deepcopy(model).state_dict()
        else:
            self.count += 1
        self.epoch += 1
        return (self.count >= self.patience).item()
"""),
    way("numpy_and_slots", """
class EarlyStopping:
    __slots__ = ("patience", "min_delta", "best_loss", "best_epoch", "best_state", "waited", "seen")

    def __init__(self, patience=5, min_delta=0.0):
        if patience < 1 or min_delta < 0:
            raise ValueError("patience and min_delta")
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_epoch, self.best_state = np.inf, None, None
        self.waited, self.seen = np.int64(0), np.int64(0)

    def step(self, loss, model=None):
        value = np.float64(loss)
        worse = np.isnan(value) or value >= self.best_loss - self.min_delta
        if worse:
            self.waited += 1
        else:
            self.waited = np.int64(0)
            self.best_loss, self.best_epoch = value, self.seen
            state = model and {k: v.clone() for k, v in model.state_dict().items()}
            self.best_state = state or self.best_state
        self.seen += 1
        return bool(self.waited >= self.patience)
"""),
    way("true_for_ever", """
import copy

class EarlyStopping:
    def __init__(self, patience=5, min_delta=0.0):
        if patience < 1 or min_delta < 0:
            raise ValueError("no")
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_epoch, self.best_state = math.inf, None, None
        self.left, self.epoch, self.stopped = patience, 0, False

    def step(self, loss, model=None):
        if loss < self.best_loss - self.min_delta:
            self.left, self.best_loss, self.best_epoch = self.patience, loss, self.epoch
            if model is not None:
                self.best_state = copy.deepcopy(model.state_dict())
        else:
            self.left -= 1
        self.epoch += 1
        self.stopped = self.stopped or self.left <= 0
        return self.stopped
"""),
)  # fmt: skip
