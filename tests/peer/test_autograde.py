"""nbgrader's own tests of `nbgrader autograde`, from its wheel, on `autograder grade`."""

from __future__ import annotations

from nbgrader.tests.apps.test_nbgrader_autograde import TestNbGraderAutograde

from peer.deviations import AUTOGRADE, mark_deviations

mark_deviations(TestNbGraderAutograde, AUTOGRADE)
