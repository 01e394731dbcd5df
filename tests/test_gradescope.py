"""The zip for Gradescope: unpacked as there, its run_autograder is run on submissions of every kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from gradescope_schema import SCHEMA
from small_class import WEEK, make_class
from test_foreign_course import FIRST, SECOND, WRONG, hand_in
from test_foreign_course import make_course as make_foreign_course
from typer.testing import CliRunner

from autograder.answers import fill_in, reference_answers, released_notebook
from autograder.cli import app
from autograder.course import Course
from autograder.hosts.gradescope import requirement_files, write_zip
from autograder.hosts.gradescope_results import not_graded, record_of
from autograder.model import CheckResult, ExerciseResult, Finding, Limits, SubmissionResult
from autograder.spec import load_assignment

# As a container does that lets nobody make namespaces: bubblewrap cannot work.
CONTAINER = """
import errno, os, sys
import pyseccomp as seccomp

rules = seccomp.SyscallFilter(seccomp.ALLOW)
for name in ("unshare", "setns", "mount", "pivot_root"):
    rules.add_rule(seccomp.ERRNO(errno.EPERM), name)
rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
for kind in (0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00020000):
    rules.add_rule(seccomp.ERRNO(errno.EPERM), "clone", seccomp.Arg(0, seccomp.MASKED_EQ, kind, kind))
rules.load()
os.execvp(sys.argv[1], sys.argv[1:])
"""
# Looks for the checks, and writes itself full marks.
HOSTILE = """
import os

def look(root):
    found = []
    for folder, _, names in os.walk(root):
        for name in names:
            try:
                found.append(open(os.path.join(folder, name)).read()[:200])
            except OSError:
                pass
    try:
        open(os.path.join(root, "results", "results.json"), "w").write('{"score": 99}')
        found.append("written")
    except OSError:
        pass
    return found

def double(x):
    return "FOUND" + repr(look("ROOT"))
"""
HALF = {"double": "def double(x):\n    return abs(2 * x)", "gq2": 'answer_gq2 = "B"'}
# What is handed in, and the marks for double and gq2; the written answer is for a person.
KINDS: Mapping[str, tuple[dict[str, str] | str | None, tuple[float, float]]] = {
    "right": ({}, (4, 1)),
    "half right": (HALF, (3, 0)),
    "hostile": ({"double": HOSTILE}, (0, 1)),
    "broken": ('{"cells": [', (0, 0)),
    "nothing": (None, (0, 0)),
}
# Each run loads PyTorch twice.
QUICK = ("right", "hostile")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_class(tmp_path_factory.mktemp("gradescope"), 0)


@pytest.fixture(scope="module")
def packed(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_zip(course, WEEK, tmp_path_factory.mktemp("zip") / "autograder.zip", Limits(10, 10, 60))[0]


def unpack(packed: Path, root: Path) -> Path:
    """Unpack the zip as Gradescope does, which keeps what may be executed."""
    (root / "submission").mkdir(parents=True)
    with zipfile.ZipFile(packed) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, root / "source"))
            path.chmod(entry.external_attr >> 16 & 0o777)
    return root


def answered(course: Course, root: Path, kind: str) -> None:
    """Hand in what a kind says."""
    answers = KINDS[kind][0]
    if isinstance(answers, dict):
        own = {name: text.replace("ROOT", str(root)) for name, text in answers.items()}
        right = reference_answers(load_assignment(course, WEEK))
        answers = json.dumps(fill_in(released_notebook(course, WEEK), {**right, **own}))
    if answers is not None:
        (root / "submission" / f"{WEEK}.ipynb").write_text(answers)


def run(root: Path, *before: str) -> tuple[dict[str, Any], str]:
    """Run run_autograder; return the results, which fit Gradescope's format, and what it printed."""
    variables = {"GRADESCOPE_ROOT": str(root), "GRADESCOPE_PYTHON": sys.executable}
    done = subprocess.run(
        [*before, str(root / "source" / "run_autograder")],
        env={"PATH": os.environ["PATH"], "HOME": "/", **variables},
        cwd=root, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    record = json.loads((root / "results" / "results.json").read_text())
    jsonschema.validate(record, SCHEMA)
    return record, done.stdout


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind in QUICK else pytest.mark.long) for kind in KINDS]
)
def test_every_submission_has_its_results(course: Course, packed: Path, tmp_path: Path, kind: str) -> None:
    root = unpack(packed, tmp_path / "autograder")
    answered(course, root, kind)
    record, printed = run(root)
    tests = record["tests"]
    assert [(test["score"], test["max_score"]) for test in tests[:2]] == list(
        zip(KINDS[kind][1], (4, 1), strict=True)
    )
    assert (tests[2]["score"], tests[2]["max_score"]) == (0, 0)
    assert "A person marks this answer" in tests[2]["output"]
    shown = json.dumps(record)
    assert "Traceback" not in printed + shown
    assert "generator=student.rng" not in shown, "a hidden check was shown"
    if kind == "hostile":
        assert "FOUND[]" in shown.replace("\\", ""), "the answer came back, and it found nothing"
    if kind in ("broken", "nothing"):
        assert record["output"].startswith("A person has to look at what you handed in.")
    elif kind == "half right":
        assert "Try this: keep the sign" in tests[0]["output"]


