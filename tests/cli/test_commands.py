"""What each command does when all is well, as far as no engine is needed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scipy.stats import norm

import hiercomp
from hiercomp.catalog import DISTRIBUTIONS
from hiercomp.codes import CODES

MODELS = ("noncentered", "skeptical", "adaptive", "adaptive_smooth", "pooled", "robust", "precision", "covariates")


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*"))}


def test_build_writes_three_files_for_each_model_and_names_them(run, eight) -> None:
    done = run("build", eight, "-o", "out", "--no-stanc").fine()
    wanted = {f"{name}{end}" for name in MODELS for end in (".stan", "_pymc.py", ".data.json")}
    assert {path.name for path in Path("out").iterdir()} == wanted
    assert {Path(line).name for line in done.out.splitlines()} == wanted
    assert json.loads(Path("out/pooled.data.json").read_text())["y"] == [28, 8, -3, 7, -1, 1, 18, 12]


def test_build_of_some_models_and_one_backend(run, eight) -> None:
    run("build", eight, "--model", "rob", "-m", "pooled", "--backend", "stan", "--no-stanc").fine()
    assert sorted(tree(Path("build"))) == ["pooled.data.json", "pooled.stan", "robust.data.json", "robust.stan"]


def test_build_is_the_same_from_wherever_it_is_run(run, eight, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("build", eight, "-o", tmp_path / "one", "--no-stanc").fine()
    other = tmp_path / "some" / "other place"
    shutil.copytree(eight.parent, other)
    monkeypatch.chdir(other)
    run("build", eight.name, "-o", "../../two", "--no-stanc").fine()
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    for name, content in tree(tmp_path / "one").items():
        assert str(tmp_path).encode() not in content, name
        assert str(eight.parent).encode() not in content, name
        if not name.endswith(".json"):
            assert b" from eight_schools.hier; edits here are lost" in content


def test_build_is_the_same_whatever_the_hash_seed(eight, tmp_path: Path) -> None:
    found = []
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "hiercomp", "build", eight, "-o", tmp_path / seed, "--no-stanc"]
        subprocess.run(command, check=True, capture_output=True, env={"PYTHONHASHSEED": seed})
        found.append(tree(tmp_path / seed))
    assert found[0] == found[1]


def test_build_without_data(run) -> None:
    Path("s.hier").write_text("y_i ~ Normal(mu, 1)\nmu ~ Normal(0, 1)\n")
    run("build", "s.hier", "--no-stanc").fine()
    assert sorted(tree(Path("build"))) == ["s.stan", "s_pymc.py"]
    Path("d.json").write_text('{"y": [1, 2]}')
    run("build", "s.hier", "--no-stanc", "--data", "d.json").fine()
    assert json.loads(Path("build/s.data.json").read_text()) == {"y": [1, 2], "N": 2}


def test_a_model_after_the_name_of_the_file(run, eight) -> None:
    run("build", f"{eight}#adaptive-smooth", "--no-stanc").fine()
    assert sorted(tree(Path("build"))) == [f"adaptive_smooth{end}" for end in (".data.json", ".stan", "_pymc.py")]


def test_names_of_files_may_hold_anything(run) -> None:
    for name in ("a#b.hier", "a b.hier", "a\nb.hier", "-x.hier", "é{{x}}.hier", '"""*.hier', "a'.hier"):
        Path(name).write_text("y_i ~ Normal(mu, 1)\nmu ~ Normal(0, 1)\n")
        done = run("build", f"./{name}", "-o", "out", "--no-stanc").fine()
        for path in Path("out").glob("*.py"):
            compile(path.read_text(encoding="utf-8"), path, "exec")
        assert done.out
        shutil.rmtree("out")


