"""Finding rows by the words people write, and the signature that a list of arguments fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import lru_cache
from importlib import import_module

from hiercomp.catalog import compound, functions, kernels
from hiercomp.catalog.schema import Distribution, Function, Signature
from hiercomp.records import record

_FAMILIES = (
    "real_line", "half", "positive", "discrete", "asymmetric", "lifetimes", "extremes", "multivariate", "processes",
)  # fmt: skip


class _Rows(MutableMapping[str, Distribution]):
    """Rows by what they are called. A family is loaded once a row is looked for that none before it has.

    Tests put rows of their own in, and take them out.
    """

    def __init__(self, keys: Callable[[Distribution], Iterable[str]]) -> None:
        self._keys = keys
        self._rows: dict[str, Distribution] = {}
        self._unread = list(_FAMILIES)

    def _read(self) -> None:
        rows: tuple[Distribution, ...] = import_module(f"hiercomp.catalog.{self._unread.pop(0)}").ROWS
        for row in rows:
            self._rows.update((key, row) for key in self._keys(row))

    def __getitem__(self, key: str) -> Distribution:
        while key not in self._rows and self._unread:
            self._read()
        return self._rows[key]

    def __setitem__(self, key: str, row: Distribution) -> None:
        self._rows[key] = row

    def __delitem__(self, key: str) -> None:
        del self._rows[key]

    def __iter__(self) -> Iterator[str]:
        while self._unread:
            self._read()
        return iter(self._rows)

    def __len__(self) -> int:
        return sum(1 for _ in self)


DISTRIBUTIONS: MutableMapping[str, Distribution] = _Rows(lambda row: (row.name,))
COMPOUNDS: dict[str, Distribution] = {row.name: row for row in compound.ROWS}
FUNCTIONS: dict[str, Function] = {row.name: row for row in (*functions.ROWS, *kernels.ROWS)}
KERNEL_WORDS = kernels.WORDS


def row_named(name: str) -> Distribution:
    """Return the row with exactly this name, compound rows included. Raises KeyError where there is none."""
    return COMPOUNDS[name] if name in COMPOUNDS else DISTRIBUTIONS[name]


@lru_cache(maxsize=1024)  # a spec has few words for distributions, and many places for them
def plain(word: str) -> str:
    """Return `word` as rows are looked up: without case, hyphens and underscores."""
    return word.replace("-", "").replace("_", "").lower()


def is_mixture(word: str) -> bool:
    """Say whether a spec's word for a distribution is one for mixtures of others."""
    return plain(word) in {plain(name) for name in (compound.MIXTURE.name, *compound.MIXTURE.aliases)}


def zero_words(word: str) -> tuple[str, str] | None:
    """Return what a spec's word for a distribution with zeros of their own says: ``ZeroInflated`` or ``Hurdle``, and
    the distribution that the word ends in (``ZeroInflatedPoisson``), if it does. None for other words."""
    for name in ("ZeroInflated", "Hurdle"):
        if plain(word).startswith(name.lower()):
            return name, plain(word).removeprefix(name.lower())
    return None


def is_hmm(word: str) -> bool:
    """Say whether a spec's word for a distribution is one for hidden Markov chains."""
    return plain(word) in {plain(name) for name in (compound.HMM.name, *compound.HMM.aliases)}


_DISTRIBUTION_WORDS = _Rows(lambda row: map(plain, (row.name, *row.aliases)))


def _function_words() -> dict[str, list[Function]]:
    words: dict[str, list[Function]] = {}
    for row in FUNCTIONS.values():
        for word in (row.name, *row.aliases):
            words.setdefault(plain(word), []).append(row)
    return words


_FUNCTION_WORDS = _function_words()


def find_distribution(word: str) -> Distribution | None:
    """Return the row called `word` (``Student-t``, ``StudentT`` and ``student_t`` are one), or None."""
    return _DISTRIBUTION_WORDS.get(plain(word))


