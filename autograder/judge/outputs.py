"""Turn the outputs that a child reports into valid, bounded notebook outputs that nobody can be harmed by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from autograder.judge.errors import plain
from autograder.judge.pictures import MAGIC, checked_picture

ANSI = re.compile(r"\x1b\[[0-9;?]*+[ -/]*+[@-~]")
INPUT_NAME = re.compile(r"<ipython-input-\d++-\w++>")  # how IPython calls a cell in its messages
MAX_OUTPUTS, MAX_LINES, MAX_LINE = 100, 40, 2000
MAX_NOTEBOOK = 24 << 20  # bytes of all outputs of a notebook together
NO_ROOM = "This output was left out: the outputs of this notebook are too large.\n"

Output = dict[str, Any]


def clean_outputs(reported: Any, limit: int) -> tuple[Output, ...]:
    """Return what is usable of `reported` as nbformat outputs: text without control codes, PNG and JPEG.

    All texts together have about `limit` characters. Never raises.
    """
    if type(reported) is not list:
        return ()
    cleaned: list[Output] = []
    for item in reported[:MAX_OUTPUTS]:
        output = _clean(item, limit) if type(item) is dict else None
        if output is not None:
            cleaned.append(output)
            limit = max(0, limit - _length(output))
    return tuple(cleaned)


def fitting(outputs: tuple[Output, ...], room: int) -> tuple[tuple[Output, ...], int]:
    """Return the outputs, or a note if they do not fit into `room` bytes, and the room that is left."""
    size = sum(map(_size, outputs))
    return (outputs, room - size) if size <= room else ((stream(NO_ROOM),), room)


def stream(text: str) -> Output:
    """Return printed text as a notebook output."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def plain_text(text: Any, limit: int) -> str:
    """Return a text as a reader would have seen it: without control codes and overwritten lines."""
    if type(text) is not str:
        return ""
    text = INPUT_NAME.sub("<cell>", ANSI.sub("", text[: 4 * limit + 100]))
    lines = text.replace("\r\n", "\n").split("\n")
    return plain("\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in lines), limit)


def _clean(item: Mapping[str, Any], limit: int) -> Output | None:
    kind = item.get("output_type")
    if kind == "stream":
        text = plain_text(item.get("text"), limit)
        return stream(text) if text else None
    if kind == "error":
        return _clean_error(item, limit)
    if kind not in ("display_data", "execute_result") or type(item.get("data")) is not dict:
        return None
    data = _clean_data(item["data"], limit)
    if not data:
        return None
    output = {"output_type": kind, "data": data, "metadata": {}}
    return {**output, "execution_count": None} if kind == "execute_result" else output


def _clean_error(item: Mapping[str, Any], limit: int) -> Output:
    lines = item.get("traceback")
    shown = (
        [plain_text(line, min(limit, MAX_LINE)) for line in lines[:MAX_LINES]] if type(lines) is list else []
    )
    return {
        "output_type": "error",
        "ename": plain_text(item.get("ename"), 80) or "Error",
        "evalue": plain_text(item.get("evalue"), min(limit, 1000)),
        "traceback": [line for line in shown if line],
    }


def _clean_data(data: Mapping[Any, Any], limit: int) -> dict[str, str]:
    kept = {mime: checked_picture(data.get(mime), mime) for mime in MAGIC}
    kept["text/plain"] = plain_text(data.get("text/plain"), limit)
    return {mime: value for mime, value in kept.items() if value}


def _size(output: Output) -> int:
    pictures = (output.get("data", {}).get(mime, "") for mime in MAGIC)
    return _length(output) + sum(map(len, pictures))


def _length(output: Output) -> int:
    texts = (
        output.get("text", ""),
        output.get("data", {}).get("text/plain", ""),
        *output.get("traceback", ()),
    )
    return sum(map(len, texts))
