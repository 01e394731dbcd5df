"""How the judge reads what a student's process sends: never more than allowed, never longer than allowed."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judge.decoder import parse
from autograder.judge.errors import Lost, ProtocolError, StudentDied, StudentTimeout
from autograder.judge.wire import HEADER, MAX_BLOB, MAX_JSON, receive_frame, send_frame


def frame_of(data: bytes) -> tuple[bytes, bytes]:
    """Return the frame that the judge reads when a child sends these bytes and hangs up."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            theirs.sendall(data)
        return receive_frame(ours, time.monotonic() + 5)


BROKEN_FRAMES = [
    ("nothing", b"", StudentDied),
    ("half a header", HEADER.pack(2, 0)[:6], StudentDied),
    ("half a body", HEADER.pack(20, 0) + b"{}", StudentDied),
    ("text too large", HEADER.pack(MAX_JSON + 1, 0), ProtocolError),
    ("blob too large", HEADER.pack(2, MAX_BLOB + 1), ProtocolError),
    ("both enormous", HEADER.pack(2**32 - 1, 2**64 - 1), ProtocolError),
]


@pytest.mark.parametrize(("name", "data", "error"), BROKEN_FRAMES, ids=[case[0] for case in BROKEN_FRAMES])
def test_a_broken_frame_ends_in_its_error(name: str, data: bytes, error: type[BaseException]) -> None:
    with pytest.raises(error):
        frame_of(data)


def test_a_slow_drip_of_bytes_does_not_move_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def drip() -> None:
        with theirs:
            theirs.sendall(HEADER.pack(MAX_JSON, 0))
            end = time.monotonic() + 60
            while not stop.wait(0.01) and time.monotonic() < end:
                theirs.sendall(b" ")

    thread = threading.Thread(target=drip)
    with ours:
        thread.start()
        with pytest.raises(StudentTimeout):  # if each byte moved it, the end of the drip would come first
            receive_frame(ours, time.monotonic() + 0.2)
        stop.set()
        thread.join()


def test_a_child_that_reads_nothing_does_not_hold_up_the_judge() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(StudentTimeout):
        send_frame(ours, b"{}", bytes(8 << 20), time.monotonic() + 0.2)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_whatever_bytes_arrive_are_no_message_but_an_end(data: bytes) -> None:
    with pytest.raises(Lost):
        parse(frame_of(data)[0])
