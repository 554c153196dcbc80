"""Discrete unknowns summed out: the log joint probability of every value of theirs with what depends on them.

Of an unknown `z` the programs have ``z_log_joint``, one number for every value of every element. Its log_sum_exp is the
density, its softmax (``z_prob``) the probabilities of the values given everything else, from which `z` is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from hiercomp.catalog import row_named
from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.expr import (
    BOOL,
    INT,
    REAL,
    Binder,
    Call,
    Choose,
    Const,
    Density,
    Expr,
    Index,
    Op,
    Reduce,
    Ref,
    Stack,
    Type,
    free_indices,
    names,
    number,
    set_indices,
    walk,
)
from hiercomp.model.events import picked_axis
from hiercomp.model.ir import AddStmt, Common, DefineStmt, Dist, Latent, Member, RandomStmt, Role, Stmt, Support, Symbol
from hiercomp.model.parts import changed, log_weight
from hiercomp.model.spread import at, free_letter
from hiercomp.plan.draft import Draft, dists, fresh, own_ends
from hiercomp.plan.fusing import by_definition, fused, whole_definitions
from hiercomp.plan.values import truth, with_value
from hiercomp.records import replace

# Up to so many values each has a term of its own, without what a product with zero makes needless.
_LISTED = 6
_ONE = replace(number(1), type=INT)
_ZERO = replace(number(0), type=INT)
_NEVER = number(-inf)


def sum_out(draft: Draft) -> Draft:
    """Replace the distributions of discrete unknowns, and of what depends on them, by sums over their values."""
    for latent in draft.model.latent:
        draft = _Summing(draft, latent).done()
    return draft


class _Summing:
    def __init__(self, draft: Draft, latent: Latent) -> None:
        self._draft = draft
        self._latent = latent
        self._taken = set(draft.symbols)
        prior = latent.prior
        assert isinstance(prior.lhs, Ref)
        self._lhs = prior.lhs
        self._vars = [sub.var for sub in prior.lhs.subs if isinstance(sub, Index)]
        self._set = draft.index_sets[latent.values]
        self._defined = whole_definitions(draft)

    def done(self) -> Draft:
        latent, draft = self._latent, self._draft
        name = latent.name
        joint, prob = self._name(f"{name}_log_joint"), self._name(f"{name}_prob")
        log_lik = self._name("log_lik" + self._suffix())
        common, axes = latent.prior.common, draft.symbols[name].axes
        values = (*axes, latent.values)
        subs = self._lhs.subs
        whole = Ref(joint, subs, Type("real", (latent.values,)))
        total: Expr = Call("log_sum_exp", (whole,), REAL)
        mass = self._log_mass()
        if mass is not None:
            total = Op("-", (total, mass), REAL)
        chosen = Ref(prob, subs, Type("real", (latent.values,)))
        made: list[Stmt] = [
            self._joint(joint, common),
            AddStmt(replace(common, note="", text=""), total),
            DefineStmt(_labelled(common, prob), prob, subs, Call("softmax", (whole,), whole.type)),
            DefineStmt(_labelled(common, log_lik), log_lik, subs, total),
        ]
        symbols = dict(draft.symbols)
        symbols[name] = replace(symbols[name], role=Role.PREDICTION)
        made += self._drawn(chosen, common, symbols)
        for one, over, why in (
            (joint, values, f"log probabilities of the values of `{name}` together with what depends on it"),
            (prob, values, f"probabilities of the values of `{name}` given all else"),
            (log_lik, axes, f"log likelihood, with `{name}` summed out"),
        ):
            symbols[one] = Symbol(one, Role.DERIVED, over, "real", Support(), why)
        members = {
            common.label,
            made[-1].common.label,
            made[-2].common.label,
            *(member.stmt.common.label for member in latent.members),
        }
        statements: list[Stmt] = []
        for stmt in draft.statements:
            statements += made if stmt.common.label == common.label and isinstance(stmt, RandomStmt) else [stmt]
        return replace(draft, symbols=symbols, statements=tuple(statements), drawn=draft.drawn | members)

    def _name(self, wanted: str) -> str:
        name = fresh(wanted, self._taken)
        self._taken.add(name)
        return name

    def _suffix(self) -> str:
        """Return what the log likelihood is called after where there are several."""
        observed = {s.lhs.name for s in self._draft.statements if isinstance(s, RandomStmt) and isinstance(s.lhs, Ref)
                    and self._draft.symbols[s.lhs.name].role in (Role.OBSERVED, Role.CONSTANT)}  # fmt: skip
        own = {member.stmt.lhs.name for member in self._latent.members if isinstance(member.stmt.lhs, Ref)}
        if own == observed:
            return ""
        return f"_{next(iter(own))}" if len(own) == 1 else f"_{self._latent.name}"

    def _drawn(self, chosen: Ref, common: Common, symbols: dict[str, Symbol]) -> list[Stmt]:
        """Return the draws of the unknown given everything else: of its value, or of the place of it among them."""
        prior, name, first = self._latent.prior, self._latent.name, self._latent.first
        if self._is_truth():
            second = Ref(chosen.name, (*chosen.subs, replace(number(2), type=INT)), REAL)
            dist = Dist("Bernoulli", (("p", second),), "", span=prior.dist.span)
        else:
            dist = Dist("Categorical", (("p", chosen),), "", span=prior.dist.span)
        if self._is_truth() or picked_axis(prior.dist) is not None:
            return [replace(prior, common=_labelled(common, name), dist=dist)]
        place = self._name(f"{name}_place")
        symbols[place] = replace(symbols[name], name=place, role=Role.PREDICTION, support=Support(), why="")
        symbols[name] = replace(symbols[name], role=Role.DERIVED, support=Support())
        at_place = replace(self._lhs, name=place)
        by = replace(number(abs(first - 1)), type=INT)
        value = Op("+" if first > 1 else "-", (at_place, by), INT) if first != 1 else at_place
        return [
            replace(prior, common=_labelled(common, place), lhs=at_place, dist=dist),
            DefineStmt(_labelled(common, name), name, self._lhs.subs, value),
        ]

    def _is_truth(self) -> bool:
        """Say whether the unknown is 0 or 1."""
        return self._latent.first == 0 and self._set.length == 2

    # --- the log joint probabilities

    def _joint(self, name: str, common: Common) -> DefineStmt:
        subs = self._lhs.subs
        notes = (common.note, *(member.stmt.common.note for member in self._latent.members))
        own = replace(common, label=name, note="; ".join(dict.fromkeys(filter(None, notes))))
        listed = self._listed()
        if listed:
            items = tuple(self._term(replace(number(value), type=INT)) for value in listed)
            return DefineStmt(own, name, subs, Stack(items, Type("real", (self._latent.values,))))
        parts = [value for member in self._latent.members for _, value in member.stmt.dist.args]
        parts += [value for _, value in self._latent.prior.dist.args]
        taken = {*self._vars, *(b.var for member in self._latent.members for b in member.stmt.common.binders)}
        letter = free_letter(["k"], taken | self._draft.symbols.keys(), parts)
        own = replace(own, binders=(*own.binders, Binder(letter, self._latent.values)))
        place = Index(letter)
        return DefineStmt(own, name, (*subs, place), self._term(self._value(place)))

    def _listed(self) -> range:
        """Return the values where there is a term for each; nothing where one term runs over all of them."""
        prior, first = self._latent.prior.dist, self._latent.first
        if picked_axis(prior) is None:
            count = self._set.length or 0
            return range(first, first + count) if count <= _LISTED else range(0)
        chances = dict(prior.args).get("p")
        return range(1, len(chances.items) + 1) if isinstance(chances, Stack) else range(0)

    def _term(self, value: Const | Index | Op) -> Expr:
        """Return the log probability of a value, with all that depends on it."""
        total = self._log_prior(value)
        for member in self._latent.members:
            total = Op("+", (total, self._member(member, value)), REAL)
        return total

    def _log_prior(self, value: Const | Index | Op) -> Expr:
        dist = self._latent.prior.dist
        if picked_axis(dist) is None and not self._is_truth():
            return self._log_probability(value)
        args = {name: by_definition(arg, self._defined) for name, arg in dist.args}
        plain = dict(dist.args)
        args = {name: arg if _is_link(arg) else plain[name] for name, arg in args.items()}
        match dist.row:
            case "Bernoulli":
                weight = args["p"] if value == _ONE else Op("-", (_ONE, args["p"]), REAL)
                return log_weight(weight)
            case "Bernoulli-Logit":
                return Call("log_inv_logit" if value == _ONE else "log1m_inv_logit", (args["logit"],), REAL)
            case "Categorical" if not _is_link(args["p"]):
                return log_weight(self._element(args["p"], value))
            case _:
                inner = args.get("p")
                odds = args["logits"] if inner is None else inner.args[0] if isinstance(inner, Call) else inner
                return Op("-", (self._element(odds, value), Call("log_sum_exp", (odds,), REAL)), REAL)

    def _log_probability(self, value: Expr) -> Expr:
        """Return the log probability of a count; that it lies within bounds is left to all values together."""
        dist = self._latent.prior.dist
        plain = fused(replace(dist, lower=None, upper=None), self._defined)
        return Density(plain.row, plain.args, value, REAL, dist.span)

    def _log_mass(self) -> Expr | None:
        """Return the logarithm of what the values within the bounds of a truncated distribution sum to."""
        dist = self._latent.prior.dist
        if not dist.truncated:
            return None
        letters = {node.var for _, arg in dist.args for node in walk(arg) if isinstance(node, Index)}
        letter = free_letter(["k"], {*self._vars, *letters, *self._draft.symbols}, [])
        each = self._log_probability(self._value(Index(letter)))
        return Reduce("log_sum_exp", each, (Binder(letter, self._latent.values),), REAL)

    def _value(self, place: Index) -> Index | Op:
        """Return the value that stands at a place among all of them, counted from 1."""
        shift = self._latent.first - 1
        by = replace(number(abs(shift)), type=INT)
        return Op("+" if shift > 0 else "-", (place, by), INT) if shift else place

    def _element(self, vector: Expr, value: Expr) -> Expr:
        if isinstance(vector, Stack) and isinstance(value, Const):
            return vector.items[int(value.value) - 1]
        found = at(vector, (value,))
        if found is None:
            raise SpecError(
                [
                    Diagnostic(
                        "H12", f"the probabilities of `{self._latent.name}` cannot be taken apart into elements",
                        self._latent.prior.common.span, "a vector with a name",
                        "an expression of products over an index",
                        help="give them a definition of their own: `p = ...`",
                    )
                ]
            )  # fmt: skip
        return found

    def _member(self, member: Member, value: Expr) -> Expr:
        """Return the log density of all observations of one statement that depend on one element."""
        stmt = member.stmt
        binders = {binder.var: binder for binder in stmt.common.binders}
        places: dict[str, Expr] = {}
        column: Ref | None = None
        match member.subs:
            case (Ref() as column,):
                pass
            case subs:
                for sub, var in zip(subs, self._vars, strict=True):
                    assert isinstance(sub, Index)
                    places[sub.var] = Index(var)
        inner: list[Binder] = []
        condition: Expr | None = None
        for var, binder in binders.items():
            if var in places:
                continue
            new = var
            if var in self._vars:
                new = free_letter([], {*self._vars, *binders, *self._draft.symbols}, [])
            places[var] = Index(new)
            lo, hi = (end and set_indices(end, places) for end in (binder.lo, binder.hi))
            run = Binder(new, binder.set, lo, hi)
            if column is not None and var in free_indices(column):
                if member.segment is None:
                    picked = set_indices(column, places)
                    condition = Op("==", (picked, Index(self._vars[0])), Type("bool"))
                else:
                    listing, first, final = member.segment
                    ends = tuple(Ref(end, (Index(self._vars[0]),), INT) for end in (first, final))
                    run = Binder(new, self._draft.symbols[listing].axes[0], *ends)
                    places[var] = Ref(listing, (Index(new),), INT)
            inner.append(run)

        def put(expr: Expr) -> Expr:
            return set_indices(with_value(expr, self._latent.name, value), places)

        lhs = set_indices(stmt.lhs, places)
        among = [changed(dist, put) for dist in dists(stmt) if dist.row != "Flat"]
        found = self._density(changed(stmt.dist, put), lhs, among)
        for when, dist in reversed(stmt.cases):
            found = _chosen(put(when), self._density(changed(dist, put), lhs, among), found)
        if condition is not None:
            found = Choose(((condition, found),), _ZERO)
        return Reduce("sum", found, tuple(inner), REAL) if inner else found

    def _density(self, dist: Dist, lhs: Expr, among: Sequence[Dist]) -> Expr:
        """Return a density, zero where `lhs` has a value that only others `among` the cases of a statement give."""
        if dist.row == "Flat":
            return _ZERO
        better = fused(dist, self._defined)
        found = Density(better.row, better.args, lhs, REAL, dist.span)
        row = row_named(better.row)
        trials = dict(better.args).get("n") if row.kind == "discrete" and not row.event_axes else None
        # More successes than trials have no probability; programs may not even ask for it.
        possible = [] if trials is None or not self._varies(dist) else [Op("<=", (lhs, trials), BOOL)]
        ends = own_ends(dist, among)
        possible += [Op(">=" if side == "lower" else "<=", (lhs, bound), BOOL) for side, bound in ends]
        for condition in reversed(possible):
            found = Choose(((condition, found),), _NEVER)
        return found

    def _varies(self, dist: Dist) -> bool:
        """Say whether the number of trials is that of a value of the unknown: a number, or what runs over them."""
        original = {name for member in self._latent.members for stmt in (member.stmt,)
                    for one in (stmt.dist, *(d for _, d in stmt.cases)) for arg, value in one.args
                    if arg == "n" for name in names(value)}  # fmt: skip
        return dist.row.startswith(("Binomial", "Beta-Binomial")) and self._latent.name in original


def _is_link(expr: Expr) -> bool:
    """Say whether the logarithm of an expression is better taken without the expression."""
    return isinstance(expr, Call) and expr.func in ("inv_logit", "softmax")


def _labelled(common: Common, label: str) -> Common:
    return replace(common, label=label, note="", text="")


def _chosen(when: Expr, value: Expr, otherwise: Expr) -> Expr:
    known = truth(when)
    if known is not None:
        return value if known else otherwise
    return Choose(((when, value),), otherwise)
