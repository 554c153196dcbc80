"""Log densities at given values, from either backend or from the reference."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.engines import choose_stan, pymc_engine
from hiercomp.model.ir import Model
from hiercomp.reference import log_density
from hiercomp.workflow.faults import blamed
from hiercomp.workflow.report import write_json
from hiercomp.workflow.subject import Subject, subject


def run_density(
    model: Model,
    points: Sequence[Mapping[str, Any]],
    *,
    backend: Literal["stan", "pymc", "reference"],
    engine: str | None,
) -> list[float]:
    """Return the log density at each point; see `hiercomp.api.density`."""
    made = subject(model)
    check_points(made, points)
    if backend == "reference":
        return [float(log_density(made.sampled, point)[0]) for point in points]
    runner = pymc_engine.PyMC() if backend == "pymc" else choose_stan(engine)
    with blamed([made], backend):
        runner.prepare([made.inputs[backend]], densities=True)
        return [float(value) for value in runner.densities(made.inputs[backend], points).total]


def check_points(made: Subject, points: Sequence[Mapping[str, Any]]) -> None:
    """Raise `SpecError` where a point lacks an unknown of the model or gives it another shape."""
    lengths = {item.name: item.length for item in made.model.index_sets}
    for number, point in enumerate(points, start=1):
        for item in made.plan.params:
            expected = tuple(lengths[axis] for axis in item.axes)
            if item.name not in point:
                raise _bad(f"point {number} has no value of {item.name}", item.name, ", ".join(point))
            found = np.shape(point[item.name])
            if found != expected:
                raise _bad(f"point {number}: {item.name} has another shape", f"shape {expected}", f"shape {found}")


def read_points(path: Path) -> list[Mapping[str, Any]]:
    """Read points: an object with the list ``points``, or that list; each item holds values, or ``values`` holds them.

    Raises:
        SpecError: the file is missing, no JSON, or holds something else.
    """
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _bad(f"{path} cannot be read", "a JSON file", error.strerror or str(error)) from None
    except UnicodeDecodeError as error:
        raise _bad(f"{path} is not UTF-8", "UTF-8 text", f"byte {error.start}") from None
    except json.JSONDecodeError as error:
        where = f"{path}:{error.lineno}:{error.colno}"
        raise _bad(f"{where}: not JSON", "a JSON object", error.msg) from None
    items: Any = cast("dict[str, Any]", content).get("points") if isinstance(content, dict) else content
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in cast("list[Any]", items)):
        found = "an object without points" if isinstance(content, dict) else f"a {type(content).__name__}"
        raise _bad(f"{path} holds no points", '{"points": [{"values": {...}}, ...]}', found)
    return [item.get("values", item) for item in cast("list[dict[str, Any]]", items)]


def write_densities(values: Sequence[float], path: Path | None) -> None:
    """Write ``{"log_density": [...]}`` to a file, or to standard output; infinities as null."""
    result = {"log_density": [value if np.isfinite(value) else None for value in values]}
    if path is None:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        write_json(path, result)


def _bad(message: str, expected: str, found: str) -> SpecError:
    return SpecError(
        [
            Diagnostic(
                code="H94",
                message=message,
                primary=None,
                expected=expected,
                found=found,
                help='write {"points": [{"values": {"mu": 1.5, "theta": [0.1, 0.2]}}, ...]}, on the constrained scale',
            )
        ]
    )
