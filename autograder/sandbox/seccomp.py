"""The system calls that a submission may make, filtered by the kernel through libseccomp.

The list names what numerical Python with threads needs; everything else fails with "not implemented", so
that the C library falls back to an older call, or with "not permitted" where a student could meet it.
"""

from __future__ import annotations

import ctypes.util
import errno
import socket
from typing import Any

from autograder.sandbox.syscalls import CLONE_THREAD, NEW_NAMESPACES

MISSING = (
    "libseccomp is missing, which the sandbox needs. Debian and Ubuntu have it by default: "
    "apt-get install libseccomp2"
)


def names(text: str) -> tuple[str, ...]:
    """Return the words of a text."""
    return tuple(text.split())


FILES = names("""
read write pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2 open openat openat2 creat close
close_range stat fstat lstat newfstatat statx access faccessat faccessat2 lseek readlink readlinkat
getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link
linkat symlink symlinkat mknod mknodat ftruncate fallocate fsync fdatasync sync_file_range flock dup dup2
dup3 pipe pipe2 umask statfs fstatfs sendfile copy_file_range splice tee fadvise64 readahead getxattr
lgetxattr fgetxattr listxattr llistxattr flistxattr
""")

MEMORY = names("""
mmap munmap mremap mprotect madvise brk msync mincore munlock membarrier get_mempolicy set_mempolicy mbind
""")

PROCESS = names("""
exit exit_group getpid gettid getppid getuid geteuid getgid getegid getgroups getresuid getresgid getpgid
getpgrp getsid uname sysinfo times getrusage getrlimit setrlimit getcpu sched_yield sched_getaffinity
sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min getpriority wait4 waitid
set_tid_address set_robust_list get_robust_list rseq futex futex_waitv arch_prctl capget restart_syscall
""")

TIME = names("""
alarm setitimer getitimer timer_create timer_settime timer_gettime timer_delete timer_getoverrun
timerfd_create timerfd_settime timerfd_gettime nanosleep clock_nanosleep clock_gettime clock_getres
gettimeofday time pause
""")

EVENTS = names("""
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack signalfd4
poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
eventfd eventfd2 getrandom bind connect listen accept accept4 getsockname getpeername sendto recvfrom
sendmsg recvmsg sendmmsg recvmmsg shutdown setsockopt getsockopt
""")

# These change files without opening them for writing, which Landlock does not see.
ATTRIBUTES = names("""
chmod fchmod fchmodat utime utimes utimensat futimesat setxattr lsetxattr fsetxattr removexattr
lremovexattr fremovexattr truncate
""")

# What a student could try, or ask about: these say "Operation not permitted".
REFUSED = names("""
fork vfork execve execveat ptrace process_vm_readv process_vm_writev mount umount2 pivot_root chroot setns
unshare bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register keyctl add_key
request_key memfd_create memfd_secret shmget shmat shmctl semget msgget mq_open setsid setpgid setuid
setgid setreuid setregid setresuid setresgid setgroups capset chown lchown fchown fchownat setpriority
sched_setscheduler sched_setparam sched_setattr pidfd_open pidfd_send_signal pidfd_getfd tkill
rt_sigqueueinfo rt_tgsigqueueinfo open_by_handle_at name_to_handle_at personality sethostname
setdomainname reboot kexec_load init_module finit_module delete_module swapon swapoff syslog mlock mlock2
mlockall
""")

# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: none changes more than one's own descriptor.
IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# Ask whether dumpable, filtered, capable, unprivileged; ask for and set the thread's name; name a mapping.
PRCTLS = (3, 21, 23, 39, 16, 15, 0x53564D41)
# Duplicate, flags, locks, size of a pipe. Not F_SETOWN and F_SETSIG, by which the kernel would send any
# signal to any process of the same user, nor F_SETLEASE, which makes others wait who want to write a file.
FCNTLS = (*range(8), 36, 37, 38, 1030, 1031, 1032)
SOCKET_TYPE = 0xF  # the bits of a socket's type that are not flags


