"""Bring names, numbers and untrusted text into the form in which pages show them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

# Control characters, halves of pairs, and marks that make text run backwards: none of them helps a reader.
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_ANSI = re.compile(r"\x1b\[[0-9;?]*+[ -/]*+[@-~]")
_MARKUP = re.compile(r"[*`$#]++")


def readable(text: str) -> str:
    """Return the text without anything that could disturb a page or its reader."""
    return _UNREADABLE.sub("\ufffd", _ANSI.sub("", text).replace("\r\n", "\n").replace("\r", "\n"))


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters of the text, saying so if there were more."""
    return text if len(text) <= limit else f"{text[:limit]}\n… ({len(text) - limit:,} more characters)"


def sentence_name(name: str) -> str:
    """Return the plain name of a check or a mistake: `large_errors_grow` becomes `large errors grow`."""
    return name.replace("_", " ").strip()


def number(value: float) -> str:
    """Return a mark or another small number with at most two decimals and no needless zeros."""
    return f"{round(value, 2) + 0.0:g}" if abs(value) < 1e5 else f"{value:.0f}"


def marks_words(marks: float) -> str:
    """Return `1 mark`, or how many marks."""
    return f"{number(marks)} mark{'' if marks == 1 else 's'}"


def hours_words(hours: float) -> str:
    """Return a time in the unit that suits it: minutes, hours or days."""
    count, unit = (round(hours, 1), "hour") if hours < 48 else (round(hours / 24, 1), "day")
    if hours < 1:
        count, unit = max(round(60.0 * hours, 0), 1.0), "minute"
    return f"{number(count)} {unit}{'' if count == 1 else 's'}"


def heading_text(line: str) -> str:
    """Return the words of a Markdown heading."""
    return _MARKUP.sub("", line.strip().lstrip("#").strip()).strip()


@cache
def environment() -> Environment:
    """Return the templates: everything that is filled in is cleaned and escaped."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: readable(value) if type(value) is str else value,
    )
    made.filters.update(number=number, words=sentence_name, hours=hours_words, marks=marks_words)
    return made


def render(template: str, **values: object) -> str:
    """Return the page that a template makes of these values."""
    return environment().get_template(template).render(**values)
