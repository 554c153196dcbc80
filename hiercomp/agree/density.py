"""Whether programs have the same log density, up to a constant: Stan, PyMC and the reference at the same points.

A constant factor of a density is no part of a model, so what is compared is the difference of two log densities less
its own median. Three figures look at this from three sides. The total shows that a program as a whole is the model, to
the last digits that a sum has. Every statement's own term shows it for small terms beside large ones. The gradient
shows what the samplers see.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from hiercomp.agree.density_result import DensityResult, PairError, TermError
from hiercomp.agree.gradients import GradientError, compare_gradients
from hiercomp.agree.offsets import Floats, differ
from hiercomp.agree.rounding import Rounding
from hiercomp.catalog.schema import Limit
from hiercomp.engines.base import Densities

TOTAL_MARK = 1e-12
TERM_MARK = 1e-8
GRADIENT_MARK = 1e-8
ENOUGH_POINTS = 20
FEWEST_POINTS = 5


def compare_densities(
    stan: Densities | None,
    pymc: Densities | None,
    reference_total: Floats,
    reference_terms: Mapping[str, Floats],
    *,
    limits: Mapping[str, Sequence[Limit]] | None = None,
    directional: tuple[Floats, Floats] | None = None,
    rounding: Rounding | None = None,
    certain: Floats | None = None,
    same_points: bool = True,
    gradients: bool = True,
) -> DensityResult:
    """Compare log densities and gradients at the same points.

    `reference_total` is (points,), `reference_terms` maps every statement's label to (points,). `limits` maps labels to
    what the catalogue says of their distributions; an infinite error excuses a density that is not finite where it
    should be, and nothing else. `directional` has derivatives of Stan's and PyMC's log density along the same paths
    (`hiercomp.agree.paths`), (points, directions) each, for coordinates whose transforms differ. `rounding` is what
    covariances that are nearly singular leave open at each point: only what differs beyond that is an error. `certain`,
    (points,), is by what part of themselves derivatives may be wrong where outcomes are nearly certain.
    `same_points=False` says that a user's program lacks some of the values: the verdict is then at best 'cannot say'.
    `gradients=False` leaves out the gradients, for a program that has other unknowns.
    """
    known = {label: tuple(rows) for label, rows in (limits or {}).items() if rows and label in reference_terms}
    backends = {name: side for name, side in (("stan", stan), ("pymc", pymc)) if side is not None}
    totals = {name: side.total for name, side in backends.items()} | {"reference": reference_total}
    sizes = np.maximum(1.0, np.abs(_finite(reference_total)))
    for term in reference_terms.values():
        sizes += np.abs(_finite(term))
    slack = {name: _slack(name, known, reference_terms, len(reference_total)) for name in totals}
    lost = {name: any(map(_excuses(name), rows)) for name in totals for rows in [sum(known.values(), ())]}
    names = list(totals)
    pairs = tuple(
        _pair(
            (first, totals[first]),
            (second, totals[second]),
            sizes,
            slack[first] + slack[second],
            None if rounding is None else rounding.total,
            excused=lost[first] or lost[second],
        )
        for k, first in enumerate(names)
        for second in names[k + 1 :]
    )
    terms, missing = _all_terms(backends, reference_terms, known, rounding)
    gradient = None
    if gradients and stan is not None and pymc is not None:
        stated = [limit.error for rows in known.values() for limit in rows if limit.target != "reference"]
        errors = [error for error in stated if math.isfinite(error)]
        errors += [math.inf for rows in known.values() for limit in rows if limit.argument]
        gradient = compare_gradients(
            stan,
            pymc,
            directional,
            mark=max([GRADIENT_MARK, *errors]),
            blur=_blur(reference_terms, rounding, certain),
        )
    finite = int(np.isfinite(np.array(list(totals.values()))).all(axis=0).sum())
    faults = [_term_text(term) for term in _wrong(terms)] + list(missing)
    faults += [_pair_text(pair) for pair in pairs if not pair.agree]
    faults += [gradient.text()] if gradient is not None and not gradient.agree else []
    doubts = _doubts(pairs, finite, len(reference_total), gradient, same_points)
    remarks = rounding.remarks(reference_terms, TERM_MARK) if rounding is not None else ()
    if FEWEST_POINTS <= finite < ENOUGH_POINTS:
        remarks += (f"only {finite} of {len(reference_total)} points have finite log densities",)
    worst = {
        name: max((t for t in terms if t.backend == name), key=lambda t: t.error, default=None) for name in backends
    }
    shown = [term for term in worst.values() if term is not None]
    return DensityResult(
        verdict="disagree" if faults else "cannot say" if doubts else "agree",
        reasons=(*faults, *doubts),
        remarks=remarks,
        points=len(reference_total),
        finite=finite,
        max_error=max((math.inf if pair.unlike else pair.error for pair in pairs), default=None),
        max_term_error=max((term.error for term in terms), default=None),
        max_grad_error=None if gradient is None else gradient.error,
        pairs=pairs,
        terms=(*shown, *(term for term in _wrong(terms) if term not in shown)),
        gradient=gradient,
        worst_term={term.backend: term.label for term in shown},
        limits=tuple(
            (label, limit)
            for label, rows in known.items()
            for limit in rows
            if not limit.certain or (certain is not None and certain.any())
        ),
    )


def _blur(terms: Mapping[str, Floats], rounding: Rounding | None, certain: Floats | None) -> Floats | None:
    """Return how much of the largest derivative at each point says nothing, (points,)."""
    if rounding is None:
        return certain
    return rounding.relative(terms) + (0.0 if certain is None else certain)


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, 0.0)


def _slack(target: str, limits: Mapping[str, Sequence[Limit]], terms: Mapping[str, Floats], points: int) -> Floats:
    """Return by how much the catalogue lets a target's total be wrong at each point."""
    slack = np.zeros(points)
    for label, rows in limits.items():
        errors = [limit.error for limit in rows if limit.target == target and math.isfinite(limit.error)]
        error = max(errors, default=0.0)
        slack += error * np.maximum(1.0, np.abs(_finite(terms[label])))
    return slack


