"""Say what the labels (nbgrader metadata) of a submitted notebook claim that is not so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.intake.findings import repaired, suspicious
from autograder.intake.given import is_sealed
from autograder.intake.match import Matches
from autograder.intake.notebook import Claims, RawCell
from autograder.model import Finding
from autograder.spec import Assignment, SpecCell

SCHEMA = 3


def label_findings(cells: Sequence[RawCell], matches: Matches, assignment: Assignment) -> Iterator[Finding]:
    """Yield a sentence for lost, outdated and altered labels. None of them has any effect on the marks."""
    yield from _lost(cells, matches, assignment)
    schemas = {cell.claims.schema for cell in cells if cell.claims.schema not in (None, SCHEMA)}
    if schemas:
        names = ", ".join(str(schema) for schema in sorted(schemas, key=str))
        yield repaired(f"Cell labels had the schema version {names}: they were read as version {SCHEMA}.")
    for place, cell in enumerate(cells):
        spec = assignment.by_id.get(cell.grade_id or "")
        if spec is not None or place not in matches:  # a label that some editor has renamed claims nothing
            yield from _altered(cell, spec, assignment)


def _lost(cells: Sequence[RawCell], matches: Matches, assignment: Assignment) -> Iterator[Finding]:
    labelled = [place for place, number in matches.items() if assignment.cells[number].grade_id]
    lost = [place for place in labelled if cells[place].grade_id != assignment.cells[matches[place]].grade_id]
    if labelled and len(lost) == len(labelled):
        text = "The labels of the cells were lost in some editor: the cells were recognised by their text."
        yield repaired(text)
        return
    for place in lost:
        spec = assignment.cells[matches[place]]
        if spec.kind in ("solution", "written"):
            text = f"The answer cell {spec.grade_id} had lost its label: it was recognised by its text."
            yield repaired(text)


def _altered(cell: RawCell, spec: SpecCell | None, assignment: Assignment) -> Iterator[Finding]:
    """Yield what the labels claim that the course neither says nor has released."""
    claims = cell.claims
    given = assignment.given.get(cell.grade_id or "")
    released = given.claims if given else Claims()
    if claims.graded and (claims.graded, claims.points) != (released.graded, released.points):
        yield from _marks(cell, spec, assignment)
    if claims.skipped and not released.skipped and spec is not None and spec.kind in ("check", "locked"):
        text = f"The {spec.kind} cell {spec.grade_id} had been marked to be skipped: it was run all the same."
        yield suspicious(text)


def _marks(cell: RawCell, spec: SpecCell | None, assignment: Assignment) -> Iterator[Finding]:
    """Yield what is wrong about the marks that a cell claims.

    They look like an attempt to gain some only if no release can have held the cell so.
    """
    points = cell.claims.points
    old = is_sealed(cell, spec.released_source if spec else "")
    if spec is None:
        if points and old:
            text = f"A cell that this notebook does not have claims {points:g} marks: it earns nothing."
            yield repaired(text)
        elif points:
            yield suspicious(f"A cell had been added that claims {points:g} marks: it earns nothing.")
    elif spec.kind in ("solution", "locked"):
        text = f"The cell {spec.grade_id} carries no marks but had been made to: they do not count."
        yield repaired(text.replace("had been made to", "claims some")) if old else suspicious(text)
    elif points is not None and spec.marks and points != spec.marks:
        known = bool(assignment.given or cell.claims.checksum)
        if known and not old and points > spec.marks:
            change = f"from {spec.marks:g} to {points:g}"
            yield suspicious(f"The marks of {spec.grade_id} had been changed {change}: {spec.marks:g} count.")
        else:
            what = f"The cell {spec.grade_id} says that it is worth {points:g} marks"
            yield repaired(f"{what}: the course's {spec.marks:g} count.")
