"""Documents: which fences are models, and what they are called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Source
from hiercomp.syntax import parse, read_source
from hiercomp.syntax.ast import Spec

SEEDS = Path(os.environ.get("HIERCOMP_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))
SEED = SEEDS / "000_675eb79fb98952f6.txt"


def read(text: str, name: str = "t.md") -> tuple[Spec, Diagnostics]:
    diagnostics = Diagnostics()
    return parse(Source(name, text), diagnostics), diagnostics


def names(text: str) -> list[str]:
    spec, diagnostics = read(text)
    assert diagnostics.items == [], "\n".join(item.render() for item in diagnostics.items)
    return [model.name for model in spec.models]


def fence(content: str, mark: str = "```", language: str = "") -> str:
    return f"{mark}{language}\n{content}\n{mark}\n\n"


A, B = fence("a ~ Normal(0, 1)"), fence("b ~ Normal(0, 1)")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"# One\n{A}# Two\n{B}", ["one", "two"]),
        (f"# All\n## One\n### Spec\n{A}## Two\n### Spec\n{B}", ["one", "two"]),
        (f"# One\n{A}{B}", ["one", "one_2"]),
        (f"{A}{B}", ["t", "t_2"]),
        (f"# One\n**Option A: Pooled**\n{A}\n**Option B:**\n{B}", ["option_a_pooled", "option_b"]),
        (f"# One\n**Why:** text goes on\n{A}", ["one"]),
        (f"One\n===\n\n{A}\nTwo `x`\n---\n{B}", ["one", "two_x"]),
        (f"# One {{#id .class}}\n{A}# [Two](x.html) ##\n{B}", ["one", "two"]),
        (f"# One\n{A}" + fence("c = 3"), ["one", "one_2"]),
        (f"# One\n{fence('c = 3')}{A}", ["one_2", "one"]),
        (f"# 2.1 Robust\n{A}", ["robust"]),
        (f"# One\n{fence('a ~ Normal(0, 1)', '~~~~')}", ["one"]),
        (f"# One\n{fence('a ~ Normal(0, 1)', '```', 'hier')}", ["one"]),
        (f"# One\n{fence('a ~ Normal(0, 1)', '```', '{.hier}')}", ["one"]),
        (f"# One\n{fence('a ~ x', '```', 'r')}{A}", ["one"]),
        (f"---\n# settings\ntitle: x\n---\n# One\n{A}", ["one"]),
        (f"# One\n{fence('model inner' + chr(10) + '  a ~ Normal(0, 1)', '```', 'hier')}", ["inner"]),
        (f"# One\n<!-- hier: name robust -->\n{A}", ["robust"]),
        (f"# One\n<!-- hier: skip -->\n{A}## Two\n{B}", ["two"]),
        (f"# One\n<!-- a comment\n# no heading\n-->\n{A}", ["one"]),
        ("1. item\n\n   **One**\n\n   ```\n   a ~ Normal(0, 1)\n   ```\n", ["one"]),
        (f"# One\n{fence('cd ~/x' + chr(10) + 'ls')}{fence('a tree')}{A}", ["one"]),
    ],
)
def test_names(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_what_a_comment_says() -> None:
    text = "# Two\n\n<!-- hier: extends model-class-1; data 'a b.csv'; data c.csv -->\n\n" + A
    spec, diagnostics = read(text)
    assert diagnostics.items == []
    (model,) = spec.models
    assert model.extends == "model_class_1"
    assert model.extends_span is not None
    assert model.extends_span.text == "model-class-1"
    assert [item.path for item in model.data] == ["a b.csv", "c.csv"]
    assert [item.span.text for item in model.data if item.span] == ["a b.csv", "c.csv"]


def test_definitions_alone_are_built_only_when_named() -> None:
    spec, _ = read(f"# One\n{A}\n**Shrinkage:**\n{fence('s_i = 1 - [tau^2 / (tau^2 + sigma_i^2)]')}")
    assert spec.only_when_named == ("shrinkage",)
    assert [model.title for model in spec.models] == ["One", "Shrinkage"]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("fit <- lmer(y ~ x + (1 | school))", ["W31"]),
        ("y ~ x + z", ["W31"]),
        ("takes ~ 30 minutes\nor more, see below", ["W31"]),
        ("src/\n  main.py", []),
        ("x: 1\ny = [", []),
        ("mu ~ Normal(0, 1", ["H34"]),
        ("mu ~ Normal(0, 1)\ntau ~ Half-Normal(0 5)", ["H36"]),
    ],
)
def test_blocks_that_may_not_be_models(content: str, codes: list[str]) -> None:
    _, diagnostics = read(f"# One\n{fence(content)}# Two\n{A}")
    assert [item.code for item in diagnostics.sorted()] == codes
    _, tagged = read(f"# One\n{fence(content, '```', 'hier')}# Two\n{A}")
    assert all(item.code.startswith("H") for item in tagged.items)
    assert tagged.errors


def test_places_are_those_in_the_document() -> None:
    text = f"# Überschrift\n\ntext\n\n{fence('μ ~ Normal(0, 1)' + chr(10) + 'x = 3 +')}"
    spec, diagnostics = read(text)
    (item,) = diagnostics.items
    assert item.primary is not None
    assert (item.primary.line, item.primary.column) == (7, 8)
    statement = spec.models[0].statements[0]
    assert statement.span is not None
    assert (statement.span.line, statement.span.text) == (6, "μ ~ Normal(0, 1)")
    name = spec.models[0].name_span
    assert name is not None
    assert name.text == "# Überschrift"


def test_what_counts_as_a_document() -> None:
    assert read(A, "notes.txt")[0].document
    assert not read("a ~ Normal(0, 1)\n", "notes.txt")[0].document
    assert read(f"# One\n{A}", "x.qmd")[0].document
    assert not read("a ~ Normal(0, 1)\n", "<text>")[0].document


@pytest.mark.skipif(not SEED.exists(), reason="the document is not part of the project")
def test_the_proposal() -> None:
    diagnostics = Diagnostics()
    spec = parse(read_source(SEED), diagnostics)
    assert diagnostics.items == []
    assert [(model.name, len(model.statements), model.span.line if model.span else 0) for model in spec.models] == [
        ("model_class_1_non_centered_hierarchical_standard_approach", 5, 26),
        ("shrinkage_pattern", 1, 75),
        ("model_class_2_skeptical_hierarchical_boundary_aware", 5, 132),
        ("model_class_3_adaptive_non_centered_geometry_optimizer", 7, 229),
        ("option_a_complete_pooling_fixed_effect", 2, 403),
        ("option_b_robust_hierarchical_t_distributed", 3, 410),
        ("option_c_regression_on_precision", 1, 418),
        ("option_d_non_exchangeable_structure", 1, 424),
    ]
    assert spec.only_when_named == (
        "shrinkage_pattern", "option_c_regression_on_precision", "option_d_non_exchangeable_structure"
    )  # fmt: skip
    assert spec.models[0].statements[0].section == "Data model"
    assert spec.models[0].statements[4].clauses.note == "Gelman (2006) recommendation"
