"""Say what the labels (nbgrader metadata) of a submitted notebook claim that is not so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.intake.findings import repaired, suspicious
from autograder.intake.match import Matches
from autograder.intake.notebook import RawCell
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
            yield from _altered(cell, spec)


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


def _altered(cell: RawCell, spec: SpecCell | None) -> Iterator[Finding]:
    """Yield what looks like an attempt to gain marks by the labels."""
    claims = cell.claims
    if spec is None:
        if claims.graded and claims.points:
            text = f"A cell had been added that claims {claims.points:g} marks: it earns nothing."
            yield suspicious(text)
        return
    if claims.graded and claims.points is not None and spec.marks and claims.points != spec.marks:
        change = f"from {spec.marks:g} to {claims.points:g}"
        text = f"The marks of {spec.grade_id} had been changed {change}: {spec.marks:g} count."
        yield suspicious(text)
    if claims.graded and spec.kind in ("solution", "locked"):
        text = f"The cell {spec.grade_id} carries no marks but had been made to: they do not count."
        yield suspicious(text)
    if claims.skipped and spec.kind in ("check", "locked"):
        text = f"The {spec.kind} cell {spec.grade_id} had been marked to be skipped: it was run all the same."
        yield suspicious(text)
