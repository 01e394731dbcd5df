"""The release gate: each leak is planted once, and found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tiny_course import CHECKS, ENGINE, LESSON, WEEK, make_tiny_course, write

from autograder.build import build_weeks, release_gate
from autograder.build.figures import figure_problems
from autograder.course import Course, CourseError

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = make_tiny_course(tmp_path_factory.mktemp("course"))
    build_weeks(course, [WEEK])
    return course


def cell(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def text(line: str) -> Change:
    return lambda nb: nb["cells"].append(
        {"cell_type": "markdown", "id": "x", "metadata": {}, "source": [line]}
    )


def code(line: str) -> Change:
    new = {
        "cell_type": "code",
        "id": "x",
        "metadata": {},
        "source": [line],
        "outputs": [],
        "execution_count": None,
    }
    return lambda nb: nb["cells"].append(new)


def put(grade_id: str, /, **fields: object) -> Change:
    return lambda nb: cell(nb, grade_id).update(fields)


def option(grade_id: str, /, **fields: object) -> Change:
    return lambda nb: cell(nb, grade_id)["metadata"]["nbgrader"].update(fields)


def meta(grade_id: str, /, **fields: object) -> Change:
    return lambda nb: cell(nb, grade_id)["metadata"].update(fields)


PRINTED = [{"output_type": "stream", "name": "stdout", "text": "6"}]

PLANTED: list[tuple[str, Change, str]] = [
    ("a long line of a solution", text("Try `return x + the_number_once_more`."), "the solution of double"),
    ("the same, written otherwise", code("return  x+the_number_once_more"), "the solution of double"),
    ("the letter of a choice", text('Somebody wrote `answer_gq2 = "C"`.'), "the solution of gq2"),
    ("the letter, in other quotes", code("answer_gq2 = 'C'"), "the solution of gq2"),
    ("a model answer", text("Doubling a sum gives the sum of the doubles, and factors can be pulled out."),
     "the solution of written_why"),
    ("a solution in metadata", meta("gq2", note='answer_gq2 = "C"'), "the solution of gq2"),
    ("a solution in an output", put("double_visible", outputs=[{"text": "return x + the_number_once_more"}]),
     "the solution of double"),
    ("a hidden check", code("float(answer_gq2 == 'C')"), "the hidden checks of gq2_check"),
    ("the name of a hidden check", text("See negative_numbers_are_doubled_too."), "names the hidden check"),
    ("a call and its answer", code('x = (-14.5, call="double(-7.25)")'),
     "tells what a hidden check expects"),
    ("a line of a hidden check", code(CHECKS.splitlines()[-1].strip()),
     "lines of a hidden check"),
    ("a mark scheme", text("One mark for additivity, one mark for scaling."), "the mark scheme of why"),
    ("an open region", text("### BEGIN SOLUTION"), "still says BEGIN SOLUTION"),
    ("output", put("double_visible", outputs=PRINTED), "holds output"),
    ("an execution count", put("double_visible", execution_count=3), "has been run"),
    ("a cell id twice", lambda nb: nb["cells"][0].update(id=nb["cells"][1]["id"]), "2 cells have the id"),
    ("a grade_id twice", option("gq2", grade_id="double"), "2 cells have the grade_id double"),
    ("changed marks", option("gq2_check", points=3), "the marks add up to 9"),
    ("an unlocked check", option("gq2_check", locked=False), "is not locked"),
    ("an editable check", meta("gq2_check", editable=True), "is not locked"),
    ("a check that can be deleted", meta("gq2_check", deletable=True), "can be deleted"),
    ("a missing cell", lambda nb: nb["cells"].remove(cell(nb, "gq2")), "differ in the cells gq2"),
    ("no kernel", lambda nb: nb["metadata"].clear(), "no python3 kernel"),
    ("no place to write", put("double", source=["def double(x): pass"]), "does not say where"),
    ("a picture without words", text("![](plot.png)"), "picture without alt text"),
    ("an image tag without words", text('<img src="plot.png">'), "picture without alt text"),
    ("a silent figure", code("plt.plot([1])\nplt.show()"), "draws (plt.plot)"),
    ("a module that students lack", code("from autograder import grade"), "imports autograder"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), [c[1:] for c in PLANTED], ids=[c[0] for c in PLANTED])
def test_gate_finds_what_was_planted_in_the_notebook(built: Course, change: Change, sentence: str) -> None:
    path = built.release(WEEK)
    clean = path.read_text()
    notebook = json.loads(clean)
    change(notebook)
    try:
        path.write_text(json.dumps(notebook))
        problems = release_gate(built, WEEK)
    finally:
        path.write_text(clean)
    assert any(sentence in problem for problem in problems), problems
    assert release_gate(built, WEEK) == []


FILES = [
    ("figures.py", "def draw(x):\n    return x + the_number_once_more\n", "the solution of double"),
    ("utils.py", ENGINE + "# One mark for additivity, one mark for scaling.\n", "the mark scheme of why"),
    ("utils.py", ENGINE + "from autograder import grade\n", "imports autograder"),
    ("data.csv", 'gq,letter\nanswer_gq2 = "C"\n', "the solution of gq2"),
    ("notes.txt", "nothing secret", "does not belong to the lesson"),
    (f"old/{WEEK}.ipynb", "{}", "does not belong to the lesson"),
    (f"{WEEK}.ipynb", "no notebook", "missing or not a notebook"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), FILES)
def test_gate_reads_all_files_of_a_release(built: Course, name: str, content: str, sentence: str) -> None:
    path = built.release(WEEK).parent / name
    clean = path.read_bytes() if path.exists() else None
    write(path, content)
    try:
        problems = release_gate(built, WEEK)
    finally:
        path.unlink()
        if clean is not None:
            path.write_bytes(clean)
    assert any(sentence in problem for problem in problems), problems


def test_lines_of_the_public_engine_are_no_secret(tmp_path: Path) -> None:
    course = make_tiny_course(tmp_path)
    lesson = LESSON.replace("    the_number_once_more = x\n", "    result_so_far = sum(numbers)\n")
    shown = "The engine says `result_so_far = sum(numbers)`."
    write(course.lesson(WEEK), lesson.replace("# Doubling", shown))
    (result,) = build_weeks(course, [WEEK])
    assert result.problems == ()


def test_marks_must_agree_with_the_syllabus(tmp_path: Path) -> None:
    course = make_tiny_course(tmp_path)
    write(course.root / "course" / "README.md", "| week03 | Doubling | 8 |\n")
    (result,) = build_weeks(course, [WEEK])
    assert result.problems == (
        "the marks add up to 7, the table in course/README.md says 8. Change one of them. "
        "To look at it unfinished: autograder build --draft week03",
    )
    assert not course.release(WEEK).exists()


def test_gate_without_a_release_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=f"autograder build {WEEK}"):
        release_gate(make_tiny_course(tmp_path), WEEK)


PICTURES = """from widgets import stage, with_alt


