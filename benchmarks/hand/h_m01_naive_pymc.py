"""As programs in use have it: eta anew for each problem and alternative offered, and problems padded to one width."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    design, features = np.asarray(data["X"], float), np.asarray(data["w"], float)
    cell, offered, y = (np.asarray(data[name]) - 1 for name in ("cell", "offered", "y"))
    sizes = np.asarray(data["n_offered"])
    real = np.arange(sizes.max()) < sizes[:, None]
    padded = np.zeros(real.shape, int)
    padded[real] = offered
    with pm.Model() as model:
        gamma0 = pm.Normal("gamma0", 3, 1)
        gamma = pm.Normal("gamma", 0, 1, shape=design.shape[1])
        sigma_cell = pm.HalfNormal("sigma_cell", 0.5)
        z = pm.Normal("z", 0, 1, shape=design.shape[0])
        beta = pm.Normal("beta", 0, 1, shape=(design.shape[0], data["K"], data["D"]))
        delta = pm.Dirichlet("delta", np.ones(data["K"] - 1))
        alpha = pt.exp(gamma0 + design @ gamma + sigma_cell * z)
        upsilon = pt.concatenate([[0.0], pt.cumsum(delta)])
        scores = pt.sum(beta[cell][:, None] * features[padded][:, :, None, :], axis=-1)
        eta = pt.sum(pt.special.softmax(scores, axis=-1) * upsilon, axis=-1)
        logits = pt.where(real, alpha[cell][:, None] * eta, -np.inf)
        pm.Categorical("y", logit_p=logits, observed=y)
    return model
