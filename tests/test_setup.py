"""Laws of the repository: one environment however it is made, and documents that say what is true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
import yaml
from packaging.requirements import Requirement
from typer.testing import CliRunner

from autograder.cli import app

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
DEPENDENCIES = sorted(
    {
        line
        for lines in (PROJECT["dependencies"], *EXTRAS.values())
        for line in lines
        if "trainwell[" not in line
    }
)
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


def pinned() -> dict[str, str]:
    """Return the versions of constraints.txt by lower-case name."""
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and line[0] != "#"]
    return {name.lower().replace("_", "-"): version for name, version in (line.split("==") for line in lines)}


def test_conda_environment_installs_what_pyproject_says() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, pip = environment["dependencies"][0], environment["dependencies"][-1]["pip"]
    assert python == "python=" + re.findall(r"[\d.]+", PROJECT["requires-python"])[0]
    assert pip == ["-c constraints.txt", f"torch=={pinned()['torch']}", "-e .[dev]"]


@pytest.mark.parametrize("line", DEPENDENCIES)
def test_every_dependency_is_pinned_to_a_version_that_it_allows(line: str) -> None:
    requirement = Requirement(line)
    assert requirement.specifier.contains(pinned()[requirement.name.lower()])


def test_licences_and_the_citation_say_the_same() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= citation.keys()
    assert citation["version"] == PROJECT["version"]
    assert PROJECT["license"].split(" AND ") == citation["license"]
    for name, words in zip(PROJECT["license-files"], ("BSD 3-Clause License", "CC BY 4.0"), strict=True):
        assert words in (ROOT / name).read_text(encoding="utf-8")


def test_developers_have_every_extra_and_no_user_needs_a_browser() -> None:
    (own,) = (Requirement(line) for line in EXTRAS["dev"] if line.startswith(PROJECT["name"]))
    assert own.extras == EXTRAS.keys() - {"dev"}
    assert not [line for name in own.extras for line in EXTRAS[name] if "playwright" in line]


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("value", "code", "asked"),
    [
        pytest.param(
            "",
            0,
            "install --disable-pip-version-check --quiet --constraint constraints.txt torch==",
            id="default",
        ),
        pytest.param(
            "cpu",
            0,
            "constraints.txt --extra-index-url https://download.pytorch.org/whl/cpu torch==",
            id="cpu",
        ),
        pytest.param("gpu", 1, "", id="unknown"),
    ],
)
def test_torch_cpu_asks_for_the_builds_without_cuda(
    tmp_path: Path, value: str, code: int, asked: str
) -> None:
    (tmp_path / "bin").mkdir()
    for name, text in (("python", "exit 0"), ("pip", f'echo "$@" >> {tmp_path}/asked')):
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    command = ["sh", "tools/setup.sh", sys.executable, str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "TORCH": value}, capture_output=True, text=True
    )
    assert done.returncode == code, done.stderr
    if code:
        assert "Give TORCH=cpu" in done.stderr
    else:
        first, second = (tmp_path / "asked").read_text().splitlines()
        assert asked in first
        assert second.endswith("--editable .[dev]")
        assert "extra-index" not in second


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_is_in_the_readme(command: str) -> None:
    text = CliRunner().invoke(app, [command, "--help"]).stdout
    assert f"Example: autograder {command}" in " ".join(text.split())
    assert f"autograder {command}" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_is_in_the_readme(target: str) -> None:
    assert f"make {target}" in (ROOT / "README.md").read_text()


def test_ci_runs_the_test_command_and_nothing_else() -> None:
    lines = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and line[0] != "#"]
    assert lines[-1] == "make test"
    assert all(line.startswith(("set ", "cd ", "make test")) for line in lines)
