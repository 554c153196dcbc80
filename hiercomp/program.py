"""A loaded spec or document: its models with their data, and the programs that they become."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hiercomp.backends.base import Program as Generated
from hiercomp.data import Table, from_mapping
from hiercomp.data import load as load_table
from hiercomp.diagnostics import Diagnostic, Diagnostics, SpecError
from hiercomp.model import Model, find_model, model_names, resolve
from hiercomp.model.find import blocks_by_name
from hiercomp.plan import Plan, make_plan
from hiercomp.records import replace
from hiercomp.source import Source
from hiercomp.syntax import parse, read_source
from hiercomp.syntax.ast import DataDecl, ModelBlock, Spec

if TYPE_CHECKING:
    from hiercomp.model.explain import Row
    from hiercomp.plan.parameterization import Parameterization

type Backend = Literal["stan", "pymc"]
type DataSource = str | Path | Mapping[str, Any] | None

BACKENDS: tuple[Backend, ...] = ("stan", "pymc")


@dataclass(frozen=True, eq=False, repr=False)
class Program:
    """A loaded spec or document, ready to be read, built and checked.

    Models are named by identifiers; any unique prefix will do, and ``-`` stands for ``_``. Where a method takes
    ``model=None`` the only model is meant. All methods raise `SpecError` where the input is at fault.
    With `parameterization` all group effects are centered or non-centered, whatever the statements say. With
    `plain` programs have each likelihood as it is stated, also where another form of it would cost less.
    """

    spec: Spec
    folder: Path
    data: DataSource = None
    wanted: str = ""
    extends: str = ""
    notices: tuple[Diagnostic, ...] = ()
    parameterization: Parameterization | None = None
    plain: bool = False
    _resolved: dict[str, tuple[Model, tuple[Diagnostic, ...]]] = field(
        default_factory=dict[str, tuple[Model, tuple[Diagnostic, ...]]]
    )

    def __repr__(self) -> str:
        return f"<Program {self.spec.source.name}: {', '.join(self.models) or 'no model'}>"

    @cached_property
    def _survey(self) -> tuple[tuple[str, ...], tuple[Diagnostic, ...]]:
        """Return the names of the models that are complete, and what there is to say of the others."""
        found = Diagnostics()
        if self.wanted:
            name = find_model(self.spec, self.wanted, found)
            found.raise_errors()
            return ((name,) if name else ()), tuple(found.sorted())
        names = model_names(self.spec)
        if self.spec.document:
            from hiercomp.model.fragments import fragments  # noqa: PLC0415

            apart = {item.name for item in fragments(self.spec, self._tables(None, found), found)}
            found.raise_errors()
            names = tuple(name for name in names if name not in apart and name not in self.spec.only_when_named)
        return names, tuple(found.sorted())

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the models that can be built, in the order of the text."""
        return self._survey[0]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Warnings and notes about the text as a whole (fragments of a document and how to complete them)."""
        return (*self.notices, *self._survey[1])

    def warnings(self, model: str | None = None) -> tuple[Diagnostic, ...]:
        """Return the warnings and notes about one model."""
        return self._resolve(model)[1]

    def model(self, model: str | None = None) -> Model:
        """Return the resolved model: names with roles, index sets, shapes and supports; statements with one meaning."""
        return self._resolve(model)[0]

    def plan(self, model: str | None = None) -> Plan:
        """Return the plan that the backends print."""
        return make_plan(self.model(model))

    def generated(self, backend: Backend, model: str | None = None) -> Generated:
        """Return the generated program of one backend, with the spec's span behind each of its lines."""
        return _emitter(backend)(self.plan(model))

    def stan(self, model: str | None = None) -> str:
        """Return the Stan program of a model."""
        return self.generated("stan", model).text

    def pymc(self, model: str | None = None) -> str:
        """Return the PyMC module of a model."""
        return self.generated("pymc", model).text

    def explain(self, model: str | None = None) -> list[Row]:
        """Return a row for every name: role, index sets, shape, support, and the rule that made it so."""
        from hiercomp.model.explain import explain  # noqa: PLC0415

        return explain(self.model(model))

    def explain_study(self) -> list[Row]:
        """Return a row for every name that the study of the spec gives values; none where there is no study."""
        from hiercomp.model.explain_study import explain_study  # noqa: PLC0415

        return explain_study(self.spec)

    def find(self, model: str | None) -> str:
        """Return the full name of a model given by a prefix, or of the only one."""
        if model is None and len(self.models) == 1:
            return self.models[0]
        found = Diagnostics()
        name = find_model(self.spec, model or "", found)
        found.raise_errors()
        assert name is not None
        return name

    def resolve_all(self, models: Iterable[str] | None = None) -> list[Model]:
        """Resolve the named models, or all; errors of all of them are raised together."""
        names = [self.find(name) for name in models] if models else list(self.models)
        found = Diagnostics()
        resolved: list[Model] = []
        for name in names:
            try:
                resolved.append(self.model(name))
            except SpecError as error:
                found.extend(error.diagnostics)
        found.raise_errors()
        return resolved

    def _resolve(self, model: str | None) -> tuple[Model, tuple[Diagnostic, ...]]:
        name = self.find(model)
        if name not in self._resolved:
            found = Diagnostics()
            resolved = self.resolved(name, self.tables(name, found), found)
            if self.parameterization is not None:
                from hiercomp.plan.parameterization import override  # noqa: PLC0415

                resolved = override(resolved, self.parameterization, found)
            if self.plain:
                resolved = replace(resolved, plain=True)
            self._resolved[name] = (resolved, tuple(found.sorted()))
        return self._resolved[name]

    def resolved(
        self, name: str, tables: Sequence[Table], found: Diagnostics, awaited: frozenset[str] = frozenset()
    ) -> Model:
        """Return a model, given by its full name, with these tables for its data; `awaited` are data to come."""
        resolved = resolve(self.spec, name, tables, found, extends=self.completed_by(name), awaited=awaited)
        found.raise_errors()
        assert resolved is not None
        return resolved

    def parameterized(self, parameterization: Parameterization | None) -> Program:
        """Return the program with all group effects ``centered`` or ``non-centered``; None leaves it as it is.

        The models stay the same: the same unknowns, data and posterior, sampled in other coordinates.
        """
        if parameterization in (None, self.parameterization):
            return self
        return replace(self, parameterization=parameterization, _resolved={})

    def completed_by(self, name: str) -> str | None:
        """Return what `extends` does to a model: it completes the one that was picked, and fragments of a document."""
        whole = self.spec.document and not self.wanted and name in self.models
        return None if whole else self.extends or None

    def tables(self, name: str, found: Diagnostics) -> tuple[Table, ...]:
        """Return the data of a model, given by its full name: those given instead of the spec's, or its own."""
        tables = self._tables(blocks_by_name(self.spec).get(name), found)
        found.raise_errors()
        return tables

    def _tables(self, block: ModelBlock | None, found: Diagnostics) -> tuple[Table, ...]:
        if self.data is not None:
            return self._override(found)
        declared: list[DataDecl] = [*self.spec.data, *self._declared(block)]
        tables = [self._load(self.folder / item.path, found, item) for item in declared]
        return tuple(table for table in tables if table is not None)

    def _declared(self, block: ModelBlock | None) -> tuple[DataDecl, ...]:
        """Return what a model says of its data, or else what the model that it extends says of them."""
        blocks = blocks_by_name(self.spec)
        seen: set[str] = set()
        while block is not None and not block.data and block.name not in seen:
            seen.add(block.name)
            base = block.extends or self.completed_by(block.name) or ""
            if base and base not in blocks:
                base = find_model(self.spec, base, Diagnostics()) or ""
            block = blocks.get(base)
        return block.data if block is not None else ()

    def _override(self, found: Diagnostics) -> tuple[Table, ...]:
        if isinstance(self.data, (str, Path)):
            table = self._load(Path(self.data), found, None)
        else:
            assert self.data is not None
            table = from_mapping(self.data, found)
        return (table,) if table is not None else ()

    def _load(self, path: Path, found: Diagnostics, declared: DataDecl | None) -> Table | None:
        # What is wrong with a file is said to everyone who asks for it: nobody may take it for no data at all.
        key = str(path)
        if key not in self._loaded:
            said = Diagnostics()
            self._loaded[key] = load_table(path, said, declared.span if declared else None), said
        table, said = self._loaded[key]
        found.extend(said.items)
        return table

    @cached_property
    def _loaded(self) -> dict[str, tuple[Table | None, Diagnostics]]:
        return {}


