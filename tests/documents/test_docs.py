"""Every example in the documentation is what it says: it builds, or it fails with the code that is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hiercomp
from hiercomp.diagnostics import SpecError
from tests.documents.command import ROOT

FENCE = re.compile(r"^```hier(?P<words>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def examples() -> list[object]:
    found: list[object] = []
    for path in FILES:
        text = path.read_text()
        for fence in FENCE.finditer(text):
            where = f"{path.name}:{text.count(chr(10), 0, fence.start()) + 1}"
            found.append(pytest.param(fence["text"], fence["words"].split(), id=where))
    return found


@pytest.fixture(autouse=True)
def among_the_specs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in the examples are those of a spec in specs/."""
    monkeypatch.chdir(ROOT / "specs")


def build(text: str, backends: tuple[str, ...]) -> None:
    program = hiercomp.load(text, name="example.hier")
    for model in program.models:
        if "stan" in backends:
            assert "model {" in program.stan(model)
        if "pymc" in backends:
            compile(program.pymc(model), "example_pymc.py", "exec")


@pytest.mark.parametrize(("text", "words"), examples())
def test_example(text: str, words: list[str]) -> None:
    match words:
        case ["bad", code]:
            with pytest.raises(SpecError) as caught:
                build(text, ("stan", "pymc"))
            assert {item.code for item in caught.value.diagnostics if item.severity == "error"} == {code}
        case ["stan"]:
            build(text, ("stan",))
            with pytest.raises(SpecError):
                build(text, ("pymc",))
        case _:
            assert words == []
            build(text, ("stan", "pymc"))
            program = hiercomp.load(text, name="example.hier")
            if program.spec.study is not None:
                assert hiercomp.simulate(program, seed=1).data


def test_there_are_examples_of_both_kinds() -> None:
    kinds = [param.values[1][:1] for param in examples() if isinstance(param, type(pytest.param()))]
    assert len(kinds) > 40
    assert kinds.count(["bad"]) > 10


def test_every_code_that_is_named_exists() -> None:
    from hiercomp.codes import CODES

    for path in FILES:
        for code in re.findall(r"`([HWN]\d+)`", path.read_text()):
            assert code in CODES, f"{path.name} names {code}"


def test_links_lead_somewhere() -> None:
    for path in FILES:
        for target in re.findall(r"\]\(([^)#:]+)\)|`((?:docs|specs|benchmarks|tests)/[\w./-]+)`", path.read_text()):
            name = "".join(target)
            assert (path.parent / name).exists() or (ROOT / name).exists(), f"{path.name} points at {name}"


def test_path() -> None:
    assert (Path.cwd() / "data" / "eight_schools.csv").exists()


def test_the_gallery_lists_what_it_has() -> None:
    folder = ROOT / "specs" / "gallery"
    listed = re.findall(r"^\| `(\w+)` \|", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == sorted(path.stem for path in folder.glob("*.hier"))
