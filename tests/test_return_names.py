"""Moodle and Canvas understand the names of what goes back, by the rules of their public source code."""

from __future__ import annotations

import pytest
from return_samples import CANVAS_FILES, canvas_takes, moodle_takes
from tiny_course import WEEK

from autograder.marks.arrivals import Arrival
from autograder.marks.return_names import canvas_name, moodle_name, names_for

PAGE = f"{WEEK}.html"
PARTICIPANTS = ("1001", "1002")

# place in the download, page, what Moodle makes of it
MOODLE_NAMES = [
    ("A B_7_assignsubmission_file/x.ipynb", "x.html", ("7", "x.html")),
    ("A B_7_assignsubmission_file_/x.ipynb", "x.html", ("7", "x.html")),
    ("A B_7_assignsubmission_file_x_1_2.ipynb", "x.html", ("7", "x.html")),
    ("A B_7_assignsubmission_onlinetext/x.ipynb", "x.html", ("7", "x.html")),
    ("download/A B_7_assignsubmission_file_/a_b/x.ipynb", "my_page.html", ("7", "my_page.html")),
    ("Participant_7_assignsubmission_file_/x.ipynb", "x.html", ("7", "x.html")),
    ("week03_losses/x.ipynb", "x.html", None),
    ("7/x.ipynb", "x.html", None),
]


@pytest.mark.parametrize(("place", "page", "taken"), MOODLE_NAMES)
def test_name_for_moodle(place: str, page: str, taken: tuple[str, str] | None) -> None:
    name = moodle_name(place, page)
    for least in (4, 5):
        assert (moodle_takes(name, ["7"], least) if name else None) == taken


# place in the download, page, whom Canvas gives it to
CANVAS_NAMES = [
    ("ab_7_8_x.ipynb", "x.html", "7"),
    ("ab_LATE_7_8_x_9_10.ipynb", "x_1_2.html", "7"),
    ("7_8_x.ipynb", "x.html", "7"),
    ("ab_7_8_x.ipynb", "link.html", "7"),
    ("ab_7_8_x.ipynb", "first_link.html", "7"),
    ("group a_ab_7_8_x.ipynb", "x.html", "7"),
    ("folder/ab_7_8_x.zip/y.ipynb", "x.html", "7"),
    ("anon_c3PO_8_x.ipynb", "x.html", "c3PO"),
    ("LATE_anon_c3PO_8_x.ipynb", "x.html", "c3PO"),
    ("ab_7_link.html", "x.html", None),
    ("ab_7_text.html", "x.html", None),
    ("week03_losses.ipynb", "x.html", None),
]


@pytest.mark.parametrize(("place", "page", "taken"), CANVAS_NAMES)
def test_name_for_canvas(place: str, page: str, taken: str | None) -> None:
    name = canvas_name(place, page)
    assert (canvas_takes(name, {"8": taken or "7"}) if name else None) == taken


def test_with_several_notebooks_each_page_goes_beside_its_own() -> None:
    places = ("ab_7_8_p1.ipynb", "ab_7_9_p2.ipynb")
    arrivals = [Arrival("ab", "canvas", place, "digest") for place in places]
    names = names_for(arrivals, ["p1.html", "p2.html", "p3.html"])
    assert names == {
        "p1.html": "ab_7_8_feedback-p1.ipynb",
        "p2.html": "ab_7_9_feedback-p2.ipynb",
        "p3.html": "ab_7_8_feedback-p3.ipynb",
    }


@pytest.mark.parametrize("name", ["ada.html", "ada_feedback.html", f"1001/{PAGE}", "x_1001_file_/a.html"])
def test_names_of_other_kinds_would_be_passed_over(name: str) -> None:
    assert moodle_takes(name, PARTICIPANTS) is None
    assert canvas_takes(name, CANVAS_FILES) is None
