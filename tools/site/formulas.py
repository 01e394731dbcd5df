"""Write formulas as MathML: browsers draw and read it aloud by themselves, without a script or a network."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from bs4 import BeautifulSoup, NavigableString
from docutils.nodes import SkipNode
from latex2mathml.converter import convert

FORMULA = re.compile(r"\$([^$\n]+)\$")


def mathml(latex: str, display: str = "inline") -> str:
    """Return a formula as MathML, with its LaTeX kept for those who copy it."""
    return convert(latex.strip(), display=display)


def with_formulas(soup: BeautifulSoup) -> None:
    """Replace each `$…$` in the text of a piece of HTML, but not in code."""
    for text in soup.find_all(string=FORMULA):
        if not text.find_parent(["code", "pre"]):
            html = FORMULA.sub(lambda found: mathml(found[1]), _escaped(text))
            text.replace_with(BeautifulSoup(html, "html.parser"))


def _escaped(text: NavigableString) -> str:
    """Return the text as HTML, but for the formulas in it."""
    parts = re.split(r"(\$[^$\n]+\$)", str(text))
    return "".join(part if FORMULA.fullmatch(part) else escape(part, quote=False) for part in parts)


def inline(writer: Any, node: Any) -> None:
    """Write an inline formula of a document."""
    writer.body.append(mathml(node.astext()))
    raise SkipNode


def block(writer: Any, node: Any) -> None:
    """Write a formula that stands by itself."""
    writer.body.append(f'<div class="math-block">{mathml(node.astext(), "block")}</div>')
    raise SkipNode
