"""Exact densities of a PyMC model: its terms and their gradient, at values on the constrained scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from hiercomp.engines.base import Densities, EngineError, Floats, Point, ProgramInput

Arrays = list[npt.NDArray[Any]]

_OPERANDS = 24


@dataclass(frozen=True, slots=True)
class _Row:
    """One point; None where nothing can be said."""

    total: float
    each: Floats | None = None
    gradient: Floats | None = None
    at: Floats | None = None


@dataclass(frozen=True, slots=True)
class ModelDensities:
    """A model compiled to its terms and, if they are wanted, their slopes."""

    program: ProgramInput
    shown: tuple[str, ...]
    free: tuple[Any, ...]
    terms: tuple[str, ...]
    unconstrain: Callable[[Arrays], Arrays]
    evaluate: Callable[[Arrays], _Row]

    def at(self, points: Sequence[Point]) -> Densities:
        """Evaluate at `points`: no Jacobian, gradient on PyMC's own unconstrained scale.

        Terms are those of the program's labels; a user's own module has none.

        Raises:
            EngineError: stage ``density``: a point lacks an unknown, or none of them can be evaluated.
        """
        rows: list[_Row] = []
        names: tuple[str, ...] = ()
        messages: list[str] = []
        failed = 0
        for number, point in enumerate(points, start=1):
            given = [
                _value(self.program, self.program.samples.get(name, name), item, point)
                for name, item in zip(self.shown, self.free, strict=True)
            ]
            with np.errstate(all="ignore"):
                try:
                    at = self.unconstrain(given)
                    names = names or _names(self.shown, at)
                    outside = [name for name, value in zip(self.shown, at, strict=True) if np.isnan(value).any()]
                    if outside:
                        messages.append(f"point {number}: {', '.join(outside)}: outside the support")
                        rows.append(_Row(total=-np.inf))
                    else:
                        rows.append(self.evaluate(at))
                except Exception as error:
                    messages.append(f"point {number}: {type(error).__name__}: {error}")
                    rows.append(_Row(total=np.nan))
                    failed += 1
        if failed and failed == len(points):
            raise EngineError("density", messages[0], None, self.program.name)
        return Densities(
            total=np.array([row.total for row in rows], dtype=np.float64),
            terms=_by_label(self.program, self.terms, _stacked([row.each for row in rows], len(self.terms))),
            gradient=_stacked([row.gradient for row in rows], len(names)),
            unconstrained=_stacked([row.at for row in rows], len(names)),
            names=names,
            messages=tuple(messages),
        )


def compile_densities(program: ProgramInput, model: Any, *, gradients: bool) -> ModelDensities:
    """Return the densities of `model`; without `gradients` these are nan, and it takes a fraction of the time.

    Raises:
        EngineError: stage ``density``: the graph cannot be compiled.
    """
    restored: dict[str, str] = {target: name for name, target in program.renames.items()}
    free: list[Any] = list(model.free_RVs)
    shown = [restored.get(str(item.name), str(item.name)) for item in free]
    terms = [str(term.name) for term in (*free, *model.observed_RVs, *model.potentials)]
    try:
        unconstrain, evaluate = _compiled(model, gradients=gradients)
    except Exception as error:
        raise EngineError("density", f"{type(error).__name__}: {error}", None, program.name) from error
    return ModelDensities(program, tuple(shown), tuple(free), tuple(terms), unconstrain, evaluate)


def _joined(parts: Sequence[npt.NDArray[Any]]) -> Floats:
    return np.concatenate([np.ravel(part) for part in parts]).astype(np.float64) if parts else np.zeros(0)


def _stacked(rows: Sequence[Floats | None], width: int) -> Floats:
    return np.array([np.full(width, np.nan) if row is None else row for row in rows]).reshape(-1, width)


def _by_label(program: ProgramInput, terms: Sequence[str], each: Floats) -> dict[str, Floats]:
    parts = {label: program.terms.get(label, (label,)) for label in program.labels}
    lost = [name for names in parts.values() for name in names if name not in terms]
    if lost:
        words = f"the model has no variable or potential called {', '.join(lost)}"
        raise EngineError("density", words, None, program.name)
    return {
        label: each[:, [column for column, name in enumerate(terms) if name in names]].sum(axis=1)
        for label, names in parts.items()
    }


def _value(program: ProgramInput, name: str, variable: Any, point: Point) -> npt.NDArray[Any]:
    if name not in point:
        raise EngineError("density", f"no value for {name}, which the model samples", None, program.name)
    try:
        value = np.asarray(point[name], dtype=variable.dtype)
    except (TypeError, ValueError) as error:
        words = f"the value of {name} is not a number or an array of numbers"
        raise EngineError("density", words, None, program.name) from error
    if value.ndim != variable.ndim:
        words = f"the value of {name} has {value.ndim} axes, and the model's has {variable.ndim}"
        raise EngineError("density", words, None, program.name)
    return value


def _names(variables: Sequence[str], at: Arrays) -> tuple[str, ...]:
    return tuple(
        f"{name}[{','.join(str(index + 1) for index in place)}]" if place else name
        for name, values in zip(variables, at, strict=True)
        for place in np.ndindex(values.shape)
    )


def _compiled(model: Any, *, gradients: bool) -> tuple[Callable[[Arrays], Arrays], Callable[[Arrays], _Row]]:
    """Return the functions from constrained to unconstrained values, and from those to terms, total and gradient."""
    pytensor: Any = import_module("pytensor")
    make_mode: Any = import_module("pytensor.compile.mode").Mode
    clone_replace: Any = import_module("pytensor.graph.replace").clone_replace
    # All rewrites that keep numbers finite (FAST_COMPILE has not log(sigmoid(x))), no C++ and no JIT, which would take
    # seconds to save milliseconds; and a parameter outside its support gives -inf rather than an exception.
    mode = make_mode(linker="py", optimizer="fast_run").excluding("fusion", "inplace")
    mode = mode.including("local_check_parameter_to_ninf_switch")
    # Behind all others: one of them makes a single sum of nested ones.
    mode = mode.register((_narrowed(), 1000))
    free = list(model.free_RVs)
    values = [model.rvs_to_values[variable] for variable in free]
    with pytensor.config.change_flags(cast_policy="numpy+floatX"):
        given: list[Any] = [variable.type(name=variable.name) for variable in free]
        transforms = [model.rvs_to_transforms[variable] for variable in free]
        moved = [
            transform.forward(variable, *variable.owner.inputs) if transform is not None else variable
            for variable, transform in zip(free, transforms, strict=True)
        ]
        moved = clone_replace(moved, dict(zip(free, given, strict=True)), rebuild_strict=False)
        terms: list[Any] = model.logp(jacobian=False, sum=False)
        # Term by term: the sum of a large model has more operands than NumPy's functions take, and rewriting it as a
        # whole takes memory without end.
        slopes = [
            (at, slope)
            for term in terms
            for at, slope in enumerate(_slopes(pytensor.grad, term, values) if gradients else ())
            if slope is not None
        ]
        unconstrain = pytensor.function(given, moved, mode=mode, on_unused_input="ignore")
        outputs = [*terms, *(slope for _, slope in slopes)]
        function = pytensor.function(values, outputs, mode=mode, on_unused_input="ignore")

    def evaluate(at: Arrays) -> _Row:
        results = function(*at)
        each = np.array([np.sum(value) for value in results[: len(terms)]], dtype=np.float64)
        gradient = [np.full(np.shape(value), 0.0 if gradients else np.nan) for value in at]
        for (place, _), value in zip(slopes, results[len(terms) :], strict=True):
            gradient[place] = gradient[place] + value
        return _Row(float(each.sum()), each, _joined(gradient), _joined(at))

    return (lambda items: unconstrain(*items)), evaluate


def _narrowed() -> Any:
    """Return a rewrite that nests sums and products of more operands than NumPy's functions take: a derivative has as
    many as there are ways through the term."""
    rewriting: Any = import_module("pytensor.graph.rewriting.basic")
    elementwise: Any = import_module("pytensor.tensor.elemwise").Elemwise
    scalar: Any = import_module("pytensor.scalar.basic")

    def nested(_: Any, node: Any) -> Any:
        if len(node.inputs) <= _OPERANDS or not isinstance(node.op.scalar_op, (scalar.Add, scalar.Mul)):
            return None
        parts = [node.op(*node.inputs[start : start + _OPERANDS]) for start in range(0, len(node.inputs), _OPERANDS)]
        return [node.op(*parts)]

    return rewriting.in2out(rewriting.node_rewriter([elementwise])(nested), name="nested_operands")


def _slopes(grad: Callable[..., list[Any]], term: Any, values: list[Any]) -> list[Any]:
    """Return the derivatives of a term; None for what it does not depend on."""
    if not values:
        return []
    return grad(term.sum(), values, disconnected_inputs="ignore", return_disconnected="none")
