"""Look at every figure of a week: run its notebook, keep each picture, and say what cannot be read in it.

`python -m autograder.build.pictures` writes a contact sheet of all weeks, to be looked at by a person.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

import nbformat

from autograder.course import Course
from autograder.files import write_atomically

RECORDS = "figures.jsonl"
WATCH = "from autograder.build.pictures import watch as _watch\n_watch({folder!r})"
VISIT = "from autograder.build.pictures import visit as _visit\n_visit({folder!r})"
STYLE = """body {font: 16px/1.5 sans-serif; margin: 2em; max-width: 60em}
figure {margin: 0 0 2em; border-bottom: 1px solid #888} .narrow {width: 560px} .fault {font-weight: bold}"""


@dataclass(frozen=True)
class SeenFigure:
    """Hold one picture as PNG in base64, its alt text, and what cannot be read in it."""

    png: str
    alt: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeenWidget:
    """Hold what a widget says (all sentences) at several places of its main control."""

    control: str
    places: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def is_moved(self) -> bool:
        """Return whether it says different things beyond repeating where the control stands."""
        rest = {told.replace(place, "") for place, told in zip(self.places, self.told, strict=True)}
        numbers = {tuple(re.findall(r"\d[\d.]*", text)) for text in rest}
        return len(numbers) > 1 or len(rest) > 1


@dataclass(frozen=True)
class Seen:
    """Hold a solved notebook after it ran, with its different figures and what its widgets say."""

    notebook: Any  # nbformat's NotebookNode, which has no types
    figures: tuple[SeenFigure, ...]
    widgets: tuple[SeenWidget, ...]


def look_at(course: Course, week: str) -> Seen:
    """Run a week's solved notebook and look at it. Raises CellExecutionError if it fails."""
    from nbclient import NotebookClient  # a second of imports that only this needs

    notebook = nbformat.read(course.source(week), as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        first, last = (nbformat.v4.new_code_cell(code.format(folder=folder)) for code in (WATCH, VISIT))
        notebook.cells = [first, *notebook.cells, last]
        where = {"metadata": {"path": str(course.source(week).parent)}}
        NotebookClient(notebook, timeout=280, kernel_name="python3", resources=where).execute()
        records = [json.loads(line) for line in (Path(folder) / RECORDS).read_text("utf-8").splitlines()]
    figures = [SeenFigure(r["png"], r["alt"], tuple(r["faults"])) for r in records if "png" in r]
    moved = [SeenWidget(r["control"], tuple(r["places"]), tuple(r["told"])) for r in records if "told" in r]
    notebook.cells = notebook.cells[1:-1]
    return Seen(notebook, _once(figures), tuple(moved))


def _once(figures: Iterable[SeenFigure]) -> tuple[SeenFigure, ...]:
    """Return the figures without those that are the same picture again."""
    return tuple({figure.png: figure for figure in figures}.values())


# ---------------------------------------------------------------- in the kernel of the notebook


def watch(folder: str) -> None:
    """Record every figure that this process shows from now on. For the first cell of a notebook."""
    import pictures

    from autograder.build.figure_texts import figure_faults

    show = pictures.picture_html

    def shown(figure: Any, alt: str) -> str:
        html = show(figure, alt)
        png = re.search(r"base64,([^\"]+)", html)
        record = SeenFigure(png[1] if png else "", alt, tuple(figure_faults(figure)))
        _write(folder, asdict(record))
        return html

    pictures.picture_html = shown


def visit(folder: str) -> None:
    """Move the main control of every widget of this process, and record what the widget says."""
    from ipywidgets.widgets.widget import _instances
    from widgets import Interactive

    for widget in [w for w in list(_instances.values()) if isinstance(w, Interactive)]:
        control, places, told = widget.slider, [], []
        before = control.value
        for place in _places(control):
            control.value = place
            places.append(f"{place:g}" if isinstance(place, int | float) else str(place))
            told.append(unescape(re.sub(r"<[^>]+>", " ", widget.twin.value)))
        control.value = before
        _write(folder, asdict(SeenWidget(control.description, tuple(places), tuple(told))))


def _places(control: Any) -> Sequence[Any]:
    if hasattr(control, "options"):
        return list(control.options)[:4]
    if getattr(control, "powers_of_ten", False):
        return [control.value, 10**control.min, 10**control.max]
    middle = (control.min + control.max) / 2
    return [control.min, int(middle) if isinstance(control.value, int) else middle, control.max]


def _write(folder: str, record: dict[str, Any]) -> None:
    with (Path(folder) / RECORDS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


# ---------------------------------------------------------------- the contact sheet


def contact_sheet(weeks: Mapping[str, Sequence[SeenFigure]]) -> str:
    """Return a page with every figure of these weeks, at full width and narrow, with its words and faults."""
    parts = [f"<!doctype html><html lang=en><meta charset=utf-8><title>Figures</title><style>{STYLE}</style>"]
    for week, figures in weeks.items():
        parts.append(f"<h1>{week}: {len(figures)} figures</h1>")
        for number, figure in enumerate(figures, 1):
            image = f'src="data:image/png;base64,{figure.png}" alt="{escape(figure.alt)}"'
            faults = "".join(f'<p class="fault">✗ {escape(fault)}</p>' for fault in figure.faults)
            parts.append(
                f"<figure><h2>{number}</h2><img {image}><br><img class=narrow {image}>"
                f"<figcaption>{escape(figure.alt)}{faults}</figcaption></figure>"
            )
    return "\n".join(parts)


def main(arguments: Sequence[str]) -> int:
    """Write figures/index.html for the weeks named (default: all) and return 1 if a figure has a fault."""
    course = Course.find()
    names = [course.resolve(name) for name in arguments] or course.weeks()
    seen = {week: look_at(course, week).figures for week in names}
    folder = course.root / "figures"
    folder.mkdir(exist_ok=True)
    for week, figures in seen.items():
        for number, figure in enumerate(figures, 1):
            write_atomically(folder / f"{week}-{number:02d}.png", base64.b64decode(figure.png))
            for fault in figure.faults:
                print(f"{week}, figure {number}: {fault}")
    write_atomically(folder / "index.html", contact_sheet(seen).encode())
    print(f"Look at {folder / 'index.html'}: {sum(map(len, seen.values()))} figures.")
    return int(any(figure.faults for figures in seen.values() for figure in figures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
