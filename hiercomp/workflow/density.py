"""Log densities at given values, from either backend or from the reference."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.engines import choose_stan, pymc_engine
from hiercomp.model.ir import Model
from hiercomp.plan.parameterization import standardised
from hiercomp.reference import log_density
from hiercomp.workflow.faults import blamed
from hiercomp.workflow.report import write_json
from hiercomp.workflow.scales import as_sampled, on_spec_scale
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
    points, scales = as_sampled(model, points)
    if backend == "reference":
        totals = np.array([log_density(made.sampled, point)[0] for point in points])
    else:
        runner = pymc_engine.PyMC(gradients=False) if backend == "pymc" else choose_stan(engine)
        with blamed([made], backend):
            runner.prepare([made.inputs[backend]], densities=True)
            totals = runner.densities(made.inputs[backend], points).total
    return [float(total - scale) for total, scale in zip(totals, scales, strict=True)]


def check_points(made: Subject, points: Sequence[Mapping[str, Any]]) -> None:
    """Raise `SpecError` where a point lacks an unknown of the model or gives it another shape.

    Effects that are non-centered are given by their own values or all of them by the standardised ones.
    """
    lengths = {item.name: item.length for item in made.model.index_sets}
    effects = {raw: name for name, raw in standardised(made.model).items()}
    for number, point in enumerate(points, start=1):
        for item in made.plan.params:
            expected = tuple(lengths[axis] or 0 for axis in item.axes)
            name = effects.get(item.name, item.name) if on_spec_scale(effects, point) else item.name
            if name not in point:
                words = ", ".join(f"`{name}`" for name in point) or "no values"
                raise _bad(f"point {number} has no value of `{name}`", f"`{name}`", words)
            values = _array(point[name])
            if values is None:
                words = str(point[name])
                found = f"`{words[:60]}{'…' if len(words) > 60 else ''}`"
                raise _bad(f"point {number}: `{name}` is no number, nor an array of them", "finite numbers", found)
            if values.shape != expected:
                message = f"point {number}: `{name}` has another shape"
                raise _bad(message, _shape_words(expected), _shape_words(values.shape))


def _array(value: object) -> NDArray[Any] | None:
    """Return finite numbers as an array; None for what is something else, ragged, or beyond all floats."""
    try:
        found = np.asarray(value)
    except (ValueError, OverflowError, RecursionError):
        return None
    return found if found.size == 0 or (found.dtype.kind in "iuf" and bool(np.isfinite(found).all())) else None


def _shape_words(shape: tuple[int, ...]) -> str:
    match shape:
        case ():
            return "one number"
        case (length,):
            return f"a list of {length} numbers"
        case _:
            return f"an array of {' x '.join(map(str, shape))} numbers"


def read_points(path: Path) -> list[Mapping[str, Any]]:
    """Read points: an object with the list ``points``, or that list; each item holds values, or ``values`` holds them.

    Raises:
        SpecError: the file is missing, no JSON, or holds something else.
    """
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _bad(f"{path} cannot be read", "a JSON file", (error.strerror or str(error)).lower()) from None
    except UnicodeDecodeError as error:
        raise _bad(f"{path} is not UTF-8", "UTF-8 text", f"byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        where = f"{path}:{error.lineno}:{error.colno}"
        raise _bad(f"{where}: not JSON", "a JSON object", error.msg[:1].lower() + error.msg[1:]) from None
    except (ValueError, RecursionError):
        raise _bad(f"{path} cannot be read", "numbers, and lists a few deep", "far more than that") from None
    items: Any = cast("dict[str, Any]", content).get("points") if isinstance(content, dict) else content
    if not isinstance(items, list):
        found = "an object without a list `points`" if isinstance(content, dict) else "neither an object nor a list"
        raise _bad(f"{path} holds no points", '{"points": [{"values": {...}}, ...]}', found)
    points: list[Mapping[str, Any]] = []
    for number, item in enumerate(cast("list[Any]", items), start=1):
        point: Any = cast("dict[str, Any]", item).get("values", item) if isinstance(item, dict) else item
        if not isinstance(point, dict):
            raise _bad(f"point {number} of {path} is no object", '{"values": {...}}', f"`{str(point)[:60]}`")
        points.append(cast("dict[str, Any]", point))
    return points


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
