"""Records: `dataclass(frozen=True, slots=True)` at a thirteenth of its price.

A build defines about 130 record classes, and the standard decorator compiles six methods of source code for each, in
0.56 ms a class: a build would take 2.2 times the imports that it cannot do without, where 1.6 is the bound and 1.5 what
it takes as it is. With ``repr=False, eq=False``, which leaves three methods to compile, it would take 1.9 times.

So the decorator makes the fields and the slots and is told to compile nothing: 0.03 ms a class. The methods are
closures and functions that all records share; only ``__init__`` is compiled, once for each number of fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, NoReturn, dataclass_transform

_MAKE: Any = object()  # the default of a field that has a factory
_uncompiled = dataclass(init=False, repr=False, eq=False, slots=True)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record[T](cls: type[T]) -> type[T]:
    """Make a class with annotations a frozen record with slots: ``dataclass(frozen=True, slots=True)``.

    As with `dataclasses.dataclass`: fields in the order of their annotations, defaults, `field` with ``default``,
    ``default_factory``, ``compare`` and ``repr``; equal when of one class with equal fields; hashable. Other options of
    `field` and base classes are not supported.

    Raises:
        TypeError: the class has a base, or a field without default after one with.
    """
    return _make(cls, _FROZEN)


@dataclass_transform(field_specifiers=(field,))
def state[T](cls: type[T]) -> type[T]:
    """Make a class with annotations a record whose fields may be assigned: ``dataclass(slots=True)``. Not hashable."""
    return _make(cls, _OPEN)


def _make(cls: Any, shared: dict[str, Any]) -> Any:
    if cls.__bases__ != (object,):
        raise TypeError(f"a record has no base class: {cls.__name__}")
    if cls.__doc__ is None:  # else the decorator makes one, from the signature of an __init__ that is not there yet
        cls.__doc__ = f"{cls.__name__}({', '.join(cls.__annotations__)})"
    made: Any = _uncompiled(cls)
    parts = fields(made)
    made.__init__ = _init(made, parts)
    for name, method in (_comparing(parts) | shared).items():
        setattr(made, name, method)
    return made


def _init(cls: Any, parts: tuple[Field[Any], ...]) -> Callable[..., None]:
    """Return ``__init__``: the compiled code of any record with as many fields, with the names of these."""
    known: dict[str, Any] = {}
    defaults: list[Any] = []
    for position, part in enumerate(parts):
        # The slot itself stores a value faster than object.__setattr__, which looks for it by name.
        store = cls.__dict__[part.name].__set__
        default = part.default
        if part.default_factory is not MISSING:
            store = _store_made(store, part.default_factory)
            default = _MAKE
        known[f"s{position}"] = store
        if default is not MISSING:
            defaults.append(default)
        elif defaults:
            raise TypeError(f"in {cls.__name__} a field without a default follows one with")
    names = ("self", *(part.name for part in parts))
    code = _code(len(parts)).replace(co_varnames=names, co_name="__init__", co_qualname=f"{cls.__qualname__}.__init__")
    return FunctionType(code, known, "__init__", tuple(defaults))


def _store_made(store: Callable[[Any, Any], None], factory: Callable[[], Any]) -> Callable[[Any, Any], None]:
    def stored(self: Any, value: Any) -> None:
        store(self, factory() if value is _MAKE else value)

    return stored


@cache
def _code(count: int) -> CodeType:
    """Compile ``__init__`` for `count` fields; its globals are to have how each is stored: ``s0``, ``s1``, ..."""
    known: dict[str, Any] = {}
    lines = "".join(f" s{i}(self, a{i})\n" for i in range(count)) or " pass"
    exec(f"def __init__(self{''.join(f', a{i}' for i in range(count))}):\n{lines}", known)
    return known["__init__"].__code__


def _comparing(parts: tuple[Field[Any], ...]) -> dict[str, Any]:
    compared = [part.name for part in parts if part.compare]
    key: Callable[[Any], Any] = attrgetter(*compared) if compared else lambda _: ()

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(key(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


def _repr(self: Any) -> str:
    shown = (part.name for part in fields(self) if part.repr)
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def _setattr(self: Any, name: str, value: object) -> NoReturn:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(self: Any, name: str) -> NoReturn:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__slots__]


def _setstate(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__slots__, state, strict=True):
        object.__setattr__(self, name, value)


_OPEN: dict[str, Any] = {
    "__hash__": None,
    "__repr__": _repr,
}
_FROZEN: dict[str, Any] = {
    "__repr__": _repr,
    "__setattr__": _setattr,
    "__delattr__": _delattr,
    "__getstate__": _getstate,
    "__setstate__": _setstate,
}
