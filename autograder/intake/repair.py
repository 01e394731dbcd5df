"""Put a submitted notebook in order: the student's cells as they stand, the assignment's as released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.intake.findings import repaired
from autograder.intake.given import has_given_text, is_sealed, plain, was_released
from autograder.intake.labels import label_findings
from autograder.intake.match import (
    UNLIKE,
    Matches,
    alike,
    answer_names,
    copies,
    defined_names,
    match_cells,
    released,
    untouched,
)
from autograder.intake.notebook import RawCell
from autograder.intake.order import Item, put_in_order, restored
from autograder.model import Finding, SubmittedCell
from autograder.spec import Assignment, SpecCell


@dataclass(frozen=True)
class Repaired:
    """Hold the cells in the order in which they are run, and what was put right."""

    cells: tuple[SubmittedCell, ...]
    findings: tuple[Finding, ...]


def repair(cells: Sequence[RawCell], assignment: Assignment) -> Repaired:
    """Return the cells to run: each locked and check cell of the assignment once, and all of the student's.

    The student's own cells keep their order. A check never stands before the answer it judges.
    """
    matches = match_cells(cells, assignment)
    findings = list(label_findings(cells, matches, assignment))
    chosen = {
        number: _choose(cells, places, assignment.cells[number], assignment, findings)
        for number, places in copies(matches)
    }
    line = list(_line(cells, matches, chosen, assignment, findings))
    ordered, moved = put_in_order(line, assignment)
    return Repaired(tuple(item.cell for item in ordered), tuple(findings + moved))


@dataclass(frozen=True)
class _Choice:
    """Say which copy of a cell carries its label, and which copies are left out."""

    place: int
    left_out: frozenset[int] = frozenset()


def _choose(
    cells: Sequence[RawCell],
    places: list[int],
    spec: SpecCell,
    assignment: Assignment,
    findings: list[Finding],
) -> _Choice:
    if spec.kind in ("locked", "check"):
        return _choose_locked(cells, places, spec, assignment, findings)
    if spec.kind in ("solution", "written"):
        return _choose_answer(cells, places, spec, findings)
    return _Choice(places[-1])


def _choose_locked(
    cells: Sequence[RawCell],
    places: list[int],
    spec: SpecCell,
    assignment: Assignment,
    findings: list[Finding],
) -> _Choice:
    """Choose the place of a cell of the course's: an unedited copy, of a check the last."""
    given = [place for place in places if has_given_text(cells[place], spec.grade_id, assignment.given)]
    intact = [place for place in places if plain(cells[place].source) == released(spec)] or given
    place = (intact or places)[-1 if spec.kind == "check" else 0]
    what = f"The {spec.kind} cell {spec.grade_id}"
    if not intact:
        findings.append(_edited(what, cells[place], assignment))
    if cells[place].cell_type != spec.cell_type:
        findings.append(repaired(f"{what} had been turned into another kind of cell: it was turned back."))
    if len(places) > 1:
        findings.append(repaired(f"{what} stood in the notebook {len(places)} times: it was used once."))
    return _Choice(place)


def _edited(what: str, cell: RawCell, assignment: Assignment) -> Finding:
    """Return what is known of a cell of the course's whose text is not that of the course or the release."""
    nothing_to_tell_by = not (assignment.given or cell.claims.checksum)
    if is_sealed(cell) or nothing_to_tell_by:
        return repaired(f"{what} differs from the course's: the course's was used.")
    return repaired(f"{what} had been edited: the original was used.")


def _choose_answer(
    cells: Sequence[RawCell], places: list[int], spec: SpecCell, findings: list[Finding]
) -> _Choice:
    """Choose the copy of an answer that carries its label. All copies that were worked on are run."""
    worked_on = [place for place in places if not untouched(cells[place], spec)]
    left_out = frozenset(places) - frozenset(worked_on) if worked_on else frozenset(places[:-1])
    kept = worked_on or places[-1:]
    wanted = answer_names(spec)
    defining = [place for place in kept if defined_names(cells[place].source) & wanted]
    place = (defining or kept)[-1]
    what = f"The answer cell {spec.grade_id}"
    if len(kept) > 1:
        text = (
            f"{what} stood in the notebook {len(kept)} times (copied or split): all were run, in their order."
        )
        findings.append(repaired(text))
    if left_out:
        findings.append(repaired(f"{what} also stood there without an answer: that copy was left out."))
    if cells[place].cell_type != spec.cell_type:
        use = "run as code" if spec.cell_type == "code" else "read as text"
        findings.append(
            repaired(f"{what} had been turned into a {cells[place].cell_type} cell: it was {use}.")
        )
    return _Choice(place, left_out)


def _line(
    cells: Sequence[RawCell],
    matches: Matches,
    chosen: dict[int, _Choice],
    assignment: Assignment,
    findings: list[Finding],
) -> Iterator[Item]:
    """Yield the cells in the student's order, with the text of the assignment's cells restored."""
    demos = {released(spec) for spec in assignment.cells if "demo" in spec.tags}
    for place, cell in enumerate(cells):
        number = matches.get(place)
        spec = assignment.cells[number] if number is not None else None
        if number is None or spec is None or spec.kind in ("text", "code"):
            is_demo = (spec is not None and "demo" in spec.tags) or plain(cell.source) in demos
            yield Item(SubmittedCell(None, cell.cell_type, cell.source, is_demo, cell.pictures))
        elif spec.kind in ("solution", "written"):
            if place not in chosen[number].left_out:
                label = spec.grade_id if place == chosen[number].place else None
                text = _as_type(cell, spec.cell_type)
                yield Item(SubmittedCell(label, spec.cell_type, text, pictures=cell.pictures), number)
        else:
            if _worth_keeping(cell, spec, place == chosen[number].place, assignment, findings):
                yield Item(SubmittedCell(None, cell.cell_type, cell.source, pictures=cell.pictures))
            if place == chosen[number].place:
                yield Item(restored(spec), number)


def _as_type(cell: RawCell, cell_type: str) -> str:
    """Return the text of an answer for a cell of this type: code in a text cell may stand between fences."""
    lines = cell.source.splitlines()
    fences = [place for place, line in enumerate(lines) if line.startswith(("```", "~~~"))]
    if cell.cell_type != "markdown" or cell_type != "code" or not fences:
        return cell.source
    blocks = zip(fences[::2], [*fences[1::2], len(lines)], strict=False)
    return "\n".join(line for begin, end in blocks for line in lines[begin + 1 : end])


def _worth_keeping(
    cell: RawCell, spec: SpecCell, replaced: bool, assignment: Assignment, findings: list[Finding]
) -> bool:
    """Return whether an edited cell of the course's holds work of the student's own that must not be lost."""
    if untouched(cell, spec) or was_released(cell, spec.grade_id, assignment.given):
        return False
    if not replaced or alike(cell.source, spec) < UNLIKE:
        return True  # an edited copy is the student's own experiment; another text is no edit
    if defined_names(cell.source) & assignment.student_names:
        findings.append(
            repaired(f"An answer was written in the {spec.kind} cell {spec.grade_id}: it was run too.")
        )
        return True
    return False