@pytest.mark.parametrize("stage", ["ast", "model", "plan", "stan", "pymc"])
def test_every_stage_can_be_printed(run, eight, stage: str) -> None:
    one = run("build", eight, "--emit", stage, "--model", "pooled").fine().out
    everything = run("build", eight, "--emit", stage).fine().out
    assert one
    assert len(everything) > 3 * len(one)
    assert list(Path().iterdir()) == []
    if stage in {"stan", "pymc"}:
        assert one == run("show", eight, "--model", "pooled", "--backend", stage).fine().out
    else:
        assert run("build", eight, "--emit", stage).out == everything


def test_show_is_exactly_the_program_in_a_pipe(run, eight) -> None:
    run("build", eight, "-o", "out", "--no-stanc").fine()
    for name in MODELS:
        for backend, end in (("stan", ".stan"), ("pymc", "_pymc.py")):
            shown = run("show", eight, "-m", name, "--backend", backend).fine()
            assert shown.out == Path(f"out/{name}{end}").read_text(encoding="utf-8")
            assert "\x1b" not in shown.out


def test_side_by_side_has_every_statement_of_the_spec_and_every_line_it_became(run, eight) -> None:
    spec = hiercomp.load(eight)
    program = spec.generated("stan", "robust")
    shown = run("show", eight, "-m", "robust", "--side-by-side").fine().out
    assert "\x1b" not in shown
    flat = shown.replace(" ", "")
    lines = program.text.splitlines()
    for number, span in program.origins.items():
        if span.source is not spec.spec.source:
            continue  # a column of the data that no statement declares
        assert f"{span.line}:" in flat
        assert f"{number}:{lines[number - 1].strip()}".replace(" ", "")[:40] in flat


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(run, code: str) -> None:
    shown = run("explain", code).fine().out
    assert shown.startswith(f"{code}: {CODES[code].title}\n")
    assert CODES[code].explanation in shown
    assert run("explain", code.lower()).out == shown


def test_explain_names_every_name_with_its_role(run, eight) -> None:
    shown = run("explain", eight, "--model", "noncentered").fine().out
    for row in hiercomp.load(eight).explain("noncentered"):
        assert any(row.name in line and row.role in line for line in shown.splitlines()), row.name
    assert "\x1b" not in shown
    everything = run("explain", eight).fine().out
    assert all(f"model {name}" in everything for name in MODELS)


def test_explain_shows_the_study(run, eight) -> None:
    shown = run("explain", eight.parent / "h_m01.hier", "--model", "original").fine().out
    study = shown[shown.index("\nstudy") :]
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in study.splitlines()[4:] if line.strip()}
    assert rows["llm"] == "design j a factor with 6 levels, crossed with `prompt`"
    assert rows["cell"] == "design m 1..N_j `M_per_cell` units for each `j`, one after the other"
    assert rows["choices"] == "drawn m 1..R a set of 2 to 4 members, drawn without replacement"
    assert rows["w"].startswith("drawn r, d `w_{r,d} ~ Normal(0, 1)")
    assert rows["R"] == "computed `R = 10`"


def test_catalog_lists_all_distributions_and_describes_each(run) -> None:
    shown = run("catalog").fine().out
    for name in DISTRIBUTIONS:
        assert name in shown
        assert name in run("catalog", name).fine().out
    assert run("catalog", "half_normal").out == run("catalog", "Half-Normal").out
    for name in ("Mixture", "ZeroInflated", "Hurdle"):
        assert name in shown
        assert f"{name}(" in run("catalog", name).fine().out
    assert run("catalog", "HurdlePoisson").out == run("catalog", "hurdle").out


@pytest.mark.parametrize("sink", ["file", "out"])
def test_density_by_the_reference(run, eight, sink: str) -> None:
    Path("p.json").write_text('{"points": [{"values": {"mu": 1.5}, "log_density": 3}, {"values": {"mu": -1e300}}]}')
    words = ("density", eight, "-m", "pooled", "--backend", "reference", "--points", "p.json")
    if sink == "file":
        run(*words, "--json", "new/r.json").fine()
        values = json.loads(Path("new/r.json").read_text())["log_density"]
    else:
        values = json.loads(run(*words).fine().out)["log_density"]
    y, sigma = [28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18]
    assert values[0] == pytest.approx(norm.logpdf(y, 1.5, sigma).sum() + norm.logpdf(1.5, 0, 20), rel=1e-12)
    assert values[1] is None


