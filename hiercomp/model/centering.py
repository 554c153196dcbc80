"""``centered`` and ``non-centered``: the statements that they may stand behind."""

from __future__ import annotations

from hiercomp.catalog import row_named
from hiercomp.diagnostics import Diagnostic
from hiercomp.model.draft import Item
from hiercomp.model.ir import Dist, Role, Support
from hiercomp.model.scope import Context, Sym

_JOINT = ("Multi-Normal", "Multi-Normal-Cholesky")


def check_centering(context: Context, sym: Sym, dists: list[Dist], item: Item, word: str) -> None:
    """Raise `Refused` (H21) where a statement cannot be centered or non-centered: `word` says which it asks for."""
    row = row_named(dists[-1].row)
    roles = {param.name for param in row.params}
    placed = bool(roles & {"mean", "location"}) and bool(roles & {"sd", "scale"})
    located = (placed and row.lower is None and not row.multivariate) or row.name in _JOINT
    found = ""
    if sym.role is not Role.PARAMETER:
        found = f"`{sym.name}`, which is {sym.role}"
    elif not located or len(dists) > 1:
        found = f"`{row.name}`" if len(dists) == 1 else "several distributions"
    elif dists[-1].truncated or sym.support != Support():
        found = "a bounded unknown"
    if found:
        raise context.refuse(
            Diagnostic(
                "H21",
                f"`{word}` is for unknowns with a location and a scale",
                item.span,
                "an unbounded unknown with a distribution such as Normal(mu, tau)",
                found,
                f"leave `{word}` out",
            )
        )
