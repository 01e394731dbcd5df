"""Compare an answer with what was expected and say, in words that help, how they differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from general_hints import general_hint, gradient_hint, hint_for_condition
from lesson_data import load_data
from same_values import as_array, difference, kind_of, same, show, written

__all__ = [
    "Mismatch", "all_good", "as_array", "check_choice", "clean_choice", "difference", "expect",
    "expect_choice", "expect_close", "expect_equal", "expect_gradient", "expect_raises", "expect_unchanged",
    "first_of", "kind_of", "show",
]  # fmt: skip


class Mismatch(AssertionError):
    """Report an answer that is not the expected one: what was called, what came back, what to try.

    `general`: the answer itself shows what is wrong with it, so the hint holds whatever the exercise.
    `values` are the answer and what was expected, where both are known as values and not in words alone.
    """

    def __init__(
        self,
        call: str,
        got: str,
        expected: str,
        hint: str,
        general: bool = False,
        values: tuple[Any, Any] | None = None,
    ) -> None:
        self.call, self.got, self.expected, self.hint, self.general = call, got, expected, hint, general
        self.values = values
        super().__init__(f"{call}\n  came back: {got}\n  expected:  {expected}\n  try:       {hint}")

    def _render_traceback_(self) -> list[str]:
        """Show the message alone in a notebook: the lines of this module would only distract."""
        return ["Not yet:", *str(self).splitlines()]


def expect(condition: bool, *, call: str, got: Any, expected: str, hint: str) -> None:
    """Raise Mismatch unless `condition` holds. `got` is the answer; `expected` says what it should be."""
    if not (isinstance(condition, bool | np.bool_) and condition):
        known = hint_for_condition(got, expected, call, hint)
        raise Mismatch(call, show(got), expected, known or hint, general=known is not None)


def expect_close(got: Any, want: Any, *, call: str, hint: str, tolerance: float = 1e-4) -> None:
    """Raise Mismatch unless `got` equals `want` in shape and, within `tolerance`, in every number.

    `want` is a number, an array, a tensor, or a list, tuple or dict of them; a list of rows of numbers stands
    for an array. The tolerance is relative for values above 1 and absolute below. A 0-d tensor and a plain
    number count as the same shape.
    """
    problem = difference(got, want, tolerance)
    if problem is not None:
        known = general_hint(got, want, call, hint)
        general, shown = known is not None, _with(show(got), problem)
        raise Mismatch(call, shown, show(want), known or hint, general, (got, want))


def _with(shown: str, problem: str) -> str:
    """Return what came back together with what is wrong with it, without saying its shape or kind twice."""
    told = re.fullmatch(r" \((?:shape (\(.*?\))|a (\w+)), not (.*)\)", problem)
    if told and (shown.endswith(f" of shape {told[1]}") or shown == told[2]):
        return f"{shown}, not {told[3]}"
    return f"{shown}{problem}"


def expect_equal(got: Any, want: Any, *, call: str, hint: str) -> None:
    """Raise Mismatch unless `got` and `want` are equal plain values of the same kind (True is not 1)."""
    if not same(got, want):
        known = general_hint(got, want, call, hint, exact=True)
        raise Mismatch(call, show(got), show(want), known or hint, known is not None, (got, want))


def expect_raises(kind: type[Exception], action: Callable[[], Any], *, call: str, hint: str) -> None:
    """Raise Mismatch unless `action()` raises an exception of this kind."""
    try:
        got = action()
    except Exception as error:
        if isinstance(error, NotImplementedError) and not issubclass(kind, NotImplementedError):
            raise  # a stub is no answer, though its error is a kind of RuntimeError
        if isinstance(error, kind):
            return
        raise Mismatch(call, f"{type(error).__name__}: {error}", f"a {kind.__name__}", hint) from error
    raise Mismatch(call, show(got), f"a {kind.__name__}", hint)


def expect_choice(answer: Any, letters: str, *, name: str) -> None:
    """Raise Mismatch unless `answer` is one of the letters. Says nothing about which one is right."""
    if not isinstance(answer, str) or clean_choice(answer) not in tuple(letters):
        raise Mismatch(
            name,
            show(answer),
            f"one of the letters {', '.join(letters)}",
            f'write one letter between the quotes, for example {name} = "{letters[0]}"',
        )


def check_choice(exercise: str, answer: Any, letters: str = "ABCD") -> None:
    """Repeat the words of the option that was chosen, and say nothing about whether it is right."""
    options = load_data()["options"].get(exercise)
    words = options if isinstance(options, dict) else {}
    letters = "".join(words) or letters
    name = f"answer_{exercise}"
    chosen = clean_choice(answer) if isinstance(answer, str) else ""
    if chosen in tuple(letters):
        quoted = f', "{words[chosen]}"' if chosen in words else ""
        print(f"✓ {exercise}: {chosen}{quoted}\n  Whether it is right, you see after grading.")
        return
    empty = answer is None or answer is ... or (isinstance(answer, str) and not answer.strip())
    odd = "" if empty else f"{show(answer)} is none of the letters {', '.join(letters)}. "
    print(f'{exercise}: not yet. {odd}Write one letter between the quotes: {name} = "{letters[0]}"')


def clean_choice(answer: str) -> str:
    """Return the letter that an answer like ` b) ` means."""
    return answer.strip().strip("().").upper()


def first_of(problems: Mapping[str, Callable[[], None]], named: int = 3) -> None:
    """Look at everything, and raise the first mismatch, with the names of what is not right either.

    Each problem raises Mismatch if something is not right. Two mistakes that answer alike to one call are
    told apart by what else goes wrong; at most `named` of these are named.
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
            found[name] = Mismatch(name, "an error", "", "")
    if found:
        error, *_ = found.values()
        others = list(found)[1:]
        rest = f", and {len(others) - named} more" if len(others) > named else ""
        more = f" (not yet either: {', '.join(others[:named])}{rest})" if others and not error.general else ""
        raise Mismatch(
            error.call, error.got + more, error.expected, error.hint, error.general
        ) from error.__cause__


