"""What a notebook shows after grading: text and pictures, whatever a process claims to have put out."""

from __future__ import annotations

import base64
import fcntl
import os
import signal
import subprocess
import sys
import termios
import threading
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_samples import jpeg, png

from autograder.judge.forked import ForkFailed, run_forked
from autograder.judge.outputs import clean_outputs, plain_text
from autograder.judge.pictures import MAX_BYTES


def shown(**data: Any) -> dict[str, Any]:
    """Return a reported picture or text."""
    return {
        "output_type": "display_data",
        "data": {key.replace("_", "/"): value for key, value in data.items()},
    }


def printed(text: Any, name: str = "stdout") -> dict[str, Any]:
    """Return a reported piece of printed text."""
    return {"output_type": "stream", "name": name, "text": text}


SCRIPT = "<script>alert(1)</script>"
# (what is reported, the texts and kinds of data that remain)
CASES = [
    ("printed text", [printed("hi\n")], ["hi\n"]),
    ("errors are printed text like any other", [printed("careful", name="stderr")], ["careful"]),
    ("colours", [printed("\x1b[31mred\x1b[0m\x1b]0;title\x07")], ["red\ufffd]0;title\ufffd"]),
    ("a progress bar", [printed("\r10 %\r50 %\rdone\nnext\r\nlast\r")], ["done\nnext\nlast"]),
    ("IPython's names of cells", [printed("<ipython-input-6-9f85306>:1: Warning")], ["<cell>:1: Warning"]),
    ("control characters", [printed("a\x00b\u202ec\td")], ["a\ufffdb\ufffdc\td"]),
    ("no text", [printed(7)], []),
    ("too long", [printed("x" * 5000)], ["x" * 999 + "…"]),
    ("too long together", [printed("x" * 900), printed("y" * 900)], ["x" * 900, "y" * 99 + "…"]),
    ("a picture", [shown(image_png=png())], [["image/png"]]),
    ("a picture with its text", [shown(image_png=png(), text_plain="Figure")], [["image/png", "text/plain"]]),
    ("a photograph", [shown(image_jpeg=jpeg())], [["image/jpeg"]]),
    ("a photograph too large to unpack", [shown(image_jpeg=jpeg(9000, 9000))], []),
    ("a photograph as large as they get", [shown(image_jpeg=jpeg(65535, 65535))], []),
    ("a photograph of no size", [shown(image_jpeg=jpeg(0, 5))], []),
    ("half a photograph", [shown(image_jpeg=base64.b64encode(b"\xff\xd8\xff\xe0 picture").decode())], []),
    ("a picture that is none", [shown(image_png=base64.b64encode(SCRIPT.encode()).decode())], []),
    ("a photograph called png", [shown(image_png=jpeg())], []),
    ("not base64", [shown(image_png="<svg onload=alert(1)>")], []),
    ("not ascii", [shown(image_png="é" * 8)], []),
    ("too wide to unpack", [shown(image_png=png(width=1 << 30))], []),
    ("too many points to unpack", [shown(image_png=png(width=9000, height=9000))], []),
    ("no size", [shown(image_png=base64.b64encode(b"\x89PNG\r\n\x1a\n").decode())], []),
    ("too large", [shown(image_png=png(tail=bytes(MAX_BYTES)))], []),
    ("active content", [shown(text_html=SCRIPT, application_javascript=SCRIPT)], []),
    ("a drawing that can hold scripts", [shown(**{"image_svg+xml": SCRIPT})], []),
    ("active content with its text", [shown(text_html=SCRIPT, text_plain="a table")], [["text/plain"]]),
    ("another kind of output", [{"output_type": "update_display_data", "data": {"text/plain": "x"}}], []),
    ("no output at all", ["print", None, 3, [], {}], []),
    ("no list", "outputs", []),
    ("a flood", [printed("x")] * 1000, ["x"] * 100),
]  # fmt: skip


