"""Settings of Sphinx for the site. `make site` passes where the repository lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.site import formulas
from tools.site.lessons import digest_of
from tools.site.repository_links import all_if_pages_come_or_go, settle_links

project = "Trainwell"
author = "the authors of Trainwell"
html_title = "Trainwell"
language = "en"
extensions = ["myst_nb"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
exclude_patterns: list[str] = []
nitpicky = True

nb_execution_mode = "off"  # lessons.py has run them, each in its own folder
nb_mime_priority_overrides = [("html", "text/html", 0)]
nb_render_markdown_format = "myst"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 4
myst_links_external_new_tab = False

html_theme = "furo"
html_math_renderer = "mathml"
html_static_path: list[str] = [str(Path(__file__).parent / "static")]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_copy_source = False
html_show_search_summary = False  # it would fetch pages, which browsers refuse for files
html_use_index = False
html_permalinks = False  # the outline beside the page has the same links
html_show_sphinx = False
html_show_copyright = False
html_last_updated_fmt = None
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_theme_options = {"navigation_with_keys": False, "top_of_page_buttons": []}


def setup(app: Any) -> dict[str, Any]:
    """Tell Sphinx how formulas are written and where links between documents lead."""
    app.add_config_value("repository", "", "env")
    app.add_config_value("program", digest_of(*sorted(Path(__file__).parent.glob("*.py"))), "env")
    app.add_html_math_renderer("mathml", (formulas.inline, None), (formulas.block, None))
    app.connect("doctree-read", settle_links)
    app.connect("env-get-outdated", all_if_pages_come_or_go)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
