"""What a submission must not be able to do: each violation as code to attempt, and witnesses outside."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.folders import temporary_folder
from autograder.sandbox.process import SandboxError
from autograder.sandbox.staging import PACKAGE


@dataclass(frozen=True)
class Violation:
    """Name something forbidden, in words and as Python that raises an exception where it is refused."""

    name: str
    sentence: str
    source: str


VIOLATIONS = (
    Violation("secret", "read a file of the course", "open(secret).read()"),
    Violation("folder", "list a folder of the course", "os.listdir(folder)"),
    Violation("exists", "find out whether a file exists", "os.stat(secret)"),
    Violation("checks", "find the hidden checks", "import autograder.checks"),
    Violation("package", "list the grader's own files", "os.listdir(package)"),
    Violation("plant", "write beside a file of the course", "open(folder + '/planted', 'w')"),
    Violation("home", "write into the home folder", "open(home_mark, 'w')"),
    Violation("overwrite", "change a library", "open(library, 'a').write('#')"),
    Violation("truncate", "empty a library", "os.close(os.open(library, os.O_RDONLY | os.O_TRUNC))"),
    Violation(
        "environment",
        "see the grader's environment",
        "assert set(os.environ) - expected, 'none of it is here'",
    ),
    Violation("tcp", "connect over TCP", "socket.create_connection(('127.0.0.1', tcp), timeout=1)"),
    Violation(
        "udp", "send over UDP", "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', udp))"
    ),
    Violation("unix", "connect to a local service", "socket.socket(socket.AF_UNIX).connect(abstract)"),
    Violation(
        "datagram",
        "send to a local service",
        "socket.socketpair(type=socket.SOCK_DGRAM)[0].sendto(b'x', datagram)",
    ),
    Violation("signal", "end another process", "os.kill(victim, 15)"),
    Violation("kernel", "have the kernel end another process", "signal_at_arrival(victim)"),
    Violation("proc", "look into another process", "open(f'/proc/{victim}/environ').read()"),
    Violation("processes", "see other processes", "next(n for n in os.listdir('/proc') if n.isdigit())"),
    Violation("trace", "control another process", "call('ptrace', 16, victim, 0, 0)"),
    Violation(
        "dump",
        "leave its memory in a core dump",
        "assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), 'the process may not be dumped'",
    ),
    Violation("fork", "start a process", "os.fork() or os._exit(0)"),
    Violation("program", "run a program", "subprocess.run(['true'])"),
    Violation("root", "become root", "os.setuid(0)"),
    Violation("namespace", "make a namespace of its own", "call('unshare', 0x10000000)"),
    Violation("mount", "mount a file system", "call('mount', b'none', b'/tmp', b'tmpfs', 0, None)"),
    Violation("memory", "use more memory than allowed", "bytearray(2 * memory)"),
    Violation("hoard", "hide memory from the limit", "os.memfd_create('hoard')"),
    Violation("file", "write a larger file than allowed", "f = open('big', 'wb'); f.truncate(2 * file_size)"),
    Violation(
        "disk",
        "fill the disk",
        "[os.posix_fallocate(os.open(f'f{i}', 66), 0, file_size) for i in range(chunks)]",
    ),
    Violation(
        "shared",
        "fill the shared memory",
        "os.posix_fallocate(os.open('/dev/shm/x', 66), 0, shared_memory + 1)",
    ),
)

ATTEMPT = """
import ctypes, fcntl, json, os, socket, subprocess
globals().update(json.loads({values!r}))
expected = set(expected)

def call(name, *arguments):
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def signal_at_arrival(process):
    near, far = socket.socketpair()
    fcntl.fcntl(near, fcntl.F_SETOWN, process)
    fcntl.fcntl(near, 10, 15)  # F_SETSIG: which signal
    fcntl.fcntl(near, fcntl.F_SETFL, os.O_ASYNC)
    far.send(b"x")

found = {{}}
for name, source in json.loads({sources!r}):
    try:
        exec(source)
        found[name] = ""
    except BaseException as error:
        found[name] = getattr(error, "strerror", None) or str(error) or type(error).__name__
