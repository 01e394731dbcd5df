"""Turn a lesson that was run into one to read: guesses to make in the head, their outcomes and code folded.

In the notebook widgets ask and answer. A page has no kernel: it shows what the notebook shows without one,
and what the notebook keeps until a guess is made, folded.
"""

from __future__ import annotations

import ast
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Any

import nbformat
from bs4 import BeautifulSoup
from lesson_data import decode, inline_html
from PIL import Image

from tools.site.formulas import with_formulas
from tools.site.widget_words import VIEW, Models, controls_in_words, models_of

Notebook = Any  # nbformat's NotebookNode, which has no types
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
SILENT = {"predict", "quick", "recall", "self_check", "new_words"}  # whose code says nothing to a reader
NOT_YET = re.compile(r"^\S+: not yet\b")
CHECKED_HERE = "Here the notebook checks your answer, and says what to try."
FORESIGHT = "Here the notebook tells how many outcomes you foresaw, and which ones surprised you."
WIDE = 700  # pixels: such a picture has several panels, and no narrow screen has room for their letters
GUESS = '<p class="guess-head">Guess before you read on</p>'
TRIED_HERE = "Here a slider shows whether all that moves works in your notebook."
NO_SLIDER = "No slider has come alive"
NO_BUTTON = ("A guess counts when", "Without buttons, type")
HTML, WORDS = "text/html", "text/plain"


@dataclass(frozen=True)
class Lesson:
    """Hold what is known of a lesson beside its cells."""

    kept: Mapping[str, str]  # the outcomes of its predictions, encoded, by their names
    questions: Mapping[str, str]  # what those ask
    models: Models  # the state of its widgets


