"""The list of system calls that a program may make, as a classic BPF filter.

A list of what is allowed, so that calls nobody thought of are denied. Denied calls fail with EPERM,
which Python turns into an exception that says what was tried.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass

__all__ = ["filter_for", "supported"]


@dataclass(frozen=True, slots=True)
class _Architecture:
    """System calls of one kind of machine, by number.

    Attributes:
        audit: The kernel's name for it.
        allowed: Calls that may be made with any arguments.
        program: More of these for other programs, which start by being executed, wait for
            several things at once, talk to themselves through pipes, and before all that are handed
            the connection that they talk over.
        clone: The call that makes threads, or processes.
        clone3: A newer one, whose arguments a filter cannot see.
        fcntl: The call of that name, and so on.
        prlimit: The one that reads and sets limits.
        opens: Calls that open a file, with the place of their flags among the arguments.
    """

    audit: int
    allowed: dict[str, int]
    program: dict[str, int]
    clone: int
    clone3: int
    fcntl: int
    prlimit: int
    opens: dict[int, int]


# What an interpreter needs to compute, allocate, tell the time, and use files; nothing that makes
# processes, reaches the network or others, locks what others use, or changes rights.
_X86_64 = _Architecture(
    audit=0xC000003E,
    allowed={
        "read": 0, "write": 1, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7,
        "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13,
        "rt_sigprocmask": 14, "rt_sigreturn": 15, "pread64": 17, "pwrite64": 18, "readv": 19,
        "writev": 20, "access": 21, "select": 23, "sched_yield": 24, "mremap": 25, "msync": 26,
        "mincore": 27, "madvise": 28, "dup": 32, "dup2": 33, "nanosleep": 35, "getpid": 39,
        "exit": 60, "uname": 63, "ftruncate": 77, "getcwd": 79, "chdir": 80, "rename": 82,
        "mkdir": 83, "rmdir": 84, "creat": 85, "unlink": 87, "readlink": 89, "umask": 95,
        "gettimeofday": 96, "getrusage": 98, "times": 100, "getuid": 102, "getgid": 104,
        "geteuid": 107, "getegid": 108, "getppid": 110, "sigaltstack": 131, "gettid": 186,
        "time": 201, "futex": 202, "sched_getaffinity": 204, "getdents64": 217,
        "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230,
        "exit_group": 231, "mkdirat": 258, "newfstatat": 262, "unlinkat": 263, "renameat": 264,
        "readlinkat": 267, "faccessat": 269, "pselect6": 270, "ppoll": 271, "set_robust_list": 273,
        "dup3": 292, "renameat2": 316, "getrandom": 318, "statx": 332, "rseq": 334,
        "close_range": 436, "faccessat2": 439,
    },
    program={
        "execve": 59, "recvmsg": 47, "arch_prctl": 158, "set_tid_address": 218, "sysinfo": 99,
        "getcpu": 309, "pipe2": 293, "eventfd2": 290, "epoll_create1": 291, "epoll_ctl": 233,
        "epoll_wait": 232, "epoll_pwait": 281, "membarrier": 324,
    },
    clone=56,
    clone3=435,
    fcntl=72,
    prlimit=302,
    opens={2: 1, 257: 2},
)  # fmt: skip
# The same calls, by the numbers of the kernel's asm-generic/unistd.h.
_AARCH64 = _Architecture(
    audit=0xC00000B7,
    allowed={
        "getcwd": 17, "dup": 23, "dup3": 24, "mkdirat": 34, "unlinkat": 35, "renameat": 38,
        "ftruncate": 46, "faccessat": 48, "chdir": 49, "close": 57, "getdents64": 61, "lseek": 62,
        "read": 63, "write": 64, "readv": 65, "writev": 66, "pread64": 67, "pwrite64": 68,
        "pselect6": 72, "ppoll": 73, "readlinkat": 78, "fstatat": 79, "fstat": 80, "exit": 93,
        "exit_group": 94, "futex": 98, "set_robust_list": 99, "nanosleep": 101,
        "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115,
        "sched_getaffinity": 123, "sched_yield": 124, "restart_syscall": 128, "sigaltstack": 132,
        "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139, "times": 153,
        "uname": 160, "getrusage": 165, "umask": 166, "gettimeofday": 169, "getpid": 172,
        "getppid": 173, "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177,
        "gettid": 178, "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "mprotect": 226,
        "msync": 227, "mincore": 232, "madvise": 233, "renameat2": 276, "getrandom": 278,
        "statx": 291, "rseq": 293, "close_range": 436, "faccessat2": 439,
    },
    program={
        "execve": 221, "recvmsg": 212, "set_tid_address": 96, "sysinfo": 179, "getcpu": 168,
        "pipe2": 59, "eventfd2": 19, "epoll_create1": 20, "epoll_ctl": 21, "epoll_pwait": 22,
        "membarrier": 283,
    },
    clone=220,
    clone3=435,
    fcntl=25,
    prlimit=261,
    opens={56: 2},
)  # fmt: skip
_ARCHITECTURES = {"x86_64": _X86_64, "aarch64": _AARCH64}

# Duplicate, and read and set flags; not the commands that direct signals at other processes.
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030)
_ACCESS_MODE, _READ_ONLY, _IOCTL_ONLY, _TRUNCATE = 3, 0, 3, 0o1000

_X32_BIT = 0x40000000
_EPERM, _ENOSYS = 1, 38
_CLONE_THREAD = 0x10000
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_LOAD, _AND, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE, _OFFSET_ARGUMENTS = 0, 4, 16


def supported() -> bool:
    """Whether there is a list for this machine's architecture."""
    return os.uname().machine in _ARCHITECTURES


