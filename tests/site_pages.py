"""What the tests of the site share: its pages, the links in them, and the text that a reader is shown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from autograder.build.leaks import Passage

TEXTS = ["pre", "p", "li", "td", "th", "summary", "dd", "dt", "figcaption", "h1", "h2", "h3", "h4"]


def pages(site: Path) -> list[Path]:
    """Return the pages of a site."""
    return sorted(path for path in site.rglob("*.html") if "_static" not in path.parts)


@cache
def soup_of(page: Path) -> BeautifulSoup:
    """Return a page, parsed."""
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def broken_links(page: Path) -> Iterator[str]:
    """Yield each link of a page to a file or place of the site that is not there."""
    for tag in soup_of(page).find_all(["a", "link", "script", "img"]):
        address = urlsplit(tag.get("href") or tag.get("src") or "")
        if address.scheme or address.netloc:
            continue
        target = page if not address.path else (page.parent / unquote(address.path)).resolve()
        if not target.is_file():
            yield f"{page.name} leads to {address.path}"
        elif address.fragment and target.suffix == ".html":
            places = {element["id"] for element in soup_of(target).find_all(id=True)}
            if unquote(address.fragment) not in places:
                yield f"{page.name} leads to {address.path}#{address.fragment}"


def loaded_from_elsewhere(page: Path) -> Iterator[str]:
    """Yield what a page would load from the network."""
    for tag in soup_of(page).find_all(["link", "script", "img", "iframe", "source", "video"]):
        address = tag.get("href") or tag.get("src") or ""
        if address.startswith(("http:", "https:", "//")):
            yield f"{page.name} loads {address}"


def passages(page: Path) -> Iterator[Passage]:
    """Yield the pieces of a page in which a leak would be seen."""
    for element in soup_of(page).find_all(TEXTS):
        yield Passage(f"{page.name}, {element.name}", element.get_text(), is_given=element.name != "pre")
    for image in soup_of(page).find_all("img", alt=True):
        yield Passage(f"{page.name}, alt text", image["alt"], is_given=True)
