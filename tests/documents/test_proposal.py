"""The project's own document, in words and in a field of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import hiercomp as api
from hiercomp.diagnostics import SpecError
from tests.documents.command import ROOT, findings, hiercomp

DOCUMENT = ROOT / "specs" / "proposal.md"
WHOLE = ("model_a_partial_pooling", "model_b_gains_that_level_off", "model_c_who_stays_to_the_end", "nearly_equal")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("built")
    status, _, said = hiercomp("build", "specs/proposal.md", "-o", folder, "--no-stanc")
    assert status == 0
    return folder, said


def test_what_is_built(built: tuple[Path, str]) -> None:
    folder, said = built
    wanted = {f"{name}{ending}" for name in WHOLE for ending in (".stan", "_pymc.py", ".data.json")}
    assert {path.name for path in folder.iterdir()} == wanted
    assert {code: len(items) for code, items in findings(said).items()} == {"N5": 3}


def test_what_is_said_of_fragments(built: tuple[Path, str]) -> None:
    pooling, outlying, hours = findings(built[1])["N5"]
    assert "`pooling_factor` is a fragment: it lacks `tau`" in pooling
    assert "complete it: hiercomp build specs/proposal.md#variation-1 --extends model-a" in outlying
    assert "no block states a prior for `delta`" in hours


@pytest.mark.parametrize(("pick", "says"), [("variation-1", "student_t"), ("pooling", "vector[N_sites] pooling = ")])
def test_a_fragment_is_completed_with_the_data_of_its_base(pick: str, says: str) -> None:
    program = api.load(f"{DOCUMENT}#{pick}", extends="model-a")
    assert says in program.stan()
    assert program.model().data()["gain"] == api.load(DOCUMENT).model("model-a").data()["gain"]


def test_a_fragment_without_a_prior() -> None:
    with pytest.raises(SpecError) as caught:
        api.load(f"{DOCUMENT}#variation-3", extends="model-a").stan()
    (error,) = (item for item in caught.value.diagnostics if item.severity == "error")
    assert error.code == "H2"
    assert error.primary is not None
    assert error.primary.source.line(error.primary.line).strip() == "effect_i = mu + delta * hours_i"


def test_a_comment_completes_a_block_and_names_it(built: tuple[Path, str]) -> None:
    base, own = ((built[0] / f"{name}.stan").read_text() for name in ("model_a_partial_pooling", "nearly_equal"))
    changed = [(a, b) for a, b in zip(base.splitlines(), own.splitlines(), strict=True) if a != b]
    assert [b.strip() for _, b in changed[1:]] == ["tau ~ std_normal();  // Half-Normal(scale = 1); skeptical"]
    data = json.loads((built[0] / "nearly_equal.data.json").read_text())
    assert data["sites"][7] == "Harrow Lane"


def test_greek_letters_are_names_in_plain_letters(built: tuple[Path, str]) -> None:
    for ending in (".stan", "_pymc.py"):
        text = (built[0] / f"model_b_gains_that_level_off{ending}").read_text()
        assert text.isascii()
        assert "alpha + beta * " in text


def test_other_languages_are_left_alone() -> None:
    spec = api.load(DOCUMENT).spec
    assert len(spec.models) == text_blocks(DOCUMENT.read_text())


def text_blocks(text: str) -> int:
    """Count the fences without a language or with ``hier``, in a way of its own."""
    marks = [line.strip() for line in text.splitlines() if line.strip().startswith("```")]
    return sum(mark in {"```", "```hier"} for mark in marks[::2])
