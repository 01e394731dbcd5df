"""What the tests of pages start from: results of a small assignment, hostile texts, a reader of HTML."""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from urllib.parse import quote

from autograder.model import CheckResult, ExecutedCell, ExerciseResult, Finding, SubmissionResult
from autograder.pages.analysis import ByHand
from autograder.pages.report import whole_report
from autograder.pages.several import whole
from autograder.spec import Assignment, SpecCell

WEEK = "week03_losses"
PNG = base64.b64encode(
    b"\x89PNG\r\n\x1a\n" + struct.pack("!I4sIIBBBBBI", 13, b"IHDR", 2, 2, 8, 0, 0, 0, 0, 0)
).decode()
VOID = {"meta", "img", "br", "link", "input", "hr"}
SIZED = "def huber(pred, target):\n    raise NotImplementedError()"


def text_cell(text: str) -> SpecCell:
    return SpecCell(None, "text", "markdown", text, text)


ASSIGNMENT = Assignment(
    WEEK,
    (
        text_cell("# Week 3 · Losses"),
        text_cell("## 2. When one point goes *wild*\n\n### GQ1 · `huber` (2 marks)"),
        SpecCell("huber", "solution", "code", "def huber(): return SECRET", SIZED),
        SpecCell("huber_check", "check", "code", "SECRET = 1", "# hidden", 2.0),
        text_cell("### GQ2 · Why? (3 marks)"),
        SpecCell("written_why", "written", "markdown", "SECRET scheme", "*Here.*", 3.0),
    ),
)

PASSED = CheckResult("small_errors_count_half_their_square", 0.75, True)
FAILED = CheckResult(
    "negative_errors_count_too", 1.25, False, "huber([-3], [0])", "-1.5", "2.5", "take the absolute value"
)
BROKEN = CheckResult("gradients_flow", 0.25, None, got="KeyError in SECRET")

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</pre></section><iframe src=//evil.example></iframe>",
    '" onmouseover="alert(1)" x="',
    "'><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "javascript:alert(1)",
    "<style>@import url(//evil.example/a.css)</style>",
    "]]><!--<base href=//evil.example>",
    "\x00\x1b[31mred\ud800\u202e txt.exe",
    "&lt;script&gt; &#60;script&#62;",
    "<a href='http://evil.example'>a</a>",
]


def class_report(results, assignment: Assignment, by_hand: ByHand | None = None) -> str:
    """Return the report on an assignment of one notebook, with feedback where nbgrader has it."""
    found = whole([(assignment, {result.student: result for result in results})])
    return whole_report(found, by_hand or {}, feedback_address)


def feedback_address(student: str, notebook: str) -> str:
    parts = (student, WEEK, notebook)
    return f"../feedback/{'/'.join(quote(part, safe='', errors='replace') for part in parts)}.html"


@dataclass(frozen=True)
class Mark:
    """Stand for what a person gave in the gradebook."""

    score: float | None = None
    comment: str = ""
    waiting: bool = False


def exercise(*checks: CheckResult, **changes) -> ExerciseResult:
    score = sum(check.marks for check in checks if check.passed)
    return replace(ExerciseResult("huber", score, 2.0, checks), **changes)


def result(student: str = "ada", *, exercises=None, source: str = "def huber(): pass", outputs=(), **changes):
    done = exercises or (exercise(PASSED, FAILED), ExerciseResult("written_why", 0.0, 3.0, manual=True))
    cells = (
        ExecutedCell("huber", "code", source, tuple(outputs)),
        ExecutedCell("huber_check", "code", "SECRET = 1", ({"output_type": "stream", "text": "SECRET"},)),
    )
    base = SubmissionResult(student, WEEK, "graded", "", done, cells, (), 4711, 12.34, "namespaces")
    return replace(base, **changes)


class Reader(HTMLParser):
    """Remember the elements of a page, its visible text, and whether every element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.text += " " if tag in ("td", "th", "p", "li", "strong", "title") else ""

    def handle_data(self, data):
        self.text += data


def parsed(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def text_of(page: str) -> str:
    """Return the words of a page."""
    return " ".join(parsed(page).text.split())


def assert_harmless(page: str) -> None:
    """Check that a page runs nothing, loads nothing, and can be written to a file."""
    reader = parsed(page)
    assert not {tag for tag, _ in reader.tags} & {
        "script",
        "iframe",
        "object",
        "embed",
        "base",
        "link",
        "form",
    }
    for tag, attributes in reader.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("srcdoc", "style", "action")
        ]
        for name in ("src", "href"):
            value = attributes.get(name) or ""
            assert re.match(r"#|data:image/png;base64,|\.\./feedback/|$", value), (tag, value)
    style = page.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert "\x00" not in page.encode("utf-8").decode()


def everywhere(text: str) -> SubmissionResult:
    """Return a result that holds this text in every place that a student can fill, and in some others."""
    check = CheckResult(text, 1.0, False, text, text, text, text)
    undecided = CheckResult(text, 1.0, None, text, text, text, text)
    passed = CheckResult(text, 1.0, True)
    outputs = [
        {"output_type": "stream", "name": text, "text": text},
        {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]},
        {
            "output_type": "display_data",
            "data": {"text/html": text, "image/svg+xml": text, "text/plain": text},
        },
        {"output_type": "display_data", "data": {"image/png": PNG, "text/plain": text}},
        {
            "output_type": "display_data",
            "data": {"image/png": text, "text/markdown": text, "text/latex": text},
        },
        {"output_type": text, "data": text},
    ]
    named = exercise(check, undecided, passed, mistake=text, sentence=text)
    findings = tuple(Finding(kind, text) for kind in ("repaired", "suspicious", "note"))
    return result(text, exercises=(named,), source=text, outputs=outputs, findings=findings, isolation=text)
