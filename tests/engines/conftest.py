"""Engines that tests share: made once for the session, each program compiled once for all of them."""

from __future__ import annotations

from typing import Any

import pytest

from hiercomp.engines import choose_stan
from hiercomp.engines.install import install_cmdstan
from hiercomp.engines.locate import find_cmdstan
from hiercomp.records import replace


@pytest.fixture(scope="session")
def cmdstan() -> Any:
    """Return CmdStan, which is installed first where there is none."""
    if find_cmdstan() is None:
        install_cmdstan()
    return choose_stan("cmdstan")


@pytest.fixture(scope="session", params=["cmdstan", "embedded"])
def stan(request: pytest.FixtureRequest) -> Any:
    """Return each Stan engine in turn."""
    return request.getfixturevalue("cmdstan") if request.param == "cmdstan" else choose_stan("embedded")


@pytest.fixture(scope="session")
def unoptimised(cmdstan: Any) -> Any:
    """Return CmdStan that compiles without optimisation, for programs of hundreds of statements that run once."""
    return without_optimisation(cmdstan)


@pytest.fixture(scope="session")
def unoptimised_stan(stan: Any) -> Any:
    """Return each Stan engine in turn, compiling without optimisation."""
    return without_optimisation(stan)


def without_optimisation(stan: Any) -> Any:
    """Return an engine like `stan` that compiles as fast as it can."""
    engine: Any = type(stan)()
    flags = tuple("-O0" if flag == "-O3" else flag for flag in engine.tools.compile)
    assert flags != engine.tools.compile
    engine.tools = replace(engine.tools, compile=flags)
    return engine


@pytest.fixture(scope="session")
def pymc() -> Any:
    from hiercomp.engines.pymc_engine import PyMC

    return PyMC()