def all_good(exercise: str) -> None:
    """Print that the visible checks of an exercise passed, and what that does not promise."""
    print(f"✓ {exercise}: the visible checks pass. More cases are tried when your work is graded.")


def expect_gradient(
    function: Callable[..., Any],
    *args: Any,
    wrt: int = 0,
    want: Any = None,
    call: str = "",
    hint: str = "compute with torch operations all the way",
    tolerance: float = 1e-4,
) -> None:
    """Raise Mismatch unless a gradient flows from `function(*args)` to the argument at position `wrt`.

    With `want`, the gradient of the sum of what comes back must also be that, within `tolerance`.
    """
    call = call or f"{getattr(function, '__name__', 'your function')}({written(args)})"
    copies = [_copy(arg) for arg in args]
    copies[wrt] = copies[wrt].detach().requires_grad_(True)
    result = function(*copies)
    problem = gradient_hint(result)
    if problem is not None:
        raise Mismatch(call, problem[0], "a tensor through which gradients flow", problem[1], general=True)
    try:
        result.sum().backward()
    except RuntimeError as error:  # something of the student's stands in the way: torch's words say what
        raise Mismatch(f"{call}, then .backward()", show(str(error)), "a gradient", hint) from error
    if copies[wrt].grad is None:
        got, expected = "a tensor that does not depend on it", "a gradient for this argument"
        raise Mismatch(f"{call}, argument {wrt + 1}", got, expected, hint)
    if want is not None:
        call = f"the gradient of {call}"
        expect_close(copies[wrt].grad, want, call=call, hint=hint, tolerance=tolerance)


def expect_unchanged(function: Callable[..., Any], *args: Any, call: str = "") -> None:
    """Raise Mismatch if `function(*args)` changes one of its arguments: a list, dict, array or tensor."""
    copies = [_copy(arg) for arg in args]
    function(*copies)
    call = call or f"{getattr(function, '__name__', 'your function')}({written(args)})"
    for before, after in zip(args, copies, strict=True):
        if not _untouched(before, after):
            hint = (
                "do not change the arguments in place (-=, append, sort, methods ending in _): make new ones"
            )
            raise Mismatch(f"an argument after {call}", show(after), f"{show(before)}, as before", hint)


def _copy(value: Any) -> Any:
    """Copy what a call could change in place, all the way down; a tensor keeps its need of a gradient."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(_copy(item) for item in value)
    return {key: _copy(item) for key, item in value.items()} if type(value) is dict else value


def _untouched(before: Any, after: Any) -> bool:
    """Return whether what `_copy` made of a value still equals it; nan equals nan."""
    if isinstance(before, (torch.Tensor, np.ndarray)):
        if after.shape != before.shape:
            return False
        return bool(((after == before) | ((after != after) & (before != before))).all())
    if type(before) in (list, tuple):
        return len(before) == len(after) and all(map(_untouched, before, after))
    if type(before) is dict:
        return list(before) == list(after) and all(_untouched(before[key], after[key]) for key in before)
    return before is after or bool(before == after)
