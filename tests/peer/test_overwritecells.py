"""nbgrader's tests of putting a submission's cells in order, on our intake and graded notebook."""

from __future__ import annotations

import pytest
from nbgrader.tests.preprocessors.conftest import db  # noqa: F401 - fixtures of its tests
from nbgrader.tests.preprocessors.test_overwritecells import TestOverwriteCells, gradebook, resources  # noqa: F401

from peer.deviations import OVERWRITE, mark_deviations
from peer.steps import Repair, Save

mark_deviations(TestOverwriteCells, OVERWRITE)


@pytest.fixture
def preprocessors():
    saved = Save()
    return (saved, Repair(saved))
