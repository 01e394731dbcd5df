"""Store the result of a submission beside its graded notebook, so that unchanged work is not graded again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from autograder.files import write_atomically
from autograder.model import SubmissionResult

NAME = ".grade.json"
FORMAT = 1  # a file of another format is graded again, never guessed at

T = TypeVar("T")


@dataclass(frozen=True)
class SavedResult:
    """Hold a result, the hash of all that it depends on, and the hash of what was handed in alone."""

    digest: str
    result: SubmissionResult
    submission: str = ""


def save_result(folder: Path, saved: SavedResult) -> None:
    """Store a result in the folder of the graded notebook, whole or not at all."""
    content = {"format": FORMAT, "digest": saved.digest, "submission": saved.submission}
    content["result"] = asdict(saved.result)
    write_atomically(folder / NAME, json.dumps(content) + "\n")


def load_result(folder: Path) -> SavedResult | None:
    """Return the stored result, or None if there is none that can be read."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            return None
        result = from_json(SubmissionResult, content["result"])
        return SavedResult(str(content["digest"]), result, str(content.get("submission", "")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def from_json(kind: type[T], data: Any) -> T:
    """Return the record that `asdict` and JSON made `data` of. Raises TypeError if it does not fit."""
    if not isinstance(data, dict):
        raise TypeError(f"expected the fields of a {kind.__name__}, got {data!r}")
    hints = _hints(cast(Any, kind))
    return kind(**{name: _value(hints[name], value) for name, value in data.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin is tuple:
        item = get_args(hint)[0]
        return tuple(_value(item, part) for part in value)
    if origin in (Union, UnionType):
        kinds = [kind for kind in get_args(hint) if kind is not type(None)]
        return None if value is None else _value(kinds[0], value)
    if origin is Literal:
        return _checked(value, value in get_args(hint), hint)
    if hint is float:
        return float(_checked(value, isinstance(value, int | float), hint))
    if isinstance(hint, type) and hasattr(hint, "__dataclass_fields__"):
        return from_json(hint, value)
    return _checked(value, isinstance(value, dict if origin is Mapping else origin or hint), hint)


def _checked(value: Any, fits: bool, hint: Any) -> Any:
    if not fits:
        raise TypeError(f"expected {hint}, got {value!r}")
    return value
