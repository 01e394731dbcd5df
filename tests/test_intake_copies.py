"""Answers that were copied, split or removed in the editor are run as the student left them."""

from __future__ import annotations

from intake_samples import BCE, HUBER, answered, copy_of, labels, own_cell, place_of, put, read_ready, said


def test_of_copied_answers_the_last_carries_the_label_and_all_are_run(tmp_path):
    notebook = answered()
    second = HUBER.replace("huber-ok", "second try")
    notebook["cells"].append(copy_of(notebook, "huber", second))
    submission = read_ready(put(tmp_path, notebook))
    order = [cell.source for cell in submission.cells]
    assert order.index(HUBER) < order.index(second)
    assert [cell.source for cell in submission.cells if cell.grade_id == "huber"] == [second]
    assert labels(submission).index("huber") < labels(submission).index("huber_check")


def test_a_split_answer_is_run_as_both_parts(tmp_path):
    notebook = answered()
    place = place_of(notebook, "bce")
    head = "def helper(logits):\n    return logits.clamp(min=0)"
    notebook["cells"].insert(place, copy_of(notebook, "bce", head))
    submission = read_ready(put(tmp_path, notebook))
    order = [cell.source for cell in submission.cells]
    assert order.index(head) + 1 == order.index(BCE)
    assert [cell.source for cell in submission.cells if cell.grade_id == "bce"] == [BCE]


def test_a_missing_answer_becomes_an_empty_cell_that_overrides_nothing(tmp_path):
    notebook = answered()
    del notebook["cells"][place_of(notebook, "huber")]
    notebook["cells"].insert(1, own_cell("from helpers import huber"))
    submission = read_ready(put(tmp_path, notebook))
    assert [cell.source for cell in submission.cells if cell.grade_id == "huber"] == [""]
    assert "The answer cell huber was missing: it counts as not answered." in said(submission)
