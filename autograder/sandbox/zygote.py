"""The warm process that submissions are forked from. It holds the libraries, and never runs a student's code.

It is started inside bubblewrap (or bare, in the tiers without), speaks to the launcher over one socket, and
ends when the launcher does. A request is one byte with three descriptors: the child's socket, a file with
the order, and a socket for the reply. Requests of several launchers cannot mix, and need no lock.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pickle
import select
import signal
import socket
import sys
import tempfile
from dataclasses import dataclass
from typing import Any, NoReturn

from autograder.sandbox.syscalls import (
    PR_SET_DUMPABLE,
    PR_SET_PDEATHSIG,
    drop_capabilities,
    no_new_privileges,
    prctl,
)

SEALED = b"sealed"
READY = b"ready"
LIBRARIES = (
    "numpy", "torch", "torch.utils.data", "matplotlib.pyplot", "IPython.display", "ipywidgets",
    "matplotlib.backends.backend_agg", "matplotlib.colors", "PIL.Image", "PIL.PngImagePlugin",
    "autograder.judge.server", "autograder.sandbox.lockdown", "autograder.sandbox.namespaces",
    "autograder.sandbox.probe",
)  # fmt: skip
# What many lessons import. A course without them is graded where they are not installed.
OF_LESSONS = ("tqdm.auto", "pooch", "sklearn.datasets", "sklearn.model_selection", "sklearn.preprocessing")


@dataclass(frozen=True)
class Settings:
    """Say how a zygote runs: the user to become (None: stay), the tier of its children, its libraries."""

    tier: str
    user: int | None
    path: tuple[str, ...]

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Return the settings that `as_json` wrote."""
        raw = json.loads(text)
        return cls(raw["tier"], raw["user"], tuple(raw["path"]))

    def as_json(self) -> str:
        """Return the settings as one line."""
        return json.dumps({"tier": self.tier, "user": self.user, "path": self.path})


def main(control: socket.socket, settings: Settings) -> None:
    """Become unprivileged, load the libraries, and fork a child per request until the launcher is gone."""
    become_unprivileged(settings)
    sys.path.extend(settings.path)
    shell, rules = warm_up(settings)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps finished submissions
    control.send(READY)
    while True:
        byte, descriptors, _, _ = socket.recv_fds(control, 1, 3)
        if not byte:
            return
        fork_child(control, descriptors, shell, rules)
        for descriptor in descriptors:
            os.close(descriptor)


def become_unprivileged(settings: Settings) -> None:
    """Turn into an ordinary user without any capability: limits on processes do not bind root."""
    if settings.user is not None:
        os.setgroups([])
        os.setresgid(settings.user, settings.user, settings.user)
        os.setresuid(settings.user, settings.user, settings.user)
        prctl(PR_SET_DUMPABLE, 1)  # else /proc/self belongs to root, and children could not map their user
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if settings.tier != "none":
        no_new_privileges()
        drop_capabilities()


def warm_up(settings: Settings) -> tuple[Any, Any]:
    """Import the libraries, pay for their first use, and return the shell and the filter of all children."""
    for name in LIBRARIES:
        importlib.import_module(name)
    for name in OF_LESSONS:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)
    from autograder.sandbox import seccomp, shell

    shell.work_in_this_process()
    ready = shell.make_shell()
    rules = None if settings.tier == "none" else seccomp.build_filter(settings.tier == "bubblewrap")
    gc.collect()
    gc.freeze()  # children share these pages as long as nobody writes to them
    return ready, rules


def fork_child(control: socket.socket, descriptors: list[int], shell: Any, rules: Any) -> None:
    """Fork the child of one request; errors of its set-up go to the reply socket."""
    if os.fork():
        return
    try:
        conversation, body, reply = descriptors
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with open(body, "rb", closefd=False) as file:
            order = pickle.load(file)  # written by the launcher, which is trusted
        sockets = socket.socket(fileno=conversation), socket.socket(fileno=reply)
        become_submission(order, *sockets, shell, rules)
    except BaseException as error:
        send_error(descriptors[2], error)
    finally:
        os._exit(1)


def become_submission(
    order: Any, conversation: socket.socket, reply: socket.socket, shell: Any, rules: Any
) -> NoReturn:
    """Enter namespaces and go on as two: the submission, and a guard that it dies with."""
    from autograder.sandbox.namespaces import enter_namespaces

    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if order.private:
        enter_namespaces()
    child = os.fork()  # in new namespaces the first process, which all others in them die with
    if child:
        conversation.close()  # else the judge would not see it when the submission hangs up
        guard_submission(child, reply)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    run_submission(order, conversation, reply, shell, rules)


def guard_submission(child: int, reply: socket.socket) -> NoReturn:
    """Hand out the handle on a submission, and end it when whoever asked for it is gone, killed perhaps."""
    handle = os.pidfd_open(child)
    socket.send_fds(reply, [b"process"], [handle])
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    waiting.register(reply, 0)  # the end of the other side is reported unasked
    waiting.poll()
    signal.pidfd_send_signal(handle, signal.SIGKILL)  # it was not waited for, so the handle is good
    os._exit(0)


def send_error(reply: int, error: BaseException) -> None:
    """Tell the launcher why the set-up failed, if it still listens."""
    text = f"{type(error).__name__}: {error}"
    with contextlib.suppress(OSError):
        socket.socket(fileno=reply).send(text.encode()[:4000])


def run_submission(
    order: Any, conversation: socket.socket, reply: socket.socket, shell: Any, rules: Any
) -> NoReturn:
    """Lock down, report that it is done, and serve the judge until it hangs up."""
    from autograder.sandbox import lockdown
    from autograder.sandbox import shell as shells

    lockdown.prepare(order)
    os.environ.clear()
    os.environ.update(lockdown.environment(order.box, order.private))
    tempfile.tempdir = None  # what the warm-up found is the zygote's folder
    lockdown.close_all_but((conversation.fileno(), reply.fileno()))
    sys.path[:] = [f"{order.box}/course", *sys.path, f"{order.box}/work"]  # what is submitted hides nothing
    sys.path_importer_cache.clear()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    shells.new_randomness()
    lockdown.seal(order, rules)
    reply.send(SEALED)
    reply.close()
    serve(order.program, conversation, shell)
    os._exit(0)


def serve(program: str, conversation: socket.socket, shell: Any) -> None:
    """Run the server of a submission."""
    if program == "probe":
        from autograder.sandbox.probe import serve_cells

        serve_cells(conversation, shell)
    else:
        server = importlib.import_module("autograder.judge.server")
        server.serve(conversation, shell)
