"""Records are frozen dataclasses with slots, to whoever asks; the standard decorator is the yardstick."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from hiercomp.records import record, state


class Plain:
    a: int
    b: str = "x"
    c: list[int] = field(default_factory=list[int])
    span: object = field(default=None, compare=False, repr=False)

    @property
    def double(self) -> int:
        return 2 * self.a


class Empty:
    """Says so."""


def made(decorator: Callable[[type], type], cls: type) -> Any:
    copied = type(cls.__name__, (), {k: v for k, v in cls.__dict__.items() if k not in {"__dict__", "__weakref__"}})
    return decorator(copied)


DECORATORS = [record, dataclass(frozen=True, slots=True)]
Ours = made(record, Plain)
Theirs = made(DECORATORS[1], Plain)


@record
class Module:
    """At the top of a module, where pickle can find it."""

    a: int
    b: tuple[int, ...] = ()
    span: object = field(default=None, compare=False, repr=False)


@pytest.mark.parametrize("cls", [Ours, Theirs])
def test_behaviour(cls: Any) -> None:
    one = cls(1, span=5)
    assert (one.a, one.b, one.c, one.span, one.double) == (1, "x", [], 5, 2)
    assert cls(1).c is not cls(1).c
    assert one == cls(a=1, b="x", c=[], span=6)
    assert one != cls(2)
    assert one != (1, "x", [])
    assert repr(one) == "Plain(a=1, b='x', c=[])"
    assert hash(cls(1, c=())) == hash(cls(1, c=(), span=2)) == hash((1, "x", ()))
    assert not hasattr(one, "__dict__")
    assert cls.__match_args__ == cls.__slots__ == ("a", "b", "c", "span")
    assert cls.__name__ == "Plain"
    assert cls.__module__ == __name__
    match one:
        case cls(1, b="x"):
            pass
        case _:
            pytest.fail("no match")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'a'"):
        one.a = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'a'"):
        del one.a
    for bad in ({}, {"a": 1, "d": 2}):
        with pytest.raises(TypeError):
            cls(**bad)


def test_dataclasses_takes_it_for_one_of_its_own() -> None:
    one = Ours(1, c=[3])
    assert dataclasses.is_dataclass(Ours)
    assert dataclasses.replace(one, a=2) == Ours(2, c=[3])
    assert dataclasses.asdict(one) == dataclasses.asdict(Theirs(1, c=[3]))
    assert dataclasses.astuple(one) == (1, "x", [3], None)
    for mine, its in zip(dataclasses.fields(Ours), dataclasses.fields(Theirs), strict=True):
        assert (mine.name, mine.type, mine.default, mine.compare, mine.repr) == (
            its.name, its.type, its.default, its.compare, its.repr
        )  # fmt: skip
    assert list(inspect.signature(Ours).parameters) == ["a", "b", "c", "span"]


def test_copies() -> None:
    one = Module(1, (2, 3), span="here")
    for again in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert again == one
        assert again.span == "here"
        assert type(again) is Module


@pytest.mark.parametrize("decorator", [state, dataclass(slots=True)])
def test_fields_of_a_state_may_be_assigned(decorator: Callable[[type], type]) -> None:
    cls = made(decorator, Plain)
    one = cls(1)
    one.a = 3
    one.c.append(4)
    assert one == cls(3, c=[4])
    assert repr(one) == "Plain(a=3, b='x', c=[4])"
    assert copy.deepcopy(one) == one
    assert dataclasses.replace(one, a=5).a == 5
    assert not hasattr(one, "__dict__")
    with pytest.raises(AttributeError):
        one.other = 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


def test_no_fields() -> None:
    cls = made(record, Empty)
    assert cls() == cls()
    assert hash(cls()) == hash(())
    assert repr(cls()) == "Empty()"
    assert cls.__doc__ == "Says so."


def test_what_is_refused() -> None:
    with pytest.raises(TypeError, match="a field without a default follows one with"):

        @record
        class _Wrong:
            a: int = 1
            b: int  # pyright: ignore

    with pytest.raises(TypeError, match="a record has no base class"):

        @record
        class _Derived(Module):
            pass
