"""How a zygote gets into isolation, layer by layer, as far as the kernel lets it."""

from __future__ import annotations

import contextlib
import os
import signal
import site
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path

import neurosym
from neurosym.backends.sandbox import kernel, seccomp
from neurosym.backends.sandbox.child import Confinement
from neurosym.backends.sandbox.layers import Layer
from neurosym.backends.sandbox.recipe import Recipe

__all__ = ["enter_isolation"]

_BOX = "/box"
_BOX_BYTES = 8 * 2**20
_SLACK_BYTES = 16 * 2**20
"""Address space the interpreter itself needs to get a program going."""
_RANDOM_BYTES = 2**16
_INSIDE_ID = 1000
_NAMESPACES = 0x10000000 | 0x20000 | 0x40000000 | 0x8000000 | 0x20000000 | 0x4000000 | 0x2000000
"""User, mount, network, IPC, pid, UTS and cgroup."""


def enter_isolation(
    recipe: Recipe, preload: Callable[[], None]
) -> tuple[Confinement, dict[str, str]]:
    """Put on the layers that all children share; find out which of the others can be had.

    Forks: in the end the caller goes on as the first process of its own pid namespace.

    Args:
        recipe: Layers to try, and what children are to see and to do.
        preload: Imports the libraries; called where files can still be read.

    Returns:
        What each child is to be confined to; and, for each wanted layer that could not be had, why.
    """
    reasons: dict[str, str] = {}
    active: set[Layer] = set()
    wanted = recipe.layers
    roots = _library_folders(recipe.folders)
    _be_first_to_go()
    if Layer.NAMESPACES in wanted:
        _attempt(Layer.NAMESPACES, lambda: _enter_namespaces(roots), active, reasons)
    if Layer.NAMESPACES in active:
        _become_first_process()
    preload()
    kernel.use_huge_pages()
    start_bytes = _address_space() + _SLACK_BYTES
    if Layer.MOUNTS in wanted and Layer.NAMESPACES in active:
        _attempt(Layer.MOUNTS, lambda: _enter_root(roots, recipe.program), active, reasons)
    elif Layer.MOUNTS in wanted:
        reasons[Layer.MOUNTS.name] = "it needs the namespaces"
    in_own_root = Layer.MOUNTS in active
    abi = kernel.landlock_abi()
    _choose_own_layers(wanted, abi, active, reasons)
    confinement = Confinement(
        layers=frozenset(active),
        read_only=("/",) if in_own_root else tuple(roots),
        box=_BOX if in_own_root else "",
        box_bytes=_BOX_BYTES,
        landlock_abi=abi,
        seccomp_filter=(
            seccomp.filter_for(os.uname().machine, threads=bool(recipe.program))
            if Layer.SECCOMP in active
            else b""
        ),
        program=recipe.program,
        start_bytes=start_bytes,
    )
    return confinement, reasons


def _choose_own_layers(
    wanted: frozenset[Layer], abi: int, active: set[Layer], reasons: dict[str, str]
) -> None:
    """Choose, of the layers that each child puts on itself, those that can be had."""
    filtered = Layer.SECCOMP in wanted and seccomp.supported()
    for layer, possible, reason in (
        (Layer.SECCOMP, filtered, f"there is no list for {os.uname().machine}"),
        # Before its third version it lets files be emptied, which the filter prevents.
        (
            Layer.LANDLOCK,
            abi >= 3 or (abi > 0 and filtered),
            "the kernel has none or too old a one",
        ),
        (Layer.PRIVILEGES, True, ""),
        (Layer.LIMITS, True, ""),
    ):
        if layer in wanted:
            if possible:
                active.add(layer)
            else:
                reasons[layer.name] = reason


def _be_first_to_go() -> None:
    """Have the kernel, when memory runs out, end programs before anything of the user's."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _attempt(
    layer: Layer, enter: Callable[[], None], active: set[Layer], reasons: dict[str, str]
) -> None:
    """Enter a layer if a process made to try it could, for what is half done cannot be undone."""
    try:
        _rehearse(enter)
        enter()
        active.add(layer)
    except OSError as error:
        reasons[layer.name] = f"the kernel refuses it: {error.strerror or error}"


def _rehearse(enter: Callable[[], None]) -> None:
    pid = os.fork()
    if pid == 0:
        code = 255
        try:
            enter()
            code = 0
        except OSError as error:
            code = error.errno or code
        finally:
            os._exit(code)
    if code := os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        raise OSError(code, os.strerror(code) if 0 < code < 255 else "trying it failed")


def _enter_namespaces(needed: list[str]) -> None:
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(_NAMESPACES)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_INSIDE_ID} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{_INSIDE_ID} {group} 1")
    kernel.set_host_name("sandbox")
    for folder in needed:
        os.listdir(folder)  # a superuser is none in here, and others' folders may be closed to it


def _become_first_process() -> None:
    # The process that made the pid namespace is not in it; its child is its first process, with
    # which all others in it end.
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        os._exit(0 if status == 0 else 1)
    kernel.die_with_parent()
    if os.getppid() != 0:
        os._exit(1)  # the parent, outside of the namespace, shows as 0 while it lives
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _address_space() -> int:
    """Bytes of address space this process has mapped."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _library_folders(more: Iterable[str]) -> list[str]:
    """Folders that the interpreter and its libraries are loaded from, and some more."""
    paths = sysconfig.get_paths()
    found = {
        *(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        *site.getsitepackages(),
        str(Path(neurosym.__file__).parent),
        *more,
        *(str(Path(sys.base_prefix).resolve() / name) for name in ("lib", "lib64")),
        *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo"),
    }
    keep = {os.path.realpath(path) for path in found if os.path.isdir(path)}
    # What lies in another of them needs no place of its own.
    return sorted(
        path
        for path in keep
        if path != "/" and not any(other != path and path.startswith(other + "/") for other in keep)
    )


def _enter_root(folders: list[str], program: str) -> None:
    """Move to a root that holds the libraries, read-only, and a place for the own folder.

    For a program other than Python it also has random bytes, which are the same for all, and a
    folder where each child finds what it is (see ``child.py``); no devices, no ``/proc``.
    """
    kernel.new_mount_namespace()  # so that rehearsing it leaves the zygote's as it was
    kernel.detach_mounts()
    new_root = _mount_point(folders)
    kernel.mount_tmpfs(new_root, 2**20)
    for folder in folders:
        os.makedirs(new_root + folder)
        kernel.bind_read_only(folder, new_root + folder)
    for link in ("/lib", "/lib64"):  # where they are links into /usr
        if os.path.islink(link):
            os.symlink(os.readlink(link), new_root + link)
    os.mkdir(new_root + _BOX)
    if program:
        os.mkdir(f"{new_root}/proc")
        os.mkdir(f"{new_root}/dev")
        Path(f"{new_root}/dev/urandom").write_bytes(os.urandom(_RANDOM_BYTES))
    kernel.pivot_root(new_root)


def _mount_point(folders: list[str]) -> str:
    """A folder of the old root that hides none of those needed when it is mounted over."""
    for place in ("/mnt", "/media", "/srv", "/opt", "/tmp", "/var"):
        if os.path.isdir(place) and not any(
            folder == place or folder.startswith(place + "/") for folder in folders
        ):
            return place
    raise OSError("no folder to mount the new root on")
