"""A data file that cannot be read stops whoever asks for it: it never becomes a model without data."""

from __future__ import annotations

from pathlib import Path

import pytest

import hiercomp

SPEC = """data "nowhere.csv"
model one
  y_i ~ Normal(mu, 1)
  mu ~ Normal(0, 1)
model two
  y_i ~ Normal(mu, 2)
  mu ~ Normal(0, 1)
"""
DOCUMENT = "# One\n\n```\ny_i ~ Normal(mu, 1)\nmu ~ Normal(0, 1)\n```\n"


def codes(error: pytest.ExceptionInfo[hiercomp.SpecError]) -> list[str]:
    return [item.code for item in error.value.diagnostics]


def test_every_model_of_a_spec() -> None:
    program = hiercomp.load(SPEC)
    for name in ("one", "two", "one"):
        with pytest.raises(hiercomp.SpecError) as error:
            program.model(name)
        assert codes(error) == ["H50"]


def test_all_models_together() -> None:
    with pytest.raises(hiercomp.SpecError) as error:
        hiercomp.load(SPEC).resolve_all()
    assert codes(error) == ["H50"]


def test_a_document(tmp_path: Path) -> None:
    path = tmp_path / "d.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    assert hiercomp.load(path).models == ("one",)
    with pytest.raises(hiercomp.SpecError) as error:
        hiercomp.load(path, data=tmp_path / "nowhere.csv").resolve_all()
    assert codes(error) == ["H50"]
