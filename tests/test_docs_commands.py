"""Every command, link and file that a document names exists as it stands there; every command is told of."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import ROOT
from docs_commands import (
    FENCE,
    INLINE,
    Line,
    Unknown,
    anchors,
    check,
    find,
    lines_of,
    links,
    pages,
    without_blocks,
)
from typer.main import get_command

from autograder.cli import app

LINES = [line for page in pages() if page.name != "CHANGELOG.md" for line in lines_of(page)]
LINKED = [*pages(), *sorted((ROOT / "course").glob("*.md")), *sorted((ROOT / "benchmarks").glob("*.md"))]
# What is made here, by `make demo` and others, is not in a clone.
MADE = {line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines() if "*" not in line}
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"release", "source"} - MADE
LATER = ("week11", "week12", "weekNN", "week03/")  # in examples of what a reader makes
COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]


def cases() -> list[object]:
    """Return each line once. Looking at JupyterLab's settings starts node."""
    marks = (pytest.mark.kernel,)
    return [
        pytest.param(line, marks=marks if "jupyter" in line.text else (), id=str(line))
        for line in dict.fromkeys(LINES)
    ]


@pytest.mark.parametrize("line", cases())
def test_every_command_of_the_documents_exists(line: Line) -> None:
    check(line)


WRONG = [
    ("autograder grde week03", "there is no autograder grde"),
    ("autograder grade", "Missing argument"),
    ("autograder grade week03 --works 2", "No such option: --works"),
    ("autograder grade week03 --workers two", "not a valid int"),
    ("autograder grade week03 --workers 0", "not in the range"),
    ("autograder export week03 --to blackboard", "not blackboard"),
    ("autograder build week03 | autograder verfy", "there is no autograder verfy"),
    ("make demos", "no target demos"),
    ("make demo SPEED=1", "no variable SPEED"),
    (
        "nbgrader db assignments add ps1",
        "there is no nbgrader-db assignments|there is no nbgrader db assignments",
    ),
    ("nbgrader export --too=a.csv", "no option --too"),
    ("jupyter lap", "there is no jupyter lap"),
    ("jupyter lab --notebook-dirs=release", "no option --notebook-dirs"),
    ("pip install -e '.[clusters]'", "is no extra"),
    ("python -m pip install -c constraint.txt numpy", "there is no constraint.txt"),
    ("python doctors.py", "there is no doctors.py"),
    ("dask worker tcp://a:1 --workers 2", "No such option"),
    ("frobnicate --all", "nobody knows the program"),
]


@pytest.mark.kernel
@pytest.mark.parametrize(("text", "reason"), WRONG)
def test_a_command_that_is_wrong_is_found(text: str, reason: str) -> None:
    with pytest.raises(Unknown, match=reason):
        check(Line(Path("a.md"), text))


def test_commands_in_running_text_may_leave_arguments_to_the_reader() -> None:
    check(Line(Path("a.md"), "autograder grade", whole=False))
    with pytest.raises(Unknown):
        check(Line(Path("a.md"), "autograder grade --nothing", whole=False))


def test_consoles_and_running_text_are_both_read(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    text = "   $ autograder grade \\\n   week03 # now\n   done\n"
    page.write_text(f"Try `make demo`.\n\n1. So:\n   ```console\n{text}   ```\n")
    assert [line.text.split() for line in lines_of(page)] == [
        ["autograder", "grade", "week03", "#", "now"],
        ["make", "demo"],
    ]


# ---------------------------------------------------------------- links and files


def trouble(page: Path, target: str) -> str:
    """Return what is wrong with a link of a page, or nothing."""
    parts = urlsplit(target)
    if parts.scheme in ("http", "https"):
        return "" if re.fullmatch(r"[\w.-]+\.\w+(:\d+)?", parts.netloc) else "has no host"
    if parts.scheme == "mailto":
        return ""
    if parts.scheme or parts.netloc:
        return "is no address"
    goal = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not goal.exists():
        return "leads nowhere"
    if parts.fragment and goal.suffix == ".md" and parts.fragment not in anchors(goal):
        return f"has no heading: {', '.join(sorted(anchors(goal)))}"
    return ""


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    wrong = [f"{target} {why}" for target in links(page) if (why := trouble(page, target))]
    assert not wrong, f"{page.name}: {wrong}"


BROKEN = ["nothing.md", "scale.md#no-such-heading", "http:///a", "file:///etc/passwd", "#nowhere"]


@pytest.mark.parametrize("target", BROKEN)
def test_a_broken_link_is_found(target: str) -> None:
    assert trouble(ROOT / "docs" / "nbgrader.md", target)


def test_headings_have_the_anchors_that_github_gives_them() -> None:
    assert {"memory", "what-a-worker-needs"} <= anchors(ROOT / "docs" / "scale.md")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    if page.name == "CHANGELOG.md":
        return  # tells of what was
    spans = [span for _, span in INLINE.findall(without_blocks(page.read_text("utf-8")))]
    named = [
        span
        for span in spans
        if re.fullmatch(r"[\w.*-]+(/[\w.*-]*)+", span) and span.split("/")[0] in FOLDERS
    ]
    absent = [
        name
        for name in named
        if not any(word in name for word in LATER) and not list(ROOT.glob(name.rstrip("/")))
    ]
    assert not absent, f"{page.name} names {absent}"


# ---------------------------------------------------------------- every command is told of


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_told_of_and_has_help_with_an_example(name: str) -> None:
    command = find(name)
    told = "\n".join(page.read_text("utf-8") for page in pages() if page.name != "CHANGELOG.md")
    assert f"autograder {name}" in told, "no document tells of it"
    first, *rest = (command.help or "").split("\n\n")
    assert first.strip().endswith("."), "its help begins with a sentence"
    examples = [text.partition("Example: ")[2] for text in rest if "Example: " in text]
    assert examples, "its help has no example"
    for example in examples:
        check(Line(Path("help"), " ".join(example.split())))
    for option in command.params:
        flags = option.opts if option.param_type_name == "option" else []
        assert getattr(option, "help", None) or any(flag in told for flag in flags), (
            f"{option.name} is told nowhere"
        )


def test_every_page_is_on_the_map_and_in_one_place() -> None:
    text = (ROOT / "docs" / "README.md").read_text("utf-8")
    listed = [target for target in links(ROOT / "docs" / "README.md") if "/" not in target]
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert re.findall(r"^## (.+)$", text, re.M) == [
        "Try it", "Teach with it", "Write a week", "Run it for 10,000", "Trust it",
    ]  # fmt: skip


def test_blocks_are_of_kinds_that_something_tries() -> None:
    kinds = {block["kind"] for page in pages() for block in FENCE.finditer(page.read_text("utf-8"))}
    assert kinds <= {"console", "text", "python", "md", "yaml", "dockerfile", "csv", ""}, kinds
