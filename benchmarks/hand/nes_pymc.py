"""As in kidscore_interaction_pymc.py: the likelihood through the least-squares fit."""

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def build_model(data):
    columns = {name: np.asarray(values, float) for name, values in data.items() if name != "N"}
    age, party = columns["age_discrete"], columns["partyid7"]
    named = [columns[name] for name in ("real_ideo", "race_adj", "educ1", "gender", "income")]
    ages = [(age == level).astype(float) for level in (2, 3, 4)]
    design = np.column_stack([np.ones_like(age), *named[:2], *ages, *named[2:]])
    q, r = np.linalg.qr(design)
    z = q.T @ party
    rss = np.sum((party - q @ z) ** 2)
    with pm.Model(check_bounds=False) as model:
        beta = pm.Flat("beta", shape=9)
        sigma = pm.HalfFlat("sigma")
        squares = rss + pt.sum((z - r @ beta) ** 2)
        pm.Potential("likelihood", -party.size * pt.log(sigma) - 0.5 * squares / sigma**2)
    return model
