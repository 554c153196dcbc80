"""The document that the notation is measured by, unedited: what is built of it and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

import hiercomp as api
from hiercomp.diagnostics import SpecError
from tests.documents.command import SEED, findings, hiercomp

pytestmark = pytest.mark.skipif(not SEED.exists(), reason="the document is not part of the project")

WHOLE = (
    "model_class_1_non_centered_hierarchical_standard_approach",
    "model_class_2_skeptical_hierarchical_boundary_aware",
    "model_class_3_adaptive_non_centered_geometry_optimizer",
    "option_a_complete_pooling_fixed_effect",
)
FRAGMENTS = ("shrinkage_pattern", "option_b_robust", "option_c_regression", "option_d_non_exchangeable")
Y, SIGMA = (28, 8, -3, 7, -1, 1, 18, 12), (15, 10, 16, 11, 9, 11, 10, 18)
EIGHT = "specs/data/eight_schools.csv"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return a table of nothing but y and sigma."""
    path = tmp_path / "data.csv"
    path.write_text("y,sigma\n" + "".join(f"{y},{sigma}\n" for y, sigma in zip(Y, SIGMA, strict=True)))
    return path


def line(number: int) -> str:
    return SEED.read_text().splitlines()[number - 1]


@pytest.mark.parametrize("data", ["eight_schools", "bare", "none"])
def test_complete_models_are_written(data: str, bare: Path, tmp_path: Path) -> None:
    given: dict[str, tuple[str, ...]] = {"eight_schools": ("--data", EIGHT), "bare": ("--data", str(bare)), "none": ()}
    status, out, said = hiercomp("build", SEED, *given[data], "-o", tmp_path / "out", "--no-stanc")
    assert status == 0
    endings = (".stan", "_pymc.py") + ((".data.json",) if data != "none" else ())
    wanted = {f"{name}{ending}" for name in WHOLE for ending in endings}
    assert {path.name for path in (tmp_path / "out").iterdir()} == wanted
    assert {Path(name).name for name in out.splitlines()} == wanted
    found = findings(said)
    assert {code: len(items) for code, items in found.items()} == {"N5": 4, "W2": 1}
    for name, note in zip(FRAGMENTS, found["N5"], strict=True):
        assert note.startswith(f"note[N5]: `{name}")


def test_what_is_said_of_fragments(bare: Path, tmp_path: Path) -> None:
    notes = findings(hiercomp("build", SEED, "--data", bare, "-o", tmp_path / "out", "--no-stanc")[2])["N5"]
    shrinkage, robust, precision, covariates = notes
    command = f"hiercomp build {SEED}#{{}} --extends model-class-1 --data {bare}"
    assert "it lacks `tau`\n" in shrinkage
    assert "it lacks `mu`, `tau`, `eta`\n" in robust
    assert f"help:     complete it: {command.format('option-b')}" in robust
    assert "it lacks `mu`, `beta`\n" in precision
    assert f"{SEED}:418:16\n" in precision
    assert "no block states a prior for `beta`" in precision
    assert f"state a prior, `beta ~ ...`; then complete it: {command.format('option-c')}" in precision
    assert "it lacks `mu`, `X`, `beta`\n" in covariates
    assert f"{SEED}:424:22\n" in covariates
    assert f"no block defines `X`, and {bare} has no such column" in covariates


def test_the_command_that_a_note_gives_completes_the_fragment(bare: Path, tmp_path: Path) -> None:
    notes = findings(hiercomp("build", SEED, "--data", bare, "-o", tmp_path / "out", "--no-stanc")[2])["N5"]
    for note, name in zip(notes[:2], ("shrinkage_pattern", "option_b_robust_hierarchical_t_distributed"), strict=True):
        words = note.partition("complete it: hiercomp ")[2].split()
        status, out, said = hiercomp(*words, "-o", tmp_path / "completed", "--no-stanc")
        assert (status, said) == (0, "")
        assert f"{name}.stan" in out


def test_option_b_is_model_1_with_another_likelihood(bare: Path) -> None:
    completed = api.load(f"{SEED}#option-b", data=bare, extends="model-class-1")
    assert completed.models == ("option_b_robust_hierarchical_t_distributed",)
    stan = completed.stan()
    for statement in (
        "y ~ student_t(nu, theta, sigma);",
        "nu ~ gamma(2, 0.1);  // Gamma(shape = 2, rate = 0.1); degrees of freedom",
        "vector[N] theta = mu + tau * eta;",
        "eta ~ std_normal();  // standardized random effects",
        "tau ~ cauchy(0, 10);",
    ):
        assert statement in stan
    assert "y ~ normal" not in stan


