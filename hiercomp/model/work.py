"""One statement being resolved: its index variables, its left side, and errors about them."""

from __future__ import annotations

from hiercomp.diagnostics import Diagnostic, Label
from hiercomp.expr import INT, REAL, Binder, Const, Expr, Index, Ref
from hiercomp.model import surface
from hiercomp.model.draft import Item
from hiercomp.model.ir import Common
from hiercomp.model.lower import Lower
from hiercomp.model.ranges import reach
from hiercomp.model.regions import regions
from hiercomp.model.scope import BoundCheck, Context, Reach, Refused, Sym
from hiercomp.model.spread import free_letter
from hiercomp.records import replace, state
from hiercomp.source import Span
from hiercomp.syntax.ast import Clauses, Name, Number


@state
class Work:
    """One statement being resolved: its scope, the variables that its left side binds, and what it has for a label."""

    item: Item
    low: Lower
    order: list[str]
    label: str

    @property
    def context(self) -> Context:
        return self.low.context

    def binders(self) -> tuple[Binder, ...]:
        """Return the binders in the order of the left side, each behind those that its range depends on."""
        found = tuple(self.low.binder(var) for var in self.order)
        if any(self.low.scope[var].moving for var in self.order):
            from hiercomp.model.moving import in_order  # noqa: PLC0415  (few models have such ranges)

            return in_order(self.context, found, self.low.scope)
        return found

    def common(self, binders: tuple[Binder, ...]) -> Common:
        statement = self.item.statement
        return Common(
            self.label,
            binders,
            statement.section,
            statement.clauses.note,
            surface.statement_text(statement),
            statement.span,
        )


def enter_scope(work: Work) -> None:
    """Put the index variables of the statement in scope: those stated, and those on its left side."""
    context, item, scope = work.context, work.item, work.low.scope
    stated: list[str] = []
    for binder in item.statement.clauses.binders:
        if binder.var in scope:
            raise context.refuse(
                Diagnostic(
                    "H24", f"the index `{binder.var}` is given a range twice", binder.span, "one range",
                    f"a second range of `{binder.var}`", "leave one of the ranges out, or use another letter for it",
                )
            )  # fmt: skip
        if isinstance(binder.domain, Name) and context.reader.subs(binder.domain)[1]:
            raise context.refuse(
                Diagnostic(
                    "H7", "a statement does not go over the members of groups", binder.span,
                    "a group inside a sum or the like", f"`for {surface.show_binder(binder)}`",
                    f"write `sum(... for {surface.show_binder(binder)})`",
                )
            )  # fmt: skip
        if binder.var in item.stops:
            from hiercomp.model.stops import own_set  # noqa: PLC0415  (few models have such ranges)

            scope[binder.var] = own_set(context, binder, item.stops[binder.var])
        else:
            scope[binder.var] = reach(context, binder, scope)
        stated.append(binder.var)
    if item.name is None:
        # Nothing is defined: every index that the term leaves free is summed over.
        for letter, span in item.free.items():
            _enter(work, letter, span)
        work.order += [var for var in stated if var not in work.order]
        return
    for sub in item.subs:
        match sub:
            case Number(value=int()):
                pass
            case Name(ident=letter, subs=()) if context.reader.is_index(letter) and letter not in work.order:
                _enter(work, letter, sub.span)
            case Name(ident=word, subs=()) if not context.reader.is_index(word) and _is_last(work, word):
                pass
            case _:
                raise context.refuse(
                    Diagnostic(
                        "H26",
                        "on the left side only letters, each once, and numbers can be indices",
                        sub.span or item.span,
                        "a letter or a number",
                        f"`{surface.show(sub)}`" if surface.show(sub) else "an empty place",
                        "shift the range instead: `x_t = ... x_{t-1} ... for t in 2..T`"
                        if surface.show(sub)
                        else "a vector of its own is along the last index: put the empty place there",
                    )
                )
    idle = next((var for var in stated if var not in work.order), None)
    if idle is not None:
        binder = next(b for b in item.statement.clauses.binders if b.var == idle)
        raise context.refuse(
            Diagnostic(
                "H5",
                f"the left side does not use the index `{idle}`",
                binder.span or item.span,
                f"`{idle}` among the indices of `{item.name}`",
                f"`{surface.show(surface.target(item.statement) or Number(0, '0'))}`",
                f"to sum on the right side, write `sum(... for {surface.show_binder(binder)})`",
            )
        )


def _is_last(work: Work, word: str) -> bool:
    """Say whether `word` is the size that other statements about the same name stop short of: `a[K]`, `1..K-1`."""
    name, draft = work.item.name, work.context.draft
    others = (draft.items[number] for number in draft.names[name].definitions) if name is not None else ()
    return any(region.less and region.short == word for other in others for region in regions(other))


