"""Everything that is built of the project's own specs, file by file, as it was last read and accepted."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

import hiercomp
from hiercomp.backends.pymc.naming import RESERVED
from hiercomp.engines.stanc import stanc_check
from hiercomp.workflow.build import render_data

SPECS = Path(__file__).parent.parent.parent / "specs"
# Fragments of documents, with the blocks that complete them.
COMPLETED = {"proposal.md": {"variation_1_outlying_schools": "model-a", "pooling_factor": "model-a"}}
FILES = [
    *sorted(path.name for path in SPECS.iterdir() if path.is_file()),
    *sorted(path.relative_to(SPECS).as_posix() for path in SPECS.glob("*/*.hier")),
]


def cases() -> list[tuple[str, str, str]]:
    found = [(file, model, "") for file in FILES for model in hiercomp.load(SPECS / file).models]
    return found + [(file, model, base) for file, more in COMPLETED.items() for model, base in more.items()]


CASES = cases()


def loaded(file: str, model: str, base: str) -> hiercomp.Program:
    return hiercomp.load(f"{SPECS / file}#{model}" if base else SPECS / file, extends=base or None)


@pytest.mark.parametrize(("file", "model", "base"), CASES)
def test_golden(file: str, model: str, base: str, golden: Callable[[str, str], None]) -> None:
    program = loaded(file, model, base)
    stem = f"specs/{Path(file).stem}/{model}"
    golden(f"{stem}.stan", program.stan(model))
    golden(f"{stem}_pymc.py", program.pymc(model))
    if program.model(model).bound and not file.startswith("yardsticks/"):  # whose data are large, and there as they are
        golden(f"{stem}.data.json", render_data(program.model(model)))


@pytest.mark.parametrize(("file", "model", "base"), CASES)
def test_programs_are_sound_on_their_own(file: str, model: str, base: str) -> None:
    program = loaded(file, model, base)
    module = program.pymc(model)
    names = {alias.name for node in ast.walk(ast.parse(module)) if isinstance(node, ast.Import) for alias in node.names}
    assert "hiercomp" not in {name.partition(".")[0] for name in names}
    for text in (program.stan(model), module):
        assert all(len(line) <= 120 and line == line.rstrip() for line in text.splitlines())
    verdict = stanc_check(program.stan(model))
    if verdict is None:
        pytest.skip("there is no stanc on this machine")
    assert verdict.messages == ()


@pytest.mark.parametrize(("file", "model", "base"), CASES)
def test_functions_of_programs_have_names_that_no_quantity_gets(file: str, model: str, base: str) -> None:
    module = ast.parse(loaded(file, model, base).pymc(model)).body
    functions = {node.name for node in module if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert functions <= RESERVED


def test_no_golden_file_is_left_over() -> None:
    folder = Path(__file__).parent.parent / "golden" / "specs"
    wanted = {f"{Path(file).stem}/{model}" for file, model, _ in CASES}
    for path in folder.rglob("*.*"):
        stem = path.name
        for ending in (".stan", "_pymc.py", ".data.json"):
            stem = stem.removesuffix(ending)
        assert f"{path.parent.name}/{stem}" in wanted, f"{path} belongs to no model"
