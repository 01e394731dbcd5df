"""Fit nbgrader to the course: what a release shows, what a submission may say, what feedback gives away."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import nbformat
import nh3
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor, Preprocessor
from nbgrader import preprocessors as stock
from nbgrader import utils
from sqlalchemy.exc import SAWarning
from traitlets import Bool, Unicode

from autograder.build.first_cell import guarded, is_guarded
from autograder.build.restore import restored_cells
from autograder.build.stubs import BEGIN, END, WRITE_HERE, stub_of, stubbed
from autograder.build.students import cells_for_students, is_set_up
from autograder.intake.pictures import Album
from autograder.judge.pictures import MAGIC, checked_picture
from autograder.pages.markdown import written_out

Cell = Any  # nbformat's NotebookNode, which has no types
Resources = Any

SECRET = re.compile(
    r"^[^\n]*BEGIN (HIDDEN TESTS|MARK SCHEME)[^\n]*\n.*?^[^\n]*END \1[^\n]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)


class ClearLessonSolutions(stock.ClearSolutions):  # type: ignore[misc]
    """Clear solutions as nbgrader does, but leave cells that run wherever no function is to be written."""

    text_stub = Unicode(WRITE_HERE).tag(config=True)

    def _replace_solution_region(self, cell: Cell, language: str) -> bool:
        if cell.cell_type != "code" or language != "python":
            return bool(super()._replace_solution_region(cell, language))
        if BEGIN in cell.source and END in cell.source:
            cell.source = stubbed(cell.source)
            return True
        if utils.is_solution(cell) and cell.source.strip():
            cell.source = stub_of(cell.source)
            return True
        return bool(super()._replace_solution_region(cell, language))


class ClearLessonMarkScheme(stock.ClearMarkScheme):  # type: ignore[misc]
    """Remove the mark schemes of written answers. They stand in locked text cells, not only in task cells."""

    enforce_metadata = Bool(False).tag(config=True)


class CoursePreprocessor(Preprocessor):  # type: ignore[misc]
    """Work on every notebook that passes; nbconvert's own preprocessors wait to be enabled."""

    enabled = Bool(True).tag(config=True)


