"""Observations whose density is written out: censored ones, weighted ones, those with zeros of their own.

PyMC's own classes for these lose digits in the tails, so the variable is a ``CustomDist``: ``logp`` is exact, ``dist``
makes replicates.
"""

from __future__ import annotations

import re

from hiercomp.backends.printing import PRODUCT, SUM, Code, call
from hiercomp.backends.printing import infix as join
from hiercomp.backends.pymc.arrays import Array, align
from hiercomp.backends.pymc.distributions import Spelled, spell
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.parameters import Parameters
from hiercomp.backends.pymc.scope import Site, refuse
from hiercomp.catalog import row_named
from hiercomp.expr import Call, Const, Expr, number
from hiercomp.model.ir import Censoring, Dist
from hiercomp.model.parts import every_dist, log_weight
from hiercomp.plan.tidying import settled
from hiercomp.plan.weights import inflated
from hiercomp.records import record, replace

_VALUE = "value"
_BETWEEN = '''
def log_between(lower, upper, log_cdf, log_ccdf):
    """Return the log probability of an interval, as a difference of whichever tails are the smaller."""
    lower, upper = pt.cast(lower, "float64"), pt.cast(upper, "float64")
    below, beyond = log_cdf(lower), log_ccdf(lower)
    upto, past = log_cdf(upper), log_ccdf(upper)
    by_left, by_right = upto + pt.log1mexp(below - upto), beyond + pt.log1mexp(past - beyond)
    return pt.switch(below > np.log(0.5), by_right, by_left)
'''
_NUMBER = re.compile(r"-?[\d.]+(e[+-]?\d+)?")


def written_out(dist: Dist) -> bool:
    """Say whether a distribution needs a density of its own; other mixtures are PyMC's."""
    if dist.censored is not None or dist.weight is not None:
        return True
    return any(one.row == "Zero" or _keeps_logit(one) for one in every_dist(dist))


def _keeps_logit(dist: Dist) -> bool:
    return any(isinstance(part.weight, Call) and part.weight.func == "inv_logit" for part in dist.parts)


def custom(dist: Dist, site: Site, outer: tuple[str, ...]) -> Spelled:
    """Return an observed variable whose density is written out.

    Raises:
        CannotEmit: H85, where a component for every member of a set is part of it.
    """
    if any(part.binder is not None for one in every_dist(dist) for part in one.parts):
        raise refuse(
            "H85", "PyMC code for a running mixture has no weights", dist.span, "list the components of the mixture"
        )
    gathered = Parameters(site, outer)
    abstract = gathered.inside(dist)
    if any(array.inner for array in gathered.arrays):
        raise refuse("H85", "an array in a density that is written out", dist.span, "give it all its subscripts")
    made = _Custom(site, outer)
    inside = replace(site, given=gathered.given)
    names = ", ".join(gathered.given)
    density = made.density(abstract, inside)
    replicate = made.replicate(abstract, inside)
    args = (
        *gathered.codes,
        f"logp=lambda {', '.join(filter(None, (_VALUE, names)))}: {density.text}",
        f"dist=lambda {', '.join(filter(None, (names, 'size')))}: {replicate}",
    )
    discrete = row_named(dist.row).kind == "discrete"
    further = ('dtype="int64"',) if discrete else ()
    return Spelled("CustomDist", (*args, *further), gathered.random)


