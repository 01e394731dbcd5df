"""The site: every link leads somewhere, nothing comes from a network, all can be read, no answer is told."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from site_pages import broken_links, loaded_from_elsewhere, pages, passages, soup_of
from weeks import COURSE, WEEKS

from autograder.build.files import shared_files
from autograder.build.leaks import check_leaks, check_secrets, leaks, secrets_of, squeeze
from autograder.course import CourseError
from tools.site.__main__ import build_site
from tools.site.folding import called, folded, page_html
from tools.site.lessons import state_of
from tools.site.navigation import document_parts
from tools.site.widget_words import controls_in_words

QUICK = "week03_losses"
EXAMPLES = {"writing-a-lesson.html", "writing-a-check.html"}  # they show the form of solutions

# ---------------------------------------------------------------- one lesson and all documents

kernel = pytest.mark.kernel


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with one lesson."""
    folder = tmp_path_factory.mktemp("site")
    assert build_site(COURSE, [QUICK], folder / "pages", folder / "work") == 0
    return folder / "pages"


@kernel
def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    assert len(pages(site)) > 12
    assert [fault for page in pages(site) for fault in broken_links(page)] == []
    assert [fault for page in pages(site) for fault in loaded_from_elsewhere(page)] == []


@kernel
def test_a_lesson_can_be_read_without_a_kernel(site: Path) -> None:
    check_lesson(site, QUICK)


@kernel
def test_no_page_tells_a_solution_or_a_hidden_check(site: Path) -> None:
    assert list(told_by(site, QUICK)) == []


@kernel
def test_a_page_that_told_a_solution_would_be_found(site: Path, tmp_path: Path) -> None:
    told = shutil.copytree(site, tmp_path / "told")
    page = told / "course" / QUICK / f"{QUICK}.html"
    source = next(c for c in nbformat.read(COURSE.source(QUICK), 4).cells if "BEGIN SOLUTION" in c.source)
    page.write_text(page.read_text().replace("</article>", f"<pre>{source.source}</pre></article>"))
    assert list(told_by(told, QUICK))


