"""Whether an expression is linear in unknowns: a density on anything else would need a Jacobian to be one of them."""

from __future__ import annotations

from collections.abc import Mapping

from hiercomp.expr import Call, Choose, Expr, Op, Reduce, Ref, Stack, children, walk
from hiercomp.model.ir import Role
from hiercomp.model.scope import Sym


def is_random(expr: Expr, symbols: Mapping[str, Sym]) -> bool:
    """Say whether an unknown has a part in `expr`."""
    if isinstance(expr, Ref) and expr.name in symbols and symbols[expr.name].random:
        return True
    return any(is_random(child, symbols) for child in children(expr))


def only_summed(expr: Expr, symbols: Mapping[str, Sym]) -> bool:
    """Say whether all unknowns in `expr` are discrete ones that are summed out."""
    found = (symbols[node.name] for node in walk(expr) if isinstance(node, Ref) and node.name in symbols)
    return all(sym.role is Role.SUMMED for sym in found if sym.random)


def is_linear(expr: Expr, symbols: Mapping[str, Sym]) -> bool:
    """Say whether `expr` is linear (with a constant) in the unknowns that it depends on."""
    match expr:
        case Ref(name=name, subs=subs):
            return (name not in symbols or symbols[name].linear) and not any(is_random(sub, symbols) for sub in subs)
        case Op(op="+" | "-" | "neg", args=args) | Stack(items=args):
            return all(is_linear(arg, symbols) for arg in args)
        case Op(op="*", args=(a, b)) | Call(func="dot" | "matvec" | "vecmat" | "matmul", args=(a, b)):
            if not is_random(a, symbols):
                return is_linear(b, symbols)
            return not is_random(b, symbols) and is_linear(a, symbols)
        case Op(op="/", args=(a, b)):
            return is_linear(a, symbols) and not is_random(b, symbols)
        case Call(func="sum" | "mean" | "cumsum" | "transpose" | "diag" | "diagonal", args=args):
            return all(is_linear(arg, symbols) for arg in args)
        case Reduce(func="sum" | "mean" | "vector", body=body):
            return is_linear(body, symbols)
        case Choose(cases=cases, otherwise=otherwise):
            values = [*(value for _, value in cases), otherwise]
            return all(is_linear(v, symbols) for v in values) and not any(is_random(w, symbols) for w, _ in cases)
        case _:
            return not is_random(expr, symbols)
