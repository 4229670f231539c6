"""Every public name is listed, documented and importable; importing the package does no work."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import neurosym
from neurosym import errors

ROOT = Path(neurosym.__file__).parent
MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages([str(ROOT)], "neurosym.")
    if "__main__" not in info.name
)


def test_the_public_api_is_sorted_and_every_name_is_there() -> None:
    assert list(neurosym.__all__) == sorted(neurosym.__all__)
    assert dir(neurosym) == list(neurosym.__all__)
    for name in neurosym.__all__:
        assert getattr(neurosym, name) is not None


def test_the_names_type_checkers_see_are_those_that_are_exported() -> None:
    tree = ast.parse((ROOT / "__init__.py").read_text())
    [block] = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.asname
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == set(neurosym.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonesuch"):
        neurosym.nonesuch  # noqa: B018


@pytest.mark.parametrize("name", MODULES)
def test_every_module_lists_its_public_names_and_documents_them(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} does not say what it is"
    assert hasattr(module, "__all__") or not _own_public(module), f"{name} lists no public names"
    for public, thing in _own_public(module).items():
        assert public in module.__all__, f"{name}.{public} is public but not listed"
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert inspect.getdoc(thing), f"{name}.{public} has no docstring"


def _own_public(module: ModuleType) -> dict[str, object]:
    """Classes and functions that a module defines itself under a public name."""
    return {
        name: thing
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(thing) or inspect.isfunction(thing))
        and getattr(thing, "__module__", "") == module.__name__
        and _is_defined_in(module, name)
    }


def _is_defined_in(module: ModuleType, name: str) -> bool:
    tree = ast.parse(Path(str(module.__file__)).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(isinstance(node, kinds) and node.name == name for node in tree.body)


@pytest.mark.parametrize("name", [name for name in MODULES if name.count(".") > 0])
def test_a_docstring_names_the_errors_its_function_raises_itself(name: str) -> None:
    path = Path(str(importlib.import_module(name).__file__))
    known = set(errors.__all__)
    for function in _public_functions(ast.parse(path.read_text())):
        raised = {
            node.exc.func.id
            for node in ast.walk(function)
            if isinstance(node, ast.Raise)
            and isinstance(node.exc, ast.Call)
            and isinstance(node.exc.func, ast.Name)
        } & known
        doc = ast.get_docstring(function) or ""
        for error in raised:
            family = [parent.__name__ for parent in getattr(errors, error).__mro__]
            # A protocol's method may be documented where the protocol is.
            assert any(f"{member}:" in doc for member in family) or "see :" in doc, (
                f"{name}.{function.name} raises {error} and does not say so"
            )


def _public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    public = [node for node in classes if not node.name.startswith("_")]
    for node in [*tree.body, *(item for owner in public for item in owner.body)]:
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function and not node.name.startswith("_"):
            yield node


def test_the_error_tree_is_the_one_drawn_in_its_docstring() -> None:
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert sorted([*drawn, "NeurosymError"]) == sorted(errors.__all__)
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"    ((?:│   |    )*)[├└]── (\w+)", line):
            depth = len(match[1]) // 4 + 1
            assert len(getattr(errors, match[2]).__mro__) - len(Exception.__mro__) == depth + 1


def test_importing_is_light() -> None:
    heavy = "{'numpy', 'scipy', 'sympy', 'xllamacpp', 'math_verify', 'rich', 'typer', 'asyncio'}"
    code = f"import sys, neurosym; print(sorted({heavy} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_even_with_all_public_names_no_model_or_algebra_is_loaded() -> None:
    code = (
        "import sys, neurosym\nfor name in neurosym.__all__: getattr(neurosym, name)\n"
        "print(sorted({'numpy', 'scipy', 'sympy', 'xllamacpp', 'math_verify'} & set(sys.modules)))"
    )
    begin = time.monotonic()
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
    assert time.monotonic() - begin < 10


def test_the_links_at_the_root_are_signposts_that_nothing_imports() -> None:
    root = ROOT.parent
    for name in ("translators", "backends"):
        link = root / name
        assert link.is_symlink()
        assert link.resolve() == ROOT / name
    for path in [*ROOT.rglob("*.py"), *(root / "tests").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and node.level == 0
                else []
            )
            for imported in names:
                assert imported.split(".")[0] not in ("translators", "backends"), path


# What stands left of it in the data path; nothing to the left imports anything to its right.
_ORDER = ["translators", "engines", "backends", "checks", "selection", "strategies", "cli"]


def test_data_flows_one_way() -> None:
    for path in ROOT.rglob("*.py"):
        folder = path.relative_to(ROOT).parts[0]
        if folder not in _ORDER:
            continue
        right = _ORDER[_ORDER.index(folder) + 1 :]
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("neurosym."):
                target = str(node.module).split(".")[1]
                assert target not in right, f"{path.relative_to(ROOT)} imports neurosym.{target}"
