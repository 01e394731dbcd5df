"""Catch what a notebook cell prints and shows, in order and bounded. Runs in the child."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import sys
import traceback
from collections.abc import Iterator
from typing import Any

from IPython.core.displaypub import DisplayPublisher

MAX_ITEMS, MAX_IMAGES = 100, 8 << 20
FRAMES = 6
CUT = "\n… the rest of this output was left out.\n"
SHOWN = ("text/plain", "image/png", "image/jpeg")


class Outputs:
    """Collect the outputs of one cell as dicts of nbformat's fields. All texts share `limit` characters."""

    def __init__(self, limit: int) -> None:
        self.items: list[dict[str, Any]] = []
        self.texts_left, self.images_left = limit, MAX_IMAGES

    def write(self, text: str) -> None:
        """Append printed text."""
        text = self._cut(text)
        if text and self.items and self.items[-1]["output_type"] == "stream":
            self.items[-1]["parts"].append(text)
        elif text:
            self._add({"output_type": "stream", "name": "stdout", "parts": [text]})

    def show(self, data: dict[str, Any], kind: str = "display_data") -> None:
        """Append something displayed, in the forms in which it can be shown without running anything."""
        data = _in_words(data)
        kept = {mime: self._text_or_image(mime, data[mime]) for mime in SHOWN if mime in data}
        kept = {mime: value for mime, value in kept.items() if value}
        if kept:
            self._add({"output_type": kind, "data": kept})

    def fail(self, kind: str, message: str, lines: list[str]) -> None:
        """Append an error."""
        lines = [self._cut(line) for line in lines]
        self._add({"output_type": "error", "ename": kind, "evalue": self._cut(message), "traceback": lines})

    def result(self) -> list[dict[str, Any]]:
        """Return the outputs, with printed text joined."""
        return [_joined(item) for item in self.items]

    def _add(self, item: dict[str, Any]) -> None:
        if len(self.items) < MAX_ITEMS:
            self.items.append(item)

    def _cut(self, text: str) -> str:
        if self.texts_left <= 0:
            return ""
        kept = text[: self.texts_left]
        self.texts_left -= len(kept)
        return kept if self.texts_left > 0 else kept + CUT

    def _text_or_image(self, mime: str, value: Any) -> str:
        if mime == "text/plain":
            return self._cut(str(value))
        text = base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
        self.images_left -= len(text)
        return text if self.images_left >= 0 else ""


def _in_words(data: dict[str, Any]) -> dict[str, Any]:
    """Return displayed formulas and Markdown as they were typed, in place of a name that says nothing."""
    typed = data.get("text/markdown", data.get("text/latex"))
    nameless = str(data.get("text/plain", "")).startswith("<IPython.core.display.")
    return {**data, "text/plain": typed} if nameless and isinstance(typed, str) else data


def _joined(item: dict[str, Any]) -> dict[str, Any]:
    if item["output_type"] != "stream":
        return item
    return {"output_type": "stream", "name": "stdout", "text": "".join(item["parts"])}


class Printed(io.TextIOBase):
    """A text stream that writes into Outputs, or nowhere."""

    def __init__(self, outputs: Outputs | None = None) -> None:
        self.outputs = outputs

    def write(self, text: str) -> int:
        """Pass the text on and return its length."""
        if self.outputs is not None:
            self.outputs.write(str(text))
        return len(text)

    def writable(self) -> bool:
        """Return True."""
        return True


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    """Stand in for the shell's display publisher."""

    def __init__(self, outputs: Outputs) -> None:
        super().__init__()
        self.kept = outputs

    def publish(self, data: dict[str, Any], *ignored: Any, **also: Any) -> None:
        """Keep what is displayed."""
        self.kept.show(data)

    def clear_output(self, wait: bool = False) -> None:
        """Do nothing: a cleared output is kept, so that a reader sees all."""


@contextlib.contextmanager
def captured(shell: Any, outputs: Outputs, quiet: bool = False) -> Iterator[None]:
    """Send what a cell prints, displays and raises into `outputs`. Warnings are prints like any other.

    `quiet` leaves out the value of the last expression.
    """

    def display_result(value: Any = None) -> None:
        if value is not None:
            shell.displayhook.update_user_ns(value)
            if not quiet:
                outputs.show(shell.display_formatter.format(value)[0], "execute_result")

    def show_error(kind: type[BaseException], error: BaseException, lines: list[str]) -> None:
        outputs.fail(kind.__name__, str(error), lines if _renders_itself(error) else short_traceback(error))

    saved = shell.display_pub, shell.display_trap.hook, shell._showtraceback
    shell.display_pub, shell.display_trap.hook = _Publisher(outputs), display_result
    shell._showtraceback = show_error
    try:
        with contextlib.redirect_stdout(Printed(outputs)), contextlib.redirect_stderr(Printed(outputs)):
            yield
    finally:
        shell.display_pub, shell.display_trap.hook, shell._showtraceback = saved


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Drop what is printed: a call's answer is its value."""
    with contextlib.redirect_stdout(Printed()), contextlib.redirect_stderr(Printed()):
        yield


def _renders_itself(error: BaseException) -> bool:
    return hasattr(error, "_render_traceback_")


def short_traceback(error: BaseException) -> list[str]:
    """Return where in the notebook's own cells an error arose, then what it says."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_library(frame.filename)]
    places = [
        f"line {frame.lineno}, in {frame.name}\n    {frame.line}" for frame in frames[-FRAMES:] if frame.line
    ]
    return [*places, "".join(traceback.format_exception_only(error)).strip()]


def _is_library(filename: str) -> bool:
    return "site-packages" in filename or filename.startswith((sys.prefix, os.path.dirname(os.__file__)))
