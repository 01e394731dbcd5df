"""Name what can go wrong between the judge and a student's process. Imports nothing heavy."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

# A check may expect these by type; any other exception of a student is a plain StudentError.
# AssertionError is left out: it is how a check itself says that an answer is wrong.
EXPECTABLE = (
    "ArithmeticError", "AttributeError", "FloatingPointError", "ImportError", "IndexError", "KeyError",
    "LookupError", "NameError", "NotImplementedError", "OverflowError", "RuntimeError", "TypeError",
    "UnboundLocalError", "ValueError", "ZeroDivisionError",
)  # fmt: skip
MESSAGE = 500


class Missing(Exception):
    """Report that the student's notebook defines no such name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"the notebook defines no {name}")


class StudentError(Exception):
    """Report an exception of the student's code. `kind` is its class, `message` its text, both untrusted."""

    def __init__(self, kind: str, message: str = "") -> None:
        self.kind, self.message = kind, message
        super().__init__(kind, message)

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}" if self.message else self.kind


class Lost(BaseException):
    """Report that the student's process is gone, and with it the rest of the exercise.

    Not an Exception: a check that expects *some* exception must not be passed by dying.
    """


class StudentTimeout(Lost):
    """Report that no answer came before the deadline."""


class StudentDied(Lost):
    """Report that the student's process ended."""


class ProtocolError(Lost):
    """Report that the student's process sent something outside the wire format."""


def _as_builtin(name: str) -> type[StudentError]:
    return type(name, (StudentError, getattr(builtins, name)), {"__module__": __name__})


_KINDS = {name: _as_builtin(name) for name in EXPECTABLE}


def make_student_error(name: str, message: str, parents: Sequence[str] = ()) -> StudentError:
    """Return the StudentError for an exception class called `name` whose base classes are called `parents`.

    It is also an instance of the builtin of the first of these names that a check may expect, so that
    `except ValueError` works in checks.
    """
    found = next((_KINDS[known] for known in (name, *parents) if known in _KINDS), StudentError)
    return found(plain(name, 80), plain(message, MESSAGE))


def plain(text: str, limit: int) -> str:
    """Return `text` without control characters or lone surrogates, at most `limit` characters long."""
    kept = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text[: limit + 1])
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"
