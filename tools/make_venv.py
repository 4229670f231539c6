"""Make a virtual environment with pip, even where the system's Python ships without ensurepip.

Debian and Ubuntu put ensurepip into a package of its own. Where it is missing, pip's wheel is
fetched from the package index (``$PIP_INDEX_URL``, else PyPI), checked against the SHA-256 that the
index states, and used to install itself. Needs nothing but the standard library.

Run as ``python3 make_venv.py FOLDER``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import venv
from pathlib import Path

_TIMEOUT = 60.0


def main() -> None:
    """Make the environment named on the command line, unless it works already."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs before anything is installed
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"neurosym needs Python 3.11 or newer, this is {found}; try make PYTHON=python3.12"
        )
    folder = Path(sys.argv[1])
    python = folder / "bin" / "python"
    if (
        python.exists()
        and subprocess.run([python, "-c", "import pip"], check=False).returncode == 0
    ):
        return
    has_pip = importlib.util.find_spec("ensurepip") is not None
    venv.EnvBuilder(with_pip=has_pip, symlinks=True, clear=True).create(folder)
    if not has_pip:
        with tempfile.TemporaryDirectory() as temporary:
            wheel = _fetch_pip(Path(temporary))
            # A wheel is a zip file, which Python can run from.
            command = [python, wheel / "pip", "install", "--quiet", "--no-index", wheel]
            subprocess.run(command, check=True)


def _fetch_pip(folder: Path) -> Path:
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    try:
        page = urllib.request.urlopen(index, timeout=_TIMEOUT).read().decode()
        links = re.findall(r'href="([^"#]*/(pip-[0-9.]+-py3-none-any\.whl))#sha256=(\w+)"', page)
        # Newest last: numbers, not texts, are compared.
        link, name, digest = max(links, key=lambda found: [*map(int, re.findall(r"\d+", found[1]))])
        wheel = urllib.request.urlopen(urllib.parse.urljoin(index, link), timeout=_TIMEOUT).read()
    except (OSError, ValueError) as error:
        sys.exit(
            f"pip cannot be fetched from {index}: {error}\ninstall python3-venv, or set a proxy"
        )
    if hashlib.sha256(wheel).hexdigest() != digest:
        sys.exit(f"what {index} gave is not {name}")
    path = folder / name
    path.write_bytes(wheel)
    return path


if __name__ == "__main__":
    main()
