"""What other tools, other habits and a moment's haste make of a notebook: the answers count all the same."""

from __future__ import annotations

import gzip
import io
import json
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from intake_samples import (
    ANSWERS,
    HUBER,
    WEEK,
    WRITTEN,
    Notebook,
    answered,
    cell_of,
    copy_of,
    labels,
    own_cell,
    place_of,
    put,
    read,
    read_ready,
    released,
    said,
)

from autograder.intake.notebook import MAX_PARTS
from autograder.model import Unreadable

GOOD = json.dumps(answered(), indent=1)
NAME = f"{WEEK}.ipynb"


def zipped(**files: str | bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


ZIP = zipped(**{NAME: GOOD})


# ---------------------------------------------------------------- notebooks that another tool has saved


def saved_by_vscode(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"]["vscode"] = {"languageId": "python"}
    notebook.update(metadata={"orig_nbformat": 4}, nbformat_minor=2)


def saved_by_colab(notebook: Notebook) -> None:
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {"id": f"x{number}", "outputId": "y", "executionInfo": {"status": "ok"}}
    notebook["cells"].insert(0, own_cell("from google.colab import drive\ndrive.mount('/content/drive')"))
    notebook.update(metadata={"colab": {"provenance": []}, "accelerator": "GPU"}, nbformat_minor=0)


def saved_by_databricks(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {"application/vnd.databricks.v1+cell": {"title": ""}}
        if cell["cell_type"] == "markdown":
            cell.update(cell_type="code", source=f"%md\n{cell['source']}", outputs=[])


def labels_renamed(notebook: Notebook) -> None:
    for number, cell in enumerate(notebook["cells"]):
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["grade_id"] = f"cell-{number:05x}"


def last_years_release(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if not cell["metadata"].get("nbgrader"):
            cell["source"] = f"Last year: {cell['source'][:10]}"
    cell_of(notebook, "huber_visible")["source"] = "assert huber(2) == 1.5"


# ---------------------------------------------------------------- answers in unexpected places and forms


def unanswered(notebook: Notebook) -> int:
    place = place_of(notebook, "huber")
    notebook["cells"][place] = copy_of(released(), "huber")
    return place


def in_a_new_cell_below(notebook: Notebook) -> None:
    notebook["cells"].insert(unanswered(notebook) + 1, own_cell(f"# my solution\n{HUBER}"))


def in_a_new_cell_above(notebook: Notebook) -> None:
    notebook["cells"].insert(unanswered(notebook), own_cell(HUBER))


def between_fences_in_a_text_cell(notebook: Notebook) -> None:
    text = f"My answer:\n\n```python\n{HUBER}\n```\n\nIt averages."
    notebook["cells"].insert(unanswered(notebook) + 1, own_cell(text, "markdown"))


def after_commands(notebook: Notebook) -> None:
    cell_of(notebook, "huber")["source"] = f"!pip install torch\n%matplotlib inline\n{HUBER}"


def with_the_given_line_left(notebook: Notebook) -> None:
    cell_of(notebook, "huber")["source"] = f"{HUBER}\n    # YOUR CODE HERE\n    raise NotImplementedError()"


# what was done to the notebook, what the findings must say ("" = nothing at all is said)
CHANGED: list[tuple[Callable[[Notebook], None], str]] = [
    (saved_by_vscode, ""),
    (saved_by_colab, "labels of the cells were lost"),
    (saved_by_databricks, "labels of the cells were lost"),
    (labels_renamed, "labels of the cells were lost"),
    (last_years_release, "The locked cell huber_visible had been edited"),
    (in_a_new_cell_below, "huber also stood there without an answer"),
    (in_a_new_cell_above, "huber also stood there without an answer"),
    (between_fences_in_a_text_cell, "turned into a markdown cell: it was run as code"),
    (after_commands, ""),
    (with_the_given_line_left, ""),
]


@pytest.mark.parametrize(("change", "sentence"), CHANGED)
def test_answers_are_found_wherever_a_tool_or_a_student_has_put_them(
    tmp_path: Path, change: Callable[[Notebook], None], sentence: str
) -> None:
    notebook = answered()
    change(notebook)
    submission = read_ready(put(tmp_path, notebook))
    found = {cell.grade_id: cell.source for cell in submission.cells if cell.grade_id in ANSWERS}
    assert all(answer in found[label] for label, answer in ANSWERS.items())
    assert "```" not in found["huber"]
    assert labels(submission).index("huber") < labels(submission).index("huber_check")
    assert sentence in said(submission) if sentence else not submission.findings
    assert "suspicious" not in said(submission)


def test_a_written_answer_that_is_code_with_fences_keeps_them(tmp_path: Path) -> None:
    notebook = answered()
    cell_of(notebook, "written_why")["source"] = f"{WRITTEN}\n```\nx = 1\n```"
    assert "```" in next(
        c.source for c in read_ready(put(tmp_path, notebook)).cells if c.grade_id == "written_why"
    )


# ---------------------------------------------------------------- files around and in place of the notebook

APPLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X"
UNTOUCHED = json.dumps(released())

# the files of a submission, what the findings must say ("" = nothing at all is said)
FOUND: list[tuple[dict[str, str | bytes], str]] = [
    ({NAME: GOOD, f"._{NAME}": APPLE, ".DS_Store": b"Bud1", f"__MACOSX/._{NAME}": APPLE}, ""),
    ({f"._{NAME}": APPLE, "work.zip": ZIP}, "handed in as a zip file"),
    ({NAME: UNTOUCHED, "work.zip": ZIP}, "handed in as a zip file"),
    ({f".ipynb_checkpoints/{WEEK}-checkpoint.ipynb": UNTOUCHED, "work.zip": ZIP}, "as a zip file (work.zip)"),
    ({"a.zip": zipped(**{"report.txt": "x"}), "b.zip": ZIP}, "as a zip file (b.zip)"),
    ({"work.zip": zipped(**{"inner.zip": ZIP})}, "as a zip file (inner.zip)"),
    ({"a.zip": ZIP[:-40], "b.zip": ZIP}, "as a zip file (b.zip)"),
    ({NAME: ZIP}, f"as a zip file ({NAME})"),
    ({NAME: GOOD, "data.zip": zipped(**{"points.csv": "1,2"})}, ""),
    ({NAME: GOOD, f"{WEEK} (Ada's conflicted copy 2026-11-02).ipynb": UNTOUCHED}, "Other notebooks"),
    ({f"{NAME} ": GOOD}, "The notebook was not called"),
    ({f"{NAME}.download": GOOD}, "The notebook was not called"),
]


@pytest.mark.parametrize(("files", "sentence"), FOUND)
def test_the_notebook_with_the_answers_is_found(
    tmp_path: Path, files: dict[str, str | bytes], sentence: str
) -> None:
    for name, data in files.items():
        put(tmp_path, data.encode() if isinstance(data, str) else data, name)
    submission = read_ready(tmp_path)
    assert any("huber-ok" in cell.source for cell in submission.cells)
    assert sentence in said(submission) if sentence else not submission.findings


# the files of a submission, what the reason must say
REFUSED: list[tuple[dict[str, str | bytes], str]] = [
    ({NAME: "%PDF-1.7\n"}, "not a notebook but a PDF"),
    ({NAME: "\n<!DOCTYPE html>\n<html>"}, "not a notebook but a web page"),
    ({NAME: gzip.compress(GOOD.encode())}, "not a notebook but a gzip file"),
    ({NAME: zipped(**{"word/document.xml": "x"})}, "a zip file or an Office document"),
    (
        {NAME: GOOD.replace('"# Losses"', '<<<<<<< HEAD\n"# L"\n=======\n"# M"\n>>>>>>> main', 1)},
        "merge conflict",
    ),
    ({NAME: f"{GOOD}\n{GOOD}"}, "goes on after its end"),
    ({NAME: f"{GOOD.rstrip()[:-1].rstrip()},\n}}"}, "is damaged at line"),
    ({f"{WEEK}.py": HUBER}, f"rename it to {NAME}"),
    ({"work.zip": zipped(**{f"../{NAME}": GOOD})}, "a path that leads elsewhere"),
    ({"work.zip": zipped(**{f"{'a/' * 9}{NAME}": GOOD})}, "lies in more than 8 folders"),
    ({NAME: UNTOUCHED, "work.zip": ZIP[:-40]}, "damaged zip file"),
    ({NAME: GOOD, f"{WEEK.upper()}.IPYNB": GOOD.replace("huber-ok", "other")}, "keep the one that counts"),
]


@pytest.mark.parametrize(("files", "reason"), REFUSED)
def test_what_cannot_be_read_is_named_and_what_to_do_is_said(
    tmp_path: Path, files: dict[str, str | bytes], reason: str
) -> None:
    for name, data in files.items():
        put(tmp_path, data.encode() if isinstance(data, str) else data, name)
    outcome = read(tmp_path)
    assert isinstance(outcome, Unreadable)
    assert reason in outcome.reason
    assert any(word in outcome.reason for word in ("Ask for it", "ask for it", "keep the one"))


# names of files in an archive, those that go along, what the findings must say
NAMES = [
    (("a", "a/b.csv"), {"a"}, "a/b.csv has the name of a folder, or lies in a file"),
    ((f"{NAME}/x.csv", "y.csv"), {"y.csv"}, "lies in a file"),
    (("utils.py/x.csv",), set(), "lies in a file"),
    (("timestamp.txt/x.csv", "y.csv"), {"y.csv"}, "lies in a file"),
    (("n" * 250, f"d/{'é' * 120}.csv"), set(), "has too long a name"),
    (("./d//x.csv", "-rf", "e\x1b[31m.csv"), {"d/x.csv", "-rf", "e\x1b[31m.csv"}, ""),
]


@pytest.mark.parametrize(("names", "go_along", "sentence"), NAMES)
def test_files_go_along_only_if_they_can_be_written_into_a_folder(
    tmp_path: Path, names: tuple[str, ...], go_along: set[str], sentence: str
) -> None:
    put(tmp_path, zipped(**{NAME: GOOD}, **dict.fromkeys(names, "1,2")), "work.zip")
    submission = read_ready(tmp_path)
    assert set(submission.files) == go_along
    assert sentence in said(submission)


def test_no_damage_to_an_archive_is_unforeseen(tmp_path: Path) -> None:
    whole = zipped(**{NAME: GOOD, "naïve/x.csv": "1,2", "d/": ""})
    draw = random.Random(3)
    for _ in range(400):
        data = bytearray(whole)
        for place in draw.sample(range(data.index(b"PK\x01\x02"), len(data)), draw.choice((1, 2, 5))):
            data[place] = draw.choice((0, 255, data[place] ^ 1 << draw.randrange(8)))
        outcome = read(put(tmp_path, bytes(data), "work.zip"))
        assert "unforeseen" not in getattr(outcome, "reason", "")


# ---------------------------------------------------------------- small files that cost much


@pytest.mark.parametrize("value", ["1", '{"a":1}'])
def test_a_flood_of_values_is_refused_before_it_is_read(tmp_path: Path, value: str) -> None:
    flood = f'{GOOD.rstrip()[:-1]}, "x": [{f"{value}," * MAX_PARTS}{value}]}}'
    outcome = read(put(tmp_path, flood.encode()))
    assert isinstance(outcome, Unreadable)
    assert "far more than a notebook needs" in outcome.reason


def test_thousands_of_damaged_files_in_an_archive_take_seconds(tmp_path: Path) -> None:
    names = [f"file{number:04d}.csv" for number in range(2500)]
    data = zipped(**{NAME: GOOD}, **dict.fromkeys(names, "1,2"))
    for name in names:  # each file's bytes begin right after the first mention of its name
        place = data.index(name.encode()) + len(name)
        data = data[:place] + b"\xff" + data[place + 1 :]
    began = time.process_time()
    submission = read_ready(put(tmp_path, data, "work.zip"))
    assert time.process_time() - began < 20  # it is less than one
    assert "is damaged" in said(submission)
