"""One PyMC module: statements in order, laid out as lines, printed by the template."""

from __future__ import annotations

import re
from typing import Any

from hiercomp.backends.base import Program, caption, provenance
from hiercomp.backends.pymc.collect import collect
from hiercomp.backends.pymc.layout import LIMIT, comment, docstring, lay_out, plain
from hiercomp.backends.pymc.lines import section_lines, statement_lines, unmark
from hiercomp.backends.pymc.main import main_lines
from hiercomp.backends.pymc.reading import read_data
from hiercomp.backends.pymc.scope import Scope, make_scope
from hiercomp.backends.templates import template
from hiercomp.model.events import picked_axis
from hiercomp.plan.ir import Origin, Plan
from hiercomp.source import Span

_IMPORTS = {
    "az": "import arviz as az",
    "np": "import numpy as np",
    "pm": "import pymc as pm",
    "pytensor": "import pytensor",
    "pt": "import pytensor.tensor as pt",
    "special": "from scipy import special",
}
_ALWAYS = {"az", "pm", "pytensor"}
_POINTWISE = """

    With `pointwise` every observation has a density of its own, for what is computed after sampling.
    """


def emit(plan: Plan) -> Program:
    """Return the PyMC module of a plan.

    It stands alone: ``build_model(data)`` returns the model, and run as a program it samples. `Program.renames` are
    names of variables of the PyMC model; Python's own reserved words change nothing there.

    Raises:
        SpecError: something has no form in PyMC (codes H85 to H88); all such statements are reported.
    """
    scope = make_scope(plan)
    collected = collect(plan, scope)
    reading = read_data(scope)
    spans: list[Span] = []
    setup = [line for code, origin in reading.lines for line in statement_lines(code, origin, 4, spans)]
    for (first, final), (at, inside) in scope.groups.items():
        ends = ", ".join(scope.position_names[name] for name in (first, final))
        setup += statement_lines(f"{at}, {inside} = members({ends})", Origin(first), 4, spans)
    for (first, final), made in scope.picked.items():
        found = f"{made.group}, {made.place}"
        call = f"{found} = in_a_row({first}, {final})"
        if (first, final) in scope.picks:
            call = f"{found}, {made.logp}, {made.draw} = picking({first}, {final})"
        setup += statement_lines(call, Origin(made.group), 4, spans)
    setup += section_lines(collected.from_data, scope, 4, spans, headed=bool(setup))
    if reading.coords:
        setup += [""] if collected.from_data else []
        setup += lay_out(f"coords = {{{', '.join(reading.coords)}}}", 4)
    body = section_lines(collected.inside, scope, 8, spans)
    predicted = section_lines(collected.predicted, scope, 12, spans)
    if predicted:
        note = comment("Drawn after sampling, with the posterior predictive.", 12)
        body += ["", "        if predict:", *note, *predicted]
    drawn = [scope.strings[item.gives] for item in collected.predicted]
    picked = [step for step in plan.predictions if picked_axis(step.dist)]
    from_zero = tuple(dict.fromkeys(step.of or step.name for step in picked))
    view = _view(plan, scope, drawn)
    starts = any("initval=" in line for line in body)
    view["main"] = main_lines(plan, scope, drawn, [scope.strings[name] for name in from_zero], starts)
    view |= {"setup": setup, "body": body or ["        pass"], "coords": bool(reading.coords)}
    text, origins = unmark(template("pymc/module.py.jinja").render(view), spans)
    labels = tuple(step.origin.label for step in plan.terms)
    parts = {item.origin.label: item.terms for item in collected.inside if not item.gives or item.terms}
    parts = {label: parts.get(label, ()) for label in labels}
    return Program(
        "pymc",
        plan.model,
        text,
        {name: new for name, new in scope.strings.items() if name != new},
        origins,
        labels,
        {label: names for label, names in parts.items() if names != (label,)},
        from_zero,
        scope.samples,
    )


def _view(plan: Plan, scope: Scope, drawn: list[str]) -> dict[str, Any]:
    """Return what the template prints around the statements."""
    # Where the spec was on this machine is nobody's business.
    about, source = plain(plan.note or plan.title), plain(re.split(r"[\\/]", plan.source_name)[-1])
    modules = _ALWAYS | scope.modules | ({"np"} if scope.reads or scope.groups else set[str]())
    heading = comment(f"{caption(plan.model, about)}.", 0)
    return {
        "heading": docstring("\n".join(line[2:] for line in heading)),
        "generated": docstring("\n".join(provenance(source))),
        "imports": [line for name, line in _IMPORTS.items() if name in modules],
        "reads": scope.reads,
        "groups": bool(scope.groups or scope.picks),
        "rows": bool(scope.picked),
        "picks": bool(scope.picks),
        "helpers": [text.strip("\n") for text in scope.helpers.values()],
        "matrices": scope.matrices,
        "parameters": ", ".join(["data", *["predict=False"] * bool(drawn), *["pointwise=False"] * scope.pointwise]),
        "purpose": docstring(_purpose(plain(plan.model))),
        "further": _POINTWISE if scope.pointwise else "",
    }


def _purpose(model: str) -> str:
    """Return the docstring of ``build_model``, which is indented by four and stands in three quotes."""
    purpose = f"Return the model; `data` maps names to values, as {model}.data.json does."
    return purpose if len(purpose) + 10 <= LIMIT else purpose.replace(f"{model}.data.json", "the file beside this one")
