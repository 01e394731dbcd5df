"""Every text of every figure can be read, and the tool that says so finds what cannot."""

from __future__ import annotations

import re
from typing import Any

import pytest
from matplotlib.figure import Figure
from pictures import Canvas, bands_picture, label, stage
from weeks import COURSE, WEEKS

from autograder.build.figure_texts import figure_faults
from autograder.build.pictures import Seen, SeenFigure, SeenWidget, contact_sheet, look_at

CHECK = re.compile(r"^check_\w+\(", re.MULTILINE)  # a cell in which a visible check is called


def drawn(figure: Figure) -> list[str]:
    figure.set_dpi(100)
    Canvas(figure).paint()
    return list(figure_faults(figure))


def sound() -> Figure:
    figure, axes = stage(2)
    for ax in axes:
        ax.plot([0, 1], [1, 2], label="training")
        label(ax, "Two points", "epoch", "loss")
    return figure


def cut_off() -> Figure:
    figure = sound()
    figure.text(0.97, 0.5, "much too long for this place")
    return figure


def over_each_other() -> Figure:
    figure = sound()
    figure.axes[0].text(0.5, 1.5, "one text")
    figure.axes[0].text(0.52, 1.5, "another text")
    return figure


def wide_legend() -> Figure:
    figure, axes = stage(3)
    for ax in axes:
        for name in ("training", "validation", "guessing"):
            ax.plot([0, 1], [1, 2], label=name)
        ax.legend(ncols=3)
    return figure


def crushed() -> Figure:
    figure, axes = stage(5)
    for ax in axes:
        label(ax, "Narrow", "", "")
    return figure


def in_the_next_panel() -> Figure:
    figure = sound()
    figure.axes[0].text(1.4, 1.5, "far to the right of its panel").set_in_layout(False)
    return figure


FAULTS = [
    (sound, ""),
    (cut_off, "cut off"),
    (over_each_other, "'one text' and 'another text' are written over each other"),
    (wide_legend, "the legend training, validation, guessing"),
    (crushed, "pixels wide"),
    (in_the_next_panel, "reaches into another panel"),
]


@pytest.mark.parametrize(("figure", "fault"), FAULTS)
def test_a_fault_is_found_and_only_a_fault(figure: object, fault: str) -> None:
    found = drawn(figure())
    assert (not found) if not fault else any(fault in text for text in found), found


def test_bands_show_spread_and_doubt_and_say_both() -> None:
    figure, alt = bands_picture([1, 2], {"MSE": [[1.0, 2.0], [3.0, 4.0]]}, "Two runs", "wild points", "loss")
    assert "MSE, 2 runs: 2 ± 1.4 (doubt 1) at 1, 3 ± 1.4 (doubt 1) at 2" in alt
    assert drawn(figure) == []


MOVED = [
    (("1", "9"), ("At 1 the loss is 0.5.", "At 9 the loss is 0.2."), True),
    (("1", "9"), ("At 1 the share is 42 %.", "At 9 the share is 42 %."), False),
]


@pytest.mark.parametrize(("places", "told", "moved"), MOVED)
def test_a_widget_that_only_repeats_its_slider_does_not_move(places: tuple, told: tuple, moved: bool) -> None:
    assert SeenWidget("Height", places, told).is_moved is moved


def test_the_contact_sheet_shows_words_and_faults() -> None:
    page = contact_sheet({"week03": [SeenFigure("aGk=", "a < b", ("cut off",))]})
    assert page.count("aGk=") == 2  # wide and narrow
    assert "a &lt; b" in page
    assert "✗ cut off" in page


@pytest.fixture(scope="module", params=WEEKS)
def seen(request: pytest.FixtureRequest) -> Seen:
    """Each week's solved notebook after one run."""
    return look_at(COURSE, request.param)


@pytest.mark.kernel
@pytest.mark.trains
def test_every_text_of_every_figure_can_be_read(seen: Seen) -> None:
    assert seen.figures
    assert {figure.alt: figure.faults for figure in seen.figures if figure.faults} == {}


@pytest.mark.kernel
@pytest.mark.trains
def test_every_widget_says_what_its_main_control_changes(seen: Seen) -> None:
    assert len(seen.widgets) >= 2
    assert [widget.control for widget in seen.widgets if not widget.is_moved] == []


@pytest.mark.kernel
@pytest.mark.trains
def test_every_picture_of_a_notebook_has_words(seen: Seen) -> None:
    for cell in seen.notebook.cells:
        for output in cell.get("outputs", ()):
            html = output.get("data", {}).get("text/html", "")
            assert "image/png" not in output.get("data", {}), cell.source[:80]
            for image in re.findall(r"<img [^>]*>", html):
                assert re.search(r'alt="[^"]{20,}', image), cell.source[:80]


@pytest.mark.kernel
@pytest.mark.trains
def test_the_instructors_answers_pass_the_visible_checks(seen: Seen) -> None:
    told = {cell.source[:60]: printed(cell) for cell in seen.notebook.cells if CHECK.search(cell.source)}
    assert told
    assert {source: text for source, text in told.items() if "✓" not in text} == {}
    wrong = ("not yet", "stopped with an error", "this check itself failed")
    assert [c.source[:80] for c in seen.notebook.cells if any(w in printed(c).lower() for w in wrong)] == []


def printed(cell: Any) -> str:
    return "".join(output.get("text", "") for output in cell.get("outputs", ()))
