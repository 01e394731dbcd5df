"""What all tests share: one thread for the libraries, the environment's own commands, and laws of markers.

What the markers mean stands in pyproject.toml. A test without any of them is one of `make check`, and may not
start a program: it then fails and says which marker it lacks.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

import matplotlib.pyplot as plt
import pytest
from databases import database, postgres  # noqa: F401 - fixtures for all tests
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]
# Those of the slowest files first: two processes that take file after file then end at about the same time.
MARKERS = ("browser", "server", "kernel", "sandbox", "trains", "alone", "long")
OF_FIXTURES = {"zygote": "sandbox", "commands": "sandbox", "postgres": "server"}  # of whoever asks for one
PATIENCE = 1200  # seconds for a test with a marker, which takes a minute at most where nothing else runs
QUICK_PROGRAMS = {"chmod", "git", "rm", "ruff"}  # each ends within milliseconds

# How long an example takes says how busy the machine is.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def _nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Leave unread what whoever runs the tests has set for all courses."""
    os.environ["JUPYTER_CONFIG_DIR"] = str(tmp_path_factory.mktemp("settings"))


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")


# ---------------------------------------------------------------- markers

_STARTED, _path = tempfile.mkstemp()  # processes that are forked from this one write into this file, too
os.unlink(_path)


def _note_what_is_started(event: str, arguments: tuple[object, ...]) -> None:
    if event == "subprocess.Popen":
        program = os.path.basename(os.fsdecode(arguments[0]))  # type: ignore[arg-type]
        with contextlib.suppress(OSError):  # the process of a test may have closed all its files
            os.write(_STARTED, f"{program}\n".encode())


sys.addaudithook(_note_what_is_started)


def started() -> set[str]:
    """Return the programs that were started since the last call."""
    os.lseek(_STARTED, 0, os.SEEK_SET)
    with os.fdopen(os.dup(_STARTED), "rb") as file:
        programs = set(file.read().decode(errors="replace").split("\n"))
    os.ftruncate(_STARTED, 0)
    os.lseek(_STARTED, 0, os.SEEK_SET)
    return programs - {""}


def markers_of(item: pytest.Item) -> set[str]:
    """Return those of our markers that a test has."""
    return {mark.name for mark in item.iter_markers()} & set(MARKERS)


def pytest_itemcollected(item: pytest.Item) -> None:
    for fixture in OF_FIXTURES.keys() & set(getattr(item, "fixturenames", ())):
        item.add_marker(OF_FIXTURES[fixture])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    needs, of_weeks = defaultdict(set), set()
    for item in items:
        needs[item.path] |= markers_of(item)
        if re.search(r"week\d\d", item.nodeid):
            of_weeks.add(item.path)  # such a file grows with every week
        if markers_of(item) and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(PATIENCE))

    def turn(item: pytest.Item) -> tuple[int, bool]:
        return min(map(MARKERS.index, needs[item.path]), default=len(MARKERS)), item.path not in of_weeks

    items.sort(key=turn)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    started()  # what belongs to the test before, as the end of its server


@pytest.fixture(autouse=True)
def _a_test_that_starts_a_program_has_a_marker(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    programs = started() - QUICK_PROGRAMS
    if programs and not markers_of(request.node):
        pytest.fail(
            f"This test starts {', '.join(sorted(programs))}, for which `make check` has no time. "
            "Mark it with what it needs, as @pytest.mark.sandbox or @pytest.mark.kernel: "
            "pyproject.toml lists the markers.",
            pytrace=False,
        )