def test_option_b_alone_is_refused(bare: Path) -> None:
    with pytest.raises(SpecError) as caught:
        api.load(f"{SEED}#option-b", data=bare).stan()
    (error,) = caught.value.diagnostics
    assert (error.code, error.primary and error.primary.line) == ("H29", 411)


@pytest.mark.parametrize(
    ("option", "data", "wanted"),
    [
        ("c", EIGHT, {("H2", 418, "beta")}),
        ("c", None, {("H2", 418, "beta")}),
        ("d", EIGHT, {("H2", 424, "beta")}),
        ("d", "bare", {("H2", 424, "beta"), ("H1", 424, "X")}),
        ("d", None, {("H2", 424, "beta")}),
    ],
)
def test_a_prior_that_the_document_never_states(
    option: str, data: str | None, wanted: set[tuple[str, int, str]], bare: Path
) -> None:
    bound = bare if data == "bare" else data
    with pytest.raises(SpecError) as caught:
        api.load(f"{SEED}#option-{option}", data=bound, extends="model-class-1").stan()
    errors = [item for item in caught.value.diagnostics if item.severity == "error"]
    assert {
        (item.code, item.primary.line, item.primary.text.split("_")[0]) for item in errors if item.primary
    } == wanted
    for item in errors:
        assert item.primary is not None
        assert item.primary.text in line(item.primary.line)
        assert item.code != "H2" or item.message == "`beta` has no prior"


def test_hierarchies_survive_whole(bare: Path) -> None:
    program = api.load(SEED, data=bare)
    standard, skeptical, adaptive, pooled = (program.stan(name) for name in WHOLE)
    assert "tau ~ cauchy(0, 10);  // Half-Cauchy(scale = 10); Gelman (2006) recommendation" in standard
    assert "// Hierarchical structure (non-centered parameterization)" in standard
    assert "mu ~ normal(8, 5);  // informative, based on pooled estimate" in skeptical
    assert "tau ~ normal(0, 5);  // Half-Normal(scale = 5); skeptical of large heterogeneity" in skeptical
    assert "if (tau > threshold) {\n    theta = mu + tau * eta;\n  } else {\n" in adaptive
    assert "theta = mu + sigma_pooled * eta * (tau / threshold);" in adaptive
    assert "y ~ normal(mu, sigma);" in pooled
    for name in WHOLE:
        assert dict(program.model(name).data()) == {"y": Y, "sigma": SIGMA, "N": 8}


@pytest.mark.parametrize(
    ("pick", "name"),
    [("model-class-2", WHOLE[1]), ("option_a", WHOLE[3]), ("Option-A-Complete", WHOLE[3]), (WHOLE[2], WHOLE[2])],
)
def test_a_block_is_picked_by_any_unique_prefix(pick: str, name: str) -> None:
    assert api.load(f"{SEED}#{pick}").models == (name,)


@pytest.mark.parametrize(
    ("pick", "count"), [("model-class", "3 blocks"), ("option", "4 blocks"), ("nothing", "the blocks")]
)
def test_a_prefix_that_is_not_unique(pick: str, count: str) -> None:
    with pytest.raises(SpecError) as caught:
        assert api.load(f"{SEED}#{pick}").models
    (error,) = caught.value.diagnostics
    assert error.code == "H22"
    assert error.found.startswith(count)


def test_extends_leaves_complete_models_alone(bare: Path) -> None:
    alone, extended = api.load(SEED, data=bare), api.load(SEED, data=bare, extends="model-class-1")
    for name in WHOLE:
        assert extended.stan(name) == alone.stan(name)
        assert all(item.code != "N1" for item in extended.warnings(name))
    assert "student_t" in extended.stan("option-b")


def test_an_html_comment_says_the_same_inside_the_document(tmp_path: Path, bare: Path) -> None:
    lines = SEED.read_text().splitlines(keepends=True)
    fence = lines.index("**Option B: Robust Hierarchical (t-distributed)**\n") + 1
    lines.insert(fence, f"<!-- hier: extends model-class-1; data {bare.name} -->\n")
    edited = tmp_path / "proposal.md"
    edited.write_text("".join(lines))
    status, out, said = hiercomp("build", edited, "-o", tmp_path / "out", "--no-stanc")
    assert status == 0
    assert len(findings(said)["N5"]) == 3
    assert [Path(name).name for name in out.splitlines() if "option_b" in name] == [
        f"option_b_robust_hierarchical_t_distributed{ending}" for ending in (".stan", "_pymc.py", ".data.json")
    ]
    by_option = api.load(f"{SEED}#option-b", data=bare, extends="model-class-1").stan()
    built = (tmp_path / "out" / "option_b_robust_hierarchical_t_distributed.stan").read_text()
    assert built == by_option.replace(SEED.name, "proposal.md")
