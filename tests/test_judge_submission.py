"""What a whole submission earns: honest ones all of it, hostile ones only what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from judge_samples import ASSIGNMENT, QUICK, RIGHT, hand_in, judge_tiny, spec_cell

from autograder.judge.backend import RemoteBackend
from autograder.judge.submission import judge_isolated, judge_submission
from autograder.model import ExerciseResult, Limits, Submission, SubmissionResult, SubmittedCell
from autograder.sandbox.launcher import Zygote

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as running:
        yield running


def judged(zygote: Zygote, submission: Submission, limits: Limits = QUICK) -> SubmissionResult:
    """Judge a submission of the tiny assignment."""
    return judge_submission(submission, ASSIGNMENT, zygote, limits, judge_tiny, 7)


def scores(result: SubmissionResult) -> dict[str, float]:
    """Return the score of each exercise."""
    return {exercise.exercise: exercise.score for exercise in result.exercises}


ALL = {"double": 2.0, "square": 2.0, "negate": 2.0}
NO_DOUBLE = {**ALL, "double": 0.0}
LIAR = """
class Liar(float):
    __eq__ = __lt__ = __gt__ = __le__ = __ge__ = lambda self, other: True
    __hash__ = float.__hash__
    __sub__ = __rsub__ = __add__ = lambda self, other: 0
    shape = (3,)
"""
FRAMES = """
import sys, gc
def double(x):
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            if type(value).__name__ == "Check": return value
            if isinstance(value, dict) and "wanted" in value: return value["wanted"]
        frame = frame.f_back
    for value in gc.get_objects():
        if type(value).__name__ in ("Check", "Connection", "RemoteBackend"): return value
    return [m for m in sys.modules if "checks" in m] or open("/srv/x") or None
"""
FOREVER = "def {}(x):\n    while True: pass"
STUBBORN = """
def double(x):
    while True:
        try:
            while True: pass
        except BaseException: pass
