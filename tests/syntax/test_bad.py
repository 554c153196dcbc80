"""Every code of the syntax and of documents: a text that raises it, and all that is said about that text."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hiercomp.codes import CODES
from hiercomp.diagnostics import Diagnostics, Severity, SpecError
from hiercomp.source import Source
from hiercomp.syntax import parse, read_source

BAD = Path(__file__).parent.parent / "bad"
FILES = sorted(path.name for path in BAD.glob("*.*") if re.match(r"(?:H3\d|H4\d|H7\d|W3\d).*\.(?:hier|md)$", path.name))
OWN = [code for code in CODES if re.fullmatch(r"H[347]\d|W3\d", code)]


def said(text: str, name: str) -> Diagnostics:
    diagnostics = Diagnostics()
    parse(Source(name, text), diagnostics)
    return diagnostics


@pytest.mark.parametrize("name", FILES)
def test_what_is_said_about_bad_text(name: str, golden: Callable[[str, str], None]) -> None:
    found = said(read_source(BAD / name).text, name)
    assert name.split("_", maxsplit=1)[0].split(".", maxsplit=1)[0] in {item.code for item in found.items}
    golden(f"diagnostics/{name}.txt", "\n\n".join(item.render() for item in found.sorted()) + "\n")


@pytest.mark.parametrize("code", OWN)
def test_every_code_has_a_bad_text(code: str) -> None:
    if code in {"H30", "H31"}:
        return  # files that cannot be read are made by the tests below
    assert any(name.startswith(code) for name in FILES)


@pytest.mark.parametrize("code", [code for code in OWN if CODES[code].bad])
def test_the_example_of_a_code_raises_it_and_its_cure_does_not(code: str) -> None:
    assert code in {item.code for item in said(CODES[code].bad, "example.hier").items}
    assert said(CODES[code].good, "example.hier").items == []


def test_severity_follows_the_letter_of_the_code() -> None:
    for name in FILES:
        for item in said(read_source(BAD / name).text, name).items:
            assert (item.severity is Severity.WARNING) == item.code.startswith("W")


def test_all_errors_of_a_text_are_reported_together() -> None:
    found = said("x = 3 +\ny ~ Normal(0, 1);\nmu\nz = 1\nw = (2\n", "t.hier")
    assert [(item.code, item.primary.line if item.primary else 0) for item in found.sorted()] == [
        ("H36", 1), ("H33", 2), ("H37", 3), ("H34", 5)
    ]  # fmt: skip


def test_a_text_full_of_errors_stops_after_a_hundred() -> None:
    found = said("x = 3 +;\n" * 100_000, "t.hier")
    assert len(found.items) == 101
    assert found.sorted()[-1].code == "H41"


def refused(path: Path) -> str:
    with pytest.raises(SpecError) as caught:
        read_source(path)
    return "\n".join(item.render() for item in caught.value.diagnostics).replace(str(path.parent), "FOLDER")


def test_files_that_cannot_be_read(tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    (tmp_path / "eight.hier").write_text("mu ~ Normal(0, 1)\n")
    (tmp_path / "empty.hier").write_text(" \n\n")
    (tmp_path / "folder.hier").mkdir()
    texts = [
        refused(tmp_path / "missing.hier"),
        refused(tmp_path / "folder.hier"),
        refused(tmp_path / "no" / "missing.hier"),
        refused(tmp_path / "empty.hier"),
    ]
    golden("diagnostics/H30_H32_files.txt", "\n\n".join(texts) + "\n")
    assert refused(tmp_path / "a\0b.hier").startswith("error[H30]")
    assert refused(tmp_path / ("a" * 5000)).startswith("error[H30]")


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"mu ~ Normal(0, 1)\n# Priorit\xe4ten\n", "line 2, column 10, byte 28"),
        (b"\xef\xbb\xbf\xe4", "line 1, column 1, byte 4"),
        ("mu = \u03c4 ".encode() + b"\xff", "line 1, column 8, byte 9"),
        ("mu ~ Normal(0, 1)".encode("utf-16"), "line 1, column 1, byte 1"),
    ],
)
def test_text_in_another_encoding(tmp_path: Path, data: bytes, place: str) -> None:
    path = tmp_path / "latin.hier"
    path.write_bytes(data)
    assert refused(path).startswith(f"error[H31]: `FOLDER/latin.hier` is not UTF-8 text: {place}\n")


def test_text_in_another_encoding_in_full(tmp_path: Path, golden: Callable[[str, str], None]) -> None:
    (tmp_path / "latin.hier").write_bytes(b"mu ~ Normal(0, 1)\n# Priorit\xe4ten\n")
    golden("diagnostics/H31.txt", refused(tmp_path / "latin.hier") + "\n")
