"""Values on their way into a Stan program: under the program's names, of the types that it declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.engines.base import EngineError, ProgramInput

_INT_LIMIT = 2**31 - 1


def stan_data(program: ProgramInput, info: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """Return the data that the program declares, int32 or float64; labels and other extra entries are left out.

    Raises:
        EngineError: a declared name has no value (stage ``data``), or its value is no array of numbers.
    """
    return _declared(program, info.get("inputs", {}), program.data, "data")


def stan_point(program: ProgramInput, info: Mapping[str, Any], point: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """Return the values of the program's parameters; derived quantities in `point` are left out.

    Raises:
        EngineError: a parameter has no value, or its value is no array of numbers (stage ``density``).
    """
    given = {name: value for name, value in point.items() if name not in program.samples.values()}
    for free, name in program.samples.items():
        if name in point:
            given[free] = coordinates(
                _array(point[name], whole=False, name=name, stage="density", program=program.name)
            )
    return _declared(program, info.get("parameters", {}), given, "density")


def coordinates(value: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return orthonormal coordinates of vectors that sum to zero, along the last axis: those that our Stan programs
    sample, and PyMC's ZeroSumTransform has."""
    n = value.shape[-1]
    last = value[..., -1:]
    return value[..., :-1] - last * np.sqrt(n) / (np.sqrt(n) + n)


def _declared(
    program: ProgramInput, declared: Mapping[str, Mapping[str, Any]], values: Mapping[str, Any], stage: str
) -> dict[str, npt.NDArray[Any]]:
    given = {program.renames.get(name, name): value for name, value in values.items()}
    missing = [name for name in declared if name not in given]
    if missing:
        what = "data block" if stage == "data" else "parameters block"
        raise EngineError(stage, f"no value for {', '.join(missing)}, which the {what} declares", None, program.name)
    return {
        name: _array(given[name], kind.get("type") == "int", name, stage, program.name)
        for name, kind in declared.items()
    }


def _array(value: Any, whole: bool, name: str, stage: str, program: str) -> npt.NDArray[Any]:
    try:
        array = np.asarray(value)
        numbers = array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise EngineError(
            stage, f"the value of {name} is not a number or an array of numbers", None, program
        ) from error
    if not whole:
        return numbers
    if array.size and not (np.all(np.isfinite(numbers)) and np.all(numbers == np.rint(numbers))):
        raise EngineError(stage, f"{name} is declared int, and its values are not all whole numbers", None, program)
    if np.any(np.abs(numbers) > _INT_LIMIT):
        raise EngineError(stage, f"{name} is declared int, and some value takes more than 32 bits", None, program)
    return numbers.astype(np.int32)


def stan_words(values: Mapping[str, npt.NDArray[Any]]) -> Iterable[str]:
    """Yield the words by which driver.cpp reads variables: exact, since `repr` of a float gives it back."""
    yield str(len(values))
    for name, array in values.items():
        yield f"{name} {'i' if array.dtype == np.int32 else 'r'} {array.ndim}"
        yield from map(str, array.shape)
        yield from map(repr, array.ravel(order="F").tolist())
