"""Find out which cell of the assignment each submitted cell is: by label, text, name or neighbours."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from autograder.intake.given import plain, was_released
from autograder.intake.notebook import RawCell
from autograder.spec import Assignment, SpecCell

# How alike (0 to 100) a text must be to count as an edited form of the released cell of this kind.
_ALIKE = {"locked": 75.0, "check": 75.0, "solution": 40.0, "written": 25.0, "code": 85.0}
UNLIKE = 40.0
_COMPARED = 5000
_CANDIDATES = 50
_TOP_LEVEL_NAME = re.compile(
    r"^(?:(?:async[ \t]++)?(?:def|class)[ \t]++(\w++)|(\w++)[ \t]*+(?::[^=\n]++)?=(?!=))", re.MULTILINE
)

Matches = Mapping[int, int]


def match_cells(cells: Sequence[RawCell], assignment: Assignment) -> dict[int, int]:
    """Return {index of a submitted cell: index of the assignment's cell that it is}.

    Several submitted cells may be the same cell of the assignment (copies, or the parts of a split one).
    Cells that the student added are not in the result.
    """
    found: dict[int, int] = {}
    labelled = _by_label(cells, assignment)
    found.update(
        {place: number for place, number in labelled.items() if _fits(cells[place], number, assignment)}
    )
    for step in (_by_text, _by_name, _by_neighbours):
        step(cells, assignment, found)
    return labelled | found


def is_about(cells: Sequence[RawCell], matches: Matches, assignment: Assignment) -> bool:
    """Return whether a notebook is one of this assignment. Weeks share some labels, but hardly any text."""
    if not assignment.by_id:
        return True  # there is nothing to tell it by
    if not any(assignment.cells[number].grade_id for number in matches.values()):
        return False
    texts = {plain(cell.source) for cell in cells}
    given = [spec for spec in assignment.cells if spec.kind in ("text", "code", "locked")]
    verbatim = sum(released(spec) in texts for spec in given)
    strange = sum(bool(cell.source.strip()) for place, cell in enumerate(cells) if place not in matches)
    return verbatim >= len(given) / 5 or strange <= 2 * len(matches)


def released(spec: SpecCell) -> str:
    """Return the released text of a cell of the assignment as it is compared."""
    return _plain_of_release(spec.released_source)


@lru_cache(maxsize=4096)  # the same few for a whole class; nothing that was handed in is kept here
def _plain_of_release(text: str) -> str:
    return plain(text)


def untouched(cell: RawCell, spec: SpecCell) -> bool:
    """Return whether a submitted cell is empty or still says what was released."""
    text = plain(cell.source)
    return not text or text == released(spec)


def defined_names(source: str) -> set[str]:
    """Return the names that a text defines at the start of its lines, even if it does not parse."""
    return {first or second for first, second in _TOP_LEVEL_NAME.findall(source)}


def answer_names(spec: SpecCell) -> set[str]:
    """Return the names that an answer defines: those that students are given, and what the solution defines.

    A variable of the solution's counts only where there is nothing better: it may be a step on the way.
    """
    return set(_answer_names(spec.source, spec.released_source))


@lru_cache(maxsize=4096)
def _answer_names(source: str, given: str) -> frozenset[str]:
    built = {first for first, _ in _TOP_LEVEL_NAME.findall(source) if first}
    return frozenset(defined_names(given) | built or defined_names(source))


def alike(source: str, spec: SpecCell) -> float:
    """Return how alike a text is to a released cell, from 0 to 100."""
    return fuzz.ratio(source[:_COMPARED], spec.released_source[:_COMPARED])


def _by_label(cells: Sequence[RawCell], assignment: Assignment) -> dict[int, int]:
    index = {spec.grade_id: number for number, spec in enumerate(assignment.cells) if spec.grade_id}
    return {place: index[cell.grade_id] for place, cell in enumerate(cells) if cell.grade_id in index}


def _fits(cell: RawCell, number: int, assignment: Assignment) -> bool:
    """Return whether a cell can be what its label says: labels travel when cells are copied and reused."""
    spec = assignment.cells[number]
    if was_released(cell, spec.grade_id, assignment.given):
        return True
    fixed = [other for other in assignment.cells if other.kind in ("locked", "check") and other is not spec]
    text = plain(cell.source)
    if any(text == released(other) for other in fixed) and text != released(spec):
        return False
    if spec.kind in ("locked", "check"):
        return alike(cell.source, spec) >= UNLIKE
    if spec.kind != "solution" or cell.cell_type != "code":
        return True
    names = defined_names(cell.source)
    return bool(names & answer_names(spec)) or not any(
        names & answer_names(other) for other in assignment.cells if other.kind == "solution"
    )


def _by_text(cells: Sequence[RawCell], assignment: Assignment, found: dict[int, int]) -> None:
    waiting: dict[str, deque[int]] = defaultdict(deque)
    taken = set(found.values())
    for number, spec in enumerate(assignment.cells):
        if number not in taken:
            waiting[released(spec)].append(number)
    for place, cell in enumerate(cells):
        text = plain(cell.source) if place not in found else ""
        if text and waiting.get(text):
            found[place] = waiting[text].popleft()


def _by_name(cells: Sequence[RawCell], assignment: Assignment, found: dict[int, int]) -> None:
    """Match unlabelled cells that define what an answer cell should, where that cell has no answer itself."""
    free = {place: defined_names(cell.source) for place, cell in enumerate(cells) if place not in found}
    for number, spec in enumerate(assignment.cells):
        if spec.kind != "solution" or _answered(cells, found, number, spec):
            continue
        wanted = answer_names(spec)
        places = [place for place, names in free.items() if names & wanted]
        code = [place for place in places if cells[place].cell_type == "code"]
        for place in code or places:
            found[place] = number
            del free[place]


def _answered(cells: Sequence[RawCell], found: Matches, number: int, spec: SpecCell) -> bool:
    return any(match == number and not untouched(cells[place], spec) for place, match in found.items())


def _by_neighbours(cells: Sequence[RawCell], assignment: Assignment, found: dict[int, int]) -> None:
    """Match what is left by its place between neighbours that were recognised, and by its text."""
    taken = set(found.values())
    for number, spec in enumerate(assignment.cells):
        wanted = spec.kind in ("locked", "check", "solution", "written") or "demo" in spec.tags
        if number in taken or not wanted:
            continue
        low, high = _gap(found, number, len(cells))
        free = [place for place in range(low + 1, high) if place not in found][:_CANDIDATES]
        place = _most_alike(cells, free, spec)
        if place is not None:
            found[place] = number


def _gap(found: Matches, number: int, end: int) -> tuple[int, int]:
    """Return the places of the nearest recognised neighbours before and after a cell of the assignment."""
    ordered = sorted((match, place) for place, match in found.items())
    cut = bisect_left(ordered, (number, -1))
    low = ordered[cut - 1][1] if cut else -1
    high = ordered[cut][1] if cut < len(ordered) else end
    return (low, high) if low < high else (low, low)


def _most_alike(cells: Sequence[RawCell], free: Sequence[int], spec: SpecCell) -> int | None:
    same_type = [
        place for place in free if cells[place].cell_type == spec.cell_type and cells[place].source.strip()
    ]
    if len(same_type) == 1 and spec.kind in ("solution", "written"):
        return same_type[0]
    scored = [(alike(cells[place].source, spec), place) for place in same_type]
    best, place = max(scored, default=(0.0, -1))
    return place if best >= _ALIKE.get(spec.kind, 101.0) else None


def copies(matches: Matches) -> Iterator[tuple[int, list[int]]]:
    """Yield each recognised cell of the assignment with the places of all its copies, in order."""
    places: dict[int, list[int]] = defaultdict(list)
    for place in sorted(matches):
        places[matches[place]].append(place)
    yield from sorted(places.items())
