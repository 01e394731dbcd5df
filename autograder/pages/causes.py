"""Tell once what kept an answer from being tried: a syntax error, a cell or a call that never ended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograder.model import CheckResult, ExerciseResult

MISSING, NOT_TRIED = "no such name", "not tried"  # what checks say came back
UNREADABLE = ("SyntaxError", "IndentationError", "TabError")
PLACE = re.compile(r" \((?:<cell>|[^()]*), line (\d+)\)$")
UNDEFINED = re.compile(r"NameError: name '\w+' is not defined")  # what a scenario says of a missing function
STOPPED = re.compile(
    r"This cell (was stopped because|ended the Python process|was left out because)([^\n]*)\. "
)
SYNTAX = (
    (r"'.' was never closed|EOF in multi-line statement|unexpected EOF", "a bracket is not closed"),
    (r"unmatched '.'|closing parenthesis", "there is a closing bracket too many, or the wrong one"),
    (r"unterminated .*string", "a text has no closing quotation mark"),
    (r"expected ':'", "the colon at the end is missing"),
    (r"expected an indented block", "the lines that belong here are not indented"),
    (r"unexpected indent", "this line is indented and should not be"),
    (r"unindent does not|inconsistent use of tabs", "this line is not indented like those it belongs to"),
    (r"Maybe you meant '=='", "a single = stores a value, == compares two"),
    (r"forgot a comma", "perhaps a comma is missing"),
    (r"outside function", "this may only stand inside a function: look at the indentation"),
)  # fmt: skip

Output = Mapping[str, Any]  # of nbformat's


def syntax_words(output: Output) -> str:
    """Return in plain words what keeps a cell from being read as Python, or "" for any other output."""
    if output.get("output_type") != "error" or output.get("ename") not in UNREADABLE:
        return ""
    message = PLACE.sub("", str(output.get("evalue", "")))
    found = (words for pattern, words in SYNTAX if re.search(pattern, message))
    return next(found, f"Python cannot read it ({message})" if message else "Python cannot read it")


def one_cause(exercise: ExerciseResult, outputs: Iterable[Output]) -> str:
    """Return the one sentence that tells why an answer could not be tried, or ""."""
    shown = list(outputs)
    if not was_reached(exercise):
        for output in shown:
            if words := syntax_words(output):
                line = PLACE.search(str(output.get("evalue", "")))
                return f"{f'Line {line[1]}' if line else 'Your cell'}: {words}. Nothing else could be tried."
        stopped = filter(None, (STOPPED.match(_text(output)) for output in shown))
        for found in stopped:
            advice = "" if found[1].startswith("was left") else " Look for a loop that never ends."
            return f"Your cell {found[1]}{found[2]}.{advice} Nothing else could be tried."
    if lost := lost_check(exercise):
        return (
            f"Your code was stopped at the check “{lost.name}”: {lost.got}. Look for a loop that never ends, "
            "or for something very large. What comes after it could not be tried."
        )
    return ""


def lost_check(exercise: ExerciseResult) -> CheckResult | None:
    """Return the check at which the student's process was lost: those after it were not tried."""
    checks: Sequence[CheckResult] = exercise.checks
    first = next((n for n, check in enumerate(checks) if check.got == NOT_TRIED), 0)
    return checks[first - 1] if first else None


def was_reached(exercise: ExerciseResult) -> bool:
    """Return whether there was an answer to try: a function with a body, a letter."""
    if exercise.mistake == "left_blank":
        return False
    failed = [check for check in exercise.checks if check.passed is False]
    return (
        not failed or any(check.passed for check in exercise.checks) or not all(map(_is_unanswered, failed))
    )


def _is_unanswered(check: CheckResult) -> bool:
    got = check.got
    return got in (MISSING, NOT_TRIED) or "NotImplementedError" in got or UNDEFINED.search(got) is not None


def _text(output: Output) -> str:
    text = output.get("text", "")
    return text if isinstance(text, str) else ""
