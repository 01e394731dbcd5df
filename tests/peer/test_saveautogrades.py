"""nbgrader's tests of what is written into the gradebook, on our record."""

from __future__ import annotations

import pytest
from nbgrader.tests.preprocessors.conftest import db  # noqa: F401 - fixtures of its tests
from nbgrader.tests.preprocessors.test_saveautogrades import TestSaveAutoGrades, gradebook, resources  # noqa: F401

from peer.deviations import RECORD, mark_deviations
from peer.steps import Record, Save

mark_deviations(TestSaveAutoGrades, RECORD)


@pytest.fixture
def preprocessors():
    saved = Save()
    return (saved, Record(saved))
