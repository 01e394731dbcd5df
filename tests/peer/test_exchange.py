"""nbgrader's own tests of its exchange, and of the pages that go through it, on what this program grades.

`nbgrader autograde` is replaced by `autograder grade` in all of them. Those that release, fetch or list pages
have those of `autograder feedback`. The tests of `nbgrader generate_feedback` meet what grading has left.
"""

from __future__ import annotations

from nbgrader.tests.apps.test_nbgrader_collect import TestNbGraderCollect
from nbgrader.tests.apps.test_nbgrader_fetch_assignment import TestNbGraderFetch
from nbgrader.tests.apps.test_nbgrader_fetchfeedback import TestNbGraderFetchFeedback
from nbgrader.tests.apps.test_nbgrader_generate_feedback import TestNbGraderFeedback
from nbgrader.tests.apps.test_nbgrader_list import TestNbGraderList
from nbgrader.tests.apps.test_nbgrader_releaseassignment import TestNbGraderRelease
from nbgrader.tests.apps.test_nbgrader_releasefeedback import TestNbGraderReleaseFeedback
from nbgrader.tests.apps.test_nbgrader_submit import TestNbGraderSubmit

from peer.deviations import GENERATE_FEEDBACK, mark_deviations

mark_deviations(TestNbGraderFeedback, GENERATE_FEEDBACK)

__all__ = [
    "TestNbGraderCollect",
    "TestNbGraderFeedback",
    "TestNbGraderFetch",
    "TestNbGraderFetchFeedback",
    "TestNbGraderList",
    "TestNbGraderRelease",
    "TestNbGraderReleaseFeedback",
    "TestNbGraderSubmit",
]
