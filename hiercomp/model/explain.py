"""What was inferred, for people: every name with its role, index sets, shape and support, and the rule behind it."""

from __future__ import annotations

from hiercomp.expr import VECTOR, Binder, Call, Choose, Const, Density, Expr, Index, Op, Reduce, Ref, Stack
from hiercomp.model.ir import AddStmt, DefineStmt, Dist, IndexSet, Model, RandomStmt, Symbol
from hiercomp.model.parts import picked_group
from hiercomp.records import record, replace


@record
class Row:
    """One line of `explain`; all cells are text. `reading` is how the distribution's arguments were read."""

    name: str
    role: str
    index_sets: str
    shape: str
    support: str
    why: str
    reading: str = ""


def explain(model: Model) -> list[Row]:
    """Return a row for every name, then one for every index set, then one for every term without a name."""
    sets = {item.name: item for item in model.index_sets}
    readings: dict[str, list[str]] = {}
    terms: list[Row] = []
    for stmt in model.statements:
        match stmt:
            case RandomStmt(lhs=Ref(name=name), dist=dist, cases=cases):
                readings.setdefault(name, []).extend([*(case.written for _, case in cases), dist.written])
                readings[name] += filter(None, (_place(one) for one in (*(case for _, case in cases), dist)))
            case RandomStmt(dist=dist, common=common):
                terms.append(Row(common.label, "term", _over(common.binders), "", "", f"`{common.text}`", dist.written))
            case AddStmt(common=common):
                terms.append(Row(common.label, "term", _over(common.binders), "", "", f"`{common.text}`"))
            case DefineStmt():
                pass
    rows = [_symbol(symbol, sets, readings.get(symbol.name, [])) for symbol in model.symbols]
    return [*rows, *(_index_set(item) for item in model.index_sets), *terms]


def _place(dist: Dist) -> str:
    """Say what the numbers are that a choice among the members of a group has for values."""
    group = picked_group(dist)
    return f"the place of what is picked in its group, `{_group(group)}`, counted from 1" if group else ""


def _group(group: Binder) -> str:
    """Write a group as the spec has it: ``choices[m]``."""
    assert isinstance(group.lo, Ref)
    return show(replace(group.lo, name=group.lo.name.removesuffix("_first")))


def _over(binders: tuple[Binder, ...]) -> str:
    return ", ".join(binder.set for binder in binders)


def _symbol(symbol: Symbol, sets: dict[str, IndexSet], readings: list[str]) -> Row:
    reading = "; ".join(dict.fromkeys(readings))
    why = symbol.why + (f"; {reading}" if reading else "")
    shape = " x ".join(_size(sets[axis]) for axis in symbol.axes) or "one number"
    return Row(symbol.name, str(symbol.role), ", ".join(symbol.axes), shape, _support(symbol), why, reading)


def _size(item: IndexSet) -> str:
    return str(item.length) if item.length is not None else item.size_name


def _index_set(item: IndexSet) -> Row:
    labels = ""
    if item.labels is not None:
        labels = "; labels " + ", ".join(item.labels[:4]) + (", ..." if len(item.labels) > 4 else "")
    return Row(item.name, "index set", "", _size(item), f"1..{item.size_name}", item.why + labels)


def _support(symbol: Symbol) -> str:
    bounds = symbol.support
    kind = "whole numbers" if symbol.elem == "int" else "real"
    if bounds.shape:
        return bounds.shape
    if bounds.lower is None and bounds.upper is None:
        return kind
    low = show(bounds.lower) if bounds.lower is not None else "-inf"
    high = show(bounds.upper) if bounds.upper is not None else "inf"
    left, right = "[" if bounds.lower is not None else "(", "]" if bounds.upper is not None else ")"
    return f"{'whole numbers in ' if symbol.elem == 'int' else ''}{left}{low}, {high}{right}"


def show(expr: Expr) -> str:
    """Write a resolved expression in the notation of specs, with brackets around whatever is joined by operators."""
    match expr:
        case Const(text=text):
            return text
        case Index(var=var):
            return var
        case Ref(name=name, subs=subs):
            return name + (f"[{', '.join(map(show, subs))}]" if subs else "")
        case Op(op="neg", args=(arg,)):
            return f"-{_inner(arg)}"
        case Op(op="not", args=(arg,)):
            return f"not {_inner(arg)}"
        case Op(op=op, args=args):
            return f" {op} ".join(map(_inner, args))
        case Call(func=func, args=args):
            return f"{func}({', '.join(map(show, args))})"
        case Reduce(func=func, body=body, binders=binders):
            word = "" if func == VECTOR else func
            return f"{word}({show(body)} for {', '.join(f'{b.var} in {b.set}' for b in binders)})"
        case Choose(cases=cases, otherwise=otherwise):
            return "; ".join([*(f"{show(v)} if {show(w)}" for w, v in cases), f"{show(otherwise)} otherwise"])
        case Stack(items=items):
            return f"({', '.join(map(show, items))})"
        case Density(row=row, args=given, value=value):
            return f"{row}({', '.join(show(arg) for _, arg in given)}) at {show(value)}"


def _inner(expr: Expr) -> str:
    return f"({show(expr)})" if isinstance(expr, Op) and expr.op != "neg" else show(expr)
