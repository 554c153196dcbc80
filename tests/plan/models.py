"""Resolved models built by hand from short lines, for tests of the layers below the resolver.

A line is ``y[i] ~ Normal(theta[i], sigma[i])``, ``theta[i] = mu + tau * eta[i]`` or ``log_density += e``, with the
syntax of Python for expressions (``a if c else b`` is piecewise, ``sum(x[i] for i in N)`` a comprehension); it may end
in ``| t in 2..T, j in J`` (binders), ``| truncated a..b`` (either side empty), ``| non-centered`` and ``# note``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hiercomp.catalog import DISTRIBUTIONS, FUNCTIONS
from hiercomp.catalog.lookup import find_distribution
from hiercomp.expr import (
    BOOL,
    REAL,
    Binder,
    Call,
    Choose,
    Expr,
    Index,
    Op,
    Reduce,
    Ref,
    Stack,
    Type,
    number,
)
from hiercomp.model.ir import (
    AddStmt,
    Common,
    DefineStmt,
    Dist,
    IndexSet,
    Model,
    RandomStmt,
    Role,
    Stmt,
    Support,
    Symbol,
)
from hiercomp.source import Source, Span

_OPS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}
_COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
_REDUCTIONS = {"sum", "prod", "mean", "min", "max", "log_sum_exp", "count"}


class Builder:
    """Collects symbols while lines are read."""

    def __init__(self, sets: Mapping[str, str | int], letters: Mapping[str, str]) -> None:
        self.sets = dict(sets)
        self.letters = dict(letters)
        self.axes: dict[str, tuple[str, ...]] = {}
        self.elems: dict[str, str] = {}
        self.bound: dict[str, str] = {}
        self.order: list[str] = []

    def expr(self, node: ast.expr) -> Expr:
        match node:
            case ast.Constant(value=bool()):
                raise ValueError(ast.dump(node))
            case ast.Constant(value=int() | float() as value):
                return number(value)
            case ast.Name(id=name):
                if name in self.bound or (name in self.letters and name not in self.axes):
                    return Index(name)
                return self._ref(name, ())
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                items = index.elts if isinstance(index, ast.Tuple) else [index]
                return self._ref(name, tuple(map(self.expr, items)))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = self.expr(operand)
                return Op("neg", (value,), value.type)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Op("not", (self.expr(operand),), BOOL)
            case ast.BinOp(left=left, op=op, right=right):
                return self._binary(_OPS[type(op)], self.expr(left), self.expr(right))
            case ast.BoolOp(op=op, values=values):
                word = "and" if isinstance(op, ast.And) else "or"
                result = self.expr(values[0])
                for value in values[1:]:
                    result = Op(word, (result, self.expr(value)), BOOL)
                return result
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return Op(_COMPARE[type(op)], (self.expr(left), self.expr(right)), BOOL)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                first, rest = self.expr(body), self.expr(orelse)
                more = rest.cases if isinstance(rest, Choose) else ()
                last = rest.otherwise if isinstance(rest, Choose) else rest
                return Choose(((self.expr(test), first), *more), last, first.type)
            case ast.Tuple(elts=items):
                return Stack(tuple(map(self.expr, items)), Type("real", (f"stack_{len(items)}",)))
            case ast.Call(func=ast.Name(id=func), args=[ast.GeneratorExp(elt=body, generators=generators)]):
                binders = tuple(self._binder(g.target.id, g.iter) for g in generators)  # type: ignore[attr-defined]
                outer = dict(self.bound)
                self.bound |= {b.var: b.set for b in binders}
                value = self.expr(body)
                self.bound = outer
                return Reduce(func, value, binders, REAL)
            case ast.Call(func=ast.Name(id=func), args=args):
                row = FUNCTIONS.get(func)
                values = tuple(map(self.expr, args))
                if func == "dot" or (row is not None and row.reduction):
                    kind = REAL
                elif func == "matvec":
                    kind = Type("real", values[0].type.axes[:1])
                else:
                    kind = Type("real", max((v.type.axes for v in values), key=len, default=()))
                return Call(func, values, kind)
            case _:
                raise ValueError(ast.dump(node))

    def _binary(self, op: str, left: Expr, right: Expr) -> Expr:
        axes = max(left.type.axes, right.type.axes, key=len)
        both = left.type.elem == right.type.elem == "int" and op not in "/^"
        return Op(op, (left, right), Type("int" if both else "real", axes))  # type: ignore[arg-type]

    def _ref(self, name: str, subs: tuple[Expr, ...]) -> Ref:
        if name not in self.axes:
            if name not in self.order:
                self.order.append(name)
            axes = tuple(self._axis(sub) for sub in subs)
            self.axes[name] = axes
        axes = self.axes[name]
        return Ref(name, subs, Type(self.elems.get(name, "real"), axes[len(subs) :]))  # type: ignore[arg-type]

    def _axis(self, sub: Expr) -> str:
        match sub:
            case Index(var=var):
                return self.bound.get(var) or self.letters[var]
            case Op(args=args):
                return next(axis for arg in args if (axis := self._axis(arg)))
            case Ref():
                raise ValueError("say what axes a name with nested subscripts has")
            case _:
                return ""

    def _binder(self, var: str, domain: ast.expr) -> Binder:
        assert isinstance(domain, ast.Name)
        return Binder(var, domain.id)

    def binder(self, text: str) -> Binder:
        var, domain = (part.strip() for part in text.split(" in "))
        if ".." not in domain:
            return Binder(var, domain)
        lo, hi = domain.split("..")
        axis = self.letters.get(var) or next(name for name, size in self.sets.items() if size == hi.strip())
        return Binder(var, axis, self.parse(lo), self.parse(hi))

    def parse(self, text: str) -> Expr:
        return self.expr(ast.parse(text.strip(), mode="eval").body)

    def dist(self, text: str) -> Dist:
        match = re.fullmatch(r"([\w-]+)\((.*)\)", text.strip(), re.DOTALL)
        assert match, text
        row = find_distribution(match[1])
        assert row is not None, text
        call = ast.parse(f"f({match[2]})", mode="eval").body
        assert isinstance(call, ast.Call)
        values = [self.expr(arg) for arg in call.args]
        names = [param.name for param in row.params]
        assert len(values) == len(names), text
        written = f"{row.name}({', '.join(f'{n} = {ast.unparse(a)}' for n, a in zip(names, call.args, strict=True))})"
        return Dist(row.name, tuple(zip(names, values, strict=True)), written)


def model(
    name: str,
    lines: Sequence[str],
    *,
    data: Mapping[str, Sequence[str]] | None = None,
    ints: Sequence[str] = (),
    sets: Mapping[str, str | int] | None = None,
    letters: Mapping[str, str] | None = None,
    supports: Mapping[str, Support] | None = None,
    axes: Mapping[str, Sequence[str]] | None = None,
    predictions: Sequence[str] = (),
    event_ranks: Mapping[str, int] | None = None,
    title: str = "",
) -> Model:
    """Return a model. `sets` maps index sets to the names (or numbers) of their sizes, `letters` letters to sets,
    `data` data to their axes. Names with a ``~`` line that are data are observed, others are unknowns."""
    sets = sets or {"schools": "N_schools"}
    letters = letters or {"i": next(iter(sets))}
    builder = Builder(sets, letters)
    for item, where in {**(data or {}), **(axes or {})}.items():
        builder.axes[item] = tuple(where)
        builder.order.append(item)
    for size in sets.values():
        if isinstance(size, str):
            builder.axes[size] = ()
            builder.elems[size] = "int"
    builder.elems |= dict.fromkeys(ints, "int")
    source = Source(f"{name}.hier", "\n".join(lines) + "\n")
    statements: list[Stmt] = []
    roles: dict[str, Role] = {}
    section = ""
    offset = 0
    counts: dict[str, int] = {}
    for line in lines:
        span = Span(source, offset, offset + len(line))
        offset += len(line) + 1
        if line.startswith("# "):
            section = line[2:]
            continue
        stmt = _statement(builder, line, section=section, span=span, roles=roles, counts=counts)
        statements.append(stmt)
    symbols: list[Symbol] = []
    for item in builder.order:
        given = item in (data or {})
        role = roles.get(item, Role.DATA)
        role = Role.OBSERVED if given and role is Role.PARAMETER else Role.DATA if given else role
        role = Role.PREDICTION if item in predictions else role
        symbols.append(
            Symbol(
                item,
                role,
                builder.axes[item],
                builder.elems.get(item, "real"),  # type: ignore[arg-type]
                (supports or {}).get(item, Support()),
                "by hand",
                (event_ranks or {}).get(item, 0),
            )
        )
    index_sets = tuple(
        IndexSet(item, size if isinstance(size, str) else f"N_{item}", None if isinstance(size, str) else number(size))
        for item, size in sets.items()
    )
    return Model(
        name=name,
        title=title,
        note="",
        source_name=source.name,
        index_sets=index_sets,
        symbols=tuple(symbols),
        statements=tuple(statements),
        order=tuple(range(len(statements))),
        bound=bool(data),
    )


def _statement(
    builder: Builder, line: str, *, section: str, span: Span, roles: dict[str, Role], counts: dict[str, int]
) -> Stmt:
    body, _, note = line.partition("  # ")
    text, *clauses = (part.strip() for part in body.split(" | "))
    binders: tuple[Binder, ...] = ()
    bounds: tuple[Expr | None, Expr | None] = (None, None)
    centering = ""
    builder.bound = {}
    for clause in clauses:
        if clause.startswith("truncated "):
            low, high = clause.removeprefix("truncated ").split("..")
            bounds = (builder.parse(low) if low else None, builder.parse(high) if high else None)
        elif clause in {"centered", "non-centered"}:
            centering = clause
        else:
            binders = tuple(builder.binder(part) for part in clause.split(","))
    builder.bound = {b.var: b.set for b in binders}
    match = re.match(r"(?P<lhs>.+?) *(?P<op>~|\+=|(?<![<>=!])=(?!=)) *(?P<rhs>.+)$", text, re.DOTALL)
    assert match, line
    lhs = builder.parse(match["lhs"])
    base = lhs.name if isinstance(lhs, Ref) else "term"
    counts[base] = counts.get(base, 0) + 1
    label = base if counts[base] == 1 else f"{base}_{counts[base]}"
    if not binders and isinstance(lhs, Ref):
        binders = tuple(Binder(sub.var, builder.letters[sub.var]) for sub in lhs.subs if isinstance(sub, Index))
    common = Common(label, binders, section, note, text, span)
    if match["op"] == "+=":
        return AddStmt(common, builder.parse(match["rhs"]))
    if match["op"] == "=":
        assert isinstance(lhs, Ref)
        value = builder.parse(match["rhs"])
        roles[lhs.name] = Role.DERIVED
        builder.elems.setdefault(lhs.name, "real")
        return DefineStmt(common, lhs.name, lhs.subs, value)
    pieces = re.split(r" (?:if|otherwise) ", match["rhs"]) if " otherwise " in match["rhs"] else [match["rhs"]]
    dist = builder.dist(pieces[0])
    cases: tuple[tuple[Expr, Dist], ...] = ()
    if len(pieces) > 1:  # D1 if condition otherwise D2
        other = builder.dist(pieces[2])
        cases, dist = ((builder.parse(pieces[1]), dist),), other
    dist = replace(dist, lower=bounds[0], upper=bounds[1])
    cases = tuple((when, replace(case, lower=bounds[0], upper=bounds[1])) for when, case in cases)
    if isinstance(lhs, Ref):
        roles.setdefault(lhs.name, Role.PARAMETER)
        if DISTRIBUTIONS[dist.row].kind == "discrete":
            builder.elems[lhs.name] = "int"
    return RandomStmt(common, lhs, dist, cases, centering)  # type: ignore[arg-type]


SCHOOLS = {"y": ["schools"], "sigma": ["schools"]}


def noncentered() -> Model:
    return model(
        "noncentered",
        [
            "# Data model",
            "y[i] ~ Normal(theta[i], sigma[i])",
            "# Hierarchical structure",
            "theta[i] = mu + tau * eta[i]",
            "eta[i] ~ Normal(0, 1)  # standardized random effects",
            "# Priors",
            "mu ~ Normal(0, 20)  # weakly informative on the grand mean",
            "tau ~ Half-Cauchy(10)  # heavy tails let the data ask for a large tau",
        ],
        data=SCHOOLS,
        title="Model 1: the standard non-centered hierarchy",
        supports={"sigma": Support(number(0))},
    )


def adaptive() -> Model:
    return model(
        "adaptive",
        [
            "y[i] ~ Normal(theta[i], sigma[i])",
            "theta[i] = mu + tau * eta[i] if tau > threshold else mu + sigma_pooled * eta[i] * (tau / threshold)",
            "eta[i] ~ Normal(0, 1)",
            "mu ~ Normal(0, 20)",
            "tau ~ Half-Cauchy(10)",
            "threshold = 3",
            "sigma_pooled = 4",
        ],
        data=SCHOOLS,
    )


def robust() -> Model:
    return model(
        "robust",
        [
            "y[i] ~ StudentT(nu, theta[i], sigma[i])",
            "theta[i] = mu + tau * eta[i]",
            "eta[i] ~ Normal(0, 1)",
            "nu ~ Gamma(2, 0.1)",
            "mu ~ Normal(0, 20)",
            "tau ~ Half-Cauchy(10)",
        ],
        data=SCHOOLS,
    )


def precision() -> Model:
    return model(
        "precision",
        [
            "y[i] ~ Normal(theta[i], sigma[i])",
            "theta[i] = mu + beta * (1 / sigma[i] ** 2)",
            "mu ~ Normal(0, 20)",
            "beta ~ Normal(0, 1000)",
        ],
        data=SCHOOLS,
    )


def covariates() -> Model:
    return model(
        "covariates",
        [
            "y[i] ~ Normal(theta[i], sigma[i])",
            "theta[i] = mu + dot(X[i], beta)",
            "beta[p] ~ Normal(0, 5)",
            "mu ~ Normal(0, 20)",
        ],
        sets={"schools": "N_schools", "p": "P"},
        letters={"i": "schools", "p": "p"},
        data={**SCHOOLS, "X": ["schools", "p"]},
        axes={"beta": ["p"]},
    )
