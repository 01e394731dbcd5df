"""Each layer of the sandbox on its own, by attempting what it forbids, in a forked process."""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sandbox_children import in_child, outcome

from autograder.model import Limits
from autograder.sandbox import landlock, rlimits, seccomp, syscalls

pytestmark = pytest.mark.alone
LIMITS = Limits(memory=256 << 20, file_size=1 << 20, cpu_seconds=1, processes=20)


# ---------------------------------------------------------------- seccomp


def connect(family: int) -> Callable[[], Any]:
    return lambda: socket.socket(family).close()


def call(name: str, *arguments: Any) -> None:
    syscalls.checked(getattr(syscalls.LIBC, name)(*arguments), name)


def run_threads() -> None:
    threads = [threading.Thread(target=time.sleep, args=(0,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def raw(number: int) -> Callable[[], Any]:
    """Return an attempt of a system call, by its number, that the filter does not name."""
    return lambda: syscalls.checked(syscalls.LIBC.syscall(number, 0, 0, 0, 0), str(number))


SECCOMP_CASES = [
    ("start a process", os.fork, "EPERM"),
    ("run a program", lambda: os.execv("/bin/true", ["true"]), "EPERM"),
    ("spawn a program", lambda: os.posix_spawn("/bin/true", ["true"], {}), "EPERM"),
    ("tcp", connect(socket.AF_INET), "EPERM"),
    ("ipv6", connect(socket.AF_INET6), "EPERM"),
    ("netlink", connect(socket.AF_NETLINK), "EPERM"),
    ("a pair of sockets", socket.socketpair, "done"),
    ("memory without a limit", lambda: os.memfd_create("hoard"), "EPERM"),
    ("shared memory of System V", lambda: call("shmget", 0, 4096, 0o1000), "EPERM"),
    ("trace a process", lambda: call("ptrace", 16, os.getppid(), 0, 0), "EPERM"),
    ("namespace", lambda: call("unshare", syscalls.CLONE_NEWUSER), "EPERM"),
    ("mount", lambda: call("mount", b"none", b"/tmp", b"tmpfs", 0, None), "EPERM"),
    ("become root", lambda: os.setuid(0), "EPERM"),
    ("signal another process", lambda: os.kill(os.getppid(), 0), "EPERM"),
    ("signal everybody", lambda: os.kill(-1, 0), "EPERM"),
    ("signal oneself", lambda: os.kill(os.getpid(), 0), "done"),
    ("handle of a process", lambda: os.pidfd_open(os.getppid()), "EPERM"),
    ("limits of another", lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CORE), "ENOSYS"),
    ("one's own limits", lambda: resource.prlimit(os.getpid(), resource.RLIMIT_CORE), "done"),
    ("signals by a descriptor", lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid()), "ENOSYS"),
    ("which signal", lambda: fcntl.fcntl(0, 10, signal.SIGKILL), "ENOSYS"),
    ("make writers wait", lambda: fcntl.fcntl(0, fcntl.F_SETLEASE, fcntl.F_RDLCK), "ENOSYS"),
    ("flags of a descriptor", lambda: os.set_blocking(os.dup(0), True), "done"),
    ("io_uring", raw(425), "EPERM"),
    ("a call that no list names", raw(451), "ENOSYS"),
    ("threads", run_threads, "done"),
    ("files", lambda: Path("/usr").iterdir().__next__(), "done"),
]


@pytest.fixture(scope="module")
def filters() -> dict[bool, Any]:
    """Return the filters for a private and for a shared file system."""
    try:
        return {private: seccomp.build_filter(private) for private in (True, False)}
    except OSError as error:
        pytest.skip(str(error))


def filtered(rules: Any, action: Callable[[], Any]) -> Any:
    def work() -> str:
        syscalls.no_new_privileges()
        seccomp.load_filter(rules, os.getpid())
        return outcome(action)

    return in_child(work)


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize(
    ("what", "action", "expected"), SECCOMP_CASES, ids=[case[0] for case in SECCOMP_CASES]
)
def test_the_filter_of_system_calls_refuses(
    filters: dict[bool, Any], what: str, action: Callable[[], Any], expected: str, private: bool
) -> None:
    assert filtered(filters[private], action) == expected


def test_a_pair_of_sockets_cannot_send_elsewhere_in_a_shared_file_system(
    filters: dict[bool, Any], tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as service, contextlib.chdir(tmp_path):
        service.bind("service")  # the name of a socket must be short

        def send() -> None:
            socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", "service")

        assert filtered(filters[False], send) == "ENOSYS"
        service.setblocking(False)
        assert outcome(lambda: service.recv(1)) == "EAGAIN"


@pytest.mark.parametrize(("private", "expected"), [(True, "done"), (False, "EPERM")])
def test_named_unix_sockets_need_a_private_network(
    filters: dict[bool, Any], private: bool, expected: str
) -> None:
    assert filtered(filters[private], connect(socket.AF_UNIX)) == expected


def test_attributes_of_shared_files_stay_as_they_are(filters: dict[bool, Any], tmp_path: Path) -> None:
    file = tmp_path / "notes"
    file.write_text("kept")
    before = file.stat()
    for action in (lambda: file.chmod(0), lambda: os.utime(file, (1, 1)), lambda: os.truncate(file, 0)):
        assert filtered(filters[False], action) == "done"
    after = file.stat()
    assert (after.st_mode, after.st_mtime, after.st_size) == (before.st_mode, before.st_mtime, before.st_size)


def test_a_filter_cannot_be_taken_off(filters: dict[bool, Any]) -> None:
    def take_off() -> None:
        syscalls.prctl(22, 0)  # PR_SET_SECCOMP

    assert filtered(filters[True], take_off) == "ENOSYS"
    assert filtered(filters[True], lambda: syscalls.prctl(syscalls.PR_SET_PDEATHSIG, 0)) == "ENOSYS"


# ---------------------------------------------------------------- Landlock


def restricted(tmp_path: Path, action: Callable[[], Any]) -> Any:
    if landlock.abi() == 0:
        pytest.skip("this kernel has no Landlock")

    def work() -> str:
        landlock.restrict(("/usr", str(tmp_path / "read")), (str(tmp_path / "write"),))
        return outcome(action)

    return in_child(work)


def landlock_cases(folder: Path) -> list[tuple[str, Callable[[], Any], str]]:
    read, write, secret = folder / "read", folder / "write", folder / "secret"
    return [
        ("read what may be read", (read / "a").read_text, "done"),
        ("write where one may", lambda: (write / "new").write_text("x"), "done"),
        ("read a secret", secret.read_text, "EACCES"),
        ("list the folder above", lambda: os.listdir(folder), "EACCES"),
        ("change what may be read", lambda: (read / "a").write_text("x"), "EACCES"),
        ("empty what may be read", lambda: os.close(os.open(read / "a", os.O_TRUNC)), "EACCES"),
        ("remove what may be read", (read / "a").unlink, "EACCES"),
        ("make a folder elsewhere", (folder / "new").mkdir, "EACCES"),
        ("link a secret to one's own", lambda: os.link(secret, write / "b"), "EXDEV"),
        ("move a secret to one's own", lambda: os.rename(secret, write / "b"), "EACCES"),
        ("follow one's own link", lambda: (os.symlink(secret, write / "s"), open(write / "s")), "EACCES"),
    ]


@pytest.mark.parametrize("case", range(11))
def test_landlock_refuses(tmp_path: Path, case: int) -> None:
    for name in ("read", "write"):
        (tmp_path / name).mkdir()
    for file in (tmp_path / "read" / "a", tmp_path / "secret"):
        file.write_text("text")
    what, action, expected = landlock_cases(tmp_path)[case]
    assert restricted(tmp_path, action) == expected, what
    assert (tmp_path / "read" / "a").read_text() == (tmp_path / "secret").read_text() == "text"


def test_landlock_refuses_tcp_and_signals_to_others(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        if landlock.abi() >= 4:
            assert restricted(tmp_path, lambda: socket.create_connection(address, 1)) == "EACCES"
    if landlock.abi() < 6:
        pytest.skip("Landlock of this kernel does not see signals")
    assert restricted(tmp_path, lambda: os.kill(os.getppid(), 0)) == "EPERM"


# ---------------------------------------------------------------- resource limits and privileges


def limited(action: Callable[[], Any]) -> Any:
    def work() -> str:
        rlimits.set_limits(LIMITS, count_processes=False)
        return outcome(action)

    return in_child(work)


def test_memory_is_limited() -> None:
    # Memory that is mapped anew: what this process has freed, a fork of it may use again.
    assert limited(lambda: mmap.mmap(-1, 300 << 20)) == "ENOMEM"
    assert limited(lambda: mmap.mmap(-1, 100 << 20)) == "done"


def test_the_size_of_a_file_is_limited(tmp_path: Path) -> None:
    assert limited(lambda: (tmp_path / "big").write_bytes(bytes(2 << 20))) == "EFBIG"
    assert (tmp_path / "big").stat().st_size <= LIMITS.file_size


def test_open_files_are_limited() -> None:
    assert limited(lambda: [os.dup(0) for _ in range(rlimits.OPEN_FILES)]) == "EMFILE"


def test_computing_forever_ends() -> None:
    def forever() -> None:
        while True:
            pass

    assert limited(forever) in (-signal.SIGKILL, -signal.SIGXCPU)


def test_limits_cannot_be_raised_again() -> None:
    def raise_limit() -> None:
        syscalls.drop_capabilities()
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    assert limited(raise_limit) == "ValueError"


def test_no_capability_is_left() -> None:
    def work() -> dict[str, str]:
        syscalls.no_new_privileges()
        syscalls.drop_capabilities()
        lines = Path("/proc/self/status").read_text().splitlines()
        return dict(line.split(":\t") for line in lines if line.startswith(("Cap", "NoNewPrivs")))

    status = in_child(work)
    sets = ("CapEff", "CapPrm", "CapInh", "CapAmb") + (("CapBnd",) if os.geteuid() == 0 else ())
    assert {int(status[name], 16) for name in sets} == {0}
    assert status["NoNewPrivs"] == "1"
