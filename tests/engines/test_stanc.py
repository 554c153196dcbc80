"""stanc's verdicts, and how little they cost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hiercomp.engines import stanc
from hiercomp.engines.locate import find_httpstan
from tests.engines.programs import STAN, instrumented

needs_stanc = pytest.mark.skipif(find_httpstan() is None, reason="no stanc without pystan on this platform")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIERCOMP_CACHE", str(tmp_path))


@needs_stanc
@pytest.mark.parametrize("text", [STAN, instrumented()])
def test_a_good_program(text: str) -> None:
    verdict = stanc.stanc_check(text, "embedded")
    assert verdict is not None
    assert verdict.ok
    assert [message for message in verdict.messages if message.error] == []


@needs_stanc
@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("normal(theta, sigma);\n  k", "normal(theta, sigma)\n  k", 21, "Syntax error"),
        ("mu ~ normal(0, 20)", "mu ~ normal(0, nothing)", 23, "nothing"),
        ("eta ~ std_normal()", "eta ~ std_norml()", 22, "std_norml"),
    ],
)
def test_a_bad_program(old: str, new: str, line: int, words: str) -> None:
    assert old in STAN
    verdict = stanc.stanc_check(STAN.replace(old, new), "embedded")
    assert verdict is not None
    assert not verdict.ok
    (message,) = verdict.messages
    assert message.error
    assert message.line == line
    assert words in message.text


@needs_stanc
def test_a_verdict_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = STAN.replace("mu ~", "mm ~")
    first = [stanc.stanc_check(text, "embedded") for text in (STAN, bad)]

    def never(*_: Any) -> None:
        raise AssertionError("stanc was run again")

    monkeypatch.setattr(stanc, "run_stanc", never)
    assert [stanc.stanc_check(text, "embedded") for text in (STAN, bad)] == first
    with pytest.raises(AssertionError, match="again"):
        stanc.stanc_check(STAN + "\n", "embedded")


def test_no_stanc_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stanc, "find_cmdstan", lambda: None)
    monkeypatch.setattr(stanc, "find_httpstan", lambda: None)
    assert stanc.stanc_check(STAN) is None


def test_a_stanc_that_cannot_run_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "stanc").write_text("not a program")
    done = stanc.run_stanc(tmp_path / "stanc", tmp_path, ["x"])
    assert done.returncode == 126
    assert "cannot be run" in done.stderr


def test_several_messages() -> None:
    words = (
        "Warning in 'program.stan', line 3, column 2: something\n    is deprecated\n"
        "Warning: The parameter mu has no priors.\n"
        "Semantic error in 'program.stan', line 7, column 2 to column 9:\n   ---\n     7:  mm ~ ...\n"
    )
    found = stanc.read_messages(words, error=True)
    assert [(message.error, message.line) for message in found] == [(False, 3), (False, None), (True, 7)]
    assert "is deprecated" in found[0].text
    assert stanc.read_messages("", error=False) == ()
    assert stanc.read_messages("killed", error=True) == (stanc.StancMessage(True, None, "killed"),)


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from hiercomp.engines.stanc import stanc_check; stanc_check('parameters { real x; }'); "
        "print(sorted({'numpy', 'filelock', 'httpstan', 'cmdstanpy', 'pymc', 'xarray'} & set(sys.modules)))"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout == "[]\n"
