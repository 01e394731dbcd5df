"""The whole sandbox: real children of a real zygote, in the best tier that this machine has."""

from __future__ import annotations

import importlib.util
import json
import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from sandbox_children import LIMITS, in_child, run, shared_sandbox

from autograder.sandbox import doctor, violations
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.session import Session
from autograder.sandbox.staging import with_bytecode
from autograder.sandbox.violations import VIOLATIONS

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def report() -> doctor.Report:
    return shared_sandbox()[1]


@pytest.fixture(scope="module")
def zygote() -> Zygote:
    return shared_sandbox()[0]


@pytest.fixture
def child(zygote: Zygote) -> Iterator[Session]:
    with zygote.spawn({}, {}, LIMITS, "probe") as session:
        yield session


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("name", [violation.name for violation in VIOLATIONS])
def test_each_violation_is_refused(report: doctor.Report, name: str) -> None:
    (attempt,) = (attempt for attempt in report.attempts if attempt.name == name)
    if attempt.waived and not attempt.held:
        pytest.skip(f"the tier {report.tier} cannot refuse to {attempt.sentence}")
    assert attempt.held, f"a submission can {attempt.sentence}"


def test_nothing_of_the_course_or_the_grader_is_in_reach(child: Session) -> None:
    source = """
    import json, sys
    print(json.dumps([name for name in sys.modules if name.startswith("autograder")]))
    """
    modules = set(json.loads(run(child, textwrap.dedent(source))))
    assert {name.split(".")[1] for name in modules if "." in name} <= {"model", "sandbox", "judge"}
    assert not any(word in name for name in modules for word in ("doctor", "launcher", "checks", "record"))
    for path in (Path(__file__), Path(doctor.__file__)):
        assert doctor.run_cell(child, f"open({str(path)!r})")["error"] != ""


def test_two_submissions_do_not_meet(zygote: Zygote) -> None:
    places = "import os, socket\nplaces = ['.', os.environ['HOME'], '/tmp', '/dev/shm']\n"
    leave = "for place in places:\n    try: open(place + '/left', 'w')\n    except OSError: pass\n"
    bind = "s = socket.socket(socket.AF_UNIX); s.bind('\\0meet'); s.listen()"
    meet = "s = socket.socket(socket.AF_UNIX); s.connect('\\0meet')"
    look = "print([place for place in places if os.path.exists(place + '/left')])"
    with zygote.spawn({}, {}, LIMITS, "probe") as one, zygote.spawn({}, {}, LIMITS, "probe") as other:
        run(one, places + leave)
        doctor.run_cell(one, bind)
        assert run(other, places + look) == "[]"
        assert doctor.run_cell(other, meet)["error"].startswith(("ConnectionRefused", "PermissionError"))
        assert doctor.run_cell(other, "import ctypes; os.kill(2, 9)")["error"].startswith("PermissionError")
        assert run(one, "print(os.path.exists('left'))") == "True"


def test_a_descriptor_of_the_grader_does_not_leak(child: Session) -> None:
    source = "import os\nopen_ones = []\nfor n in range(3, 300):\n    try: os.fstat(n); open_ones.append(n)\n"
    source += "    except OSError: pass\nprint(len(open_ones))"
    assert run(child, source) == "1"  # the conversation with the judge


def test_threads_are_limited(child: Session) -> None:
    source = """
    import threading, time
    try:
        for count in range(1000):
            threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    except (RuntimeError, MemoryError):
        print(count < 200)
    """
    assert run(child, textwrap.dedent(source)) == "True"


# ---------------------------------------------------------------- what works


