"""Models of a document: fragments, what completes them, how one is found, what `explain` says."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import hiercomp
from hiercomp.data.objects import from_mapping
from hiercomp.diagnostics import Diagnostics
from hiercomp.model import find_model, resolve
from hiercomp.model.draft import draft
from hiercomp.model.explain import explain
from hiercomp.model.fragments import fragments
from hiercomp.source import Source
from hiercomp.syntax import parse
from tests.model.reading import resolved

ROOT = Path(__file__).parent.parent.parent
EIGHT = ROOT / "specs" / "eight_schools.hier"

DOCUMENT = """## Model class 1: the standard

```
y_i ~ Normal(theta_i, sigma_i)    where sigma_i are KNOWN
theta_i = mu + tau * eta_i
eta_i ~ Normal(0, 1)
mu ~ Normal(0, 20)
tau ~ Half-Cauchy(0, 10)
```

**Option B: robust**
```
y_i ~ StudentT(nu, theta_i, sigma_i)
theta_i = mu + tau * eta_i
nu ~ Gamma(2, 0.1)  [degrees of freedom]
```

**Option C: precision**
```
theta_i = mu + beta * (1/sigma_i^2)
```
"""
SCHOOLS = {"y": [28, 8, -3], "sigma": [15, 10, 16]}


@pytest.mark.parametrize("data", [None, SCHOOLS])
def test_fragments_and_their_completion(data: dict[str, Any] | None) -> None:
    found = Diagnostics()
    spec = parse(Source("proposal.md", DOCUMENT), found)
    tables = [from_mapping(data, found)] if data else []
    robust, precision = fragments(spec, tables, found)
    assert {lack.name for lack in robust.lacks if lack.defined_by} == {"mu", "tau", "eta"}
    assert robust.complete == "proposal.md#option-b --extends model-class"
    assert [lack.name for lack in precision.lacks if not lack.defined_by] == ["beta"]
    assert [item.code for item in found.items] == ["N5", "N5"]
    assert resolve(spec, robust.name, tables, Diagnostics(), extends="model-class-1") is not None
    refused = Diagnostics()
    assert resolve(spec, robust.name, tables, refused) is None
    assert [item.code for item in refused.items] == ["H29"]
    faults = Diagnostics()
    assert resolve(spec, precision.name, tables, faults, extends="model-class-1") is None
    (error,) = faults.errors
    assert error.code == "H2"
    assert "`beta`" in error.message
    assert error.primary is not None
    assert error.primary.source.line(error.primary.line) == "theta_i = mu + beta * (1/sigma_i^2)"


def test_a_document_is_surveyed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a block is a fragment depends on all others, and every block asks."""
    drafts: list[object] = []
    module = import_module("hiercomp.model.fragments")  # the package has a function of that name

    def counted(*given: Any) -> Any:
        drafts.append(given)
        return draft(*given)

    monkeypatch.setattr(module, "draft", counted)
    program = hiercomp.load(
        "".join(f"## Block {n}\n```hier\ny_i ~ Normal({n}, 1)\n```\n" for n in range(30)), name="d.md"
    )
    assert len(program.resolve_all()) == 30
    assert len(drafts) <= 2 * 30  # each in the survey, and each when it is resolved


def test_find_model() -> None:
    found = Diagnostics()
    spec = parse(Source("t", "model ab_cd\n  y ~ Normal(0, 1)\nmodel ab_ce\n  y ~ Normal(0, 1)\n"), found)
    assert find_model(spec, "ab-cd", found) == "ab_cd"
    assert find_model(spec, "AB_CE", found) == "ab_ce"
    assert not found.items
    assert find_model(spec, "ab", found) is None
    assert find_model(spec, "x", found) is None
    assert [item.code for item in found.items] == ["H22", "H22"]


def test_explain_names_everything() -> None:
    rows = explain(resolved(EIGHT.read_text(), name="robust"))
    assert [row.name for row in rows] == ["y", "nu", "theta", "sigma", "mu", "tau", "eta", "schools"]
    assert all(row.role and row.why for row in rows)
    assert rows[1].reading == "Gamma(shape = 2, rate = 0.1)"
