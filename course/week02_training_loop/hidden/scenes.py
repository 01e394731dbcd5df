"""Pieces of the scenarios of week 2, which run beside a student's code, and right answers to build upon."""

# Models cannot cross the border between judge and student: the scenarios make them from drawn numbers.
ONCE = """
import sys as _sys
import torch as _t

class _Once:
    # Can be walked once, and has no length.
    def __init__(self, batches):
        self._left = iter(batches)
    def __iter__(self):
        return self
    def __next__(self):
        return next(self._left)

class _Gain(_t.nn.Module):
    # Behaves in train mode unlike in eval mode, as dropout does, but not at random.
    def forward(self, x):
        return x * _gain if self.training else x
"""

WATCH = """
_READY = {"train_model", "evaluate_model", "measure", "fit", "sweep"}
_used = set()

def _watch(frame, event, _):
    if event == "call" and frame.f_code.co_name in _READY:
        if frame.f_globals.get("__name__") in ("utils", "recording", "sweeps"):
            _used.add(frame.f_code.co_name)
"""

PARTS = """
def train_one_epoch(model, loader, criterion, optimizer):
    model.train()
    total, rows = 0.0, 0
    for inputs, targets in loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        total, rows = total + loss.item() * len(targets), rows + len(targets)
    return total / rows

def evaluate(model, loader, criterion):
    model.eval()
    total, right, rows = 0.0, 0, 0
    with torch.no_grad():
        for inputs, labels in loader:
            outputs = model(inputs)
            total, rows = total + criterion(outputs, labels).item() * len(labels), rows + len(labels)
            right += (outputs.argmax(dim=1) == labels).sum().item()
    return total / rows, right / rows
"""

MEASURE = "def evaluate" + PARTS.partition("def evaluate")[2]
EPOCH = PARTS.partition("def evaluate")[0]

BY_HAND = "this exercise is about writing it yourself: a ready-made loop costs half of the marks"