def find_function(word: str, arity: int | None = None) -> Function | None:
    """Return the function called `word`, or None.

    Where a word means one thing of an array and another of two numbers (``min``, ``max``, ``log_sum_exp``), `arity`
    decides; without it, and where no row has that arity, the row whose own name it is comes first.
    """
    rows = _FUNCTION_WORDS.get(plain(word), [])
    for row in rows:
        if row.arity == arity:
            return row
    for row in rows:
        if plain(row.name) == plain(word):
            return row
    return rows[0] if rows else None


def _near(word: str, names: Iterable[tuple[str, str]]) -> list[str]:
    """Return up to three display names whose written form is like `word`, nearest first."""
    import difflib  # noqa: PLC0415 - only errors pay for it

    known: Mapping[str, str] = dict(names)
    # Two letters that changed places make a short word look unlike itself.
    swapped = [name for key, name in known.items() if len(key) == len(word) and sorted(key) == sorted(plain(word))]
    found: list[str] = swapped[:1]
    for match in difflib.get_close_matches(plain(word), known, n=6, cutoff=0.7):
        if known[match] not in found:
            found.append(known[match])
    return found[:3]


def near_distributions(word: str) -> list[str]:
    """Return the names of up to three distributions that `word` may have been meant for, nearest first."""
    return _near(word, ((key, row.name) for key, row in _DISTRIBUTION_WORDS.items()))


def near_functions(word: str) -> list[str]:
    """Return the names of up to three functions that `word` may have been meant for, nearest first."""
    return _near(word, ((key, rows[0].name) for key, rows in _FUNCTION_WORDS.items()))


@record
class Match:
    """A signature that fits, and for each argument given (positional ones first) the signature's name for it.

    `listed`: the arguments given are the elements of the only one that the signature has.
    """

    signature: Signature
    names: tuple[str, ...]
    listed: bool = False


def argument_name(row: Distribution, word: str) -> str | None:
    """Return the name that the signatures of `row` have for the argument `word`, or None."""
    known = {name for signature in row.signatures for name in signature.args}
    for candidate in (word, word.lower()):
        if candidate in known:
            return candidate
        if candidate in row.words:
            return row.words[candidate]
    return None


def _fits(row: Distribution, signature: Signature, positional: int, named: set[str]) -> bool:
    if len(signature.args) != positional + len(named) or set(signature.args[positional:]) != named:
        return False
    if positional == 0 or signature.positional:
        return True
    # Mixed: the leading arguments have to mean what they would mean if all stood without names.
    lead = signature.args[:positional]
    return bool(named) and any(s.positional and s.args[:positional] == lead for s in row.signatures)


def match_signature(row: Distribution, positional: int, named: Sequence[str] = ()) -> Match | None:
    """Return the signature that takes `positional` arguments without names and then those named, in any order.

    None where no signature fits: a wrong number, an unknown name, one argument given twice, or a combination that
    would have to be guessed.
    """
    names = [argument_name(row, word) for word in named]
    known = {name for name in names if name is not None}
    if len(known) != len(named):
        return None
    for signature in row.signatures:
        if _fits(row, signature, positional, known):
            return Match(signature, (*signature.args[:positional], *(name for name in names if name is not None)))
    for signature in row.signatures:
        if signature.listed and positional > 1 and not named:
            return Match(signature, signature.args * positional, listed=True)
    return None


def written_signatures(row: Distribution) -> list[str]:
    """Return the ways to write `row`, canonical first: ``Gamma(shape, rate)``, ``Gamma(mean = , sd = )``."""
    lines: list[str] = []
    for signature in row.signatures:
        args = [
            f"{signature.fixed[name]:g}" if name in signature.fixed else name if signature.positional else f"{name} = "
            for name in signature.args
        ]
        lines.append(f"{row.name}({', '.join(args)})")
        if signature.listed:
            lines.append(f"{row.name}({args[0]}_1, {args[0]}_2, ...)")
    return lines
