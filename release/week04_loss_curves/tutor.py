"""Run the checks that students see and the demonstrations of their code, and tell kindly what went wrong.

All that is said is printed as plain text, so that it is read aloud, saved and printed like any other output.
"""

from __future__ import annotations

import functools
import linecache
import math
import re
import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from checking import Mismatch
from error_words import meaning
from lesson_data import decoded

LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
CELLS = ("<ipython-input", "<string>", "<stdin>")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")


def visible(check: Callable[..., None]) -> Callable[..., None]:
    """Turn a check that raises into one that tells a student what is wrong and never raises.

    The exercise bears the name of the check without `check_`; `.__wrapped__` is the check that raises.
    """
    exercise = check.__name__.removeprefix("check_")

    @functools.wraps(check)
    def told(*args: Any, **kwargs: Any) -> None:
        given = (*args, *kwargs.values())
        if any(map(_has_dots, given)):
            return print(_not_yet(exercise))
        try:
            check(*args, **kwargs)
        except Mismatch as error:
            print(_of_mismatch(error, exercise))
        except Exception as error:
            print(_of_error(error, exercise, given, check.__code__.co_filename))

    return told


@contextmanager
def needs(*names: str) -> Iterator[None]:
    """Run a demonstration of the student's own code, and say what it needs where that is not there yet."""
    try:
        yield
    except Exception as error:
        said = f"Not yet: this cell needs your {' and '.join(names)}."
        absent = isinstance(error, NameError) and error.name in names
        if not (absent or _is_stub(error)):
            said = f"{said} It stopped with an error:\n{explain_error(error)}"
        print(said)


def hint_key(error: BaseException) -> str:
    """Return what a wrong answer is known by: the call and what came back, or the first line of the error."""
    if isinstance(error, Mismatch):
        return f"{error.call}\n{error.got}"
    return f"{type(error).__name__}: {_first_line(error)}"


def explain_error(error: BaseException) -> str:
    """Return three lines: where in the student's code an error arose, what it says and what it means."""
    return "\n".join(_explained(error, ()))


def _not_yet(exercise: str) -> str:
    return (
        f"{exercise}: not yet. Write your answer, run its cell, and run this one again. If you have written "
        "something: is the line `raise NotImplementedError()` (or `...`) still there?"
    )


def _has_dots(value: Any) -> bool:
    """Return whether `...`, as the stub leaves it, still stands for an answer or in it."""
    if isinstance(value, (list, tuple)):
        return any(item is ... for item in value)
    return value is ... or (isinstance(value, Mapping) and any(item is ... for item in value.values()))


def _is_stub(error: BaseException) -> bool:
    """Return whether an error comes from a stub: the library's own NotImplementedErrors say something."""
    if isinstance(error, NotImplementedError):
        return not str(error) or _frames(error)[-1][0] is getattr(_student_frame(error), "frame", None)
    return isinstance(error, (TypeError, AttributeError)) and "ellipsis" in str(error)


def _of_mismatch(error: Mismatch, exercise: str) -> str:
    hint = error.hint if error.general else _shipped_hint(error, exercise) or error.hint
    lines = ["Not yet:", error.call, f"  came back: {error.got}", f"  expected:  {error.expected}"]
    lines += [_where(error.__cause__, ())] if error.__cause__ else []
    return "\n".join(filter(None, [*lines, f"  try:       {hint}"]))


def _of_error(error: Exception, exercise: str, given: tuple[Any, ...], check_file: str) -> str:
    if _is_stub(error):
        return _not_yet(exercise)
    if _student_frame(error, (check_file,)) is None and not _is_wrong_call(error, given):
        return (
            f"{exercise}: this check itself failed, which may be no fault of yours. If your answer is of the "
            f"kind that the task asks for, tell your instructor:\n  {hint_key(error)}"
        )
    lines = [f"Not yet: {exercise} stopped with an error.", *_explained(error, (check_file,))]
    hint = _shipped_hint(error, exercise)
    return "\n".join([*lines, *([f"  try:       {hint}"] if hint else [])])


def _is_wrong_call(error: Exception, given: Iterable[Any]) -> bool:
    """Return whether what the student handed in cannot be called in the way the task asks for."""
    if not isinstance(error, TypeError):
        return False
    names = {getattr(value, "__qualname__", None) for value in given if callable(value)}
    called = re.match(r"(.+?)\(\) ", str(error))
    if called and called[1].removesuffix(".__init__") in names:
        return True
    kinds = {type(value).__name__ for value in given if not callable(value)}
    found = re.fullmatch(r"'(\w+)' object is not callable", str(error))
    return found is not None and found[1] in kinds


def _explained(error: BaseException, ours: tuple[str, ...]) -> list[str]:
    place = _student_frame(error, ours)
    frame, line = (place.frame, place.text) if place else (None, "")
    said = _first_line(error)
    lines = [_where(error, ours), f"  it says:   {type(error).__name__}{f': {said}' if said else ''}"]
    return [*filter(None, lines), f"  it means:  {meaning(error, frame, line)}"]


def _where(error: BaseException, ours: tuple[str, ...]) -> str:
    place = _student_frame(error, ours)
    if place is None:
        return ""
    inside = "" if place.frame.f_code.co_name.startswith("<") else f" of {place.frame.f_code.co_name}"
    return f"  look at:   line {place.number}{inside}{f':  {place.text}' if place.text else ''}"


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or " ").splitlines()[0].strip()


class _Place:
    """Hold where in the student's code an error arose."""

    def __init__(self, frame: FrameType, number: int) -> None:
        self.frame, self.number = frame, number
        self.text = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()


def _student_frame(error: BaseException, ours: tuple[str, ...] = ()) -> _Place | None:
    """Return the last place of an error's traceback that lies in the student's code, or None."""
    frames = _frames(error)
    folders = {Path(__file__).parent}
    files = [Path(frame.f_code.co_filename) for frame, _ in frames]
    folders |= {file.parent for file in files if file.stem.partition("_")[0] == "visible"}
    engine = getattr(sys.modules.get("utils"), "__file__", None)
    folders |= {Path(engine).parent} if engine else set()
    own = [(f, n) for f, n in frames if _is_students(f.f_code.co_filename, folders, ours)]
    return _Place(*own[-1]) if own else None


def _frames(error: BaseException) -> list[tuple[FrameType, int]]:
    return list(traceback.walk_tb(error.__traceback__))


def _is_students(name: str, folders: Iterable[Path], ours: tuple[str, ...]) -> bool:
    if name.startswith("<"):
        return name.startswith(CELLS)
    path = Path(name)
    if name in ours or path.name == "visible.py" or path.parent in folders:
        return False
    return not name.startswith(LIBRARIES) and not {"site-packages", "dist-packages"} & set(path.parts)


def _shipped_hint(error: BaseException, exercise: str) -> str | None:
    """Return the sentence for this very answer, if the lesson has one; last digits may differ."""
    hints, key = decoded("hints", exercise), hint_key(error)
    found = hints.get(key) or next((hints[known] for known in hints if _alike(key, known)), None)
    return found if isinstance(found, str) else None


def _alike(one: str, other: str) -> bool:
    if NUMBER.sub("#", one) != NUMBER.sub("#", other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return all(math.isclose(float(a), float(b), rel_tol=1e-3, abs_tol=1e-6) for a, b in pairs)
