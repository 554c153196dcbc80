"""What a program asks for and what it gives: its data, its unknowns and the other quantities of its posterior."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hiercomp.engines.base import EngineError, EngineMissing, ProgramInput
from hiercomp.engines.locate import find_cmdstan, find_httpstan
from hiercomp.engines.pymc_module import load_model
from hiercomp.engines.stanc import FILE, first_line, run_stanc


@dataclass(frozen=True, slots=True)
class Interface:
    """Names with their numbers of axes. `data` also says which are integers; a PyMC module's data are not known."""

    data: Mapping[str, tuple[int, bool]]
    unknowns: Mapping[str, int]
    quantities: Mapping[str, int]


def stan_interface(program: ProgramInput) -> Interface:
    """Ask stanc for the interface of a Stan program.

    Raises:
        EngineError: stanc refuses the program.
        EngineMissing: there is no stanc.
    """
    place = find_cmdstan() or find_httpstan()
    if place is None:
        raise EngineMissing("no Stan engine; run `hiercomp install-cmdstan`")
    with tempfile.TemporaryDirectory(prefix="hiercomp-") as folder:
        Path(folder, FILE).write_text(program.text, encoding="utf-8", newline="\n")
        done = run_stanc(place.stanc, Path(folder), ["--info", FILE])
    if done.returncode != 0:
        words = done.stderr.strip() or done.stdout.strip()
        raise EngineError("stanc", words, first_line(words), program.name)
    info: dict[str, dict[str, dict[str, Any]]] = json.loads(done.stdout)
    ranks = {
        block: {name: int(item["dimensions"]) for name, item in info[block].items()}
        for block in ("parameters", "transformed parameters", "generated quantities")
    }
    return Interface(
        data={name: (int(item["dimensions"]), item["type"] == "int") for name, item in info["inputs"].items()},
        unknowns=ranks["parameters"],
        quantities=ranks["transformed parameters"] | ranks["generated quantities"],
    )


def pymc_interface(program: ProgramInput) -> Interface:
    """Read the interface of a PyMC module off its model.

    Raises:
        EngineError: the module cannot be loaded.
    """
    model = load_model(program)
    return Interface(
        data={},
        unknowns={variable.name: int(variable.ndim) for variable in model.free_RVs},
        quantities={variable.name: int(variable.ndim) for variable in model.deterministics},
    )
