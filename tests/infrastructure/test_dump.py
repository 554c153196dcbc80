"""Trees as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hiercomp.dump import dump
from hiercomp.expr import Expr, Index, Op, Ref, Type, number
from hiercomp.source import Source, Span


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Node:
    name: str
    colour: Colour = Colour.RED
    values: dict[str, float] = field(default_factory=dict[str, float])
    span: Span | None = None


def test_short_nodes_stand_on_one_line() -> None:
    tree = Op("neg", (Ref("theta", (Index("i"),)),))
    assert dump(tree) == "Op(op = 'neg', args = [Ref(name = 'theta', subs = [Index(var = 'i')])])"
    assert dump(number(2)) == "Const(value = 2, text = '2', type = Type(elem = 'int'))"
    assert dump(Ref("mu")) == "Ref(name = 'mu')"


def test_long_nodes_are_indented() -> None:
    tree = Op("*", (Ref("a" * 40, type=Type("real", ("schools",))), Ref("b" * 40)))
    assert dump(tree).splitlines() == [
        "Op",
        "  op = '*'",
        "  args = 2 items",
        f"    Ref(name = '{'a' * 40}', type = Type(axes = ['schools']))",
        f"    Ref(name = '{'b' * 40}')",
    ]


def test_spans_and_defaults_are_left_out() -> None:
    source = Source("<text>", "x")
    assert dump(Node("x", span=Span(source, 0, 1))) == "Node(name = 'x', values = mapping())"
    assert dump(Node("x", values={"a": 1.5})) == "Node(name = 'x', values = mapping(a: 1.5))"


def test_text_in_a_tree_stays_on_its_line() -> None:
    assert dump(Ref("a\n  b")) == "Ref(name = 'a\\n  b')"


def test_deep_trees() -> None:
    tree: Expr = Ref("x")
    for _ in range(20_000):
        tree = Op("neg", (tree,))
    assert dump(tree).count("neg") == 20_000
