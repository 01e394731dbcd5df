"""What was stored comes back as it was, or not at all."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_course import WEEK, write

from autograder.course import Course, CourseError
from autograder.model import CheckResult, ExecutedCell, ExerciseResult, Finding, SubmissionResult
from autograder.record.late import handed_in_at, late_policy
from autograder.record.results import SavedResult, load_result, save_result

words, numbers = st.text(max_size=8), st.floats(allow_nan=False, allow_infinity=False, width=32)
checks = st.builds(
    CheckResult, words, numbers, st.sampled_from([True, False, None]), words, words, words, words
)
exercises = st.builds(
    ExerciseResult, words, numbers, numbers, st.tuples(checks), st.none() | words, words, st.booleans()
)
outputs = st.dictionaries(
    words, st.recursive(words | st.none() | st.integers(), st.lists, max_leaves=3), max_size=2
)
executed = st.builds(
    ExecutedCell, st.none() | words, st.sampled_from(["code", "markdown", "raw"]), words, st.tuples(outputs),
    st.none() | st.integers(),
)  # fmt: skip
findings = st.builds(Finding, st.sampled_from(["repaired", "suspicious", "note"]), words)
results = st.builds(
    SubmissionResult, words, words, st.sampled_from(["graded", "needs a human"]), words, st.tuples(exercises),
    st.tuples(executed), st.tuples(findings), st.integers(), numbers, words,
)  # fmt: skip


@given(result=results, digest=words)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_stored_result_comes_back_as_it_was(tmp_path: Path, result: SubmissionResult, digest: str) -> None:
    save_result(tmp_path, SavedResult(digest, result))
    assert load_result(tmp_path) == SavedResult(digest, result)


DEEP = '{"digest": "", "result": {"student": "", "week": "", "status": "graded", "cells": [{'
DEEP += '"cell_type": "code", "grade_id": null, "source": "", "outputs": [{"a": ' + "[" * 5000
DAMAGES = [
    "",
    "{",
    "[]",
    "null",
    '{"format": 0}',
    '{"format": 1, "digest": "a", "result": {"student": 7}}',
    DEEP,
]


@pytest.mark.parametrize("content", DAMAGES)
def test_a_damaged_result_counts_as_none(tmp_path: Path, content: str) -> None:
    write(tmp_path / ".grade.json", content)
    assert load_result(tmp_path) is None


def test_a_result_of_another_version_counts_as_none(tmp_path: Path) -> None:
    save_result(tmp_path, SavedResult("a", SubmissionResult("ada", WEEK, "graded")))
    path = tmp_path / ".grade.json"
    stored = json.loads(path.read_text())
    for name, value in (("status", "lost"), ("exercises", [{"mark": 1}]), ("seconds", "long")):
        path.write_text(json.dumps({**stored, "result": {**stored["result"], name: value}}))
        assert load_result(tmp_path) is None


NO_TIMES = ["yesterday or so", "", "9" * 50, "2026-03-02 12:00:00 UTC" * 10, "9" * 40 + "m", "1e9999 h",
            "2026-03-02 12:00:00 ../x", "2026-03-02 12:00:00 /usr/share/zoneinfo/Asia/Tokyo",
            "2026-03-02 12:00:00 Asia/../Asia/Tokyo", "2026-03-02 12:00:00 :Asia/Tokyo",
            f"2026-03-02 12:00:00 {'9' * 100}"]  # fmt: skip
TIMES = ["2026-03-02 12:00:00 UTC", "2026-03-02 12:00:00.0 GMT", "2026-03-02 12:00:00", "2026-03-02T12:00Z",
         "2026-03-02 21:00:00 Asia/Tokyo", "2026-03-02 13:00:00 +0100", "2026-03-02 13:00:00 +01:00",
         "2026-03-02 07:00:00 America/Port-au-Prince", "2026-03-02 07:00:00 EST5EDT"]  # fmt: skip


@pytest.mark.parametrize("text", NO_TIMES)
def test_a_time_that_is_none_is_not_believed(tmp_path: Path, text: str) -> None:
    write(Course(tmp_path).submitted(WEEK, "ada") / "timestamp.txt", text)
    assert handed_in_at(Course(tmp_path), WEEK, "ada") is None


@pytest.mark.parametrize("text", TIMES)
def test_a_time_comes_back_in_utc(tmp_path: Path, text: str) -> None:
    write(Course(tmp_path).submitted(WEEK, "ada") / "timestamp.txt", text)
    assert handed_in_at(Course(tmp_path), WEEK, "ada") == datetime(2026, 3, 2, 12)


@pytest.mark.parametrize("text", ["c.x = ", "1 / 0"])
def test_a_broken_configuration_is_named_in_one_sentence(tmp_path: Path, text: str) -> None:
    write(tmp_path / "nbgrader_config.py", text)
    with pytest.raises(CourseError, match=r"nbgrader_config\.py cannot be read"):
        late_policy(Course(tmp_path))
