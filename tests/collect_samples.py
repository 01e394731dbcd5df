"""Downloads as Moodle, Canvas, Gradescope and people make them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from autograder.course import Course

WEEK = "week03_losses"
DATE = (2026, 3, 2, 12, 0, 0)


def make_course(root: Path) -> Course:
    """Write a course with one assignment, as nbgrader keeps it, and return it."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    for step in ("source", "release"):
        folder = root / step / WEEK
        folder.mkdir(parents=True)
        (folder / f"{WEEK}.ipynb").write_bytes(notebook("# to do"))
    return Course.find(root)


def notebook(answer: str = "x = 1") -> bytes:
    """Return the bytes of a notebook with one answer."""
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": answer,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def write_zip(path: Path, files: Mapping[str, bytes | str], date: tuple[int, ...] = DATE) -> Path:
    """Write a zip file whose entries all have one date."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, date_time=date)  # type: ignore[arg-type]
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path


def write_folder(root: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write files into a folder."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return root


def moodle(name: str, number: int, file: str = f"{WEEK}.ipynb", plugin: str = "file") -> str:
    """Return the path of a file in Moodle's download with a folder for each student."""
    return f"{name}_{number}_assignsubmission_{plugin}_/{file}"


def tree(root: Path) -> dict[str, bytes]:
    """Return all files below a folder with their bytes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }
