"""A lesson's folder with its data, and a real IPython that keeps what is displayed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from lesson_data import DATA, PROGRESS, encode
from traitlets.config import Config


@contextmanager
def ipython() -> Iterator[list[dict[str, Any]]]:
    """Start IPython, and yield the list that all it displays goes into."""
    config = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
    shell = InteractiveShell.instance(config=config)
    shell.display_pub = CapturingDisplayPublisher(parent=shell)
    try:
        yield shell.display_pub.outputs
    finally:
        shell.restore_sys_module_state()
        InteractiveShell.clear_instance()


def page(outputs: list[dict[str, Any]]) -> dict[str, str]:
    """Return the texts that stand on the page by their display_id, or by their place where they have none."""
    shown: dict[str, str] = {}
    for place, output in enumerate(outputs):
        mark = (output.get("transient") or {}).get("display_id", str(place))
        if not output.get("update") or mark in shown:
            data = output["data"]
            shown[mark] = data.get("text/markdown") or data.get("text/html") or data.get("text/plain", "")
    return shown


def write_data(folder: Path, **sections: Any) -> None:
    """Write the data of a lesson; reveals and replies are encoded."""
    for name in ("reveals", "replies"):
        sections[name] = {key: encode(value) for key, value in sections.get(name, {}).items()}
    (folder / DATA).write_text(json.dumps({"week": folder.name, **sections}))


def kept(folder: Path) -> dict[str, Any]:
    """Return what the student's progress file holds."""
    return json.loads((folder / PROGRESS).read_text())
