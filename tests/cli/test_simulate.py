"""`hiercomp simulate`: what it draws, writes, keeps and refuses."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import hiercomp
from hiercomp.diagnostics import SpecError

BAD = Path(__file__).parent.parent / "bad"
FACTORIAL = """
y_m ~ Normal(mu[cell[m]] + b * x_m + mean(u_r for r in offered_m), s)
mu_j ~ Normal(0, 1)
u_r ~ Normal(0, 1)
b ~ Normal(0, 1)
s ~ Half-Normal(1)

study
  offered_m ~ Subset(R, 2, 4)
  cell_m = each(j, per_cell)
  arm_j = crossed(plain, expert)
  dose_j = crossed(3)
  per_cell = 20
  x_m = z_m - mean(z)
  z_m ~ Normal(dose[cell[m]], 1)
  R = 10
"""
GROUPS = """
y_m ~ Poisson(rate[cell[m]])
rate_j ~ Gamma(2, 1)

study
  n_j ~ Poisson(9) for j in 1..5
  cell_m = each(j, n)
"""


def simulated(text: str, seed: int = 1, **sizes: int) -> dict[str, list]:
    return hiercomp.simulate(hiercomp.load(text), seed=seed, sizes=sizes).data


def test_factors_of_one_index_are_crossed_the_last_running_fastest() -> None:
    data = simulated(FACTORIAL)
    assert data["arm"] == ["plain"] * 3 + ["expert"] * 3
    assert data["dose"] == [1, 2, 3] * 2
    assert data["cell"] == [j for j in range(1, 7) for _ in range(20)]


def test_sets_are_drawn_without_replacement_each_size_alike() -> None:
    offered = simulated(FACTORIAL, per_cell=500)["offered"]
    assert len(offered) == 3000
    assert all(len(set(one)) == len(one) for one in offered)
    sizes = Counter(map(len, offered))
    assert set(sizes) == {2, 3, 4}
    assert stats.chisquare(list(sizes.values())).pvalue > 1e-3
    assert stats.chisquare(list(Counter(r for one in offered for r in one).values())).pvalue > 1e-3
    assert set().union(*offered) == set(range(1, 11))


def test_covariates_are_drawn_and_computed_in_the_order_of_need() -> None:
    data = simulated(FACTORIAL, per_cell=200)
    z, x = np.array(data["z"]), np.array(data["x"])
    np.testing.assert_allclose(x, z - z.mean(), atol=1e-12)
    dose = np.array(data["dose"])[np.array(data["cell"]) - 1]
    assert stats.kstest(z - dose, "norm").pvalue > 1e-3


def test_sizes_take_the_place_of_what_the_study_says() -> None:
    data = simulated(FACTORIAL, per_cell=2, R=4)
    assert (len(data["y"]), data["per_cell"], data["R"]) == (12, 2, 4)
    assert max(r for one in data["offered"] for r in one) <= 4


def test_groups_of_different_sizes() -> None:
    data = simulated(GROUPS)
    assert [data["cell"].count(j) for j in range(1, 6)] == data["n"]
    assert len(set(data["n"])) > 1
    assert all(isinstance(y, int) for y in data["y"])


def test_the_same_seed_gives_the_same_study_whatever_the_model() -> None:
    text = f"{FACTORIAL}\nmodel wide\n  b ~ Normal(0, 100)\nmodel narrow extends wide\n  b ~ Normal(0, 1)\n".replace(
        "b ~ Normal(0, 1)\ns", "s"
    )
    program = hiercomp.load(text)
    first, again, other, later = (
        hiercomp.simulate(program, model=model, seed=seed)
        for model, seed in (("wide", 5), ("wide", 5), ("narrow", 5), ("wide", 6))
    )
    assert first == again
    assert {k: v for k, v in first.data.items() if k != "y"} == {k: v for k, v in other.data.items() if k != "y"}
    assert first.data["y"] != other.data["y"]
    assert first.data["z"] != later.data["z"]


def test_what_is_written_is_what_data_and_points_read(run) -> None:
    Path("s.hier").write_text(FACTORIAL)
    done = run("simulate", "s.hier", "--seed", 3, "-o", "out").fine()
    assert [Path(line) for line in done.out.splitlines()] == [Path("out/data.json"), Path("out/truth.json")]
    read = run("density", "s.hier", "--data", "out/data.json", "--points", "out/truth.json").fine()
    assert np.isfinite(json.loads(read.out)["log_density"][0])
    truth = json.loads(Path("out/truth.json").read_text())
    assert set(truth["points"][0]["values"]) == {"mu", "u", "b", "s"}
    before = {path: path.read_bytes() for path in Path("out").iterdir()}
    run("simulate", "s.hier", "--seed", 3, "-o", "out").fine()
    assert {path: path.read_bytes() for path in Path("out").iterdir()} == before


def test_the_programs_names_of_unknowns_are_in_the_truth() -> None:
    text = "y_i ~ Normal(theta_i, 1) for i in 1..4\ntheta_i ~ Normal(mu, 2) non-centered\nmu ~ Normal(0, 1)\n"
    made = hiercomp.simulate(hiercomp.load(text), seed=2)
    raw, mu = np.array(made.unknowns["theta_raw"]), made.unknowns["mu"]
    np.testing.assert_allclose(made.derived["theta"], mu + 2 * raw)
    bound = hiercomp.load(text, data=made.data)
    assert np.isfinite(hiercomp.density(bound, [made.unknowns])[0])


def test_all_or_nothing(run) -> None:
    Path("s.hier").write_text(FACTORIAL)
    Path("out").mkdir()
    Path("out/truth.json").write_text('{"mine": true}')
    run("simulate", "s.hier", "--seed", 3, "-o", "out").refused("error[H95]", "truth.json")
    assert sorted(Path("out").iterdir()) == [Path("out/truth.json")]


def test_bound_data_keep_their_covariates(run, eight, specs: Path) -> None:
    run("simulate", eight, "-m", "noncentered", "--seed", 1, "-o", "out").fine()
    data = json.loads(Path("out/data.json").read_text())
    assert data["sigma"] == [15, 10, 16, 11, 9, 11, 10, 18]
    assert data["school"] == list("ABCDEFGH")
    assert data["y"] != [28, 8, -3, 7, -1, 1, 18, 12]
    spec = specs / "gallery" / "multiple_membership.hier"
    run("simulate", spec, "--seed", 1, "-o", "more").fine()
    kept, drawn = hiercomp.load(spec).model(), hiercomp.load(spec, data="more/data.json").model()
    for name in ("schools", "schools_first", "schools_final"):
        assert kept.symbol(name).value == drawn.symbol(name).value
    assert kept.symbol("score").value != drawn.symbol("score").value


def test_a_study_is_left_alone_where_data_are_bound() -> None:
    made = hiercomp.simulate(hiercomp.load(FACTORIAL), seed=1, sizes={"per_cell": 3})
    again = hiercomp.simulate(hiercomp.load(FACTORIAL, data=made.data), seed=2)
    assert again.data["offered"] == made.data["offered"]
    assert again.data["y"] != made.data["y"]
    assert hiercomp.load(FACTORIAL, data=made.data).model().symbol("y").value == tuple(made.data["y"])


def test_sizes_alone_suffice_where_there_are_no_covariates(run) -> None:
    Path("s.hier").write_text("y_i ~ Normal(mu, 1)\nmu ~ Normal(0, 1)\n")
    run("simulate", "s.hier", "--seed", 1, "-o", "out", "--size", "N=7").fine()
    assert len(json.loads(Path("out/data.json").read_text())["y"]) == 7


@pytest.mark.parametrize("text", ["N", "N=", "N=-1", "N=1.5", "=3", "1=3", "N=1e3", "N=9999999999"])
def test_sizes_that_are_none(run, text: str) -> None:
    Path("s.hier").write_text("y_i ~ Normal(mu, 1)\nmu ~ Normal(0, 1)\n")
    run("simulate", "s.hier", "--seed", 1, "-o", "out", "--size", text).refused("error[H104]", text)
    run("simulate", "s.hier", "--seed", 1, "-o", "out", "--size", "N=3", "--size", "N=4").refused("again")
    assert not Path("out").exists()


FILES = sorted([*BAD.glob("H100_*.hier"), *BAD.glob("H101_*.hier"), *(BAD / "simulate").iterdir()])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_said_where_nothing_can_be_drawn(path: Path, golden: Callable[[str, str], None], monkeypatch) -> None:
    monkeypatch.chdir(path.parent)
    with pytest.raises(SpecError) as caught:
        hiercomp.simulate(Path(path.name), seed=1)
    found = caught.value.diagnostics
    assert {item.code for item in found} == {path.name.partition("_")[0]}
    assert all(item.primary is not None and item.expected and item.found for item in found)
    golden(f"diagnostics/{path.stem}.txt", "\n\n".join(item.render() for item in found) + "\n")
