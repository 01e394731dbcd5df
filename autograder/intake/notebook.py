"""Read the text of a notebook's cells from bytes that nobody vouches for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from autograder.intake.findings import repaired
from autograder.intake.pictures import Album
from autograder.model import Finding, Pictures

MAX_NOTEBOOK = 100 << 20
MAX_CELLS = 5000
MAX_SOURCE, MAX_TEXT = 2_000_000, 12_000_000  # characters of one cell; of all, as they are stored
MAX_PARTS = 6_000_000  # lists, objects, and what is in them

CellType = Literal["code", "markdown", "raw"]

_GRADE_ID = re.compile(r"[A-Za-z0-9_.\-]{1,100}")
_BROKEN = re.compile("[\ud800-\udfff\x00]")
# Possessive, and a string may end with the text: each character is passed once, so the time is linear.
_STRING_OR_PART = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[{,:]', re.DOTALL)
_CONFLICT = re.compile(r"^(?:<<<<<<<|>>>>>>>) ", re.MULTILINE)
_OTHER_KINDS = (
    (b"%pdf", "a PDF"),
    (b"pk\x03\x04", "a zip file or an Office document"),
    (b"\x1f\x8b", "a gzip file"),
    (b"rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x89png", "a picture"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)


class NotebookError(Exception):
    """Say in one sentence why these bytes are no notebook."""


@dataclass(frozen=True)
class Claims:
    """Hold what a cell's metadata says about marks. It is never believed, only reported."""

    graded: bool = False
    solution: bool = False
    locked: bool = False
    points: float | None = None
    schema: int | None = None
    skipped: bool = False
    checksum: str = ""


@dataclass(frozen=True)
class RawCell:
    """Hold the text of one submitted cell and the label it carries, if that has the form of one."""

    cell_type: CellType
    source: str
    grade_id: str | None = None
    claims: Claims = Claims()
    pictures: Pictures = field(default_factory=dict)


@dataclass(frozen=True)
class Notebook:
    """Hold the cells of a submitted notebook, what was met in reading it, and in a sentence what was lost."""

    cells: tuple[RawCell, ...]
    findings: tuple[Finding, ...] = ()
    loss: str = ""


def parse_notebook(data: bytes) -> Notebook:
    """Return the cells of a notebook of any encoding and format. Raises NotebookError with the reason."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise NotebookError("is empty")
    _refuse_other_kinds(data)
    text, notes = decode(data)
    content = _load(text)
    if not isinstance(content, dict):
        raise NotebookError("is not a notebook: it holds JSON of another kind")
    cells, format_notes = _cell_list(content)
    if len(cells) > MAX_CELLS:
        raise NotebookError(f"has more than {MAX_CELLS} cells")
    album = Album()
    read = [_read_cell(cell, album) for cell in cells]
    # Results are stored in ASCII, where a letter of another script takes six characters.
    if sum(len(cell.source.encode("ascii", "backslashreplace")) for cell, _ in read if cell) > MAX_TEXT:
        raise NotebookError(f"holds more than {MAX_TEXT:,} characters: far more than a notebook needs")
    notes += format_notes + _kernel_notes(content) + list(_cell_notes(read))
    findings = (*map(repaired, notes), *album.findings())
    return Notebook(tuple(cell for cell, _ in read if cell), findings, _loss(read))


def decode(data: bytes) -> tuple[str, list[str]]:
    """Return the text of a file in an unknown encoding, and a sentence for each thing that was unusual."""
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            return data.decode(codec, "replace"), [f"The notebook was saved as {name}: it was converted."]
    if data.startswith(b"\xef\xbb\xbf"):
        return _decode_bytes(data[3:], ["The notebook began with a byte order mark: it was removed."])
    guess = json.detect_encoding(data[:4])
    if guess != "utf-8":
        return data.decode(guess, "replace"), [
            f"The notebook was saved as {guess.upper()}: it was converted."
        ]
    return _decode_bytes(data, [])


def _decode_bytes(data: bytes, notes: list[str]) -> tuple[str, list[str]]:
    try:
        return data.decode("utf-8"), notes
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    # In Latin-1 nearly every accented letter is an error of UTF-8; in a damaged file few are.
    broken = text.count("\ufffd")
    if broken <= sum(1 for char in text if ord(char) > 127) - broken:
        return text, [*notes, "A few characters of the notebook were damaged: they were replaced."]
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text, [*notes, "The notebook was saved as Latin-1: it was converted."]


def _load(text: str) -> Any:
    if _too_many_parts(text):
        raise NotebookError(f"has more than {MAX_PARTS:,} parts: far more than a notebook needs")
    try:
        return json.loads(text, parse_int=_small_int, parse_float=_short_float, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        raise NotebookError(_where_broken(text, error)) from None
    except RecursionError:
        raise NotebookError("is nested too deeply to be a notebook") from None


def _too_many_parts(text: str) -> bool:
    """Return whether the text has more values than memory and time should be spent on."""
    if sum(map(text.count, "[{,:")) <= MAX_PARTS:
        return False
    found = 0
    for token in _STRING_OR_PART.finditer(text):
        found += text[token.start()] != '"'
        if found > MAX_PARTS:
            return True
    return False


def _small_int(digits: str) -> int:
    return int(digits) if len(digits) < 19 else 0


def _short_float(digits: str) -> float:
    return float(digits) if len(digits) < 40 else 0.0


def _where_broken(text: str, error: json.JSONDecodeError) -> str:
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        return f"holds both sides of a merge conflict (line {line})"
    if not text.lstrip().startswith("{"):
        return "is not a notebook: it does not begin like one"
    if error.msg == "Extra data":
        return f"goes on after its end (line {error.lineno}): perhaps two notebooks were joined"
    # The parser names the start of a string that never ends, which can be far before the end of the file.
    if not text[error.pos :].strip() or error.msg.startswith("Unterminated string"):
        return "breaks off in the middle: it was probably cut off when it was saved or uploaded"
    return f"is damaged at line {error.lineno}, character {error.colno}"


def _refuse_other_kinds(data: bytes) -> None:
    """Raise NotebookError, naming what it is, for a file that was only renamed to a notebook."""
    start = data[:200].lstrip().lower()
    kind = next((kind for sign, kind in _OTHER_KINDS if start.startswith(sign)), None)
    if kind:
        raise NotebookError(f"is not a notebook but {kind}, whatever its name says")


def _cell_list(content: dict[str, Any]) -> tuple[list[Any], list[str]]:
    """Return the raw list of cells of a notebook of format 2, 3, 4 or later."""
    version, minor, cells = content.get("nbformat"), content.get("nbformat_minor"), content.get("cells")
    if isinstance(cells, list):
        future = (isinstance(version, int) and version > 4) or (isinstance(minor, int) and minor > 5)
        if future:
            return cells, ["The notebook was saved in a newer format than 4.5: it was read as 4.5."]
        return cells, [] if version == 4 else [
            "The notebook does not say its format properly: it was read as 4.5."
        ]
    sheets = content.get("worksheets")
    if isinstance(sheets, list):
        old = [cell for sheet in sheets if isinstance(sheet, dict) for cell in _list(sheet.get("cells"))]
        return [_from_format_3(cell) for cell in old], [
            "The notebook was saved in the old format 3: it was converted."
        ]
    raise NotebookError("is not a notebook: it has no list of cells")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _from_format_3(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    if cell.get("cell_type") == "code":
        return {**cell, "source": cell.get("input", cell.get("source", ""))}
    if cell.get("cell_type") in ("heading", "html"):
        return {**cell, "cell_type": "markdown"}
    return cell


def _read_cell(cell: Any, album: Album) -> tuple[RawCell | None, str | None]:
    """Return the cell and the name of what was wrong with it, if anything."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None, "kind"
    source, problem = _text(cell.get("source", ""))
    pictures: Pictures = {}
    if cell["cell_type"] == "markdown":
        source, pictures = album.take(source, cell.get("attachments"), MAX_SOURCE)
    if len(source) > MAX_SOURCE:
        source, problem = "", "long"
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader = metadata.get("nbgrader")
    nbgrader = nbgrader if isinstance(nbgrader, dict) else {}
    label = nbgrader.get("grade_id")
    valid = isinstance(label, str) and _GRADE_ID.fullmatch(label)
    kind = cast(CellType, cell["cell_type"])
    if kind == "code" and source.startswith("%md"):  # how Databricks marks text
        kind, source = "markdown", source.removeprefix("%md").lstrip("\n ")
    return RawCell(kind, source, label if valid else None, _claims(metadata, nbgrader), pictures), problem