@record
class _Custom:
    """Writes a density and its replicates for a variate with the axes `outer`."""

    site: Site
    outer: tuple[str, ...]

    # --- the density

    def density(self, dist: Dist, site: Site) -> Code:
        """Return the log density of the value."""
        if dist.weight is not None:
            whole = self.density(replace(dist, weight=None), site)
            return join("*", self._code(dist.weight, site), whole, PRODUCT)
        if dist.censored is not None:
            plain = replace(dist, censored=None, lower=None, upper=None)
            result = self._censored(plain, dist.censored, site)
            mass = self._log_mass(dist, site)
            result = result if mass is None else join("-", result, mass, SUM)
            return self._within_bounds(result, dist, site)
        if dist.parts and dist.parts[0].dist.row == "Zero":
            return self._with_zeros(dist, site)
        if dist.parts:
            terms = [
                join("+", self._code(log_weight(part.weight), site), self.density(part.dist, site), SUM)
                for part in dist.parts
            ]
            total = terms[0]
            for term in terms[1:]:
                total = call(site.function("pt.logaddexp"), total, term)
            return total
        return self._logp(dist, Code(_VALUE), site)

    def _logp(self, dist: Dist, value: Code, site: Site) -> Code:
        return spell(dist, (), site, self.outer).logp(value, site)

    def _with_zeros(self, dist: Dist, site: Site) -> Code:
        other = dist.parts[1]
        of_zero, of_other = (self._code(log_weight(part.weight), site) for part in dist.parts)
        value = Code(_VALUE)
        is_zero = call(site.function("pt.eq"), value, "0")
        plain = replace(other.dist, lower=None, upper=None)
        if row_named(plain.row).kind == "continuous":
            # Where it is zero the density may be infinite, and its derivatives no numbers.
            value = call(site.function("pt.switch"), is_zero, "1", value)
        term = self._logp(plain, value, site)
        if other.dist.truncated:
            without = call(site.function("pt.log1mexp"), self._logp(plain, Code("0"), site))
            term = join("-", term, without, SUM)
        rest = join("+", of_other, term, SUM)
        at_zero = call(site.function("pt.logaddexp"), of_zero, rest) if inflated(dist) else of_zero
        return call(site.function("pt.switch"), is_zero, at_zero, rest)

    def _censored(self, dist: Dist, censored: Censoring, site: Site) -> Code:
        result = self.density(dist, site)
        if censored.kind == "interval":
            assert censored.upper is not None
            upper = self._code(censored.upper, site)
            exact = call(site.function("pt.le"), upper, _VALUE)
            # Where the value is exact, any interval will do: its probability is not used, but derived.
            end = call(site.function("pt.switch"), exact, self._further(dist, site), upper)
            return call(site.function("pt.switch"), exact, result, self._mass(dist, Code(_VALUE), end, site))
        for sign, end, above in (("pt.le", censored.lower, False), ("pt.ge", censored.upper, True)):
            if end is not None:
                beyond = call(site.function(sign), _VALUE, self._code(end, site))
                at = self._end(end, dist, site, before=above)
                result = call(site.function("pt.switch"), beyond, self._tail(dist, at, site, above=above), result)
        return result

    def _further(self, dist: Dist, site: Site) -> Code:
        """Return a value beyond the observed one that the distribution has, too."""
        row = row_named(dist.row)
        if row.kind == "discrete" or row.upper is None:
            return join("+", Code(_VALUE), Code("1"), SUM)
        most = expression(row.upper, site, {name: expression(value, site) for name, value in dist.args})
        return join("/", join("+", Code(_VALUE), align(most, self.outer, 0), SUM), Code("2"), PRODUCT)

    def _end(self, end: Expr, dist: Dist, site: Site, *, before: bool) -> Code | Const:
        """Return where a tail ends or begins: at a limit, or before it where that is among the values beyond."""
        if row_named(dist.row).kind == "continuous":
            return self._code(end, site)
        if isinstance(end, Const):
            return number(end.value - 1) if before else end
        return _before(self._code(end, site), dist) if before else self._code(end, site)

    def _tail(self, dist: Dist, at: Code | Const, site: Site, *, above: bool) -> Code:
        row = row_named(dist.row)
        tree = row.log_ccdf if above else row.log_cdf
        assert tree is not None
        if "pymc" in row.own:
            from hiercomp.backends.pymc import formulas  # noqa: PLC0415 - few models have one

            given = [self._code(value, site) for _, value in dist.args]
            where = self._code(at, site) if isinstance(at, Const) else at
            if _NUMBER.fullmatch(where.text):
                # Python's own comparisons of numbers are no tensors.
                where = call(site.function("pt.as_tensor_variable"), where)
            return call(formulas.tail(row, site, above=above), where, *given)
        given = {name: expression(value, site) for name, value in dist.args}
        if isinstance(at, Const):
            return expression(settled(tree, at), site, given).code
        return expression(tree, site, {**given, "x": Array(at, self.outer, (), True)}).code

    def _mass(self, dist: Dist, lower: Code, upper: Code, site: Site) -> Code:
        """Return the log probability of an interval."""
        site.scope.helpers["log_between"] = _BETWEEN
        for module in ("np", "pt"):
            site.function(module)
        tails = [f"lambda x: {self._tail(dist, Code('x'), site, above=above).text}" for above in (False, True)]
        return call("log_between", _before(lower, dist), upper, *tails)

    def _within_bounds(self, density: Code, dist: Dist, site: Site) -> Code:
        """Return a density that is zero beyond bounds that may move; data beyond constant ones are refused."""
        for bound, sign in ((dist.lower, "pt.lt"), (dist.upper, "pt.gt")):
            if bound is not None and not isinstance(bound, Const):
                beyond = call(site.function(sign), _VALUE, self._code(bound, site))
                density = call(site.function("pt.switch"), beyond, f"-{site.function('np.inf')}", density)
        return density

    def _log_mass(self, dist: Dist, site: Site) -> Code | None:
        """Return the log probability of what a distribution is truncated to."""
        lower, upper = dist.lower, dist.upper
        if lower is not None and upper is not None:
            return self._mass(dist, self._code(lower, site), self._code(upper, site), site)
        if lower is not None:
            return self._tail(dist, self._end(lower, dist, site, before=True), site, above=True)
        return (
            None if upper is None else self._tail(dist, self._end(upper, dist, site, before=False), site, above=False)
        )

    def _code(self, expr: Expr, site: Site) -> Code:
        return align(expression(expr, site), self.outer, 0)

    # --- replicates

    def replicate(self, dist: Dist, site: Site) -> str:
        """Return a draw as it would be observed: no further than the limits."""
        if dist.parts and dist.parts[0].dist.row == "Zero":
            of_zero = self._code(dist.parts[0].weight, site)
            is_zero = Spelled("Bernoulli", (f"p={of_zero.text}", "size=size")).dist(site)
            return call(site.function("pt.switch"), is_zero, "0", self.replicate(dist.parts[1].dist, site)).text
        drawn = spell(replace(dist, censored=None, weight=None), (), site, self.outer)
        text = replace(drawn, args=(*drawn.args, "size=size")).dist(site)
        if dist.censored is None or dist.censored.kind == "interval":
            return text
        for name, end in (("pt.maximum", dist.censored.lower), ("pt.minimum", dist.censored.upper)):
            if end is not None:
                text = call(site.function(name), text, self._code(end, site)).text
        return text


def _before(limit: Code, dist: Dist) -> Code:
    """Return what lies next below a lower bound that is one of the values, as a count may be; for a real, the same."""
    return join("-", limit, Code("1"), SUM) if row_named(dist.row).kind == "discrete" else limit
