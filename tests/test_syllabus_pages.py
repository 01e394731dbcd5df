"""The printed pages of the course say what the lessons say: marks, minutes, objectives, sections, words."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from conftest import ROOT
from weeks import COURSE, WEEKS

PAGES = ("README.md", "glossary.md", "index.md", "quick-reference.md")
SYLLABUS = (ROOT / "course" / "README.md").read_text(encoding="utf-8")
INDEX = (ROOT / "course" / "index.md").read_text(encoding="utf-8")
PLACE = re.compile(r"\b(\d+) §(\d+)")


def text_of(week: str) -> str:
    return COURSE.lesson(week).read_text(encoding="utf-8")


def number_of(week: str) -> int:
    return int(week[4:6])


def minutes_of(week: str) -> int:
    return sum(map(int, re.findall(r"^## .*· (\d+) min$", text_of(week), re.MULTILINE)))


def rows_of(heading: str) -> list[list[str]]:
    """Return the cells of the table of the syllabus below this head."""
    table = SYLLABUS.partition(heading)[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


@pytest.mark.parametrize("week", WEEKS)
def test_the_syllabus_lists_what_the_lesson_promises(week: str) -> None:
    promised = re.search(r"\*\*After this week you can\*\*\n\n((?:- .*\n)+)", text_of(week))
    assert promised, f"{week} does not say what one can do afterwards"
    listed = re.search(rf"^### Week {number_of(week)} · .*\n((?:- .*\n)+)", SYLLABUS, re.MULTILINE)
    assert listed, f"course/README.md has no heading for week {number_of(week)}"
    assert listed[1] == promised[1]


def test_the_long_plan_has_every_week_with_its_minutes_and_marks() -> None:
    marks = dict(re.findall(r"^\| (week\d\d) \|[^|]+\| (\d+) \|", SYLLABUS, re.MULTILINE))
    plan = rows_of("| | eleven weeks | minutes | marks |")
    assert [row[0] for row in plan] == [f"week {number_of(week)}" for week in WEEKS]
    assert [row[2:] for row in plan] == [[str(minutes_of(week)), marks[week[:6]]] for week in WEEKS]
    assert sum(map(int, marks.values())) == 135


def test_the_short_plan_has_every_week_once() -> None:
    plan = rows_of("| | six weeks | minutes | marks |")
    found = [[int(number) for number in re.findall(r"\d+", row[1].partition(":")[0])] for row in plan]
    assert sorted(chain.from_iterable(found)) == [number_of(week) for week in WEEKS]
    by_number = {number_of(week): minutes_of(week) for week in WEEKS}
    assert [int(row[2]) for row in plan] == [sum(by_number[number] for number in week) for week in found]
    assert sum(int(row[3]) for row in plan) == 135


@pytest.mark.parametrize("page", PAGES)
def test_every_place_and_link_of_a_page_exists(page: str) -> None:
    text = (ROOT / "course" / page).read_text(encoding="utf-8")
    lessons = {number_of(week): text_of(week) for week in WEEKS}
    for number, section in PLACE.findall(text):
        assert re.search(rf"^## {section}\. ", lessons[int(number)], re.MULTILINE), f"{number} §{section}"
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / "course" / target).exists(), f"{page} links to {target}"


def test_the_index_goes_forward_and_repeats_nothing() -> None:
    rows = [line for line in INDEX.splitlines() if PLACE.search(line) and line.startswith("|")]
    assert len(rows) >= 30
    for row in rows:
        places = [(int(number), int(section)) for number, section in PLACE.findall(row)]
        assert places == sorted(set(places)), row


def test_the_index_reaches_every_week() -> None:
    assert {int(number) for number, _ in PLACE.findall(INDEX)} == {number_of(week) for week in WEEKS}
