"""Run a piece of Python without what only POSIX systems have, as near to Windows as Linux comes.

What other libraries load is loaded first: they have code of their own for Windows.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import runpy
import signal
import sys
from types import ModuleType
from typing import cast

LIBRARIES = (
    *("asyncio", "subprocess", "multiprocessing.spawn", "shutil", "tarfile", "getpass", "torch._dynamo"),
    *(
        "nbgrader.apps",
        "nbgrader.preprocessors",
        "nbclient",
        "nbconvert",
        "jupyter_client",
        "ipykernel.kernelapp",
    ),
    *(
        "matplotlib.pyplot",
        "jupytext",
        "sqlalchemy",
        "PIL.Image",
        "ipywidgets",
        "IPython",
        "sklearn.linear_model",
    ),
)
MODULES = ("fcntl", "resource", "pwd", "grp", "termios", "pty", "syslog")
NAMES = (
    *("fork", "forkpty", "fchmod", "fchown", "chown", "getuid", "geteuid", "getgid", "getegid", "getpgid"),
    *("killpg", "setsid", "mkfifo", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_DIRECTORY"),
    *("sched_getaffinity", "sched_setaffinity", "register_at_fork"),
)
SIGNALS = ("SIGALRM", "SIGCHLD", "SIGKILL", "SIGPROF", "SIGHUP", "SIGUSR1", "setitimer", "pidfd_send_signal")


def hide() -> None:
    """Hide the modules and names that Windows does not have."""
    for library in LIBRARIES:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(library)
    filelock = importlib.import_module("filelock")
    vars(filelock)["FileLock"] = filelock.SoftFileLock  # what filelock takes where there is no fcntl
    for module in MODULES:
        sys.modules[module] = cast(ModuleType, None)
    for place, names in ((os, NAMES), (signal, SIGNALS)):
        for name in names:
            if hasattr(place, name):
                delattr(place, name)


if __name__ == "__main__":
    hide()
    sys.argv = sys.argv[1:]
    if sys.argv[0] == "-c":
        exec(compile(sys.argv[1], "<student>", "exec"), {"__name__": "__main__"})
    else:
        runpy.run_module("autograder.cli", run_name="__main__", alter_sys=False)
