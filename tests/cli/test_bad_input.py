"""Every command with bad input: the right status, a message with its parts, nothing written."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path

import pytest

SPEC = "y_i ~ Normal(mu, 1)\nmu ~ Normal(0, 1)\n"
BASE = 'data "d.csv"\ny_i ~ Normal(mu, sigma_i)\nmu ~ Normal(0, 20)\n'
DATA = "y,sigma\n28,15\n8,10\n"


def files() -> set[str]:
    return {path.as_posix() for path in Path().rglob("*")}


# --- the list ---------------------------------------------------------------------------------------------

# What each is: spec, data, code, line and column.
LISTED = {
    "unknown distribution": (BASE.replace("Normal(0", "Nromal(0"), DATA, "H8", "s.hier:3:6"),
    "wrong number of arguments": (BASE.replace("(0, 20)", "(0, 20, 3)"), DATA, "H9", "s.hier:3:6"),
    "wrong name of an argument": (BASE.replace("(0, 20)", "(0, rate = 20)"), DATA, "H9", "s.hier:3:6"),
    "name without definition": (BASE.replace("Normal(mu", "Normal(X_i"), DATA, "H1", "s.hier:2:14"),
    "parameter without prior": (BASE.replace("mu ~ Normal(0, 20)\n", ""), DATA, "H2", "s.hier:2:14"),
    "two definitions": (BASE + "mu ~ Normal(0, 1)\n", DATA, "H3", "s.hier:4:1"),
    "cycle": (BASE.replace("mu ~ Normal(0, 20)", "mu = a\na = mu"), DATA, "H4", "s.hier:3:1"),
    "index without a range": (BASE.replace("l(mu", "l(b_k") + "b_k ~ Normal(0, 1)\n", DATA, "H5", "s.hier:2:14"),
    "ranks that differ": (BASE + "b_j ~ Normal(mu_{j,k}, 1) for j in 1..3\n", DATA, "H6", "s.hier:4:14"),
    "argument outside its support": (BASE.replace("(0, 20)", "(0, -1)"), DATA, "H10", "s.hier:3:16"),
    "discrete unknown": (BASE.replace("Normal(0, 20)", "Poisson(3)"), DATA, "H12", "s.hier:3:6"),
    "scalar prior, used with an index": (BASE.replace("Normal(mu,", "Normal(mu_i,"), DATA, "H6", "s.hier:2:14"),
    "unclosed bracket": (BASE.replace("(0, 20)", "(0, 20"), DATA, "H34", "s.hier:3:12"),
    "stray character": (BASE.replace("(0, 20)", "(0, 20);"), DATA, "H33", "s.hier:3:19"),
    "a letter that is a column": (
        BASE.replace("Normal(mu", "Normal(mu + i"),
        "i,y,sigma\n1,28,15\n2,8,10\n",
        "H14",
        "s.hier:2:1",
    ),
    "missing data file": (BASE.replace("d.csv", "e.csv"), DATA, "H50", "s.hier:1:1"),
    "missing column": (BASE.replace("sigma_i)", "sigma_i)  where sigma_i is known"), "y\n1\n", "H15", "s.hier:2"),
    "a column that nothing names": (BASE, "y\n1\n", "H2", "s.hier:2:18"),
    "NaN": (BASE, "y,sigma\n1,NaN\n", "H59", "d.csv:2:3"),
    "text in a number column": (BASE, "y,sigma\n1,ten\n2,3\n", "H60", "d.csv:2:3"),
    "negative sigma": (BASE, "y,sigma\n1,-2\n", "H10", "s.hier:2:18"),
    "unequal lengths": (BASE.replace("d.csv", "d.json"), '{"y": [1, 2], "sigma": [1]}', "H7", "s.hier:2"),
}


@pytest.mark.parametrize("what", LISTED)
@pytest.mark.parametrize("command", ["build", "show", "explain", "check"])
def test_what_the_spec_can_have_wrong(run, what: str, command: str) -> None:
    spec, data, code, place = LISTED[what]
    Path("s.hier").write_text(spec)
    Path("d.json" if "d.json" in spec else "d.csv").write_text(data)
    before = files()
    done = run(command, "s.hier", *(["--level", "static"] if command == "check" else [])).refused(f"error[{code}]")
    assert f"--> {place}" in done.err
    shown = next(part for part in done.err.split("\n\n") if f"error[{code}]" in part)
    assert [word for word in ("expected:", "found:", "help:") if f"\n  {word}" not in shown] == [], shown
    assert files() == before


def test_all_errors_of_one_pass_are_reported_together(run) -> None:
    Path("s.hier").write_text("y_i ~ Nromal(a, 1)\nz_i ~ Normal(a)\na ~ Normal(0, -1)\nb ~ Normal(c, 1)\nc = c\n")
    done = run("build", "s.hier").refused()
    found = [line.partition("]")[0] for line in done.err.splitlines() if line.startswith("error")]
    assert found == ["error[H8", "error[H9", "error[H10", "error[H4"]


def test_errors_of_all_models_and_backends_are_reported_together(run) -> None:
    Path("s.hier").write_text(
        "y_t ~ Normal(s_t, 1)\ns_t = e_t + max(s_{t-k} for k in 1..t-1) for t in 2..T\ns_1 = 0\ne_t ~ Normal(0, 1)\n"
        "model a\n  q ~ Normal(0, 1)\nmodel b\n  r ~ Normal(0, 1)\n"
    )
    done = run("build", "s.hier", "--no-stanc").refused()
    assert done.err.count("error[H87]") >= 1
    assert files() == {"s.hier"}


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"\xff\xfe\0", "H31"), (b"# Priorit\xe4t\n", "H31"), (b"", "H32"), (bytes(range(256)), "H31"), (b"\0\0", "H33")],
)
def test_files_that_are_no_specs(run, content: bytes, code: str) -> None:
    Path("s.hier").write_bytes(content)
    run("build", "s.hier").refused(f"error[{code}]")


@pytest.mark.parametrize(
    "spec", ["missing.hier", "", ".", "#", "missing.hier#a", "a" * 5000, "no/such/folder/x.hier", "s.hier/x"]
)
def test_specs_that_are_not_there(run, spec: str) -> None:
    Path("s.hier").write_text(SPEC)
    for command in ("build", "show", "explain", "check", "fit", "density"):
        more = {"fit": ["-o", "x.nc"], "density": ["--points", "p.json"]}.get(command, [])
        run(command, spec, *more).refused("error[H30]")
    assert files() == {"s.hier"}


def test_line_endings_tabs_and_marks_change_nothing(run) -> None:
    text = "# Priors\nmu ~ Normal(0, 1)  [a note]\n\n# Data\ny_i ~ Normal(mu, 1)\n"
    Path("s.hier").write_text(text)
    wanted = run("show", "s.hier").fine().out
    for other in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), "\ufeff" + text, text.replace(" ", "\t")):
        Path("s.hier").write_bytes(other.encode())
        assert run("show", "s.hier").fine().out == wanted


@pytest.mark.parametrize(
    ("line", "status"),
    [("# a heading", 0), ("x = ; 3 ~", 2), ("y ~ Normal((", 2), ("\t\t", 0), ("[", 2)],
)
def test_a_file_of_a_hundred_thousand_lines_ends_within_seconds(run, line: str, status: int) -> None:
    Path("s.hier").write_text(SPEC + f"{line}\n" * 100_000)
    start = time.process_time()
    done = run("build", "s.hier", "--no-stanc")
    assert (done.status, time.process_time() - start < 30) == (status, True)
    assert done.err.count("error[") <= 101


# --- names of models, codes and distributions ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["zzz", "ad", "p", "", "--", "noncentered2", "{x}", "*"])
def test_models_that_are_not_there_or_could_be_several(run, eight, name: str) -> None:
    for command in ("build", "show", "explain", "check"):
        run(command, eight, f"--model={name}").refused("error[H22]", "expected:", "found:")
    if name:
        run("build", f"{eight}#{name}").refused("error[H22]")
    run("build", eight, "--emit", "ast", f"--model={name}").refused("error[H22]")
    assert files() == set()


def test_a_name_in_full_is_not_the_beginning_of_another(run, eight) -> None:
    run("show", eight, "--model", "adaptive").fine()


def test_one_model_has_to_be_named(run, eight) -> None:
    run("show", eight).refused("error[H22]", "there are several models, and none is named")
    run("fit", eight, "-o", "x.nc").refused("error[H22]")


@pytest.mark.parametrize("word", ["H999", "h999", "W0"])
def test_codes_that_do_not_exist(run, word: str) -> None:
    run("explain", word).refused("error[H97]", "expected:", "help:")


@pytest.mark.parametrize("word", ["Nromal", "", "{", "[red]x", "Normal Normal"])
def test_distributions_that_do_not_exist(run, word: str) -> None:
    run("catalog", word).refused("error[H97]", "expected:", "help:")


@pytest.mark.parametrize(
    "words",
    [
        ["nope"], ["build"], ["build", "s.hier", "--nope"], ["build", "s.hier", "--emit", "x"],
        ["show", "s.hier", "--backend", "jags"], ["check", "s.hier", "--level", "x"],
        ["check", "s.hier", "--engine", "x"], ["check", "s.hier", "--seed", "x"],
        ["fit", "s.hier"], ["density", "s.hier"], ["catalog", "a", "b"], [],
    ],
)  # fmt: skip
def test_words_that_the_command_line_does_not_know(run, words: list[str]) -> None:
    Path("s.hier").write_text(SPEC)
    assert "Usage:" in (done := run(*words).refused()).err + done.out


# --- output -----------------------------------------------------------------------------------------------------------


def test_output_that_cannot_be_written_changes_nothing(run, eight) -> None:
    Path("file").write_text("mine")
    Path("taken/noncentered.stan").mkdir(parents=True)
    os.symlink("loop", "loop")
    os.symlink("nowhere", "dangling")
    before = files()
    for out in ("file", "file/below", "taken", "loop", "loop/x", "dangling", "a" * 300, "b/" + "a" * 300):
        run("build", eight, "-o", out, "--no-stanc").refused("error[H91]", "expected:", "found:", "help:")
        assert files() == before
    assert Path("file").read_text() == "mine"


def test_files_of_somebody_elses_are_not_replaced(run, eight) -> None:
    Path("out").mkdir()
    for name, content in (("robust.stan", "// mine"), ("robust_pymc.py", ""), ("robust.data.json", '{"y": [1, 2]}')):
        Path("out", name).write_text(content)
        run("build", eight, "-o", "out", "--no-stanc").refused("error[H95]", f"out/{name}", "help:")
        assert files() == {"out", f"out/{name}"}
        assert Path("out", name).read_text() == content
        Path("out", name).unlink()
    run("build", eight, "-o", "out", "--no-stanc").fine()
    Path("other.json").write_text('{"y": [1], "sigma": [2], "X_1": [0], "X_2": [1]}')
    run("build", eight, "-o", "out", "--no-stanc", "--data", "other.json").fine()
    assert json.loads(Path("out/robust.data.json").read_text())["y"] == [1]


def test_a_pipe_or_a_device_is_never_replaced(run, eight) -> None:
    Path("out").mkdir()
    os.mkfifo("out/pooled.stan")
    run("build", eight, "-o", "out", "--no-stanc").refused("error[H91]", "a device or a pipe of that name")
    assert Path("out/pooled.stan").is_fifo()
    assert files() == {"out", "out/pooled.stan"}


@pytest.mark.parametrize("linked", [False, True])
def test_json_into_a_pipe(run, eight, linked: bool) -> None:
    os.mkfifo("pipe")
    os.symlink("pipe", "link")
    Path("p.json").write_text('[{"mu": 1}]')
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(Path("pipe").read_text()))
    reader.start()
    sink = "link" if linked else "pipe"
    run("density", eight, "-m", "pooled", "--points", "p.json", "--json", sink).fine()
    reader.join(10)
    assert len(json.loads(got[0])["log_density"]) == 1
    assert Path("pipe").is_fifo()
    assert Path("link").is_symlink()


def test_json_through_a_link_to_a_file(run, eight) -> None:
    Path("real").mkdir()
    os.symlink("real/r.json", "link")
    Path("p.json").write_text('[{"mu": 1}]')
    run("density", eight, "-m", "pooled", "--points", "p.json", "--json", "link").fine()
    assert Path("link").is_symlink()
    assert "log_density" in Path("real/r.json").read_text()


@pytest.mark.parametrize("out", ["", ".", "..", "/", "file/x.json", "folder"])
def test_what_takes_long_is_refused_before_it_begins(run, eight, out: str) -> None:
    Path("file").write_text("mine")
    Path("folder").mkdir()
    for words in (("check", eight, "--json", out), ("fit", eight, "-m", "pooled", "-o", out)):
        done = run(*words).refused("error[H91]")
        assert "sample" not in done.err
    assert files() == {"file", "folder"}


# --- points -----------------------------------------------------------------------------------------------------------

POINTS = [
    "", "null", "3", '"x"', "{}", "[1]", '{"points": 3}', '{"points": [null]}', '{"points": [{}]}', "[" * 100_000,
    '{"points": [{"values": 3}]}', '{"points": [{"values": [1]}]}', '[{"nu": 1}]', '[{"mu": "1"}]', '[{"mu": null}]',
    '[{"mu": true}]', '[{"mu": {}}]', '[{"mu": [1, 2]}]', '[{"mu": [[1], 2]}]', '[{"mu": []}]', '[{"mu": NaN}]',
    '[{"mu": 1e999}]', f'[{{"mu": 1{"0" * 400}}}]', f'[{{"mu": {"9" * 5000}}}]', "\x00", "[{]", '[{"mu": 1}] x',
]  # fmt: skip


@pytest.mark.parametrize("points", POINTS, ids=lambda text: text[:30])
def test_points_that_cannot_be_evaluated(run, eight, points: str) -> None:
    Path("p.json").write_text(points)
    words = ("density", eight, "-m", "pooled", "--points", "p.json", "--json", "r.json")
    run(*words).refused("error[H94]", "expected:", "found:", "help:")
    assert files() == {"p.json"}


@pytest.mark.parametrize("name", ["missing.json", "folder", "bytes.json", "a" * 300])
def test_files_of_points_that_cannot_be_read(run, eight, name: str) -> None:
    Path("folder").mkdir()
    Path("bytes.json").write_bytes(b"\xff\xfe")
    run("density", eight, "-m", "pooled", "--points", name).refused("error[H94]", "expected:", "found:")


def test_nothing_can_be_run_without_data(run) -> None:
    Path("s.hier").write_text(SPEC)
    Path("p.json").write_text('[{"mu": 1}]')
    run("density", "s.hier", "--points", "p.json").refused("error[H99]", "--> s.hier:1:1")
    run("check", "s.hier", "--level", "static").refused("error[H99]")
    run("fit", "s.hier", "-o", "x.nc").refused("error[H99]")


# --- programs of one's own --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--stan", "--pymc"])
def test_programs_that_cannot_be_read(run, eight, option: str) -> None:
    Path("bytes").write_bytes(b"\xff")
    Path("folder").mkdir()
    for name in ("missing", "folder", "bytes", "a" * 300):
        run("check", eight, "-m", "pooled", "--level", "static", option, name).refused("error[H94]", "found:", "help:")
    Path("mine").write_text("")
    run("check", eight, option, "mine").refused("error[H93]", "--model")


@pytest.mark.parametrize("seed", ["-1", "4294967296", "x"])
def test_seeds_that_no_engine_takes(run, eight, seed: str) -> None:
    for command in (("fit", eight, "-m", "pooled", "-o", "x.nc"), ("check", eight, "-m", "pooled")):
        done = run(*command, "--seed", seed)
        assert done.status == 2
        assert "'--seed'" in done.err
    assert files() == set()


def test_nothing_to_sample(run) -> None:
    Path("d.csv").write_text("y\n1\n2\n")
    for number, text in enumerate(("y_i ~ Normal(0, 1)", "y_i ~ Poisson(3)", "y_i ~ Normal(0, 1)\nz ~ Normal(0, 1)")):
        Path(f"s{number}.hier").write_text(f'data "d.csv"\n{text}\n')
        run("fit", f"s{number}.hier", "-o", "x.nc").refused("error[H98]", f"--> s{number}.hier:2:1", "help:")
    assert not Path("x.nc").exists()


@pytest.mark.parametrize("folder", ["file", "file/below", ""])
def test_folders_where_cmdstan_cannot_be(run, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.setattr("hiercomp.engines.install.find_compiler", lambda: "g++")
    monkeypatch.setattr("hiercomp.engines.install.find_make", lambda: "make")
    Path("file").write_text("")
    run("install-cmdstan", "--dir", folder).refused("error[H91]", "expected:", "found:", "--dir")
    assert files() == {"file"}


MODULES = {
    "nothing": ("", "defines neither"),
    "raises": ("x = 1\nraise ValueError('no')", "mine.py:2:1"),
    "takes the streams": ("import sys\nsys.stdout = sys.stderr = None", "defines neither"),
    "closes the streams": ("import sys\nsys.stdout.close()\nsys.stderr.close()", "defines neither"),
    "exits": ("import sys\nsys.exit(0)", "mine.py:2:1"),
    "raises what nobody catches": ("class Gone(BaseException): pass\nraise Gone", "mine.py:2:1"),
    "not Python": ("x = = 3", "mine.py:1:1"),
    "NUL": ("\0", "null bytes"),
    "without end": ("def build_model(data): return build_model(data)", "RecursionError"),
    "no model": ("def build_model(data): return 3", "returns something else"),
    "no argument": ("def build_model(): pass", "TypeError"),
    "not a function": ("build_model = 3", "defines neither"),
}


@pytest.mark.parametrize("what", MODULES)
@pytest.mark.engine
def test_modules_that_give_no_model(run, eight, what: str) -> None:
    text, words = MODULES[what]
    Path("mine.py").write_text(text)
    words_of_run = ("check", eight, "-m", "pooled", "--level", "static", "--engine", "embedded", "--pymc", "mine.py")
    run(*words_of_run).refused("error[H90]", words, "its own words:")
