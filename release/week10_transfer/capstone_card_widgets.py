"""Let students choose what a model card says of their capstone, object to it in words, and write it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import numpy as np
from capstone_card import (
    BASELINE,
    NO_DOUBT,
    NOT_SAID,
    NOTHING,
    OTHERWISE,
    OVER_ROWS,
    OVER_STUDENTS,
    ROW,
    SEALED,
    STUDENT,
    TRAINING,
    TWICE,
    VALIDATION,
    VERDICTS,
    Choices,
    Facts,
    cautions,
    in_digits,
    objections,
    read_facts,
    sample_capstone,
    write_card,
)
from controls import Words
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pictures import MARKERS, PALETTE, label, moving
from torch import Tensor
from widget_parts import Score, one_legend, put_above_picture, signed, two_panels
from widgets import Goal, Interactive, live, menu

CARD, SAMPLE = "Model card", "Sample card: not your model"
KINDS = (TRAINING, VALIDATION, SEALED)


def card_builder(
    result: Mapping[str, Any] | None = None,
    x: Tensor | None = None,
    y: Tensor | None = None,
    students: Tensor | None = None,
    sealed: Any = None,
) -> Interactive:
    """Return menus for what a model card says of a capstone's result, objections to it, and its Markdown.

    The arguments are those of the capstone and what it returned. Without a result there is a sample.
    """
    title = CARD if result is not None else SAMPLE
    if result is None:
        result, x, y, students, sealed = sample_capstone()
    facts = read_facts(result, x, y, students, sealed)  # type: ignore[arg-type]
    figure, (left, right) = two_panels(3.6)
    show_students, show_scores = _students_panel(left, facts), _scores_panel(right, facts)
    one_legend(figure)
    score, card = Score(""), Words()

    def draw(**choices: str) -> Figure:
        score.tell(told(objections(facts, choices), cautions(facts)))
        card.value = in_text_area(write_card(facts, choices, title))
        show_students(choices["doubt"])
        show_scores(choices["headline"], choices["beside"])
        return figure

    def describe(**choices: str) -> list[str]:
        return [tell_students(facts, choices["doubt"]), tell_scores(facts, choices)]

    def nothing_wrong(**choices: str) -> bool:
        return not objections(facts, choices)

    goal = Goal("Let the card say what the numbers show, so that no objection is left.", nothing_wrong)
    widget = live(draw, describe, goal, **menus())
    put_above_picture(widget, score)
    widget.children = (*widget.children, card)
    return widget


def menus() -> dict[str, Any]:
    """Return the choices that a card leaves, by their names."""
    return {
        "split": menu("Rows were split by", (NOT_SAID, ROW, STUDENT)),
        "headline": menu("Score in the first line, on", KINDS),
        "beside": menu("Beside it stands", (NOTHING, BASELINE)),
        "doubt": menu("Doubt about the difference", (NO_DOUBT, OVER_ROWS, OVER_STUDENTS)),
        "verdict": menu("Verdict", VERDICTS),
        "opened": menu("The sealed students were opened", (NOT_SAID, TWICE, OTHERWISE)),
    }


def told(found: list[str], facts: list[str]) -> str:
    """Return the objections to a card, and what has to stand in it whatever it says, in words."""
    objected = f"Objections: {len(found)}. {' '.join(found)}" if found else "No objection is left."
    return " ".join([objected, *(["To be told under Limits:", *facts] if facts else [])])


def in_text_area(card: str) -> str:
    """Return a card as text that can be selected and copied by keys."""
    return (
        "<label>Your card: Tab into it, select all, copy, paste it into your answer; then answer the "
        'questions in [brackets] in your own words.<textarea readonly rows="16" style="width: 100%; '
        f'font-family: monospace">{escape(card)}</textarea></label>'
    )


# ---------------------------------------------------------------- the panels


def _students_panel(ax: Axes, facts: Facts) -> Callable[[str], None]:
    """Draw a dot for each validation student; return a function that shows the mean with its doubt."""
    ordered = np.sort(facts.by_student)
    ax.axvline(0, color="black", lw=1)
    ax.plot(ordered, np.arange(1, len(ordered) + 1), MARKERS[0], color=PALETTE[0], ms=5, ls="",
            label="a validation student")  # fmt: skip
    middle = (len(ordered) + 1) / 2
    (bar,) = ax.plot([0, 0], [middle] * 2, "|-", color=PALETTE[2], lw=4, ms=16, label="mean ± 2 doubts")
    (mean,) = ax.plot([facts.gain], [middle], "D", color=PALETTE[2], mec="black", ms=11, label="mean")
    ax.set_xlim(-1.02, 1.02)
    label(ax, "Model minus baseline", "difference in accuracy", "student, in order")
    moving(bar, mean)

    def show(doubt: str) -> None:
        reach = 2 * facts.doubt(doubt)
        bar.set_xdata([facts.gain - reach, facts.gain + reach])

    return show


def _scores_panel(ax: Axes, facts: Facts) -> Callable[[str, str], None]:
    """Draw accuracies on three kinds of rows; return a function that marks those that the card tells."""
    values = np.array([facts.accuracy[kind] for kind in KINDS])  # nan: not known, and not drawn
    for i, name in enumerate(("model", "baseline")):
        ax.plot(range(3), values[:, i], MARKERS[i], color=PALETTE[i], ms=9, ls="", label=name)
    (ring,) = ax.plot([], [], "o", color="none", mec="black", mew=2, ms=19, label="in the card")
    ax.set(xlim=(-0.5, 2.5), ylim=(0, 1.05))
    ax.set_xticks(range(3), ["training", "validation", "sealed"])
    label(ax, "Accuracy", "rows", "accuracy")
    moving(ring)

    def show(headline: str, beside: str) -> None:
        at, both = KINDS.index(headline), 2 if beside == BASELINE else 1
        ring.set_data([at] * both, values[at, :both])

    return show


# ---------------------------------------------------------------- the words


def tell_students(facts: Facts, doubt: str) -> str:
    """Say in words how the model does beside the baseline on each validation student."""
    each = facts.by_student
    if not len(each):
        return "Nothing can be compared: validation students, or a model, are missing."
    reach = f"; with two doubts {doubt} it reaches from {signed(facts.gain - 2 * facts.doubt(doubt))} to " \
            f"{signed(facts.gain + 2 * facts.doubt(doubt))}" if doubt != NO_DOUBT else ""  # fmt: skip
    return (
        f"Of {len(each)} validation students the model is ahead on {(each > 0).sum()}, behind on "
        f"{(each < 0).sum()}; the differences run from {signed(each.min())} to {signed(each.max())}, mean "
        f"{signed(facts.gain)}{reach}."
    )


def tell_scores(facts: Facts, choices: Choices) -> str:
    """Say in words the accuracies on all kinds of rows, and which of them the card tells."""
    parts = "; ".join(
        f"{kind} {in_digits(final)}, baseline {in_digits(base)}"
        for kind, (final, base) in facts.accuracy.items()
    )
    beside = "with the baseline" if choices["beside"] == BASELINE else "alone"
    return f"Accuracy: {parts}. The card tells that of the {choices['headline']}, {beside}."
