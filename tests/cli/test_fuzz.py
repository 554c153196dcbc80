"""Whatever the spec and whatever the data: programs that can be read by their languages, or coded diagnostics.

HIERCOMP_FUZZ sets how many examples are tried of each kind; with HIERCOMP_FUZZ_STANC set, stanc reads what comes out.
"""

from __future__ import annotations

import ast
import json
import os
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import hiercomp
from hiercomp.backends import stan
from hiercomp.catalog import DISTRIBUTIONS, FUNCTIONS
from hiercomp.codes import CODES
from hiercomp.diagnostics import SpecError
from hiercomp.dump import dump
from hiercomp.engines.stanc import stanc_check
from hiercomp.workflow.build import render_data

EXAMPLES = int(os.environ.get("HIERCOMP_FUZZ", "150"))
STANC = "HIERCOMP_FUZZ_STANC" in os.environ
ROOT = Path(__file__).parents[2]
EIGHT = (ROOT / "specs" / "eight_schools.hier").read_text(encoding="utf-8")
MODELS = ["", *re.split(r"\n(?=model )", EIGHT)[1:]]
HEAD = EIGHT.partition("model ")[0].partition("\n")[2]

LONGITUDINAL = """\
# Data model
y_n ~ NegBinomial(mean = exp(a_{g[n]} + b * x_n), dispersion = phi)  for n in 1..N
# Priors
a_j ~ Normal(m, s) for j in 1..J
s_t = s_{t-1} + e_t for t in 2..T
s_1 = 0
e_t ~ Normal(0, 1) for t in 2..T
m ~ StudentT(3, 0, 1)   truncated to [-5, 5]
b ~ Normal(0, 1)        where b > 0
s ~ Half-Normal(1)
phi = 1 / r^2           if m > 0
    = r                 otherwise
r ~ Exponential(1)
log_density += -0.5 * sum((e_t - 1)^2 for t in 2..T)
"""

COLUMNS: dict[str, Any] = {
    "y": [28, 8, -3, 7, -1, 1, 18, 12],
    "sigma": [15, 10, 16, 11, 9, 11, 10, 18],
    "X_1": [0.5, -1.0, 0.0, 2.0, 1.0, 0.0, -0.5, 1.5],
    "X_2": [1, 0, 1, 0, 1, 1, 0, 0],
    "schools": list("ABCDEFGH"),
}
PLAIN = """
    i j k n t N J P y_i theta_i mu tau sigma eta_j X_i x_{i,j} beta_p m[2] a_{g[n]} s_{t-1} lambda data pm y_rep
    0 1 -1 2 0.5 1e308 1e-300 3 12 - + * / ^ < <= > == ( ) [ ] , = ~ and or not where for if otherwise in is known
    observed positive integer ordered non-centered centered extends model
"""
WORDS = [
    *PLAIN.split(),
    "truncated to [0, 1]", "truncated to [ , 2]", "for i in 1..N", "for j in 2..3", "where p in (0, 1)", "smoothly(2)",
    "where x_i are KNOWN", "\n", "\n  = 1 otherwise", "[note */ \"\"\"]", "sum(x_i for i in 1..N)", "log_density += ",
    "i in schools\n", "logit(p_i) = ", "1..N", "1..2.5", "x ", "Flat()", "fit: chains = 2\n", "# \\N{x} {{ y }} */\n",
    *(f"{name}(1, 2)" for name in DISTRIBUTIONS), *(f"{name}(mu, tau)" for name in DISTRIBUTIONS),
    *(f"{name}(mu)" for name in FUNCTIONS), *(f"{name}(X)" for name in FUNCTIONS),
]  # fmt: skip
_TOKEN = re.compile(r"[A-Za-z_]+(?:_\{[^}]*\})?|[0-9.]+|\s+|.", re.DOTALL)


def mutated(text: str, dice: random.Random) -> str:
    """Return the text with a few of its words replaced, repeated, swapped or taken away: most of it stays a spec."""
    tokens = _TOKEN.findall(text)
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        at, other = dice.randrange(len(tokens)), dice.randrange(len(tokens))
        match dice.randrange(6):
            case 0 | 1:
                tokens[at] = dice.choice(WORDS)
            case 2:
                tokens.insert(at, f" {dice.choice(WORDS)} ")
            case 3:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 4:
                del tokens[at]
            case _:
                lines = "".join(tokens).split("\n")
                line = lines.pop(dice.randrange(len(lines)))
                lines.insert(dice.randrange(len(lines) + 1), line if dice.random() < 0.5 else "")
                tokens = _TOKEN.findall("\n".join(lines)) or ["x"]
        tokens = tokens or ["x"]
    return "".join(tokens)


