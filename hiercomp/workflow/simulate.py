"""Simulate: the data that a spec says there will be, with the unknowns that they come from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hiercomp import reference
from hiercomp.data import Table, from_mapping
from hiercomp.diagnostics import Diagnostic, Diagnostics, SpecError
from hiercomp.files import write_all
from hiercomp.model.foreseen import Foreseen
from hiercomp.model.ir import Model
from hiercomp.plan import parameterise
from hiercomp.reference import EvaluationError
from hiercomp.reference.functions import Array
from hiercomp.source import Span
from hiercomp.workflow.build import refuse_foreign
from hiercomp.workflow.drawing import refused
from hiercomp.workflow.study import draw_study

if TYPE_CHECKING:
    from hiercomp.syntax.ast import Spec

_DIGITS = 9

type Resolve = Callable[[Sequence[Table], frozenset[str]], Model]


@dataclass(frozen=True, slots=True)
class Simulated:
    """One simulated study of a model.

    `data` are the covariates and the drawn outcomes as ``--data`` reads them, `unknowns` what these were drawn from
    (on the constrained scale, by the names that the programs sample), `derived` what follows from both. Values are
    numbers, texts and nested lists, row first.
    """

    model: str
    seed: int
    data: dict[str, Any]
    unknowns: dict[str, Any]
    derived: dict[str, Any]

    def write(self, folder: str | Path) -> list[Path]:
        """Write ``data.json`` and ``truth.json`` (points as `hiercomp density` reads them), both or neither.

        Raises:
            SpecError: the folder cannot be written, or holds files of those names that hiercomp did not make.
        """
        truth = {"model": self.model, "seed": self.seed}
        point = {"values": self.unknowns, "derived": self.derived}
        files = {"data.json": _lines(self.data), "truth.json": _lines({**truth, "points": [point]})}
        found = Diagnostics()
        refuse_foreign(Path(folder), files, found)
        found.raise_errors()
        write_all(Path(folder), files)
        return [Path(folder) / name for name in files]


def _lines(values: Mapping[str, Any]) -> str:
    rows = [f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def sizes_of(texts: Iterable[str]) -> dict[str, int]:
    """Read ``N=100``.

    Raises:
        SpecError: H104, it is something else, or says twice what one size is.
    """
    sizes: dict[str, int] = {}
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        if (
            not name.isidentifier()
            or not (value.isascii() and value.isdigit())
            or len(value) > _DIGITS
            or name in sizes
        ):
            raise SpecError(
                [
                    Diagnostic(
                        code="H104",
                        message="a size is not understood",
                        primary=None,
                        expected="a name and a whole number, each name once: `--size N=100`",
                        found=f"`{text[:60]}`" + (", again" if name in sizes else ""),
                        help="several sizes are several options: `--size N=100 --size J=8`",
                    )
                ]
            )
        sizes[name] = int(value)
    return sizes


def run_simulation(
    spec: Spec,
    wanted: Foreseen,
    resolve: Resolve,
    tables: Sequence[Table] | None,
    *,
    seed: int,
    sizes: Mapping[str, int],
) -> Simulated:
    """Simulate one model; see `hiercomp.api.simulate`.

    `wanted` is what the model asks of data. `tables` are those whose covariates are kept; None where the study of the
    spec, and `sizes`, have to give all.
    """
    for_design, for_rest = (np.random.default_rng(part) for part in np.random.SeedSequence(seed).spawn(2))
    if tables is None:
        values = draw_study(spec, sizes, for_design)
        model = _completed(wanted, resolve, values)
    else:
        model = resolve(tables, frozenset())
        values = _values_of(model, tables)
    model = parameterise(model)
    with refused(model):
        drawn = reference.simulate(model, for_rest)
        for name, value in (*drawn.unknowns.items(), *drawn.observed.items()):
            if not np.isfinite(value).all():
                raise EvaluationError(f"{name}: a value beyond all numbers, or none at all, was drawn")
    observed, unknowns, derived = map(_plain, (drawn.observed, drawn.unknowns, drawn.derived))
    return Simulated(model.name, seed, values | observed, unknowns, derived)


def _plain(values: Mapping[str, Array]) -> dict[str, Any]:
    """Return nested lists; what has no finite value is null there, for JSON has no word for it."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        finite = np.isfinite(value)
        known = value.astype(object)
        known[~finite] = None
        found[name] = value.tolist() if finite.all() else known.tolist()
    return found


def _completed(wanted: Foreseen, resolve: Resolve, values: Mapping[str, Any]) -> Model:
    """Return the model bound to what the study gave, with everything else that is observed still to be drawn."""
    for name, span in wanted.known.items():
        if name not in values:
            raise SpecError([_missing(name, span)])
    table = from_mapping(values, Diagnostics(), "the study")
    assert table is not None
    return resolve([table], wanted.observed - values.keys())


def _missing(name: str, span: Span | None) -> Diagnostic:
    return Diagnostic(
        code="H102",
        message=f"nothing says what `{name}` is in a simulated study",
        primary=span,
        expected=f"data with `{name}`, or a `study` block that draws or computes it",
        found="neither",
        help=f"write a line `study`, and below it, indented, a statement such as `{name} ~ Normal(0, 1)`; "
        f"a single whole number may be given as `--size {name}=10`",
    )


def _values_of(model: Model, tables: Sequence[Table]) -> dict[str, Any]:
    """Return what the tables hold as one mapping, groups as lists of lists; what cannot be used is left out."""
    values: dict[str, Any] = {}
    for table in tables:
        for name, column in table.columns.items():
            values.setdefault(name, column.value)
        for name, groups in table.groups.items():
            ends = np.cumsum(groups.sizes)
            leaves = list(groups.members.leaves())
            values[name] = [leaves[end - size : end] for size, end in zip(groups.sizes, ends, strict=True)]
    known = model.data()
    for name in values.keys() & known.keys():
        first, final, members = known.get(f"{name}_first"), known.get(f"{name}_final"), known[name]
        if isinstance(first, tuple) and isinstance(final, tuple) and isinstance(members, tuple):
            # Rows in long form: which group a member belongs to stands in another column, so they are put together.
            values[name] = [list(members[int(a) - 1 : int(b)]) for a, b in zip(first, final, strict=True)]  # pyright: ignore
    return values
