"""The filter of system calls, run by a small interpreter: also for machines other than this one."""

from __future__ import annotations

import struct

import pytest

from neurosym.backends.sandbox import seccomp

ALLOW, DENY, KILL = 0x7FFF0000, 0x00050001, 0x80000000
NO_SUCH_CALL = 0x00050026
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
OPENAT = {"x86_64": 257, "aarch64": 56}
FCNTL = {"x86_64": 72, "aarch64": 25}
PRLIMIT = {"x86_64": 302, "aarch64": 261}
CLONE = {"x86_64": 56, "aarch64": 220}
EXECVE = {"x86_64": 59, "aarch64": 221}
READ_ONLY, WRITE_ONLY, READ_WRITE, IOCTL_ONLY = range(4)
CREATE, TRUNCATE = 0o100, 0o1000

machines = pytest.mark.parametrize("machine", list(AUDIT))


def decide(
    machine: str, number: int, *arguments: int, audit: int | None = None, threads: bool = False
) -> int:
    """What the kernel would answer to a system call."""
    arguments += (0,) * (6 - len(arguments))
    audit = AUDIT[machine] if audit is None else audit
    data = struct.pack("=IIQ6Q", number, audit, 0, *arguments)
    program = seccomp.filter_for(machine, threads=threads)
    value = at = 0
    while True:
        code, if_true, if_false, operand = struct.unpack_from("HBBI", program, 8 * at)
        at += 1
        if code == 0x20:
            (value,) = struct.unpack_from("=I", data, operand)
        elif code == 0x54:
            value &= operand
        elif code == 0x15:
            at += if_true if value == operand else if_false
        elif code == 0x35:
            at += if_true if value >= operand else if_false
        else:
            assert code == 0x06
            return int(operand)


@machines
def test_a_file_is_opened_to_read_and_to_write(machine: str) -> None:
    for flags in (READ_ONLY, WRITE_ONLY | TRUNCATE, READ_WRITE | TRUNCATE, WRITE_ONLY | CREATE):
        assert decide(machine, OPENAT[machine], 0, 0, flags) == ALLOW


@machines
def test_a_file_is_not_emptied_by_opening_it_to_read(machine: str) -> None:
    for mode in (READ_ONLY, IOCTL_ONLY):
        for more in (0, CREATE, 0o2000000, 1 << 40):
            assert decide(machine, OPENAT[machine], 0, 0, mode | TRUNCATE | more) == DENY


@machines
def test_descriptors_are_copied_but_directed_at_nobody(machine: str) -> None:
    allowed = [
        command for command in range(2000) if decide(machine, FCNTL[machine], 3, command) == ALLOW
    ]
    assert allowed == [0, 1, 2, 3, 4, 1030]


@machines
def test_limits_are_those_of_the_process_itself(machine: str) -> None:
    assert decide(machine, PRLIMIT[machine], 0) == ALLOW
    assert decide(machine, PRLIMIT[machine], 1) == DENY


@machines
def test_every_other_call_is_refused_or_on_the_list(machine: str) -> None:
    listed = set(seccomp._ARCHITECTURES[machine].allowed.values())
    special = {
        OPENAT[machine],
        FCNTL[machine],
        PRLIMIT[machine],
        *({2} if machine == "x86_64" else ()),
    }
    for number in {*range(1000)} - special:
        assert decide(machine, number) == (ALLOW if number in listed else DENY)


@machines
def test_calls_of_another_kind_kill(machine: str) -> None:
    [other] = set(AUDIT.values()) - {AUDIT[machine]}
    for number in (0, 57, 63):
        assert decide(machine, number, audit=other) == KILL
        assert decide(machine, number, audit=0x40000003) == KILL  # i386
        assert decide(machine, number + 0x40000000) == KILL  # x32


@machines
def test_only_a_program_of_its_own_has_threads_and_never_processes(machine: str) -> None:
    clone, clone3, execve = CLONE[machine], 435, EXECVE[machine]
    as_thread, as_process = 0x3D0F00, 0x1200011
    assert decide(machine, clone, as_thread, threads=True) == ALLOW
    assert decide(machine, clone, as_process, threads=True) == DENY
    assert decide(machine, clone3, threads=True) == NO_SUCH_CALL
    assert decide(machine, execve, threads=True) == ALLOW
    for number in (clone, clone3, execve):
        assert decide(machine, number, as_thread) == DENY