"""
DIES = "def square(x):\n    import os; os._exit(1)"
ALWAYS_CLOSE = """
import torch
torch.allclose = torch.equal = torch.isclose = lambda *ignored, **also: True
def double(x): return x
"""
ALWAYS_EQUAL = """
import numpy as np
np.allclose = np.array_equal = np.all = lambda *ignored, **also: True
"""
# Answers with the numbers that one of the checks wants, whatever is asked.
FORGED_ANSWERS = """
import autograder.judge.wire as wire
wire.Encoder.encode = lambda self, value, depth=0: {"l": [3.0, -4.0, 0.5]}
"""
ALWAYS_TRUE = """
import autograder.judge.server as server
server.Server._answer = lambda *ignored: (b'{"ok": true, "value": true}', b"")
"""
NOTHING = dict.fromkeys(ALL, 0.0)
TWO_HANG = {name: FOREVER.format(name) for name in ("double", "negate")}
# (who, answers that replace right ones, a cell before all others, scores)
SUBMISSIONS: list[tuple[str, dict[str, str], str, dict[str, float]]] = [
    ("all right", {}, "", ALL),
    ("uses the course's files", {"double": "def double(x): return triple(x) - x"}, "", ALL),
    ("partly right", {"double": "def double(x): return x.mul(2)"}, "", {**ALL, "double": 1.0}),
    ("untouched stub", {"double": "def double(x):\n    raise NotImplementedError()"}, "", NO_DOUBLE),
    ("syntax error", {"double": "def double(x:\n    return 2 * x"}, "", NO_DOUBLE),
    ("nothing there", {"double": ""}, "", NO_DOUBLE),
    ("a number in place of the function", {"double": "double = 5"}, "", NO_DOUBLE),
    ("cell that never ends", {}, "while True: pass", ALL),
    ("answer cell that never ends", {"double": RIGHT["double"] + "\nwhile True: pass"}, "", NO_DOUBLE),
    ("cell that kills the process", {}, "import os; os._exit(1)", ALL),
    ("call that never ends", {"double": FOREVER.format("double")}, "", NO_DOUBLE),
    ("call that kills the process", {"square": DIES}, "", {**ALL, "square": 0.0}),
    ("two calls that never end", TWO_HANG, "", {**NOTHING, "square": 2.0}),
    ("ignored interrupts", {"double": STUBBORN}, "", NO_DOUBLE),
    ("too much memory", {"double": "def double(x): return bytearray(8 << 30)"}, "", NO_DOUBLE),
    ("exit in a cell", {}, "import sys; sys.exit(0)", ALL),
    ("endless printing", {}, "while True: print('x' * 1000)", ALL),
    ("always close", {"double": ALWAYS_CLOSE}, ALWAYS_EQUAL, NO_DOUBLE),
    ("lying number", {"double": LIAR + "def double(x): return Liar(1)"}, "", NO_DOUBLE),
    (
        "lying object",
        {"double": LIAR.replace("float", "object") + "def double(x): return Liar()"},
        "",
        NO_DOUBLE,
    ),
    ("looks for the checks", {"double": FRAMES}, "", NO_DOUBLE),
    ("forged answers", {}, FORGED_ANSWERS, NOTHING),
    ("always true", {}, ALWAYS_TRUE, NOTHING),
]
NAMES = [case[0] for case in SUBMISSIONS]


@pytest.mark.parametrize(("who", "answers", "before", "wanted"), SUBMISSIONS, ids=NAMES)
def test_a_submission_earns_what_it_answers(
    zygote: Zygote, who: str, answers: dict[str, str], before: str, wanted: dict[str, float]
) -> None:
    result = judged(zygote, hand_in(answers, before))
    assert result.status == "graded"
    assert not any(exercise.broken for exercise in result.exercises)
    assert scores(result) == wanted


def texts(result: SubmissionResult, place: int) -> str:
    """Return all texts that a cell put out."""
    return "".join(output.get("text", "") for output in result.cells[place].outputs)


DISPLAYED = """from IPython.display import HTML, Latex, Markdown, display
import matplotlib.pyplot as plt
%config InlineBackend.figure_format = "svg"
%matplotlib inline
display(Latex("$x^2$"), Markdown("**bold**"), HTML("<b>bold</b>"))
plt.plot([1, 2]); plt.show()"""


def test_what_is_displayed_is_shown_as_text_or_picture(zygote: Zygote) -> None:
    *texts, figure = (o["data"] for o in judged(zygote, hand_in({}, before=DISPLAYED)).cells[0].outputs)
    assert [data["text/plain"] for data in texts[:2]] == ["$x^2$", "**bold**"]
    assert texts[2].keys() == {"text/plain"}
    assert figure["image/png"].startswith("iVBOR")


WORDS = [
    ("while True: pass", "This cell was stopped because it ran for more than 3 seconds."),
    ("import os; os._exit(1)", "This cell ended the Python process"),
]


@pytest.mark.parametrize(("source", "words"), WORDS)
def test_a_lost_cell_says_so_in_plain_words(zygote: Zygote, source: str, words: str) -> None:
    result = judged(zygote, hand_in({}, before=source))
    assert words in texts(result, 0)
    assert words in result.findings[0].text
    assert result.findings[0].text.startswith("Cell 1: ")


def test_locked_and_check_cells_come_from_the_assignment(zygote: Zygote) -> None:
    result = judged(zygote, hand_in({}))
    sources = {cell.grade_id: cell.source for cell in result.cells}
    assert sources["imports"] == ASSIGNMENT.by_id["imports"].source
    assert sources["double_check"] == "# hidden checks of double"
    assert "edited by the student" not in str(result)


def test_a_submitted_file_cannot_hide_a_file_of_the_course(zygote: Zygote) -> None:
    files = {"helpers.py": b"triple = None", "torch.py": b"raise ImportError", "data.txt": b"hello"}
    answers = {"double": "def double(x): return triple(x) - x\nprint(open('data.txt').read())"}
    result = judged(zygote, hand_in(answers, files=files))
    assert scores(result) == ALL
    assert texts(result, 1) == "hello\n"


def test_demonstrations_and_text_are_shown_but_not_run(zygote: Zygote) -> None:
    demo = SubmittedCell(None, "code", "print('shown')\nimport os; os._exit(1)", demo=True)
    note = SubmittedCell(None, "markdown", "while True: pass")
    submission = hand_in({})
    result = judged(zygote, replace(submission, cells=(demo, note, *submission.cells)))
    assert scores(result) == ALL
    assert [cell.outputs for cell in result.cells[:2]] == [(), ()]
    assert [cell.execution_count for cell in result.cells[:4]] == [None, None, 1, 2]


def test_an_exercise_without_its_check_cell_is_judged_at_the_end(zygote: Zygote) -> None:
    submission = hand_in({})
    kept = tuple(cell for cell in submission.cells if cell.grade_id not in ("double_check", "imports"))
    assert scores(judged(zygote, replace(submission, cells=kept))) == ALL


def test_an_exercise_is_judged_against_the_names_at_its_place(zygote: Zygote) -> None:
    answers = {"square": "def square(x): return x * x\ndef double(x): return None"}
    assert scores(judged(zygote, hand_in(answers))) == ALL


def test_time_that_is_used_up_leaves_marks_already_earned(zygote: Zygote) -> None:
    limits = replace(QUICK, cell_seconds=60.0, total_seconds=6.0)
    result = judged(zygote, hand_in({"square": "while True: pass"}), limits)
    assert result.status == "graded"
    assert scores(result) == {"double": 2.0, "square": 0.0, "negate": 0.0}
    assert "the time for this notebook was used up" in texts(result, 3)
    reasons = [check.got for check in result.exercises[2].checks]
    assert reasons == ["the time for this notebook was used up", "not tried"]


def test_the_same_submission_and_seed_give_the_same_result(zygote: Zygote) -> None:
    submission = hand_in(
        {"double": "import torch\ndef double(x): return torch.rand(3)\nprint(torch.rand(1))"}
    )
    first, second = (replace(judged(zygote, submission), seconds=0.0) for _ in range(2))
    assert first == second


def test_written_answers_wait_for_a_marker(zygote: Zygote) -> None:
    written = replace(spec_cell("written_why", "written", cell_type="markdown"), marks=3.0)
    assignment = replace(ASSIGNMENT, cells=(*ASSIGNMENT.cells, written))
    result = judge_submission(hand_in({}), assignment, zygote, QUICK, judge_tiny, 7)
    assert result.exercises[-1] == ExerciseResult("written_why", 0.0, 3.0, manual=True)
    assert (result.score, result.marks) == (6.0, 9.0)


def test_judging_in_a_process_of_its_own_gives_the_same_result(zygote: Zygote) -> None:
    submission = hand_in({"double": "def double(x):\n    print(x)\n    return x.mul(2)\ndouble"})
    alone = judge_isolated(submission, ASSIGNMENT, zygote, QUICK, judge_tiny, 7)
    assert replace(alone, seconds=0.0) == replace(judged(zygote, submission), seconds=0.0)
    assert alone.isolation == zygote.tier


def broken(exercise: str, backend: Any, seed: int) -> ExerciseResult:
    """Fail as a check with a mistake in its own machinery would."""
    raise ZeroDivisionError("in the checks")


def greedy(exercise: str, backend: Any, seed: int) -> ExerciseResult:
    """Use more memory than a judge may."""
    return ExerciseResult(exercise, float(len(bytearray(64 << 30))), 0.0)


def endless(exercise: str, backend: Any, seed: int) -> ExerciseResult:
    """Never come to an end."""
    while True:
        pass


JUDGES = [(broken, "ZeroDivisionError"), (greedy, "MemoryError"), (endless, "took too long")]


@pytest.mark.parametrize(("judge", "reason"), JUDGES)
def test_a_judge_that_fails_leaves_the_submission_to_a_human(
    zygote: Zygote, judge: Any, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.judge.submission.GRACE_SECONDS", 0.0)
    limits = replace(QUICK, total_seconds=1.0 if judge is endless else 60.0)
    result = judge_isolated(hand_in({}), ASSIGNMENT, zygote, limits, judge, 7)
    assert result.status == "needs a human"
    assert reason in result.reason
    assert scores(result) == NOTHING


def test_looking_at_what_comes_back_has_an_end_and_costs_one_exercise(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.judge.submission.JUDGE_SECONDS", 3.0)

    def judge(exercise: str, backend: Any, seed: int) -> ExerciseResult:
        if exercise == "double" and isinstance(backend, RemoteBackend):
            backend.lookup("double")
            endless(exercise, backend, seed)
        return judge_tiny(exercise, backend, seed)

    result = judge_submission(hand_in({}), ASSIGNMENT, zygote, QUICK, judge, 7)
    assert scores(result) == NO_DOUBLE
    assert "too much to look through" in result.exercises[0].checks[0].got
