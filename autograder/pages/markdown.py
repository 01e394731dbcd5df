"""Make a student's text cells harmless: the browser of whoever marks them runs what Markdown holds."""

from __future__ import annotations

import html
import re

from autograder.intake.pictures import ATTACHED
from autograder.judge.pictures import checked_picture
from autograder.model import Pictures

NOTE = "[This text holds HTML, a picture from elsewhere or an unusual link, and is shown as it was typed.]"
# Tags that only shape text, and only without attributes.
_PLAIN_TAG = re.compile(
    r"</?(?:b|i|u|s|em|strong|small|mark|sub|sup|br|hr|p|code|kbd|pre|del|ins|li|ol|ul|table|thead|tbody|tr|td|th)"
    r"[ ]?/?>",
    re.IGNORECASE,
)
_WEB_ADDRESS = re.compile(r"<https?://[^\s<>\"'`]++>", re.IGNORECASE)
_TAG = re.compile(r"<(?:[!?]|/?[a-z][a-z0-9:-]*+(?:[\s/>\"']|\Z))", re.IGNORECASE)
# A tag or code that begins in the words for a picture would end behind the picture.
_ALT = r"!\[([^\[\]\n<>`\\$]*+)\]"
_KEPT_PICTURE = re.compile(_ALT + r"\(data:(image/(?:png|jpeg));base64,([\w+/=]++)\)")
_ATTACHED_PICTURE = re.compile(rf"{_ALT}\({ATTACHED.pattern}\)")
LEFT_OUT = "(A picture that was left out, or shown above.)"
_SCHEME = re.compile(
    r"(?:java|vb|live)script:|data:(?:\w++/|[;,])|(?:file|blob|filesystem):\w*+/", re.IGNORECASE
)
# What leads to a program or a file share of whoever clicks: any scheme but those of the web and of mail.
_WEB = r"(?!https?:|mailto:)[a-z][a-z0-9+.-]*+:"
_ODD_LINK = re.compile(rf"\]\(<?{_WEB}", re.IGNORECASE)
_ODD_DEFINITION = re.compile(rf"\]:\s*+<?{_WEB}\S", re.IGNORECASE)
_SHARE = re.compile(r"\](?:\(|:)\s*+<?\\")
_MATHJAX = re.compile(
    r"\\(?:href|style|class|cssId|data|require|url|html\w*+|includegraphics|unicode)\b", re.IGNORECASE
)
_HIDDEN = re.compile(r"[\s\\\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff]++")


def inert_markdown(text: str, pictures: Pictures) -> str:
    """Return the text with its pictures if no renderer can make it run or load anything, else verbatim.

    Then the pictures stand below it.
    """
    whole = written_out(text, pictures)
    if is_inert(whole):
        return whole
    return "\n\n".join([verbatim(text), *(_picture("", address) for address in pictures.values())])


def written_out(text: str, pictures: Pictures) -> str:
    """Return the text with attached pictures in it: pages of nbgrader's fail where one is missing.

    Each is there once: a text could name a large one a thousand times.
    """
    left = dict(pictures)
    return _ATTACHED_PICTURE.sub(lambda found: _picture(found[1], left.pop(found[2], "")), text)


def _picture(words: str, address: str) -> str:
    return f"![{words}]({address})" if address else LEFT_OUT


def is_inert(text: str) -> bool:
    """Return whether Markdown consists of text, formulas, simple tags and links to web pages alone."""
    rest = _WEB_ADDRESS.sub(" ", _PLAIN_TAG.sub(" ", _KEPT_PICTURE.sub(_without_picture, text)))
    # A browser reads `java&#10;script:` and a renderer `java\\script:` as one word.
    try:
        decoded = html.unescape(html.unescape(rest))
    except ValueError:
        return False  # `&#999…;` of more digits than Python takes for a number
    address = _HIDDEN.sub("", decoded)
    odd = _ODD_LINK.search(address) or _ODD_DEFINITION.search(decoded) or _SHARE.search(decoded)
    return not (_TAG.search(rest) or "![" in rest or _SCHEME.search(address) or _MATHJAX.search(rest) or odd)


def _without_picture(found: re.Match[str]) -> str:
    """Return a blank for a picture that may stay, and any other as it is."""
    _, mime, content = found.groups()
    return " " if mime is None or checked_picture(content, mime) else found[0]


def verbatim(text: str) -> str:
    """Return Markdown that shows a text as it was typed, whatever fences it holds itself."""
    longest = max((len(run) for run in re.findall(r"`{3,}+", text)), default=2)
    fence = "`" * (longest + 1)
    shown = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"{NOTE}\n\n{fence}text\n{shown}\n{fence}\n"
