"""See whether a ready-made schedule or clipping of PyTorch's ran: shared by two exercises of week 5."""

from __future__ import annotations

from typing import Any

from checking import Mismatch

from autograder.checks.framework import Student
from autograder.checks.inputs import as_typed

WATCHED = """
import sys as _sys

_used, _before = set(), _sys.getprofile()

def _watch(frame, event, _):
    if event == "call" and frame.f_globals.get("__name__") == _module:
        _used.add(frame.f_code.co_name)

_sys.setprofile(_watch)
try:
    {name}(*_args)
finally:
    _sys.setprofile(_before)
sorted(_used)
"""
BY_HAND = "this exercise is about writing it yourself: a ready-made one costs half of the marks"


def written_by_hand(student: Student, name: str, module: str, *args: Any, part: str = "") -> None:
    """Raise Mismatch if a function of this module of PyTorch's, with `part` in its name, runs in the call.

    Half of the marks of an exercise lie in checks that end with this.
    """
    getattr(student, name)  # a name that is missing is told as such
    used = student.run(WATCHED.format(name=name), _module=module, _args=list(args))
    names = used if isinstance(used, list) else []
    ready = any(part in found for found in names if isinstance(found, str))
    student.note(ready)  # which of its functions run tells no mistake from another
    if ready:
        raise Mismatch(as_typed(name, *args), f"an answer of {module}", "one of your own", BY_HAND)