@pytest.mark.sandbox
def test_where_namespaces_are_refused_it_isolates_in_another_way_or_gives_no_marks(
    course: Course, packed: Path, tmp_path: Path
) -> None:
    root = unpack(packed, tmp_path / "autograder")
    answered(course, root, "hostile")
    record, printed = run(root, sys.executable, "-c", CONTAINER)
    if record["tests"]:
        assert record["extra_data"]["isolation"] == "landlock"
        assert [test["score"] for test in record["tests"]] == [0, 1, 0]
        assert "FOUND[]" in json.dumps(record).replace("\\", "")
        assert "weaker sandbox" in printed
    else:
        assert record == not_graded()
        assert "Nothing on this machine isolates a submission" in printed


@pytest.mark.kernel
def test_results_are_there_when_the_grader_cannot_even_start(packed: Path, tmp_path: Path) -> None:
    root = unpack(packed, tmp_path / "autograder")
    (root / "source" / "settings.json").write_text("{")
    record, printed = run(root)
    assert record == not_graded()
    assert "failed in an unforeseen way (JSONDecodeError" in printed
    (root / "source" / "packages" / "autograder" / "course.py").write_text("import nothing_like_this")
    record, printed = run(root)
    assert record == not_graded()
    assert "The grader itself could not run" in printed


@pytest.mark.sandbox
@pytest.mark.long
def test_a_course_made_for_nbgrader_is_graded_there(tmp_path: Path) -> None:
    home = tmp_path / "physics"
    make_foreign_course(home)
    done = CliRunner().invoke(app, ["gradescope", "Problem Set 1", "--course", str(home)])
    assert done.exit_code == 0, done.output
    root = unpack(home / "bundles" / "gradescope-Problem-Set-1.zip", tmp_path / "autograder")
    hand_in(root / "submission", FIRST, "p1", WRONG)
    hand_in(root / "submission", SECOND, "p2", {})
    record, printed = run(root)
    assert "Traceback" not in printed
    marks = {test["name"]: (test["score"], test["max_score"]) for test in record["tests"]}
    assert marks["p2: test x (test_x)"] == (0.5, 2)
    assert sum(most for _, most in marks.values()) == 7


def test_the_zip_holds_what_gradescope_asks_for_and_no_gradebook(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
        scripts = [archive.read(name).decode() for name in ("setup.sh", "run_autograder")]
        settings = json.loads(archive.read("settings.json"))
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert all(text.startswith("#!/usr/bin/env bash\n") for text in scripts)
    assert f"course/course/{WEEK}/hidden/all.py" in names
    assert "packages/checking.py" in names
    assert not [name for name in names if name.endswith((".db", ".pyc")) or "submitted" in name]
    assert settings["limits"] == {"cell_seconds": 10, "total_seconds": 60}


@pytest.mark.kernel
@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_the_scripts_are_shell(packed: Path, tmp_path: Path, name: str) -> None:
    script = unpack(packed, tmp_path / "autograder") / "source" / name
    done = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_libraries_are_those_of_this_machine() -> None:
    pinned = dict(line.split("==") for line in requirement_files()["requirements.txt"].split())
    assert {"torch", "nbgrader", "typer"} <= set(pinned)
    assert not {"pytest", "playwright", "distributed", "trainwell"} & set(pinned)
    assert pinned["nbgrader"] == version("nbgrader")
    assert not any("+" in number for number in pinned.values())


def result(*exercises: ExerciseResult, status: Any = "graded", reason: str = "") -> SubmissionResult:
    return SubmissionResult("student", WEEK, status, reason, exercises, findings=(Finding("note", "a\x07b"),))


ODD = CheckResult("a_check", 1.0, False, "double(1)", "<script>\x1b[31m" + "x" * 5000, "2", "add")
RESULTS = [
    (result(), 0),
    (result(ExerciseResult("double", 1.25, 4.0, (ODD,))), 1.25),
    (result(ExerciseResult("double", 0.0, 4.0, (CheckResult("a_check", 4.0, None),))), 0),
    (result(ExerciseResult("double", 4.0, 4.0), ExerciseResult("written_why", 0, 2, manual=True)), 4),
    (result(status="needs a human", reason="It is a PDF."), 0),
]


@pytest.mark.parametrize(("given", "score"), RESULTS)
def test_results_of_every_kind_fit_the_format(course: Course, given: SubmissionResult, score: float) -> None:
    record = record_of([(given, load_assignment(course, WEEK))])
    jsonschema.validate(record, SCHEMA)
    jsonschema.validate(not_graded(), SCHEMA)
    assert sum(test["score"] for test in record["tests"]) == score
    shown = json.dumps(record)
    assert "u001b" not in shown
    assert "u0007" not in shown
    assert len(shown) < 4000


def test_the_command_says_what_to_do_with_the_zip(course: Course, tmp_path: Path) -> None:
    path = tmp_path / "a b.zip"
    done = CliRunner().invoke(
        app, ["gradescope", WEEK, "--course", str(course.root), "--output", str(path), "--no-sandbox"]
    )
    assert done.exit_code == 0
    assert textwrap.dedent(done.output).splitlines() == [
        f"Wrote '{path}': give it to Gradescope, and to nobody else.",
        "It holds solutions and hidden checks. Autograder points there: 5",
    ]
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("settings.json"))["no_sandbox"] is True
