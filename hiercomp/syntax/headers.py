"""Lines that are not statements of a model: ``model``, ``i in schools``, ``fit:``."""

from __future__ import annotations

from hiercomp.records import record
from hiercomp.source import Span
from hiercomp.syntax.ast import ForBinder
from hiercomp.syntax.numbers import literal
from hiercomp.syntax.problems import headers as headers_problems
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
class IndexHeader:
    binders: tuple[ForBinder, ...]


def fit_settings(found: list[tuple[Tok, Tok]]) -> tuple[tuple[str, int | float], ...]:
    """Return the settings of a ``fit:`` line in the order written; raise `RejectedError` for one unknown or twice."""
    settings: dict[str, int | float] = {}
    places: dict[str, Span] = {}
    for name, value in found:
        key = _SPELLINGS.get(name.text, name.text)
        if key not in SETTINGS:
            raise RejectedError(headers_problems.unknown_setting(name, SETTINGS))
        if key in settings:
            raise RejectedError(headers_problems.twice(f"the setting `{key}`", name.span, places[key]))
        settings[key] = literal(value).value
        places[key] = name.span
    return tuple(settings.items())
