"""Everything that stood for index sets gets its final form, with their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hiercomp.expr import Binder, Const, Expr, Index, Reduce, children, rebuild
from hiercomp.model.ir import AddStmt, Common, DefineStmt, Dist, RandomStmt, Stmt, Support
from hiercomp.model.parts import changed
from hiercomp.model.scope import Context
from hiercomp.model.sets import Sets
from hiercomp.records import replace


class Sealer:
    """Replaces nodes by the names of their index sets, in expressions and statements."""

    def __init__(self, context: Context, sets: Sets) -> None:
        self._root = context.axes.root
        self._sets = sets

    def axes(self, nodes: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._sets.names[self._root(node)] for node in nodes)

    def expr(self, expr: Expr) -> Expr:
        """Return `expr` in final form; what needs no change is returned as it is."""
        if isinstance(expr, (Const, Index)):
            return expr
        parts = children(expr)
        changed = not all(self.expr(part) is part for part in parts)
        made = rebuild(expr, self.expr) if changed else expr
        if isinstance(made, Reduce):
            made = replace(made, binders=tuple(map(self.binder, made.binders)))
        if made.type.axes and made.type.axes[0].startswith("#"):
            made = replace(made, type=replace(made.type, axes=self.axes(made.type.axes)))
        return made

    def optional(self, expr: Expr | None) -> Expr | None:
        return self.expr(expr) if expr is not None else None

    def binder(self, binder: Binder) -> Binder:
        if not binder.set.startswith("#"):
            return binder
        item = self._sets.by_node[self._root(binder.set)]
        hi = self.optional(binder.hi)
        whole = isinstance(hi, Const) and hi.value == item.length
        return Binder(binder.var, item.name, self.optional(binder.lo), None if whole else hi)

    def support(self, support: Support) -> Support:
        return Support(self.optional(support.lower), self.optional(support.upper), support.shape)

    def dist(self, dist: Dist) -> Dist:
        return changed(dist, self.expr, self.binder)

    def common(self, common: Common) -> Common:
        return replace(common, binders=tuple(map(self.binder, common.binders)))

    def statement(self, stmt: Stmt) -> Stmt:
        common = self.common(stmt.common)
        each: Callable[[Iterable[Expr]], tuple[Expr, ...]] = lambda exprs: tuple(map(self.expr, exprs))  # noqa: E731
        match stmt:
            case RandomStmt(lhs=lhs, dist=dist, cases=cases):
                changed = tuple((self.expr(when), self.dist(case)) for when, case in cases)
                return replace(stmt, common=common, lhs=self.expr(lhs), dist=self.dist(dist), cases=changed)
            case DefineStmt(subs=subs, value=value):
                return replace(stmt, common=common, subs=each(subs), value=self.expr(value))
            case AddStmt(value=value):
                return replace(stmt, common=common, value=self.expr(value))
