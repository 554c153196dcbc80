"""One shape for every fit: an ArviZ DataTree with the spec's names, dims and coords, whichever backend made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from hiercomp.engines.base import ProgramInput

Arrays = Mapping[str, npt.NDArray[Any]]

_STATS = {  # Stan's names, then nutpie's and PyMC's, where they differ from those that ArviZ recommends
    "lp__": "lp",
    "accept_stat__": "acceptance_rate",
    "stepsize__": "step_size",
    "treedepth__": "tree_depth",
    "n_leapfrog__": "n_steps",
    "divergent__": "diverging",
    "energy__": "energy",
    "logp": "lp",
    "mean_tree_accept": "acceptance_rate",
    "depth": "tree_depth",
}
_TYPES = {"tree_depth": np.int64, "n_steps": np.int64, "diverging": np.bool_}


def fit_tree(
    program: ProgramInput,
    draws: Arrays,
    stats: Arrays,
    attrs: Mapping[str, str],
    *,
    log_likelihood: Arrays | None = None,
    predictive: Arrays | None = None,
) -> xr.DataTree:
    """Return the DataTree of a fit.

    `draws` maps the program's names to values of shape (chain, draw, ...); ``log_lik`` and ``y_rep``, or
    ``log_lik_NAME`` and ``y_rep_NAME``, may be among them. `stats` maps the backend's names to values of shape (chain,
    draw). `log_likelihood` and `predictive` are by observed name, for backends that keep them apart themselves.
    """
    restored = {target: name for name, target in program.renames.items()}

    def spec_names(values: Arrays | None) -> dict[str, npt.NDArray[Any]]:
        return {restored.get(target, target): array for target, array in (values or {}).items()}

    groups: dict[str, dict[str, npt.NDArray[Any]]] = {
        "posterior": {},
        "sample_stats": {},
        "log_likelihood": spec_names(log_likelihood),
        "posterior_predictive": spec_names(predictive),
    }
    for found, values in spec_names({name: draws[name] for name in draws if name not in program.samples}).items():
        group, name = _place(program, found)
        groups[group][name] = values
    for name, values in stats.items():
        known = _STATS.get(name, name)
        groups["sample_stats"][known] = values.astype(_TYPES[known]) if known in _TYPES else values
    children = {
        group: _dataset(program, values, ("chain", "draw"), attrs, group)
        for group, values in groups.items()
        if values or group in {"posterior", "sample_stats"}
    }
    observed = {name: np.asarray(program.data[name]) for name in observed_names(program) if name in program.data}
    if observed:
        children["observed_data"] = _dataset(program, observed, (), attrs)
    tree: Any = xr.DataTree
    return tree.from_dict(children)


def observed_names(program: ProgramInput) -> tuple[str, ...]:
    """Return the observed data; where the program does not say what they are, those it replicates."""
    if program.observed:
        return program.observed
    replicated = [name.removeprefix("y_rep_") for name in program.dims if name.startswith("y_rep_")]
    replicated += [name.removesuffix("_rep") for name in program.dims if name.endswith("_rep")]
    return tuple(dict.fromkeys(name for name in replicated if name in program.data))


def _place(program: ProgramInput, name: str) -> tuple[str, str]:
    """Return the group and the name there of a quantity that the program draws."""
    if name in program.unknowns:
        return "posterior", name
    observed = observed_names(program)
    for group, stem in (("log_likelihood", "log_lik"), ("posterior_predictive", "y_rep")):
        if name == stem:
            return group, observed[0] if len(observed) == 1 else name
        if name.startswith(f"{stem}_") and name.removeprefix(f"{stem}_") in observed:
            return group, name.removeprefix(f"{stem}_")
    if name in program.predicted:
        return "posterior_predictive", name
    if name.endswith("_rep") and name.removesuffix("_rep") in observed:
        return "posterior_predictive", name.removesuffix("_rep")
    return "posterior", name


def _dataset(
    program: ProgramInput, values: Arrays, leading: Sequence[str], attrs: Mapping[str, str], group: str = ""
) -> xr.Dataset:
    variables: dict[str, xr.Variable] = {}
    coords: dict[str, Any] = {}
    for name, array in values.items():
        event = array.shape[len(leading) :]
        dims = dims_of(program, name, event)
        if group == "log_likelihood" and dims and dims[0] not in program.dims.get(name, ()):
            # What many observations depend on together has one log likelihood for all of them.
            known = next((key for key in ("log_lik", f"log_lik_{name}") if key in program.dims), name)
            dims = dims_of(program, known, event)
        variables[name] = xr.Variable([*leading, *dims], array)
        for dim, length in zip(dims, event, strict=True):
            coords.setdefault(dim, _labels(program, dim, length))
        for dim, length in zip(leading, array.shape, strict=False):
            numbers = list(range(int(length)))
            coords.setdefault(dim, numbers)
    return xr.Dataset(variables, coords, dict(attrs))


def dims_of(program: ProgramInput, name: str, shape: Sequence[int]) -> list[str]:
    """Return the dims of a quantity: the program's, where they fit its shape, else ``NAME_dim_0`` and so on."""
    given = list(program.dims.get(name, ()))
    fits = len(given) == len(shape) and all(
        len(program.coords[dim]) == length for dim, length in zip(given, shape, strict=True) if dim in program.coords
    )
    if not fits:
        return [f"{name}_dim_{axis}" for axis in range(len(shape))]
    # xarray holds no array with the same dim twice (a covariance matrix): the second is told apart by its number.
    return [
        dim if dim not in given[:axis] else f"{dim}_{given[:axis].count(dim) + 1}" for axis, dim in enumerate(given)
    ]


def _labels(program: ProgramInput, dim: str, length: int) -> list[Any]:
    base = dim if dim in program.coords else dim.rpartition("_")[0]
    labels: list[Any] = [*program.coords.get(base, ())]
    return labels if len(labels) == length else list(range(1, length + 1))
