"""Each fault that checks and known answers can have is planted once, and found in one sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from new_week import WEEK, make_new_week

from autograder.checks.week import load_checks
from autograder.course import Course, CourseError
from autograder.spec import Assignment, load_assignment
from autograder.verify import Verdict
from autograder.verify.exercise import exercises_of
from autograder.verify.laws import verify_exercise

Change = Callable[[dict[str, str]], object]  # of the sources of the hidden modules, by file name

CHECKS, ANSWERS, CHOICES = "running_mean.py", "running_mean_answers.py", "choices.py"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return make_new_week(tmp_path_factory.mktemp("new"))


@pytest.fixture(scope="module")
def assignment(course: Course) -> Assignment:
    return load_assignment(course, WEEK)


def swap(name: str, old: str, new: str) -> Change:
    """Return a change of one module."""

    def change(hidden: dict[str, str]) -> None:
        assert old in hidden[name]
        hidden[name] = hidden[name].replace(old, new)

    return change


def add(name: str, text: str) -> Change:
    return lambda hidden: hidden.update({name: hidden.get(name, "") + text})


def without(name: str) -> Change:
    return lambda hidden: hidden.pop(name)


def changed(assignment: Assignment, change: Change) -> Assignment:
    hidden = dict(assignment.hidden)
    change(hidden)
    return replace(assignment, hidden=hidden)


def verdicts(assignment: Assignment) -> list[Verdict]:
    exercises = exercises_of(assignment, load_checks(assignment))
    return [verdict for exercise in exercises for verdict in verify_exercise(exercise)]


BROKEN_CHECK = """

@check("running_mean", marks=0)
def all_of_them_are_floats(student: Student) -> None:
    assert sum(student.running_mean([1.0, 2.0])) > 0
"""
LUCKY_MISTAKE = '''
MORE = (
    Mistake("running_mean", "lucky", "This one is right for some of the values and wrong for others.", """
def running_mean(values):
    means = [sum(values[:n]) / n for n in range(1, len(values) + 1)]
    return None if not means else means if sum(values) > 0 else means[::-1]
"""),
)
'''
TWIN = '''
MORE = (
    Mistake("running_mean", "sums_again", "You return sums, and not means: divide each by its number.", """
def running_mean(values):
    return [sum(values[:n]) for n in range(1, len(values) + 1)]
"""),
)
'''
RIGHT_AS_MISTAKE = '''
MORE = (
    Mistake("running_mean", "not_wrong", "This one is right, so no check can take a mark for it.", """
def running_mean(values):
    return [sum(values[:n]) / n for n in range(1, len(values) + 1)]
"""),
)
'''
WRONG_VARIANT = """
MORE = (Variant("running_mean", "wrong", "def running_mean(values):\\n    return [0.0 for _ in values]"),)
"""
UNRUNNABLE = """
MORE = (Mistake("running_mean", "unrunnable", "It has a bracket too few, so it never runs.", "def f(:"),)
"""
ENDLESS = '''
MORE = (Mistake("running_mean", "endless", "This one never ends, whatever values it is given.", """
def running_mean(values):
    while True:
        pass
"""),)
'''
FIXED_CHECKS = """

@check("running_mean", marks=0.75)
def two_values_by_hand(student: Student) -> None:
    compare(student, "running_mean", [(([1.0, 3.0],), [1.0, 2.0])], hint=DIVIDE)
