"""nbgrader's own tests on this program. Its assertions explain themselves like those of our own tests."""

import pytest

pytest.register_assert_rewrite("nbgrader.tests")
