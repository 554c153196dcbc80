"""How each Stan engine compiles and links: its flags, its libraries, its sampler's object file.

Both engines go the same way: stanc makes C++, one run of the C++ compiler turns it and our driver into one object
file, and two links make of that the sampler and the program that prints exact densities.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hiercomp.engines.base import EngineError, EngineMissing
from hiercomp.engines.locate import EXE, Place, find_cmdstan, find_compiler, find_httpstan, find_make

_NO_COMPILER = "no C++ compiler: install g++ (or clang++), or name one in CXX"


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Commands run in `folder`. `compile` lacks input and output; `sampler` is linked before `libraries`.

    `header` is what can be precompiled where the engine does not do so itself.
    """

    engine: str
    version: str
    stanc: Path
    folder: Path
    compiler: str
    compile: tuple[str, ...]
    link: tuple[str, ...]
    sampler_link: tuple[str, ...]
    sampler: str
    libraries: tuple[str, ...]
    sampler_name: str
    header: Path | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """Return everything that decides what comes out of the same program."""
        return (
            self.engine, self.version, str(self.stanc), str(self.folder), self.compiler,
            *self.compile, "|", *self.link, "|", *self.sampler_link, "|", self.sampler, *self.libraries,
            self.sampler_name,
        )  # fmt: skip


def cmdstan_toolchain() -> Toolchain:
    """Return CmdStan's toolchain; its makefile is asked, so what the user set in make/local holds.

    Raises:
        EngineMissing: no CmdStan, compiler or make.
        EngineError: CmdStan's makefile fails.
    """
    place = find_cmdstan()
    if place is None:
        raise EngineMissing("CmdStan was not found: run `hiercomp install-cmdstan`, or set CMDSTAN to its folder")
    if find_compiler() is None:
        raise EngineMissing(_NO_COMPILER)
    return _cmdstan(place)


_ASK = """
.PHONY: hiercomp-flags
hiercomp-flags:
	$(info hiercomp-compile $(COMPILE.cpp) $(CXXFLAGS_PROGRAM))
	$(info hiercomp-link $(LINK.cpp))
	$(info hiercomp-libraries $(LDLIBS) $(LIBSUNDIALS) $(MPI_TARGETS) $(TBB_TARGETS))
	$(info hiercomp-sampler $(CMDSTAN_MAIN_O))
	@:
"""


@cache
def _cmdstan(place: Place) -> Toolchain:
    make = find_make()
    if make is None:
        raise EngineMissing("no make: install GNU make, which CmdStan is built with")
    told = _flags(make, place)
    if not (place.folder / told["sampler"][0]).is_file():
        _run_make(make, place, ["build", f"-j{os.cpu_count() or 1}"])
    return Toolchain(
        engine="cmdstan",
        version=place.version,
        stanc=place.stanc,
        folder=place.folder,
        compiler=_compiler_version(told["compile"][0]),
        compile=told["compile"],
        link=told["link"],
        sampler_link=(),
        sampler=told["sampler"][0],
        libraries=told["libraries"],
        sampler_name=f"sampler{EXE}",
    )


def _flags(make: str, place: Place) -> dict[str, tuple[str, ...]]:
    output = _run_make(make, place, ["-s", "-f", "makefile", "-f", "-", "hiercomp-flags"], _ASK)
    told: dict[str, tuple[str, ...]] = {}
    for line in output.splitlines():
        if line.startswith("hiercomp-"):
            name, _, words = line.removeprefix("hiercomp-").partition(" ")
            told[name] = tuple(shlex.split(words))
    if not (told.get("compile") and told.get("link") and told.get("sampler") and "libraries" in told):
        raise EngineError("compile", f"the makefile of CmdStan {place.version} does not say how it compiles:\n{output}")
    return told


def _run_make(make: str, place: Place, arguments: list[str], script: str = "") -> str:
    done = subprocess.run(
        [make, "--no-print-directory", *arguments], cwd=place.folder, input=script, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise EngineError("compile", f"make {' '.join(arguments)} fails in CmdStan:\n{done.stderr or done.stdout}")
    return done.stdout


def embedded_toolchain() -> Toolchain:
    """Return the toolchain of the Stan that pystan carries (httpstan).

    Raises:
        EngineMissing: no pystan, or no compiler.
    """
    place = find_httpstan()
    if place is None:
        raise EngineMissing("embedded Stan was not found: pip install pystan")
    compiler = find_compiler()
    if compiler is None:
        raise EngineMissing(_NO_COMPILER)
    return _embedded(place, compiler)


@cache
def _embedded(place: Place, compiler: str) -> Toolchain:
    # The flags are httpstan's own (httpstan/models.py), without those that only concern Python's headers. Its objects
    # were made for the manylinux C++ ABI.
    mac = sys.platform == "darwin"
    macros = ["BOOST_DISABLE_ASSERTS", "BOOST_PHOENIX_NO_VARIADIC_EXPRESSION", "STAN_THREADS", "_REENTRANT"]
    macros += [] if mac else ["_GLIBCXX_USE_CXX11_ABI=0"]
    libraries = ["sundials_cvodes", "sundials_idas", "sundials_nvecserial", "tbb"]
    libraries += ["tbbmalloc", "tbbmalloc_proxy"] if mac else []
    folder = place.folder / "lib"
    common = [compiler, "-std=c++17", "-O3", "-fPIC", "-pthread"]
    return Toolchain(
        engine="embedded",
        version=place.version,
        stanc=place.stanc,
        folder=place.folder,
        compiler=_compiler_version(compiler),
        compile=(
            *common, "-Wno-sign-compare", "-Wno-ignored-attributes", *(f"-D{macro}" for macro in macros),
            "-I", str(place.folder / "include"), "-c",
        ),
        link=(*common, *([] if mac else ["-D_GLIBCXX_USE_CXX11_ABI=0"])),
        # Stripped: httpstan's object file carries 26 MB for debuggers.
        sampler_link=("-bundle", "-undefined", "dynamic_lookup") if mac else ("-shared", "-s"),
        sampler=str(place.folder / "stan_services.o"),
        libraries=(f"-L{folder}", *(f"-l{name}" for name in libraries), f"-Wl,-rpath,{folder}"),
        sampler_name=f"sampler{sysconfig.get_config_var('EXT_SUFFIX')}",
        header=place.folder / "include" / "stan" / "model" / "model_header.hpp",
    )  # fmt: skip


def _compiler_version(compiler: str) -> str:
    try:
        done = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise EngineMissing(f"the C++ compiler {compiler} cannot be run: {error.strerror}") from error
    return done.stdout.partition("\n")[0]
