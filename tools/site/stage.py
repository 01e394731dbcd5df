"""Lay out what Sphinx reads: the documents as they are, the lessons that were run, and a first page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from autograder.course import Course
from autograder.files import write_atomically
from tools.site.folding import folded
from tools.site.navigation import Part, lesson_page, navigation
from tools.site.solutions import with_solutions

HERE = Path(__file__).parent
FIRST_PAGE = HERE / "first_page.md"
WEEK_PAGE = "/week"  # in the address of a lesson
PICTURES = ("*.png", "*.svg", "*.jpg")


def stage(course: Course, lessons: Mapping[str, Any], place: Path, solutions: bool = False) -> None:
    """Write the sources of the site into `place`. Files that did not change stay as they are, others go."""
    parts = navigation(course, list(lessons))
    wanted = {"index.md": first_page(parts).encode()}
    for page in (page for part in parts for page in part.pages if page.endswith(".md")):
        wanted[page] = (course.root / page).read_bytes()
    folders = {(course.root / page).parent for page in wanted} - {course.root}
    for picture in (path for folder in folders for kind in PICTURES for path in folder.glob(kind)):
        wanted[picture.relative_to(course.root).as_posix()] = picture.read_bytes()
    for week, notebook in lessons.items():
        data = json.loads((course.release(week).parent / "lesson_data.json").read_text(encoding="utf-8"))
        page = folded(notebook, data)
        page = with_solutions(page, course.source(week)) if solutions else page
        wanted[lesson_page(week)] = nbformat.writes(page).encode()
    _write(place, wanted)


def _write(place: Path, wanted: Mapping[str, bytes]) -> None:
    for name, content in wanted.items():
        path = place / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
    for path in [path for path in place.rglob("*") if path.is_file()]:
        if path.relative_to(place).as_posix() not in wanted:
            path.unlink()


def first_page(parts: Sequence[Part]) -> str:
    """Return the first page: its text, links to the lessons and guides, and the navigation of all pages."""
    lessons, *guides, _ = parts
    text = FIRST_PAGE.read_text(encoding="utf-8").replace("{lessons}", _listed(lessons, WEEK_PAGE))
    text = text.replace("{guides}", "\n\n".join(f"**{part.title}**\n\n{_listed(part)}" for part in guides))
    return "\n\n".join([text, *map(_toctree, parts)])


def _listed(part: Part, only: str = "") -> str:
    return "\n".join(f"- [{title}]({page})" for page, title in part.pages.items() if only in page)


def _toctree(part: Part) -> str:
    names = {page.rpartition(".")[0]: title for page, title in part.pages.items()}
    lines = [f"{title} </{name}>" if title else f"/{name}" for name, title in names.items()]
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {part.title}", "", *lines, "```"])
