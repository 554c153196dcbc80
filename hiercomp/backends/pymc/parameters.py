"""What a density that is written out depends on, as its parameters: a function may not use the model's variables."""

from __future__ import annotations

from dataclasses import field

from hiercomp.backends.printing import Code
from hiercomp.backends.pymc.arrays import Array, align
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.scope import Site
from hiercomp.catalog import row_named
from hiercomp.expr import Call, Const, Expr, Op, Ref
from hiercomp.model.ir import Dist
from hiercomp.model.parts import changed
from hiercomp.model.supports import WHOLE
from hiercomp.records import replace, state

_LETTERS = "abcdefghklmnopqrstuvwxyz"


@state
class Parameters:
    """Gathers parameters by name. `site` is where the expressions stand, `outer` are the axes of the density; `taken`
    are names that the function has already. `codes` are the arguments to pass, in order; `given` has what the names
    stand for inside the function. `random`: some depend on unknowns."""

    site: Site
    outer: tuple[str, ...]
    taken: tuple[str, ...] = ("value", "size", "x")
    given: dict[str, Array] = field(default_factory=dict[str, Array])
    codes: list[str] = field(default_factory=list[str])
    arrays: list[Array] = field(default_factory=list[Array])
    known: dict[Expr, str] = field(default_factory=dict[Expr, str])
    random: bool = False

    def parameter(self, expr: Expr) -> Expr:
        """Return the reference to the parameter that stands for an expression; numbers stay, and what links do too."""
        match expr:
            case Const() | Op(op="neg", args=(Const(),)):
                return expr
            case Op(op="-", args=(Const(value=1) as one, rest)):
                return replace(expr, args=(one, self.parameter(rest)))
            case Call(func="inv_logit", args=(logit,)):
                return replace(expr, args=(self.parameter(logit),))
            case _:
                return Ref(self._named(expr), type=expr.type)

    def _named(self, expr: Expr) -> str:
        if expr in self.known:
            return self.known[expr]
        array = expression(expr, self.site)
        wanted = self.site.scope.variables.get(expr.name, "") if isinstance(expr, Ref) else ""
        name, rest = wanted or "a", iter(_LETTERS)
        while not name or name in self.given or name in self.taken:
            name = f"{wanted}_{len(self.given) + 1}" if wanted else next(rest)
        self.known[expr] = name
        self.codes.append(align(array, self.outer, len(array.inner)).text)
        self.arrays.append(array)
        self.given[name] = Array(Code(name), () if array.scalar else self.outer, array.inner, True, array.elem)
        self.random = self.random or array.random
        return name

    def inside(self, dist: Dist) -> Dist:
        """Return a distribution over the parameters.

        Numbers are parameters too, where they are reals other than 0 and 1: a function is read when the model is
        compiled, where PyTensor stores 2 in few bits and takes its logarithm in single precision.
        """
        supports = {param.name: param.support for param in row_named(dist.row).params}
        args = tuple((name, self._passed(value, supports.get(name, "real"))) for name, value in dist.args)
        parts = tuple(replace(part, dist=self.inside(part.dist)) for part in dist.parts)
        bare = changed(replace(dist, args=(), parts=()), self.parameter)
        weights = tuple(replace(part, weight=self.parameter(part.weight)) for part in parts)
        return replace(bare, args=args, parts=weights)

    def _passed(self, expr: Expr, support: str) -> Expr:
        if support not in WHOLE and isinstance(expr, Const) and expr.value not in (0, 1):
            return Ref(self._named(expr), type=expr.type)
        return self.parameter(expr)

    def own_rank(self, place: int, shared: int) -> int:
        """Return how many axes the argument at `place` has behind the first `shared` ones of the density."""
        array = self.arrays[place]
        first = next((at for at, var in enumerate(self.outer) if var in array.outer), len(self.outer))
        return len(self.outer) - max(first, shared) + len(array.inner)
