"""Say which pages the site has, and in which order: the lessons, the documents by task, the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.build.syllabus import ROW
from autograder.course import Course

ORDER = "docs/README.md"  # its headings are the parts of the documents, the links below them their pages
SYLLABUS = {
    "course/README.md": "Syllabus",
    "course/glossary.md": "Glossary",
    "course/quick-reference.md": "Quick reference",
    "course/index.md": "Where did we meet this?",
}
PROJECT = {"README.md": "What is Trainwell?", ORDER: "All guides", "CHANGELOG.md": "What is new"}
ALSO = ("benchmarks/RESULTS.md", "experiments/RESULTS.md")
PART = re.compile(r"^## (.+)$", re.MULTILINE)
PAGE = re.compile(r"\[([^\]]+)\]\(([\w.-]+\.md)(?:#[\w-]*)?\)")
Pages = dict[str, str]  # paths in the repository, and what each is called here: "" for its own title


@dataclass(frozen=True)
class Part:
    """Hold a part of the navigation: its title, and its pages in their order."""

    title: str
    pages: Pages


def navigation(course: Course, weeks: Sequence[str]) -> tuple[Part, ...]:
    """Return the parts of the navigation: the lessons of these weeks, the documents by task, the rest."""
    first, *others = SYLLABUS.items()
    lessons = _there(course.root, dict([first])) | lesson_pages(course, weeks)
    also = {path.name: "" for path in sorted(course.root.glob("*.md"))} | dict.fromkeys(ALSO, "")
    project = _there(course.root, PROJECT | {page: PROJECT.get(page, "") for page in also})
    return (
        Part("Lessons", lessons | _there(course.root, dict(others))),
        *document_parts(course.root),
        Part("The project", project),
    )


def document_parts(root: Path) -> Iterator[Part]:
    """Yield the parts of the documents; pages that the order leaves out come last."""
    pages = {f"docs/{path.name}" for path in (root / "docs").glob("*.md")} - {ORDER}
    order = root / ORDER
    _, *texts = PART.split(order.read_text(encoding="utf-8") if order.is_file() else "")
    for title, text in zip(texts[::2], texts[1::2], strict=True):
        listed = {f"docs/{name}": words for words, name in PAGE.findall(text)}
        found = {page: words for page, words in listed.items() if page in pages}
        pages -= set(found)
        if found:
            yield Part(title, found)
    if pages:
        yield Part("More" if texts else "Guides", dict.fromkeys(sorted(pages), ""))


def lesson_page(week: str) -> str:
    """Return where the page of a lesson lies: where its text does, so that links between texts hold."""
    return f"course/{week}/{week}.ipynb"


def lesson_pages(course: Course, weeks: Sequence[str]) -> Pages:
    """Return the lessons with the titles of the syllabus, which are shorter than their own."""
    rows = ROW.findall((course.root / "course" / "README.md").read_text(encoding="utf-8"))
    titles = {week: f"Week {int(week[4:])} · {title}" for week, title, _ in rows}
    return {lesson_page(week): titles.get(week[:6], "") for week in weeks}


def _there(root: Path, pages: Pages) -> Pages:
    return {page: title for page, title in pages.items() if (root / page).is_file()}
