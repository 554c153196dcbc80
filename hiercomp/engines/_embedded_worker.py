"""Sample one program through pystan, in a process of its own: ``python -m hiercomp.engines._embedded_worker FOLDER``.

pystan writes to the process's descriptors, starts a server and child processes, leaves sockets in the temporary folder
and keeps every fit; here all that ends with the process and its folder. FOLDER holds ``request.json``; ``draws.npz``
or ``error.txt`` is written to it.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np


def main(folder: Path) -> int:
    """Sample as the request says and return the exit status."""
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    try:
        _sample(request, folder)
    except Exception as error:  # whatever it is, the other process has to be told
        (folder / "error.txt").write_text(str(error), encoding="utf-8")
        return 1
    return 0


def _sample(request: dict[str, Any], folder: Path) -> None:
    # Imported here, so that a failing import is reported like any other failure.
    stan: Any = import_module("stan")
    httpstan_cache: Any = import_module("httpstan.cache")
    httpstan_models: Any = import_module("httpstan.models")
    cache = folder / "httpstan"
    httpstan_cache.cache_directory = lambda: cache
    # The program is compiled already: in its cache folder pystan finds it under the name that it would give it.
    model_folder: Path = httpstan_cache.model_directory(httpstan_models.calculate_model_name(request["program"]))
    model_folder.mkdir(parents=True)
    sampler = Path(request["sampler"])
    (model_folder / sampler.name).symlink_to(sampler)
    for log in ("stderr.log", "stanc.log"):
        (model_folder / log).write_text("", encoding="utf-8")
    model: Any = stan.build(request["program"], data=request["data"], random_seed=request["seed"])
    arguments: dict[str, Any] = {"num_chains": request["chains"], "num_warmup": request["warmup"]}
    arguments["num_samples"] = request["draws"]
    if model.param_names and request["parameters"]:
        arguments |= {"delta": request["target_accept"], "max_depth": request["max_treedepth"]}
        fit = model.sample(**arguments)
    else:
        fit = model.fixed_param(**arguments)
    arrays: dict[str, Any] = {}
    for name, dims in zip(fit.param_names, fit.dims, strict=True):
        # pystan's last axis runs over draws, and within a draw over chains.
        values = np.asarray(fit[name]).reshape(*dims, request["draws"], request["chains"])
        arrays[f"draws {name}"] = np.moveaxis(values, (-1, -2), (0, 1))
    for name in fit.sample_and_sampler_param_names:
        values = np.asarray(fit[name]).reshape(request["draws"], request["chains"])
        arrays[f"stats {name}"] = values.T
    np.savez(folder / "draws.npz", **arrays)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