def _excuses(*targets: str) -> Callable[[Limit], bool]:
    """Return whether a limit of one of `targets` says that its densities are at times not finite."""
    return lambda limit: limit.target in targets and math.isinf(limit.error)


def _pair(
    first: tuple[str, Floats],
    second: tuple[str, Floats],
    sizes: Floats,
    slack: Floats,
    blur: Floats | None,
    *,
    excused: bool,
) -> PairError:
    (name, a), (other, b) = first, second
    either = np.maximum(np.abs(_finite(a)), np.abs(_finite(b)))
    size = max(1.0, float(either.max(initial=0.0)))
    allowed = TOTAL_MARK + float(slack.max(initial=0.0)) / size
    seen = differ(a, b, np.full(len(a), size), blur)
    here = np.maximum(sizes, either)
    local = differ(a, b, here, blur)
    here_allowed = TERM_MARK + float((slack / here).max(initial=0.0))
    unlike = () if excused else seen.unlike
    agree = not unlike and seen.error <= allowed and local.error <= here_allowed
    return PairError(name, other, seen.error, allowed, seen.point, local.error, seen.finite, unlike, agree)


def _all_terms(
    backends: Mapping[str, Densities],
    reference: Mapping[str, Floats],
    limits: Mapping[str, Sequence[Limit]],
    rounding: Rounding | None,
) -> tuple[list[TermError], list[str]]:
    errors: list[TermError] = []
    missing: list[str] = []
    for name, side in backends.items():
        if not side.terms:
            continue
        missing += [f"{label}: {name} has no such term" for label in reference if label not in side.terms]
        missing += [
            f"{label}: {name} has this term, the spec does not" for label in side.terms if label not in reference
        ]
        for label, expected in reference.items():
            if label in side.terms:
                here = [limit for limit in limits.get(label, ()) if limit.target in (name, "reference")]
                allowed = TERM_MARK + sum(limit.error for limit in here if math.isfinite(limit.error))
                excused = any(map(_excuses(name, "reference"), here))
                blur = None if rounding is None else rounding.terms[label]
                errors.append(_term((name, label), (side.terms[label], expected), allowed, blur, excused=excused))
    return errors, missing


def _term(
    names: tuple[str, str], values: tuple[Floats, Floats], allowed: float, blur: Floats | None, *, excused: bool
) -> TermError:
    found, expected = values
    seen = differ(found, expected, np.maximum(1.0, np.maximum(np.abs(found), np.abs(expected))), blur)
    unlike = () if excused else seen.unlike
    error = math.inf if unlike else seen.error
    agree = error <= allowed
    return TermError(*names, error, allowed, seen.point, seen.finite, unlike, agree)


def _wrong(terms: Sequence[TermError]) -> list[TermError]:
    return sorted((term for term in terms if not term.agree), key=lambda term: -term.error / term.allowed)


def _doubts(
    pairs: Sequence[PairError], finite: int, points: int, gradient: GradientError | None, same_points: bool
) -> list[str]:
    doubts: list[str] = []
    if not pairs:
        doubts.append("there is no program to compare with the reference")
    if not same_points:
        doubts.append("the programs do not have the same unknowns and data")
    if pairs and finite < FEWEST_POINTS:
        doubts.append(f"only {finite} of {points} points have finite log densities")
    if gradient is not None and gradient.unmatched:
        doubts.append(f"the gradient could not be compared for {', '.join(gradient.unmatched)}")
    return doubts


def _pair_text(pair: PairError) -> str:
    both = f"{pair.first} and {pair.second}"
    if pair.unlike:
        return f"the log density is finite in only one of {both} at point {pair.unlike[0] + 1}"
    if pair.error > pair.allowed:
        return f"{both} differ by {pair.error:.2g} of the largest log density at point {pair.point + 1}"
    return f"{both} differ by {pair.point_error:.2g} of the terms at one point"


def _term_text(term: TermError) -> str:
    if term.unlike:
        where = f"at point {term.unlike[0] + 1}"
        return f"{term.label}: the term is finite in only one of {term.backend} and the reference {where}"
    return f"{term.label}: {term.backend} differs from the reference by {term.error:.2g} at point {term.point + 1}"
