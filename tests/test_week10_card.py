"""Week 10: the builder of the model card objects to what is not the case, and writes what is."""

from __future__ import annotations

import re
import sys
from html import unescape
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from test_week10_widgets import move, reached, score

sys.path.insert(0, str(ROOT / "course" / "week10_transfer"))

import transfer_widgets
from capstone_card import (
    BASELINE,
    NO_DOUBT,
    NOT_SAID,
    OTHERWISE,
    OVER_ROWS,
    OVER_STUDENTS,
    ROW,
    SEALED,
    STUDENT,
    TRAINING,
    TWICE,
    cautions,
    objections,
    read_facts,
    sample_capstone,
    write_card,
)
from transfer_data import SealedTest, study_sessions

pytestmark = pytest.mark.trains

HONEST = {"headline": SEALED, "beside": BASELINE, "doubt": OVER_STUDENTS}


def small_capstone(**changes: Any) -> tuple[dict[str, Any], Any, Any, Any, SealedTest]:
    """Return a result by a rule of one column, split by student, with all in it that a card reads."""
    result, x, y, students, _ = sample_capstone()
    sealed = SealedTest(*study_sessions(10, 10, seed=3)[:2])
    rows = {"train_rows": np.nonzero(students.numpy() % 3 > 0)[0],
            "validation_rows": np.nonzero(students.numpy() % 3 == 0)[0]}  # fmt: skip
    scores = {"test": sealed.accuracy(result["predict"]),
              "baseline_test": sealed.accuracy(result["baseline"]["predict"])}  # fmt: skip
    return result | rows | scores | changes, x, y, students + 500, sealed


def card_of(widget: Any) -> str:
    return unescape(re.search(r"<textarea[^>]*>(.*)</textarea>", widget.children[-1].value, re.S)[1])


def test_the_goal_of_the_sample_is_reached_by_saying_what_is_the_case() -> None:
    widget = transfer_widgets.card_builder()
    assert "Objections: 5." in score(widget)
    assert "37 of 37 validation students have rows in the training part, too" in score(widget)
    move(widget, **HONEST)
    move(widget, split=STUDENT, opened=TWICE)
    assert "Split by student? 37 students have rows in both parts." in score(widget)
    assert "The sealed students were opened 3 times." in score(widget)
    move(widget, split=ROW, opened=OTHERWISE)
    assert reached(widget)
    assert "No objection is left. To be told under Limits: 37 of 37" in score(widget)
    card = card_of(widget)
    assert "Sample card: not your model" in card
    assert "Split by row." in card
    assert "The sealed students were opened 3 times: they are no longer quite new." in card
    move(widget, split=STUDENT, verdict="worse")  # after the goal as well
    assert "Split by student? 37 students have rows in both parts." in score(widget)
    assert "Split by student." in card_of(widget)
    assert "Verdict: worse." in card_of(widget)


def test_an_honest_capstone_has_a_card_with_five_headings_and_its_numbers() -> None:
    result, x, y, students, sealed = small_capstone()
    widget = transfer_widgets.card_builder(result, x, y, students, sealed)
    move(widget, **HONEST, split=STUDENT, opened=TWICE)
    assert reached(widget)
    card = card_of(widget)
    headings = re.findall(r"^## (.+)$", card, re.M)
    assert headings == ["Intended use", "Data and split", "How it was chosen",
                        "Result with its uncertainty", "Limits"]  # fmt: skip
    whose = students[result["validation_rows"]]
    right = [model["predict"](x)[result["validation_rows"]] == y[result["validation_rows"]]
             for model in (result, result["baseline"])]  # fmt: skip
    gains = np.array([(right[0].float() - right[1].float())[whose == one].mean() for one in whose.unique()])
    doubt = gains.std(ddof=1) / len(gains) ** 0.5
    assert (
        f"On 14 validation students the model minus the baseline is {gains.mean():.3f} ± {doubt:.3f}" in card
    )
    assert (
        f"Accuracy on sealed students: {result['test']:.3f}; the baseline {result['baseline_test']:.3f}"
        in card
    )
    assert "students in both: 0. Split by student." in card
    assert "3 trials (limit 0.2, 0.6, 1), lowest validation loss 0.970. Chosen: limit 0.6." in card
    assert card.count("[") == card.count("]") == 4


def test_a_card_leaves_the_reasons_to_the_student() -> None:
    widget = transfer_widgets.card_builder()
    for split in (NOT_SAID, ROW, STUDENT):
        move(widget, **HONEST, split=split)
        assert "because" not in card_of(widget)
        assert "[Why by this unit, and not by another?]" in card_of(widget)


def test_verdicts_are_objected_to_by_the_rule_over_students() -> None:
    result, x, y, students, sealed = small_capstone()
    worse = result | {"predict": result["baseline"]["predict"], "baseline": {"predict": result["predict"]}}
    same = result | {"baseline": {"predict": result["predict"]}}
    for given, right in ((result, "better"), (worse, "worse"), (same, "cannot tell")):
        facts = read_facts(given, x, y, students, sealed)
        choices = HONEST | {"split": STUDENT, "opened": TWICE}
        for verdict in ("better", "worse", "cannot tell"):
            found = objections(facts, choices | {"verdict": verdict})
            assert (not found) == (verdict == right), (right, verdict, found)
        claimed = [text for text in cautions(facts) if "its validation students do not" in text]
        assert bool(claimed) == (right != "better")


def test_the_doubt_of_the_picture_is_that_of_the_words() -> None:
    widget = transfer_widgets.card_builder()
    reaches = []
    for doubt in (NO_DOUBT, OVER_ROWS, OVER_STUDENTS):
        move(widget, doubt=doubt)
        bar = widget.render(**widget.values())[0].axes[0].get_lines()[2].get_xdata()
        reaches.append(bar[1] - bar[0])
        told = re.search(r"reaches from (−?[\d.]+) to (−?[\d.]+)", widget.twin.value)
        assert (told is None) == (doubt == NO_DOUBT)
        if told:
            low, high = (float(part.strip(".").replace("−", "-")) for part in told.groups())
            assert [low, high] == pytest.approx(list(bar), abs=6e-4)
    assert reaches[0] == 0
    assert 0 < reaches[1] < reaches[2]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"predict": lambda x: x}, r"could not be asked: ValueError, it answers with the shape"),
        ({"predict": lambda x: 1 / 0}, r"could not be asked: ZeroDivisionError"),
        ({"baseline": None}, r"could not be asked: TypeError"),
        ({"test": None, "trials": [None]}, r"0 trials"),
        ({"validation_rows": []}, r"Nothing can be compared: validation students"),
        ({"baseline": {}}, r"validation rows [\d.]+, baseline not known"),
    ],
)
def test_a_capstone_with_faults_still_has_a_card(changes: dict[str, Any], told: str) -> None:
    result, x, y, students, sealed = small_capstone(**changes)
    widget = transfer_widgets.card_builder(result, x, y, students, sealed)
    for control in widget.controls.values():
        for option in control.options:
            control.value = option
    assert re.search(told, score(widget) + unescape(widget.twin.value) + card_of(widget))


def test_missing_keys_are_told_by_name() -> None:
    _, x, y, students, sealed = small_capstone()
    facts = read_facts({}, x, y, students, sealed)
    found = cautions(facts)
    assert "The result has no 'train_rows'." in found
    assert "The result has no 'verdict'." in found
    choices = HONEST | {"split": STUDENT, "opened": TWICE, "verdict": "better", "headline": TRAINING}
    assert "0 trials" in write_card(facts, choices, "Model card")
