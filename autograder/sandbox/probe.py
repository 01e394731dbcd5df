"""The child's server for the doctor: run the cells that it sends, and answer with what they print.

One JSON line each way. It runs after the lock-down, in the place of the judge's server.
"""

from __future__ import annotations

import json
import socket

from autograder.judge.capture import Outputs, captured
from autograder.sandbox.shell import StudentShell

MAX_TEXT = 200_000


def serve_cells(sock: socket.socket, shell: StudentShell) -> None:
    """Run cells until the other side hangs up."""
    with sock.makefile("rw", encoding="utf-8", newline="\n") as stream:
        for line in stream:
            stream.write(json.dumps(run_cell(shell, json.loads(line))) + "\n")
            stream.flush()


def run_cell(shell: StudentShell, source: str) -> dict[str, str]:
    """Return what a cell printed, and the name and text of the exception that it ended in (empty if none)."""
    outputs = Outputs(MAX_TEXT)
    with captured(shell, outputs):
        result = shell.run_cell(source)
    error = result.error_before_exec or result.error_in_exec
    printed = "".join(item["text"] for item in outputs.result() if item["output_type"] == "stream")
    message = "" if error is None else f"{type(error).__name__}: {error}"
    return {"printed": printed, "error": message[:MAX_TEXT]}
