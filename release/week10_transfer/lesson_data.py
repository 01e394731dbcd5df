"""Read what the build keeps beside a lesson, and remember what a student does in it.

`lesson_data.json` holds the explanations, replies, options, hints, cards and words of a week. `progress.json`
holds the guesses, cards and self-check of the student, and is written only when one of them changes.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import tempfile
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

DATA, PROGRESS = "lesson_data.json", "progress.json"
EMPTY: dict[str, type] = {
    "week": str, "reveals": dict, "replies": dict, "options": dict, "hints": dict, "cards": list,
    "words": dict,
}  # fmt: skip
SECTIONS = ("guesses", "self_check", "cards")
ABSENT = f"The texts of this lesson are kept in {DATA}, which should lie in the folder of this notebook."


def encode(value: Any) -> str:
    """Return a JSON value as text that cannot be read at a glance. It is not a secret."""
    return base64.b64encode(json.dumps(value, separators=(",", ":")).encode("ascii")).decode("ascii")


def decode(text: str) -> Any:
    """Return the value that `encode` made this text of. Raises ValueError for any other text."""
    return json.loads(base64.b64decode(text, validate=True).decode("ascii"))


def load_data(folder: str | Path | None = None) -> dict[str, Any]:
    """Return the data of a lesson: of this folder, or of the working directory, or of this file's folder.

    A section that is missing or damaged, or of which there is no file at all, is empty.
    """
    places = [Path(folder)] if folder is not None else [Path.cwd(), Path(__file__).parent]
    found = next((data for data in map(_data_in, places) if data), {})
    return {
        name: found[name] if isinstance(found.get(name), kind) else kind() for name, kind in EMPTY.items()
    }


def decoded(section: str, name: str) -> dict[str, Any]:
    """Return what a section of the lesson's data holds under a name, {} where it holds nothing readable."""
    try:
        value = decode(load_data()[section][name])
    except (KeyError, TypeError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _data_in(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / DATA).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def inline_html(text: str) -> str:
    """Return a line of Markdown as HTML: `code`, **bold** and *slanted* words; formulas stay as they are."""
    parts = re.split(r"(`[^`]+`|\$[^$]+\$)", text)
    return "".join(_inline(part) for part in parts)


def _inline(part: str) -> str:
    if len(part) > 2 and part[0] == part[-1] == "`":
        return f"<code>{escape(part[1:-1])}</code>"
    if len(part) > 2 and part[0] == part[-1] == "$":
        return escape(part)
    bold = re.sub(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", r"<b>\1</b>", escape(part))
    return re.sub(r"\*(?=\S)([^*]+?)(?<=\S)\*", r"<i>\1</i>", bold)


class Progress:
    """Remember what a student guessed, knows and has still to read, in `progress.json` of a folder.

    Where the file cannot be written, all is kept in memory. A file that cannot be read is put aside under
    another name, never overwritten.
    """

    def __init__(self, folder: str | Path = ".") -> None:
        self.path = Path(folder).absolute() / PROGRESS
        self._unsaved: dict[str, dict[str, Any]] = {}

    def section(self, section: str) -> dict[str, Any]:
        """Return all entries of a section by their names."""
        return dict(self._all().get(section, {}))

    def get(self, section: str, name: str) -> Any:
        """Return one entry, or None."""
        return self.section(section).get(name)

    def set(self, section: str, name: str, value: Any) -> None:
        """Keep a JSON value as the entry of this name."""
        self._unsaved.setdefault(section, {})[name] = value
        with contextlib.suppress(OSError):  # then it stays in memory
            self._put_aside_if_damaged()
            self._write(self._all())
            self._unsaved = {}

    def _all(self) -> dict[str, Any]:
        """Return the file's entries with those that are not in it: another notebook may have added to it."""
        kept = read_progress(self.path) or {}
        for section, entries in self._unsaved.items():
            kept[section] = kept.get(section, {}) | entries
        return kept

    def _put_aside_if_damaged(self) -> None:
        if not os.path.lexists(self.path) or read_progress(self.path) is not None:
            return
        self.path.read_bytes()  # what is there but may not be read is not damaged: this raises an OSError
        names = (self.path.with_name(f"progress-damaged-{number}.json") for number in range(1, 10_000))
        os.rename(self.path, next(name for name in names if not os.path.lexists(name)))

    def _write(self, entries: dict[str, Any]) -> None:
        """Write the file beside the old one and then put it in its place: it is never there by half."""
        text = json.dumps(entries, ensure_ascii=True, indent=1)
        handle, name = tempfile.mkstemp(prefix=".progress-", dir=self.path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(name, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise


@cache
def progress_in(folder: Path) -> Progress:
    """Return the one Progress of a folder, which all cells of its notebook share."""
    return Progress(folder)


def progress_here() -> Progress:
    """Return the Progress of the working directory."""
    return progress_in(Path.cwd())


def read_progress(path: Path) -> dict[str, Any] | None:
    """Return what a progress file holds, or None if there is none or it is damaged."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    whole = isinstance(found, dict) and all(isinstance(found.get(name, {}), dict) for name in SECTIONS)
    return found if whole else None


def progress_of_others(folder: str | Path | None = None) -> dict[str, dict[str, Any]]:
    """Return the progress of the other weeks, which lie beside this week's folder, by the folders' names."""
    here = Path(folder or Path.cwd()).resolve()
    found = {
        path.parent.name: read_progress(path)
        for path in sorted(here.parent.glob(f"week*/{PROGRESS}"))
        if path.parent.name != here.name
    }
    return {week: entries for week, entries in found.items() if entries is not None}