def folded(notebook: Notebook, data: Mapping[str, Any]) -> Notebook:
    """Return the notebook as the page shows it. `data` is what `lesson_data.json` of its folder holds."""
    calls = [called(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    asked = {given[0]: given[1] for name, given in calls if name == "predict" and len(given) > 1}
    lesson = Lesson(data["reveals"], asked, models_of(notebook))
    cells = [part for cell in notebook.cells for part in _parts(cell, lesson)]
    # Widgets in the metadata would make MyST-NB load scripts from a CDN.
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def _parts(cell: Notebook, lesson: Lesson) -> Iterator[Notebook]:
    """Yield what the page shows of a cell."""
    if cell.cell_type != "code":
        yield _text(cell, cell.source)
        return
    name, arguments = called(cell.source)
    if name == "reveal" and arguments:
        yield _text(cell, outcome(decode(lesson.kept[arguments[0]]), lesson.questions.get(arguments[0], "")))
    elif name == "foresight":
        yield _text(cell, note(FORESIGHT))
    elif any(NOT_YET.match(output.get("text", "")) for output in cell.outputs):
        yield _text(cell, note(CHECKED_HERE))  # the notebook folds the code of such a cell, too
    else:
        yield from _code(cell, name, lesson.models)


def _code(cell: Notebook, name: str, models: Models) -> Iterator[Notebook]:
    """Yield a cell's code and outputs: code that the notebook hides is folded, a single call left out."""
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden") or name in SILENT
    if hidden and not name:
        yield _text(cell, f"{fold('The code', 'code')}```python\n{cell.source}\n```\n\n</details>", "-code")
    outputs = [output for old in cell.outputs for output in _output(old, models)]
    tags = {"tags": ["remove-input"] if hidden else []}
    yield nbformat.v4.new_code_cell(cell.source, outputs=outputs, id=cell.id, metadata=tags)


def _text(cell: Notebook, source: str, more: str = "") -> Notebook:
    return nbformat.v4.new_markdown_cell(source, id=f"{cell.id}{more}")


def called(source: str) -> tuple[str, list[Any]]:
    """Return the function that a cell calls, if it does nothing else, and its constant arguments."""
    try:
        (statement,) = ast.parse(source).body
    except (SyntaxError, ValueError):
        return "", []
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return "", []
    return ast.unparse(call.func), [arg.value for arg in call.args if isinstance(arg, ast.Constant)]


def outcome(kept: Mapping[str, Any], question: str) -> str:
    """Return as folded Markdown what a prediction keeps until the guess is made."""
    right = kept.get("right")
    answer = "" if right is None else f"**{f'{right:g}' if isinstance(right, int | float) else right}**\n\n"
    asked = BeautifulSoup(inline_html(question), "html.parser")
    with_formulas(asked)
    return f"{fold(f'<b>What came out:</b> {asked}', 'outcome')}{answer}{kept.get('text', '')}\n\n</details>"


def fold(summary: str, kind: str) -> str:
    """Return the beginning of a folded part, in which Markdown goes on; `</details>` ends it."""
    return f'<details class="{kind}"><summary>{summary}</summary>\n\n'


def note(text: str) -> str:
    """Return a paragraph that is the page's own, not the lesson's."""
    return f'<p class="page-note">{escape(text)}</p>'


def _output(output: Notebook, models: Models) -> list[Notebook]:
    if "data" not in output:
        return [output]
    if VIEW in output.data:
        said = controls_in_words(models, output.data[VIEW]["model_id"])
        return [_shown(note(said), said)] if said and not _asks(models, output) else []
    if HTML not in output.data:
        return [output] if output.data.get(WORDS) else []
    return [_shown(page_html(output.data[HTML]), output.data.get(WORDS, ""))]


def _asks(models: Models, output: Notebook) -> bool:
    """Return whether a widget only asks (a question, a card): then there is no picture in it."""
    return "<img" not in str(_texts(models, output.data[VIEW]["model_id"]))


def _texts(models: Models, widget: str) -> list[str]:
    state = models.get(widget, {})
    below = [text for child in state.get("children", ()) for text in _texts(models, child.split("_")[-1])]
    return [str(state.get("value", "")), *below]


def _shown(html: str, words: str) -> Notebook:
    return nbformat.v4.new_output("display_data", {HTML: html, WORDS: words})


def page_html(html: str) -> str:
    """Return an output for a page without a kernel: formulas, pictures with their words, no buttons."""
    soup = BeautifulSoup(html, "html.parser")
    asks = False
    for paragraph in soup.find_all("p"):
        if paragraph.get_text().startswith(NO_SLIDER):
            paragraph.replace_with(BeautifulSoup(note(TRIED_HERE), "html.parser"))
        elif paragraph.get_text().startswith(NO_BUTTON):
            paragraph.decompose()
            asks = True
    for live in soup.find_all(attrs={"role": "status"}):
        del live["role"], live["aria-live"]  # nothing changes on a page
    for image in soup.find_all("img"):
        _in_words(soup, image)
    with_formulas(soup)
    return f'<div class="guess">{GUESS}{soup}</div>' if asks else str(soup)


def _in_words(soup: BeautifulSoup, image: Any) -> None:
    """Put a picture's words below it, folded, unless they stand there already, as they do in widgets."""
    words, said = image.get("alt", ""), " ".join(soup.get_text(" ").split())
    image.wrap(soup.new_tag("div", attrs={"class": ["picture", *_sized(image)]})).wrap(soup.new_tag("figure"))
    if words and " ".join(words.split()) not in said:
        told = f"<details><summary>The figure in words</summary><p>{escape(words)}</p></details>"
        image.parent.insert_after(BeautifulSoup(told, "html.parser"))


def _sized(image: Any) -> list[str]:
    """Tell the browser how large a picture is before it is drawn, and return the class of wide ones."""
    _, _, content = image.get("src", "").partition("data:image/png;base64,")
    if not content:
        return []
    width, height = Image.open(BytesIO(b64decode(content))).size
    image["width"], image["height"] = str(width), str(height)
    del image["style"]
    return ["wide"] if width > WIDE else []
