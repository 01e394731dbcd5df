"""Decide where the assignment's own cells stand among the student's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.intake.findings import repaired
from autograder.intake.match import answer_names, defined_names
from autograder.model import Finding, SubmittedCell
from autograder.spec import Assignment, SpecCell


@dataclass(frozen=True)
class Item:
    """Hold a cell to be run, and the number of the assignment's cell that it is, or is a part of."""

    cell: SubmittedCell
    number: int | None = None


def put_in_order(line: Sequence[Item], assignment: Assignment) -> tuple[list[Item], list[Finding]]:
    """Return the items with missing cells put back and misplaced ones moved, and a sentence for each."""
    findings: list[Finding] = []
    items = list(line)
    for number, spec in enumerate(assignment.cells):
        if spec.kind in ("solution", "written") and not _places(items, {number}):
            elsewhere = _is_elsewhere(items, spec)
            items.insert(_after_predecessor(items, number), Item(_empty(spec), number))
            what = "its answer is in another cell" if elsewhere else "it counts as not answered"
            findings.append(_sentence(spec, f"was missing: {what}"))
    for number, spec in enumerate(assignment.cells):
        if spec.kind in ("locked", "check"):
            _settle(items, number, assignment, findings)
    return items, findings


def _is_elsewhere(items: Sequence[Item], spec: SpecCell) -> bool:
    """Return whether another cell that is run defines what this answer should."""
    wanted = answer_names(spec) if spec.cell_type == "code" else set()
    code = (item.cell.source for item in items if item.cell.cell_type == "code")
    return any(wanted & defined_names(source) for source in code)


def restored(spec: SpecCell) -> SubmittedCell:
    """Return a cell of the assignment as it was released: the text of hidden checks is never in it."""
    return SubmittedCell(spec.grade_id, spec.cell_type, spec.released_source)


def _settle(items: list[Item], number: int, assignment: Assignment, findings: list[Finding]) -> None:
    """Put one locked or check cell where it belongs, unless the student has it at a place that works."""
    spec = assignment.cells[number]
    here = _places(items, {number})
    if here and _is_well_placed(items, here[0], number, assignment):
        return
    if here:
        del items[here[0]]
    place = _after_predecessor(items, number)
    after = _places(items, _answers_after(number, assignment))
    before = _places(items, _answers_before(number, assignment))
    place = min([place, *after])
    place = max([place, *(answer + 1 for answer in before)])
    items.insert(place, Item(restored(spec), number))
    findings.append(_sentence(spec, _moved(spec) if here else "was missing: it was put back"))


def _moved(spec: SpecCell) -> str:
    return (
        "stood before its answer: it was run after it"
        if spec.kind == "check"
        else "had been moved: it was moved back"
    )


def _is_well_placed(items: Sequence[Item], place: int, number: int, assignment: Assignment) -> bool:
    before = _places(items, _answers_before(number, assignment))
    after = _places(items, _answers_after(number, assignment))
    return all(answer < place for answer in before) and all(place < answer for answer in after)


def _answers_before(number: int, assignment: Assignment) -> set[int]:
    """Return the answers that a check judges: those between it and the check before it."""
    found: set[int] = set()
    for earlier in range(number - 1, -1, -1):
        if assignment.cells[earlier].kind == "check":
            break
        if assignment.cells[earlier].kind == "solution":
            found.add(earlier)
    return found


def _answers_after(number: int, assignment: Assignment) -> set[int]:
    """Return the answers that a set-up cell prepares: all that follow it. Other cells prepare none."""
    if assignment.cells[number].kind == "check" or _answers_before(number, assignment):
        return set()
    return {
        later
        for later in range(number + 1, len(assignment.cells))
        if assignment.cells[later].kind == "solution"
    }


def _places(items: Sequence[Item], numbers: set[int]) -> list[int]:
    return [place for place, item in enumerate(items) if item.number in numbers]


def _after_predecessor(items: Sequence[Item], number: int) -> int:
    """Return the place after the nearest earlier cell of the assignment that is there (0 if none is)."""
    earlier = [
        (item.number, place)
        for place, item in enumerate(items)
        if item.number is not None and item.number < number
    ]
    return max(earlier)[1] + 1 if earlier else 0


def _empty(spec: SpecCell) -> SubmittedCell:
    # An empty code cell, not the stub: a stub would replace an answer that came in by an import.
    return SubmittedCell(
        spec.grade_id, spec.cell_type, "" if spec.cell_type == "code" else spec.released_source
    )


def _sentence(spec: SpecCell, what: str) -> Finding:
    kind = "answer" if spec.kind in ("solution", "written") else spec.kind
    return repaired(f"The {kind} cell {spec.grade_id} {what}.")
