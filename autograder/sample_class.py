"""A sample class of 12: right answers, typical mistakes, broken notebooks, and one who cheats."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from autograder.answers import Notebook, fill_in, hand_in, reference_answers, released_notebook
from autograder.checks.week import load_checks
from autograder.course import Course
from autograder.model import Mistake, Variant
from autograder.spec import load_assignment

HOSTILE = """
import builtins, os, socket, sys, torch

# Make every comparison true, wherever it happens.
torch.allclose = torch.equal = lambda *args, **kwargs: True

class Agreeable(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    def __hash__(self): return 0

def look_around():
    found = []
    for path in ("gradebook.db", "../../gradebook.db", "/etc/shadow", os.path.expanduser("~/.ssh")):
        try:
            found.append(open(path, "rb").read(10))
        except OSError:
            pass
    for module in list(sys.modules.values()):
        found += [name for name in vars(module) if name.startswith("expect")]
    try:
        socket.create_connection(("127.0.0.1", 80), timeout=0.2)
        found.append("network")
    except OSError:
        pass
    for _ in range(20):
        try:
            if os.fork() == 0:
                os._exit(0)
        except OSError:
            break
    return found

def %(name)s(*args, **kwargs):
    look_around()
    return Agreeable(0.0)
"""


def make_sample_class(course: Course, week: str) -> tuple[str, ...]:
    """Write the 12 submissions of the sample class into `submitted/` and return the students' names.

    A submission that is already there with the same content is left alone.
    """
    notebooks = dict(_whole_notebooks(course, week))
    for student, notebook in notebooks.items():
        hand_in_once(course, week, student, json.dumps(notebook, indent=1), f"{week}.ipynb")
    right = json.dumps(notebooks["ada"], indent=1)
    hand_in_once(course, week, "nora-damaged", right[: len(right) // 2], f"{week}.ipynb")
    hand_in_once(
        course, week, "olga-from-colab", json.dumps(_without_metadata(notebooks["ada"])), f"{week} (1).ipynb"
    )
    return tuple(sorted([*notebooks, "nora-damaged", "olga-from-colab"]))


def hand_in_once(course: Course, week: str, student: str, text: str, name: str) -> None:
    """Hand in the text of a notebook, unless the same is there: a second run then grades nothing anew."""
    path = course.submitted(week, student) / name
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        hand_in(course, week, student, text, name)


def _whole_notebooks(course: Course, week: str) -> Iterable[tuple[str, Notebook]]:
    assignment, release = load_assignment(course, week), released_notebook(course, week)
    right = reference_answers(assignment)
    functions = [exercise for exercise in right if f"def {exercise}" in right[exercise]]
    known = load_checks(assignment)
    mistakes, variants = known.mistakes, known.variants
    answers: dict[str, Mapping[str, str]] = {
        "ada": right,
        "blaise": {**right, **pick(variants, 0)},
        "carl": {**right, **pick(variants, 1)},
        "dora": {**right, **pick(mistakes, 0)},
        "emmy": {**right, **pick(mistakes, 2, functions[:2])},
        "felix": {**right, **pick(mistakes, 3, functions[-2:])},
        "hugo-untouched": {},
        "ines-syntax-error": {**right, functions[0]: f"def {functions[0]}(pred, target:\n    return pred"},
        "jack-endless-loop": {**right, functions[1]: "while True:\n    pass"},
        "mallory-hostile": {**right, functions[0]: HOSTILE % {"name": functions[0]}},
    }
    return [(student, fill_in(release, cells)) for student, cells in answers.items()]


def pick(
    known: Iterable[Mistake | Variant], number: int, exercises: Iterable[str] | None = None
) -> dict[str, str]:
    """Return the source of the `number`-th known answer of each exercise (or of these exercises)."""
    tables: dict[str, list[str]] = {}
    for item in known:
        tables.setdefault(item.exercise, []).append(item.source)
    wanted = tables if exercises is None else exercises
    return {exercise: tables[exercise][min(number, len(tables[exercise]) - 1)] for exercise in wanted}


def _without_metadata(notebook: Notebook) -> Notebook:
    cells = [{**cell, "metadata": {"id": f"{i:012x}"}} for i, cell in enumerate(notebook["cells"])]
    return {
        "nbformat": 4,
        "nbformat_minor": 0,
        "metadata": {"colab": {"provenance": []}},
        "cells": [{key: value for key, value in cell.items() if key != "id"} for cell in cells],
    }
