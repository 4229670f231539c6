"""The formats of models by name."""

import importlib.util
import json
import subprocess
import sys

import pytest

from neurosym.errors import FormulaError, InputError, OptionError
from neurosym.formal.optimization.formats.registry import (
    ModelFormat,
    format_of_file,
    print_model_as,
    read_model_file,
)
from neurosym.formal.optimization.language.printer import print_model
from neurosym.formal.optimization.language.reader import read_model

from .samples import BOATS, SHIPPING

FORMATS = "neurosym.formal.optimization.formats"
WRITTEN = [
    name
    for name in ModelFormat
    if name not in (ModelFormat.LP, ModelFormat.MPS)
    or importlib.util.find_spec(f"{FORMATS}.{name}") is not None
]


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_prints(name: ModelFormat) -> None:
    for model in (BOATS, SHIPPING):
        text = print_model_as(model, name)
        assert "ship" in text or "boats" in text
        assert text.endswith("\n")


@pytest.mark.parametrize("name", [ModelFormat.MODEL, ModelFormat.JSON])
def test_what_is_printed_is_read_back(name: ModelFormat) -> None:
    for model in (BOATS, SHIPPING):
        found = read_model_file(print_model_as(model, name), name)
        assert print_model(found) == print_model(model)


@pytest.mark.parametrize("name", [ModelFormat.LP, ModelFormat.MPS])
def test_files_of_solvers_mean_the_same(name: ModelFormat) -> None:
    if name not in WRITTEN:
        pytest.skip(f"{name} is not written yet")
    # Of thirds these formats hold the first digits only.
    model = read_model(
        "var boats integer >= 0\nvar canoes >= 0 <= 9.5\nmaximize 3 boats - 0.25 canoes\n"
        "seats: 10 boats + 8 canoes <= 300\nfew: canoes >= 0.5 * boats"
    )
    found = read_model_file(print_model_as(model, name), file_name=f"boats.{name}")
    assert found.digest == model.digest


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("a.json", ModelFormat.JSON), ("a.JSON", ModelFormat.JSON), (".lp", ModelFormat.LP),
        ("folder/a.mps", ModelFormat.MPS), ("a.opt", ModelFormat.MODEL), ("", ModelFormat.MODEL),
        ("a.model", ModelFormat.MODEL), ("a.txt", ModelFormat.MODEL), ("a", ModelFormat.MODEL),
        ("a.tex", ModelFormat.LATEX), ("a.py", ModelFormat.PULP),
    ],
)  # fmt: skip
def test_the_name_of_a_file_tells(file_name: str, name: ModelFormat) -> None:
    assert format_of_file(file_name) is name


def test_a_file_is_read_by_its_name() -> None:
    text = print_model_as(BOATS, ModelFormat.JSON)
    assert read_model_file(text, file_name="boats.json") == BOATS
    assert read_model_file(print_model(BOATS)).variables == BOATS.variables
    with pytest.raises(FormulaError):
        read_model_file(text)


@pytest.mark.parametrize("name", [ModelFormat.PULP, ModelFormat.LATEX, ModelFormat.WORDS])
def test_what_is_printed_only(name: ModelFormat) -> None:
    with pytest.raises(OptionError, match=f"format {name} can be printed but not read") as error:
        read_model_file("", name)
    assert "json" in error.value.hint


@pytest.mark.parametrize("text", ["", "{", "[1, 2", '{"a": ' * 100_000, "[" + "9" * 9999 + "]"])
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(InputError):
        read_model_file(text, ModelFormat.JSON)


def test_a_model_in_json_with_a_key_given_twice_is_refused() -> None:
    text = print_model_as(BOATS, ModelFormat.JSON)
    twice = text.replace('"constraints": [', '"constraints": [], "constraints": [')
    with pytest.raises(InputError, match="'constraints' stands twice"):
        read_model_file(twice, ModelFormat.JSON)


def test_a_format_is_loaded_when_it_is_used() -> None:
    program = (
        "import sys, json\n"
        f"import {FORMATS}.registry\n"
        "print(json.dumps([name for name in sys.modules if 'optimization' in name]))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    loaded = set(json.loads(shown.stdout))
    assert not {f"{FORMATS}.{name}" for name in ("data", "lp", "mps", "pulp", "latex")} & loaded
    assert "neurosym.formal.optimization.model" not in loaded