class ForStudents(CoursePreprocessor):
    """Let explanations wait until a guess was made, and fold away code that nobody learns from."""

    def preprocess(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        """Return the notebook with the cells that students see."""
        nb.cells = list(cells_for_students(nb.cells))
        return nb, resources


class RunOn(CoursePreprocessor):
    """Let "Run All" go on after an exercise that is not solved yet: the cells below it still run."""

    def preprocess_cell(self, cell: Cell, resources: Resources, index: int) -> tuple[Cell, Resources]:
        """Return the cell with the tag that tells Jupyter that an error here is no reason to stop."""
        if cell.cell_type == "code" and not is_guarded(cell.source):
            cell.metadata["tags"] = sorted({*cell.metadata.get("tags", ()), "raises-exception"})
        return cell, resources


class SayWhatIsMissing(CoursePreprocessor):
    """Let the first cells say in words which file or library is missing; nothing below runs then."""

    def preprocess(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        """Return the notebook, its code up to the set-up cell with those words."""
        end = next((place for place, cell in enumerate(nb.cells) if is_set_up(cell)), -1)
        for cell in nb.cells[: end + 1]:
            if cell.cell_type == "code":
                cell.source = guarded(cell.source)
        return nb, resources


class TakeTextsOnly(CoursePreprocessor):
    """Rebuild a submission from the texts of its cells; everything else comes from the source notebook."""

    def preprocess(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        """Return the notebook with restored cells, its demonstrations tagged to be skipped."""
        names = resources["nbgrader"]
        coursedir = self.parent.parent.coursedir  # exporter, converter
        folder = coursedir.format_path(coursedir.source_directory, ".", names["assignment"])
        source = nbformat.read(Path(folder) / f"{names['notebook']}.ipynb", as_version=4)
        album = Album()
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.source = written_out(cell.source, album.attached(cell.source, cell.get("attachments")))
        nb.cells = restored_cells(nb.cells, cleared(source).cells)
        nb.metadata = nbformat.NotebookNode()
        nb.nbformat_minor = 5
        return nb, resources


class CleanOutputs(CoursePreprocessor):
    """Keep of the outputs only what a marker can look at without running it."""

    def preprocess_cell(self, cell: Cell, resources: Resources, index: int) -> tuple[Cell, Resources]:
        """Return the cell with clean outputs; of a check cell, only what decides the marks."""
        if cell.cell_type == "code":
            cell.outputs = [_clean_output(output) for output in cell.outputs if not _is_noise(cell, output)]
        return cell, resources


class HideChecks(CoursePreprocessor):
    """Take hidden checks, mark schemes and their tracebacks out of what students get back."""

    def preprocess_cell(self, cell: Cell, resources: Resources, index: int) -> tuple[Cell, Resources]:
        """Return the cell without the regions that a release does not show either."""
        if utils.is_locked(cell):
            cell.source = SECRET.sub("", cell.source).rstrip("\n")
            for output in cell.get("outputs", ()):
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


def _is_noise(cell: Cell, output: Cell) -> bool:
    """Say whether this is a warning in a check cell: nbgrader would take all marks for it."""
    is_check = utils.is_grade(cell) and not utils.is_solution(cell)
    return is_check and output.output_type == "stream" and output.name == "stderr"


def _clean_output(output: Cell) -> Cell:
    if output.output_type in ("display_data", "execute_result"):
        data = output.data
        kept = {kind: checked_picture("".join(data.get(kind, "")), kind) for kind in MAGIC}
        kept["text/plain"] = "".join(data.get("text/plain", ""))
        output.data = {kind: content for kind, content in kept.items() if content}
        if "text/html" in data:
            output.data["text/html"] = safe_html("".join(data["text/html"]))
        output.metadata = {}
    return output


def safe_html(html: str) -> str:
    """Return the HTML without scripts, styles, forms, remote pictures and links that run code."""
    return nh3.clean(
        html,
        attributes={**nh3.ALLOWED_ATTRIBUTES, "*": {"class", "id", "title", "align"}},
        url_schemes={"http", "https", "mailto", "data"},
        attribute_filter=_safe_attribute,
    )


def _safe_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        mime, _, content = value.removeprefix("data:").partition(";base64,")
        return value if value.startswith("data:") and checked_picture(content, mime) else None
    if name == "href":
        return value if re.match(r"https?://|mailto:|#", value) else None
    return value


@pass_context
def safe_markdown(context: Any, source: str) -> str:
    """Return a markdown cell as HTML that is safe to show next to the marks. A filter for nbconvert."""
    return safe_html(markdown2html_mistune(source))


CLEAR_SOLUTIONS = (
    stock.IncludeHeaderFooter,
    stock.InstantiateTests,
    stock.LockCells,
    ClearLessonSolutions,
    stock.ClearOutput,
    stock.CheckCellMetadata,
    stock.ComputeChecksums,
)
HIDE_CHECKS = (
    stock.ClearHiddenTests,
    ClearLessonMarkScheme,
    ForStudents,
    SayWhatIsMissing,
    RunOn,
    stock.ComputeChecksums,
    stock.CheckCellMetadata,
)


def cleared(source: Cell) -> Cell:
    """Return the source notebook as the gradebook knows it: no solutions, but checks and mark schemes."""
    return _through(CLEAR_SOLUTIONS, source)


def released(source: Cell) -> Cell:
    """Return the notebook that students get. Raises RuntimeError if a region of it is not closed."""
    return _through(HIDE_CHECKS, cleared(source))


def _through(steps: tuple[type, ...], notebook: Cell) -> Cell:
    """Return the notebook after these preprocessors, which expect a notebook of their own to change."""
    notebook = nbformat.from_dict(notebook)
    resources: dict[str, Any] = {"metadata": {}, "nbgrader": {}}
    for step in steps:
        notebook, resources = step().preprocess(notebook, resources)
    return notebook


def configure(c: Any, root: Path) -> None:
    """Set up nbgrader for the course that lives in `root`. Called by `nbgrader_config.py`."""
    # nbgrader builds its rows in an order that SQLAlchemy 2.1 warns about, at every submission.
    warnings.filterwarnings("ignore", message="Object of type <Submitted", category=SAWarning)
    c.CourseDirectory.course_id = "trainwell"
    c.CourseDirectory.root = str(root)
    # Hidden files beside graded notebooks hold the grader's results: they name the checks, not for students.
    c.CourseDirectory.ignore = [".*", "*.pyc", "__pycache__", "feedback"]
    c.GenerateAssignment.preprocessors = [*CLEAR_SOLUTIONS, stock.SaveCells, *HIDE_CHECKS]
    c.Autograde.sanitize_preprocessors = [
        stock.ClearOutput,
        TakeTextsOnly,
        stock.OverwriteKernelspec,
        stock.OverwriteCells,
        stock.CheckCellMetadata,
    ]
    c.Autograde.autograde_preprocessors = [
        stock.Execute,
        CleanOutputs,
        stock.LimitOutput,
        stock.SaveAutoGrades,
        stock.AssignLatePenalties,
        stock.CheckCellMetadata,
    ]
    c.Execute.timeout = 120  # seconds for one cell; whole lessons take less than half of that
    c.GenerateFeedback.preprocessors = [stock.GetGrades, HideChecks, CleanOutputs, CSSHTMLHeaderPreprocessor]
    # nbgrader's pages, the Formgrader's too, show markdown as students wrote it: this filter cleans it.
    c.HTMLExporter.filters = {"markdown2html": safe_markdown}
