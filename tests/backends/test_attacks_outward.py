"""Programs that try to get out: to the network, to files, to other processes, to the kernel."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from neurosym.backends.sandbox.layers import Layer
from neurosym.status import Status
from tests.backends.conftest import SECRET
from tests.backends.helpers import Sandbox

pytestmark = pytest.mark.skipif(
    os.uname().machine != "x86_64", reason="the numbers of system calls are those of x86-64"
)


@pytest.fixture(autouse=True)
def _with_every_layer(sandbox: Sandbox) -> None:
    active = {layer for zygote in sandbox.pool._programs._zygotes for layer in zygote.layers}
    if missing := set(Layer) - active:
        pytest.skip(f"this machine does not offer {sorted(missing)}")


# Runs each attempt and returns the names of those that succeeded.
ATTEMPTS = """
import os
def attempts(**functions):
    succeeded = []
    for name, function in functions.items():
        try:
            function()
            succeeded.append(name)
        except (OSError, RuntimeError, ValueError):
            pass
    return succeeded
"""


def program(body: str) -> str:
    """A program that has the attempts above."""
    indented = "\n".join("    " + line for line in body.strip().splitlines())
    return f"{ATTEMPTS}\ndef solution():\n{indented}\n"


# ------------------------------------------------------------------- network


@pytest.mark.parametrize("kind", ["SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW"])
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET"])
def test_no_socket_of_any_kind_can_be_made(attacked: Sandbox, family: str, kind: str) -> None:
    source = f"""
        import socket
        def solution():
            socket.socket(socket.{family}, socket.{kind})
    """
    outcome = attacked.run(source)
    assert outcome.status is Status.FAILED
    assert "PermissionError" in outcome.evidence["error"]


def test_a_server_on_this_machine_is_not_reached(attacked: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        outcome = attacked.run(f"""
            import urllib.request
            def solution():
                return urllib.request.urlopen("http://127.0.0.1:{port}/", timeout=1).read()
        """)
        with pytest.raises(TimeoutError):
            server.accept()
    assert outcome.status is Status.FAILED


def test_no_name_is_looked_up(attacked: Sandbox) -> None:
    outcome = attacked.run("""
        import socket
        def solution():
            return str(socket.getaddrinfo("example.com", 80))
    """)
    assert outcome.status is Status.FAILED
    assert "gaierror" in outcome.evidence["error"]


# ------------------------------------------------------------------- files


def test_the_home_folder_and_a_secret_file_are_not_there(attacked: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    places = [str(secret), str(tmp_path), str(Path.home()), "/root/.ssh", "/home"]
    body = f"""
def can_be_read(path):
    return attempts(list=lambda: os.listdir(path), open=lambda: open(path)) != []
return [place for place in {places!r} if can_be_read(place)]"""
    # A home that holds Python's own libraries is there as the way to them, and shows nothing else.
    for place in attacked.answer(program(body)):  # type: ignore[attr-defined]
        names = attacked.answer(program(f"return os.listdir({place!r})"))
        ways = {Path(os.path.realpath(path)) for path in _library_paths()}
        assert all(any((Path(place) / n) in {w, *w.parents} for w in ways) for n in names)  # type: ignore[attr-defined]


def _library_paths() -> set[str]:
    import site
    import sys
    import sysconfig

    paths = sysconfig.get_paths()
    package = str(Path(__file__).parents[2] / "neurosym")
    return {*site.getsitepackages(), paths["stdlib"], package, f"{sys.base_prefix}/lib"}


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/resolv.conf", "/proc/self/environ",
     "/proc/1/environ", "/proc/1/mem", "/proc/1/root/etc/passwd", "/proc/self/fd/3",
     "/proc/self/mem", "/proc/self/maps", "/sys/kernel/notes", "/dev/mem", "/dev/vda",
     "/dev/shm", "/run", "/bin/sh"],
)  # fmt: skip
def test_what_is_not_a_library_cannot_be_read(attacked: Sandbox, path: str) -> None:
    body = f"return attempts(read=lambda: open({path!r}), list=lambda: os.listdir({path!r}))"
    assert attacked.answer(program(body)) == ()


def test_the_environment_of_the_parent_is_not_there(attacked: Sandbox) -> None:
    pid = os.getpid()
    found = attacked.answer(f"""
        import ctypes, os, sys
        def solution():
            raw = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
            told, i = [], 0
            while raw and raw[i]:
                told.append(raw[i].decode())
                i += 1
            assert not os.path.exists("/proc/{pid}")
            return [dict(os.environ), told, sys.argv]
    """)
    assert SECRET not in str(found)
    assert found == ({}, (), ("",))


def test_nothing_can_be_written_outside_its_folder(attacked: Sandbox) -> None:
    body = """
