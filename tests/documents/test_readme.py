"""The excerpts of README.md are what the commands write and print today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hiercomp
from hiercomp.diagnostics import SpecError
from tests.documents.command import ROOT

README = (ROOT / "README.md").read_text()
SPEC = ROOT / "specs" / "eight_schools.hier"
# What somebody may have while writing a spec: a misprint, and a prior that is still to come.
DRAFT = """data "data/eight_schools.csv"
y_i ~ Nromal(theta_i, sigma_i)
theta_i = mu + tau * eta_i
eta_i ~ Normal(0, 1)
tau ~ Half-Cauchy(0, 10)
"""


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_spec() -> None:
    (shown,) = fences("hier")
    assert SPEC.read_text().startswith(shown)


@pytest.mark.parametrize("backend", ["stan", "pymc"])
def test_the_programs(backend: str) -> None:
    shown = fences({"stan": "stan", "pymc": "python"}[backend])[0]
    program = hiercomp.load(SPEC)
    text = program.stan("noncentered") if backend == "stan" else program.pymc("noncentered")
    assert shown in text
    assert len(shown.splitlines()) > 12


def test_the_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "specs")
    with pytest.raises(SpecError) as caught:
        hiercomp.load(DRAFT, name="draft.hier").stan()
    assert f"```\n{caught.value}\n```" in README


def test_the_table() -> None:
    """The figures are those of one run; which models there are, and that all agree, must be true of any."""
    (shown,) = (text for text in fences("") if "max_error" in text)
    models = hiercomp.load(SPEC).models
    rows = [line.split() for line in shown.splitlines() if line.split()[:1] and line.split()[0] in models]
    assert [row[0] for row in rows] == list(models)
    assert all(row[1] == row[2] == row[6] == "agree" for row in rows)
    for row in rows:
        total, term, gradient = map(float, row[3:6])
        assert total <= 1e-12
        assert term <= 1e-8
        assert gradient <= 1e-8


def test_the_first_screen() -> None:
    first = README.splitlines()[:60]
    text = "\n".join(first)
    for part in ("make check", "make test", "model noncentered", "model skeptical extends noncentered"):
        assert part in text


def test_no_placeholder_is_left() -> None:
    for path in (ROOT / "README.md", *Path(ROOT / "docs").glob("*.md")):
        assert "<!-- excerpt" not in path.read_text()
