"""nbgrader's tests of reading marks for its feedback, from what our record has written."""

from __future__ import annotations

import pytest
from nbgrader.preprocessors import GetGrades
from nbgrader.tests.preprocessors.conftest import db  # noqa: F401 - fixtures of its tests
from nbgrader.tests.preprocessors.test_getgrades import TestGetGrades, gradebook, resources  # noqa: F401

from peer.steps import Record, Save


@pytest.fixture
def preprocessors():
    saved = Save()
    return (saved, Record(saved), GetGrades())