import json, sympy, tempfile
places = ["/", "/tmp", "/box/..", "..", "/etc", "/usr/lib", os.path.dirname(json.__file__),
          os.path.dirname(sympy.__file__), "/proc", "/dev"]
return [
    (place, attempts(
        new=lambda: open(place + "/pwned", "w"),
        folder=lambda: os.mkdir(place + "/pwned-folder"),
        nameless=lambda: os.open(place, os.O_TMPFILE | os.O_RDWR),
        fifo=lambda: os.mkfifo(place + "/pwned-fifo"),
        moved=lambda: os.rename("own", place + "/pwned"),
        linked=lambda: os.link("own", place + "/pwned"),
    ))
    for place in places if open("own", "w")
]"""
    assert all(not succeeded for _, succeeded in attacked.answer(program(body)))  # type: ignore[attr-defined]


def test_the_libraries_cannot_be_changed(attacked: Sandbox) -> None:
    before = Path(json.__file__).read_bytes()
    body = """
import json
path = json.__file__
return attempts(
    write=lambda: open(path, "w"),
    append=lambda: open(path, "a"),
    update=lambda: open(path, "r+"),
    truncate=lambda: os.truncate(path, 0),
    empty_while_reading=lambda: os.open(path, os.O_RDONLY | os.O_TRUNC),
    empty_for_ioctl=lambda: os.open(path, 3 | os.O_TRUNC),
    remove=lambda: os.remove(path),
    move=lambda: os.rename(path, path + ".old"),
    rights=lambda: os.chmod(path, 0o777),
    owner=lambda: os.chown(path, 0, 0),
    times=lambda: os.utime(path),
    attribute=lambda: os.setxattr(path, "user.x", b"x"),
)"""
    assert attacked.answer(program(body)) == ()
    assert Path(json.__file__).read_bytes() == before


def test_the_root_cannot_be_left(attacked: Sandbox) -> None:
    body = """
for _ in range(50):
    os.chdir("..")
up = sorted(os.listdir("."))
assert up == sorted(os.listdir("/")) == sorted(os.listdir("/" + "../" * 50))
# Only what leads to the libraries, which may be installed in any other place.
assert not set(up) & {"etc", "proc", "sys", "dev", "bin"}
return attempts(
    soft=lambda: os.symlink("/etc", "/box/soft"),
    hard=lambda: os.link("/usr/lib/os-release", "/box/hard"),
    chroot=lambda: os.chroot("/box"),
    through_proc=lambda: os.chdir("/proc/1/root"),
    node=lambda: os.mknod("/box/disk", 0o60600, os.makedev(254, 0)),
)"""
    assert attacked.answer(program(body)) == ()


def test_the_name_of_the_machine_is_not_told(attacked: Sandbox) -> None:
    assert attacked.answer("import os\ndef solution(): return os.uname().nodename") == "sandbox"


# ------------------------------------------------------------------- processes


def test_no_other_program_is_executed(attacked: Sandbox) -> None:
    body = """
import ctypes, subprocess, sys
libc = ctypes.CDLL(None)
def fails(result):
    if result < 0:
        raise OSError
return attempts(
    run=lambda: subprocess.run([sys.executable, "-c", ""]),
    shell=lambda: subprocess.run("true", shell=True),
    execv=lambda: os.execv(sys.executable, [sys.executable]),
    loader=lambda: os.execv("/lib64/ld-linux-x86-64.so.2", ["ld"]),
    spawn=lambda: os.posix_spawn(sys.executable, [sys.executable], {}),
    popen=lambda: os.popen("true"),
    system=lambda: fails(-1 if os.system("true") else 0),
    by_descriptor=lambda: os.execve(os.open(sys.executable, os.O_RDONLY), ["x"], {}),
    libc_system=lambda: fails(-1 if libc.system(b"true") else 0),
)"""
    assert attacked.answer(program(body)) == ()


def test_no_process_and_no_thread_can_be_made(attacked: Sandbox) -> None:
    body = """
