"""Compiling: once by content, side by side, with errors that name program and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hiercomp.engines import build as building
from hiercomp.engines.base import EngineError, EngineMissing, ProgramInput
from hiercomp.engines.toolchain import Toolchain
from tests.engines.programs import STAN, program


@pytest.mark.engine
def test_nothing_is_compiled_twice(stan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stan.prepare([program("stan")], densities=True)

    def never(*_: Any) -> None:
        raise AssertionError("the compiler was run again")

    monkeypatch.setattr(building, "_run", never)
    monkeypatch.setattr(building, "run_stanc", never)
    seen: list[tuple[str, float]] = []
    # Without terms, and under another name, it is the same program still.
    for again in (program("stan"), program("stan", name="other")):
        for densities in (True, False):
            stan.prepare([again, again], densities=densities, progress=lambda text, done: seen.append((text, done)))
    assert set(seen) == {("", 1.0)}
    with pytest.raises(AssertionError, match="again"):
        stan.prepare([program("stan", text=STAN + "\n")], densities=True)


@pytest.mark.engine
def test_errors_name_program_and_line(stan: Any) -> None:
    bad = program("stan", name="bad", text=STAN.replace("normal(0, 20)", "normal(0, twenty)"))
    with pytest.raises(EngineError) as caught:
        stan.prepare([program("stan"), bad], densities=True)
    error = caught.value
    assert (error.stage, error.program, error.line) == ("stanc", "bad", 23)
    assert "bad.stan" in error.output
    assert "twenty" in error.output
    assert "bad" in str(error)


@pytest.mark.engine
def test_an_error_in_the_instrumented_form_blames_no_line(stan: Any) -> None:
    bad = program("stan", terms_text=program("stan").terms_text.replace("std_normal", "sdt_normal"))
    with pytest.raises(EngineError) as caught:
        stan.prepare([bad], densities=True)
    assert caught.value.line is None
    assert "sdt_normal" in caught.value.output


@pytest.mark.engine
def test_words_of_the_compiler(stan: Any, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        building._run(stan.tools, program("stan"), [stan.tools.compile[0], "-c", str(tmp_path / "absent.cpp")])
    assert caught.value.stage == "compile"
    assert "absent.cpp" in caught.value.output


def _tools(header: Path | None, compiler: str = "g++ 12") -> Toolchain:
    return Toolchain(
        engine="x", version="1", stanc=Path("stanc"), folder=Path("."), compiler=compiler, compile=("g++",),
        link=("g++",), sampler_link=(), sampler="s.o", libraries=(), sampler_name="sampler", header=header,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tools", "todo", "workers", "pays"),
    [
        (_tools(Path("model.hpp")), 8, 2, True),
        (_tools(Path("model.hpp")), 4, 2, False),
        (_tools(Path("model.hpp")), 8, 8, False),
        (_tools(Path("model.hpp"), "Apple clang version 17"), 8, 2, False),
        (_tools(None), 8, 2, False),
    ],
)
def test_when_a_precompiled_header_pays(tools: Toolchain, todo: int, workers: int, pays: bool) -> None:
    assert building._precompiling_pays(tools, todo, workers) is pays


def test_the_key_is_the_content() -> None:
    key = building._key(_tools(None), program("stan"), terms=True)
    assert building._key(_tools(None), program("stan", name="z", data={}), terms=True) == key
    assert building._key(_tools(None), program("stan"), terms=False) != key
    assert building._key(_tools(None, "g++ 13"), program("stan"), terms=True) != key
    assert building._key(_tools(None), program("stan", text=STAN + " "), terms=True) != key


def test_side_by_side_and_the_first_error_ends_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HIERCOMP_CACHE", str(tmp_path))
    monkeypatch.setattr(building, "cores", lambda: 2)
    done: list[str] = []

    def build(tools: Toolchain, item: ProgramInput, *, terms: bool) -> None:
        if item.name == "p2":
            raise EngineError("compile", "no", None, "p2")
        done.append(item.name)

    monkeypatch.setattr(building, "build", build)
    programs = [program("stan", name=f"p{number}", text=f"{STAN}// {number}") for number in range(40)]
    told: list[float] = []
    with pytest.raises(EngineError, match="p2"):
        building.build_all(_tools(None), programs, terms=True, progress=lambda text, part: told.append(part))
    assert told[0] == 0.0
    done.clear()
    told.clear()
    building.build_all(_tools(None), programs[3:], terms=True, progress=lambda text, part: told.append(part))
    assert sorted(done) == sorted(item.name for item in programs[3:])
    assert told[-1] == 1.0


def test_an_engine_that_is_not_there_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from hiercomp.engines import choose_stan, toolchain

    checks: list[tuple[str, str, Callable[[], None]]] = [
        ("find_cmdstan", "install-cmdstan", lambda: choose_stan("cmdstan") and None),
        ("find_httpstan", "pip install pystan", lambda: choose_stan("embedded") and None),
        ("find_compiler", "install g", lambda: choose_stan("embedded") and None),
    ]
    for name, advice, make in checks:
        with monkeypatch.context() as patch:
            patch.setattr(toolchain, name, lambda: None)
            with pytest.raises(EngineMissing, match=advice):
                make()
    with pytest.raises(ValueError, match="no Stan engine is called"):
        choose_stan("r")
