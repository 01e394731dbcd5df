"""Week 10: the goals of its figures can be reached, their numbers are right, and their words fit them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html import unescape
from typing import Any

import numpy as np
import pytest
import torch
from conftest import ROOT

from autograder.build.figure_texts import figure_faults

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
from transfer_runs import stored
from transfer_sizes_widgets import (
    ALL,
    CANNOT,
    DIGITS,
    EARLY,
    HELPS,
    HURTS,
    SIZES,
    TARGETS,
    WAYS,
    nearest_size,
    sizes_of,
    tell_curves,
    tell_pairs,
    truth,
)
from transfer_temperature_widgets import BEST, NEEDED, SHOWN, is_best, lowest_loss, numbers
from widget_parts import LOOK

from utils import compare

pytestmark = pytest.mark.trains

WIDGETS: dict[str, Callable[[], Any]] = {
    name: getattr(transfer_widgets, name) for name in transfer_widgets.__all__
}


def score(widget: Any) -> str:
    """Return what a figure says above its picture."""
    return unescape(widget.children[list(widget.children).index(widget.picture) - 1].value)


def move(widget: Any, **values: Any) -> None:
    for control, value in values.items():
        widget.controls[control].value = value


def reached(widget: Any) -> bool:
    return widget.goal.words.startswith("✓")


# ---------------------------------------------------------------- target sizes


def test_the_verdict_on_a_cell_is_that_of_compare() -> None:
    for target, n, way in (("same camera", 20, "head only"), ("one pixel aside", 50, "fine-tune all"),
                           ("one pixel aside", 400, "fine-tune all"), (DIGITS, 10, "head only")):  # fmt: skip
        table = stored("digits") if target == DIGITS else stored("cameras")[TARGETS[target]]
        found = compare(*(table[n][each]["accuracy"] for each in ("from scratch", way)))
        word = CANNOT if not found.is_clear else HELPS if found.difference > 0 else HURTS
        assert truth(target, way, ALL, n) == word
        told = tell_pairs(target, way, ALL, n)
        assert f"mean {found.difference:.3f}".replace("-", "−") in told
        above = (table[n][way]["accuracy"] > table[n]["from scratch"]["accuracy"]).sum()
        assert f"doubt {found.standard_error:.3f}; above 0 in {above} of 20" in told


def test_each_answer_is_right_somewhere_and_a_wrong_one_is_replied_to() -> None:
    widget = WIDGETS["target_sizes"]()
    for target, way, answer in (
        (DIGITS, "fine-tune all", HURTS),
        ("one pixel aside", "fine-tune all", CANNOT),
    ):
        move(widget, target=target, way=way, rows=50)
        move(widget, answer=HELPS)
        assert "No: " in score(widget)
        move(widget, answer=answer)
        assert re.search(rf"Yes: .* doubts?.*{answer}: {target}, {way}, 50 rows, all steps", score(widget))
    assert not reached(widget)
    move(widget, target="same camera")
    assert widget.controls["answer"].value == LOOK
    move(widget, answer=CANNOT)
    assert "from 2 on it is real" in score(widget)
    move(widget, answer=HELPS)
    assert reached(widget)


def test_three_answers_for_two_targets_are_not_enough() -> None:
    widget = WIDGETS["target_sizes"]()
    move(widget, target="same camera", answer=HELPS)
    move(widget, target="one pixel aside", rows=50, answer=CANNOT)
    move(widget, way="head only", answer=HURTS)
    assert score(widget).count("one pixel aside") == 2
    assert not reached(widget)


def test_a_size_that_a_target_lacks_is_its_nearest() -> None:
    assert (nearest_size("same camera", 10), nearest_size(DIGITS, 10)) == (20, 10)
    for target in TARGETS:
        assert [nearest_size(target, size) for size in SIZES[1:]] == list(SIZES[1:])
        for way in WAYS:
            for after in (ALL, EARLY):
                told = tell_curves(target, way, after, sizes_of(target)[-1])
                assert told.count(" with ") == 2 * (len(sizes_of(target)) - 1)
                assert after in told


# ---------------------------------------------------------------- temperature


def best_place(net: str) -> float:
    return next(t for t in (round(0.2 + 0.02 * i, 2) for i in range(141)) if is_best(net, t))


def test_the_best_temperatures_are_found_and_the_accuracy_stays() -> None:
    widget = WIDGETS["temperature_dial"]()
    for net in NEEDED:
        move(widget, net=net, temperature=1.0)
        move(widget, answer=BEST)
        assert "No: another T has a loss below" in score(widget)
        move(widget, temperature=best_place(net))
        assert widget.controls["answer"].value == LOOK
        move(widget, answer=BEST)
        before, after = numbers(net, 1.0)[1], numbers(net, best_place(net))[1]
        assert after["accuracy"] == before["accuracy"]
        assert after["loss"] < before["loss"] - 0.1
        assert after["error"] < before["error"]
        assert f"test loss {before['loss']:.3f} → {after['loss']:.3f}" in score(widget)
    assert reached(widget)
    assert best_place(NEEDED[0]) < 0.5
    assert best_place(NEEDED[1]) > 2


def test_the_loss_of_a_temperature_is_that_of_torch_and_near_the_stored_ones() -> None:
    from transfer_temperature_widgets import logits_of

    for net, name in SHOWN.items():
        found = logits_of(net)
        loss = torch.nn.functional.cross_entropy(found.validation[0] / 0.5, found.y_validation).item()
        assert numbers(net, 0.5)[0]["loss"] == pytest.approx(loss, rel=1e-5)
        assert lowest_loss(net) <= loss
        kept = stored("seeds")[name]
        assert numbers(net, 1.0)[1]["loss"] == pytest.approx(kept["one_loss"][0], rel=0.02)
        assert best_place(net) == pytest.approx(kept["temperature"][0], rel=0.1)


def test_some_temperatures_are_always_told() -> None:
    widget = WIDGETS["temperature_dial"]()
    move(widget, temperature=0.7)
    for t in (0.25, 3.0):
        assert f"{numbers('no regularization', t)[0]['loss']:.3f} at {t:g}" in widget.twin.value
    marks, here = widget.render(**widget.values())[0].axes[0].get_lines()[:2]
    assert list(here.get_xdata()) == [0.7]
    assert marks.get_ydata()[1] == pytest.approx(numbers("no regularization", 0.5)[0]["loss"])


# ---------------------------------------------------------------- the card

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
    widget = WIDGETS["card_builder"]()
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
    widget = WIDGETS["card_builder"]()
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
    widget = WIDGETS["card_builder"]()
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
        ({"validation_rows": []}, r"There is no validation student"),
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


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize("name", WIDGETS)
def test_the_words_change_with_the_main_control_and_hold_a_sentence_for_each_panel(name: str) -> None:
    widget = WIDGETS[name]()
    told = set()
    main = widget.controls["headline"] if name == "card_builder" else widget.slider
    for place in main.options if hasattr(main, "options") else np.linspace(main.min, main.max, 4):
        main.value = place
        told.add(re.sub(r"<[^>]+>", " ", widget.twin.value))
        assert widget.twin.value.count("<p>") == 2
        alt = unescape(re.search(r'alt="([^"]+)"', widget.picture.value)[1])
        assert alt == " ".join(unescape(part) for part in re.findall(r"<p>(.*?)</p>", widget.twin.value))
    assert len(told) >= 3
    assert re.search(r'alt="[^"]{60,}', widget.static)
    assert widget.goal.goal.text.split(".")[0] in unescape(widget.static)


@pytest.mark.parametrize("name", WIDGETS)
def test_every_text_of_a_figure_can_be_read_wherever_the_controls_stand(name: str) -> None:
    widget = WIDGETS[name]()
    for control in widget.controls.values():
        before = control.value
        for place in control.options if hasattr(control, "options") else (control.min, control.max):
            control.value = place
            figure = widget.render(**widget.values())[0]
            assert list(figure_faults(figure)) == [], (name, widget.values())
        control.value = before
