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

EVERY_TIME = "test_grade"  # the one of nbgrader's own tests that `make test` runs, too


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give nbgrader's own tests their markers: their files are not ours."""
    tests = getattr(item, "cls", None)
    if tests is autograde_tests.TestNbGraderAutograde:
        item.add_marker("sandbox")
    if tests is not None and tests.__module__.startswith("nbgrader.") and item.name != EVERY_TIME:
        item.add_marker("long")


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
def _our_command(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.cls is autograde_tests.TestNbGraderAutograde:
        monkeypatch.setattr(autograde_tests, "run_nbgrader", request.getfixturevalue("commands").run)
