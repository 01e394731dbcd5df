"""What a check can do with a student's names in another process, and what a lying object cannot."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from judge_samples import QUICK, student_of
from torch import nn

from autograder.judge.errors import Lost, Missing, ProtocolError, StudentDied, StudentError, StudentTimeout
from autograder.judge.scenario import evaluate
from autograder.sandbox.launcher import Zygote

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as running:
        yield running


def read_cases() -> list[tuple[str, str, str]]:
    """Return name, student's code and check's code of each case in judge_cases.txt."""
    head, *cases = (Path(__file__).parent / "judge_cases.txt").read_text(encoding="utf-8").split("\n=== ")
    shared = head.split("\n\n", 1)[1]
    named = [case.split("\n", 1) for case in cases]
    return [(name, *(shared + code).split("--- check\n", 1)) for name, code in named]


CASES = read_cases()


@pytest.mark.parametrize(("name", "source", "code"), CASES, ids=[case[0] for case in CASES])
def test_a_check_can_use(zygote: Zygote, name: str, source: str, code: str) -> None:
    with student_of(zygote, source) as student:
        assert evaluate(code, {"student": student, "torch": torch, "nn": nn, "np": np}) is True


LIAR = """
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __gt__ = __le__ = __ge__ = __lt__
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __bool__(self): return True
    def __float__(self): return 2.0
    def __contains__(self, other): return True
    def __array__(self, *ignored, **also):
        import numpy
        return numpy.array(2.0)
    shape = ()
    def item(self): return 2.0
def f(*ignored): return Liar()
"""
# What a careless check might ask of an object; none of it may be True.
CARELESS = [
    "student.f() == 2.0",
    "2.0 == student.f()",
    "not student.f() != 2.0",
    "abs(student.f() - 2.0) < 1e-6",
    "abs(2.0 - student.f()) < 1e-6",
    "student.f() < 3",
    "3 > student.f()",
    "bool(student.f())",
    "float(student.f()) == 2.0",
    "'x' in student.f()",
    "bool(np.isclose(student.f(), 2.0))",
    "bool(np.asarray(student.f()) == 2.0)",
    "bool(torch.tensor(2.0) == student.f())",
    "torch.allclose(student.f(), torch.tensor(2.0))",
    "torch.equal(torch.tensor(2.0), student.f())",
    "round(student.f()) == 2",
    "student.f() in (2.0, 3.0)",
    "isinstance(student.f(), (float, int, str, list, torch.Tensor, np.ndarray))",
    "sum([student.f()]) == 2.0",
]


@pytest.mark.parametrize("code", CARELESS)
def test_a_lying_object_never_passes_for_a_number(zygote: Zygote, code: str) -> None:
    with student_of(zygote, LIAR) as student:
        try:
            answer = evaluate(code, {"student": student, "torch": torch, "np": np})
        except (StudentError, TypeError):
            return
        assert answer is False


# (how it is raised, the body of the function, its type in the judge, how its text begins)
ERRORS = [
    ("by its own type", "raise ValueError('odd')", ValueError, "ValueError: odd"),
    ("by its base", "class Odd(ValueError): pass\n    raise Odd('x')", ValueError, "Odd: x"),
    ("a stub", "raise NotImplementedError", NotImplementedError, "NotImplementedError"),
    ("an exit", "raise SystemExit(3)", StudentError, "SystemExit: 3"),
    ("an interrupt", "raise KeyboardInterrupt", StudentError, "KeyboardInterrupt"),
    ("an assertion", "assert x > 1", StudentError, "AssertionError"),
    ("endless recursion", "return f(x)", RuntimeError, "RecursionError: maximum recursion depth"),
    ("no message", "class E(Exception):\n        def __str__(self): 1/0\n    raise E", StudentError, "E"),
    ("a result that is too large", "return list(range(600_000))", StudentError, "Unsendable: "),
]


@pytest.mark.parametrize(("name", "body", "kind", "text"), ERRORS, ids=[case[0] for case in ERRORS])
def test_an_exception_of_the_student_arrives(
    zygote: Zygote, name: str, body: str, kind: type[Exception], text: str
) -> None:
    with student_of(zygote, f"def f(x):\n    {body}") as student:
        with pytest.raises(kind) as caught:
            student.f(0)
        assert isinstance(caught.value, StudentError)
        assert not isinstance(caught.value, AssertionError)
        assert str(caught.value).startswith(text)
        assert student.run("1 + 1") == 2


FORGE = """import gc, socket, struct, json
sock = [s for s in gc.get_objects() if isinstance(s, socket.socket)][0]
def send(message):
    text = json.dumps(message).encode()
    sock.sendall(struct.pack('!IQ', len(text), 0) + text)
