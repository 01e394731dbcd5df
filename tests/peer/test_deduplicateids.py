"""nbgrader's tests of a submission with two cells of one name, on our intake."""

from __future__ import annotations

import pytest

from peer.steps import Unite


@pytest.fixture
def preprocessor():
    return Unite()
