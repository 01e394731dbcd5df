"""Write what a lesson keeps beside its notebook: explanations, replies, options, hints, cards and more."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from folder_files import digest
from lesson_data import encode

from autograder.build.files import CARDS, support_files
from autograder.build.hints import hints_of
from autograder.build.parts import KEPT, Asked, Kept, asked_in, kept_in, replies_of
from autograder.course import Course, CourseError, short_name

Notebook = Any  # nbformat's NotebookNode, which has no types

GLOSSARY = "glossary.md"
OPTION = re.compile(r"^- \*\*([A-Z])\.\*\*[ \t]+(.+(?:\n[ \t]+\S.*)*)", re.MULTILINE)
ANSWER = re.compile(r"^answer_(\w+) = ", re.MULTILINE)
ROW = re.compile(r"^\|(.+)\|(.+)\|(.+)\|[ \t]*$", re.MULTILINE)
CARD = ("about", "question", "answer")


def data_file(course: Course, week: str, notebook: Notebook) -> bytes:
    """Return the file of this name for a week: the same bytes for the same lesson.

    What would spoil a question is encoded; options, cards and words are plain.
    Raises CourseError, naming the file and the edit, if the cards or the glossary cannot be read.
    """
    kept = kept_in(notebook)
    asked = {(KEPT[item.function], item.name): item for item in asked_in(notebook)}
    data = {
        "week": week,
        "reveals": {part.name: encode(_reveal(part)) for part in kept if part.kind == "reveal"},
        "replies": {
            part.name: encode(_replies(part, asked[part.kind, part.name]))
            for part in kept
            if part.kind == "replies"
        },
        "options": dict(_options(notebook)),
        "hints": {name: encode(hints) for name, hints in hints_of(course, week, notebook).items()},
        "cards": list(_cards(course, week)),
        "words": dict(_words(course, week)),
        "files": dict(_files(course, week)),
    }
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _reveal(part: Kept) -> dict[str, Any]:
    return {"right": part.right, "close": list(part.close), "text": part.text}


def _replies(part: Kept, asked: Asked) -> dict[str, Any]:
    return {"right": part.right, "texts": replies_of(part, asked)}


def _options(notebook: Notebook) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield for each graded question the words of its options: of the nearest text above that has some."""
    options: dict[str, str] = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found = {letter: " ".join(words.split()) for letter, words in OPTION.findall(cell.source)}
            options = found or options
        nbgrader = cell.metadata.get("nbgrader", {})
        answer = ANSWER.search(cell.source) if nbgrader.get("solution") else None
        if answer and answer[1] == nbgrader.get("grade_id") and options:
            yield answer[1], options


def _cards(course: Course, week: str) -> Iterator[dict[str, str]]:
    """Yield the questions with which a lesson begins. A card's name lasts as long as its question."""
    path = course.lesson(week).with_name(CARDS)
    if not path.is_file():
        return
    shown = path.relative_to(course.root)
    try:
        cards = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise CourseError(f"{shown} is not YAML: {error}. Correct the line and build again.") from None
    for card in cards if isinstance(cards, list) else [cards]:
        if not (isinstance(card, dict) and all(isinstance(card.get(key), str) for key in CARD)):
            raise CourseError(
                f"{shown} holds {str(card)[:60]!r}, which is no card. Write a list of cards, each with "
                "about: week02, question: … and answer: …"
            )
        digest = hashlib.sha256(card["question"].encode()).hexdigest()[:8]
        yield {"id": f"{card['about']}-{digest}", **{key: card[key].strip() for key in CARD}}


def _words(course: Course, week: str) -> Iterator[tuple[str, str]]:
    """Yield the words that are new in a week, with their meanings, as the course's glossary has them."""
    path = course.root / "course" / GLOSSARY
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    for word, first, meaning in ROW.findall(text):
        if first.strip() == short_name(week):
            yield word.strip(), meaning.strip()


def _files(course: Course, week: str) -> Iterator[tuple[str, str]]:
    """Yield what students get beside the notebook, each file with its checksum: the doctor compares.

    A second notebook changes where it is opened and run, so it has "" in place of a checksum.
    """
    for name, content in support_files(course, week).items():
        yield name, "" if name.endswith(".ipynb") else digest(content)