"""
NO_ARGUMENTS = {"t": [{"l": []}, {"d": []}]}
ENDS = [
    ("hangs", "while True: pass", StudentTimeout),
    ("ends the process", "import os; os._exit(0)", StudentDied),
    ("closes the socket", FORGE + "sock.close()", StudentDied),
    ("writes rubbish", FORGE + "sock.sendall(b'x' * 4000)", ProtocolError),
    ("claims to send too much", FORGE + "sock.sendall(b'\\xff' * 12)", ProtocolError),
    ("sends no value", FORGE + "send({'ok': True, 'value': [1], 'extra': None})", ProtocolError),
    (
        "calls back what it was not given",
        FORGE + f"send({{'callback': 9, 'value': {NO_ARGUMENTS}}})",
        ProtocolError,
    ),
    ("forgets the arguments", FORGE + "send({'ok': True, 'value': 2, 'extra': None})", ProtocolError),
    ("sends an odd error", FORGE + "send({'ok': False, 'kinds': 7, 'message': 'x'})", ProtocolError),
]


@pytest.mark.parametrize(("name", "body", "kind"), ENDS, ids=[case[0] for case in ENDS])
def test_a_call_that_misbehaves_ends_the_process(
    zygote: Zygote, name: str, body: str, kind: type[Lost]
) -> None:
    indented = body.replace("\n", "\n    ")
    with student_of(zygote, f"def f(x):\n    {indented}", QUICK) as student:
        with pytest.raises(kind):
            student.f(torch.ones(2))
        assert not student._connection.alive
        with pytest.raises(StudentDied):
            student.f(torch.ones(2))


def passed_by_any_exception(action: Callable[[], Any]) -> bool:
    """Return whether an action raises some exception, as a careless check would ask."""
    try:
        action()
    except Exception:
        return True
    return False


def test_dying_is_no_exception_that_a_check_could_expect(zygote: Zygote) -> None:
    with student_of(zygote, "def f():\n    import os; os._exit(0)") as student, pytest.raises(Lost):
        passed_by_any_exception(student.f)


def sgd() -> torch.optim.Optimizer:
    """Return an optimizer of one number."""
    return torch.optim.SGD([nn.Parameter(torch.ones(1))], lr=0.1, momentum=0.9)


# (what came back, what the student's function does to its argument, what makes the argument)
REPLACED = [
    ("a tensor of another shape", "a.resize_(5)", lambda: torch.ones(2)),
    ("an array of another shape", "a.resize((5,), refcheck=False)", lambda: np.ones(2)),
    (
        "a model with another layer",
        "a.weight = torch.nn.Parameter(torch.ones(7, 7))",
        lambda: nn.Linear(2, 2),
    ),
    ("a model of another type", "a.double()", lambda: nn.Linear(2, 2)),
    ("an optimizer with a text for a rate", "a.param_groups[0]['lr'] = 'fast'", sgd),
    ("an optimizer with another group", "a.param_groups.append(a.param_groups[0])", sgd),
    (
        "an optimizer with odd memory",
        "a.state[a.param_groups[0]['params'][0]]['momentum_buffer'] = torch.ones(9)",
        sgd,
    ),
]


@pytest.mark.parametrize(("name", "source", "make"), REPLACED, ids=[case[0] for case in REPLACED])
def test_an_argument_that_changed_its_form_is_an_error_of_the_student(
    zygote: Zygote, name: str, source: str, make: Any
) -> None:
    code = f"import torch\ndef f(a): {source}"
    with student_of(zygote, code) as student, pytest.raises(StudentError, match="Changed argument"):
        student.f(make())


@pytest.mark.parametrize("name", ["np", "torch", "absent"])
def test_modules_and_unknown_names_are_missing(zygote: Zygote, name: str) -> None:
    with student_of(zygote, "import torch, numpy as np") as student, pytest.raises(Missing):
        getattr(student, name)


def test_what_a_callback_expects_stays_in_the_judge(zygote: Zygote) -> None:
    source = "seen = []\ndef f(g):\n    try: g()\n    except Exception as error: seen.append(str(error))"

    def disappointed() -> None:
        raise AssertionError("expected 42")

    with student_of(zygote, source) as student:
        with pytest.raises(AssertionError, match="expected 42"):
            student.f(disappointed)
        assert student.seen == ["the function passed in failed"]


def test_a_class_of_the_checks_is_refused_before_it_is_sent(zygote: Zygote) -> None:
    class Secret:
        pass

    with student_of(zygote, "def f(x): return 1") as student, pytest.raises(TypeError, match="Secret"):
        student.f(Secret())


def test_a_scenario_that_is_no_python_is_a_mistake_of_the_check(zygote: Zygote) -> None:
    with student_of(zygote, "x = 1") as student, pytest.raises(SyntaxError):
        student.run("x = = 1")


def test_a_function_of_the_course_is_called_in_the_students_process(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("course_module")
    exec("def half(x):\n    raise RuntimeError('called in the judge')", vars(module))
    monkeypatch.setitem(sys.modules, "course_module", module)
    with student_of(zygote, "def f(g, x): return g(x)") as student:
        assert student.f(module.half, 3.0) == 1.5


TENSORS = [
    ("plain", torch.rand(3, 2)),
    ("a number", torch.tensor(2.5, dtype=torch.float64)),
    ("nothing", torch.empty(0, 4)),
    ("truth values", torch.tensor([True, False])),
    ("half", torch.rand(3).to(torch.bfloat16)),
    ("complex", torch.rand(2, dtype=torch.complex64)),
    ("turned around", torch.rand(3, 2).T),
    ("with a gradient", torch.rand(2, requires_grad=True)),
]


@pytest.mark.parametrize(("name", "tensor"), TENSORS, ids=[case[0] for case in TENSORS])
def test_a_tensor_reaches_the_student_as_it_is(zygote: Zygote, name: str, tensor: torch.Tensor) -> None:
    code = "def f(a, b): return str(a.dtype), a.stride(), a.requires_grad, a.detach().clone(), a is b"
    with student_of(zygote, code) as student:
        dtype, stride, requires_grad, value, same = student.f(tensor, tensor)
    assert (dtype, stride, requires_grad) == (str(tensor.dtype), tensor.stride(), tensor.requires_grad)
    assert torch.equal(value, tensor)
    assert same