def spoiled(data: Mapping[str, Any], dice: random.Random) -> dict[str, Any]:
    """Return the data with perhaps one thing wrong with them."""
    found = dict(data)
    name = dice.choice(list(found))
    match dice.randrange(12):
        case 0:
            del found[name]
        case 1:
            found[name] = found[name][:-1]
        case 2:
            found[name] = [
                *found[name][:-1],
                dice.choice([None, float("nan"), -1, 0, 2**60, 10**400, "x", 1.5, [1], {}]),
            ]
        case 3:
            found[name] = dice.choice([3, -1, 2.5, [], "x", None, True, [[1, 2], [3, 4]], [[1], 2]])
        case 4:
            found[dice.choice(["i", "N", "J", "N_schools", "X", "g", "x", "mu", "theta", "lambda"])] = dice.choice(
                [8, 0, -2, 1.5, [1] * 8, [[1, 2]] * 8, [3, 2, 1, 1, 2, 3, 1, 2], ["a"] * 8]
            )
        case _:
            pass
    return found


def check(text: str, data: Mapping[str, Any] | None, name: str = "fuzz.hier") -> None:
    """Take a text through all layers."""
    try:
        program = hiercomp.load(text + "\n", data=data, name=name)
        models = program.models
    except SpecError as error:
        judge(error)
        return
    for model in models:
        try:
            resolved = program.model(model)
            program.warnings(model)
            program.explain(model)
            dump(program.plan(model))
        except SpecError as error:
            judge(error)
            continue
        json.loads(render_data(resolved))
        try:
            made = program.generated("stan", model)
            stan.emit_terms(program.plan(model))
            if STANC and (verdict := stanc_check(made.text)) is not None:
                assert [item for item in verdict.messages if item.error] == [], made.text
        except SpecError as error:
            judge(error)
        try:
            ast.parse(program.pymc(model))
        except SpecError as error:
            judge(error)


def judge(error: SpecError) -> None:
    assert error.diagnostics
    for item in error.diagnostics:
        assert item.code in CODES
        assert item.message
        assert "\n" in item.render() or item.primary is None


seeds = st.integers(min_value=0, max_value=2**63)


@settings(max_examples=EXAMPLES)
@given(seeds)
def test_mutations_of_the_eight_schools(seed: int) -> None:
    dice = random.Random(seed)
    text = HEAD + mutated(MODELS[1], dice) + "\n" + dice.choice(MODELS)
    check(text, spoiled(COLUMNS, dice) if dice.random() < 0.7 else None)


@settings(max_examples=EXAMPLES)
@given(seeds)
def test_mutations_of_a_longer_model(seed: int) -> None:
    dice = random.Random(seed)
    data = {"y": [1, 2, 3], "g": [1, 2, 2], "x": [0.1, 0.2, 0.3], "J": 2, "T": 4, "N": 3}
    check(mutated(LONGITUDINAL, dice), spoiled_numbers(data, dice) if dice.random() < 0.5 else None)


def spoiled_numbers(data: Mapping[str, Any], dice: random.Random) -> dict[str, Any]:
    lists = {name: value for name, value in data.items() if isinstance(value, list)}
    rest = {name: value for name, value in data.items() if name not in lists or dice.random() < 0.02}
    return {**rest, **spoiled(lists, dice)}


@settings(max_examples=EXAMPLES)
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from(["fuzz.hier", "fuzz.md"]))
def test_any_mixture_of_words(words: list[str], name: str) -> None:
    check(" ".join(["y_i ~ Normal(", *words]), COLUMNS, name)
    check(" ".join(words), None, name)


@settings(max_examples=EXAMPLES)
@given(st.text(max_size=120))
def test_any_text_in_a_note_a_heading_and_a_title(text: str) -> None:
    line = " ".join(text.split())
    check(f"model a [{line}]\n  # {line}\n  y_i ~ Normal(mu, 1)  [{text}]\n  mu ~ Normal(0, 1)", COLUMNS)
    check(text, None)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=EXAMPLES)
@given(st.dictionaries(st.sampled_from(["y", "sigma", "N", "i", "schools", "mu", "J"]), json_values))
def test_any_data(data: dict[str, Any]) -> None:
    check("y_i ~ Normal(mu, sigma_i)\nmu ~ Normal(0, 1)", data)
    check("i in schools\ny_i ~ Normal(mu_j, sigma) for i in 1..J\nmu_j ~ Normal(0, 1)\nsigma ~ Half-Normal(1)", data)
