"""Linux system calls that Python's library lacks."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path

__all__ = [
    "bind_read_only",
    "close_from",
    "detach_mounts",
    "die_with_parent",
    "drop_capabilities",
    "fork",
    "landlock_abi",
    "landlock_restrict",
    "mount_tmpfs",
    "new_mount_namespace",
    "no_new_privileges",
    "pivot_root",
    "seccomp_filter",
    "set_host_name",
    "undumpable",
    "unshare",
    "use_huge_pages",
]

_libc = ctypes.CDLL(None, use_errno=True)
_syscall = _libc.syscall
_syscall.restype = ctypes.c_long

# Keeps the interpreter's lock, which a child could not get back from a thread it does not have.
_fork = ctypes.PyDLL(None, use_errno=True).fork

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 0x1, 0x2, 0x4, 0x8
_MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = 0x20, 0x1000, 0x4000, 0x40000
_MNT_DETACH = 2
_MADV_COLLAPSE, _HUGE_PAGE = 25, 2**21
_CLONE_NEWNS = 0x20000
_SIGKILL = 9

# These have the same number on every architecture.
_SYS_LANDLOCK_CREATE, _SYS_LANDLOCK_ADD, _SYS_LANDLOCK_RESTRICT = 444, 445, 446
_SYS_MOUNT_SETATTR = 442
_SYS_CLOSE_RANGE = 436
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
_SYS_SECCOMP = {"x86_64": 317, "aarch64": 277}


def _check(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _number(table: dict[str, int]) -> int:
    machine = os.uname().machine
    if machine not in table:
        raise OSError(f"system call unknown on {machine}")
    return table[machine]


def _prctl(option: int, value: int) -> None:
    _check(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0))


def fork() -> int:
    """Fork a process of one thread; 0 in the child.

    Unlike ``os.fork`` it does not run Python's handlers in the child. They renew locks and seeds
    for the sake of threads, and write to some two hundred pages that then must be copied, which
    takes longer than all else the child does to get ready.
    """
    return _check(_fork())


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    _prctl(_PR_SET_PDEATHSIG, _SIGKILL)


def undumpable() -> None:
    """Forbid other processes of this user to trace this one or read its memory."""
    _prctl(_PR_SET_DUMPABLE, 0)


def no_new_privileges() -> None:
    """Give up for good what a set-user-id program or file capability could give."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up every capability."""
    header = struct.pack("Ii", 0x20080522, 0)
    _check(_syscall(_number(_SYS_CAPSET), header, bytes(24)))


def close_from(first: int) -> None:
    """Close every descriptor from this one on."""
    _check(_syscall(_SYS_CLOSE_RANGE, first, ctypes.c_uint(0xFFFFFFFF), 0))


def use_huge_pages() -> None:
    """Gather this process's memory in huge pages, where the kernel can (Linux 6.1).

    A fork copies an entry for each page, and the end of the child drops it again.
    """
    for line in Path("/proc/self/maps").read_text().splitlines():
        place, rights, *_, inode_or_name = line.split()
        if rights != "rw-p" or inode_or_name not in ("0", "[heap]"):
            continue
        start, end = (int(address, 16) for address in place.split("-"))
        for address in range(
            -(-start // _HUGE_PAGE) * _HUGE_PAGE, end - _HUGE_PAGE + 1, _HUGE_PAGE
        ):
            _libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(_HUGE_PAGE), _MADV_COLLAPSE)


# ------------------------------------------------------------------- mounts


def unshare(namespaces: int) -> None:
    """Move into new namespaces, given by their ``CLONE_`` flags."""
    _check(_libc.unshare(namespaces))


def set_host_name(name: str) -> None:
    """Give this process's UTS namespace a host name."""
    _check(_libc.sethostname(name.encode(), len(name)))


def new_mount_namespace() -> None:
    """Have this process see its own copy of the mounts."""
    unshare(_CLONE_NEWNS)


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None) -> None:
    encoded = [None if text is None else text.encode() for text in (source, target, kind, data)]
    source_, target_, kind_, data_ = encoded
    _check(_libc.mount(source_, target_, kind_, ctypes.c_ulong(flags), data_))


def mount_tmpfs(target: str, size: int) -> None:
    """Mount an empty memory file system of at most ``size`` bytes."""
    flags = _MS_NOSUID | _MS_NODEV
    _mount("none", target, "tmpfs", flags, f"size={size},nr_inodes=1024,mode=0700")


def bind_read_only(source: str, target: str) -> None:
    """Show a folder or file at a second place, with all that is mounted below, read-only."""
    _mount(source, target, None, _MS_BIND | _MS_REC, None)
    attributes = struct.pack("QQQQ", _MS_RDONLY | _MS_NOSUID | _MS_NODEV, 0, 0, 0)
    at_fdcwd, recursive = -100, 0x8000
    _check(_syscall(_SYS_MOUNT_SETATTR, at_fdcwd, target.encode(), recursive, attributes, 32))


def pivot_root(new_root: str) -> None:
    """Make a mounted folder the root, and let go of the old one."""
    os.chdir(new_root)
    _check(_syscall(_number(_SYS_PIVOT_ROOT), b".", b"."))
    _check(_libc.umount2(b".", _MNT_DETACH))
    os.chdir("/")
    _mount(None, "/", None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV, None)


def detach_mounts() -> None:
    """Keep what this process mounts from showing elsewhere."""
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE, None)


# ------------------------------------------------------------------- Landlock

_FS_EXECUTE, _FS_READ_FILE, _FS_READ_DIR = 1 << 0, 1 << 2, 1 << 3
_FS_ALL_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_FS_ALL_NEWEST = (1 << 16) - 1
# In its own folder a program may do all but make devices, sockets and pipes, or bind to them.
_FS_OWN_FOLDER = _FS_ALL_NEWEST & ~sum(1 << bit for bit in (6, 9, 10, 11, 15))


def landlock_abi() -> int:
    """Version of Landlock the kernel offers, 0 if none."""
    version = _syscall(_SYS_LANDLOCK_CREATE, None, 0, 1)
    return max(0, int(version))


def landlock_restrict(read_only: list[str], own_folder: str, abi: int) -> None:
    """Leave this process these folders, no TCP, and no reach beyond it (Landlock).

    Without a folder of its own it can write nowhere. Needs :func:`no_new_privileges` first.
    """
    handled = _FS_ALL_BY_ABI.get(abi, _FS_ALL_NEWEST)
    network = 3 if abi >= 4 else 0
    scoped = 3 if abi >= 6 else 0
    attributes = struct.pack("QQQ", handled, network, scoped)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    rules = _check(_syscall(_SYS_LANDLOCK_CREATE, attributes, size, 0))
    try:
        for path in read_only:
            _allow_beneath(rules, path, handled & (_FS_EXECUTE | _FS_READ_FILE | _FS_READ_DIR))
        if own_folder:
            _allow_beneath(rules, own_folder, handled & _FS_OWN_FOLDER)
        _check(_syscall(_SYS_LANDLOCK_RESTRICT, rules, 0))
    finally:
        os.close(rules)


def _allow_beneath(rules: int, path: str, access: int) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", access, folder)
        _check(_syscall(_SYS_LANDLOCK_ADD, rules, 1, rule, 0))
    finally:
        os.close(folder)


# ------------------------------------------------------------------- seccomp


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def seccomp_filter(program: bytes) -> None:
    """Install a filter (see ``seccomp.py``). Needs :func:`no_new_privileges` first."""
    filter_program = _FilterProgram(len(program) // 8, program)
    _check(_syscall(_number(_SYS_SECCOMP), 1, 0, ctypes.byref(filter_program)))
