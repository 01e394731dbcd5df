"""Compare the files of a lesson's folder with those that were given out: `lesson_data.json` lists them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from folder_look import DATA, Folder

SHOWN = 4  # so many names are told, and of the others how many there are
NEW_COPY = "Unpack what you were given once more, in another place, and copy {} from there into this folder."


def digest(content: bytes) -> str:
    """Return a short checksum of a file, the same after its line ends were changed."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:12]


def file_faults(here: Folder, in_notebook: bool = False) -> list[str]:
    """Return in a sentence or two each what is wrong with the files of a lesson's folder, and what to do.

    A notebook that runs may lie elsewhere (as in Colab), so `in_notebook` none is missing.
    """
    return [*_faults_of_files(here), *_faults_of_notebooks(here, in_notebook)]


def _faults_of_files(here: Folder) -> Iterator[str]:
    given = _given(here)
    if given is None:
        yield f"{DATA} is damaged. {NEW_COPY.format('it')}"
        return
    lost = [name for name in given if not os.path.isfile(here.file(name))]
    changed = [name for name in given if name not in lost and given[name] not in ("", _digest_of(here, name))]
    if lost:
        yield f"Not beside the notebook: {listed(lost)}. {NEW_COPY.format(_them(lost))}"
    if changed:
        yield (
            f"Not as you were given {_them(changed)}: {listed(changed)}. What you wrote yourself needs "
            f"another name. {NEW_COPY.format(_them(changed))}"
        )


def _faults_of_notebooks(here: Folder, in_notebook: bool) -> Iterator[str]:
    """Yield which notebook is damaged, or that there is none: those that were given as files do not count."""
    given = _given(here) or {}
    notebooks = [name for name in here.files if name.endswith(".ipynb") and name not in given]
    if not notebooks and not in_notebook:
        yield "This week's notebook is not here. Did you open the right folder?"
    for name in here.notebooks or notebooks:
        cells = _json(here.file(name)).get("cells")
        if not isinstance(cells, list):
            yield f"{name} is damaged or not whole. Go on with an older copy, or with the one you were given."


def _given(here: Folder) -> dict[str, str] | None:
    """Return the checksums of the week's files, "" for one that may change; None without a list."""
    found = _json(here.file(DATA)).get("files")
    return found if isinstance(found, dict) else None


def _json(path: str) -> dict[str, Any]:
    try:
        found = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest_of(here: Folder, name: str) -> str:
    try:
        return digest(Path(here.file(name)).read_bytes())
    except OSError:
        return "cannot be read"


def listed(names: list[str]) -> str:
    """Return some names as a list in words."""
    return ", ".join(names[:SHOWN] + [f"and {len(names) - SHOWN} more"] * (len(names) > SHOWN))


def _them(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"
