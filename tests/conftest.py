"""What all tests share: one thread for the libraries, and the environment's own commands on PATH."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

import matplotlib.pyplot as plt
import pytest
from databases import database, postgres  # noqa: F401 - fixtures for all tests

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session", autouse=True)
def _nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Leave unread what whoever runs the tests has set for all courses."""
    os.environ["JUPYTER_CONFIG_DIR"] = str(tmp_path_factory.mktemp("settings"))


@pytest.fixture(autouse=True)
def _no_figure_is_left_open() -> Iterator[None]:
    yield
    plt.close("all")