print("FOUND" + json.dumps(found))
"""


@dataclass(frozen=True)
class Scene:
    """Hold what the violations aim at, all of it outside the sandbox."""

    values: Mapping[str, object]
    victim: subprocess.Popen[bytes]
    listeners: Mapping[str, socket.socket]
    library: Path
    library_text: bytes

    def effects(self) -> dict[str, bool]:
        """Return whether each violation that would leave a trace outside has left one."""
        return {
            "plant": Path(str(self.values["folder"]), "planted").exists(),
            "home": Path(str(self.values["home_mark"])).exists(),
            "overwrite": self.library.read_bytes() != self.library_text,
            **dict.fromkeys(("signal", "kernel"), self.victim.poll() is not None),
            **{name: has_arrived(listener) for name, listener in self.listeners.items()},
        }


@contextlib.contextmanager
def scene(library: Path, limits: Mapping[str, int], expected: set[str]) -> Iterator[Scene]:
    """Set the scene: a course with a secret, services, a process to end, and a library that a child may read.

    `expected` are the environment variables that a child may see.
    """
    with contextlib.ExitStack() as stack:
        folder = str(stack.enter_context(temporary_folder()))
        os.chmod(folder, 0o755)  # readable by all: it is the sandbox that must hide it
        secret = Path(folder, "secret")
        secret.write_text("an answer")
        listeners = {name: stack.enter_context(listener) for name, listener in _listeners(folder).items()}
        victim = stack.enter_context(_victim())
        stack.callback(victim.kill)
        home_mark = _home() / f".trainwell-probe-{os.getpid()}"
        stack.callback(home_mark.unlink, missing_ok=True)
        values = {
            **limits,
            "chunks": limits["disk"] // limits["file_size"] + 1,
            **{"secret": str(secret), "folder": folder, "home_mark": str(home_mark), "library": str(library)},
            **{"package": str(PACKAGE), "victim": victim.pid, "expected": sorted(expected)},
            **{"tcp": listeners["tcp"].getsockname()[1], "udp": listeners["udp"].getsockname()[1]},
            "abstract": listeners["unix"].getsockname().decode(),
            "datagram": listeners["datagram"].getsockname(),
        }
        yield Scene(values, victim, listeners, library, library.read_bytes())


def attempt_all(values: Mapping[str, object]) -> str:
    """Return the cell that attempts all violations and prints FOUND and, as JSON, why each was refused."""
    sources = [(violation.name, violation.source) for violation in VIOLATIONS]
    return ATTEMPT.format(values=json.dumps(values), sources=json.dumps(sources))


def _home() -> Path:
    """Return the grader's home folder; a user whom the system does not know, as in a container, has none."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/")


def _victim() -> subprocess.Popen[bytes]:
    """Start a process that does nothing, and ends at the latest when we do, even killed: with its input."""
    return subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


def _listeners(folder: str) -> dict[str, socket.socket]:
    """Return a TCP service, a UDP service, a local one with an abstract name and one with a file's."""
    listeners = {
        "tcp": socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "udp": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "unix": socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        "datagram": socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
    }
    for name in ("tcp", "udp"):
        listeners[name].bind(("127.0.0.1", 0))
    listeners["unix"].bind("\0" + os.path.basename(folder))
    service = os.path.join(folder, "service")
    try:
        listeners["datagram"].bind(service)
    except OSError as error:  # the kernel takes names of 107 bytes
        raise SandboxError(f"{error}: {service}. Set TMPDIR to a folder with a shorter name.") from None
    os.chmod(service, 0o777)
    for name in ("tcp", "unix"):
        listeners[name].listen()
    for listener in listeners.values():
        listener.setblocking(False)
    return listeners


def has_arrived(listener: socket.socket) -> bool:
    """Return whether anything has come to a service."""
    try:
        if listener.type == socket.SOCK_DGRAM:
            listener.recv(1)
        else:
            listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True
