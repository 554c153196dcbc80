"""Small plans by hand, and generated modules as they run."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import Any

from hiercomp.engines import PyMC
from hiercomp.engines.base import Densities, ProgramInput
from hiercomp.expr import Binder, Expr, Index, Ref, number
from hiercomp.model.ir import Dist, IndexSet, Support
from hiercomp.plan.ir import DataItem, Origin, ParamItem, Plan, TermStep
from hiercomp.source import Source, Span


def normal(mean: Expr, sd: Expr) -> Dist:
    return Dist("Normal", (("mean", mean), ("sd", sd)), "Normal(...)")


def pairs(names: Sequence[str], *, index_set: str = "i", notes: Mapping[str, str] | None = None, **top: Any) -> Plan:
    """Return a plan with an unknown vector for each of `names` but the last, which is observed."""
    *unknown, observed = names
    i = Index("i")
    binder = (Binder("i", index_set),)
    source = Source("attack.hier", "\n".join(names))
    starts = [sum(len(name) + 1 for name in names[:place]) for place in range(len(names))]

    def origin(place: int) -> Origin:
        name = names[place]
        span = Span(source, starts[place], starts[place] + len(name))
        return Origin(name, section=(notes or {}).get("section", ""), note=(notes or {}).get("note", ""), span=span)

    mean: Expr = number(0)
    for name in unknown:
        mean = Ref(name, (i,))
    size = f"N_{index_set}"
    return Plan(
        model=top.get("model", "attack"),
        title=top.get("title", ""),
        note="",
        source_name=top.get("source_name", "attack.hier"),
        index_sets=(IndexSet(index_set, size),),
        data=(
            DataItem(size, "int", (), Support(number(0)), False, Origin(size), index_set),
            DataItem(observed, "real", (index_set,), Support(), True, Origin(observed)),
        ),
        params=tuple(ParamItem(name, (index_set,), 0, Support(), origin(k), binder) for k, name in enumerate(unknown)),
        defines=(),
        terms=(
            *(
                TermStep(Ref(name, (i,)), normal(number(0), number(1)), (), binder, "prior", True, origin(k))
                for k, name in enumerate(unknown)
            ),
            TermStep(
                Ref(observed, (i,)), normal(mean, number(1)), (), binder, "likelihood", True, origin(len(unknown))
            ),
        ),
        predictions=(),
        log_lik=(),
    )


def load(text: str) -> types.ModuleType:
    """Return a generated module; its main part does not run."""
    module = types.ModuleType("generated")
    exec(compile(text, "generated_pymc.py", "exec"), module.__dict__)
    return module


def evaluated(
    text: str, data: Mapping[str, Any], points: Sequence[Mapping[str, Any]], *, gradients: bool = False, **rest: Any
) -> Densities:
    """Return the densities of a module; `rest` goes to its `ProgramInput`."""
    given = ProgramInput("module", text, data, {}, {}, **rest)
    return PyMC(gradients=gradients).densities(given, points)
