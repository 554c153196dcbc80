"""Whatever the text: a spec or coded diagnostics, never anything else."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiercomp.codes import CODES
from hiercomp.diagnostics import Diagnostics, Severity
from hiercomp.source import Source
from hiercomp.syntax import format_spec, parse
from hiercomp.syntax.ast import Spec

ROOT = Path(__file__).parents[2]
SEEDS = Path(os.environ.get("HIERCOMP_SEEDS", ROOT.parent / "shared" / "seeds"))
SPEC = (ROOT / "specs" / "eight_schools.hier").read_text(encoding="utf-8")
DOCUMENTS = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
FRAGMENTS = [
    "model ", "extends ", "data ", "fit: ", "where ", "for ", "if ", "otherwise", " in ", " is ", " are ", "and ",
    "or ", "not ", "truncated to ", "censored ", "smoothly(", "ordered", "non-centered", "KNOWN", "~", "=", "==",
    "+=", "<", "≤", "[", "]", "(", ")", "_{", "}", ",", "..", "95%", "1e9", ".5", "x_i", "θ₁", "xₜ₋₁", "²", "√",
    "·", "\n", "\n\n", "  ", "# heading", "[note]", "```\n", "```hier\n", "<!-- hier: extends a -->", "**A**\n",
    "Normal(0, 1)", "Half-Cauchy(", "\"", "'", "\\", "\t", "\r\n", "\x00", "\ufeff", "\u2028", "é", "𝜃",
    "abandon a if", "vary a:", "sum(x_i for i in 1..N)",
]  # fmt: skip


def check(text: str, name: str = "fuzz.hier") -> None:
    diagnostics = Diagnostics()
    spec = parse(Source(name, text), diagnostics)
    assert isinstance(spec, Spec)
    for item in diagnostics.items:
        assert item.code in CODES
        assert item.message
        assert item.primary is not None
        assert 0 <= item.primary.start <= item.primary.end <= len(text)
        assert item.severity in {Severity.ERROR, Severity.WARNING}
        item.render()
    if not diagnostics.items and not spec.document:
        formatted = format_spec(spec)
        again = Diagnostics()
        assert parse(Source(name, formatted), again) == spec, formatted
        assert again.items == []
    assert spec.models or diagnostics.items


names = st.sampled_from(["fuzz.hier", "fuzz.md", "fuzz.txt"])


@settings(max_examples=400)
@given(st.text(max_size=200), names)
def test_any_text(text: str, name: str) -> None:
    check(text, name)


@settings(max_examples=600)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join), names)
def test_any_mixture_of_words(text: str, name: str) -> None:
    check(text, name)


def mutate(text: str, seed: int) -> str:
    dice = random.Random(seed)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(text) + 1)
        stop = min(len(text), at + dice.choice([0, 1, 1, 3, 20]))
        other = dice.randrange(len(text))
        piece = dice.choice(["", dice.choice(FRAGMENTS), chr(dice.randrange(1, 0x500)), text[other : other + 15]])
        text = text[:at] + piece + text[stop:]
    return text


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_mutations_of_the_spec(seed: int) -> None:
    check(mutate(SPEC, seed))


@pytest.mark.skipif(not DOCUMENTS, reason="the documents are not part of the project")
@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_mutations_of_the_documents(seed: int) -> None:
    for text in DOCUMENTS:
        check(mutate(text, seed), "fuzz.md")


@pytest.mark.parametrize("start", range(0, len(SPEC), 97))
def test_truncated_specs(start: int) -> None:
    check(SPEC[:start])
    check(SPEC[start:])


@pytest.mark.parametrize("bracket", ["(", "[", "a[", "x_{", "f(", "-", "not ", "√", "2^", "a - (", "[ ", ")", "=", "~"])
def test_deep_nesting(bracket: str) -> None:
    text = f"x = {bracket * 10_000}1\ny = 2\n"
    diagnostics = Diagnostics()
    spec = parse(Source("deep.hier", text), diagnostics)
    assert len(diagnostics.errors) in {1, 2}
    assert spec.models[0].statements[-1].span is not None
    assert spec.models[0].statements[-1].span.text == "y = 2"
    check(text)


def test_a_long_sum_is_refused_and_a_short_one_is_not() -> None:
    check("x = " + " + ".join(["a"] * 200) + "\n")
    for count, errors in ((200, 0), (202, 1), (20_000, 1)):
        diagnostics = Diagnostics()
        parse(Source("long.hier", "x = " + " + ".join(["a"] * count) + "\n"), diagnostics)
        assert len(diagnostics.errors) == errors, count


def test_a_long_spec_takes_time_in_proportion() -> None:
    """Not a stopwatch: twice the lines may not take ten times as long, which anything quadratic would."""

    def seconds(count: int) -> float:
        text = "".join(f"x{k}_i ~ Normal(mu{k} + a[{k}], 1)  [a note]\n" for k in range(count))
        start = time.perf_counter()
        diagnostics = Diagnostics()
        spec = parse(Source("long.hier", text), diagnostics)
        taken = time.perf_counter() - start
        assert len(spec.models[0].statements) == count
        return taken

    seconds(100)
    assert seconds(8_000) < 10 * 4 * seconds(2_000)


@pytest.mark.parametrize(
    "line",
    [
        "x = a [b",
        "x = (",
        "# heading",
        "x = 1 +",
        "[",
        "x = y = z",
        "`",
        "x = a [a]",
        "x = a # " + "b" * 500 + "\n[",
        "model a",
        "abandon a if",
    ],
)
def test_a_long_bad_text_ends(line: str) -> None:
    text = f"{line}\n" * 20_000
    diagnostics = Diagnostics()
    parse(Source("long.hier", text), diagnostics)
    assert diagnostics.items
