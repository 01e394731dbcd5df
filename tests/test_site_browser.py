"""The site in a browser without a network: axe-core finds nothing, keys reach all, the search finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from site_pages import pages
from test_browser import CHROMIUM, QUIET
from weeks import COURSE, WEEKS

from tools.site.__main__ import build_site

QUICK = "week03_losses"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
UNFOLD = """() => {
    for (const box of document.querySelectorAll("details")) box.open = true;
    for (const moving of document.getAnimations()) moving.finish();
}"""
ACTIVE = """() => {
    const box = document.activeElement.getBoundingClientRect();
    return [document.activeElement.innerText || "", box.left, box.right];
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.kernel,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium: apt-get install chromium"),
]


def built(folder: Path, weeks: list[str]) -> Path:
    assert build_site(COURSE, weeks, folder / "pages", folder / "work") == 0
    return folder / "pages"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with one lesson."""
    return built(tmp_path_factory.mktemp("site"), [QUICK])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


class Visit:
    """Open pages without a network, and remember what they failed to load or said in the console."""

    def __init__(self, browser: Browser, scheme: Any, size: Any) -> None:
        self.context = browser.new_context(color_scheme=scheme, viewport=size, offline=True)
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("requestfailed", lambda request: self.troubles.append(f"failed: {request.url}"))
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("console", self._note_error)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def _note(self, address: str) -> None:
        if not address.startswith(("file:", "data:")):
            self.troubles.append(f"asked for: {address}")

    def _note_error(self, said: Any) -> None:
        if said.type == "error":
            self.troubles.append(said.text)

    def open(self, path: Path, more: str = "") -> Page:
        self.page.goto(path.as_uri() + more)
        self.page.evaluate(UNFOLD)
        return self.page


def violations(page: Page, rules: list[str] | None = None) -> Iterator[str]:
    """Yield what axe-core finds on a page, of whatever impact."""
    chosen = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"], **chosen})
    for fault in found.response["violations"]:
        for node in fault["nodes"][:3]:
            yield f"{Path(page.url).name}: {fault['impact']} {fault['id']}: {node['html'][:120]}"


def all_violations(browser: Browser, site: Path) -> list[str]:
    """Return what is wrong on any page: all rules narrow and light; colours and scrolling wide and dark."""
    found: list[str] = []
    for scheme, size, rules in (
        ("light", NARROW, None),
        ("dark", WIDE, ["color-contrast", "scrollable-region-focusable"]),
    ):
        visit = Visit(browser, scheme, size)
        for path in pages(site):
            found += violations(visit.open(path), rules)
        found += visit.troubles
        visit.context.close()
    return found


def test_axe_finds_nothing_on_any_page_and_no_page_asks_for_a_network(site: Path, browser: Browser) -> None:
    assert all_violations(browser, site) == []


@pytest.mark.long
def test_axe_finds_nothing_on_the_whole_site(tmp_path: Path, browser: Browser) -> None:
    assert all_violations(browser, built(tmp_path, WEEKS)) == []


def test_axe_would_find_a_fault(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<html><body style='color: #999'><img src='data:,'>pale</body></html>")
    found = list(violations(Visit(browser, "light", WIDE).open(tmp_path / "bad.html")))
    assert any("image-alt" in fault for fault in found)
    assert any("color-contrast" in fault for fault in found)


def test_the_search_works_from_a_folder(site: Path, browser: Browser) -> None:
    visit = Visit(browser, "light", WIDE)
    page = visit.open(site / "search.html", "?q=huber")
    page.get_by_role("link", name="Week 3 · Losses: your model").wait_for()
    assert visit.troubles == []


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_tab_key_goes_through_a_lesson_and_never_out_of_sight(
    site: Path, browser: Browser, size: dict[str, int]
) -> None:
    page = Visit(browser, "light", size).open(site / "course" / QUICK / f"{QUICK}.html")
    page.keyboard.press("Tab")
    assert page.evaluate(ACTIVE)[0] == "Skip to content"
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        page.evaluate("for (const moving of document.getAnimations()) moving.finish()")
        words, left, right = page.evaluate(ACTIVE)
        reached.append(words)
        assert right > 0, f"{words} is left of the page"
        assert left < size["width"], f"{words} is right of the page"
    assert any("Quick reference" in words for words in reached)


def test_an_outcome_opens_by_keyboard(site: Path, browser: Browser) -> None:
    visit = Visit(browser, "light", NARROW)
    page = visit.page
    page.goto((site / "course" / QUICK / f"{QUICK}.html").as_uri())
    outcome = page.locator("details.outcome").first
    assert outcome.get_attribute("open") is None
    outcome.locator("summary").focus()
    page.keyboard.press("Enter")
    assert outcome.get_attribute("open") == ""
    assert "One record makes more than" in outcome.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