import concurrent.futures, multiprocessing, threading
return attempts(
    fork=os.fork,
    forkpty=os.forkpty,
    thread=lambda: threading.Thread(target=print).start(),
    pool=lambda: concurrent.futures.ThreadPoolExecutor().submit(print),
    process=lambda: multiprocessing.get_context("fork").Process(target=print).start(),
)"""
    assert attacked.answer(program(body)) == ()


def test_bombs_of_forks_and_threads_do_not_go_off(attacked: Sandbox) -> None:
    made = attacked.answer("""
        import os, threading, time
        def solution():
            made = 0
            for _ in range(2000):
                for start in (os.fork, threading.Thread(target=time.sleep, args=(60,)).start):
                    try:
                        start()
                        made += 1
                    except (OSError, RuntimeError):
                        pass
            return made
    """)
    assert made == 0


def test_no_process_can_be_signalled(attacked: Sandbox) -> None:
    pid = os.getpid()
    body = f"""
import signal
targets = [os.getppid(), 1, -1, 0, os.getpid(), os.getpid() - 1, os.getpid() + 1, {pid}, -{pid}]
numbers = [signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, 0]
return [(t, n) for t in targets for n in numbers if attempts(kill=lambda: os.kill(t, n))]"""
    assert attacked.answer(program(body)) == ()


def test_only_its_own_descriptors_are_open(attacked: Sandbox) -> None:
    found = attacked.answer("""
        import os, stat
        def solution():
            found = {}
            for fd in range(20000):
                try:
                    found[str(fd)] = stat.filemode(os.fstat(fd).st_mode)[0]
                except OSError:
                    pass
            return found
    """)
    # Standard input is the null device; output, errors and the result are files in memory.
    assert found == {"0": "c", "1": "-", "2": "-", "3": "-"}


def test_own_limits_cannot_be_raised(attacked: Sandbox) -> None:
    body = """
import resource
names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
def raised(name):
    number = getattr(resource, name)
    soft, hard = resource.getrlimit(number)
    if hard == resource.RLIM_INFINITY:
        return False
    unlimited = attempts(x=lambda: resource.setrlimit(number, (soft, resource.RLIM_INFINITY)))
    more = attempts(x=lambda: resource.setrlimit(number, (soft, hard + 1)))
    return bool(unlimited or more)
for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE"):
    assert resource.getrlimit(getattr(resource, name))[1] != resource.RLIM_INFINITY
