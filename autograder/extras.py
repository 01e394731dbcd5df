"""Say which extra of the program brings a library that is not installed."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires

NAME = "trainwell"
# Where a module is not called like the project that brings it.
PROJECTS = {
    "sklearn": "scikit-learn",
    "PIL": "pillow",
    "yaml": "pyyaml",
    "dask": "distributed",
    "IPython": "ipython",
}
POSIX = {"fcntl", "grp", "pwd", "resource", "termios"}
NO_SANDBOX = (
    "No sandbox isolates students' code on this system. Grade on Linux, or in WSL or a container on Windows; "
    "all else works here."
)
ORDER = ("grade", "student", "search", "cluster", "postgres", "site", "dev")
EXTRA = re.compile(r"""extra == ['"]([\w-]+)['"]""")


def what_to_install(error: ModuleNotFoundError) -> str | None:
    """Return the sentence with what helps where a library is missing, None if it is none of ours.

    What only Linux has is asked for by the sandbox alone.
    """
    module = (error.name or "").partition(".")[0]
    if module in POSIX:
        return NO_SANDBOX
    project = PROJECTS.get(module, module.replace("_", "-"))
    extra = next((extra for extra in ORDER if project in _projects(extra)), None)
    if extra is None:
        return None
    return f'{project} is not installed. Run: python -m pip install "{NAME}[{extra}]"'


def _projects(extra: str) -> set[str]:
    """Return the projects that an extra brings, in lower case."""
    try:
        lines = requires(NAME) or []
    except PackageNotFoundError:
        return set()
    own = (line for line in lines if (found := EXTRA.search(line)) and found[1] == extra)
    return {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower().replace("_", "-") for line in own}
