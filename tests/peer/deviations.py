"""Where this program does not do what a test of nbgrader's expects, on purpose, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Deviation:
    """Hold one of nbgrader's tests that fails here, what it expects, and the test of what is done instead."""

    test: str
    theirs: str
    ours: str
    reason: str
    better: str


EMPTIED = (
    "A notebook without a single cell earns nothing, without a word.",
    "It needs a human, who is told to ask for it again.",
    "It is rather an accident in saving than an answer.",
    "test_notebook_without_cells_is_asked_for_again_and_the_other_one_keeps_its_marks",
)
ADDED = (
    "A graded cell that the student added stops the grading of all that the student handed in.",
    "The added cell earns nothing and is reported; all else is graded.",
    "What the student did answer earns its marks.",
    "test_graded_cell_that_a_student_added_earns_nothing_and_stops_nothing",
)

AUTOGRADE = (
    Deviation(
        "test_grade_empty_timestamp",
        "A timestamp.txt that holds no time stops the grading of the student.",
        "The answers are graded, and the table says that the time of hand-in is not known.",
        "The answers are none the worse for it.",
        "test_time_that_cannot_be_read_costs_no_marks",
    ),
    Deviation(
        "test_filter_notebook",
        "A graded notebook that was deleted is made again only if `--notebook` names it.",
        "Every run puts it back, from the stored result, without judging again.",
        "The Formgrader needs it, and nobody wants it gone.",
        "test_graded_notebook_that_was_deleted_is_put_back_without_judging_again",
    ),
    Deviation(
        "test_side_effects",
        "A file that an answer writes lies beside the graded notebook afterwards.",
        "Later cells and tests find it; it vanishes with the sandbox.",
        "It may be of any size and kind, and nobody has looked at it.",
        "test_file_that_an_answer_writes_is_there_for_the_tests_and_nowhere_else",
    ),
    Deviation("test_force_single_notebook", *EMPTIED),
    Deviation("test_update_newer", *EMPTIED),
    Deviation("test_update_newer_single_notebook", *EMPTIED),
    Deviation("test_handle_failure", *ADDED),
    Deviation("test_handle_failure_single_notebook", *ADDED),
    Deviation(
        "test_missing_source_kernelspec",
        "A submission that names an unknown kernel is not graded, if the source names none.",
        "It is run with Python, like the others.",
        "What a submission says about itself does not decide how it is graded.",
        "test_kernel_that_a_submission_names_does_not_matter",
    ),
    Deviation(
        "test_no_execute",
        "With `--no-execute`, the outputs that the student handed in are shown, and decide the marks.",
        "Every mark is left to a human, the command says so with exit code 3, and no output is shown.",
        "Outputs can be written by hand.",
        "test_outputs_that_were_handed_in_decide_no_mark_without_execution",
    ),
    Deviation(
        "test_missing_files",
        "A student with an empty folder is passed over.",
        "The student is listed as needing a human.",
        "Something was handed in, and got lost on its way.",
        "test_empty_folder_of_a_student_is_reported",
    ),
)

OVERWRITE = (
    Deviation(
        "test_nonexistent_grade_id",
        "A label of a cell without marks, answer or lock is taken off the graded notebook.",
        "It stays, and has no effect.",
        "It is the instructor's, and a student's own labels are dropped anyway.",
        "test_label_of_a_cell_without_a_part_in_grading_has_no_effect",
    ),
    Deviation(
        "test_add_missing_cells",
        "Missing tasks are put at the end of the notebook.",
        "They are put after the graded cell that they followed, like all others.",
        "There the student and the marker look for them.",
        "test_missing_task_is_put_back_where_it_was",
    ),
)
RECORD = (
    Deviation(
        "test_grade_existing_manual_grade",
        "An answer that was marked by hand is put up for another look by every run.",
        "It is put up only if its text has changed since.",
        "Marking a class a second time is work, and nothing is new.",
        "test_a_manual_mark_survives_and_is_reviewed_only_if_the_answer_changed",
    ),
)
AT_ONCE = (
    "There is no page before `generate_feedback`, which writes those that its options ask for, and puts the "
    "files of the submission beside them.",
    "`autograder grade` writes each page at once, for all whom it grades; `generate_feedback` leaves it "
    "alone unless `--force` is given.",
    "Marks and page never differ, and a page needs no other file.",
    "test_page_is_there_at_once_and_nbgraders_takes_its_place_only_if_forced",
)
GENERATE_FEEDBACK = tuple(
    Deviation(test, *AT_ONCE)
    for test in (
        "test_student_id_exclude",
        "test_force",
        "test_force_f",
        "test_filter_notebook",
        "test_custom_permissions",
        "test_single_user",
    )
)
DEVIATIONS = (*AUTOGRADE, *OVERWRITE, *RECORD, *GENERATE_FEEDBACK)

NBGRADERS_OWN = "Courses are read with nbgrader's own class: there is nothing of ours in its place."
NOT_RUN = {
    "test_checkcellmetadata.py": "Marks, labels and kinds of cells come from the source alone: those of a "
    "submission are not checked but replaced.",
    "test_clearhiddentests.py": NBGRADERS_OWN,
    "test_clearmarkscheme.py": NBGRADERS_OWN,
    "test_clearsolutions.py": NBGRADERS_OWN,
    "test_computechecksums.py": NBGRADERS_OWN,
    "test_headerfooter.py": NBGRADERS_OWN,
    "test_ignorepattern.py": "It drops warnings that would cost marks. Here no warning costs any.",
    "test_instantiatetests.py": NBGRADERS_OWN,
    "test_limitoutput.py": "It counts lines. Here outputs are bounded in characters, before they reach the "
    "grader: a single line can fill a disk.",
    "test_lockcells.py": NBGRADERS_OWN,
    "test_overwritekernelspec.py": "The kernel is always this Python, whatever source or submission name.",
    "test_savecells.py": "It tests how nbgrader keeps the source in the gradebook. Here the source is read "
    "anew each time; what the gradebook gets is tested in tests/test_record.py.",
}


def table() -> str:
    """Return the deviations as docs/nbgrader.md shows them, one line for those that are alike."""
    lines = ["| nbgrader | here | because |", "|---|---|---|"]
    lines += [f"| {one.theirs} | {one.ours} | {one.reason} |" for one in DEVIATIONS]
    return "\n".join(dict.fromkeys(lines))


def mark_deviations(tests: type, deviations: Sequence[Deviation]) -> None:
    """Expect these tests of nbgrader's to fail. One that passes no longer deviates, and fails here."""
    for deviation in deviations:
        mark = pytest.mark.xfail(strict=True, reason=deviation.reason)
        setattr(tests, deviation.test, mark(getattr(tests, deviation.test)))
