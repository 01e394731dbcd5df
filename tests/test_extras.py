"""A library that is not installed is told in a sentence with the command that brings it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.extras import what_to_install

# Starts the command line as if these modules were not there.
WITHOUT = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hidden())
from autograder.cli import main
sys.argv = ["autograder", *{words!r}]
main()
"""
GRADE = {"torch", "nbgrader", "nbformat", "sqlalchemy", "nbconvert", "jupytext", "yaml", "numpy", "IPython"}


@pytest.mark.parametrize(
    ("module", "extra"),
    [
        ("nbgrader.api", "grade"),
        ("yaml", "grade"),
        ("PIL", "grade"),
        ("sklearn", "student"),
        ("optuna", "search"),
        ("distributed", "cluster"),
        ("psycopg", "postgres"),
        ("sphinx", "site"),
        ("pytest_timeout", "dev"),
    ],
)
def test_each_library_has_an_extra(module: str, extra: str) -> None:
    sentence = what_to_install(ModuleNotFoundError(name=module))
    assert sentence is not None
    assert sentence.endswith(f'Run: python -m pip install "trainwell[{extra}]"')


def test_a_module_that_is_none_of_ours_has_none() -> None:
    assert what_to_install(ModuleNotFoundError(name="my_late_plugin")) is None
    assert what_to_install(ModuleNotFoundError("without a name")) is None


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--help"], 0, "new-course"),
        (["--version"], 0, "autograder 0."),
        (["grade", "3"], 1, 'Run: python -m pip install "trainwell[grade]"'),
        (["build"], 1, 'Run: python -m pip install "trainwell[grade]"'),
    ],
)
def test_without_an_extra_a_command_says_which_it_needs(
    tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    (tmp_path / "nbgrader_config.py").write_text("configure(c, None)\n")
    (tmp_path / "source").mkdir()
    program = WITHOUT.format(hidden=GRADE, words=words)
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
