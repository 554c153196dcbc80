"""Surface trees that some text could give, for the round trip through the formatter."""

from __future__ import annotations

from hypothesis import strategies as st

from hiercomp.source import Source
from hiercomp.syntax.ast import (
    AddTerm,
    Apply,
    Arg,
    Binary,
    Censored,
    Clauses,
    Comprehension,
    DataDecl,
    Define,
    DistPiece,
    Expr,
    ExprPiece,
    Fact,
    FitDecl,
    ForBinder,
    IndexDecl,
    Interval,
    ModelBlock,
    Name,
    Number,
    Otherwise,
    Random,
    Range,
    Spec,
    Statement,
    Text,
    Unary,
    VectorLiteral,
    Whole,
)
from hiercomp.syntax.headers import SETTINGS
from hiercomp.syntax.numbers import literal
from hiercomp.syntax.operators import BINARY
from hiercomp.syntax.tokens import LINKS, RESERVED, Tok

SOURCE = Source("spec.hier", "")

idents = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,6}[A-Za-z0-9]|[a-zA-Z]", fullmatch=True).filter(
    lambda word: word not in RESERVED
)
digits = st.from_regex(
    r"[0-9]{1,20}|[0-9]{0,3}\.[0-9]{1,5}|[0-9]{1,3}(\.[0-9]{1,2})?[eE][+-]?[0-9]{1,2}", fullmatch=True
)
numbers: st.SearchStrategy[Number] = st.tuples(digits, st.sampled_from(["", "%"])).map(
    lambda pair: literal(Tok("NUMBER", pair[0] + pair[1], SOURCE, 0, 0))
)
texts: st.SearchStrategy[Expr] = st.builds(Text, st.text("ab é'#[]", max_size=4))
names: st.SearchStrategy[Expr] = st.builds(Name, idents)


