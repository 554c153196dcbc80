"""Every diagnostic code: documented, used, and shown to be raised and cured by the examples of its row."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import hiercomp
from hiercomp.codes import CODES
from hiercomp.diagnostics import Diagnostic, Severity, SpecError

ROOT = Path(__file__).parent.parent.parent
BAD = ROOT / "tests" / "bad" / "specs"
FILES = sorted(path.name for path in BAD.iterdir()) if BAD.is_dir() else []
USED = re.compile(r'"([HWN][0-9]+)"')


def everything_said(source: str | Path) -> list[Diagnostic]:
    """Return all diagnostics of a spec, from its text to its resolved models."""
    try:
        program = hiercomp.load(source, name="spec.hier")
        program.resolve_all()
    except SpecError as error:
        return error.diagnostics
    return [*program.diagnostics, *(item for name in program.models for item in program.warnings(name))]


def rendered(found: list[Diagnostic]) -> str:
    return "\n\n".join(item.render() for item in found) + "\n"


def test_codes_used_are_the_codes_documented() -> None:
    used: dict[str, list[str]] = {}
    for path in sorted((ROOT / "hiercomp").rglob("*.py")):
        if path.parent.name != "codes":
            for code in USED.findall(path.read_text(encoding="utf-8")):
                used.setdefault(code, []).append(path.relative_to(ROOT).as_posix())
    assert {code: places for code, places in used.items() if code not in CODES} == {}, "not in hiercomp/codes"
    assert sorted(set(CODES) - set(used)) == [], "in hiercomp/codes, but used nowhere"


@pytest.mark.parametrize("code", CODES)
def test_rows_are_complete(code: str) -> None:
    row = CODES[code]
    assert row.code == code
    assert not row.title.endswith(".")
    assert row.explanation.endswith(".")


@pytest.mark.parametrize("code", [code for code, row in CODES.items() if row.bad])
def test_the_bad_example_raises_the_code(code: str, golden: Callable[[str, str], None]) -> None:
    found = everything_said(CODES[code].bad)
    assert code in {item.code for item in found}
    golden(f"bad/codes/{code}.txt", rendered(found))


@pytest.mark.parametrize("code", [code for code, row in CODES.items() if row.good])
def test_the_good_example_is_good(code: str) -> None:
    found = everything_said(CODES[code].good)
    assert code not in {item.code for item in found}, rendered(found)
    assert not [item for item in found if item.severity is Severity.ERROR], rendered(found)


@pytest.mark.parametrize("name", FILES)
def test_bad_spec(name: str, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of tests/bad/specs are named after the code they show: ``H5_cycle.hier``."""
    monkeypatch.chdir(BAD)
    found = everything_said(Path(name))
    assert name.partition("_")[0] in {item.code for item in found}, rendered(found)
    assert all(item.expected or item.found or item.help for item in found), rendered(found)
    golden(f"bad/specs/{name}.txt", rendered(found))
