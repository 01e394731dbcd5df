"""The pages for authors, followed literally: every block of them is run, in order, in a course of its own."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT
from new_week import make_course

PAGES = ("writing-a-lesson.md", "writing-a-check.md")
BLOCK = re.compile(r"^(?P<fence>`{3,})(?P<kind>\w*)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
PLACE = re.compile(r"(Append to|Write|Add to)\s+`(course/[\w/.]+)`")


@dataclass(frozen=True)
class Block:
    """Hold a block of a page, and the text between it and the block before."""

    page: str
    kind: str
    text: str
    before: str


def blocks() -> Iterator[Block]:
    for page in PAGES:
        text, end = (ROOT / "docs" / page).read_text(encoding="utf-8"), 0
        for match in BLOCK.finditer(text):
            yield Block(page, match["kind"], match["text"], text[end : match.start()])
            end = match.end()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """An own course with no week of its own."""
    return make_course(tmp_path).root


def run_console(course: Path, text: str) -> None:
    """Run each command of a console block; what the page says comes back must come back."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        done = subprocess.run(shlex.split(command), cwd=course, capture_output=True, text=True)
        said = " ".join((done.stdout + done.stderr).split())
        assert "Traceback" not in said, said
        for line in shown.splitlines():
            assert " ".join(line.split()) in said, f"{command} said: {said}"


def write_block(course: Path, block: Block) -> None:
    """Do with a block of text or code what the sentence before it says."""
    places = PLACE.findall(block.before)
    assert places, f"no sentence of {block.page} says where this goes:\n{block.text}"
    verb, name = places[-1]
    path = course / name
    if verb == "Write":
        path.write_text(block.text, encoding="utf-8")
    else:
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{block.text}", encoding="utf-8")


@pytest.mark.sandbox
def test_every_block_of_the_pages_for_authors_works(course: Path) -> None:
    kinds = []
    for block in blocks():
        kinds.append(block.kind)
        if block.kind == "console":
            run_console(course, block.text)
        elif block.kind in ("md", "python"):
            write_block(course, block)
        else:
            assert block.kind == "text", f"what is a block of {block.kind!r}?"
    assert kinds.count("console") >= 4
    assert kinds.count("python") >= 3
    hidden = course / "course" / "week11_clipping" / "hidden"
    code = [hidden, hidden.parent / "visible.py", hidden.parent / "clipping_widgets.py"]
    done = subprocess.run(
        ["ruff", "check", "--config", str(ROOT / "pyproject.toml"), *code], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.kernel
def test_the_tree_of_a_new_week_is_what_the_page_shows(course: Path) -> None:
    subprocess.run(["autograder", "new", "week11_clipping"], cwd=course, check=True, capture_output=True)
    (tree,) = [block.text for block in blocks() if block.kind == "text"]
    shown = {line.split()[0] for line in tree.splitlines()[1:] if not line.split()[0].endswith("/")}
    made = {path.name for path in (course / "course" / "week11_clipping").rglob("*") if path.is_file()}
    assert made == shown
