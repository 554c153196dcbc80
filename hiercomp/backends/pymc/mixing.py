"""Mixtures of two Normal distributions as whole sums: log(1 + exp(x)) of what is quadratic in the observations."""

from __future__ import annotations

from hiercomp.backends.pymc.arrays import Array
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.scope import Site
from hiercomp.plan.ir import TwoNormals

_SUM = '''
def normal_mixture_sum(y, weight, mu, sigma):
    """Return the sum of the log densities of mixtures of two normal distributions, up to a constant. The log odds d of
    the second component are quadratic in y, and the sum of log(1 + exp(d)) = (d + |d|) / 2 + log(1 + exp(-|d|)) takes
    one logarithm for a product over up to 500 elements, none of which is above 2."""
    y, centre = y - np.mean(y), np.mean(y)
    y2 = y**2
    mu, precision = [value - centre for value in mu], [value**-2 for value in sigma]
    odds = pt.log(sigma[0] / sigma[1]) + pt.log((1 - weight) / weight)
    d0 = odds + 0.5 * (precision[0] * mu[0] ** 2 - precision[1] * mu[1] ** 2)
    d1 = precision[1] * mu[1] - precision[0] * mu[0]
    d2 = 0.5 * (precision[0] - precision[1])
    size = pt.abs(d0 + d1 * y + d2 * y2)
    factors = 1 + pt.exp(-size)
    whole = y.size - y.size % 500
    products = pt.prod(factors[:whole].reshape((-1, 500)), axis=1, no_zeros_in_input=True)
    logs = pt.sum(pt.log(products)) + pt.log(pt.prod(factors[whole:], no_zeros_in_input=True))
    first = y.size * pt.log(weight / sigma[0]) - 0.5 * precision[0] * (y2.sum() + y.size * mu[0] ** 2)
    return first + 0.5 * (y.size * d0 + y2.sum() * d2 + pt.sum(size)) + logs
'''


def density(form: TwoNormals, value: Array, site: Site) -> str:
    """Return the log density of all rows, up to a constant."""
    scope = site.scope
    scope.helpers["normal_mixture_sum"] = _SUM
    scope.modules |= {"np", "pt"}
    texts = [expression(part, Site(scope)).code.text for part in (form.weight, *form.means, *form.scales)]
    weight, mean, other_mean, scale, other_scale = texts
    return f"normal_mixture_sum({value.code.text}, {weight}, [{mean}, {other_mean}], [{scale}, {other_scale}])"
