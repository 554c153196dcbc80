"""The part of the module that samples when it is run."""

from __future__ import annotations

from collections.abc import Sequence

from hiercomp.backends.pymc.layout import lay_out, quote
from hiercomp.backends.pymc.scope import Scope
from hiercomp.plan.ir import Plan

_SETTINGS = {"warmup": "tune"}
_DEFAULTS: dict[str, int | float] = {"chains": 4, "warmup": 1000, "draws": 1000, "target_accept": 0.95}


def main_lines(plan: Plan, scope: Scope, predicted: Sequence[str], from_zero: Sequence[str], starts: bool) -> list[str]:
    """Return the lines under ``if __name__ == "__main__"``. Draws of `from_zero` are to be counted from 1.

    `starts`: the model states values to start at, with which PyMC takes no model apart after sampling.
    """
    settings = {**_DEFAULTS, **dict(plan.settings)}
    depth = settings.pop("max_treedepth", None)
    replicated = any(step.of for step in plan.predictions)
    starts = replicated and starts
    arguments = [f"{_SETTINGS.get(name, name)}={value!r}" for name, value in settings.items()]
    if depth is not None:
        arguments.append(f'nuts={{"max_treedepth": {depth!r}}}')
    code = [
        (4, "here = Path(__file__)"),
        (4, f"default = here.with_name({quote(f'{plan.model}.data.json')})"),
        (4, "path = Path(sys.argv[1]) if len(sys.argv) > 1 else default"),
        (4, 'data = json.loads(path.read_text(encoding="utf-8"))'),
        (4, f"with build_model(data){' as model' if starts and not scope.pointwise else ''}:"),
        (8, f"samples = pm.sample({', '.join(arguments)})"),
    ]
    if replicated:
        if scope.pointwise:
            code.append((4, f"with build_model(data, pointwise=True){' as model' if starts else ''}:"))
        if starts:
            code.append((8, "# Values to start at have served, and hinder what follows."))
            code.append((8, "model.rvs_to_initial_values.update(dict.fromkeys(model.rvs_to_initial_values))"))
        code.append((8, "pm.compute_log_likelihood(samples)"))
        code.append((8, "pm.sample_posterior_predictive(samples, extend_inferencedata=True)"))
        drawn = [quote(name) for name in from_zero if name not in predicted]
        groups = ("posterior_predictive", "observed_data")
        code += [(4, f'samples["{group}"][{name}] += 1  # PyMC counts from 0') for name in drawn for group in groups]
    if predicted:
        code.append((4, "with build_model(data, predict=True):"))
        listed = ", ".join(quote(name) for name in predicted)
        code.append(
            (
                8,
                f"pm.sample_posterior_predictive(samples, var_names=[{listed}], predictions=True, "
                "extend_inferencedata=True)",
            )
        )
    shifted = [name for name in predicted if name in from_zero]
    code += [(4, f'samples["predictions"][{quote(name)}] += 1  # PyMC counts from 0') for name in shifted]
    code.append((4, "print(az.summary(samples))"))
    code.append((4, f"samples.to_netcdf(here.with_name({quote(f'{plan.model}_pymc.nc')}))"))
    return [line for indent, text in code for line in lay_out(text, indent)]
