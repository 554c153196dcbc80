"""What the names of a spec are called in the module: as Python variables, as PyMC variables and as dims.

The three are apart. Python reserves words, PyMC takes any string but a few, and a dim may not be called as a variable.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable

from hiercomp.backends.names import rename

# Names that the module itself uses.
_MODULE = (
    "Path az bernoulli_logit_sum binomial_logit_sum build_model coords data equal_rows here in_a_row json "
    "least_squares least_squares_by_group members model name np path pd picking pm pointwise predict pt pytensor "
    "read samples special sys category_log_density draw_category draw_ordered_logistic draw_ordered_probit "
    "categorical_logit draw_categorical_logit ordered_logistic ordered_probit log_forward draw_series "
    "halves_first in_pairs log_forward_by_pairs normal_mixture_sum "
    "log_between log_det wishart wishart_constant inverse_wishart CorrelationMatrix CovarianceMatrix"
)
# Densities made of rows of the catalogue, and what goes with them.
_ROWS = (
    "asymmetric_laplace ex_gaussian exp_modified_normal frechet generalized_extreme_value generalized_pareto gompertz "
    "kumaraswamy log_logistic skew_normal"
)
_OF_ROWS = " ".join(f"{name} draw_{name} start_{name} {name}_log_cdf {name}_log_ccdf" for name in _ROWS.split())
_KERNELS = [
    f"{name}_{what}"
    for name in ("exp_quad", "exponential", "matern32", "matern52", "periodic")
    for what in ("kernel", "constants")
]
RESERVED = frozenset({*keyword.kwlist, *dir(builtins), *_MODULE.split(), *_OF_ROWS.split(), *_KERNELS})
# ArviZ stacks draws along these two.
_ARVIZ = frozenset({"chain", "draw"})


def variables(names: Iterable[str]) -> dict[str, str]:
    """Return a Python identifier for each name."""
    wanted = list(dict.fromkeys(names))
    spelled = {name: _identifier(name) for name in wanted}
    good = {name for name in wanted if spelled[name] == name}
    chosen = rename(good, RESERVED)
    taken = {*chosen.values(), *RESERVED, *good}
    for name in wanted:
        if name not in good:
            chosen[name] = unused(spelled[name], taken)
            taken.add(chosen[name])
    return chosen


def model_names(names: Iterable[str]) -> dict[str, str]:
    """Return the name of each variable in the PyMC model.

    PyMC hides names such as ``tau_log__`` from the results, taking them for values on its own unconstrained scale.
    """
    wanted = list(dict.fromkeys(names))
    chosen = rename(wanted, _ARVIZ)
    taken = set(chosen.values())
    for name in wanted:
        if chosen[name].endswith("__"):
            chosen[name] = unused(chosen[name].rstrip("_") or "x", taken, "_0")
            taken.add(chosen[name])
    return chosen


def dims(sets: Iterable[str], model_variables: Iterable[str]) -> dict[str, str]:
    """Return the dim of each index set: its name, unless a variable of the model has it."""
    wanted = list(dict.fromkeys(sets))
    reserved = {*model_variables, *_ARVIZ, "__sample__"}
    taken = {*reserved, *wanted}
    chosen: dict[str, str] = {}
    for name in wanted:
        chosen[name] = unused(f"{name}_dim", taken) if name in reserved else name
        taken.add(chosen[name])
    return chosen


def again(dim: str, times: int) -> str:
    """Return what a dim is called on an axis of an array that had it `times` times before, as in a square matrix."""
    return f"{dim}_{times + 1}" if times else dim


def unused(wanted: str, taken: Collection[str], suffix: str = "_") -> str:
    """Return `wanted`, with as many suffixes as it takes to be new."""
    while wanted in taken:
        wanted += suffix
    return wanted


def _identifier(name: str) -> str:
    # Python reads identifiers in the normal form NFKC: two names that differ would be one variable.
    if name.isidentifier() and unicodedata.normalize("NFKC", name) == name:
        return name
    word = re.sub(r"\W", "_", name, flags=re.ASCII)
    return word if word and not word[0].isdigit() else f"v_{word}"
