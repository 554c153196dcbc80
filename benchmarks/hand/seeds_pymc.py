import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    n, total, x1, x2 = (np.asarray(data[name], float) for name in ("n", "N", "x1", "x2"))
    x12 = x1 * x2
    with pm.Model(check_bounds=False) as model:
        alpha0 = pm.Normal("alpha0", 0, 1000)
        alpha1 = pm.Normal("alpha1", 0, 1000)
        alpha12 = pm.Normal("alpha12", 0, 1000)
        alpha2 = pm.Normal("alpha2", 0, 1000)
        tau = pm.Gamma("tau", 0.001, 0.001)
        b = pm.Flat("b", shape=n.size)
        eta = alpha0 + alpha1 * x1 + alpha2 * x2 + alpha12 * x12 + b
        pm.Potential("effects", 0.5 * n.size * pt.log(tau) - 0.5 * tau * pt.sum(b**2))
        pm.Potential("likelihood", pt.sum(n * eta - total * pt.softplus(eta)))
    return model
