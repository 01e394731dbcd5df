"""Week 0: what it tells of notebooks and imports is what happens, and its checks know right from wrong."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import pytest
from conftest import ROOT
from week00_checks import NAMES, visible

from autograder.course import Course
from autograder.intake.submission import read_submission
from autograder.model import Submission
from autograder.spec import load_assignment
from utils import evaluate_model, get_generic_model, noisy_sine, train_model

LESSON = Path(__file__).parents[1] / "course" / "week00_start"
sys.path.insert(0, str(LESSON))

import start_imports  # noqa: E402 - the lesson's folder must be on the path first
import start_pictures  # noqa: E402
import start_runs  # noqa: E402
import start_tools  # noqa: E402
import start_widgets  # noqa: E402

TEXT = (LESSON / "week00_start.md").read_text(encoding="utf-8")
CELLS_OF_Q4 = re.search(r"```python\n(from pathlib.*?)```", TEXT, re.DOTALL)[1]


# ---------------------------------------------------------------- little notebooks

BY_HAND = [
    (["rate = 0.1", "rate * 2"], [1, 2], ["", "shows 0.2"]),
    (["rate = 0.1", "rate * 2"], [2, 1, 2], ["NameError: name 'rate' is not defined", "", "shows 0.2"]),
    (["n = 1", "n = n + 10\nn"], [1, 2, 2], ["", "shows 11", "shows 21"]),
    (
        ["total = 10", "sum = total", "sum([1, 2])", "del sum"],
        [1, 2, 3, 4, 3],
        ["", "", "TypeError: 'int' object is not callable", "", "shows 3"],
    ),
    (["1 + 1\n2 + 2"], [1], ["shows 4"]),
    (["", "def f(): return 1", "f()"], [1, 2, 3], ["", "", "shows 1"]),
]


@pytest.mark.parametrize(("cells", "order", "shown"), BY_HAND)
def test_cells_run_by_hand_share_a_memory_and_an_error_stops_one_alone(
    cells: list[str], order: list[int], shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    start_tools.by_hand(cells, order)
    printed = capsys.readouterr().out
    places = [printed.find(words) for words in shown]
    assert -1 not in places
    assert printed.count("shows") + printed.count("Error:") == len([words for words in shown if words])


FROM_THE_TOP = [
    (["a = 1", "a"], "shows 1", ""),
    (["b", "b = 1", "c = 2"], "NameError: name 'b' is not defined", "2 more did not run"),
    (["b"], "NameError: name 'b' is not defined", "(stopped)"),
]


@pytest.mark.parametrize(("cells", "shown", "stopped"), FROM_THE_TOP)
def test_run_all_begins_with_an_empty_memory_and_ends_at_the_first_error(
    cells: list[str], shown: str, stopped: str, capsys: pytest.CaptureFixture[str]
) -> None:
    start_tools.restart_and_run_all(cells)
    printed = capsys.readouterr().out
    assert shown in printed
    assert stopped in printed
    assert ("stopped" in printed) is bool(stopped)


HIDING = [
    ("random.py", "import torch", "ImportError: cannot import name 'Random' from 'random' (your-folder/"),
    ("string.py", "import torch", "ImportError: cannot import name 'Template'"),
    ("types.py", "import torch", "AttributeError: module 'types' has no attribute 'GenericAlias'"),
    ("queue.py", "import torch", "ImportError: cannot import name 'Queue'"),
    ("torch.py", "import torch", ""),
    ("torch.py", "import torch; torch.tensor", "AttributeError: module 'torch' has no attribute 'tensor'"),
]  # fmt: skip


@pytest.mark.kernel
@pytest.mark.parametrize(("file", "code", "said"), HIDING)
def test_a_file_of_ones_own_hides_a_library(file: str, code: str, said: str) -> None:
    told = start_tools.error_beside(file, code)
    assert told.startswith(said)
    assert bool(told) is bool(said)


# ---------------------------------------------------------------- imports from a notebook


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    return start_imports.measure()


@pytest.mark.kernel
def test_what_is_stored_is_what_imports_give(measured: dict[str, Any]) -> None:
    assert start_imports.stored() == measured


@pytest.mark.kernel
def test_each_kind_of_line_in_my_tools_is_kept_or_dropped_as_the_lesson_says(
    measured: dict[str, Any],
) -> None:
    kept = {line for line, is_kept in measured["lines"].items() if is_kept}
    assert {re.sub("^@[a-z]+ ", "", line).split()[0] for line in kept} == {"import", "from", "def", "class"}
    assert {"SEED = 42", "square = lambda x: x * x"} <= measured["lines"].keys() - kept
    assert measured["printed"] == ""
    assert measured["seeded"] == "NameError: name 'SEED' is not defined"


@pytest.mark.kernel
def test_a_failed_import_is_silent_the_second_time_and_edits_do_not_arrive(measured: dict[str, Any]) -> None:
    first, second = measured["twice"]
    assert first.startswith("NameError")
    assert second == "no error, but it has only first"
    assert measured["edited"] == [6, 6, 6, 6]  # 9 would be the function as it was changed


@pytest.mark.kernel
def test_the_answers_to_q4_are_what_an_import_keeps(capsys: pytest.CaptureFixture[str]) -> None:
    notebook = start_imports._as_notebook([CELLS_OF_Q4])
    code = f"import json, nbimporter, other\nprint([hasattr(other, name) for name in {NAMES!r}])"
    answer = start_tools.run_beside({"other.ipynb": notebook}, code).stdout
    visible("check_q4")(
        dict(zip(NAMES, [word == "True" for word in re.findall("True|False", answer)], strict=True))
    )
    assert "✓" in capsys.readouterr().out


TOO_NEW = [(3, 12), (3, 13), (3, 14, 1, "final", 0)]


@pytest.mark.parametrize("version", TOO_NEW)
def test_a_newer_python_shows_what_was_stored_and_no_error(
    version: tuple[int, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    start_imports.kept_and_dropped(version)
    start_imports.second_import(version)
    start_imports.edited_notebook(version)
    with start_imports.notebook_import(version):
        import my_tools_of_nobody  # noqa: F401 - what happens there: no finder knows notebooks
    printed = capsys.readouterr().out
    assert f"this is Python 3.{version[1]}" in printed
    assert "8 kept, 5 dropped" in printed
    assert printed.endswith("triple(4) is 12\nNameError: name 'SEED' is not defined\n")


def test_an_error_in_lines_that_import_is_shown_as_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with start_imports.notebook_import((3, 11)):
        import my_tools_of_nobody  # noqa: F401
    assert capsys.readouterr().out == "ModuleNotFoundError: No module named 'my_tools_of_nobody'\n"


# ---------------------------------------------------------------- numbers of the text


def end_of(seed: int) -> float:
    model, train, validation, _, criterion, optimizer = get_generic_model(seed)
    history = train_model(
        model, train, validation, criterion, optimizer, num_epochs=30, seed=seed, verbose=False
    )
    assert history["val_loss"][-1] == evaluate_model(model, validation, criterion)
    return history["val_loss"][-1]


@pytest.mark.trains
def test_five_seeds_end_where_the_lesson_says() -> None:
    ends = [end_of(seed) for seed in range(5)]
    assert f"between {min(ends):.3f} and {max(ends):.3f}" in TEXT
    assert abs(ends[1] - ends[0]) > 0.3 * ends[0]  # "clearly elsewhere"
    assert f"a standard deviation of {stdev(ends):.2f}" in TEXT
    assert mean(ends) == pytest.approx(0.12, abs=0.005)


def test_the_lines_of_section_1_have_the_errors_of_the_text() -> None:
    slopes = [tenths / 10 for tenths in range(-10, 51)]
    lowest = {b: min((start_widgets.line_error((w, b)), w) for w in slopes) for b in (0.0, 1.5)}
    assert f"no lower than {lowest[0.0][0]:.2f};" in TEXT
    assert (lowest[0.0][1], lowest[1.5][1]) == (2.1, 1.9)
    assert lowest[0.0][0] > start_widgets.GOOD  # so the slope alone does not reach the goal
    slope, intercept = best = start_widgets.best_line()
    assert f"the best one {start_widgets.line_error(best):.2f}, with slope {slope:.2f}" in TEXT
    assert f"and intercept {intercept:.2f}" in TEXT
    assert f"has the error {start_widgets.line_error((2.0, 1.0)):.2f}" in TEXT


def test_the_two_heights_are_those_of_the_text() -> None:
    knows_nothing, noise = start_runs.reference_heights()
    assert f"has {knows_nothing:.2f}: it knows nothing" in TEXT
    assert f"costs {noise:.2f} on average" in TEXT
    assert noisy_sine.__defaults__[1] == start_runs.NOISE


@pytest.mark.trains
def test_with_one_model_outside_the_loop_each_run_begins_where_the_last_one_ended() -> None:
    broken, mended = start_runs.five_runs(mended=False), start_runs.five_runs(mended=True)
    assert broken[0] == mended[0]
    assert min(run[0] for run in mended) > 2 * max(run[0] for run in broken[1:])
    _figure, alt = start_pictures.broken_picture()
    assert f"run 1 from {broken[0][0]:.2f} to {broken[0][-1]:.2f}" in alt


def test_the_lines_to_read_are_the_lines_that_are_asked_about() -> None:
    shown = re.search(r"```python\n(model, train_loader.*?)```", TEXT, re.DOTALL)[1]
    assert re.sub(r" +# \d\n", "\n", shown) == start_runs.LINES
    assert visible("check_q5").__wrapped__.__globals__["BLAME"].keys() == {2, 3, 4, 5, 6}


@pytest.mark.parametrize("name", ["week00_start.ipynb", "my week.ipynb"])
def test_whoever_hands_in_the_whole_folder_hears_nothing_of_the_second_notebook(
    tmp_path: Path, name: str
) -> None:
    assignment = load_assignment(Course(ROOT), "week00_start")
    given = Course(ROOT).release("week00_start").parent
    for path in (path for path in given.iterdir() if path.is_file()):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "week00_start.ipynb").rename(tmp_path / name)
    found = read_submission(tmp_path, "ada", "week00_start", assignment)
    assert "my_tools.ipynb" in assignment.support
    assert not [finding.text for finding in found.findings if "my_tools" in finding.text]
    assert isinstance(found, Submission)
