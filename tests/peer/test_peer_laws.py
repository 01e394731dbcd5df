"""Laws of the comparison with nbgrader: nothing is left out in silence, nothing is only said."""

from __future__ import annotations

import ast
from pathlib import Path

import nbgrader.tests
import pytest

from peer.deviations import DEVIATIONS, NOT_RUN, Deviation, table

HERE = Path(__file__).parent
THEIRS = Path(nbgrader.tests.__file__).parent


def names_of_tests(folder: Path) -> set[str]:
    """Return the names of all tests in the Python files of a folder."""
    found = (ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in folder.glob("test_*.py"))
    functions = (node for nodes in found for node in nodes if isinstance(node, ast.FunctionDef))
    return {node.name for node in functions if node.name.startswith("test_")}


@pytest.fixture(scope="module")
def ours() -> set[str]:
    return names_of_tests(HERE) | names_of_tests(HERE.parent)


@pytest.fixture(scope="module")
def theirs() -> set[str]:
    return names_of_tests(THEIRS / "apps") | names_of_tests(THEIRS / "preprocessors")


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda one: one.test)
def test_deviation_names_a_test_of_theirs_and_one_of_ours(
    deviation: Deviation, ours: set[str], theirs: set[str]
) -> None:
    assert deviation.test in theirs
    assert deviation.better in ours, "what is better must be shown by a test"


def test_every_file_of_nbgraders_tests_of_preprocessors_is_run_or_left_out_for_a_reason() -> None:
    files = {path.name for path in (THEIRS / "preprocessors").glob("test_*.py")}
    run = {name for name in files if (HERE / name).is_file()}
    assert run | NOT_RUN.keys() == files
    assert not run & NOT_RUN.keys()


def test_page_on_nbgrader_shows_the_deviations() -> None:
    text = (HERE.parents[1] / "docs" / "nbgrader.md").read_text(encoding="utf-8")
    assert table() in text, f"Put this table into docs/nbgrader.md:\n{table()}"
