"""Text cells of students: what is harmless stays as it is, all else is shown as it was typed."""

from __future__ import annotations

import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from picture_samples import jpeg, png

from autograder.pages.markdown import LEFT_OUT, NOTE, inert_markdown, is_inert, verbatim

HARMLESS = [
    "# Why\n\nBecause $a<b$ and $0<x<1$, see [the notes](https://example.org/a?b=c#d) or <https://example.org>.",
    "if a < b: `x = <b>` is 3 > 2; the data: 1, 2; the file: none; H<sub>2</sub>O<br>",
    f"![my plot](data:image/png;base64,{png()})",
    f"![a photograph](data:image/jpeg;base64,{jpeg()})",
    f"![a photograph in steps](data:image/jpeg;base64,{jpeg(scans=12)})",
    "$\\frac{1}{n} \\sum_i (y_i - \\hat y_i)^2$\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "[a](#why), [b](notes.md), [c](/x/y), [d](mailto:a@example.org), x[0](a), [0, 1]: note: both, [1]: https://x.org",
    "",
]
HARMFUL = [
    "<script>alert(1)</script>",
    "<div onmouseover=alert(1) ",
    "<IMG\tSRC=x ONERROR=alert(1)>",
    "<svg/onload=alert(1)>",
    "<b onclick=alert(1)>bold</b>",
    "<!-- --><style>@import url(http://example.org)</style>",
    "![picture](http://example.org/pixel.png)",
    f"![too large to unpack](data:image/png;base64,{png(1 << 30)})",
    f"![too large to unpack](data:image/jpeg;base64,{jpeg(60000, 60000)})",
    f"![painted for minutes](data:image/jpeg;base64,{jpeg(scans=200)})",
    f"![fine](data:image/png;base64,{png()}) ![too large](data:image/png;base64,{png(9000, 9000)})",
    "![moving](data:image/gif;base64,R0lGODlh//////8AAAA=)",
    "![none](data:image/png;base64,iVBORw0KGgo=)",
    "![picture][far]\n\n[far]: http://example.org/pixel.png",
    f'![a <b c="](data:image/png;base64,{png()})" onclick=alert(1)>',
    "[x](javascript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;ava&Tab;Script:alert(1))",
    "[x]: data:text/html;base64,PHNjcmlwdD4=",
    "<javascript:alert(1)>",
    "[x](search-ms:query=a)",
    "[x](ms-word:ofe|u|http://example.org/a.docx)",
    "[x](< steam&colon;//run/1>)",
    "[x][y]\n\n[y]: steam://run/1",
    "[x](\\\\example.org\\share)",
    f"&#{'9' * 5000};",
    f"&#{'0' * 5000}60;script>alert(1)</script>",
    f"[x](java&amp;#{'9' * 5000};script:alert(1))",
    "$\\href{javascript:alert(1)}{x}$ $\\style{background:url(//example.org)}{x}$",
]
ESCAPES = [
    "```\n<script>x</script>\n```\n<script>y</script>",
    "````````\n<img src=x onerror=y>",
    "~~~\n<b onclick=x>",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert inert_markdown(text, {}) == text


@pytest.mark.parametrize("text", HARMFUL + ESCAPES)
def test_active_text_is_shown_as_it_was_typed(text: str) -> None:
    assert not is_inert(text)
    shown = inert_markdown(text, {})
    assert shown.startswith(NOTE)
    assert text in shown
    page = markdown2html_mistune(shown)
    assert page.count("<script") == page.count("<img") == page.count("<b ") == page.count("<a ") == 0


def test_a_block_that_was_made_harmless_stays_so() -> None:
    once = inert_markdown("````\n<script>", {})
    assert markdown2html_mistune(inert_markdown(once, {})).count("<script") == 0


ADDRESS = f"data:image/png;base64,{png()}"
# a text, and what becomes of it where a.png is attached
ATTACHED = [
    ("See ![a plot](attachment:a.png).", f"See ![a plot]({ADDRESS})."),
    ("![](attachment:a.png)![](attachment:b.png)", f"![]({ADDRESS}){LEFT_OUT}"),
    ("![a](attachment:a.png)" + "![](attachment:a.png)" * 2, f"![a]({ADDRESS}){LEFT_OUT * 2}"),
    ("![x](attachment:a.png) <script>", f"{verbatim('![x](attachment:a.png) <script>')}\n\n![]({ADDRESS})"),
    ("<img src=attachment:a.png>", f"{verbatim('<img src=attachment:a.png>')}\n\n![]({ADDRESS})"),
]


@pytest.mark.parametrize(("text", "expected"), ATTACHED)
def test_attached_pictures_are_written_out(text: str, expected: str) -> None:
    shown = inert_markdown(text, {"a.png": ADDRESS})
    assert shown == expected
    assert markdown2html_mistune(shown).count("<img") == 1
