"""Take along the pictures of text cells: those attached to them, and those that make a text too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from autograder.intake.findings import note
from autograder.judge.pictures import MAGIC, checked_picture
from autograder.model import Finding, Pictures

MAX_PICTURES = 100
MAX_ANSWER, MAX_ROOM = 8 << 20, 16 << 20  # bytes of the pictures of a cell; of a notebook, as they are stored
ATTACHED = re.compile(r"attachment:((?:[^\s\"'<>()\[\]]++|\([^\s\"'<>()\[\]]*+\))++)")
_INLINE = re.compile(r"data:(image/[\w.+-]++);base64,([\w+/=%]{1000,}+)", re.IGNORECASE)


class Album:
    """Remember of a notebook how much room its pictures leave, and how many were left out."""

    def __init__(self) -> None:
        self.room, self.taken, self.left_out = MAX_ROOM, 0, 0

    def attached(self, source: str, attachments: Any) -> Pictures:
        """Return the pictures attached to a cell that its text shows, by the name it has for them."""
        if not isinstance(attachments, dict):
            return {}
        names = dict.fromkeys(ATTACHED.findall(source))
        bundles = ((name, attachments.get(name, attachments.get(unquote(name)))) for name in names)
        return self._kept((name, mime, value) for name, bundle in bundles for mime, value in _best(bundle))

    def take(self, source: str, attachments: Any, longest: int) -> tuple[str, Pictures]:
        """Return the text of a cell, without pictures in it if it is longer than that, and its pictures."""
        text, inline = self._taken_out(source) if len(source) > longest else (source, {})
        return text, {**inline, **self.attached(text, attachments)} if len(text) <= longest else {}

    def _taken_out(self, source: str) -> tuple[str, Pictures]:
        """Return a text with the pictures that are written out in it only named, and these pictures."""
        found: list[tuple[str, str, str]] = []

        def name_it(picture: re.Match[str]) -> str:
            found.append((f"picture-{len(found) + 1}", picture[1].lower(), picture[2]))
            return f"attachment:{found[-1][0]}"

        return _INLINE.sub(name_it, source), self._kept(iter(found))

    def findings(self) -> list[Finding]:
        """Return what a person should know who looks at the text cells."""
        if not self.left_out:
            return []
        what = "One picture in a text cell was" if self.left_out == 1 else f"{self.left_out} pictures were"
        return [note(f"{what} left out: no PNG or JPEG, or too large. Look at the notebook as handed in.")]

    def _kept(self, offered: Iterator[tuple[str, str, str]]) -> Pictures:
        """Return as addresses that hold all of it the pictures for which there is room."""
        pictures, left = {}, min(MAX_ANSWER, self.room)
        for name, mime, value in offered:
            fits = self.taken < MAX_PICTURES and len(value) <= left
            content = checked_picture(value, mime) if fits else ""
            if content:
                pictures[name] = f"data:{mime};base64,{content}"
                left, self.room, self.taken = left - len(content), self.room - len(content), self.taken + 1
            else:
                self.left_out += 1
        return pictures


def _best(bundle: Any) -> list[tuple[str, str]]:
    """Return the form of an attached picture that can be shown, an empty one if there is none."""
    if not isinstance(bundle, dict):
        return []
    forms = ((mime, bundle[mime]) for mime in MAGIC if mime in bundle)
    joined = ((mime, "".join(v) if _is_lines(v) else v) for mime, v in forms)
    return [next(((mime, value) for mime, value in joined if isinstance(value, str)), ("", ""))]


def _is_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)
