"""Discrete unknowns: what depends on each of their elements, so that these can be summed out of the density exactly.

An element may have one observation or many, of one statement or several: given its value they are independent, so that
the density of all of them is a sum over its few values. Every observation has to depend on one element only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor

from hiercomp.catalog import row_named
from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import INT, Binder, Const, Expr, Index, Ref, names, number, rebuild, set_indices, substitute, walk
from hiercomp.model.events import picked_axis
from hiercomp.model.intervals import constant
from hiercomp.model.ir import (
    AddStmt,
    DefineStmt,
    IndexSet,
    Latent,
    Member,
    Model,
    RandomStmt,
    Role,
    Stmt,
    Support,
    Symbol,
)
from hiercomp.model.parts import changed, dist_exprs
from hiercomp.model.scope import Context
from hiercomp.records import replace

MOST_VALUES = 1000
_HELP = (
    "summed out are unknowns with few values that data depend on, each observation on one element: "
    "`y_i ~ Normal(mu[z_i], s)`, `y_{s,v} ~ Bernoulli(z_s * p)`, `y_n ~ Poisson(rate[z[group[n]]])`; "
    "`Mixture(...)` says the same of priors, `HMM(...)` of states that depend on the one before"
)


_COMBINED = (
    "list their combinations: with `z_i ~ Bernoulli(p)` and `u_i ~ Bernoulli(q)` of each observation alone, "
    "`y_i ~ Mixture(((1 - p) * (1 - q), p * (1 - q), (1 - p) * q, p * q), Normal(0, s), Normal(a, s), Normal(b, s), "
    "Normal(a + b, s))`; where several observations share them, one unknown with a value for each combination, "
    "`c_j ~ Categorical(w)`, picks what they depend on: `Normal(m[c[group[i]]], s)`"
)


def sum_out(context: Context, model: Model) -> Model:
    """Return the model with what its discrete unknowns are to be summed out of.

    Raises `Refused` for H12: something depends on such an unknown in a way that leaves no sum over a few values.
    """
    for symbol in model.symbols:
        if symbol.role is Role.SUMMED:
            model = _Search(context, model, symbol).found()
    return model


class _Search:
    """What depends on one discrete unknown."""

    def __init__(self, context: Context, model: Model, symbol: Symbol) -> None:
        self._context = context
        self._model = model
        self._symbol = symbol
        self._prior = next(stmt for stmt in model.statements if _gives(stmt) == symbol.name)
        self._defined = self._depending()

    def found(self) -> Model:
        """Return the model with the unknown among those that are summed out, and with the data that this needs."""
        prior = self._prior
        assert isinstance(prior, RandomStmt)
        if not self._is_whole(prior.common.binders) or prior.dist.compound:
            raise self._refuse(prior, "its own distribution is stated for a part of it, or a mixture")
        members: list[Member] = []
        for stmt in self._model.statements:
            if stmt is prior or isinstance(stmt, DefineStmt) or not self._mentions(stmt):
                continue
            if isinstance(stmt, AddStmt) or not isinstance(stmt.lhs, Ref):
                raise self._refuse(stmt, "a term of the log density depends on it")
            role = self._model.symbol(stmt.lhs.name).role
            if role is Role.PREDICTION:
                continue
            if role not in (Role.OBSERVED, Role.CONSTANT):  # what is computed from data alone is observed too
                raise self._refuse(stmt, f"`{stmt.lhs.name}`, which is unknown itself, depends on it")
            members.append(self._member(stmt))
        model = self._model
        axis = picked_axis(prior.dist)
        first = 1
        if axis is None:
            first, last = self._ends(prior)
            taken = {item.name for item in (*model.symbols, *model.index_sets)}
            axis = _fresh(f"{self._symbol.name}_value", taken)
            labels = tuple(str(value) for value in range(first, last + 1))
            size = replace(number(last - first + 1), type=INT)
            why = f"the values of `{self._symbol.name}`"
            values = IndexSet(axis, _fresh(f"N_{axis}", taken), size, last - first + 1, labels, why)
            model = replace(model, index_sets=(*model.index_sets, values))
        latent = Latent(self._symbol.name, prior, axis, first, ())
        listed: list[Member] = []
        for member in members:
            model, one = _with_segment(model, member, listed)
            listed.append(one)
        return replace(model, latent=(*model.latent, replace(latent, members=tuple(listed))))

    def _ends(self, prior: RandomStmt) -> tuple[int, int]:
        """Return the least and the greatest value of an unknown that picks nothing. H12 where these are not known."""
        row = row_named(prior.dist.row)
        values = dict(prior.dist.args)
        own = [None if end is None else substitute(end, values) for end in (row.lower, row.upper)]
        found: list[float] = []
        for end, stated, tighter in zip(own, (prior.dist.lower, prior.dist.upper), (max, min), strict=True):
            known = [constant(one, self._context.intervals) for one in (end, stated) if one is not None]
            if not known or None in known:
                raise self._refuse(prior, "how many values it has is not known without the data or the unknowns")
            found.append(tighter(one for one in known if one is not None))
        low, high = ceil(found[0]), floor(found[1])
        if not 0 <= high - low < MOST_VALUES:
            raise self._refuse(prior, f"it has {high - low + 1} values, and sums have at most {MOST_VALUES}")
        return low, high

    def _depending(self) -> dict[str, list[DefineStmt]]:
        """Return the definitions of all names that depend on the unknown."""
        found: dict[str, list[DefineStmt]] = {}
        wanted = {self._symbol.name}
        while True:
            more = [
                stmt for stmt in self._model.statements
                if isinstance(stmt, DefineStmt) and stmt.name not in wanted and wanted & _mentioned(stmt)
            ]  # fmt: skip
            if not more:
                return found
            for stmt in self._model.statements:
                if isinstance(stmt, DefineStmt) and stmt.name in {one.name for one in more}:
                    found.setdefault(stmt.name, []).append(stmt)
            wanted |= {stmt.name for stmt in more}

    def _mentions(self, stmt: Stmt) -> bool:
        return bool(_mentioned(stmt) & {self._symbol.name, *self._defined})

    def _member(self, stmt: RandomStmt) -> Member:
        """Return a statement with the element that it depends on, in terms of the unknown itself."""
        if stmt.dist.compound or stmt.dist.truncated or any(d.compound or d.truncated for _, d in stmt.cases):
            raise self._refuse(stmt, "what depends on it is a mixture, truncated, censored or weighted")
        for binder in stmt.common.binders:
            if any(self._symbol.name in names(end) for end in (binder.lo, binder.hi) if end is not None):
                raise self._refuse(stmt, "a range depends on it")

        def written(expr: Expr) -> Expr:
            return self._written_out(expr, stmt)

        plain = replace(
            stmt,
            dist=changed(stmt.dist, written),
            cases=tuple((written(when), changed(dist, written)) for when, dist in stmt.cases),
        )
        uses = {
            node.subs for expr in _exprs(plain) for node in walk(expr)
            if isinstance(node, Ref) and node.name == self._symbol.name
        }  # fmt: skip
        others = {
            symbol.name for symbol in self._model.symbols if symbol.role is Role.SUMMED and symbol is not self._symbol
        }
        if any(names(expr) & others for expr in _exprs(plain)):
            raise self._refuse(stmt, "it depends on two discrete unknowns at once", _COMBINED)
        if len(uses) > 1 or any(len(subs) != len(self._symbol.axes) for subs in uses):
            raise self._refuse(stmt, f"one observation depends on several elements of `{self._symbol.name}`")
        if not uses:
            raise self._refuse(stmt, "nothing of it is left when definitions are written out")
        (subs,) = uses
        binders = {binder.var: binder for binder in plain.common.binders}
        match subs:
            case (Ref() as picked,) if (path := _path(picked)) and self._are_data(path[0]):
                walked = (binders[path[1]],)
            case _:
                walked = tuple(binders[sub.var] for sub in subs if isinstance(sub, Index) and sub.var in binders)
                if len({binder.var for binder in walked}) != len(subs):
                    raise self._refuse(stmt, "which element it depends on is no index of its own, nor a column")
        if not self._is_whole(walked):
            raise self._refuse(stmt, "it is stated for a part of a range")
        return Member(plain, subs)

    def _are_data(self, columns: Sequence[str]) -> bool:
        return all(self._model.symbol(name).role is Role.DATA for name in columns)

    def _written_out(self, expr: Expr, stmt: Stmt) -> Expr:
        """Return an expression with the values of the definitions that lie between it and the unknown."""
        if isinstance(expr, Ref) and expr.name in self._defined:
            definition, *more = self._defined[expr.name]
            letters = [sub.var for sub in definition.subs if isinstance(sub, Index)]
            if more or len(set(letters)) != len(definition.subs) or len(expr.subs) != len(letters):
                raise self._refuse(stmt, f"`{expr.name}`, through which it depends on it, is used as a whole array")
            if expr.name in names(definition.value):
                raise self._refuse(stmt, f"`{expr.name}`, through which it depends on it, goes on from itself")
            expr = set_indices(definition.value, dict(zip(letters, expr.subs, strict=True)))
            return self._written_out(expr, stmt)
        return rebuild(expr, lambda child: self._written_out(child, stmt))

    def _is_whole(self, binders: Sequence[Binder]) -> bool:
        """Say whether index variables go through all of their sets."""
        for binder in binders:
            item = self._model.index_set(binder.set)
            first = binder.lo is None or (isinstance(binder.lo, Const) and binder.lo.value == 1)
            last = binder.hi is None or binder.hi == item.size
            last = last or (isinstance(binder.hi, Ref) and binder.hi.name == item.size_name)
            if not first or not last:
                return False
        return True

    def _refuse(self, stmt: Stmt, why: str, help_: str = _HELP) -> Exception:
        symbol = self._symbol
        labels = (Label(stmt.common.span, "here"),) if stmt.common.span is not None and stmt is not self._prior else ()
        return self._context.refuse(
            Diagnostic(
                "H12", f"`{symbol.name}` is unknown and discrete, and cannot be summed out: {why}",
                self._prior.common.span, "observations that depend on one element each", f"`{stmt.common.text}`",
                help_, secondary=labels,
            )
        )  # fmt: skip


def _gives(stmt: Stmt) -> str:
    return stmt.lhs.name if isinstance(stmt, RandomStmt) and isinstance(stmt.lhs, Ref) else ""


def _exprs(stmt: RandomStmt) -> Iterator[Expr]:
    """Yield what the density of a statement depends on, apart from its left side."""
    for dist in (stmt.dist, *(dist for _, dist in stmt.cases)):
        yield from dist_exprs(dist)
    yield from (when for when, _ in stmt.cases)


def _mentioned(stmt: Stmt) -> frozenset[str]:
    match stmt:
        case DefineStmt(value=value, subs=subs):
            found: list[Expr] = [value, *subs]
        case AddStmt(value=value):
            found = [value]
        case RandomStmt(lhs=lhs):
            found = [*_exprs(stmt), *(lhs.subs if isinstance(lhs, Ref) else (lhs,))]
    ends = [end for binder in stmt.common.binders for end in (binder.lo, binder.hi) if end is not None]
    return frozenset[str]().union(*map(names, (*found, *ends)))


def _fresh(wanted: str, taken: set[str]) -> str:
    while wanted in taken:
        wanted += "_"
    taken.add(wanted)
    return wanted


def _with_segment(model: Model, member: Member, before: Sequence[Member]) -> tuple[Model, Member]:
    """Return the model with data that list the observations of every element, where bound data say which these are."""
    path = _path(member.subs[0]) if len(member.subs) == 1 else None
    if path is None:
        return model, member
    columns, var = path
    binder = next(binder for binder in member.stmt.common.binders if binder.var == var)
    others = (*before, *(one for latent in model.latent for one in latent.members))
    known = next((one.segment for one in others if one.segment is not None and _columns(one) == columns), None)
    if known is not None:
        return model, replace(member, segment=known)
    value = _picks(model, columns)
    if value is None:
        return model, member
    column = columns[0]
    taken = {item.name for item in (*model.symbols, *model.index_sets)} | {s.size_name for s in model.index_sets}
    axis = _axis_picked(model, member)
    count = model.index_set(axis).length or 0
    rows: list[list[int]] = [[] for _ in range(count)]
    for place, at in enumerate(value, start=1):
        rows[at - 1].append(place)
    listing = _fresh(f"{column}_rows", taken)
    dim = _fresh(f"{listing}_dim", taken)
    size = _fresh(f"N_{listing}", taken)
    ends: list[int] = []
    for row in rows:
        ends.append((ends[-1] if ends else 0) + len(row))
    firsts = tuple(end - len(row) + 1 for end, row in zip(ends, rows, strict=True))
    one = replace(number(1), type=INT)
    observations = model.index_set(binder.set)
    upper = Ref(observations.size_name, (), INT) if observations.size is None else observations.size
    why = f"the rows of every member that `{column}` picks, one after the other"
    first, final = (_fresh(f"{listing}_{word}", taken) for word in ("first", "final"))
    item = IndexSet(dim, size, length=len(value), why=why)
    symbols = (
        Symbol(
            listing, Role.DATA, (dim,), "int", Support(one, upper), why, value=tuple(p for row in rows for p in row)
        ),
        Symbol(first, Role.DATA, (axis,), "int", Support(one), f"where in `{listing}` they begin", value=firsts),
        Symbol(final, Role.DATA, (axis,), "int", Support(), f"where in `{listing}` they end", value=tuple(ends)),
    )
    model = replace(model, symbols=(*model.symbols, *symbols), index_sets=(*model.index_sets, item))
    return model, replace(member, segment=(listing, first, final))


def _path(sub: Expr) -> tuple[tuple[str, ...], str] | None:
    """Return the columns that pick an element, the last one first, and the index variable that they start from."""
    columns: list[str] = []
    while isinstance(sub, Ref) and len(sub.subs) == 1:
        columns.append(sub.name)
        sub = sub.subs[0]
    return (tuple(columns), sub.var) if columns and isinstance(sub, Index) else None


def _columns(member: Member) -> tuple[str, ...]:
    path = _path(member.subs[0]) if len(member.subs) == 1 else None
    return () if path is None else path[0]


def _picks(model: Model, columns: Sequence[str]) -> list[int] | None:
    """Return the element that columns pick for each of the rows of the first of them in the order of reading."""
    found: list[int] | None = None
    for column in reversed(columns):
        value = model.symbol(column).value
        if not isinstance(value, tuple):
            return None
        own = [at for at in value if isinstance(at, int)]
        found = own if found is None else [own[at - 1] for at in found]
    return found


def _axis_picked(model: Model, member: Member) -> str:
    found = next(
        node for expr in _exprs(member.stmt) for node in walk(expr)
        if isinstance(node, Ref) and node.subs == member.subs and model.symbol(node.name).role is Role.SUMMED
    )  # fmt: skip
    return model.symbol(found.name).axes[0]