def _text(value: Any) -> tuple[str, str | None]:
    parts = value if isinstance(value, list) else [value]
    text = "".join(part for part in parts if isinstance(part, str))
    problem = None if all(isinstance(part, str) for part in parts) else "parts"
    if _BROKEN.search(text):
        # Halves of a pair that were written apart belong together; a half alone means nothing.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", "")
        problem = "broken"
    return text, problem


def _claims(metadata: dict[str, Any], nbgrader: dict[str, Any]) -> Claims:
    points, schema = nbgrader.get("points"), nbgrader.get("schema_version")
    checksum = nbgrader.get("checksum")
    return Claims(
        graded=nbgrader.get("grade") is True,
        solution=nbgrader.get("solution") is True,
        locked=nbgrader.get("locked") is True,
        points=float(points) if isinstance(points, (int, float)) else None,
        schema=schema if isinstance(schema, int) else None,
        skipped="skip-execution" in _list(metadata.get("tags")),
        checksum=checksum if isinstance(checksum, str) else "",
    )


def _kernel_notes(content: dict[str, Any]) -> list[str]:
    metadata = content.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = kernel.get("language") if isinstance(kernel, dict) else None
    if isinstance(language, str) and language.lower() not in ("python", "ipython", "python3", ""):
        return ["The notebook was saved for a kernel of another language: it was run with Python."]
    return []


def _cell_notes(read: list[tuple[RawCell | None, str | None]]) -> Iterator[str]:
    problems = ("kind", "parts", "long", "broken")
    counts = {problem: sum(found == problem for _, found in read) for problem in problems}
    if counts["kind"]:
        yield f"{_cells(counts['kind'])} of no known kind: left out."
    if counts["parts"]:
        yield f"{_cells(counts['parts'])} with something that is not text: that was left out."
    if counts["long"]:
        yield f"{_cells(counts['long'])} with more than {MAX_SOURCE:,} characters: emptied."
    if counts["broken"]:
        yield f"{_cells(counts['broken'])} with broken characters: they were replaced."


def _loss(read: list[tuple[RawCell | None, str | None]]) -> str:
    """Return what a person has to look for, because it is not among the cells."""
    long = next((cell for cell, problem in read if cell and problem == "long"), None)
    name = f"The cell {long.grade_id}" if long and long.grade_id else "A cell"
    words = f"{name} has more than {MAX_SOURCE:,} characters, too many to be read: look at it by hand."
    return words if long else ""


def _cells(count: int) -> str:
    return "There was one cell" if count == 1 else f"There were {count} cells"
