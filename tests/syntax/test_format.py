"""The formatter is the inverse of the parser."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Source
from hiercomp.syntax import format_spec, parse
from hiercomp.syntax.ast import Spec

# Test folders are no packages: the strategies are loaded by their path.
_where = importlib.util.spec_from_file_location("syntax_strategies", Path(__file__).with_name("strategies.py"))
assert _where is not None
assert _where.loader is not None
strategies = importlib.util.module_from_spec(_where)
sys.modules["syntax_strategies"] = strategies
_where.loader.exec_module(strategies)


def again(text: str, name: str = "spec.hier") -> Spec:
    diagnostics = Diagnostics()
    spec = parse(Source(name, text), diagnostics)
    assert diagnostics.items == [], text + "\n" + "\n".join(item.render() for item in diagnostics.items)
    return spec


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(strategies.specs())
def test_parsing_what_was_formatted_gives_the_same_spec(spec: Spec) -> None:
    text = format_spec(spec)
    once = again(text)
    assert once == spec, text
    assert format_spec(once) == text


@settings(max_examples=150)
@given(st.data())
def test_a_hand_written_statement_survives(data: st.DataObject) -> None:
    statement = data.draw(strategies.statements)
    spec = Spec(strategies.SOURCE, (strategies.ModelBlock("spec", (statement,)),))
    assert again(format_spec(spec)).models[0].statements == (statement,)


def test_the_project_s_specs(specs: Path) -> None:
    for path in sorted(specs.glob("*.hier")):
        text = path.read_text(encoding="utf-8")
        spec = again(text, path.name)
        assert again(format_spec(spec), path.name) == spec
        assert format_spec(again(format_spec(spec), path.name)) == format_spec(spec)


def test_style() -> None:
    text = (
        "# Data model\n"
        "y_i~Normal( θ[i],σ_i )where σ_i are KNOWN for i in 1..N\n\n\n"
        "theta_i = a*(b*c)-[d] if t≥c\n  =x_{t - 1} otherwise [why not]\n"
        "z=1 [short]\nlonger=22 [also short]\n"
    )
    assert format_spec(again(text)) == (
        "# Data model\n"
        "y_i ~ Normal(theta_{i}, sigma_i)  where sigma_i is known for i in 1..N\n"
        "\n"
        "theta_i = a * (b * c) - d  if t >= c\n"
        "        = x_{t-1}          otherwise  [why not]\n"
        "z = 1                                 [short]\n"
        "longer = 22                           [also short]\n"
    )


def test_quantities_of_one_line_stay_on_one() -> None:
    text = "a_i , b_i~Normal(0,1) for i in 1..N [alike]\nc,d ~ Flat() where d > 0 and c < 1\ne ~ Flat()\nf ~ Flat()\n"
    assert format_spec(again(text)) == (
        "a_i, b_i ~ Normal(0, 1)  for i in 1..N  [alike]\n"
        "c, d ~ Flat()  where c < 1 and d > 0\ne ~ Flat()\nf ~ Flat()\n"
    )
    assert again(format_spec(again(text))) == again(text)


def test_a_document_becomes_a_spec() -> None:
    diagnostics = Diagnostics()
    text = "# One\n\n```\nmu ~ Normal(0, 1)\n```\n\n# Two\n\n<!-- hier: extends one -->\n```\nx = 3\n```\n"
    spec = parse(Source("t.md", text), diagnostics)
    assert diagnostics.items == []
    assert format_spec(spec) == ("model one  [One]\n  mu ~ Normal(0, 1)\n\nmodel two extends one  [Two]\n  x = 3\n")


def test_an_unequal_tree_is_noticed() -> None:
    """The comparison above would fail: spans do not count, everything else does."""
    assert again("x = a - (b - c)\n") != again("x = a - b - c\n")
    assert again("x = 1 [note]\n") != again("x = 1\n")
    assert again("# A\nx = 1\n") != again("x = 1\n")
