"""What a backend returns: finished text, and for each line the statement of the spec it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from hiercomp.records import record
from hiercomp.source import Span


@record
class Program:
    """A generated program.

    `renames` maps the spec's names to the target's where the target reserves them (identity entries left out);
    `origins` maps 1-based line numbers of `text` to the spans of the statements that produced them;
    `labels` lists the labels of the density terms, in the order in which the instrumented form numbers them from 1;
    `terms` has the names of the target's variables whose densities make up a term, where that is not the one of the
    label's own name (PyMC: a prior given in pieces, a bound that moves);
    `from_zero` names the quantities whose draws the target counts from 0 where the spec counts from 1;
    `samples` names, for each variable that is sampled in the place of an unknown in a constrained space, the unknown.
    """

    backend: str
    model: str
    text: str
    renames: Mapping[str, str] = field(default_factory=dict[str, str])
    origins: Mapping[int, Span] = field(default_factory=dict[int, Span])
    labels: tuple[str, ...] = ()
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    from_zero: tuple[str, ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict[str, str])


def caption(model: str, about: str) -> str:
    """Return what a program is headed by: its model and what that is, said once where the name is made of the words.

    Blocks of documents are named after their headings, so there the name adds nothing but underscores.
    """
    if not about or re.sub(r"[^a-z0-9]+", "_", about.lower()).strip("_") == model.lower():
        return about or model
    return f"{model}: {about}"
