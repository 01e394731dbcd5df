"""Lead links between documents to pages of the site, and name the repository's files that are no page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes


def settle_links(app: Any, document: nodes.document) -> None:
    """Replace the links of a document that lead to files: to a page of the site, or to plain text."""
    root, pages = Path(app.config.repository), app.env.found_docs
    for link in list(document.findall(addnodes.pending_xref)):
        if link.get("refdomain") is not None or link.get("reftype") != "myst":
            continue
        path, _, anchor = link["reftarget"].partition("#")
        here = (root / app.env.doc2path(app.env.docname, base=False)).parent
        target = (here / path).resolve()
        if not target.is_relative_to(root) or not target.exists():
            continue  # Sphinx then warns, and the build fails
        name = target.relative_to(root).with_suffix("").as_posix()
        if name in pages:
            link["refdomain"], link["reftarget"], link["reftargetid"] = "doc", name, anchor or None
        else:
            link.replace_self(_plain(link, target.relative_to(root).as_posix()))


def all_if_pages_come_or_go(_app: Any, env: Any, added: set[str], _: set[str], removed: set[str]) -> set[str]:
    """Return the pages to read again: all, if a link may lead to a page now, or no longer."""
    return set(env.found_docs) if added or removed else set()


def _plain(link: nodes.Element, path: str) -> nodes.inline:
    said: list[nodes.Node] = [nodes.Text(link.astext())]
    if path not in link.astext():
        said += [nodes.Text(" ("), nodes.literal(path, path), nodes.Text(")")]
    return nodes.inline("", "", *said, classes=["repository-file"])
