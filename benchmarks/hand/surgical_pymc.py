import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    r, n = np.asarray(data["r"], float), np.asarray(data["n"], float)
    with pm.Model(check_bounds=False) as model:
        mu = pm.Normal("mu", 0, 1000)
        sigmasq = pm.InverseGamma("sigmasq", 0.001, 0.001)
        b = pm.Flat("b", shape=n.size)
        pm.Potential("effects", -0.5 * n.size * pt.log(sigmasq) - 0.5 * pt.sum((b - mu) ** 2) / sigmasq)
        pm.Potential("likelihood", pt.sum(r * b - n * pt.softplus(b)))
    return model
