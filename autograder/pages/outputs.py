"""Choose what of a cell's outputs may be shown: text, and pictures that really are pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from autograder.judge.pictures import checked_picture
from autograder.pages.words import shortened

MAX_TEXT = 4000
MAX_SHOWN = 12
MAX_PICTURE = 3 << 20
MAX_PICTURES = 3 << 19  # characters of all pictures of an exercise together: a page is read over the network
TOO_LARGE = "[a picture that is too large for this page]"


@dataclass(frozen=True)
class ShownOutput:
    """Hold one output as the page shows it. `body` is text, or for a picture the base64 of a PNG."""

    kind: Literal["printed", "error", "picture"]
    body: str
    alt: str = ""


def shown_outputs(outputs: Sequence[Mapping[str, Any]], exercise: str) -> tuple[ShownOutput, ...]:
    """Return the outputs of an answer that can be shown safely, the first dozen at most."""
    found = list(_fitting(shown for output in outputs for shown in _shown(output, exercise)))
    if len(found) <= MAX_SHOWN:
        return tuple(found)
    rest = ShownOutput("printed", f"… and {len(found) - MAX_SHOWN} more outputs, which are not shown")
    return (*found[:MAX_SHOWN], rest)


def error_text(output: Mapping[str, Any]) -> str:
    """Return an error as the last line of its traceback says it."""
    name, message = _limited(output.get("ename")) or "Error", _limited(output.get("evalue"))
    return f"{name}: {message}" if message else name


def _fitting(found: Iterable[ShownOutput]) -> Iterator[ShownOutput]:
    """Yield the outputs, with a note in the place of pictures for which there is no room."""
    room = MAX_PICTURES
    for shown in found:
        fits = shown.kind != "picture" or len(shown.body) <= room
        room -= len(shown.body) if fits and shown.kind == "picture" else 0
        yield shown if fits else ShownOutput("printed", TOO_LARGE)


def _shown(output: Mapping[str, Any], exercise: str) -> Iterator[ShownOutput]:
    kind = output.get("output_type")
    if kind == "error":
        yield ShownOutput("error", error_text(output))
    elif kind == "stream":
        yield ShownOutput("printed", _limited(output.get("text")))
    elif kind in ("display_data", "execute_result") and isinstance(output.get("data"), Mapping):
        picture = checked_picture(output["data"].get("image/png"), "image/png", MAX_PICTURE)
        text = _limited(output["data"].get("text/plain"))
        if picture:
            about = f": {shortened(text, 100)}" if text else ""
            yield ShownOutput("picture", picture, f"Figure drawn by your code for {exercise}{about}")
        elif text:
            yield ShownOutput("printed", text)


def _limited(text: object) -> str:
    parts = text if isinstance(text, (list, tuple)) else [text]
    return shortened("".join(part for part in parts if isinstance(part, str)), MAX_TEXT)
