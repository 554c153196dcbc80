"""Picking models by name, the way people write names: any unique prefix, hyphens and underscores alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from hiercomp.diagnostics import Diagnostic, Diagnostics
from hiercomp.model.near import NearNames, did_you_mean
from hiercomp.source import Span
from hiercomp.syntax.ast import ModelBlock, Spec


class Same:
    """A spec as the key of a cache: the very same one, since to compare its contents takes longer than to read them."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec

    def __hash__(self) -> int:
        return id(self.spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.spec is self.spec


def blocks_by_name(spec: Spec) -> Mapping[str, ModelBlock]:
    """Return the models of a spec by their names; of several of one name, the last."""
    return _blocks(Same(spec))


@lru_cache(maxsize=1)
def _blocks(same: Same) -> Mapping[str, ModelBlock]:
    return {block.name: block for block in same.spec.models}


def model_names(spec: Spec) -> tuple[str, ...]:
    """Return the names of all models (in a document: of all blocks), in the order of the text."""
    return tuple(block.name for block in spec.models)


def _plain(name: str) -> str:
    return name.replace("-", "_").lower()


def _pick(kind: str, names: Sequence[str]) -> str:
    if not names:
        return f"write statements, below a line `{kind} name` where there are several of them"
    return f"write the name of one of them: `{names[0]}`" if len(names) > 1 else f"the only one is `{names[0]}`"


def find_model(spec: Spec, wanted: str, diagnostics: Diagnostics, span: Span | None = None) -> str | None:
    """Return the full name of the model that `wanted` names; `span` is where the spec names it, if it does.

    An exact name wins over a longer one that begins with it. H22 where none or several fit.
    """
    names = blocks_by_name(spec)
    if wanted in names:
        return wanted
    plain = _plain(wanted)
    exact = [name for name in names if _plain(name) == plain]
    found = exact or [name for name in names if plain and _plain(name).startswith(plain)]
    if len(found) == 1:
        return found[0]
    kind = "block" if spec.document else "model"
    listed = ", ".join(found or names)
    if found:
        message, shown = f"`{wanted}` could be any of several {kind}s", f"{len(found)} {kind}s begin so: {listed}"
    else:
        message, shown = f"there is no {kind} `{wanted}`", f"the {kind}s {listed}" if names else f"no {kind} at all"
    if not wanted:
        message = f"there are several {kind}s, and none is named"
    near = (
        did_you_mean(NearNames(names)(wanted)) or _pick(kind, tuple(names))
        if not found
        else f"write more of the name of the {kind}"
    )
    diagnostics.add(
        Diagnostic("H22", message, span, f"the name of one {kind}, or a unique beginning of it", shown, near)
    )
    return None
