"""Records: `dataclass(frozen=True, slots=True)` at a tenth of its price.

A build defines about a hundred record classes, and the standard decorator compiles half a dozen methods of source code
for each: 0.6 ms a class, more than all the work of a small build. Here nothing is compiled but one ``__init__`` for
each number of fields, which classes share; the other methods are closures. What comes out is a dataclass to
`dataclasses.fields`, `replace` and `is_dataclass`, to ``match``, to `copy` and `pickle`, and to type checkers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, field
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, NoReturn, cast, dataclass_transform

_MAKE: Any = object()  # the default of a field that has a factory
# What marks a field as neither a class variable nor a parameter of __init__ only; `dataclasses.fields` asks for it.
_FIELD: Any = vars(dataclasses)["_FIELD"]


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
    content = dict(cls.__dict__)
    kinds: dict[str, Any] = content.get("__annotations__", {})
    given = {name: content.pop(name, MISSING) for name in kinds}
    content.pop("__dict__", None)
    content.pop("__weakref__", None)
    content["__slots__"] = content["__match_args__"] = tuple(kinds)
    content["__dataclass_fields__"] = _Fields(kinds, given)
    content["__qualname__"] = cls.__qualname__
    if cls.__doc__ is None:
        content["__doc__"] = f"{cls.__name__}({', '.join(kinds)})"
    content.update(_methods([name for name, value in given.items() if not isinstance(value, Field) or value.compare]))
    content.update(shared)
    made: Any = type(cls)(cls.__name__, (), content)
    made.__init__ = _init(made, given)
    return made


class _Fields:
    """What `dataclasses` wants to know of a class, made when it asks."""

    def __init__(self, kinds: dict[str, Any], given: dict[str, Any]) -> None:
        self.kinds = kinds
        self.given = given

    def __get__(self, instance: Any, owner: Any) -> dict[str, Field[Any]]:
        made: dict[str, Any] = {}
        for name, value in self.given.items():
            item: Any = cast(Any, value) if isinstance(value, Field) else field(default=value)
            item.name, item.type, item._field_type, item.kw_only = name, self.kinds[name], _FIELD, False
            made[name] = item
        owner.__dataclass_fields__ = made
        return made


def _init(cls: Any, given: dict[str, Any]) -> Callable[..., None]:
    """Return ``__init__``: the compiled code of any record with as many fields, with the names of these."""
    known: dict[str, Any] = {}
    defaults: list[Any] = []
    for position, (name, value) in enumerate(given.items()):
        # The slot itself stores a value faster than object.__setattr__, which looks for it by name.
        store = cls.__dict__[name].__set__
        default = value
        if isinstance(value, Field):
            options = cast(Any, value)
            default = options.default
            if options.default_factory is not MISSING:
                store = _store_made(store, options.default_factory)
                default = _MAKE
        known[f"s{position}"] = store
        if default is not MISSING:
            defaults.append(default)
        elif defaults:
            raise TypeError(f"in {cls.__name__} a field without a default follows one with")
    code = _code(len(given))
    named = code.replace(co_varnames=("self", *given), co_name="__init__", co_qualname=f"{cls.__qualname__}.__init__")
    return FunctionType(named, known, "__init__", tuple(defaults))


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


def _methods(compared: list[str]) -> dict[str, Any]:
    key: Callable[[Any], Any] = attrgetter(*compared) if compared else lambda _: ()

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(key(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


def _repr(self: Any) -> str:
    shown = (item.name for item in self.__dataclass_fields__.values() if item.repr)
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


def _replace(self: Any, **changes: Any) -> Any:
    return dataclasses.replace(self, **changes)  # for copy.replace of Python 3.13


_OPEN: dict[str, Any] = {
    "__hash__": None,
    "__repr__": _repr,
    "__replace__": _replace,
}
_FROZEN: dict[str, Any] = {
    "__repr__": _repr,
    "__replace__": _replace,
    "__setattr__": _setattr,
    "__delattr__": _delattr,
    "__getstate__": _getstate,
    "__setstate__": _setstate,
}