def filter_for(machine: str, *, threads: bool = False) -> bytes:
    """The filter as instructions for the kernel, eight bytes each.

    Args:
        machine: The kind of machine, as the kernel calls it.
        threads: Whether the process becomes another program, which may have threads.
    """
    architecture = _ARCHITECTURES[machine]
    program = [
        _instruction(_LOAD, _OFFSET_ARCHITECTURE),
        _instruction(_JUMP_EQUAL, architecture.audit, 1, 0),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _OFFSET_NUMBER),
        _instruction(_JUMP_AT_LEAST, _X32_BIT, 0, 1),
        _instruction(_RETURN, _KILL),
    ]
    # Limits may be changed of this process only, where they can only become tighter.
    program += _if_argument(architecture.prlimit, 0, (0,))
    program += _if_argument(architecture.fcntl, 1, _FCNTL_COMMANDS)
    for number, argument in architecture.opens.items():
        program += _unless_truncating(number, argument)
    allowed = architecture.allowed
    if threads:
        allowed = allowed | architecture.program
        program += _if_flagged(architecture.clone, 0, _CLONE_THREAD)
        # Who is told that there is none uses the older call, whose flags can be looked at.
        program += [
            _instruction(_JUMP_EQUAL, architecture.clone3, 0, 1),
            _instruction(_RETURN, _ERRNO | _ENOSYS),
        ]
    numbers = sorted(set(allowed.values()))
    # All jump to one end: the kernel translates the filter anew for each child.
    for i, number in enumerate(numbers):
        program.append(_instruction(_JUMP_EQUAL, number, len(numbers) - i, 0))
    program.append(_instruction(_RETURN, _ERRNO | _EPERM))
    program.append(_instruction(_RETURN, _ALLOW))
    return b"".join(program)


def _if_argument(number: int, argument: int, values: tuple[int, ...]) -> list[bytes]:
    """Allow a call whose argument (from 0) is one of these, deny it otherwise."""
    body = [_instruction(_LOAD, _OFFSET_ARGUMENTS + 8 * argument)]
    for value in values:
        body += [_instruction(_JUMP_EQUAL, value, 0, 1), _instruction(_RETURN, _ALLOW)]
    body.append(_instruction(_RETURN, _ERRNO | _EPERM))
    return [_instruction(_JUMP_EQUAL, number, 0, len(body)), *body]


def _if_flagged(number: int, argument: int, flag: int) -> list[bytes]:
    """Allow a call with a flag among those in an argument (from 0), deny it otherwise."""
    body = [
        _instruction(_LOAD, _OFFSET_ARGUMENTS + 8 * argument),
        _instruction(_AND, flag),
        _instruction(_JUMP_EQUAL, flag, 0, 1),
        _instruction(_RETURN, _ALLOW),
        _instruction(_RETURN, _ERRNO | _EPERM),
    ]
    return [_instruction(_JUMP_EQUAL, number, 0, len(body)), *body]


def _unless_truncating(number: int, argument: int) -> list[bytes]:
    """Allow a call with flags to open a file, but not to empty one that is not opened to write.

    Landlock before Linux 6.2 looks only at whether a file is opened to write.
    """
    deny, body = _instruction(_RETURN, _ERRNO | _EPERM), []
    body.append(_instruction(_LOAD, _OFFSET_ARGUMENTS + 8 * argument))
    body.append(_instruction(_AND, _ACCESS_MODE | _TRUNCATE))
    for mode in (_READ_ONLY, _IOCTL_ONLY):
        body += [_instruction(_JUMP_EQUAL, mode | _TRUNCATE, 0, 1), deny]
    body.append(_instruction(_RETURN, _ALLOW))
    return [_instruction(_JUMP_EQUAL, number, 0, len(body)), *body]


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