def composite(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    args = st.lists(st.builds(Arg, inner, st.none() | idents), max_size=3).map(tuple)
    return st.one_of(
        st.builds(Name, idents, several),
        st.builds(Name, idents, several.map(lambda subs: (Whole(), *subs, Whole()))),
        st.builds(Binary, st.sampled_from(["==", "!="]), inner, texts),
        st.builds(Unary, st.sampled_from(["-", "+", "not"]), inner),
        st.builds(Binary, st.sampled_from(sorted(BINARY)), inner, inner),
        st.builds(Binary, st.sampled_from(sorted(BINARY)), inner, inner),
        st.builds(Apply, idents, args),
        st.builds(Comprehension, idents, inner, binder_lists(inner), st.none() | inner),
        st.builds(VectorLiteral, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    )


def binder_lists(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[tuple[ForBinder, ...]]:
    domain = st.builds(Range, inner, inner) | st.builds(Name, idents)
    return st.lists(st.builds(ForBinder, idents, domain), min_size=1, max_size=2).map(tuple)


expressions: st.SearchStrategy[Expr] = st.recursive(numbers | names, composite, max_leaves=6)
subjects = st.builds(Name, idents, st.lists(names, max_size=2).map(tuple))
intervals = st.builds(Interval, expressions, st.none() | expressions) | st.builds(Interval, st.none(), expressions)

facts = st.one_of(
    st.builds(Fact, subjects, st.sampled_from(["known", "observed"])),
    st.builds(Fact, subjects, st.just("compare"), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), expressions),
    st.builds(lambda subject, bounds: Fact(subject, "interval", interval=bounds), subjects, intervals),
    st.builds(
        lambda subject, word: Fact(subject, "is", word=word),
        subjects,
        st.sampled_from(["simplex", "positive", "non-negative", "correlation matrix"]),
    ),
)

# What a text can carry: no line breaks, blanks in single file, nothing at the ends.
plain = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20).map(
    lambda text: " ".join(text.split())
)
bracketed = st.text("ab [](){}#'\"*/~=,;", max_size=20).map(lambda text: " ".join(text.split()))
notes = plain | bracketed | st.sampled_from(["b", "b / c", "1", "see [1]", "in [0, 1)", "#include", '*/ """'])
headings = plain.map(lambda text: text.lstrip("#").strip()).filter(
    lambda text: not text or any(char.isalnum() for char in text)
)
clauses = st.builds(
    Clauses,
    facts=st.lists(facts, max_size=2).map(tuple),
    binders=st.just(()) | binder_lists(expressions),
    truncated=st.none() | intervals,
    centering=st.sampled_from([None, "centered", "non-centered"]),
    modifiers=st.sampled_from([(), ("ordered",)]),
    censored=st.none()
    | st.builds(Censored, expressions, st.none() | expressions)
    | st.builds(Censored, st.none(), expressions, st.booleans()),
    weight=st.none() | expressions,
    note=notes,
)
words = st.sampled_from(["Normal", "Half-Cauchy", "Student-t", "half_normal", "Inverse-Gamma"])
dists = st.builds(
    Apply, words, st.lists(st.builds(Arg, expressions, st.none() | idents), max_size=3).map(tuple)
) | st.builds(
    lambda inner, weight: Apply("Mixture", (Arg(weight), Arg(inner))),
    st.builds(Apply, words, st.lists(st.builds(Arg, expressions), max_size=2).map(tuple)),
    expressions,
)


def _define(target: Name, values: list[Expr], when: list[Expr], end: bool, rest: tuple[Clauses, str, Expr | None, str]):
    c, link, rate, section = rest
    if len(values) == 1:
        return Define(target, (ExprPiece(values[0]),), c, link, None, section)
    conditions = [*when[: len(values) - 1], Otherwise() if end else when[-1]]
    pieces = tuple(ExprPiece(value, condition) for value, condition in zip(values, conditions, strict=True))
    return Define(target, pieces, c, link, rate, section)


def _random(lhs: Expr, values: list[Apply], when: list[Expr], c: Clauses, section: str) -> Random:
    if len(values) == 1:
        return Random(lhs, (DistPiece(values[0], when[0] if isinstance(when[0], Binary) else None),), c, section)
    conditions = [*when[: len(values) - 1], Otherwise()]
    return Random(lhs, tuple(DistPiece(v, w) for v, w in zip(values, conditions, strict=True)), c, section)


sections = st.sampled_from(["", "Priors", "Data model"]) | headings
three = st.lists(expressions, min_size=3, max_size=3)
statements: st.SearchStrategy[Statement] = st.one_of(
    st.builds(
        _define,
        subjects,
        st.lists(expressions, min_size=1, max_size=3),
        three,
        st.booleans(),
        st.tuples(clauses, st.sampled_from(["", *LINKS]), st.none() | expressions, sections),
    ),
    st.builds(
        _random,
        expressions.filter(lambda expr: not isinstance(expr, Number)),
        st.lists(dists, min_size=1, max_size=3),
        three,
        clauses,
        sections,
    ),
    st.builds(AddTerm, expressions, clauses, st.none() | expressions, sections),
)
paths = st.text("abc /.\\'-_é", min_size=1, max_size=10) | st.just('say "y".csv')
datas = st.builds(DataDecl, paths, notes, heading=headings)
indices = st.builds(
    IndexDecl, st.builds(ForBinder, idents, st.builds(Range, expressions, expressions) | names), notes, heading=headings
)
fits = st.builds(
    lambda settings, note, heading: FitDecl(tuple(settings.items()), note=note, heading=heading),
    st.dictionaries(st.sampled_from(SETTINGS), st.integers(0, 10**6) | st.sampled_from([0.95, 0.8]), min_size=1),
    notes,
    headings,
)


studies = st.builds(
    ModelBlock,
    st.just("study"),
    st.lists(statements, max_size=3).map(tuple),
    note=notes,
    heading=headings,
    indices=st.lists(indices, max_size=1).map(tuple),
    data=st.lists(datas, max_size=1).map(tuple),
)


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    several = st.lists(statements, max_size=3).map(tuple)
    common = draw(several)
    blocks = draw(st.lists(idents, unique=True, max_size=3))
    models = tuple(
        ModelBlock(
            name,
            draw(st.lists(statements, min_size=1, max_size=3).map(tuple)),
            extends=draw(st.just("") | idents),
            note=draw(notes),
            heading=draw(headings),
            indices=draw(st.lists(indices, max_size=1).map(tuple)),
            data=draw(st.lists(datas, max_size=1).map(tuple)),
        )
        for name in blocks
    )
    if not models:
        body = draw(st.lists(statements, min_size=1, max_size=3).map(tuple))
        models, common = (ModelBlock("spec", body),), ()
    return Spec(
        SOURCE,
        models,
        common,
        draw(st.lists(datas, max_size=2).map(tuple)),
        draw(st.lists(indices, max_size=2).map(tuple)),
        draw(st.none() | fits),
        study=draw(st.none() | studies),
    )