def test_doctor_says_of_everything_whether_it_is_there(run) -> None:
    done = run("doctor")
    assert done.status in (0, 3)
    assert all(word in done.out for word in ("cmdstan", "embedded", "pymc", "make"))


def test_version_and_help(run) -> None:
    assert run("--version").fine().out == f"hiercomp {hiercomp.__version__}\n"
    for command in ("build", "show", "explain", "catalog", "check", "fit", "density", "doctor", "install-cmdstan"):
        assert "Usage:" in run(command, "--help").fine().out


def test_whatever_the_encoding_of_the_terminal() -> None:
    Path("s.hier").write_text("y_i ~ Normal(mu, 1)\nmu ~ Normal(0, 1)  [wie groß?]\n", encoding="utf-8")
    command = [sys.executable, "-m", "hiercomp", "show", "s.hier"]
    done = subprocess.run(command, check=True, capture_output=True, env={"PYTHONIOENCODING": "ascii"})
    assert b"// wie gro\\xdf?" in done.stdout


def test_a_reader_that_leaves_and_an_output_that_is_closed(eight) -> None:
    command = f'"{sys.executable}" -m hiercomp build "{eight}" --emit plan'
    for tail in ("| true; exit ${PIPESTATUS[0]}", ">&-"):
        done = subprocess.run(["bash", "-c", f"{command} {tail}"], check=False, capture_output=True, text=True)
        assert (done.returncode, "Traceback" in done.stderr, "Exception ignored" in done.stderr) == (0, False, False)


def test_an_output_that_is_full(eight) -> None:
    if not Path("/dev/full").is_char_device():
        pytest.skip("no device that is always full")
    command = f'"{sys.executable}" -m hiercomp show "{eight}" -m pooled > /dev/full'
    done = subprocess.run(["bash", "-c", command], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "error[H91]: the output cannot be written: no space left on device\n"


def test_parameterization_of_all_group_effects(run) -> None:
    Path("s.hier").write_text(
        "y_i ~ Normal(theta_i + p_i, 1)\ntheta_i ~ Normal(mu, tau)\np_i ~ Beta(tau, 2)\nmu ~ Normal(0, 1)\n"
        "tau ~ Half-Normal(0, 1)\n"
    )
    done = run("show", "s.hier", "--parameterization", "non-centered").fine()
    assert "theta = mu + tau * theta_raw;" in done.out
    assert "note[N80]: `p` stays centered" in done.err
    assert "theta_raw" not in run("show", "s.hier", "--parameterization", "centered").fine().out
    run("build", "s.hier", "--no-stanc", "--parameterization", "non-centered").fine()
    assert "theta_raw" in Path("build/s_pymc.py").read_text()
    run("show", "s.hier", "--parameterization", "half").refused("--parameterization")


def test_density_at_the_specs_unknowns_whatever_the_parameterization(run) -> None:
    Path("s.hier").write_text("y_i ~ Normal(theta_i, 1)\ntheta_i ~ Normal(mu, 2)\nmu ~ Normal(0, 1)\n")
    Path("d.json").write_text('{"y": [1, 2]}')
    Path("p.json").write_text('{"points": [{"values": {"mu": 0.5, "theta": [1, 1.5]}}]}')
    wanted = norm.logpdf([1, 2], [1, 1.5]).sum() + norm.logpdf([1, 1.5], 0.5, 2).sum() + norm.logpdf(0.5)
    for words in ((), ("--parameterization", "non-centered")):
        done = run("density", "s.hier", "--data", "d.json", "--points", "p.json", *words).fine()
        assert json.loads(done.out)["log_density"] == [pytest.approx(wanted, rel=1e-13)]
