"""The files for JupyterHub: read as the hub and nbgrader read them, which need not be installed for that."""

from __future__ import annotations

import csv
import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT
from traitlets.config import Config, PyFileConfigLoader

HUB = ROOT / "deploy" / "jupyterhub"


def loaded(name: str, data: Path, monkeypatch: pytest.MonkeyPatch, **variables: str) -> Config:
    """Return what a configuration says where the data lie in a folder."""
    for variable, value in {"NBGRADER_DATA": str(data), **variables}.items():
        monkeypatch.setenv(variable, value)
    return PyFileConfigLoader(name, path=str(HUB)).load_config()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "users.csv").write_bytes((HUB / "users.csv").read_bytes())
    return tmp_path


def test_only_the_people_may_log_in_and_only_instructors_may_mark(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = loaded("jupyterhub_config.py", data, monkeypatch)
    assert found.Authenticator.allowed_users == {"ida", "ada", "bob"}
    assert found.JupyterHub.load_groups == {"instructors": {"users": ["ida"]}}
    (service,), (role,) = found.JupyterHub.services, found.JupyterHub.load_roles
    assert role["scopes"] == [f"access:services!service={service['name']}"]
    assert (service["user"], service["cwd"]) == ("grader", str(data / "course"))
    assert found.JupyterHub.authenticator_class == "pam"


def test_passwords_are_asked_for_unless_somebody_says_otherwise(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = loaded("jupyterhub_config.py", data, monkeypatch, HUB_AUTHENTICATOR="dummy")
    assert found.JupyterHub.authenticator_class == "dummy"


def test_everybody_finds_the_exchange(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = loaded("nbgrader_config.py", data, monkeypatch)
    assert found.Exchange.root == str(data / "exchange")
    assert found.CourseDirectory.course_id == "trainwell"


def test_each_person_has_a_number_of_his_own() -> None:
    rows = list(csv.DictReader((HUB / "users.csv").open(newline="")))
    assert len({row["uid"] for row in rows} | {"2000"}) == len(rows) + 1
    assert {row["role"] for row in rows} == {"instructor", "student"}


def test_the_image_copies_what_is_there_and_closes_it_to_students() -> None:
    text = (HUB / "Dockerfile").read_text()
    named = {word for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.M) for word in line.split()}
    named |= set(re.findall(r"deploy/jupyterhub/[\w.]+", text))
    assert all((ROOT / name).exists() for name in named), named
    assert "chown -R grader: ." in text
    assert "chmod 700 ." in text
    torch = re.search(r"torch==[\d.]+", (ROOT / "pyproject.toml").read_text())
    assert torch
    assert torch[0] in text


@pytest.mark.kernel
def test_the_start_is_shell() -> None:
    done = subprocess.run(["bash", "-n", str(HUB / "start.sh")], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
