"""Records: `dataclass(frozen=True, slots=True)` at a small part of its price.

A build defines about 150 record classes, and the standard decorator compiles six methods of source code for each, in
0.56 ms a class: a build would take more than twice the imports that it cannot do without, where 1.6 is the bound.

Here only ``__init__`` is compiled, once for each number of fields; the other methods are closures and functions that
all records share, and the class is made once. What `dataclasses.fields`, `replace` and `is_dataclass` ask for is made
by the standard decorator when they ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, NoReturn, dataclass_transform

_MAKE: Any = object()  # the default of a field that has a factory
_uncompiled = dataclass(init=False, repr=False, eq=False)


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


def replace[T](instance: T, **changes: Any) -> T:
    """Return a record with some fields changed: `dataclasses.replace` at half of its price."""
    made: Any = instance.__class__
    for name in made.__match_args__:
        if name not in changes:
            changes[name] = getattr(instance, name)
    return made(**changes)


def _make(cls: Any, shared: dict[str, Any]) -> Any:
    if cls.__bases__ != (object,):
        raise TypeError(f"a record has no base class: {cls.__name__}")
    content = dict(cls.__dict__)
    kinds: dict[str, Any] = content.get("__annotations__", {})
    given: dict[str, Any] = {name: content.pop(name, MISSING) for name in kinds}
    for name in ("__dict__", "__weakref__"):
        del content[name]
    content["__slots__"] = content["__match_args__"] = tuple(kinds)
    content["__dataclass_fields__"] = _Fields(kinds, given)
    content["__qualname__"] = cls.__qualname__
    if cls.__doc__ is None:
        content["__doc__"] = f"{cls.__name__}({', '.join(kinds)})"
    options: dict[str, Any] = {name: value for name, value in given.items() if isinstance(value, Field)}
    content |= _comparing([name for name in kinds if name not in options or options[name].compare])
    # `list[int]` makes what `list` does, in ten times the time.
    makers = {
        name: getattr(value.default_factory, "__origin__", value.default_factory)
        for name, value in options.items()
        if value.default_factory is not MISSING
    }
    defaults = given | {name: value.default for name, value in options.items()} | dict.fromkeys(makers, _MAKE)
    stores: dict[str, Any] = {}
    content["__init__"] = _init(cls, defaults, stores)
    made: Any = type(cls)(cls.__name__, (), content | shared)
    for position, name in enumerate(kinds):
        # The slot itself stores a value faster than object.__setattr__, which looks for it by name.
        store = made.__dict__[name].__set__
        stores[f"s{position}"] = _store_made(store, makers[name]) if name in makers else store
    return made


class _Fields:
    """What `dataclasses` wants to know of a class, which the standard decorator tells when somebody asks."""

    def __init__(self, kinds: dict[str, Any], given: dict[str, Any]) -> None:
        self.kinds = kinds
        self.given = given

    def __get__(self, instance: Any, owner: Any) -> dict[str, Field[Any]]:
        defaults = {name: value for name, value in self.given.items() if value is not MISSING}
        like: Any = _uncompiled(type(owner.__name__, (), {"__annotations__": self.kinds, **defaults}))
        owner.__dataclass_fields__ = like.__dataclass_fields__
        return owner.__dataclass_fields__


def _init(cls: Any, defaults: dict[str, Any], stores: dict[str, Any]) -> Callable[..., None]:
    """Return ``__init__``: the compiled code of any record with as many fields, with the names and defaults of these.

    `stores` is to have, before the first call, how each field is stored: ``s0``, ``s1``, ...
    """
    given = tuple(value for value in defaults.values() if value is not MISSING)
    if given and any(value is MISSING for value in tuple(defaults.values())[-len(given) :]):
        raise TypeError(f"in {cls.__name__} a field without a default follows one with")
    named = _code(len(defaults)).replace(
        co_varnames=("self", *defaults), co_name="__init__", co_qualname=f"{cls.__qualname__}.__init__"
    )
    return FunctionType(named, stores, "__init__", given)


def _store_made(store: Callable[[Any, Any], None], factory: Callable[[], Any]) -> Callable[[Any, Any], None]:
    def stored(self: Any, value: Any) -> None:
        store(self, factory() if value is _MAKE else value)

    return stored


@cache
def _code(count: int) -> CodeType:
    """Compile ``__init__`` for `count` fields."""
    known: dict[str, Any] = {}
    lines = "".join(f" s{i}(self, a{i})\n" for i in range(count)) or " pass"
    exec(f"def __init__(self{''.join(f', a{i}' for i in range(count))}):\n{lines}", known)
    return known["__init__"].__code__


def _comparing(compared: list[str]) -> dict[str, Any]:
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