@pytest.mark.parametrize(("name", "reported", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_outputs_keep_what_is_harmless(name: str, reported: Any, wanted: list[Any]) -> None:
    outputs = clean_outputs(reported, 1000)
    assert [output.get("text") or sorted(output["data"]) for output in outputs] == wanted
    assert_valid(outputs)


def assert_valid(outputs: Any) -> None:
    """Assert that nbformat accepts the outputs."""
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.from_dict(output) for output in outputs])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_an_error_keeps_its_text_alone() -> None:
    lines = ["line 1, in f\n    return \x1b[1mx\x1b[0m", 7, "NameError: x"]
    reported = [{"output_type": "error", "ename": "Name\x00Error", "evalue": "x" * 5000, "traceback": lines}]
    (error,) = clean_outputs(reported, 3000)
    assert error["ename"] == "Name\ufffdError"
    assert len(error["evalue"]) == 1000
    assert error["traceback"] == ["line 1, in f\n    return x", "NameError: x"]
    assert_valid([error])


WORDS = st.sampled_from(
    ["output_type", "stream", "error", "display_data", "data", "text", "traceback", "text/plain"]
)
ANYTHING = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=20) | WORDS | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=30,
)


@settings(deadline=None, max_examples=100)
@given(ANYTHING | st.lists(st.dictionaries(WORDS, ANYTHING | WORDS)))
def test_whatever_is_reported_ends_as_valid_outputs(reported: Any) -> None:
    assert_valid(clean_outputs(reported, 1000))


@pytest.mark.parametrize(
    "text", ["\x1b[" * 100_000, "\x1b[1" * 100_000, "\r" * 200_000, "<ipython-input-1" * 20_000]
)
def test_cleaning_takes_time_in_proportion_to_the_text(text: str) -> None:
    assert len(plain_text(text, 200_000)) <= 200_000


def _raises() -> None:
    raise ValueError("no")


def _is_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hangs() -> None:
    while True:
        pass


FAILURES = [
    ("raises", _raises, "ValueError: no"),
    ("exits", lambda: exit(3), "SystemExit"),
    ("is killed", _is_killed, "ended early"),
    ("hangs", _hangs, "too long"),
    ("takes too much memory", lambda: bytearray(8 << 30), "MemoryError"),
    ("returns what cannot be sent", lambda: lambda: 1, "pickle"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "work", "reason"), FAILURES, ids=[case[0] for case in FAILURES])
def test_work_in_another_process_that_fails_says_why(name: str, work: Any, reason: str) -> None:
    with pytest.raises(ForkFailed, match=reason):
        run_forked(work, seconds=1.0 if reason == "too long" else 60.0, memory=1 << 30)


def test_work_in_another_process_gives_its_result_whatever_its_size() -> None:
    assert run_forked(lambda: bytes(20 << 20), seconds=20.0, memory=1 << 30) == bytes(20 << 20)


def test_work_that_is_killed_while_its_result_is_on_the_way_ended_early() -> None:
    before = {int(name) for name in os.listdir("/proc/self/fd")}

    def work() -> bytes:
        open_here = {
            int(name) for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")
        }
        (writer,) = open_here - before
        threading.Thread(target=die_once_written_to, args=(writer,), daemon=True).start()
        return bytes(60 << 20)

    def die_once_written_to(pipe: int) -> None:
        while not int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), "little"):
            pass
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(ForkFailed, match="ended early"):
        run_forked(work, seconds=20.0, memory=1 << 30)


CTRL_C_AFTER_FORK = """
import ctypes, functools, os, signal
from autograder.judge.forked import ForkFailed, run_forked
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background process ignores it
raise_in_c = functools.partial(ctypes.CDLL(None)["raise"], int(signal.SIGINT))
os.register_at_fork(after_in_child=raise_in_c)
try:
    run_forked(lambda: 1, seconds=20.0, memory=1 << 30)
except ForkFailed as error:
    print(error)
finally:
    print("the grader goes on", flush=True)
"""


@pytest.mark.kernel
def test_ctrl_c_right_after_the_fork_makes_no_second_grader() -> None:
    command = [sys.executable, "-c", CTRL_C_AFTER_FORK]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert said.count("the grader goes on") == 1
    assert "ended early" in said
