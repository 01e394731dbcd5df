"""The life of sandboxed processes: start, sharing, and that everything dies with whoever it belongs to."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import multiprocessing.queues
import os
import signal
import subprocess
import sys
import time
from multiprocessing import connection
from pathlib import Path

import pytest
from sandbox_children import LIMITS, descendants, parents, run, shared_sandbox, wait_until

from autograder.model import Limits
from autograder.sandbox import doctor
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.process import SandboxError

pytestmark = [pytest.mark.sandbox, pytest.mark.alone]


@pytest.fixture(scope="module")
def zygote() -> Zygote:
    return shared_sandbox()[0]


READ_OWN = "print(open('me.txt').read())"
DEAF = """
import signal, time
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    time.sleep(60)
"""
THREADS = """
import threading
for _ in range(20):
    threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()
"""
HANGS = {
    "a loop": "while True: pass",
    "ignored signals": DEAF,
    "much memory": "import torch\nx = torch.ones(40_000_000)\nwhile True: x.add_(1)",
    "threads": THREADS,
}


@pytest.mark.parametrize("source", HANGS.values(), ids=HANGS)
def test_everything_that_would_go_on_forever_dies(zygote: Zygote, source: str) -> None:
    before = descendants(zygote.pid)
    session = zygote.spawn({}, {}, LIMITS, "probe")
    session.sock.sendall(json.dumps(source).encode() + b"\n")
    wait_until(lambda: len(descendants(zygote.pid)) > len(before))
    session.kill("the cell hangs")
    assert session.killed == "the cell hangs"
    assert not session.alive()
    wait_until(lambda: descendants(zygote.pid) <= before)


def test_computing_forever_ends_by_itself(zygote: Zygote) -> None:
    with zygote.spawn({}, {}, Limits(cpu_seconds=1), "probe") as session:
        with pytest.raises(SandboxError, match="ended"):
            doctor.run_cell(session, "while True: pass")
        wait_until(lambda: not session.alive())


def test_a_session_knows_when_its_time_is_up(zygote: Zygote) -> None:
    began = time.monotonic()
    with zygote.spawn({}, {}, Limits(total_seconds=500), "probe") as session:
        assert began + 500 <= session.deadline <= time.monotonic() + 500
        assert 0 < session.seconds_left <= 500
        assert session.alive()
    assert session.killed == "finished"


def test_a_dead_zygote_is_started_again_and_cleaned_away() -> None:
    tier = shared_sandbox()[1].tier
    with Zygote(tier) as zygote:
        started = descendants(zygote.pid)
        os.kill(zygote.pid, signal.SIGKILL)
        with zygote.spawn({}, {}, LIMITS, "probe") as session:
            assert run(session, "print(1)") == "1"
        assert zygote.restarts == 1
        started |= descendants(zygote.pid)
        folder = zygote.library.parents[2]
        assert folder.exists()
    wait_until(lambda: not started & parents().keys())
    assert not folder.exists()


def test_closing_a_zygote_twice_closes_nobody_elses_files(tmp_path: Path) -> None:
    zygote = Zygote(shared_sandbox()[1].tier)
    zygote.close()
    with contextlib.ExitStack() as stack:
        # They have the numbers that the zygote's files had.
        files = [stack.enter_context((tmp_path / str(number)).open("wb")) for number in range(20)]
        zygote.close()
        for file in files:
            os.fstat(file.fileno())  # fails if it was closed under our feet


def test_a_sandbox_that_cannot_be_examined_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    shared_sandbox()
    before = descendants(os.getpid())
    monkeypatch.setattr(doctor, "PROBE_LIMITS", None)
    with pytest.raises(AttributeError):
        doctor.open_sandbox()
    wait_until(lambda: descendants(os.getpid()) <= before)


def test_several_processes_share_a_zygote(zygote: Zygote) -> None:
    def work(number: int, answers: multiprocessing.queues.Queue[str]) -> None:
        for _ in range(3):
            with zygote.spawn({"me.txt": str(number).encode()}, {}, LIMITS, "probe") as session:
                answers.put(f"{number}{run(session, READ_OWN)}")
        zygote.close()  # in a worker this leaves the grader's zygote alone

    context = multiprocessing.get_context("fork")
    answers: multiprocessing.queues.Queue[str] = context.Queue()
    workers = [context.Process(target=work, args=(number, answers)) for number in range(3)]
    for worker in workers:
        worker.start()
    found = sorted(answers.get(timeout=60) for _ in range(9))
    for worker in workers:
        worker.join()
    assert found == sorted(3 * ["00", "11", "22"])


@pytest.mark.parametrize("source", ["while True: pass", DEAF], ids=["a loop", "ignored signals"])
def test_a_submission_dies_with_the_process_that_judges_it(zygote: Zygote, source: str) -> None:
    def judge(started: connection.Connection) -> None:
        session = zygote.spawn({}, {}, LIMITS, "probe")
        session.sock.sendall(json.dumps(source).encode() + b"\n")
        started.send("the cell runs")
        time.sleep(60)

    before = descendants(zygote.pid)
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=judge, args=(theirs,))
    process.start()
    assert ours.recv() == "the cell runs"
    assert len(descendants(zygote.pid)) > len(before)
    process.kill()
    process.join()
    wait_until(lambda: descendants(zygote.pid) <= before)


def test_a_killed_grader_leaves_no_process() -> None:
    script = """
import sys, time
from autograder.model import Limits
from autograder.sandbox.launcher import Zygote
zygote = Zygote(sys.argv[1])
session = zygote.spawn({}, {}, Limits(), "probe")
session.sock.sendall(b'"while True: pass"\\n')
print("started", flush=True)
time.sleep(60)
"""
    command = [sys.executable, "-c", script, shared_sandbox()[1].tier]
    grader = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    assert grader.stdout.readline() == "started\n"
    started = descendants(grader.pid)
    assert len(started) >= 2
    grader.kill()
    grader.communicate()
    wait_until(lambda: not started & parents().keys())
