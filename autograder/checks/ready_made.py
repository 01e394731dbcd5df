"""See whether an answer was written out, or handed on to a loss that PyTorch brings along."""

from __future__ import annotations

from typing import Any

from checking import Mismatch

from autograder.checks.framework import Student

WATCHED = """
from torch.overrides import TorchFunctionMode

class _Watch(TorchFunctionMode):
    def __init__(self):
        super().__init__()
        self.seen = set()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        self.seen.add(getattr(function, "__name__", ""))
        return function(*args, **(kwargs or {{}}))

with _Watch() as _watch:
    {call}
sorted(_watch.seen)
"""
ALLOWED = ("l1_loss", "mse_loss")  # an average of plain or squared errors is no more than a building block
LOSSES = ("cross_entropy", "binary_cross_entropy", "binary_cross_entropy_with_logits", "kl_div")
WRITE_IT = "this exercise is about writing it yourself: a ready-made loss costs half of the marks"


def written_out(student: Student, call: str, **inputs: Any) -> None:
    """Raise Mismatch if `call`, run beside the student's code, uses a ready-made loss of PyTorch.

    Every function of PyTorch that is called with tensors is seen, by whatever name and from whatever helper;
    what those functions call themselves is not.
    """
    seen = student.run(WATCHED.format(call=call), **inputs)
    names = [name for name in seen if type(name) is str] if isinstance(seen, list) else []
    ready = [name for name in names if name in LOSSES or (name.endswith("_loss") and name not in ALLOWED)]
    student.note(bool(ready))  # which functions a formula uses tells no mistake from another
    if ready:
        raise Mismatch(call, f"an answer from PyTorch's {ready[0]}", "a formula of your own", WRITE_IT)