def loud():
    with_alt(stage(1)[0], 'words')


def louder():
    loud()


def bare():
    return stage(1)
"""
DRAWING = [
    ("with_alt(plot_loss(history), 'falls')", True),
    ("figure, axes = stage(2)\nwith_alt(figure, 'two panels')", True),
    ("live(draw, tell, epochs=slider('epochs', 1, 9, 1, 1))", True),
    ("loud()\nax.plot([1, 2])", True),
    ("louder()\nax.plot([1, 2])", True),
    ("bare()\nax.plot([1, 2])", False),
    ("plot_loss(history)", False),
    ("history_plotter.plot()", False),
    ("fig, ax = plt.subplots()", False),
    ("def draw(ax):\n    ax.plot([1, 2])", True),
    ("axes = plot_accuracy(history)\nplt.close('all')", True),
    ("%matplotlib inline\nplt.show()", False),
    ("plt.plot([1])\nplt.show()\nplt.close()", False),
    ("ax.plot([1, 2]", True),  # not Python: running it says so
]


@pytest.mark.parametrize(("source", "fine"), DRAWING)
def test_what_draws_shows_its_words(source: str, fine: bool) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, id="week03-001")])
    assert (list(figure_problems(notebook, {"pictures.py": PICTURES})) == []) is fine


def test_solutions_may_draw_as_students_do() -> None:
    drawing = nbformat.v4.new_code_cell("plt.plot([1])", metadata={"nbgrader": {"solution": True}})
    assert list(figure_problems(nbformat.v4.new_notebook(cells=[drawing]), {})) == []


def test_a_figure_script_shows_nothing_by_itself() -> None:
    (problem,) = figure_problems(nbformat.v4.new_notebook(), {"pictures.py": "plt.plot([1])\nplt.show()"})
    assert re.search(r"pictures\.py .*with_alt", problem)