return [name for name in names if raised(name)] + attempts(
    others=lambda: resource.prlimit(1, resource.RLIMIT_CPU, (1, 1)))"""
    assert attacked.answer(program(body)) == ()


# ------------------------------------------------------------------- the kernel

# Called with zeros, each would fail with another error, or do something, if it were not filtered.
SYSTEM_CALLS = {
    "ioctl": 16, "pipe": 22, "shmget": 29, "sendfile": 40, "socket": 41, "connect": 42,
    "sendmsg": 46, "recvmsg": 47, "socketpair": 53, "clone": 56, "fork": 57, "vfork": 58,
    "execve": 59, "kill": 62, "semget": 64, "msgget": 68, "flock": 73, "fsync": 74, "truncate": 76,
    "link": 86, "symlink": 88, "chmod": 90, "chown": 92, "ptrace": 101, "syslog": 103,
    "setuid": 105, "setpgid": 109, "setsid": 112, "capset": 126, "mknod": 133, "personality": 135,
    "setpriority": 141, "sched_setscheduler": 144, "mlock": 149, "modify_ldt": 154,
    "pivot_root": 155, "prctl": 157, "arch_prctl": 158, "setrlimit": 160, "chroot": 161,
    "acct": 163, "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "reboot": 169,
    "sethostname": 170, "iopl": 172, "init_module": 175, "tkill": 200, "sched_setaffinity": 203,
    "io_setup": 206, "epoll_create": 213, "timer_create": 222, "tgkill": 234, "mbind": 237,
    "mq_open": 240, "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250,
    "inotify_init": 253, "migrate_pages": 256, "splice": 275, "tee": 276, "vmsplice": 278,
    "move_pages": 279, "signalfd": 282, "timerfd_create": 283, "fallocate": 285, "eventfd2": 290,
    "epoll_create1": 291, "pipe2": 293, "perf_event_open": 298, "fanotify_init": 300,
    "name_to_handle_at": 303, "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310,
    "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "seccomp": 317,
    "memfd_create": 319, "bpf": 321, "execveat": 322, "userfaultfd": 323, "membarrier": 324,
    "copy_file_range": 326, "pkey_alloc": 330, "pidfd_send_signal": 424, "io_uring_setup": 425,
    "io_uring_enter": 426, "open_tree": 428, "move_mount": 429, "fsopen": 430, "pidfd_open": 434,
    "clone3": 435, "openat2": 437, "pidfd_getfd": 438, "process_madvise": 440,
    "mount_setattr": 442, "landlock_create_ruleset": 444, "landlock_restrict_self": 446,
    "memfd_secret": 447, "process_mrelease": 448, "futex_waitv": 449, "cachestat": 451,
    "map_shadow_stack": 453, "unknown": 1000,
}  # fmt: skip

RAW = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments or (0,) * 6))
    return ctypes.get_errno() if result < 0 else 0
"""


def test_raw_system_calls_off_the_list_are_refused(attacked: Sandbox) -> None:
    source = (
        f"{RAW}\ndef solution():\n    return {{n: call(i) for n, i in {SYSTEM_CALLS!r}.items()}}"
    )
    answers = attacked.answer(source)
    assert answers == dict.fromkeys(SYSTEM_CALLS, 1)  # EPERM


@pytest.mark.parametrize(
    ("command", "name"),
    [(8, "F_SETOWN"), (10, "F_SETSIG"), (6, "F_SETLK"), (1024, "F_SETLEASE"), (1026, "F_NOTIFY"),
     (1031, "F_SETPIPE_SZ"), (1033, "F_ADD_SEALS")],
)  # fmt: skip
def test_descriptors_cannot_be_made_to_signal_or_lock(
    attacked: Sandbox, command: int, name: str
) -> None:
    # The upper half of the argument is not looked at by the kernel, and must not fool the filter.
    calls = f"[call(72, 3, {command} + high, 1) for high in (0, 1 << 32)]"
    source = f"{RAW}\ndef solution():\n    return {calls}"
    assert attacked.answer(source) == (1, 1), name


@pytest.mark.parametrize("number", [0, 39, 59, 57], ids=["read", "getpid", "execve", "fork"])
def test_calls_of_the_x32_kind_kill(attacked: Sandbox, number: int) -> None:
    outcome = attacked.run(f"{RAW}\ndef solution():\n    return call({0x40000000 + number})")
    assert outcome.status is Status.FAILED
    assert "SIGSYS" in outcome.evidence["error"]


def test_calls_of_the_32_bit_kind_kill(attacked: Sandbox) -> None:
    outcome = attacked.run("""
        import ctypes, mmap
        def solution():
            memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
            memory.write(bytes.fromhex("b814000000cd80c3"))  # getpid by int 0x80
            address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
            return ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    """)
    assert outcome.status is Status.FAILED
    assert "was killed by" in outcome.evidence["error"]


def test_the_zygote_cannot_be_traced_or_read(attacked: Sandbox) -> None:
    source = f"""{RAW}
import os
def solution():
    buffer = ctypes.create_string_buffer(64)
    vector = (ctypes.c_long * 2)(ctypes.addressof(buffer), 64)
    there = (ctypes.c_long * 2)(id(buffer), 64)
    a, b = ctypes.addressof(vector), ctypes.addressof(there)
    return [
        failed for pid in (os.getppid(), 1, os.getpid() - 1)
        for failed in (call(101, 16, pid, 0, 0), call(310, pid, a, 1, b, 1, 0), call(434, pid, 0))
    ]
"""
    assert set(attacked.answer(source)) == {1}  # type: ignore[arg-type]
