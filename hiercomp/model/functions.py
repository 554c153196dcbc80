"""Functions of the spec: ``def f(x, a) = expr`` is put in the place of every call before anything has a meaning.

The substitution is hygienic: letters that the function binds itself get other names where the call uses them, and an
index that it does not bind is refused, since it would mean what the statement around the call happens to mean by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, cast

from hiercomp.catalog import find_distribution, find_function
from hiercomp.diagnostics import Diagnostic, Diagnostics, Label, Severity
from hiercomp.model import surface
from hiercomp.model.letters import Reader, all_statements
from hiercomp.model.substitution import Substitution, changed, letters_of
from hiercomp.records import replace, state
from hiercomp.source import Source, Span
from hiercomp.syntax.ast import (
    Apply,
    Binary,
    Comprehension,
    Expr,
    FunctionDecl,
    ModelBlock,
    Name,
    Number,
    Spec,
    Statement,
    Text,
    Unary,
    VectorLiteral,
    Whole,
)
from hiercomp.syntax.walk import MAX_DEPTH, nesting
from hiercomp.syntax.words import is_log_density

MOST_NODES = 100_000

_EXPRESSIONS = (Number, Text, Whole, Name, Unary, Binary, Apply, Comprehension, VectorLiteral)


class _Stop(Exception):  # noqa: N818 - it only ends the expansion of one statement
    pass


@state
class Expander:
    """Puts functions in the places of their calls. `whole` has the bodies without any call left in them."""

    functions: dict[str, FunctionDecl]
    reader: Reader
    diagnostics: Diagnostics
    whole: dict[str, Expr]

    def statements(self, given: Sequence[Statement]) -> tuple[Statement, ...]:
        """Return statements without calls of functions of the spec; those that cannot be had are left out."""
        found: list[Statement] = []
        for statement in given:
            try:
                found.append(self._mapped(statement, statement))
            except _Stop:
                continue
        return tuple(found)

    def _mapped(self, value: Any, statement: Statement) -> Any:
        """Return a part of a statement, whichever kind of record it is, with its expressions changed."""
        if isinstance(value, _EXPRESSIONS):
            busy = letters_of(statement, self.reader)
            return self.expr(value, busy, ())
        if isinstance(value, tuple):
            items = cast(tuple[Any, ...], value)
            made = tuple(self._mapped(item, statement) for item in items)
            return made if any(a is not b for a, b in zip(items, made, strict=True)) else items
        if is_dataclass(value) and not isinstance(value, (Span, Source, type)):
            parts = {item.name: getattr(value, item.name) for item in fields(value)}
            made_parts = {name: self._mapped(part, statement) for name, part in parts.items()}
            changes = {name: part for name, part in made_parts.items() if part is not parts[name]}
            dist = changes.get("dist")
            if dist is not None and not isinstance(dist, Apply):
                called: Apply = parts["dist"]
                raise self._refuse(
                    f"`{called.func}` stands where a distribution has to be", called.span, "a distribution",
                    f"`{surface.show(dist)}`",
                    f"a function gives a number: write it inside a distribution, `Normal({surface.show(called)}, 1)`",
                )  # fmt: skip
            return replace(value, **changes) if changes else value
        return value

    def expr(self, node: Expr, busy: frozenset[str], path: tuple[str, ...]) -> Expr:
        """Return an expression without calls of functions of the spec. `busy` are the letters in use around it."""
        made = changed(node, lambda part: self.expr(part, busy, path))
        if not isinstance(made, Apply) or made.func not in self.functions:
            return made
        function = self.functions[made.func]
        if made.func in path:
            raise self._refuse(
                f"`{made.func}` is defined by itself", function.span, "an expression without the function itself",
                " calls ".join(f"`{name}`" for name in (*path[path.index(made.func) :], made.func)),
                "a quantity that goes on from its earlier values is a recursion: `s_t = f(s_{t-1}) for t in 2..T`",
            )  # fmt: skip
        values = self._arguments(function, made)
        if made.func not in self.whole:
            self.whole[made.func] = self.expr(function.body, frozenset(), (*path, made.func))
        return self._put(function, values, busy, made)

    def _arguments(self, function: FunctionDecl, call: Apply) -> dict[str, Expr]:
        params = function.params
        named = {arg.name: arg.value for arg in call.args if arg.name}
        values = dict(zip(params, (arg.value for arg in call.args if not arg.name), strict=False)) | named
        if len(call.args) != len(params) or set(values) != set(params):
            found = f"`{surface.show(call)}`"
            raise self._stop(
                Diagnostic(
                    "H9",
                    f"`{function.name}` does not take these arguments",
                    call.span,
                    f"`{function.name}({', '.join(params)})`",
                    found,
                    f"write `{_completed(function, call)}`",
                    secondary=(Label(function.span, "defined here"),) if function.span else (),
                )
            )
        return values

    def _put(self, function: FunctionDecl, values: Mapping[str, Expr], busy: frozenset[str], call: Apply) -> Expr:
        body = self.whole[function.name]
        substitution = Substitution(values, self.reader, busy)
        if substitution.size(body) > MOST_NODES:
            raise self._too_much(call, f"more than {MOST_NODES} parts")
        made = substitution.expr(body)
        if substitution.misused:
            name, value = substitution.misused
            raise self._refuse(
                f"`{name}` has an index in the definition of `{function.name}`, so only a name can stand for it",
                call.span, "the name of an array", f"`{surface.show(value)}`",
                "define the value under a name of its own, and give that name",
            )  # fmt: skip
        if nesting((made,)) > MAX_DEPTH:
            raise self._too_much(call, f"expressions nested more than {MAX_DEPTH} deep")
        return replace(made, span=call.span)

    def _too_much(self, call: Apply, found: str) -> _Stop:
        return self._stop(
            Diagnostic(
                "H41", f"`{call.func}` written out here is too much", call.span, "short expressions", found,
                "define intermediate results under names of their own",
            )
        )  # fmt: skip

    def _refuse(self, message: str, span: Span | None, expected: str, found: str, advice: str) -> _Stop:
        return self._stop(Diagnostic("H16", message, span, expected, found, advice))

    def _stop(self, diagnostic: Diagnostic) -> _Stop:
        if not any(item == diagnostic for item in self.diagnostics.items):
            self.diagnostics.add(diagnostic)
        return _Stop()


def _completed(function: FunctionDecl, call: Apply) -> str:
    """Return a call of a function with as many arguments as it takes: those given, and the names of the rest."""
    named = {arg.name: arg.value for arg in call.args if arg.name in function.params}
    others = iter([arg.value for arg in call.args if arg.name not in function.params])
    shown: list[str] = []
    for param in function.params:
        value = named.get(param) or next(others, None)
        shown.append(surface.show(value) if value is not None else param)
    return f"{function.name}({', '.join(shown)})"


def expander(spec: Spec, blocks: Sequence[ModelBlock], reader: Reader, diagnostics: Diagnostics) -> Expander:
    """Return what takes the calls out of the statements of `blocks`; functions that cannot be are reported (H16)."""
    sound: dict[str, FunctionDecl] = {}
    owners: dict[str, object] = {}
    for owner, functions in ((spec, spec.functions), *((block, block.functions) for block in blocks)):
        for function in functions:
            fault = _fault(function, reader)
            first = sound[function.name].span if function.name in sound else None
            if function.name in sound and owners[function.name] is owner:
                fault = Diagnostic(
                    "H16", f"`{function.name}` is defined twice", function.span, "one definition of a function",
                    "a second one", "keep one of the two, or give one of them another name",
                    secondary=(Label(first, "the first"),) if first is not None else (),
                )  # fmt: skip
            if fault is not None:
                diagnostics.add(fault)
            sound[function.name], owners[function.name] = function, owner
    if sound:
        _note_unused(spec, sound.values(), diagnostics)
    return Expander(sound, reader, diagnostics, {})


def _fault(function: FunctionDecl, reader: Reader) -> Diagnostic | None:
    def diagnostic(message: str, expected: str, found: str, advice: str) -> Diagnostic:
        return Diagnostic("H16", message, function.span, expected, found, advice)

    name = function.name
    taken = find_function(name) is not None or is_log_density(name)
    if taken or (len(name) > 1 and find_distribution(name) is not None):
        return diagnostic(f"`{name}` is a word of the language", "another name", f"`def {name}(...)`",
                          f"call it something else: `def my_{name}(...)`")  # fmt: skip
    for param in function.params:
        if function.params.count(param) > 1:
            return diagnostic(
                f"`{name}` has two parameters called `{param}`", "another name for one", f"`{param}` twice",
                f"rename the second: `def {name}({', '.join(_apart(function.params))})`",
            )  # fmt: skip
        if reader.split(param).tail:
            return diagnostic(
                f"the parameter `{param}` of `{name}` has an index", "a plain name", f"`{param}`",
                "give the index inside the definition, or to the argument",
            )  # fmt: skip
    for free in sorted(letters_of(function.body, reader, bound=False) - set(function.params)):
        return diagnostic(
            f"the index `{free}` of `{name}` has no range", "a parameter, or a range inside the function", f"`{free}`",
            f"make it a parameter: `def {name}({', '.join((*function.params, free))})`, or give what it indexes whole",
        )  # fmt: skip
    return None


def _apart(names: Sequence[str]) -> list[str]:
    """Return names that all differ: those that come again get a number."""
    return [f"{name}{count}" if (count := names[: at + 1].count(name)) > 1 else name for at, name in enumerate(names)]


def _note_unused(spec: Spec, functions: Iterable[FunctionDecl], diagnostics: Diagnostics) -> None:
    """Note functions that no statement of the spec calls, in whichever model (N6)."""
    roots: list[Any] = list(all_statements(spec))
    roots += [function.body for function in (*spec.functions, *(f for b in spec.models for f in b.functions))]
    called = {node.func for root in roots for node in _nodes(root) if isinstance(node, Apply)}
    diagnostics.extend(
        Diagnostic(
            "N6", f"nothing calls `{function.name}`", function.span, help="leave it out, or call it",
            severity=Severity.NOTE,
        )
        for function in functions
        if function.name not in called
    )  # fmt: skip


def _nodes(value: Any) -> Iterable[Expr]:
    """Yield all expressions inside a statement, whichever kinds of clauses it has."""
    if isinstance(value, _EXPRESSIONS):
        yield from (cast(Expr, node) for node, _ in surface.walk(value))
    elif isinstance(value, tuple):
        for item in cast(tuple[Any, ...], value):
            yield from _nodes(item)
    elif is_dataclass(value) and not isinstance(value, (Span, Source, type)):
        for item in fields(value):
            yield from _nodes(getattr(value, item.name))
