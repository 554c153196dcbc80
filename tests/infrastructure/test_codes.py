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
BAD = ROOT / "tests" / "bad"
# H29 is about how a block is completed, which the file alone does not say.
FILES = sorted(path.name for path in BAD.iterdir() if path.is_file() and not path.name.startswith("H29"))
USED = re.compile(r'"([HWN][0-9]+)"')


def everything_said(source: str | Path) -> list[Diagnostic]:
    """Return all diagnostics of a spec, from its text to its resolved models."""
    try:
        program = hiercomp.load(source, name="spec.hier")
        program.resolve_all()
    except SpecError as error:
        return error.diagnostics
    return [*program.diagnostics, *(item for name in program.models for item in program.warnings(name))]


def _code(name: str) -> str:
    return re.match(r"[HWN][0-9]+", name)[0]


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
def test_bad_spec(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of tests/bad are named after the code they show; their golden messages are tests of the layers."""
    monkeypatch.chdir(BAD)
    found = everything_said(Path(name))
    assert _code(name) in {item.code for item in found}, rendered(found)
    for item in found:
        assert item.expected or item.found or item.help or item.secondary, item.render()
        assert item.primary is not None, item.render()


def test_every_code_of_a_spec_has_a_bad_file() -> None:
    shown = {
        _code(name)
        for name in [*FILES, *(path.name for folder in ("data", "simulate") for path in (BAD / folder).iterdir())]
    }
    missing = {code for code, row in CODES.items() if not row.bad and code not in shown}
    # Those that no file alone shows: what is missing (H30, H50 to H52, H65), options (H104), what is asked of documents
    # (H29), what a backend cannot say (tests/backends, tests/plan), and what a machine lacks or refuses (H9x).
    elsewhere = re.compile(r"H29|H30|H31|H5[012]|H65|H104|[HN]8[0-9]|[HWN]9[0-9]")
    assert {code for code in missing if not elsewhere.fullmatch(code)} == set()
