"""Lines that are not statements of a model: ``model``, ``study``, ``i in schools``, ``fit:``."""

from __future__ import annotations

from typing import Any, cast

from hiercomp.diagnostics import Diagnostic
from hiercomp.records import record
from hiercomp.source import Span
from hiercomp.syntax import problems
from hiercomp.syntax.ast import Coding, Expr, ForBinder, LevelsDecl
from hiercomp.syntax.numbers import literal
from hiercomp.syntax.problems.base import RejectedError
from hiercomp.syntax.tokens import Tok

SETTINGS = ("chains", "warmup", "draws", "target_accept", "max_treedepth", "seed")
_SPELLINGS = {"chain": "chains", "draw": "draws"}


@record
class ModelHeader:
    name: Tok
    base: Tok | None
    span: Span


@record
class StudyHeader:
    span: Span


@record
class IndexHeader:
    binders: tuple[ForBinder, ...]


def fit_settings(found: list[tuple[Tok, Tok]]) -> tuple[tuple[str, int | float], ...]:
    """Return the settings of a ``fit:`` line in the order written; raise `RejectedError` for one unknown or twice."""
    settings: dict[str, int | float] = {}
    places: dict[str, Span] = {}
    for name, value in found:
        key = _SPELLINGS.get(name.text, name.text)
        if key not in SETTINGS:
            raise RejectedError(problems.headers.unknown_setting(name, SETTINGS))
        if key in settings:
            raise RejectedError(problems.headers.twice(f"the setting `{key}`", name.span, places[key]))
        settings[key] = literal(value).value
        places[key] = name.span
    return tuple(settings.items())


def coding(parts: list[Any]) -> Coding:
    """Return what ``treatment(a, b:c, reference = "x")`` is; raise `RejectedError` for another named argument."""
    func: Tok = parts[0]
    terms: list[tuple[Expr, ...]] = []
    reference: str | None = None
    for part in parts[1:]:
        match part:
            case (Tok() as name, Tok() as value):
                if name.text != "reference" or reference is not None:
                    raise RejectedError(
                        Diagnostic(
                            "H9", f"`{func.text}` does not take this argument", name.span, "`reference`, once",
                            f"`{name.text}`", f'write `{func.text}(..., reference = "{value.text}")`'
                            if name.text != "reference"
                            else f"keep one: a reference holds for all factors of `{func.text}`",
                        )
                    )  # fmt: skip
                reference = value.text
            case tuple():
                terms.append(cast(tuple[Expr, ...], part))
            case _:
                pass
    last: Tok = parts[-1]
    return Coding(func.text, tuple(terms), reference, Span(func.source, func.start, last.end))


def levels(parts: list[Tok]) -> LevelsDecl:
    """Return what ``levels rating = "low" < "high"`` is; raise `RejectedError` for other signs, and levels twice."""
    name, texts = parts[1], [token for token in parts if token.type == "STRING"]
    sign = next((token for token in parts if token.type == "OP" and token.text != "<"), None)
    if sign is not None:
        raise RejectedError(problems.headers.level_sign(sign))
    places: dict[str, Span] = {}
    for token in texts:
        if token.text in places:
            raise RejectedError(problems.headers.twice(f"the level `{token.text}`", token.span, places[token.text]))
        places[token.text] = token.span
    return LevelsDecl(name.text, tuple(places))
