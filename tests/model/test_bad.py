"""Every code of the model layer: a spec that raises it, all that is said about it, and the example of its row."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hiercomp.codes import CODES
from hiercomp.data import load
from hiercomp.diagnostics import Diagnostics, Severity
from hiercomp.model import model_names, resolve
from hiercomp.model.fragments import fragments
from hiercomp.source import Source
from hiercomp.syntax import parse, read_source

ROOT = Path(__file__).parent.parent.parent
BAD = ROOT / "tests" / "bad"
_OWN = re.compile(r"(?:H[12]?\d|W[12]?\d|N\d)")
OWN = [code for code in CODES if _OWN.fullmatch(code)]
FILES = sorted(path.name for path in BAD.glob("*.*") if _OWN.fullmatch(path.name.partition("_")[0]))


def said(source: Source, code: str) -> Diagnostics:
    """Return all that is said about a text, from its models to its fragments, with the data that it declares."""
    found = Diagnostics()
    spec = parse(source, found)
    assert not found.errors, found.errors[0].render()
    tables = [table for item in spec.data if (table := load(Path(item.path), found, item.span)) is not None]
    apart = () if code == "H29" else fragments(spec, tables, found)
    for name in model_names(spec):
        if name not in {item.name for item in apart}:
            resolve(spec, name, tables, found)
    return found


@pytest.mark.parametrize("name", FILES)
def test_bad_spec(name: str, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    code = name.partition("_")[0]
    found = said(read_source(Path(name)), code)
    assert {item.code for item in found.items} == {code}
    for item in found.items:
        assert item.primary is not None
        assert item.expected or item.help
        assert item.severity is {"H": Severity.ERROR, "W": Severity.WARNING, "N": Severity.NOTE}[item.code[0]]
    golden(f"diagnostics/{Path(name).stem}.txt", "\n\n".join(item.render() for item in found.sorted()) + "\n")


@pytest.mark.parametrize("code", OWN)
def test_every_code_has_a_bad_spec(code: str) -> None:
    assert any(name.startswith(f"{code}_") for name in FILES)


@pytest.mark.parametrize("code", [code for code in OWN if CODES[code].bad])
def test_the_example_raises_its_code_only_and_its_cure_none(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    row = CODES[code]
    assert {item.code for item in said(Source("example.hier", row.bad), code).items} == {code}
    assert said(Source("example.hier", row.good), code).items == []


def test_errors_of_one_spec_are_reported_together() -> None:
    text = "y_i ~ Nromal(a, 1)\nz_i ~ Normal(a)\nw_i ~ Normal(a_i, 1)\na ~ Normal(0, -1)\nv ~ Normal(0, b)\nb = b\n"
    found = said(Source("t.hier", text), "")
    assert sorted(item.code for item in found.items) == ["H10", "H4", "H8", "H9"]


def test_what_depends_on_a_fault_is_not_reported_again() -> None:
    text = "y_i ~ Normal(a + b, 1)\na = lgo(c)\nb = a + 1\nc ~ Normal(0, 1)\nz_i ~ Normal(b * a, a)\n"
    assert [item.code for item in said(Source("t.hier", text), "").items] == ["H13"]
