"""h_m01: a study drawn from its design, the program emitted for it, and the programs in use for it.

Sizes, design and priors are those of the report's original regime: 6 x 3 cells, treatment coding without intercept, 10
alternatives of two features, and 20 problems a cell that each offer two to four of the alternatives.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import hiercomp
from hiercomp.engines import ProgramInput
from hiercomp.workflow.build import data_of
from rates.sides import HAND, ROOT, Backend, Points, program_input

SPEC = ROOT / "specs" / "h_m01.hier"
LEVELS = (6, 3)
ALTERNATIVES, CONSEQUENCES, FEATURES, PER_CELL = 10, 3, 2, 20
SEED = 20260101


def simulate(seed: int = SEED) -> dict[str, Any]:
    """Return a study: llm and prompt (the levels of each cell) and their X (cells, predictors), w (alternatives,
    features), and for each problem its cell, its choices (alternatives from 1, as many as it offers) and y, the place
    of the chosen one among them, from 1."""
    rng = np.random.default_rng(seed)
    first, second = (level.ravel() for level in np.indices(LEVELS))
    columns = [first == level for level in range(1, LEVELS[0])] + [second == level for level in range(1, LEVELS[1])]
    design = np.column_stack(columns).astype(float)
    features = rng.normal(size=(ALTERNATIVES, FEATURES))
    cell = np.repeat(np.arange(design.shape[0]), PER_CELL)
    choices = [rng.choice(ALTERNATIVES, size=rng.integers(2, 5), replace=False) for _ in cell]
    drawn = _prior(rng, design.shape)
    alpha = np.exp(drawn["gamma0"] + design @ drawn["gamma"] + drawn["sigma_cell"] * drawn["z"])
    utilities = np.concatenate([[0], np.cumsum(drawn["delta"])])
    weights = np.exp(drawn["beta"] @ features.T)  # (cells, consequences, alternatives)
    eta = np.einsum("jkr,k->jr", weights / weights.sum(axis=1, keepdims=True), utilities)
    y: list[int] = []
    for j, offered in zip(cell, choices, strict=True):
        chances = np.exp(alpha[j] * (eta[j, offered] - eta[j, offered].max()))
        y.append(1 + int(rng.choice(offered.size, p=chances / chances.sum())))
    return {
        "llm": (first + 1).tolist(),
        "prompt": (second + 1).tolist(),
        "X": design.tolist(),
        "w": features.tolist(),
        "cell": (cell + 1).tolist(),
        "choices": [(1 + offered).tolist() for offered in choices],
        "y": y,
    }


def prior_points(study: dict[str, Any], count: int = 8, seed: int = SEED + 1) -> Points:
    """Return draws from the prior; nobody published their log densities."""
    rng = np.random.default_rng(seed)
    draws = [_prior(rng, np.shape(study["X"])) for _ in range(count)]
    return Points([{name: np.asarray(value).tolist() for name, value in draw.items()} for draw in draws], [])


def _prior(rng: np.random.Generator, shape: tuple[int, ...]) -> dict[str, Any]:
    cells, predictors = shape
    return {
        "gamma0": rng.normal(3, 1),
        "gamma": rng.normal(0, 1, predictors),
        "sigma_cell": abs(rng.normal(0, 0.5)),
        "z": rng.normal(0, 1, cells),
        "beta": rng.normal(0, 1, (cells, CONSEQUENCES, FEATURES)),
        "delta": rng.dirichlet(np.ones(CONSEQUENCES - 1)),
    }


def emitted(study: dict[str, Any], backend: Backend) -> ProgramInput:
    """Return the program emitted for the study.

    Raises:
        FileNotFoundError: there is no such spec.
        hiercomp.SpecError: it does not take the study's data.
    """
    if not SPEC.is_file():
        raise FileNotFoundError(f"no spec {SPEC.relative_to(ROOT)}")
    # The spec computes X from the factors by itself.
    loaded = hiercomp.load(SPEC, data={name: value for name, value in study.items() if name != "X"})
    model = loaded.models[0]
    made = loaded.generated(backend, model)
    return program_input("h_m01_emitted", made.text, data_of(loaded.model(model)), (), made.renames)


def naive(study: dict[str, Any], backend: Backend) -> ProgramInput:
    """Return a program that evaluates eta for each problem and alternative offered: `offered` has all choices."""
    (cells, predictors), offered = np.shape(study["X"]), study["choices"]
    sizes = {"J": cells, "P": predictors, "K": CONSEQUENCES, "D": FEATURES, "R": len(study["w"]), "M": len(study["y"])}
    data = {name: study[name] for name in ("X", "w", "cell", "y")} | sizes
    data |= {"n_offered": [len(group) for group in offered], "offered": [item for group in offered for item in group]}
    path = HAND / ("h_m01_naive.stan" if backend == "stan" else "h_m01_naive_pymc.py")
    return program_input("h_m01_naive", path.read_text(encoding="utf-8"), data | {"O": len(data["offered"])}, ())
