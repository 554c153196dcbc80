"""What tests of resolved models share: a spec in, its model or its findings out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hiercomp.data.objects import from_mapping
from hiercomp.diagnostics import Diagnostics
from hiercomp.model import model_names, resolve
from hiercomp.model.ir import DefineStmt, Model, RandomStmt
from hiercomp.source import Source
from hiercomp.syntax import parse


def resolved(text: str, data: Mapping[str, Any] | None = None, name: str | None = None) -> Model:
    model, found = attempt(text, data, name)
    assert model is not None, "\n\n".join(item.render() for item in found.items)
    return model


def attempt(
    text: str, data: Mapping[str, Any] | None = None, name: str | None = None
) -> tuple[Model | None, Diagnostics]:
    found = Diagnostics()
    spec = parse(Source("t.hier", text), found)
    tables = [from_mapping(data, found)] if data is not None else []
    assert not found.errors, found.errors[0].render()
    return resolve(spec, name or model_names(spec)[-1], tables, found), found


def codes(text: str, data: Mapping[str, Any] | None = None) -> list[str]:
    return sorted(item.code for item in attempt(text, data)[1].items)


def definition(model: Model, name: str) -> DefineStmt:
    return next(stmt for stmt in model.statements if isinstance(stmt, DefineStmt) and stmt.name == name)


def random(model: Model, label: str) -> RandomStmt:
    return next(stmt for stmt in model.statements if isinstance(stmt, RandomStmt) and stmt.common.label == label)


def roles(model: Model) -> dict[str, str]:
    return {symbol.name: str(symbol.role) for symbol in model.symbols}