def check_library() -> None:
    """Raise OSError, with the command that mends it, where libseccomp is not installed."""
    if ctypes.util.find_library("seccomp") is None:
        raise OSError(errno.ENOENT, MISSING)


def build_filter(private: bool) -> Any:
    """Return the filter that all submissions share.

    `private` says that the process has its own network and file system. Otherwise it may have no socket with
    a name, nor one that can send to a name, and changing attributes of files is skipped: the call reports
    success and does nothing.
    Raises OSError where libseccomp is missing.
    """
    check_library()
    import pyseccomp as sc

    rules = sc.SyscallFilter(sc.ERRNO(errno.ENOSYS))
    rules.set_attr(sc.Attr.ACT_BADARCH, sc.KILL_PROCESS)
    rules.set_attr(sc.Attr.CTL_OPTIMIZE, 2)  # a search tree: the list is long and every call walks it
    for name in (*FILES, *MEMORY, *PROCESS, *TIME, *EVENTS):
        _add(rules, sc.ALLOW, name)
    for name in REFUSED:
        _add(rules, sc.ERRNO(errno.EPERM), name)
    for name in ATTRIBUTES:
        _add(rules, sc.ALLOW if private else sc.ERRNO(0), name)
    for value in IOCTLS:
        _add(rules, sc.ALLOW, "ioctl", sc.Arg(1, sc.EQ, value))
    for value in PRCTLS:
        _add(rules, sc.ALLOW, "prctl", sc.Arg(0, sc.EQ, value))
    for value in FCNTLS:
        _add(rules, sc.ALLOW, "fcntl", sc.Arg(1, sc.EQ, value))
    _add(rules, sc.ALLOW, "sched_setaffinity", sc.Arg(0, sc.EQ, 0))
    _allow_threads(rules, sc)
    if private:
        _allow_only(rules, sc, "socketpair", socket.AF_UNIX)
        _allow_only(rules, sc, "socket", socket.AF_UNIX)
    else:
        is_stream = sc.Arg(1, sc.MASKED_EQ, SOCKET_TYPE, socket.SOCK_STREAM)  # what asyncio needs
        _add(rules, sc.ALLOW, "socketpair", sc.Arg(0, sc.EQ, socket.AF_UNIX), is_stream)
        _add(rules, sc.ERRNO(errno.EPERM), "socket")
    return rules


def load_filter(rules: Any, pid: int) -> None:
    """Let the signals and limits of the process `pid` reach only itself, and load the filter for good."""
    import pyseccomp as sc

    for name in ("kill", "tgkill"):
        _allow_only(rules, sc, name, pid)
    for target in (0, pid):
        _add(rules, sc.ALLOW, "prlimit64", sc.Arg(0, sc.EQ, target))
    rules.load()


def _add(rules: Any, action: int, name: str, *conditions: Any) -> None:
    """Add a rule; a call that this machine does not have needs none."""
    import pyseccomp as sc

    try:
        number = sc.resolve_syscall(sc.Arch.NATIVE, name)
    except OSError:
        return
    if number >= 0:
        rules.add_rule(action, number, *conditions)


def _allow_only(rules: Any, sc: Any, name: str, value: int) -> None:
    """Allow a call only if its first argument is `value`."""
    _add(rules, sc.ALLOW, name, sc.Arg(0, sc.EQ, value))
    _add(rules, sc.ERRNO(errno.EPERM), name, sc.Arg(0, sc.NE, value))


def _allow_threads(rules: Any, sc: Any) -> None:
    """Allow clone for threads alone: with one process, the memory limit is that of the whole submission."""
    _add(rules, sc.ALLOW, "clone", sc.Arg(0, sc.MASKED_EQ, CLONE_THREAD | NEW_NAMESPACES, CLONE_THREAD))
    _add(rules, sc.ERRNO(errno.EPERM), "clone", sc.Arg(0, sc.MASKED_EQ, CLONE_THREAD, 0))
