"""What needs each other: the strongly connected components of a graph of needs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping


def components[T: Hashable](needs: Mapping[T, Iterable[T]]) -> list[tuple[T, ...]]:
    """Return the nodes in groups that need each other, what is needed first; within a group as they stand in `needs`.

    Tarjan's algorithm without recursion. Nodes that are needed and are no key of `needs` are left out.
    """
    place = {node: position for position, node in enumerate(needs)}
    number: dict[T, int] = {}
    low: dict[T, int] = {}
    open_: list[T] = []
    is_open: set[T] = set()
    found: list[tuple[T, ...]] = []
    for root in needs:
        if root in number:
            continue
        todo: list[tuple[T, Iterator[T]]] = []

        def enter(node: T, todo: list[tuple[T, Iterator[T]]] = todo) -> None:
            number[node] = low[node] = len(number)
            open_.append(node)
            is_open.add(node)
            todo.append((node, iter([other for other in needs[node] if other in place])))

        enter(root)
        while todo:
            node, rest = todo[-1]
            for other in rest:
                if other not in number:
                    enter(other)
                    break
                if other in is_open:
                    low[node] = min(low[node], number[other])
            else:
                todo.pop()
                if todo:
                    low[todo[-1][0]] = min(low[todo[-1][0]], low[node])
                if low[node] == number[node]:
                    start = open_.index(node)
                    group = open_[start:]
                    del open_[start:]
                    is_open.difference_update(group)
                    found.append(tuple(sorted(group, key=place.__getitem__)))
    return found