def _enter(work: Work, letter: str, span: Span | None) -> None:
    if letter not in work.low.scope:
        context = work.context
        node = context.letters.get(letter) or context.axes.letter(letter)
        if letter in context.ambiguous:
            node = context.axes.fresh(letter=letter)
        work.low.scope[letter] = Reach(node, None, None, span)
    work.order.append(letter)


def target(work: Work, sym: Sym) -> Ref:
    """Return the left side as a reference, its axes joined with what its indices run over."""
    item, context = work.item, work.context
    lhs = surface.target(item.statement)
    span = lhs.span if lhs is not None else item.span
    assert sym.axes is not None
    if len(item.subs) > len(sym.axes):
        raise context.refuse(_rank(sym, item, span))
    subs: list[Expr] = []
    for place, sub in enumerate(item.subs):
        match sub:
            case Number(value=int(value), text=text):
                subs.append(Const(value, text, INT, sub.span))
                context.axes.facts(sym.axes[place]).literals.append(value)
                words = f"`{item.name}[{text}]`"
                context.bounds_to_check.append(BoundCheck(sym.axes[place], value, value, 0, sub.span or span, words))
            case Name(ident=word) if not context.reader.is_index(word):
                subs.append(work.low.subscript(lhs if lhs is not None else sub, sym, place, sub))
            case Name(ident=letter):
                subs.append(Index(letter, span=sub.span))
                words = f"`{surface.show(lhs) if lhs is not None else item.name}` has the index `{letter}`"
                if sym.datum is not None and _fits(work, sym, place, letter):
                    continue
                if not context.axes.join(sym.axes[place], work.low.scope[letter].node, span, words):
                    raise Refused
            case _:
                raise Refused
    rest = tuple(sym.axes[len(subs) :])
    return Ref(sym.name, tuple(subs), replace(REAL, elem=sym.elem, axes=rest), span)


def _fits(work: Work, sym: Sym, place: int, letter: str) -> bool:
    """Say whether data that are observed over a part of a range have a set of their own, as long as that part.

    Where they are observed to its end, the letter goes over that set.
    """
    context, run = work.context, work.low.scope[letter]
    assert sym.axes is not None
    axis = sym.axes[place]
    if context.axes.facts(run.node).size is None or context.axes.same(axis, run.node):
        return False
    from hiercomp.model.stops import ends_with, fit_data, within  # noqa: PLC0415  (few models have such ranges)

    fit_data(context, sym, place, axis, run, 0)
    if not within(context, axis, run, 0):
        return False
    if ends_with(context, axis, run):
        work.low.scope[letter] = Reach(axis, run.lo, None, run.span)
    return True


def _rank(sym: Sym, item: Item, span: Span | None) -> Diagnostic:
    assert sym.axes is not None
    label = sym.datum.header if sym.datum is not None else None
    rank, found = len(sym.axes), len(item.subs)
    return Diagnostic(
        "H6",
        f"`{sym.name}` has {found} {'index' if found == 1 else 'indices'} here, and the data has "
        + (f"an array with {rank}" if rank else "one number for it"),
        span,
        f"{rank} {'index' if rank == 1 else 'indices'}",
        f"{found}",
        "an index for each axis of the data",
        secondary=(Label(label, "the data"),) if label else (),
    )


def letters_for(work: Work, like: Expr, exprs: list[Expr]) -> list[str]:
    """Return an index variable for every axis of `like`."""
    letters: list[str] = []
    taken = {*work.low.scope, *work.context.symbols}
    for axis in like.type.axes:
        letter = free_letter(work.context.axes.facts(axis).letters, {*taken, *letters}, [like, *exprs])
        letters.append(letter)
    return letters


def of_distributions(clauses: Clauses) -> str:
    """Return the first word of a clause that belongs to a distribution, nothing where there is no such clause."""
    if clauses.truncated is not None:
        return "truncated to"
    if clauses.censored is not None:
        return "censored"
    if clauses.weight is not None:
        return "weighted by"
    return clauses.centering or next(iter(clauses.modifiers), "")


def misplaced(word: str, item: Item) -> Diagnostic:
    """Say that a word that belongs to a distribution stands at something else (H21)."""
    return Diagnostic(
        "H21",
        f"`{word}` belongs to a distribution",
        item.span,
        f"`{item.name or 'name'} ~ ...` before it",
        "a definition with `=`",
        f"leave `{word}` out, or give `{item.name or 'the name'}` a distribution: `{item.name or 'name'} ~ ...`",
    )
