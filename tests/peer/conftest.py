"""nbgrader's own fixtures, and the commands of its tests replaced by ours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache as once

import pytest
from nbgrader import api
from nbgrader.tests.apps.conftest import (  # noqa: F401 - fixtures of its tests
    cache,
    course_dir,
    db,
    env,
    exchange,
    fake_home_dir,
    jupyter_config_dir,
    jupyter_data_dir,
    temp_cwd,
)
from nbgrader.utils import get_username

from autograder.sandbox.doctor import open_sandbox
from peer.commands import Commands

THEIRS = "nbgrader.tests.apps.test_nbgrader_"
GRADING = "autograde", "fetchfeedback", "generate_feedback", "list", "releasefeedback"  # these need a sandbox
OUR_PAGES = "fetchfeedback", "list", "releasefeedback"  # with the pages of `autograder feedback`
# Those of nbgrader's own tests that `make test` runs, too.
EVERY_TIME = {"TestNbGraderAutograde": "test_grade", "TestNbGraderFetchFeedback": "test_single_file"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give nbgrader's own tests their markers: their files are not ours."""
    tests = getattr(item, "cls", None)
    if tests is None or not tests.__module__.startswith("nbgrader."):
        return
    if _topic(tests) in GRADING:
        item.add_marker("sandbox")
    if EVERY_TIME.get(tests.__name__) != item.name:
        item.add_marker("long")


def _topic(tests: type | None) -> str:
    """Return what a class of nbgrader's tests of commands is about, nothing for others."""
    name = tests.__module__ if tests is not None else ""
    return name.removeprefix(THEIRS) if name.startswith(THEIRS) else ""


@pytest.fixture(scope="session")
def commands() -> Iterator[Commands]:
    zygote, report = open_sandbox()
    with zygote:
        yield Commands(zygote, report)


@pytest.fixture(scope="session", autouse=True)
def _the_version_of_the_tables_is_found_out_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:  # nbgrader starts a process for each new database
        patch.setattr(api, "get_alembic_version", once(api.get_alembic_version))
        yield


@pytest.fixture(autouse=True)
def _our_command(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = _topic(request.cls)
    if topic:
        monkeypatch.setenv("USER", get_username())  # some of its tests ask nobody else who they are
    if topic in GRADING:
        ours = request.getfixturevalue("commands")
        run = ours.run_with_pages if topic in OUR_PAGES else ours.run
        monkeypatch.setattr(sys.modules[request.cls.__module__], "run_nbgrader", run)
