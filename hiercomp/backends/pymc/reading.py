"""Data at the top of ``build_model``: read in an order that allows every check, sizes taken from the arrays."""

from __future__ import annotations

from dataclasses import field

from hiercomp.backends.pymc import naming
from hiercomp.backends.pymc.expressions import expression
from hiercomp.backends.pymc.layout import quote
from hiercomp.backends.pymc.scope import Scope, Site
from hiercomp.expr import Expr, names
from hiercomp.model.ir import IndexSet
from hiercomp.plan.ir import DataItem, Origin
from hiercomp.records import record, state


@record
class Reading:
    """Finished statements with where they come from, and the entries of the model's coords."""

    lines: list[tuple[str, Origin]]
    coords: list[str]


def read_data(scope: Scope) -> Reading:
    """Return the statements that read what the model uses, and the coordinates of its dims."""
    sources: dict[str, DataItem] = {}
    for item in scope.plan.data:
        for axis in item.axes if _is_wanted(item, scope) else ():
            sources.setdefault(axis, item)
    data = {item.name: item for item in scope.plan.data if not item.size_of}
    reader = _Reader(scope, data, {item.size_name: item for item in scope.plan.index_sets}, sources)
    for item in data.values():
        if _is_wanted(item, scope):
            reader.read(item)
    shown = _axes_shown(scope)
    coords = [reader.coord(item, times) for item in scope.plan.index_sets for times in range(shown.get(item.name, 0))]
    for item in scope.plan.index_sets:
        if item.size_name in scope.used:
            reader.size_named(item.size_name)
    return Reading(reader.finish(), coords)


def _is_wanted(item: DataItem, scope: Scope) -> bool:
    return item.observed or item.name in scope.used or item.name in scope.positions


def _axes_shown(scope: Scope) -> dict[str, int]:
    """Return the index sets that are dims of a variable of the model, and along how many axes of one at most."""
    shown = [item.axes for item in scope.plan.data if item.observed]
    shown += [symbol.axes for symbol in scope.symbols.values() if symbol.random]
    shown += [scope.symbols[name].axes for name in scope.plan.computed_outcomes()]
    found: dict[str, int] = {}
    for axes in shown:
        for axis in axes:
            found[axis] = max(found.get(axis, 0), axes.count(axis))
    return found


@state
class _Reader:
    scope: Scope
    data: dict[str, DataItem]
    sizes: dict[str, IndexSet]
    sources: dict[str, DataItem]
    lines: list[tuple[str, Origin, str]] = field(default_factory=list[tuple[str, Origin, str]])
    done: set[str] = field(default_factory=set[str])
    under_way: set[str] = field(default_factory=set[str])

    def finish(self) -> list[tuple[str, Origin]]:
        """Return the lines, without the sizes that turned out not to be used."""
        return [(code, origin) for code, origin, size in self.lines if not size or size in self.scope.used]

    def read(self, item: DataItem) -> None:
        """Read a datum, after what its checks mention."""
        if item.name in self.done or item.name in self.under_way:
            return
        self.under_way.add(item.name)
        scope = self.scope
        bounds = [(side, limit) for side, limit in _bounds(item)]
        for _, limit in bounds:
            for name in sorted(names(limit)):
                self.needed(name)
        shape = [self.extent(axis, item.name) for axis in item.axes]
        args = ["data", quote(item.name)]
        if shape or item.elem == "int":
            args.append(f"({', '.join(shape)}{',' if len(shape) == 1 else ''})")
        if item.elem == "int":
            args.append("int")
        for side, limit in bounds:
            args.append(f"{side}={expression(limit, Site(scope)).code.text}")
        scope.reads = True
        call = f"read({', '.join(args)})"
        variable = scope.variables[item.name]
        position = scope.position_names.get(item.name, "")
        as_value = item.observed or item.name in scope.used
        if item.name in scope.positions and not as_value:
            self.lines.append((f"{position} = {call} - 1", item.origin, ""))
        else:
            self.lines.append((f"{variable} = {call}", item.origin, ""))
            if item.name in scope.positions:
                self.lines.append((f"{position} = {variable} - 1", item.origin, ""))
        self.done.add(item.name)
        for place, axis in enumerate(item.axes):
            if shape[place] == "None":
                source = variable if as_value else position
                text = f"len({source})" if place == 0 else f"{source}.shape[{place}]"
                self.size_is(axis, text, item.origin)

    def extent(self, axis: str, reading: str) -> str:
        """Return what is known of the length of an axis: its size, or None where this array decides."""
        index_set = self.scope.sets[axis]
        if index_set.size_name in self.done:
            return self.scope.size(axis).text
        source = self.source(index_set)
        if source is not None and source.name != reading and source.name not in self.under_way:
            self.read(source)
        elif source is not None and source.name == reading:
            return "None"
        if index_set.size_name not in self.done:
            self.size_named(index_set.size_name)
        return self.scope.size(axis).text

    def source(self, index_set: IndexSet) -> DataItem | None:
        """Return the array whose length an index set's size is, unless something else states it."""
        if index_set.size is not None and not self.scope.is_size_item(index_set):
            return None
        return self.sources.get(index_set.name)

    def needed(self, name: str) -> None:
        """See to it that `name` has its value before the line that follows."""
        if name in self.data:
            self.read(self.data[name])
        else:
            self.size_named(name)

    def size_named(self, name: str) -> None:
        if name in self.done:
            return
        index_set = self.sizes.get(name)
        if index_set is None:
            return
        self.scope.used.add(name)
        source = self.source(index_set)
        if source is not None and source.name not in self.under_way and source.name not in self.done:
            self.read(source)
        if name in self.done:
            return
        origin = Origin(name)
        if index_set.size is not None and not self.scope.is_size_item(index_set):
            for needed in sorted(names(index_set.size)):
                self.needed(needed)
            self.size_is(index_set.name, expression(index_set.size, Site(self.scope)).code.text, origin)
        else:
            self.scope.reads = True
            self.size_is(index_set.name, f"read(data, {quote(name)}, (), int, lower=0)", origin)

    def size_is(self, axis: str, text: str, origin: Origin) -> None:
        name = self.scope.sets[axis].size_name
        if name not in self.done:
            self.done.add(name)
            self.lines.append((f"{self.scope.variables[name]} = {text}", origin, name))

    def coord(self, index_set: IndexSet, times: int) -> str:
        """Return the entry of one dim: the labels in the data where there may be some, else 1 to N."""
        scope = self.scope
        dim, size = quote(naming.again(scope.dims[index_set.name], times)), self.size_of(index_set)
        counted = f"range(1, {size})"
        # A letter is no heading of a column of labels.
        may = len(index_set.name) > 1 and index_set.name not in scope.symbols
        if index_set.labels is not None or may:
            return f"{dim}: data.get({quote(index_set.name)}, {counted})"
        return f"{dim}: {counted}"

    def size_of(self, index_set: IndexSet) -> str:
        self.scope.size(index_set.name)
        self.size_named(index_set.size_name)
        return f"{self.scope.variables[index_set.size_name]} + 1"


def _bounds(item: DataItem) -> list[tuple[str, Expr]]:
    sides = (("lower", item.support.lower), ("upper", item.support.upper))
    return [(side, limit) for side, limit in sides if limit is not None]