def test_the_libraries_work_inside(child: Session) -> None:
    source = """
    import threading, warnings
    import numpy as np, torch, matplotlib.pyplot as plt, ipywidgets
    from torch.utils.data import DataLoader, TensorDataset
    from sklearn.datasets import make_moons
    from sklearn.linear_model import LogisticRegression
    torch.manual_seed(0)
    points, labels = make_moons(200, random_state=0)
    data = TensorDataset(torch.tensor(points, dtype=torch.float32), torch.tensor(labels))
    model = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.ReLU(), torch.nn.Linear(16, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for epoch in range(20):
        for x, y in DataLoader(data, batch_size=50, shuffle=True, num_workers=2, persistent_workers=True):
            optimizer.zero_grad(); torch.nn.functional.cross_entropy(model(x), y).backward(); optimizer.step()
    torch.save(model.state_dict(), "model.pt"); model.load_state_dict(torch.load("model.pt"))
    accuracy = (model(data.tensors[0]).argmax(1) == data.tensors[1]).float().mean().item()
    results = []
    work = lambda: results.append(np.linalg.inv(np.eye(50)).sum())
    threads = [threading.Thread(target=work) for _ in range(8)]
    [thread.start() for thread in threads]; [thread.join() for thread in threads]
    plt.plot([1, 2]); plt.savefig("figure.png"); plt.show()
    LogisticRegression(n_jobs=2).fit(points, labels)
    slider = ipywidgets.IntSlider(); display(slider)
    print(accuracy > 0.9, len(results))
    """
    assert run(child, textwrap.dedent(source)).endswith("True 8")


def test_shell_commands_only_print_a_note(child: Session) -> None:
    for source in ("!ls", "%pip install torch", "%%bash\nls", "x = !ls\nprint(x)"):
        assert "not run while a notebook is graded" in run(child, source)


def test_course_files_win_and_submitted_ones_hide_nothing(zygote: Zygote) -> None:
    files = {
        "utils.py": b"raise SystemExit('submitted')",
        "utils/__init__.py": b"raise SystemExit('submitted')",
        "torch/__init__.py": b"raise SystemExit('submitted')",
        "json.py": b"raise SystemExit('submitted')",
        "helper.py": b"who = 'student'",
        "data/numbers.csv": b"1,2",
        "../../escaped.py": b"",
    }
    course = {"utils.py": b"who = 'course'", "week03/extra.csv": b"3"}
    source = "import json, torch, utils, helper\nprint(utils.who, helper.who, torch.nn.ReLU(), json.dumps(1))"
    with zygote.spawn(files, course, LIMITS, "probe") as session:
        assert run(session, source) == "course student ReLU() 1"
        for name, text in {**course, "data/numbers.csv": b"1,2"}.items():
            assert run(session, f"print(open({name!r}).read())") == text.decode()


def test_each_submission_draws_its_own_random_numbers(zygote: Zygote) -> None:
    source = "import random, numpy, torch; print(random.random(), numpy.random.rand(), torch.rand(1).item())"
    drawn = []
    for _ in range(2):
        with zygote.spawn({}, {}, LIMITS, "probe") as session:
            drawn += run(session, source).split()
    assert len(set(drawn)) == 6


def test_compiled_modules_are_shipped_with_their_source(zygote: Zygote) -> None:
    files = with_bytecode({"good.py": b"def f():\n    return 1 / 0\n", "bad.py": b"x = (", "data.csv": b"1"})
    assert files.keys() - {"good.py", "bad.py", "data.csv"} == {importlib.util.cache_from_source("good.py")}
    source = """
    import traceback, good
    try:
        good.f()
    except ZeroDivisionError:
        print(traceback.format_exc())
    try:
        import bad
    except SyntaxError as error:
        print(error)
    """
    with zygote.spawn({}, files, LIMITS, "probe") as session:
        said = run(session, textwrap.dedent(source))
    assert "course/good.py" in said
    assert "return 1 / 0" in said
    assert "was never closed (bad.py" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user takes root")
def test_a_user_without_a_home_can_try_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    def set_the_scene() -> object:
        os.setresuid(54_321, 54_321, 54_321)  # nobody's number
        with violations.scene(Path("/usr/bin/env"), {"disk": 1, "file_size": 1}, set()) as scene:
            return scene.values["home_mark"]

    monkeypatch.delenv("HOME", raising=False)
    assert str(in_child(set_the_scene)).startswith("/.trainwell")
