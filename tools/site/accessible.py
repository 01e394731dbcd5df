"""Mend in the finished pages what the theme leaves out for screen readers and keyboards."""

from __future__ import annotations

import re
from pathlib import Path

REPLACEMENTS = [
    (r'<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    (r'<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="All pages">'),
    (r'<aside class="toc-drawer( no-toc)?">', r'<aside class="toc-drawer\1" aria-label="This page">'),
    (r'<th class="[^"]*"><p></p></th>', "<td></td>"),  # the corner of a table heads nothing
    (r"(<math\b(?:(?!</math>).)*</math>[.,:;?!)]+)", r'<span class="formula">\1</span>'),  # on one line
    (r"(<article[^>]*>\s*)(<noscript>)", r"\1<h1>Search</h1>\2"),
]


def make_accessible(site: Path) -> None:
    """Mend all pages of a finished site."""
    for path in site.rglob("*.html"):
        before = text = path.read_text(encoding="utf-8")
        for pattern, replacement in REPLACEMENTS:
            text = re.sub(pattern, replacement, text)
        if text != before:
            path.write_text(text, encoding="utf-8")
