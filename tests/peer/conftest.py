"""nbgrader's own fixtures, and the commands of its tests replaced by ours."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from nbgrader import api
from nbgrader.tests.apps import test_nbgrader_autograde as autograde_tests
from nbgrader.tests.apps.conftest import course_dir, db, temp_cwd  # noqa: F401 - fixtures of its tests

from autograder.sandbox.doctor import open_sandbox
from peer.commands import Commands


@pytest.fixture(scope="session")
def commands() -> Iterator[Commands]:
    zygote, report = open_sandbox()
    with zygote:
        yield Commands(zygote, report)


@pytest.fixture(scope="session", autouse=True)
def _the_version_of_the_tables_is_found_out_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:  # nbgrader starts a process for each new database
        patch.setattr(api, "get_alembic_version", cache(api.get_alembic_version))
        yield


@pytest.fixture(autouse=True)
def _our_command(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autograde_tests, "run_nbgrader", commands.run)