def load(
    source: str | Path,
    *,
    data: DataSource = None,
    extends: str | None = None,
    name: str = "<text>",
    parameterization: Parameterization | None = None,
    plain: bool = False,
) -> Program:
    """Load a spec or a Markdown document.

    Args:
        source: a path, ``PATH#MODEL`` to pick one block of a document or one model of a spec, or the text itself
            (recognised by its line break).
        data: a data file or a mapping of names to values, in place of what the spec declares.
        extends: for a fragment of a document, the block that completes it.
        name: what messages call a text that has no file.
        parameterization: ``centered`` or ``non-centered`` for all group effects, whatever the statements say.
        plain: programs have each likelihood as it is stated, also where another form of it would cost less.

    Raises:
        SpecError: the text cannot be read or parsed.
    """
    found = Diagnostics()
    wanted = ""
    if isinstance(source, str) and "\n" in source:
        text, folder = Source(name, source.removeprefix("\ufeff")), Path()
    else:
        path, wanted = _split(source)
        text, folder = read_source(path), path.parent
    spec = parse(text, found)
    if spec.study is not None:
        from hiercomp.model.study import study_steps  # noqa: PLC0415

        study_steps(spec, found)
    found.raise_errors()
    return Program(spec, folder, data, wanted, extends or "", tuple(found.sorted()), parameterization, plain)


def _split(source: str | Path) -> tuple[Path, str]:
    if isinstance(source, Path) or os.path.exists(source):
        return Path(source), ""
    path, _, wanted = source.partition("#")
    return Path(path), wanted


def _emitter(backend: Backend) -> Callable[[Plan], Generated]:
    # One backend is not imported for the other's sake: `build --backend stan` pays for Stan only.
    if backend == "stan":
        from hiercomp.backends import stan  # noqa: PLC0415

        return stan.emit
    from hiercomp.backends import pymc  # noqa: PLC0415

    return pymc.emit