"""
NO_GATE = '@check("running_mean", gate=True)\ndef a_jump'

PLANTED: list[tuple[str, Change, str, str]] = [
    ("a check that breaks", add(CHECKS, BROKEN_CHECK), "returns None", "all of them are floats» breaks"),
    (
        "marks that do not add up",
        swap(CHECKS, "marks=0.25)\ndef no_value", "marks=0.5)\ndef no_value"),
        "the files",
        "its checks add up to 2.25 marks, the lesson says 2",
    ),
    (
        "marks that are no quarters",
        swap(CHECKS, "marks=0.25)\ndef no_value", "marks=0.3)\ndef no_value"),
        "the files",
        "is worth 0.3: marks come in quarters",
    ),
    (
        "no check that refuses what is unusable",
        swap(CHECKS, NO_GATE, NO_GATE.replace("gate=True", "marks=0")),
        "returns argument 1",
        "it earns 0.5 marks and must earn none",
    ),
    (
        "a name twice",
        swap(ANSWERS, "divided_by_all", "sums_not_means"),
        "the files",
        "two mistakes are called sums_not_means",
    ),
    (
        "checks that a table answers",
        add(CHECKS, FIXED_CHECKS),
        "a table of fixed answers",
        "«no value has no mean», «two values by hand», so that at most a quarter of the marks is left to it",
    ),
    (
        "a sentence that does not help",
        swap(ANSWERS, "Give it start=1.", "Give it start=1"),
        "the files",
        "the sentence of counted_from_zero does not help",
    ),
    (
        "a mistake that loses nothing",
        add(ANSWERS, RIGHT_AS_MISTAKE),
        "not_wrong",
        "a wrong answer must lose marks",
    ),
    ("two mistakes alike", add(ANSWERS, TWIN), "sums_again", "it is named sums_not_means"),
    ("a mistake whose price is luck", add(ANSWERS, LUCKY_MISTAKE), "lucky", "by the luck of the draw"),
    (
        "a variant that is not right",
        add(ANSWERS, WRONG_VARIANT),
        "wrong",
        "a right answer must earn all marks",
    ),
    (
        "a source that does not run",
        add(ANSWERS, UNRUNNABLE),
        "unrunnable",
        "its source cannot be run (SyntaxError",
    ),
]


@pytest.mark.parametrize(
    ("change", "answer", "sentence"), [c[1:] for c in PLANTED], ids=[c[0] for c in PLANTED]
)
def test_a_planted_fault_is_found_in_one_sentence(
    assignment: Assignment, change: Change, answer: str, sentence: str
) -> None:
    found = [v for v in verdicts(changed(assignment, change)) if v.exercise == "running_mean" and v.problem]
    assert any(sentence in v.problem for v in found if v.answer == answer), found


def test_a_known_answer_that_never_ends_is_stopped(
    assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.verify.exercise.ANSWER_SECONDS", 0.5)
    found = verdicts(changed(assignment, add(ANSWERS, ENDLESS)))
    (endless,) = [v for v in found if v.answer == "endless"]
    assert endless.problem == "its checks take more than 0.5 seconds of computing"


def test_a_new_week_has_no_fault_and_says_what_it_lacks(assignment: Assignment) -> None:
    found = verdicts(assignment)
    assert [verdict for verdict in found if verdict.problem] == []
    assert [v.todo for v in found if v.todo] == ["3 of at least 8 mistakes: write 5 more"]
    kinds = {verdict.kind for verdict in found}
    assert kinds == {"right", "mistake", "untouched", "nothing", "odd", "files", "table"}
    odd = {v.answer for v in found if v.kind == "odd"}
    assert len([name for name in odd if not name.startswith("raises")]) >= 25


def test_an_exercise_without_known_answers_lacks_all_of_them(assignment: Assignment) -> None:
    bare = replace(changed(assignment, without(ANSWERS)), draft=False)
    problems = [v.problem for v in verdicts(bare) if v.exercise == "running_mean" and v.problem]
    assert problems == ["0 of at least 8 mistakes: write 8 more; 0 of at least 2 variants: write 2 more"]


def test_what_a_draft_may_lack_a_finished_lesson_may_not(assignment: Assignment) -> None:
    found = [v for v in verdicts(replace(assignment, draft=False)) if v.problem]
    assert [v.problem for v in found] == ["3 of at least 8 mistakes: write 5 more"]


UNLOADABLE: list[tuple[str, Change, str]] = [
    (
        "no module at all",
        lambda hidden: hidden.clear(),
        f"{WEEK} has no hidden checks for running_mean. Write course/{WEEK}/hidden/running_mean.py. docs/",
    ),
    (
        "no checks of an exercise",
        without(CHECKS),
        f"{WEEK} has no hidden checks for running_mean. Write course/",
    ),
    ("a question without its replies", without(CHOICES), f"{WEEK} has no hidden checks for gq2"),
    (
        "an option without a reply",
        swap(CHOICES, '"D":', '"E":'),
        f"course/{WEEK}/hidden/choices.py: question gq2 says nothing to those who choose D",
    ),
    (
        "checks of another exercise",
        swap(CHECKS, '@check("running_mean", marks=0.25)', '@check("runing_mean")'),
        "running_mean.py is about runing_mean, and the lesson has no cell runing_mean_check",
    ),
    (
        "an example without its imports",
        add("more.py", '@check("running_mean")\ndef one(student): ...\n'),
        "more.py, line 1: NameError: name 'check' is not defined. Add to its top: from autograder.checks",
    ),
    ("no Python", add("more.py", "def one(:\n"), "more.py, line 1: invalid syntax"),
    (
        "an error when it is imported",
        add("more.py", "x = 1\n\ny = x / 0\n"),
        "more.py, line 3: ZeroDivisionError: division by zero. Correct the line.",
    ),
    ("a module that is not there", add("more.py", "import no_such_module\n"), "line 1: ModuleNotFoundError"),
]


@pytest.mark.parametrize(("change", "sentence"), [c[1:] for c in UNLOADABLE], ids=[c[0] for c in UNLOADABLE])
def test_hidden_modules_that_cannot_be_used_say_what_to_edit(
    assignment: Assignment, change: Change, sentence: str
) -> None:
    with pytest.raises(CourseError) as refusal:
        load_checks(changed(assignment, change))
    assert sentence in str(refusal.value)


def test_hidden_modules_may_import_one_another_and_give_each_thing_once(assignment: Assignment) -> None:
    more = (
        "from hidden.running_mean_answers import MISTAKES\n\nNAMES = [mistake.name for mistake in MISTAKES]\n"
    )
    found, before = load_checks(changed(assignment, add("a_first.py", more))), load_checks(assignment)
    assert sorted(m.name for m in found.mistakes) == sorted(m.name for m in before.mistakes)
    assert not [name for name in sys.modules if name.partition(".")[0] == "hidden"]


def test_an_error_in_an_imported_hidden_module_is_told_where_it_is(assignment: Assignment) -> None:
    broken = changed(assignment, add("z_last.py", "x = 1 / 0\n"))
    importing = changed(broken, add("a_first.py", "\nimport hidden.z_last\n"))
    with pytest.raises(CourseError, match=r"hidden/z_last\.py, line 1: ZeroDivisionError"):
        load_checks(importing)


def test_a_check_cell_without_a_cell_for_the_answer_is_refused(assignment: Assignment) -> None:
    cells = tuple(cell for cell in assignment.cells if cell.grade_id != "running_mean")
    with pytest.raises(
        CourseError, match="has a cell running_mean_check and no cell running_mean for its answer"
    ):
        load_checks(replace(assignment, cells=cells))


def test_tests_in_a_check_cell_of_a_week_of_ours_are_said_to_be_no_use(assignment: Assignment) -> None:
    own = "assert running_mean([1.0]) == [1.0]"
    cells = [replace(c, source=own) if c.grade_id == "running_mean_check" else c for c in assignment.cells]
    bare = replace(changed(assignment, without(CHECKS)), cells=tuple(cells))
    with pytest.raises(CourseError, match=r"The tests in the cell running_mean_check itself are not run\."):
        load_checks(bare)


@pytest.mark.parametrize("letter", ["", "E", "AB"])
def test_a_question_whose_solution_gives_no_letter_is_refused(assignment: Assignment, letter: str) -> None:
    cells = [replace(cell, source=cell.source.replace('"A"', f'"{letter}"')) for cell in assignment.cells]
    with pytest.raises(CourseError, match=r'gq2 of week11_clipping gives no right letter.*answer_gq2 = "A"'):
        load_checks(replace(assignment, cells=tuple(cells)))
