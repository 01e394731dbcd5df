"""nbgrader's options as a lesson text has them, short, and as nbgrader wants them, in full."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

SCHEMA_VERSION = 3
KNOWN = frozenset(
    ("grade_id", "solution", "points", "task", "grade", "locked", "schema_version", "cell_type", "checksum")
)
ADDED = frozenset(("schema_version", "cell_type", "checksum"))  # by nbgrader itself
PART = ("reveal", "replies", "right", "close")  # in this order; reading the text adds the tag
BLOCK = re.compile(r"(?<=^```\{code-cell\})([^\n]*)\n---\n(.*?)^---\n", re.MULTILINE | re.DOTALL)
BREAK = re.compile(r"^\+\+\+ (\{.*\})$", re.MULTILINE)


def full_options(short: Mapping[str, Any]) -> dict[str, Any]:
    """Return all of nbgrader's options for a cell of which some are given.

    `grade_id` and `solution: true` make a cell for students to write in, `grade_id` and `points` one that
    carries marks, both a written answer; `grade_id` alone makes a locked cell.
    """
    solution, task = bool(short.get("solution", False)), bool(short.get("task", False))
    defaults = {
        "grade": "points" in short and not task,
        "locked": not solution and not task,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": task,
    }
    return {**defaults, **{key: value for key, value in short.items() if key not in ADDED}}


def short_options(full: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options from which `full_options` makes these: no more than it takes."""
    kept = {key: full[key] for key in ("grade_id", "points") if key in full}
    kept |= {key: True for key in ("solution", "task") if full.get(key)}
    usual = full_options(kept)
    return kept | {key: value for key, value in full.items() if key not in ADDED and usual.get(key) != value}


def shortened(text: str) -> str:
    """Return a lesson text with each cell's options on one line, as far as they fit there.

    jupytext writes them in many lines when it carries an edit from a notebook back into the text.
    """
    text = BLOCK.sub(lambda match: f"{match[1]}\n{_one_line_each(match[2])}", text)
    return BREAK.sub(lambda match: f"+++ {_short_json(match[1])}", text)


def _one_line_each(block: str) -> str:
    try:
        options = yaml.safe_load(block)
    except yaml.YAMLError:  # an example in the prose; of a cell's own options reading the text says where
        return f"---\n{block}---\n"
    if not isinstance(options, dict) or not all(
        isinstance(value, dict | list | str | bool) for value in options.values()
    ):
        return f"---\n{block}---\n"
    return "".join(f":{key}: {_flow(value)}\n" for key, value in _short(options).items()) + "\n"


def _flow(value: Any) -> str:
    text: str = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
    )
    return text.removesuffix("...\n").strip()


def _short_json(text: str) -> str:
    try:
        options = json.loads(text)
    except ValueError:  # reading the text says where
        return text
    return json.dumps(_short(options), ensure_ascii=False)


def _short(options: Mapping[str, Any]) -> dict[str, Any]:
    if "reveal" in options or "replies" in options:
        return {key: options[key] for key in (*PART, *options) if key in options and key != "tags"}
    nbgrader = options.get("nbgrader")
    return {**options, "nbgrader": short_options(nbgrader)} if isinstance(nbgrader, dict) else dict(options)


def unknown_options(nbgrader: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names that are no options of nbgrader's."""
    yield from (key for key in nbgrader if key not in KNOWN)
