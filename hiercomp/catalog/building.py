"""How rows are put together: signatures and spellings said once, in as few words as a row should take."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.catalog.schema import Limit, Param, ParamSupport, Signature, Spelling, Target
from hiercomp.catalog.trees import ref
from hiercomp.expr import Expr


def renormalised(*targets: Target, least_left: float = 1e-7) -> tuple[Limit, ...]:
    """The limits of targets whose normaliser of a truncation is one minus a number that is nearly one in a tail."""
    domain = f"where less than {least_left:.0e} of the distribution is left"
    return tuple(Limit(target, domain, least_left=least_left) for target in targets)


def underived(argument: str) -> tuple[Limit, ...]:
    """The limit of Stan, which derives incomplete gamma and beta functions by their shapes to few digits or none."""
    return (Limit("stan", f"in its derivatives by the {argument}, in Stan 2.27", argument=argument),)


def decomposed() -> tuple[Limit, ...]:
    """The limits of densities for which the Cholesky factor of a covariance is computed, which no target has to more
    digits than the condition of the matrix leaves."""
    domain = "where a covariance is so nearly singular that rounding of its elements changes more"
    return tuple(Limit(target, domain, rounding=True) for target in ("stan", "pymc", "reference"))


def canonical(*params: Param, positional: bool = True) -> Signature:
    """The signature whose arguments are the canonical parameters themselves."""
    return Signature(
        tuple(p.name for p in params),
        {p.name: ref(p.name) for p in params},
        positional,
        tuple(p.support for p in params),
        axes={p.name: p.axes for p in params if p.axes},
    )


def signature(
    args: Mapping[str, ParamSupport],
    convert: Mapping[str, Expr],
    *,
    positional: bool = False,
    fixed: Mapping[str, float] | None = None,
    axes: Mapping[str, tuple[str, ...]] | None = None,
    row: str = "",
) -> Signature:
    """A further signature: argument names with their supports, and the canonical parameters in terms of them."""
    return Signature(tuple(args), convert, positional, tuple(args.values()), fixed or {}, axes=axes or {}, row=row)


def at_zero(*params: Param, place: int = 0) -> Signature:
    """The signature of a half-distribution that is written with its location, which has to be zero."""
    args: dict[str, ParamSupport] = {p.name: p.support for p in params[:place]}
    args["location"] = "real"
    args |= {p.name: p.support for p in params[place:]}
    return signature(args, {p.name: ref(p.name) for p in params}, positional=True, fixed={"location": 0.0})


def stan(name: str, *args: str | Expr) -> Spelling:
    """A Stan call; a plain word is the canonical parameter of that name."""
    return Spelling(name, tuple(ref(a) if isinstance(a, str) else a for a in args))


def named(name: str, **args: str | Expr) -> Spelling:
    """A call with keyword arguments, for PyMC and SciPy."""
    return Spelling(name, tuple(ref(a) if isinstance(a, str) else a for a in args.values()), tuple(args))


def own(name: str, *params: str) -> Spelling:
    """A density that programs get as a function of their own; its arguments have no names."""
    return Spelling(name, tuple(map(ref, params)), ("",) * len(params))