@kernel
def test_a_folder_with_something_else_is_left_alone(site: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match="something else than a site"):
        build_site(COURSE, [QUICK], tmp_path, site.parent / "work")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def check_lesson(site: Path, week: str) -> None:
    """Fail if the page of a lesson lacks words for a picture, an outcome or a formula, or needs a kernel."""
    page = site / "course" / week / f"{week}.html"
    article, data = (
        soup_of(page).article,
        json.loads((ROOT / "release" / week / "lesson_data.json").read_text()),
    )
    assert [image for image in article.find_all("img") if len(image.get("alt", "")) < 20] == []
    assert len(article.find_all("img")) >= 3
    outcomes = article.find_all("details", class_="outcome")
    assert len(outcomes) >= len(data["reveals"]) > 0
    assert [box for box in article.find_all("details") if box.has_attr("open") or not box.summary] == []
    text = " ".join(article.get_text(" ").split())
    assert not re.search(r"guess\(\"|Make your guess above|widget-view|not yet\. Write", text)
    assert "In the notebook you move" in text
    for code in article.find_all(["pre", "code", "annotation"]):
        code.extract()
    assert not re.search(r"\$[^$\d ][^$]*\$|\\(?:frac|text|sum)\b", article.get_text(" "))
    levels = [int(heading.name[1]) for heading in article.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def told_by(site: Path, week: str) -> Iterator[str]:
    """Yield each solution, hidden check or mark scheme of a week that its page or one for all weeks shows.

    What is a secret in one week may be an everyday line of another.
    """
    others = {f"{other}.html" for other in WEEKS if other != week}
    read = [page for page in pages(site) if page.name not in others | EXAMPLES]
    shown = [passage for page in read for passage in passages(page)]
    engine = squeeze("".join(path.read_text() for path in shared_files(COURSE).values()))
    yield from leaks(shown, secrets_of(nbformat.read(COURSE.source(week), as_version=4)), engine)
    for module in sorted(COURSE.hidden(week).glob("*.py")):
        names, lines, expected = check_secrets(module.read_text(encoding="utf-8"))
        yield from leaks([passage for passage in shown if not passage.is_given], lines, engine)
        yield from check_leaks(shown, names, expected)


# ---------------------------------------------------------------- the whole site


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with all lessons."""
    folder = tmp_path_factory.mktemp("whole")
    assert build_site(COURSE, WEEKS, folder / "pages", folder / "work") == 0
    return folder / "pages"


@pytest.mark.long
@kernel
def test_the_whole_site_holds_together(whole: Path) -> None:
    assert [fault for page in pages(whole) for fault in broken_links(page)] == []
    assert [fault for page in pages(whole) for fault in loaded_from_elsewhere(page)] == []


@pytest.mark.long
@kernel
@pytest.mark.parametrize("week", WEEKS)
def test_every_lesson_can_be_read_and_tells_no_answer(whole: Path, week: str) -> None:
    check_lesson(whole, week)
    assert list(told_by(whole, week)) == []


# ---------------------------------------------------------------- parts, without a kernel

CALLS = [
    ('reveal("mse")', ("reveal", ["mse"])),
    ("pictures.three_pictures()", ("pictures.three_pictures", [])),
    ("x = f(1)", ("", [])),
    ("f()\ng()", ("", [])),
    ("%matplotlib inline", ("", [])),
]


@pytest.mark.parametrize(("source", "found"), CALLS)
def test_a_cell_that_only_calls_something_is_known(source: str, found: tuple) -> None:
    assert called(source) == found


PARTS_OF_PAGES = [
    ("<p>Is $x^2$ & <code>$HOME</code> fine?</p>", ["<math", "&amp;", "<code>$HOME</code>"], ["$x"]),
    ("<p>Q?</p><p>A guess counts when you press the button.</p>", ["Guess before you read on"], ["button"]),
    ('<p role="status" aria-live="polite">3</p>', ["<p>3</p>"], ["status"]),
    (
        '<img src="x.png" alt="Two lines &amp; a dot.">',
        ["<details><summary>", "<p>Two lines &amp; a dot.</p>"],
        [],
    ),
    ('<img src="x.png" alt="Two lines."><p>Two lines.</p>', ["<figure>"], ["<details>"]),
]


@pytest.mark.parametrize(("html", "there", "gone"), PARTS_OF_PAGES)
def test_an_output_becomes_part_of_a_page(html: str, there: list[str], gone: list[str]) -> None:
    shown = page_html(html)
    assert [part for part in there if part not in shown] == []
    assert [part for part in gone if part in shown] == []


def test_a_widget_is_told_with_all_its_controls() -> None:
    slider = {"kind": "slider", "description": "Rate", "min": -3, "max": 0, "powers_of_ten": True}
    models = {
        "box": {"children": ["IPY_MODEL_in", "IPY_MODEL_c", "IPY_MODEL_d"]},
        "in": {"children": ["IPY_MODEL_a", "IPY_MODEL_b"]},
        "a": slider,
        "b": {"kind": "choice", "description": "Loss", "labels": ["MSE", "MAE"]},
        "c": {"kind": "button", "description": "Step"},
        "d": {"kind": "words", "value": "<p>…</p>"},
    }
    assert controls_in_words(models, "box") == (
        "In the notebook you move “Rate” (0.001 to 1) and “Loss” (MSE / MAE) and you press “Step”; "
        "the page shows one state."
    )
    assert controls_in_words(models, "d") == ""


def test_documents_come_in_the_order_of_their_table_and_none_is_lost(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("a", "b", "c", "d"):
        (tmp_path / "docs" / f"{name}.md").write_text(f"# {name}")
    order = "# All\n\n## Try it\n- [First](c.md): it\n- [Gone](gone.md)\n\n## Trust it\n- [Then](a.md#x)\n"
    (tmp_path / "docs" / "README.md").write_text(order)
    assert [(part.title, part.pages) for part in document_parts(tmp_path)] == [
        ("Try it", {"docs/c.md": "First"}),
        ("Trust it", {"docs/a.md": "Then"}),
        ("More", {"docs/b.md": "", "docs/d.md": ""}),
    ]


def test_every_document_has_its_place() -> None:
    assert "More" not in [part.title for part in document_parts(ROOT)]


def test_a_lesson_runs_again_when_a_file_beside_it_changes(tmp_path: Path) -> None:
    (tmp_path / "lesson.ipynb").write_text("{}")
    (tmp_path / "helper.py").write_text("x = 1")
    before = state_of(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "helper.pyc").write_text("…")
    assert state_of(tmp_path) == before
    (tmp_path / "helper.py").write_text("x = 2")
    assert state_of(tmp_path) != before


def test_an_outcome_is_folded_and_a_check_without_an_answer_asks_for_none() -> None:
    from lesson_data import encode

    printed = nbformat.v4.new_output("stream", text="huber: not yet. Write your answer …")
    cells = [
        nbformat.v4.new_code_cell('predict("mse", "How large is `f(x)`?", unit="m")'),
        nbformat.v4.new_code_cell('reveal("mse")'),
        nbformat.v4.new_code_cell("check_huber(huber)", outputs=[printed]),
    ]
    data = {"reveals": {"mse": encode({"right": 1350, "text": "The **square** makes it."})}}
    _, first, second = folded(nbformat.v4.new_notebook(cells=cells), data).cells
    box = BeautifulSoup(first.source, "html.parser").details
    assert box.summary.text == "What came out: How large is f(x)?"
    assert "**1350**\n\nThe **square** makes it." in first.source
    assert "Here the notebook checks your answer" in second.source
