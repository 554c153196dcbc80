"""From a resolved model to the pieces that any backend prints, in a readable tuple of passes."""

from __future__ import annotations

from hiercomp.model.ir import Model
from hiercomp.plan.centering import non_center
from hiercomp.plan.condensing import condense
from hiercomp.plan.draft import Draft, Pass, start
from hiercomp.plan.elements import bound_positions, settle_elements
from hiercomp.plan.factors import factor_covariances
from hiercomp.plan.fusing import fuse
from hiercomp.plan.ir import Plan
from hiercomp.plan.steps import assemble
from hiercomp.plan.tidying import tidy_arguments
from hiercomp.records import replace

__all__ = ["PASSES", "Plan", "make_plan", "parameterise"]

PASSES: tuple[Pass, ...] = (
    non_center,
    tidy_arguments,
    factor_covariances,
    fuse,
    condense,
    settle_elements,
    bound_positions,
)


def _passes(model: Model) -> tuple[Pass, ...]:
    """Return the passes that a model needs."""
    if model.plain:
        return tuple(one for one in _passes(replace(model, plain=False)) if one is not condense)
    if not model.latent:
        return PASSES
    from hiercomp.plan.latent import sum_out  # noqa: PLC0415  (few models have discrete unknowns)

    return (*PASSES[:3], sum_out, *PASSES[3:])


def make_plan(model: Model) -> Plan:
    """Return the plan of a resolved model.

    Raises:
        SpecError: the model asks for something that no backend could print (codes H81 to H83).
    """
    draft = start(model)
    for apply in _passes(model):
        draft = apply(draft)
    return assemble(draft)


def parameterise(model: Model) -> Model:
    """Return the model whose unknowns are those that programs sample: non-centered ones are standardised.

    Log densities of generated programs are to be compared with the reference's for this model, because the density of a
    standardised unknown differs from that of the unknown by a Jacobian.
    """
    draft: Draft = non_center(start(model))
    return replace(
        model,
        symbols=tuple(draft.symbols.values()),
        statements=draft.statements,
        order=tuple(range(len(draft.statements))) if draft.statements != model.statements else model.order,
    )
