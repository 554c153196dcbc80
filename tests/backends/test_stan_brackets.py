"""Brackets in Stan code: neither too few nor too many."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from hiercomp.backends.stan.containers import container
from hiercomp.backends.stan.exprs import compiled
from hiercomp.backends.stan.scope import Frame, Held, Scope
from hiercomp.expr import Const, Expr, Op, Ref, number

NAMES = ("a", "b", "c")
VALUES = {"a": 1.75, "b": -0.6, "c": 2.3}
_SCOPE = Scope({name: Held(name, container((), "real"), "real") for name in NAMES}, {}, {}, frozenset(NAMES))

_leaves = st.one_of(
    st.sampled_from([Ref(name) for name in NAMES]), st.sampled_from([number(2), number(3), number(0.5), number(7)])
)


def _grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    binary = st.builds(lambda op, a, b: Op(op, (a, b)), st.sampled_from(["+", "-", "*", "/", "^"]), inner, inner)
    return st.one_of(binary, st.builds(lambda a: Op("neg", (a,)), inner))


EXPRESSIONS = st.recursive(_leaves, _grown, max_leaves=8)
_TOKEN = re.compile(r"\s*(\d+\.\d+|\d+|[a-z]|[-+*/^()])")
_BINDS = {"+": (5, 6), "-": (5, 6), "*": (7, 8), "/": (7, 8), "^": (12, 11)}
_PREFIX = 9


class _Reader:
    """Stan's precedences, read from its reference manual: ^ (right) over prefix signs over * / over + -."""

    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)
        assert "".join(self.tokens) == re.sub(r"\s", "", text)
        self.place = 0

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def next(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def tree(self, strength: int = 0):
        token = self.next()
        if token == "(":
            left = self.tree()
            assert self.next() == ")"
        elif token == "-":
            left = ("neg", self.tree(_PREFIX))
        else:
            left = token
        while (sign := self.peek()) in _BINDS and _BINDS[sign][0] >= strength:
            self.next()
            left = (sign, left, self.tree(_BINDS[sign][1]))
        return left


def _read(text: str):
    reader = _Reader(text)
    tree = reader.tree()
    assert not reader.peek()
    return tree


def _tree(expr: Expr):
    match expr:
        case Const(text=text):
            return text
        case Ref(name=name):
            return name
        case Op(op="neg", args=(Op(op="neg", args=(inner,)),)):
            return _tree(inner)
        case Op(op=op, args=args):
            return (op, *map(_tree, args))
        case _:
            raise AssertionError(expr)


def _reals(tree):
    """Return a tree with whole numbers that were written as reals (to keep a quotient one of reals) as they were."""
    if isinstance(tree, tuple):
        return tuple(map(_reals, tree))
    return tree.removesuffix(".0")


def _without_promotion(tree):
    """Return a tree without the factor 1.0 that makes a quotient of integers one of reals."""
    if not isinstance(tree, tuple):
        return tree
    parts = tuple(map(_without_promotion, tree))
    return parts[2] if parts[0] == "*" and parts[1] == "1.0" else parts


@settings(max_examples=600)
@given(EXPRESSIONS)
def test_brackets_keep_the_value(expr):
    text = compiled(expr, Frame(), _SCOPE).code.text
    assert _reals(_without_promotion(_read(text))) == _tree(expr), text


@settings(max_examples=400)
@given(EXPRESSIONS)
def test_no_sign_is_taken_back(expr):
    """stanc 2.27 turns -(-x) into the decrement --x of C++, which changes x or does not compile."""

    def signs(tree):
        assert not (isinstance(tree, tuple) and tree[0] == "neg" and isinstance(tree[1], tuple) and tree[1][0] == "neg")
        for part in tree[1:] if isinstance(tree, tuple) else ():
            signs(part)

    signs(_read(compiled(expr, Frame(), _SCOPE).code.text))


@settings(max_examples=400)
@given(EXPRESSIONS)
def test_no_bracket_is_needless(expr):
    text = compiled(expr, Frame(), _SCOPE).code.text
    tree = _read(text)
    for start in [place for place, char in enumerate(text) if char == "("]:
        depth = 0
        for end in range(start, len(text)):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            if depth == 0:
                break
        bare = text[:start] + text[start + 1 : end] + text[end + 1 :]
        # A negative exponent reads better in brackets, and two signs in a row are not for people.
        if text[start + 1] == "-" and start and text[start - 1] in "^-":
            continue
        assert _read(bare) != tree, text


def test_the_reader_knows_the_precedences():
    assert _read("-a^b * c - a - b") == ("-", ("-", ("*", ("neg", ("^", "a", "b")), "c"), "a"), "b")
    assert _read("a^b^c") == ("^", "a", ("^", "b", "c"))
    assert _read("(a - b) * c") != _read("a - b * c")
