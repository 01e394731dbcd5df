"""Look at several parts of an answer at once, for the visible checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from checking import Mismatch

Problem = Callable[[], None]  # raises Mismatch if an answer is not right


def first_of(problems: Mapping[str, Problem]) -> None:
    """Look at everything, and raise the first mismatch, with the names of what is not right either.

    Two mistakes that answer alike to one call are told apart by what else goes wrong.
    """
    found: dict[str, Mismatch] = {}
    for name, problem in problems.items():
        try:
            problem()
        except Mismatch as error:
            found[name] = error
        except Exception:
            if not found:
                raise
    if found:
        first, *others = found
        error = found[first]
        more = f" (not yet either: {joined(others)})" if others and not error.general else ""
        raise Mismatch(
            error.call, error.got + more, error.expected, error.hint, error.general
        ) from error.__cause__


def joined(names: Sequence[str]) -> str:
    """Return names with commas, the numbered runs among them as "runs 2, 5–9"."""
    numbers = [int(name.removeprefix("run ")) for name in names if name.startswith("run ")]
    starts = [number for number in numbers if number - 1 not in numbers]
    ends = [number for number in numbers if number + 1 not in numbers]
    ranges = [f"{a}" if a == b else f"{a}–{b}" for a, b in zip(starts, ends, strict=True)]
    runs = [f"run{'s' if len(numbers) > 1 else ''} {', '.join(ranges)}"] if numbers else []
    return ", ".join([*runs, *(name for name in names if not name.startswith("run "))])
