"""Densities that PyMC lacks, or computes less exactly than others: functions that modules get.

Its ordered distributions take differences of distribution functions, which have no digits left in the tails; its
categorical one takes the logarithm of probabilities, whose slope is no number where one underflows.
"""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.backends.pymc.scope import Scope

_CATEGORY = '''
def category_log_density(value, log_probability):
    """Return the element of the last axis that each value picks, counted from 1."""
    count = log_probability.shape[-1]
    picked = pt.eq(pt.arange(1, count + 1), value[..., None])
    inside = (value >= 1) & (value <= count)
    return pt.switch(inside, pt.sum(pt.switch(picked, log_probability, 0.0), axis=-1), -np.inf)


def draw_category(noise, eta, cutpoints, rng, size):
    """Return how many cutpoints lie below eta and noise, plus 1."""
    shape = np.broadcast_shapes(np.shape(eta), np.shape(cutpoints)[:-1]) if size is None else size
    return 1 + np.sum((eta + noise(rng, shape))[..., None] > cutpoints, axis=-1)
'''

_LOGISTIC = '''
def ordered_logistic(value, eta, cutpoints):
    """Return the log density of an ordered logistic variate, exact in both tails."""
    below, above = eta[..., None] - cutpoints, cutpoints - eta[..., None]
    between = pt.log1mexp(cutpoints[..., :-1] - cutpoints[..., 1:])
    between = between - pt.softplus(below[..., 1:]) - pt.softplus(above[..., :-1])
    ends = -pt.softplus(below[..., :1]), -pt.softplus(above[..., -1:])
    return category_log_density(value, pt.concatenate([ends[0], between, ends[1]], axis=-1))


def draw_ordered_logistic(eta, cutpoints, rng=None, size=None):
    """Return draws of an ordered logistic variate."""
    return draw_category(lambda rng, shape: rng.logistic(size=shape), eta, cutpoints, rng, size)
'''

_PROBIT = '''
def ordered_probit(value, eta, cutpoints):
    """Return the log density of an ordered probit variate, exact in both tails."""
    below, above = eta[..., None] - cutpoints, cutpoints - eta[..., None]
    normal = pm.Normal.dist()
    # By the tail that is nearer.
    upper = above[..., :-1] > 0
    most = pm.logcdf(normal, pt.switch(upper, below[..., :-1], above[..., 1:]))
    least = pm.logcdf(normal, pt.switch(upper, below[..., 1:], above[..., :-1]))
    ends = pm.logcdf(normal, above[..., :1]), pm.logcdf(normal, below[..., -1:])
    parts = [ends[0], pm.math.logdiffexp(most, least), ends[1]]
    return category_log_density(value, pt.concatenate(parts, axis=-1))


def draw_ordered_probit(eta, cutpoints, rng=None, size=None):
    """Return draws of an ordered probit variate."""
    return draw_category(lambda rng, shape: rng.normal(size=shape), eta, cutpoints, rng, size)
'''

_CATEGORICAL = '''
def categorical_logit(value, logits):
    """Return the log probability of the member that each value picks, counted from 0, also where it underflows."""
    picked = pt.eq(pt.arange(logits.shape[-1]), value[..., None])
    inside = (value >= 0) & (value < logits.shape[-1])
    chosen = pt.sum(pt.switch(picked, logits, 0.0), axis=-1)
    return pt.switch(inside, chosen - pt.logsumexp(logits, axis=-1), -np.inf)


def draw_categorical_logit(logits, rng=None, size=None):
    """Return draws: the largest of log odds and Gumbel noise."""
    shape = np.shape(logits)[:-1] if size is None else tuple(size)
    return np.argmax(logits + rng.gumbel(size=(*shape, np.shape(logits)[-1])), axis=-1)
'''

# By the name of the density: its signature, and the functions it is made of, by their names.
_OWN: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "ordered_logistic": ("(),(c)->()", {"category": _CATEGORY, "ordered_logistic": _LOGISTIC}),
    "ordered_probit": ("(),(c)->()", {"category": _CATEGORY, "ordered_probit": _PROBIT}),
    "categorical_logit": ("(k)->()", {"categorical_logit": _CATEGORICAL}),
}


def spelled(name: str, args: tuple[str, ...], scope: Scope) -> tuple[str, tuple[str, ...]]:
    """Return the class and the arguments of a distribution; functions of our own become part of the module (their
    names are reserved, see `naming`)."""
    if name not in _OWN:
        return name, args
    signature, functions = _OWN[name]
    scope.helpers.update(functions)
    scope.modules |= {"np", "pm", "pt"}
    further = (f"logp={name}", f"random=draw_{name}", f'signature="{signature}"', 'dtype="int64"')
    return "CustomDist", (*args, *further)
